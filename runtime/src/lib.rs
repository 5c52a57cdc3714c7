//! Typed Amazon DynamoDB models, generated from `models.toml`.
//!
//! This crate is what generated modules and the applications that use them call. The generator is
//! [`dynamorm-generator`](https://docs.rs/dynamorm-generator).
//!
//! # Where to begin
//!
//! * A [`Client`] sends operations, to AWS through the SDK or (feature `embedded`) to an engine in this process. It creates the
//!   declared [tables](table), [changes](Client::update_table) them into what is declared, or only [checks](Client::check_tables)
//!   that they are.
//! * A generated model's functions begin operations on items: [`Get`], [`Put`], [`Update`], [`Upsert`], [`Delete`]. Those that
//!   every model has are the trait [`Operations`]. Nothing is sent before `.send(&db).await`.
//! * Those of its table and indexes begin reads of many items, [`Query`] and [`Scan`]: a [`Page`] with a [`Cursor`], or all
//!   [`Items`] as a stream.
//! * Its constants are [`Attribute`] handles, from which [`Condition`]s and changes are made.
//! * [`Tracked`] values save only what has changed. [`batch_write`], [`transaction`] and [`read_transaction`] take items of any
//!   models.
//! * A [`Sweep`](sweep::Sweep) brings stored items into the form of today's declarations. The feature `progress` shows a bar
//!   meanwhile.
//! * [`Hooks`] run before and after writes.
//! * [`Error`] says what happened, by its [kind](Error::kind) and by predicates, and where.
//! * A kit for the tests of applications (feature and module `testing`) disturbs requests, records them, and decides the time
//!   and the ids.

#![warn(missing_docs)]

mod admin;
mod argument;
mod attempts;
mod attribute;
mod build;
mod built;
mod cause;
pub mod changes;
mod client;
mod composed;
mod condition;
mod cursor_keys;
mod decode;
mod discriminator;
#[cfg(feature = "embedded")]
mod embedded;
mod encode;
mod environment;
mod error;
mod expression;
mod facts;
mod future;
mod hooks;
mod item;
#[doc(hidden)]
pub mod key;
pub mod kind;
mod limits;
mod managed;
mod model;
mod model_item;
mod operation;
mod operations;
mod refused;
mod rules;
mod scope;
mod shape;
mod stamp;
pub mod sweep;
pub mod table;
#[cfg(feature = "testing")]
pub mod testing;
mod throttling;
mod validation;
mod variant;
mod wire;

pub use argument::Argument;
pub use attribute::{
    Attribute, AttributeType, Free, InIndexKey, InPrimaryKey, Managed, Nested, Plain, Size, TopLevel, Unique,
};
pub use build::FromInstant;
pub use client::{Client, DEFAULT_DEADLINE};
pub use condition::Condition;
pub use decode::DecodeError;
pub use encode::EncodeError;
pub use error::{Error, ErrorKind, Result};
pub use future::ResponseFuture;
pub use hooks::{DeleteView, HookFuture, HookResult, Hooks, UpdateView, WriteKind, WriteView};
pub use item::Item;
pub use kind::{Codec, Decimal, DecimalError, Kind, now};
pub use model::{BatchDelete, BatchPut, Holds, IntoKey, Key, Model, Record, Refreshed, SharesKey, Versioned};
pub use operation::{
    All, AllItems, BatchGet, BatchItems, BatchRequest, BatchWrite, Changeable, ConditionCheck, Consistent,
    Cursor, Delete, ExactlyOnce, FromGlobalIndex, FromTable, Get, GetAny, Items, KeyChange, NextItem, Origin,
    Page, Parallel, Partition, Partner, PartnerSlot, PreparedTransaction, Put, PutOrGet, Query,
    ReadTransaction, Related, ReturnNew, ReturnOld, Revise, Save, SaveRelated, Scan, Selected,
    SelectedBatchGet, SelectedGet, Selection, SortKey, SortPart, SortedQuery, Through, Tracked, Transaction,
    TransactionPut, TransactionReads, TransactionToken, TransactionUpdate, UniqueFinding, UniqueReport,
    Update, UpdateInto, Upsert,
};
pub use operations::Operations;
pub use scope::Scope;
pub use throttling::ThrottledBy;
pub use validation::Violation;

// Named by generated code alone.
#[doc(hidden)]
pub use attribute::DeclaredDefault;
#[doc(hidden)]
pub use decode::{Fields, List, Value};
#[doc(hidden)]
pub use encode::{Encoder, JsonWriter};
#[doc(hidden)]
pub use facts::{
    AlsoRead, Beginning, ComposedKey, Discriminator, Facts, ManagedTime, ManagedValues, ManagedVersion,
    ManagedWriteId, ShapeFacts, StampedKey, UniqueFields, Untyped, WrittenShape,
};
#[doc(hidden)]
pub use key::{KeyReader, KeyShape, KeyText, StoredKeys};
#[doc(hidden)]
pub use managed::Written;
#[doc(hidden)]
pub use model::{DeclaredDuration, Expires, WholeKey};
#[doc(hidden)]
pub use operation::{FieldChange, Source};
#[doc(hidden)]
pub use shape::Downgraded;
#[doc(hidden)]
pub use validation::{Check, ElementRule, Rule};

pub use jiff::Timestamp;
pub use jiff::civil::Date;
pub use serde_json::Value as Json;
pub use ulid::Ulid;
pub use uuid::Uuid;

/// The SDK's attribute value: what raw items hold.
pub use aws_sdk_dynamodb::types::AttributeValue;

