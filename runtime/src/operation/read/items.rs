//! Streams over the items of all pages.

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
use crate::future::BoxFuture;
use crate::item::Item;
use crate::model_item::decode_fields;
use crate::operation::read::merge::Merge;
use crate::operation::read::request::{RawPage, Read, Reading};
use crate::operation::read::select::Decoder;

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
    /// The items of several partitions, in the place of pages.
    merge: Option<Merged>,
    ready: VecDeque<Result<T>>,
    decode: Decoder<T>,
}

struct Merged {
    items: Merge,
    reading: Reading,
}

impl<T> Items<T> {
    pub(crate) fn new(read: Read, db: &Client, decode: Decoder<T>) -> Self {
        let (facts, limit) = (read.facts(), read.limit);
        let Some(partitions) = read.source.partitions.clone() else {
            return Self::parallel(facts, std::iter::once(read), 1, limit, db, decode);
        };
        let reading = read.reading();
        let items = Merge::new(read, partitions, db);
        let merge = Some(Merged { items, reading });
        Items { merge, ..Self::parallel(facts, std::iter::empty(), 1, limit, db, decode) }
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
        Items { pages, merge: None, ready: VecDeque::new(), decode }
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
        let Items { pages, merge, ready, decode } = &mut *self;
        if let Some(merge) = merge {
            return merge.poll_next(pages, &**decode, context);
        }
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

impl Merged {
    /// The next item, if one may still be taken.
    fn poll_next<T>(
        &mut self,
        pages: &mut Pages,
        decode: &dyn Fn(Fields<'_>) -> Result<T, DecodeError>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<T>>> {
        if pages.left == 0 {
            return Poll::Ready(None);
        }
        let item = match ready!(self.items.poll_next(context)) {
            Some(Ok(item)) => item,
            Some(Err(error)) => {
                pages.end();
                return Poll::Ready(Some(Err(error)));
            }
            None => return Poll::Ready(None),
        };
        pages.take_one();
        let (reading, facts, db) = (self.reading, pages.facts, &pages.db);
        let table = || db.table_name(facts.table);
        let decode = |fields: Fields<'_>| reading.decode(fields, decode);
        Poll::Ready(Some(decode_fields(facts, None, &table, Fields::from(item), &decode)))
    }
}

impl<T> std::fmt::Debug for Items<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Items").field("model", &self.pages.facts.model).finish_non_exhaustive()
    }
}
