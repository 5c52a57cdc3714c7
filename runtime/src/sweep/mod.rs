//! Sweeps: jobs that go over stored items and bring them into the form in which writes of today would store them.
//!
//! A table outlives the code that writes it. Once an index is added, older items lack its keys; once a field becomes
//! unique, older values have no guards; other programs store keys that are stale. [`Sweep`] mends all of it, beside the
//! application and its writers, at a rate that its caller chooses. `docs/sweeps.md` tells how.

#[cfg(feature = "progress")]
mod bar;
mod builder;
mod change;
mod cost;
mod difference;
mod engine;
mod error;
mod event;
mod failure;
mod file;
mod keeper;
mod models;
mod rate;
mod read;
mod receipt;
mod report;
mod run;
mod settings;
mod state;
mod store;
mod table;
mod tries;
mod write;

pub use builder::{PlanSweep, Sweep};
pub use change::{ChangeKind, SweepChange};
pub use error::SweepError;
pub use event::SweepEvent;
pub use failure::{SweepFailure, SweepProblem};
pub use file::SweepFile;
#[doc(hidden)]
pub use models::SweptModel;
pub use report::{SweepCounts, SweepPlan, SweepReport, SweepStatus};
pub use run::{RunningSweep, SweepStop};
pub use store::{Lease, StoreFuture, SweepStore};
pub use table::{SweepTable, checkpoint_table};
