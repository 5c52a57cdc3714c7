//! Attributes that were added, removed, or are stored or read differently.

use super::ChangeKind;
use super::compare::{Changes, of_type, within};
use super::forms::{Relation, form_of, relate};
use crate::catalog::{Generated, Kind};
use crate::lock::{Attribute, Attributes, Shape};

/// The attributes of an item or of a map within it, and the types and enums that they may contain.
#[derive(Clone, Copy)]
pub(super) struct Side<'s> {
    shape: &'s Shape,
    attributes: &'s Attributes,
}

impl<'s> Side<'s> {
    pub fn of(shape: &'s Shape) -> Self {
        Side { shape, attributes: &shape.attributes }
    }
}

pub(super) fn compare(changes: &mut Changes, place: &str, old: &Side<'_>, new: &Side<'_>) {
    // What counts is told with what it counts.
    let is_counter = |attribute: &Attribute| attribute.managed == Some(Generated::Counter);
    let came =
        new.attributes.iter().filter(|(name, is)| !old.attributes.contains_key(*name) && !is_counter(is));
    let mut came: Vec<(&String, &Attribute)> = came.collect();
    for (name, was) in old.attributes {
        if let Some(is) = new.attributes.get(name) {
            attribute(changes, &within(place, name), (name, was, old.shape), (name, is, new.shape));
            continue;
        }
        // An attribute has moved if another one reads this name, or if another one has the same name in Rust.
        let moved = came.iter().position(|(_, is)| is.also_read.contains(name));
        let moved = moved.or_else(|| came.iter().position(|(_, is)| is.rust.name == was.rust.name));
        match moved.map(|at| came.remove(at)) {
            Some((now_name, is)) => {
                let place = within(place, now_name);
                renamed(changes, &place, (name, was), (now_name, is));
                attribute(changes, &place, (name, was, old.shape), (now_name, is, new.shape));
            }
            None if is_counter(was) => {}
            None => {
                let kind = match was.may_be_missing() {
                    true => ChangeKind::AttributeRemoved,
                    false => ChangeKind::RequiredAttributeRemoved,
                };
                let message = format!("the attribute `{name}` is not declared any more");
                changes.add(kind, &within(place, name), message, Some(fact(name, was)));
            }
        }
    }
    for (name, is) in came {
        let (kind, message) = match is.may_be_missing() {
            true => (ChangeKind::AttributeAdded, format!("the attribute `{name}` is new")),
            false => (
                ChangeKind::RequiredAttributeAdded,
                format!("the attribute `{name}` is new, and must be there"),
            ),
        };
        changes.add(kind, &within(place, name), message, None);
    }
}

/// An attribute as the lock writes it.
fn fact(name: &str, attribute: &Attribute) -> String {
    attribute.fact(name)
}

fn renamed(
    changes: &mut Changes,
    place: &str,
    (was_called, was): (&str, &Attribute),
    (is_called, is): (&str, &Attribute),
) {
    let new_reads_old = is.also_read.iter().any(|name| name == was_called);
    let old_reads_new = was.also_read.iter().any(|name| name == is_called);
    let kind = match (new_reads_old, old_reads_new) {
        (true, true) => ChangeKind::NameMoved,
        (true, false) => ChangeKind::NameMovedEarly,
        (false, _) if was.may_be_missing() => ChangeKind::OptionalStoredNameChanged,
        (false, _) => ChangeKind::StoredNameChanged,
    };
    changes.add(kind, place, format!("it is stored as `{is_called}`"), Some(fact(was_called, was)));
}

fn attribute(
    changes: &mut Changes,
    place: &str,
    (was_called, was, old_shape): (&str, &Attribute, &Shape),
    (is_called, is, new_shape): (&str, &Attribute, &Shape),
) {
    let known = || Some(fact(was_called, was));
    let relation = relate((&was.kind, old_shape), (&is.kind, new_shape));
    let form = match relation {
        Relation::Same => None,
        Relation::Wider => Some(ChangeKind::FormWidened),
        Relation::Narrower => Some(ChangeKind::FormNarrowed),
        Relation::Other => Some(ChangeKind::FormChanged),
    };
    if let Some(kind) = form {
        changes.add(kind, place, format!("it is stored as {}", fact(is_called, is)), known());
    } else if was.optional && !is.optional && !is.may_be_missing() {
        changes.add(ChangeKind::BecameRequired, place, "it must be there".to_owned(), known());
    } else if !was.optional && is.optional && !was.may_be_missing() {
        changes.add(ChangeKind::BecameOptional, place, "it may be missing".to_owned(), known());
    } else if was.may_be_missing() && !is.may_be_missing() && was.key_only == is.key_only {
        let message = "nothing stands for it where it is missing".to_owned();
        changes.add(ChangeKind::MissingRefused, place, message, known());
    } else if was.may_be_missing() && (was.missing != is.missing || was.optional != is.optional) {
        let message = "where it is missing, it is read as something else".to_owned();
        changes.add(ChangeKind::MissingChanged, place, message, known());
    }
    if was.managed != is.managed {
        let message = match is.managed {
            Some(_) => "the runtime writes it".to_owned(),
            None => "the runtime does not write it any more".to_owned(),
        };
        changes.add(ChangeKind::ManagedChanged, place, message, known());
    }
    match (was.key_only, is.key_only) {
        (false, true) => {
            let message = "it is kept in the key alone".to_owned();
            changes.add(ChangeKind::MovedIntoKey, place, message, known());
        }
        (true, false) => {
            let message = "it has an attribute of its own".to_owned();
            changes.add(ChangeKind::MovedOutOfKey, place, message, known());
        }
        (false, false) | (true, true) => {}
    }
    if was_called == is_called {
        for name in was.also_read.iter().filter(|name| !is.also_read.contains(name)) {
            let message = format!("it is not read from `{name}` any more");
            changes.add(ChangeKind::NameNoLongerRead, place, message, known());
        }
    }
    if was.rust.name != is.rust.name {
        let message = format!("its field is called `{}`", is.rust.name);
        changes.add(ChangeKind::FieldRenamed, place, message, Some(format!("`{}`", was.rust.name)));
    }
    // Other reasons why it is required are reported elsewhere.
    if !was.rust.required && is.rust.required && was.may_be_missing() == is.may_be_missing() {
        let message = "its builder must be given it".to_owned();
        changes.add(ChangeKind::BuilderRequires, place, message, known());
    }
    kinds(changes, place, (&was.kind, old_shape), (&is.kind, new_shape));
}

