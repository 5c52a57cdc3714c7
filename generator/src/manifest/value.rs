//! A TOML document as a tree of values with places, independent of the text's lifetime.

use crate::diagnostic::Span;
use crate::source::SourceFile;
use toml::de::{DeTable, DeValue};
use toml::value::Datetime;

/// Something together with its place in a file.
#[derive(Clone, Debug)]
pub(crate) struct Spanned<T> {
    pub value: T,
    pub span: Span,
}

/// A TOML value. Numbers stay text, so none loses precision.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Text(String),
    /// Digits of the radix with an optional sign.
    Integer {
        digits: String,
        radix: u32,
    },
    Float(String),
    Bool(bool),
    Datetime(Datetime),
    Array(Vec<Spanned<Value>>),
    /// In the order of the text.
    Table(Vec<Entry>),
}

/// A key with its value.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub key: Spanned<String>,
    pub value: Spanned<Value>,
}

impl Value {
    /// TOML's name for a value of this type.
    pub(crate) fn type_name(&self) -> &'static str {
        match self {
            Value::Text(_) => "a string",
            Value::Integer { .. } => "an integer",
            Value::Float(_) => "a float",
            Value::Bool(_) => "a boolean",
            Value::Datetime(_) => "a date or time",
            Value::Array(_) => "an array",
            Value::Table(_) => "a table",
        }
    }
}

/// The entries of a parsed table.
pub(super) fn entries(source: &SourceFile, table: &DeTable<'_>) -> Vec<Entry> {
    let mut entries: Vec<Entry> = table
        .iter()
        .map(|(key, value)| Entry {
            key: Spanned { value: key.get_ref().to_string(), span: source.span(key.span()) },
            value: Spanned { value: convert(source, value.get_ref()), span: source.span(value.span()) },
        })
        .collect();
    // The parser moves a table to the end if the table's own header comes after those of its children.
    entries.sort_by_key(|entry| entry.key.span.start);
    entries
}

// The recursion is as deep as the parser allows values to be nested, which is 80 levels.
fn convert(source: &SourceFile, value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(integer) => {
            Value::Integer { digits: integer.as_str().to_owned(), radix: integer.radix() }
        }
        DeValue::Float(float) => Value::Float(float.as_str().to_owned()),
        DeValue::Boolean(flag) => Value::Bool(*flag),
        DeValue::Datetime(datetime) => Value::Datetime(*datetime),
        DeValue::Array(values) => Value::Array(
            values
                .iter()
                .map(|value| Spanned {
                    value: convert(source, value.get_ref()),
                    span: source.span(value.span()),
                })
                .collect(),
        ),
        DeValue::Table(table) => Value::Table(entries(source, table)),
    }
}
