//! Exact decimal numbers within DynamoDB's limits.

use std::fmt;
use std::str::FromStr;

use aws_sdk_dynamodb::types::AttributeValue;
use bigdecimal::BigDecimal;
use bigdecimal::num_bigint::{BigInt, Sign};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::decode::{DecodeError, Value};
use crate::encode::EncodeError;
use crate::kind::traits::{Addable, Kind, Ordered};

/// An exact decimal number that DynamoDB can hold: up to 38 significant digits, from 1E-130 to
/// 9.99…E+125, of either sign, or zero.
///
/// Two numbers that are equal have one form: `1.50` is `1.5`. For arithmetic, convert a `Decimal` into a [`BigDecimal`], and back
/// with `TryFrom`.
///
/// ```
/// use dynamorm::Decimal;
///
/// let price: Decimal = "19.90".parse()?;
/// let total = Decimal::try_from(price.to_big_decimal() * 3)?;
/// assert_eq!(total.to_string(), "59.7");
/// # Ok::<(), dynamorm::DecimalError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Decimal(BigDecimal);

/// Why a number is no [`Decimal`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DecimalError {
    /// The text is not a decimal number.
    Syntax,
    /// It has more than 38 significant digits.
    TooManyDigits,
    /// Its magnitude is below 1E-130 or above 9.99…E+125.
    OutOfRange,
}

impl Decimal {
    /// Zero.
    pub fn zero() -> Self {
        Self::default()
    }

    /// The number, for arithmetic.
    pub fn to_big_decimal(&self) -> BigDecimal {
        self.0.clone()
    }

    /// The number itself, for arithmetic.
    pub fn into_big_decimal(self) -> BigDecimal {
        self.0
    }

    /// `self + other`.
    ///
    /// # Errors
    /// The sum needs more digits, or a larger exponent, than DynamoDB has.
    pub fn checked_add(&self, other: &Self) -> Result<Self, DecimalError> {
        Self::try_from(&self.0 + &other.0)
    }

    /// `self - other`.
    ///
    /// # Errors
    /// As [`checked_add`](Self::checked_add).
    pub fn checked_sub(&self, other: &Self) -> Result<Self, DecimalError> {
        Self::try_from(&self.0 - &other.0)
    }

    /// `self * other`.
    ///
    /// # Errors
    /// As [`checked_add`](Self::checked_add).
    pub fn checked_mul(&self, other: &Self) -> Result<Self, DecimalError> {
        Self::try_from(&self.0 * &other.0)
    }
}

impl TryFrom<BigDecimal> for Decimal {
    type Error = DecimalError;

    fn try_from(number: BigDecimal) -> Result<Self, DecimalError> {
        // `normalized` strips trailing zeros one by one, so numbers that can never fit are refused first.
        if number.digits() > 512 {
            return Err(DecimalError::TooManyDigits);
        }
        let number = number.normalized();
        let (digits, scale) = number.as_bigint_and_exponent();
        if digits.sign() == Sign::NoSign {
            return Ok(Self::zero());
        }
        let length = i64::try_from(number.digits()).map_err(|_| DecimalError::TooManyDigits)?;
        if length > 38 {
            return Err(DecimalError::TooManyDigits);
        }
        let magnitude = (length - 1).saturating_sub(scale);
        if !(-130..=125).contains(&magnitude) {
            return Err(DecimalError::OutOfRange);
        }
        Ok(Decimal(number))
    }
}

impl FromStr for Decimal {
    type Err = DecimalError;

    /// Reads digits with an optional sign, fraction and exponent.
    fn from_str(text: &str) -> Result<Self, DecimalError> {
        if text.len() > 512 {
            return Err(DecimalError::TooManyDigits);
        }
        BigDecimal::from_str(text).map_err(|_| DecimalError::Syntax).and_then(Self::try_from)
    }
}

impl fmt::Display for Decimal {
    /// Writes plain digits if they need at most 40 zeros, and scientific notation otherwise. With a precision, as in `{:.2}`, it
    /// writes plain digits rounded to that many decimals.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if f.precision().is_some() {
            return fmt::Display::fmt(&self.0, f);
        }
        let (digits, scale) = self.0.as_bigint_and_exponent();
        let text = if (-40..=78).contains(&scale) {
            self.0.to_plain_string()
        } else {
            format!("{digits}E{}", scale.saturating_neg())
        };
        let magnitude = text.strip_prefix('-');
        f.pad_integral(magnitude.is_none(), "", magnitude.unwrap_or(&text))
    }
}

macro_rules! from_integer {
    ($($type:ty),*) => { $(
        impl From<$type> for Decimal {
            fn from(number: $type) -> Self {
                Decimal(BigDecimal::from(BigInt::from(number)).normalized())
            }
        }
    )* };
}

from_integer!(u8, u16, u32, u64, i8, i16, i32, i64);

impl From<Decimal> for BigDecimal {
    fn from(number: Decimal) -> Self {
        number.0
    }
}

impl Serialize for Decimal {
    /// Serializes as text, which keeps every digit in every format.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Decimal {
    /// Deserializes from text or a number. A floating-point number becomes its shortest text. That is the number that was
    /// written, if it has no more digits than the type keeps: 6 in an `f32`, 15 in an `f64`.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Numbers)
    }
}

/// Reads any number type of a format.
struct Numbers;

macro_rules! visit {
    ($($visit:ident: $type:ty, $text:literal;)*) => { $(
        fn $visit<E: de::Error>(self, number: $type) -> Result<Decimal, E> {
            self.visit_str(&format!($text, number))
        }
    )* };
}

/// The name under which `serde_json` passes the digits of a number if another crate of the build turns on its feature
/// `arbitrary_precision`. Serde has no type for such a number, so it is a map with this one entry.
pub(super) const JSON_DIGITS: &str = "$serde_json::private::Number";

impl<'de> de::Visitor<'de> for Numbers {
    type Value = Decimal;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a decimal number, as text or as a number")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Decimal, E> {
        text.parse().map_err(de::Error::custom)
    }

    fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<Decimal, A::Error> {
        match map.next_key::<String>()? {
            Some(name) if name == JSON_DIGITS => self.visit_str(&map.next_value::<String>()?),
            _ => Err(de::Error::invalid_type(de::Unexpected::Map, &self)),
        }
    }

    visit! {
        visit_i64: i64, "{}";
        visit_u64: u64, "{}";
        visit_i128: i128, "{}";
        visit_u128: u128, "{}";
        visit_f32: f32, "{:e}";
        visit_f64: f64, "{:e}";
    }
}

impl Kind for Decimal {
    type Value = Decimal;
    type Present = Self;

    fn decode(value: Value<'_>) -> Result<Decimal, DecodeError> {
        let digits = value.into_digits()?;
        digits.parse().map_err(|error| DecodeError::new(format!("{digits}: {error}")))
    }

    fn decode_key(value: Value<'_>) -> Result<Decimal, DecodeError> {
        Self::decode(value)
    }

    fn encode(value: &Decimal) -> Result<AttributeValue, EncodeError> {
        Ok(AttributeValue::N(value.to_string()))
    }
}

impl Ordered for Decimal {}
impl Addable for Decimal {
    type Delta = Decimal;
}

impl fmt::Display for DecimalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            DecimalError::Syntax => "not a decimal number",
            DecimalError::TooManyDigits => "more than the 38 digits of a DynamoDB number",
            DecimalError::OutOfRange => "beyond the range of a DynamoDB number (1E-130 to 9.99E+125)",
        })
    }
}

impl std::error::Error for DecimalError {}
