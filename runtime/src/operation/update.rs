//! `UpdateItem`.

use std::marker::PhantomData;
use std::num::NonZeroU64;
use std::pin::pin;
use std::time::Duration;

use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue, TransactWriteItem};
use bigdecimal::num_bigint::Sign;
use bigdecimal::{BigDecimal, RoundingMode};

use super::action::{Action, expression};
use super::change::{Change, KeyChange};
use super::transaction::{Role, WritePart, send_parts};
use super::unique::{self, Unchanged};
use super::version::{Own, own_update};
use super::write::{Conditions, Existence, Guard, Meaning};
use super::{BoxFuture, ResponseFuture, decoded};
use crate::attribute::{Attribute, Bounds, Changeable, Free, Path, encode};
use crate::client::{Call, Client};
use crate::condition::Condition;
use crate::decode::Item;
use crate::encode::EncodeError;
use crate::error::{Error, Result};
use crate::hooks::{self, Changed, WriteKind};
use crate::kind::{Addable, List, Removable, Set, SetMember};
use crate::managed::{ManagedValues, Versioned, Written, version_number};
use crate::model::{Facts, IntoKey, Model, Record, decode_with, key_attributes};
use crate::placeholders::Placeholders;
use crate::validation::{Check, Violation};
use crate::{Argument, Kind, limits};

/// Changes attributes of an item that exists (`UpdateItem`). Only what changes is sent; attributes that the model does
/// not know stay as they are.
#[must_use = "nothing is written until `.send(&db)`"]
pub struct Update<M: Model, R = ()> {
    /// Every call of the builder moves it.
    core: Box<Core>,
    /// What composed index keys are derived from, besides what changes.
    key: M::Key,
    /// What becomes of the item as it is after the change.
    result: R,
    marker: PhantomData<fn() -> M>,
}

/// The operation returns the item as it is after the change.
#[derive(Debug)]
pub struct ReturnNew(());

#[derive(Clone, Debug)]
pub(super) struct Core {
    pub key: Item,
    pub actions: Vec<(Path, Action)>,
    pub conditions: Conditions,
    /// An update, or the save of a tracked value.
    pub kind: WriteKind,
}

impl<M: Model> Update<M> {
    /// An update of the item with this key: for generated code.
    pub fn new(key: impl IntoKey<M>) -> Self {
        Self::by(key.into_key())
    }

    fn by(key: M::Key) -> Self {
        let (item, violations) = key_attributes::<M>(key.clone());
        let core = Core::keyed(M::FACTS, Existence::Required, item, violations);
        Update { core, key, result: (), marker: PhantomData }
    }

    /// Returns the item as it is after the change.
    pub fn return_new(self) -> Update<M, ReturnNew> {
        Update { core: self.core, key: self.key, result: ReturnNew(()), marker: PhantomData }
    }

    /// Changes the item.
    ///
    /// # Errors
    /// A value is invalid (nothing was sent), the item does not exist, a condition did not hold, an addition would leave
    /// the range of its attribute, or the request failed.
    pub fn send(self, db: &Client) -> ResponseFuture<'_, ()> {
        self.core.send_only(db)
    }
}

impl<M: Model> Update<M> {
    pub(super) fn into_core(self) -> Box<Core> {
        self.core
    }

    pub(super) fn from_core(key: M::Key, core: Box<Core>) -> Self {
        Update { core, key, result: (), marker: PhantomData }
    }

    pub(super) fn key(&self) -> &M::Key {
        &self.key
    }
}

impl<M: Model> Update<M, ReturnNew> {
    /// Changes the item and returns it.
    ///
    /// # Errors
    /// As without `return_new`, and: the item is not what the declarations say
    /// ([`is_item_error`](crate::Error::is_item_error)). It is changed all the same.
    pub fn send(self, db: &Client) -> ResponseFuture<'_, M> {
        decoded(self.core.send(Some(ReturnValue::AllNew), db), |(item, _)| {
            decode_with(M::FACTS, &db.table_name(M::FACTS.table), item, &<M as Record>::decode)
        })
    }
}

impl<'a, M: Versioned> Update<M, &'a mut M> {
    /// An update of this very item, if it still has this version: for generated code.
    pub fn of(item: &'a mut M) -> Self {
        let update = Update::<M>::by(item.key()).expect_version(item.version());
        Update { core: update.core, key: update.key, result: item, marker: PhantomData }
    }

    /// Changes the item; the value becomes what is stored then.
    ///
    /// # Errors
    /// As an update by key, and: the item has another version
    /// ([`is_version_conflict`](crate::Error::is_version_conflict)). The value is as it was.
    pub fn send<'b>(self, db: &'b Client) -> ResponseFuture<'b, ()>
    where
        'a: 'b,
    {
        let value = self.result;
        decoded(self.core.send(Some(ReturnValue::AllNew), db), |(item, _)| {
            *value = decode_with(M::FACTS, &db.table_name(M::FACTS.table), item, &<M as Record>::decode)?;
            Ok(())
        })
    }
}

