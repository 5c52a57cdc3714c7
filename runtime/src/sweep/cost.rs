//! What a write of an item will consume, about.

use crate::facts::Facts;
use crate::item::Item;
use crate::limits::item_size;
use crate::sweep::difference::ItemDifference;
use crate::table::{Index, Projection};

const WRITE_UNIT_BYTES: usize = 1024;
const READ_UNIT_BYTES: usize = 4096;

/// The write units of an update that makes `after` of `before`: those of the table, and those of every index of which the
/// item's entry changes.
pub(crate) fn of_update(facts: &Facts, before: &Item, after: &Item, difference: &ItemDifference) -> f64 {
    let table = units(item_size(before).max(item_size(after)));
    let indexes = facts.table.indexes.iter().map(|index| of_index(facts, index, before, after, difference));
    (table + indexes.sum::<usize>()) as f64
}

/// The write units of a transaction that writes one item, and so many guards.
pub(crate) fn of_guards(item: f64, guards: usize) -> f64 {
    2.0 * (item + guards as f64)
}

/// The read units of one consistent read of an item.
pub(crate) fn of_get(item: Option<&Item>) -> f64 {
    item.map_or(0, item_size).div_ceil(READ_UNIT_BYTES).max(1) as f64
}

fn units(bytes: usize) -> usize {
    bytes.div_ceil(WRITE_UNIT_BYTES).max(1)
}

fn of_index(facts: &Facts, index: &Index, before: &Item, after: &Item, difference: &ItemDifference) -> usize {
    let is_in = |item: &Item| index.key().all(|key| item.contains_key(key.name));
    let is_key = |name: &str| index.key().any(|key| key.name == name);
    let keeps = |name: &str| match index.projection {
        Projection::All => true,
        Projection::KeysOnly => false,
        Projection::Include(included) => included.contains(&name),
    };
    let entry = |item: &Item| {
        let is_kept =
            |name: &String| keeps(name) || is_key(name) || facts.table.key().any(|key| key.name == name);
        let kept = item.iter().filter(|(name, _)| is_kept(name));
        units(item_size(&kept.map(|(name, value)| (name.clone(), value.clone())).collect()))
    };
    let changed = |of: &dyn Fn(&str) -> bool| difference.actions.iter().any(|(path, _)| of(path.root));
    match (is_in(before), is_in(after)) {
        (false, false) => 0,
        (false, true) => entry(after),
        (true, false) => entry(before),
        (true, true) if changed(&is_key) => entry(before) + entry(after),
        (true, true) if changed(&keeps) => entry(before).max(entry(after)),
        (true, true) => 0,
    }
}
