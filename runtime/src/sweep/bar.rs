//! A bar on the terminal that shows how far a sweep has come.

use std::sync::Arc;

use indicatif::{ProgressBar, ProgressStyle};

use crate::sweep::engine::SweepEngine;
use crate::sweep::error::SweepError;
use crate::sweep::event::SweepEvent;
use crate::sweep::report::{SweepCounts, SweepReport};
use crate::sweep::run::RunningSweep;

impl RunningSweep {
    /// Runs it to its end, and shows on standard error how far it has come. Where that is a terminal, it is a bar, as long
    /// as the table was when DynamoDB counted its items last, a few hours ago. What fails is printed at once.
    ///
    /// ```
    /// # use dynamorm::Operations;
    /// # use example_models::catalogue::Book;
    /// # example_models::examples::run(async |db| {
    /// let report = Book::sweep().run(&db).with_bar().await.expect("nobody else sweeps");
    /// # assert!(report.is_clean());
    /// # Ok(()) });
    /// ```
    ///
    /// # Errors
    /// The sweep ended before its end.
    pub async fn with_bar(mut self) -> Result<SweepReport, SweepError> {
        let bar = ProgressBar::no_length();
        if !bar.is_hidden() {
            set_length(&bar, self.engine()).await;
        }
        let outcome = self.shown_by(&bar).await;
        bar.finish_and_clear();
        outcome
    }

    async fn shown_by(&mut self, bar: &ProgressBar) -> Result<SweepReport, SweepError> {
        while let Some(event) = self.next().await {
            match event? {
                SweepEvent::Progress(counts) => show(bar, counts),
                SweepEvent::Failed(failure) if bar.is_hidden() => eprintln!("{failure}"),
                SweepEvent::Failed(failure) => bar.println(failure.to_string()),
                SweepEvent::Ended(report) => return Ok(report),
                SweepEvent::Throttled { .. } | SweepEvent::SegmentEnded { .. } | SweepEvent::Checkpoint => {}
            }
        }
        // It was told before that it has ended.
        Ok(self.engine().report())
    }
}

fn show(bar: &ProgressBar, counts: SweepCounts) {
    bar.set_position(counts.items.saturating_add(counts.others));
    bar.set_message(format!(
        "{} changed, {} failed, {:.0} read and {:.0} write units",
        counts.changed, counts.failed, counts.read_units, counts.write_units
    ));
}

/// Makes the bar as long as the table, as far as DynamoDB says so.
async fn set_length(bar: &ProgressBar, engine: &Arc<SweepEngine>) {
    let Some(facts) = engine.sweep.facts() else { return };
    // Whoever may not ask for it sees a bar without an end.
    let described = engine.db.describe_table(facts.table).await.ok();
    let items = described.and_then(|table| u64::try_from(table.item_count?).ok()).unwrap_or_default();
    let template = match items {
        0 => "{spinner} {pos} items, {per_sec}: {msg}",
        items => {
            bar.set_length(items);
            "{bar:30} {pos} of about {len} items, {per_sec}: {msg}"
        }
    };
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
}
