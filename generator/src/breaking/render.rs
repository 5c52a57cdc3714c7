//! Changes as text, in the format of findings.

use super::change::Change;
use super::verdict::{Severity, TableWork, Verdict};
use crate::source::SourceFile;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet, normalize_untrusted_str};

/// The changes, each with its place, the previous declaration, its meaning and the way out; with ANSI escapes if `colour` is
/// true.
pub(crate) fn render(changes: &[Change], files: &[SourceFile], colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    changes.iter().map(|change| renderer.render(&[group(change, files)]) + "\n\n").collect()
}

fn group<'a>(change: &'a Change, files: &'a [SourceFile]) -> Group<'a> {
    let level = match change.severity() {
        _ if change.accepted.is_some() => Level::NOTE,
        Severity::Breaks => Level::ERROR,
        Severity::Beware => Level::WARNING,
        Severity::Fine => Level::NOTE,
    };
    let title = normalize_untrusted_str(&format!("{}: {}", change.place, change.message));
    let mut group = Group::with_title(level.primary_title(title).id(change.kind.code()));
    let file = change.span.and_then(|span| Some((span, files.get(span.file.0 as usize)?)));
    if let Some((span, file)) = file {
        let (text, start, line) = file.lines_around(span.start, span.end);
        let annotation = AnnotationKind::Primary.span(span.start - start..span.end - start);
        let snippet = Snippet::source(text).path(file.name()).line_start(line);
        group = group.element(snippet.annotation(annotation.label(label(change))));
    }
    let mut notes = Vec::new();
    if let Some(was) = &change.was {
        notes.push(format!("before: {was}"));
    }
    notes.extend(lines(change.verdict()));
    if let Some(reason) = &change.accepted {
        notes.push(format!("accepted: {reason}"));
    }
    let notes = notes.into_iter().map(|note| Level::NOTE.message(normalize_untrusted_str(&note)));
    let way_out = change.way_out.iter().map(|way_out| Level::HELP.message(normalize_untrusted_str(way_out)));
    group.elements(notes).elements(way_out)
}

/// The kind of change, as part of a sentence.
fn label(change: &Change) -> String {
    let title = change.kind.title().trim_end_matches('.');
    title.chars().take(1).flat_map(char::to_lowercase).chain(title.chars().skip(1)).collect()
}

/// A verdict as one line for each audience.
pub(crate) fn lines(verdict: Verdict) -> [String; 3] {
    let mut stored = Vec::new();
    match verdict.new_reads_old {
        Severity::Fine => {}
        Severity::Beware => stored.push("new code reads some of what is stored otherwise"),
        Severity::Breaks => stored.push("new code does not read all that is stored"),
    }
    match verdict.old_reads_new {
        Severity::Fine => {}
        Severity::Beware => stored.push("old code reads some of what new code stores otherwise"),
        Severity::Breaks => stored.push("old code does not read all that new code stores"),
    }
    match verdict.both_write {
        Severity::Fine => {}
        Severity::Beware => stored.push("a whole item that one puts back lacks what only the other knows"),
        Severity::Breaks => stored.push("what one stores is broken where the other writes"),
    }
    let stored = if stored.is_empty() { "fine".to_owned() } else { stored.join("; ") };
    let rust = match verdict.rust {
        Severity::Fine => "fine",
        Severity::Beware => "some code may have to follow",
        Severity::Breaks => "what uses it stops compiling",
    };
    let table = match verdict.table {
        TableWork::None => "fine".to_owned(),
        needed => needed.to_string(),
    };
    [format!("stored items: {stored}"), format!("Rust: {rust}"), format!("live table: {table}")]
}
