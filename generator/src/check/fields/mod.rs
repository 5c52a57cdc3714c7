//! The fields of models, mixins, types and variants.

mod computed;
mod defaults;
mod derives;
mod generated;
mod kinds;
mod rules;
mod unique;

pub(in crate::check) use generated::{check_index_key, check_key};
pub(in crate::check) use kinds::declared_name;
pub(in crate::check) use unique::{Unique, check_tables as check_unique_tables};

use super::FieldsCheck;
use super::expand::{ExpandedModel, ExpandedType};
use super::names::Scope;
use super::resolved::{ResolvedEnum, ResolvedMixin, ResolvedType, ResolvedVariant, Schema};
use super::values::rust;
use crate::catalog::{Field, StoredField};
use crate::diagnostic::{Code, Diagnostic, Span, quoted};
use crate::manifest::{EnumDeclaration, FieldDeclaration, MixinDeclaration, Spanned};
use crate::names;
use std::borrow::Cow;

/// DynamoDB's limit for an attribute's name, in bytes.
const LONGEST_ATTRIBUTE: usize = 65_535;

/// A declaration and, unless something was found wrong with it, its field.
pub(in crate::check) struct CheckedField<'m> {
    pub declaration: &'m FieldDeclaration,
    pub field: Option<Field>,
}

/// What the fields belong to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::check) enum Owner {
    Model,
    /// A nested type, which has a builder as a model does.
    Type,
    Variant,
}

/// The fields of a model.
pub(in crate::check) fn schema<'m>(
    cx: &mut FieldsCheck<'_, 'm>,
    number: usize,
    model: &'m ExpandedModel<'m>,
) -> Schema<'m> {
    at_least_one(cx, model.name, model.fields.as_ref().map(Vec::len));
    let declarations = model.fields.iter().flatten().map(Cow::as_ref);
    let mut fields = self::fields(cx, model.place, declarations, Owner::Model);
    generated::check_model(cx, &fields);
    let on_build = model
        .on_build
        .and_then(|function| cx.sound(rust::path(function, &format!("{}.on_build", model.place))));
    Schema {
        number,
        declaration: model,
        names: cx.known,
        unique: unique::resolve(cx, model, &mut fields),
        computed: computed::resolve(cx, number, model, &fields),
        fields,
        derives: derives::resolve(cx, model.settings),
        on_build,
    }
}

/// The fields of a mixin by themselves; those of whatever has it are resolved there.
pub(in crate::check) fn mixin<'m>(
    cx: &mut FieldsCheck<'_, 'm>,
    declaration: &'m MixinDeclaration,
) -> ResolvedMixin<'m> {
    // Naming other mixins is enough.
    if declaration.mixins.is_empty() {
        at_least_one(cx, &declaration.name, declaration.fields.as_ref().map(Vec::len));
    }
    let declarations = declaration.fields.iter().flatten();
    let fields = self::fields(cx, &declaration.place, declarations, Owner::Model);
    check_accessors(cx, &fields);
    ResolvedMixin { declaration, fields }
}

/// The fields of a `[type.*]`.
pub(in crate::check) fn structure<'m>(
    cx: &mut FieldsCheck<'_, 'm>,
    declaration: &'m ExpandedType<'m>,
) -> ResolvedType<'m> {
    at_least_one(cx, declaration.name, declaration.fields.as_ref().map(Vec::len));
    let declarations = declaration.fields.iter().flatten().map(Cow::as_ref);
    ResolvedType {
        declaration,
        fields: self::fields(cx, declaration.place, declarations, Owner::Type),
        derives: derives::resolve(cx, declaration.settings),
    }
}

