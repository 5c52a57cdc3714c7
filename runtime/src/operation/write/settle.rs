//! What an item tells about a write whose response was lost.

use crate::error::{Error, Reason};
use crate::expression::action::Action;
use crate::expression::path::{Path, Step, lookup};
use crate::item::Item;
use crate::kind::same_values;
use crate::managed::Written;
use crate::operation::write::meaning::Meaning;

impl Meaning {
    /// Tries to learn an unknown outcome from the item that a failed condition returned. An earlier attempt, whose response was
    /// lost, may have been carried out.
    ///
    /// If the item has the write's own id, the write was carried out. Equal contents prove nothing, because another client may
    /// have written them. Only versions can prove that the write was not carried out: only one write leads from a version to the
    /// next, and `contradicts` tells whether this write cannot have left the item.
    ///
    /// # Errors
    /// The write was not carried out, or the outcome is still unknown.
    #[cold]
    pub fn settle(
        &self,
        mut error: Error,
        written: &Written,
        contradicts: &dyn Fn(&Item) -> bool,
    ) -> Result<Item, Error> {
        if !error.is_unclear() {
            return Err(error);
        }
        let Some(current) = error.take_item().filter(|item| !self.is_bare_key(item)) else {
            return Err(error);
        };
        if self.is_own(&current, written) {
            return Ok(current);
        }
        let is_disproved = self.follows().is_some_and(|expected| {
            let version = expected.version_of(&current);
            // If an item was created and deleted meanwhile, another creation proves nothing.
            expected.version != 0
                && (version == expected.version && self.was_written_as_read(&current)
                    || version == expected.version.saturating_add(1)
                        && (self.has_other_id(&current, written) || contradicts(&current)))
        });
        if !is_disproved {
            return Err(error.with_item(Some(current)));
        }
        let (kind, item) = self.of_failure(Some(current));
        error.set_kind(kind);
        Err(error.with_item(item))
    }

    /// As [`settle`](Self::settle), for a deletion, which leaves nothing. Within an item's life, versions only grow.
    #[cold]
    pub fn settle_deletion(&self, mut error: Error) -> Error {
        let Some(expected) = self.version() else { return error };
        if error.is_unclear()
            && let Some(current) = error.take_item().filter(|item| !self.is_bare_key(item))
        {
            let version = expected.version_of(&current);
            let is_there = version > expected.version
                || version == expected.version && self.was_written_as_read(&current);
            let (kind, item) = if is_there && expected.version != 0 {
                self.of_failure(Some(current))
            } else {
                (Reason::OutcomeUnknown, Some(current))
            };
            error.set_kind(kind);
            return error.with_item(item);
        }
        error
    }

    /// Whether this very write left the item.
    fn is_own(&self, current: &Item, written: &Written) -> bool {
        let id = self.write_id().and_then(|attribute| Some((written.attribute(attribute)?, attribute)));
        id.is_some_and(|(id, attribute)| current.get(attribute) == Some(id))
    }

    /// Whether another write, which has an id, left the item.
    fn has_other_id(&self, current: &Item, written: &Written) -> bool {
        self.write_id().is_some_and(|attribute| {
            current.contains_key(attribute) && current.get(attribute) != written.attribute(attribute)
        })
    }
}

/// Whether these actions cannot have left the item. Additions prove nothing, and neither do elements of lists, which move.
pub(crate) fn contradicts(actions: &[(Path, Action)], current: &Item) -> bool {
    actions.iter().any(|(path, action)| {
        let stored = lookup(current, path);
        let is_other = match action {
            Action::Set(value) => !stored.is_some_and(|stored| same_values(stored, value)),
            Action::Remove => stored.is_some(),
            _ => false,
        };
        is_other && !path.steps().iter().any(|step| matches!(step, Step::Index(_)))
    })
}
