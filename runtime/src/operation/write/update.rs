//! An update on its way, whatever its model is: what it does, what it demands, and how it is sent.

use std::num::NonZeroU64;
use std::pin::pin;

use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::operation::update_item::{UpdateItemError, UpdateItemOutput};
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue, TransactWriteItem};
use bigdecimal::num_bigint::Sign;
use bigdecimal::{BigDecimal, RoundingMode};

use crate::attribute::Bounds;
use crate::client::{Call, Client, Deadline};
use crate::encode::{EncodeError, Encoder};
use crate::error::{Error, Result};
use crate::expression::action::{Action, expression};
use crate::expression::path::Path;
use crate::expression::placeholders::Placeholders;
use crate::facts::{Facts, ManagedValues};
use crate::future::{BoxFuture, ResponseFuture, decoded};
use crate::hooks::{Changed, WriteKind};
use crate::item::Item;
use crate::managed::{ExpectedWriteId, Written};
use crate::model_item::checked_key;
use crate::operation::unique::guard;
use crate::operation::unique::guards;
use crate::operation::write::conditions::Conditions;
use crate::operation::write::demands::{AdditionBound, Existence};
use crate::operation::write::meaning::Meaning;
use crate::operation::write::part::{Role, WritePart};
use crate::operation::write::settle::contradicts;
use crate::operation::write::transact::send_parts;
use crate::stamp::Stamp;
use crate::validation::{Check, Violation};
use crate::{hooks, limits};

/// An update of one item, which is not generic over the model.
#[derive(Clone, Debug)]
pub(crate) struct UpdateItem {
    pub key: Item,
    pub actions: Vec<(Path, Action)>,
    pub conditions: Conditions,
    /// An update, or the save of a tracked value.
    pub kind: WriteKind,
}

