//! Values that an item gives to a related one.

use super::kind::Kinds;
use super::text::literal;
use crate::catalog::{Field, Given, GivenValue, Model};

/// A field, and the expression that fills it from `related`.
pub(super) struct FilledField {
    pub identifier: String,
    pub value: String,
}

/// Writes the values that one item gives another.
pub(super) struct RelatedValues<'a> {
    pub kinds: Kinds<'a>,
}

impl RelatedValues<'_> {
    /// The key struct of a model, of another item's fields.
    pub fn key(&self, model: &Model, source: &Model, from: &str, key: &[Given]) -> String {
        let arguments: Vec<_> = key.iter().map(|given| self.argument(model, source, from, given)).collect();
        format!("super::{}Key::new({})", model.name, arguments.join(", "))
    }

    pub fn setters(&self, model: &Model, source: &Model, from: &str, givens: &[Given]) -> String {
        let setters = givens.iter().filter_map(|given| {
            let field = find(model, &given.field)?;
            Some(format!(".{}({})", field.identifier, self.argument(model, source, from, given)))
        });
        setters.collect()
    }

    pub fn filled(&self, model: &Model, source: &Model, from: &str, givens: &[Given]) -> Vec<FilledField> {
        let filled = givens.iter().filter_map(|given| {
            let field = find(model, &given.field)?;
            Some(FilledField {
                identifier: field.identifier.clone(),
                value: self.owned(model, field, source, from, given),
            })
        });
        filled.collect()
    }

    /// The argument for a field, if it may be a value or a reference.
    pub fn argument(&self, model: &Model, source: &Model, from: &str, given: &Given) -> String {
        let GivenValue::Field(name) = &given.value else { return self.composed(model, source, from, given) };
        let Some(field) = find(source, name) else { return String::new() };
        let path = format!("{from}.{}", field.identifier);
        match (self.kinds.is_copy(&field.kind), field.optional) {
            (true, false) => path,
            (true, true) => format!("{path}?"),
            (false, false) => format!("&{path}"),
            (false, true) => format!("{path}.as_ref()?"),
        }
    }

    /// A field's new value.
    fn owned(&self, model: &Model, field: &Field, source: &Model, from: &str, given: &Given) -> String {
        let (value, is_optional) = match &given.value {
            GivenValue::Field(name) => {
                let Some(held) = find(source, name) else { return String::new() };
                let copied = if self.kinds.is_copy(&held.kind) { "" } else { ".clone()" };
                (format!("{from}.{}{copied}", held.identifier), held.optional)
            }
            _ => (self.composed(model, source, from, given), false),
        };
        if field.optional && !is_optional { format!("Some({value})") } else { value }
    }

    fn composed(&self, model: &Model, source: &Model, from: &str, given: &Given) -> String {
        let facts = |model: &Model| format!("<super::{} as dynamorm::Record>::FACTS", model.name);
        let attribute = |model: &Model, name: &str| {
            literal(find(model, name).map_or(name, |field| field.attribute.as_str()))
        };
        let list =
            |literals: &[String]| literals.iter().map(|text| literal(text)).collect::<Vec<_>>().join(", ");
        let place = |name: &str| {
            find(source, name).map(|field| {
                (format!("{from}.{}", field.identifier), self.kinds.kind(&field.kind, &field.name))
            })
        };
        match &given.value {
            GivenValue::Field(_) => String::new(),
            GivenValue::Composed { fields, literals } => {
                let parts = fields
                    .iter()
                    .filter_map(|name| place(name))
                    .map(|(path, kind)| format!("dynamorm::generated::part::<{kind}>(&{path})"));
                format!(
                    "dynamorm::generated::compose({}, {}, &[{}], &[{}])?",
                    facts(model),
                    attribute(model, &given.field),
                    list(literals),
                    parts.collect::<Vec<_>>().join(", ")
                )
            }
            GivenValue::Part { field, literals, position } => {
                let kind = find(model, &given.field)
                    .map(|field| self.kinds.kind(&field.kind, &field.name))
                    .unwrap_or_default();
                format!(
                    "dynamorm::generated::split::<{kind}>({}, {}, &[{}], {position}, &{from}.{})?",
                    facts(source),
                    attribute(source, field),
                    list(literals),
                    find(source, field).map_or(field.as_str(), |field| field.identifier.as_str())
                )
            }
        }
    }
}

/// Whether a relation always leads somewhere.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum RelationForm {
    Always,
    /// A field that it needs may be absent.
    Optional,
    /// Composing a text may fail.
    Fallible,
}

impl RelationForm {
    pub fn of(source: &Model, givens: &[Given]) -> Self {
        let is_optional = |given: &Given| match &given.value {
            GivenValue::Field(name) => find(source, name).is_some_and(|field| field.optional),
            _ => false,
        };
        if givens.iter().any(|given| !matches!(given.value, GivenValue::Field(_))) {
            RelationForm::Fallible
        } else if givens.iter().any(is_optional) {
            RelationForm::Optional
        } else {
            RelationForm::Always
        }
    }

    pub fn returns(self, kinds: &Kinds<'_>, value: &str) -> String {
        match self {
            RelationForm::Always => value.to_owned(),
            RelationForm::Optional => kinds.optional(true, value.to_owned()),
            RelationForm::Fallible => format!("dynamorm::Result<{value}>"),
        }
    }

    /// The return type of a function that fills fields, and its last lines.
    pub fn returns_nothing(self) -> &'static str {
        if self == RelationForm::Fallible { " -> dynamorm::Result<()>" } else { "" }
    }

    /// The value, wrapped as the result of a function that can fail.
    pub fn fallible(self, before: &str, value: &str, after: &str) -> String {
        if self == RelationForm::Fallible { format!("{before}{value}{after}") } else { value.to_owned() }
    }

    pub fn end(self) -> Option<&'static str> {
        (self == RelationForm::Fallible).then_some("Ok(())")
    }

    pub fn body(self, value: &str) -> String {
        match self {
            RelationForm::Always => value.to_owned(),
            RelationForm::Optional => format!("Some({value})"),
            RelationForm::Fallible => format!("Ok({value})"),
        }
    }
}

pub(super) fn find<'m>(model: &'m Model, field: &str) -> Option<&'m Field> {
    model.fields.iter().find(|known| known.name == field)
}
