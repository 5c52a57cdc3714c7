//! Whether every unique value has its guard, and every guard its value.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::AttributeValue;

use crate::client::{Client, Deadline};
use crate::error::Result;
use crate::expression::condition::{Expression, and};
use crate::expression::path::{Path, Step};
use crate::facts::{Facts, UniqueFields};
use crate::future::BoxFuture;
use crate::item::Item;
use crate::operation::keys::key_of;
use crate::operation::read::request::Read;
use crate::operation::read::source::Source;
use crate::operation::unique::guard;
use crate::operation::unique::guard::{
    OWNER, fields, guard_names, guard_text, longest_guard, owner_of, prefix,
};
use crate::operation::unique::guards;
use crate::operation::unique::guards::{free, take};
use crate::operation::write::check::CheckItem;
use crate::operation::write::conditions::Conditions;
use crate::operation::write::demands::Existence;
use crate::operation::write::part::{Role, WritePart};
use crate::operation::write::transact::send_parts;
use crate::operation::write::unchanged::equals;

/// The problems with the guards of a model's unique fields. [`Client::check_unique`] returns it and has an example.
#[derive(Debug)]
#[must_use = "nothing is repaired until `.repair(&db)`"]
pub struct UniqueReport {
    facts: &'static Facts,
    missing: Vec<UniqueFinding>,
    left_over: Vec<UniqueFinding>,
    duplicates: Vec<UniqueFinding>,
    too_long: Vec<UniqueFinding>,
}

/// A unique value with a missing or wrong guard.
#[derive(Clone, Debug)]
pub struct UniqueFinding {
    unique: &'static UniqueFields,
    /// The partition key of the guard.
    guard: String,
    /// The keys of the affected items: those that have the value, or the one that a guard names.
    owners: Vec<Item>,
    /// The values, by their stored names.
    values: Vec<(&'static str, Option<AttributeValue>)>,
}

impl UniqueFinding {
    /// The stored names of the fields that are unique together.
    pub fn attributes(&self) -> &'static [&'static str] {
        self.unique.attributes
    }

    /// The keys of the affected items: those that have the value, or the one that a guard names.
    pub fn keys(&self) -> &[Item] {
        &self.owners
    }
}

impl UniqueReport {
    /// Whether every value has its guard, and every guard its value.
    pub fn is_clean(&self) -> bool {
        [&self.missing, &self.left_over, &self.duplicates, &self.too_long]
            .iter()
            .all(|found| found.is_empty())
    }

    /// Values without a guard, or with another item's. Another item could take them.
    pub fn missing(&self) -> &[UniqueFinding] {
        &self.missing
    }

    /// Guards of values that no item has, and which block these values.
    pub fn left_over(&self) -> &[UniqueFinding] {
        &self.left_over
    }

    /// Values that several items have. They cannot be repaired: change or delete all but one of the items.
    pub fn duplicates(&self) -> &[UniqueFinding] {
        &self.duplicates
    }

    /// Values of another writer that are too long for a guard, so they are not unique. They cannot be repaired: change them.
    pub fn too_long(&self) -> &[UniqueFinding] {
        &self.too_long
    }

    /// Writes missing guards and deletes left-over ones, and returns how many. It leaves alone what has changed since the check.
    ///
    /// # Errors
    /// A request failed, or other transactions interfered again and again ([`is_conflict`](crate::Error::is_conflict)). To
    /// continue, run the check and the repair again.
    pub async fn repair(self, db: &Client) -> Result<usize> {
        repair(self, db).await
    }
}

pub(crate) fn check<'a>(facts: &'static Facts, db: &'a Client) -> BoxFuture<'a, Result<UniqueReport>> {
    Box::pin(async move {
        // Reads the guards first. If a value is taken meanwhile, the items show it, and its guard merely counts as missing.
        let guards = guards(facts, db).await?;
        let mut wanted: BTreeMap<String, UniqueFinding> = BTreeMap::new();
        let mut read = Read::from(Source::scan(facts).among_others().among_alike());
        read.shows_untyped = false;
        read.consistent = true;
        if let Some(prefix) = db.scope_prefix(facts) {
            read.filter = and(read.filter, begins_with(vec![facts.table.partition_key.name], prefix));
        }
        each(read, db, &mut |item| {
            for unique in fields(facts) {
                let Some(guard) = guard_text(facts, unique, item) else { continue };
                let values = unique.attributes.iter().map(|name| (*name, item.get(*name).cloned())).collect();
                let finding = wanted.entry(guard.clone()).or_insert_with(|| UniqueFinding {
                    unique,
                    guard,
                    owners: Vec::new(),
                    values,
                });
                finding.owners.push(key_of(facts, item));
            }
        })
        .await?;
        let mut report = UniqueReport {
            facts,
            missing: Vec::new(),
            left_over: Vec::new(),
            duplicates: Vec::new(),
            too_long: Vec::new(),
        };
        for (text, owner) in &guards {
            if !wanted.contains_key(text) {
                report.left_over.extend(left_over(facts, text, owner));
            }
        }
        for (text, finding) in wanted {
            let owner = guards.get(&text);
            if text.len() > longest_guard(facts) {
                report.too_long.push(finding);
            } else if finding.owners.len() > 1 {
                report.duplicates.push(finding);
            } else if owner != finding.owners.first() {
                report.missing.push(finding);
            }
        }
        Ok(report)
    })
}

