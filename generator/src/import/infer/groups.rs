//! Grouping items into models: by an attribute that names their kind, or by how their keys are composed.

use super::guess::{items as counted, words};
use super::pattern::{self, Context, Pattern};
use crate::catalog::{Projection, Scalar};
use crate::import::description::TableDescription;
use crate::import::item::{Item, StoredValue};
use std::collections::{BTreeMap, BTreeSet};

/// Names of attributes that name the kind of an item, in lower case and without punctuation.
const DISCRIMINATORS: [&str; 19] = [
    "typename",
    "entitytype",
    "itemtype",
    "recordtype",
    "doctype",
    "documenttype",
    "objecttype",
    "modeltype",
    "entity",
    "entityname",
    "et",
    "edbe",
    "discriminator",
    "model",
    "cls",
    "class",
    "type",
    "kind",
    "object",
];
/// Those of them that may also be ordinary attributes, so they alone do not divide items.
const WEAK: [&str; 5] = ["type", "kind", "object", "class", "model"];
/// The most kinds of items in a table.
const MOST_KINDS: usize = 40;
/// The largest share of items whose keys may differ from all others' without becoming a model.
const MOST_STRAY: f64 = 0.05;

/// Items of one model.
#[derive(Clone, Debug)]
pub(super) struct Group<'i> {
    /// The value of the attribute that names their kind.
    pub kind: Option<String>,
    /// The delimiter in its keys.
    pub delimiter: Option<&'static str>,
    /// How the partition key and the sort key are composed; `None` for a plain one.
    pub partition_key: Option<Pattern>,
    pub sort_key: Option<Pattern>,
    pub items: Vec<&'i Item>,
    /// The numbers of the original groups, several of which may have been joined.
    pub numbers: Vec<usize>,
}

/// The items of a table by their models.
pub(super) struct Groups<'i> {
    pub groups: Vec<Group<'i>>,
    /// The attribute that names the kind of each item.
    pub discriminator: Option<String>,
    /// Whether every item has it, so it can be the table's type attribute.
    pub is_type_attribute: bool,
    /// Items of no model, and why.
    pub unread: Vec<String>,
}

/// Whether an item has the whole key of the table.
pub(in crate::import) fn has_key(table: &TableDescription, item: &Item) -> bool {
    table.key().all(|key| {
        let value = item.attributes.get(&key.name);
        matches!(
            (key.scalar, value),
            (Scalar::Text, Some(StoredValue::Text(_)))
                | (Scalar::Number, Some(StoredValue::Number(_)))
                | (Scalar::Binary, Some(StoredValue::Bytes(_)))
        )
    })
}

/// All items as one model with plain keys.
pub(super) fn one<'i>(items: &[&'i Item]) -> Groups<'i> {
    let group = Group {
        kind: None,
        delimiter: None,
        partition_key: None,
        sort_key: None,
        items: items.to_vec(),
        numbers: vec![0],
    };
    Groups { groups: vec![group], discriminator: None, is_type_attribute: false, unread: Vec::new() }
}

