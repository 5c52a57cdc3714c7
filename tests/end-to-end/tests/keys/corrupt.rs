//! Keys that no model writes, met by a typed read.

use dynamorm::{AttributeValue, Operations};

use crate::event;
use crate::models::Event;

/// The event, with another text in the place of a part of its sort key.
fn read(part: &str, other: &str) -> dynamorm::Result<Event> {
    let mut item = event().to_item().unwrap();
    let AttributeValue::S(key) = &item["sk"] else { panic!("{item:?}") };
    assert!(key.contains(part), "{key}");
    let key = key.replace(part, other);
    item.insert("sk".to_owned(), AttributeValue::S(key));
    Event::from_item(item)
}

#[test]
fn a_text_that_the_forms_do_not_write_is_the_item_s_error() {
    assert_eq!(read("2026", "2026").unwrap(), event());
    for (part, other) in [
        ("T12:00:00.250Z", "t12:00:00.250Z"),
        ("T12:00:00.250Z", "T12:00:00,250Z"),
        ("T12:00:00.250Z", "T12:00:00.250z"),
        ("T12:00:00.250Z", " 12:00:00.250Z"),
        ("T12:00:00.250Z", "T23:59:60.250Z"),
        // Another text of the same number.
        ("-868874999", "-867987499"),
        ("-9999999996", "-0000000003"),
        ("67e55044", "67E55044"),
        ("01ARZ3", "01arz3"),
        ("01ARZ3NDEKTSV4RRFFQ69G5FAV", "01ARZ3NDEKTSV4RRFFQ69G5FAW"),
    ] {
        let read = read(part, other);
        assert!(read.is_err_and(|error| error.is_item_error()), "{other}");
    }
}
