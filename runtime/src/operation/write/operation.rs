//! Writes: the parts in which a put, an update, a deletion and a check differ.
//!
//! Everything else is the same for all of them: hooks, guards, the exchange with DynamoDB, hooks again. [`single`](super::single)
//! has it for a write that is sent alone, and [`send`](super::send) for those of a transaction.

use std::fmt::Debug;

use crate::client::{Client, Deadline};
use crate::error::{Error, Result};
use crate::facts::Facts;
use crate::future::BoxFuture;
use crate::hooks::{self, Changed};
use crate::item::Item;
use crate::managed::Written;
use crate::operation::write::conditions::Conditions;
use crate::operation::write::part::WritePart;
use crate::operation::write::returned::ReturnedItem;
use crate::stamp::Stamp;

/// A write of one item, or a check of one.
pub(crate) trait Write: Debug + Sized + Send + 'static {
    /// Its demands on the item.
    fn conditions(&self) -> &Conditions;

    /// Whether guards of unique values may accompany it.
    fn may_have_guards(&self) -> bool {
        false
    }

    /// Whether it reads its item before it is sent.
    fn reads(&self) -> bool {
        false
    }

    /// The same write again, unless it is refused anyway.
    fn again(&self) -> Option<Self>;

    /// Whether it may be sent again after [`follow_shape`](Self::follow_shape).
    fn may_follow(&self, refused: &Error) -> bool {
        refused.is_older_shape()
    }

    /// Does what it needs where it was refused since its item has an older shape: it is to be sent again then.
    ///
    /// # Errors
    /// The item cannot be upgraded, the write is refused, or a request failed.
    fn follow_shape(
        &mut self,
        _refused: Error,
        _deadline: Deadline,
        _db: &Client,
    ) -> impl Future<Output = Result<()>> + Send {
        std::future::ready(Ok(()))
    }

    /// Runs the hooks before it, which may change or refuse it.
    fn before(&mut self, db: &Client) -> impl Future<Output = Result<Seen>> + Send;

    /// Reads what it depends on, and returns the guards that accompany it.
    ///
    /// # Errors
    /// It is refused, or the read failed.
    fn prepare(
        self,
        deadline: Deadline,
        db: &Client,
    ) -> impl Future<Output = Result<(Self, Preparation)>> + Send;

    /// The write as part of a transaction, without its guards.
    ///
    /// # Errors
    /// All violations of the write.
    fn into_part(self, stamp: Stamp<'_>, db: &Client) -> Result<WritePart>;
}

/// A write that can be sent by a request of its own.
pub(crate) trait SingleWrite: Write {
    /// Whether it can be prepared anew if its item has changed since it was read. An update's caller has read what the update
    /// depends on, so preparing it again would not read it again.
    const IS_PREPARED_ANEW: bool;

    /// Sends it with its own request, and passes the outcome to `response`.
    fn exchange<T>(
        self,
        deadline: Deadline,
        db: &Client,
        response: fn(Sent) -> T,
    ) -> impl Future<Output = Result<T>> + Send;
}

/// The outcome of a write.
#[derive(Debug, Default)]
pub(crate) struct Sent {
    /// The item before or after the write, if the write asks for it.
    pub item: Option<ReturnedItem>,
    /// What the runtime wrote itself.
    pub written: Written,
}

/// What accompanies a write, once what it depends on was read.
#[derive(Default)]
pub(crate) struct Preparation {
    pub guards: Vec<WritePart>,
    /// The item that was read, if the write returns it.
    pub old: Option<Item>,
    /// The outcome if there is no item, so nothing has to be sent. In a transaction, the write is sent nevertheless.
    pub outcome: Option<Result<()>>,
}

impl Preparation {
    pub fn of(guards: Vec<WritePart>) -> Self {
        Preparation { guards, ..Preparation::default() }
    }
}

