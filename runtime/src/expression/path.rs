//! The place of a value in an item.

use aws_sdk_dynamodb::types::AttributeValue;

use crate::item::Item;
use crate::validation::Violation;

/// The place of a value in an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Path {
    pub root: &'static str,
    /// Boxed, because few paths lead further, and all of them are moved about.
    within: Option<Box<Steps>>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Steps(Vec<Step>);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Field(&'static str),
    Key(String),
    Index(usize),
}

impl Path {
    /// A whole attribute.
    pub(crate) const fn top(root: &'static str) -> Self {
        Path { root, within: None }
    }

    /// The same place in another attribute.
    pub(crate) fn under(self, root: &'static str) -> Self {
        Path { root, within: self.within }
    }

    /// What leads from the attribute further into its value.
    pub(crate) fn steps(&self) -> &[Step] {
        self.within.as_ref().map_or(&[], |steps| &steps.0)
    }

    pub(crate) fn into_steps(self) -> Vec<Step> {
        self.within.map(|steps| steps.0).unwrap_or_default()
    }

    pub(crate) fn push(&mut self, step: Step) {
        self.within.get_or_insert_default().0.push(step);
    }

    /// A violation of the value at this path, as one of the item.
    pub(crate) fn of(&self, violation: &Violation) -> Violation {
        let within = self.steps().iter().rev().fold(violation.clone(), |violation, step| match step {
            Step::Field(name) => violation.within(name),
            Step::Key(name) => violation.within(name),
            Step::Index(index) => violation.within_element(*index),
        });
        within.within(self.root)
    }
}

impl std::fmt::Display for Path {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.root)?;
        for step in self.steps() {
            match step {
                Step::Field(name) => write!(f, ".{name}")?,
                Step::Key(name) => write!(f, ".{name}")?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

/// The value at a path, if there is one.
pub(crate) fn lookup<'a>(item: &'a Item, path: &Path) -> Option<&'a AttributeValue> {
    let mut value = item.get(path.root)?;
    for step in path.steps() {
        value = match (step, value) {
            (Step::Field(name), AttributeValue::M(map)) => map.get(*name)?,
            (Step::Key(name), AttributeValue::M(map)) => map.get(name)?,
            (Step::Index(index), AttributeValue::L(list)) => list.get(*index)?,
            _ => return None,
        };
    }
    Some(value)
}
