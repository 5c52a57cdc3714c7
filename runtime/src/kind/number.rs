//! Integers and floating-point numbers, stored as `N`.

use std::fmt::LowerExp;

use aws_sdk_dynamodb::types::AttributeValue;
use aws_smithy_types::primitive::Encoder as Digits;

use crate::decode::{DecodeError, Value};
use crate::encode::{EncodeError, JsonWriter};
use crate::kind::traits::{Addable, Kind, Ordered};

macro_rules! integer {
    ($($type:ident, $delta:ident, $bounds:expr;)*) => { $(
        impl Kind for $type {
            type Value = $type;
            type Present = Self;

            fn decode(value: Value<'_>) -> Result<$type, DecodeError> {
                let digits = value.into_digits()?;
                match digits.parse() {
                    Ok(number) if !is_too_long($type::BITS, &digits) => Ok(number),
                    Ok(_) => Err(DecodeError::new(too_long(&digits))),
                    // Another writer may have used an exponent or a fraction of zero.
                    Err(_) => whole_digits(&digits).and_then(|whole| whole.parse().ok()).ok_or_else(|| {
                        let (least, most) = $bounds;
                        DecodeError::new(format!("{digits} is not a whole number from {least} to {most}"))
                    }),
                }
            }

            // DynamoDB treats all notations of a number as equal.
            #[inline]
            fn decode_key(value: Value<'_>) -> Result<$type, DecodeError> {
                Self::decode(value)
            }

            #[inline]
            fn encode(value: &$type) -> Result<AttributeValue, EncodeError> {
                let digits = value.to_string();
                if is_too_long($type::BITS, &digits) {
                    return Err(EncodeError::new(too_long(&digits)));
                }
                Ok(AttributeValue::N(digits))
            }

            #[inline]
            fn write(value: &$type, writer: &mut JsonWriter) -> Result<(), EncodeError> {
                if !write_whole(*value, writer) {
                    writer.value(&Self::encode(value)?);
                }
                Ok(())
            }
        }

        impl Ordered for $type {}
        impl Addable for $type {
            type Delta = $delta;
            const BOUNDS: Option<(&'static str, &'static str)> = Some($bounds);
        }
    )* };
}

integer! {
    u8, i64, ("0", "255");
    u16, i64, ("0", "65535");
    u32, i64, ("0", "4294967295");
    u64, i64, ("0", "18446744073709551615");
    i8, i64, ("-128", "127");
    i16, i64, ("-32768", "32767");
    i32, i64, ("-2147483648", "2147483647");
    i64, i64, ("-9223372036854775808", "9223372036854775807");
    u128, i128, ("0", LARGEST);
    i128, i128, (SMALLEST, LARGEST);
}

/// Writes a number that fits 64 bits; returns `false` for others.
#[inline]
fn write_whole<T: Copy + TryInto<u64> + TryInto<i64>>(number: T, writer: &mut JsonWriter) -> bool {
    if let Ok(number) = TryInto::<u64>::try_into(number) {
        writer.whole_number(Digits::from(number).encode());
    } else if let Ok(number) = TryInto::<i64>::try_into(number) {
        writer.whole_number(Digits::from(number).encode());
    } else {
        return false;
    }
    true
}

/// The largest integer of 38 digits, and its negative. A number attribute holds no larger integers exactly.
const LARGEST: &str = "99999999999999999999999999999999999999";

const SMALLEST: &str = "-99999999999999999999999999999999999999";

macro_rules! float {
    ($($type:ident, $bounds:expr;)*) => { $(
        impl Kind for $type {
            type Value = $type;
            type Present = Self;

            fn decode(value: Value<'_>) -> Result<$type, DecodeError> {
                let digits = value.into_digits()?;
                match digits.parse::<$type>() {
                    Ok(number) if number.is_normal() && is_within_range(number.into()) => Ok(number),
                    Ok(number) if digits == "0" || is_exactly(&digits, &number) => Ok(number),
                    Ok(number) if number.is_finite() => Err(DecodeError::new(format!(
                        concat!("{} is not a number that a ", stringify!($type), " can stand for"),
                        digits
                    ))),
                    _ => {
                        let bits = 8 * size_of::<$type>();
                        Err(DecodeError::new(format!("{digits} is beyond the range of a float of {bits} bits")))
                    }
                }
            }

            fn encode(value: &$type) -> Result<AttributeValue, EncodeError> {
                let value = *value;
                let magnitude = f64::from(value).abs();
                if !value.is_finite() {
                    Err(EncodeError::new(format!("{value} is not a number that DynamoDB can hold")))
                } else if value == 0.0 {
                    Ok(AttributeValue::N("0".to_owned()))
                } else if !is_within_range(magnitude) {
                    Err(EncodeError::new(format!("{value:e} is beyond the range of a DynamoDB number")))
                } else if (1e-5..1e16).contains(&magnitude) {
                    Ok(AttributeValue::N(value.to_string()))
                } else {
                    Ok(AttributeValue::N(format!("{value:e}")))
                }
            }
        }

        impl Ordered for $type {}
        impl Addable for $type {
            type Delta = $type;
            const BOUNDS: Option<(&'static str, &'static str)> = $bounds;
        }
    )* };
}

float! {
    // A little less than the largest, so a rounded bound stays within the type.
    f32, Some(("-3.4028234E38", "3.4028234E38"));
    // DynamoDB's own range is smaller.
    f64, None;
}

/// Whether DynamoDB can hold a float, which is not zero.
fn is_within_range(float: f64) -> bool {
    (1e-130..1e126).contains(&float.abs())
}

/// Whether a float that is zero, or so small that it has lost digits, still equals the number with these digits.
#[cold]
fn is_exactly(digits: &str, float: &impl LowerExp) -> bool {
    let number = |digits: &str| digits.parse::<super::Decimal>().ok();
    number(digits).is_some_and(|exact| number(&format!("{float:e}")) == Some(exact))
}

/// Whether an integer of so many bits has more digits than DynamoDB holds, as only the widest can. Trailing zeros do not count.
#[inline]
fn is_too_long(bits: u32, digits: &str) -> bool {
    bits > 64 && digits.len() > 38 && digits.trim_matches(['-', '+', '0']).len() > 38
}

#[cold]
fn too_long(digits: &str) -> String {
    format!("{digits} has more than the 38 digits of a DynamoDB number")
}

/// The digits of a number that is whole, whatever its notation.
#[cold]
pub(super) fn whole_digits(digits: &str) -> Option<String> {
    let number: super::Decimal = digits.parse().ok()?;
    let number = number.to_big_decimal();
    number.is_integer().then(|| number.with_scale(0).to_string())
}
