//! Instants as text: the forms of RFC 3339 that programs write.

use std::fmt;
use std::marker::PhantomData;

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::decode::{DecodeError, Value};
use crate::encode::EncodeError;
use crate::kind::scalar::parse;
use crate::kind::time::{Instant, whole, whole_nanoseconds};
use crate::kind::traits::{Kind, Ordered};

/// An instant stored as `S`: RFC 3339 in UTC, with `DIGITS` digits of the second (0 to 9), and with its offset as `O` writes it.
/// Its values are [`Timestamp`]s. The order of the text is the order of time.
///
/// JavaScript writes `Rfc3339<3, Zulu>`, PynamoDB `Rfc3339<6, PlusZero>`. `Rfc3339<6, Zulu>` is the form of `Timestamp` itself.
#[derive(Debug)]
pub struct Rfc3339<const DIGITS: usize, O>(PhantomData<fn() -> O>);

/// How the offset of UTC is written.
pub trait UtcOffset: 'static {
    #[doc(hidden)]
    const TEXT: &'static str;
}

/// `Z`
#[derive(Debug)]
pub enum Zulu {}

/// `+0000`
#[derive(Debug)]
pub enum PlusZero {}

/// `+00:00`
#[derive(Debug)]
pub enum PlusColonZero {}

/// Nothing. The text itself does not say that it is UTC.
#[derive(Debug)]
pub enum NoOffset {}

impl UtcOffset for Zulu {
    const TEXT: &'static str = "Z";
}

impl UtcOffset for PlusZero {
    const TEXT: &'static str = "+0000";
}

impl UtcOffset for PlusColonZero {
    const TEXT: &'static str = "+00:00";
}

impl UtcOffset for NoOffset {
    const TEXT: &'static str = "";
}

impl<const DIGITS: usize, O: UtcOffset> Rfc3339<DIGITS, O> {
    /// How many characters every text has.
    pub(crate) const WIDTH: usize = SECONDS.len() + if DIGITS == 0 { 0 } else { 1 + DIGITS } + O::TEXT.len();

    /// The unit of the last digit, in nanoseconds.
    const UNIT: i32 = 10_i32.pow(9 - DIGITS as u32);

    const UNIT_NAME: &'static str = match DIGITS {
        0 => "seconds",
        3 => "milliseconds",
        6 => "microseconds",
        9 => "nanoseconds",
        _ => "units of its last digit",
    };

    /// The instant that is written as `text`; `None` for another notation.
    pub(crate) fn written(text: &str) -> Option<Timestamp> {
        if text.len() != Self::WIDTH {
            return None;
        }
        let (seconds, rest) = text.split_at_checked(SECONDS.len())?;
        let fraction = rest.strip_suffix(O::TEXT)?;
        let is_written = match fraction.strip_prefix('.') {
            Some(digits) => digits.bytes().all(|byte| byte.is_ascii_digit()),
            None => DIGITS == 0 && fraction.is_empty(),
        };
        let is_of_form =
            |(byte, form): (u8, u8)| if form == b'0' { byte.is_ascii_digit() } else { byte == form };
        // A leap second would be read as the second before it.
        let is_leap_second = seconds.ends_with("60");
        if !is_written || is_leap_second || !seconds.bytes().zip(SECONDS.bytes()).all(is_of_form) {
            return None;
        }
        if O::TEXT.is_empty() { in_utc(text) } else { text.parse().ok() }
    }

    /// Writes the text of an instant.
    ///
    /// # Errors
    /// The form cannot hold it.
    pub(crate) fn write_instant(value: &Timestamp, text: &mut impl fmt::Write) -> Result<(), EncodeError> {
        whole(value, Self::UNIT, Self::UNIT_NAME)?;
        if value.as_second() < YEAR_0 {
            return Err(EncodeError::new(format!("{value} is not within the years 0000 to 9999")));
        }
        let civil = TimeZone::UTC.to_datetime(*value);
        // Writing to memory does not fail.
        let _ = write!(text, "{civil:.DIGITS$}{}", O::TEXT);
        Ok(())
    }

    fn text(value: &Timestamp) -> Result<String, EncodeError> {
        let mut text = String::with_capacity(Self::WIDTH);
        Self::write_instant(value, &mut text)?;
        Ok(text)
    }

    /// The instant of a text in another notation than the written one.
    #[cold]
    fn in_another_notation(text: &str) -> Result<Timestamp, DecodeError> {
        let without_offset = if O::TEXT.is_empty() { in_utc(text) } else { None };
        let instant = without_offset.map_or_else(|| parse(text, "an RFC 3339 timestamp"), Ok)?;
        if text.contains(":60") {
            return Err(DecodeError::new(format!("{text:?} is a leap second, which no instant stands for")));
        }
        match Self::text(&instant) {
            Ok(_) => Ok(instant),
            Err(error) => Err(DecodeError::new(format!("{text:?} could not be written: {error}"))),
        }
    }
}

