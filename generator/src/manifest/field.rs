//! A field of a schema, a type or a variant.

use super::generated::{self, GenerateForm};
use super::place::join;
use super::reader::{Keys, Reader};
use super::rule::{self, RuleDeclaration};
use super::settings;
use super::types::{self, TypeExpression};
use super::value::{Entry, Spanned, Value};
use crate::diagnostic::Span;

/// `isbn = "string"`, or a table with more to say.
#[derive(Clone, Debug)]
pub(crate) struct FieldDeclaration {
    pub name: Spanned<String>,
    pub place: String,
    /// Absent where the type could not be read, which was reported.
    pub kind: Option<TypeExpression>,
    pub rust_name: Option<Spanned<String>>,
    pub attribute: Option<Spanned<String>>,
    /// Further names that it is read under.
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
    /// The stored name, and where it is given.
    pub(crate) fn stored(&self) -> (&str, Span) {
        let stored = self.attribute.as_ref().unwrap_or(&self.name);
        (&stored.value, stored.span)
    }
}

/// `day = { computed = "created_at", as = "date" }`: a field that follows from another one.
#[derive(Clone, Debug)]
pub(crate) struct ComputedDeclaration {
    pub name: Spanned<String>,
    pub rust_name: Option<Spanned<String>>,
    pub attribute: Option<Spanned<String>>,
    pub doc: Option<String>,
    /// The field that it is computed from.
    pub source: Option<Spanned<String>>,
    /// What is computed of it.
    pub form: Option<Spanned<String>>,
}

impl ComputedDeclaration {
    /// The stored name, and where it is given.
    pub(crate) fn stored(&self) -> (&str, Span) {
        let stored = self.attribute.as_ref().unwrap_or(&self.name);
        (&stored.value, stored.span)
    }
}

/// Whether an entry of a schema is a field that follows from another one.
pub(super) fn is_computed(entry: &Entry) -> bool {
    match &entry.value.value {
        Value::Table(entries) => entries.iter().any(|entry| entry.key.value == "computed"),
        _ => false,
    }
}

pub(super) fn read_computed(reader: &mut Reader<'_>, entry: &Entry) -> ComputedDeclaration {
    let entries = reader.table(&entry.value).unwrap_or_default();
    let mut keys = Keys::new(entry.key.span, entries);
    let field = ComputedDeclaration {
        name: entry.key.clone(),
        rust_name: keys.text("rust_name", reader),
        attribute: keys.text("attribute", reader),
        doc: keys.text("doc", reader).map(|doc| doc.value),
        source: keys.text("computed", reader),
        form: keys.text("as", reader),
    };
    keys.missing("as", "the computed field", "say what is computed: `as = \"date\"`", reader);
    keys.finish("a computed field", reader);
    field
}

pub(super) fn read(reader: &mut Reader<'_>, entry: &Entry, place: &str) -> FieldDeclaration {
    let mut field = FieldDeclaration {
        name: entry.key.clone(),
        place: join(place, &entry.key.value),
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
    };
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
