//! Composing keys from fields.

use super::guess::{Guess, words};
use super::pattern::{Pattern, Piece};
use super::text::{self, TextForm};
use crate::catalog::StoredInstant;
use crate::import::draft::{DraftTemplate, TemplatePart};
use crate::import::item::{Item, StoredValue};
use crate::import::names::field_name;
use std::collections::BTreeMap;

/// The meaning of the data in one place of a key.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Part {
    /// The value of an attribute.
    Attribute { name: String, form: PartForm },
    /// A value that only the key contains.
    KeyOnly { name: String, guess: Guess, format: Option<String> },
}

/// The form of an attribute's value in a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum PartForm {
    /// The stored form.
    Stored,
    /// A number of so many digits.
    Digits(usize),
    /// A number since 1970, with its word in templates.
    Epoch(&'static str),
}

/// The form that an attribute may have in a key.
#[derive(Clone, Copy, Debug)]
pub(super) enum Linkable {
    Stored,
    Epoch(StoredInstant),
}

impl PartForm {
    fn format(self) -> Option<String> {
        match self {
            PartForm::Stored => None,
            PartForm::Digits(digits) => Some(format!("{digits:02}")),
            PartForm::Epoch(word) => Some(word.to_owned()),
        }
    }
}

/// A composed key of a model.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Composed {
    pub pattern: Pattern,
    /// The meaning of the data, place by place.
    pub parts: Vec<Part>,
}

impl Composed {
    /// The template, with the declared names of attributes.
    pub(super) fn template(&self, field_name: &dyn Fn(&str) -> String) -> DraftTemplate {
        let mut parts = self.parts.iter();
        let part = |piece: &Piece| match piece {
            Piece::Constant(text) => Some(TemplatePart::Constant(text.clone())),
            Piece::Data => Some(match parts.next()? {
                Part::Attribute { name, form } => {
                    TemplatePart::Field { name: field_name(name), format: form.format() }
                }
                Part::KeyOnly { name, format, .. } => {
                    TemplatePart::Field { name: name.clone(), format: format.clone() }
                }
            }),
        };
        DraftTemplate(self.pattern.0.iter().filter_map(part).collect())
    }
}

/// Items with the text of one key attribute.
pub(super) struct Rows<'r> {
    pub items: Vec<&'r Item>,
    pub texts: Vec<&'r str>,
}

impl<'r> Rows<'r> {
    pub(super) fn new(items: &[&'r Item], attribute: &str) -> Self {
        let rows = items.iter().filter_map(|item| Some((*item, item.text(attribute)?)));
        let (items, texts) = rows.unzip();
        Rows { items, texts }
    }

    /// The data of every key, place by place.
    fn data(&self, pattern: &Pattern) -> Option<Vec<Vec<&'r str>>> {
        self.texts.iter().map(|text| pattern.data(text)).collect()
    }
}

/// Finds the meaning of the data in keys. Data that equals no attribute is `None`.
pub(super) fn link(
    rows: &Rows<'_>,
    pattern: &Pattern,
    may_link: &dyn Fn(&str) -> Option<Linkable>,
) -> Option<(Pattern, Vec<Option<Part>>)> {
    let data = rows.data(pattern)?;
    let first = all_links(rows, pattern, &data, may_link);
    let pattern =
        pattern.with_common_beginnings(&data, &|place| first.get(place).is_some_and(Option::is_some));
    let data = rows.data(&pattern)?;
    let links = all_links(rows, &pattern, &data, may_link);
    Some((pattern, links))
}

fn all_links(
    rows: &Rows<'_>,
    pattern: &Pattern,
    data: &[Vec<&str>],
    may_link: &dyn Fn(&str) -> Option<Linkable>,
) -> Vec<Option<Part>> {
    let mut taken: Vec<String> = Vec::new();
    let mut before = "";
    let mut links = Vec::new();
    for piece in &pattern.0 {
        match piece {
            Piece::Constant(text) => before = text,
            Piece::Data => {
                let place = links.len();
                let texts: Vec<&str> = data.iter().filter_map(|row| row.get(place).copied()).collect();
                let free = |name: &str| may_link(name).filter(|_| taken.iter().all(|known| known != name));
                let link = attribute(rows, &texts, before, &free);
                if let Some(Part::Attribute { name, .. }) = &link {
                    taken.push(name.clone());
                }
                links.push(link);
            }
        }
    }
    links
}

/// The attribute that equals a part of the key in every item. If there are several, one that is named like the constant before
/// the part.
fn attribute(
    rows: &Rows<'_>,
    texts: &[&str],
    before: &str,
    free: &dyn Fn(&str) -> Option<Linkable>,
) -> Option<Part> {
    let first = rows.items.first()?;
    let kind = words(before).concat();
    let equal = first.attributes.keys().filter_map(|name| {
        let form = equals(rows, texts, name, free(name)?)?;
        let of_name = words(name);
        let is_called_so = !kind.is_empty() && of_name.concat().trim_end_matches("id").starts_with(&kind);
        let is_id = of_name.last().is_some_and(|last| last == "id");
        Some((!is_called_so, !is_id, name.clone(), form))
    });
    let (_, _, name, form) = equal.min()?;
    Some(Part::Attribute { name, form })
}

