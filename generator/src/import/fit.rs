//! Whether an item can be read as its model declares it.

use super::draft::DraftField;
use super::infer::{Element, Guess, TextForm, text_form};
use super::item::{Item, StoredValue};
use crate::catalog::StoredInstant;
use std::collections::BTreeMap;

/// The most digits of a number.
const MOST_DIGITS: usize = 38;

/// Why these fields cannot read an item; `None` if they can.
pub(super) fn unreadable(fields: &[DraftField], item: &Item) -> Option<String> {
    let stored = fields.iter().filter(|field| !field.key_only);
    let faults = stored.filter_map(|field| {
        let value = item.attributes.get(&field.attribute);
        let why = fault(&field.guess, field.optional, value)?;
        Some(format!("{}: `{}` {why}", item.place, field.attribute))
    });
    faults.into_iter().next()
}

fn fault(guess: &Guess, optional: bool, value: Option<&StoredValue>) -> Option<String> {
    match value {
        None | Some(StoredValue::Null) if optional => None,
        Some(StoredValue::Null) if *guess == Guess::Json => None,
        None => Some(String::from("is missing")),
        Some(value) if reads(guess, value) => None,
        Some(value) => Some(format!("is {}, and not of the declared type", value.what())),
    }
}

fn reads(guess: &Guess, value: &StoredValue) -> bool {
    match (guess, value) {
        (Guess::Text, StoredValue::Text(_))
        | (Guess::Bool, StoredValue::Bool(_))
        | (Guess::Bytes, StoredValue::Bytes(_))
        | (Guess::TextSet, StoredValue::TextSet(_))
        | (Guess::BytesSet, StoredValue::BytesSet(_)) => true,
        (Guess::Enumeration(variants), StoredValue::Text(text)) => variants.contains(text),
        (Guess::Uuid, StoredValue::Text(text)) => text_form(text) == Some(TextForm::Uuid),
        (Guess::UpperCaseUuid, StoredValue::Text(text)) => text_form(text) == Some(TextForm::UpperCaseUuid),
        (Guess::UuidBytes, StoredValue::Bytes(bytes)) => bytes.len() == 16,
        (Guess::BoolText, StoredValue::Text(text)) => text_form(text) == Some(TextForm::Bool),
        (Guess::JsonText, StoredValue::Text(text)) => text_form(text) == Some(TextForm::Json),
        (Guess::Ulid, StoredValue::Text(text)) => text_form(text) == Some(TextForm::Ulid),
        (Guess::Date, StoredValue::Text(text)) => text_form(text) == Some(TextForm::Date),
        (Guess::Timestamp(StoredInstant::Text(form)), StoredValue::Text(text)) => {
            text_form(text) == Some(TextForm::Timestamp(*form))
        }
        (Guess::Whole, StoredValue::Number(number)) => is_whole(number),
        (Guess::Unsigned, StoredValue::Number(number)) => is_whole(number) && !number.starts_with('-'),
        (Guess::Timestamp(form), StoredValue::Number(number)) => {
            !form.is_text() && is_whole(number) && number.len() < MOST_DIGITS / 2
        }
        (Guess::Decimal, StoredValue::Number(number)) => is_decimal(number),
        (Guess::WholeSet, StoredValue::NumberSet(members)) => members.iter().all(|member| is_whole(member)),
        (Guess::DecimalSet, StoredValue::NumberSet(members)) => {
            members.iter().all(|member| is_decimal(member))
        }
        (Guess::Json, value) => is_json(value),
        (Guess::List(element), StoredValue::List(elements)) => {
            elements.iter().all(|value| reads_element(element, value))
        }
        (Guess::Map(element), StoredValue::Map(entries)) => {
            entries.values().all(|value| reads_element(element, value))
        }
        (Guess::Structure(members), StoredValue::Map(entries)) => members
            .iter()
            .all(|member| fault(&member.guess, member.optional, entries.get(&member.attribute)).is_none()),
        _ => false,
    }
}

fn reads_element(element: &Element, value: &StoredValue) -> bool {
    *value == StoredValue::Null && element.optional || reads(&element.guess, value)
}

fn is_whole(number: &str) -> bool {
    let digits = number.strip_prefix('-').unwrap_or(number);
    digits.len() <= MOST_DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_decimal(number: &str) -> bool {
    let mantissa = number.split(['e', 'E']).next().unwrap_or_default();
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    digits.trim_matches('0').len() <= MOST_DIGITS
}

fn is_json(value: &StoredValue) -> bool {
    match value {
        StoredValue::List(elements) => elements.iter().all(is_json),
        StoredValue::Map(entries) => are_json(entries),
        StoredValue::Text(_) | StoredValue::Number(_) | StoredValue::Bool(_) | StoredValue::Null => true,
        _ => false,
    }
}

fn are_json(entries: &BTreeMap<String, StoredValue>) -> bool {
    entries.values().all(is_json)
}
