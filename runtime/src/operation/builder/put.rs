//! Putting an item: `PutItem`.

use std::fmt;
use std::marker::PhantomData;

use aws_sdk_dynamodb::operation::put_item::builders::PutItemFluentBuilder;

use crate::client::Client;
use crate::encode::EncodedItem;
use crate::error::Result;
use crate::future::{ResponseFuture, decoded};
use crate::managed::Written;
use crate::model::{Expires, Model, Record};
use crate::model_item::{decode_with, encoded_item};
use crate::operation::builder::setters::setters;
use crate::operation::write::conditions::Conditions;
use crate::operation::write::demands::Existence;
use crate::operation::write::operation::Sent;
use crate::operation::write::put::PutItem;

/// Writes a whole item, replacing one with the same key (`PutItem`).
///
/// ```
/// # use dynamorm::Operations;
/// # use example_models::catalogue::Book;
/// # example_models::examples::run(async |db| {
/// let book = Book::builder().isbn("9780141439600").title("A Tale of Two Cities").author("Dickens").build()?;
/// book.put().if_not_exists().send(&db).await?;
/// # Ok(()) });
/// ```
///
/// The replaced item loses even attributes that the model does not know.
#[must_use = "nothing is written until `.send(&db)`"]
pub struct Put<M, W = ()> {
    pub(crate) core: PutItem,
    /// The value that is written back into, if any.
    value: W,
    marker: PhantomData<fn() -> M>,
}

impl<M, W> fmt::Debug for Put<M, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.core, f)
    }
}

impl<M: Model> Put<M> {
    /// A put of `model`: for generated code.
    #[doc(hidden)]
    pub fn new(model: &M) -> Self {
        Self::new_with(encoded_item(model), ())
    }

    /// As [`new`](Self::new), consuming the value.
    pub fn owned(model: M) -> Self {
        Self::new_with(encoded_item(&model), ())
    }

    /// A put of a builder's result: for generated code. If that is an error, sending returns it.
    #[doc(hidden)]
    pub fn built(model: Result<M>) -> Self {
        Self::new_with(model.and_then(|model| encoded_item(&model)), ())
    }

    /// Writes the item.
    ///
    /// # Errors
    /// A value is invalid (nothing was sent), a condition did not hold, or the request failed.
    pub fn send(self, db: &Client) -> ResponseFuture<'_, ()> {
        self.core.send_only(db)
    }
}

impl<'a, M: Model> Put<M, &'a mut M> {
    /// A put of `model` that takes the values that the runtime writes itself: for generated code.
    #[doc(hidden)]
    pub fn written_back(model: &'a mut M) -> Self {
        Self::new_with(encoded_item(model), model)
    }

    /// Writes the item, and writes its managed values back into the value.
    ///
    /// # Errors
    /// A value is invalid (nothing was sent), the item has another version
    /// ([`is_version_conflict`](crate::Error::is_version_conflict)), a condition did not hold, or the request failed. The
    /// value is as it was.
    pub fn send<'b>(self, db: &'b Client) -> ResponseFuture<'b, ()>
    where
        'a: 'b,
    {
        let value = self.value;
        decoded(self.core.send(db), move |sent| {
            sent.written.write_into(value);
            Ok(())
        })
    }
}

impl<M: Model, W> Put<M, W> {
    fn new_with(item: Result<EncodedItem>, value: W) -> Self {
        let conditions = Conditions::new(M::FACTS, Existence::Any);
        Put { core: PutItem::new(item, conditions), value, marker: PhantomData }
    }

    /// Demands that no item has this key: otherwise the error [is "already
    /// exists"](crate::Error::is_already_exists).
    pub fn if_not_exists(mut self) -> Self {
        self.core.conditions.existence = Existence::Refused;
        self
    }