/// Whether an attribute equals a part of the key in every item, and in which form.
fn equals(rows: &Rows<'_>, texts: &[&str], name: &str, linkable: Linkable) -> Option<PartForm> {
    let mut digits = None;
    for (item, text) in rows.items.iter().zip(texts) {
        match item.attributes.get(name)? {
            StoredValue::Text(value) if value == text => {}
            StoredValue::Number(value) => {
                let is_equal = text.trim_start_matches('0') == value.trim_start_matches('0')
                    && text.bytes().all(|byte| byte.is_ascii_digit());
                if !is_equal || *digits.get_or_insert(text.len()) != text.len() {
                    return None;
                }
            }
            _ => return None,
        }
    }
    // Only a number that begins with a zero shows that numbers are padded.
    let is_filled = texts.iter().any(|text| text.len() > 1 && text.starts_with('0'));
    match (digits, linkable) {
        (Some(width), Linkable::Stored) => (is_filled && width <= 39).then_some(PartForm::Digits(width)),
        (Some(width), Linkable::Epoch(form)) => epoch(form, width).filter(|_| !is_filled),
        (None, Linkable::Stored) => Some(PartForm::Stored),
        (None, Linkable::Epoch(_)) => None,
    }
}

/// The form of an instant's number in keys. It has one width from 2001 to 2286.
fn epoch(form: StoredInstant, width: usize) -> Option<PartForm> {
    match (form, width) {
        (StoredInstant::EpochSeconds, 10) => Some(PartForm::Epoch("epoch-seconds")),
        (StoredInstant::EpochMilliseconds, 13) => Some(PartForm::Epoch("epoch-milliseconds")),
        (StoredInstant::EpochMicroseconds, 16) => Some(PartForm::Epoch("epoch-microseconds")),
        _ => None,
    }
}

/// The type of a value that only the key contains, and its format there.
pub(super) fn key_only(rows: &Rows<'_>, pattern: &Pattern, place: usize) -> (Guess, Option<String>) {
    let data = rows.data(pattern).unwrap_or_default();
    let texts: Vec<&str> = data.iter().filter_map(|row| row.get(place).copied()).collect();
    let all = |test: &dyn Fn(&str) -> bool| !texts.is_empty() && texts.iter().all(|text| test(text));
    let form = texts.first().and_then(|text| text::form(text));
    if let Some(form) = form.filter(|form| all(&|text| text::form(text) == Some(*form))) {
        return match form {
            TextForm::Uuid => (Guess::Uuid, None),
            TextForm::UpperCaseUuid => (Guess::UpperCaseUuid, None),
            TextForm::Ulid => (Guess::Ulid, None),
            TextForm::Date => (Guess::Date, None),
            TextForm::Timestamp(form) => (Guess::Timestamp(StoredInstant::Text(form)), None),
            // Such texts are no ids, and a key cannot hold JSON.
            TextForm::Bool | TextForm::Json => (Guess::Text, None),
        };
    }
    let width = texts.first().map_or(0, |text| text.len());
    let are_digits = all(&|text| text.len() == width && text.bytes().all(|byte| byte.is_ascii_digit()));
    let are_filled = texts.iter().any(|text| text.starts_with('0'));
    if are_digits && are_filled && (2..=38).contains(&width) {
        return (Guess::Unsigned, Some(format!("{width:02}")));
    }
    (Guess::Text, None)
}

/// A name for a value that only the key contains, after the constant before it: `order_id` for `ORDER#{}`.
pub(super) fn name_of(
    pattern: &Pattern,
    place: usize,
    (attribute, guess): (&str, &Guess),
    is_taken: &dyn Fn(&str) -> bool,
) -> String {
    let mut before = None;
    let mut at = 0;
    for piece in &pattern.0 {
        match piece {
            Piece::Constant(text) => {
                before = Some(text.as_str()).filter(|text| text.contains(char::is_alphabetic))
            }
            Piece::Data if at == place => break,
            Piece::Data => {
                at += 1;
                before = None;
            }
        }
    }
    let word = before.and_then(|text| {
        let all = words(text);
        all.iter().rev().find(|word| word.contains(|letter: char| letter.is_ascii_lowercase())).cloned()
    });
    let ending = match guess {
        Guess::Timestamp(_) => "at",
        Guess::Date => "on",
        Guess::Unsigned => "number",
        _ => "id",
    };
    let stem = match word {
        Some(word) if word.ends_with(ending) => word,
        Some(word) => format!("{word}_{ending}"),
        None => format!("{attribute}_{ending}"),
    };
    let stem = field_name(&stem);
    let numbered = (2..).map(|number| format!("{stem}_{number}"));
    std::iter::once(stem.clone()).chain(numbered).find(|name| !is_taken(name)).unwrap_or(stem)
}

/// Values of fields that only the key contains, by the fields' names, item by item.
pub(super) type KeyOnlyValues<'r> = BTreeMap<String, Vec<&'r str>>;

/// The data that only a composed key contains.
pub(super) fn key_only_values<'r>(rows: &Rows<'r>, composed: &Composed) -> KeyOnlyValues<'r> {
    let data = rows.data(&composed.pattern).unwrap_or_default();
    let mut values = BTreeMap::new();
    for (place, part) in composed.parts.iter().enumerate() {
        if let Part::KeyOnly { name, .. } = part {
            values.insert(name.clone(), data.iter().filter_map(|row| row.get(place).copied()).collect());
        }
    }
    values
}

/// The data of one place of a pattern, item by item.
pub(super) fn column<'r>(rows: &Rows<'r>, pattern: &Pattern, place: usize) -> Vec<&'r str> {
    rows.data(pattern).unwrap_or_default().iter().filter_map(|row| row.get(place).copied()).collect()
}
