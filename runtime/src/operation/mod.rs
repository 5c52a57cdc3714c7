//! Operations: typed builders around cores that are not generic over the model, so that the SDK's machinery is
//! compiled once, here.

pub(crate) mod batch;
pub(crate) mod change;
pub(crate) mod check;
pub(crate) mod cursor;
pub(crate) mod delete;
pub(crate) mod difference;
pub(crate) mod digest;
pub(crate) mod exactly_once;
pub(crate) mod get;
pub(crate) mod ladder;
pub(crate) mod page;
pub(crate) mod parallel;
pub(crate) mod put;
pub(crate) mod query;
pub(crate) mod read;
pub(crate) mod related;
pub(crate) mod revise;
pub(crate) mod save;
pub(crate) mod select;
pub(crate) mod sorted;
pub(crate) mod through;
pub(crate) mod transaction;
pub(crate) mod unchanged;
pub(crate) mod unique;
pub(crate) mod unique_check;
pub(crate) mod unique_conflict;
pub(crate) mod update;
pub(crate) mod update_into;
pub(crate) mod upsert;
pub(crate) mod version;
pub(crate) mod write;
pub use batch::{BatchGet, BatchItems, BatchRequest, BatchWrite, SelectedBatchGet};
pub use change::{Change, Changeable, KeyChange};
pub use check::ConditionCheck;
pub use cursor::Cursor;
pub use delete::{Delete, ReturnOld};
pub use exactly_once::ExactlyOnce;
pub use get::{Get, SelectedGet};
pub use ladder::SortPart;
pub use page::{AllItems, Items, NextItem, Page};
pub use parallel::Parallel;
pub use put::{Put, PutOrGet};
pub use query::{
    All, Consistent, FromGlobalIndex, FromTable, Origin, Partition, Query, Scan, Selected, SortKey,
};
pub use read::Source;
pub use related::{Link, Partner, PartnerSlot, Related, SaveRelated, get_or_create};
pub use revise::Revise;
pub use save::{Save, Tracked};
pub use select::Selection;
pub use sorted::{OpenSortKey, SortedQuery};
pub use through::Through;
pub use transaction::{
    PreparedTransaction, ReadTransaction, Transaction, TransactionPut, TransactionReads, TransactionToken,
    TransactionUpdate,
};
pub use unique_check::{UniqueFinding, UniqueReport};
pub use update::{ReturnNew, Update};
pub use update_into::UpdateInto;
pub use upsert::Upsert;
