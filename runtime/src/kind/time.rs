//! Instants as numbers, what all instants have in common, and dates.

use std::fmt;
use std::marker::PhantomData;

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use jiff::civil::Date;

use crate::decode::{DecodeError, Value};
use crate::encode::EncodeError;
use crate::kind::number::whole_digits;
use crate::kind::traits::{Kind, Ordered};

/// The current instant in whole microseconds, which a timestamp attribute can hold.
pub fn now() -> Timestamp {
    Timestamp::floor(Timestamp::now())
}

/// A kind of instants, which are truncated to its stored form: for generated code.
#[doc(hidden)]
pub trait Instant: Kind<Value = Timestamp> {
    /// Truncates an instant to the stored form.
    fn floor(instant: Timestamp) -> Timestamp;
}

/// An instant truncated to a multiple of so many nanoseconds. Jiff's own conversions refuse the last second of its range.
pub(super) fn whole_nanoseconds(instant: Timestamp, unit: i32) -> Timestamp {
    let fraction = instant.subsec_nanosecond() / unit * unit;
    Timestamp::new(instant.as_second(), fraction).unwrap_or(instant)
}

/// Refuses a precision that the stored form would lose.
pub(super) fn whole(value: &Timestamp, nanoseconds: i32, unit: &str) -> Result<(), EncodeError> {
    if value.subsec_nanosecond() % nanoseconds == 0 {
        Ok(())
    } else {
        Err(EncodeError::new(format!("{value} is not in whole {unit}, and its attribute keeps no more")))
    }
}

macro_rules! epoch {
    ($($kind:ident, $doc:literal, $unit:literal, $nanoseconds:literal, $from:ident, $number:ident;)*) => { $(
        #[doc = $doc]
        #[derive(Debug)]
        pub enum $kind {}

        impl $kind {
            /// The number of an instant.
            pub(crate) fn number(value: &Timestamp) -> Result<i64, EncodeError> {
                whole(value, $nanoseconds, $unit)?;
                Ok(value.$number())
            }
        }

        impl Kind for $kind {
            type Value = Timestamp;
            type Present = Self;

            fn decode(value: Value<'_>) -> Result<Timestamp, DecodeError> {
                instant(value, $unit, Timestamp::$from)
            }

            // DynamoDB treats all notations of a number as equal.
            fn decode_key(value: Value<'_>) -> Result<Timestamp, DecodeError> {
                Self::decode(value)
            }

            fn encode(value: &Timestamp) -> Result<AttributeValue, EncodeError> {
                Ok(AttributeValue::N(Self::number(value)?.to_string()))
            }
        }

        impl Ordered for $kind {}

        impl Instant for $kind {
            fn floor(instant: Timestamp) -> Timestamp {
                whole_nanoseconds(instant, $nanoseconds)
            }
        }
    )* };
}

epoch! {
    EpochSeconds, "An instant stored as `N`, whole seconds since 1970. Its values are [`Timestamp`]s.",
        "seconds", 1_000_000_000, from_second, as_second;
    EpochMilliseconds, "An instant stored as `N`, whole milliseconds since 1970. Its values are [`Timestamp`]s.",
        "milliseconds", 1_000_000, from_millisecond, as_millisecond;
    EpochMicroseconds, "An instant stored as `N`, whole microseconds since 1970. Its values are [`Timestamp`]s.",
        "microseconds", 1_000, from_microsecond, as_microsecond;
}

fn instant(
    value: Value<'_>,
    unit: &str,
    from: fn(i64) -> Result<Timestamp, jiff::Error>,
) -> Result<Timestamp, DecodeError> {
    let digits = value.into_digits()?;
    let beyond = || DecodeError::new(format!("{digits} {unit} are beyond the range of time"));
    let number = match digits.parse() {
        Ok(number) => number,
        Err(_) => {
            let whole = whole_digits(&digits).ok_or_else(|| {
                DecodeError::new(format!("an instant is stored in whole {unit}, and {digits} are not whole"))
            })?;
            whole.parse().map_err(|_| beyond())?
        }
    };
    from(number).map_err(|_| beyond())
}

/// An instant in the form of `K`. Finer instants are truncated where they are written or compared, instead of being refused.
#[derive(Debug)]
pub struct Truncated<K>(PhantomData<fn() -> K>);

impl<K: Instant> Kind for Truncated<K> {
    type Value = Timestamp;
    type Present = Self;

    fn decode(value: Value<'_>) -> Result<Timestamp, DecodeError> {
        K::decode(value)
    }

    fn decode_key(value: Value<'_>) -> Result<Timestamp, DecodeError> {
        K::decode_key(value)
    }

    fn encode(value: &Timestamp) -> Result<AttributeValue, EncodeError> {
        K::encode(&K::floor(*value))
    }
}

impl<K: Instant> Ordered for Truncated<K> {}

impl<K: Instant> Instant for Truncated<K> {
    fn floor(instant: Timestamp) -> Timestamp {
        K::floor(instant)
    }
}

impl Kind for Date {
    type Value = Date;
    type Present = Self;

    fn decode(value: Value<'_>) -> Result<Date, DecodeError> {
        let text = value.into_text()?;
        let date: Option<Date> = text.parse().ok();
        date.filter(|date| date.year() >= 0 && date.to_string() == *text)
            .ok_or_else(|| DecodeError::new(format!("{text:?} is not a date (YYYY-MM-DD)")))
    }

    #[inline]
    fn decode_key(value: Value<'_>) -> Result<Date, DecodeError> {
        Self::decode(value)
    }

    fn encode(value: &Date) -> Result<AttributeValue, EncodeError> {
        let mut text = String::with_capacity("YYYY-MM-DD".len());
        write_date(value, &mut text)?;
        Ok(AttributeValue::S(text))
    }
}

/// Writes `YYYY-MM-DD`.
///
/// # Errors
/// The year is before 0000.
pub(crate) fn write_date(value: &Date, text: &mut impl fmt::Write) -> Result<(), EncodeError> {
    if value.year() < 0 {
        return Err(EncodeError::new(format!("{value} is not within the years 0000 to 9999")));
    }
    // Writing to memory does not fail.
    let _ = write!(text, "{value}");
    Ok(())
}

impl Ordered for Date {}
