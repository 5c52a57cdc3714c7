//! What to sweep, and how.

use std::sync::Arc;
use std::time::Duration;

use sha2::{Digest, Sha256};

use crate::client::Client;
use crate::error::{Context, Error, Result};
use crate::facts::Facts;
use crate::future::BoxFuture;
use crate::item::Item;
use crate::model::Model;
use crate::operation::keys::key_of;
use crate::operation::unique::guard;
use crate::sweep::engine::SweepEngine;
use crate::sweep::error::SweepError;
use crate::sweep::failure::SweepFailure;
use crate::sweep::keeper::Keeper;
use crate::sweep::models::SweptModel;
use crate::sweep::report::{SweepPlan, SweepStatus};
use crate::sweep::run::RunningSweep;
use crate::sweep::state::SweepState;
use crate::sweep::store::SweepStore;
use crate::validation::Violation;

/// Brings stored items into the form in which writes of today would store them.
///
/// ```
/// # use dynamorm::Operations;
/// # use example_models::catalogue::Book;
/// # example_models::examples::run(async |db| {
/// let plan = Book::sweep().plan().send(&db).await?; // writes nothing
/// println!("{plan}");
/// let report = Book::sweep().write_units(50.0).run(&db).await.expect("nobody else sweeps");
/// assert!(report.is_clean());
/// # Ok(()) });
/// ```
///
/// It reads every item, and writes of it what differs: index keys that are missing or stale, attributes in another form,
/// under a former name or with a default that is not stored, missing guards of unique values. Each write demands that what it was made
/// from is as it was read. So other clients always win, and their items are read again. A write increments the item's version
/// and leaves the moment of its last update; hooks do not run, rules are not checked, and nothing is created.
#[must_use = "nothing is read or written until `.plan().send(&db)` or `.run(&db)`"]
#[derive(Clone, Debug)]
pub struct Sweep {
    pub(super) models: Vec<SweptModel>,
    /// Whether these are all models of the table.
    pub(super) is_whole_table: bool,
    pub(super) stamps_untyped: bool,
    pub(super) removed: Vec<&'static str>,
    pub(super) only: Option<Vec<Item>>,
    pub(super) segments: u32,
    pub(super) writes: usize,
    pub(super) page_size: Option<u32>,
    pub(super) is_consistent: bool,
    pub(super) read_units: Option<f64>,
    pub(super) write_units: Option<f64>,
    store: Option<Arc<dyn SweepStore>>,
    name: Option<String>,
    lease: Duration,
    checkpoint_every: Duration,
    pub(super) is_afresh: bool,
}

impl Sweep {
    /// A sweep over the items of one model.
    pub(crate) fn of<M: Model>() -> Self {
        Self::new(vec![SweptModel::of::<M>()], false)
    }

    /// A sweep over the items of every model of a table: for generated code.
    #[doc(hidden)]
    pub fn of_table(models: impl IntoIterator<Item = SweptModel>) -> Self {
        Self::new(models.into_iter().collect(), true)
    }

    fn new(models: Vec<SweptModel>, is_whole_table: bool) -> Self {
        Sweep {
            models,
            is_whole_table,
            stamps_untyped: is_whole_table,
            removed: Vec::new(),
            only: None,
            segments: 4,
            writes: 8,
            page_size: None,
            is_consistent: false,
            read_units: None,
            write_units: None,
            store: None,
            name: None,
            lease: Duration::from_secs(60),
            checkpoint_every: Duration::from_secs(5),
            is_afresh: false,
        }
    }

    /// Removes this attribute from every item that has it, besides what differs. No swept model may declare it, and it may not be part of
    /// the table's key.
    pub fn remove_attribute(mut self, name: &'static str) -> Self {
        self.removed.push(name);
        self
    }

    /// Takes items that lack the attribute which says of what model they are for this model's, if they can be read as such, and
    /// gives them the attribute. Without it, a sweep of one model passes such items by. That of a whole table does it by itself, where an
    /// item can be read as one model alone.
    pub fn stamp_untyped(mut self) -> Self {
        self.stamps_untyped = true;
        self
    }

