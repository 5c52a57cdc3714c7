//! Creating tables, describing them, and changing them into what is declared.

mod lifecycle;
mod update;

pub use update::TableStep;
