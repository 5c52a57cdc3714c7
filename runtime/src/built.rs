//! How generated builders and decoders end.

use crate::decode::DecodeError;
use crate::error::{BoxError, Context, Error, Result};
use crate::model::Model;
use crate::validation::Check;

/// Unwraps a field that every value has: for generated code.
///
/// # Errors
/// The attribute is missing.
#[doc(hidden)]
#[inline]
pub fn required<T>(value: Option<T>, attribute: &'static str) -> Result<T, DecodeError> {
    value.ok_or_else(|| DecodeError::missing(attribute))
}

/// Refuses a value that lacks an attribute that every value has: for generated code.
///
/// # Errors
/// Always: `attribute` is missing.
#[doc(hidden)]
#[cold]
pub fn missing<T>(attribute: &'static str) -> Result<T, DecodeError> {
    Err(DecodeError::missing(attribute))
}

/// Takes a value that a key holds in several places: for generated code.
///
/// # Errors
/// Another place holds another value.
#[doc(hidden)]
pub fn agree<T: PartialEq + std::fmt::Debug>(known: &mut Option<T>, value: T) -> Result<(), DecodeError> {
    match known.replace(value) {
        Some(before) if Some(&before) != known.as_ref() => Err(DecodeError::new(format!(
            "the key tells {before:?} in one place, and another value in another"
        ))),
        _ => Ok(()),
    }
}

/// Ends a builder: for generated code.
///
/// # Errors
/// A rule refuses a value.
#[doc(hidden)]
pub fn built<M: Model>(model: Result<M, DecodeError>) -> Result<M> {
    let model = model.map_err(|error| Error::decode(Context::model(M::FACTS), error))?;
    validate(&model)?;
    Ok(model)
}

/// A function that every built value passes. Generated code calls it on a line of its own, where the compiler reports its errors.
#[doc(hidden)]
pub fn on_build<M: Model, E: Into<BoxError>>(
    hook: fn(&mut M) -> Result<(), E>,
) -> fn(&mut M) -> Result<(), E> {
    hook
}

/// As [`built`], with a function of the application's that may change or refuse the value before its rules are checked.
///
/// # Errors
/// As [`built`], and the function's own error.
#[doc(hidden)]
pub fn built_with<M: Model, E: Into<BoxError>>(
    model: Result<M, DecodeError>,
    hook: fn(&mut M) -> Result<(), E>,
) -> Result<M> {
    let mut model = model.map_err(|error| Error::decode(Context::model(M::FACTS), error))?;
    hook(&mut model).map_err(|error| Error::refused(error).with_context(Context::model(M::FACTS)))?;
    validate(&model)?;
    Ok(model)
}

/// Ends the builder of a nested structure: for generated code.
///
/// # Errors
/// A rule refuses a value.
#[doc(hidden)]
pub fn built_value<K: crate::Kind<Value = K>>(value: Result<K, DecodeError>) -> Result<K> {
    let value = value.map_err(|error| Error::decode(Context::default(), error))?;
    let mut check = Check::default();
    K::check(&value, &mut check);
    let violations = check.into_violations();
    if violations.is_empty() { Ok(value) } else { Err(Error::validation(Context::default(), violations)) }
}

/// A required field, given or not: for generated code.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "a required field has not been given: `{Self}`",
    label = "`build` needs this field: call its setter before",
    note = "optional fields and fields with a default may be left out"
)]
pub trait IsGiven {}

/// Checks the declared rules of every field: for generated code.
///
/// # Errors
/// Every violation, with its path.
#[doc(hidden)]
pub fn validate<M: Model>(model: &M) -> Result<()> {
    let mut check = Check::default();
    model.check_fields(&mut check);
    refuse(check, || Context::model(M::FACTS))
}

fn refuse(check: Check, context: impl FnOnce() -> Context) -> Result<()> {
    let violations = check.into_violations();
    if violations.is_empty() { Ok(()) } else { Err(Error::validation(context(), violations)) }
}
