//! A table's declarations: its models, their keys and the indexes that they are in.

use super::compose::{self, Composed, Part, Rows};
use super::fields::{self, Known};
use super::groups::{self, Group, Groups};
use super::guess::{Guess, Guesser};
use super::pattern::{self, Context};
use crate::catalog::{Billing, IndexScope, Projection, Scalar};
use crate::import::description::{IndexDescription, TableDescription};
use crate::import::draft::{DraftField, DraftModel, DraftModelIndex, DraftTable, DraftTemplate};
use crate::import::fit;
use crate::import::item::Item;
use crate::import::names::{resource_name, singular, table_name};
use crate::names;
use std::collections::{BTreeMap, BTreeSet};

/// What the library itself stores beside items, to keep fields unique.
const GUARD: &str = "$dynamorm:";

/// How much is read into stored keys. Each holds where that before it is refused by a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::import) enum Ambition {
    /// Several models, told apart by an attribute where there is one, or by composed keys.
    Typed,
    /// Several models, told apart by composed keys alone.
    Composed,
    /// One model, whose keys are what is stored.
    Plain,
}

/// How far a draft goes.
#[derive(Clone, Debug)]
pub(in crate::import) struct Attempt {
    pub ambition: Ambition,
    /// Groups of items that cannot be models of their own, by their numbers.
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

/// What can be declared of a table; what cannot is gone, with a note.
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
        // An index of an on-demand table has no capacity, and where that of a table is not known nothing can be said of it.
        if !matches!(table.billing, Some(Billing::Provisioned(_))) && index.billing.take().is_some() {
            index.notes.push(String::from(
                "Its capacity is left out, as that of its table is not known or on demand.",
            ));
        }
    }
    table
}

/// A model that is being put together.
struct Model<'g> {
    names: Vec<String>,
    notes: Vec<String>,
    composed: BTreeMap<String, Composed>,
    fields: BTreeMap<String, DraftField>,
    key_only: Vec<DraftField>,
    /// Rust names of fields.
    taken: BTreeSet<String>,
    indexes: BTreeSet<String>,
    items: &'g [&'g Item],
    group: usize,
}

impl<'g> Model<'g> {
    fn new(known: &Known<'_>, found: &Groups<'_>, group: &'g Group<'g>) -> Self {
        let candidates = fields::candidates(known, group);
        let rust = |field: &DraftField| names::field_name(&field.name).map(|name| names::type_stem(&name));
        let mut notes = Vec::new();
        if !group.items.is_empty() {
            notes.push(groups::sentence(group));
        }
        notes.extend(candidates.notes);
        let mut model = Model {
            names: names_of(known.table, found, group),
            notes,
            composed: BTreeMap::new(),
            taken: candidates.fields.values().filter_map(rust).collect(),
            fields: candidates.fields,
            key_only: Vec::new(),
            indexes: BTreeSet::new(),
            items: &group.items,
            group: group.numbers.first().copied().unwrap_or_default(),
        };
        if found.is_type_attribute {
            model.fields.retain(|attribute, _| found.discriminator.as_deref() != Some(attribute));
        }
        model.compose_key(known, group);
        if let Some(delimiter) = found.delimiter {
            model.compose_indexes(known, delimiter);
        }
        for attribute in model.composed.keys() {
            model.fields.remove(attribute);
        }
        model
    }

    /// Composes the table's key. What equals no attribute becomes a field that stands in the key alone.
    fn compose_key(&mut self, known: &Known<'_>, group: &Group<'_>) {
        let keys = [Some(&known.table.partition_key), known.table.sort_key.as_ref()];
        let patterns = [&group.partition_key, &group.sort_key];
        for (key, pattern) in keys.into_iter().zip(patterns) {
            let (Some(key), Some(pattern)) = (key, pattern) else { continue };
            let rows = Rows::new(self.items, &key.name);
            let Some((pattern, links)) = compose::link(&rows, pattern, &|name| self.may_link(known, name))
            else {
                continue;
            };
            let mut parts = Vec::new();
            for (place, link) in links.into_iter().enumerate() {
                let part = link.unwrap_or_else(|| self.key_only_part(&rows, &pattern, place, &key.name));
                self.note_part(&part, true);
                parts.push(part);
            }
            self.composed.insert(key.name.clone(), Composed { pattern, parts });
        }
    }

    fn key_only_part(
        &mut self,
        rows: &Rows<'_>,
        pattern: &pattern::Pattern,
        place: usize,
        attribute: &str,
    ) -> Part {
        let (guess, format) = compose::key_only(rows, pattern, place);
        let name = compose::name_of(pattern, place, (attribute, &guess), &|name| {
            names::field_name(name).is_none_or(|rust| self.taken.contains(&names::type_stem(&rust)))
        });
        self.taken.insert(names::field_name(&name).map(|rust| names::type_stem(&rust)).unwrap_or_default());
        self.key_only.push(DraftField {
            name: name.clone(),
            attribute: name.clone(),
            guess: guess.clone(),
            optional: false,
            key_only: true,
            default: None,
            remark: fields::part_of_key("", self.items.len()),
        });
        Part::KeyOnly { name, guess, format }
    }

