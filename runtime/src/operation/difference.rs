//! What an update must change so that one item becomes another.

use aws_sdk_dynamodb::types::AttributeValue;

use super::update::Action;
use crate::attribute::{Path, Step};
use crate::decode::Item;
use crate::model::Facts;

/// An attribute that differs in more places than this is written whole: expressions have limits.
const MOST_PLACES: usize = 16;

/// The actions that turn `stored` into `wanted`, as narrow as paths allow.
pub(super) fn difference(facts: &Facts, stored: &Item, wanted: &Item) -> Vec<(Path, Action)> {
    let mut actions = Vec::new();
    for name in facts.attributes {
        let path = Path { root: name, steps: Vec::new() };
        match (stored.get(*name), wanted.get(*name)) {
            (None, None) => {}
            (Some(_), None) => actions.push((path, Action::Remove)),
            (None, Some(wanted)) => actions.push((path, Action::Set(wanted.clone()))),
            (Some(stored), Some(wanted)) => {
                let mut narrow = Vec::new();
                values(&path, stored, wanted, &mut narrow);
                if narrow.len() > MOST_PLACES {
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
        (AttributeValue::M(stored), AttributeValue::M(wanted)) => {
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
    path.steps.push(step);
    path
}
