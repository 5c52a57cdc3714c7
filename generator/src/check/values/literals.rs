//! From TOML values to literals of a field's kind.

use super::decimals::{Decimal, DecimalFault};
use super::instants;
use crate::catalog::{Float, Integer, IntegerFacts, Kind, Literal};
use crate::check::names::DeclaredNames;
use crate::diagnostic::{Code, Diagnostic, Span, did_you_mean, listed, quoted};
use crate::manifest::{Spanned, Value};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use toml::value::Datetime;

/// Why a value does not fit: one finding for each part of it that does not.
type Misfits = Vec<Diagnostic>;

/// A value as a literal of this kind. A value that does not fit gives findings with this `code`.
pub(in crate::check) fn literal(
    names: &DeclaredNames<'_>,
    kind: &Kind,
    value: &Spanned<Value>,
    code: Code,
) -> Result<Literal, Misfits> {
    let misfit = |expected: &str| {
        let kind = kind.describe();
        let message =
            format!("expected a literal of type {}, found {}", quoted(&kind), value.value.type_name());
        vec![Diagnostic::new(code, message).at(value.span, format!("expected {expected}"))]
    };
    let refused = |reason: &str| {
        let message = format!("the value is not one of type {}", quoted(&kind.describe()));
        vec![Diagnostic::new(code, message).at(value.span, reason)]
    };
    match (kind, &value.value) {
        (Kind::Text, Value::Text(text)) => Ok(Literal::Text(text.clone())),
        (Kind::Text, _) => Err(misfit("a string")),
        (Kind::Bool, Value::Bool(flag)) => Ok(Literal::Bool(*flag)),
        (Kind::Bool, _) => Err(misfit("true or false")),
        (Kind::Integer(integer), Value::Integer { digits, radix }) => {
            self::integer(*integer, digits, *radix).map_err(|reason| refused(&reason))
        }
        (Kind::Integer(_), _) => Err(misfit("a whole number")),
        (Kind::Float(float), Value::Float(text)) => {
            self::float(*float, text).map_err(|reason| refused(&reason))
        }
        (Kind::Float(float), Value::Integer { digits, radix: 10 }) => {
            self::float(*float, digits).map_err(|reason| refused(&reason))
        }
        (Kind::Float(_), _) => Err(misfit("a number such as 1.5")),
        (
            Kind::Decimal,
            Value::Text(text) | Value::Float(text) | Value::Integer { digits: text, radix: 10 },
        ) => Decimal::parse(text)
            .map(|decimal| Literal::Decimal(decimal.plain()))
            .map_err(|fault: DecimalFault| refused(fault.reason())),
        (Kind::Decimal, _) => Err(misfit("a decimal number such as 1.5 or \"1.5\"")),
        (Kind::Bytes, Value::Text(text)) => STANDARD
            .decode(text)
            .map(Literal::Bytes)
            .map_err(|error| refused(&format!("not base64: {error}"))),
        (Kind::Bytes, _) => Err(misfit("bytes in base64")),
        (Kind::Timestamp(form), Value::Text(_) | Value::Datetime(_)) => datetime(value)
            .and_then(|datetime| instants::timestamp(&datetime, *form).map_err(str::to_owned))
            .map(Literal::Text)
            .map_err(|reason| refused(&reason)),
        (Kind::Timestamp(_), _) => Err(misfit("a date and time such as 2024-02-29T12:00:00Z")),
        (Kind::Date, Value::Text(_) | Value::Datetime(_)) => datetime(value)
            .and_then(|datetime| instants::date(&datetime).map_err(str::to_owned))
            .map(Literal::Text)
            .map_err(|reason| refused(&reason)),
        (Kind::Date, _) => Err(misfit("a date such as 2024-02-29")),
        (Kind::Uuid, Value::Text(text)) => uuid(text).map(Literal::Text).ok_or_else(|| {
            refused("expected 32 hexadecimal digits with hyphens: \"67e55044-10b1-426f-9247-bb680e5fe0c8\"")
        }),
        (Kind::Uuid, _) => Err(misfit("a string with a UUID")),
        (Kind::Ulid, Value::Text(text)) => ulid(text).map(Literal::Text).ok_or_else(|| {
            refused("expected 26 characters of Crockford's base 32: \"01ARZ3NDEKTSV4RRFFQ69G5FAV\"")
        }),
        (Kind::Ulid, _) => Err(misfit("a string with a ULID")),
        (Kind::Json, any) => {
            let mut text = String::new();
            json(any, value.span, code, &mut text)?;
            Ok(Literal::Json(text))
        }
        (Kind::List(element), Value::Array(values)) => {
            let literals = values.iter().map(|value| literal(names, &element.kind, value, code));
            all(literals).map(Literal::List)
        }
        (Kind::List(_), _) => Err(misfit("an array")),
        (Kind::Set(element), Value::Array(values)) => {
            distinct(names, element, values, code).map(Literal::List)
        }
        (Kind::Set(_), _) => Err(misfit("an array")),
        (Kind::Map(element), Value::Table(entries)) => {
            let literals = entries.iter().map(|entry| {
                let value = literal(names, &element.kind, &entry.value, code)?;
                Ok((entry.key.value.clone(), value))
            });
            let mut literals = all(literals)?;
            literals.sort_by(|a, b| a.0.cmp(&b.0));
            Ok(Literal::Map(literals))
        }
        (Kind::Map(_), _) => Err(misfit("a table")),
        (Kind::Enumeration(name), Value::Text(text)) => variant(names, name, text, value.span, code),
        (Kind::Enumeration(_), _) => Err(misfit("a variant's stored name")),
        (Kind::Structure(_) | Kind::Foreign(_) | Kind::Coded(..), _) => {
            Err(no_literals(&kind.describe(), value.span))
        }
        (Kind::Formed(kind, _), _) => literal(names, kind, value, code),
    }
}

