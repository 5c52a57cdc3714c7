//! Violations by values, found before sending, and the collector that rules report to.

mod check;
pub(crate) mod garde;
mod rule;
mod steps;
#[cfg(feature = "validator")]
pub(crate) mod validator;
mod violation;

pub use check::Check;
pub use garde::{raw_garde, report_to_garde};
pub use rule::{ElementRule, Rule, element};
#[cfg(feature = "validator")]
pub use validator::{raw_validator, validate_with_validator};
pub use violation::Violation;
