//! What differs between two locks: models, and how their shapes are stored.

use super::attributes::{self, Side};
use super::change::Change;
use super::{ChangeKind, Kept, shapes, tables};
use crate::catalog::Untyped;
use crate::lock::{Attributes, Lock, LockedModel, Shape, ToldApart};
use std::collections::BTreeSet;

/// The changes that were found so far, each kind of them once at each place.
pub(super) struct Changes {
    found: Vec<Change>,
    seen: BTreeSet<(ChangeKind, String)>,
    /// The types and enums that were compared already, by their old and their new names.
    pub compared: BTreeSet<(String, String)>,
}

impl Changes {
    /// Notes a change. A type that several models hold is compared once for each of them, and tells the same each time.
    pub fn add(&mut self, kind: ChangeKind, place: &str, message: String, was: Option<String>) {
        if self.seen.insert((kind, place.to_owned())) {
            let place = place.to_owned();
            self.found.push(Change {
                kind,
                place,
                message,
                was,
                way_out: None,
                accepted: None,
                #[cfg(feature = "cli")]
                span: None,
            });
        }
    }
}

/// Every change from one lock to another, in the order of their places.
pub(super) fn compare(old: &Lock, kept: Kept, new: &Lock) -> Vec<Change> {
    let mut changes = Changes { found: Vec::new(), seen: BTreeSet::new(), compared: BTreeSet::new() };
    tables::compare(&mut changes, old, new);
    let renamed = renamed(old, new);
    for (name, before) in &old.models {
        let place = format!("model.{name}");
        let now = new.models.get(name).map(|model| (name, model));
        let now = now.or_else(|| {
            let (_, now) = renamed.iter().find(|(one, _)| *one == name)?;
            new.models.get_key_value(*now)
        });
        match now {
            Some((now_called, now)) => {
                let place = format!("model.{now_called}");
                if now_called != name {
                    let message = format!("the model `{name}` is called `{now_called}`");
                    changes.add(ChangeKind::TypeRenamed, &place, message, None);
                }
                model(&mut changes, &place, (old, kept, before), (new, now));
            }
            None => {
                let message = format!("the model `{name}` is not declared any more");
                changes.add(
                    ChangeKind::ModelRemoved,
                    &place,
                    message,
                    Some(format!("table = \"{}\"", before.table)),
                );
            }
        }
    }
    changes.found.sort_by(|a, b| (&a.place, a.kind).cmp(&(&b.place, b.kind)));
    changes.found
}

/// Models that went and came in one table with the same attributes: these have another name, by old and new name.
fn renamed<'l>(old: &'l Lock, new: &'l Lock) -> Vec<(&'l String, &'l String)> {
    let gone: Vec<_> = old.models.iter().filter(|(name, _)| !new.models.contains_key(*name)).collect();
    let mut came: Vec<_> = new.models.iter().filter(|(name, _)| !old.models.contains_key(*name)).collect();
    let mut renamed = Vec::new();
    for (name, before) in gone {
        let is_same = |(_, now): &(&String, &LockedModel)| {
            let stored = |model: &LockedModel| {
                model.newest().map(|(_, shape)| (shape.attributes.clone(), shape.templates.clone()))
            };
            now.table == before.table && stored(now) == stored(before)
        };
        if let Some(at) = came.iter().position(is_same) {
            renamed.push((name, came.remove(at).0));
        }
    }
    renamed
}

fn model(
    changes: &mut Changes,
    place: &str,
    (old, kept, before): (&Lock, Kept, &LockedModel),
    (new, now): (&Lock, &LockedModel),
) {
    if before.table != now.table {
        let message = format!("its items are in table `{}`", now.table);
        changes.add(
            ChangeKind::TableOfModelChanged,
            place,
            message,
            Some(format!("table = \"{}\"", before.table)),
        );
    }
    let before_it = shapes::Before { model: before, table: old.tables.get(&before.table), kept };
    shapes::compare(changes, place, &before_it, now);
    if let (Some((number, shape)), Some((_, now_shape))) = (before.newest(), now.newest())
        && !now.shapes.contains_key(&number)
    {
        around(changes, place, (old, before, shape), (new, now, now_shape));
    }
    for (number, shape) in &before.shapes {
        if let Some(now_shape) = now.shapes.get(number) {
            self::shape(changes, place, (old, before, shape), (new, now, now_shape));
        }
    }
    for (index, function) in &before.functions {
        let renamed = now.functions.get(index).filter(|now| *now != function);
        if let Some(renamed) = renamed {
            let message = format!("index `{index}` is queried by `{renamed}`");
            let was = format!("`{function}`");
            changes.add(ChangeKind::QueryRenamed, &format!("{place}.index.{index}"), message, Some(was));
        }
    }
}

fn shape(
    changes: &mut Changes,
    place: &str,
    old: (&Lock, &LockedModel, &Shape),
    new: (&Lock, &LockedModel, &Shape),
) {
    around(changes, place, old, new);
    let (old_side, new_side) = (Side::of(old.2), Side::of(new.2));
    attributes::compare(changes, place, &old_side, &new_side);
}

