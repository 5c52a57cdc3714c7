//! How a model's values become items, and come back.

use crate::decode::{DecodeError, Fields};
use crate::encode::{EncodeError, EncodedItem, Encoder};
use crate::error::{Context, Error, Result};
use crate::facts::Facts;
use crate::item::{Item, ItemKey};
use crate::kind::same_values;
use crate::limits;
use crate::managed::{ExpectedWriteId, Written};
use crate::model::{IntoKey, Key, Model, Record};
use crate::validation::Check;
use crate::wire::{Mark, Reader};

/// What an instance was read as having been written by last, where its model says so and has a version.
pub(crate) fn write_id_of<M: Model>(item: &M) -> Option<ExpectedWriteId> {
    let managed = M::FACTS.managed.filter(|managed| managed.write_id.is_some())?;
    let mut encoder = Encoder::with_capacity(M::FACTS.attributes.len());
    item.encode(&mut encoder);
    managed.expected_write_id(&encoder.finish().0)
}

/// The item that a model is stored as: for generated code.
///
/// # Errors
/// As [`validate`]; and values that DynamoDB cannot hold.
#[doc(hidden)]
pub fn to_item<M: Model>(model: &M) -> Result<Item> {
    let mut check = Check::default();
    model.check_fields(&mut check);
    let mut encoder = Encoder::with_capacity(M::FACTS.attributes.len());
    model.encode(&mut encoder);
    complete(M::FACTS, encoder, &mut check)
}

/// As [`to_item`], to be written.
///
/// # Errors
/// As [`to_item`].
pub(crate) fn encoded_item<M: Model>(model: &M) -> Result<EncodedItem> {
    let mut check = Check::default();
    model.check_fields(&mut check);
    encoded_by(M::FACTS, check, &|encoder| model.encode(encoder))
}

fn encoded_by(facts: &'static Facts, mut check: Check, encode: &dyn Fn(&mut Encoder)) -> Result<EncodedItem> {
    // What is written of itself, or guarded, is looked at before it is sent.
    if check.is_passed() && facts.managed.is_none() {
        let mut encoder = Encoder::of_json();
        encode(&mut encoder);
        if let Some(json) = encoder.into_json(facts.table) {
            return Ok(EncodedItem::Json(json));
        }
    }
    let mut encoder = Encoder::with_capacity(facts.attributes.len());
    encode(&mut encoder);
    complete(facts, encoder, &mut check).map(EncodedItem::Map)
}

/// The item that a model is stored as, before its rules are checked.
///
/// # Errors
/// Values that DynamoDB cannot hold.
pub(crate) fn encoded<M: Model>(model: &M) -> Result<Item> {
    let mut encoder = Encoder::with_capacity(M::FACTS.attributes.len());
    model.encode(&mut encoder);
    let (item, errors) = encoder.finish();
    let violations: Vec<_> = errors.into_iter().map(|error| error.into_violation()).collect();
    if violations.is_empty() {
        Ok(item)
    } else {
        Err(Error::validation(Context::model(M::FACTS), violations))
    }
}

/// As [`to_item`], giving the values away: for generated code.
///
/// # Errors
/// As [`to_item`].
#[doc(hidden)]
pub fn into_item<M: Model>(model: M) -> Result<Item> {
    let mut check = Check::default();
    model.check_fields(&mut check);
    let mut encoder = Encoder::with_capacity(M::FACTS.attributes.len());
    model.encode_owned(&mut encoder);
    complete(M::FACTS, encoder, &mut check)
}

/// A value of today's shape, made of an item of an older one: for generated code.
///
/// # Errors
/// The item cannot be read or upgraded, or the upgrade changes its key: whoever writes the value would write another item.
#[doc(hidden)]
pub fn upgraded_value<V: Record, M: Model>(
    fields: Fields<'_>,
    upgrade: fn(V) -> std::result::Result<M, DecodeError>,
) -> std::result::Result<M, DecodeError> {
    let names: Vec<_> = M::FACTS.table.key().map(|part| part.name).collect();
    let stored = fields.attributes(&names);
    let value = upgrade(V::decode(fields)?)?;
    let (key, _) = key_attributes::<M>(value.key());
    let changed = names.into_iter().find(|name| match (stored.get(*name), key.get(*name)) {
        (Some(stored), Some(key)) => !same_values(stored, key),
        // An image may be without its key, which the record has.
        (None, _) => false,
        (Some(_), None) => true,
    });
    match changed {
        None => Ok(value),
        Some(name) => {
            Err(DecodeError::new("its upgrade gives it another key, which no upgrade can").within(name))
        }
    }
}

/// An item of today's shape, made of one of an older shape: for generated code.
///
/// # Errors
/// The item cannot be read or upgraded, or DynamoDB cannot hold what the upgrade makes of it.
#[doc(hidden)]
pub fn upgraded_item<M: Model>(item: Item) -> std::result::Result<Item, DecodeError> {
    let value = M::decode(Fields::from(item))?;
    let mut encoder = Encoder::with_capacity(M::FACTS.attributes.len());
    value.encode_owned(&mut encoder);
    let (item, errors) = encoder.finish();
    match errors.into_iter().next() {
        None => Ok(item),
        Some(error) => Err(DecodeError::new(error.to_string())),
    }
}

