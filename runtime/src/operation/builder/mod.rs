//! What applications call: builders that know their model, thin around reads and writes that do not.

pub(crate) mod awaited;
pub(crate) mod batch_get;
pub(crate) mod batch_write;
pub(crate) mod change;
pub(crate) mod check;
pub(crate) mod check_unique;
pub(crate) mod delete;
pub(crate) mod exactly_once;
pub(crate) mod get;
pub(crate) mod ladder;
pub(crate) mod parallel;
pub(crate) mod put;
pub(crate) mod query;
pub(crate) mod read_transaction;
pub(crate) mod recount;
pub(crate) mod related;
pub(crate) mod returned;
pub(crate) mod revise;
pub(crate) mod save;
pub(crate) mod setters;
pub(crate) mod sorted;
pub(crate) mod through;
pub(crate) mod transaction;
pub(crate) mod update;
pub(crate) mod update_into;
pub(crate) mod upsert;
