//! Computed fields: what they follow from, and what is computed of it.

use super::CheckedField;
use crate::catalog::{Computed, Generated, KeyForm, Kind, Template, TemplatePart};
use crate::check::FieldsCheck;
use crate::check::expand::ExpandedModel;
use crate::check::keys::prefix;
use crate::check::names::{Scope, is_model_function};
use crate::diagnostic::{Code, Diagnostic, did_you_mean, quoted};
use crate::manifest::{ComputedDeclaration, Spanned};
use crate::names;

/// The computed fields of a model that are what they should be.
pub(super) fn resolve(
    cx: &mut FieldsCheck<'_, '_>,
    number: usize,
    model: &ExpandedModel<'_>,
    fields: &[CheckedField<'_>],
) -> Vec<Computed> {
    model.computed.iter().filter_map(|declaration| field(cx, (number, model), fields, declaration)).collect()
}

fn field(
    cx: &mut FieldsCheck<'_, '_>,
    (number, model): (usize, &ExpandedModel<'_>),
    fields: &[CheckedField<'_>],
    declaration: &ComputedDeclaration,
) -> Option<Computed> {
    let name = claimed(cx, (number, model), declaration)?;
    let source = declaration.source.as_ref()?;
    if let Some(other) = model.computed.iter().find(|other| other.name.value == source.value) {
        cx.report(
            Diagnostic::new(Code::ComputedField, format!("{} is computed itself", quoted(&source.value)))
                .at(source.span, "computed from this")
                .and(other.name.span, "declared here")
                .help("compute both from a field that is not computed"),
        );
        return None;
    }
    let found = fields.iter().position(|checked| {
        checked.declaration.name.value == source.value
            || checked.field.as_ref().is_some_and(|field| field.name == source.value)
    });
    let Some(found) = found else {
        if model.fields.is_some() {
            let known = fields.iter().map(|field| field.declaration.name.value.as_str());
            let of = quoted(&model.name.value);
            cx.report(
                Diagnostic::new(Code::ComputedField, format!("{of} has no field {}", quoted(&source.value)))
                    .at(source.span, "not in the model's schema")
                    .help(
                        did_you_mean(&source.value, known)
                            .unwrap_or_else(|| format!("name a field of {of} itself")),
                    ),
            );
        }
        return None;
    };
    let of = fields[found].field.as_ref()?;
    if of.generated.is_some_and(Generated::is_managed) {
        cx.report(
            Diagnostic::new(
                Code::ComputedField,
                format!("{} is written by the runtime, which computes nothing else", quoted(&source.value)),
            )
            .at(source.span, "computed from this")
            .and(fields[found].declaration.name.span, "changes with every write")
            .help("compute it from a field that the application writes"),
        );
        return None;
    }
    if of.sensitive {
        cx.report(
            Diagnostic::new(Code::ComputedField, format!("{} is sensitive", quoted(&source.value)))
                .at(source.span, "what is computed of it would be seen")
                .help("compute it from another field"),
        );
        return None;
    }
    let form = form(cx, declaration.form.as_ref()?, source, &of.kind)?;
    Some(Computed {
        template: Template {
            attribute: declaration.stored().0.to_owned(),
            begin: String::new(),
            parts: vec![TemplatePart { field: found, form, literal: String::new() }],
            when: None,
        },
        kind: if form == KeyForm::Day { Kind::Date } else { Kind::Text },
        optional: of.optional,
        identifier: names::identifier(&name),
        constant: name.to_ascii_uppercase(),
        doc: declaration.doc.clone(),
        name,
    })
}

/// The Rust name, if it and the stored name are free.
fn claimed(
    cx: &mut FieldsCheck<'_, '_>,
    (number, model): (usize, &ExpandedModel<'_>),
    declaration: &ComputedDeclaration,
) -> Option<String> {
    let given = declaration.rust_name.as_ref().unwrap_or(&declaration.name);
    let name = match &declaration.rust_name {
        Some(given) => Some(given.value.clone()).filter(|name| names::is_field_name(name)),
        None => names::field_name(&given.value),
    };
    let Some(name) = name else {
        cx.report(
            Diagnostic::new(Code::InvalidRustName, format!("{} is not a field's name", quoted(&given.value)))
                .at(given.span, "expected snake case, in ASCII letters and digits that start with a letter")
                .helps(names::field_name(&given.value).map(|name| format!("write `{name}`"))),
        );
        return None;
    };
    if is_model_function(&name) {
        cx.report(
            Diagnostic::new(Code::ReservedFunction, format!("a computed field cannot be called `{name}`"))
                .at(given.span, "this name is taken")
                .help("give it another `rust_name`"),
        );
        return None;
    }
    let (stored, place) = declaration.stored();
    super::check_stored(cx, stored, place);
    let mut is_free = true;
    for (scope, claim, at, message) in [
        (Scope::Field(model.place.to_owned()), name.as_str(), given.span, "fields would be called"),
        (Scope::Attribute(model.place.to_owned()), stored, place, "fields are stored as"),
        (Scope::Function(number), name.as_str(), given.span, "functions would be called"),
    ] {
        let Some(first) = cx.claim(scope, claim, at).filter(|_| is_free) else { continue };
        is_free = false;
        let code = match message {
            "fields are stored as" => Code::StoredNamesConflict,
            "functions would be called" => Code::FunctionsConflict,
            _ => Code::FieldsConflict,
        };
        cx.report(
            Diagnostic::new(code, format!("two {message} {}", quoted(claim)))
                .at(at, "this computed field")
                .and(first.place, "and this")
                .help("give one of them another name"),
        );
    }
    is_free.then_some(name)
}

/// What is computed of a field of this kind.
fn form(
    cx: &mut FieldsCheck<'_, '_>,
    form: &Spanned<String>,
    source: &Spanned<String>,
    kind: &Kind,
) -> Option<KeyForm> {
    let (found, help) = if matches!(kind, Kind::Timestamp(_)) {
        let found = match form.value.as_str() {
            "date" => Some(KeyForm::Day),
            "month" => Some(KeyForm::Month),
            "hour" => Some(KeyForm::Hour),
            _ => None,
        };
        (found, "write `date`, `month` or `hour` of a timestamp")
    } else if *kind == Kind::Text {
        let found = match form.value.as_str() {
            "lower" => Some(KeyForm::Lower),
            "upper" => Some(KeyForm::Upper),
            other => prefix(other),
        };
        (found, "write `lower`, `upper`, or how many of its first characters it keeps, from 1 to 100: `prefix(3)`")
    } else {
        cx.report(
            Diagnostic::new(
                Code::ComputedField,
                format!(
                    "nothing is computed of {}: its type is {}",
                    quoted(&source.value),
                    quoted(&kind.describe())
                ),
            )
            .at(source.span, "computed from this")
            .help("compute it from a `timestamp` or a `string`"),
        );
        return None;
    };
    if found.is_none() {
        cx.report(
            Diagnostic::new(Code::ComputedField, format!("{} is not computed of {}", quoted(&form.value), quoted(&kind.describe())))
                .at(form.span, "not known here")
                .help(help),
        );
    }
    found
}
