//! Writes, which are not generic over the model, so that the SDK's machinery is compiled once.

pub(crate) mod addition;
pub(crate) mod batch;
pub(crate) mod cancellation;
pub(crate) mod check;
pub(crate) mod conditions;
pub(crate) mod delete;
pub(crate) mod demands;
pub(crate) mod difference;
pub(crate) mod meaning;
pub(crate) mod operation;
pub(crate) mod part;
pub(crate) mod prepared;
pub(crate) mod put;
pub(crate) mod returned;
pub(crate) mod send;
pub(crate) mod settle;
mod shown;
pub(crate) mod single;
pub(crate) mod token;
pub(crate) mod transact;
pub(crate) mod unchanged;
pub(crate) mod update;
pub(crate) mod update_limits;
mod update_send;
pub(crate) mod upgrade;
pub(crate) mod version;
