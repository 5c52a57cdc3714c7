//! Structs with public fields: models, projections and nested structures.

use askama::Template;

use super::field::FieldView;
use super::layout::braces;

/// A struct with public fields.
#[derive(Template)]
#[template(path = "rust/item_struct.rs.jinja", escape = "none")]
pub(super) struct ItemStruct {
    name: String,
    docs: Vec<String>,
    /// The attributes above it, and the places of the user's.
    attributes: Vec<String>,
    fields: Vec<StructField>,
    /// What `Debug` shows of each field, if some are sensitive: `password: hidden`.
    shown: Option<String>,
}

/// A field of a struct, or of a variant of an enumeration.
pub(super) struct StructField {
    pub docs: Vec<String>,
    pub serde: Option<String>,
    /// The user's attributes, and their places.
    pub attributes: Vec<String>,
    pub identifier: String,
    pub rust_type: String,
}

impl ItemStruct {
    pub fn new(name: &str, docs: Vec<String>, attributes: Vec<String>, fields: &[FieldView]) -> Self {
        ItemStruct {
            name: name.to_owned(),
            docs,
            attributes,
            fields: fields.iter().map(StructField::new).collect(),
            shown: shown(0, &format!("dynamorm::sensitive_debug!(struct {name}"), fields),
        }
    }
}

/// What `Debug` shows of fields, if some of them are sensitive.
pub(super) fn shown(indent: usize, head: &str, fields: &[FieldView]) -> Option<String> {
    let how = |field: &FieldView| if field.sensitive { "hidden" } else { "shown" };
    let shown: Vec<_> = fields.iter().map(|field| format!("{}: {}", field.identifier, how(field))).collect();
    fields.iter().any(|field| field.sensitive).then(|| braces(indent, head, &shown, ");"))
}

/// The derives of such a type, without `Debug` if some fields are sensitive.
pub(super) fn derived<'d>(always: &[&'d str], mut fields: impl Iterator<Item = bool>) -> Vec<&'d str> {
    let is_sensitive = fields.any(|is_sensitive| is_sensitive);
    always.iter().copied().filter(|derive| !(is_sensitive && *derive == "Debug")).collect()
}

impl StructField {
    pub fn new(field: &FieldView) -> Self {
        StructField {
            docs: field.docs.clone(),
            serde: field.serde.clone(),
            attributes: field.attributes.clone(),
            identifier: field.identifier.clone(),
            rust_type: field.rust_type.clone(),
        }
    }
}