    /// Demands that no item has this key, or that the item has expired, because DynamoDB deletes it later, within days. Otherwise
    /// the error [is "condition failed"](crate::Error::is_condition_failed). Use it to take a lock that its holder may have
    /// forgotten.
    pub fn if_absent_or_expired(mut self) -> Self
    where
        M: Expires,
    {
        match M::FACTS.table.ttl.on() {
            Some(ttl) => self.core.conditions.expect_expired(ttl),
            None => self.core.conditions.existence = Existence::Refused,
        }
        self
    }

    /// The SDK's own request, filled in so far. It contains the managed values, which are not written back.
    ///
    /// # Errors
    /// A value is invalid, or the key lies outside what the client [is held to](Client::within).
    pub fn into_sdk(self, db: &Client) -> Result<PutItemFluentBuilder> {
        self.core.into_request(db)
    }

    pub(crate) fn into_parts(self) -> (PutItem, W) {
        (self.core, self.value)
    }
}

setters! {
    [M: Model, W] Put<M, W> => (core.conditions) {
        when: "Demands that `condition` holds for the item that is there. A second one must hold too.",
        deadline,
    }
    [M: Model, W] PutOrGet<M, W> => (core.conditions) { deadline }
}

/// Writes an item, or returns the one with the same key.
///
/// ```
/// # use dynamorm::Operations;
/// # use example_models::catalogue::Book;
/// # example_models::examples::run(async |db| {
/// let mut book = Book::get("9780141439518").send(&db).await?.expect("it is stored");
/// book.title = "Another".to_owned();
/// let stored: Option<Book> = book.put().or_get().send(&db).await?;
/// assert_eq!(stored.map(|stored| stored.title).as_deref(), Some("Pride and Prejudice"));
/// # Ok(()) });
/// ```
#[must_use = "nothing is written until `.send(&db)`"]
pub struct PutOrGet<M, W = ()> {
    core: PutItem,
    value: W,
    marker: PhantomData<fn() -> M>,
}

impl<M, W> fmt::Debug for PutOrGet<M, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PutOrGet").field(&self.core).finish()
    }
}

impl<M: Model, W> Put<M, W> {
    /// Writes the item only if no item has its key, and otherwise returns that item, in the same request.
    pub fn or_get(mut self) -> PutOrGet<M, W> {
        self.core.conditions.existence = Existence::Refused;
        self.core.conditions.return_existing();
        PutOrGet { core: self.core, value: self.value, marker: PhantomData }
    }
}

impl<M: Model> PutOrGet<M> {
    /// Writes the item, or returns the existing one; `None` if this one was written.
    ///
    /// # Errors
    /// A value is invalid (nothing was sent), a condition did not hold, the existing item is not what the declarations say
    /// ([`is_item_error`](crate::Error::is_item_error)), or the request failed.
    pub async fn send(self, db: &Client) -> Result<Option<M>> {
        written_or_there(self.core.send(db).await, db).map(|(_, there)| there)
    }
}

impl<M: Model> PutOrGet<M, &mut M> {
    /// Writes the item, and writes its managed values back into the value; or returns the existing one. `None` if this one was
    /// written.
    ///
    /// # Errors
    /// As without a value to write back into.
    pub async fn send(self, db: &Client) -> Result<Option<M>> {
        let (written, there) = written_or_there(self.core.send(db).await, db)?;
        if there.is_none() {
            written.write_into(self.value);
        }
        Ok(there)
    }
}

fn written_or_there<M: Model>(outcome: Result<Sent>, db: &Client) -> Result<(Written, Option<M>)> {
    let mut error = match outcome {
        Ok(sent) => return Ok((sent.written, None)),
        Err(error) if error.is_already_exists() => error,
        Err(error) => return Err(error),
    };
    let Some(item) = error.take_item() else { return Err(error) };
    let there = decode_with(M::FACTS, &db.table_name(M::FACTS.table), item, &<M as Record>::decode)?;
    Ok((Written::default(), Some(there)))
}
