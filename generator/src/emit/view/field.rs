//! Fields, as structs, handles, drafts and builders need them.

use super::kind::{Kinds, Value, foreign_alias, foreign_type, type_name};
use super::rule::RulesView;
use super::{generated_values, serde_rename, shape};
use crate::catalog::{Default, Derives, Field, Generated, Kind, Literal, StoredInstant, UserRust};
use crate::emit::text::{doc_lines, literal};

/// A field as Rust text.
pub(in crate::emit) struct FieldView {
    pub docs: Vec<String>,
    /// The documentation with the declared default, for who may leave the field out.
    pub builder_docs: Vec<String>,
    pub serde: SerdeView,
    pub identifier: String,
    /// The stored name as a string literal.
    pub attribute: String,
    pub rust_type: String,
    pub kind: String,
    /// The name of its handle.
    pub constant: String,
    /// What stands behind the kind in the handle's type: `, dynamorm::InPrimaryKey`.
    pub role: String,
    pub handle: Handle,
    /// Whether it has an attribute of its own.
    pub stored: bool,
    pub rules: RulesView,
    /// Whether anything is to be checked: rules of its own, or of values within it.
    pub checked: bool,
    /// Whether a builder must be given it.
    pub required: bool,
    /// What errors about a builder call it, and the builder's parameter that says whether it was given.
    pub marker: String,
    pub parameter: String,
    /// What completes a draft whose value may be missing, of that value; nothing where it must be there.
    pub finish: Option<String>,
    /// The function that reads it.
    pub read: &'static str,
    /// The encoder's function that stores it.
    pub put: &'static str,
    /// The declared literal that a missing attribute is read as, as an expression.
    pub default: Option<String>,
    /// The declared literal that only construction gives, as an expression.
    pub built: Option<String>,
    /// A default that only construction evaluates.
    pub on_build: Option<UserExpression>,
    /// A default that reading evaluates too.
    pub on_read: Option<UserExpression>,
    /// An alias for a type of the user's.
    pub foreign: Option<Alias>,
    /// What values for tests are made of.
    pub samples: String,
}

/// Whether a field has a handle, and for whom.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::emit) enum Handle {
    Public,
    /// For its own rules alone: there is no attribute of that name.
    Private,
    None,
}

impl Handle {
    pub fn is_there(self) -> bool {
        self != Handle::None
    }

    pub fn is_public(self) -> bool {
        self == Handle::Public
    }
}

/// What serde's derives are told of a field.
#[derive(Default)]
pub(in crate::emit) struct SerdeView {
    pub attributes: Vec<String>,
    /// The function that gives the declared default.
    pub default: Option<SerdeDefault>,
}

pub(in crate::emit) struct SerdeDefault {
    pub function: String,
    pub code: String,
    /// Where the code stands in the declarations, if it is the user's.
    pub place: Option<String>,
}

/// Rust of the user's on a line of its own.
pub(in crate::emit) struct UserExpression {
    pub code: String,
    pub place: String,
}

impl UserExpression {
    pub fn of(rust: &UserRust) -> Self {
        UserExpression { code: rust.code.clone(), place: rust.place.clone() }
    }
}

pub(in crate::emit) struct Alias {
    pub name: String,
    pub code: String,
    pub place: String,
}

/// The fields of a type, and what they mean for it as a whole.
pub(in crate::emit) struct FieldsView {
    pub fields: Vec<FieldView>,
    /// Those that a builder must be given.
    pub required: Vec<RequiredView>,
    /// The builder's parameters as declared (`<const HAS_ISBN: bool>`) and as used (`<HAS_ISBN>`); empty where nothing is
    /// required.
    pub declared_parameters: String,
    pub parameters: String,
    pub foreign: Vec<Alias>,
    /// The match arms that read composed keys, and the attribute that names the model.
    pub key_reads: Vec<String>,
    /// The statements that compare composed keys with what the fields compose.
    pub key_comparisons: Vec<String>,
    /// What every built value passes before its rules are checked.
    pub on_build: Option<UserExpression>,
    pub has_rules: bool,
    pub builds_defaults: bool,
    pub reads_defaults: bool,
    /// Whether the value of some field must be there for a draft to be complete.
    pub reads_required: bool,
    /// How the file says `Option`.
    pub option: &'static str,
    /// What is allowed where the fields' types are named.
    pub allowed: Option<String>,
}

pub(in crate::emit) struct RequiredView {
    pub marker: String,
    pub parameter: String,
}

