//! One reason why a value was refused.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use crate::Json;
use crate::validation::steps::{Part, PathParts};

/// One reason why a value was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    path: String,
    steps: PathParts,
    pub(super) message: String,
    pub(super) rule: Option<Box<RuleRefusal>>,
}

/// The rule that refused a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RuleRefusal {
    pub(super) code: Cow<'static, str>,
    pub(super) parameters: BTreeMap<Cow<'static, str>, Json>,
}

impl Violation {
    pub(crate) fn new(path: impl Into<String>, message: impl Into<String>) -> Self {
        let path = path.into();
        Violation { steps: PathParts::whole(&path), path, message: message.into(), rule: None }
    }

    /// A violation of the value at hand, by the rule that refused it.
    pub(super) fn of_rule(
        code: Cow<'static, str>,
        message: String,
        parameters: BTreeMap<Cow<'static, str>, Json>,
    ) -> Self {
        Violation { rule: Some(Box::new(RuleRefusal { code, parameters })), ..Violation::new("", message) }
    }

    /// The same violation of a sensitive value, without what could tell of it.
    pub(super) fn hidden(self) -> Self {
        match self.rule {
            Some(rule) => {
                let message = format!("the sensitive value is refused by the rule `{}`", rule.code);
                Violation::of_rule(rule.code, message, BTreeMap::new())
            }
            None => Violation::new("", "the sensitive value is refused"),
        }
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

    pub(super) fn parts(&self) -> impl Iterator<Item = Part<'_>> {
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
