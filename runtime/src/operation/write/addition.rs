//! Additions that stay within the range of their attribute.

use std::num::NonZeroU64;

use aws_sdk_dynamodb::types::AttributeValue;
use bigdecimal::num_bigint::Sign;
use bigdecimal::{BigDecimal, RoundingMode};

use crate::attribute::Bounds;
use crate::expression::condition::{Expression, Operand};
use crate::expression::path::{Path, lookup};
use crate::item::Item;
use crate::kind::compare_numbers;

/// An addition's bound: before the addition, the attribute must be at most, or at least, this number.
#[derive(Clone, Debug)]
pub(crate) struct AdditionBound {
    pub path: Path,
    /// `<=` or `>=`
    pub operator: &'static str,
    pub bound: String,
    /// Whether a missing attribute, which counts as zero, is within the bound.
    pub absent_is_fine: bool,
    /// Whether the caller's own condition names the attribute, too. Then a failure counts as that condition's.
    pub is_named: bool,
    /// Whether it is the declared `max` of a counter.
    pub is_maximum: bool,
}

impl AdditionBound {
    pub(crate) fn expression(&self) -> Expression {
        let bound = AttributeValue::N(self.bound.clone());
        let within = Expression::Compare(Operand::Path(self.path.clone()), self.operator, Ok(bound));
        if !self.absent_is_fine {
            return within;
        }
        let absent = Expression::Function("attribute_not_exists", self.path.clone(), None);
        Expression::Join("OR", vec![absent, within])
    }

    pub(crate) fn is_broken_by(&self, item: &Item) -> bool {
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

/// How many digits of a number DynamoDB stores.
const STORED_DIGITS: NonZeroU64 = NonZeroU64::new(38).unwrap();

/// The condition under which an addition stays within the bounds of its attribute's type or declared range. A missing attribute
/// counts as `base`, if it may be missing.
pub(crate) fn addition_bound(
    path: &Path,
    (low, high): Bounds,
    delta: &str,
    base: Option<&str>,
) -> Option<AdditionBound> {
    let parsed = |bound: Option<&str>| bound.and_then(|bound| bound.parse::<BigDecimal>().ok());
    let (low, high) = (parsed(low), parsed(high));
    let delta: BigDecimal = delta.parse().ok()?;
    let base = base.and_then(|base| base.parse::<BigDecimal>().ok()).map(|base| base + &delta);
    let is_within = |sum: &BigDecimal| {
        low.as_ref().is_none_or(|low| sum >= low) && high.as_ref().is_none_or(|high| sum <= high)
    };
    let absent_is_fine = base.as_ref().is_some_and(is_within);
    // No number between the exact and the rounded bound can be stored.
    let (operator, bound, rounding) = match delta.sign() {
        Sign::Plus => ("<=", high? - delta, RoundingMode::Floor),
        Sign::Minus => (">=", low? - delta, RoundingMode::Ceiling),
        Sign::NoSign => return None,
    };
    let bound = bound.with_precision_round(STORED_DIGITS, rounding).normalized().to_plain_string();
    Some(AdditionBound {
        path: path.clone(),
        operator,
        bound,
        absent_is_fine,
        is_named: false,
        is_maximum: false,
    })
}
