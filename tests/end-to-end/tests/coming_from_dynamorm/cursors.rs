//! Cursors: what they are bound to, and that nobody can change them.

use std::collections::BTreeMap;

use dynamorm::{Client, Cursor, Error};
use end_to_end::connector::{Record, Step, disturbed, recorded};
use end_to_end::multi_attribute_keys::Archive;
use serde_json::json;

use crate::models::Counter;
use crate::{counter, database};

const OLD: [u8; 32] = [1; 32];
const NEW: [u8; 32] = [2; 32];

/// A database of five counters of one title, and what is sent to it.
async fn five() -> (Client, Record) {
    let db = database().await;
    let counters: Vec<_> = (0..5).map(|name| counter(&name.to_string())).collect();
    dynamorm::batch_write().put_all(&counters).send(&db).await.unwrap();
    recorded(&db)
}

/// A cursor behind the first of the counters in index `by-title`.
async fn first(db: &Client) -> Cursor {
    let page = Counter::by_title("a title").page_size(1).send(db).await.unwrap();
    page.cursor().unwrap().clone()
}

async fn rest(db: &Client, cursor: Cursor) -> Result<usize, Error> {
    Ok(Counter::by_title("a title").start_at(cursor).items(db).all().await?.len())
}

/// Uses a text as a cursor.
async fn used(db: &Client, text: &str) -> Result<usize, Error> {
    rest(db, text.parse()?).await
}

/// Every text that differs from `text` in one bit.
fn with_a_flipped_bit(text: &str) -> Vec<String> {
    let bits = (0..text.len()).flat_map(|byte| (0..8).map(move |bit| (byte, bit)));
    let flipped = bits.map(|(byte, bit)| {
        let mut bytes = text.as_bytes().to_vec();
        bytes[byte] ^= 1 << bit;
        String::from_utf8(bytes)
    });
    flipped.filter_map(Result::ok).collect()
}

#[tokio::test]
async fn a_signed_cursor_goes_on() {
    let (db, _) = five().await;
    let db = db.with_cursor_keys([NEW]);

    let text = first(&db).await.to_string();

    assert_eq!(used(&db, &text).await.unwrap(), 4);
}

#[tokio::test]
async fn any_flipped_bit_of_a_signed_cursor_is_found_before_anything_is_sent() {
    let (db, record) = five().await;
    let db = db.with_cursor_keys([NEW]);
    let text = first(&db).await.to_string();
    record.forget();

    let changed = with_a_flipped_bit(&text);

    assert!(changed.len() > 500, "{}", changed.len());
    for changed in changed {
        let error = used(&db, &changed).await.expect_err(&changed);
        assert!(error.is_invalid_cursor(), "{changed}: {error:?}");
    }
    assert!(record.sent().is_empty());
}

#[tokio::test]
async fn any_flipped_bit_of_a_cursor_without_a_signature_is_found_where_it_is_read() {
    let (db, _) = five().await;
    let text = first(&db).await.to_string();

    for changed in with_a_flipped_bit(&text) {
        let error = changed.parse::<Cursor>().expect_err(&changed);
        assert!(error.is_invalid_cursor(), "{changed}: {error:?}");
    }
}

#[tokio::test]
async fn a_cursor_that_was_cut_or_lengthened_is_refused() {
    let (db, _) = five().await;
    let db = db.with_cursor_keys([NEW]);
    let text = first(&db).await.to_string();

    for length in 0..text.len() {
        let error = used(&db, &text[..length]).await.unwrap_err();
        assert!(error.is_invalid_cursor(), "{error:?}");
    }
    for end in ["A", "AA", "AAA", "AAAA", "=", "."] {
        let error = used(&db, &format!("{text}{end}")).await.unwrap_err();
        assert!(error.is_invalid_cursor(), "{error:?}");
    }
}

#[tokio::test]
async fn a_cursor_of_an_older_key_is_good_until_the_key_is_gone() {
    let (db, _) = five().await;
    let text = first(&db.clone().with_cursor_keys([OLD])).await.to_string();

    let rotated = used(&db.clone().with_cursor_keys([NEW, OLD]), &text).await;
    let retired = used(&db.with_cursor_keys([NEW]), &text).await.unwrap_err();

    assert_eq!(rotated.unwrap(), 4);
    assert!(retired.is_invalid_cursor(), "{retired:?}");
}

#[tokio::test]
async fn cursors_are_signed_with_the_newest_key() {
    let (db, _) = five().await;
    let text = first(&db.clone().with_cursor_keys([NEW, OLD])).await.to_string();

    assert_eq!(used(&db.with_cursor_keys([NEW]), &text).await.unwrap(), 4);
}

