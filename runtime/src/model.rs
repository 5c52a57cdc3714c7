//! What generated code states about a model, and how its values become items and come back.

use crate::condition::{Expression, and};
use crate::decode::{DecodeError, Fields, Item};
use crate::encode::{EncodeError, Encoder};
use crate::error::{BoxError, Context, Error, Result};
use crate::item_key::{ItemKey, StoredKeys};
use crate::limits;
use crate::managed::{ExpectedWriteId, ManagedValues, Written};
use crate::table::{Index, Table};
use crate::validation::Check;
use crate::{Date, Decimal, Timestamp, Ulid, Uuid};

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
    pub identity: Identity,
    /// The context that is part of every key.
    pub context: Option<&'static str>,
    /// The index key attributes that writes compose anew when a field of theirs changes.
    pub composed: &'static [ComposedKey],
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
pub enum Identity {
    /// There are no others.
    Alone,
    /// An attribute that names the model.
    Type(&'static str, &'static str),
    /// How the attributes of the table's key begin, or what they are.
    Key(&'static [(&'static str, Beginning)]),
    /// They are of any of these models.
    AnyOf(&'static [&'static Facts]),
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

impl Beginning {
    /// The context of a key that begins so.
    fn context<'k>(&self, key: &'k str) -> Option<&'k str> {
        let Beginning::Context(before, after) = self else { return None };
        let rest = key.strip_prefix(before)?;
        rest.get(..rest.find(after.chars().next()?)?)
    }
}

impl Identity {
    /// The filter that keeps a model's items alone; nothing where there are no others. `is_queried` says of an attribute
    /// whether it is part of the key that is read by, which a filter must not name. `known` is a key that begins with the
    /// context of the read.
    pub(crate) fn expression(
        &self,
        known: Option<&str>,
        is_queried: &dyn Fn(&str) -> bool,
    ) -> Option<Expression> {
        match self {
            Identity::Alone => None,
            Identity::Type(attribute, name) => Some(Expression::equals(attribute, name)),
            Identity::Key(beginnings) => {
                let named = beginnings.iter().filter(|(attribute, _)| !is_queried(attribute));
                named.fold(None, |so_far, (attribute, beginning)| {
                    let next = match beginning {
                        Beginning::With(text) => Expression::begins_with(attribute, text),
                        Beginning::Whole(text) => Expression::equals(attribute, text),
                        Beginning::Context(before, after) => {
                            match known.and_then(|key| beginning.context(key)) {
                                Some(context) => {
                                    Expression::begins_with(attribute, &[before, context, after].concat())
                                }
                                None => Expression::begins_with(attribute, before),
                            }
                        }
                    };
                    and(so_far, next)
                })
            }
            Identity::AnyOf(models) => {
                // A model that nothing can be demanded of lets every item pass.
                let each: Option<Vec<_>> =
                    models.iter().map(|facts| facts.identity.expression(known, is_queried)).collect();
                each.and_then(|each| each.into_iter().reduce(Expression::or))
            }
        }
    }

    /// Whether an item is of the model, as far as its type or its key tells.
    fn holds(&self, fields: &Fields) -> bool {
        match self {
            Identity::Alone => true,
            Identity::Type(attribute, name) => fields.text(attribute) == Some(name),
            Identity::Key(beginnings) => beginnings.iter().all(|(attribute, beginning)| {
                fields.text(attribute).is_some_and(|text| match beginning {
                    Beginning::With(expected) => text.starts_with(expected),
                    Beginning::Whole(expected) => text == *expected,
                    Beginning::Context(before, after) => beginning
                        .context(text)
                        .is_some_and(|context| text[before.len() + context.len()..].starts_with(after)),
                })
            }),
            Identity::AnyOf(models) => models.iter().any(|facts| facts.identity.holds(fields)),
        }
    }
}

impl Fields {
    /// Whether these are the values of an `R`, among the models of its table: for generated code.
    #[doc(hidden)]
    pub fn are_of<R: Record>(&self) -> bool {
        R::FACTS.identity.holds(self)
    }

    /// The error of an item that is of none of the models that were looked for: for generated code.
    #[doc(hidden)]
    #[cold]
    pub fn of_no_model(&self, wanted: &'static Facts) -> DecodeError {
        DecodeError::new(format!("the item is of no model of `{}`", wanted.model))
    }
}

