//! A table's declarations: its models, their keys and the indexes that they are in.

use super::fields::{self, Known};
use super::groups;
use super::guess::Guesser;
use super::model::Model;
use crate::catalog::{Billing, Encryption, IndexScope, OnDemandMaximum, Projection};
use crate::import::description::{IndexDescription, TableDescription};
use crate::import::draft::DraftTable;
use crate::import::fit;
use crate::import::item::Item;
use crate::import::names::{resource_name, table_name};

/// The beginning of the keys of guards, which the library stores to keep fields unique.
const GUARD: &str = "$dynamorm:";

/// How much to infer from stored keys. Each level is tried if a rule refuses the previous one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::import) enum Ambition {
    /// Several models, distinguished by an attribute if there is one, or by composed keys.
    Typed,
    /// Several models, distinguished only by composed keys.
    Composed,
    /// One model with plain keys.
    Plain,
}

/// How far a draft goes.
#[derive(Clone, Debug)]
pub(in crate::import) struct Attempt {
    pub ambition: Ambition,
    /// Pairs of groups of items that cannot be separate models, by their numbers.
    pub joined: Vec<(usize, usize)>,
}

/// The declarations of a table, as far as `attempt` goes.
pub(in crate::import) fn draft(
    table: &TableDescription,
    items: &[Item],
    attempt: &Attempt,
    guesser: Guesser,
) -> DraftTable {
    let mut unread = Vec::new();
    let mut readable = Vec::new();
    for item in items {
        if !groups::has_key(table, item) {
            unread.push(format!("{}: it has no key of the table `{}`", item.place, table.declared_name()));
        } else if item.text(&table.partition_key.name).is_some_and(|key| key.starts_with(GUARD)) {
            unread.push(format!("{}: a guard of unique fields, which is no item of a model", item.place));
        } else {
            readable.push(item);
        }
    }
    let found = match attempt.ambition {
        Ambition::Plain => groups::one(&readable),
        Ambition::Composed => groups::find(table, &readable, false, &attempt.joined),
        Ambition::Typed => groups::find(table, &readable, true, &attempt.joined),
    };
    unread.extend(found.unread.iter().cloned());
    let mut draft = DraftTable {
        declared: table_name(label(table)),
        description: declarable(table, &readable),
        type_attribute: found.discriminator.clone().filter(|_| found.is_type_attribute),
        models: Vec::new(),
        unread,
    };
    if readable.is_empty() {
        draft.note("There are no items to guess from: the schema holds what the table names, and no more.");
    }
    let description = draft.description.clone();
    let known = Known {
        table: &description,
        guesser,
        discriminator: found.discriminator.as_deref().filter(|_| !found.is_type_attribute),
    };
    let mut models: Vec<Model> = found.groups.iter().map(|group| Model::new(&known, &found, group)).collect();
    complete(&description, &mut models);
    for model in models {
        let items = model.items;
        let model = model.finish(&description);
        draft.unread.extend(items.iter().filter_map(|item| fit::unreadable(&model.fields, item)));
        draft.models.push(model);
    }
    draft
}

