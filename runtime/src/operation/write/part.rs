//! The parts of a transaction: one for each operation, and those of its guards.

use std::borrow::Cow;
use std::collections::HashMap;

use aws_sdk_dynamodb::error::BuildError;
use aws_sdk_dynamodb::types::{ConditionCheck, Delete, Put, TransactWriteItem, Update};

use crate::client::Client;
use crate::encode::{EncodedItem, json_of};
use crate::expression::names::of_every_name;
use crate::expression::placeholders::Placeholders;
use crate::facts::Facts;
use crate::item::{Item, KeyAttributes};
use crate::limits::MAXIMUM_TRANSACTION_OPERATIONS;
use crate::managed::Written;
use crate::operation::count::change::CountChange;
use crate::operation::keys::KeyId;
use crate::operation::unique::guard::Guard;
use crate::operation::write::conditions::ConditionText;
use crate::operation::write::meaning::Meaning;
use crate::operation::write::unchanged::Unchanged;
use crate::validation::Violation;
use crate::wire::{Large, Part};

const MAXIMUM_BYTES: usize = 4 * 1024 * 1024;
const MAXIMUM_TOKEN_CHARACTERS: usize = 36;

/// One operation, ready to be sent.
#[derive(Clone)]
pub(crate) struct WritePart {
    pub facts: &'static Facts,
    /// The client's name for its table.
    pub table: Cow<'static, str>,
    pub write: PartWrite,
    /// Its condition, and the names and values of its expressions. Most puts have none.
    pub demands: Option<Box<ConditionText>>,
    /// Its approximate size in bytes.
    pub size: usize,
    /// The meaning of a failed condition.
    pub meaning: Meaning,
    /// What the runtime wrote itself.
    pub written: Written,
    /// The position of its operation in the transaction.
    pub position: usize,
    pub role: Role,
}

/// What a part does to its item.
#[derive(Clone)]
pub(crate) enum PartWrite {
    Put(EncodedItem),
    /// The key, and the update expression.
    Update(Item, Option<String>),
    Delete(Item),
    Check(Item),
}

/// The role of a part in a transaction.
#[derive(Clone, Debug)]
pub(crate) enum Role {
    /// An operation of the caller's.
    Operation,
    /// A guard of a unique value that accompanies an operation.
    Guard(Guard),
    /// The counts of an item that go with operations on what it counts.
    Count(Vec<CountChange>),
    /// Anything else that accompanies an operation.
    Beside,
}

impl WritePart {
    /// An operation of the caller's. The transaction sets its position.
    pub fn new(facts: &'static Facts, write: PartWrite, size: usize, meaning: Meaning, db: &Client) -> Self {
        WritePart {
            facts,
            table: db.table_name_of(facts.table),
            write,
            demands: None,
            size,
            meaning,
            written: Written::default(),
            position: 0,
            role: Role::Operation,
        }
    }

    /// The same part, with these demands on its item.
    pub fn with_demands(self, demands: Option<Box<ConditionText>>) -> Self {
        WritePart { demands, ..self }
    }

    /// The same part, with the values that the runtime wrote itself.
    pub fn with_written(self, written: Written) -> Self {
        WritePart { written, ..self }
    }

    pub fn is_operation(&self) -> bool {
        matches!(self.role, Role::Operation)
    }

    /// Whether it is about an item that the caller did not name.
    pub fn is_beside(&self) -> bool {
        matches!(self.role, Role::Beside)
    }

    /// Adds the demand that the item still has the values that the transaction was made from.
    pub fn expect_unchanged(&mut self, unchanged: Unchanged) {
        if let Some(expression) = unchanged.expression(self.facts) {
            let demands = self.demands.get_or_insert_default();
            let mut placeholders = Placeholders::continued(demands.names.take(), demands.values.take());
            let more = placeholders.expression(of_every_name(expression, self.facts));
            // A condition on several names is an `OR`.
            let more = if self.facts.also_read.is_empty() { more } else { format!("({more})") };
            demands.condition = Some(match demands.condition.take() {
                Some(known) => format!("({known}) AND {more}"),
                None => more,
            });
            (demands.names, demands.values) = (placeholders.names, placeholders.values);
        }
        self.meaning.expect_unchanged(unchanged);
    }

    /// The client's name for its table.
    pub fn table(&self) -> &str {
        &self.table
    }

    /// The key of its item, with or without other attributes.
    pub fn key(&self) -> &dyn KeyAttributes {
        match &self.write {
            PartWrite::Put(item) => item,
            PartWrite::Update(key, _) | PartWrite::Delete(key) | PartWrite::Check(key) => key,
        }
    }

