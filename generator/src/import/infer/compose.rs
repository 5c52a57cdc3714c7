//! How composed keys are made of fields.

use super::guess::{Guess, words};
use super::pattern::{Pattern, Piece};
use super::text::{self, TextForm};
use crate::import::draft::{DraftTemplate, TemplatePart};
use crate::import::item::{Item, StoredValue};
use crate::import::names::field_name;
use std::collections::BTreeMap;

/// What the data in one place of a key is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Part {
    /// The value of an attribute, and how many digits a number has there.
    Attribute { name: String, digits: Option<usize> },
    /// A value that stands in the key alone.
    KeyOnly { name: String, guess: Guess, format: Option<String> },
}

/// A composed key of a model.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Composed {
    pub pattern: Pattern,
    /// What the data is, place by place.
    pub parts: Vec<Part>,
}

impl Composed {
    /// The template, by what the declarations call each attribute.
    pub(super) fn template(&self, field_name: &dyn Fn(&str) -> String) -> DraftTemplate {
        let mut parts = self.parts.iter();
        let part = |piece: &Piece| match piece {
            Piece::Constant(text) => Some(TemplatePart::Constant(text.clone())),
            Piece::Data => Some(match parts.next()? {
                Part::Attribute { name, digits } => TemplatePart::Field {
                    name: field_name(name),
                    format: digits.map(|digits| format!("{digits:02}")),
                },
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

/// Finds what the data of keys is. Data that equals no attribute is `None`.
pub(super) fn link(
    rows: &Rows<'_>,
    pattern: &Pattern,
    may_link: &dyn Fn(&str) -> bool,
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
    may_link: &dyn Fn(&str) -> bool,
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
                let is_free = |name: &str| may_link(name) && taken.iter().all(|known| known != name);
                let link = attribute(rows, &texts, before, &is_free);
                if let Some(Part::Attribute { name, .. }) = &link {
                    taken.push(name.clone());
                }
                links.push(link);
            }
        }
    }
    links
}

/// The attribute that equals a part of the key in every item. Of several, one that is called like the constant before it.
fn attribute(rows: &Rows<'_>, texts: &[&str], before: &str, is_free: &dyn Fn(&str) -> bool) -> Option<Part> {
    let first = rows.items.first()?;
    let kind = words(before).concat();
    let equal = first.attributes.keys().filter(|name| is_free(name)).filter_map(|name| {
        let digits = equals(rows, texts, name)?;
        let of_name = words(name);
        let is_called_so = !kind.is_empty() && of_name.concat().trim_end_matches("id").starts_with(&kind);
        let is_id = of_name.last().is_some_and(|last| last == "id");
        Some((!is_called_so, !is_id, name.clone(), digits))
    });
    let (_, _, name, digits) = equal.min()?;
    Some(Part::Attribute { name, digits })
}

/// Whether an attribute equals a part of the key in every item; a number, with how many digits it stands there.
fn equals(rows: &Rows<'_>, texts: &[&str], name: &str) -> Option<Option<usize>> {
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
    // Whether a number is filled up can only be seen of one that begins with a zero.
    let is_filled = texts.iter().any(|text| text.len() > 1 && text.starts_with('0'));
    match digits {
        Some(width) => (is_filled && width <= 39).then_some(Some(width)),
        None => Some(None),
    }
}

/// What stands in the key alone: its type, and its format there.
pub(super) fn key_only(rows: &Rows<'_>, pattern: &Pattern, place: usize) -> (Guess, Option<String>) {
    let data = rows.data(pattern).unwrap_or_default();
    let texts: Vec<&str> = data.iter().filter_map(|row| row.get(place).copied()).collect();
    let all = |test: &dyn Fn(&str) -> bool| !texts.is_empty() && texts.iter().all(|text| test(text));
    let forms = [
        (TextForm::Uuid, Guess::Uuid),
        (TextForm::Ulid, Guess::Ulid),
        (TextForm::Date, Guess::Date),
        (TextForm::Timestamp, Guess::Timestamp),
    ];
    for (form, guess) in forms {
        if all(&|text| text::form(text) == Some(form)) {
            return (guess, None);
        }
    }
    if all(&|text| text::has_precision(text, 0)) {
        return (Guess::Timestamp, Some(String::from("seconds")));
    }
    if all(&|text| text::has_precision(text, 3)) {
        return (Guess::Timestamp, Some(String::from("milliseconds")));
    }
    let width = texts.first().map_or(0, |text| text.len());
    let are_digits = all(&|text| text.len() == width && text.bytes().all(|byte| byte.is_ascii_digit()));
    let are_filled = texts.iter().any(|text| text.starts_with('0'));
    if are_digits && are_filled && (2..=38).contains(&width) {
        return (Guess::Unsigned, Some(format!("{width:02}")));
    }
    (Guess::Text, None)
}

/// Names for what stands in a key alone, after the constant before it: `order_id` of `ORDER#{}`.
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
        Guess::Timestamp => "at",
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

/// Values of fields that stand in the key alone, by the fields' names, item by item.
pub(super) type KeyOnlyValues<'r> = BTreeMap<String, Vec<&'r str>>;

/// The data that a composed key keeps alone.
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
