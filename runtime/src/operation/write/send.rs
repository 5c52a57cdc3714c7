//! Carrying out operations together, with their hooks and guards.

use futures_util::StreamExt;

use crate::client::{Client, Deadline};
use crate::error::{Context, Error, Result};
use crate::future::BoxFuture;
use crate::operation::unique::{conflict, guard};
use crate::operation::write::operation::Operation;
use crate::operation::write::part::{WritePart, duplicates, exceeded_limits};
use crate::operation::write::token::TransactionToken;
use crate::operation::write::transact::send_parts;
use crate::stamp::Stamp;
use crate::validation::Violation;

/// How many operations read at once what they depend on.
const CONCURRENT_READS: usize = 16;

/// Carries out operations, with their hooks.
pub(crate) fn send(
    mut operations: Vec<Box<dyn Operation>>,
    token: Option<TransactionToken>,
    deadline: Deadline,
    db: &Client,
) -> BoxFuture<'_, Result<Vec<WritePart>>> {
    Box::pin(async move {
        let mut seen = Vec::new();
        if db.has_hooks() {
            for operation in &mut operations {
                seen.push(deadline.bound(operation.before(db), db).await??);
            }
        }
        let mut attempt = 1;
        let mut parts = loop {
            // A name stands for one request, which would be another one after reading again.
            let again = token.is_none().then(|| again(&operations)).flatten();
            let reads: Vec<_> = operations.iter().map(|operation| operation.reads()).collect();
            let parts = prepare(operations, token.as_ref(), deadline, db).await?;
            match (send_parts(parts, token.as_ref(), deadline, db).await, again) {
                (Err(error), Some(again))
                    if attempt < guard::ATTEMPTS
                        && error.may_be_prepared_again(|position| reads[position]) =>
                {
                    operations = again;
                    attempt += 1;
                }
                (Err(mut error), Some(again)) if attempt < guard::ATTEMPTS && error.is_of_shapes() => {
                    operations = again;
                    for (position, refused) in error.take_cancellations() {
                        if let Some(operation) = operations.get_mut(position) {
                            operation.follow_shape(refused, deadline, db).await?;
                        }
                    }
                    attempt += 1;
                }
                (outcome, _) => break outcome?,
            }
        };
        let own = parts.iter_mut().filter(|part| part.is_operation());
        for (seen, part) in seen.into_iter().zip(own) {
            seen.after(&mut part.written, db).await;
        }
        Ok(parts)
    })
}

/// The same operations, if any of them depends on what is read, or on the shape of its item.
fn again(operations: &[Box<dyn Operation>]) -> Option<Vec<Box<dyn Operation>>> {
    if !operations.iter().any(|operation| operation.reads() || operation.is_shaped()) {
        return None;
    }
    operations.iter().map(|operation| operation.again()).collect()
}

/// Every operation, ready to be sent.
async fn prepare(
    operations: Vec<Box<dyn Operation>>,
    token: Option<&TransactionToken>,
    deadline: Deadline,
    db: &Client,
) -> Result<Vec<WritePart>> {
    let mut prepared = Prepared { parts: Vec::with_capacity(operations.len()), violations: Vec::new() };
    let stamp = |position| match token {
        Some(token) => Stamp::named(&token.text, token.moment, position, db),
        None => Stamp::new(db),
    };
    let is_ready = operations.iter().all(|operation| operation.is_ready());
    let operations = operations.into_iter().enumerate();
    if is_ready {
        // Most have nothing to wait for.
        for (position, operation) in operations {
            prepared.add(position, operation.into_own_part(stamp(position), db).map(std::iter::once))?;
        }
    } else {
        // Boxed futures, collected first: the compiler cannot see that a stream of borrowing closures is `Send`.
        let all: Vec<_> = operations
            .map(|(position, operation)| operation.into_parts(stamp(position), deadline, db))
            .collect();
        let mut all = futures_util::stream::iter(all).buffered(CONCURRENT_READS).enumerate();
        while let Some((position, own)) = all.next().await {
            prepared.add(position, own)?;
        }
    }
    let Prepared { parts, mut violations } = prepared;
    let parts = conflict::merge(parts, db);
    violations.extend(exceeded_limits(&parts, token.map(|token| token.text.as_str())));
    violations.extend(duplicates(&parts));
    if violations.is_empty() { Ok(parts) } else { Err(Error::validation(Context::default(), violations)) }
}

/// The parts of a transaction so far, and what is wrong with its operations.
struct Prepared {
    parts: Vec<WritePart>,
    violations: Vec<Violation>,
}

impl Prepared {
    /// Adds the parts of the operation at a position, or what is wrong with it.
    ///
    /// # Errors
    /// Something else went wrong.
    fn add(&mut self, position: usize, own: Result<impl IntoIterator<Item = WritePart>>) -> Result<()> {
        match own {
            Ok(own) => self.parts.extend(own.into_iter().map(|part| WritePart { position, ..part })),
            Err(error) if error.is_validation() => {
                let violations = error.violations().iter();
                self.violations.extend(violations.map(|violation| violation.within_element(position)));
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }
}
