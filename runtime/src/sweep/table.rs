//! A sweep's checkpoint in a table of DynamoDB's.

use std::collections::HashMap;
use std::pin::pin;
use std::time::Duration;

use aws_sdk_dynamodb::types::{AttributeValue, ReturnValuesOnConditionCheckFailure};
use jiff::Timestamp;

use crate::client::{Call, Client, Deadline};
use crate::error::{Context, Error, Result};
use crate::item::Item;
use crate::sweep::error::SweepError;
use crate::sweep::store::{Lease, StoreFuture, SweepStore};
use crate::table::{KeyAttribute, Scalar, Table};
use crate::validation::Violation;

/// A table that keeps checkpoints of sweeps, to be created like any other.
///
/// ```
/// # async fn example(db: dynamorm::Client) -> dynamorm::Result<()> {
/// use dynamorm::table::Table;
///
/// static SWEEPS: Table = dynamorm::sweep::checkpoint_table("sweeps");
///
/// db.create_tables(&[&SWEEPS]).await?;
/// # Ok(()) }
/// ```
pub const fn checkpoint_table(name: &'static str) -> Table {
    Table::new(name, KeyAttribute { name: "sweep", scalar: Scalar::Text })
}

/// Keeps checkpoints in a table, an item for each sweep, for programs on any machines.
///
/// The lease runs out unless it is prolonged, which a sweep does long before: by the clocks of the machines, so these
/// should agree to a few seconds. Two runs at once do no harm, only double work. The table may be any with a partition key
/// of text, but the swept one: whose scans would meet what they cannot read.
#[derive(Clone, Copy, Debug)]
pub struct SweepTable {
    table: &'static Table,
}

const HOLDER: &str = "holder";
const UNTIL: &str = "lease_until";
const STATE: &str = "state";

impl SweepTable {
    /// In this table, such as a [`checkpoint_table`].
    pub fn new(table: &'static Table) -> Self {
        SweepTable { table }
    }

    fn key(&self, sweep: &str) -> Result<Item> {
        let keys = self.table.key();
        keys.map(|key| match key.scalar {
            Scalar::Text => Ok((key.name.to_owned(), AttributeValue::S(format!("sweep:{sweep}")))),
            Scalar::Number | Scalar::Bytes => {
                let message = "checkpoints of sweeps need a table whose key is text";
                let context = Context { table: Some(self.table.name.to_owned()), ..Context::default() };
                Err(Error::validation(context, vec![Violation::new(key.name, message)]))
            }
        })
        .collect()
    }

    async fn item(&self, sweep: &str, db: &Client) -> Result<Option<Item>> {
        let mut call = self.call("GetItem", db);
        let request = db.sdk().get_item().table_name(db.table_name(self.table)).consistent_read(true);
        let request = request.set_key(Some(self.key(sweep)?));
        let output = call.run(pin!(request.send())).await?;
        Ok(output.item)
    }

    /// Updates the sweep's item under a condition on its holder.
    async fn update(&self, lease: Lease<'_>, update: Update<'_>) -> Result<()> {
        let mut call = self.call("UpdateItem", lease.db);
        let names = update.names.iter().map(|name| (format!("#{name}"), (*name).to_owned()));
        let request = lease
            .db
            .sdk()
            .update_item()
            .table_name(lease.db.table_name(self.table))
            .set_key(Some(self.key(lease.sweep)?))
            .update_expression(update.expression)
            .condition_expression(update.condition)
            .set_expression_attribute_names(Some(names.collect::<HashMap<_, _>>()))
            .set_expression_attribute_values(Some(update.values))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::None);
        call.run(pin!(request.send())).await?;
        Ok(())
    }

    fn call<'a>(&self, operation: &'static str, db: &'a Client) -> Call<'a> {
        let context = Context { table: Some(db.table_name(self.table)), ..Context::default() };
        Call::new(db, operation, context, Deadline::of(None, db))
    }
}

