//! A model of a table: its fields, its composed keys, and the indexes that it is in.

use super::compose::{self, Composed, Linkable, Part, PartForm, Rows};
use super::fields::{self, Known};
use super::groups::{self, Group, Groups};
use super::guess::Guess;
use super::pattern::{self, Context};
use super::tables::label;
use crate::catalog::{Projection, Scalar};
use crate::import::description::{DescribedKey, TableDescription};
use crate::import::draft::{DraftField, DraftModel, DraftModelIndex, DraftTemplate};
use crate::import::item::Item;
use crate::import::names::{singular, table_name};
use crate::names;
use std::collections::{BTreeMap, BTreeSet};

/// A model in the making.
pub(super) struct Model<'g> {
    names: Vec<String>,
    type_value: Option<String>,
    notes: Vec<String>,
    pub(super) composed: BTreeMap<String, Composed>,
    pub(super) fields: BTreeMap<String, DraftField>,
    key_only: Vec<DraftField>,
    /// Rust names of fields.
    taken: BTreeSet<String>,
    /// The names of the indexes that it is in.
    pub(super) indexes: BTreeSet<String>,
    pub(super) items: &'g [&'g Item],
    group: usize,
}

impl<'g> Model<'g> {
    pub(super) fn new(known: &Known<'_>, found: &Groups<'_>, group: &'g Group<'g>) -> Self {
        let candidates = fields::candidates(known, group);
        let rust = |field: &DraftField| names::field_name(&field.name).map(|name| names::type_stem(&name));
        let mut notes = Vec::new();
        if !group.items.is_empty() {
            notes.push(groups::sentence(group));
        }
        notes.extend(candidates.notes);
        let type_value = group.kind.clone().filter(|_| found.is_type_attribute);
        let mut model = Model {
            type_value,
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
        if let Some(delimiter) = group.delimiter {
            model.compose_indexes(known, delimiter);
        }
        for attribute in model.composed.keys() {
            model.fields.remove(attribute);
        }
        model
    }

    /// Composes the table's key. A part that equals no attribute becomes a field that only the key contains.
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

    /// The form in which an attribute may be part of a key, if it may.
    fn may_link(&self, known: &Known<'_>, attribute: &str) -> Option<Linkable> {
        let is_constant = known.discriminator == Some(attribute);
        let is_text_key = known.table.key_attributes().iter().any(|key| {
            key.name == attribute && (known.table.is_key(attribute) || self.composed.contains_key(attribute))
        });
        let field = self.fields.get(attribute).filter(|field| field.default.is_none())?;
        let linkable = match field.guess {
            Guess::Timestamp(form) if !form.is_text() => Linkable::Epoch(form),
            _ => Linkable::Stored,
        };
        (!is_constant && !is_text_key).then_some(linkable)
    }

    /// Fits a field's type to the key that contains it.
    fn note_part(&mut self, part: &Part, is_of_table: bool) {
        let Part::Attribute { name, form } = part else { return };
        let Some(field) = self.fields.get_mut(name) else { return };
        if matches!(form, PartForm::Digits(_)) {
            field.guess = Guess::Unsigned;
        }
        let is_enumeration = matches!(field.guess, Guess::Enumeration(_));
        if is_of_table && is_enumeration || field.guess == Guess::JsonText {
            field.guess = Guess::Text;
        }
        field.remark = fields::part_of_key(&field.remark, self.items.len());
    }

    /// Composes the keys of indexes, as far as every item composes them from fields.
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
        let may_link = |name: &str| self.may_link(known, name).filter(|_| name != attribute);
        let (pattern, links) = compose::link(&rows, &pattern, &may_link)?;
        let mut parts = Vec::new();
        for (place, link) in links.into_iter().enumerate() {
            parts.push(match link {
                Some(part) => part,
                None => self.part_of_own_key(known, &rows, &compose::column(&rows, &pattern, place))?,
            });
        }
        let composed = Composed { pattern, parts };
        // An item without the key must also lack one of its fields. Otherwise the next write would add the key.
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
    pub(super) fn has(&self, attribute: &str) -> bool {
        self.composed.contains_key(attribute) || self.fields.contains_key(attribute)
    }

    pub(super) fn add_unseen(&mut self, table: &TableDescription, attribute: &str, why: &str) {
        if !self.has(attribute) {
            let field = fields::unseen(table, attribute, &mut self.taken, why);
            self.fields.insert(attribute.to_owned(), field);
        }
    }

    pub(super) fn finish(self, table: &TableDescription) -> DraftModel {
        let field_name = |attribute: &str| {
            self.fields.get(attribute).map_or_else(|| attribute.to_owned(), |field| field.name.clone())
        };
        let template = |attribute: &str| -> Option<DraftTemplate> {
            Some(self.composed.get(attribute)?.template(&field_name))
        };
        let is_of_table = |attribute: &str| table.is_key(attribute);
        let of_index = |keys: &[DescribedKey]| match keys {
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
            type_value: self.type_value,
            group: self.group,
            notes: self.notes,
            partition_key,
            sort_key,
            indexes,
            fields,
        }
    }
}

/// Key attributes of indexes that templates may compose: text, alone in its key, and not in the table's key.
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

/// Possible names of a model, the best first.
fn names_of(table: &TableDescription, found: &Groups<'_>, group: &Group<'_>) -> Vec<String> {
    let of_table = singular(&table_name(label(table)));
    if let Some(kind) = group.kind.as_ref().filter(|_| found.is_type_attribute) {
        let name = if names::is_type_name(kind) { kind.clone() } else { singular(kind) };
        return vec![name.clone(), format!("{of_table} {name}")];
    }
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
    let pairs = partition.iter().zip(&sort).filter(|(partition, sort)| partition != sort);
    names.extend(pairs.map(|(partition, sort)| format!("{partition} {sort}")));
    names.extend(partition.iter().filter(|_| sort.is_none()).cloned());
    names.push(match names.is_empty() {
        true => of_table,
        false => format!("{of_table} {}", names[0]),
    });
    names
}
