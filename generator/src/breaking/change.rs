//! One change that was found.

use super::{ChangeKind, Severity, Verdict};
#[cfg(feature = "cli")]
use crate::diagnostic::Span;

/// A change of the declarations, and its meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change {
    /// What kind of change it is.
    pub kind: ChangeKind,
    /// What has changed, by stored names: `model.Order.total`, `type.Address.city`, `table.shop.index.by-status`.
    pub place: String,
    /// What has changed, in a line.
    pub message: String,
    /// The previous declaration, as the lock writes it.
    pub was: Option<String>,
    /// What to do about it.
    pub way_out: Option<String>,
    /// The reason in the lock, if the change was accepted.
    pub accepted: Option<String>,
    #[cfg(feature = "cli")]
    pub(crate) span: Option<Span>,
}

impl Change {
    /// What it means.
    pub fn verdict(&self) -> Verdict {
        self.kind.verdict()
    }

    /// How bad it is at worst.
    pub fn severity(&self) -> Severity {
        self.verdict().severity()
    }
}
