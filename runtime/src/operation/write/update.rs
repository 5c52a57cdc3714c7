//! What an update is, and its request.

use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};

use crate::attribute::Bounds;
use crate::client::Client;
use crate::encode::{EncodeError, Encoder};
use crate::error::Result;
use crate::expression::action::{Action, expression, is_whole};
use crate::expression::path::Path;
use crate::expression::placeholders::Placeholders;
use crate::facts::{Facts, ManagedValues};
use crate::hooks::WriteKind;
use crate::item::Item;
use crate::managed::{ExpectedWriteId, Written};
use crate::model_item::checked_key;
use crate::operation::write::addition::{AdditionBound, addition_bound};
use crate::operation::write::conditions::Conditions;
use crate::operation::write::demands::{Existence, ShapeDemand};
use crate::operation::write::meaning::Meaning;
use crate::operation::write::operation::Operation;
use crate::stamp::Stamp;
use crate::validation::{Check, Violation};

/// As many actions as most updates have at the most.
const FEW: usize = 2;

/// An update of one item, which is not generic over the model.
#[derive(Clone)]
pub(crate) struct UpdateItem {
    pub key: Item,
    pub actions: Vec<(Path, Action)>,
    pub conditions: Conditions,
    /// An update, or the save of a tracked value.
    pub kind: WriteKind,
    /// What is returned of the item.
    pub returns: Option<ReturnValue>,
    /// What the runtime wrote itself, where the update is sent as it is: it was rewritten for an older shape, or a sweep made it.
    pub rewritten: Option<Box<Written>>,
}

impl UpdateItem {
    /// The update among the operations of a transaction.
    pub fn into_operation(self: Box<Self>) -> Box<dyn Operation> {
        Box::new(self)
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
            if let Some(guard) = addition_bound(&path, bounds, delta, base) {
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
        Box::new(UpdateItem {
            key,
            actions: Vec::with_capacity(FEW),
            conditions,
            kind: WriteKind::Update,
            returns: None,
            rewritten: None,
        })
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

    /// Adds what the runtime writes itself.
    #[inline]
    pub(crate) fn stamp(&mut self, stamp: Stamp<'_>) -> Written {
        if let Some(written) = self.rewritten.as_deref() {
            return written.clone();
        }
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
            for key in updated.keys {
                if let Some(text) = written.attribute(key.attribute) {
                    self.actions.push((Path::top(key.attribute), Action::Set(text.clone())));
                }
            }
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

    /// Whether it does something else when it is carried out twice. What demands a version, or what was read, is not
    /// carried out twice.
    pub(super) fn adds_up(&self) -> bool {
        self.conditions.version().is_none()
            && !self.conditions.expects_unchanged()
            && self.actions.iter().any(|(path, action)| action.adds_up(path))
    }

    /// Demands that a set is under its own name if only members of it change: no expression finds them under another.
    pub(super) fn refuse_further_names(&mut self) {
        let facts = self.conditions.facts;
        if facts.also_read.is_empty() {
            return;
        }
        for (path, action) in &self.actions {
            if path.steps().is_empty() && !is_whole(path, action) {
                facts.also_read(path.root).iter().for_each(|name| self.conditions.demand_absence(name));
            }
        }
    }

    /// Demands today's shape, since only a part of the item changes.
    pub(super) fn demand_shape(&mut self) {
        if self.conditions.facts.shape.is_some() && self.rewritten.is_none() {
            self.conditions.demand_shape(ShapeDemand::Current);
        }
    }

    /// The SDK's request, and what it means when its condition fails.
    #[expect(clippy::boxed_local, reason = "what is in the box would be copied for nothing")]
    pub(crate) fn request(
        mut self: Box<Self>,
        db: &Client,
        table: String,
    ) -> Result<(UpdateItemFluentBuilder, Meaning)> {
        self.check_limits();
        self.refuse_further_names();
        self.demand_shape();
        let UpdateItem { key, actions, conditions, returns, .. } = *self;
        let facts = conditions.facts;
        let mut placeholders = Placeholders::default();
        let expression = expression(actions, facts, &mut placeholders);
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
        let request = match returns {
            Some(returns) => request.return_values(returns),
            None => request,
        };
        Ok((request, prepared.meaning))
    }
}

/// The item that stood in an update's way.
pub(super) fn old_item(error: &UpdateItemError) -> Option<&Item> {
    match error {
        UpdateItemError::ConditionalCheckFailedException(failed) => failed.item(),
        _ => None,
    }
}
