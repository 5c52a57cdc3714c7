//! Old and new code side by side on one table.

mod side;

pub use side::{Answers, Generation, Severity, between, put_fixture};
