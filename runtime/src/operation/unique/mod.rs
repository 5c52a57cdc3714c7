//! Unique values. Each has a guard, an item of the same table that names the item with the value.

pub(crate) mod audit;
pub(crate) mod conflict;
pub(crate) mod guard;
pub(crate) mod guards;
