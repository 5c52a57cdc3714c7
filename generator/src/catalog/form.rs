//! The stored forms that `stored_as` and `null` choose from.

use super::{Element, Kind, StoredInstant, TimestampForm, UserRust};

/// A form that is not a kind's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A number, a truth or JSON as text.
    Text,
    /// A truth as 0 or 1.
    Number,
    /// An identifier in upper case.
    UpperCase,
    /// An identifier as its bytes.
    Bytes,
    /// Bytes as text.
    Base64,
    /// `NULL` is read as the empty value of the type.
    NullIsEmpty,
    /// `NULL` is read as a missing attribute is.
    NullIsMissing,
}

impl Form {
    /// Every form.
    pub const ALL: [Form; 7] = [
        Form::Text,
        Form::Number,
        Form::UpperCase,
        Form::Bytes,
        Form::Base64,
        Form::NullIsEmpty,
        Form::NullIsMissing,
    ];

    /// The word of it: the one that `stored_as` has, where that declares it.
    pub fn word(self) -> &'static str {
        match self {
            Form::Text => "text",
            Form::Number => "number",
            Form::UpperCase => "upper-case",
            Form::Bytes => "bytes",
            Form::Base64 => "base64",
            Form::NullIsEmpty => "null-is-empty",
            Form::NullIsMissing => "null-is-missing",
        }
    }

    /// Whether it says what is read of `NULL`, and nothing of what is written.
    #[cfg(feature = "breaking")]
    pub fn is_of_null(self) -> bool {
        matches!(self, Form::NullIsEmpty | Form::NullIsMissing)
    }
}

/// The stored forms of a kind.
#[derive(Clone, Copy, Debug)]
pub struct Forms {
    /// Their words, that of the kind itself first.
    pub words: &'static [&'static str],
    /// What further forms look like.
    pub others: Option<&'static str>,
}

/// The kinds that have several forms, as findings name them.
pub const FORMED_KINDS: &str =
    "`timestamp`, numbers, `bool`, `bytes`, `uuid`, `json` and types of yours (`rust:…`)";

impl Forms {
    const fn of(words: &'static [&'static str]) -> Self {
        Forms { words, others: None }
    }
}

/// Those of timestamps.
const TIMESTAMP: Forms = Forms {
    words: &["text", "epoch-seconds", "epoch-milliseconds", "epoch-microseconds"],
    others: Some(
        "or a pattern: `YYYY-MM-DDTHH:MM:SS`, then `.fff`, `.ffffff`, `.fffffffff` or nothing, then `Z`, `+0000`, `+00:00` \
         or nothing",
    ),
};

/// What a type of the user's may be stored as by its `Codec`.
const CODED: Forms = Forms {
    words: &["string", "decimal", "uuid", "ulid", "date", "timestamp", "bytes"],
    others: Some("or an integer type, as the `Stored` of the type's `dynamorm::Codec`"),
};

impl Kind {
    /// What there is to choose from, where there is anything.
    pub fn forms(&self) -> Option<Forms> {
        match self {
            Kind::Timestamp(_) => Some(TIMESTAMP),
            Kind::Integer(_) | Kind::Decimal | Kind::Float(_) => Some(Forms::of(&["number", "text"])),
            Kind::Bool => Some(Forms::of(&["bool", "number", "text"])),
            Kind::Uuid => Some(Forms::of(&["text", "upper-case", "bytes"])),
            Kind::Bytes => Some(Forms::of(&["bytes", "base64"])),
            Kind::Json => Some(Forms::of(&["document", "text"])),
            Kind::Foreign(_) => Some(CODED),
            Kind::Text
            | Kind::Date
            | Kind::Ulid
            | Kind::List(_)
            | Kind::Map(_)
            | Kind::Set(_)
            | Kind::Structure(_)
            | Kind::Enumeration(_)
            | Kind::Coded(..)
            | Kind::Formed(..) => None,
        }
    }

    /// The kind in a declared form; nothing if it has no such form.
    pub fn stored_as(&self, declared: &str) -> Option<Kind> {
        match self {
            Kind::Timestamp(form) => {
                let stored = StoredInstant::of(declared)?;
                return Some(Kind::Timestamp(TimestampForm { stored, ..*form }));
            }
            Kind::Foreign(rust) => return coded(rust, declared),
            _ => {}
        }
        let forms = self.forms()?;
        let word = forms.words.iter().position(|word| *word == declared)?;
        if word == 0 {
            return Some(self.clone());
        }
        let form = Form::ALL.into_iter().find(|form| form.word() == declared)?;
        Some(Kind::Formed(Box::new(self.clone()), form))
    }

    /// The kind with what is finer than its form cut off or refused; nothing if no value is ever too fine.
    pub fn with_excess(&self, truncates: bool) -> Option<Kind> {
        match self {
            Kind::Timestamp(form) => Some(Kind::Timestamp(TimestampForm { truncates, ..*form })),
            _ => None,
        }
    }

    /// Whether the type has an empty value, as which `NULL` may be read.
    pub fn has_empty_value(&self) -> bool {
        match self.of_values() {
            Kind::Text | Kind::Bytes | Kind::List(_) | Kind::Map(_) | Kind::Set(_) => true,
            Kind::Bool
            | Kind::Integer(_)
            | Kind::Float(_)
            | Kind::Decimal
            | Kind::Timestamp(_)
            | Kind::Date
            | Kind::Uuid
            | Kind::Ulid
            | Kind::Json
            | Kind::Structure(_)
            | Kind::Enumeration(_)
            | Kind::Foreign(_)
            | Kind::Coded(..)
            | Kind::Formed(..) => false,
        }
    }

    /// The kind whose elements are changed, where it is a list, a map or a set; else the changed kind itself.
    pub fn change_elements(&self, change: &mut dyn FnMut(&Kind) -> Option<Kind>) -> Option<Kind> {
        let mut within = |element: &Element| {
            let kind = element.kind.change_elements(change)?;
            Some(Box::new(Element { kind, optional: element.optional }))
        };
        match self {
            Kind::List(element) => within(element).map(Kind::List),
            Kind::Map(element) => within(element).map(Kind::Map),
            Kind::Set(element) => change(element).map(|element| Kind::Set(Box::new(element))),
            other => change(other),
        }
    }
}

/// A type of the user's that its codec stores as a type that keys can have.
fn coded(rust: &UserRust, declared: &str) -> Option<Kind> {
    let stored = Kind::BUILT_IN.into_iter().find(|kind| kind.describe() == declared)?;
    let is_known = matches!(stored, Kind::Integer(_)) || CODED.words.contains(&declared);
    is_known.then(|| Kind::Coded(rust.clone(), Box::new(stored)))
}
