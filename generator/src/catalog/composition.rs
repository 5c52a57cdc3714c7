//! Consequences of how keys are composed.

use super::{Composition, Condition, KeyForm, KeySource, Kind, ModelIndex, Template, TemplatePart};

/// Every composed attribute of an item, each once: those of the table's key first.
pub fn compositions<'a>(key: &'a [KeySource], indexes: &'a [ModelIndex]) -> Vec<Composition<'a>> {
    let mut compositions: Vec<Composition<'a>> =
        key.iter().filter_map(template).map(Composition::of).collect();
    let own = compositions.len();
    for (number, used) in indexes.iter().enumerate() {
        let before = &indexes[..number];
        for template in used.partition_key.iter().chain(&used.sort_key).filter_map(template) {
            let known = compositions.iter().position(|known| known.attribute == template.attribute);
            match known {
                None => compositions.push(Composition::of(template)),
                // What is part of the table's key is there in every case.
                Some(known) if known < own => {}
                // Another index composes it alike.
                Some(_) if !is_further_case(before, used, &template.attribute) => {}
                Some(known) => compositions[known].add(template),
            }
        }
    }
    compositions
}

/// Whether the entry of an index is a further one of that index, and no other index before it composes the attribute.
fn is_further_case(before: &[ModelIndex], used: &ModelIndex, attribute: &str) -> bool {
    let composes = |other: &&ModelIndex| {
        let sources = other.partition_key.iter().chain(&other.sort_key);
        sources.filter_map(template).any(|template| template.attribute == attribute)
    };
    before.iter().find(composes).is_some_and(|first| first.index == used.index)
}

/// The composed attributes of index keys, without the table's own key.
pub fn index_compositions<'a>(
    key: &'a [KeySource],
    indexes: &'a [ModelIndex],
) -> impl Iterator<Item = Composition<'a>> {
    let own = key.iter().filter_map(template).count();
    compositions(key, indexes).into_iter().skip(own)
}

/// Every text that an item's attributes are composed as, each once: those of the table's key first.
pub fn templates<'a>(key: &'a [KeySource], indexes: &'a [ModelIndex]) -> Vec<&'a Template> {
    let mut templates: Vec<&Template> = Vec::new();
    for (_, template) in compositions(key, indexes).into_iter().flat_map(|composition| composition.cases) {
        if templates.iter().all(|known| !known.is_composed_as(template)) {
            templates.push(template);
        }
    }
    templates
}

/// What holds of no item that is in an index by this entry of a model's: the conditions of the entries before it.
pub fn excluded<'a>(indexes: &'a [ModelIndex], used: &'a ModelIndex) -> impl Iterator<Item = &'a Condition> {
    let of_index = indexes.iter().filter(|other| other.index == used.index);
    of_index.take_while(move |other| *other != used).filter_map(|other| other.when.as_ref())
}

fn template(source: &KeySource) -> Option<&Template> {
    match source {
        KeySource::Field(_) => None,
        KeySource::Template(template) => Some(template),
    }
}

/// The first part of a template, if it is the whole context.
pub fn of_context(template: &Template, context: Option<usize>) -> Option<&TemplatePart> {
    template.parts.first().filter(|part| Some(part.field) == context && !part.form.is_lossy())
}

/// The part of a partition key that spreads what would be one partition over shards: a query reads them all, and asks for no
/// value of its field, unless another part tells that.
pub fn open_shard<'k>(
    partition: impl Iterator<Item = &'k KeySource> + Clone,
) -> Option<(&'k Template, &'k TemplatePart)> {
    only_part(partition, |form| matches!(form, KeyForm::Shard(_)))
}

/// What a query of the periods of a range is made of.
#[derive(Clone, Copy)]
pub struct Buckets<'k> {
    pub template: &'k Template,
    /// The part that tells the period of a moment.
    pub part: &'k TemplatePart,
    /// The part that spreads each period over shards.
    pub shard: Option<&'k TemplatePart>,
    /// What the periods are called: `days`, `months` or `hours`.
    pub periods: &'static str,
}

/// The periods that a partition key tells of a moment, where nothing else tells it: a query reads those of a range. `kind` knows
/// the fields.
pub fn buckets<'k>(
    partition: impl Iterator<Item = &'k KeySource> + Clone,
    kind: impl Fn(usize) -> Option<&'k Kind>,
) -> Option<Buckets<'k>> {
    let periods = |form| match form {
        KeyForm::Day => Some("days"),
        KeyForm::Month => Some("months"),
        KeyForm::Hour => Some("hours"),
        _ => None,
    };
    let (template, part) = only_part(partition.clone(), |form| periods(form).is_some())?;
    let shard = open_shard(partition);
    let is_of_one_attribute = shard.is_none_or(|(sharded, _)| sharded.attribute == template.attribute);
    let is_moment = matches!(kind(part.field), Some(Kind::Timestamp(_)));
    let periods = periods(part.form).filter(|_| is_of_one_attribute && is_moment)?;
    Some(Buckets { template, part, shard: shard.map(|(_, part)| part), periods })
}

/// The name of a stage of the sort key of a query of buckets, of which the first is 1: `DealDaysQuery`.
pub fn bucket_stage(stem: &str, periods: &str, stage: usize) -> String {
    let (first, rest) = periods.split_at(periods.len().min(1));
    let number = if stage > 1 { stage.to_string() } else { String::new() };
    format!("{stem}{}{rest}Query{number}", first.to_uppercase())
}

/// The part of such a form whose field is in no other part.
fn only_part<'k>(
    partition: impl Iterator<Item = &'k KeySource> + Clone,
    is_form: impl Fn(KeyForm) -> bool,
) -> Option<(&'k Template, &'k TemplatePart)> {
    let parts = || {
        partition.clone().flat_map(|source| match source {
            KeySource::Field(_) => Vec::new(),
            KeySource::Template(template) => template.parts.iter().map(|part| (template, part)).collect(),
        })
    };
    let is_alone = |field: usize| {
        parts().filter(|(_, part)| part.field == field).count() == 1
            && !partition.clone().any(|source| *source == KeySource::Field(field))
    };
    parts().find(|(_, part)| is_form(part.form) && is_alone(part.field))
}

/// Whether the table's key contains a field.
pub fn is_primary(key: &[KeySource], field: usize) -> bool {
    key.iter().any(|source| match source {
        KeySource::Field(number) => *number == field,
        KeySource::Template(template) => template.parts.iter().any(|part| part.field == field),
    })
}

/// The fields that decide about an attribute and that the table's key does not tell, each once.
pub fn free_fields(key: &[KeySource], composition: &Composition<'_>) -> Vec<usize> {
    let mut free = composition.fields();
    free.retain(|field| !is_primary(key, *field));
    free
}

/// Groups of fields that are composed into index keys together, so an update sets them together.
pub fn key_groups(key: &[KeySource], indexes: &[ModelIndex]) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for composition in index_compositions(key, indexes) {
        let members = free_fields(key, &composition);
        if members.len() < 2 {
            continue;
        }
        let is_among = |group: &Vec<usize>| group.iter().any(|one| members.contains(one));
        let (meeting, apart): (Vec<_>, Vec<_>) = groups.into_iter().partition(is_among);
        groups = apart;
        let mut group: Vec<usize> = meeting.into_iter().flatten().collect();
        for member in members {
            if !group.contains(&member) {
                group.push(member);
            }
        }
        groups.push(group);
    }
    groups
}

/// The name of the function that sets the fields of a group.
pub fn group_function<'a>(fields: impl Iterator<Item = &'a str>) -> String {
    fields.collect::<Vec<_>>().join("_and_")
}
