//! Literals that fit their type, but that the runtime refuses to store.

use crate::catalog::{Default, Field, Kind, Literal};
use crate::diagnostic::Span;
use crate::manifest::{Spanned, Value};

/// The problems of a value of a kind, and their places.
pub(in crate::check) fn faults(kind: &Kind, value: &Spanned<Value>) -> Vec<(Span, &'static str)> {
    let mut faults = Vec::new();
    within(kind, value, &mut faults);
    faults
}

/// Whether a field's default is a value that no key can have.
pub(in crate::check) fn is_empty_key(field: &Field) -> bool {
    match &field.default {
        Some(Default::Literal(Literal::Text(text))) => text.is_empty(),
        Some(Default::Literal(Literal::Bytes(bytes))) => bytes.is_empty(),
        _ => false,
    }
}

fn within(kind: &Kind, value: &Spanned<Value>, faults: &mut Vec<(Span, &'static str)>) {
    // Everything within a JSON value is JSON, too.
    let element = match kind.of_values() {
        Kind::Json => Kind::Json,
        _ => match kind.element() {
            Some(element) => element,
            None => return,
        },
    };
    let mut inner = |value: &Spanned<Value>| {
        if matches!((&element, &value.value), (Kind::Set(_), Value::Array(values)) if values.is_empty()) {
            faults.push((value.span, "an empty set can only be left out, which a list or a map cannot do"));
        }
        within(&element, value, faults);
    };
    match &value.value {
        Value::Array(values) => values.iter().for_each(inner),
        Value::Table(entries) => {
            entries.iter().for_each(|entry| inner(&entry.value));
            let nameless = entries.iter().filter(|entry| entry.key.value.is_empty());
            faults.extend(nameless.map(|entry| (entry.key.span, "DynamoDB has no empty names")));
        }
        _ => {}
    }
}
