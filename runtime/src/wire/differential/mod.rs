//! One body, two paths. Reading the bytes must give the same as reading the SDK's maps, and writing JSON must give what the SDK
//! writes.
//!
//! `DYNAMORM_WIRE_CASES=1000000 cargo test -p dynamorm --all-features --release wire::differential` runs more cases than a usual
//! test may.

mod bodies;
mod everything;
mod paths;
mod requests;

use bodies::{body, damage, damaged};
use paths::{
    Path, batch_by_bytes, batch_by_sdk, compare, compare_all, get_by_bytes, get_by_sdk, query_by_bytes,
    query_by_sdk,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::Config;

use super::{one_item, page};
use crate::Value;
use crate::decode::DecodeError;

fn cases() -> Config {
    let cases = std::env::var("DYNAMORM_WIRE_CASES").ok().and_then(|cases| cases.parse().ok());
    Config { failure_persistence: None, ..Config::with_cases(cases.unwrap_or(1_500)) }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn both_paths_read_a_body_alike(body in body()) {
        compare_all(body.as_bytes())?;
    }

    #[test]
    fn both_paths_read_a_damaged_body_alike(body in body(), damages in vec(damage(), 1..4)) {
        compare_all(&damaged(body.into_bytes(), &damages))?;
    }

    #[test]
    fn both_paths_read_random_bytes_alike(bytes in vec(any::<u8>(), 0..40)) {
        compare_all(&bytes)?;
    }
}

#[test]
fn of_several_values_with_one_name_the_last_counts_where_both_paths_can_read_the_others() {
    let body = |first: &str| {
        format!(
            r#"{{"Item":{{"json":{{"M":{{"bytes":{first},"byt\u0065s":{{"S":""}}}}}},"text":{first},"text":{{"S":"last"}},"forgiving":{{"L":[]}},"forgiving":{first}}}}}"#
        )
    };
    for first in [r#"{"S":"first"}"#, r#"{"N":"1"}"#, r#"{"SS":[]}"#, r#"{"NULL":true}"#] {
        compare_all(body(first).as_bytes()).expect("both paths agree");
    }
    let single = r#"{"Item":{"json":{"M":{"bytes":{"S":""}}},"text":{"S":"last"},"forgiving":{"SS":[]}}}"#;
    assert_eq!(bodies::without_repeats(body(r#"{"SS":[]}"#).as_bytes()).as_deref(), Some(single));
    assert_eq!(bodies::without_repeats(single.as_bytes()), None);
}

#[test]
fn a_number_that_json_cannot_express_is_text() {
    for text in [
        "NaN",
        "naN",
        "Infinity",
        "-Infinity",
        "+inf",
        "INFINITY",
        "1e999",
        "-1e999",
        "1",
        "",
        "nan ",
        "text",
    ] {
        let body = format!(r#"{{"Count":0,"ConsumedCapacity":{{"CapacityUnits":"{text}"}}}}"#);
        compare_all(body.as_bytes()).expect("both paths agree");
    }
}

/// A body whose item has a value under so many lists.
fn nested(levels: usize, innermost: &str) -> String {
    let (mut open, mut close) = (String::new(), String::new());
    for level in 0..levels {
        let (before, after) = if level % 2 == 0 { ("{\"L\":[", "]}") } else { ("{\"M\":{\"a\":", "}}") };
        open.push_str(before);
        close.insert_str(0, after);
    }
    let value = format!("{open}{innermost}{close}");
    format!(
        r#"{{"Item":{{"json":{value},"x":{value}}},"Items":[{{"json":{value},"x":{value}}}],"Responses":{{"books":[{{"x":{value}}}]}}}}"#
    )
}

#[test]
fn both_paths_end_at_the_same_depth() {
    for levels in 0..140 {
        for innermost in [r#"{"S":""}"#, r#"{"SS":[]}"#, r#"{"L":[]}"#, r#"{"M":{}}"#] {
            let body = nested(levels, innermost);
            let paths: [(Path, Path); 3] =
                [(query_by_sdk, query_by_bytes), (get_by_sdk, get_by_bytes), (batch_by_sdk, batch_by_bytes)];
            for (by_sdk, by_bytes) in paths {
                compare(body.as_bytes(), by_sdk, by_bytes).expect("both paths agree");
            }
        }
    }
}

#[test]
fn what_nobody_reads_may_be_nested_as_deep_as_in_the_sdk() {
    for depth in [1, 511, 512, 513, 5_000] {
        let body = format!(r#"{{"New":{}{},"Count":1}}"#, "[".repeat(depth), "]".repeat(depth));
        compare(body.as_bytes(), query_by_sdk, query_by_bytes).expect("both paths agree");
    }
}

#[test]
fn a_body_without_an_end_is_no_body_without_items() {
    let body = r#"{"Items":[{"text":{"S":"one"}},{"text":{"S":"two"}}],"Count":2}"#;
    for length in 1..body.len() {
        assert!(
            page(&body.as_bytes()[..length], usize::MAX, None, &mut |_, _| ()).is_err(),
            "{}",
            &body[..length]
        );
    }
    let mut items = 0;
    let end = page(body.as_bytes(), usize::MAX, None, &mut |_, _| items += 1).expect("the body is whole");
    assert_eq!((items, end.items, end.count), (2, 2, 2));
}

#[test]
fn a_value_is_read_at_most_once() {
    let body = br#"{"Item":{"text":{"S":"a\u00e9"},"list":{"L":[{"N":"1"},{"N":"2"}]},"small":{"N":"7"}}}"#;
    let mut seen = Vec::new();
    one_item(body, "Item", &mut |fields| {
        let read = fields.each(|name, value: Value<'_>| {
            match name {
                "text" => assert_eq!(value.as_text(), Ok("aé")),
                // Dropped within the list.
                "list" => drop(value.into_list().map(|list| list.each(|_| Err(DecodeError::new("enough"))))),
                _ => assert_eq!(value.into_digits().as_deref(), Ok("7")),
            }
            seen.push(name.to_owned());
            Ok(())
        });
        assert_eq!(read, Ok(()));
    })
    .expect("the body is whole");
    assert_eq!(seen, ["text", "list", "small"]);
}
