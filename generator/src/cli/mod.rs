//! The `dynamorm` command: what it prints where, and with which code it ends.

mod arguments;
mod console;
mod starter;

use crate::error::Error;
use crate::generated::{Difference, DifferenceKind, Generated};
use crate::generator::Generator;
use arguments::{Arguments, Command, Target};
use clap::Parser as _;
use console::Console;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::process::ExitCode;

/// Runs the command with arguments of which the first is the program's name.
///
/// Ends with 0 when done, 1 if the declarations have errors or a file could not be read or written, 2 if the
/// command line is wrong, and 3 if `check` found differences.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help goes to standard output and everything else to standard error; if neither can be written to,
            // the exit code still tells.
            let _ = error.print();
            return if error.use_stderr() { Outcome::Usage.into() } else { Outcome::Done.into() };
        }
    };
    let mut console = Console::new(arguments.common.color, arguments.common.quiet);
    let outcome = match arguments.command {
        Command::Generate(target) => generate(&target, &mut console),
        Command::Check(target) => check(&target, &mut console),
        Command::Init { file } => init(&file, &mut console),
    };
    match outcome {
        Ok(outcome) => outcome.into(),
        Err(failure) => {
            let outcome = match failure {
                Failure::Generator(_) | Failure::Io(_) => Outcome::Failed,
                Failure::NoOutput(_) => Outcome::Usage,
            };
            // If standard error is closed, nobody is there to be told.
            let _ = console.failure(&failure);
            outcome.into()
        }
    }
}

/// How the command ends.
#[derive(Clone, Copy)]
enum Outcome {
    Done = 0,
    Failed = 1,
    Usage = 2,
    Differences = 3,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        ExitCode::from(outcome as u8)
    }
}

/// Why the command could not do what it was asked.
enum Failure {
    Generator(Error),
    Io(io::Error),
    /// Neither the command line nor these declarations name an output directory.
    NoOutput(PathBuf),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Failure::Generator(error)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Failure::Io(error)
    }
}

fn generate(target: &Target, console: &mut Console) -> Result<Outcome, Failure> {
    let (generated, directory) = prepare(target, console)?;
    let written = generated.write_to(&directory)?;
    for (action, paths) in [("wrote", &written.written), ("removed", &written.removed)] {
        for path in paths {
            console.note(&format!("{action} {}", directory.join(path).display()))?;
        }
    }
    if written.written.is_empty() && written.removed.is_empty() {
        console.note(&format!("{} is up to date", directory.display()))?;
    }
    Ok(Outcome::Done)
}

fn check(target: &Target, console: &mut Console) -> Result<Outcome, Failure> {
    let (generated, directory) = prepare(target, console)?;
    let differences = generated.compare(&directory)?;
    if differences.is_empty() {
        console.note(&format!("{} is up to date", directory.display()))?;
        return Ok(Outcome::Done);
    }
    for Difference { path, kind } in &differences {
        let file = directory.join(path).display().to_string();
        let (word, found, expected) = match kind {
            DifferenceKind::Changed { expected, found } => ("changed", Some(found), Some(expected)),
            DifferenceKind::Missing { expected } => ("missing", None, Some(expected)),
            DifferenceKind::Extra { found } => ("extra", Some(found), None),
        };
        console.note(&format!("{word}: {file}"))?;
        console.diff(&file, found.map(String::as_str), expected.map(String::as_str))?;
    }
    console.note("run `dynamorm generate` to bring it up to date")?;
    Ok(Outcome::Differences)
}

fn init(file: &Path, console: &mut Console) -> Result<Outcome, Failure> {
    let create = || {
        let mut open = fs::File::create_new(file)?;
        io::Write::write_all(&mut open, starter::MODELS.as_bytes())
    };
    create().map_err(Error::io("create", file))?;
    console.note(&format!("wrote {}", file.display()))?;
    Ok(Outcome::Done)
}

/// Generates in memory, prints warnings, and finds the directory to write to or compare with.
fn prepare(target: &Target, console: &mut Console) -> Result<(Generated, PathBuf), Failure> {
    let generated = Generator::new(&target.file).deny_warnings(target.deny_warnings).generate()?;
    console.warnings(generated.warnings())?;
    let directory = match (&target.out, generated.output()) {
        (Some(directory), _) => directory.clone(),
        (None, Some(directory)) => {
            refuse_links(target.file.parent().unwrap_or(Path::new("")), directory)?;
            directory.to_owned()
        }
        (None, None) => return Err(Failure::NoOutput(target.file.clone())),
    };
    Ok((generated, directory))
}

/// A declared directory lies inside that of the declarations; a link on the way could lead out of it.
fn refuse_links(base: &Path, directory: &Path) -> Result<(), Error> {
    let mut place = base.to_owned();
    for component in directory.strip_prefix(base).unwrap_or(directory).components() {
        let Component::Normal(name) = component else { continue };
        place.push(name);
        match fs::symlink_metadata(&place) {
            Ok(metadata) if metadata.file_type().is_symlink() => return Err(Error::link(&place)),
            // What is not there yet is no link, and what cannot be looked at cannot be written to either.
            _ => {}
        }
    }
    Ok(())
}
