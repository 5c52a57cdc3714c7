//! The stored forms that `stored_as` chooses from.

use super::{Element, Kind, StoredInstant, TimestampForm};

/// The stored forms of a kind.
#[derive(Clone, Copy, Debug)]
pub struct Forms {
    /// Their words, that of the kind itself first.
    pub words: &'static [&'static str],
    /// What further forms look like.
    pub others: Option<&'static str>,
}

/// Those of timestamps.
const TIMESTAMP: Forms = Forms {
    words: &["text", "epoch-seconds", "epoch-milliseconds", "epoch-microseconds"],
    others: Some(
        "or a pattern: `YYYY-MM-DDTHH:MM:SS`, then `.fff`, `.ffffff`, `.fffffffff` or nothing, then `Z`, `+0000`, `+00:00` \
         or nothing",
    ),
};

impl Kind {
    /// What there is to choose from, where there is anything.
    pub fn forms(&self) -> Option<Forms> {
        match self {
            Kind::Timestamp(_) => Some(TIMESTAMP),
            Kind::Text
            | Kind::Bool
            | Kind::Integer(_)
            | Kind::Float(_)
            | Kind::Decimal
            | Kind::Bytes
            | Kind::Date
            | Kind::Uuid
            | Kind::Ulid
            | Kind::Json
            | Kind::List(_)
            | Kind::Map(_)
            | Kind::Set(_)
            | Kind::Structure(_)
            | Kind::Enumeration(_)
            | Kind::Foreign(_) => None,
        }
    }

    /// The kind in a declared form; nothing if it has no such form.
    pub fn stored_as(&self, declared: &str) -> Option<Kind> {
        match self {
            Kind::Timestamp(form) => {
                let stored = StoredInstant::of(declared)?;
                Some(Kind::Timestamp(TimestampForm { stored, ..*form }))
            }
            Kind::Text
            | Kind::Bool
            | Kind::Integer(_)
            | Kind::Float(_)
            | Kind::Decimal
            | Kind::Bytes
            | Kind::Date
            | Kind::Uuid
            | Kind::Ulid
            | Kind::Json
            | Kind::List(_)
            | Kind::Map(_)
            | Kind::Set(_)
            | Kind::Structure(_)
            | Kind::Enumeration(_)
            | Kind::Foreign(_) => None,
        }
    }

    /// The kind with what is finer than its form cut off or refused; nothing if no value is ever too fine.
    pub fn with_excess(&self, truncates: bool) -> Option<Kind> {
        match self {
            Kind::Timestamp(form) => Some(Kind::Timestamp(TimestampForm { truncates, ..*form })),
            Kind::Text
            | Kind::Bool
            | Kind::Integer(_)
            | Kind::Float(_)
            | Kind::Decimal
            | Kind::Bytes
            | Kind::Date
            | Kind::Uuid
            | Kind::Ulid
            | Kind::Json
            | Kind::List(_)
            | Kind::Map(_)
            | Kind::Set(_)
            | Kind::Structure(_)
            | Kind::Enumeration(_)
            | Kind::Foreign(_) => None,
        }
    }

    /// The kind whose elements are changed, where it is a list or a map; else the changed kind itself.
    pub fn change_elements(&self, change: &mut dyn FnMut(&Kind) -> Option<Kind>) -> Option<Kind> {
        let mut within = |element: &Element| {
            let kind = element.kind.change_elements(change)?;
            Some(Box::new(Element { kind, optional: element.optional }))
        };
        match self {
            Kind::List(element) => within(element).map(Kind::List),
            Kind::Map(element) => within(element).map(Kind::Map),
            other => change(other),
        }
    }
}
