//! What an update must change so that one item becomes another.

use aws_sdk_dynamodb::types::AttributeValue;

use super::action::Action;
use crate::attribute::{Path, Step};
use crate::decode::Item;
use crate::model::Facts;

/// An attribute that differs in more places than this is written whole: expressions have limits.
const MOST_PLACES: usize = 16;

/// How much of an attribute is written where something within it differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    /// As little as paths allow.
    Places,
    /// All of it.
    Attributes,
}

/// The actions that turn `stored` into `wanted`.
pub(super) fn difference(facts: &Facts, stored: &Item, wanted: &Item, extent: Extent) -> Vec<(Path, Action)> {
    let mut actions = Vec::new();
    for name in facts.attributes {
        let path = Path::top(name);
        match (stored.get(*name), wanted.get(*name)) {
            (None, None) => {}
            (Some(_), None) => actions.push((path, Action::Remove)),
            (None, Some(wanted)) => actions.push((path, Action::Set(wanted.clone()))),
            (Some(stored), Some(wanted)) => {
                let mut narrow = Vec::new();
                values(&path, stored, wanted, &mut narrow);
                if narrow.len() > MOST_PLACES || (extent == Extent::Attributes && !narrow.is_empty()) {
                    narrow = vec![(path, Action::Set(wanted.clone()))];
                }
                actions.append(&mut narrow);
            }
        }
    }
    actions
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
        _ if same(stored, wanted) => {}
        _ => actions.push((path.clone(), Action::Set(wanted.clone()))),
    }
}

/// Whether these may be two variants of an enum. Another client that changes the variant at the same time must not leave
/// the item with both.
fn is_another_variant(stored: &Item, wanted: &Item) -> bool {
    let is_variant = |item: &Item| item.len() == 1 && item.values().all(AttributeValue::is_m);
    is_variant(stored) && is_variant(wanted) && !stored.keys().eq(wanted.keys())
}

/// Sets have no order, and come from an engine in any.
fn same(stored: &AttributeValue, wanted: &AttributeValue) -> bool {
    match (stored, wanted) {
        (AttributeValue::Ss(stored), AttributeValue::Ss(wanted))
        | (AttributeValue::Ns(stored), AttributeValue::Ns(wanted)) => {
            stored.len() == wanted.len() && stored.iter().all(|member| wanted.contains(member))
        }
        (AttributeValue::Bs(stored), AttributeValue::Bs(wanted)) => {
            stored.len() == wanted.len() && stored.iter().all(|member| wanted.contains(member))
        }
        _ => stored == wanted,
    }
}

fn within(path: &Path, step: Step) -> Path {
    let mut path = path.clone();
    path.push(step);
    path
}
