//! Why nothing was generated, or nothing written.

use crate::diagnostic::Report;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Why generating, writing or comparing failed.
///
/// `Debug` prints the same readable report as `Display`, because cargo shows it for a failed build script.
pub struct Error(Box<Kind>);

enum Kind {
    /// Findings, and their consequence.
    Declarations {
        report: Report,
        consequence: &'static str,
    },
    Io {
        action: &'static str,
        path: PathBuf,
        source: io::Error,
    },
    ForeignFile(PathBuf),
    OtherSource {
        path: PathBuf,
        found: String,
        expected: String,
    },
    SharedOutput {
        directory: PathBuf,
        sources: [PathBuf; 2],
    },
    Link(PathBuf),
    NoOutputDirectory,
}

/// What kind of error it is: see [`Error::kind`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The declarations are wrong: see [`Error::report`].
    Declarations,
    /// A file could not be read or written.
    Io,
    /// A file cannot be written, because something else is there that was not generated from these declarations.
    InTheWay,
    /// Two files of declarations would be generated into one directory.
    SharedOutput,
    /// Nothing says where to write.
    NoOutputDirectory,
}

impl Error {
    /// What kind of error it is.
    pub fn kind(&self) -> ErrorKind {
        match &*self.0 {
            Kind::Declarations { .. } => ErrorKind::Declarations,
            Kind::Io { .. } => ErrorKind::Io,
            Kind::ForeignFile(_) | Kind::OtherSource { .. } | Kind::Link(_) => ErrorKind::InTheWay,
            Kind::SharedOutput { .. } => ErrorKind::SharedOutput,
            Kind::NoOutputDirectory => ErrorKind::NoOutputDirectory,
        }
    }

    /// The findings, if the declarations are wrong.
    pub fn report(&self) -> Option<&Report> {
        match &*self.0 {
            Kind::Declarations { report, .. } => Some(report),
            _ => None,
        }
    }

    /// The whole text, with the findings in colour (ANSI escapes) if `colour` is true.
    pub fn render(&self, colour: bool) -> String {
        match &*self.0 {
            Kind::Declarations { report, consequence } => {
                format!("{}{}", report.render(colour), summary(report, consequence))
            }
            Kind::Io { action, path, source } => format!("cannot {action} `{}`: {source}", path.display()),
            Kind::ForeignFile(path) => format!(
                "`{}` is in the way: it was not generated (its first line does not say so), and is left alone; \
                 move it, or choose another output directory",
                path.display()
            ),
            Kind::OtherSource { path, found, expected } => format!(
                "`{}` was generated from `{found}`, and not from `{expected}`: give each file of declarations a directory of \
                 its own; if `{found}` is what `{expected}` was called before, remove the generated files first",
                path.display()
            ),
            Kind::SharedOutput { directory, sources: [first, second] } => format!(
                "`{}` and `{}` would both be generated into `{}`: give one of them another name, or a directory of its own \
                 with `Generator::output`",
                first.display(),
                second.display(),
                directory.display()
            ),
            Kind::Link(path) => {
                format!("`{}` is a symbolic link, which generated files do not follow", path.display())
            }
            Kind::NoOutputDirectory => String::from(
                "there is no output directory: OUT_DIR is set by cargo while it runs a build script; \
                 elsewhere, name a directory with `Generator::output`",
            ),
        }
    }

    pub(crate) fn declarations(report: Report) -> Self {
        Error(Box::new(Kind::Declarations { report, consequence: "nothing was generated" }))
    }

    pub(crate) fn denied_warnings(report: Report) -> Self {
        let consequence = "warnings are denied, so nothing was generated";
        Error(Box::new(Kind::Declarations { report, consequence }))
    }

    /// The findings about the declarations to compare with.
    #[cfg(feature = "cli")]
    pub(crate) fn not_compared(report: Report) -> Self {
        Error(Box::new(Kind::Declarations { report, consequence: "nothing was compared" }))
    }

    /// The findings about a file that should be formatted.
    #[cfg(feature = "cli")]
    pub(crate) fn left_alone(report: Report) -> Self {
        Error(Box::new(Kind::Declarations { report, consequence: "the file was left as it is" }))
    }

    pub(crate) fn foreign_file(path: &Path) -> Self {
        Error(Box::new(Kind::ForeignFile(path.to_owned())))
    }

    /// An existing file that was generated from another file of declarations.
    pub(crate) fn other_source(path: &Path, found: &str, expected: &str) -> Self {
        let (found, expected) = (found.to_owned(), expected.to_owned());
        Error(Box::new(Kind::OtherSource { path: path.to_owned(), found, expected }))
    }

    pub(crate) fn shared_output(directory: &Path, first: &Path, second: &Path) -> Self {
        let sources = [first.to_owned(), second.to_owned()];
        Error(Box::new(Kind::SharedOutput { directory: directory.to_owned(), sources }))
    }

    pub(crate) fn link(path: &Path) -> Self {
        Error(Box::new(Kind::Link(path.to_owned())))
    }

    pub(crate) fn no_output_directory() -> Self {
        Error(Box::new(Kind::NoOutputDirectory))
    }

    /// Turns an I/O error into one that names the action and the file.
    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Error(Box::new(Kind::Io { action, path: path.to_owned(), source }))
    }
}

fn summary(report: &Report, consequence: &str) -> String {
    let counted = |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
    let counts = [(report.errors(), "error"), (report.warnings(), "warning")]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| counted(count, word))
        .collect::<Vec<_>>();
    format!("{}: {consequence}", counts.join(" and "))
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.render(false))
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Cargo puts "Error: " before it; a report of several lines starts on a line of its own.
        let line_break = if self.report().is_some() { "\n" } else { "" };
        write!(formatter, "{line_break}{self}")
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &*self.0 {
            Kind::Io { source, .. } => Some(source),
            _ => None,
        }
    }
}
