//! Unique fields: each of a type that a guard's key can hold, in a table whose key is text.

use super::declared::Declared;
use super::fields::{CheckedField, Owner};
use crate::catalog::{Field, Generated, Scalar, Table};
use crate::diagnostic::{Code, Diagnostic, Findings, Span, did_you_mean, quoted};
use crate::manifest::{FieldDeclaration, ModelDeclaration, Spanned};

/// Fields whose values no two items share.
pub(super) struct Unique {
    /// Their stored names.
    pub attributes: Vec<String>,
    place: Span,
}

/// Reports a unique field that no model has at its top.
pub(super) fn check_place(declaration: &FieldDeclaration, owner: Owner, findings: &mut Findings) {
    if let Some(flag) = declaration.unique.as_ref().filter(|flag| flag.value && owner != Owner::Model) {
        findings.push(
            Diagnostic::new(Code::UniqueMisplaced, "only a field of a model can be unique")
                .at(flag.span, "the field of a type or a variant is part of an attribute")
                .help("move the field to a model, or remove `unique`"),
        );
    }
}

/// The unique fields of a model, which are marked as such.
pub(super) fn check(
    declared: &Declared<'_>,
    model: &ModelDeclaration,
    fields: &mut [CheckedField<'_>],
    findings: &mut Findings,
) -> Vec<Unique> {
    let mut all: Vec<Unique> = Vec::new();
    for checked in &mut *fields {
        let Some(flag) = checked.declaration.unique.as_ref().filter(|flag| flag.value) else { continue };
        if take(declared, checked, flag.span, findings) {
            all.push(Unique {
                attributes: vec![checked.declaration.stored().0.to_owned()],
                place: flag.span,
            });
        }
    }
    for set in &model.unique {
        let Some(attributes) = attributes(declared, model, set, fields, findings) else { continue };
        let sorted = |attributes: &[String]| {
            let mut sorted = attributes.to_vec();
            sorted.sort();
            sorted
        };
        match all.iter().find(|other| sorted(&other.attributes) == sorted(&attributes)) {
            Some(first) => findings.push(
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

/// Reports unique fields of a model whose table has no room for their guards, or makes them unique itself.
pub(super) fn check_table(
    model: &ModelDeclaration,
    unique: &[Unique],
    table: &Table,
    findings: &mut Findings,
) {
    let keys = || std::iter::once(&table.partition_key).chain(&table.sort_key);
    for unique in unique {
        if let Some(key) = keys().find(|key| key.scalar != Scalar::Text) {
            let place = model.table.as_ref().map_or(model.name.span, |table| table.span);
            findings.push(
                Diagnostic::new(Code::UniqueTable, format!("{} is not text, so the table cannot hold guards", quoted(&key.name)))
                    .at(unique.place, "guarded by an item of the same table, under a text of the library's own")
                    .and(place, format!("its key has {}", quoted(&key.name)))
                    .help("give the table a key of text: a `string`, `uuid`, `ulid`, `date`, `timestamp` or an enum"),
            );
        } else if keys().all(|key| unique.attributes.contains(&key.name)) {
            findings.push(
                Diagnostic::new(
                    Code::UniqueKey,
                    "no two items have the same key, so these fields are unique anyway",
                )
                .at(unique.place, "guarded for nothing")
                .help("remove it, or leave the key's attributes out of it"),
            );
        }
    }
}

/// The stored names of fields that are unique together.
fn attributes(
    declared: &Declared<'_>,
    model: &ModelDeclaration,
    set: &Spanned<Vec<Spanned<String>>>,
    fields: &mut [CheckedField<'_>],
    findings: &mut Findings,
) -> Option<Vec<String>> {
    if set.value.is_empty() {
        findings.push(
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
                findings.push(
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
            findings.push(
                Diagnostic::new(Code::RepeatedUnique, format!("{} is named twice", quoted(&name.value)))
                    .at(name.span, "named again")
                    .and(*first, "named here first")
                    .help("remove one of them"),
            );
            is_whole = false;
            continue;
        }
        is_whole &= take(declared, checked, name.span, findings);
        named.push((stored, name.span));
    }
    is_whole.then(|| named.into_iter().map(|(name, _)| name).collect())
}

/// Marks a field as unique, unless it cannot be.
fn take(
    declared: &Declared<'_>,
    checked: &mut CheckedField<'_>,
    place: Span,
    findings: &mut Findings,
) -> bool {
    let Some(field) = &mut checked.field else { return false };
    let reason = match refusal(declared, field) {
        None => {
            field.unique = true;
            return true;
        }
        Some(reason) => reason,
    };
    findings.push(
        Diagnostic::new(Code::UniqueType, format!("{} cannot be unique", quoted(&checked.declaration.name.value)))
            .at(place, "unique here")
            .and(checked.declaration.name.span, reason)
            .help(
                "unique fields are `string`, an integer type, `decimal`, `bytes`, `timestamp`, `date`, `uuid`, `ulid` or an \
                 enum without fields, and not `updated`, a `version` or a `write-id`",
            ),
    );
    false
}

fn refusal(declared: &Declared<'_>, field: &Field) -> Option<String> {
    if field.generated.is_some_and(Generated::is_managed) {
        return Some("every write changes it".to_owned());
    }
    if field.key_only {
        return Some("it lives in the key alone".to_owned());
    }
    let fits = field.kind.facts(declared).key.is_ok();
    (!fits).then(|| format!("its type is {}", quoted(&field.kind.describe())))
}
