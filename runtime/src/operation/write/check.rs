//! A check of an item that a transaction does not change.

use crate::client::{Client, Deadline};
use crate::error::Result;
use crate::item::Item;
use crate::limits;
use crate::operation::write::conditions::Conditions;
use crate::operation::write::operation::{Operation, Preparation, Seen, Write};
use crate::operation::write::part::{PartWrite, WritePart};
use crate::stamp::Stamp;

/// A check of an item of any model.
#[derive(Clone)]
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

    /// The check as part of a transaction.
    ///
    /// # Errors
    /// All violations of the check.
    pub fn into_part(self, db: &Client) -> Result<WritePart> {
        let facts = self.conditions.facts;
        let (demands, meaning) = self.conditions.prepare_part()?;
        let size = limits::item_size(&self.key);
        Ok(WritePart::new(facts, PartWrite::Check(self.key), size, meaning, db).with_demands(demands))
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
