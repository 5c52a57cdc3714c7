//! What a check of an item is, which a transaction does not change.

use aws_sdk_dynamodb::types::{ConditionCheck, TransactWriteItem};

use crate::client::{Client, Deadline};
use crate::error::{Error, Result};
use crate::expression::placeholders::Placeholders;
use crate::item::Item;
use crate::limits;
use crate::operation::write::conditions::Conditions;
use crate::operation::write::operation::{Operation, Preparation, Seen, Write};
use crate::operation::write::part::WritePart;
use crate::stamp::Stamp;

/// A check of an item, whatever its model is.
#[derive(Clone, Debug)]
pub(crate) struct CheckItem {
    pub key: Item,
    pub conditions: Conditions,
}

impl CheckItem {
    /// A check of the item with this key.
    pub fn new(key: Item, conditions: Conditions) -> Self {
        CheckItem { key, conditions }
    }

    /// The check among the operations of a transaction.
    pub fn into_operation(self) -> Box<dyn Operation> {
        Box::new(self)
    }

    /// The check as a part of a transaction.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn into_part(self, db: &Client) -> Result<WritePart> {
        let facts = self.conditions.facts;
        let mut placeholders = Placeholders::default();
        let prepared = self.conditions.prepare_part(&mut placeholders)?;
        let check = ConditionCheck::builder()
            .table_name(db.table_name(facts.table))
            .set_key(Some(self.key.clone()))
            .set_condition_expression(prepared.condition)
            .set_expression_attribute_names(placeholders.names)
            .set_expression_attribute_values(placeholders.values)
            .set_return_values_on_condition_check_failure(prepared.return_on_failure)
            .build()
            .map_err(|error| Error::construction(error.into()))?;
        let part = TransactWriteItem::builder().condition_check(check).build();
        let size = limits::item_size(&self.key);
        Ok(WritePart::new(facts, &self.key, part, size, prepared.meaning))
    }
}

impl Write for CheckItem {
    fn conditions(&self) -> &Conditions {
        &self.conditions
    }

    fn again(&self) -> Option<Self> {
        Some(self.clone())
    }

    async fn before(&mut self, _: &Client) -> Result<Seen> {
        Ok(Seen::Nothing)
    }

    async fn prepare(self, _: Deadline, _: &Client) -> Result<(Self, Preparation)> {
        Ok((self, Preparation::default()))
    }

    fn into_part(self, _: Stamp<'_>, db: &Client) -> Result<WritePart> {
        CheckItem::into_part(self, db)
    }
}
