//! What put, update and delete have in common: conditions, limits, and what a failed condition means.

use std::collections::HashMap;
use std::time::Duration;

use aws_sdk_dynamodb::types::{AttributeValue, ReturnValuesOnConditionCheckFailure};

use crate::error::{Context, Error, ErrorKind, Result};
use crate::expression::condition::Expression;
use crate::expression::condition::Operand;
use crate::expression::path::{Path, lookup};
use crate::expression::placeholders::Placeholders;
use crate::facts::{Facts, UniqueFields};
use crate::item::Item;
use crate::kind::compare_numbers;
use crate::managed::{Expected, ExpectedWriteId};
use crate::operation::unchanged::Unchanged;
use crate::validation::Violation;

/// The parts of a write that do not depend on which one it is.
#[derive(Clone, Debug)]
pub(crate) struct Conditions {
    pub facts: &'static Facts,
    /// What the caller demands.
    pub when: Option<Box<Expression>>,
    /// What the write itself demands of the item's existence.
    pub existence: Existence,
    pub deadline: Option<Duration>,
    /// Whether it is sent as a transaction, which is carried out once.
    pub once: bool,
    /// Most writes have none of it, and move it along all the same.
    rare: Option<Box<Rare>>,
}

/// What few writes demand, or have wrong.
#[derive(Clone, Debug, Default)]
struct Rare {
    version: Option<Expected>,
    write_id: Option<ExpectedWriteId>,
    /// The id of this very write, which must not have been carried out before.
    not_again: Option<ExpectedWriteId>,
    unchanged: Option<Unchanged>,
    /// Whose guard it is that is written.
    unique: Option<&'static UniqueFields>,
    moves: Option<Box<(Item, Item)>>,
    guards: Vec<Guard>,
    violations: Vec<Violation>,
    return_existing: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Existence {
    Any,
    Required,
    Refused,
}

/// An addition's bound: the attribute must be at most, or at least, so much before it.
#[derive(Clone, Debug)]
pub(crate) struct Guard {
    pub path: Path,
    /// `<=` or `>=`
    pub operator: &'static str,
    pub bound: String,
    /// Whether a missing attribute, which counts as zero, is within the bound.
    pub absent_is_fine: bool,
    /// Whether the caller's own condition is about the attribute, too: what failed then was that.
    pub is_named: bool,
}

/// The text of a write's condition, and what it means when it does not hold.
pub(crate) struct Prepared {
    pub condition: Option<String>,
    pub return_on_failure: Option<ReturnValuesOnConditionCheckFailure>,
    pub meaning: Meaning,
}

/// The condition of a write without other expressions.
pub(crate) struct Demands {
    pub condition: Option<String>,
    pub names: Option<HashMap<String, String>>,
    pub values: Option<Item>,
    pub return_on_failure: Option<ReturnValuesOnConditionCheckFailure>,
}

impl Conditions {
    pub fn new(facts: &'static Facts, existence: Existence) -> Self {
        Conditions { facts, when: None, existence, deadline: None, once: false, rare: None }
    }

    /// Of a write of which these things are wrong already.
    pub fn refused(facts: &'static Facts, existence: Existence, violations: Vec<Violation>) -> Self {
        let mut conditions = Self::new(facts, existence);
        conditions.refuse(violations);
        conditions
    }

    #[inline]
    pub fn when(&mut self, condition: Box<Expression>) {
        self.when = Some(match self.when.take() {
            Some(first) => Box::new(first.and(*condition)),
            None => condition,
        });
    }

    /// Demands that the item has this version.
    pub fn expect_version(&mut self, version: i128) {
        let version_of = self.facts.managed.and_then(|managed| managed.version.as_ref());
        self.expect(version_of.map(|managed| Expected { attribute: managed.attribute, version }));
    }

    /// Demands this version of the item, or none.
    pub fn expect(&mut self, version: Option<Expected>) {
        if version.is_some() || self.rare.is_some() {
            self.rare_mut().version = version;
        }
    }

    /// Demands that the write that was read is the item's last one.
    pub fn expect_write_id(&mut self, write_id: Option<ExpectedWriteId>) {
        if write_id.is_some() {
            self.rare_mut().write_id = write_id;
        }
    }