/// What no shape changes: what tells the items apart, their keys and indexes, and what is unique among them.
fn around(
    changes: &mut Changes,
    place: &str,
    (old, before, old_shape): (&Lock, &LockedModel, &Shape),
    (new, now, new_shape): (&Lock, &LockedModel, &Shape),
) {
    told_apart(changes, place, old_shape, new_shape);
    let primary = |lock: &Lock, model: &LockedModel| -> BTreeSet<String> {
        let table = lock.tables.get(&model.table);
        let keys =
            table.into_iter().flat_map(|table| std::iter::once(&table.partition_key).chain(&table.sort_key));
        keys.map(|key| key.name.clone()).collect()
    };
    let (old_primary, new_primary) = (primary(old, before), primary(new, now));
    let names: BTreeSet<_> = old_shape.templates.keys().chain(new_shape.templates.keys()).collect();
    for name in names {
        let (was, is) = (old_shape.templates.get(name), new_shape.templates.get(name));
        if was == is {
            continue;
        }
        let kind = match old_primary.contains(name) || new_primary.contains(name) {
            true => ChangeKind::KeyChanged,
            false if is.is_none() || was.is_none() => continue,
            false => ChangeKind::IndexKeyChanged,
        };
        let message = match is {
            Some(template) => format!("`{name}` is composed as `{template}`"),
            None => format!("`{name}` is not composed any more"),
        };
        let was = was.map_or_else(|| format!("the field `{name}`"), |was| format!("{name} = \"{was}\""));
        changes.add(kind, &format!("{place}.key.{name}"), message, Some(was));
    }
    for index in new_shape.indexes.difference(&old_shape.indexes) {
        // What is in a new index is told with it.
        if old.tables.get(&before.table).is_some_and(|table| table.indexes.contains_key(index)) {
            let message = format!("its items are in index `{index}`");
            changes.add(ChangeKind::IndexJoined, &format!("{place}.index.{index}"), message, None);
        }
    }
    for index in old_shape.indexes.difference(&new_shape.indexes) {
        if new.tables.get(&now.table).is_some_and(|table| table.indexes.contains_key(index)) {
            let message = format!("its items are not in index `{index}` any more");
            changes.add(ChangeKind::IndexLeft, &format!("{place}.index.{index}"), message, None);
        }
    }
    let (kind, message) = match new_shape.shares_key {
        true => (ChangeKind::KeyShared, "items of other models have its keys, and older code replaces them"),
        false => {
            (ChangeKind::KeyNoLongerShared, "its writes replace items of other models that have its keys")
        }
    };
    if old_shape.shares_key != new_shape.shares_key {
        changes.add(kind, &format!("{place}.key"), message.to_owned(), None);
    }
    unique(changes, place, old_shape, new_shape);
}

/// Whether items are read whose type attribute holds that.
fn reads(shape: &Shape, name: &String) -> bool {
    shape.type_name.as_ref() == Some(name) || shape.also_types.contains(name)
}

fn told_apart(changes: &mut Changes, place: &str, old: &Shape, new: &Shape) {
    let was = || old.type_name.as_ref().map(|name| format!("type_name = \"{name}\""));
    match (&old.type_name, &new.type_name) {
        (Some(before), Some(now)) if before != now && !(reads(old, now) && reads(new, before)) => {
            let message = match (reads(old, now), reads(new, before)) {
                (false, true) => {
                    format!("the type attribute of its items holds `{now}`, which older code does not read")
                }
                _ => format!("the type attribute of its items holds `{now}`"),
            };
            changes.add(ChangeKind::TypeNameChanged, place, message, was());
        }
        (None, Some(now)) if new.told_apart == ToldApart::Type && new.untyped != Untyped::Own => {
            let message = format!(
                "the type attribute of its items holds `{now}`, and items without it are not its own"
            );
            changes.add(ChangeKind::TypeNameAdded, place, message, None);
        }
        (Some(_), None) if old.told_apart == ToldApart::Type => {
            let message = "its items have no type attribute any more".to_owned();
            changes.add(ChangeKind::TypeNameRemoved, place, message, was());
        }
        (Some(_), Some(now)) if old.untyped == Untyped::Own && new.untyped != Untyped::Own => {
            let message =
                format!("items whose type attribute is not `{now}`, but missing, are not its own any more");
            changes.add(ChangeKind::TypeNameAdded, place, message, None);
        }
        _ => {}
    }
    if new.type_name.is_some() {
        for dropped in old.also_types.iter().filter(|name| !reads(new, name)) {
            let message = format!("items whose type attribute holds `{dropped}` are not read any more");
            changes.add(
                ChangeKind::TypeNameChanged,
                place,
                message,
                Some(format!("also_types has {dropped:?}")),
            );
        }
    }
    if old.told_apart == ToldApart::Alone && new.told_apart != ToldApart::Alone {
        let message =
            "other models are in its table, and older code takes their items for its own".to_owned();
        changes.add(ChangeKind::TableShared, place, message, None);
    }
}

fn unique(changes: &mut Changes, place: &str, old: &Shape, new: &Shape) {
    let at = |names: &[String]| match names {
        [name] => format!("{place}.{name}"),
        names => format!("{place}.unique.{}", names.join("+")),
    };
    for names in new.unique.difference(&old.unique) {
        let message = format!("no two items have the same {}", listed(names));
        changes.add(ChangeKind::UniqueAdded, &at(names), message, None);
    }
    for names in old.unique.difference(&new.unique) {
        let message = format!("several items may have the same {}", listed(names));
        changes.add(ChangeKind::UniqueRemoved, &at(names), message, None);
    }
}

fn listed(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" and ")
}

/// Where a nested attribute stands, by the name of what holds it.
pub(super) fn within(place: &str, name: &str) -> String {
    format!("{place}.{name}")
}

/// The attributes of a type.
pub(super) fn of_type<'s>(shape: &'s Shape, name: &str) -> Option<&'s Attributes> {
    shape.types.get(name)
}
