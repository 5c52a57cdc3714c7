//! Sensitive fields, whose values must not end up in what errors name and cursors hold: keys, unique values, versions.

use super::Links;
use crate::catalog::{Condition, Generated, Given, GivenValue, KeySource, Reach, Relation};
use crate::check::WholeCheck;
use crate::check::fields::CheckedField;
use crate::check::resolved::ResolvedModel;
use crate::diagnostic::{Code, Diagnostic, quoted};

pub(super) fn check(cx: &mut WholeCheck<'_, '_>, links: &Links<'_>) {
    let resolved = cx.known;
    for (model, relations) in resolved.models.iter().zip(&links.relations) {
        for (number, checked) in model.schema.fields.iter().enumerate() {
            let Some(flag) = checked.declaration.sensitive.as_ref().filter(|flag| flag.value) else {
                continue;
            };
            let Some(reason) = reason(resolved, model, number, checked, relations) else { continue };
            let name = quoted(&checked.declaration.name.value);
            cx.report(
                Diagnostic::new(Code::SensitiveKey, format!("{name} is sensitive, and {reason}"))
                    .at(checked.declaration.name.span, "errors name it, and cursors and guards hold it")
                    .and(flag.span, "declared sensitive")
                    .help("use another field there, such as a generated id or a digest of the value"),
            );
        }
    }
}

/// Why a field's values are seen, if they are.
fn reason(
    resolved: &crate::check::resolved::Resolved<'_>,
    model: &ResolvedModel<'_>,
    number: usize,
    checked: &CheckedField<'_>,
    relations: &[Relation],
) -> Option<String> {
    let field = checked.field.as_ref()?;
    let holds = |source: &KeySource| match source {
        KeySource::Field(of_key) => *of_key == number,
        KeySource::Template(template) => template.parts.iter().any(|part| part.field == number),
    };
    if let Some(used) = &model.used {
        if used.key.iter().any(holds) {
            return Some("a part of its table's key".to_owned());
        }
        let of_index =
            used.indexes.iter().find(|index| index.partition_key.iter().chain(&index.sort_key).any(holds));
        if let Some(index) = of_index {
            let name = &resolved.table(used).indexes[index.index].name;
            return Some(format!("a part of the key of the index {}", quoted(name)));
        }
        let looks_at = |when: &Condition| when.fields().contains(&number);
        let by_condition = used.indexes.iter().find(|index| index.when.as_ref().is_some_and(looks_at));
        if let Some(index) = by_condition {
            let name = &resolved.table(used).indexes[index.index].name;
            return Some(format!("what decides whether items are in the index {}", quoted(name)));
        }
    }
    if model.schema.unique.iter().any(|unique| unique.attributes.contains(&field.attribute)) {
        return Some("unique".to_owned());
    }
    if matches!(field.generated, Some(Generated::Version | Generated::WriteId)) {
        return Some("what tells one write from another".to_owned());
    }
    let relation = relations.iter().find(|relation| leads_by(relation, &field.name))?;
    Some(format!("what the relation {} leads by", quoted(&relation.name)))
}

/// Whether a relation makes a key of a field of its own model.
fn leads_by(relation: &Relation, field: &str) -> bool {
    let given = |given: &Given| match &given.value {
        GivenValue::Field(name) | GivenValue::Part { field: name, .. } => name == field,
        GivenValue::Composed { fields, .. } => fields.iter().any(|name| name == field),
    };
    match &relation.reach {
        Reach::One { key, .. } | Reach::Partner { key, .. } | Reach::Many { key, .. } => {
            key.iter().any(given)
        }
        Reach::Through { key, from_this, .. } => key.iter().chain(from_this).any(given),
    }
}
