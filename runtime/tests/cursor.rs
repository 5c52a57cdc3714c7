//! Cursors as text.

use dynamorm::Cursor;

#[test]
fn a_cursor_of_any_bytes_is_an_error_or_a_cursor_and_never_a_panic() {
    let good = "2.AAABAgMEBQYHCAkKCwwNDg9TAAFhuJ0KAnhncpg";
    assert!(good.parse::<Cursor>().is_ok());

    for position in 0..good.len() {
        for replacement in ["", "A", "_", "=", "é", "\u{0}"] {
            let mut text = good.to_owned();
            text.replace_range(position..=position, replacement);
            if let Err(error) = text.parse::<Cursor>() {
                assert!(error.is_invalid_cursor(), "{text}");
            }
        }
    }
}

#[test]
fn a_cursor_prints_the_text_that_it_was_read_from() {
    let text = "2.AAABAgMEBQYHCAkKCwwNDg9TAAFhuJ0KAnhncpg";

    assert_eq!(text.parse::<Cursor>().expect("it is a cursor").to_string(), text);
}

#[test]
fn a_cursor_of_another_version_is_refused() {
    let error = "1.eyJtIjoiTSJ9".parse::<Cursor>().expect_err("it is of version 1");

    assert!(error.is_invalid_cursor(), "{error:?}");
}