/// What hooks after a write will see.
pub(crate) enum Seen {
    Put { facts: &'static Facts, item: Item, is_hooked: bool },
    Update(Changed),
    Delete(&'static Facts, Item),
    Nothing,
}

impl Seen {
    /// Runs the hooks after the write, and notes what hooks before it may have changed.
    pub async fn after(self, written: &mut Written, db: &Client) {
        match self {
            Seen::Put { facts, mut item, is_hooked } => {
                written.add_to(&mut item);
                hooks::after_put(db, facts, &item).await;
                if is_hooked {
                    written.set_hooked(item);
                }
            }
            Seen::Update(changed) => hooks::after_update(db, &changed).await,
            Seen::Delete(facts, key) => hooks::after_delete(db, facts, &key).await,
            Seen::Nothing => {}
        }
    }
}

/// A [`Write`] of any type, among the operations of a transaction.
///
/// A function of each type makes it, and not the builder of a model, because its functions would then be compiled again in every
/// crate with models.
pub(crate) trait Operation: Debug + Send {
    /// As [`Write::reads`].
    fn reads(&self) -> bool;

    /// As [`Write::again`].
    fn again(&self) -> Option<Box<dyn Operation>>;

    /// Whether it may be refused since its item has an older shape.
    fn is_shaped(&self) -> bool;

    /// As [`Write::may_follow`].
    fn may_follow(&self, refused: &Error) -> bool;

    /// As [`Write::follow_shape`].
    fn follow_shape<'a>(
        &'a mut self,
        refused: Error,
        deadline: Deadline,
        db: &'a Client,
    ) -> BoxFuture<'a, Result<()>>;

    /// Whether it has no guards and reads nothing, so it consists only of its [own part](Self::into_own_part).
    fn is_ready(&self) -> bool;

    /// As [`Write::into_part`].
    ///
    /// # Errors
    /// As there.
    fn into_own_part(self: Box<Self>, stamp: Stamp<'_>, db: &Client) -> Result<WritePart>;

    /// As [`Write::before`].
    fn before<'a>(&'a mut self, db: &'a Client) -> BoxFuture<'a, Result<Seen>>;

    /// Reads what it depends on, and returns its parts: its own first, then its guards.
    fn into_parts<'a>(
        self: Box<Self>,
        stamp: Stamp<'a>,
        deadline: Deadline,
        db: &'a Client,
    ) -> BoxFuture<'a, Result<Vec<WritePart>>>;
}

impl<W: Write> Operation for W {
    fn reads(&self) -> bool {
        Write::reads(self)
    }

    fn again(&self) -> Option<Box<dyn Operation>> {
        Write::again(self).map(|write| -> Box<dyn Operation> { Box::new(write) })
    }

    fn is_shaped(&self) -> bool {
        self.conditions().facts.shape.is_some_and(|shape| shape.has_older())
    }

    fn may_follow(&self, refused: &Error) -> bool {
        Write::may_follow(self, refused)
    }

    fn follow_shape<'a>(
        &'a mut self,
        refused: Error,
        deadline: Deadline,
        db: &'a Client,
    ) -> BoxFuture<'a, Result<()>> {
        Box::pin(Write::follow_shape(self, refused, deadline, db))
    }

    fn is_ready(&self) -> bool {
        !self.may_have_guards() && !Write::reads(self)
    }

    fn into_own_part(self: Box<Self>, stamp: Stamp<'_>, db: &Client) -> Result<WritePart> {
        self.into_part(stamp, db)
    }

    fn before<'a>(&'a mut self, db: &'a Client) -> BoxFuture<'a, Result<Seen>> {
        Box::pin(Write::before(self, db))
    }

    fn into_parts<'a>(
        self: Box<Self>,
        stamp: Stamp<'a>,
        deadline: Deadline,
        db: &'a Client,
    ) -> BoxFuture<'a, Result<Vec<WritePart>>> {
        Box::pin(async move {
            let (write, Preparation { guards, .. }) = self.prepare(deadline, db).await?;
            let own = write.into_part(stamp, db)?;
            Ok(std::iter::once(own).chain(guards).collect())
        })
    }
}
