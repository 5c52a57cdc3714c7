//! Counting anew what a counter counts, and correcting it.

use aws_sdk_dynamodb::types::AttributeValue;
use bigdecimal::BigDecimal;

use crate::client::{Client, Deadline};
use crate::error::{Context, Error, Reason, Result};
use crate::expression::action::{Action, expression};
use crate::expression::path::Path;
use crate::expression::placeholders::Placeholders;
use crate::facts::{CounterFacts, Facts};
use crate::future::BoxFuture;
use crate::item::Item;
use crate::limits;
use crate::operation::count::change::{contribution, digits, number};
use crate::operation::keys::{KeyId, key_of};
use crate::operation::read::get::GetItem;
use crate::operation::read::request::Read;
use crate::operation::unique::guard;
use crate::operation::write::conditions::Conditions;
use crate::operation::write::demands::Existence;
use crate::operation::write::part::{PartWrite, WritePart};
use crate::operation::write::transact::send_parts;
use crate::operation::write::unchanged::Unchanged;

/// A count that is to be compared with what it counts.
pub(crate) struct Recounting {
    /// The model whose items count, and the key of one.
    pub owner: &'static Facts,
    pub key: Item,
    pub counter: &'static CounterFacts,
    /// The model whose items are counted, and what reads them.
    pub counted: &'static Facts,
    pub read: Read,
}

/// Counts, corrects the stored count where it differs, and says what it was and what it is, as DynamoDB holds numbers.
///
/// What comes and goes while it counts may be missed, or counted twice, by one pass. So a count is corrected where two passes
/// agree, and if nothing has changed it since.
pub(crate) fn recount(
    counted: Recounting,
    deadline: Deadline,
    db: &Client,
) -> BoxFuture<'_, Result<[AttributeValue; 2]>> {
    Box::pin(async move {
        let Recounting { owner, key, counter, .. } = &counted;
        db.admit(owner, key)?;
        let failed = |kind| Error::new(kind, Context::item(owner, db.table_name(owner.table), key));
        let (mut first, mut known) = (None, None);
        for _ in 0..guard::ATTEMPTS {
            let wanted = owner.table.key().map(|key| key.name).chain([counter.attribute]).collect();
            let read = GetItem::consistent(owner, key.clone(), wanted);
            let Some(item) = read.item(deadline, db).await? else { return Err(failed(Reason::NotFound)) };
            let stored = number(item.get(counter.attribute));
            let first = first.get_or_insert_with(|| stored.clone());
            let now = count(&counted, db).await?;
            let is_known = known.as_ref() == Some(&(stored.clone(), now.clone()));
            if now != stored && is_known {
                match send_parts(vec![correction(&counted, &item, &now, db)?], None, deadline, db).await {
                    Ok(_) => {}
                    // It is counted again.
                    Err(error) if error.is_stale() => {
                        known = None;
                        continue;
                    }
                    Err(error) => return Err(error.of_single_write(owner, key, db)),
                }
            }
            if now == stored || is_known {
                return Ok([&*first, &now].map(|number| AttributeValue::N(digits(number))));
            }
            known = Some((stored, now));
        }
        Err(failed(Reason::Stale))
    })
}

/// What the items add up to that are there.
async fn count(counted: &Recounting, db: &Client) -> Result<BigDecimal> {
    let Recounting { owner, key, counter, counted: facts, read } = counted;
    let (mut sum, mut refused, mut start) = (BigDecimal::default(), None, None);
    loop {
        let page = read.page(db, start, false).await?;
        let end = page.read(usize::MAX, &mut |_, fields| {
            let Some(item) = fields.into_item() else { return };
            match contribution(facts, counter, &item, db) {
                Ok(Some(found)) if KeyId::of(owner, &found.key) == KeyId::of(owner, key) => {
                    sum += found.amount
                }
                Ok(_) => {}
                Err(error) => refused = refused.take().or(Some(error)),
            }
        })?;
        if let Some(error) = refused {
            return Err(error);
        }
        if end.next.is_none() {
            return Ok(sum);
        }
        start = end.next;
    }
}

/// The write of a count, if it still is the one that was read. It is no write of its item otherwise: neither its version nor
/// anything else that the runtime writes changes.
fn correction(counted: &Recounting, item: &Item, now: &BigDecimal, db: &Client) -> Result<WritePart> {
    let Recounting { owner, counter, .. } = counted;
    let path = Path::top(counter.attribute);
    let mut conditions = Conditions::new(owner, Existence::Required);
    conditions.expect_unchanged(Unchanged::new(Some(item), std::iter::once(path.clone())));
    let mut placeholders = Placeholders::default();
    let action = Action::Set(AttributeValue::N(digits(now)));
    let expression = expression(vec![(path, action)], owner, &mut placeholders);
    let (demands, meaning) = conditions.prepare_part_after(placeholders)?;
    let key = key_of(owner, item);
    let size = limits::item_size(&key);
    Ok(WritePart::new(owner, PartWrite::Update(key, expression), size, meaning, db).with_demands(demands))
}
