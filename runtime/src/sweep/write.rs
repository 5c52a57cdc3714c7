//! Writing what differs of one item, and reading it again where others have written it meanwhile.

use std::pin::pin;

use aws_sdk_dynamodb::types::ConsumedCapacity;
use futures_util::{StreamExt, stream};

use crate::client::{Call, Deadline};
use crate::decode::Fields;
use crate::error::{Error, Result};
use crate::expression::action::Action;
use crate::expression::path::Path;
use crate::facts::{Facts, UniqueFields};
use crate::future::BoxFuture;
use crate::hooks::WriteKind;
use crate::item::Item;
use crate::managed::Written;
use crate::operation::keys::key_of;
use crate::operation::unique::guard::{self, guard_key, guard_text, longest_guard, owner_of};
use crate::operation::unique::guards::{changes, take};
use crate::operation::write::check::CheckItem;
use crate::operation::write::conditions::Conditions;
use crate::operation::write::demands::Existence;
use crate::operation::write::operation::Write;
use crate::operation::write::part::WritePart;
use crate::operation::write::transact::send_parts;
use crate::operation::write::update::UpdateItem;
use crate::stamp::Stamp;
use crate::sweep::change::ChangeKind;
use crate::sweep::cost;
use crate::sweep::difference::{ItemDifference, difference};
use crate::sweep::engine::SweepEngine;
use crate::sweep::error::SweepError;
use crate::sweep::failure::{SweepFailure, SweepProblem, key_text};
use crate::sweep::models::SweptModel;
use crate::sweep::read::{Sorted, SweptItem};
use crate::sweep::report::Tally;
use crate::sweep::tries::{Tries, is_of_every_item, passes};

/// How often an item is read again that others write.
const MEETINGS: u32 = 10;

/// What has to be written of an item.
struct Wanted {
    difference: ItemDifference,
    /// The item as it will be.
    after: Item,
    /// Unique values whose guards are missing, or name another item.
    unguarded: Vec<(&'static UniqueFields, String)>,
}

/// Why an item is left as it is.
type Refusal = (SweepProblem, String);

impl SweepEngine {
    /// Deals with the items of a page.
    pub async fn deal_with(&self, found: Vec<SweptItem>, mut tally: Tally) -> Result<Tally, SweepError> {
        let mut writes: Vec<BoxFuture<'_, Result<Tally, SweepError>>> = Vec::new();
        for item in found {
            let facts = item.model.facts;
            tally.counts.items += 1;
            *tally.models.entry(facts.model.to_owned()).or_default() += 1;
            if let Some(shape) = item.model.shape_of(&item.stored) {
                *tally.shapes.entry(facts.model.to_owned()).or_default().entry(shape).or_default() += 1;
            }
            let is_guarded = self.sweep.adds_guards && !guard::fields(facts).is_empty();
            match wanted(&item, &self.table, &self.sweep.removed) {
                Ok(None) if !is_guarded => tally.counts.unchanged += 1,
                _ => writes.push(Box::pin(self.settle(item))),
            }
        }
        let mut writes = stream::iter(writes).buffer_unordered(self.sweep.writes);
        while let Some(settled) = writes.next().await {
            let settled = settled?;
            tally.counts.add(&settled.counts);
            tally.changes.extend(&settled.changes);
            tally.failures.extend(settled.failures);
        }
        Ok(tally)
    }

    /// Writes what differs of an item, until nothing does.
    async fn settle(&self, mut item: SweptItem) -> Result<Tally, SweepError> {
        let mut tally = Tally::default();
        let (mut tries, mut meetings) = (Tries::default(), 0);
        loop {
            let facts = item.model.facts;
            let wanted = match self.wanted(&item, &mut tally).await? {
                Ok(Some(wanted)) => wanted,
                Ok(None) => {
                    tally.counts.unchanged += 1;
                    return Ok(tally);
                }
                Err((problem, message)) => {
                    return Ok(failed(tally, SweepFailure::new(facts, &item.stored, problem, message)));
                }
            };
            let outcome = if self.is_dry {
                Ok(wanted.units(facts, &item.stored))
            } else {
                self.confirm().await?;
                self.write(&item, &wanted).await
            };
            let error = match outcome {
                Ok(units) => {
                    tally.counts.write_units += units;
                    tally.counts.changed += 1;
                    wanted.count(&item, &mut tally);
                    return Ok(tally);
                }
                Err(error) => error,
            };
            if is_of_every_item(&error) {
                return Err(error.into());
            }
            let problem = problem_of(&error);
            if let Some(problem) = problem.filter(|problem| !matches!(problem, SweepProblem::Contended)) {
                return Ok(failed(tally, SweepFailure::of(facts, &item.stored, problem, &error)));
            }
            if problem.is_some() {
                // Another client has written it, and wins.
                meetings += 1;
                tally.counts.met_again += 1;
            }
            let goes_on = if problem.is_some() { meetings < MEETINGS } else { tries.wait(&self.db).await };
            if !goes_on {
                let problem = problem.unwrap_or(SweepProblem::Failed);
                return Ok(failed(tally, SweepFailure::of(facts, &item.stored, problem, &error)));
            }
            let key = key_of(facts, &item.stored);
            let Some(stored) = self.item(&item.model, &key, &mut tally).await? else {
                tally.counts.gone += 1;
                return Ok(tally);
            };
            item = match self.sort(stored.clone(), Fields::from(stored)) {
                Sorted::Found(item) => item,
                Sorted::Failed(failure) => return Ok(failed(tally, failure)),
                // It is another model's by now.
                Sorted::Other => {
                    tally.counts.gone += 1;
                    return Ok(tally);
                }
            };
        }
    }

