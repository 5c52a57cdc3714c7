//! Preparing a transaction and sending it, until it is carried out, refused, or out of time.

use std::pin::pin;

use futures_util::StreamExt;
use tokio::time::Instant;

use crate::attempts::Attempts;
use crate::client::{Call, Client, Deadline};
use crate::error::{Context, Error, Result};
use crate::future::BoxFuture;
use crate::operation::batch::retry::Patience;
use crate::operation::transaction::MAXIMUM_OPERATIONS;
use crate::operation::transaction::cancellation::{cancellations, failed};
use crate::operation::transaction::operation::Operation;
use crate::operation::transaction::part::limits;
use crate::operation::transaction::part::{WritePart, duplicates};
use crate::operation::transaction::prepared::PreparedTransaction;
use crate::operation::transaction::token::TransactionToken;
use crate::operation::{unique, unique_conflict};
use crate::stamp::Stamp;

/// How many operations read at once what they depend on.
const CONCURRENT_READS: usize = 16;

/// Carries out operations, with their hooks.
pub(crate) fn send(
    mut operations: Vec<Operation>,
    token: Option<TransactionToken>,
    deadline: Deadline,
    db: &Client,
) -> BoxFuture<'_, Result<Vec<WritePart>>> {
    Box::pin(async move {
        let mut done = Vec::new();
        if db.has_hooks() {
            for operation in &mut operations {
                done.push(deadline.bound(operation.before(db), db).await??);
            }
        }
        let mut attempt = 1;
        let mut parts = loop {
            // A name stands for one request, which would be another one after reading again.
            let again = token.is_none().then(|| Operation::again(&operations)).flatten();
            let reads: Vec<_> = operations.iter().map(Operation::reads).collect();
            let parts = prepare(operations, token.as_ref(), deadline, db).await?;
            match (send_parts(parts, token.as_ref(), deadline, db).await, again) {
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

/// Every operation, ready to be sent.
async fn prepare(
    operations: Vec<Operation>,
    token: Option<&TransactionToken>,
    deadline: Deadline,
    db: &Client,
) -> Result<Vec<WritePart>> {
    let mut violations = Vec::new();
    let mut parts = Vec::with_capacity(operations.len());
    let prepared = operations.into_iter().enumerate().map(|(position, operation)| {
        let stamp = match token {
            Some(token) => Stamp::named(&token.text, token.moment, position, db),
            None => Stamp::new(db),
        };
        operation.into_parts(stamp, deadline, db)
    });
    // Boxed futures, collected first: the compiler cannot see that a stream of borrowing closures is `Send`.
    let prepared: Vec<_> = prepared.collect();
    let mut prepared = futures_util::stream::iter(prepared).buffered(CONCURRENT_READS).enumerate();
    while let Some((position, own)) = prepared.next().await {
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
    violations.extend(limits(&parts, token.map(|token| token.text.as_str())));
    violations.extend(duplicates(&parts, db));
    if violations.is_empty() { Ok(parts) } else { Err(Error::validation(Context::default(), violations)) }
}

/// How one request is sent, however often.
#[derive(Clone)]
pub(crate) struct Sending {
    pub token: String,
    /// The attempts so far.
    pub attempts: Attempts,
}

impl Sending {
    fn new(token: String) -> Self {
        Sending { token, attempts: Attempts::default() }
    }
}

/// Why a request was refused, and what it was.
pub(crate) struct Refusal {
    error: Error,
    parts: Vec<WritePart>,
    /// The parts whose conditions failed.
    failed: Vec<usize>,
}

/// Sends what is ready to be sent.
pub(crate) fn send_parts<'a>(
    mut parts: Vec<WritePart>,
    token: Option<&'a TransactionToken>,
    deadline: Deadline,
    db: &'a Client,
) -> BoxFuture<'a, Result<Vec<WritePart>>> {
    Box::pin(async move {
        let mine = parts.iter().filter(|part| !part.is_beside());
        mine.clone().try_for_each(|part| db.admit(part.facts, part.subject()))?;
        let fresh = || Sending::new(db.environment().uuid_v4().to_string());
        let mut sending = token.map_or_else(fresh, |token| Sending::new(token.text.clone()));
        let mut attempt = 1;
        loop {
            let first_sent = db.environment().moment();
            let Refusal { error, parts: refused, failed } =
                match attempts(parts, sending, first_sent, deadline, db).await {
                    Ok(parts) => return Ok(parts),
                    Err(refusal) => *refusal,
                };
            if token.is_some() || attempt == unique::ATTEMPTS || !error.may_be_resolved() {
                return Err(error);
            }
            let Some(next) = unique_conflict::resolve(&refused, &failed, deadline, db).await? else {
                return Err(error);
            };
            if next.len() > MAXIMUM_OPERATIONS {
                return Err(error);
            }
            parts = next;
            // It is another request, and the one before was not carried out.
            sending = fresh();
            attempt += 1;
        }
    })
}

/// Sends one request, and again where throttling or other transactions are in its way.
///
/// # Errors
/// It was refused, or its outcome is unknown.
pub(crate) async fn exchange(
    parts: Vec<WritePart>,
    sending: Sending,
    first_sent: Instant,
    deadline: Deadline,
    db: &Client,
) -> Result<Vec<WritePart>> {
    attempts(parts, sending, first_sent, deadline, db).await.map_err(|refusal| refusal.error)
}

fn attempts(
    parts: Vec<WritePart>,
    mut sending: Sending,
    first_sent: Instant,
    deadline: Deadline,
    db: &Client,
) -> BoxFuture<'_, Result<Vec<WritePart>, Box<Refusal>>> {
    Box::pin(async move {
        let mut patience = Patience::within(deadline);
        loop {
            let mut refused = Vec::new();
            let items: Vec<_> = parts.iter().map(|part| part.part.clone()).collect();
            let call = Call::new(db, "TransactWriteItems", context(&parts, db), deadline);
            let mut call = call.after(sending.attempts);
            let request = db
                .sdk()
                .transact_write_items()
                .set_transact_items(Some(items))
                .client_request_token(&sending.token)
                .set_return_consumed_capacity(db.consumed_capacity());
            let request = pin!(request.send());
            let outcome = call.run_with(request, |error| {
                refused = failed(error);
                cancellations(error, &parts, db)
            });
            let outcome = outcome.await;
            sending.attempts = call.attempts();
            match outcome {
                Ok(output) => {
                    call.record(parts.len(), output.consumed_capacity.unwrap_or_default().first());
                    return Ok(parts);
                }
                Err(error) if error.may_be_repeated() && patience.wait(db, false).await => {}
                Err(error) if error.is_outcome_unknown() => {
                    let prepared = PreparedTransaction::new(parts, sending, first_sent);
                    let error = error.with_rest(prepared);
                    return Err(Box::new(Refusal { error, parts: Vec::new(), failed: refused }));
                }
                Err(error) => return Err(Box::new(Refusal { error, parts, failed: refused })),
            }
        }
    })
}

fn context(parts: &[WritePart], db: &Client) -> Context {
    let mut tables: Vec<_> = parts.iter().map(|part| db.table_name(part.facts.table)).collect();
    tables.sort();
    tables.dedup();
    Context { table: Some(tables.join(", ")), ..Context::default() }
}
