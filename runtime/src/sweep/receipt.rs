//! What a plan saw of the shapes of items, as `dynamorm lock --retire` reads it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

use crate::sweep::report::SweepPlan;

/// The form of receipts that this version writes.
const FORM: u32 = 1;

#[derive(Serialize)]
struct Receipt<'p> {
    receipt: u32,
    /// The table's declared name, and what it was called there.
    table: &'p str,
    live_table: &'p str,
    began: Timestamp,
    ended: Timestamp,
    /// How many items were not as the declarations say.
    failed: u64,
    /// How many items have each shape, by models.
    shapes: BTreeMap<&'p str, &'p BTreeMap<u32, u64>>,
}

impl SweepPlan {
    /// The receipt that `dynamorm lock --retire` demands before it forgets a shape: how many items have each. Nothing,
    /// unless the plan read the whole table [consistently](super::Sweep::consistent).
    ///
    /// Make the plan when nothing writes the older shape any more: what is written with it afterwards could not be read.
    pub fn receipt(&self) -> Option<String> {
        let ended = self.report.ended.filter(|_| self.is_whole && self.is_consistent)?;
        let none = BTreeMap::new();
        let shapes = self.shaped.iter().map(|model| (*model, self.shapes().get(*model).unwrap_or(&none)));
        let receipt = Receipt {
            receipt: FORM,
            table: self.table,
            live_table: &self.live_table,
            began: self.report.began,
            ended,
            failed: self.counts().failed,
            shapes: shapes.collect(),
        };
        serde_json::to_string_pretty(&receipt).ok().map(|text| text + "\n")
    }
}
