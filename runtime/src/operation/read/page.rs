//! Pages, and streams over all of them.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use futures_util::stream::FuturesUnordered;

use crate::client::Client;
use crate::decode::{DecodeError, Fields};
use crate::error::Result;
use crate::facts::Facts;
use crate::future::{BoxFuture, ResponseFuture, decoded};
use crate::item::Item;
use crate::model_item::decode_fields;
use crate::operation::read::cursor::Cursor;
use crate::operation::read::request::{RawPage, Read};
use crate::operation::read::select::Decoder;
use crate::wire::PageEnd;

/// One page of a query or scan: a result per item, and where the next page begins.
///
/// ```
/// # use example_models::catalogue::Book;
/// # example_models::examples::run(async |db| {
/// let first = Book::scan().limit(1).send(&db).await?;
/// let cursor = first.cursor().cloned().expect("there are two books");
/// let second = Book::scan().limit(1).start_at(cursor).send(&db).await?;
/// assert_eq!(second.items().len(), 1);
/// # Ok(()) });
/// ```
///
/// A page may be empty, and a next one follow all the same: DynamoDB filters after it has read.
#[derive(Debug)]
pub struct Page<T> {
    items: Vec<Result<T>>,
    cursor: Option<Cursor>,
    scanned: u64,
    consumed_capacity: Option<f64>,
}

impl<T> Page<T> {
    /// The items; one that is not what the declarations say is [an error](crate::Error::is_item_error) of its own.
    pub fn items(&self) -> &[Result<T>] {
        &self.items
    }

    /// The items, if all of them could be read.
    ///
    /// # Errors
    /// The first item's that could not.
    pub fn into_items(self) -> Result<Vec<T>> {
        let mut items = Vec::with_capacity(self.items.len());
        for item in self.items {
            items.push(item?);
        }
        Ok(items)
    }

    /// The items, and the cursor of the next page.
    pub fn into_parts(self) -> (Vec<Result<T>>, Option<Cursor>) {
        (self.items, self.cursor)
    }

    /// Where the next page begins; `None` if this is the last.
    pub fn cursor(&self) -> Option<&Cursor> {
        self.cursor.as_ref()
    }

    /// How many items were read before the filter.
    pub fn scanned(&self) -> u64 {
        self.scanned
    }

    /// The capacity units that the page consumed, where the client asks for them.
    pub fn consumed_capacity(&self) -> Option<f64> {
        self.consumed_capacity
    }
}

impl<T> IntoIterator for Page<T> {
    type Item = Result<T>;
    type IntoIter = std::vec::IntoIter<Result<T>>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.into_iter()
    }
}

pub(crate) fn page<'a, T: 'static>(
    read: Read,
    db: &'a Client,
    decode: impl Fn(Fields<'_>) -> Result<T, DecodeError> + Send + Sync + 'a,
) -> ResponseFuture<'a, Page<T>> {
    decoded(undecoded(read, db), move |page: Undecoded<'_>| page.decode(&decode))
}

/// A page as it is before its items are decoded.
struct Undecoded<'a> {
    read: Read,
    db: &'a Client,
    raw: RawPage,
}

fn undecoded(read: Read, db: &Client) -> BoxFuture<'_, Result<Undecoded<'_>>> {
    Box::pin(async move {
        let raw = read.page(db, None, false).await?;
        Ok(Undecoded { read, db, raw })
    })
}

