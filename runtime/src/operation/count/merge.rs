//! One operation for each item that counts, which is all that DynamoDB allows: the changes of its counts are joined, also with
//! what the caller does to the item itself.

use aws_sdk_dynamodb::types::{AttributeValue, ReturnValuesOnConditionCheckFailure};
use bigdecimal::{BigDecimal, Signed};

use crate::client::Client;
use crate::error::{Context, Error, Reason, Result};
use crate::expression::action::with_additions;
use crate::expression::condition::Expression;
use crate::expression::path::Path;
use crate::expression::placeholders::Placeholders;
use crate::facts::{CounterFacts, Facts};
use crate::item::Item;
use crate::limits;
use crate::operation::count::change::{CountChange, changes, digits, number};
use crate::operation::count::counters::write_back;
use crate::operation::keys::key_text;
use crate::operation::write::addition::{AdditionBound, addition_bound};
use crate::operation::write::check::CheckItem;
use crate::operation::write::conditions::Conditions;
use crate::operation::write::demands::Existence;
use crate::operation::write::part::{PartWrite, Role, WritePart};
use crate::operation::write::unchanged::Unchanged;

/// The writes of counts that go with a write by which `old` becomes `new`.
///
/// # Errors
/// An item cannot be read, or the key of what counts it is invalid.
pub(crate) fn parts(
    facts: &'static Facts,
    old: Option<&Item>,
    new: Option<&Item>,
    db: &Client,
) -> Result<Vec<WritePart>> {
    changes(facts, old, new, db)?.into_iter().map(|change| part(vec![change], 0, db)).collect()
}

/// Joins the changes of one item's counts with each other, and with the caller's own operation on that item.
///
/// # Errors
/// A put of an item together with what it counts would exceed a `max`.
pub(crate) fn merge(parts: Vec<WritePart>, db: &Client) -> Result<Vec<WritePart>> {
    if !parts.iter().any(|part| matches!(part.role, Role::Count(_))) {
        return Ok(parts);
    }
    let mut merged = Vec::with_capacity(parts.len());
    let mut counts: Vec<(Vec<CountChange>, usize)> = Vec::new();
    for part in parts {
        let Role::Count(changes) = part.role else {
            merged.push(part);
            continue;
        };
        let id = changes.first().map(CountChange::owner_id);
        match counts.iter_mut().find(|(known, _)| known.first().map(CountChange::owner_id) == id) {
            Some((known, _)) => known.extend(changes),
            None => counts.push((changes, part.position)),
        }
    }
    for (changes, position) in counts {
        let Some(first) = changes.first() else { continue };
        let (table, key) = (db.table_name(first.owner.table), key_text(first.owner, &first.key));
        let is_own = |part: &&mut WritePart| {
            part.is_operation() && part.table() == table && key_text(part.facts, part.key()) == key
        };
        let is_joined = match merged.iter_mut().find(is_own) {
            Some(own) => join(own, &changes, db)?,
            None => false,
        };
        if !is_joined {
            merged.push(part(changes, position, db)?);
        }
    }
    Ok(merged)
}

/// The part that is sent in place of one whose item was not there, if nothing is left that it would count: it demands that the
/// item is still not there.
///
/// # Errors
/// None that a caller could cause.
pub(crate) fn without_owner(
    part: &WritePart,
    changes: &[CountChange],
    db: &Client,
) -> Result<Option<WritePart>> {
    if changes.iter().any(|change| change.stays) {
        return Ok(None);
    }
    let Some(CountChange { owner, key, .. }) = changes.first() else { return Ok(None) };
    let mut conditions = Conditions::of_any_model(owner, Existence::Any);
    conditions.expect_unchanged(Unchanged::new(None, std::iter::empty()));
    let check = CheckItem::new(key.clone(), conditions).into_part(db)?;
    Ok(Some(WritePart { position: part.position, role: part.role.clone(), ..check }))
}

/// One write of all these counts of one item.
fn part(changes: Vec<CountChange>, position: usize, db: &Client) -> Result<WritePart> {
    let (owner, key) = match changes.first() {
        Some(change) => (change.owner, change.key.clone()),
        None => return Err(Error::construction("no count changes".into())),
    };
    let (demands, meaning) = Conditions::new(owner, Existence::Any).prepare_part()?;
    let size = limits::item_size(&key);
    let part = WritePart::new(owner, PartWrite::Update(key, None), size, meaning, db).with_demands(demands);
    let mut part = WritePart { position, ..part };
    add(&mut part, &changes, true);
    Ok(WritePart { role: Role::Count(changes), ..part })
}

