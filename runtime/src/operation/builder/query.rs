//! `Query` and `Scan`, on tables and indexes.

use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::operation::scan::builders::ScanFluentBuilder;

use crate::client::Client;
use crate::condition::Condition;
use crate::error::{Context, Error, Reason, Result};
use crate::expression::condition::and;
use crate::future::ResponseFuture;
use crate::model::{Expires, Holds, Record};
use crate::operation::builder::parallel::Parallel;
use crate::operation::read::cursor::Cursor;
use crate::operation::read::page::{Items, Page, count, page};
use crate::operation::read::request::{Read, Request};
use crate::operation::read::select::{Decoder, Selection, of_shape};
use crate::operation::read::source::Source;

/// Reads the items of one partition of a table or index (`Query`), or all of them ([`Scan`]), as `R`s.
///
/// ```
/// # use example_models::catalogue::Book;
/// # example_models::examples::run(async |db| {
/// // One page, and where the next one begins.
/// let page = Book::by_author("Jane Austen").year().ge(1800).descending().limit(10).send(&db).await?;
/// for book in page.items() {
///     println!("{}", book.as_ref().map_or("?", |book| book.title.as_str()));
/// }
/// assert!(page.cursor().is_none());
///
/// // All of them.
/// let books: Vec<Book> = Book::by_author("Jane Austen").items(&db).all().await?;
/// assert_eq!(books.len(), 2);
/// # Ok(()) });
/// ```
///
/// `S` says where it reads, and so what it can do: a global index is not read [consistently](Query::consistent), only a
/// partition has an [order](Query::descending), and only a scan is [shared](Query::parallel) among several requests.
///
/// `K` says what of the sort key is still open. See [`SortedQuery`](crate::SortedQuery).
#[must_use = "nothing is read until `.send(&db)`, `.items(&db)` or `.count(&db)`"]
pub struct Query<R, S = FromTable, K = Reading> {
    pub(super) stage: K,
    marker: PhantomData<fn() -> (R, S)>,
}

/// What is read, as far as it has been said: for generated code.
#[doc(hidden)]
#[derive(Clone)]
pub struct Reading(pub(super) Read);

/// How far a query has come: for generated code.
#[doc(hidden)]
pub trait Stage: fmt::Debug {
    /// What is read.
    fn into_reading(self) -> Reading;
}

impl Stage for Reading {
    fn into_reading(self) -> Reading {
        self
    }
}

/// Reads a table or an index from beginning to end (`Scan`), and returns the `R`s in it. Items of other models are read and charged
/// too, and left out.
///
/// ```
/// # use example_models::catalogue::Book;
/// # example_models::examples::run(async |db| {
/// let mut books = Book::scan().filter(Book::YEAR.lt(1900)).items(&db);
/// while let Some(book) = books.next().await {
///     println!("{}", book?.title);
/// }
/// # Ok(()) });
/// ```
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

impl<R, S, K> Query<R, S, K> {
    pub(super) fn at(stage: K) -> Self {
        Query { stage, marker: PhantomData }
    }
}

impl<R: Record, S, K: From<Reading>> Query<R, S, K> {
    /// A read of `source`: for generated code.
    #[doc(hidden)]
    pub fn new(source: Source) -> Self {
        Self::from(Reading(Read::from(source)))
    }
}

impl<R, S, K: From<Reading>> From<Reading> for Query<R, S, K> {
    fn from(reading: Reading) -> Self {
        Query::at(K::from(reading))
    }
}

impl<R: Record, S, K: From<Reading>> From<Source> for Query<R, S, K> {
    fn from(source: Source) -> Self {
        Query::new(source)
    }
}

impl<R: Record, S: Partition, K: Stage> Query<R, S, K> {
    /// Reads from the greatest sort key to the least (`ScanIndexForward`).
    pub fn descending(self) -> Query<R, S> {
        self.with(|read| read.descending = true)
    }
}

impl<R: Record, S> Scan<R, S> {
    /// Reads one of `segments` parts, counted from 0, so that several workers share the scan.
    pub fn segment(self, segment: u32, segments: u32) -> Self {
        self.with(|read| read.segment = Some((segment, segments)))
    }

    /// Shares the scan among `segments` requests at a time, of which each reads its own part.
    pub fn parallel(self, segments: u32) -> Parallel<R> {
        Parallel::new(self.into_read(), Box::new(R::decode), segments)
    }
}