impl Undecoded<'_> {
    fn decode<T>(self, decode: &dyn Fn(Fields<'_>) -> Result<T, DecodeError>) -> Result<Page<T>> {
        let (reading, db) = (self.read.reading(), self.db);
        let facts = reading.facts;
        let mut items = Vec::new();
        let (end, cursor) = self.read(&mut |index, fields| {
            items.truncate(index);
            let decode = |fields: Fields<'_>| reading.decode(fields, decode);
            items.push(decode_fields(facts, None, &|| db.table_name(facts.table), fields, &decode));
        })?;
        items.truncate(end.items);
        Ok(Page { items, cursor, scanned: end.scanned, consumed_capacity: end.capacity })
    }

    /// Shows the items to `visit` as far as the read wants them, and says where the next page begins.
    fn read(self, visit: &mut dyn FnMut(usize, Fields<'_>)) -> Result<(PageEnd, Option<Cursor>)> {
        let Undecoded { read, db, raw } = self;
        let keep = read.limit.map_or(usize::MAX, |limit| usize::try_from(limit).unwrap_or(usize::MAX));
        let mut last = None;
        let mut end = raw.read(keep, &mut |index, fields| {
            if index + 1 == keep {
                last = Some(read.key_of(&fields));
            }
            visit(index, fields);
        })?;
        if end.items > keep {
            // The items left out come first on the next page.
            end.next = last;
        }
        let cursor = end.next.take().map(|key| read.cursor(db, &key));
        Ok((end, cursor))
    }
}

pub(crate) fn count(mut read: Read, db: &Client) -> ResponseFuture<'_, u64> {
    ResponseFuture::new(async move {
        let (mut total, mut start) = (0, None);
        // An item that is an error has no place in a number.
        read.shows_untyped = false;
        // What their keys tell apart, DynamoDB does not count apart.
        let reads_keys = read.source.among_alike;
        if reads_keys {
            read.attributes = read.facts().table.key().map(|key| key.name).collect();
        }
        loop {
            let page = read.page(db, start, !reads_keys).await?.read(0, &mut |_, _| ())?;
            total += if reads_keys { page.items.try_into().unwrap_or(u64::MAX) } else { page.count };
            if let Some(limit) = read.limit.filter(|limit| total >= *limit) {
                return Ok(limit);
            }
            if page.next.is_none() {
                return Ok(total);
            }
            start = page.next;
        }
    })
}

/// A stream of every item of a query or scan, page after page.
///
/// ```
/// # use example_models::catalogue::Book;
/// # example_models::examples::run(async |db| {
/// let mut books = Book::by_author("Jane Austen").items(&db);
/// while let Some(book) = books.next().await {
///     println!("{}", book?.title);
/// }
/// # Ok(()) });
/// ```
///
/// An item that cannot be read yields its error, and the stream goes on; a failed request yields its error and ends
/// it. No request is under way while nothing polls.
#[must_use = "a stream does nothing until it is polled"]
pub struct Items<T> {
    pages: Pages,
    ready: VecDeque<Result<T>>,
    decode: Decoder<T>,
}

impl<T> Items<T> {
    pub(crate) fn new(read: Read, db: &Client, decode: Decoder<T>) -> Self {
        let (facts, limit) = (read.facts(), read.limit);
        Self::parallel(facts, std::iter::once(read), 1, limit, db, decode)
    }

    /// The items of several reads, of which at most `concurrency` are under way at a time.
    pub(crate) fn parallel(
        facts: &'static Facts,
        reads: impl Iterator<Item = Read> + Send + 'static,
        concurrency: usize,
        limit: Option<u64>,
        db: &Client,
        decode: Decoder<T>,
    ) -> Self {
        let pages = Pages {
            db: db.clone(),
            facts,
            active: FuturesUnordered::new(),
            arrived: VecDeque::new(),
            following: None,
            rest: Box::new(reads),
            concurrency,
            // The request for the first page refuses a limit of 0, as it does alone.
            left: limit.unwrap_or(u64::MAX).max(1),
        };
        Items { pages, ready: VecDeque::new(), decode }
    }

    /// The next item; `None` at the end.
    #[expect(clippy::should_implement_trait, reason = "it is the `next` of streams, which is awaited")]
    pub fn next(&mut self) -> NextItem<'_, T> {
        NextItem(self)
    }

    /// All items.
    ///
    /// # Errors
    /// The first error, whether of an item or of a request.
    pub fn all(self) -> AllItems<T> {
        AllItems { items: self, read: Vec::new() }
    }

    /// All items, gathered into what a collection groups them by: `let found: CustomerOrders = ….items(&db).gather().await?`.
    ///
    /// # Errors
    /// As [`all`](Self::all).
    pub async fn gather<C: FromIterator<T>>(self) -> Result<C> {
        self.all().await.map(C::from_iter)
    }
}

/// The next item of [`Items`], once it is awaited.
#[must_use = "nothing is read until it is awaited"]
#[derive(Debug)]
pub struct NextItem<'a, T>(&'a mut Items<T>);

impl<T> Future for NextItem<'_, T> {
    type Output = Option<Result<T>>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<T>>> {
        Pin::new(&mut *self.0).poll_next(context)
    }
}

/// All [`Items`] in their order, once it is awaited.
// Written by hand: the compiler looks into an `async` function wherever one is awaited.
#[must_use = "nothing is read until it is awaited"]
#[derive(Debug)]
pub struct AllItems<T> {
    items: Items<T>,
    read: Vec<T>,
}

impl<T> Unpin for AllItems<T> {}

