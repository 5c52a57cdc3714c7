//! Batches of puts and deletes: `BatchWriteItem`, as many times as it takes.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use aws_sdk_dynamodb::types::{DeleteRequest, PutRequest, WriteRequest};
use futures_util::StreamExt;

use crate::client::{Call, Client, Deadline};
use crate::encode::EncodedItem;
use crate::error::{BoxError, Context, Error, Reason, Result};
use crate::facts::Facts;
use crate::future::ResponseFuture;
use crate::hooks;
use crate::item::Item;
use crate::operation::batch::{CONCURRENT_BATCHES, chunks};
use crate::operation::keys::{KeyId, key_text};
use crate::operation::patience::Patience;
use crate::stamp::Stamp;
use crate::table::Table;
use crate::validation::Violation;
use crate::wire::{Large, TableRequest};

/// Puts and deletes of any models, any number of them (`BatchWriteItem`).
///
/// ```
/// # use dynamorm::Operations;
/// # use example_models::catalogue::Book;
/// # example_models::examples::run(async |db| {
/// let emma = Book::get("9780141439587").send(&db).await?.expect("it is stored");
/// dynamorm::batch_write().put(&emma).delete::<Book>("9780141439518").send(&db).await?;
/// # Ok(()) });
/// ```
///
/// They are sent in batches of 25, several at once, in no particular order. Requests that DynamoDB leaves unprocessed are sent
/// again until they are done or there is no progress. A batch is no transaction: it may be done in part, and then the error has
/// [the rest](Error::into_unwritten), ready to be sent again. Batches know no conditions.
///
/// ```
/// # async fn example(db: dynamorm::Client) -> dynamorm::Result<()> {
/// let rest = match dynamorm::batch_write().send(&db).await {
///     Ok(()) => None,
///     Err(error) => error.into_unwritten(),
/// };
/// # let _ = rest; Ok(()) }
/// ```
#[must_use = "nothing is written until `.send(&db)`"]
#[derive(Clone, Debug, Default)]
pub struct BatchWrite {
    pub(crate) entries: Vec<Entry>,
    violations: Vec<Violation>,
    deadline: Option<Duration>,
}

#[derive(Clone)]
pub(crate) struct Entry {
    pub(crate) facts: &'static Facts,
    /// The whole item of a put, or the key of a delete.
    pub(crate) item: EncodedItem,
    pub(crate) put: bool,
}

/// One request of a batch, as it would be sent.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub enum BatchRequest {
    /// A whole item.
    Put {
        /// The item's model.
        model: &'static str,
        /// The item.
        item: Item,
    },
    /// The item with this key.
    Delete {
        /// The item's model.
        model: &'static str,
        /// The key.
        key: Item,
    },
}

impl BatchWrite {
    /// Gives up after `deadline`, with the rest in the error. Without it, the batch ends when there is no progress, and each of
    /// its requests has the client's deadline.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// How many requests there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is no request.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Every request.
    pub fn into_requests(self) -> Vec<BatchRequest> {
        let request = |Entry { facts, item, put }| match put {
            true => BatchRequest::Put { model: facts.model, item: item.into_map() },
            false => BatchRequest::Delete { model: facts.model, key: item.into_map() },
        };
        self.entries.into_iter().map(request).collect()
    }

    /// Sends every request.
    ///
    /// # Errors
    /// An item or key is invalid, or two requests are about one item (nothing was sent); or not everything was written, and the
    /// error has [the rest](Error::into_unwritten). If no request failed but DynamoDB left some unprocessed, the error [is
    /// "incomplete"](Error::is_incomplete).
    pub fn send(self, db: &Client) -> ResponseFuture<'_, ()> {
        send(self, db)
    }

    /// Notes violations of the next request.
    pub(crate) fn refuse(&mut self, violations: &[Violation]) {
        let position = self.entries.len();
        self.violations.extend(violations.iter().map(|violation| violation.within_element(position)));
    }

    /// Runs the hooks before the requests. They may change the items.
    async fn before(&mut self, db: &Client) -> Result<()> {
        for entry in &mut self.entries {
            if entry.put {
                hooks::before_put(db, entry.facts, entry.item.as_map()).await?;
            } else {
                hooks::before_delete(db, entry.facts, entry.item.as_map()).await?;
            }
        }
        self.check_duplicates();
        let violations = std::mem::take(&mut self.violations);
        if violations.is_empty() { Ok(()) } else { Err(Error::validation(Context::default(), violations)) }
    }

    fn check_duplicates(&mut self) {
        let mut first = HashMap::with_capacity(self.entries.len());
        for (position, entry) in self.entries.iter().enumerate() {
            let identity = (entry.facts.table.name, KeyId::of(entry.facts, &entry.item));
            if let Some(other) = first.insert(identity, position) {
                let message =
                    format!("concerns the same item as [{other}], which DynamoDB refuses in a batch");
                self.violations.push(Violation::new(format!("[{position}]"), message));
            }
        }
    }
}

