//! What is counted of a model's items, and which of their attributes count others.

use aws_sdk_dynamodb::types::AttributeValue;

use crate::expression::path::Path;
use crate::facts::{CounterFacts, Facts};
use crate::item::Item;
use crate::managed::Written;
use crate::operation::write::unchanged::Unchanged;

/// What counts a model's items.
pub(crate) fn counters(facts: &Facts) -> &'static [CounterFacts] {
    facts.counting.map(|counting| counting.counters).unwrap_or_default()
}

/// The attributes of a model's items that count others.
pub(crate) fn kept(facts: &Facts) -> &'static [&'static str] {
    facts.counting.map(|counting| counting.kept).unwrap_or_default()
}

/// Whether an attribute counts other items, so that writes of its own item leave it alone.
pub(crate) fn is_kept(facts: &Facts, attribute: &str) -> bool {
    kept(facts).contains(&attribute)
}

/// What an item's attributes must be for it to count as it was read. Of one that is there, its key shows that it still is.
pub(crate) fn as_read(facts: &'static Facts, item: Option<&Item>) -> Unchanged {
    let counters = counters(facts);
    let of_key = (!counters.is_empty()).then_some(facts.table.partition_key.name);
    let names = counters.iter().flat_map(|counter| counter.depends_on).copied().chain(of_key);
    Unchanged::new(item, names.map(Path::top))
}

/// What an item's counts must be for a put in its place to keep them.
pub(crate) fn kept_as_read(facts: &'static Facts, item: Option<&Item>) -> Unchanged {
    let kept = kept(facts);
    let of_key = (!kept.is_empty()).then_some(facts.table.partition_key.name);
    Unchanged::new(item, kept.iter().copied().chain(of_key).map(Path::top))
}

/// Gives an item that is put the counts of the one in whose place it is put; those of a new one are zero.
pub(crate) fn keep(facts: &Facts, item: &mut Item, old: Option<&Item>) {
    for name in kept(facts) {
        let stored = old.and_then(|old| old.get(*name)).cloned();
        item.insert((*name).to_owned(), stored.unwrap_or_else(zero));
    }
}

/// Notes the counts of an item that is put, to be written back into its value.
pub(crate) fn write_back(facts: &Facts, item: &Item, written: &mut Written) {
    for name in kept(facts) {
        if let Some(count) = item.get(*name) {
            let values = written.0.get_or_insert_default();
            values.attributes.insert((*name).to_owned(), count.clone());
        }
    }
}

/// An item without its counts, which change without it.
pub(crate) fn without_kept(facts: &Facts, item: &Item) -> Item {
    let mut item = item.clone();
    kept(facts).iter().for_each(|name| drop(item.remove(*name)));
    item
}

fn zero() -> AttributeValue {
    AttributeValue::N("0".to_owned())
}
