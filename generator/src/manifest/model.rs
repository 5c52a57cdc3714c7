//! `[model.*]`, `[type.*]` and `[enum.*]`.

use super::composition::{self, ComposedKey, ModelIndexDeclaration};
use super::field::{self, FieldDeclaration};
use super::place::{join, start};
use super::reader::{Keys, Reader};
use super::relation::{self, RelationDeclaration};
use super::settings::{TypeSettings, read_common};
use super::value::{Entry, Spanned, Value};
use super::{MOST_MEMBERS, limit};
use crate::diagnostic::{Code, Diagnostic};

/// `[model.Book]`.
#[derive(Debug)]
pub(crate) struct ModelDeclaration {
    pub name: Spanned<String>,
    pub place: String,
    pub table: Option<Spanned<String>>,
    /// The context that is part of its keys.
    pub context: Option<Spanned<String>>,
    /// What the table's type attribute holds: what is written, and what is read besides.
    pub type_values: Vec<Spanned<String>>,
    /// The names of the mixins whose fields it has.
    pub mixins: Vec<Spanned<String>>,
    pub key: Option<ComposedKey>,
    /// In the order in which they were written.
    pub indexes: Vec<ModelIndexDeclaration>,
    pub doc: Option<String>,
    pub settings: TypeSettings,
    /// Fields that no two items share the values of together.
    pub unique: Vec<Spanned<Vec<Spanned<String>>>>,
    /// Absent where the schema could not be read, which was reported.
    pub fields: Option<Vec<FieldDeclaration>>,
    pub relations: Vec<RelationDeclaration>,
    /// A function that every built value passes.
    pub on_build: Option<Spanned<String>>,
    /// The generation of its stored attributes.
    pub shape: Option<Spanned<u64>>,
    /// The attribute that holds the number of an item's shape.
    pub shape_attribute: Option<Spanned<String>>,
    /// The shape that items are written with, where that is an older one.
    pub writes: Option<Spanned<u64>>,
    /// The functions that upgrade items, by the shapes that they upgrade.
    pub upgrade: Vec<(Spanned<String>, Spanned<String>)>,
    /// The functions that make older shapes, by the shapes that they make them of.
    pub downgrade: Vec<(Spanned<String>, Spanned<String>)>,
}

/// `[mixin.Timestamps]`: fields that models and types share.
#[derive(Debug)]
pub(crate) struct MixinDeclaration {
    pub name: Spanned<String>,
    pub place: String,
    /// The names of the mixins whose fields come with its own.
    pub mixins: Vec<Spanned<String>>,
    pub doc: Option<String>,
    pub fields: Option<Vec<FieldDeclaration>>,
}

/// `[type.OrderLine]`.
#[derive(Debug)]
pub(crate) struct TypeDeclaration {
    pub name: Spanned<String>,
    pub place: String,
    /// The names of the mixins whose fields it has.
    pub mixins: Vec<Spanned<String>>,
    pub doc: Option<String>,
    pub settings: TypeSettings,
    pub fields: Option<Vec<FieldDeclaration>>,
}

/// `[enum.Payment]`.
#[derive(Debug)]
pub(crate) struct EnumDeclaration {
    pub name: Spanned<String>,
    pub place: String,
    pub doc: Option<String>,
    pub settings: TypeSettings,
    /// The attribute that names the variant, beside its fields or what holds them.
    pub tag: Option<Spanned<String>>,
    /// The attribute that holds the variant's fields.
    pub content: Option<Spanned<String>>,
    /// Absent where they could not all be read, which was reported.
    pub variants: Option<Vec<VariantDeclaration>>,
}

/// `"pending"`, or `{ name = "card", fields = { … } }`.
#[derive(Debug)]
pub(crate) struct VariantDeclaration {
    /// The stored name.
    pub name: Spanned<String>,
    pub rust_name: Option<Spanned<String>>,
    /// What is stored in the place of the name.
    pub number: Option<Spanned<i64>>,
    pub doc: Option<String>,
    pub fields: Vec<FieldDeclaration>,
}

