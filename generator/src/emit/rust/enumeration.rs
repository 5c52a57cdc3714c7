//! Enumerations: stored as text, or as a map of one entry where variants have fields.

use askama::Template;
use heck::ToSnakeCase;

use super::field::FieldView;
use super::functions::ModuleFunctions;
use super::handle::{handle_calls, handle_type};
use super::item_struct::{StructField, derived};
use super::kind::Kinds;
use super::layout::{braces, chain, statements};
use super::query::Function;
use super::text::{declared_doc_lines, literal};
use super::{samples, shape};
use super::{serde_rename, type_attributes, validation_macro};
use crate::catalog::{Catalog, Enumeration, EnumerationForm, Variant};

/// The module of an enumeration.
#[derive(Template)]
#[template(path = "rust/enumeration.rs.jinja", escape = "none")]
pub(super) struct EnumerationModule {
    declared: EnumerationType,
    /// The stored form, which depends on whether variants have fields.
    text: Option<TextForm>,
    number: Option<NumberForm>,
    map: Option<MapForm>,
}

/// An enumeration and its variants.
#[derive(Template)]
#[template(path = "rust/enumeration_type.rs.jinja", escape = "none")]
struct EnumerationType {
    name: String,
    docs: Vec<String>,
    attributes: Vec<String>,
    variants: Vec<DeclaredVariant>,
    /// What `Debug` shows of each field, if some are sensitive.
    shown: Option<String>,
}

struct DeclaredVariant {
    name: String,
    docs: Vec<String>,
    serde: Option<String>,
    fields: Option<Vec<StructField>>,
    /// How to make values of its fields for tests.
    samples: String,
}

/// The stored form of variants without fields: a text.
#[derive(Template)]
#[template(path = "rust/enumeration_as_text.rs.jinja", escape = "none")]
struct TextForm {
    name: String,
    /// The stored names of all variants, for messages.
    known: String,
    variants: Vec<TextVariant>,
}

struct TextVariant {
    name: String,
    stored: String,
}

/// The stored form of variants with numbers.
#[derive(Template)]
#[template(path = "rust/enumeration_as_number.rs.jinja", escape = "none")]
struct NumberForm {
    name: String,
    /// The numbers of all variants, for messages.
    known: String,
    option: &'static str,
    variants: Vec<TextVariant>,
}

/// The stored form of variants with fields: a map with one entry, or one with a tag.
#[derive(Template)]
#[template(path = "rust/enumeration_as_map.rs.jinja", escape = "none")]
struct MapForm {
    name: String,
    known: String,
    /// The attribute that names the variant, as a string literal.
    tag: Option<String>,
    /// The attribute that holds the fields apart from the tag, as a string literal.
    content: Option<String>,
    /// The expression that stores the `variant` from `encoder`.
    finish: String,
    variants: Vec<MapVariant>,
    handles: Vec<Function>,
    allowed: Option<String>,
    /// The statements that check the fields of each variant.
    checks: Option<Vec<String>>,
    /// The implementation of its validation library's trait.
    validation: &'static str,
    functions: ModuleFunctions,
}

struct MapVariant {
    name: String,
    /// The stored name as a string literal.
    stored: String,
    fields: Option<Vec<VariantField>>,
    /// How a pattern takes the fields out of a value: `Name { field: slot_field }`.
    pattern: String,
}

struct VariantField {
    identifier: String,
    attribute: String,
    kind: String,
    /// The local variable that holds it while a variant is read or written.
    slot: String,
    /// The expression that completes it.
    finish: String,
    /// The encoder's function that stores it.
    put: &'static str,
}

/// A variant, and its declared fields.
struct VariantView {
    name: String,
    /// The stored name as a string literal.
    stored: String,
    fields: Vec<VariantFieldView>,
}

struct VariantFieldView {
    field: FieldView,
    /// The function that returns its handle.
    handle: String,
    slot: String,
}

