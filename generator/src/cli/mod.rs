//! The `dynamorm` command: what it prints where, and with which code it ends.

mod against;
mod arguments;
mod breaking;
mod console;
mod explain;
mod import;
mod lock;
mod machine;
mod migration;
mod retire;
#[cfg(feature = "serve")]
mod serve;
mod starter;

use crate::diagnostic::{FileId, Findings, Report};
use crate::error::Error;
use crate::file_kind::FileKind;
use crate::generated::{Difference, DifferenceKind, Generated, write_at_once};
use crate::generator::Generator;
use crate::layout;
use crate::manifest;
use crate::paths::settled;
use crate::source::SourceFile;
use arguments::{Arguments, Command, Documented, Formatted, Target, Validated};
use clap::{CommandFactory as _, Parser as _};
use console::Console;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::process::ExitCode;

/// The JSON Schema of models.toml.
const SCHEMA: &str = include_str!("../../../models.schema.json");

/// Runs the command with arguments of which the first is the program's name.
///
/// Ends with 0 when done, 1 if the declarations have errors or a file could not be read or written, 2 if the
/// command line is wrong, and 3 if `check` or `fmt --check` found differences, or `breaking` or `lock` a change that breaks
/// something.
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
    let mut console = Console::new(&arguments.common);
    let outcome = match arguments.command {
        Command::Generate(target) => generate(&target, &mut console),
        Command::Check(target) => check(&target, &mut console),
        Command::Breaking(arguments) => breaking::breaking(&arguments, &mut console),
        Command::Lock(locked) => lock::lock(&locked, &mut console),
        Command::Validate(validated) => validate(&validated, &mut console),
        Command::Fmt(formatted) => format(&formatted, &mut console),
        Command::Init(started) if started.migration => migration::write(&started, &mut console),
        Command::Init(started) => init(&started.file, &mut console),
        Command::Import(source) => import::import(&source, &mut console),
        Command::Explain { words, .. } if !words.is_empty() => match explain::about(&words) {
            Some(text) => print(&text, &mut console),
            None => Err(Failure::Unexplained(words.join(" "))),
        },
        Command::Explain { all: true, breaking: true, .. } => print(&explain::changes::page(), &mut console),
        Command::Explain { breaking: true, .. } => print(&explain::changes::list(), &mut console),
        Command::Explain { all: true, .. } => print(&explain::page(), &mut console),
        Command::Explain { .. } => print(&explain::list(), &mut console),
        Command::Docs(documented) => document(&documented, &mut console),
        #[cfg(feature = "serve")]
        Command::Serve(served) => serve::serve(&served, &mut console),
        #[cfg(not(feature = "serve"))]
        Command::Serve(_) => Err(Failure::Engine(String::from(
            "this command was built without it: install it with `--features serve`",
        ))),
        Command::Schema => print(SCHEMA, &mut console),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Arguments::command(), "dynamorm", &mut script);
            print(&String::from_utf8_lossy(&script), &mut console)
        }
    };
    outcome.unwrap_or_else(|failure| console.fail(&failure)).into()
}

/// How the command ends. Of several files, the worst outcome counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    Done,
    Differences,
    Failed,
    Usage,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        ExitCode::from(match outcome {
            Outcome::Done => 0,
            Outcome::Failed => 1,
            Outcome::Usage => 2,
            Outcome::Differences => 3,
        })
    }
}

/// Why the command could not do what it was asked.
enum Failure {
    Generator(Error),
    Io(io::Error),
    Import(crate::import::Error),
    /// Neither the command line nor these declarations name an output directory.
    NoOutput(PathBuf),
    /// No code is about these words.
    Unexplained(String),
    /// The embedded engine refused something, or is not there.
    Engine(String),
    /// There is nothing to compare the declarations with.
    Against(String),
    /// What was accepted is no change that the declarations make.
    Acceptance(String),
    /// A shape cannot be retired.
    Retired(String),
    /// Two files would be generated into one directory, and each would remove what the other brings.
    SharedOutput(PathBuf),
}

impl Failure {
    fn outcome(&self) -> Outcome {
        match self {
            Failure::Generator(_)
            | Failure::Io(_)
            | Failure::Import(_)
            | Failure::Unexplained(_)
            | Failure::Engine(_)
            | Failure::Against(_)
            | Failure::Retired(_) => Outcome::Failed,
            Failure::NoOutput(_) | Failure::SharedOutput(_) | Failure::Acceptance(_) => Outcome::Usage,
        }
    }

