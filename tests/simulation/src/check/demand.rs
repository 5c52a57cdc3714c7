//! What a write demanded of its item held when it was carried out.

use serde_json::Value;

use super::Violation;
use crate::history::{Begun, Change, History};

pub fn check(history: &History, violations: &mut Vec<Violation>) {
    for (id, begun) in history.operations.iter().enumerate() {
        for (order, applied) in history.applications(id) {
            let own = applied.changes.iter().filter(|change| !is_guard(change));
            for change in own.filter(|change| !holds(begun, change)) {
                let name = begun.operation.name;
                let what =
                    format!("operation {id}, {name} ({}), at {order}: {:?}", begun.arguments, change.before);
                violations.push(Violation { rule: "what a write demands held", what });
            }
        }
    }
}

fn is_guard(change: &Change) -> bool {
    change.key.1.contains("$dynamorm:")
}

/// Whether what an operation of this name demands held for the item as it was.
fn holds(begun: &Begun, change: &Change) -> bool {
    let before = change.before.as_ref();
    let number = |name: &str| before.and_then(|item| item[name]["N"].as_str()?.parse::<i64>().ok());
    let count = number("count");
    let is_of = |model: &str| change.key.1.contains(model);
    match begun.operation.name {
        "note: put when" => count.is_some_and(|count| count <= begun.arguments.number),
        "note: update, set when" | "note: save when" | "note: delete when" => {
            count.is_some_and(|count| count >= 1)
        }
        "note: update, add when" => count.is_some_and(|count| count < 20),
        "note: update, set when it changes itself" => {
            before.is_some_and(|item| item["text"]["S"] != Value::String(begun.arguments.text.clone()))
        }
        "stock: take when" => number("level").is_some_and(|level| level >= 2),
        "transaction: create and take" if !is_of("STOCK#") => before.is_none(),
        "member: take the place of another" if is_of(&format!("MEMBER#{}", begun.arguments.key)) => {
            before.is_none()
        }
        "transaction: upsert and delete" if is_of("DOC#") => before.is_some(),
        name if name.contains("put if not exists") || name.ends_with("put or get") => before.is_none(),
        name if name.ends_with("delete if exists") || name.ends_with("delete this") => before.is_some(),
        name if name.contains("upsert") => true,
        _ => !change.is_update || before.is_some(),
    }
}