impl FieldsView {
    pub fn new(kinds: &Kinds<'_>, mut fields: Vec<FieldView>) -> Self {
        let required: Vec<_> = fields
            .iter()
            .filter(|field| field.required)
            .map(|field| RequiredView { marker: field.marker.clone(), parameter: field.parameter.clone() })
            .collect();
        let parameters = |of: &dyn Fn(&str) -> String| match required.as_slice() {
            [] => String::new(),
            some => {
                format!("<{}>", some.iter().map(|field| of(&field.parameter)).collect::<Vec<_>>().join(", "))
            }
        };
        FieldsView {
            declared_parameters: parameters(&|name| format!("const {name}: bool")),
            parameters: parameters(&str::to_owned),
            foreign: fields.iter_mut().filter_map(|field| field.foreign.take()).collect(),
            key_reads: Vec::new(),
            key_comparisons: Vec::new(),
            has_rules: fields.iter().any(|field| field.checked),
            builds_defaults: fields.iter().any(|field| field.on_build.is_some() || field.built.is_some()),
            reads_defaults: fields.iter().any(|field| field.on_read.is_some()),
            reads_required: fields.iter().any(|field| field.finish.is_none()),
            option: kinds.prelude.option,
            allowed: shape::of_types(&fields),
            on_build: None,
            required,
            fields,
        }
    }
}

impl FieldView {
    pub fn new(kinds: &Kinds<'_>, field: &Field, derives: &Derives) -> Self {
        Self::within_keys(kinds, field, derives, None)
    }

    /// As [`new`](Self::new), of an instant whose coarsest form in a key is `in_key`.
    pub fn within_keys(
        kinds: &Kinds<'_>,
        field: &Field,
        derives: &Derives,
        in_key: Option<StoredInstant>,
    ) -> Self {
        let rules = RulesView::new(kinds, field, &field.name);
        FieldView {
            docs: doc_lines(field.doc.as_deref()),
            builder_docs: builder_docs(field),
            serde: SerdeView::new(kinds, field, derives, &field.name, in_key),
            identifier: field.identifier.clone(),
            attribute: literal(&field.attribute),
            rust_type: kinds.field_type(field),
            kind: kinds.field_kind(field),
            constant: field.constant.clone(),
            role: role(field),
            handle: Handle::Public,
            stored: true,
            checked: !rules.are_none() || kinds.has_rules_within(&field.kind),
            rules,
            required: is_required(field),
            parameter: parameter(field),
            marker: type_name(&field.name),
            finish: optional(kinds, field, &field.identifier),
            read: "read",
            put: if field.optional && field.reads_default() { "put_or_null" } else { "put" },
            default: literal_default(kinds, field).filter(|_| field.reads_default()),
            built: literal_default(kinds, field).filter(|_| !field.reads_default()),
            on_build: generated_values::expression(kinds, field, in_key).or_else(|| expression(field, false)),
            on_read: expression(field, true),
            foreign: alias(field),
            samples: String::new(),
        }
    }
}

fn builder_docs(field: &Field) -> Vec<String> {
    let mut lines = doc_lines(field.doc.as_deref());
    let default = match &field.default {
        Some(Default::Literal(value)) => match shown(value) {
            Some(shown) => format!("Where it is not given, it is `{shown}`."),
            None => "Where it is not given, it is the declared default.".to_owned(),
        },
        Some(Default::Expression { rust, .. }) if is_quotable(&rust.code) => {
            format!("Where it is not given, it is what `{}` gives.", rust.code)
        }
        Some(Default::Expression { .. }) => {
            "Where it is not given, it is what the declared expression gives.".to_owned()
        }
        None => return lines,
    };
    if !lines.is_empty() {
        lines.push("///".to_owned());
    }
    lines.extend(doc_lines(Some(&default)));
    lines
}

/// A literal as the declarations have it, where it is short enough.
fn shown(value: &Literal) -> Option<String> {
    let list = |values: Vec<Option<String>>| {
        values.into_iter().collect::<Option<Vec<_>>>().map(|all| all.join(", "))
    };
    let shown = match value {
        Literal::Text(text) => literal(text),
        Literal::Bool(flag) => flag.to_string(),
        Literal::Integer(digits) | Literal::Float(digits) | Literal::Decimal(digits) => digits.clone(),
        Literal::Variant(name) => name.clone(),
        Literal::Json(text) => text.clone(),
        Literal::List(values) => format!("[{}]", list(values.iter().map(shown).collect())?),
        Literal::Map(entries) if entries.is_empty() => "{}".to_owned(),
        Literal::Map(_) | Literal::Bytes(_) => return None,
    };
    is_quotable(&shown).then_some(shown)
}

/// Whether a text can stand as code within a line of documentation.
fn is_quotable(text: &str) -> bool {
    text.len() <= 60 && !text.contains('`')
}

/// The builder's parameter that says whether a field was given: a name that no type can have, since a type would hide it.
pub(super) fn parameter(field: &Field) -> String {
    format!("HAS_{}", field.constant)
}

/// What an update may do to the field, as the runtime names it, behind the kind in the handle's type.
fn role(field: &Field) -> String {
    if field.generated.is_some_and(Generated::is_managed) {
        ", dynamorm::Managed".to_owned()
    } else if field.unique {
        ", dynamorm::Unique".to_owned()
    } else {
        String::new()
    }
}

/// Whether a value cannot be built without the field.
pub(super) fn is_required(field: &Field) -> bool {
    field.is_required()
}