/// Distinct literals.
pub(in crate::check) fn distinct(
    names: &DeclaredNames<'_>,
    kind: &Kind,
    values: &[Spanned<Value>],
    code: Code,
) -> Result<Vec<Literal>, Misfits> {
    let mut places: BTreeMap<String, Span> = BTreeMap::new();
    all(values.iter().map(|value| {
        let literal = literal(names, kind, value, code)?;
        // Literals have no order, but equal literals of one kind have equal texts.
        match places.insert(format!("{literal:?}"), value.span) {
            Some(first) => Err(vec![
                Diagnostic::new(Code::RepeatedValue, "a value is listed twice")
                    .at(value.span, "listed again")
                    .and(first, "listed here first")
                    .help("remove one of them"),
            ]),
            None => Ok(literal),
        }
    }))
}

/// All parts of a value, or the findings about any of them.
fn all<T>(parts: impl Iterator<Item = Result<T, Misfits>>) -> Result<Vec<T>, Misfits> {
    let (mut fitting, mut misfits) = (Vec::new(), Vec::new());
    for part in parts {
        match part {
            Ok(part) => fitting.push(part),
            Err(more) => misfits.extend(more),
        }
    }
    if misfits.is_empty() { Ok(fitting) } else { Err(misfits) }
}

fn integer(integer: Integer, digits: &str, radix: u32) -> Result<Literal, String> {
    let IntegerFacts { name, least, greatest, .. } = integer.facts();
    match i128::from_str_radix(digits, radix) {
        Ok(number) if (least..=greatest).contains(&number) => Ok(Literal::Integer(number.to_string())),
        _ if integer.exceeds_stored() => {
            Err(format!("`{name}` is stored with at most 38 digits, from {least} to {greatest}"))
        }
        _ => Err(format!("`{name}` holds {least} to {greatest}")),
    }
}

fn float(float: Float, text: &str) -> Result<Literal, String> {
    let number: f64 = text.parse().map_err(|_| String::from("not a number"))?;
    if !number.is_finite() {
        return Err(String::from("neither infinities nor NaN can be stored"));
    }
    let (written, magnitude) = match float {
        Float::F64 => (format!("{number:?}"), number.abs()),
        Float::F32 => {
            // Parsed from the text, so it is rounded only once.
            let number: f32 = text.parse().map_err(|_| String::from("not a number"))?;
            if !number.is_finite() {
                return Err(String::from("`f32` does not reach so far"));
            }
            (format!("{number:?}"), f64::from(number).abs())
        }
    };
    if magnitude != 0.0 && !(1e-130..1e126).contains(&magnitude) {
        return Err(String::from(DecimalFault::OutOfRange.reason()));
    }
    Ok(Literal::Float(written))
}

