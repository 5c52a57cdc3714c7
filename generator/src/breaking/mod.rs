//! What a change of the declarations means: for stored items, for code that calls the generated modules, and for live tables.
//!
//! ```
//! use dynamorm_generator::breaking::{self, Severity};
//!
//! let old = r#"
//! [table.orders]
//! partition_key = "id"
//!
//! [model.Order]
//! table = "orders"
//!
//! [model.Order.schema]
//! id = "uuid"
//! total = "u32"
//! "#;
//! let changes = breaking::between(old, &old.replace("u32", "u64"))?;
//! let [change] = changes.as_slice() else { panic!("one change") };
//! assert_eq!(change.kind.code(), "B0110");
//! assert_eq!(change.place, "model.Order.total");
//! // Older code cannot read what newer code stores.
//! assert_eq!(change.verdict().old_reads_new, Severity::Breaks);
//! # Ok::<_, dynamorm_generator::Error>(())
//! ```

mod attributes;
mod change;
mod compare;
mod forms;
mod kind;
#[cfg(feature = "cli")]
mod place;
#[cfg(feature = "cli")]
mod render;
mod shapes;
mod tables;
mod verdict;
mod way_out;

pub use change::Change;
pub use kind::ChangeKind;
#[cfg(feature = "cli")]
pub(crate) use render::{lines, render};
pub use verdict::{Severity, TableWork, Verdict};

#[cfg(feature = "cli")]
use crate::catalog::Catalog;
use crate::error::Error;
use crate::generator::catalog_of;
use crate::lock::{Former, Lock};
#[cfg(feature = "cli")]
use crate::source::SourceFile;

/// The changes from one text of declarations to another, in the order of their places.
///
/// # Errors
/// Declarations that are wrong, with all findings.
pub fn between(old: &str, new: &str) -> Result<Vec<Change>, Error> {
    let old = Lock::of(&catalog_of("old.toml", old, Former::Any)?, None);
    let new = catalog_of("new.toml", new, Former::Any)?;
    Ok(changes(&old, Kept::Nowhere, &Lock::of(&new, Some(&old))))
}

/// The text of the lock that declarations ask for. `known` are those that were taken over before, the oldest first.
///
/// # Errors
/// Declarations that are wrong, with all findings.
pub fn lock(known: &[&str], declarations: &str) -> Result<String, Error> {
    let mut lock: Option<Lock> = None;
    for declarations in known.iter().chain([&declarations]) {
        let catalog = catalog_of("models.toml", declarations, Former::Lock(lock.as_ref()))?;
        lock = Some(Lock::of(&catalog, lock.as_ref()));
    }
    Ok(lock.unwrap_or_default().text())
}

/// Whether what the declarations said before was in a lock: writes of a locked model demand that no newer shape is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kept {
    InLock,
    Nowhere,
}

/// The changes from one lock to another, with the way out of each.
pub(crate) fn changes(old: &Lock, kept: Kept, new: &Lock) -> Vec<Change> {
    let mut changes = compare::compare(old, kept, new);
    for change in &mut changes {
        change.way_out = way_out::of(change.kind).map(str::to_owned);
        let known = new.accepted.iter();
        let known = known.chain(&old.accepted);
        change.accepted = known
            .clone()
            .find(|accepted| accepted.change == change.kind.code() && accepted.place == change.place)
            .map(|accepted| accepted.reason.clone());
    }
    changes
}

/// Notes where each change stands in the new declarations, or what surrounds it if it is not there any more.
#[cfg(feature = "cli")]
pub(crate) fn locate(changes: &mut [Change], catalog: &Catalog, files: &[SourceFile]) {
    let places = place::Places::new(catalog, files);
    for change in changes {
        change.span = places.find(&change.place);
    }
}
