//! Reading an item: `GetItem`.

use std::marker::PhantomData;
use std::time::Duration;

use aws_sdk_dynamodb::operation::get_item::builders::GetItemFluentBuilder;

use crate::client::{Client, Deadline};
use crate::error::Result;
use crate::future::{ResponseFuture, decoded};
use crate::item::{Item, ItemKey};
use crate::model::{Expires, IntoKey, Model, Record, SharesKey};
use crate::model_item::key_attributes;
use crate::operation::read::get::GetItem;
use crate::operation::read::select::{Decoder, Selection, of_shape};

/// Reads one item by its key (`GetItem`).
///
/// ```
/// # use dynamorm::Operations;
/// # use example_models::catalogue::Book;
/// # example_models::examples::run(async |db| {
/// let book: Option<Book> = Book::get("9780141439518").send(&db).await?;
/// assert_eq!(book.map(|book| book.title).as_deref(), Some("Pride and Prejudice"));
/// # Ok(()) });
/// ```
#[must_use = "nothing is read until `.send(&db)`"]
#[derive(Debug)]
pub struct Get<M> {
    core: GetItem,
    marker: PhantomData<fn() -> M>,
}

impl<M: Model> Get<M> {
    /// A read of the item with this key: for generated code.
    #[doc(hidden)]
    pub fn new(key: impl IntoKey<M>) -> Self {
        Self::with_key(key.into_key())
    }

    pub(crate) fn with_key(key: M::Key) -> Self {
        let (key, violations) = key_attributes::<M>(key);
        let core = GetItem {
            facts: M::FACTS,
            key,
            violations,
            consistent: false,
            live: false,
            attributes: Vec::new(),
            deadline: None,
        };
        Get { core, marker: PhantomData }
    }

    /// Reads what every earlier write left, at twice the capacity (`ConsistentRead`).
    pub fn consistent(mut self) -> Self {
        self.core.consistent = true;
        self
    }

    /// Ends the operation after `deadline`, instead of after the client's.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.core.deadline = Some(deadline);
        self
    }

    /// Reads these attributes alone: `.select((Book::TITLE, Book::YEAR))`.
    pub fn select<S: Selection<M>>(mut self, selection: S) -> SelectedGet<S::Values> {
        let (attributes, decode) = of_shape(M::FACTS, None, selection.into_parts());
        self.core.attributes = attributes;
        SelectedGet { core: self.core, decode }
    }

    /// Reads the item; `None` where there is none.
    ///
    /// # Errors
    /// The key is invalid (nothing was sent), the request failed, or the item is not what the declarations say
    /// ([`is_item_error`](crate::Error::is_item_error)).
    pub fn send(self, db: &Client) -> ResponseFuture<'_, Option<M>> {
        let deadline = Deadline::of(self.core.deadline, db);
        self.send_within(deadline, db)
    }

    pub(crate) fn into_core(self) -> GetItem {
        self.core
    }

    /// As [`send`](Self::send), as a part of an operation with a deadline of its own.
    pub(crate) fn send_within(self, deadline: Deadline, db: &Client) -> ResponseFuture<'_, Option<M>> {
        decoded(self.core.send_within(deadline, db), |found| found.read(None, &<M as Record>::decode))
    }

    /// How long its caller gave it.
    pub(crate) fn given_deadline(&self) -> Option<Duration> {
        self.core.deadline
    }

    pub(crate) fn key(&self) -> &Item {
        &self.core.key
    }

    /// The SDK's own request, filled in so far.
    ///
    /// # Errors
    /// The key is invalid, or lies outside what the client [is held to](Client::within).
    pub fn into_sdk(self, db: &Client) -> Result<GetItemFluentBuilder> {
        db.admit(M::FACTS, &self.core.key)?;
        let table = db.table_name(M::FACTS.table);
        self.core.request(db, table)
    }
}

impl<M: SharesKey> Get<M> {
    /// Reads the item of this key, whichever model's it is. Without this, an item of another model counts as none.
    pub fn any(self) -> GetAny<M> {
        GetAny { core: GetItem { facts: M::Item::FACTS, ..self.core }, marker: PhantomData }
    }
}

/// Reads the item of a key that several models share (`GetItem`).
#[must_use = "nothing is read until `.send(&db)`"]
#[derive(Debug)]
pub struct GetAny<M> {
    core: GetItem,
    marker: PhantomData<fn() -> M>,
}

impl<M: SharesKey> GetAny<M> {
    /// Reads the item; `None` where there is none.
    ///
    /// # Errors
    /// As [`Get::send`].
    pub fn send(self, db: &Client) -> ResponseFuture<'_, Option<M::Item>> {
        let deadline = Deadline::of(self.core.deadline, db);
        decoded(self.core.send_within(deadline, db), |found| found.read(None, &<M::Item as Record>::decode))
    }
}

impl<M: Model + Expires> Get<M> {
    /// Reads an item that has expired as none: DynamoDB deletes it only later, within days.
    pub fn live_only(mut self) -> Self {
        self.core.live = true;
        self
    }
}

impl<M> Clone for Get<M> {
    fn clone(&self) -> Self {
        Get { core: self.core.clone(), marker: PhantomData }
    }
}

/// Reads chosen attributes of one item by its key (`GetItem`).
///
/// ```
/// # use dynamorm::Operations;
/// # use example_models::catalogue::Book;
/// # example_models::examples::run(async |db| {
/// let found = Book::get("9780141439518").select((Book::TITLE, Book::YEAR)).send(&db).await?;
/// assert_eq!(found, Some(("Pride and Prejudice".to_owned(), 1813)));
/// # Ok(()) });
/// ```
#[must_use = "nothing is read until `.send(&db)`"]
pub struct SelectedGet<T> {
    core: GetItem,
    decode: Decoder<T>,
}

impl<T: 'static> SelectedGet<T> {
    /// Reads the attributes; `None` where there is no item.
    ///
    /// # Errors
    /// As [`Get::send`].
    pub fn send(self, db: &Client) -> ResponseFuture<'_, Option<T>> {
        let SelectedGet { core, decode } = self;
        let deadline = Deadline::of(core.deadline, db);
        // An error of the item names its key, which need not be among the chosen attributes.
        let key = ItemKey::of(core.facts.table, &core.key);
        decoded(core.send_within(deadline, db), move |found| found.read(Some(key), &*decode))
    }
}

impl<T> std::fmt::Debug for SelectedGet<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SelectedGet").field("core", &self.core).finish_non_exhaustive()
    }
}
