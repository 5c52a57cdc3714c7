//! How a type is stored: the table of its fields that the runtime's `stored!` is given.

use super::feeds;
use super::field::{FieldView, Handle};
use super::key::KeyWriter;
use super::layout::{braces, pair, statements};
use super::text::literal;
use crate::catalog::{Field, Template};

/// How a type is stored.
#[derive(Default, askama::Template)]
#[template(path = "rust/stored.rs.jinja", escape = "none")]
pub(super) struct StoredTable {
    /// What it is: `model Book by BookKey, as BookDraft, in super::tables::BOOKS`.
    head: String,
    facts: Option<String>,
    constant: Option<String>,
    /// The attribute of the shape's number, that number, and what upgrades older ones: `"shape" = 2, former [] { 1 => upgrade_1 }`.
    shape: Option<String>,
    composed: Option<ComposedAttributes>,
    keys: Option<Vec<String>>,
    told: Option<Vec<String>>,
    fields: Vec<String>,
    nulls: Option<String>,
    written_back: Option<Vec<String>>,
    on_build: Option<String>,
}

/// The attributes that are composed of fields, and what writes them.
pub(super) struct ComposedAttributes {
    /// The stored names, as string literals.
    attributes: String,
    /// What the statements call the item and the encoder.
    item: String,
    encoder: String,
    statements: Vec<String>,
}

impl ComposedAttributes {
    /// Those of these templates, where there are any.
    pub fn new(keys: &KeyWriter<'_>, templates: &[&Template]) -> Option<Self> {
        if templates.is_empty() {
            return None;
        }
        let all: Vec<_> = keys.model.fields.iter().collect();
        let (item, encoder) = (feeds::apart("item", &all), feeds::apart("encoder", &all));
        let mut lines = Vec::new();
        for template in templates {
            let mut optional: Vec<&Field> = Vec::new();
            for field in template.parts.iter().filter_map(|part| keys.field(part.field)) {
                if field.optional && optional.iter().all(|known| known.name != field.name) {
                    optional.push(field);
                }
            }
            let text = keys.text(template, &|field| match field.optional {
                true => field.identifier.clone(),
                false => format!("&{item}.{}", field.identifier),
            });
            let set = format!("{encoder}.key({}, {text});", literal(&template.attribute));
            lines.extend(feeds::given(&optional, &set, None, &format!("{item}.")));
        }
        let attributes: Vec<_> = templates.iter().map(|template| literal(&template.attribute)).collect();
        Some(ComposedAttributes {
            attributes: attributes.join(", "),
            item,
            encoder,
            statements: statements(8, &lines),
        })
    }
}

/// What is known of a model besides its fields.
pub(super) struct StoredModel {
    pub facts: Vec<String>,
    pub shape: Option<String>,
    pub composed: Option<ComposedAttributes>,
    /// The fields that writes give new values: `"version" => version: u64;`.
    pub written_back: Vec<String>,
    pub on_build: Option<String>,
}

impl StoredTable {
    /// A model's. `constant` is the attribute that names the model, and that name; `keys` read composed keys.
    pub fn of_model(
        head: String,
        fields: &[FieldView],
        constant: Option<String>,
        keys: &[String],
        model: StoredModel,
    ) -> Self {
        StoredTable {
            facts: (!model.facts.is_empty()).then(|| braces(4, "facts", &model.facts, "")),
            shape: model.shape,
            composed: model.composed,
            written_back: filled(model.written_back),
            on_build: model.on_build,
            ..Self::of_fields(head, fields, constant, keys, &samples)
        }
    }

    /// A projection's. Nothing is checked of it, and it has no values for tests.
    pub fn of_projection(
        head: String,
        fields: &[FieldView],
        constant: Option<String>,
        shape: Option<String>,
        keys: &[String],
        composed: Option<ComposedAttributes>,
    ) -> Self {
        StoredTable {
            nulls: None,
            composed,
            shape,
            ..Self::of_fields(head, fields, constant, keys, &|_| None)
        }
    }

    /// An older shape's. It is read, and written as it was, and has no values for tests.
    pub fn of_older_shape(
        head: String,
        fields: &[FieldView],
        constant: Option<String>,
        keys: &[String],
        composed: Option<ComposedAttributes>,
    ) -> Self {
        StoredTable { composed, ..Self::of_fields(head, fields, constant, keys, &|_| None) }
    }

    /// A nested structure's.
    pub fn of_structure(head: String, fields: &[FieldView]) -> Self {
        Self::of_fields(head, fields, None, &[], &samples)
    }

    fn of_fields(
        head: String,
        fields: &[FieldView],
        constant: Option<String>,
        keys: &[String],
        samples: &dyn Fn(&FieldView) -> Option<String>,
    ) -> Self {
        let rows = |stored: bool| -> Vec<String> {
            fields.iter().filter(|field| field.stored == stored).map(|field| row(field, samples)).collect()
        };
        let nulls: Vec<_> = fields.iter().filter(|field| field.stored && field.stores_null).collect();
        let nulls: Vec<_> = nulls.iter().map(|field| field.attribute.as_str()).collect();
        StoredTable {
            head,
            constant,
            keys: filled(statements(8, keys)),
            told: filled(rows(false)),
            fields: rows(true),
            nulls: (!nulls.is_empty()).then(|| nulls.join(", ")),
            ..StoredTable::default()
        }
    }
}

/// A row of the table: `"isbn" => isbn: String, required [ISBN; key()];`.
fn row(field: &FieldView, samples: &dyn Fn(&FieldView) -> Option<String>) -> String {
    let how = match field.read_default() {
        Some(default) if default.is_empty => String::new(),
        Some(default) => format!(", or({}())", default.function),
        None if field.may_be_missing => String::new(),
        None => ", required".to_owned(),
    };
    let FieldView { attribute, identifier, kind, .. } = field;
    let kind = match field.is_exact {
        true => &format!("dynamorm::kind::Exact<{kind}>"),
        false => kind,
    };
    let names = field.also_read.iter().zip(1..).map(|(name, rank)| format!(" ({rank} {name})"));
    let stored = format!("{attribute}{} => {identifier}: {kind}{how}", names.collect::<String>());
    match samples(field) {
        Some(samples) => pair(8, &stored, &format!("{samples};")),
        None => format!("{stored};"),
    }
}

/// What checks a field, and what values of it for tests are made of.
fn samples(field: &FieldView) -> Option<String> {
    let handle = (field.checked && field.handle != Handle::None).then_some(field.constant.as_str());
    match (handle, field.samples.join(", ")) {
        (None, samples) if samples.is_empty() => None,
        (Some(handle), samples) if samples.is_empty() => Some(format!("[{handle}]")),
        (handle, samples) => Some(format!("[{}; {samples}]", handle.unwrap_or_default())),
    }
}

fn filled(lines: Vec<String>) -> Option<Vec<String>> {
    (!lines.is_empty()).then_some(lines)
}
