//! Forms of text that can be declared exactly, and the families that they belong to.

use crate::catalog::{InstantText, UtcOffset};

/// A form that models.toml declares, byte for byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::import) enum TextForm {
    Uuid,
    UpperCaseUuid,
    Ulid,
    Date,
    /// `2024-05-06T07:08:09.123456Z`, or with another precision, or with UTC's offset in another notation.
    Timestamp(InstantText),
    /// `true` or `false`.
    Bool,
    /// An object or an array, as `json` writes it.
    Json,
}

/// Similar forms. Texts of several forms of one family stay text, with a remark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::import) enum Family {
    Uuid,
    /// An instant whose time zone is known.
    Timestamp,
    LocalTimestamp,
    Json,
    Number,
}

/// The form of a text, if it can be declared exactly.
pub(in crate::import) fn form(text: &str) -> Option<TextForm> {
    if has_shape(text, UUID) {
        return Some(TextForm::Uuid);
    }
    if is_ulid(text) {
        return Some(TextForm::Ulid);
    }
    if is_date(text) {
        return Some(TextForm::Date);
    }
    if matches!(text, "true" | "false") {
        return Some(TextForm::Bool);
    }
    if is_canonical_json(text) {
        return Some(TextForm::Json);
    }
    if has_shape(&text.to_ascii_lowercase(), UUID) && !text.contains(|one: char| one.is_ascii_lowercase()) {
        return Some(TextForm::UpperCaseUuid);
    }
    instant(text).map(TextForm::Timestamp)
}

const UUID: &str = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";

/// Whether reading a text as `json` and writing it gives the same text: it has no spaces, and its names are in order.
fn is_canonical_json(text: &str) -> bool {
    is_braced(text)
        && serde_json::from_str::<serde_json::Value>(text).is_ok_and(|mut value| {
            value.sort_all_objects();
            serde_json::to_string(&value).is_ok_and(|written| written == text)
        })
}

fn is_braced(text: &str) -> bool {
    text.starts_with(['{', '[']) && text.ends_with(['}', ']'])
}

/// The form of an instant whose text says that it is in UTC.
fn instant(text: &str) -> Option<InstantText> {
    let (date, time, rest) = (text.get(..10)?, text.get(11..19)?, text.get(19..)?);
    if !is_date(date) || text.as_bytes()[10] != b'T' || !is_time(time) {
        return None;
    }
    let (fraction, offset) = rest.split_at(rest.find(|one: char| one != '.' && !one.is_ascii_digit())?);
    let digits = match fraction.strip_prefix('.') {
        Some(digits) if matches!(digits.len(), 3 | 6 | 9) && !digits.contains('.') => digits.len(),
        None if fraction.is_empty() => 0,
        _ => return None,
    };
    let offset = match offset {
        "Z" => UtcOffset::Zulu,
        "+0000" => UtcOffset::PlusZero,
        "+00:00" => UtcOffset::PlusColonZero,
        _ => return None,
    };
    Some(InstantText { digits, offset })
}

/// The family of a text, with or without a form.
pub(in crate::import) fn family(text: &str) -> Option<Family> {
    if has_shape(&text.to_ascii_lowercase(), UUID) {
        return Some(Family::Uuid);
    }
    if let Some(has_offset) = is_instant(text) {
        return Some(if has_offset { Family::Timestamp } else { Family::LocalTimestamp });
    }
    if is_braced(text) && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok() {
        return Some(Family::Json);
    }
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_number = digits.starts_with(|first: char| first.is_ascii_digit())
        && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    is_number.then_some(Family::Number)
}

impl Family {
    /// The remark about an attribute that stays text although all its values are of the family.
    pub(in crate::import) fn remark(self) -> &'static str {
        match self {
            Family::Uuid => "UUIDs in upper and in lower case, which stay text",
            Family::Timestamp => "timestamps of several forms or time zones, which stay text",
            Family::LocalTimestamp => {
                "timestamps without a time zone, which stay text; `stored_as` can say that they are UTC"
            }
            Family::Json => "JSON in another layout than `json` writes, which stays text",
            Family::Number => "numbers, which stay text; `stored_as = \"text\"` would make them numbers",
        }
    }
}

/// RFC 3339's family: a date, a time, any fraction, and an offset or none. Tells whether there is an offset.
fn is_instant(text: &str) -> Option<bool> {
    let (date, time) = (text.get(..10)?, text.get(11..19)?);
    let separator = text.as_bytes()[10];
    let rest = text[19..].trim_start_matches(|c: char| c == '.' || c.is_ascii_digit());
    let is_offset = rest.is_empty()
        || rest == "Z"
        || rest.strip_prefix(['+', '-']).is_some_and(|offset| {
            (4..=5).contains(&offset.len())
                && offset.bytes().all(|byte| byte.is_ascii_digit() || byte == b':')
        });
    (is_date(date) && matches!(separator, b'T' | b't' | b' ') && is_time(time) && is_offset)
        .then_some(!rest.is_empty())
}