/// What an item, or an index's part of one, is read as.
pub trait Record: Sized + Send + 'static {
    /// The model's facts.
    const FACTS: &'static Facts;

    /// Reads the named values of an item.
    ///
    /// # Errors
    /// An attribute is missing, has another type than the declared one, or is out of range.
    fn decode(fields: Fields) -> Result<Self, DecodeError>;

    /// Compares the composed keys under which the item is stored with those that its values compose.
    fn compare_keys(&self, _: &mut StoredKeys<'_>) {}
}

/// A declared model.
#[diagnostic::on_unimplemented(message = "`{Self}` is not a model declared in models.toml")]
pub trait Model: Record {
    /// Its table's primary key.
    type Key: Key;

    /// The primary key of this item.
    fn key(&self) -> Self::Key;

    /// Writes every attribute.
    fn encode(&self, encoder: &mut Encoder);

    /// Writes every attribute, giving the values away.
    fn encode_owned(self, encoder: &mut Encoder);

    /// Checks the declared rules of every field.
    fn check(&self, _: &mut Check) {}

    /// Takes over what the runtime wrote itself.
    fn written(&mut self, _: &Written) {}
}

/// The primary key of a model's items.
pub trait Key: Clone + Send + 'static {
    /// How many attributes it has.
    const ATTRIBUTES: usize = 1;

    /// Writes its attributes.
    fn encode(self, encoder: &mut Encoder);
}

/// What an instance was read as having been written by last, where its model says so and has a version.
pub(crate) fn write_id_of<M: Model>(item: &M) -> Option<ExpectedWriteId> {
    let managed = M::FACTS.managed.filter(|managed| managed.write_id.is_some())?;
    let mut encoder = Encoder::with_capacity(M::FACTS.attributes.len());
    item.encode(&mut encoder);
    managed.expected_write_id(&encoder.finish().0)
}

/// What can be given as the key of an `M`: its key struct, the key's own values, or an item.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a key of `{M}`",
    label = "expected the key of `{M}`, its values in their order, or a reference to an item"
)]
pub trait IntoKey<M: Model> {
    /// The key.
    fn into_key(self) -> M::Key;
}

/// What can be given by reference as the key of an `M`.
///
/// A trait of its own, since the compiler compares all implementations of a trait for references with each other: with
/// four of them in each of fifty models that takes a tenth of the time to check those.
#[doc(hidden)]
pub trait RefIntoKey<M: Model> {
    /// The key.
    fn to_key(&self) -> M::Key;
}

#[diagnostic::do_not_recommend]
impl<T: RefIntoKey<M> + ?Sized, M: Model> IntoKey<M> for &T {
    fn into_key(self) -> M::Key {
        self.to_key()
    }
}

impl<M: Model> RefIntoKey<M> for M {
    fn to_key(&self) -> M::Key {
        self.key()
    }
}

/// Implements the conversions of the types that keys are made of, for all models at once.
macro_rules! values {
    ($($value:ty $(, $borrowed:ty)?;)*) => { $(
        #[diagnostic::do_not_recommend]
        impl<M: Model<Key: From<$value>>> IntoKey<M> for $value {
            fn into_key(self) -> M::Key {
                M::Key::from(self)
            }
        }

        impl<M: Model<Key: From<$value>>> RefIntoKey<M> for $value {
            fn to_key(&self) -> M::Key {
                M::Key::from(self.clone())
            }
        }

        $(impl<M: Model<Key: From<$value>>> RefIntoKey<M> for $borrowed {
            fn to_key(&self) -> M::Key {
                M::Key::from(self.to_owned())
            }
        })?
    )* };
}

values! {
    String, str;
    Vec<u8>, [u8];
    bool;
    u8; u16; u32; u64; u128;
    i8; i16; i32; i64; i128;
    f32; f64;
    Decimal;
    Timestamp;
    Date;
    Uuid;
    Ulid;
}

