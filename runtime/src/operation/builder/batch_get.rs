//! Reading any number of items by their keys: `BatchGetItem`.

use std::marker::PhantomData;
use std::time::Duration;

use crate::client::Client;
use crate::error::Result;
use crate::future::{ResponseFuture, decoded};
use crate::model::{IntoKey, Model, Record};
use crate::model_item::key_attributes;
use crate::operation::read::batch_get::BatchGetItem;
use crate::operation::read::select::{Decoder, Selection, of_shape};

/// Reads any number of items by their keys (`BatchGetItem`).
///
/// ```
/// # use dynamorm::Operations;
/// # use example_models::catalogue::Book;
/// # example_models::examples::run(async |db| {
/// let found = Book::batch_get(["9780141439518", "9780000000000"]).send(&db).await?;
/// let books: Vec<Option<Book>> = found.into_items()?;
/// assert!(books[0].is_some() && books[1].is_none());
/// # Ok(()) });
/// ```
///
/// Keys are sent in batches of 100, several at once; what DynamoDB leaves over is asked for again until there is no
/// progress. A key that is given twice is read once.
#[must_use = "nothing is read until `.send(&db)`"]
#[derive(Debug)]
pub struct BatchGet<M> {
    core: BatchGetItem,
    marker: PhantomData<fn() -> M>,
}

impl<M: Model> BatchGet<M> {
    /// A read of the items with these keys: for generated code.
    #[doc(hidden)]
    pub fn new<K: IntoKey<M>>(keys: impl IntoIterator<Item = K>) -> Self {
        Self::with_keys(keys.into_iter().map(K::into_key))
    }

    pub(crate) fn with_keys(keys: impl Iterator<Item = M::Key>) -> Self {
        let (mut items, mut violations) = (Vec::new(), Vec::new());
        for (position, key) in keys.enumerate() {
            let (item, found) = key_attributes::<M>(key);
            items.push(item);
            violations.extend(found.iter().map(|violation| violation.within_element(position)));
        }
        let core = BatchGetItem {
            facts: M::FACTS,
            keys: items,
            violations,
            consistent: false,
            attributes: Vec::new(),
            deadline: None,
        };
        BatchGet { core, marker: PhantomData }
    }

    /// Reads what every earlier write left, at twice the capacity (`ConsistentRead`).
    pub fn consistent(mut self) -> Self {
        self.core.consistent = true;
        self
    }

    /// Gives up after `deadline`. Without it the batch ends when there is no progress, and each of its requests after
    /// the client's.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.core.deadline = Some(deadline);
        self
    }

    /// Reads these attributes alone: `.select((Book::TITLE, Book::YEAR))`.
    pub fn select<S: Selection<M>>(mut self, selection: S) -> SelectedBatchGet<S::Values> {
        let (attributes, decode) = of_shape(M::FACTS, None, selection.into_parts());
        self.core.attributes = attributes;
        SelectedBatchGet { core: self.core, decode }
    }

    /// Reads the items.
    ///
    /// # Errors
    /// A key is invalid (nothing was sent), a request failed, or DynamoDB left keys over again and again
    /// ([`is_incomplete`](crate::Error::is_incomplete)). An item that cannot be read is an error within the items.
    pub fn send(self, db: &Client) -> ResponseFuture<'_, BatchItems<M>> {
        decoded(self.core.send(db), |found| {
            Ok(BatchItems { items: found.decode(db, &<M as Record>::decode) })
        })
    }
}

/// Reads chosen attributes of any number of items by their keys (`BatchGetItem`).
#[must_use = "nothing is read until `.send(&db)`"]
pub struct SelectedBatchGet<T> {
    core: BatchGetItem,
    decode: Decoder<T>,
}

impl<T: 'static> SelectedBatchGet<T> {
    /// Reads the attributes.
    ///
    /// # Errors
    /// As [`BatchGet::send`].
    pub fn send(self, db: &Client) -> ResponseFuture<'_, BatchItems<T>> {
        let SelectedBatchGet { core, decode } = self;
        decoded(core.send(db), move |found| Ok(BatchItems { items: found.decode(db, &*decode) }))
    }
}

impl<T> std::fmt::Debug for SelectedBatchGet<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SelectedBatchGet").field("core", &self.core).finish_non_exhaustive()
    }
}

/// What a batch of keys found: a result for each key, in the order of the keys; `None` where there is no item.
#[derive(Debug)]
pub struct BatchItems<T> {
    items: Vec<Result<Option<T>>>,
}

impl<T> BatchItems<T> {
    /// The results, in the order of the keys.
    pub fn items(&self) -> &[Result<Option<T>>] {
        &self.items
    }

    /// The items in the order of the keys, if all of them could be read; `None` where there is no item.
    ///
    /// # Errors
    /// The first item's that could not.
    pub fn into_items(self) -> Result<Vec<Option<T>>> {
        self.items.into_iter().collect()
    }

    /// The items that exist, if all of them could be read.
    ///
    /// # Errors
    /// The first item's that could not.
    pub fn into_found(self) -> Result<Vec<T>> {
        self.items.into_iter().filter_map(Result::transpose).collect()
    }
}

impl<T> IntoIterator for BatchItems<T> {
    type Item = Result<Option<T>>;
    type IntoIter = std::vec::IntoIter<Result<Option<T>>>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.into_iter()
    }
}
