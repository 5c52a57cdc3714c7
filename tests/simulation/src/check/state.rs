//! What is stored, after every request.

use std::collections::BTreeMap;

use dynamorm::Model;
use serde_json::Value;

use super::Violation;
use crate::history::{Change, History, OperationId};
use crate::item::{self, ItemKey};
use crate::models::{Account, Bag, Deed, Doc, Member, Note, Parcel, Stamp, Stock, Ticket};
use crate::operation::Outcome;

/// What every write may change of an item, whoever asked for it: what the library keeps, and the index keys.
const KEPT: [&str; 5] = ["version", "changed_at", "write_id", "gsi1pk", "gsi1sk"];
/// The bounds that the declarations give to the counter.
const BOUNDS: std::ops::RangeInclusive<i64> = 0..=12;

pub fn check(history: &History, violations: &mut Vec<Violation>) {
    let mut items = BTreeMap::new();
    for (order, applied) in history.all_applications() {
        let operation = history.requests[applied.request];
        for change in &applied.changes {
            let mut found = |rule, what: String| {
                let what = format!("at {order}, by operation {operation:?}: {what}");
                violations.push(Violation { rule, what });
            };
            if !applied.is_replay {
                check_change(history, operation, change, &mut found);
            }
            match &change.after {
                Some(item) => items.insert(change.key.clone(), item.clone()),
                None => items.remove(&change.key),
            };
        }
        if let Some(what) = duplicate(&items) {
            let what = format!("at {order}, by operation {operation:?}: {what}");
            violations.push(Violation { rule: "no two items have a unique value", what });
        }
    }
    check_sums(history, &items, violations);
}

fn check_change(
    history: &History,
    operation: Option<OperationId>,
    change: &Change,
    found: &mut dyn FnMut(&'static str, String),
) {
    let Some(after) = &change.after else { return };
    if is_guard(after) {
        return;
    }
    if let Some((rule, what)) = stored_otherwise(after) {
        found(rule, what);
    }
    let version = |item: &Value| number(&item["version"]);
    if let Some(now) = version(after) {
        let then = change.before.as_ref().and_then(version).unwrap_or(0);
        if now != then + 1 {
            found("a version goes up by one", format!("from {then} to {now} in {}", change.key.1));
        }
    }
    if let Some(level) = number(&after["level"])
        && !BOUNDS.contains(&level)
    {
        found("a counter keeps its bounds", format!("{level} in {}", change.key.1));
    }
    if let (Some(before), true, Some(operation)) = (&change.before, change.is_update, operation) {
        let allowed = history.operations[operation].operation.changes;
        let others: Vec<_> = changed(before, after)
            .into_iter()
            .filter(|name| !allowed.contains(name) && !KEPT.contains(name))
            .collect();
        if !others.is_empty() {
            found("an update changes what the caller changed", format!("{others:?}: {before} -> {after}"));
        }
    }
}

/// The rule that an item breaks which is not what a put of its value would store.
pub fn stored_otherwise(item: &Value) -> Option<(&'static str, String)> {
    if is_guard(item) {
        return None;
    }
    match as_if_put(item) {
        Ok(put) if put == *item => None,
        Ok(put) => Some(("what is stored is what a put stores", format!("{item} instead of {put}"))),
        Err(error) => Some(("what is stored can be read", format!("{item}: {error}"))),
    }
}

fn is_guard(item: &Value) -> bool {
    item.get("$owner").is_some()
}

fn number(value: &Value) -> Option<i64> {
    value["N"].as_str()?.parse().ok()
}

/// The attributes in which two items differ.
pub fn changed<'a>(before: &'a Value, after: &'a Value) -> Vec<&'a str> {
    let names = |item: &'a Value| item.as_object().into_iter().flat_map(|item| item.keys());
    let mut names: Vec<_> = names(before).chain(names(after)).map(String::as_str).collect();
    names.sort_unstable();
    names.dedup();
    names.retain(|name| before.get(name) != after.get(name));
    names
}

/// The item that a put of the stored value would write.
fn as_if_put(item: &Value) -> dynamorm::Result<Value> {
    fn again<M: Model>(item: &Value) -> dynamorm::Result<Value> {
        let value: M = dynamorm::generated::from_item(item::from_json(item))?;
        Ok(item::to_json(&dynamorm::generated::to_item(&value)?))
    }
    let key = item["pk"]["S"].as_str().unwrap_or("NOTE");
    // A key of a tenant begins with it.
    let model = if key.contains("TICKET#") { "TICKET" } else { key.split('#').next().unwrap_or_default() };
    match model {
        "NOTE" => again::<Note>(item),
        "DOC" => again::<Doc>(item),
        "STAMP" => again::<Stamp>(item),
        "DEED" => again::<Deed>(item),
        "PARCEL" => again::<Parcel>(item),
        "BAG" => again::<Bag>(item),
        "MEMBER" => again::<Member>(item),
        "ACCOUNT" => again::<Account>(item),
        "STOCK" => again::<Stock>(item),
        "TICKET" => again::<Ticket>(item),
        other => panic!("there is no model {other}"),
    }
}

/// A unique value that two items have.
fn duplicate(items: &BTreeMap<ItemKey, Value>) -> Option<String> {
    let mut taken = BTreeMap::new();
    for (key, item) in items.iter().filter(|(_, item)| !is_guard(item)) {
        let text = |name: &str| item[name]["S"].as_str();
        let values = [
            text("email").map(|email| format!("email {email}")),
            text("login").map(|login| format!("login {login}")),
            text("room").zip(text("seat")).map(|(room, seat)| format!("room {room}, seat {seat}")),
        ];
        for value in values.into_iter().flatten() {
            if let Some(other) = taken.insert(value.clone(), key) {
                return Some(format!("{value} of {} and {}", other.1, key.1));
            }
        }
    }
    None
}

/// Every acknowledged addition to a counter is in it, and nothing else.
fn check_sums(history: &History, items: &BTreeMap<ItemKey, Value>, violations: &mut Vec<Violation>) {
    let levels = items.iter().filter_map(|(key, item)| Some((key, number(&item["level"])?)));
    for (key, level) in levels {
        let mut expected = 0;
        for (id, begun) in history.operations.iter().enumerate() {
            let delta = match begun.operation.name {
                "stock: begin" => 6,
                "stock: take" | "stock: take when" => -begun.arguments.number,
                "stock: give" => begun.arguments.number,
                name if name.starts_with("transaction:") && begun.operation.changes.contains(&"level") => -1,
                _ => continue,
            };
            let is_here = key.1.contains(&format!("\"STOCK#{}\"", begun.arguments.key));
            let applied = i64::try_from(history.applications(id).len()).unwrap_or(i64::MAX);
            let times = match history.report(id).map(|(_, report)| &report.outcome) {
                Some(Outcome::Done) => 1,
                Some(Outcome::Failed(failure)) if !failure.is_unknown => 0,
                _ => applied,
            };
            expected += if is_here { delta * times } else { 0 };
        }
        if expected != level {
            let what = format!("{level} instead of {expected} in {}", key.1);
            violations.push(Violation { rule: "what was acknowledged is in the sum", what });
        }
    }
}
