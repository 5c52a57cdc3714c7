//! What `Debug` shows of writes: their model and the names of attributes, and no values.

use std::fmt;

use crate::encode::EncodedItem;
use crate::facts::Facts;
use crate::item::Names;
use crate::operation::write::batch::{BatchRequest, Entry};
use crate::operation::write::check::CheckItem;
use crate::operation::write::conditions::Conditions;
use crate::operation::write::delete::DeleteItem;
use crate::operation::write::put::PutItem;
use crate::operation::write::unchanged::Unchanged;
use crate::operation::write::update::UpdateItem;

/// A write of an item of that model.
fn write(f: &mut fmt::Formatter<'_>, what: &str, facts: &Facts, item: &EncodedItem) -> fmt::Result {
    f.debug_struct(what).field("model", &facts.model).field("attributes", item).finish()
}

impl fmt::Debug for PutItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Put");
        shown.field("model", &self.conditions.facts.model);
        match &self.item {
            Ok(item) => shown.field("attributes", item),
            Err(error) => shown.field("refused", error),
        };
        shown.field("conditions", &self.conditions).finish()
    }
}

impl fmt::Debug for UpdateItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let actions: Vec<String> =
            self.actions.iter().map(|(path, action)| format!("{action:?} {path}")).collect();
        f.debug_struct("Update")
            .field("model", &self.conditions.facts.model)
            .field("actions", &actions)
            .field("conditions", &self.conditions)
            .finish()
    }
}

impl fmt::Debug for DeleteItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Delete")
            .field("model", &self.conditions.facts.model)
            .field("conditions", &self.conditions)
            .finish()
    }
}

impl fmt::Debug for CheckItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConditionCheck")
            .field("model", &self.conditions.facts.model)
            .field("conditions", &self.conditions)
            .finish()
    }
}

impl fmt::Debug for Conditions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Conditions");
        shown.field("when", &self.when).field("existence", &self.existence);
        shown.field("deadline", &self.deadline).finish_non_exhaustive()
    }
}

impl fmt::Debug for Unchanged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unchanged").finish_non_exhaustive()
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write(f, if self.put { "Put" } else { "Delete" }, self.facts, &self.item)
    }
}

impl fmt::Debug for BatchRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (what, model, item) = match self {
            BatchRequest::Put { model, item } => ("Put", model, item),
            BatchRequest::Delete { model, key } => ("Delete", model, key),
        };
        f.debug_struct(what).field("model", model).field("attributes", &Names(item)).finish()
    }
}