/// Lets the caller's own operation on an item change its counts, too. Not a deletion, unless nothing that it counts is left.
fn join(own: &mut WritePart, changes: &[CountChange], db: &Client) -> Result<bool> {
    match &mut own.write {
        // It demands that the item is there, or makes it.
        PartWrite::Update(..) => add(own, changes, false),
        PartWrite::Check(key) => {
            own.write = PartWrite::Update(key.clone(), None);
            add(own, changes, true);
        }
        PartWrite::Put(item) => {
            let item = item.as_map();
            for Sum { counter, delta } in sums(changes) {
                let sum = number(item.get(counter.attribute)) + &delta;
                if exceeds(counter, &sum, &delta) {
                    let kind = refusal(counter, &delta);
                    let context = Context::item(own.facts, db.table_name(own.facts.table), &*item);
                    return Err(Error::new(kind, context));
                }
                item.insert(counter.attribute.to_owned(), AttributeValue::N(digits(&sum)));
            }
            write_back(own.facts, item, &mut own.written);
        }
        PartWrite::Delete(_) => return Ok(!changes.iter().any(|change| change.stays)),
    }
    Ok(true)
}

/// Adds to an update what these changes add up to, and the demands that each count stays in bounds, and maybe that its item is
/// there.
fn add(part: &mut WritePart, changes: &[CountChange], is_demanded: bool) {
    let PartWrite::Update(_, expression) = &mut part.write else { return };
    let demands = part.demands.get_or_insert_default();
    let mut placeholders = Placeholders::continued(demands.names.take(), demands.values.take());
    let mut additions = Vec::new();
    let mut demanded = Vec::new();
    if is_demanded {
        demanded.push(Expression::existence(part.facts.table.partition_key.name, true));
        part.meaning.rare.get_or_insert_default().counts = true;
    }
    for Sum { counter, delta } in sums(changes) {
        let delta_digits = digits(&delta);
        let mut addition = String::new();
        placeholders.name(counter.attribute, &mut addition);
        addition.push(' ');
        placeholders.value(AttributeValue::N(delta_digits.clone()), &mut addition);
        part.size += counter.attribute.len() + delta_digits.len();
        additions.push(addition);
        let path = Path::top(counter.attribute);
        if let Some(bound) = addition_bound(&path, bounds(counter, &delta), &delta_digits, Some("0")) {
            let bound = AdditionBound { is_maximum: is_limited(counter, &delta), ..bound };
            demanded.push(bound.expression());
            part.meaning.rare.get_or_insert_default().guards.push(bound);
        }
    }
    *expression = Some(with_additions(expression.take(), &additions));
    if let Some(more) = Expression::all(demanded).map(|more| placeholders.expression(more)) {
        demands.condition = Some(match demands.condition.take() {
            Some(known) => format!("({known}) AND ({more})"),
            None => more,
        });
        demands.return_on_failure = Some(ReturnValuesOnConditionCheckFailure::AllOld);
    }
    (demands.names, demands.values) = (placeholders.names, placeholders.values);
}

/// What the changes of one count add up to.
struct Sum {
    counter: &'static CounterFacts,
    delta: BigDecimal,
}

fn sums(changes: &[CountChange]) -> Vec<Sum> {
    let mut sums: Vec<Sum> = Vec::new();
    for change in changes {
        match sums.iter_mut().find(|sum| sum.counter.attribute == change.counter.attribute) {
            Some(sum) => sum.delta += &change.delta,
            None => sums.push(Sum { counter: change.counter, delta: change.delta.clone() }),
        }
    }
    sums
}

/// Whether a declared `max` stands in the way of a change. What makes a count less passes it.
fn is_limited(counter: &CounterFacts, delta: &BigDecimal) -> bool {
    counter.max.is_some() && delta.is_positive()
}

fn bounds(counter: &CounterFacts, delta: &BigDecimal) -> (Option<&'static str>, Option<&'static str>) {
    let (least, greatest) = counter.bounds.unzip();
    (least, if is_limited(counter, delta) { counter.max } else { greatest })
}

fn exceeds(counter: &CounterFacts, sum: &BigDecimal, delta: &BigDecimal) -> bool {
    let parsed = |bound: Option<&str>| bound.and_then(|bound| bound.parse::<BigDecimal>().ok());
    let (least, greatest) = bounds(counter, delta);
    parsed(least).is_some_and(|least| *sum < least) || parsed(greatest).is_some_and(|most| *sum > most)
}

fn refusal(counter: &CounterFacts, delta: &BigDecimal) -> Reason {
    let attribute = counter.attribute.to_owned();
    if is_limited(counter, delta) { Reason::Full(attribute) } else { Reason::OutOfRange(attribute) }
}