    fn report(&self) -> Option<&Report> {
        match self {
            Failure::Generator(error) => error.report(),
            _ => None,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Generator(error) => write!(formatter, "{error}"),
            Failure::Import(error) => write!(formatter, "{error}"),
            Failure::Unexplained(words) => write!(
                formatter,
                "no explanation has all of these words: {words}; `dynamorm explain` lists every code"
            ),
            Failure::Engine(why) => write!(formatter, "the embedded engine: {why}"),
            Failure::Against(why) | Failure::Acceptance(why) | Failure::Retired(why) => {
                formatter.write_str(why)
            }
            Failure::Io(error) => write!(formatter, "cannot read or write: {error}"),
            Failure::NoOutput(file) => write!(
                formatter,
                "there is no output directory: pass `--out DIR`, or set it in {}:\n\n\
                 [generate]\noutput = \"src/models\"",
                file.display()
            ),
            Failure::SharedOutput(directory) => write!(
                formatter,
                "two files would be generated into {}: give each a directory of its own",
                directory.display()
            ),
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Failure::Generator(error)
    }
}

impl From<crate::import::Error> for Failure {
    fn from(error: crate::import::Error) -> Self {
        Failure::Import(error)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Failure::Io(error)
    }
}

fn generate(target: &Target, console: &mut Console) -> Result<Outcome, Failure> {
    for_each_target(target, console, |_, generated, directory, console| {
        let written = generated.write_to(directory)?;
        for (action, paths) in [("wrote", &written.written), ("removed", &written.removed)] {
            for path in paths {
                console.note(&format!("{action} {}", directory.join(path).display()))?;
            }
        }
        if written.written.is_empty() && written.removed.is_empty() {
            console.note(&format!("{} is up to date", directory.display()))?;
        }
        Ok(Outcome::Done)
    })
}

fn check(target: &Target, console: &mut Console) -> Result<Outcome, Failure> {
    for_each_target(target, console, |file, generated, directory, console| {
        let locked = lock::compare(file, console)?;
        let differences = generated.compare(directory)?;
        if differences.is_empty() {
            console.note(&format!("{} is up to date", directory.display()))?;
            return Ok(locked);
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
    })
}

fn validate(validated: &Validated, console: &mut Console) -> Result<Outcome, Failure> {
    for_each(validated.files.paths(), console, |file, console| {
        let (name, generator) = match is_standard_input(file) {
            true => {
                let name = "<stdin>";
                (name.to_owned(), Generator::new(name).text(io::read_to_string(io::stdin())?))
            }
            false => (file.display().to_string(), Generator::new(file)),
        };
        let report = generator.deny_warnings(validated.deny_warnings).validate()?;
        console.warnings(&report)?;
        console.note(&format!("{name} is valid"))?;
        Ok(Outcome::Done)
    })
}

fn format(formatted: &Formatted, console: &mut Console) -> Result<Outcome, Failure> {
    for_each(formatted.files.paths(), console, |file, console| {
        let (name, found) = match is_standard_input(file) {
            true => (String::from("<stdin>"), io::read_to_string(io::stdin())?),
            false => (file.display().to_string(), fs::read_to_string(file).map_err(Error::io("read", file))?),
        };
        let Some(canonical) = layout::canonical(&found) else {
            return Err(syntax_errors(&name, &found).into());
        };
        if formatted.check {
            if found == canonical {
                return Ok(Outcome::Done);
            }
            console.diff(&name, Some(&found), Some(&canonical))?;
            return Ok(Outcome::Differences);
        }
        if is_standard_input(file) {
            console.data(&canonical)?;
        } else if found != canonical {
            // Where the file is a link, what it points to is formatted.
            write_at_once(&fs::canonicalize(file).map_err(Error::io("read", file))?, &canonical)?;
            console.note(&format!("formatted {name}"))?;
        }
        Ok(Outcome::Done)
    })
}

fn document(documented: &Documented, console: &mut Console) -> Result<Outcome, Failure> {
    let file = &documented.file;
    let generator = match is_standard_input(file) {
        true => Generator::new("<stdin>").text(io::read_to_string(io::stdin())?),
        false => Generator::new(file),
    };
    let (page, report) = generator.page()?;
    console.warnings(&report)?;
    let Some(out) = &documented.out else { return print(&page, console) };
    match fs::read(out) {
        Ok(found) if FileKind::Html.source(&found).is_none() => return Err(Error::foreign_file(out).into()),
        Ok(found) if found == page.as_bytes() => {
            console.note(&format!("{} is up to date", out.display()))?;
            return Ok(Outcome::Done);
        }
        Ok(_) => write_at_once(&fs::canonicalize(out).map_err(Error::io("read", out))?, &page)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            fs::write(out, &page).map_err(Error::io("create", out))?;
        }
        Err(error) => return Err(Error::io("read", out)(error).into()),
    }
    console.note(&format!("wrote {}", out.display()))?;
    Ok(Outcome::Done)
}

fn init(file: &Path, console: &mut Console) -> Result<Outcome, Failure> {
    let create = || {
        let mut open = fs::File::create_new(file)?;
        io::Write::write_all(&mut open, starter::MODELS.as_bytes())
    };
    let in_words = |error: io::Error| match error.kind() {
        io::ErrorKind::AlreadyExists => io::Error::new(error.kind(), "it is there, and is left as it is"),
        _ => error,
    };
    create().map_err(in_words).map_err(Error::io("create", file))?;
    console.note(&format!("wrote {}", file.display()))?;
    // What the first line of the declarations tells editors to read. One that is there may be newer.
    let schema = file.with_file_name("models.schema.json");
    match fs::File::create_new(&schema) {
        Ok(mut open) => {
            io::Write::write_all(&mut open, SCHEMA.as_bytes()).map_err(Error::io("write", &schema))?;
            console.note(&format!("wrote {}", schema.display()))?;
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(Error::io("create", &schema)(error).into()),
    }
    Ok(Outcome::Done)
}

fn print(text: &str, console: &mut Console) -> Result<Outcome, Failure> {
    console.data(text)?;
    Ok(Outcome::Done)
}

fn is_standard_input(file: &Path) -> bool {
    file.as_os_str() == "-"
}

/// What keeps a text from being TOML.
fn syntax_errors(name: &str, text: &str) -> Error {
    let mut findings = Findings::default();
    match SourceFile::from_text(FileId::default(), name, name, text) {
        Ok(source) => {
            manifest::check_syntax(&source, &mut findings);
            Error::left_alone(Report::new(vec![source], findings.into_sorted()))
        }
        Err(finding) => Error::left_alone(Report::new(Vec::new(), vec![finding])),
    }
}

/// Does the same with every file. What fails is told, and does not keep the others from their turn.
fn for_each(
    files: &[PathBuf],
    console: &mut Console,
    mut action: impl FnMut(&Path, &mut Console) -> Result<Outcome, Failure>,
) -> Result<Outcome, Failure> {
    let mut worst = Outcome::Done;
    for file in files {
        worst = worst.max(action(file, console).unwrap_or_else(|failure| console.fail(&failure)));
    }
    Ok(worst)
}

/// Generates each file in memory, prints warnings, and finds the directory to write to or to compare with.
fn for_each_target(
    target: &Target,
    console: &mut Console,
    action: impl Fn(&Path, &Generated, &Path, &mut Console) -> Result<Outcome, Failure>,
) -> Result<Outcome, Failure> {
    let mut directories: BTreeMap<PathBuf, PathBuf> = BTreeMap::new();
    for_each(target.files.paths(), console, |file, console| {
        let progress = console.progress(format!("generating from {}", file.display()));
        let generated =
            Generator::new(file).deny_warnings(target.deny_warnings).locked(target.locked).generate();
        drop(progress);
        let generated = generated?;
        console.warnings(generated.warnings())?;
        let directory = match (&target.out, generated.output()) {
            (Some(directory), _) => directory.clone(),
            (None, Some(directory)) => {
                refuse_links(file.parent().unwrap_or(Path::new("")), directory)?;
                directory.to_owned()
            }
            (None, None) => return Err(Failure::NoOutput(file.to_owned())),
        };
        let place = settled(file);
        match directories.insert(settled(&directory), place.clone()) {
            Some(other) if other != place => Err(Failure::SharedOutput(directory)),
            _ => action(file, &generated, &directory, console),
        }
    })
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
