//! Queries whose sort key is still open, and conditions on its next attribute.

use std::marker::PhantomData;
use std::ops::Deref;

use crate::argument::Argument;
use crate::attribute::encode;
use crate::kind::{Kind, Ordered, Prefixed};
use crate::model::Record;
use crate::operation::builder::query::{Partition, Query, Reading, Stage};
use crate::operation::read::source::SortCondition;

/// A [`Query`] whose sort key can still be restricted, by the one method of `K`: `Book::by_author("Jane Austen").year()`.
///
/// Without a restriction the query reads the whole partition.
pub type SortedQuery<K> = Query<<K as OpenSortKey>::Record, <K as OpenSortKey>::Source, K>;

/// The open part of a sort key: for generated code.
#[doc(hidden)]
pub trait OpenSortKey: Stage {
    /// The type that the query reads.
    type Record: Record;
    /// Where it reads.
    type Source: Partition;
    /// What follows an equality: the next stage, or a query whose sort key is complete.
    type Next: From<Reading>;

    /// The read.
    fn reading(&self) -> &Reading;
}

// The generated module's types have the methods that restrict a sort key, and `Deref` makes them available here. It can only lend
// the stage, so restricting copies the known part of the key.
impl<R, S, K: OpenSortKey> Deref for Query<R, S, K> {
    type Target = K;

    fn deref(&self) -> &K {
        &self.stage
    }
}

impl<R, S, K: OpenSortKey> From<Query<R, S, K>> for Query<R, S> {
    fn from(query: Query<R, S, K>) -> Self {
        Query::at(query.stage.into_reading())
    }
}

/// A condition on one attribute of the sort key. An equality leads on to the next attribute; any other condition ends the key.
///
/// ```
/// # use example_models::catalogue::Book;
/// # example_models::examples::run(async |db| {
/// let later = Book::by_author("Jane Austen").year().between(1814, 1820).items(&db).all().await?;
/// assert_eq!(later[0].title, "Emma");
/// # Ok(()) });
/// ```
#[must_use = "say how the sort key compares: `.eq(…)`, `.between(…)` …"]
#[derive(Debug)]
pub struct SortKey<K, Q> {
    reading: Reading,
    attribute: &'static str,
    marker: PhantomData<fn() -> (K, Q)>,
}

impl<K: Kind, Q: OpenSortKey> SortKey<K, Q> {
    /// A condition on the next attribute of `open`: for generated code.
    #[doc(hidden)]
    pub fn new(open: &Q, attribute: &'static str) -> Self {
        SortKey { reading: open.reading().clone(), attribute, marker: PhantomData }
    }

    /// The attribute equals `value`.
    pub fn eq(self, value: impl Argument<K::Value>) -> Q::Next {
        Q::Next::from(self.restrict(SortCondition::Compare("=", encode::<K>(value))))
    }

    /// The attribute is less than `value`.
    pub fn lt(self, value: impl Argument<K::Value>) -> Query<Q::Record, Q::Source>
    where
        K: Ordered,
    {
        self.compare("<", value)
    }

    /// The attribute is at most `value`.
    pub fn le(self, value: impl Argument<K::Value>) -> Query<Q::Record, Q::Source>
    where
        K: Ordered,
    {
        self.compare("<=", value)
    }

    /// The attribute is greater than `value`.
    pub fn gt(self, value: impl Argument<K::Value>) -> Query<Q::Record, Q::Source>
    where
        K: Ordered,
    {
        self.compare(">", value)
    }

    /// The attribute is at least `value`.
    pub fn ge(self, value: impl Argument<K::Value>) -> Query<Q::Record, Q::Source>
    where
        K: Ordered,
    {
        self.compare(">=", value)
    }

    /// The attribute is at least `low` and at most `high`.
    pub fn between(
        self,
        low: impl Argument<K::Value>,
        high: impl Argument<K::Value>,
    ) -> Query<Q::Record, Q::Source>
    where
        K: Ordered,
    {
        let (low, high) = (encode::<K>(low), encode::<K>(high));
        Query::at(self.restrict(SortCondition::Between(low, high)))
    }

    /// The attribute begins with `prefix`.
    pub fn begins_with(self, prefix: impl Argument<K::Value>) -> Query<Q::Record, Q::Source>
    where
        K: Prefixed,
    {
        Query::at(self.restrict(SortCondition::BeginsWith(encode::<K>(prefix))))
    }

    fn compare(self, operator: &'static str, value: impl Argument<K::Value>) -> Query<Q::Record, Q::Source> {
        Query::at(self.restrict(SortCondition::Compare(operator, encode::<K>(value))))
    }

    fn restrict(mut self, condition: SortCondition) -> Reading {
        self.reading.0.sort.push((self.attribute, condition));
        self.reading
    }
}

/// Declares the open part of a sort key, and what follows an equality: for generated code.
#[doc(hidden)]
#[macro_export]
macro_rules! open_sort_key {
    ($(#[$attribute:meta])* pub struct $name:ident of $record:ty, $source:ident;) => {
        $crate::open_sort_key! {
            @to $crate::Query<$record, $crate::$source>; $(#[$attribute])* $name, $record, $source
        }
    };
    ($(#[$attribute:meta])* pub struct $name:ident of $record:ty, $source:ident, then $next:ident;) => {
        $crate::open_sort_key! {
            @to $crate::SortedQuery<$next>; $(#[$attribute])* $name, $record, $source
        }
    };
    (@to $next:ty; $(#[$attribute:meta])* $name:ident, $record:ty, $source:ident) => {
        $(#[$attribute])*
        pub struct $name($crate::generated::Reading);

        impl $crate::generated::Stage for $name {
            fn into_reading(self) -> $crate::generated::Reading {
                self.0
            }
        }

        impl $crate::generated::OpenSortKey for $name {
            type Record = $record;
            type Source = $crate::$source;
            type Next = $next;

            fn reading(&self) -> &$crate::generated::Reading {
                &self.0
            }
        }

        impl ::core::convert::From<$crate::generated::Reading> for $name {
            fn from(reading: $crate::generated::Reading) -> Self {
                $name(reading)
            }
        }

        impl ::core::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                let model = <$record as $crate::Record>::FACTS.model;
                f.debug_struct("SortedQuery").field("model", &model).finish_non_exhaustive()
            }
        }
    };
}
