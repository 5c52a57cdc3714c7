//! What follows from how keys are composed.

use super::{Composition, Computed, Condition, KeySource, ModelIndex, Template, TemplatePart};

/// Every composed attribute of an item, each once: those of the table's key first, then the computed fields.
pub fn compositions<'a>(
    key: &'a [KeySource],
    indexes: &'a [ModelIndex],
    computed: &'a [Computed],
) -> Vec<Composition<'a>> {
    let mut compositions: Vec<Composition<'a>> =
        key.iter().filter_map(template).map(Composition::of).collect();
    compositions.extend(computed.iter().map(|field| Composition::of(&field.template)));
    let own = compositions.len();
    for (number, used) in indexes.iter().enumerate() {
        let before = &indexes[..number];
        for template in used.partition_key.iter().chain(&used.sort_key).filter_map(template) {
            let known = compositions.iter().position(|known| known.attribute == template.attribute);
            match known {
                None => compositions.push(Composition::of(template)),
                // What is part of the table's key is there in every case, and so is what is computed.
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

/// The computed fields and the composed attributes of index keys, the table's own key apart.
pub fn index_compositions<'a>(
    key: &'a [KeySource],
    indexes: &'a [ModelIndex],
    computed: &'a [Computed],
) -> impl Iterator<Item = Composition<'a>> {
    let own = key.iter().filter_map(template).count();
    compositions(key, indexes, computed).into_iter().skip(own)
}

/// Every text that an item's attributes are composed as, each once: those of the table's key first.
pub fn templates<'a>(
    key: &'a [KeySource],
    indexes: &'a [ModelIndex],
    computed: &'a [Computed],
) -> Vec<&'a Template> {
    let mut templates: Vec<&Template> = Vec::new();
    for (_, template) in compositions(key, indexes, computed).into_iter().flat_map(|composition| composition.cases) {
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

/// The first part of a template, if it is all of the context.
pub fn of_context(template: &Template, context: Option<usize>) -> Option<&TemplatePart> {
    template.parts.first().filter(|part| Some(part.field) == context && !part.form.is_lossy())
}

/// Whether the table's key is made of a field.
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

/// The fields of which index keys are composed together, so that an update gives them together.
pub fn key_groups(key: &[KeySource], indexes: &[ModelIndex], computed: &[Computed]) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for composition in index_compositions(key, indexes, computed) {
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

/// The name of the function that gives the fields of a group new values.
pub fn group_function<'a>(fields: impl Iterator<Item = &'a str>) -> String {
    fields.collect::<Vec<_>>().join("_and_")
}
