//! Findings as text in rustc's style.

use super::{Diagnostic, Label, Report, Severity};
use crate::source::SourceFile;
use annotate_snippets::{
    Annotation, AnnotationKind, Group, Level, Renderer, Snippet, normalize_untrusted_str,
};
use std::fmt::Write as _;

/// How many findings are shown. Nobody reads more at a time.
const MOST_SHOWN: usize = 1_000;

/// Two places that are farther apart than this, in bytes, get separate snippets.
const LONGEST_SNIPPET: usize = 32 * 1024;

pub(super) fn render(report: &Report, colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let mut text = String::new();
    for diagnostic in report.diagnostics.iter().take(MOST_SHOWN) {
        text.push_str(&renderer.render(&[group(report, diagnostic)]));
        text.push_str("\n\n");
    }
    if let Some(more) = report.diagnostics.len().checked_sub(MOST_SHOWN).filter(|more| *more > 0) {
        let _ = writeln!(text, "… and {more} more\n");
    }
    text
}

pub(super) fn one_line(report: &Report, diagnostic: &Diagnostic) -> String {
    let mut line = String::new();
    if let Some(span) = diagnostic.span()
        && let (Some(name), Some(position)) = (report.file_name(span), report.position(span))
    {
        let _ = write!(line, "{name}:{position}: ");
    }
    let _ = write!(line, "{}[{}]: {}", diagnostic.severity, diagnostic.code, diagnostic.message);
    for help in &diagnostic.help {
        let _ = write!(line, "; help: {help}");
    }
    normalize_untrusted_str(&line.replace('\n', " "))
}

fn group<'a>(report: &'a Report, diagnostic: &'a Diagnostic) -> Group<'a> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(diagnostic.message.as_str()).id(diagnostic.code.text());
    let mut group = Group::with_title(title);
    let primary = diagnostic.span().map(|span| span.file.0);
    let mut files: Vec<(u32, &SourceFile)> = (0..).zip(&report.files).collect();
    // The place of the finding itself comes first.
    files.sort_by_key(|(id, _)| Some(*id) != primary);
    for (id, file) in files {
        let labels: Vec<&Label> = diagnostic.labels.iter().filter(|label| label.span.file.0 == id).collect();
        let start = labels.iter().map(|label| label.span.start).min().unwrap_or_default();
        let end = labels.iter().map(|label| label.span.end).max().unwrap_or_default();
        if end - start <= LONGEST_SNIPPET {
            group = group.elements(snippet(file, &labels));
        } else {
            group = group.elements(labels.iter().filter_map(|label| snippet(file, &[label])));
        }
    }
    group.elements(diagnostic.help.iter().map(|help| Level::HELP.message(normalize_untrusted_str(help))))
}

/// The lines from the first place to the last. So a long file takes no longer than a short one.
fn snippet<'a>(file: &'a SourceFile, labels: &[&'a Label]) -> Option<Snippet<'a, Annotation<'a>>> {
    let start = labels.iter().map(|label| label.span.start).min()?;
    let end = labels.iter().map(|label| label.span.end).max()?;
    let (text, start, line) = file.lines_around(start, end);
    let snippet = Snippet::source(text).path(file.name()).line_start(line);
    Some(snippet.annotations(labels.iter().map(|label| {
        let kind = if label.primary { AnnotationKind::Primary } else { AnnotationKind::Context };
        let annotation = kind.span(label.span.start - start..label.span.end - start);
        if label.text.is_empty() { annotation } else { annotation.label(label.text.as_str()) }
    })))
}
