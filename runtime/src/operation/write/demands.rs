//! What a write demands of its item besides what its caller demands.

use aws_sdk_dynamodb::types::AttributeValue;

use crate::expression::condition::{Expression, Operand};
use crate::expression::path::Path;
use crate::facts::{Facts, UniqueFields};
use crate::item::Item;
use crate::managed::{Expected, ExpectedWriteId};
use crate::operation::write::addition::AdditionBound;
use crate::operation::write::unchanged::Unchanged;
use crate::validation::Violation;

/// What few writes demand, or have wrong.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rare {
    /// Whether an item that is there must be the model's, and not one of another that has the same key.
    pub(crate) of_own_model: bool,
    /// The attribute that must say that an item that is there has expired.
    pub(crate) expired: Option<&'static str>,
    pub(crate) version: Option<Expected>,
    pub(crate) write_id: Option<ExpectedWriteId>,
    /// The id of this very write, which must not have been carried out before.
    pub(crate) not_again: Option<ExpectedWriteId>,
    pub(crate) unchanged: Option<Unchanged>,
    /// Whose guard it is that is written.
    pub(crate) unique: Option<&'static UniqueFields>,
    pub(crate) moves: Option<Box<(Item, Item)>>,
    pub(crate) guards: Vec<AdditionBound>,
    /// Attributes that the item must not have: it has a value there that the write would not find.
    pub(crate) absent: Vec<&'static str>,
    pub(crate) violations: Vec<Violation>,
    pub(crate) return_existing: bool,
    pub(crate) shape: Option<ShapeDemand>,
}

/// Which shapes an item may have that is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ShapeDemand {
    /// Any that this code knows: it is replaced.
    Known,
    /// Today's: only a part of it changes.
    Current,
}

impl ShapeDemand {
    fn expression(self, existence: Existence, facts: &'static Facts) -> Option<Expression> {
        let shape = facts.shape?;
        let path = Path::top(shape.attribute);
        let number = Ok(AttributeValue::N(shape.number.to_string()));
        // Where an older shape is written, what is not there is not created with the newest.
        let may_create = shape.written.is_none() && existence == Existence::Any;
        let operator = if self == ShapeDemand::Known { "<=" } else { "=" };
        let has = Expression::Compare(Operand::Path(path), operator, number);
        let is_first = self == ShapeDemand::Known || shape.number == 1;
        Some(match (is_first, existence) {
            (_, Existence::Refused) => return None,
            // An item without a number has the first shape.
            (true, _) => Expression::existence(shape.attribute, false).or(has),
            (false, _) if may_create => Expression::existence(facts.table.partition_key.name, false).or(has),
            (false, _) => has,
        })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Existence {
    Any,
    Required,
    Refused,
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
        demanded.extend(self.absent.iter().map(|name| Expression::existence(name, false)));
        if self.of_own_model && existence != Existence::Refused {
            let own = facts.discriminator.of_type();
            let absent = Expression::existence(facts.table.partition_key.name, false);
            demanded.extend(own.map(|own| match existence {
                Existence::Required => own,
                Existence::Any | Existence::Refused => absent.or(own),
            }));
        }
        demanded.extend(self.shape.and_then(|shape| shape.expression(existence, facts)));
        demanded.extend(when);
        Expression::all(demanded)
    }
}
