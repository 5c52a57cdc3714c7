//! What expressions say of an item that is at hand, as DynamoDB evaluates them.

use std::cmp::Ordering;

use aws_sdk_dynamodb::types::AttributeValue;

use crate::expression::condition::{Expression, Operand};
use crate::expression::path::lookup;
use crate::item::Item;
use crate::kind::{compare_numbers, same_values};

impl Expression {
    /// Whether it is true of an item. A value that cannot be written was refused before, and is equal to nothing.
    pub(crate) fn holds_for(&self, item: &Item) -> bool {
        match self {
            Expression::Compare(operand, operator, value) => {
                value.as_ref().is_ok_and(|value| compare(operand.of(item).as_ref(), operator, value))
            }
            Expression::Between(path, low, high) => match (lookup(item, path), low, high) {
                (Some(found), Ok(low), Ok(high)) => {
                    compare(Some(found), ">=", low) && compare(Some(found), "<=", high)
                }
                _ => false,
            },
            Expression::In(path, values) => {
                let found = lookup(item, path);
                values.iter().flatten().any(|value| compare(found, "=", value))
            }
            Expression::Function(name, path, argument) => function(
                name,
                lookup(item, path),
                argument.as_ref().and_then(|argument| argument.as_ref().ok()),
            ),
            Expression::Join("AND", parts) => parts.iter().all(|part| part.holds_for(item)),
            Expression::Join(_, parts) => parts.iter().any(|part| part.holds_for(item)),
            Expression::Not(inner) => !inner.holds_for(item),
            // It is never sent either.
            Expression::TooLarge(_) => false,
        }
    }
}

impl Operand {
    fn of(&self, item: &Item) -> Option<AttributeValue> {
        match self {
            Operand::Path(path) => lookup(item, path).cloned(),
            Operand::Size(path) => size(lookup(item, path)?).map(|size| AttributeValue::N(size.to_string())),
        }
    }
}

/// How large a value is: the UTF-16 units of a text, the bytes of binary, the members of anything else that has some.
fn size(value: &AttributeValue) -> Option<usize> {
    Some(match value {
        AttributeValue::S(text) => text.encode_utf16().count(),
        AttributeValue::B(bytes) => bytes.as_ref().len(),
        AttributeValue::Ss(members) | AttributeValue::Ns(members) => members.len(),
        AttributeValue::Bs(members) => members.len(),
        AttributeValue::L(list) => list.len(),
        AttributeValue::M(map) => map.len(),
        _ => return None,
    })
}

/// A missing value differs from every other, and stands in no order to any.
fn compare(found: Option<&AttributeValue>, operator: &str, value: &AttributeValue) -> bool {
    let Some(found) = found else { return operator == "<>" };
    match operator {
        "=" => same_values(found, value),
        "<>" => !same_values(found, value),
        _ => match (operator, order(found, value)) {
            ("<", Some(order)) => order.is_lt(),
            ("<=", Some(order)) => order.is_le(),
            (">", Some(order)) => order.is_gt(),
            (">=", Some(order)) => order.is_ge(),
            _ => false,
        },
    }
}

fn order(left: &AttributeValue, right: &AttributeValue) -> Option<Ordering> {
    match (left, right) {
        (AttributeValue::S(left), AttributeValue::S(right)) => Some(left.cmp(right)),
        (AttributeValue::N(left), AttributeValue::N(right)) => compare_numbers(left, right),
        (AttributeValue::B(left), AttributeValue::B(right)) => Some(left.as_ref().cmp(right.as_ref())),
        _ => None,
    }
}

fn function(name: &str, found: Option<&AttributeValue>, argument: Option<&AttributeValue>) -> bool {
    match (name, found, argument) {
        ("attribute_exists", found, _) => found.is_some(),
        ("attribute_not_exists", found, _) => found.is_none(),
        ("attribute_type", Some(found), Some(AttributeValue::S(name))) => type_name(found) == name,
        ("begins_with", Some(found), Some(beginning)) => begins_with(found, beginning),
        ("contains", Some(found), Some(part)) => contains(found, part),
        _ => false,
    }
}

