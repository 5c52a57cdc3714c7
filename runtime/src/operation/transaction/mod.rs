//! Transactions: all of it or nothing.

pub(crate) mod cancellation;
pub(crate) mod operation;
pub(crate) mod part;
pub(crate) mod prepared;
pub(crate) mod read;
pub(crate) mod send;
pub(crate) mod token;
pub(crate) mod write;

pub use prepared::PreparedTransaction;
pub use read::{ReadTransaction, TransactionReads};
pub use token::TransactionToken;
pub use write::{Transaction, TransactionPut, TransactionUpdate};

/// The most operations of a transaction.
const MAXIMUM_OPERATIONS: usize = 100;
