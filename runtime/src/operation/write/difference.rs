//! The changes that turn one item into another.

use std::hash::Hash;

use aws_sdk_dynamodb::types::AttributeValue;

use crate::expression::action::Action;
use crate::expression::path::{Path, Step, lookup};
use crate::facts::Facts;
use crate::item::Item;
use crate::kind::{missing, same_values};
use crate::operation::unique::guard;
use crate::operation::write::unchanged::Unchanged;

/// An attribute with more differences than this is written whole, because expressions have limits.
const MOST_PLACES: usize = 16;

/// How much of an attribute to write if something within it differs.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Extent<'a> {
    /// As little as paths allow.
    Places,
    /// The whole attribute, if it is stored as in this item.
    Attributes(&'a Item),
}

/// The actions that turn `stored` into `wanted`.
pub(crate) fn difference(
    facts: &Facts,
    stored: &Item,
    wanted: &Item,
    extent: Extent<'_>,
) -> Vec<(Path, Action)> {
    let mut actions = Vec::new();
    for name in facts.attributes {
        let path = Path::top(name);
        match (stored.get(*name), wanted.get(*name)) {
            (None, None) => {}
            (stored, wanted)
                if matches!(extent, Extent::Places)
                    && let Some(action) = members(stored, wanted) =>
            {
                actions.push((path, action));
            }
            (Some(_), None) => actions.push((path, Action::Remove)),
            (None, Some(wanted)) => actions.push((path, Action::Set(wanted.clone()))),
            (Some(stored), Some(wanted)) => {
                let mut narrow = Vec::new();
                values(&path, stored, wanted, &mut narrow);
                if narrow.len() > MOST_PLACES
                    || (matches!(extent, Extent::Attributes(_)) && !narrow.is_empty())
                {
                    narrow = vec![(path, Action::Set(wanted.clone()))];
                }
                actions.append(&mut narrow);
            }
        }
    }
    actions
}

/// The values that must be as they were read, so these changes mean what the caller meant:
///
/// * a list with a changed element, because elements move;
/// * a list, set or map that is written whole, because another client may have changed other parts of it;
/// * the other fields of an index key, or of values that are unique together, if one of them changes;
/// * all attributes that are written whole, if that was chosen for the update.
pub(crate) fn premises(
    facts: &'static Facts,
    stored: &Item,
    actions: &[(Path, Action)],
    extent: Extent<'_>,
) -> Unchanged {
    let changes = |name: &str| actions.iter().any(|(path, _)| path.root == name);
    let composed = facts.composed.iter().map(|key| key.fields);
    let together = composed.chain(guard::fields(facts).iter().map(|unique| unique.attributes));
    let changed = together.filter(|fields| fields.iter().any(|field| changes(field)));
    let is_key = |name: &str| facts.table.key().any(|key| key.name == name);
    let fields = changed.flatten().filter(|field| !changes(field) && !is_key(field));
    let fields = fields.map(|field| Path::top(field));
    match extent {
        Extent::Places => {
            let lists = actions.iter().filter_map(|(path, _)| list_of(path));
            let whole = actions.iter().filter(|(path, action)| replaces_parts(lookup(stored, path), action));
            let whole = whole.map(|(path, _)| path.clone()).filter(|path| list_of(path).is_none());
            Unchanged::new(Some(stored), fields.chain(lists).chain(whole))
        }
        Extent::Attributes(raw) => {
            let whole = actions.iter().map(|(path, _)| Path::top(path.root));
            // A composed key follows from its fields, so it needs no demand.
            let whole = whole.filter(|path| !facts.composed.iter().any(|key| key.attribute == path.root));
            Unchanged::new(Some(raw), fields.chain(whole))
        }
    }
}

/// Whether an action writes a whole value, although its caller may have changed only a part.
fn replaces_parts(stored: Option<&AttributeValue>, action: &Action) -> bool {
    let Action::Set(wanted) = action else { return false };
    match (stored, wanted) {
        (Some(AttributeValue::M(stored)), AttributeValue::M(wanted)) => !is_another_variant(stored, wanted),
        (None | Some(AttributeValue::L(_)), AttributeValue::L(_)) => true,
        (Some(stored), wanted) => is_set(stored) && is_set(wanted),
        (None, _) => false,
    }
}

