//! Structs with public fields: models, projections and nested structures.

use askama::Template;

use super::field::FieldView;

/// A struct with public fields.
#[derive(Template)]
#[template(path = "rust/item_struct.rs.jinja", escape = "none")]
pub(super) struct ItemStruct {
    name: String,
    docs: Vec<String>,
    /// The attributes above it, and the places of those that are the user's.
    attributes: Vec<String>,
    fields: Vec<StructField>,
}

/// A field of a struct, or of a variant of an enumeration.
pub(super) struct StructField {
    pub docs: Vec<String>,
    pub serde: Option<String>,
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
        }
    }
}

impl StructField {
    pub fn new(field: &FieldView) -> Self {
        StructField {
            docs: field.docs.clone(),
            serde: field.serde.clone(),
            identifier: field.identifier.clone(),
            rust_type: field.rust_type.clone(),
        }
    }
}
