//! Every operation that the clients of a world carry out.

mod batches;
mod collections;
mod guests;
mod members;
mod plain;
mod stock;
mod transactions;
mod versioned;

use std::sync::LazyLock;

use dynamorm::{BatchRequest, BatchWrite};

use crate::item::{self, ItemKey};
use crate::operation::Operation;

/// One row of the table of operations: its name, its claim, what it changes, and what it does.
macro_rules! operation {
    ($name:expr, $claim:ident, [$($change:literal),*], $call:ident => $run:expr) => {
        $crate::operation::Operation {
            name: $name,
            claim: $crate::operation::Claim::$claim,
            changes: &[$($change),*],
            run: |$call| Box::pin(async move { $run }),
        }
    };
}
use operation;

/// Reads the item that an operation begins with, or reports that it was not tried.
macro_rules! read {
    ($get:expr, $call:ident) => {{
        let Ok(Some(item)) = $get.consistent().send(&$call.db).await else {
            return $crate::operation::Report::untried();
        };
        $call.pause().await;
        item
    }};
}
use read;

/// All of them, in a fixed order.
pub static OPERATIONS: LazyLock<Vec<Operation>> = LazyLock::new(|| {
    let all = [
        plain::operations(),
        versioned::docs(),
        versioned::stamps(),
        versioned::deeds(),
        versioned::accounts(),
        collections::operations(),
        members::operations(),
        stock::operations(),
        guests::operations(),
        batches::operations(),
        transactions::operations(),
    ];
    all.into_iter().flatten().collect()
});

/// The operation of this name.
///
/// # Panics
/// There is none.
pub fn named(name: &str) -> &'static Operation {
    OPERATIONS.iter().find(|operation| operation.name == name).unwrap_or_else(|| panic!("there is no {name}"))
}

/// The items that a batch is about.
pub fn identities(batch: BatchWrite) -> Vec<ItemKey> {
    let identity = |request| {
        let (model, item) = match request {
            BatchRequest::Put { model, item } => (model, item),
            BatchRequest::Delete { model, key } => (model, key),
            _ => panic!("a batch puts and deletes"),
        };
        let table = if model == "Note" { "notes" } else { "world" };
        item::key_of(table, &item::to_json(&item)).0
    };
    batch.into_requests().into_iter().map(identity).collect()
}