impl<R: Record, S, K: Stage> Query<R, S, K> {
    /// Keeps only items for which `condition` holds. A second one must hold too.
    ///
    /// DynamoDB filters after reading: items that are left out consume capacity, and count for a page's size. A collection takes
    /// conditions on any of its models, and keeps no item without the attributes that a condition compares.
    pub fn filter<M>(self, condition: Condition<M>) -> Query<R, S>
    where
        R: Holds<M>,
    {
        self.with(|read| read.filter = and(read.filter.take(), *condition.into_expression()))
    }

    /// Reads at most so many items per request, before the filter (`Limit`). Without it a page holds up to 1 MB.
    pub fn page_size(self, items: u32) -> Query<R, S> {
        self.with(|read| read.page_size = Some(items))
    }

    /// Ends after so many items, behind the filter.
    pub fn limit(self, items: u64) -> Query<R, S> {
        self.with(|read| read.limit = Some(items))
    }

    /// Begins behind the last item of an earlier page.
    pub fn start_at(self, cursor: Cursor) -> Query<R, S> {
        self.with(|read| read.start = Some(cursor))
    }

    /// Ends each request, of which a page is one, after `deadline`, instead of after the client's. A stream or a count takes as
    /// many as there are pages.
    pub fn deadline(self, deadline: Duration) -> Query<R, S> {
        self.with(|read| read.deadline = Some(deadline))
    }

    /// Reads what every earlier write left, at twice the capacity (`ConsistentRead`).
    pub fn consistent(self) -> Query<R, S>
    where
        S: Consistent,
    {
        self.with(|read| read.consistent = true)
    }

    /// Leaves out items that have expired, which DynamoDB deletes only later, within days. It is a
    /// [`filter`](Self::filter), and costs what one does.
    pub fn live_only(self) -> Query<R, S>
    where
        R: Expires,
    {
        self.with(|read| read.live = true)
    }

    /// Reads these attributes alone: `.select((Book::TITLE, Book::YEAR))`.
    pub fn select<T: Selection<R>>(self, selection: T) -> Selected<T::Values, S> {
        let mut read = self.into_read();
        let (attributes, decode) = of_shape(R::FACTS, read.index(), selection.into_parts());
        read.attributes = attributes;
        Selected { read, decode, marker: PhantomData }
    }

    /// Reads one page.
    ///
    /// # Errors
    /// The read is invalid (nothing was sent), or the request failed. An item that cannot be read is an error within the
    /// page.
    pub fn send(self, db: &Client) -> ResponseFuture<'_, Page<R>> {
        page(self.into_read(), db, R::decode)
    }

    /// A stream of every item, page after page.
    pub fn items(self, db: &Client) -> Items<R> {
        Items::new(self.into_read(), db, Box::new(R::decode))
    }

    /// Counts the items, over all pages (`Select = COUNT`). It consumes the capacity of reading them.
    ///
    /// # Errors
    /// The read is invalid (nothing was sent), or a request failed.
    pub fn count(self, db: &Client) -> ResponseFuture<'_, u64> {
        count(self.into_read(), db)
    }

    fn into_read(self) -> Read {
        self.stage.into_reading().0
    }

    fn with(self, change: impl FnOnce(&mut Read)) -> Query<R, S> {
        let mut read = self.into_read();
        change(&mut read);
        Query::at(Reading(read))
    }
}

impl<R: Record, S: Origin, K: Stage> Query<R, S, K> {
    /// The SDK's own request for the first page, filled in so far.
    ///
    /// # Errors
    /// The read is invalid.
    pub fn into_sdk(self, db: &Client) -> Result<S::SdkRequest> {
        let request = self.into_read().request(db, None, false)?;
        S::own(request).ok_or_else(|| Error::new(Reason::Construction, Context::model(R::FACTS)))
    }
}

impl<R, S, K: Stage> fmt::Debug for Query<R, S, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.stage.fmt(f)
    }
}

impl fmt::Debug for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Query").field("read", &self.0).finish()
    }
}

/// Reads chosen attributes of items.
///
/// ```
/// # use example_models::catalogue::Book;
/// # example_models::examples::run(async |db| {
/// let titles = Book::by_author("Jane Austen").select((Book::TITLE, Book::YEAR)).items(&db).all().await?;
/// assert_eq!(titles[0], ("Pride and Prejudice".to_owned(), 1813));
/// # Ok(()) });
/// ```
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

impl<T, S> fmt::Debug for Selected<T, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Selected").field("read", &self.read).finish_non_exhaustive()
    }
}

/// A read of one partition, whose key is still to be given: for generated code.
#[doc(hidden)]
pub fn query<R: Record>() -> Source {
    Source::query(R::FACTS)
}

/// A read of every item: for generated code.
#[doc(hidden)]
pub fn scan<R: Record>() -> Source {
    Source::scan(R::FACTS)
}
