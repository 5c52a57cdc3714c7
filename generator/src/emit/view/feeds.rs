//! Fields that index keys are composed of: what an update of one must change besides.

use super::key::Keys;
use crate::catalog::{Field, KeySource, Template};
use crate::emit::text::literal;

/// A field whose change rewrites index keys, all else being known from the item's own key.
pub(in crate::emit) struct FeedView {
    /// The role of its handle.
    pub role: String,
    pub kind: String,
    pub rust_type: String,
    pub statements: Vec<String>,
    /// Whether the statements name the item's own key.
    pub uses_key: bool,
}

/// Fields that are set together, since one index key is composed of them.
pub(in crate::emit) struct GroupView {
    pub function: String,
    pub docs: Vec<String>,
    pub fields: Vec<GroupFieldView>,
    pub statements: Vec<String>,
    /// Whether the statements name the item's own key.
    pub uses_key: bool,
}

pub(in crate::emit) struct GroupFieldView {
    pub identifier: String,
    pub rust_type: String,
    pub constant: String,
}

/// The part that a field has in keys.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::emit) enum Part {
    None,
    Primary,
    /// It is unique, and changes by saves alone.
    Unique,
    /// It feeds index keys alone.
    Feeds,
    /// It feeds an index key together with others.
    Shares,
}

/// The part that each field of a model has.
pub(in crate::emit) fn part(keys: &Keys<'_>, field: &Field) -> Part {
    if is_primary(keys, field) {
        return Part::Primary;
    }
    if field.unique {
        return Part::Unique;
    }
    let mut fed = fed(keys, field).peekable();
    if fed.peek().is_none() {
        Part::None
    } else if fed.all(|template| free(keys, template).len() == 1) {
        Part::Feeds
    } else {
        Part::Shares
    }
}

pub(in crate::emit) fn feeds(keys: &Keys<'_>) -> Vec<FeedView> {
    let fields = keys.model.fields.iter().filter(|field| part(keys, field) == Part::Feeds);
    let view = |field: &Field| {
        let value = |part: &Field| match part.name == field.name {
            true => "value".to_owned(),
            false => format!("&key.{}", part.identifier),
        };
        let statements = fed(keys, field).map(|template| {
            let set =
                format!("change.key({}, {})", literal(&template.attribute), keys.text(template, &value));
            if field.optional {
                let remove = format!("change.remove({})", literal(&template.attribute));
                format!("match value {{ Some(value) => {set}, None => {remove} }}")
            } else {
                format!("{set};")
            }
        });
        FeedView {
            role: role(field),
            kind: keys.kinds.field_kind(field),
            rust_type: keys.kinds.field_type(field),
            uses_key: fed(keys, field).any(|template| {
                template
                    .parts
                    .iter()
                    .filter_map(|part| keys.field(part.field))
                    .any(|part| part.name != field.name)
            }),
            statements: statements.collect(),
        }
    };
    fields.map(view).collect()
}

/// Whether an index key is composed of several fields that an item's own key does not tell, and of which one may be absent: an
/// upsert that gives an item its missing field does not know the others as they are stored.
pub(in crate::emit) fn are_entangled(keys: &Keys<'_>) -> bool {
    index_templates(keys).any(|template| {
        let free = free(keys, template);
        free.len() > 1 && free.iter().any(|field| field.optional)
    })
}

/// The name of a field's role, in the module `feeds`.
pub(in crate::emit) fn role(field: &Field) -> String {
    super::kind::type_name(&field.name)
}

pub(in crate::emit) fn groups(keys: &Keys<'_>) -> Vec<GroupView> {
    let mut groups: Vec<Vec<&Field>> = Vec::new();
    for template in index_templates(keys) {
        let members = free(keys, template);
        if members.len() < 2 {
            continue;
        }
        let is_among =
            |group: &Vec<&Field>| group.iter().any(|one| members.iter().any(|other| other.name == one.name));
        let (meeting, apart): (Vec<_>, Vec<_>) = groups.into_iter().partition(is_among);
        groups = apart;
        let mut group: Vec<&Field> = meeting.into_iter().flatten().collect();
        for member in members {
            if group.iter().all(|known| known.name != member.name) {
                group.push(member);
            }
        }
        groups.push(group);
    }
    // A unique field needs its old value to change, and then the whole group changes by saves alone.
    let settable = groups.iter().filter(|fields| fields.iter().all(|field| !field.unique));
    settable.map(|fields| group(keys, fields)).collect()
}

