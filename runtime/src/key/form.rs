//! The forms that values take in keys.

use std::marker::PhantomData;

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;

use crate::decode::{DecodeError, Value};
use crate::encode::EncodeError;
use crate::kind::Kind;
use crate::{Date, Ulid, Uuid};

/// The form that a value takes as a part of a key.
pub trait KeyForm {
    /// What Rust code sees.
    type Value;

    /// How many characters every value has; `None` if that differs.
    const WIDTH: Option<usize> = None;

    /// Whether it writes every text that it reads. Of any other form, a text that it reads and does not write is no part of a
    /// key.
    const WRITES_ALL: bool = false;

    /// How many bytes of `text` are the value, where `literal` follows it.
    fn end(text: &str, literal: &str) -> Option<usize> {
        // Every form of one width is ASCII.
        Self::WIDTH.or_else(|| end_by_literal(text, literal))
    }

    /// Writes a value. `delimiter` begins what follows it in the key.
    ///
    /// # Errors
    /// The form cannot hold the value.
    fn write(value: &Self::Value, delimiter: Option<char>, text: &mut String) -> Result<(), EncodeError>;

    /// Reads what [`write`](Self::write) wrote.
    ///
    /// # Errors
    /// The text stands for no value.
    fn read(text: &str) -> Result<Self::Value, DecodeError>;
}

/// A form whose texts have the order of their values.
#[diagnostic::on_unimplemented(
    message = "this part of the sort key has no order: `{Self}`",
    label = "it offers `eq` only",
    note = "text keeps its order as the last part of a sort key alone"
)]
pub trait OrderedForm: KeyForm {}

/// A form of text in which a text begins with another as their values do.
pub trait PrefixedForm: KeyForm<Value = String> {}

/// The text that an attribute of kind `K` is stored as: of text and enums, and of identifiers, dates and timestamps, which
/// have one width each.
#[derive(Debug)]
pub struct Stored<K>(PhantomData<fn() -> K>);

impl<K: InKey> KeyForm for Stored<K> {
    type Value = K::Value;
    const WIDTH: Option<usize> = K::WIDTH;
    const WRITES_ALL: bool = K::WRITES_ALL;

    fn end(text: &str, literal: &str) -> Option<usize> {
        match K::word(0) {
            Some(_) => end_of_word(K::word, text, literal),
            None => K::WIDTH.or_else(|| end_by_literal(text, literal)),
        }
    }

    fn write(value: &K::Value, delimiter: Option<char>, text: &mut String) -> Result<(), EncodeError> {
        let AttributeValue::S(stored) = K::encode(value)? else {
            return Err(EncodeError::new("a value that is not stored as text cannot be part of a key"));
        };
        // The generator has proven that words are told from what follows them.
        if K::WIDTH.is_none()
            && K::word(0).is_none()
            && let Some(delimiter) = delimiter.filter(|delimiter| stored.contains(*delimiter))
        {
            return Err(EncodeError::new(format!(
                "{stored:?} contains {delimiter:?}, which ends it in the key"
            )));
        }
        text.push_str(&stored);
        Ok(())
    }

    fn read(text: &str) -> Result<K::Value, DecodeError> {
        K::decode(Value::of_text(text))
    }
}

#[diagnostic::do_not_recommend]
impl<K: InKey + Fixed> OrderedForm for Stored<K> {}

impl PrefixedForm for Stored<String> {}

/// A kind that is stored as text fit for keys.
#[diagnostic::on_unimplemented(message = "`{Self}` cannot be part of a key")]
pub trait InKey: Kind {
    #[doc(hidden)]
    const WIDTH: Option<usize> = None;
    #[doc(hidden)]
    const WRITES_ALL: bool = false;

    /// One of the texts that it is stored as, where these are a few words.
    #[doc(hidden)]
    fn word(_: usize) -> Option<&'static str> {
        None
    }
}

/// A kind whose stored text has one width, and the order of its values.
pub trait Fixed {}

impl InKey for String {
    const WRITES_ALL: bool = true;
}

macro_rules! fixed {
    ($($kind:ident: $form:literal),*) => { $(
        impl InKey for $kind {
            const WIDTH: Option<usize> = Some($form.len());
        }
        impl Fixed for $kind {}
    )* };
}

fixed! {
    Uuid: "00000000-0000-0000-0000-000000000000",
    Ulid: "00000000000000000000000000",
    Date: "YYYY-MM-DD",
    Timestamp: "YYYY-MM-DDTHH:MM:SS.ffffffZ"
}

/// `true` or `false`.
#[derive(Debug)]
pub enum Flag {}

const FLAGS: [&str; 2] = ["false", "true"];

impl KeyForm for Flag {
    type Value = bool;
    const WRITES_ALL: bool = true;

    fn end(text: &str, literal: &str) -> Option<usize> {
        end_of_word(|index| FLAGS.get(index).copied(), text, literal)
    }

    fn write(value: &bool, _: Option<char>, text: &mut String) -> Result<(), EncodeError> {
        text.push_str(FLAGS[usize::from(*value)]);
        Ok(())
    }

