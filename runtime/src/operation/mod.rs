//! Operations: typed builders around cores that are not generic over the model, so that the SDK's machinery is
//! compiled once, here.

mod batch;
mod check;
mod cursor;
mod delete;
mod difference;
mod get;
mod page;
mod parallel;
mod put;
mod query;
mod read;
mod related;
mod revise;
mod save;
mod select;
mod through;
mod transaction;
mod update;
mod update_into;
mod upsert;
mod version;
mod write;

use std::future::Future;
use std::pin::Pin;

pub use batch::{BatchGet, BatchItems, BatchRequest, BatchWrite, SelectedBatchGet};
pub use check::ConditionCheck;
pub use cursor::Cursor;
pub use delete::{Delete, ReturnOld};
pub use get::{Get, SelectedGet};
pub use page::{Items, Page};
pub use parallel::Parallel;
pub use put::{Put, PutOrGet};
pub use query::{FromGlobalIndex, FromTable, Query, Selected, SortKey};
pub use read::Source;
pub use related::{Link, Partner, PartnerSlot, Related, SaveRelated, get_or_create};
pub use revise::Revise;
pub use save::{Save, Tracked};
pub use select::Selection;
pub use through::Through;
pub use transaction::{ReadTransaction, Transaction, TransactionPut, TransactionReads};
pub use update::{ReturnNew, Update};
pub use update_into::UpdateInto;
pub use upsert::Upsert;

pub(crate) type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
