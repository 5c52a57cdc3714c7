//! What to sweep, and how.

use std::sync::Arc;
use std::time::Duration;

use crate::client::Client;
use crate::error::{Context, Error};
use crate::future::BoxFuture;
use crate::item::Item;
use crate::model::Model;
use crate::sweep::engine::SweepEngine;
use crate::sweep::error::SweepError;
use crate::sweep::failure::SweepFailure;
use crate::sweep::models::SweptModel;
use crate::sweep::report::{SweepPlan, SweepStatus};
use crate::sweep::run::RunningSweep;
use crate::sweep::settings::SweepSettings;
use crate::sweep::state::SweepState;
use crate::sweep::store::SweepStore;
use crate::validation::Violation;

/// Brings stored items into the form in which writes of today would store them.
///
/// ```
/// # use dynamorm::Operations;
/// # use example_models::catalogue::Book;
/// # example_models::examples::run(async |db| {
/// let plan = Book::sweep().plan().send(&db).await.expect("the table is read"); // writes nothing
/// println!("{plan}");
/// let report = Book::sweep().write_units(50.0).run(&db).await.expect("nobody else sweeps");
/// assert!(report.is_clean());
/// # Ok(()) });
/// ```
///
/// It reads every item, and writes of it what differs: index keys that are missing or stale, attributes in another form,
/// under a former name or with a default that is not stored, and on request missing guards of unique values. A number stays
/// the number that it is. Each write demands that what it was made from is as it was read. So other clients always win, and
/// their items are read again. A write increments the item's version and leaves the moment of its last update; hooks do not
/// run, rules are not checked, and no item is created.
///
/// Where every item is as it should be, a sweep costs what a scan of the table costs.
#[must_use = "nothing is read or written until `.plan().send(&db)` or `.run(&db)`"]
#[derive(Clone, Debug)]
pub struct Sweep(SweepSettings);

impl Sweep {
    /// A sweep over the items of one model.
    pub(crate) fn of<M: Model>() -> Self {
        Sweep(SweepSettings::new(vec![SweptModel::of::<M>()], false))
    }

    /// A sweep over the items of every model of a table: for generated code.
    #[doc(hidden)]
    pub fn of_table(models: impl IntoIterator<Item = SweptModel>) -> Self {
        Sweep(SweepSettings::new(models.into_iter().collect(), true))
    }

    /// Adds the guards of unique values that have none, and those that name an item which is not theirs: after a field has
    /// become unique.
    ///
    /// It costs a consistent read of each guard, besides the scan. Without it, guards are written only where a unique value
    /// is stored in another form than the one that writes use.
    pub fn add_guards(mut self) -> Self {
        self.0.adds_guards = true;
        self
    }

    /// Removes an attribute that the items of the model had once, and that is declared no more, by its stored name.
    /// `models.lock` knows these attributes: what it does not know was never the model's, and is refused.
    ///
    /// Older code that runs beside this may need the attribute, and writes it again.
    pub fn remove_former(mut self, name: &'static str) -> Self {
        self.0.removed.push(name);
        self
    }

    /// Takes items that lack the attribute which says of what model they are for this model's, if they can be read as such,
    /// and gives them the attribute. Without it, a sweep of one model passes such items by. That of a whole table does it
    /// by itself, where an item can be read as one model alone.
    pub fn stamp_untyped(mut self) -> Self {
        self.0.stamps_untyped = true;
        self
    }

