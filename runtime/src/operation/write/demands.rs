//! What a write demands of its item besides what its caller demands.

use aws_sdk_dynamodb::types::AttributeValue;

use crate::expression::condition::{Expression, Operand};
use crate::expression::path::{Path, lookup};
use crate::facts::{Facts, UniqueFields};
use crate::item::Item;
use crate::kind::compare_numbers;
use crate::managed::{Expected, ExpectedWriteId};
use crate::operation::write::unchanged::Unchanged;
use crate::validation::Violation;

/// What few writes demand, or have wrong.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rare {
    pub(crate) version: Option<Expected>,
    pub(crate) write_id: Option<ExpectedWriteId>,
    /// The id of this very write, which must not have been carried out before.
    pub(crate) not_again: Option<ExpectedWriteId>,
    pub(crate) unchanged: Option<Unchanged>,
    /// Whose guard it is that is written.
    pub(crate) unique: Option<&'static UniqueFields>,
    pub(crate) moves: Option<Box<(Item, Item)>>,
    pub(crate) guards: Vec<AdditionBound>,
    pub(crate) violations: Vec<Violation>,
    pub(crate) return_existing: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Existence {
    Any,
    Required,
    Refused,
}

/// An addition's bound: the attribute must be at most, or at least, so much before it.
#[derive(Clone, Debug)]
pub(crate) struct AdditionBound {
    pub path: Path,
    /// `<=` or `>=`
    pub operator: &'static str,
    pub bound: String,
    /// Whether a missing attribute, which counts as zero, is within the bound.
    pub absent_is_fine: bool,
    /// Whether the caller's own condition is about the attribute, too: what failed then was that.
    pub is_named: bool,
}

impl Rare {
    pub(crate) fn expect_unchanged(&mut self, unchanged: Unchanged) {
        self.unchanged = Some(match self.unchanged.take() {
            Some(known) => known.and(unchanged),
            None => unchanged,
        });
    }

    /// Everything that is demanded besides the item's existence.
    pub(crate) fn and(
        &self,
        existence: Existence,
        when: Option<Expression>,
        facts: &'static Facts,
    ) -> Option<Expression> {
        // Where no item may be, none has a version.
        let version = self.version.filter(|_| existence != Existence::Refused);
        let write_id = self.write_id.as_ref().filter(|_| existence != Existence::Refused);
        let mut demanded: Vec<_> = version.as_ref().map(Expected::expression).into_iter().collect();
        demanded.extend(write_id.map(ExpectedWriteId::expression));
        demanded.extend(self.not_again.as_ref().map(|own| Expression::Not(Box::new(own.expression()))));
        demanded.extend(self.unchanged.as_ref().and_then(|unchanged| unchanged.expression(facts)));
        demanded.extend(self.guards.iter().map(AdditionBound::expression));
        demanded.extend(when);
        Expression::all(demanded)
    }
}

impl AdditionBound {
    fn expression(&self) -> Expression {
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