/// An update of the sweep's item.
struct Update<'a> {
    expression: &'a str,
    condition: &'a str,
    /// The attributes that both name.
    names: &'a [&'a str],
    values: Item,
}

fn milliseconds(moment: Timestamp) -> AttributeValue {
    AttributeValue::N(moment.as_millisecond().to_string())
}

fn end(lease: Lease<'_>) -> AttributeValue {
    let duration = i64::try_from(lease.duration.min(LONGEST).as_millis()).unwrap_or(i64::MAX);
    AttributeValue::N(lease.db.now().as_millisecond().saturating_add(duration).to_string())
}

const LONGEST: Duration = Duration::from_secs(30 * 24 * 3600);

fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

fn value(name: &str, value: AttributeValue) -> (String, AttributeValue) {
    (name.to_owned(), value)
}

fn text_of(item: &Item, name: &str) -> Option<String> {
    item.get(name)?.as_s().ok().cloned()
}

impl SweepStore for SweepTable {
    fn acquire<'a>(&'a self, lease: Lease<'a>) -> StoreFuture<'a, Option<String>> {
        Box::pin(async move {
            let update = Update {
                expression: "SET #holder = :holder, #lease_until = :end",
                condition: "attribute_not_exists(#holder) OR #lease_until < :now OR #holder = :holder",
                names: &[HOLDER, UNTIL],
                values: Item::from([
                    value(":holder", text(lease.holder)),
                    value(":end", end(lease)),
                    value(":now", milliseconds(lease.db.now())),
                ]),
            };
            match self.update(lease, update).await {
                Ok(()) => {
                    let item = self.item(lease.sweep, lease.db).await?;
                    Ok(item.and_then(|item| text_of(&item, STATE)))
                }
                Err(error) if error.is_condition_failed() => {
                    let item = self.item(lease.sweep, lease.db).await?.unwrap_or_default();
                    let until = item.get(UNTIL).and_then(|value| value.as_n().ok()?.parse().ok());
                    Err(SweepError::Held {
                        holder: text_of(&item, HOLDER).unwrap_or_default(),
                        until: until.and_then(|until| Timestamp::from_millisecond(until).ok()),
                    })
                }
                Err(error) => Err(error.into()),
            }
        })
    }

    fn save<'a>(&'a self, lease: Lease<'a>, state: &'a str) -> StoreFuture<'a, ()> {
        Box::pin(async move {
            let update = Update {
                expression: "SET #lease_until = :end, #state = :state",
                condition: "#holder = :holder",
                names: &[HOLDER, UNTIL, STATE],
                values: Item::from([
                    value(":holder", text(lease.holder)),
                    value(":end", end(lease)),
                    value(":state", text(state)),
                ]),
            };
            self.update(lease, update).await.map_err(lost)
        })
    }

    fn release<'a>(&'a self, lease: Lease<'a>) -> StoreFuture<'a, ()> {
        Box::pin(async move {
            let update = Update {
                expression: "REMOVE #holder, #lease_until",
                condition: "#holder = :holder",
                names: &[HOLDER, UNTIL],
                values: Item::from([value(":holder", text(lease.holder))]),
            };
            match self.update(lease, update).await {
                // It was given back by an attempt whose answer was lost, or has run out.
                Err(error) if error.is_condition_failed() => Ok(()),
                outcome => outcome.map_err(SweepError::from),
            }
        })
    }

    fn load<'a>(&'a self, sweep: &'a str, db: &'a Client) -> StoreFuture<'a, Option<String>> {
        Box::pin(async move {
            let item = self.item(sweep, db).await?;
            Ok(item.and_then(|item| text_of(&item, STATE)))
        })
    }

    fn is_in_table(&self, table: &str, db: &Client) -> bool {
        db.table_name(self.table) == table
    }
}

fn lost(error: Error) -> SweepError {
    if error.is_condition_failed() { SweepError::LeaseLost } else { error.into() }
}
