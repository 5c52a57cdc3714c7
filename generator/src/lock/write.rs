//! The lock as text: canonical, with one fact on a line, so that the review of its diff is the review of the change.

use super::digest::digest;
use super::value::{key, table, text};
use super::{
    Attribute, Attributes, Lock, LockedEnum, LockedModel, LockedTable, LockedVariant, Missing, Shape,
    ToldApart, VERSION, kind,
};
use crate::catalog::{
    EnumerationForm, Generated, IndexScope, KeyAttribute, Projection, Scalar, StreamView, Untyped,
};
use std::collections::BTreeMap;
use std::fmt::Write as _;

const HEADER: &str = "\
# What the declarations beside this file say is stored, as `dynamorm lock` took it over.
# Review its changes, and change the declarations instead of it.
";

impl Lock {
    /// The whole text of `models.lock`.
    pub(crate) fn text(&self) -> String {
        let mut text = format!("{HEADER}lock = {VERSION}\n");
        for (name, table) in &self.tables {
            write_table(&mut text, name, table);
        }
        for (name, model) in &self.models {
            write_stored_model(&mut text, name, model);
        }
        for (name, model) in &self.models {
            write_rust_model(&mut text, name, model);
        }
        for accepted in &self.accepted {
            section(&mut text, "[accepted]");
            fact(&mut text, "change", &self::text(&accepted.change));
            fact(&mut text, "place", &self::text(&accepted.place));
            fact(&mut text, "reason", &self::text(&accepted.reason));
        }
        text
    }
}

impl Attribute {
    /// What the lock says of it: `total = { form = "decimal" }`.
    #[cfg(feature = "breaking")]
    pub(crate) fn fact(&self, name: &str) -> String {
        format!("{} = {}", key(name), stored_attribute(self))
    }
}

impl LockedTable {
    /// What tells this table from one that a merge made of two.
    pub(super) fn digest(&self) -> String {
        let mut text = String::new();
        write_table_facts(&mut text, "", self);
        digest(&text)
    }
}

impl LockedModel {
    /// What tells this model, its shapes apart, from one that a merge made of two.
    pub(super) fn digest(&self) -> String {
        let mut text = String::new();
        write_model_facts(&mut text, self);
        write_queries(&mut text, "", self);
        digest(&text)
    }
}

impl Shape {
    /// What tells this shape from one that a merge made of two.
    pub(super) fn digest(&self) -> String {
        let mut text = String::new();
        write_stored_shape(&mut text, "", self);
        write_rust_shape(&mut text, "", self);
        digest(&text)
    }
}

fn section(text: &mut String, path: &str) {
    let _ = writeln!(text, "\n[{path}]");
}

fn fact(text: &mut String, name: &str, value: &str) {
    let _ = writeln!(text, "{name} = {value}");
}

/// An array of one element on a line; nothing where there is none.
fn list(text: &mut String, name: &str, elements: impl Iterator<Item = String>) {
    let elements: Vec<_> = elements.map(|element| format!("    {element},\n")).collect();
    if !elements.is_empty() {
        let _ = writeln!(text, "{name} = [\n{}]", elements.concat());
    }
}

fn write_table(text: &mut String, name: &str, table: &LockedTable) {
    let place = format!("stored.table.{}", key(name));
    section(text, &place);
    fact(text, "digest", &self::text(&table.digest()));
    write_table_facts(text, &place, table);
}

fn write_table_facts(text: &mut String, place: &str, table: &LockedTable) {
    fact(text, "partition_key", &key_attributes(std::slice::from_ref(&table.partition_key)));
    if let Some(sort_key) = &table.sort_key {
        fact(text, "sort_key", &key_attributes(std::slice::from_ref(sort_key)));
    }
    for (name, attribute) in [("ttl", &table.ttl), ("type_attribute", &table.type_attribute)] {
        if let Some(attribute) = attribute {
            fact(text, name, &self::text(attribute));
        }
    }
    if let Some(stream) = table.stream {
        fact(text, "stream", &self::text(stream_word(stream)));
    }
    for (name, index) in &table.indexes {
        section(text, &format!("{place}.index.{}", key(name)));
        fact(text, "scope", &self::text(scope_word(index.scope)));
        fact(text, "partition_key", &key_attributes(&index.partition_key));
        if !index.sort_key.is_empty() {
            fact(text, "sort_key", &key_attributes(&index.sort_key));
        }
        match &index.projection {
            Projection::All => fact(text, "projection", "\"all\""),
            Projection::KeysOnly => fact(text, "projection", "\"keys-only\""),
            Projection::Include(attributes) => {
                list(text, "projection", attributes.iter().map(|name| self::text(name)));
            }
        }
    }
}

