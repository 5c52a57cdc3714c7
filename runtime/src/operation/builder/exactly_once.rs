//! Single writes that are carried out once, even if their responses are lost.

use std::time::Duration;

use crate::client::Client;
use crate::error::Result;
use crate::future::ResponseFuture;
use crate::model::Model;
use crate::operation::builder::delete::Delete;
use crate::operation::builder::put::Put;
use crate::operation::builder::save::Save;
use crate::operation::builder::update::Update;
use crate::operation::builder::upsert::Upsert;

/// A single write, sent as a transaction of one operation. DynamoDB carries it out once, however often it is sent.
///
/// ```
/// # use dynamorm::{Client, Model, Put};
/// # async fn example<M: Model>(put: Put<M>, db: Client) -> dynamorm::Result<()> {
/// put.if_not_exists().exactly_once().send(&db).await
/// # }
/// ```
///
/// It takes twice the capacity of the plain write. If no attempt is answered, the outcome is still unknown, and
/// [`Error::into_prepared`](crate::Error::into_prepared) returns the write for sending it again unchanged. Give conditions before
/// `.exactly_once()`. It returns no item, because transactions return none.
#[must_use = "nothing is written until `.send(&db)`"]
#[derive(Debug)]
pub struct ExactlyOnce<O>(pub(crate) O);

/// Gives every single write its `exactly_once`, and the returned builder its deadline.
macro_rules! writes {
    ($($doc:literal [$($generics:tt)*] $write:ty => $($field:ident).+;)*) => { $(
        impl<$($generics)*> $write {
            #[doc = $doc]
            pub fn exactly_once(mut self) -> ExactlyOnce<Self> {
                self.$($field).+.once = true;
                ExactlyOnce(self)
            }
        }

        impl<$($generics)*> ExactlyOnce<$write> {
            /// Ends the operation after `deadline`, instead of after the client's.
            pub fn deadline(self, deadline: Duration) -> Self {
                ExactlyOnce(self.0.deadline(deadline))
            }
        }
    )* };
}

writes! {
    "Sends the put as a transaction of one operation, which DynamoDB carries out once however often it is sent: a lost \
     response is no unknown outcome as long as another attempt is answered. It takes twice the capacity, and returns no item."
    [M: Model, W] Put<M, W> => core.conditions;
    "Sends the update as a transaction of one operation: see [`Put::exactly_once`]."
    [M: Model] Update<M> => core.conditions;
    "Sends the upsert as a transaction of one operation: see [`Put::exactly_once`]."
    [M: Model] Upsert<M> => update.core.conditions;
    "Sends the deletion as a transaction of one operation: see [`Put::exactly_once`]."
    [M: Model] Delete<M> => core.conditions;
    "Sends the save as a transaction of one operation: see [`Put::exactly_once`]."
    [M: Model] Save<'_, M> => conditions;
}

impl<M: Model> ExactlyOnce<Put<M>> {
    /// Writes the item.
    ///
    /// # Errors
    /// As [`Put::send`].
    pub fn send(self, db: &Client) -> ResponseFuture<'_, ()> {
        self.0.send(db)
    }
}

impl<'a, M: Model> ExactlyOnce<Put<M, &'a mut M>> {
    /// Writes the item, and writes its managed values back into the value.
    ///
    /// # Errors
    /// As [`Put::send`].
    pub fn send<'b>(self, db: &'b Client) -> ResponseFuture<'b, ()>
    where
        'a: 'b,
    {
        self.0.send(db)
    }
}

impl<M: Model> ExactlyOnce<Update<M>> {
    /// Changes the item.
    ///
    /// # Errors
    /// As [`Update::send`].
    pub fn send(self, db: &Client) -> ResponseFuture<'_, ()> {
        self.0.send(db)
    }
}

impl<M: Model> ExactlyOnce<Delete<M>> {
    /// Deletes the item.
    ///
    /// # Errors
    /// As [`Delete::send`].
    pub fn send(self, db: &Client) -> ResponseFuture<'_, ()> {
        self.0.send(db)
    }
}

impl<M: Model> ExactlyOnce<Upsert<M>> {
    /// Creates or changes the item.
    ///
    /// # Errors
    /// As [`Upsert::send`].
    pub async fn send(self, db: &Client) -> Result<()> {
        self.0.send(db).await
    }
}

impl<M: Model> ExactlyOnce<Save<'_, M>> {
    /// Saves the changes; without any, nothing is sent.
    ///
    /// # Errors
    /// As [`Save::send`].
    pub async fn send(self, db: &Client) -> Result<()> {
        self.0.send(db).await
    }
}