/// Compares with a pattern: `d` is a digit, `x` a hexadecimal digit in lower case, anything else itself.
fn has_shape(text: &str, pattern: &str) -> bool {
    text.len() == pattern.len()
        && text.bytes().zip(pattern.bytes()).all(|(byte, expected)| match expected {
            b'd' => byte.is_ascii_digit(),
            b'x' => byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte),
            other => byte == other,
        })
}

fn is_ulid(text: &str) -> bool {
    let is_of_base32 = |byte: u8| {
        byte.is_ascii_digit() || byte.is_ascii_uppercase() && !matches!(byte, b'I' | b'L' | b'O' | b'U')
    };
    text.len() == 26
        && text.starts_with(|first| ('0'..='7').contains(&first))
        && text.bytes().all(is_of_base32)
}

fn is_date(text: &str) -> bool {
    if !has_shape(text, "dddd-dd-dd") {
        return false;
    }
    let number = |range: std::ops::Range<usize>| text[range].parse::<u32>().unwrap_or_default();
    let (year, month, day) = (number(0..4), number(5..7), number(8..10));
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        4 | 6 | 9 | 11 => 30,
        2 if is_leap => 29,
        2 => 28,
        _ => 31,
    };
    (1..=12).contains(&month) && (1..=days).contains(&day)
}

fn is_time(text: &str) -> bool {
    has_shape(text, "dd:dd:dd") && &text[..2] < "24" && &text[3..5] < "60" && &text[6..8] < "60"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_exact_forms_are_declared() {
        let instant = |digits, offset| Some(TextForm::Timestamp(InstantText { digits, offset }));
        let cases = [
            ("2024-05-06T07:08:09.123456Z", instant(6, UtcOffset::Zulu)),
            ("2024-05-06T07:08:09.123Z", instant(3, UtcOffset::Zulu)),
            ("2024-05-06T07:08:09Z", instant(0, UtcOffset::Zulu)),
            ("2024-05-06T07:08:09.123456+0000", instant(6, UtcOffset::PlusZero)),
            ("2024-05-06T07:08:09.123456789+00:00", instant(9, UtcOffset::PlusColonZero)),
            ("2024-05-06T07:08:09.12Z", None),
            ("2024-05-06T07:08:09.Z", None),
            ("2024-05-06T07:08:09.1.2Z", None),
            ("2024-05-06T07:08:09", None),
            ("2024-05-06 07:08:09Z", None),
            ("2024-05-06T07:08:09+0100", None),
            ("2024-05-06T24:08:09.123456Z", None),
            ("2024-02-29", Some(TextForm::Date)),
            ("2023-02-29", None),
            ("9f4c7a34-9b3e-4a54-8c5a-0b7a3e1f2d4c", Some(TextForm::Uuid)),
            ("9F4C7A34-9B3E-4A54-8C5A-0B7A3E1F2D4C", Some(TextForm::UpperCaseUuid)),
            ("9F4C7a34-9b3e-4a54-8c5a-0b7a3e1f2d4c", None),
            ("true", Some(TextForm::Bool)),
            ("True", None),
            ("{\"a\":[1,2.5],\"b\":{}}", Some(TextForm::Json)),
            ("{\"b\":{},\"a\":1}", None),
            ("{\"a\": 1}", None),
            ("[1e2]", None),
            ("[123456789012345678901234567890]", None),
            ("7", None),
            ("01ARZ3NDEKTSV4RRFFQ69G5FAV", Some(TextForm::Ulid)),
            ("01ARZ3NDEKTSV4RRFFQ69G5FAI", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(form(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_nearly_of_a_form_is_of_its_family() {
        let cases = [
            ("2021-09-06T17:04:21.899683+0200", Some(Family::Timestamp)),
            ("2021-09-06T17:04:21Z", Some(Family::Timestamp)),
            ("2021-09-06T17:04:21", Some(Family::LocalTimestamp)),
            ("9F4C7a34-9b3e-4a54-8c5a-0b7a3e1f2d4c", Some(Family::Uuid)),
            ("{\"a\": 1}", Some(Family::Json)),
            ("{\"a\": 1", None),
            ("12.5", Some(Family::Number)),
            ("é2021-09-06", None),
            ("Jane", None),
        ];
        for (text, expected) in cases {
            assert_eq!(family(text), expected, "{text}");
        }
    }
}
