//! What a write is: the parts in which a put, an update, a deletion and a check differ.
//!
//! Everything else is the same for all of them, and stands in [`single`](super::single) for a write that is sent alone
//! and in [`send`](super::send) for those of a transaction: hooks, guards, the exchange with DynamoDB, hooks again.

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
    /// What it demands of the item.
    fn conditions(&self) -> &Conditions;

    /// Whether guards of unique values may go with it.
    fn may_have_guards(&self) -> bool {
        false
    }

    /// Whether it depends on what is read of its item before it is sent.
    fn reads(&self) -> bool {
        false
    }

    /// The same write, unless it is refused anyway.
    fn again(&self) -> Option<Self>;

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

    /// Reads what it depends on, and says which guards go with it.
    ///
    /// # Errors
    /// It is refused, or the read failed.
    fn prepare(
        self,
        deadline: Deadline,
        db: &Client,
    ) -> impl Future<Output = Result<(Self, Preparation)>> + Send;

    /// The write as a part of a transaction, without its guards.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    fn into_part(self, stamp: Stamp<'_>, db: &Client) -> Result<WritePart>;
}

/// A write that can be sent by a request of its own.
pub(crate) trait SingleWrite: Write {
    /// Whether it can be prepared anew where its item has changed since it was read. What an update depends on was read by
    /// its caller, and would not be read again.
    const IS_PREPARED_ANEW: bool;

    /// Sends it by its own request, and hands what came of it to `response`.
    fn exchange<T>(
        self,
        deadline: Deadline,
        db: &Client,
        response: fn(Sent) -> T,
    ) -> impl Future<Output = Result<T>> + Send;
}

/// What came of a write.
#[derive(Debug, Default)]
pub(crate) struct Sent {
    /// The item as it was or is, where the write asks for it.
    pub item: Option<ReturnedItem>,
    /// What the runtime wrote itself.
    pub written: Written,
}

/// What goes with a write, once what it depends on has been read.
#[derive(Default)]
pub(crate) struct Preparation {
    pub guards: Vec<WritePart>,
    /// The item as it was read, where the write returns it.
    pub old: Option<Item>,
    /// The outcome where nothing has to be sent, since there is no item. In a transaction the write is sent all the same.
    pub outcome: Option<Result<()>>,
}

impl Preparation {
    pub fn of(guards: Vec<WritePart>) -> Self {
        Preparation { guards, ..Preparation::default() }
    }
}

/// What hooks after a write are to see.
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
/// It is made by a function of each type, and not where a builder of a model is: its functions would be compiled again in
/// every crate that has models.
pub(crate) trait Operation: Debug + Send {
    /// As [`Write::reads`].
    fn reads(&self) -> bool;

    /// As [`Write::again`].
    fn again(&self) -> Option<Box<dyn Operation>>;

    /// Whether it may be refused since its item has an older shape.
    fn is_shaped(&self) -> bool;

    /// As [`Write::follow_shape`].
    fn follow_shape<'a>(
        &'a mut self,
        refused: Error,
        deadline: Deadline,
        db: &'a Client,
    ) -> BoxFuture<'a, Result<()>>;

    /// Whether no guards can go with it, and nothing has to be read: it is its [own part](Self::into_own_part) alone.
    fn is_ready(&self) -> bool;

    /// As [`Write::into_part`].
    ///
    /// # Errors
    /// As there.
    fn into_own_part(self: Box<Self>, stamp: Stamp<'_>, db: &Client) -> Result<WritePart>;

    /// As [`Write::before`].
    fn before<'a>(&'a mut self, db: &'a Client) -> BoxFuture<'a, Result<Seen>>;

    /// Its parts, once what it depends on has been read: its own first, then its guards.
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