impl<M: Versioned, R> Update<M, R> {
    /// Demands that the item has this version: otherwise the error [is a version
    /// conflict](crate::Error::is_version_conflict). 0 is the version of an item that has none.
    pub fn expect_version(mut self, version: M::Version) -> Self {
        self.core.conditions.expect_version(version_number::<M::Version>(&version));
        self
    }
}

impl<M: Model, R> std::fmt::Debug for Update<M, R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Update").field("core", &self.core).finish_non_exhaustive()
    }
}

impl<M: Model, R> Update<M, R> {
    /// Replaces the value of an attribute (`SET`). `None` and an empty set remove it (`REMOVE`); where a missing attribute is
    /// read as a declared default, `None` is stored as `NULL`.
    ///
    /// Index keys that are composed of it are rewritten in the same request.
    pub fn set<K: Kind, A: Changeable<M, K>>(
        mut self,
        attribute: Attribute<M, K, A>,
        value: impl Argument<K::Value>,
    ) -> Self {
        let value = value.into_argument();
        A::change(&value, &self.key, &mut Change(&mut self.core));
        if attribute.is_stored_as_none(&value) {
            self.core.check(&attribute, &value);
            return self.act(attribute.into_path(), Ok(Action::Remove));
        }
        self.checked(attribute, value, Action::Set)
    }

    /// Replaces the values of fields that index keys are composed of together, and rewrites those keys in the same request:
    /// `.set_key(Order::region_and_status("eu", OrderStatus::Shipped))`.
    pub fn set_key(mut self, change: KeyChange<M>) -> Self {
        change.apply(&self.key, &mut self.core);
        self
    }

    /// Gives an attribute a value if it has none (`SET … = if_not_exists(…)`).
    pub fn set_if_absent<K, A: Free>(
        self,
        attribute: Attribute<M, K, A>,
        value: impl Argument<<K::Present as Kind>::Value>,
    ) -> Self
    where
        K: Kind<Value: From<<K::Present as Kind>::Value>>,
    {
        let value = K::Value::from(value.into_argument());
        self.checked(attribute, value, Action::SetIfAbsent)
    }

    /// Removes an attribute, or an element of a list or map (`REMOVE`). It is read as its declared default then, if it has one.
    pub fn remove<K: Removable, A: Changeable<M, K>>(mut self, attribute: Attribute<M, K, A>) -> Self {
        if let Some(absent) = K::absent() {
            A::change(&absent, &self.key, &mut Change(&mut self.core));
            self.core.check(&attribute, &absent);
        }
        self.act(attribute.into_path(), Ok(Action::Remove))
    }

    /// Adds to a number, or adds members to a set (`ADD`). A missing number counts as its declared default, or else as 0.
    ///
    /// An integer stays within its type's range: an addition that would leave it changes nothing and is
    /// [an error](crate::Error::is_out_of_range).
    pub fn add<K: Kind, A: Free>(
        mut self,
        attribute: Attribute<M, K, A>,
        delta: impl Argument<<<K::Present as Addable>::Delta as Kind>::Value>,
    ) -> Self
    where
        K::Present: Addable,
    {
        let delta = delta.into_argument();
        if !<K::Present as Addable>::Delta::is_absent(&delta) {
            let mut check = Check::default();
            attribute.check_elements::<<K::Present as Addable>::Delta>(&delta, &mut check);
            self.core.refuse(attribute.path(), &check);
            let delta = <K::Present as Addable>::Delta::encode_owned(delta);
            let default = attribute.encoded_default();
            let bounds = attribute.bounds(<K::Present as Addable>::BOUNDS);
            self.core.add(attribute.into_path(), delta, default, bounds, K::absent().is_some());
        }
        self
    }

    /// Takes members out of a set (`DELETE`).
    pub fn delete_from<K, E: SetMember, A: Free>(
        mut self,
        attribute: Attribute<M, K, A>,
        members: impl Argument<<Set<E> as Kind>::Value>,
    ) -> Self
    where
        K: Kind<Present = Set<E>>,
    {
        let members = members.into_argument();
        if members.is_empty() {
            return self;
        }
        self.core.write(attribute.into_path(), Set::<E>::encode_owned(members), Action::Delete);
        self
    }

    /// Puts elements behind those of a list (`list_append`). A missing list counts as its declared default, or as empty where
    /// it is optional.
    pub fn append<K, E: Kind, A: Free>(
        self,
        attribute: Attribute<M, K, A>,
        elements: impl Argument<Vec<E::Value>>,
    ) -> Self
    where
        K: Kind<Present = List<E>>,
    {
        self.extend(attribute, elements, |elements, absent| Action::Append { elements, absent })
    }

