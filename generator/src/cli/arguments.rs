//! What can be said on the command line.

use crate::breaking::ChangeKind;
use crate::diagnostic::Code;
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use std::path::PathBuf;

/// Generates typed Rust for Amazon DynamoDB from declarations in a models.toml.
#[derive(Debug, Parser)]
#[command(name = "dynamorm", version, after_help = EXIT_CODES)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub command: Command,
    #[command(flatten)]
    pub common: Common,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Write the generated modules to the output directory
    ///
    /// Writes only the files that changed, and removes files that it generated before and no longer does. Files
    /// that it did not generate are never touched.
    #[command(after_help = EXIT_CODES)]
    Generate(Target),
    /// Compare the output directory and the lock with the declarations
    ///
    /// Prints a unified diff of what `generate` and `lock` would change, and names missing and extra files. Writes nothing.
    #[command(after_help = EXIT_CODES)]
    Check(Target),
    /// Say what has changed since the lock was written, and what the change means
    ///
    /// Every change has a verdict for stored items, for code that calls the generated modules, and for the live table. The output
    /// also says what to do. If a change breaks something, the exit code is 3.
    #[command(after_help = EXIT_CODES)]
    Breaking(Breaking),
    /// Write into the lock what the declarations store
    ///
    /// The lock of models.toml is models.lock, beside it. Commit both together: the diff of the lock shows how stored items change.
    /// A change that breaks stored items, or that the live table does not allow, is refused unless you accept it.
    #[command(after_help = EXIT_CODES)]
    Lock(Locked),
    /// Check the declarations without generating anything
    #[command(after_help = EXIT_CODES)]
    Validate(Validated),
    /// Format declarations: bring them into their canonical order and layout
    ///
    /// Keeps comments, and the order of declarations, fields and variants. Files that are not TOML are reported and left as
    /// they are.
    #[command(after_help = EXIT_CODES)]
    Fmt(Formatted),
    /// Write a commented models.toml to start from, or a program that sweeps its tables
    ///
    /// Never overwrites a file. With `--migration`, reads the declarations and writes a small program: it brings stored items into
    /// the form in which writes of today would store them, with a plan, a bar, checkpoints, and an end at Ctrl-C.
    #[command(after_help = EXIT_CODES)]
    Init(Started),
    /// Write declarations for tables that already exist
    ///
    /// Reads a description of the tables, and items that were sampled from them. The declarations are valid, and comments mark
    /// the guesses. Standard error lists what was left out, the items that the declarations do not read, and the stored values
    /// that are in the declarations.
    #[command(after_help = EXIT_CODES, subcommand)]
    Import(ImportSource),
    /// Explain a code: what its rule protects from, or what a change means, with an example
    ///
    /// With words, lists the codes that are about them: `dynamorm explain sort key`. Without a code or words, lists all codes.
    #[command(after_help = EXIT_CODES)]
    Explain {
        /// The code, such as D0209 or B0101, or words
        #[arg(value_parser = word, value_name = "CODE|WORDS")]
        words: Vec<String>,
        /// Explain every code, in Markdown
        #[arg(long, conflicts_with = "words")]
        all: bool,
        /// List or explain the codes of changes, which `dynamorm breaking` prints
        #[arg(long, conflicts_with = "words")]
        breaking: bool,
    },
    /// Write an HTML page that describes the declarations to people
    ///
    /// The page has tables, keys with examples, access patterns, models and relations. It is one file that needs no other. It
    /// replaces an older page, and never another file.
    #[command(after_help = EXIT_CODES)]
    Docs(Documented),
    /// Serve the declared tables over HTTP, for programs in any language
    ///
    /// Runs the embedded engine. Listens only on 127.0.0.1, prints its address on standard output, and stops at Ctrl-C. Clients
    /// may use any access key and region. Needs the feature `serve`, which includes the engine.
    #[command(after_help = EXIT_CODES)]
    Serve(Served),
    /// Print the JSON Schema of models.toml
    ///
    /// Editors use it to complete, describe and check declarations. Save it beside them, and begin them with
    /// `#:schema ./models.schema.json`.
    #[command(after_help = EXIT_CODES)]
    Schema,
    /// Print a script that completes commands and options in a shell
    #[command(after_help = EXIT_CODES)]
    Completions {
        /// The shell
        shell: Shell,
    },
}

