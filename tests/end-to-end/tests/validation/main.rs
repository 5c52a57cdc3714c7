//! Validation: every rule of the vocabulary, by both libraries, on every way in.

#[macro_use]
mod cases;
mod libraries;
mod ways_in;

pub mod models {
    dynamorm::include_models!("validation");
}

/// A type that the declarations name.
#[derive(Clone, Debug, PartialEq, dynamorm::serde::Serialize, dynamorm::serde::Deserialize)]
#[serde(crate = "dynamorm::serde")]
pub struct Plain(pub String);

/// A rule of the user's own, whatever the library.
pub fn even(value: &u32) -> Result<(), String> {
    if value.is_multiple_of(2) { Ok(()) } else { Err(format!("{value} is odd")) }
}

/// The same, with the error of `garde`.
pub fn even_for_garde(value: &u32) -> garde::Result {
    even(value).map_err(garde::Error::new)
}

/// The same, with the error of `validator`, which has a code and parameters.
pub fn even_for_validator(value: &u32) -> Result<(), validator::ValidationError> {
    even(value).map_err(|message| {
        let mut error = validator::ValidationError::new("odd").with_message(message.into());
        error.add_param("rest".into(), &(value % 2));
        error
    })
}

/// Rules in the forms that the libraries' derives call.
pub fn starts_low(value: &str, (): &()) -> garde::Result {
    if value.starts_with(char::is_lowercase) { Ok(()) } else { Err(garde::Error::new("starts high")) }
}

pub fn starts_low_by_validator(value: &str) -> Result<(), validator::ValidationError> {
    starts_low(value, &()).map_err(|_| validator::ValidationError::new("high"))
}

pub fn few(line: &models::GardeLine, (): &()) -> garde::Result {
    if line.quantity < 100 { Ok(()) } else { Err(garde::Error::new("too many")) }
}

pub fn few_by_validator(line: &models::ValidatorLine) -> Result<(), validator::ValidationError> {
    if line.quantity < 100 { Ok(()) } else { Err(validator::ValidationError::new("many")) }
}

pub fn not_empty(plain: &Plain, (): &()) -> garde::Result {
    if plain.0.is_empty() { Err(garde::Error::new("empty")) } else { Ok(()) }
}

pub fn not_empty_by_validator(plain: &Plain) -> Result<(), validator::ValidationError> {
    if plain.0.is_empty() { Err(validator::ValidationError::new("empty")) } else { Ok(()) }
}
