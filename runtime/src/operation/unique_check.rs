//! Whether every unique value has its guard, and every guard its value.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::{AttributeValue, ConditionCheck, TransactWriteItem};

use super::BoxFuture;
use super::read::{Read, Source};
use super::transaction::{WritePart, send_parts};
use super::unique::{
    equals, fields, free, guard_key, guard_names, guard_text, key_of, owner_of, prefix, take,
};
use super::write::Meaning;
use crate::attribute::Path;
use crate::client::Client;
use crate::condition::{Expression, and};
use crate::decode::Item;
use crate::error::{Context, Error, Result};
use crate::managed::{UniqueFields, Written};
use crate::model::{Facts, Model};
use crate::placeholders::Placeholders;

/// What is wrong with the guards of a model's unique fields: see [`Client::check_unique`].
#[derive(Debug)]
#[must_use = "nothing is repaired until `.repair(&db)`"]
pub struct UniqueReport {
    facts: &'static Facts,
    missing: Vec<UniqueFinding>,
    left_over: Vec<UniqueFinding>,
    duplicates: Vec<UniqueFinding>,
}

/// A unique value whose guard is not as it should be.
#[derive(Clone, Debug)]
pub struct UniqueFinding {
    unique: &'static UniqueFields,
    /// The partition key of the guard.
    guard: String,
    /// The keys of the items concerned: those that have the value, or the one that a guard names.
    owners: Vec<Item>,
    /// The values, by their stored names.
    values: Vec<(&'static str, Option<AttributeValue>)>,
    /// The item that a wrong guard names.
    wrong_owner: Option<Item>,
}

impl UniqueFinding {
    /// The stored names of the fields that are unique together.
    pub fn attributes(&self) -> &'static [&'static str] {
        self.unique.attributes
    }

    /// The keys of the items concerned: those that have the value, or the one that a guard names.
    pub fn keys(&self) -> &[Item] {
        &self.owners
    }
}

impl UniqueReport {
    /// Whether every value has its guard, and every guard its value.
    pub fn is_clean(&self) -> bool {
        self.missing.is_empty() && self.left_over.is_empty() && self.duplicates.is_empty()
    }

    /// Values without a guard, or with that of another item: another item could take them.
    pub fn missing(&self) -> &[UniqueFinding] {
        &self.missing
    }

    /// Guards of values that no item has: no item can take them.
    pub fn left_over(&self) -> &[UniqueFinding] {
        &self.left_over
    }

    /// Values that several items have. They cannot be repaired: change or delete all but one of the items.
    pub fn duplicates(&self) -> &[UniqueFinding] {
        &self.duplicates
    }

    /// Writes the guards that are missing and deletes those that are left over, and returns how many. What has changed since
    /// the check is left as it is.
    ///
    /// # Errors
    /// A request failed. Running the check and the repair again goes on.
    pub async fn repair(self, db: &Client) -> Result<usize> {
        repair(self, db).await
    }
}

impl Client {
    /// Reads every item of `M`'s table, and finds unique values without a guard and guards without a value: those that
    /// other writers left, or that were there before the fields became unique. It keeps each value in memory.
    ///
    /// Writes that are under way meanwhile may be reported; a repair leaves them alone.
    ///
    /// # Errors
    /// A request failed.
    pub async fn check_unique<M: Model>(&self) -> Result<UniqueReport> {
        check(M::FACTS, self).await
    }
}

fn check<'a>(facts: &'static Facts, db: &'a Client) -> BoxFuture<'a, Result<UniqueReport>> {
    Box::pin(async move {
        // Guards first: a value that is taken meanwhile is seen with the items, and its guard is then only called missing.
        let guards = guards(facts, db).await?;
        let mut wanted: BTreeMap<String, UniqueFinding> = BTreeMap::new();
        let mut read = Read::from(Source::scan(facts));
        read.consistent = true;
        each(read, db, &mut |item| {
            for unique in fields(facts) {
                let Some(guard) = guard_text(facts, unique, item) else { continue };
                let values = unique.attributes.iter().map(|name| (*name, item.get(*name).cloned())).collect();
                let finding = wanted.entry(guard.clone()).or_insert_with(|| UniqueFinding {
                    unique,
                    guard,
                    owners: Vec::new(),
                    values,
                    wrong_owner: None,
                });
                finding.owners.push(key_of(facts, item));
            }
        })
        .await?;
        let mut report =
            UniqueReport { facts, missing: Vec::new(), left_over: Vec::new(), duplicates: Vec::new() };
        for (text, owner) in &guards {
            if !wanted.contains_key(text) {
                report.left_over.extend(left_over(facts, text, owner));
            }
        }
        for (text, mut finding) in wanted {
            let owner = guards.get(&text);
            if finding.owners.len() > 1 {
                report.duplicates.push(finding);
            } else if owner != finding.owners.first() {
                finding.wrong_owner = owner.cloned();
                report.missing.push(finding);
            }
        }
        Ok(report)
    })
}

