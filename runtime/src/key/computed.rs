//! Parts of keys that are computed from a value and contain only part of it: the day of a moment, the beginning of a text.

use std::marker::PhantomData;

use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use crate::Date;
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
    /// The form of its text. A moment's text begins with it.
    #[doc(hidden)]
    const FORM: &'static str;
    /// The text that completes a period's text to its first moment.
    #[doc(hidden)]
    const BEGIN: &'static str;

    /// How long one lasts.
    #[doc(hidden)]
    fn span() -> Span;
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

    fn span() -> Span {
        Span::new().days(1)
    }
}

impl Period for Month {
    const FORM: &'static str = "YYYY-MM";
    const BEGIN: &'static str = "-01T00:00:00Z";

    fn span() -> Span {
        Span::new().months(1)
    }
}

impl Period for Hour {
    const FORM: &'static str = "YYYY-MM-DDTHH";
    const BEGIN: &'static str = ":00:00Z";

    fn span() -> Span {
        Span::new().hours(1)
    }
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

/// What says where a range of periods begins and ends: a moment of the first or last one, or a day in UTC, of which all counts.
pub trait PeriodBound {
    /// Its first moment.
    ///
    /// # Errors
    /// It is not within the years that a timestamp can have.
    #[doc(hidden)]
    fn first_moment(self) -> Result<Timestamp, EncodeError>;

    /// Its last moment.
    ///
    /// # Errors
    /// As [`first_moment`](Self::first_moment).
    #[doc(hidden)]
    fn last_moment(self) -> Result<Timestamp, EncodeError>;
}

impl PeriodBound for Timestamp {
    fn first_moment(self) -> Result<Timestamp, EncodeError> {
        Ok(self)
    }

    fn last_moment(self) -> Result<Timestamp, EncodeError> {
        Ok(self)
    }
}

impl PeriodBound for Date {
    fn first_moment(self) -> Result<Timestamp, EncodeError> {
        of_day(self.at(0, 0, 0, 0).to_zoned(TimeZone::UTC))
    }

    fn last_moment(self) -> Result<Timestamp, EncodeError> {
        of_day(self.at(23, 59, 59, 999_999_999).to_zoned(TimeZone::UTC))
    }
}

fn of_day(moment: Result<jiff::Zoned, jiff::Error>) -> Result<Timestamp, EncodeError> {
    let moment = moment.map(|moment| moment.timestamp());
    moment.map_err(|_| EncodeError::new("the day does not end within the years that a timestamp can have"))
}

/// The first moments of the periods from that of `first` to that of `last`, as far as there are no more than `most`; none where
/// `last` comes before `first`.
pub(crate) fn periods<P: Period>(
    first: Timestamp,
    last: Timestamp,
    most: usize,
) -> Result<Option<Vec<Timestamp>>, EncodeError> {
    let mut text = KeyBuffer::default();
    PeriodOf::<P>::write(&first, None, &mut text)?;
    let begin = PeriodOf::<P>::read(text.as_str(), None);
    let mut next = Some(begin.map_err(|error| EncodeError::new(error.to_string()))?);
    let mut periods = Vec::new();
    while let Some(begin) = next.filter(|begin| *begin <= last && first <= last) {
        if periods.len() == most {
            return Ok(None);
        }
        periods.push(begin);
        let following = begin.to_zoned(TimeZone::UTC).checked_add(P::span());
        next = following.ok().map(|following| following.timestamp());
    }
    Ok(Some(periods))
}

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

/// Each character changes independently, so texts that begin alike have forms that begin alike.
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

            /// The changed text, which another change would not alter.
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
