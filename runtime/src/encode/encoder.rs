//! Building an item, or a map within one: for the SDK, or as JSON.

use std::fmt;

use aws_sdk_dynamodb::types::AttributeValue;

use crate::encode::encoded_item::JsonItem;
use crate::encode::error::EncodeError;
use crate::encode::json::JsonWriter;
use crate::item::{Item, Names};
use crate::key::KeyText;
use crate::kind::Kind;
use crate::limits;
use crate::table::Table;
use crate::wire::Reader;

/// Builds an item, or a map within one.
///
/// A value that DynamoDB cannot hold is noted with its path; encoding goes on, so that all are reported together.
#[derive(Debug, Default)]
pub struct Encoder {
    sink: Sink,
    errors: Vec<EncodeError>,
    /// Whether a part of a key was stored that may be unfit for one.
    has_doubtful_parts: bool,
}

/// What is built.
enum Sink {
    Map(Item),
    /// The text of a request, in which the members of the item or map begin at a place.
    Json(JsonWriter, usize),
}

/// The names of what is built, where it has them, and no value.
impl fmt::Debug for Sink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Sink::Map(item) => Names(item).fmt(f),
            Sink::Json(..) => f.write_str("JSON"),
        }
    }
}

impl Default for Sink {
    fn default() -> Self {
        Sink::Map(Item::new())
    }
}

impl Encoder {
    /// An empty item with room for `attributes`.
    #[inline]
    pub fn with_capacity(attributes: usize) -> Self {
        Self::of(Sink::Map(Item::with_capacity(attributes)))
    }

    /// An empty item that is written as JSON.
    pub(crate) fn of_json() -> Self {
        let writer = JsonWriter::of_item();
        let start = writer.written().len();
        Self::of(Sink::Json(writer, start))
    }

    /// An empty map that is the next value of `writer`, which [`end`](Self::end) gives back.
    pub fn within(writer: &mut JsonWriter) -> Self {
        let mut writer = std::mem::take(writer);
        writer.begin_map();
        let start = writer.written().len();
        Self::of(Sink::Json(writer, start))
    }

    fn of(sink: Sink) -> Self {
        Encoder { sink, errors: Vec::new(), has_doubtful_parts: false }
    }

    /// As [`with_capacity`](Self::with_capacity), for the few attributes of a key.
    #[inline(never)]
    pub(crate) fn for_key(attributes: usize) -> Self {
        Self::with_capacity(attributes)
    }

    /// Stores `value` under `name`, unless it is an absent one.
    // Once for each kind, and not in every model: it has two sinks.
    #[inline(never)]
    pub fn put<K: Kind>(&mut self, name: &'static str, value: &K::Value) {
        if !K::is_absent(value) {
            self.put_or_null::<K>(name, value);
        }
    }

    /// As [`put`](Self::put), without copying.
    #[inline]
    pub fn put_owned<K: Kind>(&mut self, name: &'static str, value: K::Value) {
        if !K::is_absent(&value) {
            self.put_or_null_owned::<K>(name, value);
        }
    }

    /// Stores `value` under `name`, `None` as `NULL`: where there is no attribute, the declared default is read.
    #[inline]
    pub fn put_or_null<K: Kind>(&mut self, name: &'static str, value: &K::Value) {
        let stored = match &mut self.sink {
            Sink::Map(item) => K::encode(value).map(|value| store(item, name, value)),
            Sink::Json(writer, _) => {
                writer.name(name);
                K::write(value, writer)
            }
        };
        if let Err(error) = stored {
            self.refuse(name, error);
        }
    }

    /// As [`put_or_null`](Self::put_or_null), without copying.
    #[inline]
    pub fn put_or_null_owned<K: Kind>(&mut self, name: &'static str, value: K::Value) {
        let stored = match &mut self.sink {
            Sink::Map(item) => K::encode_owned(value).map(|value| store(item, name, value)),
            Sink::Json(writer, _) => {
                writer.name(name);
                K::write(&value, writer)
            }
        };
        if let Err(error) = stored {
            self.refuse(name, error);
        }
    }

    /// Stores `NULL` under `name`, unless something is stored there: a missing attribute would be read as the declared default.
    pub fn null_where_absent(&mut self, name: &'static str) {
        if !self.has(name) {
            self.insert(name, AttributeValue::Null(true));
        }
    }

    /// Stores a value that is a part of a key.
    pub fn key_part<K: Kind>(&mut self, name: &'static str, value: K::Value) {
        self.encoded(name, K::encode_owned(value));
    }

