//! A field of a schema, a type or a variant.

use super::generated::{self, GenerateForm};
use super::place::join;
use super::reader::{Keys, Reader};
use super::rule::{self, RuleDeclaration};
use super::settings;
use super::types::{self, TypeExpression};
use super::value::{Entry, Spanned, Value};
use crate::diagnostic::Span;

/// `isbn = "string"`, or a table with further settings.
#[derive(Clone, Debug)]
pub(crate) struct FieldDeclaration {
    pub name: Spanned<String>,
    pub place: String,
    /// `None` if the type could not be read, which was reported.
    pub kind: Option<TypeExpression>,
    pub rust_name: Option<Spanned<String>>,
    pub attribute: Option<Spanned<String>>,
    /// Further names under which it is read.
    pub also_read: Vec<Spanned<String>>,
    pub doc: Option<String>,
    pub stored_as: Option<Spanned<String>>,
    pub excess: Option<Spanned<String>>,
    pub null: Option<Spanned<String>>,
    pub key_only: Option<Spanned<bool>>,
    pub default: Option<Spanned<Value>>,
    pub default_expression: Option<Spanned<String>>,
    pub on_read: Option<Spanned<bool>>,
    pub generate: Option<Spanned<GenerateForm>>,
    pub unique: Option<Spanned<bool>>,
    pub sensitive: Option<Spanned<bool>>,
    /// Rust attributes of the struct's field.
    pub attributes: Vec<Spanned<String>>,
    pub rules: Vec<RuleDeclaration>,
}

impl FieldDeclaration {
    /// A field of which nothing is declared but its name.
    pub(crate) fn new(name: Spanned<String>, place: String) -> Self {
        FieldDeclaration {
            name,
            place,
            kind: None,
            rust_name: None,
            attribute: None,
            also_read: Vec::new(),
            doc: None,
            stored_as: None,
            excess: None,
            null: None,
            key_only: None,
            default: None,
            default_expression: None,
            on_read: None,
            generate: None,
            unique: None,
            sensitive: None,
            attributes: Vec::new(),
            rules: Vec::new(),
        }
    }

    /// The stored name, and its place.
    pub(crate) fn stored(&self) -> (&str, Span) {
        let stored = self.attribute.as_ref().unwrap_or(&self.name);
        (&stored.value, stored.span)
    }
}

pub(super) fn read(reader: &mut Reader<'_>, entry: &Entry, place: &str) -> FieldDeclaration {
    let mut field = FieldDeclaration::new(entry.key.clone(), join(place, &entry.key.value));
    match &entry.value.value {
        Value::Text(text) => field.kind = types::parse(reader, text, entry.value.span),
        Value::Table(entries) => read_settings(reader, entry, entries, &mut field),
        _ => reader
            .wrong_type(&entry.value, "a type such as \"string\", or a table such as { type = \"string\" }"),
    }
    field
}

fn read_settings(reader: &mut Reader<'_>, entry: &Entry, entries: &[Entry], field: &mut FieldDeclaration) {
    let mut keys = Keys::new(entry.key.span, entries);
    let kind = keys.text("type", reader);
    field.kind = kind.and_then(|kind| types::parse(reader, &kind.value, kind.span));
    field.rust_name = keys.text("rust_name", reader);
    field.attribute = keys.text("attribute", reader);
    field.also_read = keys.texts("also_read", reader);
    field.doc = keys.text("doc", reader).map(|doc| doc.value);
    field.stored_as = keys.text("stored_as", reader);
    field.excess = keys.text("excess", reader);
    field.null = keys.text("null", reader);
    field.key_only = keys.flag("key_only", reader);
    field.default = keys.value("default").cloned();
    field.default_expression = keys.text("default_expression", reader);
    field.on_read = keys.flag("on_read", reader);
    field.generate = keys.value("generate").and_then(|value| generated::read(reader, value));
    field.unique = keys.flag("unique", reader);
    field.sensitive = keys.flag("sensitive", reader);
    field.attributes = settings::extras(&mut keys, reader, "attributes", "attributes");
    if let Some(value) = keys.value("validate") {
        field.rules = rule::read(reader, value, &join(&field.place, "validate"));
    }
    keys.missing("type", "the field", "give its type: `type = \"string\"`", reader);
    keys.finish("a field", reader);
}
