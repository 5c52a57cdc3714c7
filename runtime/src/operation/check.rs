//! Conditions on items that a transaction does not change.

use std::marker::PhantomData;

use aws_sdk_dynamodb::types::TransactWriteItem;

use crate::client::Client;
use crate::condition::Condition;
use crate::error::{Error, Result};
use crate::expression::placeholders::Placeholders;
use crate::item::Item;
use crate::limits;
use crate::managed::{Written, version_number};
use crate::model::{IntoKey, Model, Versioned};
use crate::model_item::key_item;
use crate::operation::transaction::part::{Role, WritePart};
use crate::operation::write::{Conditions, Existence};

/// A condition on an item, for [a transaction](super::Transaction::check) that does not change it (`ConditionCheck`).
///
/// Without anything else it demands that the item exists.
#[must_use = "nothing is checked until it is part of a transaction"]
#[derive(Debug)]
pub struct ConditionCheck<M> {
    core: CheckItem,
    marker: PhantomData<fn() -> M>,
}

#[derive(Clone, Debug)]
pub(crate) struct CheckItem {
    key: Item,
    conditions: Conditions,
}

impl<M: Model> ConditionCheck<M> {
    /// A condition on the item with this key: for generated code.
    pub fn new(key: impl IntoKey<M>) -> Self {
        let (key, violations) = key_item::<M>(key);
        let conditions = Conditions::refused(M::FACTS, Existence::Required, violations);
        ConditionCheck { core: CheckItem { key, conditions }, marker: PhantomData }
    }

    /// Demands that the item exists.
    pub fn exists(mut self) -> Self {
        self.core.conditions.existence = Existence::Required;
        self
    }

    /// Demands that the item does not exist.
    pub fn not_exists(mut self) -> Self {
        self.core.conditions.existence = Existence::Refused;
        self
    }

    /// Demands that `condition` holds for the item. A second one must hold too.
    pub fn when(mut self, condition: Condition<M>) -> Self {
        self.core.conditions.when(condition.into_expression());
        self
    }

    pub(crate) fn into_core(self) -> CheckItem {
        self.core
    }
}

impl<M: Versioned> ConditionCheck<M> {
    /// Demands that the item has this version: otherwise the error [is a version
    /// conflict](crate::Error::is_version_conflict). 0 is the version of an item that has none.
    pub fn expect_version(mut self, version: M::Version) -> Self {
        self.core.conditions.expect_version(version_number::<M::Version>(&version));
        self
    }
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
