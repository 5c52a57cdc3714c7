//! What the tests of DynamORM test and nothing else here does, and that the page of their counterparts names tests that are
//! there.

use std::fs;
use std::path::Path;

use dynamorm::{AttributeValue, Operations};

use crate::models::{Counter, Inner, Step};
use crate::{counter, database, raw, read};

#[tokio::test]
async fn every_function_of_an_update_reaches_nested_paths() {
    let db = database().await;
    let inner = Inner::builder().number(10).words(["b"]).build().unwrap();
    let steps = vec![Step::builder().place("Ulm").times(5).build().unwrap()];
    Counter { inner: Some(inner), steps, ..counter("a") }.put().send(&db).await.unwrap();

    Counter::update("a")
        .add(Counter::INNER.field(Inner::NUMBER), 5)
        .add(Counter::STEPS.at(0).field(Step::TIMES), -2)
        .append(Counter::INNER.field(Inner::WORDS), ["c"])
        .set_if_absent(Counter::INNER.field(Inner::TEXT), "new")
        .set_if_absent(Counter::STEPS.at(0).field(Step::PLACE), "Bonn")
        .send(&db)
        .await
        .unwrap();
    Counter::update("a").prepend(Counter::INNER.field(Inner::WORDS), ["a"]).send(&db).await.unwrap();

    let after = read(&db, "a").await;
    let inner = after.inner.unwrap();
    assert_eq!((inner.number, inner.text.as_deref()), (15, Some("new")));
    assert_eq!(inner.words, ["a", "b", "c"]);
    assert_eq!((after.steps[0].times, after.steps[0].place.as_str()), (3, "Ulm"));
}

#[tokio::test]
async fn a_count_filters() {
    let db = database().await;
    for (name, count) in [("a", 100), ("b", 200), ("c", 300)] {
        Counter { count, ..counter(name) }.put().send(&db).await.unwrap();
    }

    assert_eq!(Counter::scan().filter(Counter::COUNT.lt(250)).count(&db).await.unwrap(), 2);
    assert_eq!(Counter::by_title("a title").filter(Counter::COUNT.lt(150)).count(&db).await.unwrap(), 1);
}

#[tokio::test]
async fn none_is_stored_as_no_attribute() {
    let db = database().await;
    let inner = Inner::builder().build().unwrap();
    Counter { inner: Some(inner), note: None, ..counter("a") }.put().send(&db).await.unwrap();

    let item = raw(&db, "a").await.unwrap();

    assert!(!item.contains_key("note"));
    let AttributeValue::M(inner) = &item["inner"] else { panic!("{item:?}") };
    assert!(!inner.contains_key("text"));
}

#[tokio::test]
async fn an_item_whose_key_is_no_text_is_deleted_by_itself() {
    use end_to_end::operations::{Everything, tables};
    let db = end_to_end::samples::database(&[&tables::EVERYTHING]).await;
    let everything = end_to_end::samples::everything();
    everything.put().send(&db).await.unwrap();

    Everything::delete(&everything).send(&db).await.unwrap();

    assert_eq!(Everything::get(&everything).consistent().send(&db).await.unwrap(), None);
}

#[tokio::test]
async fn an_attribute_that_is_no_longer_declared_is_passed_over_by_an_update() {
    let db = database().await;
    let mut item = counter("a").to_item().unwrap();
    item.insert("old_schema_key".to_owned(), AttributeValue::N("10".to_owned()));
    end_to_end::samples::put_raw(&db, "counters", item).await;

    let after = Counter::update("a").set(Counter::TITLE, "new").return_new().send(&db).await.unwrap();

    assert_eq!(after, Counter { title: "new".to_owned(), ..counter("a") });
}

/// DynamORM 0.11 has so many tests.
const TESTS: usize = 68;

#[test]
fn every_test_of_dynamorm_has_a_counterpart_that_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let page = fs::read_to_string(root.join("docs/dynamorm-tests.md")).expect("the page is there");
    let rows: Vec<_> = page.lines().filter(|line| line.starts_with("| `test_")).collect();

    assert_eq!(rows.len(), TESTS);
    for row in rows {
        let cells: Vec<_> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        let [_, counterparts, why] = cells.as_slice() else { panic!("a row has three cells: {row}") };
        assert!(!(counterparts.is_empty() && why.is_empty()), "neither a counterpart nor a reason: {row}");
        for counterpart in counterparts.split("<br>").filter(|counterpart| !counterpart.is_empty()) {
            let (file, test) = match counterpart.trim_matches('`').split_once("::") {
                Some((file, test)) => (file, Some(test)),
                None => (counterpart.trim_matches('`'), None),
            };
            let text = fs::read_to_string(root.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
            let is_there = test.is_none_or(|test| text.contains(&format!("fn {test}()")));
            assert!(is_there, "there is no test {counterpart}");
        }
    }
}