    /// What has to be written of an item, its guards included.
    async fn wanted(
        &self,
        item: &SweptItem,
        tally: &mut Tally,
    ) -> Result<Result<Option<Wanted>, Refusal>, SweepError> {
        let facts = item.model.facts;
        let mut wanted = match wanted(item, &self.table, &self.sweep.removed) {
            Ok(wanted) => wanted.unwrap_or_else(|| Wanted::nothing(item)),
            Err(refusal) => return Ok(Err(refusal)),
        };
        let unique = if self.sweep.adds_guards { guard::fields(facts) } else { &[] };
        for unique in unique {
            let Some(text) = guard_text(facts, unique, &wanted.after) else { continue };
            if text.len() > longest_guard(facts) {
                let message = format!("the value of {} is too long for a guard", unique.names());
                return Ok(Err((SweepProblem::TooLarge, message)));
            }
            let guard = self.item(&item.model, &guard_key(facts, &text), tally).await?;
            let is_own = |owner: &Item| *owner == key_of(facts, &item.stored);
            if !guard.as_ref().and_then(owner_of).is_some_and(is_own) {
                wanted.unguarded.push((unique, text));
            }
        }
        Ok(Ok((!wanted.difference.is_empty() || !wanted.unguarded.is_empty()).then_some(wanted)))
    }

    /// Writes what differs, if what it derives from is as it was read, and says what that consumed.
    async fn write(&self, item: &SweptItem, wanted: &Wanted) -> Result<f64> {
        let taken = self.writes.take(&self.db).await;
        let deadline = Deadline::of(None, &self.db);
        let outcome = if wanted.is_guarded(item) {
            self.write_with_guards(item, wanted, deadline).await
        } else {
            self.write_alone(item, wanted, deadline).await
        };
        match &outcome {
            Ok(units) => self.writes.consumed(taken, *units),
            Err(error) => {
                // A condition that does not hold costs what the write would have.
                self.writes.consumed(taken, wanted.units(item.model.facts, &item.stored));
                if error.is_throttled() {
                    self.throttled(&self.writes);
                }
            }
        }
        outcome
    }

    async fn write_alone(&self, item: &SweptItem, wanted: &Wanted, deadline: Deadline) -> Result<f64> {
        let (facts, db) = (item.model.facts, &self.db);
        let update = self.update(item, wanted);
        db.admit(facts, &update.key)?;
        let mut call = Call::item(db, "UpdateItem", facts, &update.key, deadline);
        let (request, _) = update.request(db, self.table.clone())?;
        let output = call.run(pin!(request.send())).await?;
        let consumed = output.consumed_capacity.as_ref();
        call.record(1, consumed);
        let units = consumed.and_then(ConsumedCapacity::capacity_units);
        Ok(units.unwrap_or_else(|| wanted.units(facts, &item.stored)))
    }

    async fn write_with_guards(&self, item: &SweptItem, wanted: &Wanted, deadline: Deadline) -> Result<f64> {
        let (facts, db) = (item.model.facts, &self.db);
        let owner = key_of(facts, &item.stored);
        let own = if wanted.difference.is_empty() {
            let mut conditions = Conditions::new(facts, Existence::Required);
            conditions.expect_unchanged(guard::as_read(facts, Some(&item.stored)));
            CheckItem::new(owner.clone(), conditions).into_part(db)?
        } else {
            self.update(item, wanted).into_part(Stamp::new(db), db)?
        };
        let mut parts = vec![own];
        parts.extend(changes(facts, &owner, Some(&item.stored), Some(&wanted.after), db)?);
        for (unique, text) in &wanted.unguarded {
            if !parts.iter().any(|part| part.takes(text)) {
                parts.push(take(facts, unique, text, &owner, None, db));
            }
        }
        let units = wanted.units(facts, &item.stored);
        send_parts(parts, None, deadline, db).await.map(|_| units)
    }

