//! Keys: their fields and templates, and how the keys of models in one table are distinguished.

mod attributes;
mod automaton;
mod conditions;
mod discriminators;
mod ranges;
mod shared;
mod templates;
mod texts;

pub(in crate::check) use attributes::{Role, check_length, source, stored_field};
pub(in crate::check) use automaton::Language;
pub(in crate::check) use conditions::{check as conditions, count as count_of_values};
pub(in crate::check) use discriminators::{check as discriminate, overlap, witness};
pub(in crate::check) use texts::{composed, language};
