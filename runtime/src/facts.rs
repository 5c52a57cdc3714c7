//! What is known of a model before the program runs: generated code states it.

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;

use crate::decode::{Compares, DecodeError};
use crate::encode::EncodeError;
use crate::item::Item;
use crate::key::{KeyShape, KeyText};
use crate::table::Table;

/// What is known of a model before the program runs.
#[derive(Debug)]
pub struct Facts {
    /// The model's name.
    pub model: &'static str,
    /// The table that holds its items.
    pub table: &'static Table,
    /// Whether an item has required attributes besides its key, so that a bare key cannot be one.
    pub more_than_key: bool,
    /// What the runtime writes of its items itself.
    pub managed: Option<&'static ManagedValues>,
    /// The stored names of all attributes that the model knows.
    pub attributes: &'static [&'static str],
    /// What tells the model's items from others in their table.
    pub discriminator: Discriminator,
    /// Whether items of other models have the same keys, so that writes demand whose item it is.
    pub shares_key: bool,
    /// The context that is part of every key.
    pub context: Option<&'static str>,
    /// The index key attributes that writes compose anew when a field of theirs changes.
    pub composed: &'static [ComposedKey],
    /// The attributes that are read under further names.
    pub also_read: &'static [AlsoRead],
    /// The attributes that its items had once, and that it declares no more.
    pub former: &'static [&'static str],
    /// The generations of its stored attributes, where they are numbered.
    pub shape: Option<&'static ShapeFacts>,
}

impl Facts {
    /// Whether both are the facts of one model. Their addresses do not tell: each use of a constant may have a copy of its own.
    /// A table is a static, so its address tells it from every other; its models are told apart by their names.
    pub(crate) fn are_those_of(&self, other: &Facts) -> bool {
        std::ptr::eq(self.table, other.table) && self.model == other.model
    }

    /// The facts of a model that is alone in its table and of which nothing special is declared.
    pub const fn of(model: &'static str, table: &'static Table, attributes: &'static [&'static str]) -> Self {
        Facts {
            model,
            table,
            more_than_key: false,
            managed: None,
            attributes,
            discriminator: Discriminator::Alone,
            shares_key: false,
            context: None,
            composed: &[],
            also_read: &[],
            former: &[],
            shape: None,
        }
    }

    /// The further names of an attribute.
    pub(crate) fn also_read(&self, attribute: &str) -> &'static [&'static str] {
        self.also_read.iter().find(|known| known.attribute == attribute).map_or(&[], |known| known.names)
    }

    /// An item with every attribute under its own name.
    pub(crate) fn under_own_names(&self, mut item: Item) -> Item {
        for AlsoRead { attribute, names } in self.also_read {
            for name in *names {
                if let Some(value) = item.remove(*name) {
                    item.entry((*attribute).to_owned()).or_insert(value);
                }
            }
        }
        item
    }
}

/// What is known of a model's shapes before the program runs.
pub struct ShapeFacts {
    /// The attribute that holds the number of an item's shape. An item without it has shape 1.
    pub attribute: &'static str,
    /// The newest shape, which values in memory have.
    pub number: u32,
    /// The older ones that items may have.
    pub older: &'static [u32],
    /// The attributes of older shapes that the newest does not have.
    pub former: &'static [&'static str],
    /// Makes an item of the newest shape of one of any of these.
    pub upgrade: fn(Item) -> Result<Item, DecodeError>,
    /// The shape that items are written with, where that is an older one.
    pub written: Option<WrittenShape>,
}

/// An older shape that items are written with, for code that does not know the newest.
#[derive(Clone, Copy)]
pub struct WrittenShape {
    /// Its number.
    pub number: u32,
    /// Makes an item of it of one of the newest shape.
    pub downgrade: fn(Item) -> Result<Item, EncodeError>,
}

impl std::fmt::Debug for ShapeFacts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ShapeFacts({} in {})", self.number, self.attribute)
    }
}

impl ShapeFacts {
    /// Those of a model that writes its newest shape.
    pub const fn of(
        attribute: &'static str,
        number: u32,
        older: &'static [u32],
        former: &'static [&'static str],
        upgrade: fn(Item) -> Result<Item, DecodeError>,
    ) -> Self {
        ShapeFacts { attribute, number, older, former, upgrade, written: None }
    }

    /// Whether items may have an older shape than the newest.
    pub(crate) fn has_older(&self) -> bool {
        self.number > 1
    }

    /// An item of the newest shape as it is written: as one of an older shape, while code runs that knows no newer one.
    ///
    /// # Errors
    /// The downgrade failed, or DynamoDB cannot hold what it made.
    pub(crate) fn as_written(&self, item: Item) -> Result<Item, EncodeError> {
        match self.written {
            Some(older) => (older.downgrade)(item),
            None => Ok(item),
        }
    }

    /// The shape that items are written with.
    pub(crate) fn of_written(&self) -> u32 {
        self.written.map_or(self.number, |older| older.number)
    }

    /// The shape of a stored item; nothing where the attribute holds no number.
    pub(crate) fn of_item(&self, item: &Item) -> Option<u32> {
        match item.get(self.attribute) {
            None => Some(1),
            Some(value) => value.as_n().ok()?.parse().ok(),
        }
    }
}