/// Differences within two kinds that are stored alike.
fn kinds(
    changes: &mut Changes,
    place: &str,
    (old, old_shape): (&Kind, &Shape),
    (new, new_shape): (&Kind, &Shape),
) {
    match (old, new) {
        (Kind::List(one), Kind::List(other)) | (Kind::Map(one), Kind::Map(other)) => {
            kinds(changes, place, (&one.kind, old_shape), (&other.kind, new_shape));
        }
        (Kind::Set(one), Kind::Set(other)) => kinds(changes, place, (one, old_shape), (other, new_shape)),
        (Kind::Formed(one, _), other) => kinds(changes, place, (one, old_shape), (other, new_shape)),
        (one, Kind::Formed(other, _)) => kinds(changes, place, (one, old_shape), (other, new_shape)),
        (Kind::Structure(was), Kind::Structure(is)) => {
            if !is_first(changes, was, is) {
                return;
            }
            let place = format!("type.{is}");
            named(changes, &place, was, is);
            if let (Some(old), Some(new)) = (of_type(old_shape, was), of_type(new_shape, is)) {
                let old = Side { shape: old_shape, attributes: old };
                let new = Side { shape: new_shape, attributes: new };
                compare(changes, &place, &old, &new);
            }
        }
        (Kind::Enumeration(was), Kind::Enumeration(is))
            if form_of(was, old_shape) == form_of(is, new_shape) =>
        {
            enumeration(changes, (was, old_shape), (is, new_shape));
        }
        (Kind::Foreign(was), Kind::Foreign(is)) | (Kind::Coded(was, _), Kind::Coded(is, _))
            if was.code == is.code => {}
        (Kind::Foreign(was), Kind::Foreign(is)) | (Kind::Coded(was, _), Kind::Coded(is, _)) => {
            let message = format!("its type is `{}`", is.code);
            changes.add(ChangeKind::UserTypeChanged, place, message, Some(format!("`{}`", was.code)));
        }
        (Kind::Coded(was, _), is) if !matches!(is, Kind::Foreign(_)) => {
            let message = format!("its type is `{}`", is.describe());
            changes.add(ChangeKind::UserTypeChanged, place, message, Some(format!("`{}`", was.code)));
        }
        (was, Kind::Coded(is, _)) if !matches!(was, Kind::Foreign(_)) => {
            let message = format!("its type is `{}`", is.code);
            changes.add(ChangeKind::UserTypeChanged, place, message, Some(format!("`{}`", was.describe())));
        }
        _ => {}
    }
}

/// Whether two types were not compared yet.
fn is_first(changes: &mut Changes, was: &str, is: &str) -> bool {
    changes.compared.insert((was.to_owned(), is.to_owned()))
}

fn named(changes: &mut Changes, place: &str, was: &str, is: &str) {
    if was != is {
        changes.add(ChangeKind::TypeRenamed, place, format!("`{was}` is called `{is}`"), None);
    }
}

fn enumeration(changes: &mut Changes, old @ (was, _): (&str, &Shape), new @ (is, _): (&str, &Shape)) {
    if !is_first(changes, was, is) {
        return;
    }
    named(changes, &format!("enum.{is}"), was, is);
    variants(changes, old, new);
}

fn variants(changes: &mut Changes, (was, old_shape): (&str, &Shape), (is, new_shape): (&str, &Shape)) {
    let (Some(old), Some(new)) = (old_shape.enums.get(was), new_shape.enums.get(is)) else { return };
    for (stored, variant) in &old.variants {
        let place = format!("enum.{is}.{stored}");
        let Some(now) = new.variants.get(stored) else {
            let message = format!("the variant `{stored}` is not declared any more");
            changes.add(ChangeKind::VariantRemoved, &place, message, None);
            continue;
        };
        if now.name != variant.name {
            let message = format!("the variant is called `{}`", now.name);
            changes.add(ChangeKind::VariantRenamed, &place, message, Some(format!("`{}`", variant.name)));
        }
        let old = Side { shape: old_shape, attributes: &variant.attributes };
        let new = Side { shape: new_shape, attributes: &now.attributes };
        compare(changes, &place, &old, &new);
    }
    for stored in new.variants.keys().filter(|stored| !old.variants.contains_key(*stored)) {
        let message = format!("the variant `{stored}` is new");
        changes.add(ChangeKind::VariantAdded, &format!("enum.{is}.{stored}"), message, None);
    }
}
