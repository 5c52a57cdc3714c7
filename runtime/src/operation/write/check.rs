//! Conditions on items that a transaction does not change.

use aws_sdk_dynamodb::types::TransactWriteItem;

use crate::client::Client;
use crate::error::{Error, Result};
use crate::expression::placeholders::Placeholders;
use crate::item::Item;
use crate::limits;
use crate::managed::Written;
use crate::operation::write::conditions::Conditions;
use crate::operation::write::part::{Role, WritePart};

#[derive(Clone, Debug)]
pub(crate) struct CheckItem {
    pub(crate) key: Item,
    pub(crate) conditions: Conditions,
}

impl CheckItem {
    pub fn new(key: Item, conditions: Conditions) -> Self {
        CheckItem { key, conditions }
    }

    pub fn into_part(self, db: &Client) -> Result<WritePart> {
        let facts = self.conditions.facts;
        let mut placeholders = Placeholders::default();
        let prepared = self.conditions.prepare_part(&mut placeholders)?;
        let check = aws_sdk_dynamodb::types::ConditionCheck::builder()
            .table_name(db.table_name(facts.table))
            .set_key(Some(self.key.clone()))
            .set_condition_expression(prepared.condition)
            .set_expression_attribute_names(placeholders.names)
            .set_expression_attribute_values(placeholders.values)
            .set_return_values_on_condition_check_failure(prepared.return_on_failure)
            .build()
            .map_err(|error| Error::construction(error.into()))?;
        let part = TransactWriteItem::builder().condition_check(check).build();
        Ok(WritePart {
            facts,
            size: limits::item_size(&self.key),
            key: self.key,
            part,
            meaning: prepared.meaning,
            written: Written::default(),
            position: 0,
            role: Role::Operation,
        })
    }
}
