//! What a sweep finds to be written, and how often.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

/// What differs between an attribute as it is stored and as writes of today would store it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ChangeKind {
    /// It is missing, and the item's values give it: a default, say.
    Missing,
    /// A key of an index is missing: the index was declared after the item was written.
    KeyMissing,
    /// A key of an index is another one than the item's values give, or should not be there.
    KeyStale,
    /// The attribute is missing that says of which model the item is.
    TypeMissing,
    /// It is stored in another form than the one that writes use.
    OtherForm,
    /// The item has an older shape. The attribute is the one that holds the shape's number; all that the upgrade changes is
    /// written with it.
    OlderShape,
    /// It is stored under one of its further names (`also_read`).
    FormerName,
    /// It is stored without a value, as `NULL`.
    Surplus,
    /// The sweep was told to [remove](super::Sweep::remove_former) it: the model declares it no more.
    Former,
    /// A unique value has no guard, or that of another item.
    GuardMissing,
}

impl fmt::Display for ChangeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ChangeKind::Missing => "missing",
            ChangeKind::KeyMissing => "missing key of an index",
            ChangeKind::KeyStale => "stale key of an index",
            ChangeKind::TypeMissing => "missing type",
            ChangeKind::OtherForm => "stored in another form",
            ChangeKind::OlderShape => "older shape",
            ChangeKind::FormerName => "stored under a former name",
            ChangeKind::Surplus => "stored without a value",
            ChangeKind::Former => "declared no more",
            ChangeKind::GuardMissing => "unique value without a guard",
        })
    }
}

/// What differs, in how many items of a model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SweepChange {
    model: String,
    attribute: String,
    kind: ChangeKind,
    items: u64,
    examples: Vec<String>,
}

impl SweepChange {
    /// The model.
    pub fn model(&self) -> &str {
        &self.model
    }

    /// The stored name of the attribute; of a guard, the names of all that are unique together.
    pub fn attribute(&self) -> &str {
        &self.attribute
    }

    /// How it differs.
    pub fn kind(&self) -> ChangeKind {
        self.kind
    }

    /// In how many items.
    pub fn items(&self) -> u64 {
        self.items
    }

    /// The keys of the first of these items, written out for people.
    pub fn examples(&self) -> &[String] {
        &self.examples
    }
}

impl fmt::Display for SweepChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let SweepChange { model, attribute, kind, items, .. } = self;
        write!(f, "{model}.{attribute}: {kind} ({items})")?;
        if let Some(first) = self.examples.first() {
            write!(f, ", such as {first}")?;
        }
        Ok(())
    }
}

/// How many keys are shown of each difference.
const EXAMPLES: usize = 3;

/// Every difference so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Changes(BTreeMap<(String, String, ChangeKind), SweepChange>);

impl Changes {
    /// Counts a difference of the item with this key.
    pub fn add(&mut self, model: &str, attribute: &str, kind: ChangeKind, key: &dyn Fn() -> String) {
        let place = (model.to_owned(), attribute.to_owned(), kind);
        let change = self.0.entry(place).or_insert_with(|| SweepChange {
            model: model.to_owned(),
            attribute: attribute.to_owned(),
            kind,
            items: 0,
            examples: Vec::new(),
        });
        change.items += 1;
        if change.examples.len() < EXAMPLES {
            change.examples.push(key());
        }
    }

    /// Counts those of `others` too.
    pub fn extend(&mut self, others: &Changes) {
        for (place, other) in &others.0 {
            match self.0.get_mut(place) {
                Some(change) => {
                    change.items += other.items;
                    let room = EXAMPLES.saturating_sub(change.examples.len());
                    change.examples.extend(other.examples.iter().take(room).cloned());
                }
                None => {
                    self.0.insert(place.clone(), other.clone());
                }
            }
        }
    }

    pub fn of(changes: Vec<SweepChange>) -> Self {
        let named = changes.into_iter();
        Changes(
            named
                .map(|change| ((change.model.clone(), change.attribute.clone(), change.kind), change))
                .collect(),
        )
    }

    pub fn list(&self) -> Vec<SweepChange> {
        self.0.values().cloned().collect()
    }
}
