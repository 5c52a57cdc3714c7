//! What follows from how keys are composed.

use super::{KeySource, ModelIndex, Template, TemplatePart};

/// Every composed attribute of an item, each once: those of the table's key first.
pub fn templates<'a>(key: &'a [KeySource], indexes: &'a [ModelIndex]) -> Vec<&'a Template> {
    let of_indexes = indexes.iter().flat_map(|index| index.partition_key.iter().chain(&index.sort_key));
    let mut templates: Vec<&Template> = Vec::new();
    for source in key.iter().chain(of_indexes) {
        if let KeySource::Template(template) = source
            && templates.iter().all(|known| known.attribute != template.attribute)
        {
            templates.push(template);
        }
    }
    templates
}

/// The composed attributes of index keys, the table's own key apart.
pub fn index_templates<'a>(
    key: &'a [KeySource],
    indexes: &'a [ModelIndex],
) -> impl Iterator<Item = &'a Template> {
    let is_own = |template: &Template| {
        key.iter()
            .any(|source| matches!(source, KeySource::Template(own) if own.attribute == template.attribute))
    };
    templates(key, indexes).into_iter().filter(move |template| !is_own(template))
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

/// The fields of a template that the table's key does not tell, each once.
pub fn free_fields(key: &[KeySource], template: &Template) -> Vec<usize> {
    let mut free = Vec::new();
    for part in &template.parts {
        if !is_primary(key, part.field) && !free.contains(&part.field) {
            free.push(part.field);
        }
    }
    free
}

/// The fields of which index keys are composed together, so that an update gives them together.
pub fn key_groups(key: &[KeySource], indexes: &[ModelIndex]) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for template in index_templates(key, indexes) {
        let members = free_fields(key, template);
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
