//! Sending one write alone: hooks, guards, the exchange with DynamoDB, hooks again.

use std::convert::identity;

use crate::client::{Client, Deadline};
use crate::error::Result;
use crate::future::{BoxFuture, ResponseFuture, decoded};
use crate::item::ItemKey;
use crate::operation::unique::guard;
use crate::operation::write::delete::DeleteItem;
use crate::operation::write::operation::{Preparation, Sent, SingleWrite};
use crate::operation::write::put::PutItem;
use crate::operation::write::returned::ReturnedItem;
use crate::operation::write::transact::send_parts;
use crate::operation::write::update::UpdateItem;
use crate::stamp::Stamp;

/// Gives a write the functions that send it. They are not generic, so that they are compiled in this crate alone, and not in
/// every crate that has models.
macro_rules! sent_alone {
    ($($write:ty, $receiver:ty;)*) => { $(
        impl $write {
            /// As [`send`](Self::send), for a caller that wants nothing back.
            pub fn send_only(self: $receiver, db: &Client) -> ResponseFuture<'_, ()> {
                send_only(self, db)
            }

            /// Sends it, with its hooks and its guards.
            pub fn send(self: $receiver, db: &Client) -> BoxFuture<'_, Result<Sent>> {
                let deadline = Deadline::of(self.conditions.deadline, db);
                send_within(self, deadline, db)
            }
        }
    )* };
}

sent_alone! {
    PutItem, Self;
    UpdateItem, Box<Self>;
    DeleteItem, Self;
}

impl PutItem {
    /// As [`send`](Self::send), as a part of an operation with a deadline of its own.
    pub fn send_within(self, deadline: Deadline, db: &Client) -> BoxFuture<'_, Result<Sent>> {
        send_within(self, deadline, db)
    }
}

impl UpdateItem {
    /// As [`send`](Self::send), as a part of an operation with a deadline of its own.
    pub fn send_within(self: Box<Self>, deadline: Deadline, db: &Client) -> BoxFuture<'_, Result<Sent>> {
        send_within(self, deadline, db)
    }
}

/// Where there are no hooks and no guards, nothing is boxed but the one future that the caller awaits.
fn send_only<W: SingleWrite>(write: W, db: &Client) -> ResponseFuture<'_, ()> {
    let deadline = Deadline::of(write.conditions().deadline, db);
    if db.has_hooks() || may_be_transaction(&write) {
        return decoded(send_within(write, deadline, db), |_| Ok(()));
    }
    ResponseFuture::new(write.exchange(deadline, db, drop))
}

fn send_within<W: SingleWrite>(mut write: W, deadline: Deadline, db: &Client) -> BoxFuture<'_, Result<Sent>> {
    if !db.has_hooks() {
        return without_hooks(write, deadline, db);
    }
    Box::pin(async move {
        let seen = deadline.bound(write.before(db), db).await??;
        let mut sent = without_hooks(write, deadline, db).await?;
        seen.after(&mut sent.written, db).await;
        Ok(sent)
    })
}

fn without_hooks<W: SingleWrite>(write: W, deadline: Deadline, db: &Client) -> BoxFuture<'_, Result<Sent>> {
    if may_be_transaction(&write) {
        with_guards(write, deadline, db)
    } else {
        Box::pin(write.exchange(deadline, db, identity))
    }
}

/// Whether it may be sent as a transaction: to be carried out once, or together with guards.
fn may_be_transaction<W: SingleWrite>(write: &W) -> bool {
    write.conditions().once || write.may_have_guards()
}

/// Sends a write with its guards, and begins anew while its item changes between being read and written.
fn with_guards<W: SingleWrite>(mut write: W, deadline: Deadline, db: &Client) -> BoxFuture<'_, Result<Sent>> {
    Box::pin(async move {
        let mut attempt = 1;
        loop {
            let is_shaped = write.conditions().facts.shape.is_some_and(|shape| shape.has_older());
            let is_last = attempt == guard::ATTEMPTS || !(W::IS_PREPARED_ANEW || is_shaped);
            let again = if is_last { None } else { write.again() };
            match (prepare_and_send(write, deadline, db).await, again) {
                (Err(error), Some(again)) if W::IS_PREPARED_ANEW && error.is_stale() => {
                    write = again;
                    attempt += 1;
                }
                (Err(error), Some(again)) if error.is_older_shape() => {
                    write = again;
                    write.follow_shape(error, deadline, db).await?;
                    attempt += 1;
                }
                (outcome, _) => return outcome,
            }
        }
    })
}

async fn prepare_and_send<W: SingleWrite>(write: W, deadline: Deadline, db: &Client) -> Result<Sent> {
    let (write, Preparation { guards, old, outcome }) = write.prepare(deadline, db).await?;
    if let Some(outcome) = outcome {
        return outcome.map(|()| Sent::default());
    }
    if guards.is_empty() && !write.conditions().once {
        return write.exchange(deadline, db, identity).await;
    }
    let own = write.into_part(Stamp::new(db), db)?;
    let (facts, key) = (own.facts, ItemKey::of(own.facts.table, own.key()));
    let parts = std::iter::once(own).chain(guards).collect();
    let sent = send_parts(parts, None, deadline, db).await;
    let sent = sent.map_err(|error| error.of_single_write(facts, &key, db))?;
    let written = sent.into_iter().next().map(|own| own.written).unwrap_or_default();
    Ok(Sent { item: old.map(ReturnedItem::Map), written })
}
