//! What a sweep was asked for.

use std::sync::Arc;
use std::time::Duration;

use sha2::{Digest, Sha256};

use crate::client::Client;
use crate::facts::Facts;
use crate::item::Item;
use crate::operation::keys::key_of;
use crate::operation::unique::guard;
use crate::sweep::keeper::Keeper;
use crate::sweep::models::SweptModel;
use crate::sweep::store::SweepStore;

/// What a sweep was asked for.
#[derive(Clone, Debug)]
pub(crate) struct SweepSettings {
    pub models: Vec<SweptModel>,
    pub stamps_untyped: bool,
    pub adds_guards: bool,
    /// Attributes that are to go.
    pub removed: Vec<&'static str>,
    pub only: Option<Vec<Item>>,
    pub segments: u32,
    pub writes: usize,
    pub page_size: Option<u32>,
    pub is_consistent: bool,
    pub read_units: Option<f64>,
    pub write_units: Option<f64>,
    pub store: Option<Arc<dyn SweepStore>>,
    pub name: Option<String>,
    pub lease: Duration,
    pub checkpoint_every: Duration,
    pub is_afresh: bool,
}

/// DynamoDB's limit on the segments of a scan.
const MAXIMUM_SEGMENTS: u32 = 1_000_000;
const SHORTEST_LEASE: Duration = Duration::from_secs(1);

impl SweepSettings {
    pub fn new(models: Vec<SweptModel>, stamps_untyped: bool) -> Self {
        SweepSettings {
            models,
            stamps_untyped,
            adds_guards: false,
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

    /// The models' table, by one of them.
    pub fn facts(&self) -> Option<&'static Facts> {
        self.models.first().map(|model| model.facts)
    }

    /// What keeps its checkpoints, if anything does.
    pub fn keeper(&self, db: &Client) -> Option<Keeper> {
        let store = self.store.clone()?;
        Some(Keeper::new(store, self.called(db), self.lease, self.checkpoint_every, db))
    }

    /// What it is called where its checkpoints are kept.
    pub fn called(&self, db: &Client) -> String {
        if let Some(name) = &self.name {
            return name.clone();
        }
        let table = self.facts().map(|facts| db.table_name(facts.table)).unwrap_or_default();
        let models: Vec<_> = self.models.iter().map(|model| model.facts.model).collect();
        format!("{table}:{}", models.join(","))
    }

    /// Tells jobs apart: one does not go on from where another was.
    pub fn digest(&self, db: &Client) -> String {
        let table = self.facts().map(|facts| db.table_name(facts.table));
        let models = self.models.iter().map(|SweptModel { facts, .. }| {
            let composed: Vec<_> = facts.composed.iter().map(|key| (key.attribute, key.fields)).collect();
            let unique: Vec<_> = guard::fields(facts).iter().map(|unique| unique.attributes).collect();
            let also_read: Vec<_> = facts.also_read.iter().map(|also| (also.attribute, also.names)).collect();
            let shape = facts.shape.map(|shape| (shape.number, shape.of_written()));
            format!("{:?}", (facts.model, facts.attributes, composed, unique, also_read, shape))
        });
        let models: Vec<_> = models.collect();
        let text = format!("{:?}", (table, models, self.stamps_untyped, self.adds_guards, &self.removed));
        let digest = Sha256::digest(text.as_bytes());
        digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }

    /// What cannot be had.
    pub fn contradictions(&self, db: &Client) -> Vec<String> {
        let mut found = Vec::new();
        let mut demand = |holds: bool, message: &dyn Fn() -> String| {
            if !holds {
                found.push(message());
            }
        };
        let is_rate = |units: Option<f64>| units.is_none_or(|units| units.is_finite() && units > 0.0);
        demand((1..=MAXIMUM_SEGMENTS).contains(&self.segments), &|| {
            format!("a sweep has 1 to {MAXIMUM_SEGMENTS} segments, not {}", self.segments)
        });
        demand(self.writes > 0, &|| "`concurrent_writes` must be at least 1".to_owned());
        demand(self.page_size != Some(0), &|| "`page_size` must be at least 1".to_owned());
        demand(is_rate(self.read_units), &|| "`read_units` must be a number above 0".to_owned());
        demand(is_rate(self.write_units), &|| "`write_units` must be a number above 0".to_owned());
        demand(self.lease >= SHORTEST_LEASE, &|| "a lease lasts for a second at least".to_owned());
        let facts = self.facts();
        demand(facts.is_some(), &|| "a sweep needs a model".to_owned());
        let Some(facts) = facts else { return found };
        let table = db.table_name(facts.table);
        demand(!self.store.as_ref().is_some_and(|store| store.is_in_table(&table, db)), &|| {
            "checkpoints cannot be kept in the table that is swept: its scans would meet them".to_owned()
        });
        for name in &self.removed {
            let is_former = |model: &SweptModel| model.facts.former.contains(name);
            demand(self.models.iter().any(is_former), &|| {
                format!(
                    "`{name}` cannot be removed: no lock says that it was once an attribute of these items"
                )
            });
        }
        let is_key = |item: &Item| key_of(facts, item).len() == facts.table.key().count();
        demand(self.only.iter().flatten().all(is_key), &|| {
            "a key lacks an attribute of the table's key".to_owned()
        });
        found
    }
}
