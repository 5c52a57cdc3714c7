//! `TransactWriteItems`.

use std::collections::HashMap;
use std::fmt;
use std::pin::pin;
use std::time::Duration;

use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{CancellationReason, TransactWriteItem};
use uuid::Uuid;

use super::MAXIMUM_OPERATIONS;
use crate::client::{Call, Client};
use crate::decode::Item;
use crate::error::{Context, Error, ErrorKind, Result};
use crate::hooks::{self, Changed};
use crate::managed::Written;
use crate::model::{Facts, Model};
use crate::operation::batch::{Patience, key_text};
use crate::operation::unique::{self, Guard};
use crate::operation::write::Meaning;
use crate::operation::{BoxFuture, ConditionCheck, Delete, Put, Update, Upsert};
use crate::operation::{check, delete, put, unique_conflict, update};
use crate::validation::Violation;

/// Writes of any models and tables that are carried out all together or not at all (`TransactWriteItems`): at most 100,
/// of at most 4 MB in all, one per item.
///
/// A request that is sent again because its response was lost is carried out once: every transaction has an idempotency
/// token. It is also sent again where throttling or other transactions were in its way, and never after a condition
/// failed. If it [is cancelled](Error::is_cancelled), [`Error::cancellations`] says by which operations and why.
#[must_use = "nothing is written until `.send(&db)`"]
#[derive(Default)]
pub struct Transaction<'a> {
    operations: Vec<Operation>,
    /// What takes over what the runtime wrote with an operation, by its position.
    write_backs: Vec<(usize, WriteBack<'a>)>,
    token: Option<String>,
    deadline: Option<Duration>,
}

type WriteBack<'a> = Box<dyn FnOnce(&Written) + Send + 'a>;

/// A put that can be part of a transaction.
#[diagnostic::on_unimplemented(message = "`{Self}` is not a put of a model")]
pub trait TransactionPut<'a> {
    #[doc(hidden)]
    fn into_parts(self) -> (PutPart, Option<WriteBack<'a>>);
}

/// A put as part of a transaction.
#[doc(hidden)]
pub struct PutPart(put::Core);

/// An update that can be part of a transaction.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be part of a transaction, which returns no item",
    label = "expected an update by key, without `return_new`",
    note = "in place of `order.update_this()`: `Order::update(&order).expect_version(order.version)`; then read the item again"
)]
pub trait TransactionUpdate {
    #[doc(hidden)]
    fn into_part(self) -> UpdatePart;
}

/// An update as part of a transaction.
#[doc(hidden)]
pub struct UpdatePart(Box<update::Core>);

impl<M: Model> TransactionUpdate for Update<M> {
    fn into_part(self) -> UpdatePart {
        UpdatePart(self.into_core())
    }
}

impl<'a, M: Model> TransactionPut<'a> for Put<M> {
    fn into_parts(self) -> (PutPart, Option<WriteBack<'a>>) {
        (PutPart(self.into_parts().0), None)
    }
}

impl<'a, M: Model> TransactionPut<'a> for Put<M, &'a mut M> {
    fn into_parts(self) -> (PutPart, Option<WriteBack<'a>>) {
        let (core, model) = self.into_parts();
        (PutPart(core), Some(Box::new(|written| written.write_into(model))))
    }
}

#[derive(Debug)]
enum Operation {
    Put(put::Core),
    Update(Box<update::Core>),
    Delete(delete::Core),
    Check(check::Core),
}

/// What hooks after an operation are to see.
enum Done {
    Put { is_hooked: bool },
    Update(Changed),
    Delete(&'static Facts, Item),
    Checked,
}

impl Operation {
    /// Whether it depends on what is read of its item before it is sent.
    fn reads(&self) -> bool {
        match self {
            Operation::Put(put) => put.reads(),
            Operation::Delete(delete) => delete.reads(),
            Operation::Update(_) | Operation::Check(_) => false,
        }
    }

    /// The same operations, if any of them depends on what is read.
    fn again(operations: &[Operation]) -> Option<Vec<Operation>> {
        if !operations.iter().any(Operation::reads) {
            return None;
        }
        let again = operations.iter().map(|operation| {
            Some(match operation {
                Operation::Put(put) => Operation::Put(put.again()?),
                Operation::Update(update) => Operation::Update(update.clone()),
                Operation::Delete(delete) => Operation::Delete(delete.clone()),
                Operation::Check(check) => Operation::Check(check.clone()),
            })
        });
        again.collect()
    }

