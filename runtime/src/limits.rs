//! DynamoDB's limits on items and keys, checked before anything is sent.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::fmt;

use aws_sdk_dynamodb::types::AttributeValue;

use crate::item::Item;
use crate::kind::compare_numbers;
use crate::table::{Index, IndexScope, KeyAttribute, Projection, Scalar, Table};
use crate::validation::Check;

/// The most bytes that an item may have, attribute names included.
pub(crate) const MAXIMUM_ITEM_BYTES: usize = 409_600;
pub(crate) const MAXIMUM_PARTITION_KEY_BYTES: usize = 2_048;
pub(crate) const MAXIMUM_SORT_KEY_BYTES: usize = 1_024;
/// The beginning of the partition keys of items that the library keeps for itself.
pub(crate) const RESERVED: &str = "$dynamorm:";
/// The most operations of a transaction.
pub(crate) const MAXIMUM_TRANSACTION_OPERATIONS: usize = 100;
/// How deep lists and maps may be nested in an attribute. The item itself is the first of 32 levels.
pub(crate) const MAXIMUM_NESTING: usize = 31;

/// So many changes cannot make an item too large, if all values that they write are [plain](is_plain).
pub(crate) const FEW_CHANGES: usize = 100;

const _: () = {
    let longest_plain = 2 * MAXIMUM_SORT_KEY_BYTES;
    // Both parts of a key, and their names.
    let longest_key = 2 * MAXIMUM_PARTITION_KEY_BYTES;
    assert!(FEW_CHANGES * longest_plain + longest_key <= MAXIMUM_ITEM_BYTES);
};

/// Whether a value is so small and simple that DynamoDB never refuses it, and its attribute's name is short.
pub(crate) fn is_plain(name: &str, value: &AttributeValue) -> bool {
    let is_simple = match value {
        AttributeValue::S(_) | AttributeValue::B(_) | AttributeValue::N(_) => !is_doubtful(value),
        AttributeValue::Bool(_) | AttributeValue::Null(_) => true,
        _ => false,
    };
    is_simple && name.len() <= MAXIMUM_SORT_KEY_BYTES
}

/// Checks a whole item: its keys, its size, its depth.
pub(crate) fn check_item(table: &Table, item: &Item, check: &mut Check) {
    let mut weight = 0;
    let mut has_doubtful_values = false;
    for (name, value) in item {
        weight += name.len() + check_value(name, 0, value, check);
        has_doubtful_values |= is_doubtful(value);
    }
    if has_doubtful_values {
        check_primary_key(table, item, check);
        check_index_keys(table, item, check);
    }
    let has_local_index = table.indexes.iter().any(|index| index.scope == IndexScope::Local);
    if weight > MAXIMUM_ITEM_BYTES || has_local_index {
        check_size(table, item, check);
    }
}

fn check_size(table: &Table, item: &Item, check: &mut Check) {
    let size = item_size(item) + local_index_size(table, item);
    if size > MAXIMUM_ITEM_BYTES {
        let mut sizes: Vec<_> =
            item.iter().map(|(name, value)| (name.len() + value_size(value), name)).collect();
        sizes.sort_unstable_by(|left, right| right.cmp(left));
        let largest: Vec<_> =
            sizes.iter().take(3).map(|(size, name)| format!("`{name}` with {size}")).collect();
        check.report(format!(
            "the item has about {size} bytes, its entries in local indexes included, more than DynamoDB's \
             {MAXIMUM_ITEM_BYTES}; its largest attributes are {}",
            largest.join(", ")
        ));
    }
}

/// Checks the least that an update leaves: the key, and the values that it writes within these attributes.
#[cold]
pub(crate) fn check_written<'a>(
    key: &Item,
    written: impl Iterator<Item = (&'a str, &'a AttributeValue)>,
    check: &mut Check,
) {
    let (names, values): (BTreeSet<_>, Vec<_>) = written.unzip();
    let names: usize = names.into_iter().map(str::len).sum();
    let size = item_size(key) + names + values.into_iter().map(value_size).sum::<usize>();
    if size > MAXIMUM_ITEM_BYTES {
        check.report(format!(
            "the update alone writes about {size} bytes, more than the {MAXIMUM_ITEM_BYTES} that an item may have"
        ));
    }
}

/// Whether the value may be unfit for some key. Most values are fit for every key, so their attributes need no look-up.
pub(crate) fn is_doubtful(value: &AttributeValue) -> bool {
    let bytes = match value {
        AttributeValue::S(text) | AttributeValue::N(text) => text.as_bytes(),
        AttributeValue::B(bytes) => bytes.as_ref(),
        _ => return false,
    };
    are_doubtful(bytes)
}