fn datetime(value: &Spanned<Value>) -> Result<Datetime, String> {
    match &value.value {
        Value::Datetime(datetime) => Ok(*datetime),
        Value::Text(text) => text.parse().map_err(|_| String::from("not a date or time of RFC 3339")),
        other => Err(format!("{} is neither a date nor a time", other.type_name())),
    }
}

/// In lower case with hyphens.
fn uuid(text: &str) -> Option<String> {
    let hyphens = [8, 13, 18, 23];
    let fits = |(at, byte): (usize, u8)| {
        if hyphens.contains(&at) { byte == b'-' } else { byte.is_ascii_hexdigit() }
    };
    (text.len() == 36 && text.bytes().enumerate().all(fits)).then(|| text.to_ascii_lowercase())
}

/// In upper case.
fn ulid(text: &str) -> Option<String> {
    let text = text.to_ascii_uppercase();
    let is_digit =
        |byte: u8| byte.is_ascii_digit() || (byte.is_ascii_uppercase() && !b"ILOU".contains(&byte));
    let fits = text.len() == 26 && text.bytes().all(is_digit);
    // 26 characters hold 130 bits, so the first must leave the upper two empty.
    (fits && text.as_bytes()[0] <= b'7').then_some(text)
}

fn variant(
    names: &DeclaredNames<'_>,
    name: &str,
    text: &str,
    span: Span,
    code: Code,
) -> Result<Literal, Misfits> {
    let variants =
        names.enumeration_by_rust_name(name).map(|known| known.variants.as_slice()).unwrap_or_default();
    let stored = || variants.iter().map(|variant| variant.stored.as_str());
    match variants.iter().find(|variant| variant.stored == text) {
        Some(variant) if variant.has_fields => Err(no_literals(&format!("{name}::{}", variant.rust), span)),
        Some(variant) => Ok(Literal::Variant(variant.rust.clone())),
        None => Err(vec![
            Diagnostic::new(code, format!("{} is not a variant of {}", quoted(text), quoted(name)))
                .at(span, format!("expected {}", listed(stored().take(20))))
                .helps(did_you_mean(text, stored())),
        ]),
    }
}

fn no_literals(what: &str, span: Span) -> Misfits {
    vec![
        Diagnostic::new(Code::DefaultUnsupported, format!("{} cannot be written as a literal", quoted(what)))
            .at(span, "no literal stands for it")
            .help("use `default_expression` with Rust of yours, such as \"crate::initial()\""),
    ]
}

/// Writes a value as JSON.
fn json(value: &Value, span: Span, code: Code, text: &mut String) -> Result<(), Misfits> {
    let refused = |reason: &str| {
        vec![Diagnostic::new(code, "the value has no JSON form that can be stored").at(span, reason)]
    };
    match value {
        Value::Text(content) => json_string(content, text),
        Value::Bool(flag) => text.push_str(if *flag { "true" } else { "false" }),
        Value::Integer { digits, radix } => match i128::from_str_radix(digits, *radix) {
            Ok(number) if number.unsigned_abs() <= u128::from(u64::MAX) => text.push_str(&number.to_string()),
            _ => return Err(refused("JSON numbers hold 64 bits")),
        },
        Value::Float(digits) => match float(Float::F64, digits) {
            Ok(Literal::Float(number)) => text.push_str(&number),
            Ok(_) => {}
            Err(reason) => return Err(refused(&reason)),
        },
        Value::Datetime(datetime) => json_string(&datetime.to_string(), text),
        Value::Array(values) => {
            text.push('[');
            for (at, value) in values.iter().enumerate() {
                text.push_str(if at == 0 { "" } else { "," });
                json(&value.value, value.span, code, text)?;
            }
            text.push(']');
        }
        Value::Table(entries) => {
            text.push('{');
            for (at, entry) in entries.iter().enumerate() {
                text.push_str(if at == 0 { "" } else { "," });
                json_string(&entry.key.value, text);
                text.push(':');
                json(&entry.value.value, entry.value.span, code, text)?;
            }
            text.push('}');
        }
    }
    Ok(())
}

fn json_string(content: &str, text: &mut String) {
    text.push('"');
    for character in content.chars() {
        match character {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            character if character.is_control() => {
                let _ = write!(text, "\\u{:04x}", u32::from(character));
            }
            character => text.push(character),
        }
    }
    text.push('"');
}
