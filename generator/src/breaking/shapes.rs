//! What differs between two locks: the shapes of a model, and which of them it writes.

use super::compare::Changes;
use super::{ChangeKind, Kept};
use crate::catalog::{Generated, StoredShape};
use crate::lock::{Attribute, LockedModel, LockedTable, Shape};

/// What the declarations before said of a model.
pub(super) struct Before<'l> {
    pub model: &'l LockedModel,
    pub table: Option<&'l LockedTable>,
    pub kept: Kept,
}

/// Notes a shape that came or went, and another one that is written.
pub(super) fn compare(changes: &mut Changes, place: &str, before: &Before<'_>, now: &LockedModel) {
    let (Some((old, old_shape)), Some((new, new_shape))) = (before.model.newest(), now.newest()) else {
        return;
    };
    let (was_written, is_written) = (before.model.written.unwrap_or(old), now.written.unwrap_or(new));
    let was = || Some(format!("shape {old}"));
    if new < old {
        let message = format!("it knows no shape above {new}");
        return changes.add(ChangeKind::ShapeGone, place, message, was());
    }
    if old_shape.attribute.is_none() && new_shape.attribute.is_some() && new == old {
        let message = "its shape is declared, so that no batch puts its items".to_owned();
        changes.add(ChangeKind::ShapeDeclared, place, message, None);
    }
    if new > old {
        let (kind, message) = match is_written <= old {
            true => (ChangeKind::ShapeKnown, format!("it knows shape {new}, and writes shape {is_written}")),
            false if before.sees_newer_shapes(old_shape) => {
                (ChangeKind::ShapeRaised, format!("its items are written with shape {new}"))
            }
            false => (ChangeKind::ShapeUnprepared, format!("its items are written with shape {new}")),
        };
        changes.add(kind, place, message, was());
        for (name, attribute) in &new_shape.attributes {
            if !is_alike(attribute, old_shape.attributes.get(name)) {
                let message = format!("items of shape {old} have no such `{name}`");
                changes.add(ChangeKind::ShapeLacksAttribute, &format!("{place}.{name}"), message, None);
            }
        }
    }
    if is_written > old {
        return;
    }
    if is_written > was_written {
        let message = format!("its items are written with shape {is_written}");
        changes.add(ChangeKind::ShapeWritten, place, message, Some(format!("writes = {was_written}")));
    } else if is_written < was_written {
        let message = format!("its items are written with shape {is_written} again");
        changes.add(ChangeKind::ShapeWrittenBack, place, message, Some(format!("shape {was_written}")));
    }
}

impl Before<'_> {
    /// Whether every write by code of these declarations demands that no newer shape is stored. Batches demand nothing, and only a
    /// declared shape keeps items out of them.
    fn sees_newer_shapes(&self, shape: &Shape) -> bool {
        let is_versioned = shape.attributes.values().any(|one| one.managed == Some(Generated::Version));
        let fits_batches = !is_versioned && shape.unique.is_empty() && !shape.shares_key;
        let is_demanded = self.kept == Kept::InLock && self.is_free(shape);
        shape.attribute.is_some() || (is_demanded && !fits_batches)
    }

    /// Whether the number of a shape is looked for where no other attribute is declared to hold it.
    fn is_free(&self, shape: &Shape) -> bool {
        let attributes = shape.attributes.iter();
        let mut of_model = attributes.flat_map(|(name, one)| one.also_read.iter().chain([name]));
        let is_taken = of_model.any(|name| name == StoredShape::ATTRIBUTE);
        !is_taken && self.table.is_none_or(|table| !table.has(StoredShape::ATTRIBUTE))
    }
}

fn is_alike(now: &Attribute, before: Option<&Attribute>) -> bool {
    before.is_some_and(|before| (&before.kind, before.key_only) == (&now.kind, now.key_only))
}