impl UpdateItem {
    /// As `send`, for a caller that wants nothing back: not compiled for every model.
    pub(crate) fn send_only(self: Box<Self>, db: &Client) -> ResponseFuture<'_, ()> {
        if db.has_hooks() || self.is_transaction() {
            return decoded(self.send(None, db), |_| Ok(()));
        }
        let deadline = Deadline::of(self.conditions.deadline, db);
        ResponseFuture::new(self.exchange(None, deadline, db, |_, _| ()))
    }

    /// Notes what is wrong with a value at a path.
    #[inline]
    pub(crate) fn refuse(&mut self, path: &Path, check: &Check) {
        if !check.is_passed() {
            self.refuse_at(path, check.violations());
        }
    }

    #[cold]
    fn refuse_at(&mut self, path: &Path, violations: &[Violation]) {
        self.conditions.refuse(violations.iter().map(|violation| path.of(violation)).collect());
    }

    pub(crate) fn act(&mut self, path: Path, action: Result<Action, EncodeError>) {
        match action {
            Ok(action) => self.actions.push((path, action)),
            Err(error) => {
                self.conditions.refuse(vec![error.within(&path.to_string()).into_violation()]);
            }
        }
    }

    pub(crate) fn add(
        &mut self,
        path: Path,
        delta: Result<AttributeValue, EncodeError>,
        default: Option<Result<AttributeValue, EncodeError>>,
        bounds: Bounds,
        may_be_absent: bool,
    ) {
        // `ADD` takes a missing set for an empty one, whatever its default.
        let absent = match default.transpose() {
            Ok(default) => default.filter(|default| matches!(default, AttributeValue::N(_))),
            Err(error) => return self.act(path, Err(error)),
        };
        if let Ok(AttributeValue::N(delta)) = &delta {
            let base = match &absent {
                Some(AttributeValue::N(digits)) => Some(digits.as_str()),
                _ => (may_be_absent || !path.steps().is_empty()).then_some("0"),
            };
            if let Some(guard) = guard(&path, bounds, delta, base) {
                self.conditions.guard(guard);
            }
        }
        let action = delta.map(|delta| match absent {
            Some(absent) => Action::AddTo { absent: Box::new(absent), delta },
            None => Action::Add(delta),
        });
        self.act(path, action);
    }

    /// An update of the item with this key.
    pub fn new(facts: &'static Facts, existence: Existence, key: Item) -> Box<Self> {
        let conditions = Conditions::new(facts, existence);
        Box::new(UpdateItem { key, actions: Vec::with_capacity(FEW), conditions, kind: WriteKind::Update })
    }

    /// An update of the item with this key, if it is one.
    pub(crate) fn keyed(facts: &'static Facts, existence: Existence, key: Encoder) -> Box<Self> {
        let (key, violations) = checked_key(facts, key);
        let mut core = Self::new(facts, existence, key);
        if !violations.is_empty() {
            core.conditions.refuse(violations);
        }
        core
    }

    /// Runs the hooks before the update: what those after it are to see.
    pub async fn before(&self, db: &Client) -> Result<Changed> {
        let (kind, facts) = (self.kind, self.conditions.facts);
        let changed = Changed { kind, facts, key: self.key.clone(), actions: self.actions.clone() };
        if self.conditions.violations().is_empty() {
            hooks::before_update(db, &changed).await?;
        }
        Ok(changed)
    }

    /// Adds what the runtime writes itself.
    #[inline]
    pub(crate) fn stamp(&mut self, stamp: Stamp<'_>) -> Written {
        self.conditions.facts.managed.map(|managed| self.stamp_with(managed, stamp)).unwrap_or_default()
    }

    fn stamp_with(&mut self, managed: &ManagedValues, stamp: Stamp<'_>) -> Written {
        let written = match managed.next(self.conditions.version(), stamp) {
            Ok(written) => written,
            Err(violation) => {
                self.conditions.refuse(vec![*violation]);
                return Written::default();
            }
        };
        if let Some(version) = &managed.version {
            let path = Path::top(version.attribute);
            let action = match written.attribute(version.attribute) {
                Some(next) => Action::Set(next.clone()),
                None => {
                    // No item is written so often that a version of 64 bits would be used up.
                    if version.greatest < i128::from(i64::MAX) {
                        let bound = (version.greatest - 1).to_string();
                        let path = path.clone();
                        self.conditions.guard(AdditionBound {
                            path,
                            operator: "<=",
                            bound,
                            absent_is_fine: true,
                            is_named: false,
                        });
                    }
                    Action::Add(AttributeValue::N("1".to_owned()))
                }
            };
            self.actions.push((path, action));
        }
        if let Some(updated) = &managed.updated
            && let Some(moment) = written.attribute(updated.attribute)
        {
            let path = Path::top(updated.attribute);
            self.actions.push((path, Action::Set(moment.clone())));
        }
        if let Some(write_id) = &managed.write_id
            && let Some(id) = written.attribute(write_id.attribute)
        {
            let attribute = write_id.attribute;
            // A second attempt of what adds up meets the first one's id.
            if self.adds_up() {
                self.conditions.refuse_again(ExpectedWriteId { attribute, id: Some(id.clone()) });
            }
            self.actions.push((Path::top(attribute), Action::Set(id.clone())));
        }
        written
    }

    /// Whether it is sent as a transaction.
    fn is_transaction(&self) -> bool {
        self.conditions.once || self.conditions.has_moves()
    }

    /// Whether it does something else when it is carried out twice. What demands a version, or what was read, is not
    /// carried out twice.
    fn adds_up(&self) -> bool {
        self.conditions.version().is_none()
            && !self.conditions.expects_unchanged()
            && self.actions.iter().any(|(path, action)| action.adds_up(path))
    }

    /// The SDK's request, and what it means when its condition fails.
    #[expect(clippy::boxed_local, reason = "what is in the box would be copied for nothing")]
    pub(crate) fn request(
        mut self: Box<Self>,
        db: &Client,
        table: String,
    ) -> Result<(UpdateItemFluentBuilder, Meaning)> {
        self.check_limits();
        let UpdateItem { key, actions, conditions, .. } = *self;
        let facts = conditions.facts;
        let mut placeholders = Placeholders::default();
        let expression = expression(actions, &mut placeholders);
        let prepared = conditions.prepare(&mut placeholders).map_err(|error| error.at(facts, &key, db))?;
        let request = db
            .sdk()
            .update_item()
            .table_name(table)
            .set_key(Some(key))
            .set_update_expression(expression)
            .set_condition_expression(prepared.condition)
            .set_expression_attribute_names(placeholders.names)
            .set_expression_attribute_values(placeholders.values)
            .set_return_values_on_condition_check_failure(prepared.return_on_failure)
            .set_return_consumed_capacity(db.consumed_capacity());
        Ok((request, prepared.meaning))
    }

    /// Sends the update: what it returns of the item, and what the runtime wrote itself.
    pub fn send(
        self: Box<Self>,
        wanted: Option<ReturnValue>,
        db: &Client,
    ) -> BoxFuture<'_, Result<(Item, Written)>> {
        let deadline = Deadline::of(self.conditions.deadline, db);
        self.send_within(wanted, deadline, db)
    }

    /// As [`send`](Self::send), as a part of an operation with a deadline of its own.
    pub fn send_within(
        self: Box<Self>,
        wanted: Option<ReturnValue>,
        deadline: Deadline,
        db: &Client,
    ) -> BoxFuture<'_, Result<(Item, Written)>> {
        if !db.has_hooks() {
            return self.send_without_hooks(wanted, deadline, db);
        }
        Box::pin(async move {
            let changed = deadline.bound(self.before(db), db).await??;
            let sent = self.send_without_hooks(wanted, deadline, db).await?;
            hooks::after_update(db, &changed).await;
            Ok(sent)
        })
    }

    fn send_without_hooks(
        self: Box<Self>,
        wanted: Option<ReturnValue>,
        deadline: Deadline,
        db: &Client,
    ) -> BoxFuture<'_, Result<(Item, Written)>> {
        if self.is_transaction() {
            return self.send_guarded(deadline, db);
        }
        Box::pin(self.exchange(wanted, deadline, db, |item, written| (item.unwrap_or_default(), written)))
    }

    /// Sends the update alone. What it returns of the item, and what the runtime wrote itself, becomes the response.
    async fn exchange<T>(
        mut self: Box<Self>,
        wanted: Option<ReturnValue>,
        deadline: Deadline,
        db: &Client,
        response: fn(Option<Item>, Written) -> T,
    ) -> Result<T> {
        let facts = self.conditions.facts;
        db.admit(facts, &self.key)?;
        let mut call = Call::item(db, "UpdateItem", facts, &self.key, deadline);
        let written = self.stamp(Stamp::new(db));
        // Where no version is demanded, a managed one adds up like any other number.
        let adds_up = self.adds_up();
        let sent = self.conditions.version().is_some().then(|| self.actions.clone());
        let (mut request, meaning) = self.request(db, db.table_name(facts.table))?;
        if let Some(wanted) = wanted {
            request = request.return_values(wanted);
        }
        let request = pin!(request.send());
        let item = match call.run_with_item(request, returned_item, old_item).await {
            Ok(item) if adds_up && call.was_unanswered() => return Err(call.unclear(item)),
            Ok(item) => item,
            Err(error) => {
                let contradicts =
                    |current: &Item| sent.as_ref().is_some_and(|actions| contradicts(actions, current));
                let current = meaning.settle(meaning.explain(error), &written, &contradicts)?;
                // Another write may have come between two attempts that were both carried out.
                if adds_up && call.was_unanswered_repeatedly() {
                    return Err(call.unclear(Some(current)));
                }
                Some(current)
            }
        };
        Ok(response(item, written))
    }

    /// The update as part of a transaction, with the guards of the unique values that it changes.
    pub fn into_parts(mut self, stamp: Stamp<'_>, db: &Client) -> Result<Vec<WritePart>> {
        let Some(moves) = self.conditions.take_moves() else { return Ok(vec![self.into_part(stamp, db)?]) };
        let (old, new) = *moves;
        let facts = self.conditions.facts;
        let guards = guards::changes(facts, &self.key, Some(&old), Some(&new), db)?;
        self.conditions.expect_unchanged(guard::as_read(facts, Some(&old)));
        Ok(std::iter::once(self.into_part(stamp, db)?).chain(guards).collect())
    }

    /// Sends the update together with the guards of the unique values that it changes: nothing of the item is returned.
    fn send_guarded(
        self: Box<Self>,
        deadline: Deadline,
        db: &Client,
    ) -> BoxFuture<'_, Result<(Item, Written)>> {
        Box::pin(async move {
            let (facts, key) = (self.conditions.facts, self.key.clone());
            let parts = send_parts(self.into_parts(Stamp::new(db), db)?, None, deadline, db).await;
            let parts = parts.map_err(|error| error.of_single_write(facts, &key, db));
            let own = parts?.into_iter().next();
            Ok((Item::new(), own.map(|own| own.written).unwrap_or_default()))
        })
    }

    fn into_part(mut self, stamp: Stamp<'_>, db: &Client) -> Result<WritePart> {
        let written = self.stamp(stamp);
        self.check_limits();
        let facts = self.conditions.facts;
        let size = limits::item_size(&self.key)
            + self.actions.iter().map(|(_, action)| action.size()).sum::<usize>();
        let mut placeholders = Placeholders::default();
        let expression = expression(self.actions, &mut placeholders);
        let prepared = self.conditions.prepare_part(&mut placeholders)?;
        let update = aws_sdk_dynamodb::types::Update::builder()
            .table_name(db.table_name(facts.table))
            .set_key(Some(self.key.clone()))
            .set_update_expression(expression)
            .set_condition_expression(prepared.condition)
            .set_expression_attribute_names(placeholders.names)
            .set_expression_attribute_values(placeholders.values)
            .set_return_values_on_condition_check_failure(prepared.return_on_failure)
            .build()
            .map_err(|error| Error::construction(error.into()))?;
        let part = TransactWriteItem::builder().update(update).build();
        Ok(WritePart {
            facts,
            key: self.key,
            part,
            size,
            meaning: prepared.meaning,
            written,
            position: 0,
            role: Role::Operation,
        })
    }

    fn check_limits(&mut self) {
        let is_plain = |(path, action): &(Path, Action)| {
            action.value().is_none_or(|value| limits::is_plain(path.root, value))
        };
        if self.actions.len() > limits::FEW_CHANGES || !self.actions.iter().all(is_plain) {
            self.check_values();
        }
        if self.actions.len() > 1 {
            self.check_overlaps();
        }
    }

    fn check_values(&mut self) {
        let mut check = Check::default();
        let mut weight = limits::item_size(&self.key);
        for (path, action) in &self.actions {
            let Some(value) = action.value() else { continue };
            let part = limits::check_value(path.root, path.steps().len(), value, &mut check);
            if action.is_written() {
                weight += path.root.len() + part;
            }
            if path.steps().is_empty() {
                limits::check_index_key(self.conditions.facts.table, path.root, value, &mut check);
            }
        }
        if weight > limits::MAXIMUM_ITEM_BYTES {
            let written = self.actions.iter().filter(|(_, action)| action.is_written());
            let written = written.filter_map(|(path, action)| Some((path.root, action.value()?)));
            limits::check_written(&self.key, written, &mut check);
        }
        self.conditions.refuse(check.into_violations());
    }

    /// DynamoDB refuses two actions on one path, or on a path within another's.
    fn check_overlaps(&mut self) {
        for (index, (path, _)) in self.actions.iter().enumerate() {
            let overlaps = |other: &Path| {
                let shared = path.steps().len().min(other.steps().len());
                path.root == other.root && path.steps()[..shared] == other.steps()[..shared]
            };
            if let Some((other, _)) = self.actions[..index].iter().find(|(other, _)| overlaps(other)) {
                let message = format!("the update changes it twice: `{other}` and `{path}`");
                self.conditions.refuse(vec![Violation::new(path.to_string(), message)]);
            }
        }
    }
}

