//! Keys that tell their fields only in part, such as the day of a moment.

use crate::catalog::{self, Condition, Index, KeyForm, KeySource, ModelIndex, Projection, TemplatePart};
use crate::check::TableCheck;
use crate::diagnostic::{Code, Diagnostic, quoted};

/// The parts of which keys are composed.
fn parts<'k>(sources: impl IntoIterator<Item = &'k KeySource>) -> impl Iterator<Item = &'k TemplatePart> {
    sources.into_iter().flat_map(|source| match source {
        KeySource::Field(_) => [].iter(),
        KeySource::Template(template) => template.parts.iter(),
    })
}

/// Whether keys tell a field in whole.
fn tell<'k>(sources: impl Iterator<Item = &'k KeySource> + Clone, field: usize) -> bool {
    sources.clone().any(|source| *source == KeySource::Field(field))
        || parts(sources).any(|part| part.field == field && !part.form.is_lossy())
}

/// The fields of a table's key that it tells only in part.
fn untold(key: &[KeySource]) -> Vec<usize> {
    let mut untold: Vec<usize> = Vec::new();
    for part in parts(key).filter(|part| !tell(key.iter(), part.field)) {
        if !untold.contains(&part.field) {
            untold.push(part.field);
        }
    }
    untold
}

/// Whether a key tells a field in parts of which none tells what the others do.
fn are_apart(key: &[KeySource], field: usize) -> bool {
    let mut forms = parts(key).filter(|part| part.field == field).map(|part| part.form);
    let Some(first) = forms.next() else { return false };
    let is_case = |form: KeyForm| matches!(form, KeyForm::Lower | KeyForm::Upper);
    forms.any(|form| form != first && (is_case(form) || is_case(first)))
}

/// Reports keys of tables in which values that differ share one item, unless the declaration says that they may.
pub(super) fn check_keys(cx: &mut TableCheck<'_, '_>, keys: &[Vec<KeySource>]) {
    let attributes = 1 + usize::from(cx.known.table.sort_key.is_some());
    // What is wrong with a key has been reported.
    let whole = cx.known.schemas.iter().zip(keys).filter(|(_, key)| key.len() == attributes);
    for (schema, key) in whole {
        let Some(declared) = &schema.declaration.key else { continue };
        let untold = untold(key);
        // A change has the key of its item, which is read of what the table's key tells.
        let is_read = cx.known.table.stream.on().is_some();
        if let Some(field) = untold.iter().find(|field| is_read && are_apart(key, **field)) {
            let name = &schema.fields[*field].declaration.name;
            cx.report(
                Diagnostic::new(
                    Code::LossyKey,
                    format!("a change does not tell one value of {} that has its key", quoted(&name.value)),
                )
                .at(declared.span, "has it in one case, and another part of it")
                .and(name.span, "declared here")
                .help(format!(
                    "have one part of it in the key, or all of it, `{{{}}}`: the stream of the table has keys",
                    name.value
                )),
            );
            continue;
        }
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
        for composition in catalog::index_compositions(key, uses, &schema.computed) {
            if catalog::free_fields(key, &composition).is_empty() {
                continue;
            }
            let is_told = |part: &TemplatePart| {
                parts(key).any(|known| known.field == part.field && known.form.tells(part.form))
            };
            let mut parts = composition.cases.iter().flat_map(|(_, template)| &template.parts);
            let part = parts.find(|part| untold.contains(&part.field) && !is_told(part));
            let compared = composition.cases.iter().filter_map(|(when, _)| when.as_ref());
            let mut compared = compared.flat_map(Condition::fields);
            let field = part.map(|part| part.field).or_else(|| compared.find(|field| untold.contains(field)));
            let Some(field) = field else { continue };
            let name = &schema.fields[field].declaration.name;
            let declared = schema.declaration.key.as_ref().map_or(name.span, |key| key.span);
            cx.report(
                Diagnostic::new(
                    Code::LossyKey,
                    format!(
                        "no update knows all of {}, of which {} is composed with fields that change",
                        quoted(&name.value),
                        quoted(composition.attribute)
                    ),
                )
                .at(declared, "tells a part of it")
                .and(name.span, "declared here")
                .help("put all of it into the table's key too, or leave it out of the index key"),
            );
        }
    }
}

/// Reports indexes that leave out a field of which the table's key tells a part: what they hold would have no whole key.
pub(super) fn check_projections(
    cx: &mut TableCheck<'_, '_>,
    keys: &[Vec<KeySource>],
    uses: &[Vec<ModelIndex>],
    indexes: &[Index],
) {
    for ((schema, key), uses) in cx.known.schemas.iter().zip(keys).zip(uses) {
        for used in uses {
            let Some(index) = indexes.get(used.index) else { continue };
            let included: &[String] = match &index.projection {
                Projection::All => continue,
                Projection::KeysOnly => &[],
                Projection::Include(attributes) => attributes,
            };
            let own = used.partition_key.iter().chain(&used.sort_key);
            let left_out =
                untold(key).into_iter().filter(|field| !tell(own.clone(), *field)).find_map(|field| {
                    let checked = schema.fields.get(field)?;
                    let attribute = &checked.field.as_ref()?.attribute;
                    (!included.contains(attribute)).then_some((checked, attribute))
                });
            let declared = cx.known.table.indexes.iter().find(|declared| declared.name.value == index.name);
            let (Some((checked, attribute)), Some(declared)) = (left_out, declared) else { continue };
            let name = &checked.declaration.name;
            let all: Vec<_> =
                included.iter().chain([attribute]).map(|attribute| format!("{attribute:?}")).collect();
            cx.report(
                Diagnostic::new(
                    Code::LossyKey,
                    format!(
                        "the index {} leaves out {}, of which the table's key has a part alone",
                        quoted(&index.name),
                        quoted(&name.value)
                    ),
                )
                .at(declared.name.span, "its items would have no whole key")
                .and(name.span, "declared here")
                .help(format!("include it: `projection = {{ include = [{}] }}`", all.join(", "))),
            );
        }
    }
}
