//! Findings about declarations. Each finding has a stable code, its places, and what to write instead.

mod code;
mod findings;
mod quote;
mod render;

pub use code::Code;
pub(crate) use findings::Findings;
pub(crate) use quote::{did_you_mean, is_invisible, listed, nearest, quoted};

use crate::source::{Position, SourceFile};
use std::fmt;

/// Which file of a run a [`Span`] points into.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub(crate) u32);

/// A range of bytes in a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file that the range is in.
    pub file: FileId,
    /// The first byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// Whether a finding stops generation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Nothing is generated.
    Error,
    /// Code is generated nevertheless.
    Warning,
}

impl fmt::Display for Severity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
        })
    }
}

/// A place of a finding, and the text shown there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct Label {
    /// Where it is.
    pub span: Span,
    /// Empty if the finding's message says it all.
    pub text: String,
    /// Whether this is the place of the finding itself.
    pub primary: bool,
}

/// One finding about the declarations.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct Diagnostic {
    /// Which rule it is about.
    pub code: Code,
    /// Whether it stops generation.
    pub severity: Severity,
    /// What is wrong, in one line.
    pub message: String,
    /// The primary label comes first; a finding about a file as a whole has none.
    pub labels: Vec<Label>,
    /// What to write instead, a suggestion each.
    pub help: Vec<String>,
}

impl Diagnostic {
    pub(crate) fn new(code: Code, message: impl Into<String>) -> Self {
        let severity = code.severity();
        Diagnostic { code, severity, message: message.into(), labels: Vec::new(), help: Vec::new() }
    }

    /// Adds the place of the finding.
    pub(crate) fn at(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into(), primary: true });
        self
    }

    /// Adds a place that explains the finding.
    pub(crate) fn and(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into(), primary: false });
        self
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    pub(crate) fn helps(mut self, help: impl IntoIterator<Item = String>) -> Self {
        self.help.extend(help);
        self
    }

    /// The place of the finding, unless it is about a whole file.
    pub fn span(&self) -> Option<Span> {
        self.labels.iter().find(|label| label.primary).map(|label| label.span)
    }
}

/// Findings, ordered by file and position, together with the files that they point into.
#[derive(Clone, Debug, Default)]
pub struct Report {
    files: Vec<SourceFile>,
    diagnostics: Vec<Diagnostic>,
}

impl Report {
    pub(crate) fn new(files: Vec<SourceFile>, diagnostics: Vec<Diagnostic>) -> Self {
        Report { files, diagnostics }
    }

    /// Every finding, errors and warnings.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.diagnostics.is_empty()
    }

    /// How many findings are errors.
    pub fn errors(&self) -> usize {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).count()
    }

    /// How many findings are warnings.
    pub fn warnings(&self) -> usize {
        self.diagnostics.len() - self.errors()
    }

    /// The file that a span points into, by the name that the generator was given.
    pub fn file_name(&self, span: Span) -> Option<&str> {
        self.file(span.file).map(SourceFile::name)
    }

    /// The line and column at which a span starts.
    pub fn position(&self, span: Span) -> Option<Position> {
        self.file(span.file).map(|file| file.position(span.start))
    }

    /// The line and column that follow a span's last character.
    pub fn end_position(&self, span: Span) -> Option<Position> {
        self.file(span.file).map(|file| file.position(span.end))
    }

    /// The findings as text in rustc's style, with ANSI escapes if `colour` is true. It shows the first thousand, and says how
    /// many more there are.
    pub fn render(&self, colour: bool) -> String {
        render::render(self, colour)
    }

    /// A finding in one line: its place, severity, code, message and help.
    pub fn one_line(&self, diagnostic: &Diagnostic) -> String {
        render::one_line(self, diagnostic)
    }

    /// The files that findings point into.
    #[cfg(feature = "cli")]
    pub(crate) fn files(&self) -> &[SourceFile] {
        &self.files
    }

    fn file(&self, id: FileId) -> Option<&SourceFile> {
        self.files.get(id.0 as usize)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.render(false))
    }
}
