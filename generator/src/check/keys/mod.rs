//! Keys: the fields and templates that they are made of, and what tells the keys of models in one table apart.

mod attributes;
mod automaton;
mod conditions;
mod discriminators;
mod ranges;
mod shared;
mod templates;

pub(in crate::check) use attributes::{Role, check_length, source, stored_field};
pub(in crate::check) use automaton::Language;
pub(in crate::check) use conditions::{check as conditions, count as count_of_values};
pub(in crate::check) use templates::prefix;
pub(in crate::check) use discriminators::{check as discriminate, composed, language, overlap, witness};