    /// Puts elements before those of a list (`list_append`). A missing one counts as for [`append`](Self::append).
    pub fn prepend<K, E: Kind, A: Free>(
        self,
        attribute: Attribute<M, K, A>,
        elements: impl Argument<Vec<E::Value>>,
    ) -> Self
    where
        K: Kind<Present = List<E>>,
    {
        self.extend(attribute, elements, |elements, absent| Action::Prepend { elements, absent })
    }

    /// Demands that `condition` holds for the item. A second one must hold too.
    pub fn when(mut self, condition: Condition<M>) -> Self {
        self.core.conditions.when(condition.into_expression());
        self
    }

    /// Ends the operation after `deadline`, instead of after the client's.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.core.conditions.deadline = Some(deadline);
        self
    }

    /// The SDK's own request, filled in so far.
    ///
    /// # Errors
    /// A value is invalid, or the key lies outside what the client [is held to](Client::within).
    pub fn into_sdk(mut self, db: &Client) -> Result<UpdateItemFluentBuilder> {
        db.admit(M::FACTS, &self.core.key)?;
        let table = db.table_name(M::FACTS.table);
        self.core.stamp(db);
        Ok(self.core.request(db, table)?.0)
    }

    fn checked<K: Kind, A>(
        mut self,
        attribute: Attribute<M, K, A>,
        value: K::Value,
        action: fn(AttributeValue) -> Action,
    ) -> Self {
        self.core.check(&attribute, &value);
        self.core.write(attribute.into_path(), K::encode_owned(value), action);
        self
    }

    fn extend<K, E: Kind, A>(
        mut self,
        attribute: Attribute<M, K, A>,
        elements: impl Argument<Vec<E::Value>>,
        action: fn(AttributeValue, Option<AttributeValue>) -> Action,
    ) -> Self
    where
        K: Kind<Present = List<E>>,
    {
        let elements = elements.into_argument();
        let mut check = Check::default();
        List::<E>::check(&elements, &mut check);
        attribute.check_elements::<List<E>>(&elements, &mut check);
        self.core.refuse(attribute.path(), &check);
        let elements = encode::<List<E>>(elements);
        let absent = match attribute.encoded_default() {
            None => Ok(K::absent().map(|_| AttributeValue::L(Vec::new()))),
            Some(default) => default.map(Some),
        };
        let action = elements.and_then(|elements| Ok(action(elements, absent?)));
        self.act(attribute.into_path(), action)
    }

    fn act(mut self, path: Path, action: Result<Action, EncodeError>) -> Self {
        self.core.act(path, action);
        self
    }
}

