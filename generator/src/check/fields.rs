//! The fields of a model, a type or a variant.

use super::declared::Declared;
use super::{defaults, generated_values, kinds, rules, unique};
use crate::catalog::Field;
use crate::diagnostic::{Code, Diagnostic, Findings, Span, quoted};
use crate::manifest::FieldDeclaration;
use crate::names;
use std::collections::BTreeMap;

/// DynamoDB's limit for an attribute's name, in bytes.
const LONGEST_ATTRIBUTE: usize = 65_535;

/// A declaration and, unless something was found wrong with it, its field.
pub(super) struct CheckedField<'m> {
    pub declaration: &'m FieldDeclaration,
    pub field: Option<Field>,
}

/// What the fields belong to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    Model,
    /// A nested type, which has a builder as a model does.
    Type,
    Variant,
}

pub(super) fn check<'m>(
    declared: &Declared<'_>,
    declarations: &'m [FieldDeclaration],
    owner: Owner,
    findings: &mut Findings,
) -> Vec<CheckedField<'m>> {
    let mut by_name: BTreeMap<String, (String, Span)> = BTreeMap::new();
    let mut by_stored: BTreeMap<&str, Span> = BTreeMap::new();
    let mut checked = Vec::new();
    for declaration in declarations {
        let name = rust_name(declaration, owner, findings);
        let place = declaration.rust_name.as_ref().unwrap_or(&declaration.name).span;
        if let Some(name) = &name
            // Builders mark their required fields with types, so names must differ by more than an underscore.
            && let Some((earlier, first)) = by_name.insert(names::type_stem(name), (name.clone(), place))
        {
            let message = if earlier == *name {
                format!("two fields would be called `{name}`")
            } else {
                format!("two fields differ by an underscore only: `{earlier}` and `{name}`")
            };
            findings.push(
                Diagnostic::new(Code::FieldsConflict, message)
                    .at(place, format!("becomes `{name}`"))
                    .and(first, format!("becomes `{earlier}`"))
                    .help("give one of them another `rust_name`; its stored name stays"),
            );
        }
        let (stored, place) = declaration.stored();
        check_stored(stored, place, findings);
        if let Some(first) = by_stored.insert(stored, place) {
            findings.push(
                Diagnostic::new(
                    Code::StoredNamesConflict,
                    format!("two fields are stored as {}", quoted(stored)),
                )
                .at(place, "stored under the same name")
                .and(first, "as this one")
                .help("give each an `attribute` of its own"),
            );
        }
        let field = field(declared, declaration, name, owner, findings);
        checked.push(CheckedField { declaration, field });
    }
    checked
}

fn field(
    declared: &Declared<'_>,
    declaration: &FieldDeclaration,
    name: Option<String>,
    owner: Owner,
    findings: &mut Findings,
) -> Option<Field> {
    let expression = declaration.kind.as_ref()?;
    let kind = kinds::resolve(declared, declaration, expression, findings)?;
    let rules = rules::check(declared, &declaration.rules, &kind, findings);
    let default = defaults::check(declared, declaration, &kind, &rules, findings);
    let generated = generated_values::check(declaration, expression, &kind, owner, findings);
    unique::check_place(declaration, owner, findings);
    let name = name?;
    Some(Field {
        identifier: names::identifier(&name),
        constant: name.to_ascii_uppercase(),
        name,
        attribute: declaration.stored().0.to_owned(),
        doc: declaration.doc.clone(),
        kind,
        optional: expression.optional,
        key_only: declaration.key_only.as_ref().is_some_and(|flag| flag.value),
        default,
        generated,
        unique: false,
        rules,
        validation: declared.library(declaration.name.span),
        place: declaration.place.clone(),
    })
}

fn rust_name(declaration: &FieldDeclaration, owner: Owner, findings: &mut Findings) -> Option<String> {
    let name = match &declaration.rust_name {
        Some(given) if names::is_field_name(&given.value) => given.value.clone(),
        Some(given) => {
            findings.push(
                Diagnostic::new(
                    Code::InvalidRustName,
                    format!("{} is not a field's name", quoted(&given.value)),
                )
                .at(given.span, "expected snake case, in ASCII letters and digits that start with a letter")
                .helps(names::field_name(&given.value).map(|name| format!("write `{name}`"))),
            );
            return None;
        }
        None => match names::field_name(&declaration.name.value) {
            Some(name) => name,
            None => {
                findings.push(unfit_name(declaration));
                return None;
            }
        },
    };
    if owner != Owner::Variant && name == "build" {
        let place = declaration.rust_name.as_ref().unwrap_or(&declaration.name).span;
        findings.push(
            Diagnostic::new(Code::ReservedField, "a field cannot be called `build`")
                .at(place, "the builder's own method has this name")
                .help("set `rust_name = \"build_\"`; the stored name stays"),
        );
    }
    Some(name)
}

fn unfit_name(declaration: &FieldDeclaration) -> Diagnostic {
    let name = &declaration.name;
    let reason = match name.value.chars().next() {
        None => "it is empty",
        Some(_) if !name.value.is_ascii() => "it is not ASCII",
        Some(first) if first.is_ascii_digit() => "it starts with a digit",
        Some(_) => "no letter starts it",
    };
    let letters: String = name.value.chars().filter(char::is_ascii).collect();
    let suggestion = match letters.contains(|letter: char| letter.is_ascii_alphanumeric()) {
        true => names::field_name(&letters).or_else(|| names::field_name(&format!("n{letters}"))),
        false => None,
    };
    let suggestion = suggestion.unwrap_or_else(|| String::from("name"));
    Diagnostic::new(Code::InvalidName, format!("{} cannot name a Rust field: {reason}", quoted(&name.value)))
        .at(name.span, "needs a Rust name")
        .help(format!("keep the stored name and give a Rust name beside it: `rust_name = \"{suggestion}\"`"))
}

fn check_stored(stored: &str, place: Span, findings: &mut Findings) {
    let length = stored.len();
    if length == 0 {
        findings.push(
            Diagnostic::new(Code::StoredNameLength, "an attribute's name is empty")
                .at(place, "empty")
                .help("give the name to store it under: `attribute = \"name\"`"),
        );
    } else if length > LONGEST_ATTRIBUTE {
        findings.push(
            Diagnostic::new(Code::StoredNameLength, format!("an attribute's name has {length} bytes"))
                .at(Span { end: place.start, ..place }, format!("the limit is {LONGEST_ATTRIBUTE}"))
                .help("store it under a shorter name"),
        );
    }
}
