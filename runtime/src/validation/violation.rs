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

    /// The same violation of a sensitive value, without anything that could reveal the value.
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

    /// The same violation, of the entry `name` of something larger.
    pub(crate) fn within(&self, name: &str) -> Self {
        let prefix = format!("{name}{}", self.separator());
        Violation {
            steps: self.steps.behind_name(name.len(), prefix.len()),
            path: prefix + &self.path,
            message: self.message.clone(),
            rule: self.rule.clone(),
        }
    }

    /// What comes between the path and what holds it.
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

    /// The name of the rule, such as `length`. If the declarations choose `validator`, it is that library's name. `None` for
    /// DynamoDB's own limits.
    pub fn code(&self) -> Option<&str> {
        self.rule.as_ref().map(|rule| rule.code.as_ref())
    }

    /// The parameters of the rule, such as `min`, if the library tells them. `validator` also includes the value itself.
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
