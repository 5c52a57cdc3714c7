//! What is wrong with a value before it is sent: violations, and the collector that rules report to.

use std::fmt;

use crate::{Attribute, Kind};

/// One reason why a value was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    path: String,
    message: String,
}

impl Violation {
    pub(crate) fn new(path: impl Into<String>, message: impl Into<String>) -> Self {
        Violation { path: path.into(), message: message.into() }
    }

    /// The same violation, of an element of something larger.
    pub(crate) fn within_element(&self, position: usize) -> Self {
        let separator = if self.path.is_empty() { "" } else { "." };
        Violation::new(format!("[{position}]{separator}{}", self.path), self.message.clone())
    }

    /// The path of the attribute, by stored names: `lines[2].quantity`; empty for the value as a whole.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What the rule says.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
            f.write_str(&self.message)
        } else {
            write!(f, "`{}`: {}", self.path, self.message)
        }
    }
}

/// Collects the violations of a value, each with the path at which it was found.
#[derive(Debug, Default)]
pub struct Check {
    path: String,
    violations: Vec<Violation>,
}

impl Check {
    /// Reports the outcome of a rule for the value at hand.
    pub fn rule<E: fmt::Display>(&mut self, outcome: Result<(), E>) {
        if let Err(error) = outcome {
            self.report(error.to_string());
        }
    }

    /// Checks a field: what its kind demands of the values within it, and the rules of its handle.
    pub fn field<M, K: Kind, R>(&mut self, attribute: &Attribute<M, K, R>, value: &K::Value) {
        let length = self.enter(attribute.name());
        attribute.check_value(value, self);
        self.path.truncate(length);
    }

    /// Checks a value as its handle demands, at the place where the collector stands.
    pub fn value<M, K: Kind, R>(&mut self, attribute: &Attribute<M, K, R>, value: &K::Value) {
        attribute.check_value(value, self);
    }

    /// Checks one element of a list or set.
    pub fn element(&mut self, index: usize, check: impl FnOnce(&mut Check)) {
        use fmt::Write;
        let length = self.path.len();
        let _ = write!(self.path, "[{index}]");
        check(self);
        self.path.truncate(length);
    }

    /// Checks what a map or a variant holds under `name`.
    pub fn entry(&mut self, name: &str, check: impl FnOnce(&mut Check)) {
        let length = self.enter(name);
        check(self);
        self.path.truncate(length);
    }

    /// Reports a violation of the value at hand.
    #[cold]
    pub fn report(&mut self, message: impl Into<String>) {
        self.violations.push(Violation::new(self.path.clone(), message));
    }

    pub(crate) fn at(path: String) -> Self {
        Check { path, violations: Vec::new() }
    }

    pub(crate) fn extend(&mut self, violations: impl IntoIterator<Item = Violation>) {
        self.violations.extend(violations);
    }

    pub(crate) fn into_violations(self) -> Vec<Violation> {
        self.violations
    }

    fn enter(&mut self, name: &str) -> usize {
        let length = self.path.len();
        if length > 0 {
            self.path.push('.');
        }
        self.path.push_str(name);
        length
    }
}
