//! The changes of a table's items as one enum, and how the keys of its models are read.

use askama::Template;

use super::key::KeyWriter;
use super::kind::{Kinds, Prelude};
use super::layout::{braces, statements};
use super::tables::table_path;
use super::text::literal;
use crate::catalog::{Catalog, KeySource, Model, StreamView, Table};

/// The module of an enum over the changes in a table's stream.
#[derive(Template)]
#[template(path = "rust/changes.rs.jinja", escape = "none")]
pub(super) struct ChangesModule {
    name: String,
    docs: Vec<String>,
    table_path: String,
    models: Vec<ChangedModel>,
    boxed: &'static str,
}

/// A model among the changes.
struct ChangedModel {
    name: String,
    /// The variant, with its type.
    variant: String,
    /// How composed attributes of the key are read.
    keys: Option<Vec<String>>,
    /// The attributes that hold a plain field.
    plain: Option<Vec<String>>,
    /// The fields of the key, each with its type and the attribute that contains it.
    fields: String,
}

impl ChangesModule {
    /// The changes of a table that declares a stream, with the name of their module.
    pub fn of_table(catalog: &Catalog, table_number: usize, table: &Table) -> Option<(String, Self)> {
        let (name, module) = table.change.as_ref()?;
        let view = *table.stream.on()?;
        let prelude = Prelude::beside(&[name]);
        let models = catalog.models.iter().filter(|model| model.table == table_number);
        let models: Vec<_> = models.collect();
        let kinds = Kinds { catalog, prelude };
        let view = ChangesModule {
            name: name.clone(),
            docs: vec![
                format!("/// A change of an item of table `{}`, as its stream tells it.", table.name),
                "///".to_owned(),
                format!("/// Of each change the stream keeps {}.", kept(view)),
            ],
            table_path: table_path(table),
            models: models.iter().map(|model| changed(KeyWriter { model, kinds }, view)).collect(),
            boxed: prelude.boxed,
        };
        Some((module.clone(), view))
    }
}

fn kept(view: StreamView) -> &'static str {
    match view {
        StreamView::KeysOnly => "the key alone",
        StreamView::NewImage => "the item after it",
        StreamView::OldImage => "the item before it",
        StreamView::NewAndOldImages => "the item before it and after it",
    }
}

fn changed(writer: KeyWriter<'_>, view: StreamView) -> ChangedModel {
    let Model { name, .. } = writer.model;
    let kept = match view {
        StreamView::NewAndOldImages => String::new(),
        StreamView::KeysOnly => ", dynamorm::changes::KeysOnly".to_owned(),
        StreamView::NewImage => format!(", dynamorm::changes::NewImage<super::{name}>"),
        StreamView::OldImage => format!(", dynamorm::changes::OldImage<super::{name}>"),
    };
    let sources: Vec<_> = writer.model.key.iter().collect();
    let wanted = writer.fields(&sources);
    let mut keys = Vec::new();
    let mut plain = Vec::new();
    for source in &sources {
        match source {
            KeySource::Template(template) => keys.extend(writer.read(template, &wanted)),
            KeySource::Field(number) => {
                let Some(field) = writer.field(*number) else { continue };
                let kind = writer.kinds.kind(&field.kind, &field.name);
                plain.push(format!("{} => {}: {kind};", literal(&field.attribute), field.identifier));
            }
        }
    }
    let fields = wanted.iter().map(|field| {
        let told_by = sources.iter().find_map(|source| told_by(&writer, source, &field.name));
        let rust_type = writer.kinds.value_type(&field.kind, &field.name);
        format!("{}: {rust_type} = {}", field.identifier, literal(&told_by.unwrap_or_default()))
    });
    ChangedModel {
        variant: format!(
            "{name}({}<dynamorm::changes::Change<super::{name}{kept}>>),",
            writer.kinds.prelude.boxed
        ),
        name: name.clone(),
        keys: (!keys.is_empty()).then(|| statements(8, &keys)),
        plain: (!plain.is_empty()).then_some(plain),
        fields: braces(4, "fields", &fields.collect::<Vec<_>>(), ""),
    }
}

/// The attribute, if it contains the field.
fn told_by(writer: &KeyWriter<'_>, source: &KeySource, name: &str) -> Option<String> {
    let is_it = |number: usize| writer.field(number).is_some_and(|field| field.name == name);
    match source {
        KeySource::Field(number) => {
            is_it(*number).then(|| writer.field(*number).map(|f| f.attribute.clone()))?
        }
        KeySource::Template(template) => {
            template.parts.iter().any(|part| is_it(part.field)).then(|| template.attribute.clone())
        }
    }
}
