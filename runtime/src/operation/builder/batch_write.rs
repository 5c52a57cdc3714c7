//! Filling a batch with puts and deletes of any models.

use crate::encode::EncodedItem;
use crate::error::Result;
use crate::model::{BatchDelete, BatchPut, IntoKey, Record};
use crate::model_item::{encoded_item, from_item, key_item};
use crate::operation::write::batch::{BatchWrite, Entry};

impl BatchWrite {
    /// Puts an item, replacing one with the same key. The time of its last change (`generate = "updated"`) is set when the item
    /// is sent, and is not written back into the value.
    pub fn put<M: BatchPut>(mut self, item: &M) -> Self {
        match encoded_item(item) {
            Ok(item) => self.entries.push(Entry { facts: M::FACTS, item, put: true }),
            Err(error) => self.refuse(error.violations()),
        }
        self
    }

    /// Puts every item.
    pub fn put_all<'a, M: BatchPut>(self, items: impl IntoIterator<Item = &'a M>) -> Self {
        items.into_iter().fold(self, Self::put)
    }

    /// Deletes the item with this key.
    pub fn delete<M: BatchDelete>(mut self, key: impl IntoKey<M>) -> Self {
        let (key, violations) = key_item::<M>(key);
        self.refuse(&violations);
        self.entries.push(Entry { facts: M::FACTS, item: EncodedItem::Map(key), put: false });
        self
    }

    /// The puts of one model.
    ///
    /// # Errors
    /// None that a batch of valid models gives.
    pub fn puts<M: Record>(&self) -> Result<Vec<M>> {
        let puts = self.entries.iter().filter(|entry| entry.put && entry.facts.are_those_of(M::FACTS));
        puts.map(|entry| from_item(entry.item.clone().into_map())).collect()
    }
}
