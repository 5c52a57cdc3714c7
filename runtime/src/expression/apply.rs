//! Updates carried out on an item that is at hand, as DynamoDB carries them out.

use aws_sdk_dynamodb::types::AttributeValue;
use bigdecimal::BigDecimal;

use crate::expression::action::Action;
use crate::expression::path::{Path, Step, lookup};
use crate::item::Item;
use crate::kind::missing;

/// Why an update cannot be carried out: a path leads through what is not stored, or to a value of another type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unfit;

/// The item as it is after these actions. Each sees the item as it was before all of them.
///
/// # Errors
/// One of them does not fit what is stored.
pub(crate) fn applied(before: &Item, actions: &[(Path, Action)]) -> Result<Item, Unfit> {
    let mut after = before.clone();
    let mut removed: Vec<&Path> = Vec::new();
    for (path, action) in actions {
        let found = lookup(before, path);
        let value = match action {
            Action::Set(value) => value.clone(),
            Action::SetIfAbsent(value) => found.unwrap_or(value).clone(),
            Action::Append { elements, absent } => joined(found.or(absent.as_deref()), Some(elements))?,
            Action::Prepend { elements, absent } => joined(Some(elements), found.or(absent.as_deref()))?,
            Action::AddTo { absent, delta } => sum(found.unwrap_or(absent), delta)?,
            Action::Add(delta) => match found {
                None => delta.clone(),
                Some(found) => sum(found, delta).or_else(|Unfit| union(found, delta))?,
            },
            Action::Delete(members) => match found {
                None => continue,
                Some(found) => match without(found, members)? {
                    Some(left) => left,
                    None => {
                        removed.push(path);
                        continue;
                    }
                },
            },
            Action::Remove => {
                removed.push(path);
                continue;
            }
        };
        set(&mut after, path, value)?;
    }
    // Elements behind a removed one move up, so that the last goes first.
    removed.sort_by_key(|path| std::cmp::Reverse(index(path)));
    removed.into_iter().for_each(|path| remove(&mut after, path));
    Ok(after)
}

fn index(path: &Path) -> usize {
    match path.steps().last() {
        Some(Step::Index(index)) => *index,
        _ => 0,
    }
}

/// What holds the value at a path, and the last step to it.
fn parent<'i, 'p>(item: &'i mut Item, path: &'p Path) -> Option<(&'i mut AttributeValue, &'p Step)> {
    let (last, steps) = path.steps().split_last()?;
    let mut value = item.get_mut(path.root)?;
    for step in steps {
        value = match (step, value) {
            (Step::Field(name), AttributeValue::M(map)) => map.get_mut(*name)?,
            (Step::Key(name), AttributeValue::M(map)) => map.get_mut(name)?,
            (Step::Index(index), AttributeValue::L(list)) => list.get_mut(*index)?,
            _ => return None,
        };
    }
    Some((value, last))
}

fn set(item: &mut Item, path: &Path, value: AttributeValue) -> Result<(), Unfit> {
    if path.steps().is_empty() {
        item.insert(path.root.to_owned(), value);
        return Ok(());
    }
    match parent(item, path).ok_or(Unfit)? {
        (AttributeValue::M(map), Step::Field(name)) => drop(map.insert((*name).to_owned(), value)),
        (AttributeValue::M(map), Step::Key(name)) => drop(map.insert(name.clone(), value)),
        (AttributeValue::L(list), Step::Index(index)) => match list.get_mut(*index) {
            Some(element) => *element = value,
            None => list.push(value),
        },
        _ => return Err(Unfit),
    }
    Ok(())
}

fn remove(item: &mut Item, path: &Path) {
    if path.steps().is_empty() {
        item.remove(path.root);
        return;
    }
    match parent(item, path) {
        Some((AttributeValue::M(map), Step::Field(name))) => drop(map.remove(*name)),
        Some((AttributeValue::M(map), Step::Key(name))) => drop(map.remove(name)),
        Some((AttributeValue::L(list), Step::Index(index))) if *index < list.len() => {
            drop(list.remove(*index))
        }
        _ => {}
    }
}

fn joined(first: Option<&AttributeValue>, second: Option<&AttributeValue>) -> Result<AttributeValue, Unfit> {
    match (first, second) {
        (Some(AttributeValue::L(first)), Some(AttributeValue::L(second))) => {
            Ok(AttributeValue::L(first.iter().chain(second).cloned().collect()))
        }
        _ => Err(Unfit),
    }
}

