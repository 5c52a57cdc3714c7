//! The stored forms that `stored_as` and `null` choose from.

use super::{Element, Kind, StoredInstant, TimestampForm, UserRust};

/// A form that is not a kind's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A number, a boolean or JSON as text.
    Text,
    /// A boolean as 0 or 1.
    Number,
    /// An identifier in upper case.
    UpperCase,
    /// An identifier as its bytes.
    Bytes,
    /// Bytes as text.
    Base64,
    /// `NULL` is read as the empty value of the type.
    NullIsEmpty,
    /// `NULL` is read like a missing attribute.
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

    /// Its word, which `stored_as` uses if it declares the form.
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

    /// Whether it is about reading `NULL`, and not about writing.
    #[cfg(feature = "breaking")]
    pub fn is_of_null(self) -> bool {
        matches!(self, Form::NullIsEmpty | Form::NullIsMissing)
    }
}

/// The stored forms of a kind.
#[derive(Clone, Copy, Debug)]
pub struct Forms {
    /// Their words, the kind's own first.
    pub words: &'static [&'static str],
    /// A description of further forms.
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

/// The forms of timestamps.
const TIMESTAMP: Forms = Forms {
    words: &["text", "epoch-seconds", "epoch-milliseconds", "epoch-microseconds"],
    others: Some(
        "or a pattern: `YYYY-MM-DDTHH:MM:SS`, then `.fff`, `.ffffff`, `.fffffffff` or nothing, then `Z`, `+0000`, `+00:00` \
         or nothing",
    ),
};

/// The types as which a `Codec` may store a type of the user.
const CODED: Forms = Forms {
    words: &["string", "decimal", "uuid", "ulid", "date", "timestamp", "bytes"],
    others: Some("or an integer type, as the `Stored` of the type's `dynamorm::Codec`"),
};

impl Kind {
    /// The forms to choose from, if there are several.
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

    /// The kind in a declared form; `None` if it has no such form.
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

    /// The kind with too fine values truncated or refused; `None` if no value can be too fine.
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

    /// The kind with changed elements, if it is a list, a map or a set; otherwise the changed kind itself.
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

/// A type of the user, which its codec stores as a type that keys can have.
fn coded(rust: &UserRust, declared: &str) -> Option<Kind> {
    let stored = Kind::BUILT_IN.into_iter().find(|kind| kind.describe() == declared)?;
    let is_known = matches!(stored, Kind::Integer(_)) || CODED.words.contains(&declared);
    is_known.then(|| Kind::Coded(rust.clone(), Box::new(stored)))
}
