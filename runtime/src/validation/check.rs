//! The collector that rules report to.

use std::borrow::Cow;
use std::fmt;

use crate::Json;
use crate::validation::violation::Violation;

/// Collects the violations of a value, each with the path at which it was found.
///
/// The caller that checks a part puts the part's place before the paths of violations in it. So without violations, nobody has to
/// compute a path.
#[derive(Debug, Default)]
pub struct Check {
    found: Option<Box<Violations>>,
}

#[derive(Debug, Default)]
struct Violations {
    violations: Vec<Violation>,
}

impl Check {
    /// Reports the outcome of a rule for the current value.
    pub fn rule<E: fmt::Display>(&mut self, code: &'static str, outcome: Result<(), E>) {
        if let Err(error) = outcome {
            self.refuse(code, error.to_string(), []);
        }
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

    /// Checks the entry `name` of a map or a variant.
    #[inline]
    pub fn entry(&mut self, name: &str, check: impl FnOnce(&mut Check)) {
        let known = self.violations().len();
        check(self);
        if self.violations().len() > known {
            self.place(known, &|violation| violation.within(name));
        }
    }

    /// Checks a value that stays out of messages. Violations keep only the codes of their rules.
    pub fn sensitive(&mut self, check: impl FnOnce(&mut Check)) {
        let known = self.violations().len();
        check(self);
        if self.violations().len() > known {
            self.hide(known);
        }
    }

    /// Reports a violation of the current value.
    #[cold]
    pub fn report(&mut self, message: impl Into<String>) {
        self.extend([Violation::new("", message)]);
    }

    /// Reports that a rule refuses the current value.
    #[cold]
    pub(crate) fn refuse(
        &mut self,
        code: impl Into<Cow<'static, str>>,
        message: String,
        parameters: impl IntoIterator<Item = (Cow<'static, str>, Json)>,
    ) {
        self.extend([Violation::of_rule(code.into(), message, parameters.into_iter().collect())]);
    }

    #[cold]
    pub(crate) fn extend(&mut self, violations: impl IntoIterator<Item = Violation>) {
        self.found.get_or_insert_default().violations.extend(violations);
    }

    /// Whether there are no violations so far.
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

    /// Removes everything about the value from the violations after the first `known` ones: messages, parameters, and places
    /// within it, which keys of a map may name. Each rule is left once.
    #[cold]
    fn hide(&mut self, known: usize) {
        let Some(found) = &mut self.found else { return };
        for violation in found.violations.split_off(known) {
            let hidden = violation.hidden();
            if !found.violations[known..].contains(&hidden) {
                found.violations.push(hidden);
            }
        }
    }

    /// Adds a place to the violations after the first `known` ones.
    #[cold]
    fn place(&mut self, known: usize, within: &dyn Fn(&Violation) -> Violation) {
        let found = self.found.iter_mut().flat_map(|found| found.violations.iter_mut().skip(known));
        for violation in found {
            *violation = within(violation);
        }
    }
}