/// Whether an item cannot be read without the field.
pub(super) fn is_always_given(field: &Field) -> bool {
    field.default.is_none() && !may_be_missing(field)
}

/// Whether a missing attribute is the empty value of its type.
fn may_be_missing(field: &Field) -> bool {
    // An item that another writer left without a version has never been written by this model.
    field.optional || matches!(field.kind, Kind::Set(_)) || field.generated == Some(Generated::Version)
}

/// The expression that turns what was read or given, an `Option`, into the field's value.
pub(super) fn finish(kinds: &Kinds<'_>, field: &Field, slot: &str) -> String {
    let required = || format!("dynamorm::generated::required({slot}, {})?", literal(&field.attribute));
    optional(kinds, field, slot).unwrap_or_else(required)
}

/// As [`finish`], of a field whose value may be missing.
fn optional(kinds: &Kinds<'_>, field: &Field, slot: &str) -> Option<String> {
    let some = |expression: String| if field.optional { format!("Some({expression})") } else { expression };
    Some(match &field.default {
        Some(Default::Literal(value)) if field.reads_default() => match kinds.literal(value, &field.kind) {
            Value::Empty if !field.optional => format!("{slot}.unwrap_or_default()"),
            Value::Empty if matches!(value, Literal::Bool(_) | Literal::Integer(_)) => {
                format!("{slot}.unwrap_or(Some({}))", kinds.expression(value, &field.kind))
            }
            Value::Empty => {
                format!("{slot}.unwrap_or_else(|| Some({}))", kinds.expression(value, &field.kind))
            }
            Value::Cheap(expression) => format!("{slot}.unwrap_or({})", some(expression)),
            Value::Costly(expression) => format!("{slot}.unwrap_or_else(|| {})", some(expression)),
        },
        _ if may_be_missing(field) => format!("{slot}.unwrap_or_default()"),
        _ => return None,
    })
}

fn literal_default(kinds: &Kinds<'_>, field: &Field) -> Option<String> {
    let Some(Default::Literal(value)) = &field.default else { return None };
    let expression = match kinds.literal(value, &field.kind) {
        // Inferred, so that the type need not be named.
        Value::Empty => "::core::default::Default::default()".to_owned(),
        Value::Cheap(expression) | Value::Costly(expression) => expression,
    };
    Some(if field.optional { format!("Some({expression})") } else { expression })
}

/// The declared expression, if it is evaluated on read as asked.
fn expression(field: &Field, on_read: bool) -> Option<UserExpression> {
    match &field.default {
        Some(Default::Expression { rust, on_read: declared }) if *declared == on_read => {
            let code = if field.optional { format!("Some({})", rust.code) } else { rust.code.clone() };
            Some(UserExpression { code, place: rust.place.clone() })
        }
        _ => None,
    }
}

fn alias(field: &Field) -> Option<Alias> {
    let rust = foreign_type(&field.kind)?;
    let name = foreign_alias(&field.name);
    let name = name.trim_start_matches("foreign::").to_owned();
    Some(Alias { name, code: rust.code.clone(), place: rust.place.clone() })
}

impl SerdeView {
    /// `stem` tells the functions of a file apart. What serde reads is built, so that every declared default holds.
    pub fn new(
        kinds: &Kinds<'_>,
        field: &Field,
        derives: &Derives,
        stem: &str,
        in_key: Option<StoredInstant>,
    ) -> Self {
        if derives.serde.is_none() {
            return SerdeView::default();
        }
        let mut settings: Vec<String> =
            serde_rename(derives, &field.name, &field.attribute).into_iter().collect();
        let function = format!("default_{stem}");
        let default = match &field.default {
            Some(Default::Literal(value)) => match kinds.literal(value, &field.kind) {
                Value::Empty if !field.optional => None,
                _ => {
                    let code = kinds.expression(value, &field.kind);
                    let code = if field.optional { format!("Some({code})") } else { code };
                    Some(SerdeDefault { function, code, place: None })
                }
            },
            Some(Default::Expression { .. }) | None => {
                let expression = generated_values::expression(kinds, field, in_key)
                    .or_else(|| expression(field, false))
                    .or_else(|| expression(field, true));
                expression.map(|UserExpression { code, place }| SerdeDefault {
                    function,
                    code,
                    place: Some(place),
                })
            }
        };
        let is_empty = field.default.is_some()
            || matches!(field.kind, Kind::Set(_)) && !field.optional
            || field.generated == Some(Generated::Version);
        match &default {
            // `None` is written out, since nothing stands for the default.
            Some(default) => settings.push(format!("default = {}", literal(&default.function))),
            None if is_empty => settings.push("default".to_owned()),
            None if field.optional => {
                settings.push("default".to_owned());
                settings.push(format!("skip_serializing_if = \"{}::is_none\"", kinds.prelude.option));
            }
            None => {}
        }
        let attributes =
            if settings.is_empty() { Vec::new() } else { vec![format!("#[serde({})]", settings.join(", "))] };
        SerdeView { attributes, default }
    }
}