/// What describes the tables.
#[derive(Debug, Subcommand)]
pub(super) enum ImportSource {
    /// From a CloudFormation template, in YAML or JSON, of SAM, or a serverless.yml
    #[command(after_help = EXIT_CODES)]
    Cloudformation(Imports),
    /// From what `terraform show -json` prints of a plan or a state
    #[command(after_help = EXIT_CODES)]
    Terraform(Imports),
    /// From what `aws dynamodb describe-table` prints
    ///
    /// The output of `describe-time-to-live`, `describe-continuous-backups` and `list-tags-of-resource` may follow in the same file.
    #[command(after_help = EXIT_CODES)]
    TableDescription(Imports),
}

/// What `init` writes.
#[derive(Debug, Args)]
pub(super) struct Started {
    /// The file to write; with --migration, the declarations
    #[arg(default_value = "models.toml")]
    pub file: PathBuf,
    /// Write a program that sweeps the declared tables
    #[arg(long)]
    pub migration: bool,
    /// The program to write
    #[arg(long, requires = "migration", default_value = "src/bin/sweep.rs", value_name = "FILE")]
    pub out: PathBuf,
    /// The Rust path of the generated modules, such as my_app::models
    ///
    /// Without it, the program includes the modules itself.
    #[arg(long, requires = "migration", value_name = "PATH", value_parser = rust_path)]
    pub models: Option<String>,
}

/// A path in Rust.
fn rust_path(text: &str) -> Result<String, String> {
    let is_path = syn::parse_str::<syn::Path>(text);
    is_path.map(|_| text.to_owned()).map_err(|_| "a path in Rust is like `my_app::models`".to_owned())
}

#[derive(Debug, Args)]
pub(super) struct Imports {
    /// The file; `-` is standard input
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Stored items in DynamoDB's JSON, one on each line, as an export or a scan writes them; can be repeated
    ///
    /// If several tables have the same keys, `TABLE=` says which of them has the items.
    #[arg(long, value_name = "[TABLE=]FILE", value_parser = items)]
    pub items: Vec<Items>,
    /// How many items of each file are read
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    pub sample: usize,
    /// Where to write the declarations [default: standard output]
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Overwrite the file that `--out` names
    #[arg(long, requires = "out")]
    pub force: bool,
    /// Write no stored value into the declarations: no variants of enums, no constant parts of keys, and one model for each table
    #[arg(long)]
    pub no_values: bool,
}

/// A file of items, and the table that they are of.
#[derive(Clone, Debug)]
pub(super) struct Items {
    pub table: Option<String>,
    pub file: PathBuf,
}

fn items(text: &str) -> Result<Items, std::convert::Infallible> {
    Ok(match text.split_once('=') {
        Some((table, file)) if !table.contains(['/', '\\']) => {
            Items { table: Some(table.to_owned()), file: PathBuf::from(file) }
        }
        _ => Items { table: None, file: PathBuf::from(text) },
    })
}

/// From where, to where.
#[derive(Debug, Args)]
pub(super) struct Target {
    #[command(flatten)]
    pub files: Files,
    /// The output directory, relative to the current one [default: `output` under `[generate]` in the
    /// declarations, which is relative to them]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Treat warnings as errors
    #[arg(long)]
    pub deny_warnings: bool,
    /// Fail unless the lock beside the declarations agrees with them
    #[arg(long)]
    pub locked: bool,
}

#[derive(Debug, Args)]
pub(super) struct Locked {
    #[command(flatten)]
    pub files: Files,
    /// Accept a breaking change, by its code and its place: `B0109:model.Order.total`; can be repeated
    #[arg(long, value_name = "CODE:PLACE", value_parser = acceptance, requires = "reason")]
    pub accept: Vec<Acceptance>,
    /// Why you accept it; the lock keeps the reason
    #[arg(long, value_name = "TEXT", requires = "accept")]
    pub reason: Option<String>,
    /// Forget a shape that no item has any more, and those before it: `Order:2`; can be repeated
    #[arg(long, value_name = "MODEL:SHAPE", value_parser = retired, requires = "receipt")]
    pub retire: Vec<Retired>,
    /// What a sweep's plan found: written when nothing wrote the retired shapes any more
    #[arg(long, value_name = "FILE", requires = "retire")]
    pub receipt: Option<PathBuf>,
}

/// A shape that is to be forgotten.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Retired {
    pub model: String,
    pub shape: u32,
}

fn retired(text: &str) -> Result<Retired, String> {
    let (model, shape) = text.split_once(':').ok_or("write the model and the shape: `Order:2`")?;
    let shape = shape.parse().ok().filter(|shape| *shape > 0);
    let shape = shape.ok_or("a shape is a number from 1 on: `Order:2`")?;
    Ok(Retired { model: model.to_owned(), shape })
}

