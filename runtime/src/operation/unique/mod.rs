//! Unique values: each has a guard, an item of the same table that says which item has it.

pub(crate) mod audit;
pub(crate) mod conflict;
pub(crate) mod guard;
pub(crate) mod guards;
