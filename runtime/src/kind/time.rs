//! Instants and dates.

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use jiff::civil::Date;

use super::scalar::parse;
use super::{Kind, Ordered};
use crate::{DecodeError, EncodeError, Value};

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

    /// Reads any RFC 3339 instant in whole microseconds.
    fn decode(value: Value<'_>) -> Result<Timestamp, DecodeError> {
        let text = value.into_text()?;
        written(&text, MICROSECOND_DIGITS).map_or_else(|| in_another_notation(&text), Ok)
    }

    fn decode_key(value: Value<'_>) -> Result<Timestamp, DecodeError> {
        let text = value.into_text()?;
        written(&text, MICROSECOND_DIGITS).ok_or_else(|| match in_another_notation(&text) {
            Ok(instant) => DecodeError::differs(&text, &format!("{instant:.6}")),
            Err(error) => error,
        })
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

/// How many digits of a second the text of a [`Timestamp`] has.
const MICROSECOND_DIGITS: usize = 6;

/// The instant that is written as `text`, which has so many digits of a second: `YYYY-MM-DDTHH:MM:SSZ` has none. Every
/// other notation of an instant is passed over.
pub(crate) fn written(text: &str, digits: usize) -> Option<Timestamp> {
    let (seconds, rest) = text.split_at_checked("YYYY-MM-DDTHH:MM:SS".len())?;
    let fraction = rest.strip_suffix('Z')?;
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let is_of_form = |(byte, form): (u8, u8)| if form == b'0' { byte.is_ascii_digit() } else { byte == form };
    let is_written = match fraction.strip_prefix('.') {
        Some(fraction) => digits > 0 && fraction.len() == digits && are_digits(fraction),
        None => digits == 0 && fraction.is_empty(),
    };
    // A leap second is read as the second before it.
    let is_leap_second = seconds.ends_with("60");
    (is_written && !is_leap_second && seconds.bytes().zip(*b"0000-00-00T00:00:00").all(is_of_form))
        .then(|| text.parse().ok())
        .flatten()
}

/// The instant of a text that is not the one that is written for it.
#[cold]
fn in_another_notation(text: &str) -> Result<Timestamp, DecodeError> {
    let instant: Timestamp = parse(text, "an RFC 3339 timestamp")?;
    if text.contains(":60") {
        return Err(DecodeError::new(format!("{text:?} is a leap second, which no instant stands for")));
    }
    match Timestamp::encode(&instant) {
        Ok(_) => Ok(instant),
        Err(error) => Err(DecodeError::new(format!("{text:?} could not be written: {error}"))),
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

    #[inline]
    fn decode_key(value: Value<'_>) -> Result<Timestamp, DecodeError> {
        Self::decode(value)
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

    #[inline]
    fn decode_key(value: Value<'_>) -> Result<Timestamp, DecodeError> {
        Self::decode(value)
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
        date.filter(|date| date.year() >= 0 && date.to_string() == *text)
            .ok_or_else(|| DecodeError::new(format!("{text:?} is not a date (YYYY-MM-DD)")))
    }

    #[inline]
    fn decode_key(value: Value<'_>) -> Result<Date, DecodeError> {
        Self::decode(value)
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
    let number = i64::decode(Value::of_digits(&digits))
        .map_err(|_| DecodeError::new(format!("{digits} is not a number of whole {unit} since 1970")))?;
    from(number).map_err(|_| DecodeError::new(format!("{number} {unit} are beyond the range of time")))
}
