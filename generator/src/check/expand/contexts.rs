//! Contexts, such as a tenant: a field that is part of every key of the models that name it.

use super::ExpandedModel;
use crate::check::ExpandCheck;
use crate::diagnostic::{Code, Diagnostic, did_you_mean, quoted};
use crate::manifest::{FieldDeclaration, Manifest, Spanned, TemplateExpression, TemplatePiece};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

pub(super) struct Contexts<'m> {
    declared: BTreeMap<&'m str, &'m FieldDeclaration>,
    /// For each table, the partition key attributes of the table and its indexes.
    partition_keys: BTreeMap<&'m str, BTreeSet<&'m str>>,
}

impl<'m> Contexts<'m> {
    pub(super) fn new(manifest: &'m Manifest) -> Self {
        let declared = manifest.contexts.iter().map(|one| (one.name.value.as_str(), one)).collect();
        let mut partition_keys: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for table in &manifest.tables {
            let keys = table.indexes.iter().filter_map(|index| index.partition_key.as_ref());
            let keys = keys.chain(&table.partition_key);
            let names = keys.flat_map(|key| &key.attributes).map(|name| name.value.as_str());
            partition_keys.entry(&table.declared.value).or_default().extend(names);
        }
        Contexts { declared, partition_keys }
    }

    /// Gives a model the field of its context, and begins its composed partition keys with it.
    pub(super) fn include(
        &self,
        cx: &mut ExpandCheck<'_, '_>,
        name: &'m Spanned<String>,
        model: &mut ExpandedModel<'m>,
    ) {
        let Some(context) = self.declared.get(name.value.as_str()) else {
            cx.report(self.unknown(name));
            return;
        };
        let mut field = (*context).clone();
        // If an index has the context as an attribute, or unique fields name it, items store it, too.
        let table = model.table.map(|table| table.value.as_str()).unwrap_or_default();
        let is_attribute =
            self.partition_keys.get(table).is_some_and(|names| names.contains(field.stored().0));
        let is_unique = model.unique.iter().flat_map(|set| &set.value).any(|field| field.value == name.value);
        if field.key_only.is_none() {
            field.key_only = Some(Spanned { value: !is_attribute && !is_unique, span: name.span });
        }
        if let Some(fields) = &mut model.fields {
            fields.insert(0, Cow::Owned(field));
        }
        let keys = model.key.iter_mut().chain(model.indexes.iter_mut().map(|index| &mut index.key));
        for template in keys.filter_map(|key| key.partition_key.as_mut()) {
            begin_with(template, name);
        }
    }

    fn unknown(&self, name: &Spanned<String>) -> Diagnostic {
        Diagnostic::new(Code::UnknownContext, format!("the context {} is not declared", quoted(&name.value)))
            .at(name.span, "not declared")
            .help(
                did_you_mean(&name.value, self.declared.keys().copied())
                    .unwrap_or_else(|| format!("declare it: `[context.{}]` with its `type`", name.value)),
            )
    }
}

/// Puts `TENANT#{tenant}#` before the template's own text.
fn begin_with(template: &mut TemplateExpression, name: &Spanned<String>) {
    // A template that could not be read was reported.
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
