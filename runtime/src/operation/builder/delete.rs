//! Deleting an item: `DeleteItem`.

use std::marker::PhantomData;

use aws_sdk_dynamodb::operation::delete_item::builders::DeleteItemFluentBuilder;

use crate::client::Client;
use crate::error::Result;
use crate::future::{ResponseFuture, decoded};
use crate::model::{IntoKey, Model, Versioned};
use crate::model_item::{key_attributes, write_id_of};
use crate::operation::builder::returned::decode_returned;
use crate::operation::builder::setters::setters;
use crate::operation::write::conditions::Conditions;
use crate::operation::write::delete::DeleteItem;
use crate::operation::write::demands::Existence;

/// Deletes an item (`DeleteItem`). A missing item is no error, unless a condition demands one.
///
/// ```
/// # use dynamorm::Operations;
/// # use example_models::catalogue::Book;
/// # example_models::examples::run(async |db| {
/// let old: Option<Book> = Book::delete("9780141439518").when(Book::YEAR.lt(1900)).return_old().send(&db).await?;
/// assert_eq!(old.map(|book| book.year), Some(1813));
/// # Ok(()) });
/// ```
#[must_use = "nothing is deleted until `.send(&db)`"]
#[derive(Debug)]
pub struct Delete<M, R = ()> {
    pub(crate) core: DeleteItem,
    marker: PhantomData<fn() -> (M, R)>,
}

/// The operation returns the item as it was.
#[derive(Debug)]
pub enum ReturnOld {}

impl<M: Model> Delete<M> {
    /// A deletion of the item with this key: for generated code.
    #[doc(hidden)]
    pub fn new(key: impl IntoKey<M>) -> Self {
        Self::by(key.into_key())
    }

    fn by(key: M::Key) -> Self {
        let (key, violations) = key_attributes::<M>(key);
        let conditions = Conditions::refused(M::FACTS, Existence::Any, violations);
        Delete { core: DeleteItem::new(key, conditions), marker: PhantomData }
    }

    /// Returns the deleted item.
    pub fn return_old(self) -> Delete<M, ReturnOld> {
        let core = DeleteItem { return_old: true, ..self.core };
        Delete { core, marker: PhantomData }
    }

    /// Deletes the item.
    ///
    /// # Errors
    /// The key is invalid (nothing was sent), a condition did not hold, or the request failed.
    pub fn send(self, db: &Client) -> ResponseFuture<'_, ()> {
        self.core.send_only(db)
    }
}

impl<M: Versioned> Delete<M> {
    /// A deletion of this very item, if it still has this version: for generated code.
    #[doc(hidden)]
    pub fn of(item: &M) -> Self {
        let mut delete = Self::by(item.key()).expect_version(item.version());
        delete.core.conditions.expect_write_id(write_id_of(item));
        delete
    }
}

impl<M: Model> Delete<M> {
    pub(crate) fn into_core(self) -> DeleteItem {
        self.core
    }
}

impl<M: Model> Delete<M, ReturnOld> {
    /// Deletes the item and returns it; `None` if there was none. If the model has unique fields, the returned item was read
    /// right before the deletion.
    ///
    /// # Errors
    /// As without `return_old`, and: the item is not what the declarations say ([`is_item_error`](crate::Error::is_item_error)).
    /// It is deleted nevertheless.
    pub fn send(self, db: &Client) -> ResponseFuture<'_, Option<M>> {
        decoded(self.core.send(db), |sent| sent.item.map(|item| decode_returned(item, db)).transpose())
    }
}

impl<M: Model, R> Delete<M, R> {
    /// Demands that the item exists: otherwise the error [is "not found"](crate::Error::is_not_found).
    pub fn if_exists(mut self) -> Self {
        self.core.conditions.existence = Existence::Required;
        self
    }

    /// The SDK's own request, filled in so far.
    ///
    /// # Errors
    /// The key is invalid, or lies outside what the client [is held to](Client::within).
    pub fn into_sdk(self, db: &Client) -> Result<DeleteItemFluentBuilder> {
        self.core.into_request(db)
    }
}

setters! {
    [M: Model, R] Delete<M, R> => (core.conditions) {
        when_exists: "Demands that the item exists and `condition` holds for it. A second one must hold too.",
        deadline,
    }
    [M: Versioned, R] Delete<M, R> => (core.conditions) { expect_version }
}
