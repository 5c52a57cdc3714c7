//! Transactions: all of it or nothing.

mod read;
mod write;

pub use read::{ReadTransaction, TransactionReads};
pub use write::{Transaction, TransactionPut, TransactionUpdate};

pub(super) use write::{Role, WritePart, send_parts};

/// The most operations of a transaction.
const MAXIMUM_OPERATIONS: usize = 100;