impl EnumerationModule {
    pub fn new(catalog: &Catalog, enumeration: &Enumeration) -> Self {
        let kinds = Kinds::new(catalog, &enumeration.name);
        let name = &enumeration.name;
        let is_map = match enumeration.form {
            EnumerationForm::Text | EnumerationForm::Number => false,
            EnumerationForm::Map | EnumerationForm::Tagged { .. } => true,
        };
        let always: &[&str] = if !is_map {
            &["Clone", "Copy", "Debug", "PartialEq", "Eq", "PartialOrd", "Ord", "Hash"]
        } else {
            &["Clone", "Debug", "PartialEq"]
        };
        let variants: Vec<_> =
            enumeration.variants.iter().map(|variant| view(&kinds, enumeration, variant)).collect();
        let allowed =
            shape::of_types(variants.iter().flat_map(|variant| &variant.fields).map(|field| &field.field));
        let is_sensitive = |field: &VariantFieldView| field.field.sensitive;
        let always = derived(always, variants.iter().flat_map(|variant| &variant.fields).map(is_sensitive));
        let mut attributes = type_attributes(&always, &enumeration.derives);
        attributes.extend(allowed.clone().into_iter().chain(shape::of_variants(catalog, enumeration)));
        let declared = enumeration.variants.iter().zip(&variants);
        let declared = declared.map(|(variant, view)| declared_variant(enumeration, variant, view));
        let known: Vec<_> = enumeration.variants.iter().map(|variant| variant.stored.as_str()).collect();
        let known = literal(&format!("one of {}", known.join(", ")));
        EnumerationModule {
            declared: EnumerationType {
                name: name.clone(),
                docs: declared_doc_lines(enumeration.doc.as_deref()),
                attributes,
                variants: declared.collect(),
                shown: (!always.contains(&"Debug")).then(|| shown(name, &variants)),
            },
            text: (enumeration.form == EnumerationForm::Text).then(|| TextForm::new(name, &known, &variants)),
            number: (enumeration.form == EnumerationForm::Number).then(|| NumberForm {
                name: name.clone(),
                known: known.clone(),
                option: kinds.prelude.option,
                variants: enumeration.variants.iter().map(number_variant).collect(),
            }),
            map: is_map.then(|| MapForm::new(enumeration, known, variants, allowed)),
        }
    }
}

fn number_variant(variant: &Variant) -> TextVariant {
    TextVariant { name: variant.name.clone(), stored: variant.stored.clone() }
}

impl TextForm {
    fn new(name: &str, known: &str, variants: &[VariantView]) -> Self {
        let variants = variants
            .iter()
            .map(|variant| TextVariant { name: variant.name.clone(), stored: variant.stored.clone() });
        TextForm { name: name.to_owned(), known: known.to_owned(), variants: variants.collect() }
    }
}

impl MapForm {
    fn new(
        enumeration: &Enumeration,
        known: String,
        mut variants: Vec<VariantView>,
        allowed: Option<String>,
    ) -> Self {
        let name = &enumeration.name;
        let is_single = variants.len() == 1;
        let place = FieldsPlace::of(&enumeration.form);
        let checks: Vec<_> =
            variants.iter().flat_map(|variant| checks(name, variant, &place, is_single)).collect();
        let handles = variants.iter().flat_map(|variant| {
            variant.fields.iter().map(|field| handle(place.outer(&variant.stored), field))
        });
        MapForm {
            tag: place.tag.clone(),
            content: place.content.clone(),
            finish: match (&place.tag, &place.content) {
                (Some(tag), None) => format!("dynamorm::generated::tagged({tag}, variant, encoder)"),
                (Some(tag), Some(content)) => {
                    format!("dynamorm::generated::tagged_apart({tag}, variant, {content}, encoder)")
                }
                _ => "dynamorm::generated::variant(variant, encoder)".to_owned(),
            },
            handles: handles.collect(),
            variants: variants.iter().map(|variant| map_variant(name, variant)).collect(),
            checks: (!checks.is_empty()).then(|| statements(8, &checks)),
            validation: validation_macro(enumeration.validation),
            functions: ModuleFunctions::of(
                variants.iter_mut().flat_map(|variant| &mut variant.fields).map(|field| &mut field.field),
            ),
            name: name.clone(),
            known,
            allowed,
        }
    }
}

/// What `Debug` shows of an enumeration with sensitive fields.
fn shown(name: &str, variants: &[VariantView]) -> String {
    let variants: Vec<_> = variants
        .iter()
        .map(|variant| {
            let how = |field: &FieldView| if field.sensitive { "hidden" } else { "shown" };
            let fields = variant.fields.iter().map(|VariantFieldView { field, .. }| field);
            let fields: Vec<_> =
                fields.map(|field| format!("{}: {}", field.identifier, how(field))).collect();
            let name = variant.name.as_str();
            if fields.is_empty() {
                format!("{name} {{}}")
            } else {
                format!("{name} {{ {} }}", fields.join(", "))
            }
        })
        .collect();
    braces(0, &format!("dynamorm::sensitive_debug!(enum {name}"), &variants, ");")
}

/// The place of a variant's fields.
struct FieldsPlace {
    /// The attribute that names the variant, as a string literal.
    tag: Option<String>,
    /// The attribute that holds the fields, if there is a tag.
    content: Option<String>,
}

impl FieldsPlace {
    fn of(form: &EnumerationForm) -> Self {
        match form {
            EnumerationForm::Tagged { tag, content } => {
                FieldsPlace { tag: Some(literal(tag)), content: content.as_deref().map(literal) }
            }
            EnumerationForm::Text | EnumerationForm::Number | EnumerationForm::Map => {
                FieldsPlace { tag: None, content: None }
            }
        }
    }

    /// The attribute that holds the fields of a variant with this stored name; `None` if they are beside the tag.
    fn outer<'a>(&'a self, stored: &'a str) -> Option<&'a str> {
        match self.tag {
            Some(_) => self.content.as_deref(),
            None => Some(stored),
        }
    }
}