/// As [`is_doubtful`], for the bytes of a text, a number or bytes.
pub(crate) fn are_doubtful(bytes: &[u8]) -> bool {
    // Values that begin like the library's own keys need a closer look.
    !(1..=MAXIMUM_SORT_KEY_BYTES).contains(&bytes.len()) || bytes.first() == RESERVED.as_bytes().first()
}

/// Checks the attributes of the table's primary key.
#[cold]
pub(crate) fn check_primary_key(table: &Table, item: &Item, check: &mut Check) {
    let partition_key = table.partition_key.name;
    let partition = item.get(partition_key);
    if let Some(AttributeValue::S(text)) = partition
        && text.starts_with(RESERVED)
    {
        check.entry(partition_key, |check| {
            check.report(format!("begins with `{RESERVED}`, which is kept for the library's own items"));
        });
    }
    check_length_in_key(partition_key, partition, MAXIMUM_PARTITION_KEY_BYTES, check);
    if let Some(sort_key) = &table.sort_key {
        check_length_in_key(sort_key.name, item.get(sort_key.name), MAXIMUM_SORT_KEY_BYTES, check);
    }
}

fn check_length_in_key(name: &str, value: Option<&AttributeValue>, maximum: usize, check: &mut Check) {
    if let Some(value) = value {
        check_length(name, value, maximum, format_args!("the table's key"), check);
    }
}

#[cold]
fn check_index_keys(table: &Table, item: &Item, check: &mut Check) {
    for (index, key, maximum) in index_keys(table) {
        if let Some(value) = item.get(key.name) {
            check_length(key.name, value, maximum, format_args!("the key of index `{}`", index.name), check);
        }
    }
}

/// Checks a value that is about to be stored under `name`, if some index has it in its key.
pub(crate) fn check_index_key(table: &Table, name: &str, value: &AttributeValue, check: &mut Check) {
    if !is_doubtful(value) {
        return;
    }
    for (index, _, maximum) in index_keys(table).filter(|(_, key, _)| key.name == name) {
        check_length(name, value, maximum, format_args!("the key of index `{}`", index.name), check);
    }
}

/// The text and byte attributes of indexes' keys, each with its greatest length in bytes.
fn index_keys(table: &Table) -> impl Iterator<Item = (&Index, &KeyAttribute, usize)> {
    table.indexes.iter().copied().flat_map(|index| {
        let partition = index.partition_key.iter().map(|key| (key, MAXIMUM_PARTITION_KEY_BYTES));
        let sort = index.sort_key.iter().map(|key| (key, MAXIMUM_SORT_KEY_BYTES));
        let keys = partition.chain(sort).filter(|(key, _)| key.scalar != Scalar::Number);
        keys.map(move |(key, maximum)| (index, key, maximum))
    })
}

/// Checks the depth and the names of a value that is about to be stored under `name`, or `depth` levels within it. Returns its
/// weight.
pub(crate) fn check_value(name: &str, depth: usize, value: &AttributeValue, check: &mut Check) -> usize {
    let mut problem = None;
    let weight = weigh(value, MAXIMUM_NESTING.saturating_sub(depth), &mut problem);
    if let Some(problem) = problem {
        check.entry(name, |check| check.report(problem));
    }
    weight
}

/// Checks the value that a query compares with an attribute of a partition key.
pub(crate) fn check_partition_key(name: &str, value: &AttributeValue, check: &mut Check) {
    check_length(name, value, MAXIMUM_PARTITION_KEY_BYTES, format_args!("the key that is queried"), check);
}

/// Checks the value that a query compares with an attribute of a sort key.
pub(crate) fn check_sort_key(name: &str, value: &AttributeValue, check: &mut Check) {
    check_length(name, value, MAXIMUM_SORT_KEY_BYTES, format_args!("the key that is queried"), check);
}

/// The approximate size of an item as DynamoDB counts it, in bytes.
pub(crate) fn item_size(item: &Item) -> usize {
    item.iter().map(|(name, value)| name.len() + value_size(value)).sum()
}

/// The approximate size of an item's entries in local indexes, which share the item's limit, in bytes.
fn local_index_size(table: &Table, item: &Item) -> usize {
    let local = table.indexes.iter().filter(|index| index.scope == IndexScope::Local);
    let holding = local.filter(|index| index.sort_key.iter().all(|key| item.contains_key(key.name)));
    holding.map(|index| entry_size(table, index, item)).sum()
}

