//! How stored values compare, however an engine writes numbers and orders sets.

use std::cmp::Ordering;

use aws_sdk_dynamodb::types::AttributeValue;
use bigdecimal::BigDecimal;

use crate::item::Item;

/// Whether two items have equal attributes.
pub(crate) fn same_items(left: &Item, right: &Item) -> bool {
    left.len() == right.len()
        && left.iter().all(|(name, left)| right.get(name).is_some_and(|right| same_values(left, right)))
}

/// Whether DynamoDB takes two values for equal.
pub(crate) fn same_values(left: &AttributeValue, right: &AttributeValue) -> bool {
    match (left, right) {
        (AttributeValue::N(left), AttributeValue::N(right)) => same_numbers(left, right),
        (AttributeValue::M(left), AttributeValue::M(right)) => same_items(left, right),
        (AttributeValue::L(left), AttributeValue::L(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same_values(left, right))
        }
        (AttributeValue::Ss(left), AttributeValue::Ss(right)) => same_sets(left, right, PartialEq::eq),
        (AttributeValue::Bs(left), AttributeValue::Bs(right)) => same_sets(left, right, PartialEq::eq),
        (AttributeValue::Ns(left), AttributeValue::Ns(right)) => {
            same_sets(left, right, |left, right| same_numbers(left, right))
        }
        _ => left == right,
    }
}

fn same_sets<T>(left: &[T], right: &[T], same: impl Fn(&T, &T) -> bool) -> bool {
    left.len() == right.len() && left.iter().all(|left| right.iter().any(|right| same(left, right)))
}

fn same_numbers(left: &str, right: &str) -> bool {
    left == right || compare_numbers(left, right).is_some_and(Ordering::is_eq)
}

/// The order of two numbers given as digits; `None` if either is none.
pub(crate) fn compare_numbers(left: &str, right: &str) -> Option<Ordering> {
    let left: BigDecimal = left.parse().ok()?;
    let right: BigDecimal = right.parse().ok()?;
    Some(left.cmp(&right))
}
