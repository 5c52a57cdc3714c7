//! Lambda's event filter patterns, tested against records.

use dynamorm::Operations;
use dynamorm::changes::{EventFilter, EventKind};
use serde_json::{Value, json};

use crate::captured::{database, history, records};
use crate::models::{Customer, Memo, NotesChange, Order, ShopChange, Task, tables};

/// Whether a record matches a pattern, as Lambda says: every key of the pattern is there, and one of the listed values is.
fn matches(pattern: &Value, record: &Value) -> bool {
    match pattern {
        Value::Object(members) => members
            .iter()
            .all(|(name, pattern)| record.get(name).is_some_and(|value| matches(pattern, value))),
        Value::Array(rules) => rules.iter().any(|rule| match rule {
            Value::Object(rule) => {
                let prefix = rule.get("prefix").and_then(Value::as_str).expect("the only rule that is used");
                record.as_str().is_some_and(|text| text.starts_with(prefix))
            }
            value => value == record,
        }),
        other => panic!("no pattern: {other}"),
    }
}

/// The event names and sort keys of the records that one of the patterns matches.
fn wanted(patterns: &[Value], records: &[Value]) -> Vec<(String, String)> {
    let is_wanted = |record: &&Value| patterns.iter().any(|pattern| matches(pattern, record));
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let shown = |record: &Value| (text(&record["eventName"]), text(&record["dynamodb"]["Keys"]["sk"]["S"]));
    records.iter().filter(is_wanted).map(shown).collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(left, right)| ((*left).to_owned(), (*right).to_owned())).collect()
}

#[tokio::test]
async fn keys_tell_the_models_that_are_wanted() {
    let db = database(&[&tables::SHOP]).await;
    history(&db).await;
    let records = records(&db, &tables::SHOP).await;
    let orders = EventFilter::<ShopChange>::new().model::<Order>([]);
    let all = pairs(&[("INSERT", "ORDER#000001"), ("MODIFY", "ORDER#000001"), ("REMOVE", "ORDER#000001")]);
    assert_eq!(wanted(&orders.patterns(), &records), all);
    let paid = EventFilter::<ShopChange>::new()
        .model::<Order>([EventKind::Modify])
        .model::<Customer>([EventKind::Insert]);
    let expected = [("INSERT", "PROFILE"), ("MODIFY", "ORDER#000001")];
    let mut found = wanted(&paid.patterns(), &records);
    found.sort();
    assert_eq!(found, pairs(&expected));
}

#[test]
fn the_criteria_are_as_lambda_takes_them() {
    let filter = EventFilter::<ShopChange>::new().model::<Order>([EventKind::Insert, EventKind::Modify]);
    let criteria: Value = serde_json::from_str(&filter.to_json()).expect("JSON");
    let pattern = criteria["Filters"][0]["Pattern"].as_str().expect("a pattern is text");
    let pattern: Value = serde_json::from_str(pattern).expect("JSON within it");
    let expected = json!({
        "eventName": ["INSERT", "MODIFY"],
        "dynamodb": { "Keys": { "pk": { "S": [{ "prefix": "CUSTOMER#" }] }, "sk": { "S": [{ "prefix": "ORDER#" }] } } },
    });
    assert_eq!(pattern, expected);
    assert_eq!(criteria["Filters"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn an_attribute_tells_the_models_that_are_wanted() {
    let db = database(&[&tables::NOTES]).await;
    let owner = dynamorm::Uuid::from_u128(1);
    Memo { owner, at: 1, text: "buy milk".to_owned() }.put().send(&db).await.expect("put");
    Task { owner, at: 2, done: false }.put().send(&db).await.expect("put");
    Task { owner, at: 2, done: true }.put().send(&db).await.expect("put");
    Task::delete((owner, 2_u64)).send(&db).await.expect("deleted");
    Memo::delete((owner, 1_u64)).send(&db).await.expect("deleted");
    let records = records(&db, &tables::NOTES).await;
    let tasks = EventFilter::<NotesChange>::new().model::<Task>([]);
    let found = wanted(&tasks.patterns(), &records);
    assert_eq!(
        found.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(),
        ["INSERT", "MODIFY", "REMOVE"]
    );
    let removed = EventFilter::<NotesChange>::new().model::<Memo>([EventKind::Remove]);
    assert_eq!(wanted(&removed.patterns(), &records).len(), 1);
}
