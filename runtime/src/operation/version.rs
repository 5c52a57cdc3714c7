//! Optimistic locking: what a write demands of an item's version, and whether an item is what a write of one's own left.

use aws_sdk_dynamodb::types::AttributeValue;

use super::action::Action;
use super::write::{Meaning, lookup};
use crate::attribute::{Path, Step};
use crate::condition::{Expression, Operand};
use crate::decode::Item;
use crate::error::{Error, ErrorKind};
use crate::kind::compare_numbers;
use crate::managed::{Expected, ManagedValues, TimeForm};

/// Whether an item is what a write left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Own {
    Yes,
    No,
    /// The item does not show it.
    Unknown,
}

impl Expected {
    /// The condition that an item has this version.
    pub fn expression(&self) -> Expression {
        let path = Path::top(self.attribute);
        let version = AttributeValue::N(self.version.to_string());
        let equal = Expression::Compare(Operand::Path(path), "=", Ok(version));
        if self.version == 0 {
            let absent = Expression::existence(self.attribute, false);
            return Expression::Join("OR", vec![absent, equal]);
        }
        equal
    }
}

impl Meaning {
    /// Looks whether an unknown outcome can be told from the item that a failed condition returned: an earlier attempt,
    /// whose response was lost, may have been carried out. `own` says whether an item is what the write leaves.
    ///
    /// # Errors
    /// The write was not carried out, or it is still unknown.
    #[cold]
    pub fn settle(&self, mut error: Error, own: &dyn Fn(&Item) -> Own) -> Result<Item, Error> {
        let Some(expected) = self.follows() else { return Err(error) };
        if !error.is_unclear() {
            return Err(error);
        }
        let Some(current) = error.take_item().filter(|item| !self.is_bare_key(item)) else {
            return Err(error);
        };
        let version = expected.version_of(&current);
        let own = match version {
            // Only this write leads from the one version to the next, or another client's instead of it.
            next if next == expected.version.saturating_add(1) => own(&current),
            same if same == expected.version => Own::No,
            _ => Own::Unknown,
        };
        match own {
            Own::Yes => Ok(current),
            Own::No => {
                let (kind, item) = self.of_failure(Some(current));
                error.set_kind(kind);
                Err(error.with_item(item))
            }
            Own::Unknown => Err(error.with_item(Some(current))),
        }
    }

    /// As [`settle`](Self::settle) for a deletion, which leaves nothing: an item of a later version was never deleted.
    #[cold]
    pub fn settle_deletion(&self, mut error: Error) -> Error {
        let Some(expected) = self.version() else { return error };
        if error.is_unclear()
            && let Some(current) = error.take_item().filter(|item| !self.is_bare_key(item))
        {
            let is_there = expected.version_of(&current) >= expected.version;
            let (kind, item) = if is_there {
                self.of_failure(Some(current))
            } else {
                (ErrorKind::OutcomeUnknown, Some(current))
            };
            error.set_kind(kind);
            return error.with_item(item);
        }
        error
    }
}

/// Whether an item is what these actions left.
pub(super) fn own_update(actions: &[(Path, Action)], managed: Option<&ManagedValues>, current: &Item) -> Own {
    let moment = managed.and_then(|managed| managed.updated.as_ref());
    // Two clients that change one version in one microsecond are not to be expected.
    let mut is_told_by_moment = false;
    let mut own = Own::Yes;
    for (path, action) in actions {
        let stored = lookup(current, path);
        let is_as_written = match action {
            Action::Set(value) => Some(stored.is_some_and(|stored| same(stored, value))),
            Action::Remove => Some(stored.is_none()),
            _ => None,
        };
        // Elements of lists move, and what was added to a number or a list cannot be told from what was there.
        let moves = path.steps().iter().any(|step| matches!(step, Step::Index(_)));
        match is_as_written {
            Some(true) => {
                is_told_by_moment |= moment
                    .is_some_and(|moment| moment.form == TimeForm::Text && moment.attribute == path.root);
            }
            Some(false) if !moves => return Own::No,
            _ => own = Own::Unknown,
        }
    }
    if is_told_by_moment { Own::Yes } else { own }
}

/// Whether two items are equal, however an engine writes numbers and orders sets.
pub(super) fn same_items(left: &Item, right: &Item) -> bool {
    left.len() == right.len()
        && left.iter().all(|(name, left)| right.get(name).is_some_and(|right| same(left, right)))
}

fn same(left: &AttributeValue, right: &AttributeValue) -> bool {
    match (left, right) {
        (AttributeValue::N(left), AttributeValue::N(right)) => same_numbers(left, right),
        (AttributeValue::M(left), AttributeValue::M(right)) => same_items(left, right),
        (AttributeValue::L(left), AttributeValue::L(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same(left, right))
        }
        (AttributeValue::Ss(left), AttributeValue::Ss(right)) => same_sets(left, right, PartialEq::eq),
        (AttributeValue::Bs(left), AttributeValue::Bs(right)) => same_sets(left, right, PartialEq::eq),
        (AttributeValue::Ns(left), AttributeValue::Ns(right)) => {
            same_sets(left, right, |left, right| same_numbers(left, right))
        }
        _ => left == right,
    }
}

fn same_sets<T>(left: &[T], right: &[T], same: impl Fn(&T, &T) -> bool) -> bool {
    left.len() == right.len() && left.iter().all(|left| right.iter().any(|right| same(left, right)))
}

fn same_numbers(left: &str, right: &str) -> bool {
    left == right || compare_numbers(left, right).is_some_and(std::cmp::Ordering::is_eq)
}
