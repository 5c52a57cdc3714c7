//! What a sweep did, and what it would do.

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::change::{Changes, SweepChange};
use super::failure::SweepFailure;

/// How many items a sweep has met, and what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct SweepCounts {
    /// Items of the swept models.
    pub items: u64,
    /// Of these: they are stored as writes of today store them.
    pub unchanged: u64,
    /// Of these: they were written, or would be by a run.
    pub changed: u64,
    /// Of these: they were gone before they were written.
    pub gone: u64,
    /// Of these: they were left as they are, each for a reason that is listed.
    pub failed: u64,
    /// How often an item was read again, because another client had written it meanwhile.
    pub met_again: u64,
    /// Items of no swept model, guards of unique values among them.
    pub others: u64,
    /// How many requests were throttled.
    pub throttled: u64,
    /// The read units that were consumed.
    pub read_units: f64,
    /// The write units that were consumed, or would be by a run.
    pub write_units: f64,
}

impl SweepCounts {
    pub(crate) fn add(&mut self, other: &SweepCounts) {
        self.items += other.items;
        self.unchanged += other.unchanged;
        self.changed += other.changed;
        self.gone += other.gone;
        self.failed += other.failed;
        self.met_again += other.met_again;
        self.others += other.others;
        self.throttled += other.throttled;
        self.read_units += other.read_units;
        self.write_units += other.write_units;
    }
}

/// How many failures are listed; further ones are counted, and told by events.
const LISTED: usize = 1_000;
/// The most bytes of keys and messages among them.
const LISTED_BYTES: usize = 150_000;

/// What became of items: of those of a page, or of all.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    pub counts: SweepCounts,
    pub models: BTreeMap<String, u64>,
    /// Of the models whose shapes are numbered: how many items have each.
    pub shapes: BTreeMap<String, BTreeMap<u32, u64>>,
    pub changes: Changes,
    pub failures: Vec<SweepFailure>,
}

impl Tally {
    /// Lists a failure, as long as there are few.
    pub fn list(&mut self, failure: SweepFailure) {
        let size = |failure: &SweepFailure| failure.to_string().len() * 2;
        let listed: usize = self.failures.iter().map(size).sum();
        if self.failures.len() < LISTED && listed + size(&failure) <= LISTED_BYTES {
            self.failures.push(failure);
        }
    }
}

/// What a sweep did.
#[derive(Clone, Debug)]
#[must_use = "it says what failed"]
pub struct SweepReport {
    pub(crate) began: Timestamp,
    pub(crate) ended: Option<Timestamp>,
    pub(crate) tally: Tally,
}

impl SweepReport {
    /// When it began; where it went on, when that had begun.
    pub fn began(&self) -> Timestamp {
        self.began
    }

    /// When it met the last item; nothing if it was [stopped](super::SweepStop::stop) before that.
    pub fn ended(&self) -> Option<Timestamp> {
        self.ended
    }

    /// Whether it met every item, and none failed.
    pub fn is_clean(&self) -> bool {
        self.ended.is_some() && self.tally.counts.failed == 0
    }

    /// What became of the items.
    pub fn counts(&self) -> SweepCounts {
        self.tally.counts
    }

    /// How many items there are of each model.
    pub fn models(&self) -> &BTreeMap<String, u64> {
        &self.tally.models
    }

    /// How many items had each shape, by the models whose shapes are numbered.
    pub fn shapes(&self) -> &BTreeMap<String, BTreeMap<u32, u64>> {
        &self.tally.shapes
    }

    /// What differed, and in how many items.
    pub fn changes(&self) -> Vec<SweepChange> {
        self.tally.changes.list()
    }

    /// The first thousand items that were left as they are; their keys can be [swept alone](super::Sweep::only).
    pub fn failures(&self) -> &[SweepFailure] {
        &self.tally.failures
    }
}