/// Reads an item: for generated code.
///
/// # Errors
/// The item's error, which names its table, key and attribute.
#[doc(hidden)]
pub fn from_item<R: Record>(item: Item) -> Result<R> {
    decode_with(R::FACTS, R::FACTS.table.name, item, &|fields| {
        if R::FACTS.discriminator.is_of_others(&|name| fields.text(name)) {
            return Err(DecodeError::new("the item is another model's, whose keys begin alike"));
        }
        R::decode(fields)
    })
}

/// Reads an item; its error names the key.
pub(crate) fn decode_with<T>(
    facts: &'static Facts,
    table: &str,
    item: Item,
    decode: &dyn Fn(Fields<'_>) -> Result<T, DecodeError>,
) -> Result<T> {
    decode_fields(facts, None, &|| table.to_owned(), Fields::from(item), decode)
}

/// As [`decode_with`], of an item that the SDK holds or one in a response; and of one whose key is known, for its error.
pub(crate) fn decode_fields<T>(
    facts: &'static Facts,
    key: Option<ItemKey>,
    table: &dyn Fn() -> String,
    fields: Fields<'_>,
    decode: &dyn Fn(Fields<'_>) -> Result<T, DecodeError>,
) -> Result<T> {
    // An item in a response is still there when its key is asked for.
    let place = fields.place();
    let key = key.or_else(|| fields.as_item().map(|item| ItemKey::of(facts.table, item)));
    match decode(fields.of(facts)) {
        Ok(value) => Ok(value),
        Err(error) => {
            let key = key.unwrap_or_else(|| key_at(facts, place));
            Err(undecoded(facts, table(), &key, error))
        }
    }
}

/// The key of an item in a response.
#[cold]
fn key_at(facts: &'static Facts, place: Option<(&Reader<'_>, Mark)>) -> ItemKey {
    let names: Vec<_> = facts.table.key().map(|key| key.name).collect();
    let key = place.map(|(reader, place)| reader.find_all(place, &names));
    ItemKey::of(facts.table, &key.unwrap_or_default())
}

#[cold]
fn undecoded(facts: &'static Facts, table: String, key: &ItemKey, error: DecodeError) -> Error {
    let context = Context { key: key.text(), table: Some(table), ..Context::model(facts) };
    Error::decode(context, error)
}

/// The attributes of a key, and what is wrong with them.
pub(crate) fn key_item<M: Model>(key: impl IntoKey<M>) -> (Item, Vec<crate::validation::Violation>) {
    key_attributes::<M>(key.into_key())
}

/// As [`key_item`], of the model's own key.
pub(crate) fn key_attributes<M: Model>(key: M::Key) -> (Item, Vec<crate::validation::Violation>) {
    checked_key(M::FACTS, encoded_key::<M>(key))
}

/// A key as it is stored, before it is checked.
pub(crate) fn encoded_key<M: Model>(key: M::Key) -> Encoder {
    let mut encoder = Encoder::for_key(M::Key::ATTRIBUTES);
    key.encode(&mut encoder);
    encoder
}

/// The attributes of an encoded key, and what is wrong with them.
#[inline]
pub(crate) fn checked_key(
    facts: &'static Facts,
    encoder: Encoder,
) -> (Item, Vec<crate::validation::Violation>) {
    let is_fit = encoder.is_fit_for_key();
    let (item, errors) = encoder.finish();
    let violations = if is_fit { Vec::new() } else { key_violations(facts, &item, errors) };
    (item, violations)
}

#[cold]
fn key_violations(
    facts: &'static Facts,
    item: &Item,
    errors: Vec<EncodeError>,
) -> Vec<crate::validation::Violation> {
    let mut check = Check::default();
    check.extend(errors.into_iter().map(EncodeError::into_violation));
    limits::check_primary_key(facts.table, item, &mut check);
    check.into_violations()
}

fn complete(facts: &'static Facts, encoder: Encoder, check: &mut Check) -> Result<Item> {
    let (item, errors) = encoder.finish();
    if !errors.is_empty() {
        check.extend(errors.into_iter().map(EncodeError::into_violation));
    }
    limits::check_item(facts.table, &item, check);
    if check.is_passed() { Ok(item) } else { Err(refused(facts, &item, check)) }
}

#[cold]
fn refused(facts: &'static Facts, item: &Item, check: &mut Check) -> Error {
    let context = Context::item(facts, facts.table.name.to_owned(), item);
    Error::validation(context, check.take_violations())
}

impl Written {
    /// Puts what was written into the value that was sent.
    pub(crate) fn write_into<M: Model>(&self, value: &mut M) {
        if let Some(item) = self.hooked()
            && let Ok(hooked) = from_item(item.clone())
        {
            *value = hooked;
        }
        value.written(self);
    }
}

impl Error {
    /// [`current_item`](Self::current_item), read as a model.
    ///
    /// # Errors
    /// The item is not what the declarations say.
    pub fn current<R: Record>(&self) -> Option<Result<R>> {
        self.current_item().cloned().map(from_item)
    }
}
