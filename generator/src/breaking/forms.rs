//! How two kinds of one attribute are to each other: what of one is read as the other.

use crate::catalog::{Float, Kind};
use crate::lock::Shape;

/// How a new kind is to an old one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    Same,
    /// It reads whatever the old one stores, and stores more.
    Wider,
    /// It stores less, and reads less.
    Narrower,
    /// Neither reads all that the other stores.
    Other,
}

impl Relation {
    fn and(self, other: Relation) -> Relation {
        match (self, other) {
            (Relation::Same, one) | (one, Relation::Same) => one,
            (one, other) if one == other => one,
            _ => Relation::Other,
        }
    }

    fn inverse(self) -> Relation {
        match self {
            Relation::Wider => Relation::Narrower,
            Relation::Narrower => Relation::Wider,
            Relation::Same | Relation::Other => self,
        }
    }
}

/// How a new kind is to an old one. Types and enums are compared by themselves: here they are the same where they are stored
/// alike, as maps or as text.
pub(super) fn relate((old, old_shape): (&Kind, &Shape), (new, new_shape): (&Kind, &Shape)) -> Relation {
    match (old, new) {
        (Kind::List(one), Kind::List(other)) | (Kind::Map(one), Kind::Map(other)) => {
            let inner = relate((&one.kind, old_shape), (&other.kind, new_shape));
            inner.and(match (one.optional, other.optional) {
                (false, true) => Relation::Wider,
                (true, false) => Relation::Narrower,
                (false, false) | (true, true) => Relation::Same,
            })
        }
        (Kind::Set(one), Kind::Set(other)) => relate((&one.kind(), old_shape), (&other.kind(), new_shape)),
        (Kind::Integer(one), Kind::Integer(other)) => {
            let (one, other) = (one.facts(), other.facts());
            let holds = other.least <= one.least && one.greatest <= other.greatest;
            let is_held = one.least <= other.least && other.greatest <= one.greatest;
            match (holds, is_held) {
                (true, true) => Relation::Same,
                (true, false) => Relation::Wider,
                (false, true) => Relation::Narrower,
                (false, false) => Relation::Other,
            }
        }
        (Kind::Integer(_), Kind::Decimal) => Relation::Wider,
        (Kind::Decimal, Kind::Integer(_)) => Relation::Narrower,
        (Kind::Float(Float::F32), Kind::Float(Float::F64)) => Relation::Wider,
        (Kind::Float(Float::F64), Kind::Float(Float::F32)) => Relation::Narrower,
        (Kind::Structure(_), Kind::Structure(_)) => Relation::Same,
        (Kind::Enumeration(one), Kind::Enumeration(other)) => {
            match is_text(one, old_shape) == is_text(other, new_shape) {
                true => Relation::Same,
                false => Relation::Other,
            }
        }
        (Kind::Foreign(_), Kind::Foreign(_)) => Relation::Same,
        (one, Kind::Text) if is_some_text(one, old_shape) => match one {
            Kind::Text => Relation::Same,
            _ => Relation::Wider,
        },
        (Kind::Text, other) if is_some_text(other, new_shape) => {
            relate((new, new_shape), (old, old_shape)).inverse()
        }
        (one, other) if one == other => Relation::Same,
        _ => Relation::Other,
    }
}

/// Whether an enum is stored as text, and not as a map.
pub(super) fn is_text(name: &str, shape: &Shape) -> bool {
    let variants = shape.enums.get(name);
    variants.is_some_and(|variants| variants.values().all(|variant| variant.attributes.is_empty()))
}

/// Whether every value is stored as text that a `string` reads.
fn is_some_text(kind: &Kind, shape: &Shape) -> bool {
    match kind {
        Kind::Text | Kind::Date | Kind::Uuid | Kind::Ulid => true,
        Kind::Timestamp(form) => form.stored.is_text(),
        Kind::Enumeration(name) => is_text(name, shape),
        Kind::Bool
        | Kind::Integer(_)
        | Kind::Float(_)
        | Kind::Decimal
        | Kind::Bytes
        | Kind::Json
        | Kind::List(_)
        | Kind::Map(_)
        | Kind::Set(_)
        | Kind::Structure(_)
        | Kind::Foreign(_) => false,
    }
}
