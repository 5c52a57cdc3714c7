//! The violations of DynamoDB's limits by an update.

use crate::expression::action::Action;
use crate::expression::path::Path;
use crate::limits;
use crate::operation::write::update::UpdateItem;
use crate::validation::{Check, Violation};

impl UpdateItem {
    /// Notes what DynamoDB would refuse.
    pub(super) fn check_limits(&mut self) {
        let is_plain = |(path, action): &(Path, Action)| {
            action.value().is_none_or(|value| limits::is_plain(path.root, value))
        };
        if self.actions.len() > limits::FEW_CHANGES || !self.actions.iter().all(is_plain) {
            self.check_values();
        }
        if self.actions.len() > 1 {
            self.check_overlaps();
        }
    }

    fn check_values(&mut self) {
        let mut check = Check::default();
        let mut weight = limits::item_size(&self.key);
        for (path, action) in &self.actions {
            let Some(value) = action.value() else { continue };
            let part = limits::check_value(path.root, path.steps().len(), value, &mut check);
            if action.is_written() {
                weight += path.root.len() + part;
            }
            if path.steps().is_empty() {
                limits::check_index_key(self.conditions.facts.table, path.root, value, &mut check);
            }
        }
        if weight > limits::MAXIMUM_ITEM_BYTES {
            let written = self.actions.iter().filter(|(_, action)| action.is_written());
            let written = written.filter_map(|(path, action)| Some((path.root, action.value()?)));
            limits::check_written(&self.key, written, &mut check);
        }
        self.conditions.refuse(check.into_violations());
    }

    /// DynamoDB refuses two actions on one path, or on a path within another's.
    fn check_overlaps(&mut self) {
        for (index, (path, _)) in self.actions.iter().enumerate() {
            let overlaps = |other: &Path| {
                let shared = path.steps().len().min(other.steps().len());
                path.root == other.root && path.steps()[..shared] == other.steps()[..shared]
            };
            if let Some((other, _)) = self.actions[..index].iter().find(|(other, _)| overlaps(other)) {
                let message = format!("the update changes it twice: `{other}` and `{path}`");
                self.conditions.refuse(vec![Violation::new(path.to_string(), message)]);
            }
        }
    }
}
