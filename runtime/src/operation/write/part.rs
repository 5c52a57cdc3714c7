//! The parts of a transaction: one for each operation, and those of the guards that go with it.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::TransactWriteItem;

use crate::encode::{EncodedItem, json_of};
use crate::expression::placeholders::Placeholders;
use crate::facts::Facts;
use crate::item::{Item, ItemKey, KeyAttributes};
use crate::limits::MAXIMUM_TRANSACTION_OPERATIONS;
use crate::managed::Written;
use crate::operation::keys::key_text;
use crate::operation::unique::guard::Guard;
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
    pub key: ItemKey,
    /// Without the item of a put.
    pub part: TransactWriteItem,
    /// The item of a put, as it is to be written.
    pub item: Option<EncodedItem>,
    /// About how many bytes it counts.
    pub size: usize,
    /// What it means when its condition fails.
    pub meaning: Meaning,
    /// What the runtime wrote itself.
    pub written: Written,
    /// The position of its operation in the transaction.
    pub position: usize,
    pub role: Role,
}

/// Adds what must be unchanged to a condition that is written already.
fn demand(
    facts: &'static Facts,
    unchanged: &Unchanged,
    condition: &mut Option<String>,
    (names, values): (&mut Option<HashMap<String, String>>, &mut Option<Item>),
) {
    let Some(expression) = unchanged.expression(facts) else { return };
    let mut placeholders = Placeholders::continued(names.take(), values.take());
    let more = placeholders.expression(expression);
    *condition = Some(match condition.take() {
        Some(known) => format!("({known}) AND {more}"),
        None => more,
    });
    (*names, *values) = (placeholders.names, placeholders.values);
}

/// What a part is in a transaction.
#[derive(Clone, Debug)]
pub(crate) enum Role {
    /// What the caller asked for.
    Operation,
    /// A guard of a unique value that goes with an operation.
    Guard(Guard),
    /// What else goes with an operation.
    Beside,
}

impl WritePart {
    /// What a caller asked for: a transaction gives it its position.
    pub fn new(
        facts: &'static Facts,
        key: &dyn KeyAttributes,
        part: TransactWriteItem,
        size: usize,
        meaning: Meaning,
    ) -> Self {
        let (key, written) = (ItemKey::of(facts.table, key), Written::default());
        WritePart { facts, key, part, item: None, size, meaning, written, position: 0, role: Role::Operation }
    }

    /// The same part, a put of this item.
    pub fn with_item(self, item: EncodedItem) -> Self {
        WritePart { item: Some(item), ..self }
    }

    /// The same part, with what the runtime wrote itself.
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

    /// Demands of its item, besides what it demands already, what the transaction was made from.
    pub fn expect_unchanged(&mut self, unchanged: Unchanged) {
        let TransactWriteItem { put, update, delete, condition_check, .. } = &mut self.part;
        if let Some(put) = put {
            let parts = (&mut put.expression_attribute_names, &mut put.expression_attribute_values);
            demand(self.facts, &unchanged, &mut put.condition_expression, parts);
        }
        if let Some(update) = update {
            let parts = (&mut update.expression_attribute_names, &mut update.expression_attribute_values);
            demand(self.facts, &unchanged, &mut update.condition_expression, parts);
        }
        if let Some(delete) = delete {
            let parts = (&mut delete.expression_attribute_names, &mut delete.expression_attribute_values);
            demand(self.facts, &unchanged, &mut delete.condition_expression, parts);
        }
        if let Some(check) = condition_check {
            let parts = (&mut check.expression_attribute_names, &mut check.expression_attribute_values);
            let mut condition = Some(std::mem::take(&mut check.condition_expression));
            demand(self.facts, &unchanged, &mut condition, parts);
            check.condition_expression = condition.unwrap_or_default();
        }
        self.meaning.expect_unchanged(unchanged);
    }

    /// What the client calls its table.
    pub fn table(&self) -> &str {
        let TransactWriteItem { put, update, delete, condition_check, .. } = &self.part;
        let table = put.as_ref().map(|put| &put.table_name);
        let table = table.or(update.as_ref().map(|update| &update.table_name));
        let table = table.or(delete.as_ref().map(|delete| &delete.table_name));
        table.or(condition_check.as_ref().map(|check| &check.table_name)).map_or("", String::as_str)
    }

    /// The operation of a request, whose item or values are those that are returned beside it, if any are. Where they have no
    /// JSON, or `is_wire` is not set, the operation has them itself.
    fn operation(&mut self, is_wire: bool) -> (TransactWriteItem, Option<Part>) {
        if let Some(item) = &self.item {
            let json = if is_wire { item.to_json() } else { None };
            let mut operation = self.part.clone();
            if json.is_none()
                && let Some(put) = &mut operation.put
            {
                put.item = item.clone().into_map();
            }
            return (operation, json.map(Part::item));
        }
        let values = self.part.update.as_mut().and_then(|update| update.expression_attribute_values.as_mut());
        let Some(values) = values.filter(|_| is_wire) else { return (self.part.clone(), None) };
        let Some(json) = json_of(values) else { return (self.part.clone(), None) };
        // They are not copied.
        let kept = std::mem::take(values);
        let operation = self.part.clone();
        if let Some(update) = &mut self.part.update {
            update.expression_attribute_values = Some(kept);
        }
        (operation, Some(Part::values(json)))
    }

    /// The item that it concerns in the caller's eyes, and whose errors are.
    pub fn subject(&self) -> &dyn KeyAttributes {
        match &self.role {
            Role::Guard(guard) => &guard.owner,
            Role::Operation | Role::Beside => &self.key,
        }
    }
}

/// The operations of a request, and what it is completed by.
pub(crate) fn operations(parts: &mut [WritePart], is_wire: bool) -> (Vec<TransactWriteItem>, Option<Large>) {
    let (operations, large): (Vec<_>, Vec<_>) = parts.iter_mut().map(|part| part.operation(is_wire)).unzip();
    let is_completed = large.iter().any(Option::is_some);
    (operations, is_completed.then_some(Large::Operations(large)))
}

/// What of DynamoDB's limits the parts exceed.
pub(crate) fn exceeded_limits(parts: &[WritePart], token: Option<&str>) -> Vec<Violation> {
    let mut violations = Vec::new();
    if parts.len() > MAXIMUM_TRANSACTION_OPERATIONS {
        let guards = parts.iter().filter(|part| !part.is_operation()).count();
        let of_which = if guards == 0 {
            String::new()
        } else {
            format!(", of which {guards} are those of guards of unique values")
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
        let identity = (part.table(), key_text(part.facts, &part.key));
        if let Some(other) = first.insert(identity, part.position) {
            let what = if part.is_operation() { "item" } else { "unique value" };
            let message =
                format!("concerns the same {what} as [{other}], which DynamoDB refuses in a transaction");
            violations.push(Violation::new(format!("[{}]", part.position), message));
        }
    }
    violations
}
