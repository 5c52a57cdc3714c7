//! Facts about kinds: one entry for each kind, which checks and emission ask.
//!
//! Checks and emission do not match on kinds to find such facts. So a new kind is an entry here, and whatever asks gets the right
//! answer.

use super::{Enumeration, EnumerationForm, Form, Integer, KeyForm, Kind, LengthUnit, Scalar};

/// Facts about a kind, independent of the field that has it.
#[derive(Clone, Copy, Debug)]
pub struct Facts {
    /// The type of a key attribute that holds the plain value, or why none can. A kind that can be a key can also be unique,
    /// because the key of a guard holds the value.
    pub key: Result<Scalar, &'static str>,
    /// How a value becomes a part of a composed key.
    pub part: KeyPart,
    /// The stored texts of values, or their texts in a composed key.
    pub texts: TextForm,
    /// Whether a value has further texts besides the one that is written.
    pub has_notations: bool,
    /// Whether a set can contain such values.
    pub is_set_member: bool,
    /// What the rule `length` counts.
    pub length: Option<LengthUnit>,
    /// Whether the rule `range` applies.
    pub is_ordered: bool,
    /// Whether the rule `one_of` applies.
    pub is_enumerable: bool,
    /// Whether the rules of text apply, such as `pattern`.
    pub is_text: bool,
    /// Whether values are copied and not cloned.
    pub is_copy: bool,
}

/// How a value becomes a part of a composed key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyPart {
    /// Always in this form.
    Always(KeyForm),
    /// Text, whose form depends on what follows it.
    Text,
    /// With so many digits, unless the template says otherwise.
    Digits(Integer),
    /// As a timestamp in this form, unless the template says otherwise.
    Instant(KeyForm),
    /// Not at all, for this reason.
    Never(&'static str),
}

/// The stored texts of a kind's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextForm {
    /// Any text.
    Any,
    /// Texts of one length: `d` is a digit, `x` a hexadecimal digit, `X` one in upper case, `c` a digit of Crockford's base 32,
    /// `o` one of these up to `7`, and anything else stands for itself. `dddd-dd-dd` is a day of the calendar, and `Tdd:dd:dd` a
    /// time of day.
    Form(&'static str),
    /// The stored texts of an enumeration's variants.
    Variants,
    /// `true` and `false`, within a key.
    Flags,
}

/// The kinds that [`Facts::key`] allows, as findings name them.
pub const KEY_KINDS: &str = "`string`, an integer type, `decimal`, `bytes`, `timestamp`, `date`, `uuid`, `ulid` or an enum without fields";
/// The kinds that a set can contain, as findings name them.
pub const SET_KINDS: &str = "`string`, an integer type, `decimal`, `bytes`, `timestamp`, `date`, `uuid`, `ulid` or an enum without fields";

const NOT_EXACT: &str = "floats are not exact: use `decimal` or an integer type";
const STORED_AS_MAP: &str = "an enum whose variants have fields is stored as a map";
const NO_PART: &str = "keys are composed of text, exact numbers, times and identifiers";

impl Facts {
    /// A kind that can be stored, and nothing else.
    const STORED: Facts = Facts {
        key: Err("keys are text, exact numbers or bytes"),
        part: KeyPart::Never(NO_PART),
        texts: TextForm::Any,
        has_notations: false,
        is_set_member: false,
        length: None,
        is_ordered: false,
        is_enumerable: false,
        is_text: false,
        is_copy: false,
    };
}

impl Facts {
    /// The facts of the same values in another form.
    fn in_form(self, form: Form) -> Facts {
        match form {
            // A boolean's texts are the same as in a composed key.
            Form::Text if self.texts == TextForm::Flags => {
                Facts { key: Ok(Scalar::Text), is_set_member: true, ..self }
            }
            Form::Text => Facts { key: self.key.map(|_| Scalar::Text), has_notations: true, ..self },
            Form::Number => Facts { key: Ok(Scalar::Number), ..self },
            Form::UpperCase => {
                Facts { texts: TextForm::Form("XXXXXXXX-XXXX-XXXX-XXXX-XXXXXXXXXXXX"), ..self }
            }
            Form::Bytes => Facts { key: Ok(Scalar::Binary), has_notations: false, ..self },
            Form::Base64 => {
                Facts { key: Ok(Scalar::Text), has_notations: true, is_set_member: false, ..self }
            }
            Form::NullIsEmpty | Form::NullIsMissing => {
                Facts { key: Err("no key is `NULL`: remove `null`"), is_set_member: false, ..self }
            }
        }
    }
}

