//! JSON as text, without losing a digit.

use serde_json::Value as Json;

use crate::decode::DecodeError;
use crate::kind::comparison::compare_numbers;

/// Parses a text as a document.
///
/// # Errors
/// The text is no JSON, or has a number that neither an integer of 64 bits nor a float keeps exactly.
pub(super) fn parse(text: &str) -> Result<Json, DecodeError> {
    let document: Json =
        serde_json::from_str(text).map_err(|error| DecodeError::new(format!("is no JSON: {error}")))?;
    match numbers(text).find(|digits| !is_kept(digits)) {
        Some(digits) => {
            Err(DecodeError::new(format!("{digits} is a number that JSON would not keep exactly")))
        }
        None => Ok(document),
    }
}

/// The numbers in a JSON text.
fn numbers(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        loop {
            let start = rest.find(|character: char| character == '"' || is_of_number(character))?;
            rest = rest.get(start..)?;
            match rest.strip_prefix('"') {
                Some(inner) => rest = after_string(inner),
                None => {
                    let end = rest.find(|character| !is_of_number(character)).unwrap_or(rest.len());
                    let (number, after) = rest.split_at(end);
                    rest = after;
                    // Skips the `e` of `true` and `false`.
                    if number.contains(|character: char| character.is_ascii_digit()) {
                        return Some(number);
                    }
                }
            }
        }
    })
}

fn is_of_number(character: char) -> bool {
    character.is_ascii_digit() || matches!(character, '-' | '+' | '.' | 'e' | 'E')
}

/// The rest after a string whose opening quote was passed.
fn after_string(text: &str) -> &str {
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' => drop(characters.next()),
            '"' => return text.get(at + 1..).unwrap_or_default(),
            _ => {}
        }
    }
    ""
}

/// Whether the number survives parsing unchanged.
fn is_kept(digits: &str) -> bool {
    if digits.parse::<i64>().is_ok() || digits.parse::<u64>().is_ok() {
        return true;
    }
    match serde_json::from_str::<Json>(digits).map(|number| number.to_string()) {
        Ok(read) => read == digits || compare_numbers(&read, digits).is_some_and(std::cmp::Ordering::is_eq),
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_outside_of_strings() {
        let text = r#"{"1": [1, -2.5e-3, "3", "\"4", true, false, null], "a\\": 5}"#;
        assert_eq!(numbers(text).collect::<Vec<_>>(), ["1", "-2.5e-3", "5"]);
    }

    #[test]
    fn a_document_is_kept_exactly_or_refused() {
        let exact = serde_json::from_str::<Json>("1.00000000000000000001").unwrap().to_string().len() > 20;
        for digits in ["0.1234567890123456789", "123456789012345678901234567890"] {
            let text = format!("[{digits}]");
            match parse(&text) {
                Ok(read) => {
                    let written = read.to_string();
                    assert!(exact && written == text, "{written}");
                }
                Err(error) => assert!(!exact && error.message().starts_with(digits), "{error}"),
            }
        }
        for text in ["[1,2.5,-3]", "18446744073709551615", r#"{"a":"1e999"}"#, "0.1", "1e300"] {
            assert!(parse(text).is_ok(), "{text}");
        }
        assert!(parse("{").is_err());
    }
}
