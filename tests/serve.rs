//! `dynamorm serve` from outside: what other programs meet on its port, and how it stops.
#![cfg(all(feature = "serve", unix))]

#[path = "common/server.rs"]
mod server;

use serde_json::{Value, json};
use server::Server;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::Command;
use tempfile::TempDir;

const MODELS: &str = r#"
[table.books]
name          = "books-of-all"
partition_key = "isbn"
sort_key      = "edition"
billing       = { read = 5, write = 2 }
ttl           = "gone_at"
stream        = "new-and-old-images"

[table.books.global_index.by-author]
partition_key = "author"
sort_key      = "isbn"
projection    = { include = ["title"] }
billing       = { read = 3, write = 1 }

[table.books.local_index.by-title]
sort_key = "title"

[model.Book]
table = "books"

[model.Book.schema]
isbn    = "string"
edition = "u8"
author  = "string"
title   = "string"
gone_at = { type = "timestamp?", stored_as = "epoch-seconds" }
"#;

/// Tells a server to stop as Ctrl-C does, and returns its exit code and what it said besides.
fn stop(mut server: Server, signal: &str) -> (Option<i32>, String) {
    let id = server.child.id().to_string();
    let told = Command::new("kill").args([signal, &id]).status().expect("there is `kill`");
    assert!(told.success());
    let code = server.child.wait().expect("it ends").code();
    let mut said = String::new();
    server.child.stderr.take().expect("an output").read_to_string(&mut said).expect("text");
    (code, said)
}

fn folder(models: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("models.toml"), models).expect("a file");
    folder
}

fn item() -> Value {
    json!({
        "isbn": { "S": "1" }, "edition": { "N": "2" }, "author": { "S": "Austen" }, "title": { "S": "Emma" },
    })
}

fn failure(folder: &TempDir, arguments: &[&str]) -> (Option<i32>, String, String) {
    let command = Command::new(env!("CARGO_BIN_EXE_dynamorm"))
        .args(arguments)
        .current_dir(folder.path())
        .output()
        .expect("the command runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    (command.status.code(), text(command.stdout), text(command.stderr))
}

#[test]
fn the_address_is_one_of_this_machine_alone() {
    let folder = folder(MODELS);
    let server = Server::start(&folder, &[]);
    assert!(server.address.starts_with("127.0.0.1:"), "{}", server.address);
}

#[test]
fn the_declared_tables_are_there() {
    let folder = folder(MODELS);
    let server = Server::start(&folder, &[]);

    let table = &server.send("DescribeTable", &json!({ "TableName": "books-of-all" }))["Table"];

    let key = json!([
        { "AttributeName": "isbn", "KeyType": "HASH" }, { "AttributeName": "edition", "KeyType": "RANGE" },
    ]);
    assert_eq!(table["KeySchema"], key);
    assert_eq!(table["ProvisionedThroughput"]["ReadCapacityUnits"], 5);
    assert_eq!(table["StreamSpecification"]["StreamViewType"], "NEW_AND_OLD_IMAGES");
    let global = &table["GlobalSecondaryIndexes"][0];
    assert_eq!(global["IndexName"], "by-author");
    assert_eq!(global["Projection"], json!({ "ProjectionType": "INCLUDE", "NonKeyAttributes": ["title"] }));
    assert_eq!(global["ProvisionedThroughput"]["ReadCapacityUnits"], 3);
    assert_eq!(table["LocalSecondaryIndexes"][0]["KeySchema"][1]["AttributeName"], "title");
    let expiry = server.send("DescribeTimeToLive", &json!({ "TableName": "books-of-all" }));
    assert_eq!(expiry["TimeToLiveDescription"]["AttributeName"], "gone_at");
}

#[test]
fn items_are_written_and_found_by_an_index() {
    let folder = folder(MODELS);
    let server = Server::start(&folder, &[]);

    server.send("PutItem", &json!({ "TableName": "books-of-all", "Item": item() }));
    let found = server.send(
        "Query",
        &json!({
            "TableName": "books-of-all",
            "IndexName": "by-author",
            "KeyConditionExpression": "author = :a",
            "ExpressionAttributeValues": { ":a": { "S": "Austen" } },
        }),
    );

    assert_eq!(found["Items"], json!([item()]));
}

#[test]
fn it_stops_at_either_signal_and_says_that_all_is_well() {
    for signal in ["-INT", "-TERM"] {
        let folder = folder(MODELS);
        let (code, said) = stop(Server::start(&folder, &[]), signal);
        assert_eq!((code, said.as_str()), (Some(0), "created table `books-of-all`\n"), "{signal}");
    }
}

#[test]
fn a_client_that_never_ends_its_request_does_not_keep_it_from_stopping() {
    let folder = folder(MODELS);
    let server = Server::start(&folder, &[]);
    let mut stream = TcpStream::connect(&server.address).expect("the server listens");
    stream.write_all(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n{").expect("it reads");

    assert_eq!(stop(server, "-INT").0, Some(0));
}

#[test]
fn a_database_in_a_file_keeps_its_items() {
    let folder = folder(MODELS);
    let key = json!({ "isbn": { "S": "1" }, "edition": { "N": "2" } });

    let first = Server::start(&folder, &["--file", "books.db"]);
    first.send("PutItem", &json!({ "TableName": "books-of-all", "Item": item() }));
    stop(first, "-INT");
    let second = Server::start(&folder, &["--file", "books.db"]);
    let found = second.send("GetItem", &json!({ "TableName": "books-of-all", "Key": key }));

    assert_eq!(found["Item"], item());
    assert_eq!(stop(second, "-INT").1, "table `books-of-all` is there already\n");
}

#[test]
fn a_database_whose_table_has_another_key_is_refused() {
    let folder = folder(MODELS);
    stop(Server::start(&folder, &["--file", "books.db"]), "-INT");
    let other = MODELS.replace("sort_key      = \"edition\"", "sort_key      = \"author\"");
    fs::write(folder.path().join("models.toml"), other).expect("a file");

    let (code, output, errors) = failure(&folder, &["serve", "--port", "0", "--file", "books.db"]);

    assert_eq!((code, output.as_str()), (Some(1), ""));
    assert!(errors.contains("table `books-of-all`: the database has one with another key"), "{errors}");
}

#[test]
fn wrong_declarations_are_reported_and_nothing_is_served() {
    let folder = folder("[table.books]\n");

    let (code, output, errors) = failure(&folder, &["serve", "--port", "0"]);

    assert_eq!((code, output.as_str()), (Some(1), ""));
    assert!(errors.contains("error[D"), "{errors}");
}

#[test]
fn a_port_that_is_taken_is_named() {
    let folder = folder(MODELS);
    let server = Server::start(&folder, &[]);
    let port = server.address.rsplit(':').next().expect("a port");

    let (code, _, errors) = failure(&folder, &["serve", "--port", port]);

    assert_eq!(code, Some(1));
    assert!(errors.contains(&format!("cannot listen on port {port} of 127.0.0.1")), "{errors}");
}
