//! `TransactWriteItems`: one request, until it is carried out, refused, or out of time.

use std::pin::pin;
use std::time::Duration;

use tokio::time::Instant;

use crate::client::{Call, Client, Deadline};
use crate::error::{Context, Error, Result};
use crate::future::{BoxFuture, ResponseFuture};
use crate::limits::MAXIMUM_TRANSACTION_OPERATIONS;
use crate::operation::patience::Patience;
use crate::operation::unique::conflict;
use crate::operation::unique::guard;
use crate::operation::write::cancellation::{cancellations, failed};
use crate::operation::write::part::{WritePart, operations};
use crate::operation::write::prepared::{PreparedTransaction, Sending};
use crate::operation::write::token::TransactionToken;
use crate::validation::Violation;

/// Why a request was refused, and the request.
pub(crate) struct Refusal {
    error: Error,
    parts: Vec<WritePart>,
    /// The parts whose conditions failed.
    failed: Vec<usize>,
}

/// Sends prepared parts.
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
            if token.is_some() || attempt == guard::ATTEMPTS || !error.may_be_resolved() {
                return Err(error);
            }
            let Some(next) = conflict::resolve(&refused, &failed, deadline, db).await? else {
                return Err(error);
            };
            if next.len() > MAXIMUM_TRANSACTION_OPERATIONS {
                return Err(error);
            }
            parts = next;
            // This is a new request, and the previous one was not carried out.
            sending = fresh();
            attempt += 1;
        }
    })
}

/// Sends one request, and sends it again after throttling or conflicts with other transactions.
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
            let (operations, large) = match operations(&parts, db.is_wire_decoding()) {
                Ok(operations) => operations,
                Err(error) => {
                    let error = Error::construction(error.into());
                    return Err(Box::new(Refusal { error, parts, failed: refused }));
                }
            };
            let call = Call::new(db, "TransactWriteItems", context(&parts), deadline);
            let mut call = call.after(sending.attempts);
            call.complete(large);
            let request = db
                .sdk()
                .transact_write_items()
                .set_transact_items(Some(operations))
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

fn context(parts: &[WritePart]) -> Context {
    let mut tables: Vec<_> = parts.iter().map(WritePart::table).collect();
    tables.sort();
    tables.dedup();
    Context { table: Some(tables.join(", ")), ..Context::default() }
}

/// For how long DynamoDB remembers the token of a transaction.
const MEMORY: Duration = Duration::from_secs(600);

impl PreparedTransaction {
    /// Sends it again. `Ok` means that this request or an earlier one was carried out.
    ///
    /// # Errors
    /// It was first sent ten minutes ago or more, so DynamoDB could carry it out twice (nothing was sent); or as
    /// [`Transaction::send`](crate::Transaction::send). If it is refused, its outcome stays unknown, because an earlier request
    /// may have been carried out. The error contains the transaction again only if no answer came.
    pub fn send(self, db: &Client) -> ResponseFuture<'_, ()> {
        ResponseFuture::new(async move {
            let deadline = Deadline::of(self.deadline, db);
            if db.environment().moment().saturating_duration_since(self.first_sent) >= MEMORY {
                let message = "the transaction was sent first more than ten minutes ago, and DynamoDB may carry it out again";
                return Err(Error::validation(Context::default(), vec![Violation::new("", message)]));
            }
            exchange(self.parts, self.sending, self.first_sent, deadline, db).await.map(|_| ())
        })
    }
}
