//! TOML, as far as the lock writes it.

use super::Shape;
use crate::catalog::{Catalog, Kind, Literal};
use crate::diagnostic::{FileId, Findings};
use crate::manifest::{Value, document};
use crate::source::SourceFile;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::fmt::Write as _;

/// A key, quoted where TOML wants it.
pub(super) fn key(name: &str) -> String {
    let is_bare = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    if !name.is_empty() && name.bytes().all(is_bare) { name.to_owned() } else { text(name) }
}

/// A string on one line. What nobody sees is written by its number.
pub(super) fn text(content: &str) -> String {
    let mut text = String::from('"');
    for character in content.chars() {
        match character {
            '"' | '\\' => text.extend(['\\', character]),
            _ if character.is_control() || crate::diagnostic::is_invisible(character) => {
                // Every character has a number of eight digits at most.
                let _ = write!(text, "\\U{:08X}", u32::from(character));
            }
            _ => text.push(character),
        }
    }
    text + "\""
}

/// A default as it is stored: numbers and bytes as text, since TOML's own lose digits, and variants by their stored names.
pub(super) fn literal(catalog: &Catalog, kind: &Kind, value: &Literal) -> String {
    let element = |value: &Literal| match kind.element() {
        Some(kind) => literal(catalog, &kind, value),
        None => literal(catalog, kind, value),
    };
    match value {
        Literal::Text(content)
        | Literal::Integer(content)
        | Literal::Float(content)
        | Literal::Decimal(content)
        | Literal::Json(content) => text(content),
        Literal::Bool(flag) => flag.to_string(),
        Literal::Bytes(bytes) => text(&STANDARD.encode(bytes)),
        Literal::Variant(name) => text(stored_variant(catalog, kind, name)),
        Literal::List(values) => {
            format!("[{}]", values.iter().map(element).collect::<Vec<_>>().join(", "))
        }
        Literal::Map(entries) => {
            let entries = entries.iter().map(|(name, value)| (key(name), element(value)));
            table(entries)
        }
    }
}

/// `{ a = 1, b = 2 }`
pub(super) fn table(entries: impl Iterator<Item = (String, String)>) -> String {
    let entries: Vec<_> = entries.map(|(name, value)| format!("{name} = {value}")).collect();
    if entries.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", entries.join(", ")) }
}

/// A value that was read, as it was written.
pub(super) fn of(value: &Value) -> Option<String> {
    Some(match value {
        Value::Text(content) => text(content),
        Value::Bool(flag) => flag.to_string(),
        Value::Array(values) => {
            let values: Option<Vec<_>> = values.iter().map(|value| of(&value.value)).collect();
            format!("[{}]", values?.join(", "))
        }
        Value::Table(entries) => {
            let entries: Option<Vec<_>> =
                entries.iter().map(|entry| Some((key(&entry.key.value), of(&entry.value.value)?))).collect();
            table(entries?.into_iter())
        }
        Value::Integer { .. } | Value::Float(_) | Value::Datetime(_) => return None,
    })
}

/// Reads what [`literal`] writes, for a kind of a shape.
pub(super) fn read_literal(text: &str, kind: &Kind, shape: &Shape) -> Option<Literal> {
    let source =
        SourceFile::from_text(FileId::default(), "default", "default", &format!("value = {text}\n")).ok()?;
    let entries = document(&source, &mut Findings::default())?;
    of_value(&entries.first()?.value.value, kind, shape)
}

fn of_value(value: &Value, kind: &Kind, shape: &Shape) -> Option<Literal> {
    let text = || match value {
        Value::Text(text) => Some(text.clone()),
        _ => None,
    };
    Some(match kind {
        Kind::Bool => match value {
            Value::Bool(flag) => Literal::Bool(*flag),
            _ => return None,
        },
        Kind::Integer(_) => Literal::Integer(text()?),
        Kind::Float(_) => Literal::Float(text()?),
        Kind::Decimal => Literal::Decimal(text()?),
        Kind::Json => Literal::Json(text()?),
        Kind::Bytes => Literal::Bytes(STANDARD.decode(text()?).ok()?),
        Kind::Text | Kind::Timestamp(_) | Kind::Date | Kind::Uuid | Kind::Ulid => Literal::Text(text()?),
        Kind::Enumeration(of) => Literal::Variant(shape.enums.get(of)?.variants.get(&text()?)?.name.clone()),
        Kind::List(_) | Kind::Set(_) => {
            let (Value::Array(values), Some(element)) = (value, kind.element()) else { return None };
            let values = values.iter().map(|value| of_value(&value.value, &element, shape));
            Literal::List(values.collect::<Option<_>>()?)
        }
        Kind::Map(_) => {
            let (Value::Table(entries), Some(element)) = (value, kind.element()) else { return None };
            let entries = entries
                .iter()
                .map(|entry| Some((entry.key.value.clone(), of_value(&entry.value.value, &element, shape)?)));
            Literal::Map(entries.collect::<Option<_>>()?)
        }
        Kind::Formed(kind, _) => return of_value(value, kind, shape),
        Kind::Structure(_) | Kind::Foreign(_) | Kind::Coded(..) => return None,
    })
}

fn stored_variant<'a>(catalog: &'a Catalog, kind: &Kind, name: &'a str) -> &'a str {
    let Kind::Enumeration(of) = kind.of_values() else { return name };
    let declared = catalog.enumerations.iter().find(|known| known.name == *of);
    let variant = declared.and_then(|known| known.variants.iter().find(|variant| variant.name == name));
    variant.map_or(name, |variant| variant.stored.as_str())
}
