//! A change of one item, with the images that the table's stream keeps.

use std::fmt;

use super::error::RecordError;
use super::image::Image;
use super::info::{EventKind, RecordInfo, RemovedBy};
use super::key::ReadKey;
use super::record::StreamRecord;
use super::views::{BothImages, KeepsNew, KeepsOld, View};
use crate::attribute::Attribute;
use crate::decode::Value;
use crate::encode::Encoder;
use crate::expression::path::{Path, lookup};
use crate::item::{Item, Names};
use crate::kind::Kind;
use crate::model::{Model, Record};

/// A change of an item of `M`, with the event `E` that the stream's view gives.
///
/// ```
/// # use dynamorm::{Model, changes::{BothImages, Change}};
/// # fn example<Order: Model + std::fmt::Debug>(change: Change<Order>) {
/// match change.event {
///     BothImages::Inserted { new } => println!("placed: {new:?}"),
///     BothImages::Modified { old, new } => println!("{old:?} became {new:?}"),
///     BothImages::Removed { old, by } => println!("{old:?} is gone, deleted by {by:?}"),
/// }
/// # }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Change<M: Model, E = BothImages<M>> {
    /// The item's primary key.
    pub key: M::Key,
    /// What happened to the item.
    pub event: E,
    /// Which record of the stream this is.
    pub record: RecordInfo,
}

/// A change of an item of no declared model, or of an item that the library keeps for itself, with all that the stream keeps.
#[derive(Clone, PartialEq)]
pub struct ItemChange {
    /// The attributes of the item's primary key.
    pub key: Item,
    /// The item before.
    pub old: Option<Item>,
    /// The item after.
    pub new: Option<Item>,
    /// Who deleted it, if it is gone.
    pub by: Option<RemovedBy>,
    /// Which record of the stream this is.
    pub record: RecordInfo,
}

impl<M: Model, E: KeepsOld<M>> Change<M, E> {
    /// The item before the change; nothing if it was inserted.
    pub fn old_image(&self) -> Option<&M> {
        self.event.old_image()
    }

    /// The value of an attribute before the change: `change.before(Order::TOTAL)`. `None` if there was no item, or if a list or
    /// map did not have the element.
    pub fn before<K: Kind, R>(&self, attribute: Attribute<M, K, R>) -> Option<K::Value> {
        value_of(self.old_image()?, attribute.path())
            .map_or_else(K::absent, |value| K::decode(Value::from(value)).ok())
    }
}

impl<M: Model, E: KeepsNew<M>> Change<M, E> {
    /// The item after the change; nothing if it was removed.
    pub fn new_image(&self) -> Option<&M> {
        self.event.new_image()
    }

    /// The value of an attribute after the change, as [`before`](Self::before).
    pub fn after<K: Kind, R>(&self, attribute: Attribute<M, K, R>) -> Option<K::Value> {
        value_of(self.new_image()?, attribute.path())
            .map_or_else(K::absent, |value| K::decode(Value::from(value)).ok())
    }
}

impl<M: Model> Change<M> {
    /// Whether the change changed an attribute: `change.changed(Order::STATUS)`. True for every attribute of an inserted or a
    /// removed item.
    pub fn changed<K: Kind, R>(&self, attribute: Attribute<M, K, R>) -> bool {
        let value = |item: Option<&M>| item.and_then(|item| value_of(item, attribute.path()));
        value(self.old_image()) != value(self.new_image())
    }
}

impl StreamRecord<'_> {
    /// Reads the record as a change of an item of `M`: for generated code.
    ///
    /// # Errors
    /// An image is missing, or the key or an item is not what the declarations say.
    pub fn read<M, V>(mut self) -> Result<Change<M, V>, RecordError>
    where
        M: Model<Key: ReadKey>,
        V: View<M>,
    {
        let key = self.keys.read_again(M::Key::read);
        let read = key.and_then(|key| Ok((key, V::read(&mut self)?)));
        match read {
            Ok((key, event)) => Ok(Change { key, event, record: self.info }),
            Err(problem) => Err(self.refuse(problem)),
        }
    }

    /// Reads the record as a change of an item of no model: for generated code.
    ///
    /// # Errors
    /// The images are not what DynamoDB sends.
    pub fn into_items(self) -> Result<ItemChange, RecordError> {
        let item = |image: &Option<Image<'_>>| image.as_ref().map(Image::item).transpose();
        let items = self.keys.item().and_then(|key| Ok((key, item(&self.old)?, item(&self.new)?)));
        match items {
            Ok((key, old, new)) => Ok(ItemChange {
                key,
                old,
                new,
                by: (self.info.kind == EventKind::Remove).then_some(self.removed_by),
                record: self.info,
            }),
            Err(problem) => Err(self.refuse(problem)),
        }
    }
}

/// The stored value at a path of an item. Equal values are stored alike.
fn value_of<M: Model>(item: &M, path: &Path) -> Option<crate::AttributeValue> {
    let mut encoder = Encoder::with_capacity(<M as Record>::FACTS.attributes.len());
    item.encode(&mut encoder);
    let (item, _) = encoder.finish();
    lookup(&item, path).cloned()
}

/// Shows the names of the attributes, and no values: an item of no model may hold anything.
impl fmt::Debug for ItemChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ItemChange")
            .field("key", &Names(&self.key))
            .field("old", &self.old.as_ref().map(Names))
            .field("new", &self.new.as_ref().map(Names))
            .field("by", &self.by)
            .field("record", &self.record)
            .finish()
    }
}