/// As many actions as most updates have at the most.
const FEW: usize = 2;
/// How many digits of a number DynamoDB stores.
const STORED_DIGITS: NonZeroU64 = NonZeroU64::new(38).unwrap();

/// The condition under which an addition stays within the bounds of its attribute's type, or its declared range.
/// A missing one counts as `base`, if it may be missing.
fn guard(path: &Path, (low, high): Bounds, delta: &str, base: Option<&str>) -> Option<AdditionBound> {
    let parsed = |bound: Option<&str>| bound.and_then(|bound| bound.parse::<BigDecimal>().ok());
    let (low, high) = (parsed(low), parsed(high));
    let delta: BigDecimal = delta.parse().ok()?;
    let base = base.and_then(|base| base.parse::<BigDecimal>().ok()).map(|base| base + &delta);
    let is_within = |sum: &BigDecimal| {
        low.as_ref().is_none_or(|low| sum >= low) && high.as_ref().is_none_or(|high| sum <= high)
    };
    let absent_is_fine = base.as_ref().is_some_and(is_within);
    // No number between the exact bound and the rounded one can be stored.
    let (operator, bound, rounding) = match delta.sign() {
        Sign::Plus => ("<=", high? - delta, RoundingMode::Floor),
        Sign::Minus => (">=", low? - delta, RoundingMode::Ceiling),
        Sign::NoSign => return None,
    };
    let bound = bound.with_precision_round(STORED_DIGITS, rounding).to_plain_string();
    Some(AdditionBound { path: path.clone(), operator, bound, absent_is_fine, is_named: false })
}

fn returned_item(call: &Call<'_>, output: UpdateItemOutput) -> Option<Item> {
    call.record(1, output.consumed_capacity());
    output.attributes
}

fn old_item(error: &UpdateItemError) -> Option<&Item> {
    match error {
        UpdateItemError::ConditionalCheckFailedException(failed) => failed.item(),
        _ => None,
    }
}