/// The guards of a model, each with the key of the item that it names.
async fn guards(facts: &'static Facts, db: &Client) -> Result<BTreeMap<String, Item>> {
    let name = facts.table.partition_key.name;
    let path = Path { root: name, steps: Vec::new() };
    let prefix = AttributeValue::S(prefix(facts));
    let mut read = Read::from(Source::scan(facts));
    read.consistent = true;
    read.filter = Some(Expression::Function("begins_with", path, Some(Ok(prefix))));
    let mut guards = BTreeMap::new();
    each(read, db, &mut |item| {
        if let Some(AttributeValue::S(text)) = item.get(name) {
            guards.insert(text.clone(), owner_of(item).cloned().unwrap_or_default());
        }
    })
    .await?;
    Ok(guards)
}

async fn each(read: Read, db: &Client, visit: &mut (dyn FnMut(&Item) + Send)) -> Result<()> {
    let mut start = None;
    loop {
        let page = read.page(db, start, false).await?;
        page.items.iter().for_each(&mut *visit);
        if page.next.is_none() {
            return Ok(());
        }
        start = page.next;
    }
}

/// A guard without a value. Its key says which fields it is of.
fn left_over(facts: &'static Facts, guard: &str, owner: &Item) -> Option<UniqueFinding> {
    let names = guard_names(facts, guard)?;
    // Fields that are not declared as unique any more have no finding of their own.
    let unique = fields(facts).iter().find(|unique| unique.attributes == names).or(fields(facts).first())?;
    Some(UniqueFinding {
        unique,
        guard: guard.to_owned(),
        owners: vec![owner.clone()],
        values: Vec::new(),
        wrong_owner: None,
    })
}

fn repair(report: UniqueReport, db: &Client) -> BoxFuture<'_, Result<usize>> {
    Box::pin(async move {
        let facts = report.facts;
        let mut repaired = 0;
        for finding in &report.missing {
            let Some(owner) = finding.owners.first() else { continue };
            let key = guard_key(facts, &finding.guard);
            let has_value = finding
                .values
                .iter()
                .fold(None, |so_far, (name, value)| and(so_far, equals(name, value.as_ref())));
            // The guard of another item is freed first, and only while that item does not have the value.
            if let Some(wrong) = &finding.wrong_owner {
                repaired += usize::from(free_left_over(facts, finding, wrong, db).await?);
            }
            let check = condition_check(facts, owner, has_value, db)?;
            let taken = send_all(vec![check, take(facts, finding.unique, key, owner, db)?], db).await?;
            repaired += usize::from(taken && finding.wrong_owner.is_none());
        }
        for finding in &report.left_over {
            let Some(owner) = finding.owners.first() else { continue };
            repaired += usize::from(free_left_over(facts, finding, owner, db).await?);
        }
        Ok(repaired)
    })
}

/// Deletes a guard, if the item that it names still does not have its value.
async fn free_left_over(
    facts: &'static Facts,
    finding: &UniqueFinding,
    owner: &Item,
    db: &Client,
) -> Result<bool> {
    let key = guard_key(facts, &finding.guard);
    let free = free(facts, finding.unique, key, owner, db)?;
    // A guard that names no item of this table cannot be in use.
    if key_of(facts, owner).len() != facts.table.key().count() {
        return send_all(vec![free], db).await;
    }
    let current = super::unique::read_values(facts, owner, db).await?;
    let has_value = current.as_ref().is_some_and(|item| {
        fields(facts).iter().any(|unique| guard_text(facts, unique, item).as_ref() == Some(&finding.guard))
    });
    if has_value {
        return Ok(false);
    }
    let unchanged = super::unique::Unchanged::new(facts, current.as_ref()).expression(facts);
    send_all(vec![condition_check(facts, owner, unchanged, db)?, free], db).await
}

/// Whether the parts were carried out; `false` if what they are about has changed.
async fn send_all(parts: Vec<WritePart>, db: &Client) -> Result<bool> {
    match send_parts(parts, None, None, db).await {
        Ok(_) => Ok(true),
        Err(error) if error.cancellations().any(|(_, cause)| !cause.is_throttled()) => Ok(false),
        Err(error) => Err(error),
    }
}

fn condition_check(
    facts: &'static Facts,
    key: &Item,
    condition: Option<Expression>,
    db: &Client,
) -> Result<WritePart> {
    let mut placeholders = Placeholders::default();
    let condition = condition.unwrap_or_else(|| Expression::existence(facts.table.partition_key.name, true));
    let text = placeholders.expression(condition);
    let finished = placeholders.finish();
    if !finished.violations.is_empty() {
        return Err(Error::validation(Context::model(facts), finished.violations));
    }
    let check = ConditionCheck::builder()
        .table_name(db.table_name(facts.table))
        .set_key(Some(key.clone()))
        .condition_expression(text)
        .set_expression_attribute_names(finished.names)
        .set_expression_attribute_values(finished.values)
        .build()
        .map_err(|error| Error::construction(error.into()))?;
    Ok(WritePart {
        facts,
        key: key.clone(),
        part: TransactWriteItem::builder().condition_check(check).build(),
        size: crate::limits::item_size(key),
        meaning: Meaning::plain(facts),
        written: Written::default(),
        position: 0,
        owner: None,
    })
}
