//! Models, what items are read as, and their keys.

use crate::decode::{DecodeError, Fields};
use crate::encode::Encoder;
use crate::error::Result;
use crate::facts::Facts;
use crate::key::KeyShape;
use crate::kind::{Decimal, Kind};
use crate::managed::Written;
use crate::validation::Check;
use crate::{Date, Timestamp, Ulid, Uuid};

/// What an item, or an index's part of one, is read as.
pub trait Record: Sized + Send + 'static {
    /// The model's facts.
    const FACTS: &'static Facts;

    /// Reads the named values of an item.
    ///
    /// # Errors
    /// An attribute is missing, has another type than the declared one, or is out of range.
    fn decode(fields: Fields<'_>) -> Result<Self, DecodeError>;
}

/// What holds items of `M`: an `M` itself, or an enum over several models of a table.
#[diagnostic::on_unimplemented(
    message = "a condition on `{M}` is none on `{Self}`",
    label = "expected a condition made of handles of what is read",
    note = "a collection takes those of its models, an index those of what it holds"
)]
pub trait Holds<M>: Record {}

#[diagnostic::do_not_recommend]
impl<R: Record> Holds<R> for R {}

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
    fn check_fields(&self, check: &mut Check);

    /// Takes over what the runtime wrote itself.
    fn written(&mut self, _: &Written) {}
}

/// A model whose keys begin as those of others do, so that its whole key tells its items apart: for generated code.
#[doc(hidden)]
pub trait WholeKey: Record {
    /// The attributes of its keys that are text.
    const SHAPES: &'static [KeyShape];
}

/// A model that shares its keys with others (`shared_key`): one key is that of one item, whichever model's.
#[diagnostic::on_unimplemented(
    message = "`{Self}` shares its keys with no other model",
    note = "`shared_key = [\"Person\", \"Company\"]` on a table declares one name space of both"
)]
pub trait SharesKey: Model {
    /// The enum over the models of its table.
    type Item: Record;
}

/// The primary key of a model's items.
pub trait Key: Clone + Send + 'static {
    /// How many attributes it has.
    const ATTRIBUTES: usize = 1;

    /// Writes its attributes.
    fn encode(self, encoder: &mut Encoder);
}

/// What can be given as the key of an `M`: its key struct, the key's own values, or an item.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a key of `{M}`",
    label = "expected the key of `{M}`, its values in their order, or a reference to an item",
    note = "more than eight values are given to the key's own struct: `{M}Key::new(…)`"
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
    ($model:ident, $key:ident, $a:ty, $b:ty, $c:ty, $d:ty, $e:ty) => {
        $crate::key_conversions!(@several $model, $key, A_ 0 $a, B_ 1 $b, C_ 2 $c, D_ 3 $d, E_ 4 $e);
    };
    ($model:ident, $key:ident, $a:ty, $b:ty, $c:ty, $d:ty, $e:ty, $f:ty) => {
        $crate::key_conversions!(@several $model, $key, A_ 0 $a, B_ 1 $b, C_ 2 $c, D_ 3 $d, E_ 4 $e, F_ 5 $f);
    };
    ($model:ident, $key:ident, $a:ty, $b:ty, $c:ty, $d:ty, $e:ty, $f:ty, $g:ty) => {
        $crate::key_conversions!(
            @several $model, $key, A_ 0 $a, B_ 1 $b, C_ 2 $c, D_ 3 $d, E_ 4 $e, F_ 5 $f, G_ 6 $g
        );
    };
    ($model:ident, $key:ident, $a:ty, $b:ty, $c:ty, $d:ty, $e:ty, $f:ty, $g:ty, $h:ty) => {
        $crate::key_conversions!(
            @several $model, $key, A_ 0 $a, B_ 1 $b, C_ 2 $c, D_ 3 $d, E_ 4 $e, F_ 5 $f, G_ 6 $g, H_ 7 $h
        );
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

/// A model whose items have a version, and are written only if they still have the one that was read.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no version",
    note = "give it one in models.toml: `version = {{ type = \"u64\", generate = \"version\" }}`"
)]
pub trait Versioned: Model {
    /// The version's type.
    type Version: Kind<Value = Self::Version>;

    /// The version that was read or written last; 0 for what has never been written.
    fn version(&self) -> Self::Version;
}

/// A model whose items a batch may put: a batch knows no conditions.
#[diagnostic::on_unimplemented(
    message = "items of `{Self}` cannot be put by a batch, which knows no conditions",
    note = "they have a version, a declared shape, unique fields or shared keys: put each alone, or in a transaction"
)]
pub trait BatchPut: Model {}

/// A model whose items a batch may delete: a batch knows no conditions.
#[diagnostic::on_unimplemented(
    message = "items of `{Self}` cannot be deleted by a batch, which knows no conditions",
    note = "they have unique fields or shared keys: delete each alone, or in a transaction"
)]
pub trait BatchDelete: Model {}

/// The stored name of a field, and what gives the instant at which its duration ends if it begins now: for generated code.
#[doc(hidden)]
pub type DeclaredDuration = (&'static str, fn() -> Timestamp);

/// A model with fields whose declared duration begins anew when they are refreshed: `generate = { expires_in = "30 days" }`.
#[diagnostic::on_unimplemented(
    message = "no field of `{Self}` has a declared duration",
    note = "declare one in models.toml: `generate = {{ expires_in = \"30 days\" }}`"
)]
pub trait Refreshed: Model {
    /// These fields.
    #[doc(hidden)]
    const DURATIONS: &'static [DeclaredDuration];
}

/// What is read with the attribute by which items expire (the table's `ttl`).
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not have the attribute by which items of its table expire",
    note = "`live_only` needs a table with `ttl`, and an index that keeps that attribute"
)]
pub trait Expires: Record {}
