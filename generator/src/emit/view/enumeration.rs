//! Enumerations: stored as text, or as a map of one entry where variants have fields.

use heck::ToSnakeCase;

use super::field::{self, FieldView, SerdeView};
use super::kind::Kinds;
use super::rule::RulesView;
use super::{samples, shape};
use super::{serde_rename, type_attributes, validation_macro};
use crate::catalog::{Catalog, Enumeration, Variant};
use crate::emit::text::{doc_lines, literal};

/// An enumeration.
pub(in crate::emit) struct EnumerationView {
    pub name: String,
    pub docs: Vec<String>,
    pub attributes: Vec<String>,
    pub is_text: bool,
    /// What validates it as its library does.
    pub validation: &'static str,
    /// The stored names of all variants, for messages.
    pub known: String,
    pub variants: Vec<VariantView>,
    pub has_rules: bool,
    /// Whether there is one variant only, so that patterns cannot fail.
    pub is_single: bool,
    pub foreign: Vec<field::Alias>,
    /// What is allowed where the fields' types are named.
    pub allowed: Option<String>,
}

pub(in crate::emit) struct VariantView {
    pub name: String,
    pub docs: Vec<String>,
    pub serde: Vec<String>,
    /// The stored name as a string literal.
    pub stored: String,
    pub fields: Vec<VariantFieldView>,
    pub has_rules: bool,
}

pub(in crate::emit) struct VariantFieldView {
    pub field: FieldView,
    /// The function that gives its handle.
    pub handle: String,
    /// The local that holds it while a variant is read.
    pub slot: String,
    /// The expression that completes it.
    pub finish: String,
}

impl EnumerationView {
    pub fn new(catalog: &Catalog, enumeration: &Enumeration) -> Self {
        let kinds = Kinds::new(catalog, &enumeration.name);
        let is_text = enumeration.is_text();
        let always: &[&str] = if is_text {
            &["Clone", "Copy", "Debug", "PartialEq", "Eq", "PartialOrd", "Ord", "Hash"]
        } else {
            &["Clone", "Debug", "PartialEq"]
        };
        let mut variants: Vec<_> =
            enumeration.variants.iter().map(|variant| self::variant(&kinds, enumeration, variant)).collect();
        let fields = variants.iter_mut().flat_map(|variant| &mut variant.fields);
        let foreign = fields.filter_map(|field| field.field.foreign.take()).collect();
        let known: Vec<_> = enumeration.variants.iter().map(|variant| variant.stored.as_str()).collect();
        let fields = variants.iter().flat_map(|variant| &variant.fields);
        let allowed = shape::of_types(fields.map(|field| &field.field));
        let mut attributes = type_attributes(always, &enumeration.derives);
        attributes.extend(allowed.clone().into_iter().chain(shape::of_variants(catalog, enumeration)));
        EnumerationView {
            name: enumeration.name.clone(),
            docs: doc_lines(enumeration.doc.as_deref()),
            attributes,
            is_text,
            validation: validation_macro(enumeration.validation),
            known: literal(&format!("one of {}", known.join(", "))),
            has_rules: variants.iter().any(|variant| variant.has_rules),
            allowed,
            is_single: variants.len() == 1,
            variants,
            foreign,
        }
    }
}

fn variant(kinds: &Kinds<'_>, enumeration: &Enumeration, variant: &Variant) -> VariantView {
    let rename = serde_rename(&enumeration.derives, &variant.name, &variant.stored);
    let fields = variant.fields.iter().map(|declared| {
        let mut field = FieldView::new(kinds, declared, &enumeration.derives);
        let slot = format!("slot_{}", declared.name);
        let handle = format!("{}_{}", variant.name.to_snake_case(), declared.name);
        field.serde = SerdeView::new(kinds, declared, &enumeration.derives, &handle, None);
        // Two variants may have a field of one name: aliases are named by both.
        let alias = format!("{}_{}", variant.name, declared.name);
        if let Some(foreign) = &mut field.foreign {
            let renamed = super::kind::foreign_alias(&alias);
            foreign.name = renamed.trim_start_matches("foreign::").to_owned();
            field.rust_type = kinds.optional(declared.optional, kinds.value_type(&declared.kind, &alias));
            field.kind = kinds.optional(declared.optional, kinds.kind(&declared.kind, &alias));
            field.rules = RulesView::new(kinds, declared, &alias);
        }
        let of_samples = format!("{}::{handle}()", enumeration.name);
        field.samples = samples::field(&field, declared, &of_samples, &alias, Vec::new());
        VariantFieldView { handle, finish: field::finish(kinds, declared, &slot), slot, field }
    });
    let fields: Vec<_> = fields.collect();
    VariantView {
        has_rules: fields.iter().any(|field| field.field.checked),
        name: variant.name.clone(),
        docs: doc_lines(variant.doc.as_deref()),
        serde: rename.map(|rename| format!("#[serde({rename})]")).into_iter().collect(),
        stored: literal(&variant.stored),
        fields,
    }
}
