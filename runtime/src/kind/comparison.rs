//! Comparing stored values, whatever notation of numbers and order of sets an engine uses.

use std::cmp::Ordering;
use std::collections::HashSet;
use std::hash::Hash;

use aws_sdk_dynamodb::types::AttributeValue;
use bigdecimal::BigDecimal;

use crate::item::Item;

/// Whether two items have equal attributes.
pub(crate) fn same_items(left: &Item, right: &Item) -> bool {
    left.len() == right.len()
        && left.iter().all(|(name, left)| right.get(name).is_some_and(|right| same_values(left, right)))
}

/// Whether two values are equal to DynamoDB.
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

/// Members with the same text are removed first. A set may have tens of thousands, so comparing each with each would take too
/// long.
fn same_sets<T: Eq + Hash>(left: &[T], right: &[T], same: impl Fn(&T, &T) -> bool) -> bool {
    let (others, right) = (missing(right, left), missing(left, right));
    others.len() == right.len() && others.iter().all(|left| right.iter().any(|right| same(left, right)))
}

/// The members of one set that another lacks.
pub(crate) fn missing<'s, T: Eq + Hash>(from: &[T], of: &'s [T]) -> Vec<&'s T> {
    let known: HashSet<&T> = from.iter().collect();
    of.iter().filter(|member| !known.contains(member)).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(members: &[&str]) -> AttributeValue {
        AttributeValue::Ns(members.iter().map(|&member| member.to_owned()).collect())
    }

    #[test]
    fn sets_are_equal_in_any_order_and_notation() {
        assert!(same_values(&numbers(&["1", "2.50", "3"]), &numbers(&["3", "1.0", "2.5"])));
        assert!(!same_values(&numbers(&["1", "2"]), &numbers(&["1", "3"])));
        assert!(!same_values(&numbers(&["1", "2"]), &numbers(&["1"])));
    }

    #[test]
    fn the_members_that_a_set_lacks_keep_their_order() {
        assert_eq!(missing(&["a", "c"], &["d", "a", "b"]), [&"d", &"b"]);
    }
}
