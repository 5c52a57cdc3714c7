//! What follows from how keys are composed.

use super::{KeySource, ModelIndex, Template, TemplatePart};

/// Every composition of an item's attributes, each once: those of the table's key first. Of those of one attribute, an item has one
/// at most.
pub fn templates<'a>(key: &'a [KeySource], indexes: &'a [ModelIndex]) -> Vec<&'a Template> {
    let of_indexes = indexes.iter().flat_map(|index| index.partition_key.iter().chain(&index.sort_key));
    let mut templates: Vec<&Template> = Vec::new();
    for source in key.iter().chain(of_indexes) {
        if let KeySource::Template(template) = source
            && templates.iter().all(|known| *known != template)
        {
            templates.push(template);
        }
    }
    templates
}

/// The compositions of index keys, the table's own key apart.
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

/// The composed attributes of index keys, the table's own key apart: the templates of each.
pub fn index_attributes<'a>(key: &'a [KeySource], indexes: &'a [ModelIndex]) -> Vec<Vec<&'a Template>> {
    let mut attributes: Vec<Vec<&Template>> = Vec::new();
    for template in index_templates(key, indexes) {
        match attributes.iter_mut().find(|known| known.iter().any(|one| one.attribute == template.attribute))
        {
            Some(known) => known.push(template),
            None => attributes.push(vec![template]),
        }
    }
    attributes
}

/// The first part of a template, if it is the context.
pub fn of_context(template: &Template, context: Option<usize>) -> Option<&TemplatePart> {
    template.parts.first().filter(|part| Some(part.field) == context)
}

/// Whether the table's key is made of a field.
pub fn is_primary(key: &[KeySource], field: usize) -> bool {
    key.iter().any(|source| match source {
        KeySource::Field(number) => *number == field,
        KeySource::Template(template) => template.parts.iter().any(|part| part.field == field),
    })
}

/// The fields that decide about a composed attribute: those that it is made of, and those that its conditions compare. Some
/// are told more than once.
pub fn deciding_fields<'t>(templates: &'t [&Template]) -> impl Iterator<Item = usize> + use<'t> {
    templates.iter().flat_map(|template| {
        let compared = template.when.iter().map(|comparison| comparison.field);
        template.parts.iter().map(|part| part.field).chain(compared)
    })
}

/// The fields that decide about a composed attribute and that the table's key does not tell, each once.
pub fn free_fields(key: &[KeySource], templates: &[&Template]) -> Vec<usize> {
    let mut free = Vec::new();
    for field in deciding_fields(templates) {
        if !is_primary(key, field) && !free.contains(&field) {
            free.push(field);
        }
    }
    free
}

/// The fields of which index keys are composed together, so that an update gives them together.
pub fn key_groups(key: &[KeySource], indexes: &[ModelIndex]) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for templates in index_attributes(key, indexes) {
        let members = free_fields(key, &templates);
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