/// Implements [`IntoKey`] for a model: for generated code.
#[doc(hidden)]
#[macro_export]
macro_rules! key_conversions {
    (@common $model:ident, $key:ident) => {
        #[diagnostic::do_not_recommend]
        impl $crate::IntoKey<$model> for $key {
            fn into_key(self) -> $key {
                self
            }
        }

        impl $crate::generated::RefIntoKey<$model> for $key {
            fn to_key(&self) -> $key {
                self.clone()
            }
        }
    };
    (@local $model:ident, $key:ident, $value:ty) => {
        $crate::key_conversions!(@common $model, $key);

        #[diagnostic::do_not_recommend]
        impl $crate::IntoKey<$model> for $value {
            fn into_key(self) -> $key {
                $key::new(self)
            }
        }

        impl $crate::generated::RefIntoKey<$model> for $value {
            fn to_key(&self) -> $key {
                $key::new(self)
            }
        }
    };
    ($model:ident, $key:ident, super::$value:ident) => {
        $crate::key_conversions!(@local $model, $key, super::$value);
    };
    ($model:ident, $key:ident, foreign::$value:ident) => {
        $crate::key_conversions!(@local $model, $key, foreign::$value);
    };
    ($model:ident, $key:ident,) => {
        $crate::key_conversions!(@common $model, $key);

        #[diagnostic::do_not_recommend]
        impl $crate::IntoKey<$model> for () {
            fn into_key(self) -> $key {
                $key::new()
            }
        }
    };
    ($model:ident, $key:ident, $value:ty) => {
        $crate::key_conversions!(@common $model, $key);

        impl ::core::convert::From<$value> for $key {
            fn from(value: $value) -> Self {
                $key::new(value)
            }
        }
    };
    // No declared type can have a name that ends like those of the parameters.
    ($model:ident, $key:ident, $a:ty, $b:ty) => {
        $crate::key_conversions!(@several $model, $key, A_ 0 $a, B_ 1 $b);
    };
    ($model:ident, $key:ident, $a:ty, $b:ty, $c:ty) => {
        $crate::key_conversions!(@several $model, $key, A_ 0 $a, B_ 1 $b, C_ 2 $c);
    };
    ($model:ident, $key:ident, $a:ty, $b:ty, $c:ty, $d:ty) => {
        $crate::key_conversions!(@several $model, $key, A_ 0 $a, B_ 1 $b, C_ 2 $c, D_ 3 $d);
    };
    // More values than these are told apart by their names, in the key struct.
    ($model:ident, $key:ident, $($value:ty),+) => {
        $crate::key_conversions!(@common $model, $key);
    };
    (@several $model:ident, $key:ident, $($name:ident $field:tt $value:ty),+) => {
        $crate::key_conversions!(@common $model, $key);

        #[diagnostic::do_not_recommend]
        impl<$($name: $crate::Argument<$value>),+> $crate::IntoKey<$model> for ($($name,)+) {
            fn into_key(self) -> $key {
                $key::new($(self.$field),+)
            }
        }
    };
}

/// Unwraps a field that every value has: for generated code.
///
/// # Errors
/// The attribute is missing.
#[doc(hidden)]
#[inline]
pub fn required<T>(value: Option<T>, attribute: &'static str) -> Result<T, DecodeError> {
    value.ok_or_else(|| DecodeError::missing(attribute))
}

