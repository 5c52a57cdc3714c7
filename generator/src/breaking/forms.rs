//! The relation of two kinds of one attribute: which values of one are read as the other.

use crate::catalog::{EnumerationForm, Float, Form, Kind};
use crate::lock::Shape;

/// The relation of a new kind to an old one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    Same,
    /// It reads everything that the old one stores, and stores more.
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

/// The relation of a new kind to an old one. Types and enums are compared by themselves: here they are the same where they are
/// stored alike, as maps or as text.
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
        (Kind::Set(one), Kind::Set(other)) => relate((one, old_shape), (other, new_shape)),
        // What is written stays the same. Only what is read changes.
        (Kind::Formed(one, old_form), Kind::Formed(other, new_form))
            if old_form == new_form || !(old_form.is_of_null() || new_form.is_of_null()) =>
        {
            match old_form == new_form {
                true => relate((one, old_shape), (other, new_shape)),
                false => Relation::Other,
            }
        }
        (Kind::Formed(one, form), other) if form.is_of_null() && !is_of_null(other) => {
            relate((one, old_shape), (other, new_shape)).and(Relation::Narrower)
        }
        (one, Kind::Formed(other, form)) if form.is_of_null() && !is_of_null(one) => {
            relate((one, old_shape), (other, new_shape))
        }
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
            match form_of(one, old_shape) == form_of(other, new_shape) {
                true => Relation::Same,
                false => Relation::Other,
            }
        }
        (Kind::Foreign(_), Kind::Foreign(_)) => Relation::Same,
        // Only the stored type of a codec is known.
        (Kind::Coded(_, one), other) => relate((one, old_shape), (other, new_shape)),
        (one, Kind::Coded(_, other)) => relate((one, old_shape), (other, new_shape)),
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

fn is_of_null(kind: &Kind) -> bool {
    matches!(kind, Kind::Formed(_, form) if form.is_of_null())
}

/// How the variants of an enum are stored.
pub(super) fn form_of<'s>(name: &str, shape: &'s Shape) -> Option<&'s EnumerationForm> {
    shape.enums.get(name).map(|known| &known.form)
}

/// Whether every value is stored as text that a `string` reads.
fn is_some_text(kind: &Kind, shape: &Shape) -> bool {
    match kind {
        Kind::Text | Kind::Date | Kind::Uuid | Kind::Ulid => true,
        Kind::Timestamp(form) => form.stored.is_text(),
        Kind::Enumeration(name) => form_of(name, shape) == Some(&EnumerationForm::Text),
        Kind::Formed(_, Form::Text | Form::UpperCase | Form::Base64) => true,
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
        | Kind::Foreign(_)
        | Kind::Coded(..)
        | Kind::Formed(..) => false,
    }
}
