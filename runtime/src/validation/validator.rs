//! What `validator` sees of a model: its trait's errors, and rules that were written for its derive.

use std::any::Any;
use std::borrow::Cow;
use std::fmt::Display;

use validator::{ValidationError, ValidationErrors, ValidationErrorsKind};

use crate::Json;
use crate::validation::check::Check;
use crate::validation::steps::Part;
use crate::validation::violation::Violation;

/// The key of errors about a value as a whole, which `validator` itself uses for a whole struct.
const WHOLE: &str = "__all__";
/// The key of the elements of a list that is itself an element of a list.
const ELEMENTS: &str = "[]";
/// The field of structs with rules for `validator`'s derive.
const RAW: &str = "value";

/// Reports what a check finds as `validator` does: for generated code.
///
/// # Errors
/// Every violation, by field and list position.
#[doc(hidden)]
pub fn validate_with_validator<T>(
    value: &T,
    check_value: fn(&T, &mut Check),
) -> Result<(), ValidationErrors> {
    let mut check = Check::default();
    check_value(value, &mut check);
    let errors = errors_of(&check.into_violations());
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

/// Violations as `validator` reports them.
pub(crate) fn errors_of(violations: &[Violation]) -> ValidationErrors {
    let mut errors = ValidationErrors::new();
    for violation in violations {
        let parts: Vec<_> = violation.parts().collect();
        insert(&mut errors, &parts, error(violation));
    }
    errors
}

/// Reports the outcome of a function of the user's. An error of `validator`'s type keeps its code and its parameters: for
/// generated code.
#[doc(hidden)]
pub fn custom<E: Display + 'static>(outcome: Result<(), E>, check: &mut Check) {
    let Err(error) = outcome else { return };
    match (&error as &dyn Any).downcast_ref() {
        Some(error) => refuse(error, check),
        None => check.refuse("custom", error.to_string(), []),
    }
}

/// Takes over what a rule for `validator`'s derive reports: for generated code.
#[doc(hidden)]
pub fn raw_validator(outcome: Result<(), ValidationErrors>, check: &mut Check) {
    let Err(errors) = outcome else { return };
    for (name, kind) in sorted(errors) {
        if name == RAW {
            take(kind, check);
        } else {
            check.entry(&name, |check| take(kind, check));
        }
    }
}

fn take(kind: ValidationErrorsKind, check: &mut Check) {
    match kind {
        ValidationErrorsKind::Field(errors) => errors.iter().for_each(|error| refuse(error, check)),
        ValidationErrorsKind::Struct(errors) => take_all(*errors, check),
        ValidationErrorsKind::List(elements) => {
            for (position, errors) in elements {
                check.element(position, |check| take_all(*errors, check));
            }
        }
    }
}

fn take_all(errors: ValidationErrors, check: &mut Check) {
    for (name, kind) in sorted(errors) {
        match name.as_ref() {
            WHOLE | ELEMENTS => take(kind, check),
            name => check.entry(name, |check| take(kind, check)),
        }
    }
}

/// The errors in a deterministic order.
fn sorted(errors: ValidationErrors) -> Vec<(Cow<'static, str>, ValidationErrorsKind)> {
    let mut sorted: Vec<_> = errors.into_errors().into_iter().collect();
    sorted.sort_by(|(a, _), (b, _)| a.cmp(b));
    sorted
}

fn refuse(error: &ValidationError, check: &mut Check) {
    let message = match &error.message {
        Some(message) => message.to_string(),
        None => refused_by(error),
    };
    let parameters = error.params.iter().map(|(name, value)| (name.clone(), value.clone()));
    check.refuse(error.code.clone(), message, parameters);
}

/// The message, if `validator` has none.
fn refused_by(error: &ValidationError) -> String {
    let mut given: Vec<_> = error.params.iter().filter(|(name, _)| *name != "value").collect();
    given.sort_by_key(|(name, _)| *name);
    let given: Vec<_> = given.into_iter().map(|(name, value)| format!("{name} = {value}")).collect();
    if given.is_empty() {
        format!("refused by the rule `{}`", error.code)
    } else {
        format!("refused by the rule `{}` ({})", error.code, given.join(", "))
    }
}

fn error(violation: &Violation) -> ValidationError {
    let rule = violation.rule.as_ref();
    ValidationError {
        code: rule.map_or(Cow::Borrowed("invalid"), |rule| rule.code.clone()),
        message: Some(Cow::Owned(violation.message.clone())),
        params: rule
            .map(|rule| rule.parameters.iter().map(|(name, value)| (name.clone(), value.clone())).collect())
            .unwrap_or_default(),
    }
}

/// Puts an error at its path, below `errors`.
fn insert(errors: &mut ValidationErrors, parts: &[Part<'_>], error: ValidationError) {
    match parts {
        [] => add(errors, WHOLE, error),
        [Part::Name(name)] => add(errors, name, error),
        [Part::Name(name), Part::Position(position), rest @ ..] => match element(errors, name, *position) {
            Some(within) => insert(within, rest, error),
            None => add(errors, name, error),
        },
        [Part::Name(name), rest @ ..] => match structure(errors, name) {
            Some(within) => insert(within, rest, error),
            None => add(errors, name, error),
        },
        [Part::Position(position), rest @ ..] => match element(errors, ELEMENTS, *position) {
            Some(within) => insert(within, rest, error),
            None => add(errors, ELEMENTS, error),
        },
    }
}

/// Adds an error of the field itself. A field can have only one kind of errors. If it already has errors of values within it, its
/// own are put beside them, and name the field.
fn add(errors: &mut ValidationErrors, name: &str, mut error: ValidationError) {
    let fresh = || ValidationErrorsKind::Field(Vec::new());
    match errors.errors_mut().entry(Cow::Owned(name.to_owned())).or_insert_with(fresh) {
        ValidationErrorsKind::Field(own) => own.push(error),
        ValidationErrorsKind::Struct(within) => add(within, WHOLE, error),
        ValidationErrorsKind::List(_) => {
            error.params.insert(Cow::Borrowed("field"), Json::String(name.to_owned()));
            add(errors, WHOLE, error);
        }
    }
}

/// The errors of a structure that a field holds.
fn structure<'e>(errors: &'e mut ValidationErrors, name: &str) -> Option<&'e mut ValidationErrors> {
    let fresh = || ValidationErrorsKind::Struct(Box::default());
    let kind = errors.errors_mut().entry(Cow::Owned(name.to_owned())).or_insert_with(fresh);
    if let ValidationErrorsKind::Field(own) = kind {
        let own = ValidationErrorsKind::Field(std::mem::take(own));
        let within = ValidationErrors([(Cow::Borrowed(WHOLE), own)].into());
        *kind = ValidationErrorsKind::Struct(Box::new(within));
    }
    match kind {
        ValidationErrorsKind::Struct(within) => Some(within),
        _ => None,
    }
}

/// The errors of an element of a list that a field holds.
fn element<'e>(
    errors: &'e mut ValidationErrors,
    name: &str,
    position: usize,
) -> Option<&'e mut ValidationErrors> {
    let fresh = || ValidationErrorsKind::List(Default::default());
    let kind = errors.errors_mut().entry(Cow::Owned(name.to_owned())).or_insert_with(fresh);
    let mut own = Vec::new();
    if let ValidationErrorsKind::Field(errors) = kind {
        own = std::mem::take(errors);
        *kind = fresh();
    }
    for error in own {
        add(errors, name, error);
    }
    match errors.errors_mut().get_mut(name) {
        Some(ValidationErrorsKind::List(elements)) => Some(elements.entry(position).or_default()),
        _ => None,
    }
}
