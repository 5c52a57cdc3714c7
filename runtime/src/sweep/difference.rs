//! What differs between an item as it is stored and as writes of today would store it.

use aws_sdk_dynamodb::types::AttributeValue;

use crate::decode::Compares;
use crate::expression::action::Action;
use crate::expression::path::Path;
use crate::facts::{Discriminator, Facts, ShapeFacts, Untyped};
use crate::item::Item;
use crate::kind::same_values;
use crate::operation::unique::guard;
use crate::operation::write::unchanged::Unchanged;
use crate::sweep::change::ChangeKind;

/// What has to be written of an item, and what of it must be as it was read for that.
#[derive(Default)]
pub(crate) struct ItemDifference {
    /// What differs, by the stored names of attributes. Of an item of an older shape, that it has it.
    pub changes: Vec<(&'static str, ChangeKind)>,
    pub actions: Vec<(Path, Action)>,
    /// The attributes that the actions derive from.
    derived_from: Vec<&'static str>,
}

impl ItemDifference {
    pub fn is_empty(&self) -> bool {
        self.actions.is_empty()
    }

    /// Whether an attribute changes.
    pub fn alters(&self, name: &str) -> bool {
        self.actions.iter().any(|(path, _)| path.root == name)
    }

    /// What must be as it was read, under whichever of its names.
    pub fn premises(&self, facts: &Facts, stored: &Item) -> Unchanged {
        let mut names = self.derived_from.clone();
        names.sort_unstable();
        names.dedup();
        let stored = facts.under_own_names(stored.clone());
        Unchanged::new(Some(&stored), names.into_iter().map(Path::top))
    }

    /// The item as it will be.
    pub fn applied_to(&self, facts: &Facts, stored: &Item) -> Item {
        let mut item = stored.clone();
        for (path, action) in &self.actions {
            facts.also_read(path.root).iter().for_each(|name| {
                item.remove(*name);
            });
            match action {
                Action::Set(value) => item.insert(path.root.to_owned(), value.clone()),
                _ => item.remove(path.root),
            };
        }
        item
    }

    fn add(&mut self, name: &'static str, kind: ChangeKind, action: Action) {
        self.changes.push((name, kind));
        self.act(name, action);
    }