    /// The operation of a request, and the item or the values that are kept out of it. They have JSON, and `is_wire` is set.
    fn operation(&self, is_wire: bool) -> Result<(TransactWriteItem, Option<Part>), BuildError> {
        let values = self.demands.as_deref().and_then(|demands| demands.values.as_ref());
        let demands = self.demands.as_deref().map(ConditionText::without_values);
        // Its builder would move all four members for each that is set.
        let mut operation = TransactWriteItem::builder().build();
        let lacks = match &self.write {
            PartWrite::Put(item) => {
                let json = if is_wire { item.to_json() } else { None };
                let item = if json.is_some() { Item::new() } else { item.clone().into_map() };
                let mut put = Put::builder().table_name(self.table()).set_item(Some(item));
                // Every setter moves the whole operation.
                if let Some(ConditionText { condition, names, return_on_failure, .. }) = demands {
                    put = put
                        .set_condition_expression(condition)
                        .set_expression_attribute_names(names)
                        .set_expression_attribute_values(values.cloned())
                        .set_return_values_on_condition_check_failure(return_on_failure);
                }
                operation.put = Some(put.build()?);
                json.map(Part::item)
            }
            PartWrite::Update(key, expression) => {
                let ConditionText { condition, names, return_on_failure, .. } = demands.unwrap_or_default();
                let json = if is_wire { values.and_then(json_of) } else { None };
                let values = if json.is_some() { Some(Item::new()) } else { values.cloned() };
                let update = Update::builder()
                    .table_name(self.table())
                    .set_key(Some(key.clone()))
                    .set_update_expression(expression.clone())
                    .set_condition_expression(condition)
                    .set_expression_attribute_names(names)
                    .set_expression_attribute_values(values)
                    .set_return_values_on_condition_check_failure(return_on_failure)
                    .build()?;
                operation.update = Some(update);
                json.map(Part::values)
            }
            PartWrite::Delete(key) => {
                let ConditionText { condition, names, return_on_failure, .. } = demands.unwrap_or_default();
                let delete = Delete::builder()
                    .table_name(self.table())
                    .set_key(Some(key.clone()))
                    .set_condition_expression(condition)
                    .set_expression_attribute_names(names)
                    .set_expression_attribute_values(values.cloned())
                    .set_return_values_on_condition_check_failure(return_on_failure)
                    .build()?;
                operation.delete = Some(delete);
                None
            }
            PartWrite::Check(key) => {
                let ConditionText { condition, names, return_on_failure, .. } = demands.unwrap_or_default();
                let check = ConditionCheck::builder()
                    .table_name(self.table())
                    .set_key(Some(key.clone()))
                    .set_condition_expression(condition)
                    .set_expression_attribute_names(names)
                    .set_expression_attribute_values(values.cloned())
                    .set_return_values_on_condition_check_failure(return_on_failure)
                    .build()?;
                operation.condition_check = Some(check);
                None
            }
        };
        Ok((operation, lacks))
    }

    /// The item that it is about from the caller's view, which its errors name.
    pub fn subject(&self) -> &dyn KeyAttributes {
        match &self.role {
            Role::Guard(guard) => &guard.owner,
            Role::Operation | Role::Count(_) | Role::Beside => self.key(),
        }
    }
}

/// The operations of a request, and the parts that complete it.
///
/// # Errors
/// The SDK refuses one of them as incomplete.
pub(crate) fn operations(
    parts: &[WritePart],
    is_wire: bool,
) -> Result<(Vec<TransactWriteItem>, Option<Large>), BuildError> {
    let (mut operations, mut large) = (Vec::with_capacity(parts.len()), Vec::with_capacity(parts.len()));
    for part in parts {
        let (operation, lacks) = part.operation(is_wire)?;
        operations.push(operation);
        large.push(lacks);
    }
    let is_completed = large.iter().any(Option::is_some);
    Ok((operations, is_completed.then_some(Large::Operations(large))))
}

/// The violations of DynamoDB's limits by the parts.
pub(crate) fn exceeded_limits(parts: &[WritePart], token: Option<&str>) -> Vec<Violation> {
    let mut violations = Vec::new();
    if parts.len() > MAXIMUM_TRANSACTION_OPERATIONS {
        let counts = parts.iter().filter(|part| matches!(part.role, Role::Count(_))).count();
        let guards = parts.iter().filter(|part| !part.is_operation()).count() - counts;
        let of_which = match (guards, counts) {
            (0, 0) => String::new(),
            (guards, 0) => format!(", of which {guards} are those of guards of unique values"),
            (0, counts) => format!(", of which {counts} are those of counters"),
            (guards, counts) => {
                format!(
                    ", of which {guards} are those of guards of unique values and {counts} those of counters"
                )
            }
        };
        let message = format!(
            "a transaction has at most {MAXIMUM_TRANSACTION_OPERATIONS} operations, not {}{of_which}",
            parts.len()
        );
        violations.push(Violation::new("", message));
    }
    let size: usize = parts.iter().map(|part| part.size).sum();
    if size > MAXIMUM_BYTES {
        violations
            .push(Violation::new("", format!("a transaction has at most 4 MB, not about {size} bytes")));
    }
    if token.is_some_and(|token| !(1..=MAXIMUM_TOKEN_CHARACTERS).contains(&token.chars().count())) {
        let message = format!("a token has 1 to {MAXIMUM_TOKEN_CHARACTERS} characters");
        violations.push(Violation::new("", message));
    }
    violations
}

/// DynamoDB refuses two operations on one item.
pub(crate) fn duplicates(parts: &[WritePart]) -> Vec<Violation> {
    let mut first = HashMap::with_capacity(parts.len());
    let mut violations = Vec::new();
    for part in parts {
        let identity = (part.table(), KeyId::of(part.facts, part.key()));
        if let Some(other) = first.insert(identity, part.position) {
            let what = if matches!(part.role, Role::Guard(_)) { "unique value" } else { "item" };
            let message =
                format!("concerns the same {what} as [{other}], which DynamoDB refuses in a transaction");
            violations.push(Violation::new(format!("[{}]", part.position), message));
        }
    }
    violations
}
