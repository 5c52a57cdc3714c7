//! Standard output for data, standard error for everything else, and colours only where they are wanted.

use super::arguments::{Colour, Common, ErrorFormat};
use super::machine;
use super::{Failure, Outcome};
use crate::diagnostic::Report;
use anstream::{AutoStream, ColorChoice};
use indicatif::ProgressBar;
use similar::{ChangeTag, TextDiff};
use std::io::{self, Stderr, Stdout, Write as _};
use std::time::Duration;

/// Where the command prints to. A reader that has gone away is no error: it has seen what it wanted.
pub(super) struct Console {
    output: AutoStream<Stdout>,
    errors: AutoStream<Stderr>,
    format: ErrorFormat,
    quiet: bool,
}

/// Something under way.
pub(super) struct Progress(ProgressBar);

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

const RED: &str = "\u{1b}[31m";
const GREEN: &str = "\u{1b}[32m";
const BOLD: &str = "\u{1b}[1m";
const PLAIN: &str = "\u{1b}[0m";

impl Console {
    pub(super) fn new(common: &Common) -> Self {
        let choice = match common.color {
            Colour::Auto => ColorChoice::Auto,
            Colour::Always => ColorChoice::Always,
            Colour::Never => ColorChoice::Never,
        };
        // The streams remove the escapes where no colour is wanted.
        Console {
            output: AutoStream::new(io::stdout(), choice),
            errors: AutoStream::new(io::stderr(), choice),
            format: common.error_format,
            quiet: common.quiet,
        }
    }

    /// Prints what was asked for.
    pub(super) fn data(&mut self, text: &str) -> io::Result<()> {
        unless_closed(write!(self.output, "{text}").and_then(|()| self.output.flush()))
    }

    /// Says what was done.
    pub(super) fn note(&mut self, text: &str) -> io::Result<()> {
        // Whoever reads JSON wants nothing else between its lines.
        let is_wanted = !self.quiet && self.format != ErrorFormat::Json;
        if is_wanted { unless_closed(writeln!(self.errors, "{text}")) } else { Ok(()) }
    }

    /// Shows on a terminal that something which may take seconds is under way, until what is returned is dropped.
    pub(super) fn progress(&self, what: String) -> Progress {
        if self.quiet || self.format != ErrorFormat::Human {
            return Progress(ProgressBar::hidden());
        }
        // Draws nothing where standard error is not a terminal.
        let bar = ProgressBar::new_spinner().with_message(what);
        bar.enable_steady_tick(Duration::from_millis(100));
        Progress(bar)
    }

    pub(super) fn warnings(&mut self, report: &Report) -> io::Result<()> {
        if self.quiet {
            return Ok(());
        }
        unless_closed(match self.format {
            ErrorFormat::Human => write!(self.errors, "{}", report.render(true)),
            ErrorFormat::Json | ErrorFormat::Github => self.lines(report),
        })
    }

    /// Says what failed, and how the command ends for it.
    pub(super) fn fail(&mut self, failure: &Failure) -> Outcome {
        // If standard error is closed, nobody is there to be told.
        let _ = self.write_failure(failure);
        failure.outcome()
    }

    fn write_failure(&mut self, failure: &Failure) -> io::Result<()> {
        match (self.format, failure) {
            (ErrorFormat::Human, Failure::Generator(error)) if error.report().is_some() => {
                writeln!(self.errors, "{}", error.render(true))
            }
            (ErrorFormat::Human, _) => writeln!(self.errors, "error: {failure}"),
            (format, _) => match (failure.report(), format) {
                (Some(report), _) => self.lines(report),
                (None, ErrorFormat::Github) => {
                    writeln!(self.errors, "{}", machine::github_failure(&failure.to_string()))
                }
                (None, _) => writeln!(self.errors, "{}", machine::json_failure(&failure.to_string())),
            },
        }
    }

    /// Prints each finding on a line, for machines.
    fn lines(&mut self, report: &Report) -> io::Result<()> {
        for diagnostic in report.diagnostics() {
            let line = match self.format {
                ErrorFormat::Github => machine::github(report, diagnostic),
                ErrorFormat::Human | ErrorFormat::Json => machine::json(report, diagnostic),
            };
            writeln!(self.errors, "{line}")?;
        }
        Ok(())
    }

    /// Prints what `generate` would change in a file, in the form that `patch` reads.
    pub(super) fn diff(&mut self, file: &str, found: Option<&str>, expected: Option<&str>) -> io::Result<()> {
        unless_closed(self.write_diff(file, found, expected))
    }

    fn write_diff(&mut self, file: &str, found: Option<&str>, expected: Option<&str>) -> io::Result<()> {
        let side = |text: Option<&str>| if text.is_some() { file } else { "/dev/null" }.to_owned();
        writeln!(self.output, "{BOLD}--- {}{PLAIN}", side(found))?;
        writeln!(self.output, "{BOLD}+++ {}{PLAIN}", side(expected))?;
        // Line ends that version control has changed are no difference.
        let found = found.unwrap_or_default().replace("\r\n", "\n");
        let diff = TextDiff::from_lines(found.as_str(), expected.unwrap_or_default());
        for hunk in diff.unified_diff().context_radius(3).iter_hunks() {
            writeln!(self.output, "{}", hunk.header())?;
            for change in hunk.iter_changes() {
                let (sign, colour) = match change.tag() {
                    ChangeTag::Delete => ("-", RED),
                    ChangeTag::Insert => ("+", GREEN),
                    ChangeTag::Equal => (" ", PLAIN),
                };
                let line = change.value().trim_end_matches('\n');
                writeln!(self.output, "{colour}{sign}{line}{PLAIN}")?;
                if change.missing_newline() {
                    writeln!(self.output, "\\ No newline at end of file")?;
                }
            }
        }
        self.output.flush()
    }
}

fn unless_closed(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}
