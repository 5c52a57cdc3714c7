//! How to make values for tests, in the words of the runtime's `samples!`.

use super::kind::{foreign_alias, foreign_type};
use super::text::literal;
use crate::catalog::{
    Field, Generated, IpVersion, KeyForm, KeySource, Kind, LengthUnit, Literal, Model, Rule, Table, Template,
};

/// How to make values of a field, as the table of stored fields says it: `length(Some(1), None)`, `key()`. `alias` names the
/// type, if that is the user's.
pub(super) fn of_field(field: &Field, alias: &str, of_key: Vec<String>) -> Vec<String> {
    let mut facts = rules(&field.rules, &field.kind);
    facts.extend(of_key);
    match field.generated {
        Some(Generated::Version) => facts.push("version()".to_owned()),
        Some(Generated::Updated) => facts.push("updated()".to_owned()),
        // What is put is not counted yet.
        Some(Generated::Counter) => facts.push("one_of(&[\"0\"])".to_owned()),
        Some(Generated::WriteId) => facts.push("write_id()".to_owned()),
        _ => {}
    }
    if foreign_type(&field.kind).is_some() {
        facts.push(format!("foreign(dynamorm::foreign_samples!({}))", foreign_alias(alias)));
    }
    facts
}

/// The demands on a field by the model's keys, its table's expiry, and its unique fields.
pub(super) fn of_keys(model: &Model, table: &Table, number: usize) -> Vec<String> {
    let Some(field) = model.fields.get(number) else { return Vec::new() };
    let indexes = model.indexes.iter().flat_map(|index| index.partition_key.iter().chain(&index.sort_key));
    let sources: Vec<_> = model.key.iter().chain(indexes).collect();
    let is_key = |source: &&KeySource| match source {
        KeySource::Field(key) => *key == number,
        KeySource::Template(template) => template.parts.iter().any(|part| part.field == number),
    };
    let mut facts = Vec::new();
    if matches!(field.kind.of_values(), Kind::Text | Kind::Bytes)
        && (field.unique || sources.iter().any(is_key))
    {
        facts.push("key()".to_owned());
    }
    let mut delimiters = String::new();
    let templates = sources.iter().filter_map(|source| match source {
        KeySource::Template(template) => Some(template),
        KeySource::Field(_) => None,
    });
    for part in templates.flat_map(|Template { parts, .. }| parts).filter(|part| part.field == number) {
        let fact = match part.form {
            KeyForm::Stored | KeyForm::Prefix(_) | KeyForm::Lower | KeyForm::Upper
                if *field.kind.of_values() == Kind::Text =>
            {
                let delimiter = part.literal.chars().next();
                delimiters.extend(delimiter.filter(|delimiter| !delimiters.contains(*delimiter)));
                continue;
            }
            // The runtime knows how many digits the type itself has.
            KeyForm::Digits(width) | KeyForm::Signed(width) | KeyForm::DescendingDigits(width)
                if width < digits(&field.kind) =>
            {
                format!("digits({width})")
            }
            KeyForm::Instant(stored) | KeyForm::DescendingInstant(stored)
                if stored.unit() == 1_000_000_000 =>
            {
                "whole_seconds()".to_owned()
            }
            KeyForm::Instant(stored) | KeyForm::DescendingInstant(stored) if stored.unit() == 1_000_000 => {
                "whole_milliseconds()".to_owned()
            }
            _ => continue,
        };
        if !facts.contains(&fact) {
            facts.push(fact);
        }
    }
    if !delimiters.is_empty() {
        facts.push(format!("without({})", literal(&delimiters)));
    }
    if table.ttl.on() == Some(&field.attribute) {
        facts.push("expires()".to_owned());
    }
    facts
}

/// How many digits a number of the type has at most.
fn digits(kind: &Kind) -> usize {
    use crate::catalog::Integer;
    match kind.of_values() {
        Kind::Integer(Integer::U8 | Integer::I8) => 3,
        Kind::Integer(Integer::U16 | Integer::I16) => 5,
        Kind::Integer(Integer::U32 | Integer::I32) => 10,
        Kind::Integer(Integer::I64) => 19,
        Kind::Integer(Integer::U64) => 20,
        _ => usize::MAX,
    }
}

fn rules(rules: &[Rule], kind: &Kind) -> Vec<String> {
    rules.iter().filter_map(|rule| self::rule(rule, kind)).collect()
}

/// A rule that describes values, which functions of the user do not.
fn rule(rule: &Rule, kind: &Kind) -> Option<String> {
    Some(match rule {
        Rule::Length { unit, min, max } => {
            let in_bytes = *unit == LengthUnit::Bytes && *kind.of_values() == Kind::Text;
            format!("length{}({min:?}, {max:?})", if in_bytes { "_in_bytes" } else { "" })
        }
        Rule::Range { min, max } => format!("range({}, {})", bound(min.as_ref()), bound(max.as_ref())),
        Rule::Pattern(pattern) => format!("pattern({})", literal(pattern)),
        Rule::Email => "email()".to_owned(),
        Rule::Url => "url()".to_owned(),
        Rule::Ip(version) => {
            let version = match version {
                IpVersion::Any => "None",
                IpVersion::V4 => "Some(4)",
                IpVersion::V6 => "Some(6)",
            };
            format!("ip({version})")
        }
        Rule::Ascii => "ascii()".to_owned(),
        Rule::Alphanumeric => "alphanumeric()".to_owned(),
        Rule::Prefix(text) => format!("prefix({})", literal(text)),
        Rule::Suffix(text) => format!("suffix({})", literal(text)),
        Rule::Contains(text) => format!("contains({})", literal(text)),
        Rule::OneOf(values) => {
            let values: Vec<_> = values.iter().filter_map(text).map(|text| literal(&text)).collect();
            format!("one_of(&[{}])", values.join(", "))
        }
        Rule::Each(each) => {
            let element = super::rule::element(kind)?;
            let facts = rules(each, &element);
            if facts.is_empty() {
                return None;
            }
            format!("each(|of| of.{})", facts.join("."))
        }
        Rule::Custom(_) | Rule::Raw(_) => return None,
    })
}

fn bound(bound: Option<&Literal>) -> String {
    bound.and_then(text).map_or("None".to_owned(), |text| format!("Some({})", literal(&text)))
}

/// A literal as text that its type parses.
fn text(value: &Literal) -> Option<String> {
    match value {
        Literal::Text(text) => Some(text.clone()),
        Literal::Integer(digits) | Literal::Float(digits) | Literal::Decimal(digits) => {
            Some(digits.trim_start_matches('+').replace('_', ""))
        }
        _ => None,
    }
}