pub(super) fn read_model(reader: &mut Reader<'_>, entry: &Entry) -> ModelDeclaration {
    let place = start(reader.source, "model", &entry.key.value);
    let entries = reader.table(&entry.value);
    let mut keys = Keys::new(entry.key.span, entries.unwrap_or_default());
    let model = ModelDeclaration {
        name: entry.key.clone(),
        table: keys.text("table", reader),
        context: keys.text("context", reader),
        type_values: keys
            .value("type_value")
            .map(|value| read_type_values(reader, value))
            .unwrap_or_default(),
        mixins: keys.texts("mixins", reader),
        key: keys.value("key").and_then(|value| composition::read_key(reader, value)),
        indexes: composition::read_indexes(reader, keys.value("index")),
        doc: keys.text("doc", reader).map(|doc| doc.value),
        settings: read_common(&mut keys, reader, &place, ["serde", "derive", "attributes"]),
        unique: keys.value("unique").map(|value| read_unique(reader, value)).unwrap_or_default(),
        fields: keys.value("schema").and_then(|value| read_fields(reader, value, &join(&place, "schema"))),
        on_build: keys.text("on_build", reader),
        shape: keys.count("shape", reader),
        shape_attribute: keys.text("shape_attribute", reader),
        writes: keys.count("writes", reader),
        upgrade: keys.value("upgrade").map(|value| read_upgrades(reader, value)).unwrap_or_default(),
        downgrade: keys.value("downgrade").map(|value| read_upgrades(reader, value)).unwrap_or_default(),
        relations: keys.value("relation").map(|value| relation::read_all(reader, value)).unwrap_or_default(),
        place,
    };
    if entries.is_some() {
        keys.missing("table", "the model", "name the table that holds it: `table = \"books\"`", reader);
        keys.missing("schema", "the model", "declare its fields under `[model.<name>.schema]`", reader);
        keys.finish("a model", reader);
    }
    model
}

/// `"employee"`, or `["employee", "EMPLOYEE"]`
fn read_type_values(reader: &mut Reader<'_>, value: &Spanned<Value>) -> Vec<Spanned<String>> {
    match &value.value {
        Value::Array(values) => {
            if values.is_empty() {
                reader.findings.push(
                    Diagnostic::new(Code::TypeValue, "the model's items have no type")
                        .at(value.span, "empty")
                        .help("name one, `type_value = \"employee\"`, or leave it out: the type is then the model's name"),
                );
            }
            let values = limit(reader, values, MOST_MEMBERS, "values of a type attribute");
            values.iter().filter_map(|value| reader.text(value)).collect()
        }
        _ => reader.text(value).into_iter().collect(),
    }
}

/// `1 = "crate::upgrades::order_1_to_2"`: functions by the numbers of shapes.
fn read_upgrades(reader: &mut Reader<'_>, value: &Spanned<Value>) -> Vec<(Spanned<String>, Spanned<String>)> {
    let entries = reader.table(value).unwrap_or_default();
    let entries = limit(reader, entries, MOST_MEMBERS, "functions between shapes");
    entries.iter().filter_map(|entry| Some((entry.key.clone(), reader.text(&entry.value)?))).collect()
}

/// `[["tenant", "email"]]`
fn read_unique(reader: &mut Reader<'_>, value: &Spanned<Value>) -> Vec<Spanned<Vec<Spanned<String>>>> {
    let sets = reader.array(value).unwrap_or_default();
    let sets = limit(reader, sets, MOST_MEMBERS, "unique fields in one declaration");
    sets.iter().map(|set| Spanned { value: reader.texts(set), span: set.span }).collect()
}

/// `[context.tenant]`: a field that several models have in their keys.
pub(super) fn read_context(reader: &mut Reader<'_>, entry: &Entry) -> FieldDeclaration {
    field::read(reader, entry, &start(reader.source, "context", &entry.key.value))
}

pub(super) fn read_mixin(reader: &mut Reader<'_>, entry: &Entry) -> MixinDeclaration {
    let place = start(reader.source, "mixin", &entry.key.value);
    let entries = reader.table(&entry.value);
    let (settings, fields) = apart(entries.unwrap_or_default());
    let mut keys = Keys::new(entry.key.span, &settings);
    let declaration = MixinDeclaration {
        name: entry.key.clone(),
        mixins: keys.texts("@mixins", reader),
        doc: keys.text("@doc", reader).map(|doc| doc.value),
        fields: entries.map(|_| read_members(reader, &fields, &place)),
        place,
    };
    keys.finish("a mixin's settings", reader);
    declaration
}

