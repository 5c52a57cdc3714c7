//! Findings for machines: JSON objects, and annotations of GitHub's workflows.

use crate::diagnostic::{Diagnostic, Label, Report, Severity};
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