#[tokio::test]
async fn signed_cursors_and_others_do_not_pass_for_each_other() {
    let (db, _) = five().await;
    let with_keys = db.clone().with_cursor_keys([NEW]);
    let (signed, unsigned) = (first(&with_keys).await, first(&db).await);

    for error in [rest(&db, signed).await.unwrap_err(), rest(&with_keys, unsigned).await.unwrap_err()] {
        assert!(error.is_invalid_cursor(), "{error:?}");
    }
}

#[tokio::test]
async fn a_cursor_is_bound_to_the_conditions_of_its_read() {
    let (db, record) = five().await;
    let query = || Counter::by_title("a title");
    let filter = || Counter::COUNT.gt(1) & Counter::NOTE.not_exists();
    let cursor = |page: dynamorm::Page<Counter>| page.cursor().unwrap().clone();
    let plain = cursor(query().page_size(1).send(&db).await.unwrap());
    let sorted = cursor(query().level().ge(1).page_size(1).send(&db).await.unwrap());
    let filtered = cursor(query().filter(filter()).page_size(1).send(&db).await.unwrap());
    let segment = cursor(Counter::scan().segment(0, 1).page_size(1).send(&db).await.unwrap());
    record.forget();

    let outcomes = [
        query().filter(filter()).start_at(plain.clone()).send(&db).await,
        query().level().ge(1).start_at(plain.clone()).send(&db).await,
        query().level().ge(2).start_at(sorted.clone()).send(&db).await,
        query().level().gt(1).start_at(sorted).send(&db).await,
        query().start_at(filtered.clone()).send(&db).await,
        query().filter(Counter::COUNT.gt(2)).start_at(filtered.clone()).send(&db).await,
        query().filter(!filter()).start_at(filtered.clone()).send(&db).await,
        Counter::by_title("another").start_at(plain).send(&db).await,
        Counter::scan().start_at(segment).send(&db).await,
    ];

    for (position, outcome) in outcomes.into_iter().enumerate() {
        let error = outcome.unwrap_err();
        assert!(error.is_invalid_cursor(), "{position}: {error:?}");
    }
    assert!(record.sent().is_empty());
    let same = query().filter(filter()).start_at(filtered).send(&db).await.unwrap();
    assert_eq!(same.into_items().unwrap().len(), 4);
}

#[tokio::test]
async fn a_cursor_of_the_longest_keys_fits() {
    let db = database().await.with_cursor_keys([NEW]);
    for end in ["a", "b"] {
        let name = "n".repeat(2_047) + end;
        let counter = Counter { title: "t".repeat(2_048), ..counter(&name) };
        counter.put().send(&db).await.unwrap();
    }

    let page = Counter::scan_by_title().page_size(1).send(&db).await.unwrap();
    let text = page.cursor().unwrap().to_string();
    let next = Counter::scan_by_title().start_at(text.parse().unwrap()).send(&db).await.unwrap();

    assert_eq!(next.items().len(), 1);
}

#[tokio::test]
async fn a_cursor_of_the_longest_keys_of_the_most_attributes_fits() {
    let longest = |letter: &str, bytes| json!({ "S": letter.repeat(bytes) });
    let of_partitions = ["id", "p1", "p2", "p3", "p4"].map(|name| (name, longest("p", 2_048)));
    let of_sort_keys = ["part", "s1", "s2", "s3", "s4"].map(|name| (name, longest("s", 1_024)));
    let key: BTreeMap<_, _> = of_partitions.into_iter().chain(of_sort_keys).collect();
    let first = Step::Answer(200, json!({ "Count": 0, "ScannedCount": 1, "LastEvaluatedKey": key }));
    let rest = Step::Answer(200, json!({ "Count": 0, "ScannedCount": 0 }));
    let (db, record) = disturbed(&test_support::client().await, [first, rest]);
    let db = db.with_cursor_keys([NEW]);

    let page = Archive::scan_by_all().send(&db).await.unwrap();
    let text = page.cursor().unwrap().to_string();
    Archive::scan_by_all().start_at(text.parse().unwrap()).send(&db).await.unwrap();

    assert_eq!(record.sent()[1].body["ExclusiveStartKey"], json!(key));
}

#[test]
fn a_cursor_of_an_earlier_version_is_refused_as_such() {
    let error = "1.eyJtIjoiQ291bnRlciIsInMiOnRydWUsImQiOmZhbHNlLCJrIjpbXX0".parse::<Cursor>().unwrap_err();

    assert!(error.is_invalid_cursor(), "{error:?}");
    assert!(error.to_string().contains("of another version"), "{error}");
}

#[test]
fn a_cursor_that_is_too_long_is_refused() {
    let error = format!("2.{}", "A".repeat(24 * 1_024)).parse::<Cursor>().unwrap_err();

    assert!(error.to_string().contains("longer than 24 KiB"), "{error}");
}
