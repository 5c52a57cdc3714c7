//! A projection: a summary per customer, which follows the shop's orders through the table's stream.

use dynamorm::changes::{BothImages, Changes, Ledger, LedgerEntry};
use dynamorm::{Client, Decimal, Operations, Timestamp, Uuid};

use crate::shop::{Order, ShopChange};

dynamorm::include_models!("projection");

/// What the consumer is called where it keeps its position.
const CONSUMER: &str = "summaries";

impl LedgerEntry for HandledRecord {
    fn of_event(event_id: &str) -> Self {
        // The stream forgets a record after a day, and the ledger later.
        let expires_at = Timestamp::from_second(dynamorm::now().as_second() + 2 * 86_400);
        HandledRecord { event_id: event_id.to_owned(), expires_at: expires_at.unwrap_or(Timestamp::MAX) }
    }
}

/// Brings the summaries up to date with one change, once: the handler of every source.
///
/// # Errors
/// A request failed.
pub async fn project(db: &Client, change: &ShopChange) -> dynamorm::Result<()> {
    let ShopChange::Order(change) = change else { return Ok(()) };
    let (old, new) = match &change.event {
        BothImages::Inserted { new } => (None, Some(new)),
        BothImages::Modified { old, new } => (Some(old), Some(new)),
        BothImages::Removed { old, .. } => (Some(old), None),
    };
    let mut transaction = dynamorm::transaction();
    for (customer, orders, total) in effects(old, new)? {
        let first = CustomerSummary { customer_id: customer, orders: 0, total: Decimal::from(0) };
        let upsert = first.upsert().add(CustomerSummary::ORDERS, orders).add(CustomerSummary::TOTAL, total);
        transaction = transaction.upsert(upsert);
    }
    Ledger::<HandledRecord>::new(db).transact(&change.record, transaction).await?;
    Ok(())
}

/// What a change of an order adds to which customer's summary.
fn effects(old: Option<&Order>, new: Option<&Order>) -> dynamorm::Result<Vec<(Uuid, i64, Decimal)>> {
    let mut effects: Vec<(Uuid, i64, Decimal)> = Vec::new();
    let nothing = Decimal::from(0);
    for (order, sign) in [(old, -1), (new, 1)] {
        let Some(order) = order else { continue };
        let total = if sign < 0 { nothing.checked_sub(&order.total) } else { Ok(order.total.clone()) };
        let total = total.map_err(dynamorm::Error::refused)?;
        match effects.iter_mut().find(|(customer, ..)| *customer == order.customer_id) {
            Some((_, orders, sum)) => {
                *orders += sign;
                *sum = sum.checked_add(&total).map_err(dynamorm::Error::refused)?;
            }
            None => effects.push((order.customer_id, sign, total)),
        }
    }
    Ok(effects)
}

/// The shop's changes from where the consumer has kept to be.
///
/// # Errors
/// The position cannot be read.
pub async fn resumed(db: &Client) -> Result<Changes<ShopChange>, Box<dyn std::error::Error + Send + Sync>> {
    let changes = db.changes::<ShopChange>();
    Ok(match ReadPosition::get(CONSUMER).consistent().send(db).await? {
        Some(position) => changes.resume(position.checkpoint.parse()?),
        None => changes,
    })
}

/// Keeps how far the changes have been read.
///
/// # Errors
/// The request failed.
pub async fn keep(db: &Client, changes: &Changes<ShopChange>) -> dynamorm::Result<()> {
    let Some(checkpoint) = changes.checkpoint() else { return Ok(()) };
    let checkpoint = checkpoint.to_string();
    ReadPosition { consumer: CONSUMER.to_owned(), checkpoint, expires_at: None }.put().send(db).await
}

/// Every summary, ordered by customer.
///
/// # Errors
/// The request failed.
pub async fn summaries(db: &Client) -> dynamorm::Result<Vec<CustomerSummary>> {
    let mut summaries = CustomerSummary::scan().items(db).all().await?;
    summaries.sort_by_key(|summary| summary.customer_id);
    Ok(summaries)
}

/// What the summaries should be, from the orders themselves.
///
/// # Errors
/// The request failed.
pub async fn expected(db: &Client) -> dynamorm::Result<Vec<CustomerSummary>> {
    let mut expected: std::collections::BTreeMap<Uuid, CustomerSummary> = std::collections::BTreeMap::new();
    for order in Order::scan().items(db).all().await? {
        let customer_id = order.customer_id;
        let none = CustomerSummary { customer_id, orders: 0, total: Decimal::from(0) };
        let summary = expected.entry(customer_id).or_insert(none);
        summary.orders += 1;
        summary.total = summary.total.checked_add(&order.total).map_err(dynamorm::Error::refused)?;
    }
    Ok(expected.into_values().collect())
}