    /// The update of what differs. It makes the version follow the one that was read, and leaves the moment of the last
    /// update.
    fn update(&self, item: &SweptItem, wanted: &Wanted) -> Box<UpdateItem> {
        let facts = item.model.facts;
        // Whose the item is, and of which shape, is among what must be as it was read.
        let mut conditions = Conditions::of_any_model(facts, Existence::Required);
        conditions.expect_unchanged(wanted.difference.premises(facts, &item.stored));
        let mut actions = wanted.difference.actions.clone();
        let mut written = Written::default();
        if let Some(managed) = facts.managed {
            let expected = managed.expected(&item.stored);
            conditions.expect(expected);
            conditions.expect_write_id(managed.expected_write_id(&item.stored));
            match managed.next(expected, Stamp::new(&self.db)) {
                Ok(next) => written = next,
                Err(violation) => conditions.refuse(vec![*violation]),
            }
            let version = managed.version.as_ref().map(|version| version.attribute);
            let write_id = managed.write_id.as_ref().map(|write_id| write_id.attribute);
            for name in version.into_iter().chain(write_id) {
                if let Some(value) = written.attribute(name) {
                    actions.push((Path::top(name), Action::Set(value.clone())));
                }
            }
        }
        let key = key_of(facts, &item.stored);
        let rewritten = Some(Box::new(written));
        let update =
            UpdateItem { key, actions, conditions, kind: WriteKind::Update, returns: None, rewritten };
        Box::new(update)
    }
}

impl Wanted {
    fn nothing(item: &SweptItem) -> Self {
        Wanted { difference: ItemDifference::default(), after: item.stored.clone(), unguarded: Vec::new() }
    }

    /// Whether guards are written too.
    fn is_guarded(&self, item: &SweptItem) -> bool {
        let facts = item.model.facts;
        !self.unguarded.is_empty() || guard::moves(facts, &item.stored, &self.after).is_some()
    }

    /// What the write consumes, about.
    fn units(&self, facts: &'static Facts, stored: &Item) -> f64 {
        let update = match self.difference.is_empty() {
            true => 1.0,
            false => cost::of_update(facts, stored, &self.after, &self.difference),
        };
        match self.unguarded.len() {
            0 => update,
            guards => cost::of_guards(update, guards),
        }
    }

    /// Counts what differed.
    fn count(&self, item: &SweptItem, tally: &mut Tally) {
        let facts = item.model.facts;
        let key = || key_text(facts, &item.stored);
        for (attribute, kind) in &self.difference.changes {
            tally.changes.add(facts.model, attribute, *kind, &key);
        }
        for (unique, _) in &self.unguarded {
            tally.changes.add(facts.model, &unique.names(), ChangeKind::GuardMissing, &key);
        }
    }
}

/// What has to be written of an item, but for its guards.
fn wanted(item: &SweptItem, table: &str, removed: &[&'static str]) -> Result<Option<Wanted>, Refusal> {
    let facts = item.model.facts;
    let fresh = match &item.fresh {
        Ok(fresh) => fresh,
        Err(error) if error.is_validation() => return Err((SweepProblem::Unwritable, error.to_string())),
        Err(error) if error.is_newer_shape() => return Err((SweepProblem::NewerShape, error.to_string())),
        Err(error) => return Err((SweepProblem::Unreadable, error.to_string())),
    };
    let differs = |name: &str| {
        let message =
            format!("its values give another `{name}` than it has, which is part of the table's key");
        (SweepProblem::KeyDiffers, message)
    };
    let difference = difference(facts, &item.stored, fresh, removed).map_err(differs)?;
    if difference.is_empty() {
        return Ok(None);
    }
    let after = difference.applied_to(facts, &item.stored);
    // What would differ again and again is no repair.
    if let Some(name) = differs_again(&item.model, &after, table) {
        return Err((SweepProblem::Unstable, format!("written anew, `{name}` would differ again")));
    }
    Ok(Some(Wanted { difference, after, unguarded: Vec::new() }))
}

/// What would differ of an item once it is written.
fn differs_again(model: &SweptModel, after: &Item, table: &str) -> Option<String> {
    match model.refresh(after, Fields::from(after.clone()), table) {
        Ok(fresh) => match difference(model.facts, after, &fresh, &[]) {
            Ok(again) => again.changes.first().map(|(name, _)| (*name).to_owned()),
            Err(name) => Some(name.to_owned()),
        },
        Err(error) => Some(error.attribute().unwrap_or("it").to_owned()),
    }
}

/// What an error of a write says of its item; nothing where a request failed for a reason that passes.
fn problem_of(error: &Error) -> Option<SweepProblem> {
    let is_met = error.is_condition_failed()
        || error.is_not_found()
        || error.is_version_conflict()
        || error.is_of_another_model()
        || error.is_stale();
    if error.is_not_unique() {
        Some(SweepProblem::NotUnique)
    } else if error.is_item_too_large() || error.is_item_collection_too_large() || error.is_validation() {
        Some(SweepProblem::TooLarge)
    } else if is_met {
        Some(SweepProblem::Contended)
    } else if passes(error) || error.is_cancelled() {
        None
    } else {
        Some(SweepProblem::Failed)
    }
}

fn failed(mut tally: Tally, failure: SweepFailure) -> Tally {
    tally.counts.failed += 1;
    tally.failures.push(failure);
    tally
}

impl WritePart {
    /// Whether it takes the guard of this text.
    fn takes(&self, text: &str) -> bool {
        use crate::operation::write::part::Role;
        matches!(&self.role, Role::Guard(guard) if guard.is_taken && guard.text == text)
    }
}