/// An attribute that is read under further names where it has none of its own: a former name, or one that newer code writes.
///
/// The first name that an item has counts. Writes leave the attribute's own name alone.
#[derive(Debug)]
pub struct AlsoRead {
    /// Its own stored name.
    pub attribute: &'static str,
    /// The others, the first of them first.
    pub names: &'static [&'static str],
}

impl Compares for Facts {
    /// Keys, of the table and of any index, and unique fields.
    fn compares(&self, attribute: &str) -> bool {
        let indexes = self.table.indexes.iter().flat_map(|index| index.key());
        let unique = self.managed.into_iter().flat_map(|managed| managed.unique);
        indexes.chain(self.table.key()).any(|key| key.name == attribute)
            || unique.into_iter().any(|unique| unique.attributes.contains(&attribute))
    }
}

/// An index key attribute that is composed of fields.
#[derive(Debug)]
pub struct ComposedKey {
    /// Its stored name.
    pub attribute: &'static str,
    /// The stored names of the fields that it is made of and that writes can change: those of the table's own key are not
    /// among them.
    pub fields: &'static [&'static str],
}

/// What tells a model's items from those of the other models in their table.
#[derive(Debug)]
pub enum Discriminator {
    /// There are no others.
    Alone,
    /// An attribute that names the model: its stored name, and what it holds; the first is written, and all are read.
    Type(&'static str, &'static [&'static str], Untyped),
    /// How the attributes of the table's key begin, or what they are.
    Key(&'static [(&'static str, Beginning)]),
    /// As `Key`, where keys of other models begin alike: these are all the model's keys, and all of each of the others.
    WholeKey {
        /// How the attributes of the table's key begin.
        beginnings: &'static [(&'static str, Beginning)],
        /// The model's keys.
        own: &'static [KeyShape],
        /// The keys of each model that its reads can meet.
        others: &'static [&'static [KeyShape]],
    },
    /// They are of any of these models.
    AnyOf(&'static [&'static Facts]),
}

/// Whose the items are that lack the attribute that names their model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Untyped {
    /// Nobody knows. A read that meets one says so.
    Unknown,
    /// The model's own.
    Own,
    /// Another model's.
    Others,
}

/// How an attribute of a key begins in every item of a model.
#[derive(Debug)]
pub enum Beginning {
    /// With this text.
    With(&'static str),
    /// It is this text as a whole.
    Whole(&'static str),
    /// With the first text, a context, and the second text, whose first character ends the context.
    Context(&'static str, &'static str),
}

/// What the runtime writes of a model's items itself.
#[derive(Debug)]
pub struct ManagedValues {
    /// Counts the writes of an item.
    pub version: Option<ManagedVersion>,
    /// Says when an item was written last.
    pub updated: Option<ManagedTime>,
    /// Says which write was an item's last.
    pub write_id: Option<ManagedWriteId>,
    /// Fields whose values no two items share.
    pub unique: &'static [UniqueFields],
}

/// Fields whose values together are those of one item at most.
#[derive(Debug)]
pub struct UniqueFields {
    /// Their stored names.
    pub attributes: &'static [&'static str],
}

impl UniqueFields {
    pub(crate) fn names(&self) -> String {
        self.attributes.join(", ")
    }
}

/// The attribute of an item's version.
#[derive(Debug)]
pub struct ManagedVersion {
    /// Its stored name.
    pub attribute: &'static str,
    /// The greatest value that it can have.
    pub greatest: i128,
}

/// The attribute that says when an item was written last.
#[derive(Debug)]
pub struct ManagedTime {
    /// Its stored name.
    pub attribute: &'static str,
    /// Its stored form of an instant, as far as it keeps one, and the instant as far as it is kept.
    pub stored: fn(Timestamp) -> Result<(AttributeValue, Timestamp), EncodeError>,
    /// The index keys that it is part of.
    pub keys: &'static [StampedKey],
}

/// An index key attribute that is composed of the moment of an item's last write alone.
#[derive(Debug)]
pub struct StampedKey {
    /// Its stored name.
    pub attribute: &'static str,
    /// Its text.
    pub compose: fn(&Timestamp) -> KeyText,
}

/// The attribute of the id of an item's last write.
#[derive(Debug)]
pub struct ManagedWriteId {
    /// Its stored name.
    pub attribute: &'static str,
}

impl ManagedValues {
    /// Whether the runtime writes this attribute.
    pub(crate) fn has(&self, attribute: &str) -> bool {
        self.version.as_ref().is_some_and(|version| version.attribute == attribute)
            || self.updated.as_ref().is_some_and(|updated| {
                updated.attribute == attribute || updated.keys.iter().any(|key| key.attribute == attribute)
            })
            || self.write_id.as_ref().is_some_and(|write_id| write_id.attribute == attribute)
    }
}