    /// Runs the hooks before it.
    async fn before(&mut self, db: &Client) -> Result<Done> {
        Ok(match self {
            Operation::Put(put) => Done::Put { is_hooked: put.before(db).await? },
            Operation::Update(update) => Done::Update(update.before(db).await?),
            Operation::Delete(delete) => {
                let (facts, key) = delete.before(db).await?;
                Done::Delete(facts, key)
            }
            Operation::Check(_) => Done::Checked,
        })
    }
}

impl Done {
    /// Runs the hooks after it.
    async fn after(&self, part: &mut WritePart, db: &Client) {
        match self {
            // The key of a put is its whole item.
            Done::Put { is_hooked } => {
                if *is_hooked {
                    part.written.set_hooked(part.key.clone());
                }
                hooks::after_put(db, part.facts, &part.key).await;
            }
            Done::Update(changed) => hooks::after_update(db, changed).await,
            Done::Delete(facts, key) => hooks::after_delete(db, facts, key).await,
            Done::Checked => {}
        }
    }
}

/// One operation, ready to be sent.
#[derive(Clone)]
pub(in crate::operation) struct WritePart {
    pub facts: &'static Facts,
    /// The item's key, with or without its other attributes.
    pub key: Item,
    pub part: TransactWriteItem,
    /// About how many bytes it counts.
    pub size: usize,
    /// What it means when its condition fails.
    pub meaning: Meaning,
    /// What the runtime wrote itself.
    pub written: Written,
    /// The position of its operation in the transaction.
    pub position: usize,
    pub role: Role,
}

/// What a part is in a transaction.
#[derive(Clone, Debug)]
pub(in crate::operation) enum Role {
    /// What the caller asked for.
    Operation,
    /// A guard of a unique value that goes with an operation.
    Guard(Guard),
    /// What else goes with an operation.
    Beside,
}

impl WritePart {
    fn is_operation(&self) -> bool {
        matches!(self.role, Role::Operation)
    }

    /// The item that it concerns in the caller's eyes, and whose errors are.
    fn subject(&self) -> &Item {
        match &self.role {
            Role::Guard(guard) => &guard.owner,
            Role::Operation | Role::Beside => &self.key,
        }
    }
}

const MAXIMUM_BYTES: usize = 4 * 1024 * 1024;
const MAXIMUM_TOKEN_CHARACTERS: usize = 36;

impl<'a> Transaction<'a> {
    /// Puts an item. What is managed of it is written back into the value once the transaction has succeeded.
    pub fn put(mut self, put: impl TransactionPut<'a>) -> Self {
        let (PutPart(core), write_back) = put.into_parts();
        self.write_backs.extend(write_back.map(|write_back| (self.operations.len(), write_back)));
        self.operations.push(Operation::Put(core));
        self
    }

    /// Updates an item.
    pub fn update(mut self, update: impl TransactionUpdate) -> Self {
        self.operations.push(Operation::Update(update.into_part().0));
        self
    }

    /// Updates an item, or creates it.
    pub fn upsert<M: Model>(mut self, upsert: Upsert<M>) -> Self {
        self.operations.push(Operation::Update(upsert.into_core()));
        self
    }

    pub(in crate::operation) fn with_put(mut self, put: put::Core) -> Self {
        self.operations.push(Operation::Put(put));
        self
    }

    pub(in crate::operation) fn with_update(mut self, update: Box<update::Core>) -> Self {
        self.operations.push(Operation::Update(update));
        self
    }

    /// Deletes an item.
    pub fn delete<M: Model>(mut self, delete: Delete<M>) -> Self {
        self.operations.push(Operation::Delete(delete.into_core()));
        self
    }

    /// Demands something of an item that the transaction does not change.
    pub fn check<M: Model>(mut self, check: ConditionCheck<M>) -> Self {
        self.operations.push(Operation::Check(check.into_core()));
        self
    }

    /// Names the transaction, by at most 36 characters: within ten minutes DynamoDB carries out one transaction of that
    /// name, however often it is sent. Without it every `send` has a name of its own.
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// Ends the operation after `deadline`, instead of after the client's.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// How many operations there are.
    pub fn len(&self) -> usize {
        self.operations.len()
    }

    /// Whether there is no operation.
    pub fn is_empty(&self) -> bool {
        self.operations.is_empty()
    }

    /// Carries out every operation, or none.
    ///
    /// # Errors
    /// An operation is invalid or a limit is exceeded (nothing was sent), the transaction was cancelled, or the request
    /// failed. Without operations nothing is sent.
    pub async fn send(self, db: &Client) -> Result<()> {
        if self.is_empty() {
            return Ok(());
        }
        self.send_parts(db).await.map(|_| ())
    }

