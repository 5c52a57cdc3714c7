//! What an update does, and the text of its expression.

use std::ops::Range;

use aws_sdk_dynamodb::types::AttributeValue;

use crate::expression::path::{Path, Step};
use crate::expression::placeholders::Placeholders;
use crate::facts::Facts;
use crate::limits;

/// What an update does to one path.
#[derive(Clone)]
pub(crate) enum Action {
    Set(AttributeValue),
    SetIfAbsent(AttributeValue),
    /// Appends elements to the list, or to `absent` if there is none.
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
    /// Adds to a number, which counts as `absent` and not as 0 if it is missing.
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

    /// Whether carrying it out twice differs from carrying it out once.
    pub fn adds_up(&self, path: &Path) -> bool {
        match self {
            Action::Append { .. } | Action::Prepend { .. } | Action::AddTo { .. } => true,
            Action::Add(delta) => matches!(delta, AttributeValue::N(_)),
            // The elements after a removed one move up, and an index beyond the end means the next one.
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

    /// Whether its value will be in the item, whatever was there before.
    pub fn is_written(&self) -> bool {
        !matches!(self, Action::SetIfAbsent(_))
    }

    /// The approximate size of its value, in bytes.
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

/// The update expression; `None` if nothing changes. An attribute that is read under further names keeps only its own.
pub(crate) fn expression(
    mut actions: Vec<(Path, Action)>,
    facts: &Facts,
    placeholders: &mut Placeholders,
) -> Option<String> {
    leave_own_names(facts, &mut actions);
    // Each clause appears once. Actions of one clause keep their order.
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
        write_action(&path, action, facts, placeholders, &mut text);
    }
    if text.is_empty() {
        return None;
    }
    placeholders.check_length(&text);
    Some(text)
}

/// An update expression that adds to numbers besides, each a path and a value behind their placeholders.
pub(crate) fn with_additions(expression: Option<String>, additions: &[String]) -> String {
    const ADD: &str = CLAUSES[2];
    let additions = additions.join(", ");
    // No name or value stands in the text itself, so that this is the beginning of the clause.
    match expression {
        None => format!("{}{additions}", &ADD[1..]),
        Some(text) => match text.strip_prefix(&ADD[1..]) {
            Some(rest) => format!("{}{additions}, {rest}", &ADD[1..]),
            None => match text.split_once(ADD) {
                Some((before, after)) => format!("{before}{ADD}{additions}, {after}"),
                None => format!("{text}{ADD}{additions}"),
            },
        },
    }
}

/// Removes the further names of attributes that change as a whole. An addition to a number adds to the value under whichever name
/// it has.
fn leave_own_names(facts: &Facts, actions: &mut Vec<(Path, Action)>) {
    if facts.also_read.is_empty() {
        return;
    }
    let mut further: Vec<&'static str> = Vec::new();
    for (path, action) in &mut *actions {
        let names = facts.also_read(path.root);
        if names.is_empty() || !is_whole(path, action) {
            continue;
        }
        if let Action::Add(delta) = action {
            let absent = Box::new(AttributeValue::N("0".to_owned()));
            *action = Action::AddTo { absent, delta: delta.clone() };
        }
        further.extend(names);
    }
    further.dedup();
    actions.extend(further.into_iter().map(|name| (Path::top(name), Action::Remove)));
}

/// Whether an action gives a whole attribute its value, whichever name had it. A place within an attribute, and the members of a
/// set, are changed where they are.
pub(crate) fn is_whole(path: &Path, action: &Action) -> bool {
    let is_of_members = match action {
        Action::Add(delta) => !delta.is_n(),
        Action::Delete(_) => true,
        Action::Set(_)
        | Action::SetIfAbsent(_)
        | Action::Append { .. }
        | Action::Prepend { .. }
        | Action::Remove
        | Action::AddTo { .. } => false,
    };
    path.steps().is_empty() && !is_of_members
}

fn write_action(
    path: &Path,
    action: Action,
    facts: &Facts,
    placeholders: &mut Placeholders,
    text: &mut String,
) {
    let start = text.len();
    placeholders.path(path, text);
    let end = text.len();
    let names = if is_whole(path, &action) { facts.also_read(path.root) } else { &[] };
    let write_present =
        |absent: Option<AttributeValue>, placeholders: &mut Placeholders, text: &mut String| {
            write_present(start..end, names, absent, placeholders, text);
        };
    match action {
        Action::Set(value) => {
            text.push_str(" = ");
            placeholders.value(value, text);
        }
        Action::SetIfAbsent(value) => {
            text.push_str(" = ");
            write_present(Some(value), placeholders, text);
        }
        Action::Append { elements, absent } => {
            text.push_str(" = list_append(");
            write_present(absent.map(|absent| *absent), placeholders, text);
            text.push_str(", ");
            placeholders.value(elements, text);
            text.push(')');
        }
        Action::Prepend { elements, absent } => {
            text.push_str(" = list_append(");
            placeholders.value(elements, text);
            text.push_str(", ");
            write_present(absent.map(|absent| *absent), placeholders, text);
            text.push(')');
        }
        Action::AddTo { absent, delta } => {
            text.push_str(" = ");
            write_present(Some(*absent), placeholders, text);
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

/// Writes the value at the path that is already in the text, or else under the first further name that has one, or else `absent`.
fn write_present(
    path: Range<usize>,
    names: &[&'static str],
    absent: Option<AttributeValue>,
    placeholders: &mut Placeholders,
    text: &mut String,
) {
    // Without a value for a missing attribute, the last name needs no check.
    let questions = if absent.is_some() { names.len() + 1 } else { names.len() };
    for number in 0..=names.len() {
        if number < questions {
            text.push_str("if_not_exists(");
        }
        match number.checked_sub(1).and_then(|number| names.get(number)) {
            Some(name) => placeholders.name(name, text),
            None => text.extend_from_within(path.clone()),
        }
        if number < questions {
            text.push_str(", ");
        }
    }
    if let Some(absent) = absent {
        placeholders.value(absent, text);
    }
    text.extend(std::iter::repeat_n(')', questions));
}
