//! Unique fields: each has a type that a guard's key can hold, and its table has a text key.

use super::{CheckedField, Owner};
use crate::catalog::{Field, Generated, KEY_KINDS, Scalar, Table};
use crate::check::expand::ExpandedModel;
use crate::check::names::DeclaredNames;
use crate::check::{FieldsCheck, WholeCheck};
use crate::diagnostic::{Code, Diagnostic, Span, did_you_mean, quoted};
use crate::manifest::{FieldDeclaration, Spanned};

/// Fields whose values no two items share.
pub(in crate::check) struct Unique {
    /// Their stored names.
    pub attributes: Vec<String>,
    place: Span,
}

/// Reports a unique field of a type or a variant.
pub(in crate::check) fn check_place(
    cx: &mut FieldsCheck<'_, '_>,
    declaration: &FieldDeclaration,
    owner: Owner,
) {
    if let Some(flag) = declaration.unique.as_ref().filter(|flag| flag.value && owner != Owner::Model) {
        cx.report(
            Diagnostic::new(Code::UniqueMisplaced, "only a field of a model can be unique")
                .at(flag.span, "the field of a type or a variant is part of an attribute")
                .help("move the field to a model, or remove `unique`"),
        );
    }
}

/// The unique fields of a model. Marks them as such.
pub(in crate::check) fn resolve(
    cx: &mut FieldsCheck<'_, '_>,
    model: &ExpandedModel<'_>,
    fields: &mut [CheckedField<'_>],
) -> Vec<Unique> {
    let mut all: Vec<Unique> = Vec::new();
    for checked in &mut *fields {
        let Some(flag) = checked.declaration.unique.as_ref().filter(|flag| flag.value) else { continue };
        if take(cx, checked, flag.span) {
            all.push(Unique {
                attributes: vec![checked.declaration.stored().0.to_owned()],
                place: flag.span,
            });
        }
    }
    for set in model.unique {
        let Some(attributes) = attributes(cx, model, set, fields) else { continue };
        let sorted = |attributes: &[String]| {
            let mut sorted = attributes.to_vec();
            sorted.sort();
            sorted
        };
        match all.iter().find(|other| sorted(&other.attributes) == sorted(&attributes)) {
            Some(first) => cx.report(
                Diagnostic::new(Code::RepeatedUnique, "the same fields are unique already")
                    .at(set.span, "declared again")
                    .and(first.place, "declared here first")
                    .help("remove one of them"),
            ),
            None => all.push(Unique { attributes, place: set.span }),
        }
    }
    all
}

/// Reports unique fields whose table cannot hold guards, and those that are the table's key anyway.
pub(in crate::check) fn check_tables(cx: &mut WholeCheck<'_, '_>) {
    let resolved = cx.known;
    for model in &resolved.models {
        let Some(used) = &model.used else { continue };
        for unique in &model.schema.unique {
            check_table(cx, model.schema.declaration, unique, resolved.table(used));
        }
    }
}

fn check_table(cx: &mut WholeCheck<'_, '_>, model: &ExpandedModel<'_>, unique: &Unique, table: &Table) {
    let keys = || std::iter::once(&table.partition_key).chain(&table.sort_key);
    if let Some(key) = keys().find(|key| key.scalar != Scalar::Text) {
        let place = model.table.map_or(model.name.span, |table| table.span);
        cx.report(
            Diagnostic::new(
                Code::UniqueTable,
                format!("{} is not text, so the table cannot hold guards", quoted(&key.name)),
            )
            .at(unique.place, "guarded by an item of the same table, under a text of the library's own")
            .and(place, format!("its key has {}", quoted(&key.name)))
            .help("give the table a key of text: a `string`, `uuid`, `ulid`, `date`, `timestamp` or an enum"),
        );
    } else if keys().all(|key| unique.attributes.contains(&key.name)) {
        cx.report(
            Diagnostic::new(
                Code::UniqueKey,
                "no two items have the same key, so these fields are unique anyway",
            )
            .at(unique.place, "guarded for nothing")
            .help("remove it, or leave the key's attributes out of it"),
        );
    }
}

/// The stored names of fields that are unique together.
fn attributes(
    cx: &mut FieldsCheck<'_, '_>,
    model: &ExpandedModel<'_>,
    set: &Spanned<Vec<Spanned<String>>>,
    fields: &mut [CheckedField<'_>],
) -> Option<Vec<String>> {
    if set.value.is_empty() {
        cx.report(
            Diagnostic::new(Code::RepeatedUnique, "no field is named")
                .at(set.span, "empty")
                .help("name the fields that are unique together: `unique = [[\"tenant\", \"email\"]]`"),
        );
        return None;
    }
    let mut is_whole = true;
    let mut named: Vec<(String, Span)> = Vec::new();
    for name in &set.value {
        let names: Vec<String> = fields.iter().map(|field| field.declaration.name.value.clone()).collect();
        let Some(checked) = fields.iter_mut().find(|field| field.declaration.name.value == name.value) else {
            // A schema that could not be read was reported.
            if model.fields.is_some() {
                cx.report(
                    Diagnostic::new(
                        Code::UnknownUnique,
                        format!("{} is not in the model's schema", quoted(&name.value)),
                    )
                    .at(name.span, "no field has this name")
                    .help(
                        did_you_mean(&name.value, names.iter().map(String::as_str)).unwrap_or_else(|| {
                            format!("declare the field in the schema of {}", quoted(&model.name.value))
                        }),
                    ),
                );
            }
            is_whole = false;
            continue;
        };
        let stored = checked.declaration.stored().0.to_owned();
        if let Some((_, first)) = named.iter().find(|(other, _)| *other == stored) {
            cx.report(
                Diagnostic::new(Code::RepeatedUnique, format!("{} is named twice", quoted(&name.value)))
                    .at(name.span, "named again")
                    .and(*first, "named here first")
                    .help("remove one of them"),
            );
            is_whole = false;
            continue;
        }
        is_whole &= take(cx, checked, name.span);
        named.push((stored, name.span));
    }
    is_whole.then(|| named.into_iter().map(|(name, _)| name).collect())
}

/// Marks a field as unique, unless it cannot be.
fn take(cx: &mut FieldsCheck<'_, '_>, checked: &mut CheckedField<'_>, place: Span) -> bool {
    let Some(field) = &mut checked.field else { return false };
    let reason = match refusal(cx.known, field) {
        None => {
            field.stored.unique = true;
            return true;
        }
        Some(reason) => reason,
    };
    cx.report(
        Diagnostic::new(
            Code::UniqueType,
            format!("{} cannot be unique", quoted(&checked.declaration.name.value)),
        )
        .at(place, "unique here")
        .and(checked.declaration.name.span, reason)
        .help(format!("unique fields are {KEY_KINDS}, and not `updated`, a `version` or a `write-id`")),
    );
    false
}

fn refusal(names: &DeclaredNames<'_>, field: &Field) -> Option<String> {
    if field.generated.is_some_and(Generated::is_managed) {
        return Some("every write changes it".to_owned());
    }
    if field.key_only {
        return Some("it lives in the key alone".to_owned());
    }
    let fits = field.kind.facts(names).key.is_ok();
    (!fits).then(|| format!("its type is {}", quoted(&field.kind.describe())))
}