/// The items by their models, as far as keys distinguish them, or an attribute if `may_be_typed`. `joined` are groups that a rule
/// does not allow to be separate models, by their numbers.
pub(super) fn find<'i>(
    table: &TableDescription,
    items: &[&'i Item],
    may_be_typed: bool,
    joined: &[(usize, usize)],
) -> Groups<'i> {
    if items.is_empty() {
        return one(items);
    }
    let discriminator = discriminator(table, items);
    let kind = |item: &Item| discriminator.as_deref().and_then(|name| item.text(name)).map(str::to_owned);
    let is_type_attribute = may_be_typed
        && discriminator.as_deref().is_some_and(|name| can_be_type_attribute(table, name, items));
    let divides = discriminator.as_deref().is_some_and(|name| !is_weak(name) || is_type_attribute);
    let mut by_kind: BTreeMap<Option<String>, Vec<&'i Item>> = BTreeMap::new();
    for item in items {
        by_kind.entry(kind(item).filter(|_| divides)).or_default().push(item);
    }
    let mut by_key: BTreeMap<(Option<String>, String), Group<'i>> = BTreeMap::new();
    for (kind_of_key, items) in &by_kind {
        for (item, key) in items.iter().zip(keys(table, items, discriminator.as_deref())) {
            let signature = match kind_of_key {
                Some(_) => String::new(),
                None => format!("{} {}", shown(key.partition_key.as_ref()), shown(key.sort_key.as_ref())),
            };
            let group = Group {
                kind: kind(item),
                delimiter: key.delimiter,
                partition_key: key.partition_key,
                sort_key: key.sort_key,
                items: vec![item],
                numbers: Vec::new(),
            };
            match by_key.get_mut(&(kind_of_key.clone(), signature.clone())) {
                Some(known) => join(known, group),
                None => {
                    by_key.insert((kind_of_key.clone(), signature), group);
                }
            }
        }
    }
    let mut groups: Vec<Group<'i>> = by_key.into_values().collect();
    if !is_type_attribute {
        groups = of_one_key(groups);
        groups = alike(groups);
    }
    for (number, group) in groups.iter_mut().enumerate() {
        group.numbers = vec![number];
    }
    for (one, other) in joined {
        let place =
            |groups: &[Group<'_>], number| groups.iter().position(|group| group.numbers.contains(number));
        if let (Some(first), Some(second)) = (place(&groups, one), place(&groups, other))
            && first != second
        {
            let taken = groups.remove(first.max(second));
            join(&mut groups[first.min(second)], taken);
        }
    }
    for group in &mut groups {
        group.partition_key = group.partition_key.take().filter(|pattern| !pattern.is_plain());
        group.sort_key = group.sort_key.take().filter(|pattern| !pattern.is_plain());
    }
    let unread = if is_type_attribute { Vec::new() } else { take_stray(&mut groups, items.len()) };
    if groups.len() > MOST_KINDS {
        return one(items);
    }
    Groups { groups, discriminator, is_type_attribute, unread }
}

/// How an item's key is composed.
struct KeyPatterns {
    delimiter: Option<&'static str>,
    partition_key: Option<Pattern>,
    sort_key: Option<Pattern>,
}

/// How the keys of items of one kind are composed, item by item.
fn keys(table: &TableDescription, items: &[&Item], discriminator: Option<&str>) -> Vec<KeyPatterns> {
    let texts: Vec<&str> = table
        .key_attributes()
        .into_iter()
        .filter(|key| key.scalar == Scalar::Text)
        .map(|key| key.name.as_str())
        .collect();
    let delimiter = pattern::delimiter(items, &texts);
    let context = Context { discriminator, keys: &texts };
    let patterns = |attribute: Option<&str>| -> Vec<Option<Pattern>> {
        match (attribute.filter(|name| texts.contains(name)), delimiter) {
            (Some(attribute), Some(delimiter)) => pattern::patterns(items, attribute, delimiter, &context),
            _ => vec![None; items.len()],
        }
    };
    let partition_keys = patterns(Some(&table.partition_key.name));
    let sort_keys = patterns(table.sort_key.as_ref().map(|key| key.name.as_str()));
    let both = partition_keys.into_iter().zip(sort_keys);
    both.map(|(partition_key, sort_key)| KeyPatterns { delimiter, partition_key, sort_key }).collect()
}

fn shown(pattern: Option<&Pattern>) -> String {
    pattern.map(ToString::to_string).unwrap_or_default()
}

fn both(one: Option<Pattern>, other: Option<Pattern>) -> Option<Pattern> {
    Some(one?.general(&other?))
}