    /// Demands that this very write was not carried out before: for what adds up.
    pub fn refuse_again(&mut self, write_id: ExpectedWriteId) {
        self.rare_mut().not_again = Some(write_id);
    }

    /// The version that the write demands.
    pub fn version(&self) -> Option<Expected> {
        self.rare.as_ref()?.version
    }

    /// Demands that what the write was made from is as it was read.
    pub fn expect_unchanged(&mut self, unchanged: Unchanged) {
        if unchanged.is_empty() {
            return;
        }
        self.rare_mut().expect_unchanged(unchanged);
    }

    /// Whether the write demands that something is as it was read.
    pub fn expects_unchanged(&self) -> bool {
        self.rare.as_ref().is_some_and(|rare| rare.unchanged.is_some())
    }

    /// Notes the item as it was read and as it will be, if its unique values change.
    pub fn set_moves(&mut self, moves: Option<Box<(Item, Item)>>) {
        if moves.is_some() {
            self.rare_mut().moves = moves;
        }
    }

    /// Whether unique values change.
    pub fn has_moves(&self) -> bool {
        self.rare.as_ref().is_some_and(|rare| rare.moves.is_some())
    }

    /// The item as it was read and as it will be, where its unique values change.
    pub fn take_moves(&mut self) -> Option<Box<(Item, Item)>> {
        self.rare.as_mut()?.moves.take()
    }

    /// Demands that an addition keeps its bound.
    pub fn guard(&mut self, guard: Guard) {
        self.rare_mut().guards.push(guard);
    }

    /// The bounds that additions must keep.
    pub fn guards_mut(&mut self) -> &mut [Guard] {
        self.rare.as_mut().map_or(&mut [], |rare| rare.guards.as_mut_slice())
    }

    /// Notes what is wrong with the write.
    pub fn refuse(&mut self, violations: Vec<Violation>) {
        if !violations.is_empty() {
            self.rare_mut().violations.extend(violations);
        }
    }

    /// What is wrong with the write already.
    pub fn violations(&self) -> &[Violation] {
        self.rare.as_ref().map_or(&[], |rare| &rare.violations)
    }

    /// Wants the item that stands in the way, whatever the error is.
    pub fn return_existing(&mut self) {
        self.rare_mut().return_existing = true;
    }

    fn rare_mut(&mut self) -> &mut Rare {
        self.rare.get_or_insert_default()
    }

    /// Writes the condition, after `placeholders` have served the write's other expressions.
    ///
    /// # Errors
    /// Everything that was found wrong with the write.
    pub fn prepare(mut self, placeholders: &mut Placeholders) -> Result<Prepared> {
        let conditional = self.when.is_some();
        let known = if self.rare.is_some() { self.demand_rare() } else { Vec::new() };
        let Conditions { facts, when, existence, rare, .. } = self;
        let existence_of = match existence {
            Existence::Any => None,
            Existence::Required => Some("attribute_exists"),
            Existence::Refused => Some("attribute_not_exists"),
        };
        let existence_of = existence_of.map(|function| (function, facts.table.partition_key.name));
        let condition = placeholders.condition(existence_of, when);
        let found = placeholders.take_violations();
        if !known.is_empty() || !found.is_empty() {
            return Err(refused(facts, known, found));
        }
        let meaning = Meaning { facts, existence, conditional, rare };
        let wants_item = condition.is_some() && meaning.wants_item();
        let return_on_failure = wants_item.then_some(ReturnValuesOnConditionCheckFailure::AllOld);
        Ok(Prepared { condition, return_on_failure, meaning })
    }

    /// Demands what few writes do together with what the caller demands, and says what is wrong with the write already.
    fn demand_rare(&mut self) -> Vec<Violation> {
        let Some(rare) = &mut self.rare else { return Vec::new() };
        let when = self.when.take();
        if let Some(when) = &when {
            for guard in &mut rare.guards {
                when.paths(&mut |path| guard.is_named |= *path == guard.path);
            }
        }
        self.when = rare.and(self.existence, when.map(|when| *when), self.facts).map(Box::new);
        std::mem::take(&mut rare.violations)
    }

