//! What can be said on the command line.

use clap::{Args, Parser, Subcommand, ValueEnum};
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
    /// Compare the output directory with what the declarations say
    ///
    /// Prints a unified diff of what `generate` would change, and names missing and extra files. Writes nothing.
    #[command(after_help = EXIT_CODES)]
    Check(Target),
    /// Write a commented models.toml to start from
    ///
    /// Never overwrites a file.
    #[command(after_help = EXIT_CODES)]
    Init {
        /// The file to write
        #[arg(default_value = "models.toml")]
        file: PathBuf,
    },
}

/// From where, to where.
#[derive(Debug, Args)]
pub(super) struct Target {
    /// The declarations
    #[arg(default_value = "models.toml")]
    pub file: PathBuf,
    /// The output directory, relative to the current one [default: `output` under `[generate]` in the
    /// declarations, which is relative to them]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Treat warnings as errors
    #[arg(long)]
    pub deny_warnings: bool,
}

#[derive(Debug, Args)]
pub(super) struct Common {
    /// When to use colours; `auto`: in a terminal, unless NO_COLOR is set
    #[arg(long, value_enum, default_value_t = Colour::Auto, global = true, value_name = "WHEN")]
    pub color: Colour,
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

const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  the declarations have errors, or a file could not be read or written
  2  the command line is wrong
  3  `check` found differences";
