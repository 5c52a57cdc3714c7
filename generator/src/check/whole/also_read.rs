//! Further names that fields are read under: each must be free, and the field one whose stored name may change.

use crate::catalog::{Field, Generated, Index, KeyAttribute, KeySource, Projection, Table, is_primary};
use crate::check::WholeCheck;
use crate::check::fields::CheckedField;
use crate::check::resolved::ResolvedModel;
use crate::check::tables::TableUse;
use crate::diagnostic::{Code, Diagnostic, Span, quoted};
use crate::manifest::{FieldDeclaration, Spanned};
use std::collections::BTreeMap;

pub(super) fn check(cx: &mut WholeCheck<'_, '_>) {
    let resolved = cx.known;
    for one in &resolved.types {
        one.fields.iter().for_each(|checked| misplaced(cx, checked));
    }
    for variant in resolved.enums.iter().flat_map(|one| &one.variants) {
        variant.fields.iter().for_each(|checked| misplaced(cx, checked));
    }
    for model in &resolved.models {
        check_names(cx, model);
        let Some(used) = &model.used else { continue };
        let table = resolved.table(used);
        for (number, checked) in model.schema.fields.iter().enumerate() {
            check_field(cx, (number, checked), used, table);
        }
    }
}

/// Reports former names of a field that is no field of a model.
fn misplaced(cx: &mut WholeCheck<'_, '_>, checked: &CheckedField<'_>) {
    if let Some(name) = checked.declaration.also_read.first() {
        let help = "rename the attribute that holds the type: read its former name, and write the new one";
        cx.report(unfit(checked, name, "the field of a type or a variant is part of an attribute", help));
    }
}

/// Reports names under which something else is stored or read.
fn check_names(cx: &mut WholeCheck<'_, '_>, model: &ResolvedModel<'_>) {
    let mut known: BTreeMap<&str, Span> = model.schema.declarations().map(FieldDeclaration::stored).collect();
    for name in model.schema.declarations().flat_map(|declaration| &declaration.also_read) {
        if name.value.is_empty() || name.value.len() > LONGEST_ATTRIBUTE {
            cx.report(
                Diagnostic::new(Code::AlsoRead, "a name to read has 1 to 65535 bytes")
                    .at(name.span, format!("{} bytes", name.value.len()))
                    .help("write the name that the attribute had, or will have"),
            );
        } else if let Some(first) = known.insert(&name.value, name.span) {
            cx.report(
                Diagnostic::new(
                    Code::AlsoRead,
                    format!("{} is the name of something else", quoted(&name.value)),
                )
                .at(name.span, "read under this name")
                .and(first, "so is this")
                .help("give each attribute names of its own"),
            );
        }
    }
}

/// DynamoDB's limit for an attribute's name, in bytes.
const LONGEST_ATTRIBUTE: usize = 65_535;

fn check_field(
    cx: &mut WholeCheck<'_, '_>,
    (number, checked): (usize, &CheckedField<'_>),
    used: &TableUse,
    table: &Table,
) {
    let (Some(first), Some(field)) = (checked.declaration.also_read.first(), &checked.field) else { return };
    if let Some(reason) = refusal(number, field, used, table) {
        let help = "an attribute that others depend on keeps its name: declare a new field beside it";
        cx.report(unfit(checked, first, reason, help));
        return;
    }
    for name in &checked.declaration.also_read {
        let keys = std::iter::once(&table.partition_key).chain(&table.sort_key);
        let keys = keys.chain(table.indexes.iter().flat_map(index_key)).map(|key| &key.name);
        if keys.chain(&table.type_attribute).chain(table.ttl.on()).any(|other| *other == name.value) {
            cx.report(
                Diagnostic::new(
                    Code::AlsoRead,
                    format!("{} is the name of something else", quoted(&name.value)),
                )
                .at(name.span, "the table has an attribute of this name")
                .help("give each attribute names of its own"),
            );
        }
        for index in used.indexes.iter().filter_map(|used| table.indexes.get(used.index)) {
            let Projection::Include(kept) = &index.projection else { continue };
            if kept.contains(&field.attribute) && !kept.contains(&name.value) {
                cx.report(
                    Diagnostic::new(
                        Code::AlsoReadNotProjected,
                        format!("index {} does not keep {}", quoted(&index.name), quoted(&name.value)),
                    )
                    .at(name.span, format!("the index keeps {} alone", quoted(&field.attribute)))
                    .help("include both names in the projection, under another name of the index, until no item has the former one"),
                );
            }
        }
    }
}

fn index_key(index: &Index) -> impl Iterator<Item = &KeyAttribute> {
    index.partition_key.iter().chain(&index.sort_key)
}

/// Why a field cannot be read under another name.
fn refusal(number: usize, field: &Field, used: &TableUse, table: &Table) -> Option<&'static str> {
    let is_part = |source: &KeySource| match source {
        KeySource::Field(one) => *one == number,
        KeySource::Template(template) => template.parts.iter().any(|part| part.field == number),
    };
    let mut of_indexes =
        used.indexes.iter().flat_map(|index| index.partition_key.iter().chain(&index.sort_key));
    let mut conditions = used.indexes.iter().filter_map(|index| index.when.as_ref());
    if is_primary(&used.key, number) || of_indexes.any(is_part) {
        Some("it is part of a key")
    } else if conditions.any(|when| when.fields().contains(&number)) {
        Some("the condition of an index entry looks at it")
    } else if field.key_only {
        Some("it is kept in the key alone")
    } else if field.generated.is_some_and(Generated::is_managed) {
        Some("the runtime writes it")
    } else if field.unique {
        Some("it is unique")
    } else {
        (table.ttl.on() == Some(&field.attribute)).then_some("items expire by it")
    }
}

fn unfit(checked: &CheckedField<'_>, name: &Spanned<String>, reason: &str, help: &str) -> Diagnostic {
    Diagnostic::new(
        Code::AlsoReadMisplaced,
        format!("{} cannot be read under another name", quoted(&checked.declaration.name.value)),
    )
    .at(name.span, reason)
    .help(help)
}