/// The settings of a table that can be declared. The others are removed, with a note.
fn declarable(table: &TableDescription, items: &[&Item]) -> TableDescription {
    let mut table = table.clone();
    if let Some(name) = table.name.take_if(|name| resource_name(name) != *name) {
        table.notes.push(format!("`TableName` is left out: DynamoDB allows no table to be called {name:?}."));
    }
    table.label = resource_name(&table.label);
    if let Some(ttl) = table.ttl.clone().filter(|ttl| !fields::is_ttl(items, ttl)) {
        table.notes.push(format!(
            "`ttl = {ttl:?}` is left out: stored items hold there what is no number of seconds."
        ));
        table.ttl = None;
    }
    if let Some(Encryption::Key(key)) = &table.encryption {
        if Encryption::is_key_for_dynamodb(key) {
            table.encryption = Some(Encryption::AwsManaged);
        } else if !Encryption::is_key(key) {
            table.notes.push(format!("`encryption` is left out: {key:?} is no key of KMS."));
            table.encryption = None;
        }
    }
    let recovery = table.point_in_time_recovery.as_mut();
    let days = recovery.and_then(|recovery| recovery.days.take_if(|days| !(1..=35).contains(&*days)));
    if let Some(days) = days {
        table.notes.push(format!(
            "The days of `point_in_time_recovery` are left out: {days} are none that DynamoDB has."
        ));
    }
    let is_provisioned = matches!(table.billing, Some(Billing::Provisioned(_)));
    if is_provisioned {
        table.on_demand_maximum = OnDemandMaximum::default();
    }
    let own: Vec<String> = table.key().map(|key| key.name.clone()).collect();
    for index in &mut table.indexes {
        let is_key = |name: &String| {
            own.contains(name)
                || index.partition_key.iter().chain(&index.sort_key).any(|key| key.name == *name)
        };
        if let Projection::Include(attributes) = &mut index.projection {
            let count = attributes.len();
            attributes.retain(|name| !is_key(name));
            if attributes.len() < count {
                index.notes.push(String::from(
                    "Keys among the projected attributes are left out: an index keeps them anyway.",
                ));
            }
            if attributes.is_empty() {
                index.projection = Projection::KeysOnly;
            }
        }
        // An index of an on-demand table has no capacity. If the table's billing is unknown, the index's is, too.
        if is_provisioned {
            index.on_demand_maximum = OnDemandMaximum::default();
        } else if index.billing.take().is_some() {
            index.notes.push(String::from(
                "Its capacity is left out, as that of its table is not known or on demand.",
            ));
        }
    }
    table
}

/// Decides which models are in which index, and gives them attributes that the table names and no item has.
fn complete(table: &TableDescription, models: &mut [Model<'_>]) {
    if models.is_empty() {
        return;
    }
    let is_alone = models.len() == 1;
    if let Some(ttl) = &table.ttl
        && models.iter().all(|model| !model.has(ttl))
    {
        let remark = "sure: the table's TTL; in no sampled item";
        models.iter_mut().for_each(|model| model.add_unseen(table, ttl, remark));
    }
    for key in table.key() {
        models.iter_mut().for_each(|model| model.add_unseen(table, &key.name, "sure: the table's key"));
    }
    for index in &table.indexes {
        let attributes = || index.partition_key.iter().chain(&index.sort_key).map(|key| key.name.as_str());
        let mut members: Vec<usize> = (0..models.len())
            .filter(|number| is_alone || attributes().all(|attribute| models[*number].has(attribute)))
            .collect();
        if members.is_empty() {
            members.push(0);
        }
        for number in &members {
            let model = &mut models[*number];
            attributes().for_each(|attribute| model.add_unseen(table, attribute, "sure: a key of an index"));
            let is_composed = is_composed(model, index);
            if !is_alone || is_composed {
                model.indexes.insert(index.name.clone());
            }
        }
        if let Projection::Include(included) = &index.projection {
            for attribute in included {
                let is_known = members.iter().any(|number| models[*number].fields.contains_key(attribute));
                if !is_known {
                    models[members[0]].add_unseen(
                        table,
                        attribute,
                        "a guess of its type: the table names it, and no sampled item has it",
                    );
                }
            }
        }
    }
}

/// Whether a key of an index is composed, apart from what it shares with the table's key.
fn is_composed(model: &Model<'_>, index: &IndexDescription) -> bool {
    let keys = match index.scope {
        IndexScope::Global => index.partition_key.iter().chain(&index.sort_key),
        IndexScope::Local => index.sort_key.iter().chain(&[]),
    };
    keys.into_iter().any(|key| model.composed.contains_key(&key.name))
}

/// The label of a table, from its template, unless that only says that it is a table.
pub(super) fn label(table: &TableDescription) -> &str {
    let is_general =
        ["this", "main", "default", "table", "basic", "dynamodb", "dynamodb_table", "dynamodb-table"]
            .contains(&table.label.to_lowercase().as_str());
    if is_general { table.declared_name() } else { &table.label }
}
