//! The fields of a model: its attributes with their types, those of its keys first.

use super::groups::Group;
use super::guess::{Guess, Guessed, Guesser, LIKELY, Unit, items as counted};
use super::observe::Observed;
use crate::catalog::{Scalar, StoredInstant};
use crate::import::description::TableDescription;
use crate::import::draft::DraftField;
use crate::import::item::Item;
use crate::import::names::field_name;
use crate::names;
use std::collections::{BTreeMap, BTreeSet};

/// What is known about a table when the fields of its models are guessed.
pub(super) struct Known<'k> {
    pub table: &'k TableDescription,
    pub guesser: Guesser,
    /// The attribute that names the kind of each item.
    pub discriminator: Option<&'k str>,
}

/// Fields that a model may have, by their attributes, and notes about attributes that it cannot have.
pub(super) struct Candidates {
    pub fields: BTreeMap<String, DraftField>,
    pub notes: Vec<String>,
}

/// A field for every attribute of a group's items.
pub(super) fn candidates(known: &Known<'_>, group: &Group<'_>) -> Candidates {
    let mut by_attribute: BTreeMap<&str, Vec<_>> = BTreeMap::new();
    for (attribute, value) in group.items.iter().flat_map(|item| &item.attributes) {
        by_attribute.entry(attribute).or_default().push(value);
    }
    let keys = known.table.key_attributes();
    let mut taken = BTreeSet::new();
    let (mut fields, mut notes) = (BTreeMap::new(), Vec::new());
    for (attribute, values) in by_attribute {
        let observed = Observed::of(values.iter().copied());
        let guessed = known.guesser.attribute(attribute, &observed, group.items.len(), Unit::Item);
        let Guessed { mut guess, optional, mut remark } = match guessed {
            Ok(guessed) => guessed,
            Err(why) => {
                notes.push(format!("The attribute `{attribute}` is left out: {why}."));
                continue;
            }
        };
        if attribute.is_empty() {
            notes.push(String::from("An attribute whose name is empty is left out."));
            continue;
        }
        let mut default = None;
        if known.table.ttl.as_deref() == Some(attribute) {
            guess = Guess::Timestamp(StoredInstant::EpochSeconds);
            remark =
                format!("sure: the table's TTL; in {} of {}", observed.count, counted(group.items.len()));
        } else if let Some(key) = keys.iter().find(|key| key.name == attribute) {
            guess = for_key(guess, key.scalar, known.table.is_key(attribute));
        } else if known.discriminator == Some(attribute) && known.guesser.enums && !optional {
            default = constant(&group.items, attribute);
            if default.is_some() {
                guess = Guess::Text;
                remark =
                    format!("the same in all {}: it names the kind of the item", counted(group.items.len()));
            }
        }
        let name = free_name(attribute, &mut taken);
        let attribute = attribute.to_owned();
        let field = DraftField {
            name,
            attribute: attribute.clone(),
            guess,
            optional,
            key_only: false,
            default,
            remark,
        };
        fields.insert(attribute, field);
    }
    Candidates { fields, notes }
}

/// A field that no sampled item shows.
pub(super) fn unseen(
    table: &TableDescription,
    attribute: &str,
    taken: &mut BTreeSet<String>,
    why: &str,
) -> DraftField {
    let key = table.key_attributes().into_iter().find(|key| key.name == attribute).map(|key| key.scalar);
    let guess = match key {
        _ if table.ttl.as_deref() == Some(attribute) => Guess::Timestamp(StoredInstant::EpochSeconds),
        Some(Scalar::Text) => Guess::Text,
        Some(Scalar::Number) => Guess::Decimal,
        Some(Scalar::Binary) => Guess::Bytes,
        None => Guess::Json,
    };
    DraftField {
        name: free_name(attribute, taken),
        attribute: attribute.to_owned(),
        guess,
        optional: !table.is_key(attribute),
        key_only: false,
        default: None,
        remark: why.to_owned(),
    }
}

/// A declared name whose Rust name is free.
pub(in crate::import) fn free_name(attribute: &str, taken: &mut BTreeSet<String>) -> String {
    let stem = field_name(attribute);
    let numbered = (2..).map(|number| format!("{stem}_{number}"));
    let rust = |name: &str| names::field_name(name).map(|rust| names::type_stem(&rust)).unwrap_or_default();
    let mut all = std::iter::once(stem.clone()).chain(numbered);
    all.find(|name| taken.insert(rust(name))).unwrap_or(stem)
}

/// A type that a key can have. A key of the table is never an enum, because it must accept values that no sampled item had.
fn for_key(guess: Guess, scalar: Scalar, is_of_table: bool) -> Guess {
    match (scalar, guess) {
        (Scalar::Text, Guess::Enumeration(variants)) if !is_of_table => Guess::Enumeration(variants),
        (Scalar::Text, guess @ (Guess::Uuid | Guess::UpperCaseUuid | Guess::Ulid | Guess::Date)) => guess,
        (Scalar::Number, guess @ Guess::Whole) | (Scalar::Binary, guess @ Guess::UuidBytes) => guess,
        (Scalar::Text, Guess::Timestamp(form)) if form.is_text() => Guess::Timestamp(form),
        (Scalar::Number, Guess::Timestamp(form)) if !form.is_text() => Guess::Timestamp(form),
        (Scalar::Text, _) => Guess::Text,
        (Scalar::Number, _) => Guess::Decimal,
        (Scalar::Binary, _) => Guess::Bytes,
    }
}

/// The value that all items have in an attribute.
fn constant(items: &[&Item], attribute: &str) -> Option<String> {
    let first = items.first()?.text(attribute)?;
    items.iter().all(|item| item.text(attribute) == Some(first)).then(|| first.to_owned())
}

/// Whether every value of the TTL attribute is a number of seconds.
pub(super) fn is_ttl(items: &[&Item], attribute: &str) -> bool {
    let observed = Observed::of(items.iter().filter_map(|item| item.attributes.get(attribute)));
    observed.numbers.any_seconds == observed.present()
}

/// The remark about a field that is part of a key.
pub(super) fn part_of_key(remark: &str, count: usize) -> String {
    let sure = if count >= LIKELY { "likely" } else { "a guess" };
    match remark.is_empty() {
        true => format!("{sure}: read from the key of {}", counted(count)),
        false if remark.ends_with("part of a key") => remark.to_owned(),
        false => format!("{remark}; part of a key"),
    }
}
