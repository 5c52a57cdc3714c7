//! The forms that values take in keys.

use std::marker::PhantomData;

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;

use crate::kind::{self, EpochMicroseconds, EpochMilliseconds, EpochSeconds, Rfc3339, UtcOffset, Zulu};
use crate::{Date, DecodeError, EncodeError, Kind, Ulid, Uuid, Value};

/// The form that a value takes as a part of a key.
pub trait KeyForm {
    /// What Rust code sees.
    type Value;

    /// How many characters every value has; `None` if that differs.
    const WIDTH: Option<usize> = None;

    /// Writes a value. `delimiter` begins what follows it in the key.
    ///
    /// # Errors
    /// The form cannot hold the value.
    fn write(value: &Self::Value, delimiter: Option<char>, text: &mut String) -> Result<(), EncodeError>;

    /// Reads what [`write`](Self::write) wrote before `delimiter`, of a form of one width a text of that width. A value has
    /// one text in a key: any other is refused, whatever it means elsewhere.
    ///
    /// # Errors
    /// The text is not what is written for any value.
    fn read(text: &str, delimiter: Option<char>) -> Result<Self::Value, DecodeError>;

    /// What follows the value in `text`, which begins with what [`write`](Self::write) writes for it; none if it begins
    /// otherwise.
    fn strip<'t>(value: &Self::Value, delimiter: Option<char>, text: &'t str) -> Option<&'t str> {
        let mut written = String::new();
        Self::write(value, delimiter, &mut written).ok()?;
        text.strip_prefix(&*written)
    }

    /// Whether [`write`](Self::write) writes the value.
    fn fits(value: &Self::Value, delimiter: Option<char>) -> bool {
        Self::write(value, delimiter, &mut String::new()).is_ok()
    }
}

/// As [`KeyForm::strip`], of a form of one width: to read a text takes less than to write one.
pub(super) fn strip_of_width<'t, F: KeyForm<Value: PartialEq>>(
    value: &F::Value,
    text: &'t str,
) -> Option<&'t str> {
    let (part, rest) = text.split_at_checked(F::WIDTH?)?;
    (F::read(part, None).ok()? == *value).then_some(rest)
}

/// A form whose texts have the order of their values.
#[diagnostic::on_unimplemented(
    message = "this part of the sort key has no order: `{Self}`",
    label = "it offers `eq` only",
    note = "text keeps its order as the last part of a sort key alone"
)]
pub trait OrderedForm: KeyForm {}

/// The text that an attribute of kind `K` is stored as: of text and enums, and of identifiers, dates and timestamps, which
/// have one width each.
#[derive(Debug)]
pub struct Stored<K>(PhantomData<fn() -> K>);

impl<K: InKey> KeyForm for Stored<K> {
    type Value = K::Value;
    const WIDTH: Option<usize> = K::WIDTH;

    fn write(value: &K::Value, delimiter: Option<char>, text: &mut String) -> Result<(), EncodeError> {
        let AttributeValue::S(stored) = K::encode(value)? else {
            return Err(EncodeError::new("a value that is not stored as text cannot be part of a key"));
        };
        if K::WIDTH.is_none()
            && let Some(delimiter) = delimiter.filter(|delimiter| stored.contains(*delimiter))
        {
            return Err(EncodeError::new(format!(
                "{stored:?} contains {delimiter:?}, which ends it in the key"
            )));
        }
        text.push_str(&stored);
        Ok(())
    }

    fn read(text: &str, _: Option<char>) -> Result<K::Value, DecodeError> {
        K::decode_key(Value::of_text(text))
    }

    fn strip<'t>(value: &K::Value, delimiter: Option<char>, text: &'t str) -> Option<&'t str> {
        let rest = K::strip(value, text)?;
        let part = text.get(..text.len() - rest.len())?;
        // A value that contains what ends it cannot be written.
        let is_written = K::WIDTH.is_some() || !delimiter.is_some_and(|delimiter| part.contains(delimiter));
        is_written.then_some(rest)
    }

    fn fits(value: &K::Value, delimiter: Option<char>) -> bool {
        K::fits(value, delimiter)
    }
}

