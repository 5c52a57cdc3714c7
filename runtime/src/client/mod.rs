//! The client: table names, deadlines, and how every request is sent.

mod answered;
mod call;
mod deadline;
mod handle;
mod locate;
mod outcome;
mod scopes;
mod transport;

pub(crate) use answered::Answered;
pub(crate) use call::Call;
pub(crate) use deadline::Deadline;
pub use handle::{Client, DEFAULT_DEADLINE};
