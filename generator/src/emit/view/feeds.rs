//! Fields that index keys are composed of: what an update of one must change besides.

use super::key::Keys;
use crate::catalog::{self, Default, Field, Template};
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
    /// Its documentation, and the attributes below.
    pub docs: Vec<String>,
    pub fields: Vec<GroupFieldView>,
    /// What the statements call the item's own key and the change, beside the fields.
    pub key: String,
    pub change: String,
    pub statements: Vec<String>,
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

/// What the facts say of the index keys that a change of a field composes anew: each a `dynamorm::ComposedKey`.
pub(in crate::emit) fn composed_keys(keys: &Keys<'_>) -> Vec<String> {
    let fact = |template: &Template| {
        let fields: Vec<_> = free(keys, template).iter().map(|field| literal(&field.attribute)).collect();
        (!fields.is_empty()).then(|| {
            let attribute = literal(&template.attribute);
            format!("dynamorm::ComposedKey {{ attribute: {attribute}, fields: &[{}] }}", fields.join(", "))
        })
    };
    index_templates(keys).filter_map(fact).collect()
}

/// Whether an index key is composed of several fields that an item's own key does not tell, and of which one may be missing in a
/// stored item: an upsert that gives the item that field does not know the others as they are stored.
pub(in crate::emit) fn are_entangled(keys: &Keys<'_>) -> bool {
    let may_be_missing = |field: &&Field| {
        let default = field.default.as_ref();
        field.optional
            || default.is_some_and(|default| {
                matches!(default, Default::Literal(_) | Default::Expression { on_read: true, .. })
            })
    };
    index_templates(keys).any(|template| {
        let free = free(keys, template);
        free.len() > 1 && free.iter().any(may_be_missing)
    })
}

/// The name of a field's role, in the module `feeds`.
pub(in crate::emit) fn role(field: &Field) -> String {
    super::kind::type_name(&field.name)
}

pub(in crate::emit) fn groups(keys: &Keys<'_>) -> Vec<GroupView> {
    let groups = catalog::key_groups(&keys.model.key, &keys.model.indexes);
    let groups = groups.iter().map(|group| group.iter().filter_map(|number| keys.field(*number)));
    let groups: Vec<Vec<&Field>> = groups.map(Iterator::collect).collect();
    // A unique field needs its old value to change, and then the whole group changes by saves alone.
    let settable = groups.iter().filter(|fields| fields.iter().all(|field| !field.unique));
    settable.map(|fields| group(keys, fields)).collect()
}

fn group(keys: &Keys<'_>, fields: &[&Field]) -> GroupView {
    let is_member = |field: &Field| fields.iter().any(|one| one.name == field.name);
    let (key, change) = (apart("key", fields), apart("change", fields));
    let value = |part: &Field| match is_member(part) {
        true if part.optional => part.identifier.clone(),
        true => format!("&{}", part.identifier),
        false => format!("&{key}.{}", part.identifier),
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
        let set = format!("{change}.key({attribute}, {});", keys.text(template, &value));
        let remove = format!(" else {{ {change}.remove({attribute}); }}");
        statements.push(given(&optional, &set, &remove, "", &|field| field.identifier.clone()));
    }
    let names: Vec<_> = fields.iter().map(|field| field.name.as_str()).collect();
    let in_words: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    let mut docs = vec![format!(
        "/// New values of {}, of which index keys are composed: for [`Update::set_key`](dynamorm::Update::set_key).",
        in_words.join(" and ")
    )];
    docs.extend(super::shape::of_parameters(fields.len()));
    GroupView {
        function: catalog::group_function(names.iter().copied()),
        docs,
        fields: fields
            .iter()
            .map(|field| GroupFieldView {
                identifier: field.identifier.clone(),
                rust_type: keys.kinds.field_type(field),
                constant: field.constant.clone(),
            })
            .collect(),
        key: if uses_key { key } else { format!("_{key}") },
        change,
        statements,
    }
}

/// A name for a value that stands beside the values of fields.
pub(in crate::emit) fn apart(name: &str, fields: &[&Field]) -> String {
    let mut name = name.to_owned();
    while fields.iter().any(|field| field.identifier == name) {
        name.push('_');
    }
    name
}

/// A statement, if every one of these fields has a value, which is then `called` so. `of` stands before the fields.
pub(in crate::emit) fn given(
    optional: &[&Field],
    statement: &str,
    otherwise: &str,
    of: &str,
    called: &dyn Fn(&Field) -> String,
) -> String {
    let values: Vec<_> = optional.iter().map(|field| format!("&{of}{}", field.identifier)).collect();
    let names: Vec<_> = optional.iter().map(|field| format!("Some({})", called(field))).collect();
    match (names.as_slice(), values.as_slice()) {
        ([], _) => statement.to_owned(),
        ([name], [value]) => format!("if let {name} = {value} {{ {statement} }}{otherwise}"),
        _ => format!("if let ({}) = ({}) {{ {statement} }}{otherwise}", names.join(", "), values.join(", ")),
    }
}

/// Whether the table's key is made of a field.
fn is_primary(keys: &Keys<'_>, field: &Field) -> bool {
    let number = keys.model.fields.iter().position(|known| known.name == field.name);
    number.is_some_and(|number| catalog::is_primary(&keys.model.key, number))
}

fn has(keys: &Keys<'_>, template: &Template, field: &Field) -> bool {
    template.parts.iter().filter_map(|part| keys.field(part.field)).any(|known| known.name == field.name)
}

/// The composed attributes of index keys, the table's own key apart.
fn index_templates<'a>(keys: &Keys<'a>) -> impl Iterator<Item = &'a Template> {
    catalog::index_templates(&keys.model.key, &keys.model.indexes)
}

/// The composed attributes of index keys that a field is part of.
fn fed<'k, 'a>(keys: &'k Keys<'a>, field: &'k Field) -> impl Iterator<Item = &'a Template> + use<'k, 'a> {
    index_templates(keys).filter(move |template| has(keys, template, field))
}

/// The fields of a template that the item's own key does not tell, each once.
fn free<'a>(keys: &Keys<'a>, template: &Template) -> Vec<&'a Field> {
    let free = catalog::free_fields(&keys.model.key, template);
    free.into_iter().filter_map(|number| keys.field(number)).collect()
}