#[diagnostic::do_not_recommend]
impl<K: InKey + Fixed> OrderedForm for Stored<K> {}

/// A kind that is stored as text fit for keys.
#[diagnostic::on_unimplemented(message = "`{Self}` cannot be part of a key")]
pub trait InKey: Kind {
    #[doc(hidden)]
    const WIDTH: Option<usize> = None;

    #[doc(hidden)]
    fn strip<'t>(value: &Self::Value, text: &'t str) -> Option<&'t str> {
        match Self::encode(value) {
            Ok(AttributeValue::S(written)) => text.strip_prefix(&*written),
            _ => None,
        }
    }

    /// Whether every key can hold the value. That no variant of an enum contains what ends it is known before code is generated.
    #[doc(hidden)]
    fn fits(_: &Self::Value, _: Option<char>) -> bool {
        true
    }
}

/// A kind whose stored text has one width, and the order of its values.
pub trait Fixed {}

impl InKey for String {
    fn strip<'t>(value: &String, text: &'t str) -> Option<&'t str> {
        text.strip_prefix(&**value)
    }

    fn fits(value: &String, delimiter: Option<char>) -> bool {
        !delimiter.is_some_and(|delimiter| value.contains(delimiter))
    }
}

macro_rules! fixed {
    ($($kind:ident: $form:literal, $value:ident => $fits:expr;)*) => { $(
        impl InKey for $kind {
            const WIDTH: Option<usize> = Some($form.len());

            fn strip<'t>(value: &$kind, text: &'t str) -> Option<&'t str> {
                strip_of_width::<Stored<$kind>>(value, text)
            }

            fn fits($value: &$kind, _: Option<char>) -> bool {
                $fits
            }
        }
        impl Fixed for $kind {}
    )* };
}

fixed! {
    Uuid: "00000000-0000-0000-0000-000000000000", _value => true;
    Ulid: "00000000000000000000000000", _value => true;
    Date: "YYYY-MM-DD", date => date.year() >= 0;
    Timestamp: "YYYY-MM-DDTHH:MM:SS.ffffffZ", instant => Rfc3339::<6, Zulu>::holds(instant);
}

/// Text at the end of a key, where nothing has to mark its own end.
#[derive(Debug)]
pub enum LastText {}

impl KeyForm for LastText {
    type Value = String;

    fn write(value: &String, _: Option<char>, text: &mut String) -> Result<(), EncodeError> {
        text.push_str(value);
        Ok(())
    }

    fn read(text: &str, _: Option<char>) -> Result<String, DecodeError> {
        Ok(text.to_owned())
    }

    fn strip<'t>(value: &String, _: Option<char>, text: &'t str) -> Option<&'t str> {
        text.strip_prefix(&**value)
    }

    fn fits(_: &String, _: Option<char>) -> bool {
        true
    }
}

impl OrderedForm for LastText {}

/// Text in which the character that ends it is escaped: `%` and that character are written as `%` and the two hexadecimal
/// digits of each of its UTF-8 bytes, in upper case. It does not keep the order of its values.
#[derive(Debug)]
pub enum Escaped {}

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

    fn read(text: &str, delimiter: Option<char>) -> Result<String, DecodeError> {
        if !text.contains('%') {
            return Ok(text.to_owned());
        }
        let value = unescaped(text)
            .ok_or_else(|| DecodeError::new(format!("{text:?} has an escape that is none")))?;
        let mut written = String::with_capacity(text.len());
        Self::write(&value, delimiter, &mut written).map_err(|error| DecodeError::new(error.to_string()))?;
        if written == text { Ok(value) } else { Err(DecodeError::differs(text, &written)) }
    }

    fn fits(_: &String, _: Option<char>) -> bool {
        true
    }
}

/// The text whose bytes are these, and those of its escapes.
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

impl<const DIGITS: usize, O: UtcOffset> InKey for Rfc3339<DIGITS, O> {
    const WIDTH: Option<usize> = Some(Self::WIDTH);

    fn strip<'t>(value: &Timestamp, text: &'t str) -> Option<&'t str> {
        strip_of_width::<Stored<Self>>(value, text)
    }

    fn fits(value: &Timestamp, _: Option<char>) -> bool {
        Self::holds(value)
    }
}

