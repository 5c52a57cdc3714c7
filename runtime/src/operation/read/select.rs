//! Choosing attributes: a tuple of handles reads a tuple of values.

use crate::attribute::{Attribute, TopLevel};
use crate::decode::{DecodeError, Fields, ReadNames};
use crate::expression::placeholders::{Placeholders, separate};
use crate::facts::Facts;
use crate::kind::Kind;
use crate::shape::of_this_shape;
use crate::table::{Index, Projection};
use crate::validation::Violation;

/// Reads the values of chosen attributes.
pub type Decoder<T> = Box<dyn Fn(Fields<'_>) -> Result<T, DecodeError> + Send + Sync>;

/// Attributes of `M` to read: a handle, or a tuple of up to eight.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a selection of attributes of `{M}`",
    label = "expected a handle such as `Book::TITLE`, or a tuple of up to eight"
)]
pub trait Selection<M> {
    /// What is read.
    type Values: Send + 'static;

    #[doc(hidden)]
    fn into_parts(self) -> (Vec<&'static str>, Decoder<Self::Values>);
}

impl<M, K: Kind, R: TopLevel> Selection<M> for Attribute<M, K, R> {
    type Values = K::Value;

    fn into_parts(self) -> (Vec<&'static str>, Decoder<K::Value>) {
        let (names, decode) = (self,).into_parts();
        (names, Box::new(move |fields| decode(fields).map(|(value,)| value)))
    }
}

/// The names of an attribute that is chosen.
#[derive(Clone, Copy)]
struct Wanted {
    own: &'static str,
    further: &'static [&'static str],
}

impl Wanted {
    fn names(&self) -> impl Iterator<Item = &'static str> + use<> {
        std::iter::once(self.own).chain(self.further.iter().copied())
    }

    /// Whether the value under a name is to be taken for the attribute's.
    fn takes(self, name: &str, read: &mut ReadNames) -> bool {
        if self.further.is_empty() {
            return name == self.own;
        }
        let rank = self.names().position(|known| known == name);
        rank.is_some_and(|rank| read.takes(self.own, rank))
    }
}

macro_rules! tuple {
    ($($kind:ident $role:ident $field:tt),*) => {
        impl<M, $($kind: Kind, $role: TopLevel),*> Selection<M> for ($(Attribute<M, $kind, $role>,)*) {
            type Values = ($($kind::Value,)*);

            fn into_parts(self) -> (Vec<&'static str>, Decoder<Self::Values>) {
                let wanted = [$(Wanted { own: self.$field.name(), further: self.$field.further_names() }),*];
                let names = wanted.iter().flat_map(Wanted::names).collect();
                let defaults = ($(self.$field.default_maker(),)*);
                let decode = move |fields: Fields<'_>| {
                    let mut slots = ($(None::<$kind::Value>,)*);
                    let mut read = ReadNames::default();
                    let facts = fields.read().facts;
                    // A key that is read by itself is given to a get or a query, too.
                    let is_compared = |name: &str| facts.is_some_and(|facts| facts.compares(name));
                    fields.each(|name, value| {
                        $(if wanted[$field].takes(name, &mut read) {
                            return match is_compared(name) {
                                true => value.read_key::<$kind>(&mut slots.$field),
                                false => value.read::<$kind>(&mut slots.$field),
                            };
                        })*
                        value.skip()
                    })?;
                    Ok(($(
                        slots.$field
                            .or_else(|| defaults.$field.map(|default| default()))
                            .or_else($kind::absent)
                            .ok_or_else(|| DecodeError::missing(wanted[$field].own))?,
                    )*))
                };
                (names, Box::new(decode))
            }
        }
    };
}

tuple!(K0 R0 0);
tuple!(K0 R0 0, K1 R1 1);
tuple!(K0 R0 0, K1 R1 1, K2 R2 2);
tuple!(K0 R0 0, K1 R1 1, K2 R2 2, K3 R3 3);
tuple!(K0 R0 0, K1 R1 1, K2 R2 2, K3 R3 3, K4 R4 4);
tuple!(K0 R0 0, K1 R1 1, K2 R2 2, K3 R3 3, K4 R4 4, K5 R5 5);
tuple!(K0 R0 0, K1 R1 1, K2 R2 2, K3 R3 3, K4 R4 4, K5 R5 5, K6 R6 6);
tuple!(K0 R0 0, K1 R1 1, K2 R2 2, K3 R3 3, K4 R4 4, K5 R5 5, K6 R6 6, K7 R7 7);

/// The same selection of items of today's shape: what is read of another would be taken for something else. An index that does
/// not keep the number has no items of other shapes, since those that have a second one must keep it.
pub(crate) fn of_shape<T: 'static>(
    facts: &'static Facts,
    index: Option<&'static Index>,
    (mut names, decode): (Vec<&'static str>, Decoder<T>),
) -> (Vec<&'static str>, Decoder<T>) {
    let is_kept = |name: &'static str| match index.map(|index| index.projection) {
        None | Some(Projection::All) => true,
        Some(Projection::KeysOnly) => false,
        Some(Projection::Include(kept)) => kept.contains(&name),
    };
    let Some(shape) = facts.shape.filter(|shape| is_kept(shape.attribute)) else { return (names, decode) };
    if !names.contains(&shape.attribute) {
        names.push(shape.attribute);
    }
    let decode = move |fields: Fields<'_>| {
        of_this_shape(&fields, shape.attribute, shape.number)?;
        decode(fields)
    };
    (names, Box::new(decode))
}

/// The projection expression of chosen attributes; none for all of them.
pub(crate) fn projection(attributes: &[&'static str], placeholders: &mut Placeholders) -> Option<String> {
    if attributes.is_empty() {
        return None;
    }
    let mut text = String::with_capacity(4 * attributes.len());
    for (index, name) in attributes.iter().enumerate() {
        if attributes[..index].contains(name) {
            placeholders.extend(vec![Violation::new(*name, "is selected twice")]);
        }
        separate(index, ", ", &mut text);
        placeholders.name(name, &mut text);
    }
    placeholders.check_length(&text);
    Some(text)
}