/// A breaking change that is to be taken over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Acceptance {
    pub kind: ChangeKind,
    pub place: String,
}

fn acceptance(text: &str) -> Result<Acceptance, String> {
    let (code, place) =
        text.split_once(':').ok_or("write its code and its place, as `dynamorm breaking` prints them")?;
    let kind =
        ChangeKind::find(code).ok_or("there is no such code; `dynamorm explain --breaking` lists them")?;
    Ok(Acceptance { kind, place: place.to_owned() })
}

#[derive(Debug, Args)]
pub(super) struct Breaking {
    /// The declarations
    #[arg(default_value = "models.toml", value_name = "FILE")]
    pub file: PathBuf,
    /// What to compare with: a lock, another file of declarations, or a commit, such as `git:main` [default: the lock beside the
    /// declarations]
    #[arg(long, value_name = "LOCK|FILE|git:REF")]
    pub against: Option<String>,
    /// How to print the changes, on standard output
    #[arg(long, value_enum, default_value_t = ChangeFormat::Human, value_name = "FORMAT")]
    pub format: ChangeFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ChangeFormat {
    /// With the lines of the declarations
    Human,
    /// A JSON object on a line for each change
    Json,
    /// Annotations of GitHub's workflows
    Github,
}

#[derive(Debug, Args)]
pub(super) struct Documented {
    /// The declarations; `-` is standard input
    #[arg(default_value = "models.toml", value_name = "FILE")]
    pub file: PathBuf,
    /// Where to write the page [default: standard output]
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct Served {
    /// The files of declarations
    #[arg(default_value = "models.toml", value_name = "DECLARATIONS")]
    pub declarations: Vec<PathBuf>,
    /// The port; 0 takes a free one
    #[arg(long, value_name = "N", default_value_t = 8000)]
    pub port: u16,
    /// Keep the items in this file, which is created if it does not exist [default: in memory]
    #[arg(long, value_name = "FILE")]
    pub file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct Validated {
    #[command(flatten)]
    pub files: Files,
    /// Treat warnings as errors
    #[arg(long)]
    pub deny_warnings: bool,
}

#[derive(Debug, Args)]
pub(super) struct Formatted {
    #[command(flatten)]
    pub files: Files,
    /// Write nothing, and print what would change as a unified diff
    #[arg(long)]
    pub check: bool,
}

/// Which declarations: as arguments, or by the option, which reads better in scripts.
#[derive(Debug, Args)]
pub(super) struct Files {
    /// The files of declarations; for `validate` and `fmt`, `-` is standard input
    #[arg(default_value = "models.toml", value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The same as an option, which can be repeated
    #[arg(long = "file", value_name = "FILE", conflicts_with = "files")]
    named: Vec<PathBuf>,
}

impl Files {
    pub fn paths(&self) -> &[PathBuf] {
        if self.named.is_empty() { &self.files } else { &self.named }
    }
}

#[derive(Debug, Args)]
pub(super) struct Common {
    /// When to use colours; `auto` means in a terminal, unless NO_COLOR is set
    #[arg(long, value_enum, default_value_t = Colour::Auto, global = true, value_name = "WHEN")]
    pub color: Colour,
    /// How to print errors and warnings about declarations, on standard error
    #[arg(long, value_enum, default_value_t = ErrorFormat::Human, global = true, value_name = "FORMAT")]
    pub error_format: ErrorFormat,
    /// Print errors and differences only
    #[arg(long, short, global = true)]
    pub quiet: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Colour {
    Auto,
    Always,
    Never,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ErrorFormat {
    /// With the lines of the declarations, as rustc does
    Human,
    /// A JSON object on a line for each finding, and nothing else
    Json,
    /// Annotations of GitHub's workflows
    Github,
}

/// A word of an explanation, or a code, which has to be one.
fn word(text: &str) -> Result<String, String> {
    let digits = text.strip_prefix(['D', 'd', 'B', 'b']).unwrap_or_default();
    let looks_like_a_code = !digits.is_empty() && digits.chars().all(|digit| digit.is_ascii_digit());
    if looks_like_a_code && Code::find(text).is_none() && ChangeKind::find(text).is_none() {
        return Err(String::from("there is no such code; `dynamorm explain` lists them"));
    }
    Ok(text.to_owned())
}

const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  the declarations have errors, or a file could not be read or written
  2  the command line is wrong
  3  `check` or `fmt --check` found differences, or `breaking` or `lock` a change that breaks something";
