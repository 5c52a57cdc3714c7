//! What an update does, and the text of its expression.

use std::ops::Range;

use aws_sdk_dynamodb::types::AttributeValue;

use crate::expression::path::{Path, Step};
use crate::expression::placeholders::Placeholders;
use crate::limits;

/// What an update does to one path.
#[derive(Clone)]
pub(crate) enum Action {
    Set(AttributeValue),
    SetIfAbsent(AttributeValue),
    /// Elements behind the list, or behind `absent` where there is none.
    Append {
        elements: AttributeValue,
        absent: Option<Box<AttributeValue>>,
    },
    Prepend {
        elements: AttributeValue,
        absent: Option<Box<AttributeValue>>,
    },
    Remove,
    Add(AttributeValue),
    /// An addition to a number that counts as `absent`, and not as 0, where it is missing.
    AddTo {
        absent: Box<AttributeValue>,
        delta: AttributeValue,
    },
    Delete(AttributeValue),
}

const CLAUSES: [&str; 4] = [" SET ", " REMOVE ", " ADD ", " DELETE "];

impl Action {
    /// Which of the [`CLAUSES`] it belongs to.
    fn clause(&self) -> usize {
        match self {
            Action::Remove => 1,
            Action::Add(_) => 2,
            Action::Delete(_) => 3,
            _ => 0,
        }
    }

    /// Whether it does something else when it is carried out twice.
    pub fn adds_up(&self, path: &Path) -> bool {
        match self {
            Action::Append { .. } | Action::Prepend { .. } | Action::AddTo { .. } => true,
            Action::Add(delta) => matches!(delta, AttributeValue::N(_)),
            // The elements behind a removed one move up, and an index behind the end is the next one.
            Action::Set(_) | Action::SetIfAbsent(_) | Action::Remove => {
                matches!(path.steps().last(), Some(Step::Index(_)))
            }
            Action::Delete(_) => false,
        }
    }

    /// What it writes, or may write.
    pub fn value(&self) -> Option<&AttributeValue> {
        match self {
            Action::Set(value) | Action::SetIfAbsent(value) => Some(value),
            Action::Append { elements, .. } | Action::Prepend { elements, .. } => Some(elements),
            Action::Remove | Action::Add(_) | Action::AddTo { .. } | Action::Delete(_) => None,
        }
    }

    /// Whether its value will be in the item, whatever was there.
    pub fn is_written(&self) -> bool {
        !matches!(self, Action::SetIfAbsent(_))
    }

    /// About how many bytes its value counts.
    pub fn size(&self) -> usize {
        match self {
            Action::Set(value) | Action::SetIfAbsent(value) | Action::Add(value) | Action::Delete(value) => {
                limits::value_size(value)
            }
            Action::Append { elements, absent } | Action::Prepend { elements, absent } => {
                limits::value_size(elements) + absent.as_ref().map_or(0, |absent| limits::value_size(absent))
            }
            Action::AddTo { absent, delta } => limits::value_size(absent) + limits::value_size(delta),
            Action::Remove => 0,
        }
    }
}

/// The update expression; none if nothing changes.
pub(crate) fn expression(
    mut actions: Vec<(Path, Action)>,
    placeholders: &mut Placeholders,
) -> Option<String> {
    // Each clause stands once, and actions of one clause in the order in which they were given.
    if actions.len() > 1 {
        actions.sort_by_key(|(_, action)| action.clause());
    }
    let mut text = String::with_capacity(64);
    let mut open = None;
    for (path, action) in actions {
        let clause = action.clause();
        if open.replace(clause) == Some(clause) {
            text.push_str(", ");
        } else {
            text.push_str(if text.is_empty() { &CLAUSES[clause][1..] } else { CLAUSES[clause] });
        }
        write_action(&path, action, placeholders, &mut text);
    }
    if text.is_empty() {
        return None;
    }
    placeholders.check_length(&text);
    Some(text)
}

fn write_action(path: &Path, action: Action, placeholders: &mut Placeholders, text: &mut String) {
    let start = text.len();
    placeholders.path(path, text);
    let end = text.len();
    match action {
        Action::Set(value) => {
            text.push_str(" = ");
            placeholders.value(value, text);
        }
        Action::SetIfAbsent(value) => {
            text.push_str(" = ");
            write_present(start..end, Some(value), placeholders, text);
        }
        Action::Append { elements, absent } => {
            text.push_str(" = list_append(");
            write_present(start..end, absent.map(|absent| *absent), placeholders, text);
            text.push_str(", ");
            placeholders.value(elements, text);
            text.push(')');
        }
        Action::Prepend { elements, absent } => {
            text.push_str(" = list_append(");
            placeholders.value(elements, text);
            text.push_str(", ");
            write_present(start..end, absent.map(|absent| *absent), placeholders, text);
            text.push(')');
        }
        Action::AddTo { absent, delta } => {
            text.push_str(" = ");
            write_present(start..end, Some(*absent), placeholders, text);
            text.push_str(" + ");
            placeholders.value(delta, text);
        }
        Action::Add(value) | Action::Delete(value) => {
            text.push(' ');
            placeholders.value(value, text);
        }
        Action::Remove => {}
    }
}

/// Writes the value at the path that stands in the text already, or `absent` where there is none.
fn write_present(
    path: Range<usize>,
    absent: Option<AttributeValue>,
    placeholders: &mut Placeholders,
    text: &mut String,
) {
    let Some(absent) = absent else { return text.extend_from_within(path) };
    text.push_str("if_not_exists(");
    text.extend_from_within(path);
    text.push_str(", ");
    placeholders.value(absent, text);
    text.push(')');
}
