//! What it means when the condition of a write fails.

use crate::error::{Error, Reason};
use crate::facts::{Facts, UniqueFields};
use crate::item::Item;
use crate::managed::Expected;
use crate::operation::write::addition::AdditionBound;
use crate::operation::write::demands::{Existence, Rare, ShapeDemand};
use crate::operation::write::unchanged::Unchanged;

/// What it means when a write's condition fails.
#[derive(Clone)]
pub(crate) struct Meaning {
    pub(crate) facts: &'static Facts,
    pub(crate) existence: Existence,
    pub(crate) conditional: bool,
    pub(crate) rare: Option<Box<Rare>>,
}

impl Meaning {
    /// Of a condition without more to say.
    pub fn plain(facts: &'static Facts) -> Self {
        Meaning { facts, existence: Existence::Any, conditional: false, rare: None }
    }

    /// Of the condition that no other item has these unique values.
    pub fn of_guard(facts: &'static Facts, unique: &'static UniqueFields) -> Self {
        let rare = Rare { unique: Some(unique), ..Rare::default() };
        Meaning { rare: Some(Box::new(rare)), ..Self::plain(facts) }
    }

    /// Demands that what the transaction was made from is as it was read.
    pub fn expect_unchanged(&mut self, unchanged: Unchanged) {
        self.rare.get_or_insert_default().expect_unchanged(unchanged);
    }

    /// Whether it demands that no item is there.
    pub fn refuses_any(&self) -> bool {
        self.existence == Existence::Refused
    }

    /// The version that the written one follows.
    pub fn follows(&self) -> Option<Expected> {
        self.rare.as_ref()?.version
    }

    /// The version that the item must have: where no item may be, none has one.
    pub fn version(&self) -> Option<Expected> {
        self.follows().filter(|_| self.existence != Existence::Refused)
    }

    /// The attribute of the item's write id.
    pub fn write_id(&self) -> Option<&'static str> {
        Some(self.facts.managed?.write_id.as_ref()?.attribute)
    }

    /// Whether the item's last write is the one that was read, as far as it is known.
    pub fn was_written_as_read(&self, item: &Item) -> bool {
        let demanded = self.rare.as_ref().and_then(|rare| rare.write_id.as_ref());
        demanded.is_none_or(|demanded| item.get(demanded.attribute) == demanded.id.as_ref())
    }

    fn guards(&self) -> &[AdditionBound] {
        self.rare.as_ref().map_or(&[], |rare| &rare.guards)
    }

    /// Whether the item that was there is wanted: by the caller, or since the kind of the error depends on it.
    pub(crate) fn wants_item(&self) -> bool {
        let Some(rare) = &self.rare else { return self.conditional || self.write_id().is_some() };
        // Of a put whose response was lost, the item may be its own, which its version tells.
        self.conditional
            || self.write_id().is_some()
            || rare.return_existing
            || rare.of_own_model
            || rare.version.is_some()
            || rare.unchanged.is_some()
            || !rare.guards.is_empty()
            || !rare.absent.is_empty()
            || rare.shape.is_some()
    }

    /// Says more precisely why a condition failed.
    #[cold]
    pub fn explain(&self, mut error: Error) -> Error {
        if !error.is_condition_failed() {
            return error;
        }
        let (kind, item) = self.of_failure(error.take_item());
        error.set_kind(kind);
        error.with_item(item)
    }

    /// Why the condition failed, given the item that was there.
    pub fn of_failure(&self, item: Option<Item>) -> (Reason, Option<Item>) {
        if let Some(unique) = self.rare.as_ref().and_then(|rare| rare.unique) {
            return (Reason::NotUnique(unique.names()), None);
        }
        let item = item.filter(|item| !self.is_bare_key(item));
        let is_of_own = self.rare.as_ref().is_some_and(|rare| rare.of_own_model);
        let other = item.as_ref().filter(|_| is_of_own);
        if let Some(other) = other.and_then(|item| self.facts.discriminator.other_type(item)) {
            return (Reason::OtherModel(other.to_owned()), None);
        }
        // What is demanded of an attribute is demanded of the name that the item has.
        let (found, item) = match item {
            Some(item) if !self.facts.also_read.is_empty() => {
                (Some(item.clone()), Some(self.facts.under_own_names(item)))
            }
            item => (None, item),
        };
        // A write that needs no item may have failed because an addition to nothing would leave its attribute's range.
        let nothing = Item::new();
        let before = item.as_ref().or((self.existence == Existence::Any).then_some(&nothing));
        let broken = before.and_then(|item| self.guards().iter().find(|guard| guard.is_broken_by(item)));
        let version = self.version();
        let unchanged = self.rare.as_ref().and_then(|rare| rare.unchanged.as_ref());
        let kind = match (self.existence, &item, broken) {
            (existence, item, _)
                if existence != Existence::Refused
                    && let Some(reason) = self.of_shape(item.as_ref()) =>
            {
                reason
            }
            (Existence::Refused, None, _) if self.conditional => Reason::ConditionFailed,
            (Existence::Refused, ..) => Reason::AlreadyExists,
            (Existence::Required, None, _) => Reason::NotFound,
            (Existence::Any, None, _) if version.is_some_and(|expected| expected.version != 0) => {
                Reason::NotFound
            }
            (_, Some(item), _)
                if version.is_some_and(|expected| {
                    expected.version_of(item) != expected.version || !self.was_written_as_read(item)
                }) =>
            {
                Reason::VersionConflict(version.map_or(0, |expected| expected.version))
            }
            (_, Some(_), _) if self.is_under_further_name(found.as_ref()) => Reason::PathNotStored,
            _ if unchanged.is_some_and(|unchanged| !unchanged.holds_for(item.as_ref())) => Reason::Stale,
            (_, _, Some(guard)) if !guard.is_named => Reason::OutOfRange(guard.path.to_string()),
            _ => Reason::ConditionFailed,
        };
        (kind, found.or(item))
    }

    /// What is said where the item has a shape that the write cannot do with.
    fn of_shape(&self, item: Option<&Item>) -> Option<Reason> {
        let demanded = self.rare.as_ref()?.shape?;
        let shape = self.facts.shape?;
        let Some(item) = item else {
            let is_created_older = self.existence == Existence::Any
                && demanded == ShapeDemand::Current
                && shape.written.is_some();
            return is_created_older.then_some(Reason::OlderShape(0));
        };
        // Whoever stored something else there does not know this model.
        let found = shape.of_item(item)?;
        if found > shape.number {
            Some(Reason::NewerShape(found))
        } else {
            (demanded == ShapeDemand::Current && found < shape.number).then_some(Reason::OlderShape(found))
        }
    }

    /// Whether a set whose members were to change is stored under another name.
    fn is_under_further_name(&self, found: Option<&Item>) -> bool {
        let absent = self.rare.as_ref().map_or(&[][..], |rare| &rare.absent);
        found.is_some_and(|found| absent.iter().any(|name| found.contains_key(*name)))
    }

    /// One engine returns the key alone for an item that is not there.
    pub fn is_bare_key(&self, item: &Item) -> bool {
        let table = self.facts.table;
        item.is_empty()
            || self.facts.more_than_key
                && item.len() == table.key().count()
                && table.key().all(|key| item.contains_key(key.name))
    }
}
