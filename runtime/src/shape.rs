//! The shapes of a model: the generations of its stored attributes.

use crate::decode::{DecodeError, Fields};
use crate::encode::{EncodeError, Encoder};
use crate::item::Item;
use crate::model::Record;

/// An older shape of a model, as a struct that can be written: for generated code.
#[doc(hidden)]
pub trait Downgraded: Record {
    /// Writes every attribute, giving the values away.
    fn encode_owned(self, encoder: &mut Encoder);
}

/// The shape of an item, by the attribute that holds its number: for generated code.
///
/// # Errors
/// The attribute holds no number of a shape.
#[doc(hidden)]
pub fn stored_shape(fields: &Fields<'_>, attribute: &'static str) -> Result<u32, DecodeError> {
    let Some(digits) = fields.number(attribute)? else { return Ok(1) };
    let number = digits.parse().ok().filter(|number| *number > 0);
    number.ok_or_else(|| DecodeError::new("it is not the number of a shape").within(attribute))
}

/// Refuses an item of another shape where only a part of it is read: for generated code.
///
/// # Errors
/// The item has another shape.
#[doc(hidden)]
pub fn of_this_shape(fields: &Fields<'_>, attribute: &'static str, newest: u32) -> Result<(), DecodeError> {
    match stored_shape(fields, attribute)? {
        found if found == newest => Ok(()),
        found if found > newest => unknown_shape(found, newest),
        found => Err(DecodeError::new(format!(
            "it has shape {found}, of which no part can be upgraded: read the whole item"
        ))),
    }
}

/// Refuses a shape that this code does not know: for generated code.
///
/// # Errors
/// Always.
#[doc(hidden)]
#[cold]
pub fn unknown_shape<T>(found: u32, newest: u32) -> Result<T, DecodeError> {
    Err(if found > newest {
        DecodeError::new(format!("it has shape {found}, and this code knows none above {newest}"))
            .of_newer_shape()
    } else {
        DecodeError::new(format!("it has shape {found}, which was retired: this code does not know it"))
    })
}

/// What an upgrade made of a value of a shape: for generated code.
///
/// # Errors
/// The upgrade failed.
#[doc(hidden)]
pub fn upgraded<T, E>(number: u32, outcome: Result<T, E>) -> Result<T, DecodeError>
where
    E: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    outcome.map_err(|error| refused_by_upgrade(number, error.into()))
}

#[cold]
fn refused_by_upgrade(number: u32, source: Box<dyn std::error::Error + Send + Sync>) -> DecodeError {
    DecodeError::new(format!("it cannot be upgraded from shape {number}: {source}")).because(source.into())
}

/// What a downgrade made of a value: for generated code.
///
/// # Errors
/// The downgrade failed.
#[doc(hidden)]
pub fn downgraded<T, E>(number: u32, outcome: Result<T, E>) -> Result<T, EncodeError>
where
    E: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    outcome.map_err(|error| {
        let source: Box<dyn std::error::Error + Send + Sync> = error.into();
        EncodeError::new(format!("it cannot be written as shape {number}: {source}"))
    })
}

/// An item of an older shape, made of one of the newest: for generated code.
///
/// # Errors
/// The downgrade failed, or DynamoDB cannot hold what it made.
#[doc(hidden)]
pub fn downgraded_item<M: Record, D: Downgraded>(
    downgrade: fn(&M) -> Result<D, EncodeError>,
    item: Item,
) -> Result<Item, EncodeError> {
    let value = M::decode(Fields::from(item)).map_err(|error| EncodeError::new(error.to_string()))?;
    let mut encoder = Encoder::with_capacity(M::FACTS.attributes.len());
    downgrade(&value)?.encode_owned(&mut encoder);
    let (item, errors) = encoder.finish();
    match errors.into_iter().next() {
        None => Ok(item),
        Some(error) => Err(error),
    }
}