    fn act(&mut self, name: &'static str, action: Action) {
        self.actions.push((Path::top(name), action));
        self.derived_from.push(name);
    }
}

/// Compares an item with what writes of today would store in its place. `removed` are attributes that are to go where they
/// were once the model's.
///
/// # Errors
/// The attribute of the table's key that differs: no update changes it.
pub(crate) fn difference(
    facts: &'static Facts,
    stored: &Item,
    fresh: &Item,
    removed: &[&'static str],
) -> Result<ItemDifference, &'static str> {
    for key in facts.table.key() {
        match (stored.get(key.name), fresh.get(key.name)) {
            (Some(was), Some(wanted)) if same_values(was, wanted) => {}
            _ => return Err(key.name),
        }
    }
    let mut found = match facts.shape.filter(|shape| shape.of_item(stored) != shape.of_item(fresh)) {
        Some(shape) => upgrade(facts, shape, stored, fresh),
        None => of_one_shape(facts, stored, fresh),
    };
    for name in removed {
        let is_former = facts.former.contains(name) && !fresh.contains_key(*name);
        if is_former && stored.contains_key(*name) && !found.alters(name) {
            found.add(name, ChangeKind::Former, Action::Remove);
        }
    }
    if !found.is_empty() {
        // Whoever gives the item to another model, or writes it with another shape, wins too.
        found.derived_from.extend(facts.owner_attribute());
        found.derived_from.extend(facts.shape.map(|shape| shape.attribute));
    }
    Ok(found)
}

/// The attributes that may change: all but those of the table's key, and those that are left to ordinary writes.
fn changeable(facts: &'static Facts) -> impl Iterator<Item = &'static str> {
    let names = facts.attributes.iter().copied();
    names.filter(move |name| !is_kept(facts, name) && facts.table.key().all(|key| key.name != *name))
}

/// What an upgrade may make of anything: so it derives from every attribute that an item of any shape has.
fn upgrade(facts: &'static Facts, shape: &'static ShapeFacts, stored: &Item, fresh: &Item) -> ItemDifference {
    let mut found = ItemDifference::default();
    let former = shape.former.iter().copied().filter(|name| !facts.attributes.contains(name));
    for name in changeable(facts).chain(former) {
        let has_any =
            stored.contains_key(name) || facts.also_read(name).iter().any(|name| stored.contains_key(*name));
        match (stored.get(name), fresh.get(name)) {
            (Some(was), Some(wanted)) if same_values(was, wanted) => {}
            (_, Some(wanted)) => found.act(name, Action::Set(wanted.clone())),
            (_, None) if has_any => found.act(name, Action::Remove),
            (_, None) => {}
        }
        found.derived_from.push(name);
    }
    found.changes.push((shape.attribute, ChangeKind::OlderShape));
    found
}

fn of_one_shape(facts: &'static Facts, stored: &Item, fresh: &Item) -> ItemDifference {
    let mut found = ItemDifference::default();
    for name in changeable(facts) {
        let is_key = is_index_key(facts, name);
        let (was, wanted) = (stored.get(name), fresh.get(name));
        let is_renamed = was.is_none() && facts.also_read(name).iter().any(|name| stored.contains_key(*name));
        match (was, wanted) {
            (None, None) if is_renamed => found.add(name, ChangeKind::Surplus, Action::Remove),
            (None, None) => {}
            (None, Some(wanted)) => {
                let kind = match () {
                    () if is_type(facts, name) => ChangeKind::TypeMissing,
                    () if is_renamed => ChangeKind::FormerName,
                    () if is_key => ChangeKind::KeyMissing,
                    () => ChangeKind::Missing,
                };
                found.add(name, kind, Action::Set(wanted.clone()));
            }
            (Some(_), None) => {
                let kind = if is_key { ChangeKind::KeyStale } else { ChangeKind::Surplus };
                found.add(name, kind, Action::Remove);
            }
            (Some(was), Some(wanted)) => {
                let merged = merged(was, wanted);
                if !same_values(was, &merged) {
                    let kind = if is_key { ChangeKind::KeyStale } else { ChangeKind::OtherForm };
                    found.add(name, kind, Action::Set(merged));
                }
            }
        }
    }
    found.derive(facts);
    found
}

impl ItemDifference {
    /// Adds what the changed attributes derive from: the fields of index keys, what is unique together with one of them,
    /// and of an item that was taken for the model's because it can be read as such, all of it.
    fn derive(&mut self, facts: &'static Facts) {
        let composed = facts.composed.iter().filter(|key| self.alters(key.attribute)).map(|key| key.fields);
        let unique = guard::fields(facts).iter().map(|unique| unique.attributes);
        let unique = unique.filter(|names| names.iter().any(|name| self.alters(name)));
        let mut derived: Vec<_> = composed.chain(unique).flatten().copied().collect();
        if let Some(updated) = facts.managed.and_then(|managed| managed.updated.as_ref())
            && updated.keys.iter().any(|key| self.alters(key.attribute))
        {
            derived.push(updated.attribute);
        }
        let is_taken = self.changes.iter().any(|(_, kind)| *kind == ChangeKind::TypeMissing)
            && !matches!(facts.discriminator, Discriminator::Type(_, _, Untyped::Own));
        if is_taken {
            derived.extend(changeable(facts));
        }
        self.derived_from.extend(derived);
    }
}

/// Whether an attribute is left to ordinary writes: the version and the write's id, which every write changes, and the
/// moment of the last update. One that is part of a key is only brought into its form.
fn is_kept(facts: &Facts, name: &str) -> bool {
    facts.managed.is_some_and(|managed| {
        managed.version.as_ref().is_some_and(|version| version.attribute == name)
            || managed.write_id.as_ref().is_some_and(|write_id| write_id.attribute == name)
            || managed.updated.as_ref().is_some_and(|updated| updated.attribute == name)
                && !facts.compares(name)
    })
}

/// Whether an attribute is part of the key of an index.
fn is_index_key(facts: &Facts, name: &str) -> bool {
    facts.composed.iter().any(|key| key.attribute == name)
        || facts.table.indexes.iter().flat_map(|index| index.key()).any(|key| key.name == name)
}

fn is_type(facts: &Facts, name: &str) -> bool {
    matches!(facts.discriminator, Discriminator::Type(attribute, ..) if attribute == name)
}

/// The value that is stored, with what differs in the fresh one. What a map has besides stays, as with every update. So
/// does a number: one form of it is as good as another, and what differs is what a floating-point number cannot hold.
fn merged(stored: &AttributeValue, fresh: &AttributeValue) -> AttributeValue {
    match (stored, fresh) {
        (AttributeValue::M(stored), AttributeValue::M(fresh)) if !is_another_variant(stored, fresh) => {
            let mut all = stored.clone();
            for (name, fresh) in fresh {
                let value = stored.get(name).map_or_else(|| fresh.clone(), |stored| merged(stored, fresh));
                all.insert(name.clone(), value);
            }
            AttributeValue::M(all)
        }
        (AttributeValue::L(stored), AttributeValue::L(fresh)) if stored.len() == fresh.len() => {
            AttributeValue::L(stored.iter().zip(fresh).map(|(stored, fresh)| merged(stored, fresh)).collect())
        }
        (AttributeValue::N(_), AttributeValue::N(_)) | (AttributeValue::Ns(_), AttributeValue::Ns(_)) => {
            stored.clone()
        }
        _ if same_values(stored, fresh) => stored.clone(),
        _ => fresh.clone(),
    }
}

/// Whether these may be two variants of an enum, of which an item must not have both.
fn is_another_variant(stored: &Item, fresh: &Item) -> bool {
    let is_variant = |item: &Item| item.len() == 1 && item.values().all(AttributeValue::is_m);
    is_variant(stored) && is_variant(fresh) && !stored.keys().eq(fresh.keys())
}
