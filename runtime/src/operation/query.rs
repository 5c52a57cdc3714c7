//! `Query` and `Scan`, on tables and indexes.

use std::marker::PhantomData;
use std::time::Duration;

use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::operation::scan::builders::ScanFluentBuilder;

use super::ResponseFuture;
use super::cursor::Cursor;
use super::page::{Items, Page, count, page};
use super::parallel::Parallel;
use super::read::{Read, Request, SortCondition, Source};
use super::select::{Decoder, Selection};
use crate::attribute::encode;
use crate::client::Client;
use crate::condition::{Condition, and};
use crate::error::{Context, Error, ErrorKind, Result};
use crate::kind::{Ordered, Prefixed};
use crate::managed::Expires;
use crate::model::{Record, read_record};
use crate::{Argument, Kind};

/// Reads the items of one partition of a table or index (`Query`), or all of them ([`Scan`]), as `R`s.
///
/// `S` says where it reads, and so what it can do: a global index is not read [consistently](Query::consistent), only a
/// partition has an [order](Query::descending), and only a scan is [shared](Query::parallel) among several requests.
#[must_use = "nothing is read until `.send(&db)`, `.items(&db)` or `.count(&db)`"]
#[derive(Debug)]
pub struct Query<R, S = FromTable> {
    pub(super) read: Read,
    marker: PhantomData<fn() -> (R, S)>,
}

/// Reads all items of a table or index (`Scan`), as `R`s.
pub type Scan<R, S = FromTable> = Query<R, All<S>>;

/// A read of one partition of a table, or of one of its local indexes.
#[derive(Debug)]
pub enum FromTable {}

/// A read of one partition of a global index, which is always eventually consistent.
#[derive(Debug)]
pub enum FromGlobalIndex {}

/// A read of all partitions of what `S` reads one of.
#[derive(Debug)]
pub struct All<S>(PhantomData<S>);

/// Where a read takes its items from.
pub trait Origin {
    /// The SDK's own request for a page.
    type SdkRequest;

    /// The request, if it is one of these. Its type has no public name, so that there are no origins but this crate's.
    #[doc(hidden)]
    fn own(request: Request) -> Option<Self::SdkRequest>;
}

/// One partition of a table or index, whose items the sort key orders.
pub trait Partition: Origin {}

/// What DynamoDB reads consistently: a table and its local indexes.
#[diagnostic::on_unimplemented(
    message = "a read of `{Self}` cannot be consistent",
    label = "global indexes are always read eventually consistently",
    note = "only a table and its local indexes are read consistently"
)]
pub trait Consistent: Origin {}

impl Origin for FromTable {
    type SdkRequest = QueryFluentBuilder;

    fn own(request: Request) -> Option<QueryFluentBuilder> {
        request.into_query()
    }
}

impl Origin for FromGlobalIndex {
    type SdkRequest = QueryFluentBuilder;

    fn own(request: Request) -> Option<QueryFluentBuilder> {
        request.into_query()
    }
}

impl<S> Origin for All<S> {
    type SdkRequest = ScanFluentBuilder;

    fn own(request: Request) -> Option<ScanFluentBuilder> {
        request.into_scan()
    }
}

impl Partition for FromTable {}
impl Partition for FromGlobalIndex {}
#[diagnostic::do_not_recommend]
impl Consistent for FromTable {}
#[diagnostic::do_not_recommend]
impl Consistent for All<FromTable> {}

impl<R: Record, S: Consistent> Query<R, S> {
    /// Reads what every earlier write left, at twice the capacity (`ConsistentRead`).
    pub fn consistent(mut self) -> Self {
        self.read.consistent = true;
        self
    }
}

impl<R: Record, S: Partition> Query<R, S> {
    /// Begins a condition on the next attribute of the sort key: for generated code.
    pub fn sort_key<K: Kind, Next: From<Self>>(&self, attribute: &'static str) -> SortKey<K, Next, Self> {
        SortKey { query: self.again(), attribute, marker: PhantomData }
    }

    /// Reads from the greatest sort key to the least (`ScanIndexForward`).
    pub fn descending(mut self) -> Self {
        self.read.descending = true;
        self
    }
}

impl<R: Record, S> Scan<R, S> {
    /// Reads one of `segments` parts, counted from 0, so that several workers share the scan.
    pub fn segment(mut self, segment: u32, segments: u32) -> Self {
        self.read.segment = Some((segment, segments));
        self
    }

    /// Shares the scan among `segments` requests at a time, of which each reads its own part.
    pub fn parallel(self, segments: u32) -> Parallel<R> {
        Parallel::new(self.read, Box::new(read_record::<R>), segments)
    }
}

impl<R: Record, S> Query<R, S> {
    /// A read of `source`: for generated code.
    pub fn new(source: Source) -> Self {
        Query { read: Read::from(source), marker: PhantomData }
    }

    pub(super) fn again(&self) -> Self {
        Query { read: self.read.clone(), marker: PhantomData }
    }

    /// Keeps only items for which `condition` holds. A second one must hold too.
    ///
    /// DynamoDB filters after reading: items that are left out consume capacity, and count for a page's size.
    pub fn filter(mut self, condition: Condition<R>) -> Self {
        self.read.filter = and(self.read.filter.take(), *condition.into_expression());
        self
    }

    /// Reads at most so many items per request, before the filter (`Limit`). Without it a page holds up to 1 MB.
    pub fn page_size(mut self, items: u32) -> Self {
        self.read.page_size = Some(items);
        self
    }

    /// Ends after so many items, behind the filter.
    pub fn limit(mut self, items: u64) -> Self {
        self.read.limit = Some(items);
        self
    }