pub(super) fn stream_word(stream: StreamView) -> &'static str {
    match stream {
        StreamView::KeysOnly => "keys-only",
        StreamView::NewImage => "new-image",
        StreamView::OldImage => "old-image",
        StreamView::NewAndOldImages => "new-and-old-images",
    }
}

pub(super) fn scope_word(scope: IndexScope) -> &'static str {
    match scope {
        IndexScope::Global => "global",
        IndexScope::Local => "local",
    }
}

pub(super) fn scalar_word(scalar: Scalar) -> &'static str {
    match scalar {
        Scalar::Text => "text",
        Scalar::Number => "number",
        Scalar::Binary => "bytes",
    }
}

pub(super) fn told_apart_word(told_apart: ToldApart) -> &'static str {
    match told_apart {
        ToldApart::Alone => "nothing",
        ToldApart::Type => "type-attribute",
        ToldApart::Keys => "keys",
        ToldApart::KeysAndContext => "keys-and-context",
    }
}

pub(super) fn untyped_word(untyped: Untyped) -> &'static str {
    match untyped {
        Untyped::Unknown => "unknown",
        Untyped::Own => "own",
        Untyped::Others => "others",
    }
}

pub(super) fn managed_word(generated: Generated) -> Option<&'static str> {
    match generated {
        Generated::Updated => Some("updated"),
        Generated::Version => Some("version"),
        Generated::WriteId => Some("write-id"),
        Generated::UuidV4
        | Generated::UuidV7
        | Generated::Ulid
        | Generated::Created
        | Generated::ExpiresIn(_) => None,
    }
}

/// `{ isbn = "text" }`
fn key_attributes(attributes: &[KeyAttribute]) -> String {
    table(attributes.iter().map(|one| (key(&one.name), text(scalar_word(one.scalar)))))
}

fn write_stored_model(text: &mut String, name: &str, model: &LockedModel) {
    let place = format!("stored.model.{}", key(name));
    section(text, &place);
    fact(text, "digest", &self::text(&model.digest()));
    write_model_facts(text, model);
    for (number, shape) in &model.shapes {
        let place = format!("{place}.shape.{number}");
        section(text, &place);
        fact(text, "digest", &self::text(&shape.digest()));
        write_stored_shape(text, &place, shape);
    }
}

fn write_model_facts(text: &mut String, model: &LockedModel) {
    fact(text, "table", &self::text(&model.table));
    if let Some(written) = model.written {
        fact(text, "writes", &written.to_string());
    }
    list(text, "former", model.former.iter().map(|name| self::text(name)));
}

fn write_stored_shape(text: &mut String, place: &str, shape: &Shape) {
    if let Some(attribute) = &shape.attribute {
        fact(text, "shape_attribute", &self::text(attribute));
    }
    if shape.told_apart != ToldApart::Alone {
        fact(text, "told_apart_by", &self::text(told_apart_word(shape.told_apart)));
    }
    for (name, known) in [("type_name", &shape.type_name), ("context", &shape.context)] {
        if let Some(known) = known {
            fact(text, name, &self::text(known));
        }
    }
    list(text, "also_types", shape.also_types.iter().map(|name| self::text(name)));
    if shape.untyped != Untyped::Unknown {
        fact(text, "untyped", &self::text(untyped_word(shape.untyped)));
    }
    if shape.shares_key {
        fact(text, "shares_key", "true");
    }
    list(text, "indexes", shape.indexes.iter().map(|name| self::text(name)));
    let sets = shape.unique.iter().map(|names| {
        let names: Vec<_> = names.iter().map(|name| self::text(name)).collect();
        format!("[{}]", names.join(", "))
    });
    list(text, "unique", sets);
    if !shape.templates.is_empty() {
        section(text, &format!("{place}.key"));
        for (attribute, template) in &shape.templates {
            fact(text, &key(attribute), &self::text(template));
        }
    }
    write_attributes(text, &format!("{place}.attribute"), &shape.attributes, stored_attribute);
    for (name, attributes) in &shape.types {
        write_attributes(text, &format!("{place}.type.{}", key(name)), attributes, stored_attribute);
    }
    let forms: Vec<_> =
        shape.enums.iter().filter_map(|(name, known)| Some((key(name), enum_form(known)?))).collect();
    if !forms.is_empty() {
        section(text, &format!("{place}.enum_form"));
        for (name, form) in forms {
            fact(text, &name, &form);
        }
    }
    for (name, known) in &shape.enums {
        write_variants(text, place, (name, &known.variants), |_| "{}".to_owned(), stored_attribute);
    }
}