fn group(keys: &Keys<'_>, fields: &[&Field]) -> GroupView {
    let is_member = |field: &Field| fields.iter().any(|one| one.name == field.name);
    let value = |part: &Field| match is_member(part) {
        true if part.optional => part.identifier.clone(),
        true => format!("&{}", part.identifier),
        false => format!("&key.{}", part.identifier),
    };
    let mut statements = Vec::new();
    let mut uses_key = false;
    for template in
        index_templates(keys).filter(|template| free(keys, template).iter().any(|field| is_member(field)))
    {
        let attribute = literal(&template.attribute);
        let parts = template.parts.iter().filter_map(|part| keys.field(part.field));
        uses_key |= parts.clone().any(|part| !is_member(part));
        let mut optional: Vec<&Field> = Vec::new();
        for part in parts.filter(|part| part.optional) {
            if optional.iter().all(|known| known.name != part.name) {
                optional.push(part);
            }
        }
        let set = format!("change.key({attribute}, {});", keys.text(template, &value));
        statements.push(given(&optional, &set, &format!(" else {{ change.remove({attribute}); }}"), ""));
    }
    let names: Vec<_> = fields.iter().map(|field| field.name.as_str()).collect();
    let in_words: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    GroupView {
        function: names.join("_and_"),
        docs: vec![format!(
            "/// New values of {}, of which index keys are composed: for [`Update::set_key`](dynamorm::Update::set_key).",
            in_words.join(" and ")
        )],
        fields: fields
            .iter()
            .map(|field| GroupFieldView {
                identifier: field.identifier.clone(),
                rust_type: keys.kinds.field_type(field),
                constant: field.constant.clone(),
            })
            .collect(),
        statements,
        uses_key,
    }
}

/// A statement, if every one of these fields has a value. `of` stands before their names.
pub(in crate::emit) fn given(optional: &[&Field], statement: &str, otherwise: &str, of: &str) -> String {
    let values: Vec<_> = optional.iter().map(|field| format!("&{of}{}", field.identifier)).collect();
    let names: Vec<_> = optional.iter().map(|field| format!("Some({})", field.identifier)).collect();
    match (names.as_slice(), values.as_slice()) {
        ([], _) => statement.to_owned(),
        ([name], [value]) => format!("if let {name} = {value} {{ {statement} }}{otherwise}"),
        _ => format!("if let ({}) = ({}) {{ {statement} }}{otherwise}", names.join(", "), values.join(", ")),
    }
}

/// Whether the table's key is made of a field.
fn is_primary(keys: &Keys<'_>, field: &Field) -> bool {
    keys.model.key.iter().any(|source| match source {
        KeySource::Field(number) => keys.field(*number).is_some_and(|known| known.name == field.name),
        KeySource::Template(template) => has(keys, template, field),
    })
}

fn has(keys: &Keys<'_>, template: &Template, field: &Field) -> bool {
    template.parts.iter().filter_map(|part| keys.field(part.field)).any(|known| known.name == field.name)
}

/// The composed attributes of index keys, the table's own key apart.
fn index_templates<'a>(keys: &Keys<'a>) -> impl Iterator<Item = &'a Template> {
    let own: Vec<_> = keys.model.key.iter().filter_map(attribute).collect();
    keys.templates().into_iter().filter(move |template| !own.contains(&template.attribute.as_str()))
}

fn attribute(source: &KeySource) -> Option<&str> {
    match source {
        KeySource::Field(_) => None,
        KeySource::Template(template) => Some(&template.attribute),
    }
}

/// The composed attributes of index keys that a field is part of.
fn fed<'k, 'a>(keys: &'k Keys<'a>, field: &'k Field) -> impl Iterator<Item = &'a Template> + use<'k, 'a> {
    index_templates(keys).filter(move |template| has(keys, template, field))
}

/// The fields of a template that the item's own key does not tell, each once.
fn free<'a>(keys: &Keys<'a>, template: &Template) -> Vec<&'a Field> {
    let mut free: Vec<&Field> = Vec::new();
    for field in template.parts.iter().filter_map(|part| keys.field(part.field)) {
        if !is_primary(keys, field) && free.iter().all(|known| known.name != field.name) {
            free.push(field);
        }
    }
    free
}
