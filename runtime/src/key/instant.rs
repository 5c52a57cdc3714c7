//! Instants in keys.

use std::fmt::Write;
use std::marker::PhantomData;

use jiff::Timestamp;

use crate::decode::{DecodeError, Value};
use crate::encode::EncodeError;
use crate::key::buffer::KeyBuffer;
use crate::key::form::{DatedForm, KeyForm, OrderedForm, Stored};
use crate::kind::{self, EpochMicroseconds, EpochMilliseconds, EpochSeconds, Kind, Rfc3339, Zulu};

/// A timestamp in whole seconds, `YYYY-MM-DDTHH:MM:SSZ`. Finer timestamps are refused.
pub type Seconds = Stored<Rfc3339<0, Zulu>>;

/// A timestamp in whole milliseconds, `YYYY-MM-DDTHH:MM:SS.fffZ`. Finer timestamps are refused.
pub type Milliseconds = Stored<Rfc3339<3, Zulu>>;

/// A timestamp as digits: seconds, milliseconds or microseconds since 1970, as `K` stores them. From September 2001 to November
/// 2286 they have one width, and so the order of time. Other instants are refused.
#[derive(Debug)]
pub struct Epoch<K>(PhantomData<fn() -> K>);

/// A kind whose numbers an [`Epoch`] writes.
pub trait EpochNumber: Kind<Value = Timestamp> {
    #[doc(hidden)]
    const DIGITS: usize;

    #[doc(hidden)]
    fn number(value: &Timestamp) -> Result<i64, EncodeError>;
}

impl EpochNumber for EpochSeconds {
    const DIGITS: usize = 10;

    fn number(value: &Timestamp) -> Result<i64, EncodeError> {
        EpochSeconds::number(value)
    }
}

impl EpochNumber for EpochMilliseconds {
    const DIGITS: usize = 13;

    fn number(value: &Timestamp) -> Result<i64, EncodeError> {
        EpochMilliseconds::number(value)
    }
}

impl EpochNumber for EpochMicroseconds {
    const DIGITS: usize = 16;

    fn number(value: &Timestamp) -> Result<i64, EncodeError> {
        EpochMicroseconds::number(value)
    }
}

impl<K: EpochNumber> KeyForm for Epoch<K> {
    type Value = Timestamp;
    const WIDTH: Option<usize> = Some(K::DIGITS);

    fn write(value: &Timestamp, _: Option<char>, text: &mut KeyBuffer) -> Result<(), EncodeError> {
        let mut digits = KeyBuffer::default();
        let _ = write!(digits, "{}", K::number(value)?);
        if digits.len() != K::DIGITS || digits.as_str().starts_with('-') {
            return Err(EncodeError::new(format!(
                "{value} is not within September 2001 to November 2286, of which keys keep the numbers in their order"
            )));
        }
        text.push_str(digits.as_str());
        Ok(())
    }

    fn read(text: &str, _: Option<char>) -> Result<Timestamp, DecodeError> {
        if text.starts_with('0') || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(DecodeError::new(format!(
                "{text:?} is not the number of an instant as keys keep it"
            )));
        }
        K::decode(Value::of_digits(text))
    }
}

impl<K: EpochNumber> OrderedForm for Epoch<K> {}
impl<K: EpochNumber> DatedForm for Epoch<K> {}

/// A timestamp in the form `F`, truncated to what the kind `K` keeps.
#[derive(Debug)]
pub struct Cut<F, K>(PhantomData<fn() -> (F, K)>);

impl<F: KeyForm<Value = Timestamp>, K: kind::Instant> KeyForm for Cut<F, K> {
    type Value = Timestamp;
    const WIDTH: Option<usize> = F::WIDTH;

    fn write(value: &Timestamp, delimiter: Option<char>, text: &mut KeyBuffer) -> Result<(), EncodeError> {
        F::write(&K::floor(*value), delimiter, text)
    }

    fn read(text: &str, delimiter: Option<char>) -> Result<Timestamp, DecodeError> {
        F::read(text, delimiter)
    }
}

impl<F: OrderedForm<Value = Timestamp>, K: kind::Instant> OrderedForm for Cut<F, K> {}
impl<F: DatedForm, K: kind::Instant> DatedForm for Cut<F, K> {}