fn entry_size(table: &Table, index: &Index, item: &Item) -> usize {
    let included: &[&str] = match index.projection {
        Projection::All => return item_size(item),
        Projection::KeysOnly => &[],
        Projection::Include(attributes) => attributes,
    };
    let names = table.key().chain(index.sort_key).map(|key| key.name).chain(included.iter().copied());
    names.filter_map(|name| Some(name.len() + value_size(item.get(name)?))).sum()
}

/// The approximate size of a value as DynamoDB counts it, in bytes.
pub(crate) fn value_size(value: &AttributeValue) -> usize {
    match value {
        AttributeValue::S(text) => text.len(),
        AttributeValue::N(digits) => number_size(digits),
        AttributeValue::B(bytes) => bytes.as_ref().len(),
        AttributeValue::Ss(members) => members.iter().map(String::len).sum(),
        AttributeValue::Ns(members) => members.iter().map(|digits| number_size(digits)).sum(),
        AttributeValue::Bs(members) => members.iter().map(|bytes| bytes.as_ref().len()).sum(),
        AttributeValue::L(list) => 3 + list.iter().map(|value| 1 + value_size(value)).sum::<usize>(),
        AttributeValue::M(map) => {
            3 + map.iter().map(|(name, value)| 1 + name.len() + value_size(value)).sum::<usize>()
        }
        _ => 1,
    }
}

/// The weight of a value, which may hold so many levels of lists and maps. It is an upper bound of the size that takes less time
/// to compute. Also notes parts that DynamoDB refuses.
fn weigh(value: &AttributeValue, levels: usize, problem: &mut Option<&'static str>) -> usize {
    match value {
        AttributeValue::S(text) => text.len(),
        AttributeValue::N(digits) => 1 + digits.len(),
        AttributeValue::L(_) | AttributeValue::M(_) if levels == 0 => {
            *problem =
                Some("the value is nested deeper than DynamoDB's 32 levels, of which the item is the first");
            0
        }
        AttributeValue::L(list) => {
            list.iter().map(|value| 1 + weigh(value, levels - 1, problem)).sum::<usize>() + 3
        }
        AttributeValue::M(map) => {
            let weight = |(name, value): (&String, _)| {
                if name.is_empty() {
                    *problem = Some("a name within the value is empty");
                }
                1 + name.len() + weigh(value, levels - 1, problem)
            };
            map.iter().map(weight).sum::<usize>() + 3
        }
        AttributeValue::Ns(members) => members.iter().map(|digits| 1 + digits.len()).sum(),
        other => value_size(other),
    }
}

/// One byte, and one for every two significant digits.
pub(crate) fn number_size(digits: &str) -> usize {
    let (mut significant, mut zeros) = (0_usize, 0);
    for digit in digits.bytes().take_while(|byte| !matches!(byte, b'e' | b'E')) {
        match digit {
            // Zeros count only between other digits.
            b'0' => zeros += usize::from(significant > 0),
            b'1'..=b'9' => significant += 1 + std::mem::take(&mut zeros),
            _ => {}
        }
    }
    1 + significant.div_ceil(2)
}

fn check_length(
    name: &str,
    value: &AttributeValue,
    maximum: usize,
    what: fmt::Arguments<'_>,
    check: &mut Check,
) {
    let length = match value {
        AttributeValue::S(text) => text.len(),
        AttributeValue::B(bytes) => bytes.as_ref().len(),
        _ => return,
    };
    if length == 0 {
        check.entry(name, |check| check.report(format!("is part of {what} and must not be empty")));
    } else if length > maximum {
        check.entry(name, |check| {
            check.report(format!("is part of {what} and has {length} bytes, more than DynamoDB's {maximum}"));
        });
    }
}

/// The message about a range that ends before it begins.
pub(crate) const INVERTED: &str = "`between` has its bounds the wrong way round";

/// Whether a range ends before it begins, which DynamoDB refuses.
pub(crate) fn is_inverted(low: &AttributeValue, high: &AttributeValue) -> bool {
    match (low, high) {
        (AttributeValue::S(low), AttributeValue::S(high)) => low > high,
        (AttributeValue::B(low), AttributeValue::B(high)) => low.as_ref() > high.as_ref(),
        (AttributeValue::N(low), AttributeValue::N(high)) => {
            compare_numbers(low, high).is_some_and(Ordering::is_gt)
        }
        _ => false,
    }
}
