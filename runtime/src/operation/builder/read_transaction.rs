//! Transactions that read: `TransactGetItems`.

use std::time::Duration;

use crate::client::Client;
use crate::error::Result;
use crate::future::{ResponseFuture, decoded};
use crate::model::{Model, Record};
use crate::model_item::decode_fields;
use crate::operation::builder::get::Get;
use crate::operation::read::get::GetItem;
use crate::operation::read::transact::{Finish, ItemsInOrder, send};

/// Reads items of any models and tables in one consistent state (`TransactGetItems`), at most 100.
///
/// ```
/// # use dynamorm::Operations;
/// # use example_models::catalogue::Book;
/// # example_models::examples::run(async |db| {
/// let (emma, pride) = dynamorm::read_transaction((Book::get("9780141439587"), Book::get("9780141439518"))).send(&db).await?;
/// assert!(emma.is_some() && pride.is_some());
/// # Ok(()) });
/// ```
#[must_use = "nothing is read until `.send(&db)`"]
#[derive(Debug)]
pub struct ReadTransaction<T> {
    reads: T,
    deadline: Option<Duration>,
}

/// What a transaction reads: a tuple of up to eight [`Get`]s, or a `Vec` of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not what a transaction reads",
    label = "expected a tuple of up to eight `Get`s, or a `Vec` of them"
)]
pub trait TransactionReads {
    /// The values that are read: for each `Get` the item, or `None`.
    type Items: Send + 'static;

    #[doc(hidden)]
    fn into_reads(self) -> Reads<Self::Items>;
}

/// The parts of a transaction, and how their items become values.
#[doc(hidden)]
pub struct Reads<T> {
    cores: Vec<GetItem>,
    finish: Finish<T>,
}

impl ItemsInOrder<'_> {
    fn next<M: Model>(&mut self) -> Result<Option<M>> {
        let Some((facts, Some(fields))) = self.items.next() else { return Ok(None) };
        let table = || self.db.table_name(facts.table);
        decode_fields(facts, None, &table, fields, &<M as Record>::decode).map(Some)
    }
}

impl<T: TransactionReads> ReadTransaction<T> {
    pub(crate) fn new(reads: T) -> Self {
        ReadTransaction { reads, deadline: None }
    }

    /// Ends the operation after `deadline`, instead of after the client's.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Reads the items.
    ///
    /// # Errors
    /// A key is invalid or there are more than 100 (nothing was sent), another transaction was at work on an item
    /// ([`is_conflict`](crate::Error::is_conflict)), the request failed, or an item is not what the declarations say.
    pub fn send(self, db: &Client) -> ResponseFuture<'_, T::Items> {
        let Reads { cores, finish } = self.reads.into_reads();
        decoded(send(cores, self.deadline, db), |found| found.read(finish))
    }
}

impl<M: Model> TransactionReads for Vec<Get<M>> {
    type Items = Vec<Option<M>>;

    fn into_reads(self) -> Reads<Vec<Option<M>>> {
        let cores: Vec<_> = self.into_iter().map(Get::into_core).collect();
        let count = cores.len();
        Reads { cores, finish: Box::new(move |found| (0..count).map(|_| found.next()).collect()) }
    }
}

macro_rules! tuple {
    ($($model:ident $field:tt),*) => {
        impl<$($model: Model),*> TransactionReads for ($(Get<$model>,)*) {
            type Items = ($(Option<$model>,)*);

            fn into_reads(self) -> Reads<Self::Items> {
                Reads {
                    cores: vec![$(self.$field.into_core()),*],
                    finish: Box::new(|found| Ok(($(found.next::<$model>()?,)*))),
                }
            }
        }
    };
}

tuple!(A 0);

tuple!(A 0, B 1);

tuple!(A 0, B 1, C 2);

tuple!(A 0, B 1, C 2, D 3);

tuple!(A 0, B 1, C 2, D 3, E 4);

tuple!(A 0, B 1, C 2, D 3, E 4, F 5);

tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);

tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);
