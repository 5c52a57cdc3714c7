//! What indexes keep besides their keys.

use super::index_keys::attributes;
use crate::catalog::{KeyAttribute, Projection};
use crate::check::resolved::Schema;
use crate::check::{TableCheck, keys};
use crate::diagnostic::{Code, Diagnostic, quoted};
use crate::manifest::{IndexDeclaration, ProjectionDeclaration, Spanned};

/// How many attributes the projections of a table's indexes may include in all.
const MOST_PROJECTED: usize = 100;
/// How many attributes the service's model lets one projection include.
const MOST_PROJECTED_IN_ONE: usize = 20;

/// What an index keeps; names of keys, which it keeps anyway, are left out.
pub(super) fn check(
    cx: &mut TableCheck<'_, '_>,
    declaration: &IndexDeclaration,
    schemas: &[&Schema<'_>],
    partition_key: &[KeyAttribute],
    sort_key: &[KeyAttribute],
) -> Projection {
    let table = cx.known.table;
    let (span, names) = match &declaration.projection {
        ProjectionDeclaration::All => return Projection::All,
        ProjectionDeclaration::KeysOnly => return Projection::KeysOnly,
        ProjectionDeclaration::Include { span, attributes } => (*span, attributes),
    };
    if names.is_empty() {
        cx.report(
            Diagnostic::new(Code::EmptyProjection, "the projection includes nothing")
                .at(span, "empty")
                .help("write `projection = \"keys-only\"`"),
        );
    }
    if names.len() > MOST_PROJECTED {
        // Reported with the others' size.
        return Projection::KeysOnly;
    }
    let mut included: Vec<&Spanned<String>> = Vec::new();
    for name in names {
        keys::check_length(cx, name);
        if let Some(first) = included.iter().find(|known| known.value == name.value) {
            cx.report(
                Diagnostic::new(
                    Code::RepeatedProjection,
                    format!("the projection includes {} twice", quoted(&name.value)),
                )
                .at(name.span, "included again")
                .and(first.span, "included here first")
                .help("remove one of them"),
            );
            continue;
        }
        let is_type = table.type_attribute.as_ref().is_some_and(|known| known.value == name.value);
        let is_shape = schemas.iter().any(|schema| schema.declaration.holds_shape(&name.value));
        if !is_type
            && !is_shape
            && schemas.iter().all(|schema| !schema.reads(&name.value))
            && let Some(first) = schemas.first()
        {
            cx.report_all(first.missing(Code::UnknownProjected, "the projected attribute", name));
        }
        let of_table =
            attributes(table.partition_key.as_ref()).iter().chain(attributes(table.sort_key.as_ref()));
        let is_key = of_table.map(|key| &key.value).any(|key| *key == name.value)
            || partition_key.iter().chain(sort_key).any(|key| key.name == name.value);
        if is_key {
            cx.report(
                Diagnostic::new(
                    Code::ProjectedKey,
                    format!("{} is a key, which every index keeps", quoted(&name.value)),
                )
                .at(name.span, "included anyway")
                .help("remove it"),
            );
        } else {
            included.push(name);
        }
    }
    if included.is_empty() {
        return Projection::KeysOnly;
    }
    Projection::Include(included.into_iter().map(|name| name.value.clone()).collect())
}

/// Reports an index of several models that leaves out what tells them apart.
pub(super) fn check_type(
    cx: &mut TableCheck<'_, '_>,
    declaration: &IndexDeclaration,
    projection: &Projection,
) {
    let Some(name) = &cx.known.table.type_attribute else { return };
    let included: &[String] = match projection {
        Projection::All => return,
        Projection::KeysOnly => &[],
        Projection::Include(attributes) => attributes,
    };
    if !included.contains(&name.value) {
        let all: Vec<_> =
            included.iter().chain([&name.value]).map(|attribute| format!("{attribute:?}")).collect();
        cx.report(
            Diagnostic::new(
                Code::TypeNotProjected,
                format!("the index {} leaves out {}", quoted(&declaration.name.value), quoted(&name.value)),
            )
            .at(declaration.name.span, "several models are in it, which nothing would tell apart")
            .and(name.span, "names the model of an item")
            .help(format!("include it: `projection = {{ include = [{}] }}`", all.join(", "))),
        );
    }
}

/// Reports projections that are too large, alone or together.
pub(super) fn check_size(cx: &mut TableCheck<'_, '_>) {
    let mut total = 0;
    for index in &cx.known.table.indexes {
        let ProjectionDeclaration::Include { span, attributes } = &index.projection else { continue };
        let before = total;
        total += attributes.len();
        if before <= MOST_PROJECTED && total > MOST_PROJECTED {
            cx.report(
                Diagnostic::new(
                    Code::ProjectionTooLarge,
                    format!("the indexes of a table include at most {MOST_PROJECTED} attributes in all"),
                )
                .at(*span, format!("{total} up to here"))
                .help("write `projection = \"all\"` for some of them"),
            );
        }
        if attributes.len() > MOST_PROJECTED_IN_ONE {
            cx.report(
                Diagnostic::new(
                    Code::LargeProjection,
                    format!(
                        "the service's model lets one projection include {MOST_PROJECTED_IN_ONE} attributes"
                    ),
                )
                .at(*span, format!("{} attributes", attributes.len()))
                .help("DynamoDB may refuse it: consider `projection = \"all\"`"),
            );
        }
    }
}
