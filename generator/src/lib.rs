//! Generates typed Rust for Amazon DynamoDB from declarations in a `models.toml`.
//!
//! From a build script:
//!
//! ```no_run
//! fn main() -> Result<(), dynamorm_generator::Error> {
//!     dynamorm_generator::Generator::new("models.toml").compile()
//! }
//! ```
//!
//! The same declarations give the same bytes on every machine. All findings about declarations are reported at
//! once, each with its place, a stable [`Code`] and what to write instead.

#![warn(missing_docs)]

#[cfg(feature = "breaking")]
pub mod breaking;
mod catalog;
mod check;
#[cfg(feature = "cli")]
pub mod cli;
mod diagnostic;
mod emit;
mod error;
mod file_kind;
mod generated;
mod generator;
#[cfg(feature = "import")]
pub mod import;
#[cfg(feature = "import")]
mod layout;
mod leftover;
mod lock;
mod manifest;
mod names;
mod paths;
mod record;
#[cfg(test)]
mod runtime_sources;
mod source;
mod sources;

pub use diagnostic::{Code, Diagnostic, FileId, Label, Report, Severity, Span};
pub use error::{Error, ErrorKind};
pub use file_kind::HEADER;
pub use generated::{Difference, DifferenceKind, Generated, Written};
pub use generator::{Generator, generate_str};
pub use source::Position;