/// Knows the enumerations that kinds name.
pub trait Enumerations {
    /// The stored values of the enumeration with this Rust name.
    fn stored(&self, rust_name: &str) -> StoredVariants;
}

/// The stored texts of an enumeration's variants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoredVariants {
    Text {
        /// Whether one of them is empty text.
        has_empty: bool,
    },
    Numbers,
    Map,
}

impl StoredVariants {
    /// Values with these texts.
    pub fn of(form: &EnumerationForm, has_empty: bool) -> Self {
        match form {
            EnumerationForm::Text => StoredVariants::Text { has_empty },
            EnumerationForm::Number => StoredVariants::Numbers,
            EnumerationForm::Map | EnumerationForm::Tagged { .. } => StoredVariants::Map,
        }
    }
}

impl Enumerations for super::Catalog {
    fn stored(&self, rust_name: &str) -> StoredVariants {
        let known = self.enumerations.iter().find(|known| known.name == rust_name);
        let names = |known: &Enumeration| known.variants.iter().any(|variant| variant.stored.is_empty());
        known.map_or(StoredVariants::Map, |known| StoredVariants::of(&known.form, names(known)))
    }
}

impl Kind {
    /// The facts about the kind.
    pub fn facts(&self, enumerations: &impl Enumerations) -> Facts {
        match self {
            Kind::Text => Facts {
                key: Ok(Scalar::Text),
                part: KeyPart::Text,
                is_set_member: true,
                length: Some(LengthUnit::Characters),
                is_enumerable: true,
                is_text: true,
                ..Facts::STORED
            },
            Kind::Bool => Facts {
                part: KeyPart::Always(KeyForm::Stored),
                texts: TextForm::Flags,
                is_copy: true,
                ..Facts::STORED
            },
            Kind::Integer(integer) => Facts {
                key: Ok(Scalar::Number),
                part: KeyPart::Digits(*integer),
                is_set_member: true,
                is_ordered: true,
                is_enumerable: true,
                is_copy: true,
                ..Facts::STORED
            },
            Kind::Float(_) => Facts {
                key: Err(NOT_EXACT),
                part: KeyPart::Never(NOT_EXACT),
                is_ordered: true,
                is_copy: true,
                ..Facts::STORED
            },
            Kind::Decimal => Facts {
                key: Ok(Scalar::Number),
                part: KeyPart::Always(KeyForm::Decimal),
                is_set_member: true,
                is_ordered: true,
                is_enumerable: true,
                ..Facts::STORED
            },
            Kind::Bytes => Facts {
                key: Ok(Scalar::Binary),
                part: KeyPart::Never("bytes are no text: use them as a key of their own"),
                is_set_member: true,
                length: Some(LengthUnit::Bytes),
                ..Facts::STORED
            },
            Kind::Timestamp(form) => Facts {
                key: Ok(if form.stored.is_text() { Scalar::Text } else { Scalar::Number }),
                part: KeyPart::Instant(KeyForm::Instant(form.stored.as_text())),
                texts: TextForm::Form(form.stored.as_text().form()),
                has_notations: form.stored.is_text(),
                is_set_member: true,
                is_ordered: true,
                is_copy: true,
                ..Facts::STORED
            },
            Kind::Date => Facts {
                key: Ok(Scalar::Text),
                part: KeyPart::Always(KeyForm::Stored),
                texts: TextForm::Form("dddd-dd-dd"),
                is_set_member: true,
                is_ordered: true,
                is_copy: true,
                ..Facts::STORED
            },
            Kind::Uuid => Facts {
                key: Ok(Scalar::Text),
                part: KeyPart::Always(KeyForm::Stored),
                texts: TextForm::Form("xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"),
                has_notations: true,
                is_set_member: true,
                is_copy: true,
                ..Facts::STORED
            },
            Kind::Ulid => Facts {
                key: Ok(Scalar::Text),
                part: KeyPart::Always(KeyForm::Stored),
                texts: TextForm::Form("occccccccccccccccccccccccc"),
                has_notations: true,
                is_set_member: true,
                is_copy: true,
                ..Facts::STORED
            },
            Kind::Enumeration(name) => match enumerations.stored(name) {
                StoredVariants::Text { has_empty } => Facts {
                    key: if has_empty {
                        Err("a variant of the enum is stored as empty text, which no key is")
                    } else {
                        Ok(Scalar::Text)
                    },
                    part: KeyPart::Always(KeyForm::Stored),
                    texts: TextForm::Variants,
                    is_set_member: true,
                    is_copy: true,
                    ..Facts::STORED
                },
                StoredVariants::Numbers => Facts {
                    key: Ok(Scalar::Number),
                    part: KeyPart::Never("the enum is stored as numbers: use it as a key of its own"),
                    is_set_member: true,
                    is_copy: true,
                    ..Facts::STORED
                },
                StoredVariants::Map => {
                    Facts { key: Err(STORED_AS_MAP), part: KeyPart::Never(STORED_AS_MAP), ..Facts::STORED }
                }
            },
            Kind::List(_) | Kind::Map(_) | Kind::Set(_) => {
                Facts { length: Some(LengthUnit::Elements), ..Facts::STORED }
            }
            Kind::Json | Kind::Structure(_) | Kind::Foreign(_) => Facts::STORED,
            // Only the stored form of its values is known.
            Kind::Coded(_, stored) => {
                let Facts { key, part, texts, .. } = stored.facts(enumerations);
                Facts { key, part, texts, has_notations: true, ..Facts::STORED }
            }
            Kind::Formed(kind, form) => kind.facts(enumerations).in_form(*form),
        }
    }
}

