//! Fields that index keys are composed of: what an update of one must change besides.

use askama::Template;

use super::condition::{self, Composing, Place};
use super::key::KeyWriter;
use super::layout::{list, statements};
use super::query::Function;
use super::text::literal;
use crate::catalog::{self, Composition, Default, Field, Generated};

/// A field whose change rewrites index keys, all else being known from the item's own key.
#[derive(Template)]
#[template(path = "rust/feed.rs.jinja", escape = "none")]
pub(super) struct FeedingRole {
    /// The role of its handle.
    pub role: String,
    model: String,
    kind: String,
    signature: String,
    statements: Vec<String>,
}

/// The part that a field has in keys.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum KeyRole {
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
pub(super) fn role_of(keys: &KeyWriter<'_>, field: &Field) -> KeyRole {
    if is_primary(keys, field) {
        return KeyRole::Primary;
    }
    // The runtime writes it, and the keys that it is part of.
    if field.generated.is_some_and(Generated::is_managed) {
        return KeyRole::None;
    }
    if field.unique {
        return KeyRole::Unique;
    }
    let mut fed = fed(keys, field).peekable();
    if fed.peek().is_none() {
        KeyRole::None
    } else if fed.all(|composition| free(keys, &composition).len() == 1) {
        KeyRole::Feeds
    } else {
        KeyRole::Shares
    }
}

/// The fields that feed index keys alone, each with what its change does.
pub(super) fn feeds(keys: &KeyWriter<'_>) -> Option<Vec<FeedingRole>> {
    let fields = keys.model.fields.iter().filter(|field| role_of(keys, field) == KeyRole::Feeds);
    let feeds: Vec<_> = fields.map(|field| feed(keys, field)).collect();
    (!feeds.is_empty()).then_some(feeds)
}

fn feed(keys: &KeyWriter<'_>, field: &Field) -> FeedingRole {
    let value = |part: &Field| match part.name == field.name {
        true => "value".to_owned(),
        false => format!("&key.{}", part.identifier),
    };
    let fed: Vec<_> = fed(keys, field).collect();
    let lines = condition::statements(
        keys,
        &fed,
        &Composing {
            place: &|part| match part.name == field.name {
                true => Place { text: "value".to_owned(), is_reference: true },
                false => Place { text: format!("key.{}", part.identifier), is_reference: false },
            },
            value: &value,
            // The field itself is the only one that may have no value: those of the table's key have.
            given: &|_, condition| match condition {
                None => "if let Some(value) = value {".to_owned(),
                Some(condition) => format!("if let (Some(value), true) = (value, {condition}) {{"),
            },
            set: &|attribute, text| format!("change.key({attribute}, {text});"),
            remove: Some(&|attribute| format!("change.remove({attribute});")),
        },
    );
    let uses_key = fed.iter().flat_map(Composition::fields).filter_map(|number| keys.field(number));
    let uses_key = uses_key.into_iter().any(|part| part.name != field.name);
    let parameters = [
        format!("value: &{}", keys.kinds.field_type(field)),
        format!("{}: &{}Key", if uses_key { "key" } else { "_key" }, keys.model.name),
        "change: &mut dynamorm::FieldChange<'_>".to_owned(),
    ];
    FeedingRole {
        role: role_name(field),
        model: keys.model.name.clone(),
        kind: keys.kinds.field_kind(field),
        signature: list(4, "fn change(", &parameters, ") {"),
        statements: statements(8, &lines),
    }
}

/// What the facts say of the index keys that a change of a field composes anew: each a `dynamorm::ComposedKey`.
pub(super) fn composed_keys(keys: &KeyWriter<'_>) -> Vec<String> {
    let fact = |composition: Composition<'_>| {
        let fields: Vec<_> = free(keys, &composition).iter().map(|field| literal(&field.attribute)).collect();
        (!fields.is_empty()).then(|| {
            let attribute = literal(composition.attribute);
            format!("dynamorm::ComposedKey {{ attribute: {attribute}, fields: &[{}] }}", fields.join(", "))
        })
    };
    index_compositions(keys).filter_map(fact).collect()
}

/// Whether an upsert could complete an index key that the stored item is not to have: one that is composed of several fields that
/// the item's own key does not tell, and of which one may be missing in a stored item; or one that is composed by condition.
pub(super) fn are_entangled(keys: &KeyWriter<'_>) -> bool {
    let may_be_missing = |field: &&Field| {
        let default = field.default.as_ref();
        field.optional
            || default.is_some_and(|default| {
                matches!(default, Default::Literal(_) | Default::Expression { on_read: true, .. })
            })
    };
    index_compositions(keys).any(|composition| {
        let free = free(keys, &composition);
        (composition.has_conditions() && !free.is_empty())
            || (free.len() > 1 && free.iter().any(may_be_missing))
    })
}

/// The name of a field's role, in the module `feeds`.
pub(super) fn role_name(field: &Field) -> String {
    super::kind::type_name(&field.name)
}

/// The functions that set fields together, since one index key is composed of them.
pub(super) fn groups(keys: &KeyWriter<'_>) -> Vec<Function> {
    let groups = catalog::key_groups(&keys.model.key, &keys.model.indexes, &keys.model.computed);
    let groups = groups.iter().map(|group| group.iter().filter_map(|number| keys.field(*number)));
    let groups: Vec<Vec<&Field>> = groups.map(Iterator::collect).collect();
    // A unique field needs its old value to change, and then the whole group changes by saves alone.
    let settable = groups.iter().filter(|fields| fields.iter().all(|field| !field.unique));
    settable.map(|fields| group(keys, fields)).collect()
}

