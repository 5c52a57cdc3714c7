//! What a write of a counted item changes of the items that count it.

use aws_sdk_dynamodb::types::AttributeValue;
use bigdecimal::{BigDecimal, Zero};

use crate::client::Client;
use crate::error::{Context, Error, Result};
use crate::facts::{CounterFacts, Facts};
use crate::item::Item;
use crate::limits;
use crate::operation::count::counters::counters;
use crate::operation::keys::{KeyId, key_text};
use crate::validation::Check;

/// A change of one count.
#[derive(Clone, Debug)]
pub(crate) struct CountChange {
    pub counter: &'static CounterFacts,
    /// The model that counts, and the key of its item.
    pub owner: &'static Facts,
    pub key: Item,
    pub delta: BigDecimal,
    /// Whether a counted item is there afterwards. One that goes can go without the item that counted it, too.
    pub stays: bool,
}

impl CountChange {
    /// What tells its owner from all others.
    pub fn owner_id(&self) -> (&'static str, String) {
        (self.owner.table.name, key_text(self.owner, &self.key))
    }
}

/// What one item counts for.
pub(crate) struct Contribution {
    /// The key of the item that counts it.
    pub key: Item,
    pub amount: BigDecimal,
}

/// What changes where the item `old` becomes `new`.
///
/// # Errors
/// An item cannot be read, or its owner's key is invalid.
pub(crate) fn changes(
    facts: &'static Facts,
    old: Option<&Item>,
    new: Option<&Item>,
    db: &Client,
) -> Result<Vec<CountChange>> {
    // The item of another model with the same key is replaced by no write.
    let old = old.filter(|old| facts.discriminator.other_type(old).is_none());
    let mut changes = Vec::new();
    for counter in counters(facts) {
        let owner = (counter.owner)();
        let of = |item: Option<&Item>| match item {
            Some(item) => contribution(facts, counter, item, db),
            None => Ok(None),
        };
        let change = |key, delta, stays| CountChange { counter, owner, key, delta, stays };
        match (of(old)?, of(new)?) {
            (Some(old), Some(new)) if KeyId::of(owner, &old.key) == KeyId::of(owner, &new.key) => {
                let delta = new.amount - old.amount;
                if !delta.is_zero() {
                    changes.push(change(new.key, delta, true));
                }
            }
            (old, new) => {
                let old = old.filter(|old| !old.amount.is_zero());
                changes.extend(old.map(|old| change(old.key, -old.amount, false)));
                changes.extend(new.map(|new| change(new.key, new.amount, true)));
            }
        }
    }
    Ok(changes)
}

/// What an item counts for; nothing where a field that its owner's key needs is absent.
///
/// # Errors
/// The item cannot be read, or its owner's key is invalid.
pub(crate) fn contribution(
    facts: &'static Facts,
    counter: &CounterFacts,
    item: &Item,
    db: &Client,
) -> Result<Option<Contribution>> {
    let key = (counter.owner_key)(item)
        .map_err(|error| Error::decode(Context::item(facts, db.table_name(facts.table), item), error))?;
    let Some(key) = key else { return Ok(None) };
    let owner = (counter.owner)();
    let mut check = Check::default();
    limits::check_primary_key(owner.table, &key, &mut check);
    if !check.is_passed() {
        let error = Error::validation(Context::model(owner), check.take_violations());
        return Err(error.at(owner, &key, db));
    }
    let amount = match counter.sum {
        None => BigDecimal::from(1),
        Some(attribute) => number(item.get(attribute)),
    };
    Ok(Some(Contribution { key, amount }))
}

/// A stored number; zero where there is none.
pub(crate) fn number(value: Option<&AttributeValue>) -> BigDecimal {
    let digits = value.and_then(|value| value.as_n().ok());
    digits.and_then(|digits| digits.parse().ok()).unwrap_or_default()
}

/// A number as DynamoDB takes it.
pub(crate) fn digits(number: &BigDecimal) -> String {
    if number.is_zero() { "0".to_owned() } else { number.normalized().to_plain_string() }
}
