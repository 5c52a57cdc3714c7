//! What a sweep tells while it runs.

use super::failure::SweepFailure;
use super::report::{SweepCounts, SweepReport};

/// What a sweep tells while it runs.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum SweepEvent {
    /// A page of items has been dealt with. The counts are those of the whole sweep so far, also of what was done before it
    /// was killed.
    Progress(SweepCounts),
    /// An item was left as it is.
    Failed(SweepFailure),
    /// A request was throttled, and the sweep goes slower: these are the read and the write units per second that it keeps
    /// to now.
    Throttled {
        /// Nothing where reads are not limited.
        reads: Option<f64>,
        /// Nothing where writes are not limited.
        writes: Option<f64>,
    },
    /// A segment has been read to its end.
    SegmentEnded {
        /// Its number, from 0.
        segment: u32,
        /// How many there are.
        segments: u32,
    },
    /// How far it has come was kept.
    Checkpoint,
    /// It has ended. This is the last event.
    Ended(SweepReport),
}