impl<const DIGITS: usize, O: UtcOffset> Fixed for Rfc3339<DIGITS, O> {}

/// A timestamp in whole seconds or milliseconds, as RFC 3339 with `Z`: what is finer is refused.
pub type Instant<P> = Stored<<P as Precision>::Kind>;

/// How fine an [`Instant`] is.
pub trait Precision {
    #[doc(hidden)]
    type Kind: InKey<Value = Timestamp>;
}

/// `YYYY-MM-DDTHH:MM:SSZ`
#[derive(Debug)]
pub enum Seconds {}

/// `YYYY-MM-DDTHH:MM:SS.fffZ`
#[derive(Debug)]
pub enum Milliseconds {}

impl Precision for Seconds {
    type Kind = Rfc3339<0, Zulu>;
}

impl Precision for Milliseconds {
    type Kind = Rfc3339<3, Zulu>;
}

/// A timestamp as digits: so many seconds, milliseconds or microseconds since 1970, as `K` stores them. They have one width,
/// and so the order of time, from September 2001 to November 2286; other instants are refused.
#[derive(Debug)]
pub struct Epoch<K>(PhantomData<fn() -> K>);

/// A kind whose numbers an [`Epoch`] writes.
pub trait EpochNumber: Kind<Value = Timestamp> {
    #[doc(hidden)]
    const DIGITS: usize;
}

impl EpochNumber for EpochSeconds {
    const DIGITS: usize = 10;
}

impl EpochNumber for EpochMilliseconds {
    const DIGITS: usize = 13;
}

impl EpochNumber for EpochMicroseconds {
    const DIGITS: usize = 16;
}

impl<K: EpochNumber> KeyForm for Epoch<K> {
    type Value = Timestamp;
    const WIDTH: Option<usize> = Some(K::DIGITS);

    fn write(value: &Timestamp, _: Option<char>, text: &mut String) -> Result<(), EncodeError> {
        match K::encode(value)? {
            AttributeValue::N(digits) if digits.len() == K::DIGITS && !digits.starts_with('-') => {
                text.push_str(&digits);
                Ok(())
            }
            _ => Err(EncodeError::new(format!(
                "{value} is not within September 2001 to November 2286, of which keys keep the numbers in their order"
            ))),
        }
    }

    fn read(text: &str, _: Option<char>) -> Result<Timestamp, DecodeError> {
        if text.starts_with('0') || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(DecodeError::new(format!(
                "{text:?} is not the number of an instant as keys keep it"
            )));
        }
        K::decode(Value::of_digits(text))
    }

    fn strip<'t>(value: &Timestamp, _: Option<char>, text: &'t str) -> Option<&'t str> {
        strip_of_width::<Self>(value, text)
    }
}

impl<K: EpochNumber> OrderedForm for Epoch<K> {}

/// A timestamp in the form `F`, of which what is finer than the kind `K` keeps is cut off before.
#[derive(Debug)]
pub struct Cut<F, K>(PhantomData<fn() -> (F, K)>);

impl<F: KeyForm<Value = Timestamp>, K: kind::Instant> KeyForm for Cut<F, K> {
    type Value = Timestamp;
    const WIDTH: Option<usize> = F::WIDTH;

    fn write(value: &Timestamp, delimiter: Option<char>, text: &mut String) -> Result<(), EncodeError> {
        F::write(&K::floor(*value), delimiter, text)
    }

    fn read(text: &str, delimiter: Option<char>) -> Result<Timestamp, DecodeError> {
        F::read(text, delimiter)
    }

    fn strip<'t>(value: &Timestamp, delimiter: Option<char>, text: &'t str) -> Option<&'t str> {
        F::strip(&K::floor(*value), delimiter, text)
    }

    fn fits(value: &Timestamp, delimiter: Option<char>) -> bool {
        F::fits(&K::floor(*value), delimiter)
    }
}

impl<F: OrderedForm<Value = Timestamp>, K: kind::Instant> OrderedForm for Cut<F, K> {}
