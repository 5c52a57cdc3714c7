//! Reading items, and what writes of today would store in their place.

use crate::client::Deadline;
use crate::decode::Fields;
use crate::error::Result;
use crate::item::Item;
use crate::operation::read::get::GetItem;
use crate::operation::read::request::{RawPage, Read};
use crate::operation::read::source::Source;
use crate::sweep::cost;
use crate::sweep::engine::SweepEngine;
use crate::sweep::error::SweepError;
use crate::sweep::failure::{SweepFailure, SweepProblem};
use crate::sweep::models::{Owner, SweptModel, owner};
use crate::sweep::report::Tally;
use crate::sweep::tries::{Tries, passes};

/// An item of a swept model.
pub(crate) struct SweptItem {
    pub model: SweptModel,
    /// As it is stored.
    pub stored: Item,
    /// As writes of today would store it.
    pub fresh: Result<Item>,
}

/// What a page held.
pub(crate) struct SweptPage {
    pub found: Vec<SweptItem>,
    /// How many items were read, those of other models included.
    pub scanned: u64,
    pub tally: Tally,
    pub next: Option<Item>,
}

/// What an item turned out to be.
pub(crate) enum Sorted {
    Found(SweptItem),
    Other,
    Failed(SweepFailure),
}

impl SweepEngine {
    /// Reads a page of a segment. What fails for a reason that passes is sent again.
    pub async fn page(&self, segment: u32, start: Option<Item>) -> Result<SweptPage, SweepError> {
        let mut read = self.read_of(segment);
        let mut tries = Tries::default();
        loop {
            let taken = self.reads.take(&self.db).await;
            read.page_size = self.sweep.page_size.or_else(|| self.reads.items_at_once());
            let page = match read.page(&self.unheld, start.clone(), false).await {
                Ok(page) => self.sorted(page),
                Err(error) => Err(error),
            };
            match page {
                Ok(page) => {
                    let counts = page.tally.counts;
                    self.reads.consumed(taken, counts.read_units);
                    self.reads.saw(page.scanned, counts.read_units);
                    return Ok(page);
                }
                Err(error) => {
                    self.reads.consumed(taken, 0.0);
                    if error.is_throttled() {
                        self.throttled(&self.reads);
                    }
                    if !passes(&error) || !tries.wait(&self.db).await {
                        return Err(error.into());
                    }
                }
            }
        }
    }

    fn read_of(&self, segment: u32) -> Read {
        let [first, ..] = self.sweep.models.as_slice() else { unreachable!("a sweep has a model") };
        let mut source = Source::scan(first.facts);
        // Of several models, or of items that do not say what they are, it is told here whose they are.
        if self.sweep.models.len() == 1 && !self.sweep.stamps_untyped {
            source = source.among_others();
        }
        let segments = self.state(|state| state.segments());
        Read {
            consistent: self.sweep.is_consistent,
            segment: Some((segment, segments)),
            ..Read::from(source)
        }
    }

    fn sorted(&self, page: RawPage) -> Result<SweptPage> {
        let mut sorted: Vec<Sorted> = Vec::new();
        let end = page.read(usize::MAX, &mut |index, fields| {
            sorted.truncate(index);
            // An item in a response is read twice from there, which costs less than to copy it.
            let again = fields.place().map(|(reader, place)| Fields::at(reader, place));
            let stored = match again {
                Some(again) => again.into_item(),
                None => fields.as_item().cloned(),
            };
            sorted.push(self.sort(stored.unwrap_or_default(), fields));
        })?;
        sorted.truncate(end.items);
        let mut tally = Tally::default();
        tally.counts.read_units = end.capacity.unwrap_or_default();
        // What the filter left out.
        tally.counts.others = end.scanned.saturating_sub(end.items.try_into().unwrap_or(u64::MAX));
        let found = self.take_over(sorted, &mut tally);
        Ok(SweptPage { found, scanned: end.scanned, tally, next: end.next })
    }

    /// Says whose item it is, and what of it would be written.
    pub fn sort(&self, stored: Item, fields: Fields<'_>) -> Sorted {
        match owner(&self.sweep.models, &stored) {
            // What the client's scope does not admit is somebody else's.
            Owner::Model(model) if self.db.admit(model.facts, &stored).is_err() => Sorted::Other,
            Owner::Model(model) => {
                let fresh = model.refresh(&stored, fields, &self.table);
                Sorted::Found(SweptItem { model: *model, stored, fresh })
            }
            Owner::Untyped(models) if self.sweep.stamps_untyped => self.untyped(&models, stored),
            Owner::Untyped(_) | Owner::Library | Owner::Other => Sorted::Other,
        }
    }

    /// An item that does not say of what model it is, where it can be of one alone.
    fn untyped(&self, models: &[&SweptModel], stored: Item) -> Sorted {
        let admitted = models.iter().filter(|model| self.db.admit(model.facts, &stored).is_ok());
        let mut readable = admitted.filter_map(|model| {
            let fresh = model.refresh(&stored, Fields::from(stored.clone()), &self.table).ok()?;
            Some((**model, fresh))
        });
        match (readable.next(), readable.next()) {
            (None, _) => Sorted::Other,
            (Some((model, fresh)), None) => Sorted::Found(SweptItem { model, stored, fresh: Ok(fresh) }),
            (Some((one, _)), Some((other, _))) => {
                let message =
                    format!("it can be read as `{}` and as `{}`", one.facts.model, other.facts.model);
                let failure = SweepFailure::new(one.facts, &stored, SweepProblem::Ambiguous, message);
                Sorted::Failed(failure)
            }
        }
    }

    fn take_over(&self, sorted: Vec<Sorted>, tally: &mut Tally) -> Vec<SweptItem> {
        let mut found = Vec::with_capacity(sorted.len());
        for sorted in sorted {
            match sorted {
                Sorted::Found(item) => found.push(item),
                Sorted::Other => tally.counts.others += 1,
                Sorted::Failed(failure) => {
                    tally.counts.items += 1;
                    tally.counts.failed += 1;
                    tally.failures.push(failure);
                }
            }
        }
        found
    }

    /// Reads the items with these keys.
    pub async fn read(&self, keys: &[Item]) -> Result<(Vec<SweptItem>, Tally), SweepError> {
        let (mut sorted, mut tally) = (Vec::new(), Tally::default());
        for key in keys {
            match self.item(&self.sweep.models[0], key, &mut tally).await? {
                Some(stored) => sorted.push(self.sort(stored.clone(), Fields::from(stored))),
                None => tally.counts.gone += 1,
            }
        }
        let found = self.take_over(sorted, &mut tally);
        Ok((found, tally))
    }

    /// Reads one item of a model's table, consistently.
    pub async fn item(
        &self,
        model: &SweptModel,
        key: &Item,
        tally: &mut Tally,
    ) -> Result<Option<Item>, SweepError> {
        let mut tries = Tries::default();
        loop {
            let taken = self.reads.take(&self.db).await;
            let read = GetItem::consistent(model.facts, key.clone(), Vec::new());
            match read.item(Deadline::of(None, &self.db), &self.unheld).await {
                Ok(item) => {
                    let units = cost::of_get(item.as_ref());
                    self.reads.consumed(taken, units);
                    tally.counts.read_units += units;
                    return Ok(item);
                }
                Err(error) => {
                    self.reads.consumed(taken, 0.0);
                    if error.is_throttled() {
                        self.throttled(&self.reads);
                    }
                    if !passes(&error) || !tries.wait(&self.db).await {
                        return Err(error.into());
                    }
                }
            }
        }
    }
}