    /// Stores a key that is composed from fields.
    pub fn key(&mut self, name: &'static str, text: KeyText) {
        match text.finish() {
            Ok(text) => self.part(name, AttributeValue::S(text)),
            // Its path is the field's, which says more than the key's.
            Err(error) => self.errors.push(error),
        }
    }

    /// Stores text that every item of a model has.
    pub fn constant(&mut self, name: &'static str, text: &'static str) {
        self.insert(name, AttributeValue::S(text.to_owned()));
    }

    /// Stores the number of a shape. The first one is told by its absence.
    pub fn shape(&mut self, name: &'static str, number: u32) {
        if number > 1 {
            self.insert(name, AttributeValue::N(number.to_string()));
        }
    }

    /// What was stored, as a map value.
    ///
    /// # Errors
    /// The first value that DynamoDB cannot hold.
    #[inline]
    pub fn into_map(mut self) -> Result<AttributeValue, EncodeError> {
        if self.errors.is_empty() {
            Ok(AttributeValue::M(self.finish().0))
        } else {
            Err(self.errors.swap_remove(0))
        }
    }

    /// Ends a map [within](Self::within) what `writer` had written, and gives it back.
    ///
    /// # Errors
    /// As [`into_map`](Self::into_map).
    pub fn end(mut self, writer: &mut JsonWriter) -> Result<(), EncodeError> {
        match self.sink {
            Sink::Json(mut written, _) => {
                written.end_map();
                *writer = written;
            }
            Sink::Map(item) => writer.value(&AttributeValue::M(item)),
        }
        if self.errors.is_empty() { Ok(()) } else { Err(self.errors.swap_remove(0)) }
    }

    /// Whether nothing is wrong with what was stored, the parts of a key.
    pub(crate) fn is_fit_for_key(&self) -> bool {
        self.errors.is_empty() && !self.has_doubtful_parts
    }

    pub(crate) fn finish(self) -> (Item, Vec<EncodeError>) {
        let item = match self.sink {
            // Of a value that was refused, a part may have been written.
            Sink::Json(..) if !self.errors.is_empty() => Item::new(),
            sink => sink.into_map(),
        };
        (item, self.errors)
    }

    /// The item as JSON; none if anything is wrong with it, or may be.
    pub(crate) fn into_json(self, table: &'static Table) -> Option<JsonItem> {
        match self.sink {
            Sink::Json(writer, _) if self.errors.is_empty() => JsonItem::of(writer, table),
            _ => None,
        }
    }

    /// Whether something is stored under that name.
    fn has(&self, name: &str) -> bool {
        match &self.sink {
            Sink::Map(item) => item.contains_key(name),
            Sink::Json(writer, start) => {
                let object = object(writer, *start);
                Reader::of_text(&object).attribute(name).is_some()
            }
        }
    }

    // A key has so few parts that it pays more to share this code with all crates that have models.
    #[inline(never)]
    fn encoded(&mut self, name: &'static str, value: Result<AttributeValue, EncodeError>) {
        match value {
            Ok(value) => self.part(name, value),
            Err(error) => self.refuse(name, error),
        }
    }

    fn part(&mut self, name: &'static str, value: AttributeValue) {
        self.has_doubtful_parts |= limits::is_doubtful(&value);
        self.insert(name, value);
    }

    // Inlined, so that a value is built where the map takes it from: each move of an attribute value costs about as much
    // as hashing its name.
    #[inline(always)]
    fn insert(&mut self, name: &'static str, value: AttributeValue) {
        match &mut self.sink {
            Sink::Map(item) => store(item, name, value),
            Sink::Json(writer, _) => {
                writer.name(name);
                writer.value(&value);
            }
        }
    }

    #[cold]
    fn refuse(&mut self, name: &'static str, error: EncodeError) {
        self.errors.push(error.within(name));
    }
}

#[inline(always)]
fn store(item: &mut Item, name: &'static str, value: AttributeValue) {
    item.insert(String::from(name), value);
}

impl Sink {
    /// What was stored, as the SDK holds it.
    fn into_map(self) -> Item {
        match self {
            Sink::Map(item) => item,
            Sink::Json(writer, start) => {
                let object = object(&writer, start);
                let reader = Reader::of_text(&object);
                reader
                    .item()
                    .unwrap_or_else(|_| unreachable!("what a writer has written cannot be read: {reader:?}"))
            }
        }
    }
}

/// The members from a place on, as an object of their own.
fn object(writer: &JsonWriter, start: usize) -> String {
    format!("{{{}}}", writer.written().get(start..).unwrap_or_default())
}