    /// As [`send`](Self::send), with what the runtime wrote itself with each operation.
    pub(in crate::operation) async fn send_parts(self, db: &Client) -> Result<Vec<Written>> {
        let parts = send(self.operations, self.token, self.deadline, db).await?;
        for (position, write_back) in self.write_backs {
            if let Some(part) = parts.iter().find(|part| part.is_operation() && part.position == position) {
                write_back(&part.written);
            }
        }
        let own = parts.into_iter().filter(WritePart::is_operation);
        Ok(own.map(|part| part.written).collect())
    }
}

impl fmt::Debug for Transaction<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transaction")
            .field("operations", &self.operations)
            .field("token", &self.token)
            .field("deadline", &self.deadline)
            .finish_non_exhaustive()
    }
}

fn send(
    mut operations: Vec<Operation>,
    token: Option<String>,
    deadline: Option<Duration>,
    db: &Client,
) -> BoxFuture<'_, Result<Vec<WritePart>>> {
    Box::pin(async move {
        let mut done = Vec::new();
        if db.has_hooks() {
            for operation in &mut operations {
                done.push(operation.before(db).await?);
            }
        }
        let patience = Patience::within(deadline, db);
        let mut attempt = 1;
        let mut parts = loop {
            // A name stands for one request, which would be another one after reading again.
            let again = token.is_none().then(|| Operation::again(&operations)).flatten();
            let reads: Vec<_> = operations.iter().map(Operation::reads).collect();
            let parts = prepare(operations, token.as_deref(), db).await?;
            match (send_parts(parts, token.clone(), patience.left(), db).await, again) {
                (Err(error), Some(again))
                    if attempt < unique::ATTEMPTS
                        && error.may_be_prepared_again(|position| reads[position]) =>
                {
                    operations = again;
                    attempt += 1;
                }
                (outcome, _) => break outcome?,
            }
        };
        for part in parts.iter_mut().filter(|part| part.is_operation()) {
            if let Some(done) = done.get(part.position) {
                done.after(part, db).await;
            }
        }
        Ok(parts)
    })
}

/// Sends what is ready to be sent.
pub(in crate::operation) fn send_parts(
    mut parts: Vec<WritePart>,
    token: Option<String>,
    deadline: Option<Duration>,
    db: &Client,
) -> BoxFuture<'_, Result<Vec<WritePart>>> {
    Box::pin(async move {
        let mine = parts.iter().filter(|part| !matches!(part.role, Role::Beside));
        mine.clone().try_for_each(|part| db.admit(part.facts, part.subject()))?;
        let is_named = token.is_some();
        let mut token = token.unwrap_or_else(|| Uuid::new_v4().to_string());
        let mut items: Vec<_> = parts.iter().map(|part| part.part.clone()).collect();
        let mut patience = Patience::within(deadline, db);
        let mut attempt = 1;
        loop {
            let mut refused = Vec::new();
            let mut call = Call::new(db, "TransactWriteItems", context(&parts, db), patience.left());
            let request = db
                .sdk()
                .transact_write_items()
                .set_transact_items(Some(items.clone()))
                .client_request_token(&token)
                .set_return_consumed_capacity(db.consumed_capacity());
            let request = pin!(request.send());
            let outcome = call.run_with(request, |error| {
                refused = failed(error);
                cancellations(error, &parts, db)
            });
            match outcome.await {
                Ok(output) => {
                    call.record(parts.len(), output.consumed_capacity.unwrap_or_default().first());
                    return Ok(parts);
                }
                Err(error) if error.may_be_repeated() && patience.wait(db, false).await => {}
                Err(error) if is_named || attempt == unique::ATTEMPTS || !error.may_be_resolved() => {
                    return Err(error);
                }
                Err(error) => {
                    let Some(next) = unique_conflict::resolve(&parts, &refused, &patience, db).await? else {
                        return Err(error);
                    };
                    if next.len() > MAXIMUM_OPERATIONS {
                        return Err(error);
                    }
                    parts = next;
                    items = parts.iter().map(|part| part.part.clone()).collect();
                    // It is another request, and the one before was not carried out.
                    token = Uuid::new_v4().to_string();
                    attempt += 1;
                }
            }
        }
    })
}

