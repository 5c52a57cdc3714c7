//! Contexts, such as a tenant: a field that is part of every key of the models that name it.

use super::tables::Use;
use crate::catalog::{KeySource, Table};
use crate::diagnostic::{Code, Diagnostic, Findings, did_you_mean, quoted};
use crate::manifest::{
    FieldDeclaration, Manifest, ModelDeclaration, Spanned, TemplateExpression, TemplatePiece,
};
use std::collections::{BTreeMap, BTreeSet};

/// Gives models the field of their context, and begins their composed partition keys with it.
pub(super) fn include(manifest: &mut Manifest, findings: &mut Findings) {
    let contexts: BTreeMap<String, FieldDeclaration> =
        manifest.contexts.iter().map(|one| (one.name.value.clone(), one.clone())).collect();
    // Where an index has the context as an attribute of its own, or unique fields name it, items have it too.
    let mut plain: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for table in &manifest.tables {
        let keys = table.indexes.iter().filter_map(|index| index.partition_key.as_ref());
        let keys = keys.chain(&table.partition_key);
        let names = keys.flat_map(|key| &key.attributes).map(|name| name.value.as_str());
        plain.entry(&table.declared.value).or_default().extend(names);
    }
    for model in &mut manifest.models {
        let Some(name) = model.context.clone() else { continue };
        let Some(context) = contexts.get(&name.value) else {
            findings.push(unknown(&name, contexts.keys().map(String::as_str)));
            continue;
        };
        let mut field = context.clone();
        let table = model.table.as_ref().map(|table| table.value.as_str()).unwrap_or_default();
        let is_plain = plain.get(table).is_some_and(|names| names.contains(field.stored().0));
        let is_unique = model.unique.iter().flat_map(|set| &set.value).any(|field| field.value == name.value);
        if field.key_only.is_none() {
            field.key_only = Some(Spanned { value: !is_plain && !is_unique, span: name.span });
        }
        if let Some(fields) = &mut model.fields {
            fields.insert(0, field);
        }
        let keys = model.key.iter_mut().chain(model.indexes.iter_mut().map(|index| &mut index.key));
        for template in keys.filter_map(|key| key.partition_key.as_mut()) {
            begin_with(template, &name);
        }
    }
}

/// Reports keys by which a model's items can be read without its context.
pub(super) fn check(manifest: &Manifest, tables: &[Table], uses: &[Option<Use>], findings: &mut Findings) {
    for (model, used) in manifest.models.iter().zip(uses) {
        let (Some(name), Some(number), Some(used)) = (&model.context, field(model), used) else { continue };
        let table = &tables[used.table];
        let is_composed =
            |source: &KeySource| matches!(source, KeySource::Template(_)) && has(source, number);
        if !used.key.iter().take(1).any(is_composed) {
            let help = "compose the key, which then begins with the context: `key = { partition_key = \"INVOICE#{number}\" }`";
            findings.push(missing(model, name, "a composed key of its table", help));
        }
        for index in &used.indexes {
            if !index.partition_key.iter().any(|source| has(source, number)) {
                let what = format!("the key of index {}", quoted(&table.indexes[index.index].name));
                let help = "name the context among the attributes of the index's partition key, or compose it: `index.… = { partition_key = \"…\" }`";
                findings.push(missing(model, name, &what, help));
            }
        }
    }
}

/// The number of the field that is a model's context.
pub(super) fn field(model: &ModelDeclaration) -> Option<usize> {
    let name = model.context.as_ref()?;
    model.fields.as_ref()?.iter().position(|field| field.name.value == name.value)
}

/// `TENANT#{tenant}#` before what the template says.
fn begin_with(template: &mut TemplateExpression, name: &Spanned<String>) {
    // What could not be read stays so.
    if template.pieces.is_empty() {
        return;
    }
    let mut pieces = vec![
        TemplatePiece::Literal(format!("{}#", name.value.to_ascii_uppercase())),
        TemplatePiece::Field { name: name.clone(), format: None },
    ];
    let mut rest = template.pieces.drain(..).peekable();
    let literal = match rest.next_if(|piece| matches!(piece, TemplatePiece::Literal(_))) {
        Some(TemplatePiece::Literal(text)) => format!("#{text}"),
        _ => String::from("#"),
    };
    pieces.push(TemplatePiece::Literal(literal));
    pieces.extend(rest);
    template.pieces = pieces;
}

fn has(source: &KeySource, field: usize) -> bool {
    match source {
        KeySource::Field(number) => *number == field,
        KeySource::Template(template) => template.parts.iter().any(|part| part.field == field),
    }
}

fn unknown<'a>(name: &Spanned<String>, known: impl Iterator<Item = &'a str>) -> Diagnostic {
    Diagnostic::new(Code::UnknownContext, format!("the context {} is not declared", quoted(&name.value)))
        .at(name.span, "not declared")
        .help(
            did_you_mean(&name.value, known)
                .unwrap_or_else(|| format!("declare it: `[context.{}]` with its `type`", name.value)),
        )
}

fn missing(model: &ModelDeclaration, name: &Spanned<String>, what: &str, help: &str) -> Diagnostic {
    Diagnostic::new(Code::ContextMissing, format!("{} is not part of {what}", quoted(&name.value)))
        .at(name.span, format!("the context of {}", quoted(&model.name.value)))
        .help(help)
}
