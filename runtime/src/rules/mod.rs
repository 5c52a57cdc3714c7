//! Declared rules that the validation library lacks, and a pattern's compiled form.

#[cfg(feature = "validator")]
pub mod validator;

use std::borrow::Cow;
use std::fmt::Display;
use std::sync::OnceLock;

use garde::rules::pattern::regex::Regex;

use crate::validation::Check;

/// A regular expression that is compiled on first use.
#[derive(Debug)]
pub struct Pattern {
    text: &'static str,
    compiled: OnceLock<Option<Regex>>,
}

impl Pattern {
    /// A pattern whose syntax the generator has checked.
    pub const fn new(text: &'static str) -> Self {
        Pattern { text, compiled: OnceLock::new() }
    }

    /// Reports a value that does not match.
    pub fn check(&self, value: &str, check: &mut Check) {
        if let Some(regex) = self.compiled(check) {
            check.rule("pattern", garde::rules::pattern::apply(&value, (regex,)));
        }
    }

    fn compiled(&self, check: &mut Check) -> Option<&Regex> {
        let compiled = self.compiled.get_or_init(|| Regex::new(self.text).ok());
        if compiled.is_none() {
            check.report(format!("the pattern {:?} is not a regular expression", self.text));
        }
        compiled.as_ref()
    }
}

/// Reports a value that is none of `allowed`.
pub fn one_of<T: PartialEq<U>, U: Display>(value: &T, allowed: &[U], check: &mut Check) {
    if !allowed.iter().any(|allowed| value == allowed) {
        let allowed: Vec<_> = allowed.iter().map(ToString::to_string).collect();
        let message = format!("is not one of {}", allowed.join(", "));
        check.refuse("one_of", message, [(Cow::Borrowed("allowed"), allowed.into())]);
    }
}

/// Reports a value that is less than `minimum` or greater than `maximum`, for types without ranges in the validation library.
pub fn range<T: PartialOrd + Display>(value: &T, minimum: Option<T>, maximum: Option<T>, check: &mut Check) {
    if let Some(minimum) = minimum.filter(|minimum| value < minimum) {
        let limit = minimum.to_string();
        check.refuse("range", format!("lower than {limit}"), [(Cow::Borrowed("min"), limit.into())]);
    }
    if let Some(maximum) = maximum.filter(|maximum| value > maximum) {
        let limit = maximum.to_string();
        check.refuse("range", format!("greater than {limit}"), [(Cow::Borrowed("max"), limit.into())]);
    }
}

/// Reads a literal that the generator has checked.
///
/// # Panics
/// The literal is not a `T`, which the generator refuses.
pub fn literal<T: std::str::FromStr>(text: &str) -> T {
    match text.parse() {
        Ok(value) => value,
        Err(_) => panic!("{text:?} was checked when the code was generated"),
    }
}