/// Facts about an integer type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IntegerFacts {
    /// Its name, in declarations and in Rust.
    pub name: &'static str,
    pub is_signed: bool,
    /// The digits of its greatest value.
    pub digits: usize,
    /// The least value that both the type and a stored number can hold.
    pub least: i128,
    /// The greatest such value.
    pub greatest: i128,
}

/// The digits of the greatest and of the least value of an integer type, the latter without its sign.
pub struct Magnitudes {
    pub greatest: String,
    pub least: String,
}

/// The largest number of 38 digits, DynamoDB's precision.
const LARGEST_STORED: i128 = 10_i128.pow(38) - 1;

impl Integer {
    pub fn facts(self) -> IntegerFacts {
        let (name, digits, least, greatest) = match self {
            Integer::U8 => ("u8", 3, 0, u8::MAX.into()),
            Integer::U16 => ("u16", 5, 0, u16::MAX.into()),
            Integer::U32 => ("u32", 10, 0, u32::MAX.into()),
            Integer::U64 => ("u64", 20, 0, u64::MAX.into()),
            Integer::U128 => ("u128", 39, 0, LARGEST_STORED),
            Integer::I8 => ("i8", 3, i8::MIN.into(), i8::MAX.into()),
            Integer::I16 => ("i16", 5, i16::MIN.into(), i16::MAX.into()),
            Integer::I32 => ("i32", 10, i32::MIN.into(), i32::MAX.into()),
            Integer::I64 => ("i64", 19, i64::MIN.into(), i64::MAX.into()),
            Integer::I128 => ("i128", 39, -LARGEST_STORED, LARGEST_STORED),
        };
        IntegerFacts { name, is_signed: least < 0, digits, least, greatest }
    }

    /// How large the type's values are, even beyond what a stored number can hold, because a key is text.
    pub fn magnitudes(self) -> Magnitudes {
        let (least, greatest) = match self {
            Integer::U128 => (0, u128::MAX),
            Integer::I128 => (i128::MIN.unsigned_abs(), i128::MAX.unsigned_abs()),
            other => {
                let IntegerFacts { least, greatest, .. } = other.facts();
                (least.unsigned_abs(), greatest.unsigned_abs())
            }
        };
        Magnitudes { greatest: greatest.to_string(), least: least.to_string() }
    }

    /// Whether a stored number, with at most 38 digits, is narrower than the type.
    pub fn exceeds_stored(self) -> bool {
        self.facts().greatest == LARGEST_STORED
    }
}

impl KeyForm {
    /// The form of an integer of so many digits.
    pub fn of_integer(integer: Integer, digits: usize) -> KeyForm {
        if integer.facts().is_signed { KeyForm::Signed(digits) } else { KeyForm::Digits(digits) }
    }

    /// How many characters every value has in this form; `None` if the number varies or depends on the kind.
    pub fn width(self) -> Option<usize> {
        match self {
            KeyForm::Digits(digits) => Some(digits),
            KeyForm::Signed(digits) => Some(digits + 1),
            KeyForm::Decimal => Some(DECIMAL_DIGITS + 1),
            KeyForm::Instant(stored) => Some(stored.form().len()),
            KeyForm::Day => Some(DAY.len()),
            KeyForm::Month => Some(MONTH.len()),
            KeyForm::Hour => Some(HOUR.len()),
            KeyForm::Shard(shards) => Some(shard_text(shards, 0).len()),
            KeyForm::DescendingDigits(digits) => Some(digits),
            KeyForm::DescendingInstant(stored) => Some(stored.form().len()),
            KeyForm::Prefix(_)
            | KeyForm::Lower
            | KeyForm::Upper
            | KeyForm::Plain
            | KeyForm::Stored
            | KeyForm::LastText
            | KeyForm::Escaped => None,
        }
    }
}

