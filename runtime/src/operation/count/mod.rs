//! Counters: attributes of one model's items that count the items of another, and change in one transaction with those.

pub(crate) mod change;
pub(crate) mod counters;
pub(crate) mod merge;
pub(crate) mod recount;
