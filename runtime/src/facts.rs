//! Facts about a model that are known before the program runs. Generated code states them.

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;

use crate::decode::{Compares, DecodeError};
use crate::encode::EncodeError;
use crate::item::Item;
use crate::key::{KeyShape, KeyText};
use crate::table::Table;

/// Facts about a model that are known before the program runs.
#[derive(Debug)]
pub struct Facts {
    /// The model's name.
    pub model: &'static str,
    /// The table that holds its items.
    pub table: &'static Table,
    /// Whether an item has required attributes besides its key, so a bare key is no item.
    pub more_than_key: bool,
    /// The values that the runtime writes itself.
    pub managed: Option<&'static ManagedValues>,
    /// The stored names of all attributes that the model knows.
    pub attributes: &'static [&'static str],
    /// How the model's items are distinguished from others in their table.
    pub discriminator: Discriminator,
    /// Whether other models have the same keys, so writes must demand whose item it is.
    pub shares_key: bool,
    /// The context that is part of every key.
    pub context: Option<&'static str>,
    /// The index key attributes that a write composes anew when one of their fields changes.
    pub composed: &'static [ComposedKey],
    /// The attributes that are read under further names.
    pub also_read: &'static [AlsoRead],
    /// What counts the model's items, and what they count themselves.
    pub counting: Option<&'static CountingFacts>,
    /// The generations of its stored attributes, where they are numbered.
    pub shape: Option<&'static ShapeFacts>,
}

impl Facts {
    /// Whether both are the facts of one model. Their addresses do not tell, because each use of a constant may have its own
    /// copy. A table is a static, so its address identifies it. The models of a table have different names.
    pub(crate) fn are_those_of(&self, other: &Facts) -> bool {
        std::ptr::eq(self.table, other.table) && self.model == other.model
    }

    /// The facts of a model that is alone in its table, without special declarations.
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
            counting: None,
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

    /// Whether a stored item has an older shape than the newest.
    pub(crate) fn is_older(&self, item: &Item) -> bool {
        self.of_item(item).is_some_and(|number| number < self.number)
    }

    /// The shape of a stored item; nothing where the attribute holds no number.
    pub(crate) fn of_item(&self, item: &Item) -> Option<u32> {
        match item.get(self.attribute) {
            None => Some(1),
            Some(value) => value.as_n().ok()?.parse().ok(),
        }
    }
}

/// An attribute that is read under further names if its own is missing: a former name, or one that newer code writes.
///
/// The first name that an item has counts. After a write, only the attribute's own name is left.
#[derive(Debug)]
pub struct AlsoRead {
    /// Its own stored name.
    pub attribute: &'static str,
    /// The further names, in the order in which they count.
    pub names: &'static [&'static str],
}

impl Compares for Facts {
    /// Compares the keys of the table and of any index, and unique fields.
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
    /// The stored names of its fields that writes can change, which excludes those of the table's own key.
    pub fields: &'static [&'static str],
}

/// How a model's items are distinguished from those of the other models in their table.
#[derive(Debug)]
pub enum Discriminator {
    /// There are no other models.
    Alone,
    /// By an attribute that names the model: its stored name, and its values. The first is written, and all are read.
    Type(&'static str, &'static [&'static str], Untyped),
    /// By the beginnings of the table's key attributes, or by their whole values.
    Key(&'static [(&'static str, Beginning)]),
    /// As `Key`, but keys of other models begin alike, so the whole keys count: the model's, and those of each of the others.
    WholeKey {
        /// The beginnings of the table's key attributes.
        beginnings: &'static [(&'static str, Beginning)],
        /// The model's keys.
        own: &'static [KeyShape],
        /// The keys of each model that its reads can meet.
        others: &'static [&'static [KeyShape]],
    },
    /// The items of any of these models.
    AnyOf(&'static [&'static Facts]),
}

/// Which model owns items that lack the type attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Untyped {
    /// Nobody knows. A read that meets such an item reports an error.
    Unknown,
    /// The model's own.
    Own,
    /// Another model's.
    Others,
}

/// How an attribute of a key begins in every item of a model.
#[derive(Debug)]
pub enum Beginning {
    /// It begins with this text.
    With(&'static str),
    /// It is exactly this text.
    Whole(&'static str),
    /// It begins with the first text, a context, and the second text, whose first character ends the context.
    Context(&'static str, &'static str),
}

/// The values of a model's items that the runtime writes itself.
#[derive(Debug)]
pub struct ManagedValues {
    /// Counts the writes of an item.
    pub version: Option<ManagedVersion>,
    /// The time of an item's last write.
    pub updated: Option<ManagedTime>,
    /// The id of an item's last write.
    pub write_id: Option<ManagedWriteId>,
    /// Fields whose values no two items share.
    pub unique: &'static [UniqueFields],
}

/// What counts a model's items, and what they count themselves.
#[derive(Debug)]
pub struct CountingFacts {
    /// The stored names of the attributes that count items of other models, which writes of their own item leave alone.
    pub kept: &'static [&'static str],
    /// What counts the model's items.
    pub counters: &'static [CounterFacts],
}

/// An attribute of another model's items that counts items of this one.
#[derive(Debug)]
pub struct CounterFacts {
    /// Its stored name.
    pub attribute: &'static str,
    /// The other model.
    pub owner: fn() -> &'static Facts,
    /// The key of the other model's item that counts an item; nothing where a field that it is made of is absent.
    pub owner_key: fn(&Item) -> Result<Option<Item>, DecodeError>,
    /// The stored names of the fields by which an item that is there can count otherwise.
    pub depends_on: &'static [&'static str],
    /// The stored name of the field that is added up; the items themselves are counted where there is none.
    pub sum: Option<&'static str>,
    /// What the count must not exceed, as digits.
    pub max: Option<&'static str>,
    /// The bounds of its type, as digits, where a sum could leave them.
    pub bounds: Option<(&'static str, &'static str)>,
}

/// Fields whose values together belong to at most one item.
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

/// The attribute that holds the time of an item's last write.
#[derive(Debug)]
pub struct ManagedTime {
    /// Its stored name.
    pub attribute: &'static str,
    /// Truncates an instant to the stored form, and returns the stored value and the truncated instant.
    pub stored: fn(Timestamp) -> Result<(AttributeValue, Timestamp), EncodeError>,
    /// The index keys that it is part of.
    pub keys: &'static [StampedKey],
}

/// An index key attribute that is composed only of the time of an item's last write.
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
