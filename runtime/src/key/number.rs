//! Numbers in keys: as text of one width whose order is the order of the numbers.

use std::fmt::{Display, Write};
use std::marker::PhantomData;
use std::str::FromStr;

use bigdecimal::num_bigint::Sign;
use bigdecimal::{BigDecimal, num_bigint::BigInt};

use crate::decode::DecodeError;
use crate::encode::EncodeError;
use crate::key::buffer::KeyBuffer;
use crate::key::form::{KeyForm, OrderedForm};
use crate::kind::Decimal;

/// An unsigned integer in `WIDTH` decimal digits, with leading zeros.
#[derive(Debug)]
pub struct Digits<I, const WIDTH: usize>(PhantomData<fn() -> I>);

impl<I: Display + FromStr, const WIDTH: usize> KeyForm for Digits<I, WIDTH> {
    type Value = I;
    const WIDTH: Option<usize> = Some(WIDTH);

    fn write(value: &I, _: Option<char>, text: &mut KeyBuffer) -> Result<(), EncodeError> {
        let mut digits = KeyBuffer::default();
        let _ = write!(digits, "{value}");
        let digits = digits.as_str();
        if digits.len() > WIDTH {
            return Err(too_long(digits, WIDTH));
        }
        text.extend(std::iter::repeat_n('0', WIDTH - digits.len()));
        text.push_str(digits);
        Ok(())
    }

    fn read(text: &str, _: Option<char>) -> Result<I, DecodeError> {
        if !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(not_a_number(text));
        }
        text.parse().map_err(|_| not_a_number(text))
    }
}

impl<I: Display + FromStr, const WIDTH: usize> OrderedForm for Digits<I, WIDTH> {}

/// A signed integer: `0` and `WIDTH` digits, or for a negative one `-` and `WIDTH` digits, each subtracted from nine.
#[derive(Debug)]
pub struct Signed<I, const WIDTH: usize>(PhantomData<fn() -> I>);

impl<I: Display + FromStr, const WIDTH: usize> KeyForm for Signed<I, WIDTH> {
    type Value = I;
    const WIDTH: Option<usize> = Some(1 + WIDTH);

    fn write(value: &I, _: Option<char>, text: &mut KeyBuffer) -> Result<(), EncodeError> {
        let mut number = KeyBuffer::default();
        let _ = write!(number, "{value}");
        let (sign, digits) = match number.as_str().strip_prefix('-') {
            Some(digits) => ('-', digits),
            None => ('0', number.as_str()),
        };
        if digits.len() > WIDTH {
            return Err(too_long(number.as_str(), WIDTH));
        }
        text.push(sign);
        let padded = std::iter::repeat_n('0', WIDTH - digits.len()).chain(digits.chars());
        text.extend(padded.map(|digit| if sign == '-' { from_nine(digit) } else { digit }));
        Ok(())
    }

    fn read(text: &str, _: Option<char>) -> Result<I, DecodeError> {
        let (sign, digits) = text.split_at_checked(1).ok_or_else(|| not_a_number(text))?;
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(not_a_number(text));
        }
        let number = match sign {
            "0" => digits.to_owned(),
            // Zero has no sign.
            "-" if digits.bytes().any(|digit| digit != b'9') => {
                format!("-{}", digits.chars().map(from_nine).collect::<String>())
            }
            _ => return Err(not_a_number(text)),
        };
        number.parse().map_err(|_| not_a_number(text))
    }
}

impl<I: Display + FromStr, const WIDTH: usize> OrderedForm for Signed<I, WIDTH> {}

/// An integer without leading zeros: `7`, `-12`. It does not keep the order of its values.
#[derive(Debug)]
pub struct Plain<I>(PhantomData<fn() -> I>);

impl<I: Display + FromStr> KeyForm for Plain<I> {
    type Value = I;

    fn write(value: &I, _: Option<char>, text: &mut KeyBuffer) -> Result<(), EncodeError> {
        let _ = write!(text, "{value}");
        Ok(())
    }

    fn read(text: &str, _: Option<char>) -> Result<I, DecodeError> {
        let value = text.parse().map_err(|_| not_a_number(text))?;
        let mut written = KeyBuffer::default();
        let _ = write!(written, "{value}");
        if written.as_str() == text { Ok(value) } else { Err(DecodeError::differs(text, written.as_str())) }
    }
}