fn type_name(value: &AttributeValue) -> &'static str {
    crate::decode::Value::from(value).type_name()
}

fn begins_with(found: &AttributeValue, beginning: &AttributeValue) -> bool {
    match (found, beginning) {
        (AttributeValue::S(found), AttributeValue::S(beginning)) => found.starts_with(beginning.as_str()),
        (AttributeValue::B(found), AttributeValue::B(beginning)) => {
            found.as_ref().starts_with(beginning.as_ref())
        }
        _ => false,
    }
}

fn contains(found: &AttributeValue, part: &AttributeValue) -> bool {
    match (found, part) {
        (AttributeValue::S(found), AttributeValue::S(part)) => found.contains(part.as_str()),
        (AttributeValue::Ss(members), AttributeValue::S(member)) => members.contains(member),
        (AttributeValue::Ns(members), AttributeValue::N(member)) => {
            members.iter().any(|known| compare_numbers(known, member).is_some_and(Ordering::is_eq))
        }
        (AttributeValue::Bs(members), AttributeValue::B(member)) => members.contains(member),
        (AttributeValue::L(elements), part) => elements.iter().any(|element| same_values(element, part)),
        (AttributeValue::B(found), AttributeValue::B(part)) => {
            part.as_ref().is_empty()
                || found.as_ref().windows(part.as_ref().len()).any(|window| window == part.as_ref())
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expression::path::Path;

    fn item() -> Item {
        let number = |digits: &str| AttributeValue::N(digits.to_owned());
        Item::from([
            ("text".to_owned(), AttributeValue::S("añ🦀".to_owned())),
            ("number".to_owned(), number("1.50")),
            ("tags".to_owned(), AttributeValue::Ss(vec!["x".to_owned(), "y".to_owned()])),
            ("list".to_owned(), AttributeValue::L(vec![number("1"), number("2")])),
        ])
    }

    fn compares(name: &'static str, operator: &'static str, value: AttributeValue) -> bool {
        Expression::Compare(Operand::Path(Path::top(name)), operator, Ok(value)).holds_for(&item())
    }

    #[test]
    fn values_are_compared_within_their_types() {
        let number = |digits: &str| AttributeValue::N(digits.to_owned());
        assert!(compares("number", "=", number("1.5")) && compares("number", "<", number("10")));
        assert!(!compares("number", "=", AttributeValue::S("1.50".to_owned())));
        assert!(compares("number", "<>", AttributeValue::S("1.50".to_owned())));
        assert!(!compares("text", "<", number("10")));
    }

    #[test]
    fn a_missing_value_differs_and_stands_in_no_order() {
        let one = || AttributeValue::N("1".to_owned());
        assert!(compares("nothing", "<>", one()));
        for operator in ["=", "<", "<=", ">", ">="] {
            assert!(!compares("nothing", operator, one()), "{operator}");
        }
    }

    #[test]
    fn functions_look_into_values() {
        let holds = |name, attribute, argument: Option<AttributeValue>| {
            Expression::Function(name, Path::top(attribute), argument.map(Ok)).holds_for(&item())
        };
        let text = |text: &str| Some(AttributeValue::S(text.to_owned()));
        assert!(holds("attribute_exists", "tags", None) && !holds("attribute_not_exists", "tags", None));
        assert!(holds("contains", "tags", text("x")) && !holds("contains", "tags", text("xy")));
        assert!(holds("contains", "list", Some(AttributeValue::N("2.0".to_owned()))));
        assert!(holds("begins_with", "text", text("añ")) && holds("contains", "text", text("🦀")));
        assert!(holds("attribute_type", "list", text("L")) && !holds("attribute_type", "list", text("M")));
    }

    #[test]
    fn a_text_is_as_large_as_its_utf_16() {
        let size =
            Expression::Compare(Operand::Size(Path::top("text")), "=", Ok(AttributeValue::N("4".to_owned())));
        assert!(size.holds_for(&item()));
    }
}
