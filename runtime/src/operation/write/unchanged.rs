//! The values that must be as they were read, so a write means what its caller meant.

use aws_sdk_dynamodb::types::AttributeValue;

use crate::expression::condition::{Expression, Operand, and};
use crate::expression::path::{Path, lookup};
use crate::facts::Facts;
use crate::item::Item;
use crate::kind::same_values;

/// The values that a write was made from, and which its item must still have.
#[derive(Clone)]
pub(crate) struct Unchanged {
    /// Whether there must be no item.
    is_absent: bool,
    values: Vec<(Path, Option<AttributeValue>)>,
}

impl Unchanged {
    /// The item's values at these paths; if there is no item, that there is none.
    pub fn new(item: Option<&Item>, paths: impl Iterator<Item = Path>) -> Self {
        let value = |path: Path| {
            let value = item.and_then(|item| lookup(item, &path)).cloned();
            (path, value)
        };
        Unchanged { is_absent: item.is_none(), values: paths.map(value).collect() }
    }

    /// Demands both.
    pub fn and(mut self, other: Unchanged) -> Self {
        self.is_absent |= other.is_absent;
        for (path, value) in other.values {
            if !self.values.iter().any(|(known, _)| *known == path) {
                self.values.push((path, value));
            }
        }
        self
    }

    pub fn is_empty(&self) -> bool {
        !self.is_absent && self.values.is_empty()
    }

    /// The paths with a demand.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.values.iter().map(|(path, _)| path)
    }

    pub fn expression(&self, facts: &Facts) -> Option<Expression> {
        if self.is_absent {
            return Some(Expression::existence(facts.table.partition_key.name, false));
        }
        let demands = self.values.iter().map(|(path, value)| equals(path.clone(), value.as_ref()));
        demands.fold(None, and)
    }

    pub fn holds_for(&self, item: Option<&Item>) -> bool {
        let Some(item) = item else { return self.is_absent };
        let is_same = |(path, value): &(Path, Option<AttributeValue>)| match (lookup(item, path), value) {
            (Some(stored), Some(value)) => same_values(stored, value),
            (None, None) => true,
            _ => false,
        };
        !self.is_absent && self.values.iter().all(is_same)
    }
}

/// The condition that a path has this value, or none.
pub(crate) fn equals(path: Path, value: Option<&AttributeValue>) -> Expression {
    match value {
        Some(value) => Expression::Compare(Operand::Path(path), "=", Ok(value.clone())),
        None => Expression::Function("attribute_not_exists", path, None),
    }
}
