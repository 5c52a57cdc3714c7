//! What put, update and delete have in common: conditions, limits, and what a failed condition means.

use std::time::Duration;

use aws_sdk_dynamodb::types::{AttributeValue, ReturnValuesOnConditionCheckFailure};

use super::unique::Unchanged;
use crate::attribute::Path;
use crate::condition::{Expression, and};
use crate::decode::Item;
use crate::error::{Context, Error, ErrorKind, Result};
use crate::kind::compare_numbers;
use crate::managed::{Expected, UniqueFields};
use crate::model::Facts;
use crate::placeholders::{Finished, Placeholders};
use crate::validation::Violation;

/// The parts of a write that do not depend on which one it is.
#[derive(Clone, Debug)]
pub(crate) struct Conditions {
    pub facts: &'static Facts,
    /// What the caller demands.
    pub when: Option<Expression>,
    /// What the write itself demands of the item's existence.
    pub existence: Existence,
    /// The version that it demands.
    pub version: Option<Expected>,
    /// What its guards demand of the item's unique attributes.
    pub unchanged: Option<Unchanged>,
    /// The item as it was read and as it will be, where its unique values change.
    pub moves: Option<Box<(Item, Item)>>,
    /// Bounds that additions must keep.
    pub guards: Vec<Guard>,
    /// What is wrong already.
    pub violations: Vec<Violation>,
    /// Whether the item that stood in the way is wanted, whatever the error is.
    pub return_existing: bool,
    pub deadline: Option<Duration>,
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
}

/// The text of a write's condition, and its placeholders.
pub(crate) struct Prepared {
    pub condition: Option<String>,
    pub placeholders: Finished,
    pub return_on_failure: Option<ReturnValuesOnConditionCheckFailure>,
    pub meaning: Meaning,
}

impl Conditions {
    pub fn new(facts: &'static Facts, existence: Existence) -> Self {
        Conditions {
            facts,
            when: None,
            existence,
            version: None,
            unchanged: None,
            moves: None,
            guards: Vec::new(),
            violations: Vec::new(),
            return_existing: false,
            deadline: None,
        }
    }

    pub fn when(&mut self, condition: Expression) {
        self.when = and(self.when.take(), condition);
    }

    /// Demands that the item has this version.
    pub fn expect_version(&mut self, version: i128) {
        let version_of = self.facts.managed.and_then(|managed| managed.version.as_ref());
        self.version = version_of.map(|managed| Expected { attribute: managed.attribute, version });
    }

    /// Writes the condition, after `placeholders` have served the write's other expressions.
    ///
    /// # Errors
    /// Everything that was found wrong with the write.
    pub fn prepare(self, mut placeholders: Placeholders) -> Result<Prepared> {
        let meaning = Meaning {
            facts: self.facts,
            existence: self.existence,
            // Where no item may be, none has a version.
            version: self.version.filter(|_| self.existence != Existence::Refused),
            follows: self.version,
            unchanged: self.unchanged,
            unique: None,
            conditional: self.when.is_some(),
            guards: self.guards,
        };
        let partition_key = self.facts.table.partition_key.name;
        let mut conditions = Vec::new();
        match self.existence {
            Existence::Any => {}
            Existence::Required => conditions.push(Expression::existence(partition_key, true)),
            Existence::Refused => conditions.push(Expression::existence(partition_key, false)),
        }
        conditions.extend(meaning.version.as_ref().map(Expected::expression));
        conditions.extend(meaning.unchanged.as_ref().and_then(|unchanged| unchanged.expression(self.facts)));
        conditions.extend(meaning.guards.iter().map(Guard::expression));
        conditions.extend(self.when);
        let condition = Expression::all(conditions).map(|condition| placeholders.expression(condition));
        let mut placeholders = placeholders.finish();
        let mut violations = self.violations;
        violations.append(&mut placeholders.violations);
        if !violations.is_empty() {
            return Err(Error::validation(Context::model(self.facts), violations));
        }
        let return_on_failure = (self.return_existing || meaning.depends_on_item())
            .then_some(ReturnValuesOnConditionCheckFailure::AllOld);
        Ok(Prepared { condition, placeholders, return_on_failure, meaning })
    }
}