fn sum(left: &AttributeValue, right: &AttributeValue) -> Result<AttributeValue, Unfit> {
    let number =
        |value: &AttributeValue| value.as_n().ok().and_then(|digits| digits.parse::<BigDecimal>().ok());
    let sum = number(left).ok_or(Unfit)? + number(right).ok_or(Unfit)?;
    Ok(AttributeValue::N(sum.normalized().to_plain_string()))
}

fn union(found: &AttributeValue, joining: &AttributeValue) -> Result<AttributeValue, Unfit> {
    use AttributeValue::{Bs, Ns, Ss};
    fn all<T: Clone + Eq + std::hash::Hash>(found: &[T], joining: &[T]) -> Vec<T> {
        found.iter().chain(missing(found, joining)).cloned().collect()
    }
    match (found, joining) {
        (Ss(found), Ss(joining)) => Ok(Ss(all(found, joining))),
        (Ns(found), Ns(joining)) => Ok(Ns(all(found, joining))),
        (Bs(found), Bs(joining)) => Ok(Bs(all(found, joining))),
        _ => Err(Unfit),
    }
}

/// The set without these members; nothing where none is left.
fn without(found: &AttributeValue, leaving: &AttributeValue) -> Result<Option<AttributeValue>, Unfit> {
    use AttributeValue::{Bs, Ns, Ss};
    fn left<T: Clone + Eq + std::hash::Hash>(found: &[T], leaving: &[T]) -> Option<Vec<T>> {
        let left: Vec<T> = missing(leaving, found).into_iter().cloned().collect();
        (!left.is_empty()).then_some(left)
    }
    match (found, leaving) {
        (Ss(found), Ss(leaving)) => Ok(left(found, leaving).map(Ss)),
        (Ns(found), Ns(leaving)) => Ok(left(found, leaving).map(Ns)),
        (Bs(found), Bs(leaving)) => Ok(left(found, leaving).map(Bs)),
        _ => Err(Unfit),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(digits: &str) -> AttributeValue {
        AttributeValue::N(digits.to_owned())
    }

    fn list(digits: &[&str]) -> AttributeValue {
        AttributeValue::L(digits.iter().map(|digits| number(digits)).collect())
    }

    fn element(index: usize) -> Path {
        let mut path = Path::top("list");
        path.push(Step::Index(index));
        path
    }

    fn item() -> Item {
        Item::from([
            ("list".to_owned(), list(&["0", "1", "2"])),
            ("count".to_owned(), number("1.50")),
            ("tags".to_owned(), AttributeValue::Ss(vec!["x".to_owned()])),
        ])
    }

    fn after(path: Path, action: Action) -> Result<Item, Unfit> {
        applied(&item(), &[(path, action)])
    }

    #[test]
    fn numbers_add_up_exactly() {
        let added = after(Path::top("count"), Action::Add(number("0.5"))).unwrap();
        assert_eq!(added.get("count"), Some(&number("2")));
        let created = after(Path::top("new"), Action::Add(number("7"))).unwrap();
        assert_eq!(created.get("new"), Some(&number("7")));
        let absent = Box::new(number("10"));
        let added = after(Path::top("new"), Action::AddTo { absent, delta: number("-3") }).unwrap();
        assert_eq!(added.get("new"), Some(&number("7")));
        assert_eq!(after(Path::top("list"), Action::Add(number("1"))), Err(Unfit));
    }

    #[test]
    fn elements_behind_removed_ones_move_up_once() {
        let actions = [(element(0), Action::Remove), (element(1), Action::Remove)];
        assert_eq!(applied(&item(), &actions).unwrap().get("list"), Some(&list(&["2"])));
        let beyond = after(element(9), Action::Set(number("3"))).unwrap();
        assert_eq!(beyond.get("list"), Some(&list(&["0", "1", "2", "3"])));
    }

    #[test]
    fn an_empty_set_is_no_attribute() {
        let members = |members: &[&str]| {
            AttributeValue::Ss(members.iter().map(|member| (*member).to_owned()).collect())
        };
        let left = after(Path::top("tags"), Action::Delete(members(&["x", "y"]))).unwrap();
        assert!(!left.contains_key("tags"));
        let joined = after(Path::top("tags"), Action::Add(members(&["x", "y"]))).unwrap();
        assert_eq!(joined.get("tags"), Some(&members(&["x", "y"])));
    }

    #[test]
    fn a_path_through_nothing_is_unfit() {
        let mut path = Path::top("nothing");
        path.push(Step::Field("inner"));
        assert_eq!(after(path, Action::Set(number("1"))), Err(Unfit));
    }
}