    /// As [`prepare`](Self::prepare), for a write without other expressions: nothing where it demands nothing.
    ///
    /// # Errors
    /// As there.
    #[inline]
    pub fn prepare_alone(self) -> Result<(Option<Box<Demands>>, Meaning)> {
        match self {
            Conditions { facts, when: None, existence: Existence::Any, rare: None, .. } => {
                Ok((None, Meaning::plain(facts)))
            }
            demanding => demanding.demands(),
        }
    }

    fn demands(self) -> Result<(Option<Box<Demands>>, Meaning)> {
        let mut placeholders = Placeholders::default();
        let Prepared { condition, return_on_failure, meaning } = self.prepare(&mut placeholders)?;
        let Placeholders { names, values, .. } = placeholders;
        Ok((Some(Box::new(Demands { condition, names, values, return_on_failure })), meaning))
    }

    /// As [`prepare`](Self::prepare), for a part of a transaction, whose cancellation says why with the item that stood in
    /// the way.
    ///
    /// # Errors
    /// As there.
    pub fn prepare_part(mut self, placeholders: &mut Placeholders) -> Result<Prepared> {
        self.return_existing();
        let prepared = self.prepare(placeholders)?;
        let return_on_failure = prepared.return_on_failure.filter(|_| prepared.condition.is_some());
        Ok(Prepared { return_on_failure, ..prepared })
    }
}

impl Rare {
    fn expect_unchanged(&mut self, unchanged: Unchanged) {
        self.unchanged = Some(match self.unchanged.take() {
            Some(known) => known.and(unchanged),
            None => unchanged,
        });
    }

    /// Everything that is demanded besides the item's existence.
    fn and(
        &self,
        existence: Existence,
        when: Option<Expression>,
        facts: &'static Facts,
    ) -> Option<Expression> {
        // Where no item may be, none has a version.
        let version = self.version.filter(|_| existence != Existence::Refused);
        let write_id = self.write_id.as_ref().filter(|_| existence != Existence::Refused);
        let mut demanded: Vec<_> = version.as_ref().map(Expected::expression).into_iter().collect();
        demanded.extend(write_id.map(ExpectedWriteId::expression));
        demanded.extend(self.not_again.as_ref().map(|own| Expression::Not(Box::new(own.expression()))));
        demanded.extend(self.unchanged.as_ref().and_then(|unchanged| unchanged.expression(facts)));
        demanded.extend(self.guards.iter().map(Guard::expression));
        demanded.extend(when);
        Expression::all(demanded)
    }
}

#[cold]
fn refused(facts: &'static Facts, mut violations: Vec<Violation>, more: Vec<Violation>) -> Error {
    violations.extend(more);
    Error::validation(Context::model(facts), violations)
}

impl Guard {
    fn expression(&self) -> Expression {
        let bound = AttributeValue::N(self.bound.clone());
        let within = Expression::Compare(Operand::Path(self.path.clone()), self.operator, Ok(bound));
        if !self.absent_is_fine {
            return within;
        }
        let absent = Expression::Function("attribute_not_exists", self.path.clone(), None);
        Expression::Join("OR", vec![absent, within])
    }

    fn is_broken_by(&self, item: &Item) -> bool {
        match lookup(item, &self.path) {
            None => !self.absent_is_fine,
            Some(value @ AttributeValue::N(_)) => !self.is_kept_by(value),
            Some(_) => false,
        }
    }

    /// Whether a number is within the bound.
    pub fn is_kept_by(&self, value: &AttributeValue) -> bool {
        let AttributeValue::N(digits) = value else { return false };
        compare_numbers(digits, &self.bound)
            .is_none_or(|order| if self.operator == "<=" { order.is_le() } else { order.is_ge() })
    }
}

/// What it means when a write's condition fails.
#[derive(Clone)]
pub(crate) struct Meaning {
    facts: &'static Facts,
    existence: Existence,
    conditional: bool,
    rare: Option<Box<Rare>>,
}

impl Meaning {
    /// Of a condition without more to say.
    pub fn plain(facts: &'static Facts) -> Self {
        Meaning { facts, existence: Existence::Any, conditional: false, rare: None }
    }

    /// Of the condition that no other item has these unique values.
    pub fn of_guard(facts: &'static Facts, unique: &'static UniqueFields) -> Self {
        let rare = Rare { unique: Some(unique), ..Rare::default() };
        Meaning { rare: Some(Box::new(rare)), ..Self::plain(facts) }
    }