/// The form of an instant up to its seconds.
const SECONDS: &str = "0000-00-00T00:00:00";

/// The first second of the year 0.
const YEAR_0: i64 = -62_167_219_200;

/// The instant of a text without an offset.
fn in_utc(text: &str) -> Option<Timestamp> {
    let civil: DateTime = text.parse().ok()?;
    TimeZone::UTC.to_timestamp(civil).ok()
}

impl<const DIGITS: usize, O: UtcOffset> Kind for Rfc3339<DIGITS, O> {
    type Value = Timestamp;
    type Present = Self;

    /// Reads any RFC 3339 instant that the form can hold.
    fn decode(value: Value<'_>) -> Result<Timestamp, DecodeError> {
        let text = value.into_text()?;
        Self::written(&text).map_or_else(|| Self::in_another_notation(&text), Ok)
    }

    fn decode_key(value: Value<'_>) -> Result<Timestamp, DecodeError> {
        let text = value.into_text()?;
        Self::written(&text).ok_or_else(|| {
            let expected = Self::in_another_notation(&text).and_then(|instant| {
                Self::text(&instant).map_err(|error| DecodeError::new(error.to_string()))
            });
            expected.map_or_else(|error| error, |expected| DecodeError::differs(&text, &expected))
        })
    }

    fn encode(value: &Timestamp) -> Result<AttributeValue, EncodeError> {
        Self::text(value).map(AttributeValue::S)
    }
}

impl<const DIGITS: usize, O: UtcOffset> Ordered for Rfc3339<DIGITS, O> {}

impl<const DIGITS: usize, O: UtcOffset> Instant for Rfc3339<DIGITS, O> {
    fn floor(instant: Timestamp) -> Timestamp {
        whole_nanoseconds(instant, Self::UNIT)
    }
}

/// The default form of a [`Timestamp`]: `YYYY-MM-DDTHH:MM:SS.ffffffZ`.
type Microseconds = Rfc3339<6, Zulu>;

impl Kind for Timestamp {
    type Value = Timestamp;
    type Present = Self;

    /// Reads any RFC 3339 instant in whole microseconds.
    fn decode(value: Value<'_>) -> Result<Timestamp, DecodeError> {
        Microseconds::decode(value)
    }

    fn decode_key(value: Value<'_>) -> Result<Timestamp, DecodeError> {
        Microseconds::decode_key(value)
    }

    /// Writes `YYYY-MM-DDTHH:MM:SS.ffffffZ`. The order of the text is the order of time.
    fn encode(value: &Timestamp) -> Result<AttributeValue, EncodeError> {
        Microseconds::encode(value)
    }
}

impl Ordered for Timestamp {}

impl Instant for Timestamp {
    fn floor(instant: Timestamp) -> Timestamp {
        Microseconds::floor(instant)
    }
}