/// Joins groups whose keys do not distinguish them, even if an attribute names their kinds.
fn of_one_key(groups: Vec<Group<'_>>) -> Vec<Group<'_>> {
    let mut by_key: BTreeMap<String, Group<'_>> = BTreeMap::new();
    for group in groups {
        let signature = format!("{} {}", shown(group.partition_key.as_ref()), shown(group.sort_key.as_ref()));
        match by_key.get_mut(&signature) {
            Some(known) => join(known, group),
            None => {
                by_key.insert(signature, group);
            }
        }
    }
    by_key.into_values().collect()
}

/// Joins groups whose keys begin alike and whose items have the same attributes: `FOLDER#a` and `FOLDER#a#b`.
fn alike(groups: Vec<Group<'_>>) -> Vec<Group<'_>> {
    let mut by_attributes: BTreeMap<(Vec<String>, Vec<Option<String>>), Group<'_>> = BTreeMap::new();
    for group in groups {
        let attributes: BTreeSet<&String> =
            group.items.iter().flat_map(|item| item.attributes.keys()).collect();
        let attributes: Vec<String> = attributes.into_iter().cloned().collect();
        let begin =
            |pattern: &Option<Pattern>| pattern.as_ref().and_then(Pattern::first_constant).map(str::to_owned);
        let begins = vec![group.kind.clone(), begin(&group.partition_key), begin(&group.sort_key)];
        match by_attributes.get_mut(&(attributes.clone(), begins.clone())) {
            Some(known) => join(known, group),
            None => {
                by_attributes.insert((attributes, begins), group);
            }
        }
    }
    by_attributes.into_values().collect()
}

fn join<'i>(known: &mut Group<'i>, group: Group<'i>) {
    known.partition_key = both(known.partition_key.take(), group.partition_key);
    known.sort_key = both(known.sort_key.take(), group.sort_key);
    known.items.extend(group.items);
    known.numbers.extend(group.numbers);
    known.kind = known.kind.take().filter(|kind| Some(kind) == group.kind.as_ref());
}

/// Removes the few items without a constant part in their keys, if all others have one.
fn take_stray(groups: &mut Vec<Group<'_>>, of: usize) -> Vec<String> {
    let is_stray = |group: &Group<'_>| {
        let is_plain = group.partition_key.is_none() && group.sort_key.is_none();
        is_plain && group.items.len() as f64 <= MOST_STRAY * of as f64
    };
    let (stray, kept): (Vec<_>, Vec<_>) = groups.drain(..).partition(is_stray);
    *groups = kept;
    let places = stray
        .iter()
        .flat_map(|group| &group.items)
        .map(|item| format!("{}: its key is composed as none of the models' keys", item.place));
    places.collect()
}

fn letters(attribute: &str) -> String {
    words(attribute).concat().chars().filter(char::is_ascii_alphanumeric).collect()
}

/// Whether an attribute may be an ordinary one. A name that begins with `_` belongs to a library.
fn is_weak(attribute: &str) -> bool {
    !attribute.starts_with('_') && WEAK.contains(&letters(attribute).as_str())
}

/// The attribute that names the kind of each item.
fn discriminator(table: &TableDescription, items: &[&Item]) -> Option<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (name, value) in items.iter().flat_map(|item| &item.attributes) {
        if value.text().is_some() {
            *counts.entry(name).or_default() += 1;
        }
    }
    let is_candidate = |name: &&str| {
        let distinct: BTreeSet<&str> = items.iter().filter_map(|item| item.text(name)).collect();
        let are_names =
            distinct.iter().all(|text| text.len() <= 60 && super::super::names::type_name(text).is_some());
        counts[*name] * 10 >= items.len() * 9
            && distinct.len() <= MOST_KINDS
            && are_names
            && !table.is_key(name)
    };
    let rank = |name: &str| DISCRIMINATORS.iter().position(|known| *known == letters(name));
    let mut candidates: Vec<_> = counts
        .keys()
        .copied()
        .filter_map(|name| Some((rank(name)?, name)))
        .filter(|(_, name)| is_candidate(name))
        .collect();
    candidates.sort_unstable();
    candidates.first().map(|(_, name)| (*name).to_owned())
}

/// Whether every item names its kind, and every index keeps the attribute.
fn can_be_type_attribute(table: &TableDescription, name: &str, items: &[&Item]) -> bool {
    let is_kept = |projection: &Projection| match projection {
        Projection::All => true,
        Projection::KeysOnly => false,
        Projection::Include(attributes) => attributes.iter().any(|known| known == name),
    };
    let is_everywhere = items.iter().all(|item| item.text(name).is_some_and(|kind| !kind.is_empty()));
    let is_key = table.key_attributes().iter().any(|key| key.name == name);
    !is_weak(name) && is_everywhere && !is_key && table.indexes.iter().all(|index| is_kept(&index.projection))
}

/// The remark about a model's items.
pub(super) fn sentence(group: &Group<'_>) -> String {
    format!("Seen in {}.", counted(group.items.len()))
}
