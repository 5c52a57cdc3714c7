//! `dynamorm import table` of tables that `dynamorm serve` serves.

use std::fs;
use std::process::{Command, Output};

use dynamorm_generator::import::{Options, Source};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::server::Server;
use crate::{INPUTS, text};

fn import(server: &Server, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dynamorm"));
    command
        .args(["import", "table"])
        .args(arguments)
        .arg("--endpoint")
        .arg(format!("http://{}", server.address))
        .env("AWS_ACCESS_KEY_ID", "any")
        .env("AWS_SECRET_ACCESS_KEY", "any")
        .env("AWS_REGION", "eu-central-1");
    command.output().expect("the command runs")
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn imported(server: &Server, arguments: &[&str]) -> (String, String) {
    let output = import(server, arguments);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    (String::from_utf8(output.stdout.clone()).expect("text"), stderr(&output))
}

/// A server of these declarations.
fn serve(declarations: &str) -> (TempDir, Server) {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("models.toml"), declarations).expect("a file");
    let server = Server::start(&folder, &[]);
    (folder, server)
}

fn put(server: &Server, table: &str, item: &Value) {
    let answer = server.send("PutItem", &json!({ "TableName": table, "Item": item }));
    assert_eq!(answer, json!({}), "{item}");
}

/// A description whose indexes are in the order of their names, as those of a live table are declared.
fn sorted(description: &str) -> String {
    let answers = serde_json::Deserializer::from_str(description).into_iter::<Value>();
    let sorted = answers.map(|answer| {
        let mut answer = answer.expect("JSON");
        if let Some(indexes) = answer["Table"]["GlobalSecondaryIndexes"].as_array_mut() {
            indexes.sort_by_key(|index| index["IndexName"].to_string());
        }
        answer.to_string()
    });
    sorted.collect::<Vec<_>>().join("\n")
}

/// What the declarations say, without what is said of them.
fn lines(text: &str) -> Vec<&str> {
    text.lines()
        .map(|line| line.split(" # ").next().unwrap_or(line).trim_end())
        // The engine does not tell how it encrypts.
        .filter(|line| !line.starts_with('#') && !line.starts_with("encryption = "))
        .collect()
}

#[test]
fn a_live_table_is_declared_as_its_description_and_its_items_are() {
    let mut tables = 0;
    for input in INPUTS.iter().filter(|input| input.file.ends_with(".table.json") && !input.items.is_empty())
    {
        let (table, file) = input.items[0];
        let mut source = Source::table_description(input.file, &sorted(&text(input.file))).expect("a table");
        source.items(Some(table), file, text(file).as_bytes()).expect("items");
        let of_files = source.import(&Options::default()).expect("declarations");
        let (_folder, server) = serve(of_files.text());
        for line in text(file).lines() {
            let line: Value = serde_json::from_str(line).expect("an item");
            put(&server, table, line.get("Item").unwrap_or(&line));
        }

        let (of_table, _) = imported(&server, &[table, "--sample", "1000"]);

        assert_eq!(lines(&of_table), lines(of_files.text()), "{table}");
        tables += 1;
    }
    assert_eq!(tables, 3);
}

const NOTES: &str = r#"
[table.notes]
partition_key = "id"

[model.Note]
table = "notes"

[model.Note.schema]
id = "string"
"#;

#[test]
fn a_sample_holds_no_more_items_than_it_is_to_and_those_that_cannot_be_read_are_listed_by_their_keys() {
    let (_folder, server) = serve(NOTES);
    let (empty, _) = imported(&server, &["notes"]);
    assert!(empty.contains("There are no items to guess from"), "{empty}");
    for number in 0..60 {
        let size = if number == 7 { json!({ "BOOL": true }) } else { json!({ "N": number.to_string() }) };
        put(&server, "notes", &json!({ "id": { "S": format!("n{number}") }, "size": size }));
    }

    let (all, said) = imported(&server, &["notes"]);
    assert!(all.contains("# likely: in all of 60 items"), "{all}");
    assert!(said.contains("notes {\"id\":{\"S\":\"n7\"}}: `size` is a bool"), "{said}");
    assert!(!said.contains("a sample of"), "{said}");

    let (few, said) = imported(&server, &["notes", "--sample", "21"]);
    assert!(few.contains("in all of 21 items"), "{few}");
    assert!(said.contains("notes: a sample of 21 items is read"), "{said}");

    let (none, said) = imported(&server, &["notes", "--sample", "0"]);
    assert!(none.contains("There are no items to guess from"), "{none}");
    assert!(!said.contains("a sample of"), "{said}");
}

#[test]
fn what_fails_is_said_with_the_name_of_the_table() {
    let (_folder, server) = serve(NOTES);
    let output = import(&server, &["nothing"]);
    assert_eq!(output.status.code(), Some(1));
    let said = stderr(&output);
    assert!(said.contains("nothing: the table cannot be described: "), "{said}");
    assert!(said.contains("not found"), "{said}");

    for (variable, expected) in [
        ("AWS_ACCESS_KEY_ID", "notes: the access key is not known: set AWS_ACCESS_KEY_ID"),
        ("AWS_REGION", "notes: the region is not known: name it by `--region`"),
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_dynamorm"))
            .args(["import", "table", "notes"])
            .env("AWS_ACCESS_KEY_ID", "any")
            .env("AWS_SECRET_ACCESS_KEY", "any")
            .env("AWS_REGION", "eu-central-1")
            .env_remove("AWS_DEFAULT_REGION")
            .env_remove(variable)
            .output()
            .expect("the command runs");
        assert_eq!(output.status.code(), Some(1));
        assert!(stderr(&output).contains(expected), "{}", stderr(&output));
    }
}
