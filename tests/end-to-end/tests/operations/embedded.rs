//! The embedded engine itself.

use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::types::{AttributeValue, PutRequest, WriteRequest};
use dynamorm::{Client, Operations};
use end_to_end::operations::{Mark, tables};

fn mark(name: &str) -> Mark {
    Mark { name: name.to_owned(), count: Some(1) }
}

#[tokio::test]
async fn a_database_in_a_file_survives_its_client() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("marks.db");
    let db = test_support::on_path(Client::embedded_at(&file).unwrap());
    db.create_table(&tables::MARKS).await.unwrap();
    mark("red").put().send(&db).await.unwrap();
    drop(db);

    let db = test_support::on_path(Client::embedded_at(&file).unwrap());

    assert_eq!(Mark::get("red").consistent().send(&db).await.unwrap(), Some(mark("red")));
}

#[tokio::test]
async fn a_database_in_memory_is_shared_by_the_clones_of_its_client() {
    let db = test_support::on_path(Client::embedded().unwrap());
    let clone = db.clone();
    db.create_table(&tables::MARKS).await.unwrap();

    mark("red").put().send(&db).await.unwrap();

    assert_eq!(Mark::get("red").send(&clone).await.unwrap(), Some(mark("red")));
}

#[tokio::test]
async fn databases_in_memory_are_apart() {
    let (one, other) = (
        test_support::on_path(Client::embedded().unwrap()),
        test_support::on_path(Client::embedded().unwrap()),
    );

    one.create_table(&tables::MARKS).await.unwrap();

    assert!(!other.table_exists(&tables::MARKS).await.unwrap());
}

#[test]
fn a_path_that_the_engine_would_take_for_a_database_in_memory_is_refused() {
    for path in ["", ":memory:", "file::memory:", "file:marks.db?mode=memory"] {
        let error = Client::embedded_at(path).unwrap_err();

        assert!(error.is_construction(), "{error:?}");
        assert!(error.to_string().contains(&format!("{path:?} names no file")), "{error}");
    }
}

#[test]
fn a_file_that_is_no_database_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("text");
    std::fs::write(
        &file,
        "this is text, and longer than the header of a database of which it is none".repeat(9),
    )
    .unwrap();

    Client::embedded_at(&file).unwrap_err();
}

#[test]
fn a_file_in_a_folder_that_is_not_there_is_refused() {
    let folder = tempfile::tempdir().unwrap();

    Client::embedded_at(folder.path().join("missing").join("marks.db")).unwrap_err();
}

#[tokio::test]
async fn a_request_of_more_than_sixteen_megabytes_is_a_validation_exception() {
    let db = test_support::on_path(Client::embedded().unwrap());
    db.create_table(&tables::MARKS).await.unwrap();
    let write = |number: usize| {
        let put = PutRequest::builder()
            .item("name", AttributeValue::S(number.to_string()))
            .item("text", AttributeValue::S("x".repeat(399_000)));
        WriteRequest::builder().put_request(put.build().unwrap()).build()
    };
    let writes = (0..43).map(write).collect();

    let error = db.sdk().batch_write_item().request_items("marks", writes).send().await.unwrap_err();

    assert_eq!(error.code(), Some("ValidationException"));
}

#[tokio::test]
async fn what_the_engine_finds_wrong_while_it_reads_a_request_is_a_validation_exception() {
    let db = test_support::on_path(Client::embedded().unwrap());
    db.create_table(&tables::MARKS).await.unwrap();

    let request = db.sdk().put_item().table_name("marks").item("name", AttributeValue::S("red".to_owned()));
    let error = request.item("set", AttributeValue::Ss(Vec::new())).send().await.unwrap_err();

    assert_eq!(error.code(), Some("ValidationException"));
}

#[tokio::test]
async fn an_operation_that_the_engine_lacks_is_refused() {
    let db = test_support::on_path(Client::embedded().unwrap());

    let error = db.sdk().list_backups().send().await.unwrap_err();

    assert_eq!(error.code(), Some("UnknownOperationException"));
}

#[tokio::test]
async fn the_consumed_capacity_is_reported() {
    let db = test_support::on_path(Client::embedded().unwrap());
    db.create_table(&tables::MARKS).await.unwrap();
    mark("red").put().send(&db).await.unwrap();

    let page = Mark::scan().consistent().send(&db).await.unwrap();

    assert_eq!(page.consumed_capacity(), Some(1.0));
}

/// Of so many bytes, as deep as they can be.
fn deep_expressions(bytes: usize) -> [String; 3] {
    let parentheses = bytes.saturating_sub(24) / 2;
    let negations = bytes.saturating_sub(24) / 4;
    let steps = bytes.saturating_sub(24) / 2;
    [
        format!("{}attribute_exists(a){}", "(".repeat(parentheses), ")".repeat(parentheses)),
        format!("{}attribute_exists(a)", "NOT ".repeat(negations)),
        format!("attribute_exists(a{})", ".a".repeat(steps)),
    ]
}

#[test]
fn an_expression_of_any_depth_is_answered_on_a_small_stack() {
    let answers = || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let db = test_support::on_path(Client::embedded().unwrap());
            db.create_table(&tables::MARKS).await.unwrap();
            for bytes in [100, 200, 400, 700, 1_000, 1_500, 2_000, 3_000, 4_096] {
                for expression in deep_expressions(bytes) {
                    let put = db.sdk().put_item().table_name("marks");
                    let put = put.item("name", AttributeValue::S("red".to_owned()));
                    // Accepted or refused: what counts is that there is an answer.
                    let _ = put.condition_expression(expression).send().await;
                }
            }
            db.table_exists(&tables::MARKS).await.unwrap()
        })
    };

    // As large as the stack of an asynchronous runtime's threads.
    let thread = std::thread::Builder::new().stack_size(2 * 1024 * 1024).spawn(answers).unwrap();

    assert!(thread.join().unwrap());
}