fn group(keys: &KeyWriter<'_>, fields: &[&Field]) -> Function {
    let is_member = |field: &Field| fields.iter().any(|one| one.name == field.name);
    let (key, change) = (apart("key", fields), apart("change", fields));
    let value = |part: &Field| match is_member(part) {
        true if part.optional => part.identifier.clone(),
        true => format!("&{}", part.identifier),
        false => format!("&{key}.{}", part.identifier),
    };
    let mut lines: Vec<String> = fields
        .iter()
        .map(|field| format!("{change}.field(Self::{}, &{});", field.constant, field.identifier))
        .collect();
    let fed: Vec<_> = index_compositions(keys)
        .filter(|composition| free(keys, composition).iter().any(|field| is_member(field)))
        .collect();
    let parts = fed.iter().flat_map(Composition::fields).filter_map(|number| keys.field(number));
    let uses_key = parts.into_iter().any(|part| !is_member(part));
    let composing = Composing {
        place: &|part| match is_member(part) {
            true => Place { text: part.identifier.clone(), is_reference: false },
            false => Place { text: format!("{key}.{}", part.identifier), is_reference: false },
        },
        value: &value,
        given: &|optional, condition| given(optional, condition, ""),
        set: &|attribute, text| format!("{change}.key({attribute}, {text});"),
        remove: Some(&|attribute| format!("{change}.remove({attribute});")),
    };
    lines.extend(condition::statements(keys, &fed, &composing));
    let names: Vec<_> = fields.iter().map(|field| field.name.as_str()).collect();
    let in_words: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    let mut docs = vec![format!(
        "/// New values of {}, of which index keys are composed: for [`Update::set_key`](dynamorm::Update::set_key).",
        in_words.join(" and ")
    )];
    docs.extend(super::shape::of_parameters(fields.len()));
    let given = |field: &&Field| {
        let rust_type = keys.kinds.field_type(field);
        let identifier = &field.identifier;
        (
            format!("{identifier}: impl dynamorm::Argument<{rust_type}>"),
            format!("let {identifier}: {rust_type} = {identifier}.into_argument();"),
        )
    };
    let (parameters, mut body): (Vec<_>, Vec<_>) = fields.iter().map(given).unzip();
    let key = if uses_key { key } else { format!("_{key}") };
    let head = format!("pub fn {}(", catalog::group_function(names.iter().copied()));
    body.push(format!("dynamorm::KeyChange::new(move |{key}: &{}Key, {change}| {{", keys.model.name));
    // The template indents the first line of a body as it does the others.
    body.extend(statements(4, &lines));
    body.push("})".to_owned());
    Function { docs, signature: list(4, &head, &parameters, ") -> dynamorm::KeyChange<Self> {"), body }
}

/// A name for a value that stands beside the values of fields.
pub(super) fn apart(name: &str, fields: &[&Field]) -> String {
    let mut name = name.to_owned();
    while fields.iter().any(|field| field.identifier == name) {
        name.push('_');
    }
    name
}

/// What begins a block in which every one of these fields has a value, which then has the field's name, and a condition holds. `of`
/// stands before the fields.
pub(super) fn given(optional: &[&Field], condition: Option<&str>, of: &str) -> String {
    let mut values: Vec<_> = optional.iter().map(|field| format!("&{of}{}", field.identifier)).collect();
    let mut names: Vec<_> = optional.iter().map(|field| format!("Some({})", field.identifier)).collect();
    if let Some(condition) = condition {
        values.push(condition.to_owned());
        names.push("true".to_owned());
    }
    match (names.as_slice(), values.as_slice()) {
        ([name], [value]) => format!("if let {name} = {value} {{"),
        _ => format!("if let ({}) = ({}) {{", names.join(", "), values.join(", ")),
    }
}

/// Whether the table's key is made of a field.
fn is_primary(keys: &KeyWriter<'_>, field: &Field) -> bool {
    let number = keys.model.fields.iter().position(|known| known.name == field.name);
    number.is_some_and(|number| catalog::is_primary(&keys.model.key, number))
}

/// The composed attributes of index keys, the table's own key apart.
fn index_compositions<'a>(keys: &KeyWriter<'a>) -> impl Iterator<Item = Composition<'a>> + use<'a> {
    catalog::index_compositions(&keys.model.key, &keys.model.indexes, &keys.model.computed)
}

/// The composed attributes of index keys that a field decides about.
fn fed<'k, 'a>(
    keys: &'k KeyWriter<'a>,
    field: &'k Field,
) -> impl Iterator<Item = Composition<'a>> + use<'k, 'a> {
    index_compositions(keys).filter(move |composition| {
        let mut fields = composition.fields().into_iter().filter_map(|number| keys.field(number));
        fields.any(|known| known.name == field.name)
    })
}

/// The fields that decide about an attribute and that the item's own key does not tell, each once.
fn free<'a>(keys: &KeyWriter<'a>, composition: &Composition<'_>) -> Vec<&'a Field> {
    let free = catalog::free_fields(&keys.model.key, composition);
    let fields = free.into_iter().filter_map(|number| keys.field(number));
    fields.filter(|field| !field.generated.is_some_and(Generated::is_managed)).collect()
}
