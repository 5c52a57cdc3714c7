//! Findings for machines: JSON objects, and annotations of GitHub's workflows.

use crate::breaking::{Change, Severity as ChangeSeverity, lines};
use crate::diagnostic::{Diagnostic, Label, Report, Severity};
use crate::source::Position;
use serde::Serialize;
use std::fmt::Write as _;

/// A finding as a JSON object on one line.
pub(super) fn json<'d>(report: &Report, diagnostic: &'d Diagnostic) -> String {
    let place = |Label { span, text, primary }: &'d Label| {
        let (start, end) = (report.position(*span)?, report.end_position(*span)?);
        Some(JsonLabel {
            file: report.file_name(*span)?,
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
            text,
            primary: *primary,
        })
    };
    line(&JsonFinding {
        code: Some(diagnostic.code.text()),
        severity: diagnostic.severity.to_string(),
        message: &diagnostic.message,
        labels: diagnostic.labels.iter().filter_map(place).collect(),
        help: &diagnostic.help,
    })
}

/// A failure that is not about declarations, in the same form.
pub(super) fn json_failure(message: &str) -> String {
    line(&JsonFinding {
        code: None,
        severity: Severity::Error.to_string(),
        message,
        labels: Vec::new(),
        help: &[],
    })
}

/// A finding as an annotation, on one line.
pub(super) fn github(report: &Report, diagnostic: &Diagnostic) -> String {
    let mut command = format!("::{} ", diagnostic.severity);
    if let Some(span) = diagnostic.span()
        && let (Some(file), Some(start), Some(end)) =
            (report.file_name(span), report.position(span), report.end_position(span))
    {
        let _ = write!(command, "file={},line={},col={}", property(file), start.line, start.column);
        // GitHub takes columns of one line only.
        let _ = match start.line == end.line {
            true => write!(command, ",endColumn={},", end.column),
            false => write!(command, ",endLine={},", end.line),
        };
    }
    let mut message = diagnostic.message.clone();
    for label in &diagnostic.labels {
        let _ = match (label.primary, report.file_name(label.span), report.position(label.span)) {
            (true, ..) if label.text.is_empty() => Ok(()),
            (false, Some(file), Some(place)) => write!(message, "\n{file}:{place}: {}", label.text),
            _ => write!(message, "\n{}", label.text),
        };
    }
    for help in &diagnostic.help {
        let _ = write!(message, "\nhelp: {help}");
    }
    format!("{command}title={}::{}", diagnostic.code, data(&message))
}

/// A failure that is not about declarations, in the same form.
pub(super) fn github_failure(message: &str) -> String {
    format!("::error ::{}", data(message))
}

/// Where a change stands in the new declarations.
pub(super) struct Place {
    pub file: String,
    pub start: Position,
    pub end: Position,
}

/// A change as a JSON object on one line.
pub(super) fn json_change(change: &Change, place: Option<Place>) -> String {
    let verdict = change.verdict();
    let object = serde_json::json!({
        "code": change.kind.code(),
        "severity": change.severity().to_string(),
        "place": change.place,
        "message": change.message,
        "before": change.was,
        "verdict": {
            "new_reads_old": verdict.new_reads_old.to_string(),
            "old_reads_new": verdict.old_reads_new.to_string(),
            "both_write": verdict.both_write.to_string(),
            "rust": verdict.rust.to_string(),
            "table": verdict.table.to_string(),
        },
        "way_out": change.way_out,
        "accepted": change.accepted,
        "label": place.map(|place| serde_json::json!({
            "file": place.file,
            "line": place.start.line,
            "column": place.start.column,
            "end_line": place.end.line,
            "end_column": place.end.column,
        })),
    });
    object.to_string()
}

/// A change as an annotation, on one line.
pub(super) fn github_change(change: &Change, place: Option<Place>) -> String {
    let level = match change.severity() {
        _ if change.accepted.is_some() => "notice",
        ChangeSeverity::Breaks => "error",
        ChangeSeverity::Beware => "warning",
        ChangeSeverity::Fine => "notice",
    };
    let mut command = format!("::{level} ");
    if let Some(Place { file, start, end }) = place {
        let _ = write!(command, "file={},line={},col={},", property(&file), start.line, start.column);
        if start.line == end.line {
            let _ = write!(command, "endColumn={},", end.column);
        }
    }
    let mut message = format!("{}: {}", change.place, change.message);
    for line in change.was.iter().map(|was| format!("before: {was}")).chain(lines(change.verdict())) {
        let _ = write!(message, "\n{line}");
    }
    if let Some(reason) = &change.accepted {
        let _ = write!(message, "\naccepted: {reason}");
    }
    if let Some(way_out) = &change.way_out {
        let _ = write!(message, "\nhelp: {way_out}");
    }
    format!("{command}title={}::{}", change.kind, data(&message))
}

#[derive(Serialize)]
struct JsonFinding<'a> {
    code: Option<&'static str>,
    severity: String,
    message: &'a str,
    labels: Vec<JsonLabel<'a>>,
    help: &'a [String],
}

#[derive(Serialize)]
struct JsonLabel<'a> {
    file: &'a str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    text: &'a str,
    primary: bool,
}

fn line(finding: &JsonFinding<'_>) -> String {
    // Text and numbers always have a JSON form.
    serde_json::to_string(finding).unwrap_or_default()
}

/// Text as the data of a workflow command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Text as a property of a workflow command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