    /// Whether a part of a key may be made of an attribute.
    fn may_link(&self, known: &Known<'_>, attribute: &str) -> bool {
        let is_constant = known.discriminator == Some(attribute);
        let is_text_key = known.table.key_attributes().iter().any(|key| {
            key.name == attribute && (known.table.is_key(attribute) || self.composed.contains_key(attribute))
        });
        let is_fit = self.fields.get(attribute).is_some_and(|field| {
            !matches!(field.guess, Guess::EpochSeconds | Guess::EpochMilliseconds) && field.default.is_none()
        });
        is_fit && !is_constant && !is_text_key
    }

    /// Fits a field's type to the key that it is part of.
    fn note_part(&mut self, part: &Part, is_of_table: bool) {
        let Part::Attribute { name, digits } = part else { return };
        let Some(field) = self.fields.get_mut(name) else { return };
        if digits.is_some() {
            field.guess = Guess::Unsigned;
        }
        if is_of_table && matches!(field.guess, Guess::Enumeration(_)) {
            field.guess = Guess::Text;
        }
        field.remark = fields::part_of_key(&field.remark, self.items.len());
    }

    /// Composes the keys of indexes, as far as they are made of fields in every item.
    fn compose_indexes(&mut self, known: &Known<'_>, delimiter: &str) {
        let projected: BTreeSet<&str> = known
            .table
            .indexes
            .iter()
            .filter_map(|index| match &index.projection {
                Projection::Include(attributes) => Some(attributes),
                _ => None,
            })
            .flatten()
            .map(String::as_str)
            .collect();
        let texts: Vec<&str> = known.table.key_attributes().iter().map(|key| key.name.as_str()).collect();
        let context = Context { discriminator: known.discriminator, keys: &texts };
        for attribute in composable(known.table) {
            if projected.contains(attribute.as_str()) || !self.fields.contains_key(&attribute) {
                continue;
            }
            if let Some(composed) = self.composed_index_key(known, &attribute, delimiter, &context) {
                for part in &composed.parts {
                    self.note_part(part, false);
                }
                self.composed.insert(attribute, composed);
            }
        }
    }

    fn composed_index_key(
        &self,
        known: &Known<'_>,
        attribute: &str,
        delimiter: &str,
        context: &Context<'_>,
    ) -> Option<Composed> {
        let rows = Rows::new(self.items, attribute);
        let patterns = pattern::patterns(&rows.items, attribute, delimiter, context);
        let pattern = patterns.into_iter().flatten().reduce(|one, other| one.general(&other))?;
        if pattern.is_plain() {
            return None;
        }
        let may_link = |name: &str| name != attribute && self.may_link(known, name);
        let (pattern, links) = compose::link(&rows, &pattern, &may_link)?;
        let mut parts = Vec::new();
        for (place, link) in links.into_iter().enumerate() {
            parts.push(match link {
                Some(part) => part,
                None => self.part_of_own_key(known, &rows, &compose::column(&rows, &pattern, place))?,
            });
        }
        let composed = Composed { pattern, parts };
        // An item without the key must lack what it is made of, or else the next write would bring it.
        let lacks_part = |item: &&&Item| {
            composed.parts.iter().any(|part| match part {
                Part::Attribute { name, .. } => !item.attributes.contains_key(name),
                Part::KeyOnly { .. } => false,
            })
        };
        let without: Vec<_> = self.items.iter().filter(|item| item.text(attribute).is_none()).collect();
        without.iter().all(lacks_part).then_some(composed)
    }

    /// The field of the table's key that has the same data in every item.
    fn part_of_own_key(&self, known: &Known<'_>, rows: &Rows<'_>, data: &[&str]) -> Option<Part> {
        for key in known.table.key() {
            let Some(composed) = self.composed.get(&key.name) else { continue };
            let own = Rows::new(&rows.items, &key.name);
            for (name, values) in compose::key_only_values(&own, composed) {
                let part = composed
                    .parts
                    .iter()
                    .find(|part| matches!(part, Part::KeyOnly { name: other, .. } if *other == name));
                if values == data {
                    return part.cloned();
                }
            }
        }
        None
    }

    /// Whether the model can have a key attribute.
    fn has(&self, attribute: &str) -> bool {
        self.composed.contains_key(attribute) || self.fields.contains_key(attribute)
    }

    fn add_unseen(&mut self, table: &TableDescription, attribute: &str, why: &str) {
        if !self.has(attribute) {
            let field = fields::unseen(table, attribute, &mut self.taken, why);
            self.fields.insert(attribute.to_owned(), field);
        }
    }