impl<T> Future for AllItems<T> {
    type Output = Result<Vec<T>>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<Vec<T>>> {
        while let Some(item) = ready!(Pin::new(&mut self.items).poll_next(context)) {
            self.read.push(item?);
        }
        Poll::Ready(Ok(std::mem::take(&mut self.read)))
    }
}

/// The pages of one read, or of several at the same time, before they are decoded.
struct Pages {
    db: Client,
    facts: &'static Facts,
    /// The requests that are under way: one for each read that has begun and not ended, unless its page has arrived.
    active: FuturesUnordered<BoxFuture<'static, Arrived>>,
    arrived: VecDeque<Arrived>,
    /// Where the read goes on whose page was decoded last. It waits until the page's items have been taken.
    following: Option<(Read, Item)>,
    /// Those that have not begun.
    rest: Box<dyn Iterator<Item = Read> + Send>,
    concurrency: usize,
    /// How many items may still be taken.
    left: u64,
}

type Arrived = (Read, Result<RawPage>);

impl Pages {
    /// Lets the requests that are under way go on.
    fn go_on(&mut self, context: &mut Context<'_>) -> Poll<()> {
        match Pin::new(&mut self.active).poll_next(context) {
            Poll::Ready(Some(page)) => {
                self.arrived.push_back(page);
                Poll::Ready(())
            }
            Poll::Ready(None) => Poll::Ready(()),
            Poll::Pending => Poll::Pending,
        }
    }

    /// The next page, once every item of the one before has been taken.
    fn next(&mut self, context: &mut Context<'_>) -> Poll<Option<Arrived>> {
        loop {
            if let Some((read, start)) = self.following.take() {
                self.begin(read, Some(start));
            }
            if let Some(page) = self.arrived.pop_front() {
                return Poll::Ready(Some(page));
            }
            let progress = self.go_on(context);
            if !self.arrived.is_empty() {
                continue;
            }
            // A read that has ended makes room for the next.
            if self.active.len() < self.concurrency
                && let Some(read) = self.rest.next()
            {
                self.begin(read, None);
            } else if self.active.is_empty() {
                return Poll::Ready(None);
            } else {
                ready!(progress);
            }
        }
    }

    fn begin(&mut self, read: Read, start: Option<Item>) {
        let db = self.db.clone();
        self.active.push(Box::pin(async move {
            let page = read.page(&db, start, false).await;
            (read, page)
        }));
    }

    /// Shows the items of a page to `visit`, as far as they are wanted, and says how many there are.
    fn read(&mut self, arrived: Arrived, visit: &mut dyn FnMut(usize, Fields<'_>)) -> Result<usize> {
        let (read, page) = arrived;
        let wanted = usize::try_from(self.left).unwrap_or(usize::MAX);
        let end = page.and_then(|page| page.read(wanted, visit)).inspect_err(|_| self.end())?;
        self.following = end.next.map(|next| (read, next));
        Ok(end.items)
    }

    /// Takes an item.
    fn take_one(&mut self) {
        self.left -= 1;
        if self.left == 0 {
            self.end();
        }
    }

    fn end(&mut self) {
        self.left = 0;
        self.active.clear();
        self.arrived.clear();
    }
}

impl<T> Unpin for Items<T> {}

impl<T> Stream for Items<T> {
    type Item = Result<T>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<T>>> {
        let Items { pages, ready, decode } = &mut *self;
        loop {
            if pages.left == 0 {
                return Poll::Ready(None);
            }
            if let Some(item) = ready.pop_front() {
                // Other reads go on while the items of this one are taken.
                if !pages.active.is_empty() {
                    let _ = pages.go_on(context);
                }
                pages.take_one();
                return Poll::Ready(Some(item));
            }
            let Some(arrived) = ready!(pages.next(context)) else { return Poll::Ready(None) };
            let (reading, db) = (arrived.0.reading(), pages.db.clone());
            let facts = pages.facts;
            let read = pages.read(arrived, &mut |index, fields| {
                ready.truncate(index);
                ready.push_back(decode_fields(
                    facts,
                    None,
                    &|| db.table_name(facts.table),
                    fields,
                    &|fields| reading.decode(fields, &**decode),
                ));
            });
            match read {
                Ok(items) => ready.truncate(items),
                Err(error) => {
                    ready.clear();
                    return Poll::Ready(Some(Err(error)));
                }
            }
        }
    }
}

impl<T> std::fmt::Debug for Items<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Items").field("model", &self.pages.facts.model).finish_non_exhaustive()
    }
}
