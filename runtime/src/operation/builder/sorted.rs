//! Queries whose sort key is still open.

use std::fmt;
use std::ops::Deref;
use std::time::Duration;

use crate::client::Client;
use crate::condition::Condition;
use crate::error::Result;
use crate::future::ResponseFuture;
use crate::model::{Expires, Record};
use crate::operation::builder::query::{Consistent, Origin, Partition, Query, Selected};
use crate::operation::read::cursor::Cursor;
use crate::operation::read::page::{Items, Page};
use crate::operation::read::select::Selection;

/// A [`Query`] whose sort key can still be restricted, by the one method of `K`: `Book::by_author("Jane Austen").year()`.
///
/// Without it the query reads the whole partition, and has the methods that it would have with it.
// Restricting borrows, since that is how methods of another type can be added to these: `K` belongs to the generated module,
// which would otherwise have to repeat all of them.
#[must_use = "nothing is read until `.send(&db)`, `.items(&db)` or `.count(&db)`"]
pub struct SortedQuery<K> {
    open: K,
}

/// What of a sort key is still open: for generated code.
#[doc(hidden)]
pub trait OpenSortKey {
    /// What the query reads.
    type Record: Record;
    /// Where it reads.
    type Source: Partition;

    /// The query, restricted no further.
    fn into_query(self) -> Query<Self::Record, Self::Source>;
}

impl<K: OpenSortKey> SortedQuery<K> {
    /// A query with an open sort key: for generated code.
    pub fn new(open: K) -> Self {
        SortedQuery { open }
    }

    /// See [`Query::filter`].
    pub fn filter(self, condition: Condition<K::Record>) -> Query<K::Record, K::Source> {
        self.open.into_query().filter(condition)
    }

    /// See [`Query::descending`].
    pub fn descending(self) -> Query<K::Record, K::Source> {
        self.open.into_query().descending()
    }

    /// See [`Query::page_size`].
    pub fn page_size(self, items: u32) -> Query<K::Record, K::Source> {
        self.open.into_query().page_size(items)
    }

    /// See [`Query::limit`].
    pub fn limit(self, items: u64) -> Query<K::Record, K::Source> {
        self.open.into_query().limit(items)
    }

    /// See [`Query::start_at`].
    pub fn start_at(self, cursor: Cursor) -> Query<K::Record, K::Source> {
        self.open.into_query().start_at(cursor)
    }

    /// See [`Query::deadline`].
    pub fn deadline(self, deadline: Duration) -> Query<K::Record, K::Source> {
        self.open.into_query().deadline(deadline)
    }

    /// See [`Query::consistent`].
    pub fn consistent(self) -> Query<K::Record, K::Source>
    where
        K::Source: Consistent,
    {
        self.open.into_query().consistent()
    }

    /// See [`Query::live_only`].
    pub fn live_only(self) -> Query<K::Record, K::Source>
    where
        K::Record: Expires,
    {
        self.open.into_query().live_only()
    }

    /// See [`Query::select`].
    pub fn select<T: Selection<K::Record>>(self, selection: T) -> Selected<T::Values, K::Source> {
        self.open.into_query().select(selection)
    }

    /// See [`Query::send`].
    ///
    /// # Errors
    /// As there.
    pub fn send(self, db: &Client) -> ResponseFuture<'_, Page<K::Record>> {
        self.open.into_query().send(db)
    }

    /// See [`Query::items`].
    pub fn items(self, db: &Client) -> Items<K::Record> {
        self.open.into_query().items(db)
    }

    /// See [`Query::count`].
    ///
    /// # Errors
    /// As there.
    pub fn count(self, db: &Client) -> ResponseFuture<'_, u64> {
        self.open.into_query().count(db)
    }

    /// See [`Query::into_sdk`].
    ///
    /// # Errors
    /// As there.
    pub fn into_sdk(self, db: &Client) -> Result<<K::Source as Origin>::SdkRequest> {
        self.open.into_query().into_sdk(db)
    }
}

impl<K: OpenSortKey> fmt::Debug for SortedQuery<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let model = <K::Record as Record>::FACTS.model;
        f.debug_struct("SortedQuery").field("model", &model).finish_non_exhaustive()
    }
}

impl<K: OpenSortKey> Deref for SortedQuery<K> {
    type Target = K;

    fn deref(&self) -> &K {
        &self.open
    }
}

impl<K: OpenSortKey> From<SortedQuery<K>> for Query<K::Record, K::Source> {
    fn from(query: SortedQuery<K>) -> Self {
        query.open.into_query()
    }
}

/// What the restriction of one part leads to, where the next one is open.
impl<K> From<Query<K::Record, K::Source>> for SortedQuery<K>
where
    K: OpenSortKey + From<Query<K::Record, K::Source>>,
{
    fn from(query: Query<K::Record, K::Source>) -> Self {
        SortedQuery::new(K::from(query))
    }
}

/// Makes a type of the generated module what is open of a sort key; with `from`, from its second part on. For generated code.
#[doc(hidden)]
#[macro_export]
macro_rules! open_sort_key {
    ($name:ident, $record:ident, $source:ident) => {
        impl $crate::generated::OpenSortKey for $name {
            type Record = $record;
            type Source = $crate::$source;

            fn into_query(self) -> $crate::Query<$record, $crate::$source> {
                self.0
            }
        }
    };
    ($name:ident, $record:ident, $source:ident, from) => {
        $crate::open_sort_key!($name, $record, $source);

        impl ::core::convert::From<$crate::Query<$record, $crate::$source>> for $name {
            fn from(query: $crate::Query<$record, $crate::$source>) -> Self {
                $name(query)
            }
        }
    };
}
