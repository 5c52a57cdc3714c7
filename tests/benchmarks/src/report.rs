//! Tables of ratios and their marks.

use std::fmt;
use std::time::Duration;

use crate::interleaved::Medians;

/// The results of a benchmark: a Markdown table, when displayed.
#[derive(Debug, Default)]
pub struct Report {
    rows: Vec<Row>,
}

#[derive(Debug)]
struct Row {
    what: String,
    against: String,
    ours: String,
    theirs: String,
    ratio: f64,
    /// The least and the greatest ratio, where several were measured.
    range: Option<(f64, f64)>,
    mark: Option<f64>,
}

impl Report {
    /// Adds two times, in seconds, and the ratio that the first may have to the second at the most.
    pub fn times(&mut self, what: &str, against: &str, ours: f64, theirs: f64, mark: Option<f64>) {
        self.row(what, against, time(ours), time(theirs), ours / theirs, mark);
    }

    /// Adds what was measured by turns; the ratio is the median of the rounds'.
    pub fn medians(&mut self, what: &str, against: &str, medians: Medians, mark: Option<f64>) {
        self.row(what, against, time(medians.ours), time(medians.theirs), medians.ratio, mark);
    }

    /// Adds what was measured several times; the ratio is the median of theirs.
    ///
    /// # Panics
    /// Nothing was measured.
    pub fn repeated(&mut self, what: &str, against: &str, mut measured: Vec<Medians>, mark: Option<f64>) {
        measured.sort_by(|one, other| one.ratio.total_cmp(&other.ratio));
        let (least, greatest) = (measured[0].ratio, measured[measured.len() - 1].ratio);
        self.medians(what, against, measured[measured.len() / 2], mark);
        if let Some(row) = self.rows.last_mut() {
            row.range = Some((least, greatest));
        }
    }

    /// Adds two counts, and the ratio that the first may have to the second at the most.
    pub fn counts(&mut self, what: &str, against: &str, ours: u64, theirs: u64, mark: Option<f64>) {
        self.row(what, against, ours.to_string(), theirs.to_string(), ours as f64 / theirs as f64, mark);
    }

    fn row(
        &mut self,
        what: &str,
        against: &str,
        ours: String,
        theirs: String,
        ratio: f64,
        mark: Option<f64>,
    ) {
        let (what, against) = (what.to_owned(), against.to_owned());
        self.rows.push(Row { what, against, ours, theirs, ratio, range: None, mark });
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| what | ours | against | theirs | ratio | mark | |")?;
        writeln!(f, "|---|--:|---|--:|--:|--:|---|")?;
        for Row { what, against, ours, theirs, ratio, range, mark } in &self.rows {
            let range = range.map(|(least, greatest)| format!(" ({least:.2}-{greatest:.2})"));
            let range = range.unwrap_or_default();
            let (mark, verdict) = match mark {
                Some(mark) => (format!("≤ {mark:.2}"), if ratio <= mark { "kept" } else { "**missed**" }),
                None => (String::new(), ""),
            };
            writeln!(
                f,
                "| {what} | {ours} | {against} | {theirs} | {ratio:.2}{range} | {mark} | {verdict} |"
            )?;
        }
        Ok(())
    }
}

fn time(seconds: f64) -> String {
    let duration = Duration::from_secs_f64(seconds);
    if seconds < 1e-3 { format!("{:.2} µs", seconds * 1e6) } else { format!("{duration:.2?}") }
}