    /// Sweeps the items that an earlier sweep left as they are, and no others.
    pub fn only<'f>(mut self, failures: impl IntoIterator<Item = &'f SweepFailure>) -> Self {
        self.only = Some(failures.into_iter().map(|failure| failure.key().clone()).collect());
        self
    }

    /// Sweeps the items with these keys, given as DynamoDB's attributes, and no others.
    pub fn only_keys(mut self, keys: impl IntoIterator<Item = Item>) -> Self {
        self.only = Some(keys.into_iter().collect());
        self
    }

    /// Reads the table in so many segments at a time; 4 otherwise. 0 counts as 1.
    pub fn segments(mut self, segments: u32) -> Self {
        self.segments = segments.max(1);
        self
    }

    /// Sends so many writes at a time in each segment; 8 otherwise. 0 counts as 1.
    pub fn concurrent_writes(mut self, writes: usize) -> Self {
        self.writes = writes.max(1);
        self
    }

    /// Reads at most so many items by a request; as many as DynamoDB returns otherwise, which is 1 MB.
    pub fn page_size(mut self, items: u32) -> Self {
        self.page_size = Some(items);
        self
    }

    /// Reads the table consistently, which costs twice as much. An item whose read was stale is read again before it is written
    /// in any case.
    pub fn consistent(mut self) -> Self {
        self.is_consistent = true;
        self
    }

    /// Consumes at most so many read capacity units per second, over all segments. At least 1 is allowed.
    pub fn read_units(mut self, units_per_second: f64) -> Self {
        self.read_units = Some(units_per_second);
        self
    }

    /// Consumes at most so many write capacity units per second, over all segments. At least 1 is allowed.
    ///
    /// Without limits it is DynamoDB that says how fast a sweep may go: each throttled request halves its rate, which then grows
    /// again.
    pub fn write_units(mut self, units_per_second: f64) -> Self {
        self.write_units = Some(units_per_second);
        self
    }

    /// Keeps in `store` how far it has come, and takes the lease there: of two runs at once, one is refused. A run that was killed is gone on with by the
    /// next; one that had ended is begun anew.
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
        self.store = Some(Arc::new(store));
        self
    }

    /// Is called so where its checkpoints are kept, in place of by its table and models.
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Holds the lease for so long at a time, a minute otherwise: for so long another run has to wait where this one is killed. At least a
    /// second is held.
    pub fn lease(mut self, duration: Duration) -> Self {
        self.lease = duration.max(Duration::from_secs(1));
        self
    }

    /// Keeps how far it has come every so often, 5 seconds otherwise: so much is read again where it is killed.
    pub fn checkpoint_every(mut self, duration: Duration) -> Self {
        self.checkpoint_every = duration;
        self
    }

    /// Begins anew, also where another run was killed before its end.
    pub fn afresh(mut self) -> Self {
        self.is_afresh = true;
        self
    }

    /// How far the last run has come, by its last checkpoint; nothing where there was none.
    ///
    /// # Errors
    /// The sweep keeps no [checkpoints](Self::checkpoints), or what keeps them failed.
    pub async fn status(self, db: &Client) -> Result<Option<SweepStatus>, SweepError> {
        status(self, db).await
    }

    /// What a run would do, without writing anything.
    pub fn plan(self) -> PlanSweep {
        PlanSweep(self)
    }

    /// Sweeps: await it for the report, or ask it for one event after the other. Nothing is read or written while neither is polled.
    pub fn run(self, db: &Client) -> RunningSweep {
        RunningSweep::new(SweepEngine::new(self, false, db))
    }

    /// The models' table, by one of them.
    pub(super) fn facts(&self) -> Option<&'static Facts> {
        self.models.first().map(|model| model.facts)
    }

    /// What keeps its checkpoints, if anything does.
    pub(super) fn keeper(&self, db: &Client) -> Option<Keeper> {
        let store = self.store.clone()?;
        Some(Keeper::new(store, self.called(), self.lease, self.checkpoint_every, db))
    }

    /// What it is called where its checkpoints are kept.
    fn called(&self) -> String {
        if let Some(name) = &self.name {
            return name.clone();
        }
        let table = self.facts().map_or("", |facts| facts.table.name);
        let models: Vec<_> = self.models.iter().map(|model| model.facts.model).collect();
        format!("{table}:{}", models.join(","))
    }

    /// Tells jobs apart: one does not go on from where another was.
    pub(super) fn digest(&self) -> String {
        let models = self.models.iter().map(|SweptModel { facts, .. }| {
            let composed: Vec<_> = facts.composed.iter().map(|key| (key.attribute, key.fields)).collect();
            let unique: Vec<_> = guard::fields(facts).iter().map(|unique| unique.attributes).collect();
            let also_read: Vec<_> = facts.also_read.iter().map(|also| (also.attribute, also.names)).collect();
            format!("{:?}", (facts.model, facts.attributes, composed, unique, also_read))
        });
        let models: Vec<_> = models.collect();
        let text = format!("{:?}", (models, &self.removed, self.stamps_untyped));
        let digest = Sha256::digest(text.as_bytes());
        digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }

    /// What cannot be had.
    pub(super) fn contradiction(&self, db: &Client) -> Option<String> {
        for name in &self.removed {
            for model in &self.models {
                let facts = model.facts;
                let is_known = facts.attributes.contains(name)
                    || facts.table.key().any(|key| key.name == *name)
                    || facts.also_read.iter().any(|also| also.names.contains(name));
                if is_known {
                    let model = facts.model;
                    return Some(format!("`{name}` cannot be removed: model `{model}` declares it"));
                }
            }
        }
        let facts = self.facts()?;
        if self.store.as_ref().is_some_and(|store| store.is_in_table(&db.table_name(facts.table), db)) {
            return Some(
                "checkpoints cannot be kept in the table that is swept: its scans would meet them".to_owned(),
            );
        }
        let is_key = |item: &Item| key_of(facts, item).len() == facts.table.key().count();
        if !self.only.iter().flatten().all(is_key) {
            return Some("a key lacks an attribute of the table's key".to_owned());
        }
        None
    }
}

