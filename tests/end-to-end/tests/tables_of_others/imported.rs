//! What the importer declares of tables is what their templates make of them, and it reads their items.

use std::fs;
use std::path::{Path, PathBuf};

use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;
use dynamorm::Client;
use dynamorm::table::Table;
use end_to_end::connector::recorded;
use serde_json::{Value, json};
use test_support::client;

mod orders {
    dynamorm::include_models!("imported_orders");
}
mod shop {
    dynamorm::include_models!("imported_shop");
}
mod tasks {
    dynamorm::include_models!("imported_tasks");
}

/// Puts `body` in the place of what the SDK would send.
fn instead(body: Value) -> impl Fn(&mut HttpRequest) + Send + Sync + 'static {
    move |request| {
        let body = body.to_string();
        request.headers_mut().insert("content-length", body.len().to_string());
        *request.body_mut() = SdkBody::from(body);
    }
}

fn lines(path: PathBuf) -> Vec<Value> {
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

/// Creates the tables of a template, as the service that deploys it does: a request on each line of `templates/{name}.jsonl`.
async fn deploy(db: &Client, name: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tables_of_others/templates");
    for request in lines(folder.join(format!("{name}.jsonl"))) {
        let sdk = db.sdk();
        // The SDK wants one, and the request has its own.
        let name = request["TableName"].as_str().expect("a name").to_owned();
        if request.get("TimeToLiveSpecification").is_some() {
            sdk.update_time_to_live()
                .table_name(name)
                .customize()
                .mutate_request(instead(request))
                .send()
                .await
                .unwrap();
        } else if request.get("PointInTimeRecoverySpecification").is_some() {
            let request =
                sdk.update_continuous_backups().table_name(name).customize().mutate_request(instead(request));
            // DynamoDB Local has none, and does not tell.
            let _ = request.send().await;
        } else {
            sdk.create_table()
                .table_name(name)
                .customize()
                .mutate_request(instead(request))
                .send()
                .await
                .unwrap();
        }
    }
}

/// Stores the importer's sampled items, and tells how many they are.
async fn store(db: &Client, table: &str, name: &str) -> usize {
    let inputs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../import/inputs");
    let items = lines(inputs.join(format!("{name}.items.jsonl")));
    for item in &items {
        let item = item.get("Item").unwrap_or(item);
        let put = json!({ "TableName": table, "Item": item });
        db.sdk().put_item().table_name(table).customize().mutate_request(instead(put)).send().await.unwrap();
    }
    items.len()
}

/// Finds the tables of a template as they are declared, and nothing to change.
async fn are_as_declared(db: &Client, tables: &[&'static Table]) {
    let report = db.check_tables(tables).await.unwrap();
    assert_eq!(report.to_string(), "");
    let (db, record) = recorded(db);
    for table in tables {
        let update = db.update_table(table).await.unwrap();
        assert_eq!((update.steps, update.withheld), (vec![], vec![]), "{}", table.name);
    }
    assert!(!record.operations().iter().any(|operation| operation.starts_with("Update")));
}

#[tokio::test]
async fn tables_of_a_cloudformation_template_are_as_imported() {
    let db = client().await;
    deploy(&db, "orders").await;
    are_as_declared(&db, orders::TABLES).await;

    let stored = store(&db, "orders-dev", "orders").await;
    let read = orders::Order::scan().consistent().items(&db).all().await.unwrap();
    assert_eq!(read.len(), stored);
}

#[tokio::test]
async fn tables_of_a_terraform_plan_are_as_imported() {
    let db = client().await;
    deploy(&db, "tasks").await;
    are_as_declared(&db, tasks::TABLES).await;

    let stored = store(&db, "tasks", "tasks").await;
    let tasks = tasks::Task::scan().consistent().items(&db).all().await.unwrap().len();
    let employees = tasks::Employee::scan().consistent().items(&db).all().await.unwrap().len();
    assert_eq!(tasks + employees, stored);
}

#[tokio::test]
async fn a_described_table_is_as_imported() {
    let db = client().await;
    deploy(&db, "shop").await;
    are_as_declared(&db, shop::TABLES).await;

    let stored = store(&db, "shop", "shop").await;
    let counts = [
        shop::User::scan().consistent().items(&db).all().await.unwrap().len(),
        shop::Order::scan().consistent().items(&db).all().await.unwrap().len(),
        shop::Session::scan().consistent().items(&db).all().await.unwrap().len(),
        shop::Line::scan().consistent().items(&db).all().await.unwrap().len(),
    ];
    assert_eq!(counts.iter().sum::<usize>(), stored, "{counts:?}");
}