    /// Begins behind the last item of an earlier page.
    pub fn start_at(mut self, cursor: Cursor) -> Self {
        self.read.start = Some(cursor);
        self
    }

    /// Ends each request, of which a page is one, after `deadline`, instead of after the client's. A stream or a count takes as
    /// many as there are pages.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.read.deadline = Some(deadline);
        self
    }

    /// Reads these attributes alone: `.select((Book::TITLE, Book::YEAR))`.
    pub fn select<T: Selection<R>>(mut self, selection: T) -> Selected<T::Values, S> {
        let (attributes, decode) = selection.into_parts();
        self.read.attributes = attributes;
        Selected { read: self.read, decode, marker: PhantomData }
    }

    /// Reads one page.
    ///
    /// # Errors
    /// The read is invalid (nothing was sent), or the request failed. An item that cannot be read is an error within the
    /// page.
    pub fn send(self, db: &Client) -> ResponseFuture<'_, Page<R>> {
        page(self.read, db, read_record::<R>)
    }

    /// A stream of every item, page after page.
    pub fn items(self, db: &Client) -> Items<R> {
        Items::new(self.read, db, Box::new(read_record::<R>))
    }

    /// Counts the items, over all pages (`Select = COUNT`). It consumes the capacity of reading them.
    ///
    /// # Errors
    /// The read is invalid (nothing was sent), or a request failed.
    pub fn count(self, db: &Client) -> ResponseFuture<'_, u64> {
        count(self.read, db)
    }
}

impl<R: Record, S: Origin> Query<R, S> {
    /// The SDK's own request for the first page, filled in so far.
    ///
    /// # Errors
    /// The read is invalid.
    pub fn into_sdk(self, db: &Client) -> Result<S::SdkRequest> {
        let request = self.read.request(db, None, false)?;
        S::own(request).ok_or_else(|| Error::new(ErrorKind::Construction, Context::model(R::FACTS)))
    }
}

impl<R: Expires, S> Query<R, S> {
    /// Leaves out items that have expired, which DynamoDB deletes only later, within days. It is a
    /// [`filter`](Self::filter), and costs what one does.
    pub fn live_only(mut self) -> Self {
        self.read.live = true;
        self
    }
}

/// Reads chosen attributes of items.
#[must_use = "nothing is read until `.send(&db)` or `.items(&db)`"]
pub struct Selected<T, S = FromTable> {
    read: Read,
    decode: Decoder<T>,
    marker: PhantomData<fn() -> S>,
}

impl<T: Send + 'static, S> Selected<T, S> {
    /// Reads one page.
    ///
    /// # Errors
    /// As [`Query::send`].
    pub fn send(self, db: &Client) -> ResponseFuture<'_, Page<T>> {
        page(self.read, db, self.decode)
    }

    /// A stream of the values of every item, page after page.
    pub fn items(self, db: &Client) -> Items<T> {
        Items::new(self.read, db, self.decode)
    }
}

impl<T: Send + 'static, S> Selected<T, All<S>> {
    /// As [`Query::parallel`].
    pub fn parallel(self, segments: u32) -> Parallel<T> {
        Parallel::new(self.read, self.decode, segments)
    }
}

impl<T, S> std::fmt::Debug for Selected<T, S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Selected").field("read", &self.read).finish_non_exhaustive()
    }
}

/// A condition on one attribute of the sort key: an equality leads on to the next attribute, anything else ends it.
#[must_use = "say how the sort key compares: `.eq(…)`, `.between(…)` …"]
#[derive(Debug)]
pub struct SortKey<K, Next, End> {
    query: End,
    attribute: &'static str,
    marker: PhantomData<fn() -> (K, Next)>,
}

impl<K: Kind, Next: From<Query<R, S>>, R: Record, S> SortKey<K, Next, Query<R, S>> {
    /// The attribute equals `value`.
    pub fn eq(self, value: impl Argument<K::Value>) -> Next {
        Next::from(self.compare("=", value))
    }

    /// The attribute is less than `value`.
    pub fn lt(self, value: impl Argument<K::Value>) -> Query<R, S>
    where
        K: Ordered,
    {
        self.compare("<", value)
    }

    /// The attribute is at most `value`.
    pub fn le(self, value: impl Argument<K::Value>) -> Query<R, S>
    where
        K: Ordered,
    {
        self.compare("<=", value)
    }

    /// The attribute is greater than `value`.
    pub fn gt(self, value: impl Argument<K::Value>) -> Query<R, S>
    where
        K: Ordered,
    {
        self.compare(">", value)
    }

    /// The attribute is at least `value`.
    pub fn ge(self, value: impl Argument<K::Value>) -> Query<R, S>
    where
        K: Ordered,
    {
        self.compare(">=", value)
    }

    /// The attribute is at least `low` and at most `high`.
    pub fn between(self, low: impl Argument<K::Value>, high: impl Argument<K::Value>) -> Query<R, S>
    where
        K: Ordered,
    {
        let (low, high) = (encode::<K>(low), encode::<K>(high));
        self.restrict(SortCondition::Between(low, high))
    }

    /// The attribute begins with `prefix`.
    pub fn begins_with(self, prefix: impl Argument<K::Value>) -> Query<R, S>
    where
        K: Prefixed,
    {
        self.restrict(SortCondition::BeginsWith(encode::<K>(prefix)))
    }

    fn compare(self, operator: &'static str, value: impl Argument<K::Value>) -> Query<R, S> {
        self.restrict(SortCondition::Compare(operator, encode::<K>(value)))
    }

    fn restrict(mut self, condition: SortCondition) -> Query<R, S> {
        self.query.read.sort.push((self.attribute, condition));
        self.query
    }
}
