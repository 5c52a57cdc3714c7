//! Keys that tell their fields only in part, such as the day of a moment.

use crate::catalog::{self, KeySource, ModelIndex};
use crate::check::TableCheck;
use crate::diagnostic::{Code, Diagnostic, quoted};

/// The fields of a table's key that it tells only in part.
fn untold(key: &[KeySource]) -> Vec<usize> {
    let parts = || {
        key.iter().flat_map(|source| match source {
            KeySource::Field(_) => [].iter(),
            KeySource::Template(template) => template.parts.iter(),
        })
    };
    let is_told = |field: usize| {
        key.contains(&KeySource::Field(field))
            || parts().any(|part| part.field == field && !part.form.is_lossy())
    };
    let mut untold: Vec<usize> = Vec::new();
    for part in parts().filter(|part| !is_told(part.field)) {
        if !untold.contains(&part.field) {
            untold.push(part.field);
        }
    }
    untold
}

/// Reports keys of tables in which values that differ share one item, unless the declaration says that they may.
pub(super) fn check_keys(cx: &mut TableCheck<'_, '_>, keys: &[Vec<KeySource>]) {
    for (schema, key) in cx.known.schemas.iter().zip(keys) {
        let Some(declared) = &schema.declaration.key else { continue };
        let untold = untold(key);
        let is_lossy = declared.lossy.as_ref().is_some_and(|flag| flag.value);
        match (untold.first(), &declared.lossy) {
            (Some(field), _) if !is_lossy => {
                let name = &schema.fields[*field].declaration.name;
                cx.report(
                    Diagnostic::new(
                        Code::LossyKey,
                        format!("items whose {} differ can have one key", quoted(&name.value)),
                    )
                    .at(declared.span, format!("has a part of {} alone", quoted(&name.value)))
                    .and(name.span, "declared here")
                    .help(format!(
                        "put all of it into the key too, `{{{}}}`, or say that such items are one: `lossy = true`",
                        name.value
                    )),
                );
            }
            (None, Some(flag)) if flag.value => cx.report(
                Diagnostic::new(Code::LossyKey, "the key tells all of its fields")
                    .at(flag.span, "nothing is lost")
                    .help("remove this"),
            ),
            _ => {}
        }
    }
}

/// Reports index keys that an update by key cannot compose, since the key does not tell a field of theirs.
pub(super) fn check_index_keys(
    cx: &mut TableCheck<'_, '_>,
    keys: &[Vec<KeySource>],
    uses: &[Vec<ModelIndex>],
) {
    for ((schema, key), uses) in cx.known.schemas.iter().zip(keys).zip(uses) {
        let untold = untold(key);
        for template in catalog::index_templates(key, uses) {
            let part = template.parts.iter().find(|part| untold.contains(&part.field));
            let Some(part) = part.filter(|_| !catalog::free_fields(key, &[template]).is_empty()) else {
                continue;
            };
            let name = &schema.fields[part.field].declaration.name;
            let declared = schema.declaration.key.as_ref().map_or(name.span, |key| key.span);
            cx.report(
                Diagnostic::new(
                    Code::LossyKey,
                    format!(
                        "no update knows all of {}, of which {} is composed with fields that change",
                        quoted(&name.value),
                        quoted(&template.attribute)
                    ),
                )
                .at(declared, "tells a part of it")
                .and(name.span, "declared here")
                .help("put all of it into the table's key too, or leave it out of the index key"),
            );
        }
    }
}
