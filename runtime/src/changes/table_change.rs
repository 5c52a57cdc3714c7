//! The enum over a table's changes, as the runtime sees it.

use super::error::RecordError;
use super::info::RecordInfo;
use super::record::StreamRecord;
use crate::model::Model;
use crate::table::Table;

/// A change of some item of a table. The generator writes such an enum for each table with a `stream`.
pub trait TableChange: Sized + Send + 'static {
    /// The table.
    const TABLE: &'static Table;

    /// The stream record that it was read from.
    fn record(&self) -> &RecordInfo;

    #[doc(hidden)]
    fn read(record: StreamRecord<'_>) -> Result<Self, RecordError>;
}

/// A model of the table whose changes are a `C`.
#[diagnostic::on_unimplemented(message = "`{Self}` is not a model of the table whose changes are `{C}`")]
pub trait ChangedIn<C>: Model {}