    /// Sweeps the items that an earlier sweep left as they are, and no others.
    pub fn only<'f>(mut self, failures: impl IntoIterator<Item = &'f SweepFailure>) -> Self {
        self.0.only = Some(failures.into_iter().map(|failure| failure.key().clone()).collect());
        self
    }

    /// Sweeps the items with these keys, given as DynamoDB's attributes, and no others.
    pub fn only_keys(mut self, keys: impl IntoIterator<Item = Item>) -> Self {
        self.0.only = Some(keys.into_iter().collect());
        self
    }

    /// Reads the table in so many segments at a time, from 1 to 1,000,000; 4 otherwise. A run that goes on where another
    /// was killed keeps the segments of that one.
    pub fn segments(mut self, segments: u32) -> Self {
        self.0.segments = segments;
        self
    }

    /// Sends so many writes at a time in each segment, 1 or more; 8 otherwise.
    pub fn concurrent_writes(mut self, writes: usize) -> Self {
        self.0.writes = writes;
        self
    }

    /// Reads at most so many items by a request, 1 or more. Otherwise a request reads what a second of
    /// [`read_units`](Self::read_units) allows, and without that limit as many items as DynamoDB returns, which is 1 MB.
    pub fn page_size(mut self, items: u32) -> Self {
        self.0.page_size = Some(items);
        self
    }

    /// Reads the table consistently, which costs twice as much. An item whose read was stale is read again before it is
    /// written in any case.
    pub fn consistent(mut self) -> Self {
        self.0.is_consistent = true;
        self
    }

    /// Consumes about so many read capacity units per second at the most, over all segments; more than 0.
    pub fn read_units(mut self, units_per_second: f64) -> Self {
        self.0.read_units = Some(units_per_second);
        self
    }

    /// Consumes about so many write capacity units per second at the most, over all segments; more than 0.
    ///
    /// Without limits it is DynamoDB that says how fast a sweep may go: each throttled request halves its rate, which then
    /// grows again.
    pub fn write_units(mut self, units_per_second: f64) -> Self {
        self.0.write_units = Some(units_per_second);
        self
    }

    /// Keeps in `store` how far it has come, and takes the lease there: of two runs at once, one is refused. Where a run
    /// was killed the next one goes on. Where the last one reached its end, the next one begins anew.
    ///
    /// ```
    /// # use dynamorm::Operations;
    /// # use dynamorm::sweep::SweepFile;
    /// # use example_models::catalogue::Book;
    /// # example_models::examples::run(async |db| {
    /// # let folder = std::env::temp_dir().join(format!("sweep-{}", std::process::id()));
    /// # std::fs::create_dir_all(&folder).unwrap();
    /// # let path = folder.join("books.json");
    /// let report = Book::sweep().checkpoints(SweepFile::new(path)).run(&db).await.expect("nobody else sweeps");
    /// # std::fs::remove_dir_all(folder).unwrap();
    /// # assert!(report.is_clean());
    /// # Ok(()) });
    /// ```
    pub fn checkpoints(mut self, store: impl SweepStore + 'static) -> Self {
        self.0.store = Some(Arc::new(store));
        self
    }

    /// Is called so where its checkpoints are kept, in place of by its table and models.
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.0.name = Some(name.into());
        self
    }

    /// Holds the lease for so long at a time, a second or more; a minute otherwise. For so long another run has to wait
    /// where this one is killed.
    pub fn lease(mut self, duration: Duration) -> Self {
        self.0.lease = duration;
        self
    }

    /// Keeps how far it has come every so often, 5 seconds otherwise: so much is read again where it is killed.
    pub fn checkpoint_every(mut self, duration: Duration) -> Self {
        self.0.checkpoint_every = duration;
        self
    }

    /// Begins anew, also where another run was killed before its end, and where the checkpoint is of other declarations.
    pub fn afresh(mut self) -> Self {
        self.0.is_afresh = true;
        self
    }

    /// How far the last run has come, by its last checkpoint; nothing where there was none.
    ///
    /// # Errors
    /// The sweep keeps no [checkpoints](Self::checkpoints), or what keeps them failed.
    pub async fn status(self, db: &Client) -> Result<Option<SweepStatus>, SweepError> {
        status(self.0, db).await
    }

    /// What a run would do, without writing anything.
    pub fn plan(self) -> PlanSweep {
        PlanSweep(self.0)
    }

    /// Sweeps: await it for the report, or ask it for one event after the other. Nothing is read or written while neither
    /// is polled.
    pub fn run(self, db: &Client) -> RunningSweep {
        RunningSweep::new(SweepEngine::new(self.0, false, db))
    }
}

/// What a run would do: [`Sweep::plan`].
#[must_use = "nothing is read until `.send(&db)`"]
#[derive(Clone, Debug)]
pub struct PlanSweep(SweepSettings);

impl PlanSweep {
    /// Reads the table, and says what a run would write. Other clients write on meanwhile, so it is an estimate.
    ///
    /// # Errors
    /// A request failed, or the sweep asks for what cannot be had.
    pub async fn send(self, db: &Client) -> Result<SweepPlan, SweepError> {
        let PlanSweep(settings) = self;
        let facts = settings.models.iter().map(|model| model.facts);
        let shaped = facts.filter(|facts| facts.shape.is_some()).map(|facts| facts.model).collect();
        let (table, live_table) = match settings.facts() {
            Some(facts) => (facts.table.name, db.table_name(facts.table)),
            None => ("", String::new()),
        };
        let (is_whole, is_consistent) = (settings.only.is_none(), settings.is_consistent);
        let report = RunningSweep::new(SweepEngine::new(settings, true, db)).await?;
        Ok(SweepPlan { report, table, live_table, shaped, is_whole, is_consistent })
    }
}

fn status(sweep: SweepSettings, db: &Client) -> BoxFuture<'_, Result<Option<SweepStatus>, SweepError>> {
    Box::pin(async move {
        let Some(store) = &sweep.store else {
            let message = "a sweep has a status where it keeps checkpoints: give it a store by `checkpoints`";
            let violation = Violation::new("", message);
            return Err(Error::validation(Context::default(), vec![violation]).into());
        };
        match store.load(&sweep.called(db), db).await? {
            Some(text) if !text.is_empty() => Ok(Some(SweepState::read(&text)?.status())),
            _ => Ok(None),
        }
    })
}