/// The outcome of one of DynamoDB's batches.
struct Outcome {
    left: Vec<Entry>,
    error: Option<Error>,
}

pub(crate) fn send(mut batch: BatchWrite, db: &Client) -> ResponseFuture<'_, ()> {
    ResponseFuture::new(async move {
        let deadline = Deadline::after(batch.deadline, db);
        batch.check_duplicates();
        if !batch.violations.is_empty() {
            return Err(Error::validation(Context::default(), batch.violations));
        }
        if db.has_hooks() {
            deadline.bound(batch.before(db), db).await??;
        }
        for entry in batch.entries.iter_mut().filter(|entry| entry.put) {
            if let Some(managed) = entry.facts.managed {
                let written = managed
                    .next(None, Stamp::new(db))
                    .map_err(|violation| Error::validation(Context::model(entry.facts), vec![*violation]))
                    .map_err(|error| error.at(entry.facts, &entry.item, db))?;
                written.add_to(entry.item.as_map());
            }
        }
        let all = if db.has_hooks() { batch.entries.clone() } else { Vec::new() };
        batch.entries.iter().try_for_each(|entry| db.admit(entry.facts, &entry.item))?;
        let batches = chunks(batch.entries, 25, |entry| entry.item.wire_size());
        let outcomes: Vec<Outcome> = futures_util::stream::iter(batches)
            .map(|entries| write(entries, deadline, db))
            .buffer_unordered(CONCURRENT_BATCHES)
            .collect()
            .await;
        let mut rest = BatchWrite { deadline: batch.deadline, ..BatchWrite::default() };
        let mut first_error = None;
        for outcome in outcomes {
            rest.entries.extend(outcome.left);
            first_error = first_error.or(outcome.error);
        }
        if !all.is_empty() {
            after(all, &rest.entries, db).await;
        }
        if rest.entries.is_empty() {
            return Ok(());
        }
        let incomplete = || {
            let context = Context { operation: Some("BatchWriteItem"), ..Context::default() };
            Error::new(Reason::Incomplete(rest.len()), context)
        };
        Err(first_error.unwrap_or_else(incomplete).with_rest(rest))
    })
}

/// Runs the hooks after the requests that have been carried out.
async fn after(all: Vec<Entry>, rest: &[Entry], db: &Client) {
    let rest: HashSet<_> = rest.iter().map(|entry| identity(entry, db)).collect();
    for entry in all {
        if rest.contains(&identity(&entry, db)) {
            continue;
        }
        let item = entry.item.into_map();
        if entry.put {
            hooks::after_put(db, entry.facts, &item).await;
        } else {
            hooks::after_delete(db, entry.facts, &item).await;
        }
    }
}

async fn write(mut entries: Vec<Entry>, deadline: Deadline, db: &Client) -> Outcome {
    let mut patience = Patience::within(deadline);
    loop {
        let context = Context { table: table_names(&entries, db), ..Context::default() };
        let mut call = Call::new(db, "BatchWriteItem", context, deadline.or_request(db));
        let (requests, large) = match requests(&entries, db) {
            Ok(requests) => requests,
            Err(error) => return Outcome { left: entries, error: Some(Error::construction(error)) },
        };
        let request = db
            .sdk()
            .batch_write_item()
            .set_request_items(Some(requests))
            .set_return_consumed_capacity(db.consumed_capacity());
        call.complete(large);
        let output = match call.run(Box::pin(request.send()).as_mut()).await {
            Ok(output) => output,
            Err(error) => return Outcome { left: entries, error: Some(error) },
        };
        let before = entries.len();
        match output.unprocessed_items.filter(|left| !left.is_empty()) {
            Some(left) => {
                let left = unprocessed(&entries, left, db);
                entries.retain(|entry| left.contains(&identity(entry, db)));
            }
            None => entries.clear(),
        }
        call.record(before - entries.len(), output.consumed_capacity.unwrap_or_default().first());
        if entries.is_empty() || !patience.wait(db, entries.len() < before).await {
            return Outcome { left: entries, error: None };
        }
    }
}

