//! The quotas and endpoints of an account, which an engine in a process does not have.

use serde_json::{Value, json};

use crate::embedded::answer::Result;
use crate::embedded::engine::Engine;

/// The quotas of a new account.
pub(super) fn limits(_: &Engine, _: Value) -> Result<Value> {
    Ok(json!({
        "AccountMaxReadCapacityUnits": 80_000,
        "AccountMaxWriteCapacityUnits": 80_000,
        "TableMaxReadCapacityUnits": 40_000,
        "TableMaxWriteCapacityUnits": 40_000,
    }))
}

/// The client's own endpoint, valid for a day.
pub(super) fn endpoints(_: &Engine, _: Value) -> Result<Value> {
    Ok(json!({ "Endpoints": [{ "Address": "embedded.invalid", "CachePeriodInMinutes": 1440 }] }))
}
