//! Reading the item that a write returns.

use crate::client::Client;
use crate::error::Result;
use crate::model::Record;
use crate::model_item::decode_fields;
use crate::operation::write::returned::ReturnedItem;

/// The item as a value.
///
/// # Errors
/// It is not what the declarations say.
pub(crate) fn decode_returned<R: Record>(item: ReturnedItem, db: &Client) -> Result<R> {
    let facts = R::FACTS;
    item.read(|fields| decode_fields(facts, None, &|| db.table_name(facts.table), fields, &R::decode))
}
