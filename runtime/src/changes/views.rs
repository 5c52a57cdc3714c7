//! What a stream keeps of a change, by its view.

use super::info::{EventKind, RemovedBy};
use super::problem::Problem;
use super::record::StreamRecord;
use crate::model::Model;
use crate::table::StreamView;

/// What a stream of view `new-and-old-images` keeps.
#[derive(Clone, Debug, PartialEq)]
pub enum BothImages<M> {
    /// The item was created.
    Inserted {
        /// The item.
        new: M,
    },
    /// The item existed and was changed.
    Modified {
        /// The item before.
        old: M,
        /// The item after.
        new: M,
    },
    /// The item was deleted.
    Removed {
        /// The item as it was.
        old: M,
        /// Who deleted it.
        by: RemovedBy,
    },
}

/// What a stream of view `new-image` keeps.
#[derive(Clone, Debug, PartialEq)]
pub enum NewImage<M> {
    /// The item was created.
    Inserted {
        /// The item.
        new: M,
    },
    /// The item existed and was changed.
    Modified {
        /// The item after.
        new: M,
    },
    /// The item was deleted.
    Removed {
        /// Who deleted it.
        by: RemovedBy,
    },
}

/// What a stream of view `old-image` keeps.
#[derive(Clone, Debug, PartialEq)]
pub enum OldImage<M> {
    /// The item was created.
    Inserted,
    /// The item existed and was changed.
    Modified {
        /// The item before.
        old: M,
    },
    /// The item was deleted.
    Removed {
        /// The item as it was.
        old: M,
        /// Who deleted it.
        by: RemovedBy,
    },
}

/// What a stream of view `keys-only` keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeysOnly {
    /// The item was created.
    Inserted,
    /// The item existed and was changed.
    Modified,
    /// The item was deleted.
    Removed {
        /// Who deleted it.
        by: RemovedBy,
    },
}

/// What a stream keeps for a change of an `M`.
pub trait View<M: Model>: Sized + Send + 'static {
    #[doc(hidden)]
    fn read(record: &mut StreamRecord<'_>) -> Result<Self, Problem>;
}

/// What a stream keeps, if it includes the item before a change.
#[diagnostic::on_unimplemented(
    message = "the stream does not keep the item before a change",
    note = "declare `stream = \"new-and-old-images\"` or `stream = \"old-image\"` on the table"
)]
pub trait KeepsOld<M: Model>: View<M> {
    /// The item before the change.
    fn old_image(&self) -> Option<&M>;
}

/// What a stream keeps, if it includes the item after a change.
#[diagnostic::on_unimplemented(
    message = "the stream does not keep the item after a change",
    note = "declare `stream = \"new-and-old-images\"` or `stream = \"new-image\"` on the table"
)]
pub trait KeepsNew<M: Model>: View<M> {
    /// The item after the change.
    fn new_image(&self) -> Option<&M>;
}

impl<M: Model> View<M> for BothImages<M> {
    fn read(record: &mut StreamRecord<'_>) -> Result<Self, Problem> {
        record.check_images(StreamView::NewAndOldImages)?;
        Ok(match record.info.kind {
            EventKind::Insert => BothImages::Inserted { new: record.new_image()? },
            EventKind::Modify => BothImages::Modified { old: record.old_image()?, new: record.new_image()? },
            EventKind::Remove => BothImages::Removed { old: record.old_image()?, by: record.removed_by },
        })
    }
}

impl<M: Model> View<M> for NewImage<M> {
    fn read(record: &mut StreamRecord<'_>) -> Result<Self, Problem> {
        record.check_images(StreamView::NewImage)?;
        Ok(match record.info.kind {
            EventKind::Insert => NewImage::Inserted { new: record.new_image()? },
            EventKind::Modify => NewImage::Modified { new: record.new_image()? },
            EventKind::Remove => NewImage::Removed { by: record.removed_by },
        })
    }
}

impl<M: Model> View<M> for OldImage<M> {
    fn read(record: &mut StreamRecord<'_>) -> Result<Self, Problem> {
        record.check_images(StreamView::OldImage)?;
        Ok(match record.info.kind {
            EventKind::Insert => OldImage::Inserted,
            EventKind::Modify => OldImage::Modified { old: record.old_image()? },
            EventKind::Remove => OldImage::Removed { old: record.old_image()?, by: record.removed_by },
        })
    }
}

impl<M: Model> View<M> for KeysOnly {
    fn read(record: &mut StreamRecord<'_>) -> Result<Self, Problem> {
        record.check_images(StreamView::KeysOnly)?;
        Ok(match record.info.kind {
            EventKind::Insert => KeysOnly::Inserted,
            EventKind::Modify => KeysOnly::Modified,
            EventKind::Remove => KeysOnly::Removed { by: record.removed_by },
        })
    }
}

impl<M: Model> KeepsOld<M> for BothImages<M> {
    fn old_image(&self) -> Option<&M> {
        match self {
            BothImages::Inserted { .. } => None,
            BothImages::Modified { old, .. } | BothImages::Removed { old, .. } => Some(old),
        }
    }
}

impl<M: Model> KeepsOld<M> for OldImage<M> {
    fn old_image(&self) -> Option<&M> {
        match self {
            OldImage::Inserted => None,
            OldImage::Modified { old } | OldImage::Removed { old, .. } => Some(old),
        }
    }
}

impl<M: Model> KeepsNew<M> for BothImages<M> {
    fn new_image(&self) -> Option<&M> {
        match self {
            BothImages::Inserted { new } | BothImages::Modified { new, .. } => Some(new),
            BothImages::Removed { .. } => None,
        }
    }
}

impl<M: Model> KeepsNew<M> for NewImage<M> {
    fn new_image(&self) -> Option<&M> {
        match self {
            NewImage::Inserted { new } | NewImage::Modified { new } => Some(new),
            NewImage::Removed { .. } => None,
        }
    }
}
