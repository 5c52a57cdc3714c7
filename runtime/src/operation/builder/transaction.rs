//! Transactions that write: `TransactWriteItems`.

use std::fmt;
use std::time::Duration;

use crate::client::{Client, Deadline};
use crate::error::Result;
use crate::managed::Written;
use crate::model::{BatchPut, Model};
use crate::operation::builder::check::ConditionCheck;
use crate::operation::builder::delete::Delete;
use crate::operation::builder::put::Put;
use crate::operation::builder::update::Update;
use crate::operation::builder::upsert::Upsert;
use crate::operation::write::operation::Operation;
use crate::operation::write::part::WritePart;
use crate::operation::write::put::PutItem;
use crate::operation::write::send::send;
use crate::operation::write::token::TransactionToken;
use crate::operation::write::update::UpdateItem;

/// Writes to any models and tables, all of which are carried out or none (`TransactWriteItems`): at most 100, of at most 4 MB in
/// all, one per item.
///
/// ```
/// # use dynamorm::Operations;
/// # use example_models::shop::{Cart, Product};
/// # example_models::examples::run(async |db| {
/// # let ada = example_models::examples::customer(&db).await?;
/// # let (cart, mut order) = (example_models::examples::cart(&ada)?, example_models::examples::order(&ada)?);
/// # cart.put().send(&db).await?;
/// // The stock falls, the order is written and the cart is emptied: all of it, or nothing.
/// dynamorm::transaction()
///     .update(Product::update("LA-0001").add(Product::ON_HAND, -2).when(Product::ON_HAND.ge(2)))
///     .put(order.put().if_not_exists())
///     .delete(Cart::delete(&cart))
///     .send(&db)
///     .await?;
/// # Ok(()) });
/// ```
///
/// Every transaction has an idempotency token, so a request that is sent again because its response was lost is carried out once.
/// A transaction is also sent again after throttling or a conflict with other transactions, but never after a failed condition.
/// If it [is cancelled](crate::Error::is_cancelled), [`cancellations`](crate::Error::cancellations) says which operations failed
/// and why.
#[must_use = "nothing is written until `.send(&db)`"]
#[derive(Default)]
pub struct Transaction<'a> {
    operations: Vec<Box<dyn Operation>>,
    /// Writes managed values back into values, by the positions of operations.
    write_backs: Vec<(usize, WriteBack<'a>)>,
    token: Option<TransactionToken>,
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
pub struct PutPart(PutItem);

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
pub struct UpdatePart(Box<UpdateItem>);

impl<M: Model> TransactionUpdate for Update<M> {
    fn into_part(self) -> UpdatePart {
        UpdatePart(self.into_core())
    }
}

impl<M: Model> TransactionUpdate for Upsert<M> {
    fn into_part(self) -> UpdatePart {
        UpdatePart(self.into_core())
    }
}

impl<'a, M: BatchPut> TransactionPut<'a> for &M {
    fn into_parts(self) -> (PutPart, Option<WriteBack<'a>>) {
        TransactionPut::into_parts(Put::new(self))
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

impl<'a> Transaction<'a> {
    /// Puts an item: `&book`, as a batch takes it, or `book.put()` with conditions. Its managed values are written back into the
    /// value once the transaction has succeeded.
    pub fn put(mut self, put: impl TransactionPut<'a>) -> Self {
        let (PutPart(core), write_back) = put.into_parts();
        self.write_backs.extend(write_back.map(|write_back| (self.operations.len(), write_back)));
        self.with(core.into_operation())
    }

    /// Puts every item.
    ///
    /// ```
    /// # async fn example<Book: dynamorm::BatchPut>(db: dynamorm::Client, books: Vec<Book>) -> dynamorm::Result<()> {
    /// dynamorm::transaction().put_all(&books).send(&db).await
    /// # }
    /// ```
    pub fn put_all(self, puts: impl IntoIterator<Item: TransactionPut<'a>>) -> Self {
        puts.into_iter().fold(self, Self::put)
    }

    /// Updates an item, or creates it, if it is an upsert.
    pub fn update(self, update: impl TransactionUpdate) -> Self {
        self.with(update.into_part().0.into_operation())
    }

    /// Updates an item, or creates it.
    pub fn upsert<M: Model>(self, upsert: Upsert<M>) -> Self {
        self.with(upsert.into_core().into_operation())
    }

    pub(crate) fn with(mut self, operation: Box<dyn Operation>) -> Self {
        self.operations.push(operation);
        self
    }

    /// Deletes an item.
    pub fn delete<M: Model>(self, delete: Delete<M>) -> Self {
        self.with(delete.into_core().into_operation())
    }

    /// Adds a condition on an item that the transaction does not change.
    pub fn check<M: Model>(self, check: ConditionCheck<M>) -> Self {
        self.with(check.into_core().into_operation())
    }

    /// Names the transaction, with at most 36 characters. Within ten minutes, DynamoDB carries out one transaction of that name,
    /// however often it is sent. Without a name, every `send` has a name of its own.
    ///
    /// If a model has an `updated` field and another process may send the transaction again, give the moment as well:
    /// `.token((name, moment))`. Otherwise the requests differ, and DynamoDB refuses a different request of the same name.
    pub fn token(mut self, token: impl Into<TransactionToken>) -> Self {
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
    /// An operation is invalid or a limit is exceeded (nothing was sent), the transaction was cancelled, or the request failed.
    /// If the outcome is unknown, [`into_prepared`](crate::Error::into_prepared) returns the transaction as it was sent. A
    /// transaction without operations sends nothing.
    pub async fn send(self, db: &Client) -> Result<()> {
        if self.is_empty() {
            return Ok(());
        }
        let deadline = Deadline::of(self.deadline, db);
        self.send_parts(deadline, db).await.map(|_| ())
    }

    /// As [`send`](Self::send), and returns the values that the runtime wrote itself with each operation.
    pub(crate) async fn send_parts(self, deadline: Deadline, db: &Client) -> Result<Vec<Written>> {
        let parts = send(self.operations, self.token, deadline, db).await?;
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