/// The fields of an enum's variants.
pub(in crate::check) fn enumeration<'m>(
    cx: &mut FieldsCheck<'_, 'm>,
    declaration: &'m EnumDeclaration,
) -> ResolvedEnum<'m> {
    if declaration.variants.as_ref().is_some_and(Vec::is_empty) {
        cx.report(
            Diagnostic::new(Code::EmptyEnum, "an enum without a variant has no value")
                .at(declaration.name.span, "no variant")
                .help("list them: `variants = [\"pending\", \"shipped\"]`"),
        );
    }
    let known = cx.known.enumeration(&declaration.name.value);
    let variants = declaration.variants.iter().flatten().zip(&known.variants).enumerate();
    let variants = variants.map(|(number, (variant, known))| {
        let place = format!("{}[{number}]", declaration.place);
        let fields = self::fields(cx, &place, variant.fields.iter(), Owner::Variant);
        claim_handles(cx, declaration, &known.rust, &fields);
        ResolvedVariant { declaration: variant, rust: &known.rust, fields }
    });
    ResolvedEnum {
        declaration,
        variants: variants.collect(),
        derives: derives::resolve(cx, &declaration.settings),
    }
}

/// The fields that are declared at a place, with what was found wrong with them.
fn fields<'m>(
    cx: &mut FieldsCheck<'_, 'm>,
    of: &str,
    declarations: impl Iterator<Item = &'m FieldDeclaration>,
    owner: Owner,
) -> Vec<CheckedField<'m>> {
    let mut checked = Vec::new();
    for declaration in declarations {
        let name = rust_name(cx, declaration, owner);
        let place = declaration.rust_name.as_ref().unwrap_or(&declaration.name).span;
        if let Some(name) = &name
            && let Some(first) = cx.claim(Scope::Field(of.to_owned()), name, place)
        {
            let earlier = first.name;
            let message = if earlier == *name {
                format!("two fields would be called `{name}`")
            } else {
                format!("two fields differ by an underscore only: `{earlier}` and `{name}`")
            };
            cx.report(
                Diagnostic::new(Code::FieldsConflict, message)
                    .at(place, format!("becomes `{name}`"))
                    .and(first.place, format!("becomes `{earlier}`"))
                    .help("give one of them another `rust_name`; its stored name stays"),
            );
        }
        let (stored, place) = declaration.stored();
        check_stored(cx, stored, place);
        if let Some(first) = cx.claim(Scope::Attribute(of.to_owned()), stored, place) {
            cx.report(
                Diagnostic::new(
                    Code::StoredNamesConflict,
                    format!("two fields are stored as {}", quoted(stored)),
                )
                .at(place, "stored under the same name")
                .and(first.place, "as this one")
                .help("give each an `attribute` of its own"),
            );
        }
        let field = field(cx, declaration, name, owner);
        checked.push(CheckedField { declaration, field });
    }
    checked
}

fn field(
    cx: &mut FieldsCheck<'_, '_>,
    declaration: &FieldDeclaration,
    name: Option<String>,
    owner: Owner,
) -> Option<Field> {
    let expression = declaration.kind.as_ref()?;
    let kind = kinds::resolve(cx, declaration, expression)?;
    let rules = rules::check(cx, &declaration.rules, &kind);
    let default = defaults::check(cx, declaration, &kind, &rules);
    let generated = generated::check(cx, declaration, expression, &kind, owner);
    unique::check_place(cx, declaration, owner);
    let place = format!("{}.attributes", declaration.place);
    let attributes = declaration.attributes.iter();
    let attributes = attributes.filter_map(|text| cx.sound(rust::attribute(text, &place))).collect();
    let name = name?;
    Some(Field {
        stored: StoredField {
            attribute: declaration.stored().0.to_owned(),
            also_read: declaration.also_read.iter().map(|name| name.value.clone()).collect(),
            kind,
            optional: expression.optional,
            key_only: declaration.key_only.as_ref().is_some_and(|flag| flag.value),
            generated,
            unique: false,
        },
        identifier: names::identifier(&name),
        constant: name.to_ascii_uppercase(),
        name,
        doc: declaration.doc.clone(),
        default,
        sensitive: declaration.sensitive.as_ref().is_some_and(|flag| flag.value),
        attributes,
        rules,
        validation: cx.known.library(declaration.name.span),
        place: declaration.place.clone(),
    })
}

