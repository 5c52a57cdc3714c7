//! Builders. A type parameter for each required field says whether it was given.

use std::collections::BTreeSet;

use askama::Template;

use super::field::{COUNTS, FieldView};
use super::layout::list;
use crate::catalog::UserRust;

/// The builder of a model or of a nested structure.
#[derive(Template)]
#[template(path = "rust/builder.rs.jinja", escape = "none")]
pub(super) struct Builder {
    name: String,
    /// The struct, and the beginning of its `impl`.
    declaration: String,
    pub implementation: String,
    /// The setters of required fields, each of which changes the builder's type.
    required: Vec<RequiredSetter>,
    /// The fields that may be left out.
    optional: Option<Vec<OptionalSetter>>,
    /// `mut ` if defaults are filled in.
    mutable: &'static str,
    /// The bounds that say what must have been given.
    bounds: Option<Vec<String>>,
    defaults: Vec<String>,
    /// A function that every built value passes before its rules are checked.
    hook: Option<UserRust>,
    /// What ends the builder.
    finish: String,
}

struct RequiredSetter {
    docs: Vec<String>,
    signature: String,
    identifier: String,
}

struct OptionalSetter {
    docs: Vec<String>,
    identifier: String,
    rust_type: String,
}

/// A required field, by its names in the module `required` and in the builder's parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RequiredField {
    pub marker: String,
    pub parameter: String,
}

impl Builder {
    /// The builder of a type with these fields. `built` is the runtime's function that checks a value without a hook.
    pub fn new(name: &str, fields: &[FieldView], hook: Option<&UserRust>, built: &str) -> Self {
        let required = required_fields(fields);
        let parameters = |of: &dyn Fn(&str) -> String| -> Vec<String> {
            required.iter().map(|field| of(&field.parameter)).collect()
        };
        let setters = fields.iter().filter(|field| field.required);
        let setters = setters.map(|field| required_setter(name, field, &required));
        // What is counted is given by nobody.
        let is_given = |field: &&FieldView| !field.required && field.role.as_deref() != Some(COUNTS);
        let optional: Vec<_> = fields.iter().filter(is_given).map(OptionalSetter::new).collect();
        let bounds = required.iter().map(|RequiredField { marker, parameter }| {
            format!("super::required::{marker}<{parameter}>: dynamorm::generated::IsGiven,")
        });
        let built_defaults = fields.iter().filter_map(|field| Some((field, field.built_default()?)));
        let defaults: Vec<_> = built_defaults
            .map(|(field, default)| match default.is_empty {
                true => format!("self.0.{}.get_or_insert_default();", field.identifier),
                false => format!("self.0.{}.get_or_insert_with({});", field.identifier, default.function),
            })
            .collect();
        let (declaration, implementation) = if required.is_empty() {
            (format!("pub struct {name}Builder({name}Draft);"), format!("impl {name}Builder {{"))
        } else {
            let declared = parameters(&|name| format!("const {name}: bool"));
            let used = parameters(&str::to_owned).join(", ");
            (
                list(
                    0,
                    &format!("pub struct {name}Builder<"),
                    &parameters(&|name| format!("const {name}: bool = false")),
                    &format!(">({name}Draft);"),
                ),
                implementation(&declared, &format!("{name}Builder<{used}>")),
            )
        };
        Builder {
            name: name.to_owned(),
            declaration,
            implementation,
            required: setters.collect(),
            optional: (!optional.is_empty()).then_some(optional),
            mutable: if defaults.is_empty() { "" } else { "mut " },
            bounds: (!required.is_empty()).then(|| bounds.collect()),
            defaults,
            hook: hook.cloned(),
            finish: match hook {
                Some(_) => "dynamorm::generated::built_with(self.0.finish(), hook)".to_owned(),
                None => format!("dynamorm::generated::{built}(self.0.finish())"),
            },
        }
    }
}

/// The beginning of the `impl` of a builder with parameters.
fn implementation(declared: &[String], builder: &str) -> String {
    let parameters = list(0, "impl<", declared, ">");
    let separator = if parameters.contains('\n') { " " } else { "\n    " };
    format!("{parameters}{separator}{builder}\n{{")
}

impl OptionalSetter {
    fn new(field: &FieldView) -> Self {
        OptionalSetter {
            docs: field.builder_docs.clone(),
            identifier: field.identifier.clone(),
            rust_type: field.rust_type.clone(),
        }
    }
}

fn required_setter(name: &str, field: &FieldView, required: &[RequiredField]) -> RequiredSetter {
    let FieldView { identifier, rust_type, .. } = field;
    let parameters = ["mut self".to_owned(), format!("{identifier}: impl dynamorm::Argument<{rust_type}>")];
    let given = required.iter().map(|other| match other.parameter == field.parameter {
        true => "true",
        false => other.parameter.as_str(),
    });
    let given: Vec<_> = given.collect();
    let returns = format!(") -> {name}Builder<{}> {{", given.join(", "));
    let mut docs = field.builder_docs.clone();
    if ["as_", "from_", "into_", "is_", "to_"].iter().any(|beginning| identifier.starts_with(beginning)) {
        // Clippy has views on what such a function takes.
        docs.push("#[allow(clippy::wrong_self_convention)]".to_owned());
    }
    RequiredSetter {
        docs,
        signature: list(4, &format!("pub fn {identifier}("), &parameters, &returns),
        identifier: identifier.clone(),
    }
}

/// The required fields of a builder.
pub(super) fn required_fields(fields: &[FieldView]) -> Vec<RequiredField> {
    let required = fields.iter().filter(|field| field.required);
    required
        .map(|field| RequiredField { marker: field.marker.clone(), parameter: field.parameter.clone() })
        .collect()
}

/// The types of the module `required`. Models share names of fields, so they share these types, which spares the compiler work.
#[derive(Template)]
#[template(path = "rust/required.rs.jinja", escape = "none")]
pub(super) struct RequiredModule {
    pub markers: BTreeSet<String>,
}