    fn read(text: &str) -> Result<bool, DecodeError> {
        text.parse().map_err(|_| DecodeError::new(format!("{text:?} is neither \"true\" nor \"false\"")))
    }
}

/// How long the word is that `text` begins with, where `literal` follows it. No two words with what follows them begin alike,
/// unless they are the whole text.
fn end_of_word(word: fn(usize) -> Option<&'static str>, text: &str, literal: &str) -> Option<usize> {
    let is_followed = |word: &&str| text.strip_prefix(word).is_some_and(|rest| rest.starts_with(literal));
    let found = || (0..).map_while(word).filter(is_followed).map(str::len);
    let whole = found().find(|length| length + literal.len() == text.len());
    // What is none of the words is refused when it is read.
    whole.or_else(|| found().next()).or_else(|| end_by_literal(text, literal))
}

fn end_by_literal(text: &str, literal: &str) -> Option<usize> {
    match literal.chars().next() {
        Some(delimiter) => text.find(delimiter),
        None => Some(text.len()),
    }
}

/// Text at the end of a key, where nothing has to mark its own end.
#[derive(Debug)]
pub enum LastText {}

impl KeyForm for LastText {
    type Value = String;
    const WRITES_ALL: bool = true;

    fn write(value: &String, _: Option<char>, text: &mut String) -> Result<(), EncodeError> {
        text.push_str(value);
        Ok(())
    }

    fn read(text: &str) -> Result<String, DecodeError> {
        Ok(text.to_owned())
    }
}

impl OrderedForm for LastText {}
impl PrefixedForm for LastText {}

/// Text in which the character that ends it is escaped: `%` and that character are written as `%` and the two hexadecimal
/// digits of each of its UTF-8 bytes, in upper case. It does not keep the order of its values.
#[derive(Debug)]
pub enum Escaped {}

impl PrefixedForm for Escaped {}

impl KeyForm for Escaped {
    type Value = String;

    fn write(value: &String, delimiter: Option<char>, text: &mut String) -> Result<(), EncodeError> {
        use std::fmt::Write;
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

    fn read(text: &str) -> Result<String, DecodeError> {
        let broken = || DecodeError::new(format!("{text:?} has an escape that is none"));
        let mut bytes = Vec::with_capacity(text.len());
        let mut rest = text.bytes();
        while let Some(byte) = rest.next() {
            if byte == b'%' {
                let mut digit = || rest.next().and_then(|digit| char::from(digit).to_digit(16));
                let (Some(high), Some(low)) = (digit(), digit()) else { return Err(broken()) };
                bytes.push(u8::try_from(high * 16 + low).map_err(|_| broken())?);
            } else {
                bytes.push(byte);
            }
        }
        String::from_utf8(bytes).map_err(|_| broken())
    }
}

/// A timestamp in whole seconds or milliseconds: what is finer is refused.
#[derive(Debug)]
pub struct Instant<P>(PhantomData<fn() -> P>);

/// How fine an [`Instant`] is.
pub trait Precision {
    #[doc(hidden)]
    const NANOSECONDS: i32;
    #[doc(hidden)]
    const DIGITS: usize;
    #[doc(hidden)]
    const NAME: &'static str;
}

/// `YYYY-MM-DDTHH:MM:SSZ`
#[derive(Debug)]
pub enum Seconds {}

/// `YYYY-MM-DDTHH:MM:SS.fffZ`
#[derive(Debug)]
pub enum Milliseconds {}

impl Precision for Seconds {
    const NANOSECONDS: i32 = 1_000_000_000;
    const DIGITS: usize = 0;
    const NAME: &'static str = "seconds";
}

impl Precision for Milliseconds {
    const NANOSECONDS: i32 = 1_000_000;
    const DIGITS: usize = 3;
    const NAME: &'static str = "milliseconds";
}

impl<P: Precision> KeyForm for Instant<P> {
    type Value = Timestamp;
    const WIDTH: Option<usize> =
        Some("YYYY-MM-DDTHH:MM:SSZ".len() + if P::DIGITS == 0 { 0 } else { 1 + P::DIGITS });

    fn write(value: &Timestamp, _: Option<char>, text: &mut String) -> Result<(), EncodeError> {
        if value.subsec_nanosecond() % P::NANOSECONDS != 0 {
            return Err(EncodeError::new(format!(
                "{value} is not in whole {}, as the key keeps it",
                P::NAME
            )));
        }
        let written = format!("{value:.precision$}", precision = P::DIGITS);
        if Some(written.len()) != Self::WIDTH || written.starts_with('-') {
            return Err(EncodeError::new(format!("{value} is not within the years 0000 to 9999")));
        }
        text.push_str(&written);
        Ok(())
    }

    fn read(text: &str) -> Result<Timestamp, DecodeError> {
        text.parse().map_err(|_| DecodeError::new(format!("{text:?} is not an RFC 3339 timestamp")))
    }
}

impl<P: Precision> OrderedForm for Instant<P> {}
