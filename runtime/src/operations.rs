//! The operations that every model has.

use crate::error::Result;
use crate::item::Item;
use crate::model::{IntoKey, Model};
use crate::model_item::{from_item, into_item, to_item};
use crate::operation::{BatchGet, ConditionCheck, Delete, Get, Tracked, Update};
use crate::sweep::Sweep;

/// The operations that every model has.
///
/// Bring the trait into scope to call them on a generated type: `use dynamorm::Operations;`. A glob import of the
/// generated modules, such as `use models::*;`, brings it too.
///
/// What the declarations decide, such as whether a `put` writes a version back, is a function of the generated type
/// itself, and needs no import.
pub trait Operations: Model {
    /// Reads the item with this key.
    fn get(key: impl IntoKey<Self>) -> Get<Self> {
        Get::new(key)
    }

    /// Reads the items with these keys.
    fn batch_get<K: IntoKey<Self>>(keys: impl IntoIterator<Item = K>) -> BatchGet<Self> {
        BatchGet::new(keys)
    }

    /// Changes attributes of the item with this key.
    fn update(key: impl IntoKey<Self>) -> Update<Self> {
        Update::new(key)
    }

    /// Deletes the item with this key.
    fn delete(key: impl IntoKey<Self>) -> Delete<Self> {
        Delete::new(key)
    }

    /// Makes a transaction depend on a condition on the item with this key.
    fn check(key: impl IntoKey<Self>) -> ConditionCheck<Self> {
        ConditionCheck::new(key)
    }

    /// Remembers this value as what is stored, so that a save sends only what has changed since.
    fn tracked(self) -> Tracked<Self> {
        Tracked::new(self)
    }

    /// Brings every stored item into the form in which writes of today would store it: see [`Sweep`].
    fn sweep() -> Sweep {
        Sweep::of::<Self>()
    }

    /// The item that this value is stored as.
    ///
    /// # Errors
    /// A rule refuses a value, or DynamoDB cannot hold it.
    fn to_item(&self) -> Result<Item> {
        to_item(self)
    }

    /// As [`to_item`](Self::to_item), without copying.
    ///
    /// # Errors
    /// As [`to_item`](Self::to_item).
    fn into_item(self) -> Result<Item> {
        into_item(self)
    }

    /// Reads an item. Attributes that are not declared are ignored.
    ///
    /// # Errors
    /// An attribute is missing, has another type than the declared one, or is out of range.
    fn from_item(item: Item) -> Result<Self> {
        from_item(item)
    }
}

#[diagnostic::do_not_recommend]
impl<M: Model> Operations for M {}
