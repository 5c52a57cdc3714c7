//! From a described table and some of its items to declarations.

mod compose;
mod fields;
mod groups;
mod guess;
mod model;
mod observe;
mod pattern;
mod tables;
mod text;

pub(super) use fields::free_name;

pub(super) use groups::has_key;
pub(super) use guess::Guesser;
pub(super) use guess::{Element, Guess, Member, items};
pub(super) use tables::{Ambition, Attempt, draft};
pub(super) use text::{TextForm, form as text_form};
