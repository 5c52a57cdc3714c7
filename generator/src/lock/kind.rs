//! Kinds as the lock writes them: as declarations do, with the stored form behind them where there are several.

use super::Shape;
use crate::catalog::{Element, Form, Kind, StoredInstant, TimestampForm, UserRust};

/// What stands for Rust of the user's, which the section on Rust names.
const FOREIGN: &str = "serde";
/// The same, of Rust that says itself as what it is stored: `codec<uuid>`.
const CODED: &str = "codec";

/// A kind, and a `?` where it is optional.
pub(super) fn text(kind: &Kind, optional: bool) -> String {
    let name = match kind {
        Kind::Timestamp(TimestampForm { stored: StoredInstant::MICROSECONDS, .. }) => kind.describe(),
        Kind::Timestamp(form) => format!("timestamp({})", form.stored.word()),
        Kind::List(element) => format!("list<{}>", text(&element.kind, element.optional)),
        Kind::Map(element) => format!("map<{}>", text(&element.kind, element.optional)),
        Kind::Set(element) => format!("set<{}>", text(element, false)),
        Kind::Foreign(_) => FOREIGN.to_owned(),
        Kind::Coded(_, stored) => format!("{CODED}<{}>", text(stored, false)),
        Kind::Formed(kind, form) => format!("{}({})", text(kind, false), form.word()),
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
        | Kind::Structure(_)
        | Kind::Enumeration(_) => kind.describe(),
    };
    if optional { format!("{name}?") } else { name }
}

/// The Rust of the user's that a kind holds. There is one at most.
pub(super) fn foreign(kind: &Kind) -> Option<&str> {
    match kind {
        Kind::Foreign(rust) | Kind::Coded(rust, _) => Some(&rust.code),
        Kind::List(element) | Kind::Map(element) => foreign(&element.kind),
        Kind::Set(kind) | Kind::Formed(kind, _) => foreign(kind),
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
        | Kind::Structure(_)
        | Kind::Enumeration(_) => None,
    }
}

/// The kind without what says nothing about what is stored, such as the places of the user's Rust.
pub(crate) fn placeless(kind: &Kind) -> Kind {
    let element =
        |element: &Element| Box::new(Element { kind: placeless(&element.kind), optional: element.optional });
    match kind {
        Kind::Foreign(rust) => Kind::Foreign(nowhere(&rust.code)),
        Kind::Coded(rust, stored) => Kind::Coded(nowhere(&rust.code), Box::new(placeless(stored))),
        Kind::Set(inner) => Kind::Set(Box::new(placeless(inner))),
        Kind::Formed(inner, form) => Kind::Formed(Box::new(placeless(inner)), *form),
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
        | Kind::Structure(_)
        | Kind::Enumeration(_) => kind.clone(),
    }
}

fn nowhere(code: &str) -> UserRust {
    UserRust { code: code.to_owned(), place: String::new() }
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
        Kind::Set(Box::new(read(inner, rust, shape)?.0))
    } else if let Some(stored) = within(CODED) {
        Kind::Coded(nowhere(rust?), Box::new(read(stored, None, shape)?.0))
    } else if text == FOREIGN {
        Kind::Foreign(nowhere(rust?))
    } else if let Some(known) = Kind::BUILT_IN.iter().find(|known| self::text(known, false) == text) {
        known.clone()
    } else if shape.types.contains_key(text) {
        Kind::Structure(text.to_owned())
    } else if shape.enums.contains_key(text) {
        Kind::Enumeration(text.to_owned())
    } else {
        let (inner, form) = text.strip_suffix(')')?.rsplit_once('(')?;
        match (StoredInstant::of(form), Form::ALL.into_iter().find(|known| known.word() == form)) {
            (Some(stored), _) if inner == "timestamp" => {
                Kind::Timestamp(TimestampForm { stored, truncates: false })
            }
            (_, form) => Kind::Formed(Box::new(read(inner, rust, shape)?.0), form?),
        }
    };
    Some((kind, optional))
}
