//! Fields, as the parts of generated types need them.

use super::default::{DefaultFunction, DefaultSource, default_of};
use super::facts::is_key_of_any;
use super::key::KeyWriter;
use super::kind::{Kinds, foreign_alias, foreign_type, type_name};
use super::rule::{FieldRules, RuleFunction};
use super::text::{code, declared_doc_lines, doc_lines, literal};
use super::{serde_rename, shape};
use crate::catalog::{Default, Derives, Field, Generated, Kind, Literal, StoredInstant, Table, UserRust};
use syn::punctuated::Punctuated;

/// A field as Rust text.
pub(super) struct FieldView {
    pub docs: Vec<String>,
    /// The documentation with the declared default, for callers that may leave the field out.
    pub builder_docs: Vec<String>,
    /// serde's attribute, if its derives need one.
    pub serde: Option<String>,
    /// The user's attributes of the struct's field, and their places.
    pub attributes: Vec<String>,
    /// Whether its values stay out of `Debug`.
    pub sensitive: bool,
    pub identifier: String,
    /// The stored name as a string literal.
    pub attribute: String,
    /// Further names under which it is read, as string literals.
    pub also_read: Vec<String>,
    pub rust_type: String,
    pub kind: String,
    /// Whether it is read only in the form that writes use, because DynamoDB or a guard compares it.
    pub is_exact: bool,
    /// The name of its handle.
    pub constant: String,
    /// The runtime's role for what an update may do to it; `None` for an ordinary attribute.
    pub role: Option<String>,
    pub handle: Handle,
    /// Whether it has an attribute of its own.
    pub stored: bool,
    pub rules: FieldRules,
    /// Whether it has rules of its own, or rules of values within it.
    pub checked: bool,
    /// Whether a builder requires it.
    pub required: bool,
    /// Its name in errors about a builder, and the builder's parameter that says whether it was given.
    pub marker: String,
    pub parameter: String,
    /// Whether a missing value is its type's default, if none is declared.
    pub may_be_missing: bool,
    /// Whether `None` is stored as `NULL`, because a missing attribute is read as the declared default.
    pub stores_null: bool,
    pub default: Option<DefaultSource>,
    pub functions: FieldFunctions,
    /// An alias for a type of the user.
    pub foreign: Option<Alias>,
    /// How to make values for tests: calls of the runtime's `Of`.
    pub samples: Vec<String>,
}

/// The functions of a module that implement a field's declarations.
#[derive(Default)]
pub(super) struct FieldFunctions {
    pub default: Option<DefaultFunction>,
    pub rules: Vec<RuleFunction>,
}

/// Whether a field has a handle, and for whom.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Handle {
    Public,
    /// Only for its own rules, because there is no attribute of that name.
    Private,
    None,
}

pub(super) struct Alias {
    pub name: String,
    pub code: String,
    pub place: String,
}

impl FieldView {
    pub fn new(kinds: &Kinds<'_>, field: &Field, derives: &Derives) -> Self {
        Self::named(kinds, field, derives, &field.name, &field.name)
    }

    /// A field of a model, which may be a key or part of one.
    pub fn of_model(keys: &KeyWriter<'_>, table: &Table, field: &Field) -> Self {
        let names = (&*field.name, &*field.name);
        let view = Self::with_names(&keys.kinds, field, &keys.model.derives, names, keys.coarsest(field));
        let is_compared = field.unique || is_key_of_any(table, &field.attribute);
        FieldView { is_exact: is_compared && keys.kinds.has_notations(&field.kind), ..view }
    }

    /// A field. `stem` names its functions, and `alias` its type if that is the user's.
    pub fn named(kinds: &Kinds<'_>, field: &Field, derives: &Derives, stem: &str, alias: &str) -> Self {
        Self::with_names(kinds, field, derives, (stem, alias), None)
    }

    fn with_names(
        kinds: &Kinds<'_>,
        field: &Field,
        derives: &Derives,
        (stem, alias): (&str, &str),
        in_key: Option<StoredInstant>,
    ) -> Self {
        let rust_type = kinds.optional(field.optional, kinds.value_type(&field.kind, alias));
        let kind = kinds.kind_named(field, alias);
        let allowed = shape::of_type(&rust_type);
        let (rules, rule_functions) = FieldRules::new(kinds, field, stem, alias, &rust_type, &allowed);
        let default = default_of(kinds, field, stem, &rust_type, allowed, in_key);
        let (default, function) = default.map_or((None, None), |(source, function)| (Some(source), function));
        FieldView {
            docs: declared_doc_lines(field.doc.as_deref()),
            builder_docs: builder_docs(field),
            serde: serde_attribute(kinds, field, derives, default.as_ref()),
            attributes: super::user_attributes(&field.attributes).collect(),
            sensitive: field.sensitive,
            identifier: field.identifier.clone(),
            attribute: literal(&field.attribute),
            also_read: field.also_read.iter().map(|name| literal(name)).collect(),
            is_exact: false,
            constant: field.constant.clone(),
            role: role(field),
            handle: Handle::Public,
            stored: true,
            checked: !rules.are_none() || kinds.has_rules_within(&field.kind),
            rules,
            required: field.is_required(),
            parameter: parameter(field),
            marker: type_name(&field.name),
            may_be_missing: may_be_missing(field),
            stores_null: field.optional && field.reads_default(),
            default,
            functions: FieldFunctions { default: function, rules: rule_functions },
            foreign: foreign_type(&field.kind).map(|rust| self::alias(rust, alias)),
            samples: Vec::new(),
            rust_type,
            kind,
        }
    }

