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
        if self.steps.begin_with_name() { "." } else { "" }
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
///
/// Whoever checks a part puts the part's place before the paths of what was found in it: where nothing is wrong, nobody
/// has to know where it is.
#[derive(Debug, Default)]
pub struct Check {
    found: Option<Box<Found>>,
}

#[derive(Debug, Default)]
struct Found {
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
        self.entry(attribute.name(), |check| attribute.check_value(value, check));
    }

    /// Checks a value as its handle demands, at the place where the collector stands.
    pub fn value<M, K: Kind, R>(&mut self, attribute: &Attribute<M, K, R>, value: &K::Value) {
        attribute.check_value(value, self);
    }

    /// Checks one element of a list or set.
    #[inline]
    pub fn element(&mut self, index: usize, check: impl FnOnce(&mut Check)) {
        let known = self.violations().len();
        check(self);
        if self.violations().len() > known {
            self.place(known, &|violation| violation.within_element(index));
        }
    }

    /// Checks what a map or a variant holds under `name`.
    #[inline]
    pub fn entry(&mut self, name: &str, check: impl FnOnce(&mut Check)) {
        let known = self.violations().len();
        check(self);
        if self.violations().len() > known {
            self.place(known, &|violation| violation.within(name));
        }
    }

    /// Reports a violation of the value at hand.
    #[cold]
    pub fn report(&mut self, message: impl Into<String>) {
        self.extend([Violation::new("", message)]);
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
        self.extend([Violation { rule: Some(Box::new(rule)), ..Violation::new("", message) }]);
    }

    #[cold]
    pub(crate) fn extend(&mut self, violations: impl IntoIterator<Item = Violation>) {
        self.found.get_or_insert_default().violations.extend(violations);
    }

    /// Whether nothing was found wrong so far.
    #[inline]
    pub(crate) fn is_passed(&self) -> bool {
        self.violations().is_empty()
    }

    #[inline]
    pub(crate) fn violations(&self) -> &[Violation] {
        self.found.as_ref().map_or(&[], |found| &found.violations)
    }

    pub(crate) fn into_violations(mut self) -> Vec<Violation> {
        self.take_violations()
    }

    pub(crate) fn take_violations(&mut self) -> Vec<Violation> {
        self.found.take().map(|found| found.violations).unwrap_or_default()
    }

    /// Says where what was found behind the first `known` violations stands.
    #[cold]
    fn place(&mut self, known: usize, within: &dyn Fn(&Violation) -> Violation) {
        let found = self.found.iter_mut().flat_map(|found| found.violations.iter_mut().skip(known));
        for violation in found {
            *violation = within(violation);
        }
    }
}