fn is_set(value: &AttributeValue) -> bool {
    value.is_ss() || value.is_ns() || value.is_bs()
}

/// The action that changes a set's members, if members are only added or only removed. It keeps other clients' changes. An absent
/// attribute is an empty set. DynamoDB accepts no expression that does both to one set.
fn members(stored: Option<&AttributeValue>, wanted: Option<&AttributeValue>) -> Option<Action> {
    use AttributeValue::{Bs, Ns, Ss};
    match (stored, wanted) {
        (None, Some(wanted)) if is_set(wanted) => Some(Action::Add(wanted.clone())),
        (Some(stored), None) if is_set(stored) => Some(Action::Delete(stored.clone())),
        (Some(Ss(stored)), Some(Ss(wanted))) => joined_or_left(stored, wanted, Ss),
        (Some(Ns(stored)), Some(Ns(wanted))) => joined_or_left(stored, wanted, Ns),
        (Some(Bs(stored)), Some(Bs(wanted))) => joined_or_left(stored, wanted, Bs),
        _ => None,
    }
}

fn joined_or_left<T: Eq + Hash + Clone>(
    stored: &[T],
    wanted: &[T],
    set: fn(Vec<T>) -> AttributeValue,
) -> Option<Action> {
    let members = |members: Vec<&T>| set(members.into_iter().cloned().collect());
    let (joined, left) = (missing(stored, wanted), missing(wanted, stored));
    match (joined.is_empty(), left.is_empty()) {
        (false, true) => Some(Action::Add(members(joined))),
        (true, false) => Some(Action::Delete(members(left))),
        _ => None,
    }
}

/// The outermost list that a path enters.
fn list_of(path: &Path) -> Option<Path> {
    let steps = path.steps();
    let element = steps.iter().position(|step| matches!(step, Step::Index(_)))?;
    let mut list = Path::top(path.root);
    steps[..element].iter().cloned().for_each(|step| list.push(step));
    Some(list)
}

fn values(path: &Path, stored: &AttributeValue, wanted: &AttributeValue, actions: &mut Vec<(Path, Action)>) {
    match (stored, wanted) {
        (AttributeValue::M(stored), AttributeValue::M(wanted)) if !is_another_variant(stored, wanted) => {
            let mut names: Vec<_> = stored.keys().chain(wanted.keys()).collect();
            names.sort();
            names.dedup();
            for name in names {
                let path = within(path, Step::Key(name.clone()));
                match (stored.get(name), wanted.get(name)) {
                    (Some(stored), Some(wanted)) => values(&path, stored, wanted, actions),
                    (_, Some(wanted)) => actions.push((path, Action::Set(wanted.clone()))),
                    (_, None) => actions.push((path, Action::Remove)),
                }
            }
        }
        // Only lists of the same length are compared element by element, because elements that moved would be matched wrongly.
        (AttributeValue::L(stored), AttributeValue::L(wanted)) if stored.len() == wanted.len() => {
            for (index, (stored, wanted)) in stored.iter().zip(wanted).enumerate() {
                values(&within(path, Step::Index(index)), stored, wanted, actions);
            }
        }
        _ if same_values(stored, wanted) => {}
        _ => actions.push((path.clone(), Action::Set(wanted.clone()))),
    }
}

/// Whether these may be two variants of an enum. If another client changes the variant at the same time, the item must not end up
/// with both.
fn is_another_variant(stored: &Item, wanted: &Item) -> bool {
    let is_variant = |item: &Item| item.len() == 1 && item.values().all(AttributeValue::is_m);
    is_variant(stored) && is_variant(wanted) && !stored.keys().eq(wanted.keys())
}

fn within(path: &Path, step: Step) -> Path {
    let mut path = path.clone();
    path.push(step);
    path
}