/// The statements that check the fields of a variant. A pattern of a single one cannot fail.
fn checks(name: &str, variant: &VariantView, place: &FieldsPlace, is_single: bool) -> Vec<String> {
    let checked: Vec<_> = variant.fields.iter().filter(|field| field.field.checked).collect();
    if checked.is_empty() {
        return Vec::new();
    }
    let taken = checked.iter().map(|field| format!("{}: {}, ", field.field.identifier, field.slot));
    let pattern = format!("let {name}::{} {{ {}.. }} = value", variant.name, taken.collect::<String>());
    let mut lines = vec![if is_single { format!("{pattern};") } else { format!("if {pattern} {{") }];
    let outer = place.outer(&variant.stored);
    lines.extend(outer.map(|outer| format!("check.entry({outer}, |check| {{")));
    lines.extend(checked.iter().map(|VariantFieldView { field, handle, slot }| {
        format!("check.entry({}, |check| check.value(&Self::{handle}(), {slot}));", field.attribute)
    }));
    lines.extend(outer.map(|_| "});".to_owned()));
    lines.extend((!is_single).then(|| "}".to_owned()));
    lines
}

fn view(kinds: &Kinds<'_>, enumeration: &Enumeration, variant: &Variant) -> VariantView {
    let fields = variant.fields.iter().map(|declared| {
        let handle = format!("{}_{}", variant.name.to_snake_case(), declared.name);
        // Two variants may have fields with the same name, so aliases contain both names.
        let alias = format!("{}_{}", variant.name, declared.name);
        let mut field = FieldView::named(kinds, declared, &enumeration.derives, &handle, &alias);
        field.samples = samples::of_field(declared, &alias, Vec::new());
        VariantFieldView { handle, slot: format!("slot_{}", declared.name), field }
    });
    VariantView { name: variant.name.clone(), stored: literal(&variant.stored), fields: fields.collect() }
}

fn declared_variant(enumeration: &Enumeration, variant: &Variant, view: &VariantView) -> DeclaredVariant {
    let rename = serde_rename(&enumeration.derives, &variant.name, &variant.stored);
    let fields: Vec<_> = view.fields.iter().map(|field| StructField::new(&field.field)).collect();
    let samples = view.fields.iter().map(|VariantFieldView { field, handle, .. }| {
        let handle = (!field.rules.are_none()).then(|| format!("{}::{handle}()", enumeration.name));
        let known = match (handle, field.samples.join(", ")) {
            (None, samples) if samples.is_empty() => String::new(),
            (Some(handle), samples) if samples.is_empty() => format!(" [{handle}]"),
            (handle, samples) => format!(" [{}; {samples}]", handle.unwrap_or_default()),
        };
        format!("{}: {}{known}", field.identifier, field.kind)
    });
    DeclaredVariant {
        name: variant.name.clone(),
        docs: declared_doc_lines(variant.doc.as_deref()),
        serde: rename.map(|rename| format!("#[serde({rename})]")),
        samples: samples.collect::<Vec<_>>().join(", "),
        fields: (!fields.is_empty()).then_some(fields),
    }
}

/// The function that returns the handle of a variant's field.
fn handle(outer: Option<&str>, field: &VariantFieldView) -> Function {
    let VariantFieldView { field, handle, .. } = field;
    let head = match outer {
        Some(outer) => format!("dynamorm::Attribute::within({outer}, {})", field.attribute),
        None => format!("dynamorm::Attribute::new({})", field.attribute),
    };
    Function {
        docs: field.docs.clone(),
        signature: format!(
            "pub fn {handle}() -> {} {{",
            handle_type("Self", field, Some("dynamorm::Nested"))
        ),
        body: vec![chain(8, &head, &handle_calls(field), "")],
    }
}

fn map_variant(name: &str, variant: &VariantView) -> MapVariant {
    let path = format!("{name}::{}", variant.name);
    let taken = variant.fields.iter().map(|field| format!("{}: {}", field.field.identifier, field.slot));
    let taken: Vec<_> = taken.collect();
    let fields: Vec<_> = variant.fields.iter().map(variant_field).collect();
    MapVariant {
        pattern: if fields.is_empty() { path.clone() } else { braces(12, &path, &taken, "") },
        name: path,
        stored: variant.stored.clone(),
        fields: (!fields.is_empty()).then_some(fields),
    }
}

fn variant_field(field: &VariantFieldView) -> VariantField {
    let VariantFieldView { field, slot, .. } = field;
    VariantField {
        identifier: field.identifier.clone(),
        attribute: field.attribute.clone(),
        kind: field.kind.clone(),
        slot: slot.clone(),
        finish: match field.read_default() {
            Some(default) if !default.is_empty => format!("{slot}.unwrap_or_else({})", default.function),
            None if !field.may_be_missing => {
                format!("dynamorm::generated::required({slot}, {})?", field.attribute)
            }
            _ => format!("{slot}.unwrap_or_default()"),
        },
        put: if field.stores_null { "put_or_null" } else { "put" },
    }
}
