//! Computed fields: their handles, and the functions that give their values.

use super::key::KeyWriter;
use super::layout::assignment;
use super::query::Function;
use super::text::{code, declared_doc_lines, doc_lines, literal};
use crate::catalog::{Computed, KeySource};

/// The handles, each its documentation and its declaration.
pub(super) fn handles(keys: &KeyWriter<'_>) -> Vec<(Vec<String>, String)> {
    let handle = |field: &Computed| {
        let kind = keys.kinds.optional(field.optional, keys.kinds.kind(&field.kind, &field.name));
        let left = format!("pub const {}: dynamorm::Attribute<Self, {kind}, dynamorm::Computed>", field.constant);
        let head = format!("dynamorm::Attribute::new({})", literal(&field.template.attribute));
        (docs(keys, field), assignment(4, &left, &head, &[]))
    };
    keys.model.computed.iter().map(handle).collect()
}

/// The functions that give the values of an item.
pub(super) fn functions(keys: &KeyWriter<'_>) -> Vec<Function> {
    let function = |field: &Computed| {
        let kind = keys.kinds.kind(&field.kind, &field.name);
        let returns = keys.kinds.optional(true, keys.kinds.value_type(&field.kind, &field.name));
        let text = keys.text(&field.template, &|source| match source.optional {
            true => format!("self.{}.as_ref()?", source.identifier),
            false => format!("&self.{}", source.identifier),
        });
        let mut docs = docs(keys, field);
        docs.push("///".to_owned());
        docs.extend(doc_lines("`None` where that has no value, or one that no write accepts."));
        Function {
            docs,
            signature: format!("pub fn {}(&self) -> {returns} {{", field.identifier),
            body: vec![format!("dynamorm::generated::computed::<{kind}>({text})")],
        }
    };
    keys.model.computed.iter().map(function).collect()
}

fn docs(keys: &KeyWriter<'_>, field: &Computed) -> Vec<String> {
    let mut docs = declared_doc_lines(field.doc.as_deref());
    if !docs.is_empty() {
        docs.push("///".to_owned());
    }
    let source = KeySource::Template(field.template.clone());
    let from: Vec<_> =
        keys.fields(&[&source]).iter().map(|from| code(&keys.shown(from, &[&source]))).collect();
    docs.extend(doc_lines(&format!("Computed: {}.", from.join(", "))));
    docs
}