/// The guards of a model, each with the key of the item that it names.
async fn guards(facts: &'static Facts, db: &Client) -> Result<BTreeMap<String, Item>> {
    let name = facts.table.partition_key.name;
    let mut read = Read::from(Source::scan(facts));
    read.consistent = true;
    read.filter = Some(begins_with(vec![name], AttributeValue::S(prefix(facts))));
    if let Some(prefix) = db.scope_prefix(facts) {
        read.filter = and(read.filter, begins_with(vec![OWNER, name], prefix));
    }
    let mut guards = BTreeMap::new();
    each(read, db, &mut |item| {
        if let Some(AttributeValue::S(text)) = item.get(name) {
            guards.insert(text.clone(), owner_of(item).cloned().unwrap_or_default());
        }
    })
    .await?;
    Ok(guards)
}

/// The condition on an attribute, or one within it.
fn begins_with(names: Vec<&'static str>, prefix: AttributeValue) -> Expression {
    let mut path = Path::top(names[0]);
    names[1..].iter().for_each(|name| path.push(Step::Field(name)));
    Expression::Function("begins_with", path, Some(Ok(prefix)))
}

/// Visits all items of the table. Filters keep the read within the client's scope.
async fn each(read: Read, db: &Client, visit: &mut (dyn FnMut(&Item) + Send)) -> Result<()> {
    let db = &db.without_scopes();
    let mut start = None;
    loop {
        let page = read.page(db, start, false).await?;
        let end = page.read(usize::MAX, &mut |_, fields| fields.into_item().iter().for_each(&mut *visit))?;
        if end.next.is_none() {
            return Ok(());
        }
        start = end.next;
    }
}

/// A guard without a value. Its key names the fields.
fn left_over(facts: &'static Facts, guard: &str, owner: &Item) -> Option<UniqueFinding> {
    let names = guard_names(facts, guard)?;
    // Fields that are no longer declared unique have no findings.
    let unique = fields(facts).iter().find(|unique| unique.attributes == names).or(fields(facts).first())?;
    Some(UniqueFinding { unique, guard: guard.to_owned(), owners: vec![owner.clone()], values: Vec::new() })
}

fn repair(report: UniqueReport, db: &Client) -> BoxFuture<'_, Result<usize>> {
    Box::pin(async move {
        let facts = report.facts;
        let mut repaired = 0;
        for finding in &report.missing {
            let Some(owner) = finding.owners.first() else { continue };
            let has_value = finding
                .values
                .iter()
                .fold(None, |so_far, (name, value)| and(so_far, equals(Path::top(name), value.as_ref())));
            let check = condition_check(facts, owner, has_value, db)?;
            // Another item's guard may be taken only while that item does not have the value.
            let take = take(facts, finding.unique, &finding.guard, owner, None, db);
            repaired += usize::from(send_all(vec![check, take], db).await?);
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
    db.admit(facts, owner)?;
    let free = free(facts, finding.unique, &finding.guard, owner, db);
    // If the guard names another item by now, it is no longer left over.
    let free = WritePart { role: Role::Beside, ..free };
    // A guard that names no item of this table cannot be in use.
    if key_of(facts, owner).len() != facts.table.key().count() {
        return send_all(vec![free], db).await;
    }
    let current = guards::read_values(facts, owner, db).await?;
    let has_value = current.as_ref().is_some_and(|item| {
        fields(facts).iter().any(|unique| guard_text(facts, unique, item).as_ref() == Some(&finding.guard))
    });
    if has_value {
        return Ok(false);
    }
    let unchanged = guard::as_read(facts, current.as_ref()).expression(facts);
    send_all(vec![condition_check(facts, owner, unchanged, db)?, free], db).await
}

/// Whether the parts were carried out; `false` if the items have changed.
async fn send_all(parts: Vec<WritePart>, db: &Client) -> Result<bool> {
    match send_parts(parts, None, Deadline::of(None, db), db).await {
        Ok(_) => Ok(true),
        Err(error) if error.is_of_conditions() => Ok(false),
        Err(error) => Err(error),
    }
}

fn condition_check(
    facts: &'static Facts,
    key: &Item,
    condition: Option<Expression>,
    db: &Client,
) -> Result<WritePart> {
    let existence = if condition.is_some() { Existence::Any } else { Existence::Required };
    let mut conditions = Conditions::of_any_model(facts, existence);
    conditions.when = condition.map(Box::new);
    CheckItem::new(key.clone(), conditions).into_part(db)
}