impl Conditions {
    /// As [`prepare`](Self::prepare), for a part of a transaction, whose cancellation says why with the item that stood in
    /// the way.
    ///
    /// # Errors
    /// As there.
    pub fn prepare_part(mut self, placeholders: Placeholders) -> Result<Prepared> {
        self.return_existing = true;
        let prepared = self.prepare(placeholders)?;
        let return_on_failure = prepared.return_on_failure.filter(|_| prepared.condition.is_some());
        Ok(Prepared { return_on_failure, ..prepared })
    }
}

impl Guard {
    fn expression(&self) -> Expression {
        let bound = AttributeValue::N(self.bound.clone());
        let within =
            Expression::Compare(crate::condition::Operand::Path(self.path.clone()), self.operator, Ok(bound));
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
    pub version: Option<Expected>,
    /// The version that the written one follows.
    pub follows: Option<Expected>,
    unchanged: Option<Unchanged>,
    /// Whose guard it is that was written.
    unique: Option<&'static UniqueFields>,
    conditional: bool,
    guards: Vec<Guard>,
}

impl Meaning {
    /// Of a condition without more to say.
    pub fn plain(facts: &'static Facts) -> Self {
        Meaning {
            facts,
            existence: Existence::Any,
            version: None,
            follows: None,
            unchanged: None,
            unique: None,
            conditional: false,
            guards: Vec::new(),
        }
    }

    /// Of the condition that no other item has these unique values.
    pub fn of_guard(facts: &'static Facts, unique: &'static UniqueFields) -> Self {
        Meaning { unique: Some(unique), ..Self::plain(facts) }
    }

    /// Whether the kind of the error depends on the item that was there.
    fn depends_on_item(&self) -> bool {
        match self.existence {
            _ if self.version.is_some() || self.unchanged.is_some() => true,
            Existence::Any => self.conditional || !self.guards.is_empty(),
            // Of a put whose response was lost, the item may be its own.
            Existence::Refused => self.conditional || self.follows.is_some(),
            Existence::Required => self.conditional || !self.guards.is_empty(),
        }
    }

    /// Says more precisely why a condition failed.
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
        if let Some(unique) = self.unique {
            return (ErrorKind::NotUnique(unique.names()), None);
        }
        let item = item.filter(|item| !self.is_bare_key(item));
        // A write that needs no item may have failed because an addition to nothing would leave its attribute's range.
        let nothing = Item::new();
        let before = item.as_ref().or((self.existence == Existence::Any).then_some(&nothing));
        let broken = before.and_then(|item| self.guards.iter().find(|guard| guard.is_broken_by(item)));
        let kind = match (self.existence, &item, broken) {
            (Existence::Refused, None, _) if self.conditional => ErrorKind::ConditionFailed,
            (Existence::Refused, ..) => ErrorKind::AlreadyExists,
            (Existence::Required, None, _) => ErrorKind::NotFound,
            (Existence::Any, None, _) if self.version.is_some_and(|expected| expected.version != 0) => {
                ErrorKind::NotFound
            }
            (_, Some(item), _)
                if self.version.is_some_and(|expected| expected.version_of(item) != expected.version) =>
            {
                ErrorKind::VersionConflict(self.version.map_or(0, |expected| expected.version))
            }
            _ if self.unchanged.as_ref().is_some_and(|unchanged| !unchanged.holds_for(item.as_ref())) => {
                ErrorKind::Stale
            }
            (_, _, Some(guard)) => ErrorKind::OutOfRange(guard.path.to_string()),
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

pub(super) fn lookup<'a>(item: &'a Item, path: &Path) -> Option<&'a AttributeValue> {
    use crate::attribute::Step;
    let mut value = item.get(path.root)?;
    for step in &path.steps {
        value = match (step, value) {
            (Step::Field(name), AttributeValue::M(map)) => map.get(*name)?,
            (Step::Key(name), AttributeValue::M(map)) => map.get(name)?,
            (Step::Index(index), AttributeValue::L(list)) => list.get(*index)?,
            _ => return None,
        };
    }
    Some(value)
}
