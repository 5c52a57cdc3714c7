//! Operations: typed builders around reads and writes that are not generic over the model.

pub(crate) mod batch;
pub(crate) mod builder;
pub(crate) mod count;
pub(crate) mod keys;
pub(crate) mod patience;
pub(crate) mod read;
pub(crate) mod unique;
pub(crate) mod write;

pub use builder::batch_get::{BatchGet, BatchItems, SelectedBatchGet};
pub use builder::change::{Changeable, FieldChange, KeyChange};
pub use builder::check::ConditionCheck;
pub use builder::delete::{Delete, ReturnOld};
pub use builder::exactly_once::ExactlyOnce;
pub use builder::get::{Get, GetAny, SelectedGet};
pub use builder::ladder::SortPart;
pub use builder::parallel::Parallel;
pub use builder::partitions::Sharded;
pub use builder::put::{Put, PutOrGet};
pub use builder::query::{
    All, Consistent, FromGlobalIndex, FromGlobalIndexPartitions, FromPartitions, FromTable, Origin,
    Partition, Query, Reading, Scan, Selected, Stage,
};
pub use builder::query::{query, scan};
pub use builder::read_transaction::{ReadTransaction, TransactionReads};
pub use builder::recount::{Recount, Recounted};
pub use builder::related::{Link, Partner, PartnerSlot, Related, SaveRelated, get_or_create};
pub use builder::revise::Revise;
pub use builder::save::{Save, Tracked};
pub use builder::sorted::{OpenSortKey, SortKey, SortedQuery};
pub use builder::through::Through;
pub use builder::transaction::{Transaction, TransactionPut, TransactionUpdate};
pub use builder::update::{ReturnNew, Update};
pub use builder::update_into::UpdateInto;
pub use builder::upsert::Upsert;
pub use read::cursor::Cursor;
pub use read::items::{AllItems, Items, NextItem};
pub use read::page::Page;
pub use read::select::Selection;
pub use read::source::Source;
pub use unique::audit::{UniqueFinding, UniqueReport};
pub use write::batch::{BatchRequest, BatchWrite};
pub use write::prepared::PreparedTransaction;
pub use write::token::TransactionToken;
