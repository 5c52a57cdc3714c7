//! Tables and their indexes.

use super::ChangeKind;
use super::compare::Changes;
use crate::catalog::{Index, IndexScope, KeyAttribute, Projection};
use crate::lock::{Lock, LockedTable};
use std::collections::BTreeSet;

pub(super) fn compare(changes: &mut Changes, old: &Lock, new: &Lock) {
    for (name, before) in &old.tables {
        let place = format!("table.{name}");
        match new.tables.get(name) {
            Some(now) => table(changes, &place, before, now),
            None => {
                let message = format!("the table `{name}` is not declared any more");
                changes.add(ChangeKind::TableRemoved, &place, message, None);
            }
        }
    }
}

fn table(changes: &mut Changes, place: &str, old: &LockedTable, new: &LockedTable) {
    let key = |table: &LockedTable| -> Vec<KeyAttribute> {
        std::iter::once(&table.partition_key).chain(&table.sort_key).cloned().collect()
    };
    if key(old) != key(new) {
        let message = format!("its key is {}", described(&key(new)));
        changes.add(ChangeKind::TableKeyChanged, place, message, Some(described(&key(old))));
    }
    if old.ttl != new.ttl {
        let message = match &new.ttl {
            Some(attribute) => format!("its items expire by `{attribute}`"),
            None => "its items do not expire any more".to_owned(),
        };
        changes.add(
            ChangeKind::TtlChanged,
            place,
            message,
            old.ttl.as_ref().map(|ttl| format!("ttl = \"{ttl}\"")),
        );
    }
    if old.stream != new.stream {
        let message = match new.stream {
            Some(_) => "its stream says something else".to_owned(),
            None => "it has no stream any more".to_owned(),
        };
        changes.add(ChangeKind::StreamChanged, place, message, None);
    }
    for (name, before) in &old.indexes {
        let place = format!("{place}.index.{name}");
        match new.indexes.get(name) {
            Some(now) => index(changes, &place, before, now),
            None => {
                let message = format!("the index `{name}` is not declared any more");
                changes.add(ChangeKind::IndexRemoved, &place, message, None);
            }
        }
    }
    for (name, now) in new.indexes.iter().filter(|(name, _)| !old.indexes.contains_key(*name)) {
        let (kind, scope) = match now.scope {
            IndexScope::Global => (ChangeKind::IndexAdded, "global"),
            IndexScope::Local => (ChangeKind::LocalIndexAdded, "local"),
        };
        let message = format!("the {scope} index `{name}` is new");
        changes.add(kind, &format!("{place}.index.{name}"), message, None);
    }
}

fn index(changes: &mut Changes, place: &str, old: &Index, new: &Index) {
    let key = |index: &Index| (index.scope, index.partition_key.clone(), index.sort_key.clone());
    if key(old) != key(new) {
        let all = |index: &Index| {
            described(&index.partition_key.iter().chain(&index.sort_key).cloned().collect::<Vec<_>>())
        };
        let message = format!("its key is {}", all(new));
        changes.add(ChangeKind::IndexRebuilt, place, message, Some(all(old)));
        return;
    }
    if kept(&old.projection) != kept(&new.projection) {
        let message = format!("it keeps {}", words(&new.projection));
        changes.add(ChangeKind::ProjectionChanged, place, message, Some(words(&old.projection)));
    }
}

/// What an index keeps besides its keys; `None` for everything.
fn kept(projection: &Projection) -> Option<BTreeSet<&String>> {
    match projection {
        Projection::All => None,
        Projection::KeysOnly => Some(BTreeSet::new()),
        Projection::Include(attributes) => Some(attributes.iter().collect()),
    }
}

fn words(projection: &Projection) -> String {
    match projection {
        Projection::All => "every attribute".to_owned(),
        Projection::KeysOnly => "keys only".to_owned(),
        Projection::Include(attributes) => described_names(attributes.iter()),
    }
}

fn described(key: &[KeyAttribute]) -> String {
    described_names(key.iter().map(|attribute| &attribute.name))
}

fn described_names<'n>(names: impl Iterator<Item = &'n String>) -> String {
    names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
