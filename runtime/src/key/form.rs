//! The forms that values take in keys.

use std::fmt::Write;
use std::marker::PhantomData;

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;

use crate::decode::{DecodeError, Value};
use crate::encode::EncodeError;
use crate::key::buffer::KeyBuffer;
use crate::kind::{self, AsText, Kind, Rfc3339, Textual, UpperCase, UtcOffset, Zulu};
use crate::{Date, Ulid, Uuid};

/// The form that a value takes as a part of a key.
pub trait KeyForm {
    /// What Rust code sees.
    type Value;

    /// How many characters the text of every value has; `None` if the number varies.
    const WIDTH: Option<usize> = None;

    /// How many bytes of `text` the value takes before `literal`.
    fn end(text: &str, literal: &str) -> Option<usize> {
        // Every form of one width is ASCII.
        Self::WIDTH.or_else(|| end_by_literal(text, literal))
    }

    /// Writes a value. `delimiter` is the first character that follows it in the key.
    ///
    /// # Errors
    /// The form cannot hold the value.
    fn write(value: &Self::Value, delimiter: Option<char>, text: &mut KeyBuffer) -> Result<(), EncodeError>;

    /// Reads what [`write`](Self::write) wrote before `delimiter`. If the form has one width, the text has that width. A value
    /// has exactly one text in a key, and any other is refused, whatever it means elsewhere.
    ///
    /// # Errors
    /// No value is written as this text.
    fn read(text: &str, delimiter: Option<char>) -> Result<Self::Value, DecodeError>;
}

/// A form whose texts have the order of their values.
#[diagnostic::on_unimplemented(
    message = "this part of the sort key has no order: `{Self}`",
    label = "it offers `eq` only",
    note = "text keeps its order as the last part of a sort key alone"
)]
pub trait OrderedForm: KeyForm {}

/// A form of moments that distinguishes at least their days.
#[diagnostic::on_unimplemented(
    message = "this part of the sort key does not tell the day of a moment: `{Self}`",
    note = "a month is asked for by any moment of it: `.eq(…)`"
)]
pub trait DatedForm: OrderedForm<Value = Timestamp> {}

/// A form of text that preserves beginnings: a text begins with another if its value begins with the other's value.
pub trait PrefixedForm: KeyForm<Value = String> {}

/// The stored text of kind `K`: of text and enums, and of identifiers, dates and timestamps, which have one width each.
#[derive(Debug)]
pub struct Stored<K>(PhantomData<fn() -> K>);

impl<K: InKey> KeyForm for Stored<K> {
    type Value = K::Value;
    const WIDTH: Option<usize> = K::WIDTH;

    fn end(text: &str, literal: &str) -> Option<usize> {
        match K::word(0) {
            Some(_) => end_of_word(K::word, text, literal),
            None => K::WIDTH.or_else(|| end_by_literal(text, literal)),
        }
    }

    fn write(value: &K::Value, delimiter: Option<char>, text: &mut KeyBuffer) -> Result<(), EncodeError> {
        let start = text.len();
        K::write_text(value, text)?;
        let written = text.as_str().get(start..).unwrap_or_default();
        // The generator has proven that words are distinguishable from what follows them.
        let may_contain_it = K::WIDTH.is_none() && K::word(0).is_none();
        match delimiter {
            Some(delimiter) if may_contain_it && written.contains(delimiter) => {
                Err(EncodeError::new(format!("{written:?} contains {delimiter:?}, which ends it in the key")))
            }
            _ => Ok(()),
        }
    }

    fn read(text: &str, _: Option<char>) -> Result<K::Value, DecodeError> {
        K::decode_key(Value::of_text(text))
    }
}

#[diagnostic::do_not_recommend]
impl<K: InKey + Fixed> OrderedForm for Stored<K> {}

#[diagnostic::do_not_recommend]
impl<K: InKey<Value = Timestamp> + Fixed> DatedForm for Stored<K> {}

impl PrefixedForm for Stored<String> {}

/// A kind that is stored as text fit for keys.
#[diagnostic::on_unimplemented(message = "`{Self}` cannot be part of a key")]
pub trait InKey: Kind {
    #[doc(hidden)]
    const WIDTH: Option<usize> = None;

    /// The stored text with this number, if the kind has only a few words.
    #[doc(hidden)]
    fn word(_: usize) -> Option<&'static str> {
        None
    }

    /// Writes the stored text of the value.
    ///
    /// A kind that can do so without [`encode`](Kind::encode) overrides this, because reading an item composes its keys.
    ///
    /// # Errors
    /// DynamoDB cannot hold the value.
    fn write_text(value: &Self::Value, text: &mut KeyBuffer) -> Result<(), EncodeError> {
        match Self::encode(value)? {
            AttributeValue::S(stored) => {
                text.push_str(&stored);
                Ok(())
            }
            _ => Err(EncodeError::new("a value that is not stored as text cannot be part of a key")),
        }
    }
}

/// A kind whose stored text has one width, and the order of its values.
pub trait Fixed {}

impl InKey for String {
    fn write_text(value: &String, text: &mut KeyBuffer) -> Result<(), EncodeError> {
        text.push_str(value);
        Ok(())
    }
}

macro_rules! fixed {
    ($($kind:ident: $form:literal ($value:ident, $text:ident) $write:block)*) => { $(
        impl InKey for $kind {
            const WIDTH: Option<usize> = Some($form.len());

            fn write_text($value: &$kind, $text: &mut KeyBuffer) -> Result<(), EncodeError> {
                $write
            }
        }
        impl Fixed for $kind {}
    )* };
}