impl Core {
    /// As `send`, for a caller that wants nothing back: not compiled for every model.
    fn send_only(self: Box<Self>, db: &Client) -> ResponseFuture<'_, ()> {
        if db.has_hooks() || self.conditions.has_moves() {
            return decoded(self.send(None, db), |_| Ok(()));
        }
        ResponseFuture::new(async move { self.exchange(None, db).await.map(drop) })
    }

    /// Notes what is wrong with a value at a path.
    #[inline]
    pub(super) fn refuse(&mut self, path: &Path, check: &Check) {
        if !check.is_passed() {
            self.refuse_at(path, check.violations());
        }
    }

    #[cold]
    fn refuse_at(&mut self, path: &Path, violations: &[Violation]) {
        self.conditions.refuse(violations.iter().map(|violation| path.of(violation)).collect());
    }

    /// Does something with a value. Not as an action, whose value would be moved once more for every model and attribute.
    fn write(
        &mut self,
        path: Path,
        value: Result<AttributeValue, EncodeError>,
        action: fn(AttributeValue) -> Action,
    ) {
        self.act(path, value.map(action));
    }

    pub(super) fn act(&mut self, path: Path, action: Result<Action, EncodeError>) {
        match action {
            Ok(action) => self.actions.push((path, action)),
            Err(error) => {
                self.conditions.refuse(vec![error.within(&path.to_string()).into_violation()]);
            }
        }
    }

    fn add(
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
            Some(absent) => Action::AddTo { absent, delta },
            None => Action::Add(delta),
        });
        self.act(path, action);
    }

    /// An update of the item with this key, of which these things are wrong already.
    pub fn keyed(
        facts: &'static Facts,
        existence: Existence,
        key: Item,
        violations: Vec<Violation>,
    ) -> Box<Self> {
        let mut conditions = Conditions::new(facts, existence);
        if !violations.is_empty() {
            conditions.refuse(violations);
        }
        Box::new(Core { key, actions: Vec::new(), conditions, kind: WriteKind::Update })
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
    fn stamp(&mut self, db: &Client) -> Written {
        self.conditions.facts.managed.map(|managed| self.stamp_with(managed, db)).unwrap_or_default()
    }

    fn stamp_with(&mut self, managed: &ManagedValues, db: &Client) -> Written {
        let written = match managed.next(self.conditions.version(), db.now()) {
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
                        self.conditions.guard(Guard {
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
        written
    }

    #[expect(clippy::boxed_local, reason = "what is in the box would be copied for nothing")]
    fn request(
        mut self: Box<Self>,
        db: &Client,
        table: String,
    ) -> Result<(UpdateItemFluentBuilder, Meaning)> {
        self.check_limits();
        let Core { key, actions, conditions, .. } = *self;
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
        if !db.has_hooks() {
            return self.send_without_hooks(wanted, db);
        }
        Box::pin(async move {
            let changed = self.before(db).await?;
            let sent = self.send_without_hooks(wanted, db).await?;
            hooks::after_update(db, &changed).await;
            Ok(sent)
        })
    }

    fn send_without_hooks(
        self: Box<Self>,
        wanted: Option<ReturnValue>,
        db: &Client,
    ) -> BoxFuture<'_, Result<(Item, Written)>> {
        if self.conditions.has_moves() {
            return self.send_guarded(db);
        }
        Box::pin(async move {
            let (item, written) = self.exchange(wanted, db).await?;
            Ok((item.unwrap_or_default(), written))
        })
    }

    /// Sends the update alone.
    async fn exchange(
        mut self: Box<Self>,
        wanted: Option<ReturnValue>,
        db: &Client,
    ) -> Result<(Option<Item>, Written)> {
        let facts = self.conditions.facts;
        db.admit(facts, &self.key)?;
        let mut call = Call::item(db, "UpdateItem", facts, &self.key, self.conditions.deadline);
        let has_version = self.conditions.version().is_some();
        // What demands a version is not carried out twice.
        let adds_up = !has_version && self.actions.iter().any(|(path, action)| action.adds_up(path));
        let written = self.stamp(db);
        let sent = has_version.then(|| self.actions.clone());
        let (mut request, meaning) = self.request(db, db.table_name(facts.table))?;
        if let Some(wanted) = wanted {
            request = request.return_values(wanted);
        }
        let request = pin!(request.send());
        let item = match call.run_with_item(request, old_item).await {
            Ok(output) => {
                call.record(1, output.consumed_capacity());
                if adds_up && call.has_unanswered_attempt() {
                    return Err(call.unclear(output.attributes));
                }
                output.attributes
            }
            Err(error) => {
                let own = |current: &Item| match &sent {
                    Some(actions) => own_update(actions, facts.managed, current),
                    None => Own::Unknown,
                };
                Some(meaning.settle(meaning.explain(error), &own)?)
            }
        };
        Ok((item, written))
    }

    /// The update as part of a transaction, with the guards of the unique values that it changes.
    pub fn into_parts(mut self, db: &Client) -> Result<Vec<WritePart>> {
        let Some(moves) = self.conditions.take_moves() else { return Ok(vec![self.into_part(db)?]) };
        let (old, new) = *moves;
        let facts = self.conditions.facts;
        let guards = unique::changes(facts, &self.key, Some(&old), Some(&new), db)?;
        self.conditions.expect_unchanged(Unchanged::new(facts, Some(&old)));
        Ok(std::iter::once(self.into_part(db)?).chain(guards).collect())
    }

    /// Sends the update together with the guards of the unique values that it changes: nothing of the item is returned.
    fn send_guarded(self: Box<Self>, db: &Client) -> BoxFuture<'_, Result<(Item, Written)>> {
        Box::pin(async move {
            let deadline = self.conditions.deadline;
            let parts = send_parts(self.into_parts(db)?, None, deadline, db).await;
            let own = parts.map_err(Error::of_single_write)?.into_iter().next();
            Ok((Item::new(), own.map(|own| own.written).unwrap_or_default()))
        })
    }

    fn into_part(mut self, db: &Client) -> Result<WritePart> {
        let written = self.stamp(db);
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

/// How many digits of a number DynamoDB stores.
const STORED_DIGITS: NonZeroU64 = NonZeroU64::new(38).unwrap();

/// The condition under which an addition stays within the bounds of its attribute's type, or its declared range.
/// A missing one counts as `base`, if it may be missing.
fn guard(path: &Path, (low, high): Bounds, delta: &str, base: Option<&str>) -> Option<Guard> {
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
    Some(Guard { path: path.clone(), operator, bound, absent_is_fine, is_named: false })
}

fn old_item(error: &UpdateItemError) -> Option<&Item> {
    match error {
        UpdateItemError::ConditionalCheckFailedException(failed) => failed.item(),
        _ => None,
    }
}
