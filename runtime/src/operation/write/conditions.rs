//! What a write demands, from the setters of its builder to the text of its condition.

use std::collections::HashMap;
use std::time::Duration;

use aws_sdk_dynamodb::types::{AttributeValue, ReturnValuesOnConditionCheckFailure};
use jiff::Timestamp;

use crate::error::{Context, Error, Reason, Result};
use crate::expression::condition::{Expression, Operand};
use crate::expression::names::of_every_name;
use crate::expression::path::Path;
use crate::expression::placeholders::Placeholders;
use crate::facts::Facts;
use crate::item::Item;
use crate::managed::{Expected, ExpectedWriteId};
use crate::operation::write::addition::AdditionBound;
use crate::operation::write::demands::{Existence, Rare, ShapeDemand};
use crate::operation::write::meaning::Meaning;
use crate::operation::write::unchanged::Unchanged;
use crate::validation::Violation;

/// What a write demands of its item, whichever write it is, and how it is to be sent.
#[derive(Clone)]
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

/// The text of a write's condition, and what it means when it does not hold.
pub(crate) struct Prepared {
    pub condition: Option<String>,
    pub return_on_failure: Option<ReturnValuesOnConditionCheckFailure>,
    pub meaning: Meaning,
}

/// The condition of a write, with the names and values of all its expressions.
#[derive(Clone, Debug, Default)]
pub(crate) struct ConditionText {
    pub condition: Option<String>,
    pub names: Option<HashMap<String, String>>,
    pub values: Option<Item>,
    pub return_on_failure: Option<ReturnValuesOnConditionCheckFailure>,
}

impl ConditionText {
    /// A copy without the values.
    pub fn without_values(&self) -> Self {
        let ConditionText { condition, names, return_on_failure, .. } = self;
        ConditionText {
            condition: condition.clone(),
            names: names.clone(),
            values: None,
            return_on_failure: return_on_failure.clone(),
        }
    }
}

impl Conditions {
    pub fn new(facts: &'static Facts, existence: Existence) -> Self {
        let rare = || Rare {
            of_own_model: facts.shares_key,
            shape: facts.shape.map(|_| ShapeDemand::Known),
            ..Rare::default()
        };
        let rare = (facts.shape.is_some() || facts.shares_key).then(|| Box::new(rare()));
        Conditions { rare, ..Self::of_any_model(facts, existence) }
    }

    /// Of a check to which it is all the same whose item has the key, where several models share their keys, and of which shape.
    pub fn of_any_model(facts: &'static Facts, existence: Existence) -> Self {
        Conditions { facts, when: None, existence, deadline: None, once: false, rare: None }
    }

    /// Demands that the item has such a shape.
    pub fn demand_shape(&mut self, shape: ShapeDemand) {
        self.rare_mut().shape = Some(shape);
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

    /// Demands that an item that is there has expired, by what this attribute says.
    pub fn expect_expired(&mut self, attribute: &'static str) {
        self.rare_mut().expired = Some(attribute);
    }

    /// Says until when an item that must have expired counted.
    pub fn expect_expired_by(&mut self, now: impl FnOnce() -> Timestamp) {
        let Some(attribute) = self.rare.as_mut().and_then(|rare| rare.expired.take()) else { return };
        let now = AttributeValue::N(now().as_second().to_string());
        let absent = Expression::existence(self.facts.table.partition_key.name, false);
        let expired = Expression::Compare(Operand::Path(Path::top(attribute)), "<=", Ok(now));
        self.when(Box::new(absent.or(expired)));
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
    pub fn guard(&mut self, guard: AdditionBound) {
        self.rare_mut().guards.push(guard);
    }

    /// The bounds that additions must keep.
    pub fn guards_mut(&mut self) -> &mut [AdditionBound] {
        self.rare.as_mut().map_or(&mut [], |rare| rare.guards.as_mut_slice())
    }

    /// Demands that the item does not have an attribute, since the write would not find its value there.
    pub fn demand_absence(&mut self, attribute: &'static str) {
        self.rare_mut().absent.push(attribute);
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
        let when = when.map(|when| Box::new(of_every_name(*when, facts)));
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

    /// Whether an item that is at hand is what is demanded, its shape apart; if it is not, why.
    ///
    /// # Errors
    /// Why the write is refused, with the item.
    pub fn check(mut self, item: Option<&Item>) -> std::result::Result<(), (Reason, Option<Item>)> {
        if let Some(rare) = &mut self.rare {
            rare.shape = None;
        }
        let conditional = self.when.is_some();
        self.demand_rare();
        let Conditions { facts, when, existence, rare, .. } = self;
        let nothing = Item::new();
        let is_there = match existence {
            Existence::Any => true,
            Existence::Required => item.is_some(),
            Existence::Refused => item.is_none(),
        };
        if is_there && when.is_none_or(|when| when.holds_for(item.unwrap_or(&nothing))) {
            return Ok(());
        }
        Err(Meaning { facts, existence, conditional, rare }.of_failure(item.cloned()))
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
    pub fn prepare_alone(self) -> Result<(Option<Box<ConditionText>>, Meaning)> {
        match self {
            Conditions { facts, when: None, existence: Existence::Any, rare: None, .. } => {
                Ok((None, Meaning::plain(facts)))
            }
            demanding => demanding.prepare_after(Placeholders::default()),
        }
    }

    /// As [`prepare`](Self::prepare), for a part of a transaction, whose cancellation says why with the item that stood in
    /// the way.
    ///
    /// # Errors
    /// As there.
    pub fn prepare_part(mut self) -> Result<(Option<Box<ConditionText>>, Meaning)> {
        if self.demands_anything() {
            self.return_existing();
        }
        self.prepare_alone()
    }

    /// As [`prepare_part`](Self::prepare_part), after `placeholders` have served the write's other expression.
    ///
    /// # Errors
    /// As there.
    pub fn prepare_part_after(
        mut self,
        placeholders: Placeholders,
    ) -> Result<(Option<Box<ConditionText>>, Meaning)> {
        self.return_existing();
        self.prepare_after(placeholders)
    }

    fn prepare_after(self, mut placeholders: Placeholders) -> Result<(Option<Box<ConditionText>>, Meaning)> {
        let Prepared { condition, return_on_failure, meaning } = self.prepare(&mut placeholders)?;
        let Placeholders { names, values, .. } = placeholders;
        Ok((Some(Box::new(ConditionText { condition, names, values, return_on_failure })), meaning))
    }

    fn demands_anything(&self) -> bool {
        self.when.is_some() || self.existence != Existence::Any || self.rare.is_some()
    }
}

#[cold]
fn refused(facts: &'static Facts, mut violations: Vec<Violation>, more: Vec<Violation>) -> Error {
    violations.extend(more);
    Error::validation(Context::model(facts), violations)
}