/// The digits of the form `F`, each subtracted from nine, so the greatest value comes first.
#[derive(Debug)]
pub struct Descending<F>(PhantomData<fn() -> F>);

impl<F: KeyForm> KeyForm for Descending<F> {
    type Value = F::Value;
    const WIDTH: Option<usize> = F::WIDTH;

    fn write(value: &F::Value, delimiter: Option<char>, text: &mut KeyBuffer) -> Result<(), EncodeError> {
        let mut digits = KeyBuffer::default();
        F::write(value, delimiter, &mut digits)?;
        text.extend(digits.as_str().chars().map(from_nine));
        Ok(())
    }

    fn read(text: &str, delimiter: Option<char>) -> Result<F::Value, DecodeError> {
        F::read(&text.chars().map(from_nine).collect::<String>(), delimiter)
    }
}

/// A [`Decimal`] in 42 characters: its sign (`-`, `0` for zero, `1`), its exponent as a number from 000 to 255, and its 38
/// digits. In a negative number, every digit is subtracted from nine.
#[derive(Debug)]
pub enum SortableDecimal {}

const SIGNIFICANT: usize = 38;
const EXPONENT: usize = 3;
/// The smallest number's exponent, which is written as 000.
const LEAST_EXPONENT: i64 = -130;

impl KeyForm for SortableDecimal {
    type Value = Decimal;
    const WIDTH: Option<usize> = Some(1 + EXPONENT + SIGNIFICANT);

    fn write(value: &Decimal, _: Option<char>, text: &mut KeyBuffer) -> Result<(), EncodeError> {
        let number = value.to_big_decimal();
        let (unscaled, scale) = number.as_bigint_and_exponent();
        let digits = unscaled.magnitude().to_string();
        if unscaled.sign() == Sign::NoSign {
            text.extend(std::iter::repeat_n('0', 1 + EXPONENT + SIGNIFICANT));
            return Ok(());
        }
        let length = i64::try_from(digits.len()).unwrap_or(i64::MAX);
        let exponent = (length - 1).saturating_sub(scale) - LEAST_EXPONENT;
        if digits.len() > SIGNIFICANT || !(0..=255).contains(&exponent) {
            return Err(EncodeError::new(format!("{value} is beyond what a key keeps of a decimal number")));
        }
        let magnitude = format!("{exponent:03}{digits:0<SIGNIFICANT$}");
        if unscaled.sign() == Sign::Minus {
            text.push('-');
            text.extend(magnitude.chars().map(from_nine));
        } else {
            text.push('1');
            text.push_str(&magnitude);
        }
        Ok(())
    }

    fn read(text: &str, _: Option<char>) -> Result<Decimal, DecodeError> {
        let error = || not_a_number(text);
        let (sign, magnitude) = text.split_at_checked(1).ok_or_else(error)?;
        if magnitude.len() != EXPONENT + SIGNIFICANT || !magnitude.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(error());
        }
        let magnitude = match sign {
            "0" => {
                return if magnitude.bytes().all(|byte| byte == b'0') {
                    Ok(Decimal::zero())
                } else {
                    Err(error())
                };
            }
            "1" => magnitude.to_owned(),
            "-" => magnitude.chars().map(from_nine).collect(),
            _ => return Err(error()),
        };
        let (exponent, digits) = magnitude.split_at_checked(EXPONENT).ok_or_else(error)?;
        if digits.starts_with('0') {
            return Err(error());
        }
        let exponent: i64 = exponent.parse().map_err(|_| error())?;
        let unscaled: BigInt = digits.parse().map_err(|_| error())?;
        let unscaled = if sign == "-" { -unscaled } else { unscaled };
        // The first of the 38 digits stands for the power of ten that the exponent names.
        let scale = 37 - (exponent + LEAST_EXPONENT);
        Decimal::try_from(BigDecimal::new(unscaled, scale)).map_err(|_| error())
    }
}

impl OrderedForm for SortableDecimal {}

#[cold]
fn too_long(digits: &str, width: usize) -> EncodeError {
    EncodeError::new(format!("{digits} has more than the {width} digits that the key keeps"))
}

fn from_nine(digit: char) -> char {
    digit.to_digit(10).and_then(|digit| char::from_digit(9 - digit, 10)).unwrap_or(digit)
}

#[cold]
fn not_a_number(text: &str) -> DecodeError {
    DecodeError::new(format!("{text:?} is not a number as keys keep it"))
}
