//! Expressions: what a condition or an update says, and its text with placeholders for names and values.

pub(crate) mod action;
pub(crate) mod apply;
pub(crate) mod condition;
pub(crate) mod evaluate;
pub(crate) mod names;
pub(crate) mod path;
pub(crate) mod placeholders;
mod shown;
