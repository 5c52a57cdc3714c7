//! Pages.

use crate::client::Client;
use crate::decode::{DecodeError, Fields};
use crate::error::Result;
use crate::future::{BoxFuture, ResponseFuture, decoded};
use crate::item::Item;
use crate::model_item::decode_fields;
use crate::operation::read::cursor::Cursor;
use crate::operation::read::merge::{Merge, Told};
use crate::operation::read::partitions::Partitions;
use crate::operation::read::request::{RawPage, Read};

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
/// An empty page may be followed by others, because DynamoDB filters after reading.
#[derive(Debug)]
pub struct Page<T> {
    items: Vec<Result<T>>,
    cursor: Option<Cursor>,
    scanned: u64,
    requests: u64,
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
    /// The first item's error.
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

    /// How many pages were requested of DynamoDB: one, or as many as a read of several partitions takes. A request that is sent
    /// again after a failure counts once.
    pub fn requests(&self) -> u64 {
        self.requests
    }

    /// The capacity units that the page consumed, if the client asks for them.
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

/// A page whose items are not decoded yet.
struct Undecoded<'a> {
    read: Read,
    db: &'a Client,
    items: UndecodedItems,
}

#[expect(clippy::large_enum_variant, reason = "there is one for each call, and the larger one is the usual")]
enum UndecodedItems {
    Page(RawPage),
    /// Those of several partitions, whether there may be more of them, and what their requests said.
    Merged(Vec<Item>, bool, Told),
}

fn undecoded(read: Read, db: &Client) -> BoxFuture<'_, Result<Undecoded<'_>>> {
    Box::pin(async move {
        let items = match read.source.partitions.clone() {
            Some(partitions) => merged(&read, partitions, db).await?,
            None => UndecodedItems::Page(read.page(db, None, false).await?),
        };
        Ok(Undecoded { read, db, items })
    })
}

/// As many items as are wanted. Without a limit these are those that one request for each shard gives, of the first bucket that
/// has any.
async fn merged(read: &Read, partitions: Partitions, db: &Client) -> Result<UndecodedItems> {
    let mut merge = Merge::new(read.clone(), partitions, db);
    // A request refuses a limit of 0.
    let limit = read.limit.map(|limit| usize::try_from(limit.max(1)).unwrap_or(usize::MAX));
    let mut items = Vec::new();
    let is_full = |items: &Vec<Item>, merge: &Merge| match limit {
        Some(limit) => items.len() >= limit,
        None => !items.is_empty() && merge.needs_request(),
    };
    while !is_full(&items, &merge) {
        match merge.next().await? {
            Some(item) => items.push(item),
            None => break,
        }
    }
    Ok(UndecodedItems::Merged(items, merge.may_go_on(), merge.told()))
}

impl Undecoded<'_> {
    fn decode<T>(self, decode: &dyn Fn(Fields<'_>) -> Result<T, DecodeError>) -> Result<Page<T>> {
        let (reading, db) = (self.read.reading(), self.db);
        let facts = reading.facts;
        let mut items = Vec::new();
        let end = self.read(&mut |index, fields| {
            items.truncate(index);
            let decode = |fields: Fields<'_>| reading.decode(fields, decode);
            items.push(decode_fields(facts, None, &|| db.table_name(facts.table), fields, &decode));
        })?;
        items.truncate(end.items);
        let ReadEnd { cursor, told: Told { requests, scanned, capacity }, .. } = end;
        Ok(Page { items, cursor, scanned, requests, consumed_capacity: capacity })
    }

    /// Passes the wanted items to `visit`, and returns where the next page begins.
    fn read(self, visit: &mut dyn FnMut(usize, Fields<'_>)) -> Result<ReadEnd> {
        let Undecoded { read, db, items } = self;
        let raw = match items {
            UndecodedItems::Page(raw) => raw,
            UndecodedItems::Merged(items, may_go_on, told) => {
                let last = items.last().filter(|_| may_go_on);
                let cursor = last.map(|last| read.cursor(db, last));
                let end = ReadEnd { items: items.len(), cursor, told };
                for (index, item) in items.into_iter().enumerate() {
                    visit(index, Fields::from(item));
                }
                return Ok(end);
            }
        };
        let keep = read.limit.map_or(usize::MAX, |limit| usize::try_from(limit).unwrap_or(usize::MAX));
        let mut last = None;
        let mut end = raw.read(keep, &mut |index, fields| {
            if index + 1 == keep {
                last = Some(read.key_of(&fields));
            }
            visit(index, fields);
        })?;
        if end.items > keep {
            // The items that are left out come first on the next page.
            end.next = last;
        }
        let cursor = end.next.take().map(|key| read.cursor(db, &key));
        let told = Told { requests: 1, scanned: end.scanned, capacity: end.capacity };
        Ok(ReadEnd { items: end.items, cursor, told })
    }
}

/// What a page says besides its items.
struct ReadEnd {
    /// How many items there are.
    items: usize,
    cursor: Option<Cursor>,
    told: Told,
}