    /// Demands that what the transaction was made from is as it was read.
    pub fn expect_unchanged(&mut self, unchanged: Unchanged) {
        self.rare.get_or_insert_default().expect_unchanged(unchanged);
    }

    /// Whether it demands that no item is there.
    pub fn refuses_any(&self) -> bool {
        self.existence == Existence::Refused
    }

    /// The version that the written one follows.
    pub fn follows(&self) -> Option<Expected> {
        self.rare.as_ref()?.version
    }

    /// The version that the item must have: where no item may be, none has one.
    pub fn version(&self) -> Option<Expected> {
        self.follows().filter(|_| self.existence != Existence::Refused)
    }

    /// The attribute of the item's write id.
    pub fn write_id(&self) -> Option<&'static str> {
        Some(self.facts.managed?.write_id.as_ref()?.attribute)
    }

    /// Whether the item's last write is the one that was read, as far as it is known.
    pub fn was_written_as_read(&self, item: &Item) -> bool {
        let demanded = self.rare.as_ref().and_then(|rare| rare.write_id.as_ref());
        demanded.is_none_or(|demanded| item.get(demanded.attribute) == demanded.id.as_ref())
    }

    fn guards(&self) -> &[Guard] {
        self.rare.as_ref().map_or(&[], |rare| &rare.guards)
    }

    /// Whether the item that was there is wanted: by the caller, or since the kind of the error depends on it.
    fn wants_item(&self) -> bool {
        let Some(rare) = &self.rare else { return self.conditional || self.write_id().is_some() };
        // Of a put whose response was lost, the item may be its own, which its version tells.
        self.conditional
            || self.write_id().is_some()
            || rare.return_existing
            || rare.version.is_some()
            || rare.unchanged.is_some()
            || !rare.guards.is_empty()
    }

    /// Says more precisely why a condition failed.
    #[cold]
    pub fn explain(&self, mut error: Error) -> Error {
        if !error.is_condition_failed() {
            return error;
        }
        let (kind, item) = self.of_failure(error.take_item());
        error.set_kind(kind);
        error.with_item(item)
    }

    /// Why the condition failed, given the item that was there.
    pub fn of_failure(&self, item: Option<Item>) -> (ErrorKind, Option<Item>) {
        if let Some(unique) = self.rare.as_ref().and_then(|rare| rare.unique) {
            return (ErrorKind::NotUnique(unique.names()), None);
        }
        let item = item.filter(|item| !self.is_bare_key(item));
        // A write that needs no item may have failed because an addition to nothing would leave its attribute's range.
        let nothing = Item::new();
        let before = item.as_ref().or((self.existence == Existence::Any).then_some(&nothing));
        let broken = before.and_then(|item| self.guards().iter().find(|guard| guard.is_broken_by(item)));
        let version = self.version();
        let unchanged = self.rare.as_ref().and_then(|rare| rare.unchanged.as_ref());
        let kind = match (self.existence, &item, broken) {
            (Existence::Refused, None, _) if self.conditional => ErrorKind::ConditionFailed,
            (Existence::Refused, ..) => ErrorKind::AlreadyExists,
            (Existence::Required, None, _) => ErrorKind::NotFound,
            (Existence::Any, None, _) if version.is_some_and(|expected| expected.version != 0) => {
                ErrorKind::NotFound
            }
            (_, Some(item), _)
                if version.is_some_and(|expected| {
                    expected.version_of(item) != expected.version || !self.was_written_as_read(item)
                }) =>
            {
                ErrorKind::VersionConflict(version.map_or(0, |expected| expected.version))
            }
            _ if unchanged.is_some_and(|unchanged| !unchanged.holds_for(item.as_ref())) => ErrorKind::Stale,
            (_, _, Some(guard)) if !guard.is_named => ErrorKind::OutOfRange(guard.path.to_string()),
            _ => ErrorKind::ConditionFailed,
        };
        (kind, item)
    }

    /// One engine returns the key alone for an item that is not there.
    pub fn is_bare_key(&self, item: &Item) -> bool {
        let table = self.facts.table;
        item.is_empty()
            || self.facts.more_than_key
                && item.len() == table.key().count()
                && table.key().all(|key| item.contains_key(key.name))
    }
}