/// What a key has of a shard of so many: its number in as many digits as that of the last one.
pub fn shard_text(shards: u32, shard: u32) -> String {
    let width = shards.saturating_sub(1).to_string().len();
    format!("{shard:0width$}")
}

/// The day of a timestamp, in the notation of [`TextForm::Form`].
pub const DAY: &str = "dddd-dd-dd";
/// The month of a timestamp.
pub const MONTH: &str = "dddd-dd";
/// The hour of a timestamp.
pub const HOUR: &str = "dddd-dd-ddTdd";
/// How many digits follow the sign of a decimal in a composed key.
pub const DECIMAL_DIGITS: usize = 41;

#[cfg(test)]
mod tests {
    use super::super::{StoredInstant, TimestampForm};
    use super::*;
    use crate::runtime_sources;
    use proc_macro2::TokenTree;

    struct NoEnumerations;

    impl Enumerations for NoEnumerations {
        fn stored(&self, _: &str) -> StoredVariants {
            StoredVariants::Map
        }
    }

    #[test]
    fn built_in_kinds_have_names_of_their_own() {
        let mut names: Vec<_> = Kind::BUILT_IN.iter().map(Kind::describe).collect();
        names.sort();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count, "{names:?}");
    }

    #[test]
    fn findings_name_the_kinds_of_keys_and_sets() {
        let named = |kind: &Kind, names: &str| match kind {
            Kind::Integer(_) => names.contains("an integer type"),
            other => names.contains(&format!("`{}`", other.describe())),
        };
        for kind in &Kind::BUILT_IN {
            let facts = kind.facts(&NoEnumerations);
            assert_eq!(facts.key.is_ok(), named(kind, KEY_KINDS), "{}", kind.describe());
            assert_eq!(facts.is_set_member, named(kind, SET_KINDS), "{}", kind.describe());
        }
    }

    #[test]
    fn what_becomes_a_part_of_a_key_is_told_from_what_does_not_by_its_texts() {
        for kind in &Kind::BUILT_IN {
            let facts = kind.facts(&NoEnumerations);
            if let TextForm::Form(_) = facts.texts {
                assert!(!matches!(facts.part, KeyPart::Never(_)), "{}", kind.describe());
            }
            // Whatever a set can contain, a key can hold.
            assert!(!facts.is_set_member || facts.key.is_ok(), "{}", kind.describe());
        }
    }

    /// `fixed! { Uuid: "00000000-…" }` in the runtime declares the width of a kind's texts.
    #[test]
    fn texts_of_one_length_have_the_runtimes_length() {
        let mut fixed = Vec::new();
        for item in runtime_sources::items() {
            let syn::Item::Macro(call) = item else { continue };
            if !call.mac.path.is_ident("fixed") {
                continue;
            }
            let mut name = String::new();
            for token in call.mac.tokens {
                match token {
                    TokenTree::Ident(ident) => name = ident.to_string(),
                    TokenTree::Literal(form) => fixed.push((name.clone(), form.to_string().len() - 2)),
                    _ => {}
                }
            }
        }
        fixed.sort();
        let known = [
            ("Date", Kind::Date),
            ("Timestamp", Kind::Timestamp(TimestampForm::DEFAULT)),
            ("Ulid", Kind::Ulid),
            ("Uuid", Kind::Uuid),
        ];
        let known: Vec<_> = known
            .into_iter()
            .map(|(name, kind)| match kind.facts(&NoEnumerations).texts {
                TextForm::Form(form) => (name.to_owned(), form.len()),
                texts => panic!("{name}: {texts:?}"),
            })
            .collect();
        let mut sorted = known.clone();
        sorted.sort();
        assert_eq!(sorted, fixed);
    }

    #[test]
    fn numbers_and_instants_in_keys_are_as_wide_as_the_runtimes() {
        use runtime_sources::{constant, constant_of};
        let digits = constant("EXPONENT") + constant("SIGNIFICANT");
        assert_eq!(i64::try_from(DECIMAL_DIGITS), Ok(digits));
        assert_eq!(LARGEST_STORED.to_string().len() as i64, constant("SIGNIFICANT"));
        let epochs = [
            ("EpochSeconds", StoredInstant::EpochSeconds),
            ("EpochMilliseconds", StoredInstant::EpochMilliseconds),
            ("EpochMicroseconds", StoredInstant::EpochMicroseconds),
        ];
        for (name, stored) in epochs {
            let digits = constant_of(name, "EpochNumber", "DIGITS");
            assert_eq!(KeyForm::Instant(stored).width().map(|width| width as i64), Some(digits));
        }
    }
}
