//! What differs between two locks: the shapes of a model, and which of them it writes.

use super::compare::Changes;
use super::{ChangeKind, Kept};
use crate::lock::{Attribute, LockedModel, Shape};

/// Notes a shape that came, and another one that is written.
pub(super) fn compare(
    changes: &mut Changes,
    place: &str,
    (kept, before): (Kept, &LockedModel),
    now: &LockedModel,
) {
    let (Some((old, old_shape)), Some((new, new_shape))) = (before.newest(), now.newest()) else { return };
    let (was_written, is_written) = (before.written.unwrap_or(old), now.written.unwrap_or(new));
    if old_shape.attribute.is_none() && new_shape.attribute.is_some() && new == old {
        let message = "its shape is declared, so that no batch puts its items".to_owned();
        changes.add(ChangeKind::ShapeDeclared, place, message, None);
    }
    if new > old {
        let (kind, message) = if is_written <= was_written {
            let message = format!("it knows shape {new}, and writes shape {is_written}");
            (ChangeKind::ShapeKnown, message)
        } else if sees_newer_shapes(kept, old_shape) {
            (ChangeKind::ShapeRaised, format!("its items are written with shape {new}"))
        } else {
            (ChangeKind::ShapeUnprepared, format!("its items are written with shape {new}"))
        };
        changes.add(kind, place, message, Some(format!("shape {old}")));
        for (name, attribute) in &new_shape.attributes {
            if !is_alike(attribute, old_shape.attributes.get(name)) {
                let message = format!("items of shape {old} have no such `{name}`");
                changes.add(ChangeKind::ShapeLacksAttribute, &format!("{place}.{name}"), message, None);
            }
        }
    } else if is_written > was_written {
        let message = format!("its items are written with shape {is_written}");
        changes.add(ChangeKind::ShapeWritten, place, message, Some(format!("writes = {was_written}")));
    } else if is_written < was_written {
        let message = format!("its items are written with shape {is_written} again");
        changes.add(ChangeKind::ShapeWrittenBack, place, message, Some(format!("shape {was_written}")));
    }
}

/// Whether every write by code of these declarations demands that no newer shape is stored. Batches demand nothing, and only a
/// declared shape keeps items out of them.
fn sees_newer_shapes(kept: Kept, shape: &Shape) -> bool {
    let is_versioned =
        shape.attributes.values().any(|one| one.managed == Some(crate::catalog::Generated::Version));
    let fits_batches = !is_versioned && shape.unique.is_empty();
    let is_free = !shape.attributes.contains_key("shape");
    shape.attribute.is_some() || (kept == Kept::InLock && is_free && !fits_batches)
}

fn is_alike(now: &Attribute, before: Option<&Attribute>) -> bool {
    before.is_some_and(|before| (&before.kind, before.key_only) == (&now.kind, now.key_only))
}