/// What a run would do: [`Sweep::plan`].
#[must_use = "nothing is read until `.send(&db)`"]
#[derive(Clone, Debug)]
pub struct PlanSweep(Sweep);

impl PlanSweep {
    /// Reads the table, and says what a run would write. Other clients write on meanwhile, so it is an estimate.
    ///
    /// # Errors
    /// A request failed, or the sweep asks for what cannot be had.
    pub async fn send(self, db: &Client) -> Result<SweepPlan> {
        planned(self.0, db).await
    }
}

fn status(sweep: Sweep, db: &Client) -> BoxFuture<'_, Result<Option<SweepStatus>, SweepError>> {
    Box::pin(async move {
        let Some(store) = &sweep.store else {
            let message = "a sweep has a status where it keeps checkpoints: give it a store by `checkpoints`";
            let violation = Violation::new("", message);
            return Err(Error::validation(Context::default(), vec![violation]).into());
        };
        match store.load(&sweep.called(), db).await? {
            Some(text) if !text.is_empty() => Ok(Some(SweepState::read(&text)?.status())),
            _ => Ok(None),
        }
    })
}

fn planned(sweep: Sweep, db: &Client) -> BoxFuture<'_, Result<SweepPlan>> {
    Box::pin(async move {
        match RunningSweep::new(SweepEngine::new(sweep, true, db)).await {
            Ok(report) => Ok(SweepPlan { report }),
            Err(SweepError::Request(error)) => Err(error),
            Err(error) => unreachable!("a plan takes no lease and keeps no checkpoint: {error}"),
        }
    })
}
