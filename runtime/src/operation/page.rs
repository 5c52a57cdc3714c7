//! Pages, and streams over all of them.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use futures_util::stream::SelectAll;

use super::cursor::Cursor;
use super::read::{RawPage, Read};
use super::select::Decoder;
use super::{BoxFuture, ResponseFuture, decoded};
use crate::client::Client;
use crate::decode::{DecodeError, Fields, Item};
use crate::error::Result;
use crate::item_key::ItemKey;
use crate::model::{Facts, decode_with};
use crate::table::Index;

/// One page of a query or scan: a result per item, and where the next page begins.
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

pub(super) fn page<'a, T: 'static>(
    read: Read,
    db: &'a Client,
    decode: impl Fn(Fields, &ItemKey) -> Result<T, DecodeError> + Send + Sync + 'a,
) -> ResponseFuture<'a, Page<T>> {
    decoded(undecoded(read, db), move |page: Undecoded| {
        let Undecoded { facts, index, table, items: raw, cursor, scanned, consumed_capacity } = page;
        let mut items = Vec::with_capacity(raw.len());
        for item in raw {
            items.push(decode_with(facts, &table, index, item, &decode));
        }
        Ok(Page { items, cursor, scanned, consumed_capacity })
    })
}

/// A page as it is before its items are decoded.
struct Undecoded {
    facts: &'static Facts,
    index: Option<&'static Index>,
    table: String,
    items: Vec<Item>,
    cursor: Option<Cursor>,
    scanned: u64,
    consumed_capacity: Option<f64>,
}

fn undecoded(read: Read, db: &Client) -> BoxFuture<'_, Result<Undecoded>> {
    Box::pin(async move {
        let RawPage { mut items, mut next, scanned, consumed, .. } = read.page(db, None, false).await?;
        let keep = read.limit.map_or(usize::MAX, |limit| usize::try_from(limit).unwrap_or(usize::MAX));
        if items.len() > keep {
            // The items left out come first on the next page.
            items.truncate(keep);
            next = items.last().map(|last| read.key_of(last));
        }
        let facts = read.facts();
        Ok(Undecoded {
            facts,
            index: read.source.index,
            table: db.table_name(facts.table),
            items,
            cursor: next.map(|key| read.cursor(db, &key)),
            scanned,
            consumed_capacity: consumed.and_then(|consumed| consumed.capacity_units()),
        })
    })
}

pub(super) fn count(read: Read, db: &Client) -> ResponseFuture<'_, u64> {
    ResponseFuture::new(async move {
        let (mut total, mut start) = (0, None);
        loop {
            let page = read.page(db, start, true).await?;
            total += page.count;
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
/// An item that cannot be read yields its error, and the stream goes on; a failed request yields its error and ends
/// it. No request is under way while nothing polls.
#[must_use = "a stream does nothing until it is polled"]
pub struct Items<T> {
    facts: &'static Facts,
    index: Option<&'static Index>,
    table: String,
    raw: Raw,
    decode: Decoder<T>,
}

/// The stream of the items before they are decoded.
enum Raw {
    Pages(Box<RawItems>),
    Segments(RawSegments),
}

/// Several reads at the same time.
struct RawSegments {
    db: Client,
    active: SelectAll<RawItems>,
    concurrency: usize,
    /// Those that have not begun.
    rest: Box<dyn Iterator<Item = Read> + Send>,
    left: u64,
}

/// The items of one read before they are decoded.
struct RawItems {
    db: Client,
    /// What to read when `ready` is used up; none at the end, or while a request is under way.
    read: Option<(Read, Option<Item>)>,
    request: Option<BoxFuture<'static, (Read, Result<RawPage>)>>,
    ready: VecDeque<Item>,
    left: u64,
}

impl<T> Items<T> {
    pub(super) fn new(read: Read, db: &Client, decode: Decoder<T>) -> Self {
        let (facts, index) = (read.facts(), read.source.index);
        let raw = Raw::Pages(Box::new(RawItems::new(read, db)));
        Items { facts, index, table: db.table_name(facts.table), raw, decode }
    }

    /// The items of several reads, of which at most `concurrency` are under way at a time.
    pub(super) fn parallel(
        facts: &'static Facts,
        index: Option<&'static Index>,
        reads: impl Iterator<Item = Read> + Send + 'static,
        concurrency: usize,
        limit: Option<u64>,
        db: &Client,
        decode: Decoder<T>,
    ) -> Self {
        let raw = RawSegments {
            db: db.clone(),
            active: SelectAll::new(),
            concurrency,
            rest: Box::new(reads),
            left: limit.unwrap_or(u64::MAX),
        };
        Items { facts, index, table: db.table_name(facts.table), raw: Raw::Segments(raw), decode }
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

impl RawItems {
    fn new(read: Read, db: &Client) -> Self {
        RawItems {
            db: db.clone(),
            left: read.limit.unwrap_or(u64::MAX),
            read: Some((read, None)),
            request: None,
            ready: VecDeque::new(),
        }
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Item>>> {
        loop {
            if self.left == 0 {
                return Poll::Ready(None);
            }
            if let Some(item) = self.ready.pop_front() {
                self.left -= 1;
                return Poll::Ready(Some(Ok(item)));
            }
            if let Some((read, start)) = self.read.take() {
                let db = self.db.clone();
                self.request = Some(Box::pin(async move {
                    let page = read.page(&db, start, false).await;
                    (read, page)
                }));
            }
            let Some(request) = &mut self.request else { return Poll::Ready(None) };
            let (read, page) = ready!(request.as_mut().poll(context));
            self.request = None;
            match page {
                Err(error) => return Poll::Ready(Some(Err(error))),
                Ok(page) => {
                    self.ready = page.items.into();
                    self.read = page.next.map(|next| (read, Some(next)));
                }
            }
        }
    }
}

impl Stream for RawItems {
    type Item = Result<Item>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Item>>> {
        self.poll(context)
    }
}

impl RawSegments {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Item>>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        loop {
            let next = Pin::new(&mut self.active).poll_next(context);
            if let Poll::Ready(Some(item)) = next {
                self.left = if item.is_ok() { self.left - 1 } else { 0 };
                if self.left == 0 {
                    self.active.clear();
                }
                return Poll::Ready(Some(item));
            }
            // A read that has ended makes room for the next.
            match self.rest.by_ref().take(self.concurrency - self.active.len()).next() {
                Some(read) => self.active.push(RawItems::new(read, &self.db)),
                None => return next,
            }
        }
    }
}

impl<T> Unpin for Items<T> {}

impl<T> Stream for Items<T> {
    type Item = Result<T>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<T>>> {
        let Items { facts, index, table, raw, decode } = &mut *self;
        let next = match raw {
            Raw::Pages(pages) => pages.poll(context),
            Raw::Segments(segments) => segments.poll(context),
        };
        Poll::Ready(match ready!(next) {
            Some(Ok(item)) => Some(decode_with(facts, table, *index, item, &**decode)),
            Some(Err(error)) => Some(Err(error)),
            None => None,
        })
    }
}

impl<T> std::fmt::Debug for Items<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Items").field("table", &self.table).finish_non_exhaustive()
    }
}