/// Settings and fields, which stand in one table: settings are marked apart from fields.
fn apart(entries: &[Entry]) -> (Vec<Entry>, Vec<Entry>) {
    entries.iter().cloned().partition(|entry| entry.key.value.starts_with('@'))
}

pub(super) fn read_type(reader: &mut Reader<'_>, entry: &Entry) -> TypeDeclaration {
    let place = start(reader.source, "type", &entry.key.value);
    let entries = reader.table(&entry.value);
    let (settings, fields) = apart(entries.unwrap_or_default());
    let mut keys = Keys::new(entry.key.span, &settings);
    let declaration = TypeDeclaration {
        name: entry.key.clone(),
        mixins: keys.texts("@mixins", reader),
        doc: keys.text("@doc", reader).map(|doc| doc.value),
        settings: read_common(&mut keys, reader, &place, ["@serde", "@derive", "@attributes"]),
        fields: entries.map(|_| read_members(reader, &fields, &place)),
        place,
    };
    keys.finish("a type's settings", reader);
    declaration
}

pub(super) fn read_enum(reader: &mut Reader<'_>, entry: &Entry) -> EnumDeclaration {
    let place = start(reader.source, "enum", &entry.key.value);
    let entries = reader.table(&entry.value);
    let mut keys = Keys::new(entry.key.span, entries.unwrap_or_default());
    let declaration = EnumDeclaration {
        name: entry.key.clone(),
        doc: keys.text("doc", reader).map(|doc| doc.value),
        settings: read_common(&mut keys, reader, &place, ["serde", "derive", "attributes"]),
        tag: keys.text("tag", reader),
        content: keys.text("content", reader),
        variants: keys
            .value("variants")
            .and_then(|value| read_variants(reader, value, &join(&place, "variants"))),
        place,
    };
    if entries.is_some() {
        keys.missing("variants", "the enum", "list them: `variants = [\"pending\", \"shipped\"]`", reader);
        keys.finish("an enum", reader);
    }
    declaration
}

fn read_fields(
    reader: &mut Reader<'_>,
    value: &Spanned<Value>,
    place: &str,
) -> Option<Vec<FieldDeclaration>> {
    let entries = reader.table(value)?;
    Some(read_members(reader, entries, place))
}

fn read_members(reader: &mut Reader<'_>, entries: &[Entry], place: &str) -> Vec<FieldDeclaration> {
    limit(reader, entries, MOST_MEMBERS, "fields in one declaration")
        .iter()
        .map(|entry| field::read(reader, entry, place))
        .collect()
}

fn read_variants(
    reader: &mut Reader<'_>,
    value: &Spanned<Value>,
    place: &str,
) -> Option<Vec<VariantDeclaration>> {
    let values = reader.array(value)?;
    let values = limit(reader, values, MOST_MEMBERS, "variants in one enum");
    let variants: Vec<_> = values.iter().map(|value| read_variant(reader, value, place)).collect();
    variants.into_iter().collect()
}

fn read_variant(reader: &mut Reader<'_>, value: &Spanned<Value>, place: &str) -> Option<VariantDeclaration> {
    match &value.value {
        Value::Text(name) => Some(VariantDeclaration {
            name: Spanned { value: name.clone(), span: value.span },
            rust_name: None,
            number: None,
            doc: None,
            fields: Vec::new(),
        }),
        Value::Table(entries) => {
            let mut keys = Keys::new(value.span, entries);
            let name = keys.text("name", reader);
            let place = join(place, name.as_ref().map_or("", |name| name.value.as_str()));
            let rust_name = keys.text("rust_name", reader);
            let number = keys.integer("number", reader);
            let doc = keys.text("doc", reader).map(|doc| doc.value);
            let fields =
                keys.value("fields").and_then(|value| read_fields(reader, value, &place)).unwrap_or_default();
            keys.missing("name", "the variant", "give the name to store: `{ name = \"card\" }`", reader);
            keys.finish("a variant", reader);
            Some(VariantDeclaration { name: name?, rust_name, number, doc, fields })
        }
        _ => {
            reader.wrong_type(
                value,
                "a variant's name, or a table such as { name = \"card\", fields = { … } }",
            );
            None
        }
    }
}