#[cfg(feature = "validator")]
pub use validator;
pub use {bigdecimal, garde, jiff, serde, serde_json, ulid, uuid};

/// Begins a batch of puts and deletes of any models.
pub fn batch_write() -> BatchWrite {
    BatchWrite::default()
}

/// Begins a transaction of writes to any models and tables.
pub fn transaction<'a>() -> Transaction<'a> {
    Transaction::default()
}

/// Begins a transaction that reads: `read_transaction((Book::get(isbn), Member::get(id)))`.
pub fn read_transaction<T: TransactionReads>(reads: T) -> ReadTransaction<T> {
    ReadTransaction::new(reads)
}

/// What generated code calls. Not for applications: it changes with the generator.
#[doc(hidden)]
pub mod generated {
    mod key;
    mod sensitive;
    mod setters;
    mod stored;

    pub use self::sensitive::Hidden;
    pub use crate::build::{expires_in, now, ulid, uuid_v4, uuid_v7};
    pub use crate::built::{
        IsGiven, agree, built, built_value, built_with, missing, on_build, required, validate,
    };
    pub use crate::composed::{compose, part, split};
    pub use crate::decode::ReadNames;
    pub use crate::model::RefIntoKey;
    pub use crate::model_item::{from_item, into_item, to_item, upgraded_item, upgraded_value};
    pub use crate::operation::{Link, OpenSortKey, Reading, Stage, get_or_create, query, scan};
    pub use crate::refused::{InOrder, UpsertsUnique, UpsertsWholeKeys};
    #[cfg(feature = "validator")]
    pub use crate::rules::validator;
    pub use crate::rules::{Pattern, literal, one_of, range};
    pub use crate::shape::{
        downgraded, downgraded_item, of_this_shape, stored_shape, unknown_shape, upgraded,
    };
    pub use crate::stamp::stored_instant;
    pub use crate::validation::{element, raw_garde, report_to_garde};
    #[cfg(feature = "validator")]
    pub use crate::validation::{raw_validator, validate_with_validator};
    pub use crate::variant::{
        Variant, content, tag, tagged, tagged_apart, unknown_variant, variant, variant_name, within,
    };
    pub use garde::rules as garde;
}

/// Includes the modules that `dynamorm_generator::Generator::compile` wrote when the crate was built.
///
/// Without an argument it includes those of `models.toml`; for another file give the name without its ending:
/// `dynamorm::include_models!("billing")`.
#[macro_export]
macro_rules! include_models {
    () => {
        $crate::include_models!("models");
    };
    ($name:literal) => {
        ::core::include!(::core::concat!(::core::env!("OUT_DIR"), "/dynamorm/", $name, "/mod.rs"));
    };
}

/// Implements `garde`'s trait: for generated code.
#[doc(hidden)]
#[macro_export]
macro_rules! validated_by_garde {
    (@with $name:ident, $check:expr) => {
        impl $crate::garde::Validate for $name {
            type Context = ();

            fn validate_into(
                &self,
                (): &(),
                parent: &mut dyn ::core::ops::FnMut() -> $crate::garde::Path,
                report: &mut $crate::garde::Report,
            ) {
                $crate::generated::report_to_garde(self, $check, parent, report);
            }
        }
    };
    (model $name:ident) => {
        $crate::validated_by_garde!(@with $name, $crate::Model::check_fields);
    };
    (kind $name:ident) => {
        $crate::validated_by_garde!(@with $name, <$name as $crate::Kind>::check);
    };
}

/// Implements `validator`'s trait: for generated code, whose declarations choose that library.
#[cfg(feature = "validator")]
#[doc(hidden)]
#[macro_export]
macro_rules! validated_by_validator {
    (@with $name:ident, $check:expr) => {
        impl $crate::validator::Validate for $name {
            fn validate(&self) -> ::std::result::Result<(), $crate::validator::ValidationErrors> {
                $crate::generated::validate_with_validator(self, $check)
            }
        }
    };
    (model $name:ident) => {
        $crate::validated_by_validator!(@with $name, $crate::Model::check_fields);
    };
    (kind $name:ident) => {
        $crate::validated_by_validator!(@with $name, <$name as $crate::Kind>::check);
    };
}

#[cfg(not(feature = "validator"))]
#[doc(hidden)]
#[macro_export]
macro_rules! validated_by_validator {
    ($($ignored:tt)*) => {
        ::core::compile_error!(
            "the declarations of this file choose `validation = \"validator\"`: enable the feature `validator` of the crate \
             `dynamorm`, as in `dynamorm = { version = \"0.1\", features = [\"validator\"] }`"
        );
    };
}

/// Says what values of a type are made of, for [`testing`]: for generated code.
#[cfg(not(feature = "testing"))]
#[doc(hidden)]
#[macro_export]
macro_rules! samples {
    ($($ignored:tt)*) => {};
}

/// A pattern that is compiled once, where it is first needed: for generated code.
#[doc(hidden)]
#[macro_export]
macro_rules! pattern {
    ($pattern:literal) => {{
        static PATTERN: $crate::generated::Pattern = $crate::generated::Pattern::new($pattern);
        &PATTERN
    }};
}

/// Refuses generated code that this version of the runtime does not fit.
#[doc(hidden)]
#[macro_export]
macro_rules! format_revision {
    (2) => {};
    ($other:literal) => {
        ::core::compile_error!(::core::concat!(
            "this file was generated for format revision ",
            $other,
            " of dynamorm, and the version of the `dynamorm` crate in use has format revision 2: use the same version of \
             `dynamorm` and `dynamorm-generator`, and generate the files again",
        ));
    };
}
