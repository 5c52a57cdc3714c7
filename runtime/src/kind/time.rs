//! Instants and dates.

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use jiff::civil::Date;

use crate::decode::{DecodeError, Value};
use crate::encode::EncodeError;
use crate::kind::number::whole_digits;
use crate::kind::scalar::parsed;
use crate::kind::traits::{Kind, Ordered};

/// The current instant in whole microseconds: what a timestamp attribute can hold.
pub fn now() -> Timestamp {
    Timestamp::floor(Timestamp::now())
}

/// A kind of instants, which keeps no more of one than its stored form does: for generated code.
#[doc(hidden)]
pub trait Instant: Kind<Value = Timestamp> {
    /// What the stored form keeps of an instant.
    fn floor(instant: Timestamp) -> Timestamp;
}

impl Instant for Timestamp {
    fn floor(instant: Timestamp) -> Timestamp {
        whole_nanoseconds(instant, 1_000)
    }
}

impl Instant for EpochSeconds {
    fn floor(instant: Timestamp) -> Timestamp {
        Timestamp::from_second(instant.as_second()).unwrap_or(Timestamp::UNIX_EPOCH)
    }
}

impl Instant for EpochMilliseconds {
    fn floor(instant: Timestamp) -> Timestamp {
        whole_nanoseconds(instant, 1_000_000)
    }
}

/// An instant without what is finer than so many nanoseconds. Jiff's conversions refuse the last second of its range.
fn whole_nanoseconds(instant: Timestamp, unit: i32) -> Timestamp {
    let fraction = instant.subsec_nanosecond() / unit * unit;
    Timestamp::new(instant.as_second(), fraction).unwrap_or(instant)
}

impl Kind for Timestamp {
    type Value = Timestamp;
    type Present = Self;

    /// Reads any RFC 3339 instant.
    fn decode(value: Value<'_>) -> Result<Timestamp, DecodeError> {
        parsed(value, "an RFC 3339 timestamp")
    }

    /// `YYYY-MM-DDTHH:MM:SS.ffffffZ`, so that the order of the text is the order of time.
    fn encode(value: &Timestamp) -> Result<AttributeValue, EncodeError> {
        whole(value, 1_000, "microseconds")?;
        let text = format!("{value:.6}");
        if text.len() != "YYYY-MM-DDTHH:MM:SS.ffffffZ".len() || text.starts_with('-') {
            return Err(EncodeError::new(format!("{value} is not within the years 0000 to 9999")));
        }
        Ok(AttributeValue::S(text))
    }
}

impl Ordered for Timestamp {}

/// An instant stored as `N`, whole seconds since 1970. Its values are [`Timestamp`]s.
#[derive(Debug)]
pub enum EpochSeconds {}

impl Kind for EpochSeconds {
    type Value = Timestamp;
    type Present = Self;

    fn decode(value: Value<'_>) -> Result<Timestamp, DecodeError> {
        instant(value, "seconds", Timestamp::from_second)
    }

    fn encode(value: &Timestamp) -> Result<AttributeValue, EncodeError> {
        whole(value, 1_000_000_000, "seconds")?;
        Ok(AttributeValue::N(value.as_second().to_string()))
    }
}

impl Ordered for EpochSeconds {}

/// An instant stored as `N`, whole milliseconds since 1970. Its values are [`Timestamp`]s.
#[derive(Debug)]
pub enum EpochMilliseconds {}

impl Kind for EpochMilliseconds {
    type Value = Timestamp;
    type Present = Self;

    fn decode(value: Value<'_>) -> Result<Timestamp, DecodeError> {
        instant(value, "milliseconds", Timestamp::from_millisecond)
    }

    fn encode(value: &Timestamp) -> Result<AttributeValue, EncodeError> {
        whole(value, 1_000_000, "milliseconds")?;
        Ok(AttributeValue::N(value.as_millisecond().to_string()))
    }
}

impl Ordered for EpochMilliseconds {}

impl Kind for Date {
    type Value = Date;
    type Present = Self;

    fn decode(value: Value<'_>) -> Result<Date, DecodeError> {
        let text = value.into_text()?;
        let date: Option<Date> = text.parse().ok();
        date.filter(|date| date.to_string() == *text)
            .ok_or_else(|| DecodeError::new(format!("{text:?} is not a date (YYYY-MM-DD)")))
    }

    fn encode(value: &Date) -> Result<AttributeValue, EncodeError> {
        if value.year() < 0 {
            return Err(EncodeError::new(format!("{value} is not within the years 0000 to 9999")));
        }
        Ok(AttributeValue::S(value.to_string()))
    }
}

impl Ordered for Date {}

/// Refuses a precision that the stored form would lose.
fn whole(value: &Timestamp, nanoseconds: i32, unit: &str) -> Result<(), EncodeError> {
    if value.subsec_nanosecond() % nanoseconds == 0 {
        Ok(())
    } else {
        Err(EncodeError::new(format!("{value} is not in whole {unit}, and its attribute keeps no more")))
    }
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