    /// The default for a missing attribute.
    pub fn read_default(&self) -> Option<&DefaultSource> {
        self.default.as_ref().filter(|default| default.is_read)
    }

    /// The default that a builder fills in first.
    pub fn built_default(&self) -> Option<&DefaultSource> {
        self.default.as_ref().filter(|default| !default.is_read)
    }
}

fn builder_docs(field: &Field) -> Vec<String> {
    let mut lines = declared_doc_lines(field.doc.as_deref());
    let default = match &field.default {
        Some(Default::Literal(value)) => match shown(value).filter(|_| !field.sensitive) {
            Some(shown) => format!("Where it is not given, it is {}.", code(&shown)),
            None => "Where it is not given, it is the declared default.".to_owned(),
        },
        Some(Default::Expression { rust, .. }) if is_quotable(&rust.code) && !field.sensitive => {
            format!("Where it is not given, it is what {} gives.", code(&rust.code))
        }
        Some(Default::Expression { .. }) => {
            "Where it is not given, it is what the declared expression gives.".to_owned()
        }
        None => return lines,
    };
    if !lines.is_empty() {
        lines.push("///".to_owned());
    }
    lines.extend(doc_lines(&default));
    lines
}

/// A literal as it is declared, if it is short enough.
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

/// Whether a text can be code within a line of documentation.
fn is_quotable(text: &str) -> bool {
    text.len() <= 60 && !text.contains('`')
}

/// The builder's parameter that says whether a field was given. No type can have its name, because a type would hide it.
pub(super) fn parameter(field: &Field) -> String {
    format!("HAS_{}", field.constant)
}

/// The role of a field that counts.
pub(super) const COUNTS: &str = "dynamorm::Counts";

fn role(field: &Field) -> Option<String> {
    if field.generated == Some(Generated::Counter) {
        Some(COUNTS.to_owned())
    } else if field.generated.is_some_and(Generated::is_managed) {
        Some("dynamorm::Managed".to_owned())
    } else {
        field.unique.then(|| "dynamorm::Unique".to_owned())
    }
}

/// Whether an item cannot be read without the field.
pub(super) fn is_always_given(field: &Field) -> bool {
    field.default.is_none() && !may_be_missing(field)
}

/// Whether a missing attribute is the empty value of its type.
fn may_be_missing(field: &Field) -> bool {
    // If an item of another writer has no version, this model has never written it.
    field.optional
        || matches!(field.kind.of_values(), Kind::Set(_))
        || field.generated.is_some_and(Generated::counts_from_zero)
}

fn alias(rust: &UserRust, stem: &str) -> Alias {
    let name = foreign_alias(stem);
    let name = name.trim_start_matches("foreign::").to_owned();
    Alias { name, code: rust.code.clone(), place: rust.place.clone() }
}

/// serde's attributes of a field. serde reads by the builder, so every declared default applies.
fn serde_attribute(
    kinds: &Kinds<'_>,
    field: &Field,
    derives: &Derives,
    default: Option<&DefaultSource>,
) -> Option<String> {
    derives.serde?;
    let mut settings: Vec<String> =
        serde_rename(derives, &field.name, &field.attribute).into_iter().collect();
    let is_empty = default.is_some()
        || matches!(field.kind.of_values(), Kind::Set(_)) && !field.optional
        || field.generated.is_some_and(Generated::counts_from_zero);
    match default {
        // `None` is written out, because a missing value means the default.
        Some(default) if !default.is_empty => {
            settings.push(format!("default = {}", literal(&default.function)));
        }
        _ if is_empty => settings.push("default".to_owned()),
        _ if field.optional => {
            settings.push("default".to_owned());
            settings.push(format!("skip_serializing_if = \"{}::is_none\"", kinds.prelude.option));
        }
        _ => {}
    }
    let own = serde_settings(&field.attributes);
    settings.retain(|setting| !own.iter().any(|own| setting.split(' ').next() == Some(own)));
    (!settings.is_empty()).then(|| format!("#[serde({})]", settings.join(", ")))
}

/// The settings of serde in the user's own attributes, because serde accepts no setting twice.
fn serde_settings(attributes: &[UserRust]) -> Vec<String> {
    let mut settings = Vec::new();
    for UserRust { code, .. } in attributes {
        let read = syn::parse::Parser::parse_str(syn::Attribute::parse_outer, code);
        let of_serde = read.into_iter().flatten().filter(|attribute| attribute.path().is_ident("serde"));
        for attribute in of_serde {
            let list = Punctuated::<syn::Meta, syn::Token![,]>::parse_terminated;
            let metas = attribute.parse_args_with(list).into_iter().flatten();
            settings.extend(metas.filter_map(|meta| meta.path().get_ident().map(ToString::to_string)));
        }
    }
    settings
}
