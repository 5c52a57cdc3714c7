//! The bounds of ranges within a prefix. The condition on a sort key is one comparison, and must not match keys outside the
//! prefix.
//!
//! DynamoDB orders text by its UTF-8 bytes, and a sort key has at most 1,024 of them. So there is a greatest key with a
//! prefix, and a greatest key below another.

use crate::limits::MAXIMUM_SORT_KEY_BYTES;

/// The greatest key that begins with `prefix`.
pub(crate) fn at_most(mut prefix: String) -> String {
    let mut left = MAXIMUM_SORT_KEY_BYTES.saturating_sub(prefix.len());
    // The greatest characters of four, three, two bytes and one.
    for greatest in ['\u{10FFFF}', '\u{FFFF}', '\u{7FF}', '\u{7F}'] {
        while left >= greatest.len_utf8() {
            prefix.push(greatest);
            left -= greatest.len_utf8();
        }
    }
    prefix
}

/// The least key that is greater than every key that begins with `prefix`; `None` if there is none.
pub(crate) fn beyond(mut prefix: String) -> Option<String> {
    while let Some(last) = prefix.pop() {
        let next = (u32::from(last) + 1..=u32::from(char::MAX)).find_map(char::from_u32);
        if let Some(next) = next {
            prefix.push(next);
            return Some(prefix);
        }
    }
    None
}

/// The least key that is greater than `key` and has the same first `length` bytes; `None` if there is none.
pub(crate) fn above(mut key: String, length: usize) -> Option<String> {
    // A key that is too long stays too long, and is refused.
    if key.len() != MAXIMUM_SORT_KEY_BYTES {
        key.push('\0');
        return Some(key);
    }
    while key.len() > length {
        let last = key.pop()?;
        let next = (u32::from(last) + 1..=u32::from(char::MAX)).find_map(char::from_u32);
        if let Some(next) = next.filter(|next| key.len() + next.len_utf8() <= MAXIMUM_SORT_KEY_BYTES) {
            key.push(next);
            return Some(key);
        }
    }
    None
}

/// The greatest key that is less than `key`; `None` if there is none.
pub(crate) fn below(mut key: String) -> Option<String> {
    let last = key.pop()?;
    let Some(previous) = (0..u32::from(last)).rev().find_map(char::from_u32) else {
        // A key that ends with the least character directly follows the key without it.
        return Some(key);
    };
    key.push(previous);
    Some(at_most(key))
}