/// How the variants of an enum are stored, where it does not follow from whether they have fields.
fn enum_form(known: &LockedEnum) -> Option<String> {
    let word = |word: &str, value: &str| (word.to_owned(), text(value));
    match &known.form {
        EnumerationForm::Text | EnumerationForm::Map => None,
        EnumerationForm::Number => Some(text("number")),
        EnumerationForm::Tagged { tag, content } => {
            let content = content.iter().map(|content| word("content", content));
            Some(table([word("tag", tag)].into_iter().chain(content)))
        }
    }
}

fn write_attributes(
    text: &mut String,
    place: &str,
    attributes: &Attributes,
    facts: fn(&Attribute) -> String,
) {
    section(text, place);
    for (name, attribute) in attributes {
        fact(text, &key(name), &facts(attribute));
    }
}

/// Variants of a line each: what is said of one without fields, or a table of its attributes.
fn write_variants(
    text: &mut String,
    place: &str,
    (name, variants): (&str, &BTreeMap<String, LockedVariant>),
    bare: fn(&LockedVariant) -> String,
    facts: fn(&Attribute) -> String,
) {
    let name = key(name);
    section(text, &format!("{place}.enum.{name}"));
    for (stored, variant) in variants {
        fact(text, &key(stored), &bare(variant));
    }
    for (stored, variant) in variants.iter().filter(|(_, variant)| !variant.attributes.is_empty()) {
        let place = format!("{place}.variant.{name}.{}", key(stored));
        write_attributes(text, &place, &variant.attributes, facts);
    }
}

fn stored_attribute(attribute: &Attribute) -> String {
    let mut facts = vec![("form".to_owned(), text(&kind::text(&attribute.kind, attribute.optional)))];
    let mut add = |name: &str, value: String| facts.push((name.to_owned(), value));
    match &attribute.missing {
        Missing::OfKind => {}
        Missing::Value(value) => add("missing", value.clone()),
        Missing::Computed => add("missing_is_computed", "true".to_owned()),
    }
    if !attribute.also_read.is_empty() {
        let names: Vec<_> = attribute.also_read.iter().map(|name| text(name)).collect();
        add("also_read", format!("[{}]", names.join(", ")));
    }
    if let Some(word) = attribute.managed.and_then(managed_word) {
        add("managed", text(word));
    }
    if attribute.key_only {
        add("key_only", "true".to_owned());
    }
    table(facts.into_iter())
}

fn write_rust_model(text: &mut String, name: &str, model: &LockedModel) {
    let place = format!("rust.model.{}", key(name));
    write_queries(text, &place, model);
    for (number, shape) in &model.shapes {
        write_rust_shape(text, &format!("{place}.shape.{number}"), shape);
    }
}

fn write_queries(text: &mut String, place: &str, model: &LockedModel) {
    if !model.functions.is_empty() {
        section(text, &format!("{place}.query"));
        for (index, function) in &model.functions {
            fact(text, &key(index), &self::text(function));
        }
    }
}

fn write_rust_shape(text: &mut String, place: &str, shape: &Shape) {
    write_attributes(text, &format!("{place}.attribute"), &shape.attributes, rust_field);
    for (name, attributes) in &shape.types {
        write_attributes(text, &format!("{place}.type.{}", key(name)), attributes, rust_field);
    }
    for (name, known) in &shape.enums {
        let bare = |variant: &LockedVariant| self::text(&variant.name);
        write_variants(text, place, (name, &known.variants), bare, rust_field);
    }
}

fn rust_field(attribute: &Attribute) -> String {
    let mut facts = vec![("field".to_owned(), text(&attribute.rust.name))];
    let mut add = |name: &str, value: String| facts.push((name.to_owned(), value));
    if let Some(rust) = kind::foreign(&attribute.kind) {
        add("type", text(rust));
    }
    if attribute.rust.required {
        add("required", "true".to_owned());
    }
    if attribute.rust.sensitive {
        add("sensitive", "true".to_owned());
    }
    if let Some(expression) = &attribute.rust.default {
        add("default", text(expression));
    }
    table(facts.into_iter())
}
