//! Many-to-many relations: the items whose keys are contained in those of an adjacency.

use std::fmt;
use std::time::Duration;

use crate::client::Client;
use crate::condition::Condition;
use crate::error::Result;
use crate::model::{Model, Record};
use crate::operation::builder::batch_get::{BatchGet, BatchItems};
use crate::operation::builder::query::{Partition, Query};

/// Reads the items that a many-to-many relation leads to: first the links by a query, and then the items by their keys.
///
/// A relation `courses` of a model `Student` gives the function `student.courses()`, which returns this builder:
///
/// ```
/// # use dynamorm::Operations;
/// # use example_models::school::{Course, Enrollment, Student};
/// # example_models::examples::run(async |db| {
/// # let ada = example_models::examples::student(&db).await?;
/// // Ada takes two courses.
/// let courses: Vec<Course> = ada.courses().send(&db).await?.into_found()?;
/// assert_eq!(courses[0].title, "Programming");
///
/// // Counting reads the links, and no course.
/// assert_eq!(ada.courses().count(&db).await?, 2);
///
/// let links: Vec<Enrollment> = ada.courses().links().items(&db).all().await?;
/// assert_eq!(links[1].code, "MA101");
/// # Ok(()) });
/// ```
///
/// `R` is the type that a link is read as, and `S` says where links are read.
#[must_use = "nothing is read until `.send(&db)`, `.links()` or `.count(&db)`"]
pub struct Through<R, S, M: Model> {
    links: Query<R, S>,
    key: fn(&R) -> M::Key,
}

impl<R: Record, S: Partition, M: Model> Through<R, S, M> {
    /// The items whose keys `key` takes from these links: for generated code.
    #[doc(hidden)]
    pub fn new(links: impl Into<Query<R, S>>, key: fn(&R) -> M::Key) -> Self {
        Through { links: links.into(), key }
    }

    /// Keeps only links for which `condition` holds. Further conditions must hold, too.
    pub fn filter(self, condition: Condition<R>) -> Self {
        self.with(|links| links.filter(condition))
    }

    /// Ends after so many links that pass the filter.
    pub fn limit(self, links: u64) -> Self {
        self.with(|query| query.limit(links))
    }

    /// Reads links from the greatest sort key to the least.
    pub fn descending(self) -> Self {
        self.with(Query::descending)
    }

    /// Ends each request for links after `deadline`, instead of after the client's.
    pub fn deadline(self, deadline: Duration) -> Self {
        self.with(|links| links.deadline(deadline))
    }

    /// The query for the links themselves, which gives their own attributes, and pages.
    pub fn links(self) -> Query<R, S> {
        self.links
    }

    /// Counts the links, over all pages.
    ///
    /// # Errors
    /// As [`Query::count`].
    pub async fn count(self, db: &Client) -> Result<u64> {
        self.links.count(db).await
    }

    /// Reads all links, then the items: a result for each link, in the order of the links; `None` if a link leads to a missing
    /// item.
    ///
    /// # Errors
    /// A link could not be read, or a request failed. An item that cannot be read is an error within the items.
    pub async fn send(self, db: &Client) -> Result<BatchItems<M>> {
        let links = self.links.items(db).all().await?;
        BatchGet::<M>::with_keys(links.iter().map(self.key)).send(db).await
    }

    fn with(self, change: impl FnOnce(Query<R, S>) -> Query<R, S>) -> Self {
        Through { links: change(self.links), key: self.key }
    }
}

impl<R, S, M: Model> fmt::Debug for Through<R, S, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Through").finish_non_exhaustive()
    }
}
