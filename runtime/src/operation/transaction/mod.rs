//! Transactions: all of it or nothing.

mod cancellation;
mod operation;
mod part;
mod prepared;
mod read;
mod send;
mod token;
mod write;

pub use prepared::PreparedTransaction;
pub use read::{ReadTransaction, TransactionReads};
pub use token::TransactionToken;
pub use write::{Transaction, TransactionPut, TransactionUpdate};

pub(super) use part::{Role, WritePart};
pub(super) use send::send_parts;

/// The most operations of a transaction.
const MAXIMUM_OPERATIONS: usize = 100;
