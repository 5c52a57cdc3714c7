//! What an update must change so that one item becomes another.

use std::hash::Hash;

use aws_sdk_dynamodb::types::AttributeValue;

use crate::expression::action::Action;
use crate::expression::path::{Path, Step, lookup};
use crate::facts::Facts;
use crate::item::Item;
use crate::kind::{missing, same_values};
use crate::operation::unique::guard;
use crate::operation::write::unchanged::Unchanged;

/// An attribute that differs in more places than this is written whole: expressions have limits.
const MOST_PLACES: usize = 16;

/// How much of an attribute is written where something within it differs.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Extent<'a> {
    /// As little as paths allow.
    Places,
    /// All of it, if it is stored as in this item.
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

/// What must be as it was read for these changes of it to be what was meant:
///
/// * a list of which an element changes, since elements move;
/// * a list, set or map that is written whole, since another client may have changed other parts of it;
/// * the other fields of an index key, or of values that are unique together, of which one changes;
/// * where attributes are written whole, all of them.
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
            // A composed key follows from its fields.
            let whole = whole.filter(|path| !facts.composed.iter().any(|key| key.attribute == path.root));
            Unchanged::new(Some(raw), fields.chain(whole))
        }
    }
}

/// Whether an action writes all of a value of which its caller may have changed a part.
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

/// The action that gives a set other members, where some only join or some only leave: what other clients do to it meanwhile is
/// kept. An absent attribute is an empty set. DynamoDB takes no expression that does both to one set.
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

/// The outermost list of which a path leads to an element.
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
        // Elements that move would be matched wrongly: only a list of the same length is compared element by element.
        (AttributeValue::L(stored), AttributeValue::L(wanted)) if stored.len() == wanted.len() => {
            for (index, (stored, wanted)) in stored.iter().zip(wanted).enumerate() {
                values(&within(path, Step::Index(index)), stored, wanted, actions);
            }
        }
        _ if same_values(stored, wanted) => {}
        _ => actions.push((path.clone(), Action::Set(wanted.clone()))),
    }
}

/// Whether these may be two variants of an enum. Another client that changes the variant at the same time must not leave
/// the item with both.
fn is_another_variant(stored: &Item, wanted: &Item) -> bool {
    let is_variant = |item: &Item| item.len() == 1 && item.values().all(AttributeValue::is_m);
    is_variant(stored) && is_variant(wanted) && !stored.keys().eq(wanted.keys())
}

fn within(path: &Path, step: Step) -> Path {
    let mut path = path.clone();
    path.push(step);
    path
}
