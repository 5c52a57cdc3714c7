//! The application's types, which say themselves how they are stored.

use std::fmt::Display;
use std::marker::PhantomData;

use aws_sdk_dynamodb::types::AttributeValue;

use crate::decode::{DecodeError, Value};
use crate::encode::{EncodeError, JsonWriter};
use crate::kind::traits::{Kind, Ordered};

/// A type of the application that is stored as text, a number or an identifier, so keys may contain it.
///
/// ```
/// use dynamorm::{Codec, Uuid};
///
/// /// The id of an order, which no other id can be confused with.
/// #[derive(Clone, Debug, PartialEq)]
/// pub struct OrderId(Uuid);
///
/// impl Codec for OrderId {
///     type Stored = Uuid;
///     type Error = std::convert::Infallible;
///
///     fn to_stored(&self) -> Uuid {
///         self.0
///     }
///
///     fn from_stored(stored: Uuid) -> Result<Self, Self::Error> {
///         Ok(OrderId(stored))
///     }
/// }
/// ```
///
/// Declare it in `models.toml` as `{ type = "rust:crate::OrderId", stored_as = "uuid" }`, with the type of `Stored`.
///
/// # Laws
/// 1. What was stored is read again as the same value: `from_stored(value.to_stored()) == Ok(value)`.
/// 2. A value is stored in one way: what `from_stored` accepts, `to_stored` gives back. An item whose key is another one is not
///    read.
///
/// `testing::check_codec` (feature `testing`) looks for values that break them.
pub trait Codec: Sized + Send + 'static {
    /// The type that is stored.
    type Stored: Kind<Value: PartialEq>;

    /// Why a stored value stands for no value of the type.
    type Error: Display;

    /// The value to store.
    fn to_stored(&self) -> <Self::Stored as Kind>::Value;

    /// The value that a stored value stands for.
    ///
    /// # Errors
    /// It stands for no value.
    fn from_stored(stored: <Self::Stored as Kind>::Value) -> Result<Self, Self::Error>;
}

/// A `T`, stored in the form `K` by its [`Codec`].
#[derive(Debug)]
pub struct Coded<T, K>(PhantomData<fn() -> (T, K)>);

impl<T: Codec, K: Kind<Value = <T::Stored as Kind>::Value>> Kind for Coded<T, K> {
    type Value = T;
    type Present = Self;

    fn decode(value: Value<'_>) -> Result<T, DecodeError> {
        of_stored(K::decode(value)?)
    }

    fn decode_key(value: Value<'_>) -> Result<T, DecodeError> {
        let stored = value.into_attribute_value()?;
        let read: T = of_stored(K::decode_key(Value::from(&stored))?)?;
        // A codec may accept a value that it would not write.
        match K::decode_key(Value::from(&stored)) {
            Ok(expected) if read.to_stored() == expected => Ok(read),
            _ => Err(DecodeError::new(
                "stored in another form than the one in which its type's `Codec` writes this value: a get, a query or a \
                 deletion by the value would miss the item",
            )),
        }
    }

    fn encode(value: &T) -> Result<AttributeValue, EncodeError> {
        K::encode_owned(value.to_stored())
    }

    fn write(value: &T, writer: &mut JsonWriter) -> Result<(), EncodeError> {
        K::write(&value.to_stored(), writer)
    }
}

fn of_stored<T: Codec>(stored: <T::Stored as Kind>::Value) -> Result<T, DecodeError> {
    T::from_stored(stored).map_err(|error| DecodeError::new(error.to_string()))
}

impl<T: Codec, K: Ordered + Kind<Value = <T::Stored as Kind>::Value>> Ordered for Coded<T, K> {}