fn rust_name(cx: &mut FieldsCheck<'_, '_>, declaration: &FieldDeclaration, owner: Owner) -> Option<String> {
    let name = match &declaration.rust_name {
        Some(given) if names::is_field_name(&given.value) => given.value.clone(),
        Some(given) => {
            cx.report(
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
                cx.report(unfit_name(declaration));
                return None;
            }
        },
    };
    if owner != Owner::Variant && name == "build" {
        let place = declaration.rust_name.as_ref().unwrap_or(&declaration.name).span;
        cx.report(
            Diagnostic::new(Code::ReservedField, "a field cannot be called `build`")
                .at(place, "the builder's own method has this name")
                .help("set `rust_name = \"build_\"`; the stored name stays"),
        );
    }
    Some(name)
}

fn unfit_name(declaration: &FieldDeclaration) -> Diagnostic {
    let name = &declaration.name;
    let reason = names::why_unnameable(&name.value);
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

fn check_stored(cx: &mut FieldsCheck<'_, '_>, stored: &str, place: Span) {
    let length = stored.len();
    if length == 0 {
        cx.report(
            Diagnostic::new(Code::StoredNameLength, "an attribute's name is empty")
                .at(place, "empty")
                .help("give the name to store it under: `attribute = \"name\"`"),
        );
    } else if length > LONGEST_ATTRIBUTE {
        cx.report(
            Diagnostic::new(Code::StoredNameLength, format!("an attribute's name has {length} bytes"))
                .at(Span { end: place.start, ..place }, format!("the limit is {LONGEST_ATTRIBUTE}"))
                .help("store it under a shorter name"),
        );
    }
}

/// Reports a field that has the name of another field's mutable accessor.
fn check_accessors(cx: &mut FieldsCheck<'_, '_>, fields: &[CheckedField<'_>]) {
    for checked in fields {
        let Some(field) = &checked.field else { continue };
        let function = field.mutable_accessor();
        let is_meant = |other: &&CheckedField<'_>| other.field.as_ref().is_some_and(|it| it.name == function);
        if let Some(other) = fields.iter().find(is_meant) {
            cx.report(
                Diagnostic::new(
                    Code::FieldsConflict,
                    format!("two functions of the mixin's trait would be called `{function}`"),
                )
                .at(other.declaration.name.span, "the one that gives this field")
                .and(checked.declaration.name.span, "the one that gives this field to be changed")
                .help("give one of them another `rust_name`; its stored name stays"),
            );
        }
    }
}

/// Reports fields of different variants whose attribute handles would have one name.
fn claim_handles(
    cx: &mut FieldsCheck<'_, '_>,
    of: &EnumDeclaration,
    variant: &str,
    fields: &[CheckedField<'_>],
) {
    for checked in fields {
        let Some(field) = &checked.field else { continue };
        let place = checked.declaration.name.span;
        let handle = names::handle_name(variant, &field.name);
        if let Some(first) = cx.claim(Scope::Handle(of.place.clone()), &handle, place) {
            cx.report(
                Diagnostic::new(Code::FieldsConflict, format!("two fields would have the handle `{handle}`"))
                    .at(place, format!("in the variant `{variant}`"))
                    .and(first.place, "so has this")
                    .help("give one of them another `rust_name`; its stored name stays"),
            );
        }
    }
}

fn at_least_one(cx: &mut FieldsCheck<'_, '_>, name: &Spanned<String>, fields: Option<usize>) {
    if fields == Some(0) {
        cx.report(
            Diagnostic::new(Code::NoFields, format!("{} has no field", quoted(&name.value)))
                .at(name.span, "no field")
                .help("declare one: `id = \"string\"`"),
        );
    }
}