/// Refuses a value that lacks what every one has: for generated code.
///
/// # Errors
/// Always: the first of `attributes` that is said to be missing.
#[doc(hidden)]
#[cold]
pub fn missing<T>(attributes: &[(&'static str, bool)]) -> Result<T, DecodeError> {
    let missing = attributes.iter().find(|(_, is_missing)| *is_missing);
    Err(missing.map_or_else(
        || DecodeError::new("a value is missing"),
        |(attribute, _)| DecodeError::missing(attribute),
    ))
}

/// Takes over a value that a key tells in several places: for generated code.
///
/// # Errors
/// It was told otherwise before.
#[doc(hidden)]
pub fn agree<T: PartialEq + std::fmt::Debug>(known: &mut Option<T>, value: T) -> Result<(), DecodeError> {
    match known.replace(value) {
        Some(before) if Some(&before) != known.as_ref() => Err(DecodeError::new(format!(
            "the key tells {before:?} in one place, and another value in another"
        ))),
        _ => Ok(()),
    }
}

/// Ends a builder: for generated code.
///
/// # Errors
/// A rule refuses a value.
#[doc(hidden)]
pub fn built<M: Model>(model: Result<M, DecodeError>) -> Result<M> {
    let model = model.map_err(|error| Error::decode(Context::model(M::FACTS), error))?;
    validate(&model)?;
    Ok(model)
}

/// A function that every built value passes: for generated code, so that it has a line of its own.
#[doc(hidden)]
pub fn on_build<M: Model, E: Into<BoxError>>(
    hook: fn(&mut M) -> Result<(), E>,
) -> fn(&mut M) -> Result<(), E> {
    hook
}

/// As [`built`], with a function of the application's that may change or refuse the value before its rules are checked.
///
/// # Errors
/// As [`built`]; and what the function says.
#[doc(hidden)]
pub fn built_with<M: Model, E: Into<BoxError>>(
    model: Result<M, DecodeError>,
    hook: fn(&mut M) -> Result<(), E>,
) -> Result<M> {
    let mut model = model.map_err(|error| Error::decode(Context::model(M::FACTS), error))?;
    hook(&mut model).map_err(|error| Error::refused(error).with_context(Context::model(M::FACTS)))?;
    validate(&model)?;
    Ok(model)
}

/// Ends the builder of a nested structure: for generated code.
///
/// # Errors
/// A rule refuses a value.
#[doc(hidden)]
pub fn built_value<K: crate::Kind<Value = K>>(value: Result<K, DecodeError>) -> Result<K> {
    let value = value.map_err(|error| Error::decode(Context::default(), error))?;
    let mut check = Check::default();
    K::check(&value, &mut check);
    let violations = check.into_violations();
    if violations.is_empty() { Ok(value) } else { Err(Error::validation(Context::default(), violations)) }
}

/// A required field, given or not: for generated code.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "a required field has not been given: `{Self}`",
    label = "`build` needs this field: call its setter before",
    note = "optional fields and fields with a default may be left out"
)]
pub trait IsGiven {}

/// Checks the declared rules of every field: for generated code.
///
/// # Errors
/// Every violation, with its path.
#[doc(hidden)]
pub fn validate<M: Model>(model: &M) -> Result<()> {
    let mut check = Check::default();
    model.check(&mut check);
    refuse(check, || Context::model(M::FACTS))
}

/// The item that a model is stored as: for generated code.
///
/// # Errors
/// As [`validate`]; and values that DynamoDB cannot hold.
#[doc(hidden)]
pub fn to_item<M: Model>(model: &M) -> Result<Item> {
    let mut check = Check::default();
    model.check(&mut check);
    let mut encoder = Encoder::with_capacity(M::FACTS.attributes.len());
    model.encode(&mut encoder);
    complete(M::FACTS, encoder, &mut check)
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
    model.check(&mut check);
    let mut encoder = Encoder::with_capacity(M::FACTS.attributes.len());
    model.encode_owned(&mut encoder);
    complete(M::FACTS, encoder, &mut check)
}

/// Reads an item: for generated code.
///
/// # Errors
/// The item's error, which names its table, key and attribute.
#[doc(hidden)]
pub fn from_item<R: Record>(item: Item) -> Result<R> {
    decode_with(R::FACTS, R::FACTS.table.name, None, item, &read_record::<R>)
}

/// Reads a record that is stored under the keys that it composes.
///
/// # Errors
/// As [`Record::decode`]; or it is stored under another key.
pub(crate) fn read_record<R: Record>(fields: Fields, stored: &ItemKey) -> Result<R, DecodeError> {
    let record = R::decode(fields)?;
    let mut keys = StoredKeys::new(stored);
    record.compare_keys(&mut keys);
    keys.into_problem().map_or(Ok(record), Err)
}

/// Reads an item of a table, or one that was read through `index`; its error names the key.
pub(crate) fn decode_with<T>(
    facts: &'static Facts,
    table: &str,
    index: Option<&'static Index>,
    item: Item,
    decode: &dyn Fn(Fields, &ItemKey) -> Result<T, DecodeError>,
) -> Result<T> {
    let key = ItemKey::of(facts, index, &item);
    match decode(Fields::from(item), &key) {
        Ok(value) => Ok(value),
        Err(error) => Err(undecoded(facts, table, &key, error)),
    }
}

#[cold]
fn undecoded(facts: &'static Facts, table: &str, key: &ItemKey, error: DecodeError) -> Error {
    let context = Context { key: key.text(), table: Some(table.to_owned()), ..Context::model(facts) };
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

fn refuse(check: Check, context: impl FnOnce() -> Context) -> Result<()> {
    let violations = check.into_violations();
    if violations.is_empty() { Ok(()) } else { Err(Error::validation(context(), violations)) }
}