fixed! {
    Uuid: "00000000-0000-0000-0000-000000000000" (value, text) {
        text.push_str(value.as_hyphenated().encode_lower(&mut Uuid::encode_buffer()));
        Ok(())
    }
    Ulid: "00000000000000000000000000" (value, text) {
        text.push_str(value.array_to_str(&mut [0; ulid::ULID_LEN]));
        Ok(())
    }
    Date: "YYYY-MM-DD" (value, text) {
        kind::write_date(value, text)
    }
    Timestamp: "YYYY-MM-DDTHH:MM:SS.ffffffZ" (value, text) {
        Rfc3339::<6, Zulu>::write_instant(value, text)
    }
}

/// `true` or `false`.
#[derive(Debug)]
pub enum Flag {}

const FLAGS: [&str; 2] = ["false", "true"];

impl KeyForm for Flag {
    type Value = bool;

    fn end(text: &str, literal: &str) -> Option<usize> {
        end_of_word(|index| FLAGS.get(index).copied(), text, literal)
    }

    fn write(value: &bool, _: Option<char>, text: &mut KeyBuffer) -> Result<(), EncodeError> {
        text.push_str(FLAGS[usize::from(*value)]);
        Ok(())
    }

    fn read(text: &str, _: Option<char>) -> Result<bool, DecodeError> {
        text.parse().map_err(|_| DecodeError::new(format!("{text:?} is neither \"true\" nor \"false\"")))
    }
}

/// How long the word is with which `text` begins, before `literal`. No word with what follows it begins like another, unless it
/// is the whole text.
fn end_of_word(word: fn(usize) -> Option<&'static str>, text: &str, literal: &str) -> Option<usize> {
    let is_followed = |word: &&str| text.strip_prefix(word).is_some_and(|rest| rest.starts_with(literal));
    let found = || (0..).map_while(word).filter(is_followed).map(str::len);
    let whole = found().find(|length| length + literal.len() == text.len());
    // Other texts are refused when they are read.
    whole.or_else(|| found().next()).or_else(|| end_by_literal(text, literal))
}

fn end_by_literal(text: &str, literal: &str) -> Option<usize> {
    match literal.chars().next() {
        Some(delimiter) => text.find(delimiter),
        None => Some(text.len()),
    }
}

impl<const DIGITS: usize, O: UtcOffset> InKey for Rfc3339<DIGITS, O> {
    const WIDTH: Option<usize> = Some(Self::WIDTH);

    fn write_text(value: &Timestamp, text: &mut KeyBuffer) -> Result<(), EncodeError> {
        Self::write_instant(value, text)
    }
}

impl<const DIGITS: usize, O: UtcOffset> Fixed for Rfc3339<DIGITS, O> {}

impl InKey for UpperCase<Uuid> {
    const WIDTH: Option<usize> = <Uuid as InKey>::WIDTH;

    fn write_text(value: &Uuid, text: &mut KeyBuffer) -> Result<(), EncodeError> {
        text.push_str(Self::text(value, &mut Uuid::encode_buffer()));
        Ok(())
    }
}

impl Fixed for UpperCase<Uuid> {}
impl<K: Textual> InKey for AsText<K> {}

/// Text at the end of a key, where no delimiter is needed.
#[derive(Debug)]
pub enum LastText {}

impl KeyForm for LastText {
    type Value = String;

    fn write(value: &String, _: Option<char>, text: &mut KeyBuffer) -> Result<(), EncodeError> {
        text.push_str(value);
        Ok(())
    }

    fn read(text: &str, _: Option<char>) -> Result<String, DecodeError> {
        Ok(text.to_owned())
    }
}

impl OrderedForm for LastText {}
impl PrefixedForm for LastText {}

/// Text with an escaped delimiter: `%` and the delimiter are written as `%` and two upper-case hexadecimal digits, for each of
/// their UTF-8 bytes. It does not keep the order of its values.
#[derive(Debug)]
pub enum Escaped {}

impl PrefixedForm for Escaped {}

impl KeyForm for Escaped {
    type Value = String;

    fn write(value: &String, delimiter: Option<char>, text: &mut KeyBuffer) -> Result<(), EncodeError> {
        let mut buffer = [0; 4];
        for character in value.chars() {
            if character == '%' || Some(character) == delimiter {
                for byte in character.encode_utf8(&mut buffer).bytes() {
                    let _ = write!(text, "%{byte:02X}");
                }
            } else {
                text.push(character);
            }
        }
        Ok(())
    }

    fn read(text: &str, delimiter: Option<char>) -> Result<String, DecodeError> {
        if !text.contains('%') {
            return Ok(text.to_owned());
        }
        let value = unescaped(text)
            .ok_or_else(|| DecodeError::new(format!("{text:?} has an escape that is none")))?;
        let mut written = KeyBuffer::default();
        Self::write(&value, delimiter, &mut written).map_err(|error| DecodeError::new(error.to_string()))?;
        if written.as_str() == text { Ok(value) } else { Err(DecodeError::differs(text, written.as_str())) }
    }
}

/// The text of these bytes, with the escapes decoded.
fn unescaped(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let mut digit = || rest.next().and_then(|digit| char::from(digit).to_digit(16));
            bytes.push(u8::try_from(digit()? * 16 + digit()?).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}
