//! Rules of the declarations' vocabulary that the validation library does not have, and a pattern's compiled form.

use std::fmt::Display;
use std::sync::OnceLock;

use garde::rules::pattern::regex::Regex;

use crate::validation::Check;

/// A regular expression that is compiled when it is first used.
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
        match self.compiled.get_or_init(|| Regex::new(self.text).ok()) {
            Some(regex) => check.rule(garde::rules::pattern::apply(&value, (regex,))),
            None => check.report(format!("the pattern {:?} is not a regular expression", self.text)),
        }
    }
}

/// Reports a value that is none of `allowed`.
pub fn one_of<T: PartialEq<U>, U: Display>(value: &T, allowed: &[U], check: &mut Check) {
    if !allowed.iter().any(|allowed| value == allowed) {
        let allowed: Vec<_> = allowed.iter().map(ToString::to_string).collect();
        check.report(format!("is not one of {}", allowed.join(", ")));
    }
}

/// Reports a value that is less than `minimum` or greater than `maximum`, for types that the validation library has no
/// ranges of.
pub fn range<T: PartialOrd + Display>(value: &T, minimum: Option<T>, maximum: Option<T>, check: &mut Check) {
    if let Some(minimum) = minimum.filter(|minimum| value < minimum) {
        check.report(format!("lower than {minimum}"));
    }
    if let Some(maximum) = maximum.filter(|maximum| value > maximum) {
        check.report(format!("greater than {maximum}"));
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