/// The requests of each table.
type Requests = HashMap<String, Vec<WriteRequest>>;

/// The requests of a batch; or no requests yet for each table, and the parts that complete them.
fn requests(entries: &[Entry], db: &Client) -> Result<(Requests, Option<Large>), BoxError> {
    if db.is_wire_decoding()
        && let Some(tables) = tables_as_json(entries, db)
    {
        let requests = tables.iter().map(|(table, _)| (table.clone(), Vec::new())).collect();
        return Ok((requests, Some(Large::Tables(tables))));
    }
    let mut requests = Requests::new();
    for entry in entries {
        let request = WriteRequest::builder();
        let item = Some(entry.item.clone().into_map());
        let request = match entry.put {
            true => request.put_request(PutRequest::builder().set_item(item).build()?),
            false => request.delete_request(DeleteRequest::builder().set_key(item).build()?),
        };
        requests.entry(db.table_name(entry.facts.table)).or_default().push(request.build());
    }
    Ok((requests, None))
}

/// The requests of each table, with their items as JSON; none if an item has no JSON.
fn tables_as_json(entries: &[Entry], db: &Client) -> Option<Vec<(String, Vec<TableRequest>)>> {
    let mut tables: Vec<(String, Vec<TableRequest>)> = Vec::new();
    let mut known: Option<(&'static Table, usize)> = None;
    for entry in entries {
        let table = entry.facts.table;
        let index = match known {
            Some((known, index)) if std::ptr::eq(known, table) => index,
            _ => {
                let name = db.table_name(table);
                tables.iter().position(|(known, _)| *known == name).unwrap_or_else(|| {
                    tables.push((name, Vec::with_capacity(entries.len())));
                    tables.len() - 1
                })
            }
        };
        known = Some((table, index));
        let json = entry.item.to_json()?;
        tables.get_mut(index)?.1.push(if entry.put {
            TableRequest::Put(json)
        } else {
            TableRequest::Delete(json)
        });
    }
    Some(tables)
}

/// A table's name and an item's key.
type ItemId = (String, String);

fn identity(entry: &Entry, db: &Client) -> ItemId {
    (db.table_name(entry.facts.table), key_text(entry.facts, &entry.item))
}

/// Which items of a batch DynamoDB left unprocessed.
fn unprocessed(
    entries: &[Entry],
    unprocessed: HashMap<String, Vec<WriteRequest>>,
    db: &Client,
) -> HashSet<ItemId> {
    let facts: HashMap<String, &'static Facts> =
        entries.iter().map(|entry| (db.table_name(entry.facts.table), entry.facts)).collect();
    let mut left = HashSet::new();
    for (table, requests) in unprocessed {
        let Some(facts) = facts.get(&table) else { continue };
        for request in requests {
            let put = request.put_request.map(|put| put.item);
            let item = put.or(request.delete_request.map(|delete| delete.key)).unwrap_or_default();
            left.insert((table.clone(), key_text(facts, &item)));
        }
    }
    left
}

fn table_names(entries: &[Entry], db: &Client) -> Option<String> {
    let mut tables: Vec<_> = entries.iter().map(|entry| entry.facts.table).collect();
    tables.dedup_by_key(|table| table.name);
    let mut names: Vec<_> = tables.into_iter().map(|table| db.table_name(table)).collect();
    names.sort();
    names.dedup();
    Some(names.join(", "))
}

impl Error {
    /// The requests of a batch that may not have been carried out, ready to be sent again. Repeating puts and deletes is safe.
    pub fn into_unwritten(self) -> Option<BatchWrite> {
        self.into_rest()
    }
}