/// Every operation, ready to be sent.
async fn prepare(operations: Vec<Operation>, token: Option<&str>, db: &Client) -> Result<Vec<WritePart>> {
    let mut violations = Vec::new();
    let mut parts = Vec::with_capacity(operations.len());
    for (position, operation) in operations.into_iter().enumerate() {
        let own = match operation {
            Operation::Put(put) => put.into_parts(db).await,
            Operation::Update(update) => update.into_parts(db),
            Operation::Delete(delete) => delete.into_parts(db).await,
            Operation::Check(check) => check.into_part(db).map(|part| vec![part]),
        };
        match own {
            Ok(own) => parts.extend(own.into_iter().map(|part| WritePart { position, ..part })),
            Err(error) if error.is_validation() => {
                violations
                    .extend(error.violations().iter().map(|violation| violation.within_element(position)));
            }
            Err(error) => return Err(error),
        }
    }
    let parts = unique_conflict::merge(parts, db)?;
    violations.extend(limits(&parts, token));
    violations.extend(duplicates(&parts, db));
    if violations.is_empty() { Ok(parts) } else { Err(Error::validation(Context::default(), violations)) }
}

fn limits(parts: &[WritePart], token: Option<&str>) -> Vec<Violation> {
    let mut violations = Vec::new();
    if parts.len() > MAXIMUM_OPERATIONS {
        let guards = parts.iter().filter(|part| !part.is_operation()).count();
        let of_which = if guards == 0 {
            String::new()
        } else {
            format!(", of which {guards} are those of guards of unique values")
        };
        let message = format!(
            "a transaction has at most {MAXIMUM_OPERATIONS} operations, not {}{of_which}",
            parts.len()
        );
        violations.push(Violation::new("", message));
    }
    let size: usize = parts.iter().map(|part| part.size).sum();
    if size > MAXIMUM_BYTES {
        violations
            .push(Violation::new("", format!("a transaction has at most 4 MB, not about {size} bytes")));
    }
    if token.is_some_and(|token| !(1..=MAXIMUM_TOKEN_CHARACTERS).contains(&token.chars().count())) {
        let message = format!("a token has 1 to {MAXIMUM_TOKEN_CHARACTERS} characters");
        violations.push(Violation::new("", message));
    }
    violations
}

/// DynamoDB refuses two operations on one item.
fn duplicates(parts: &[WritePart], db: &Client) -> Vec<Violation> {
    let mut first = HashMap::new();
    let mut violations = Vec::new();
    for part in parts {
        let identity = (db.table_name(part.facts.table), key_text(part.facts, &part.key));
        if let Some(other) = first.insert(identity, part.position) {
            let what = if part.is_operation() { "item" } else { "unique value" };
            let message =
                format!("concerns the same {what} as [{other}], which DynamoDB refuses in a transaction");
            violations.push(Violation::new(format!("[{}]", part.position), message));
        }
    }
    violations
}

/// The parts whose conditions failed.
fn failed(error: &TransactWriteItemsError) -> Vec<usize> {
    let TransactWriteItemsError::TransactionCanceledException(cancelled) = error else { return Vec::new() };
    let reasons = cancelled.cancellation_reasons().iter().enumerate();
    let failed = reasons.filter(|(_, reason)| reason.code() == Some("ConditionalCheckFailed"));
    failed.map(|(index, _)| index).collect()
}

/// Why each operation that stood in the way did so.
fn cancellations(error: &TransactWriteItemsError, parts: &[WritePart], db: &Client) -> Vec<(usize, Error)> {
    let TransactWriteItemsError::TransactionCanceledException(cancelled) = error else { return Vec::new() };
    let reasons = cancelled.cancellation_reasons().iter().zip(parts);
    reasons.filter_map(|(reason, part)| Some((part.position, cancellation(reason, part, db)?))).collect()
}

fn cancellation(reason: &CancellationReason, part: &WritePart, db: &Client) -> Option<Error> {
    let (kind, item) = match reason.code().unwrap_or("None") {
        "None" => return None,
        "ConditionalCheckFailed" => part.meaning.of_failure(reason.item().cloned()),
        "TransactionConflict" => (ErrorKind::Conflict, None),
        "ProvisionedThroughputExceeded" | "ThrottlingError" => (ErrorKind::Throttled, None),
        "ItemCollectionSizeLimitExceeded" => (ErrorKind::ItemCollectionTooLarge, None),
        _ => (Error::rejected(reason.message().unwrap_or_default()), None),
    };
    let context = Context::item(part.facts, db.table_name(part.facts.table), part.subject());
    let error = Error::new(kind, context).with_item(item);
    Some(match reason.message() {
        Some(message) => error.with_source(message.into()),
        None => error,
    })
}

fn context(parts: &[WritePart], db: &Client) -> Context {
    let mut tables: Vec<_> = parts.iter().map(|part| db.table_name(part.facts.table)).collect();
    tables.sort();
    tables.dedup();
    Context { table: Some(tables.join(", ")), ..Context::default() }
}
