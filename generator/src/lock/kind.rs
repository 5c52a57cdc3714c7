//! Kinds as the lock writes them: as declarations do, with the stored form behind them where there are several.

use super::Shape;
use crate::catalog::{Element, Kind, SetElement, StoredInstant, TimestampForm, UserRust};

/// What stands for Rust of the user's, which the section on Rust names.
const FOREIGN: &str = "serde";

/// A kind, and a `?` where it is optional.
pub(super) fn text(kind: &Kind, optional: bool) -> String {
    let name = match kind {
        Kind::Timestamp(TimestampForm { stored: StoredInstant::MICROSECONDS, .. }) => kind.describe(),
        Kind::Timestamp(form) => format!("timestamp({})", form.stored.word()),
        Kind::List(element) => format!("list<{}>", text(&element.kind, element.optional)),
        Kind::Map(element) => format!("map<{}>", text(&element.kind, element.optional)),
        Kind::Foreign(_) => FOREIGN.to_owned(),
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
        | Kind::Set(_)
        | Kind::Structure(_)
        | Kind::Enumeration(_) => kind.describe(),
    };
    if optional { format!("{name}?") } else { name }
}

/// The Rust of the user's that a kind holds. There is one at most.
pub(super) fn foreign(kind: &Kind) -> Option<&str> {
    match kind {
        Kind::Foreign(rust) => Some(&rust.code),
        Kind::List(element) | Kind::Map(element) => foreign(&element.kind),
        Kind::Text
        | Kind::Bool
        | Kind::Integer(_)
        | Kind::Float(_)
        | Kind::Decimal
        | Kind::Bytes
        | Kind::Timestamp(_)
        | Kind::Date
        | Kind::Uuid
        | Kind::Ulid
        | Kind::Json
        | Kind::Set(_)
        | Kind::Structure(_)
        | Kind::Enumeration(_) => None,
    }
}

/// The kind without what says nothing about what is stored, such as the places of the user's Rust.
pub(crate) fn placeless(kind: &Kind) -> Kind {
    let element =
        |element: &Element| Box::new(Element { kind: placeless(&element.kind), optional: element.optional });
    match kind {
        Kind::Foreign(rust) => Kind::Foreign(UserRust { code: rust.code.clone(), place: String::new() }),
        Kind::List(inner) => Kind::List(element(inner)),
        Kind::Map(inner) => Kind::Map(element(inner)),
        // What becomes of what is too fine is the writer's own affair.
        Kind::Timestamp(form) => Kind::Timestamp(TimestampForm { truncates: false, ..*form }),
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
        | Kind::Set(_)
        | Kind::Structure(_)
        | Kind::Enumeration(_) => kind.clone(),
    }
}

/// Reads what [`text`] writes. `rust` is the user's type, and `shape` knows the types and enums that a name may mean.
pub(super) fn read(text: &str, rust: Option<&str>, shape: &Shape) -> Option<(Kind, bool)> {
    let (text, optional) = match text.strip_suffix('?') {
        Some(text) => (text, true),
        None => (text, false),
    };
    let within = |name: &str| text.strip_prefix(name)?.strip_prefix('<')?.strip_suffix('>');
    let element = |text: &str| {
        let (kind, optional) = read(text, rust, shape)?;
        Some(Box::new(Element { kind, optional }))
    };
    let kind = if let Some(inner) = within("list") {
        Kind::List(element(inner)?)
    } else if let Some(inner) = within("map") {
        Kind::Map(element(inner)?)
    } else if let Some(inner) = within("set") {
        Kind::Set(set_element(&read(inner, None, shape)?.0)?)
    } else if text == FOREIGN {
        Kind::Foreign(UserRust { code: rust?.to_owned(), place: String::new() })
    } else if let Some(known) = Kind::BUILT_IN.iter().find(|known| self::text(known, false) == text) {
        known.clone()
    } else if shape.types.contains_key(text) {
        Kind::Structure(text.to_owned())
    } else if shape.enums.contains_key(text) {
        Kind::Enumeration(text.to_owned())
    } else {
        let form = text.strip_prefix("timestamp(")?.strip_suffix(')')?;
        Kind::Timestamp(TimestampForm { stored: StoredInstant::of(form)?, truncates: false })
    };
    Some((kind, optional))
}

fn set_element(kind: &Kind) -> Option<SetElement> {
    match kind {
        Kind::Text => Some(SetElement::Text),
        Kind::Integer(integer) => Some(SetElement::Integer(*integer)),
        Kind::Decimal => Some(SetElement::Decimal),
        Kind::Bytes => Some(SetElement::Bytes),
        Kind::Bool
        | Kind::Float(_)
        | Kind::Timestamp(_)
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
