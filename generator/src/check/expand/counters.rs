//! Counters: a field of the model that counts, for each that another model declares.

use super::ExpandedModel;
use crate::manifest::{
    CounterDeclaration, FieldDeclaration, GenerateForm, Spanned, TypeExpression, TypeForm,
};
use std::borrow::Cow;

/// Gives models the fields by which they count items of others. Of an owner that is not declared, the counter itself is
/// reported later.
pub(super) fn include<'m>(models: &mut [ExpandedModel<'m>]) {
    let mut found: Vec<(usize, FieldDeclaration)> = Vec::new();
    for model in &*models {
        for counter in model.counters {
            let Some(owner) = &counter.owner else { continue };
            let number = models.iter().position(|known| known.name.value == owner.value);
            found.extend(number.map(|number| (number, field(model, counter))));
        }
    }
    for (number, field) in found {
        if let Some(fields) = &mut models[number].fields {
            fields.push(Cow::Owned(field));
        }
    }
}

/// The field that counts. It is signed: of items that were there before the counter, more may go than have come.
fn field(model: &ExpandedModel<'_>, counter: &CounterDeclaration) -> FieldDeclaration {
    let is_summed = |field: &&Cow<'_, FieldDeclaration>| {
        counter.sum.as_ref().is_some_and(|sum| sum.value == field.name.value)
    };
    let summed = model.fields.iter().flatten().find(is_summed).and_then(|field| field.kind.as_ref());
    let name = match summed.and_then(TypeExpression::name) {
        Some("decimal") => "decimal",
        _ => "i64",
    };
    let span = counter.name.span;
    FieldDeclaration {
        kind: Some(TypeExpression { span, optional: false, form: TypeForm::Named(name.to_owned()) }),
        attribute: counter.attribute.clone(),
        doc: counter.doc.clone(),
        generate: Some(Spanned { value: GenerateForm::Counter, span }),
        ..FieldDeclaration::new(counter.name.clone(), counter.place.clone())
    }
}
