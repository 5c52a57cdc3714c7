//! Parts of keys that are computed from a value and tell it only in part: the day of a moment, the beginning of a text.

use std::marker::PhantomData;

use jiff::Timestamp;

use crate::decode::{DecodeError, Value};
use crate::encode::EncodeError;
use crate::key::buffer::KeyBuffer;
use crate::key::form::{DatedForm, KeyForm, OrderedForm, PrefixedForm};
use crate::kind::{EpochSeconds, Instant, Kind, Rfc3339, Zulu};

/// The day, month or hour of a moment, in UTC.
#[derive(Debug)]
pub struct PeriodOf<P>(PhantomData<fn() -> P>);

/// A period of the calendar that a moment lies in.
pub trait Period {
    /// The text of one, of which a moment's text begins with as many characters.
    #[doc(hidden)]
    const FORM: &'static str;
    /// What makes a moment of its text: the first one in it.
    #[doc(hidden)]
    const BEGIN: &'static str;
}

/// `YYYY-MM-DD`
#[derive(Debug)]
pub enum Day {}

/// `YYYY-MM`
#[derive(Debug)]
pub enum Month {}

/// `YYYY-MM-DDTHH`
#[derive(Debug)]
pub enum Hour {}

impl Period for Day {
    const FORM: &'static str = "YYYY-MM-DD";
    const BEGIN: &'static str = "T00:00:00Z";
}

impl Period for Month {
    const FORM: &'static str = "YYYY-MM";
    const BEGIN: &'static str = "-01T00:00:00Z";
}

impl Period for Hour {
    const FORM: &'static str = "YYYY-MM-DDTHH";
    const BEGIN: &'static str = ":00:00Z";
}

impl<P: Period> KeyForm for PeriodOf<P> {
    type Value = Timestamp;
    const WIDTH: Option<usize> = Some(P::FORM.len());

    fn write(value: &Timestamp, _: Option<char>, text: &mut KeyBuffer) -> Result<(), EncodeError> {
        let mut written = KeyBuffer::default();
        Rfc3339::<0, Zulu>::write_instant(&EpochSeconds::floor(*value), &mut written)?;
        text.push_str(written.as_str().get(..P::FORM.len()).unwrap_or_default());
        Ok(())
    }

    /// The first moment of the period.
    fn read(text: &str, _: Option<char>) -> Result<Timestamp, DecodeError> {
        let first = Rfc3339::<0, Zulu>::decode_key(Value::of_text(&format!("{text}{}", P::BEGIN)));
        first.map_err(|_| DecodeError::new(format!("{text:?} is not of the form {}", P::FORM)))
    }
}

/// The texts have the order of the periods.
impl<P: Period> OrderedForm for PeriodOf<P> {}

impl DatedForm for PeriodOf<Day> {}
impl DatedForm for PeriodOf<Hour> {}

/// The first `LENGTH` characters of a text, or all of a shorter one.
#[derive(Debug)]
pub struct Prefix<const LENGTH: usize>(());

impl<const LENGTH: usize> KeyForm for Prefix<LENGTH> {
    type Value = String;

    fn write(value: &String, delimiter: Option<char>, text: &mut KeyBuffer) -> Result<(), EncodeError> {
        let end = value.char_indices().nth(LENGTH).map_or(value.len(), |(end, _)| end);
        let beginning = &value[..end];
        if let Some(delimiter) = delimiter.filter(|delimiter| beginning.contains(*delimiter)) {
            return Err(EncodeError::new(format!(
                "{beginning:?} contains {delimiter:?}, which ends it in the key"
            )));
        }
        text.push_str(beginning);
        Ok(())
    }

    /// The beginning itself.
    fn read(text: &str, _: Option<char>) -> Result<String, DecodeError> {
        match text.chars().nth(LENGTH) {
            None => Ok(text.to_owned()),
            Some(_) => Err(DecodeError::new(format!("{text:?} is longer than {LENGTH} characters"))),
        }
    }
}

/// A text in lower case.
#[derive(Debug)]
pub enum LowerCase {}

/// A text in upper case.
#[derive(Debug)]
pub enum UpperCase {}

/// Each character is changed by itself, so that a text begins with another as their forms do.
macro_rules! cases {
    ($($form:ident by $change:ident: $word:literal;)*) => { $(
        impl KeyForm for $form {
            type Value = String;

            fn write(value: &String, delimiter: Option<char>, text: &mut KeyBuffer) -> Result<(), EncodeError> {
                let changed: String = value.chars().flat_map(char::$change).collect();
                if let Some(delimiter) = delimiter.filter(|delimiter| changed.contains(*delimiter)) {
                    return Err(EncodeError::new(format!(
                        "{changed:?} contains {delimiter:?}, which ends it in the key"
                    )));
                }
                text.push_str(&changed);
                Ok(())
            }

            /// The changed text, which is not changed again.
            fn read(text: &str, _: Option<char>) -> Result<String, DecodeError> {
                match text.chars().flat_map(char::$change).eq(text.chars()) {
                    true => Ok(text.to_owned()),
                    false => Err(DecodeError::new(format!(concat!("{:?} is not in ", $word, " case"), text))),
                }
            }
        }

        impl PrefixedForm for $form {}
    )* };
}

cases! {
    LowerCase by to_lowercase: "lower";
    UpperCase by to_uppercase: "upper";
}
