//! `dynamorm import table` where the service refuses, falls silent, or is not there.

use std::net::TcpListener;
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::service::{Answer, Service, refusal};

fn command(endpoint: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dynamorm"));
    command
        .args(["import", "table", "notes", "--region", "eu-central-1", "--endpoint", endpoint])
        .env("AWS_ACCESS_KEY_ID", "any")
        .env("AWS_SECRET_ACCESS_KEY", "any");
    command
}

fn run(service: &Service) -> Output {
    command(&service.endpoint).output().expect("the command runs")
}

fn said(output: &Output, code: i32) -> String {
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(code), "{said}");
    said
}

const KEY: &str = "arn:aws:kms:eu-central-1:123456789012:key/k";

/// What the table says of itself: it has tags, and an attribute for TTL.
fn description(operation: &str) -> Answer {
    let body = match operation {
        "DescribeTable" => json!({ "Table": {
            "TableName": "notes",
            "TableArn": "arn:aws:dynamodb:eu-central-1:123456789012:table/notes",
            "AttributeDefinitions": [{ "AttributeName": "id", "AttributeType": "S" }],
            "KeySchema": [{ "AttributeName": "id", "KeyType": "HASH" }],
            "BillingModeSummary": { "BillingMode": "PAY_PER_REQUEST" },
            "SSEDescription": { "Status": "ENABLED", "SSEType": "KMS", "KMSMasterKeyArn": KEY },
            "ASettingOfNextYear": { "Mode": "UNKNOWN" },
        } }),
        "DescribeTimeToLive" => {
            json!({ "TimeToLiveDescription": { "TimeToLiveStatus": "ENABLED", "AttributeName": "gone_at" } })
        }
        "DescribeContinuousBackups" => json!({ "ContinuousBackupsDescription": {
            "ContinuousBackupsStatus": "ENABLED",
            "PointInTimeRecoveryDescription": { "PointInTimeRecoveryStatus": "ENABLED" },
        } }),
        "ListTagsOfResource" => json!({ "Tags": [{ "Key": "team", "Value": "notes" }] }),
        other => panic!("{other}"),
    };
    Some((200, body))
}

/// Two items of every page, and more behind them.
fn page(number: usize) -> Answer {
    let item = |n: usize| json!({ "id": { "S": format!("n{n}") }, "size": { "N": n.to_string() } });
    let items: Vec<Value> = (number * 2..number * 2 + 2).map(item).collect();
    Some((200, json!({ "Items": items, "Count": 2, "LastEvaluatedKey": { "id": items[1]["id"] } })))
}

#[test]
fn settings_are_those_that_the_service_tells() {
    let service = Service::start(|operation, before| match operation {
        "Scan" if before < 3 => page(before),
        "Scan" => Some((200, json!({ "Items": [] }))),
        other => description(other),
    });
    let output = run(&service);
    let said = said(&output, 0);
    assert!(!said.contains("left out"), "{said}");
    let text = String::from_utf8(output.stdout).expect("text");
    let encryption = format!("encryption = {{ key = {KEY:?} }}");
    let others = ["ttl = \"gone_at\"", "point_in_time_recovery = true", "tags = { team = \"notes\" }"];
    for line in others.into_iter().chain([encryption.as_str()]) {
        assert!(text.contains(line), "{line}: {text}");
    }
    assert!(text.contains("size = \"i128\" # a guess: in all of 6 items"), "{text}");
}

#[test]
fn what_may_not_be_read_is_left_out_with_a_note() {
    let service = Service::start(|operation, before| match operation {
        "Scan" if before == 0 => page(before),
        "Scan" => Some((200, json!({ "Items": [] }))),
        "ListTagsOfResource" => refusal("AccessDeniedException", "User: any is not authorized."),
        "DescribeContinuousBackups" => refusal("UnknownOperationException", ""),
        other => description(other),
    });
    let output = run(&service);
    let said = said(&output, 0);
    assert!(said.contains("notes: `tags` is left out: User: any is not authorized.\n"), "{said}");
    assert!(said.contains("notes: `point_in_time_recovery` is left out: UnknownOperation"), "{said}");
    let text = String::from_utf8(output.stdout).expect("text");
    assert!(text.contains("ttl = \"gone_at\""), "{text}");
    assert!(!text.contains("tags"), "{text}");
}

#[test]
fn items_that_were_read_before_a_scan_is_throttled_are_enough() {
    let throttled =
        || refusal("ProvisionedThroughputExceededException", "The level of throughput was exceeded.");
    let service = Service::start(move |operation, before| match operation {
        "Scan" if before < 2 => page(before),
        "Scan" => throttled(),
        other => description(other),
    });
    let output = run(&service);
    let after = said(&output, 0);
    let note = "notes: 4 items are read, and then a scan failed: The level of throughput was exceeded.";
    assert!(after.contains(note), "{after}");
    assert!(String::from_utf8_lossy(&output.stdout).contains("in all of 4 items"));

    let service = Service::start(move |operation, _| match operation {
        "Scan" => throttled(),
        other => description(other),
    });
    let output = run(&service);
    let at_once = said(&output, 1);
    assert!(
        at_once.contains("notes: the table cannot be scanned: The level of throughput was exceeded"),
        "{at_once}"
    );
    assert!(output.stdout.is_empty());
}

#[test]
fn an_import_that_is_interrupted_leaves_no_file() {
    let service =
        Service::start(|operation, _| if operation == "Scan" { None } else { description(operation) });
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("models.toml");
    let mut command = command(&service.endpoint);
    command.arg("--out").arg(&out).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the command runs");
    thread::sleep(Duration::from_millis(500));
    assert_eq!(child.try_wait().expect("a state"), None, "it waits for items");
    let told = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().expect("`kill`");
    assert!(told.success());
    assert!(!child.wait().expect("it ends").success());
    assert!(!out.exists());
}

#[test]
fn an_endpoint_where_nothing_listens_is_an_error_with_the_table_and_the_reason() {
    let free = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    let output = command(&format!("http://{free}")).output().expect("the command runs");
    let refused = said(&output, 1);
    assert!(refused.contains("notes: the table cannot be described: "), "{refused}");
    assert!(refused.contains("refused"), "{refused}");

    let output = command("no address").output().expect("the command runs");
    let invalid = said(&output, 1);
    assert!(invalid.contains("notes: the table cannot be described: "), "{invalid}");
}