impl fmt::Display for SweepReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = if self.ended.is_some() { "swept" } else { "stopped" };
        let SweepCounts { items, changed, unchanged, gone, failed, met_again, others, .. } =
            self.tally.counts;
        writeln!(
            f,
            "{what}: {items} items, {changed} changed, {unchanged} unchanged, {gone} gone, {failed} failed; {met_again} met \
             again; {others} of no swept model"
        )?;
        list(f, &self.tally)?;
        let SweepCounts { read_units, write_units, throttled, .. } = self.tally.counts;
        write!(
            f,
            "consumed {read_units:.1} read units and {write_units:.1} write units; {throttled} requests throttled"
        )
    }
}

/// How far a sweep has come, by its last checkpoint.
#[derive(Clone, Debug)]
pub struct SweepStatus {
    pub(crate) report: SweepReport,
    pub(crate) segments: u32,
    pub(crate) segments_ended: u32,
}

impl SweepStatus {
    /// What it has done by then.
    pub fn report(&self) -> &SweepReport {
        &self.report
    }

    /// In how many segments it reads the table.
    pub fn segments(&self) -> u32 {
        self.segments
    }

    /// How many of them it has read to their ends.
    pub fn segments_ended(&self) -> u32 {
        self.segments_ended
    }
}

impl fmt::Display for SweepStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "began {}, {} of {} segments ended",
            self.report.began, self.segments_ended, self.segments
        )?;
        self.report.fmt(f)
    }
}

/// What a run would do.
#[derive(Clone, Debug)]
#[must_use = "it says what a run would do"]
pub struct SweepPlan {
    pub(crate) report: SweepReport,
    /// The table's declared name, and what it is called.
    pub(crate) table: &'static str,
    pub(crate) live_table: String,
    /// The models whose shapes are numbered.
    pub(crate) shaped: Vec<&'static str>,
    pub(crate) is_whole: bool,
    pub(crate) is_consistent: bool,
}

impl SweepPlan {
    /// Whether a run would change nothing, and nothing is wrong with any item.
    pub fn is_clean(&self) -> bool {
        self.report.is_clean() && self.report.tally.counts.changed == 0
    }

    /// How many items were met, and what a run would make of them. The read units are those that the plan consumed, which a
    /// run consumes again; the write units are those that a run will consume, about.
    pub fn counts(&self) -> SweepCounts {
        self.report.counts()
    }

    /// How many items there are of each model.
    pub fn models(&self) -> &BTreeMap<String, u64> {
        self.report.models()
    }

    /// How many items have each shape, by the models whose shapes are numbered.
    pub fn shapes(&self) -> &BTreeMap<String, BTreeMap<u32, u64>> {
        self.report.shapes()
    }

    /// What differs, in how many items, with the keys of the first of them.
    pub fn changes(&self) -> Vec<SweepChange> {
        self.report.changes()
    }

    /// The first thousand items that a run would leave as they are.
    pub fn failures(&self) -> &[SweepFailure] {
        self.report.failures()
    }
}

impl fmt::Display for SweepPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let SweepCounts { items, changed, unchanged, failed, others, .. } = self.report.tally.counts;
        writeln!(
            f,
            "planned: {items} items, {changed} to change, {unchanged} unchanged, {failed} to be left; {others} of no swept model"
        )?;
        list(f, &self.report.tally)?;
        let SweepCounts { read_units, write_units, .. } = self.report.tally.counts;
        write!(f, "a run takes about {read_units:.1} read units and {write_units:.1} write units")
    }
}

fn list(f: &mut fmt::Formatter<'_>, tally: &Tally) -> fmt::Result {
    for (model, items) in &tally.models {
        writeln!(f, "  {model}: {items} items")?;
        for (shape, items) in tally.shapes.get(model).into_iter().flatten() {
            writeln!(f, "  {model}, shape {shape}: {items} items")?;
        }
    }
    for change in tally.changes.list() {
        writeln!(f, "  {change}")?;
    }
    for failure in &tally.failures {
        writeln!(f, "  left as it is: {failure}")?;
    }
    Ok(())
}