    fn finish(self, table: &TableDescription) -> DraftModel {
        let field_name = |attribute: &str| {
            self.fields.get(attribute).map_or_else(|| attribute.to_owned(), |field| field.name.clone())
        };
        let template = |attribute: &str| -> Option<DraftTemplate> {
            Some(self.composed.get(attribute)?.template(&field_name))
        };
        let is_of_table = |attribute: &str| table.is_key(attribute);
        let of_index = |keys: &[crate::import::description::DescribedKey]| match keys {
            [key] if !is_of_table(&key.name) => template(&key.name),
            _ => None,
        };
        let indexes = table.indexes.iter().filter(|index| self.indexes.contains(&index.name));
        let indexes = indexes.map(|index| DraftModelIndex {
            name: index.name.clone(),
            partition_key: of_index(&index.partition_key),
            sort_key: of_index(&index.sort_key),
        });
        let indexes = indexes.collect();
        let partition_key = template(&table.partition_key.name);
        let sort_key = table.sort_key.as_ref().and_then(|key| template(&key.name));
        let parts: Vec<&str> = self
            .composed
            .values()
            .flat_map(|composed| &composed.parts)
            .filter_map(|part| match part {
                Part::Attribute { name, .. } => Some(name.as_str()),
                Part::KeyOnly { .. } => None,
            })
            .collect();
        let keys = table.key_attributes();
        let rank = |field: &DraftField| {
            let of_table = table.key().position(|key| key.name == field.attribute);
            let of_template = parts.contains(&field.attribute.as_str());
            let of_index = keys.iter().any(|key| key.name == field.attribute);
            match (of_table, of_template, of_index) {
                (Some(place), ..) => place,
                (None, true, _) => 2,
                (None, false, true) => 3,
                _ => 4,
            }
        };
        let mut fields: Vec<DraftField> = self.fields.values().cloned().collect();
        fields.sort_by_key(|field| (rank(field), field.attribute.clone()));
        let fields = self.key_only.iter().cloned().chain(fields).collect();
        DraftModel {
            names: self.names,
            group: self.group,
            notes: self.notes,
            partition_key,
            sort_key,
            indexes,
            fields,
        }
    }
}

/// Key attributes of indexes that templates may compose: text, alone in its key, and of no table's key.
fn composable(table: &TableDescription) -> Vec<String> {
    let is_alone = |name: &str| {
        table.indexes.iter().all(|index| {
            [&index.partition_key, &index.sort_key]
                .into_iter()
                .all(|keys| keys.len() < 2 || keys.iter().all(|key| key.name != name))
        })
    };
    let keys = table.key_attributes().into_iter();
    keys.filter(|key| key.scalar == Scalar::Text && !table.is_key(&key.name) && is_alone(&key.name))
        .map(|key| key.name.clone())
        .collect()
}

/// Says which models are in which index, and gives them what the table names and no item has.
fn complete(table: &TableDescription, models: &mut [Model<'_>]) {
    if models.is_empty() {
        return;
    }
    let is_alone = models.len() == 1;
    if is_alone
        || table.ttl.as_deref().is_some_and(|ttl| models.iter().all(|model| !model.fields.contains_key(ttl)))
    {
        if let Some(ttl) = &table.ttl {
            models
                .iter_mut()
                .for_each(|model| model.add_unseen(table, ttl, "sure: the table's TTL; in no sampled item"));
        }
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

/// Whether a key of an index is composed beside what the table's key is.
fn is_composed(model: &Model<'_>, index: &IndexDescription) -> bool {
    let keys = match index.scope {
        IndexScope::Global => index.partition_key.iter().chain(&index.sort_key),
        IndexScope::Local => index.sort_key.iter().chain(&[]),
    };
    keys.into_iter().any(|key| model.composed.contains_key(&key.name))
}

/// What a table is called in its declaration: by its template, unless that says no more than that it is a table.
fn label(table: &TableDescription) -> &str {
    let is_general =
        ["this", "main", "default", "table", "basic", "dynamodb", "dynamodb_table", "dynamodb-table"]
            .contains(&table.label.to_lowercase().as_str());
    if is_general { table.declared_name() } else { &table.label }
}

/// What a model may be called, the best first.
fn names_of(table: &TableDescription, found: &Groups<'_>, group: &Group<'_>) -> Vec<String> {
    if found.is_type_attribute {
        return group.kind.iter().cloned().collect();
    }
    let of_table = singular(&table_name(label(table)));
    if found.groups.len() == 1 {
        return vec![of_table];
    }
    let word = |text: &str| {
        let words = super::guess::words(text);
        let is_meant =
            |word: &String| word.len() > 1 && word.contains(|letter: char| letter.is_ascii_lowercase());
        words.into_iter().rfind(is_meant)
    };
    let first = |pattern: &Option<pattern::Pattern>| {
        pattern.as_ref().and_then(|pattern| pattern.first_constant().and_then(word))
    };
    let (partition, sort) = (first(&group.partition_key), first(&group.sort_key));
    let sort = sort.filter(|sort| !pattern::is_for_itself(sort));
    let mut names: Vec<String> = group.kind.iter().map(|kind| singular(kind)).collect();
    names.extend(sort.iter().cloned());
    names.extend(partition.iter().zip(&sort).map(|(partition, sort)| format!("{partition} {sort}")));
    names.extend(partition.iter().filter(|_| sort.is_none()).cloned());
    names.push(match names.is_empty() {
        true => of_table,
        false => format!("{of_table} {}", names[0]),
    });
    names
}
