//! What is wrong with a value before it is sent: violations, and the collector that rules report to.

pub(crate) mod garde;
mod steps;
#[cfg(feature = "validator")]
pub(crate) mod validator;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use crate::{Attribute, Json, Kind};
use steps::Steps;

pub use garde::{raw_garde, report_to_garde};
pub(crate) use steps::Part;
#[cfg(feature = "validator")]
pub use validator::{raw_validator, validate_with_validator};

/// One reason why a value was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    path: String,
    steps: Steps,
    message: String,
    rule: Option<Box<Refusal>>,
}

/// The rule that refused a value.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Refusal {
    code: Cow<'static, str>,
    parameters: BTreeMap<Cow<'static, str>, Json>,
}

impl Violation {
    pub(crate) fn new(path: impl Into<String>, message: impl Into<String>) -> Self {
        let path = path.into();
        Violation { steps: Steps::whole(&path), path, message: message.into(), rule: None }
    }

    /// The same violation, of an element of something larger.
    pub(crate) fn within_element(&self, position: usize) -> Self {
        let separator = self.separator();
        let prefix = format!("[{position}]{separator}");
        let digits = prefix.len() - separator.len() - "[]".len();
        Violation {
            steps: self.steps.behind_position(digits, prefix.len()),
            path: prefix + &self.path,
            message: self.message.clone(),
            rule: self.rule.clone(),
        }
    }

    /// The same violation, of what something larger holds under `name`.
    pub(crate) fn within(&self, name: &str) -> Self {
        let prefix = format!("{name}{}", self.separator());
        Violation {
            steps: self.steps.behind_name(name.len(), prefix.len()),
            path: prefix + &self.path,
            message: self.message.clone(),
            rule: self.rule.clone(),
        }
    }

    /// What stands between the path and what holds it.
    fn separator(&self) -> &'static str {
        if self.path.is_empty() || self.path.starts_with('[') { "" } else { "." }
    }

    /// The path of the attribute, by stored names: `lines[2].quantity`; empty for the value as a whole.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What the rule says.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What the rule is called: `length`. Where the declarations choose `validator`, what that library calls it. Nothing
    /// for DynamoDB's own limits.
    pub fn code(&self) -> Option<&str> {
        self.rule.as_ref().map(|rule| rule.code.as_ref())
    }

    /// What the rule was given, such as `min`, where the library says so; `validator` also names the value itself.
    pub fn parameters(&self) -> impl Iterator<Item = (&str, &Json)> {
        let parameters = self.rule.iter().flat_map(|rule| &rule.parameters);
        parameters.map(|(name, value)| (name.as_ref(), value))
    }

    fn parts(&self) -> impl Iterator<Item = Part<'_>> {
        self.steps.parts(&self.path)
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
    steps: Steps,
    violations: Vec<Violation>,
}

impl Check {
    /// Reports the outcome of a rule for the value at hand.
    pub fn rule<E: fmt::Display>(&mut self, code: &'static str, outcome: Result<(), E>) {
        if let Err(error) = outcome {
            self.refuse(code, error.to_string(), []);
        }
    }

    /// Checks a field: what its kind demands of the values within it, and the rules of its handle.
    pub fn field<M, K: Kind, R>(&mut self, attribute: &Attribute<M, K, R>, value: &K::Value) {
        let length = self.enter(attribute.name());
        attribute.check_value(value, self);
        self.leave(length);
    }

    /// Checks a value as its handle demands, at the place where the collector stands.
    pub fn value<M, K: Kind, R>(&mut self, attribute: &Attribute<M, K, R>, value: &K::Value) {
        attribute.check_value(value, self);
    }

    /// Checks one element of a list or set.
    pub fn element(&mut self, index: usize, check: impl FnOnce(&mut Check)) {
        let length = self.enter_element(index);
        check(self);
        self.leave(length);
    }

    /// Checks what a map or a variant holds under `name`.
    pub fn entry(&mut self, name: &str, check: impl FnOnce(&mut Check)) {
        let length = self.enter(name);
        check(self);
        self.leave(length);
    }

    /// Reports a violation of the value at hand.
    #[cold]
    pub fn report(&mut self, message: impl Into<String>) {
        self.push(message.into(), None);
    }

    /// Reports that a rule refuses the value at hand.
    #[cold]
    pub(crate) fn refuse(
        &mut self,
        code: impl Into<Cow<'static, str>>,
        message: String,
        parameters: impl IntoIterator<Item = (Cow<'static, str>, Json)>,
    ) {
        let rule = Refusal { code: code.into(), parameters: parameters.into_iter().collect() };
        self.push(message, Some(Box::new(rule)));
    }

    pub(crate) fn extend(&mut self, violations: impl IntoIterator<Item = Violation>) {
        self.violations.extend(violations);
    }

    pub(crate) fn into_violations(self) -> Vec<Violation> {
        self.violations
    }

    fn push(&mut self, message: String, rule: Option<Box<Refusal>>) {
        let (path, steps) = (self.path.clone(), self.steps.clone());
        self.violations.push(Violation { path, steps, message, rule });
    }

    /// Goes to what stands under a name, and says where to [go back](Self::leave) to.
    fn enter(&mut self, name: &str) -> usize {
        let length = self.path.len();
        if length > 0 {
            self.path.push('.');
        }
        self.path.push_str(name);
        self.steps.push(self.path.len(), name.len(), false);
        length
    }

    fn enter_element(&mut self, index: usize) -> usize {
        use fmt::Write;
        let length = self.path.len();
        let _ = write!(self.path, "[{index}");
        self.steps.push(self.path.len(), self.path.len() - length - 1, true);
        self.path.push(']');
        length
    }

    fn leave(&mut self, length: usize) {
        self.path.truncate(length);
        self.steps.pop();
    }
}
