//! Rules as Rust statements on `value` and `check`.

use super::kind::{Kinds, set_member};
use crate::catalog::{Element, IpVersion, Kind, LengthUnit, Literal, Rule};
use crate::emit::text::literal;

/// The statements that check `value: &T`, and statics that they need before them.
pub(super) fn statements(kinds: &Kinds<'_>, rules: &[Rule], kind: &Kind) -> Vec<String> {
    let patterns = rules.iter().filter_map(|rule| match rule {
        Rule::Pattern(pattern) => Some(format!(
            "static PATTERN: dynamorm::generated::Pattern = dynamorm::generated::Pattern::new({});",
            literal(pattern)
        )),
        _ => None,
    });
    let statements = rules.iter().flat_map(|rule| statement(kinds, rule, kind));
    patterns.chain(statements).collect()
}

fn statement(kinds: &Kinds<'_>, rule: &Rule, kind: &Kind) -> Vec<String> {
    let garde = |function: &str, arguments: String| {
        vec![format!("check.rule(dynamorm::garde::rules::{function}::apply({arguments}));")]
    };
    match rule {
        Rule::Length { unit, min, max } => {
            let function = match unit {
                LengthUnit::Characters => "length::chars",
                LengthUnit::Bytes => "length::bytes",
                LengthUnit::Elements => "length::simple",
            };
            let min = min.map_or("0".to_owned(), |min| min.to_string());
            let max = max.map_or("usize::MAX".to_owned(), |max| max.to_string());
            garde(function, format!("value, ({min}, {max})"))
        }
        Rule::Range { min, max } => range(kinds, min.as_ref(), max.as_ref(), kind),
        Rule::Pattern(_) => vec!["PATTERN.check(value, check);".to_owned()],
        Rule::Email => garde("email", "value, ()".to_owned()),
        Rule::Url => garde("url", "value, ()".to_owned()),
        Rule::Ip(version) => {
            let version = match version {
                IpVersion::Any => "Any",
                IpVersion::V4 => "V4",
                IpVersion::V6 => "V6",
            };
            garde("ip", format!("value, (dynamorm::garde::rules::ip::IpKind::{version},)"))
        }
        Rule::Ascii => garde("ascii", "value, ()".to_owned()),
        Rule::Alphanumeric => garde("alphanumeric", "value, ()".to_owned()),
        Rule::Prefix(text) => garde("prefix", format!("value, ({},)", literal(text))),
        Rule::Suffix(text) => garde("suffix", format!("value, ({},)", literal(text))),
        Rule::Contains(text) => garde("contains", format!("value, ({},)", literal(text))),
        Rule::OneOf(allowed) => {
            let allowed: Vec<_> = allowed
                .iter()
                .map(|allowed| match (allowed, kind) {
                    (Literal::Text(text), Kind::Text) => literal(text),
                    _ => kinds.expression(allowed, kind),
                })
                .collect();
            vec![format!("dynamorm::generated::one_of(value, &[{}], check);", allowed.join(", "))]
        }
        Rule::Custom(rust) => vec![
            format!("//@ {}", rust.place),
            format!("let outcome = {}(value);", rust.code),
            "check.rule(outcome);".to_owned(),
        ],
        Rule::Each(rules) => each(kinds, rules, kind),
    }
}

fn range(kinds: &Kinds<'_>, min: Option<&Literal>, max: Option<&Literal>, kind: &Kind) -> Vec<String> {
    let bound = |bound: Option<&Literal>| match bound {
        Some(bound) => format!("Some({})", kinds.expression(bound, kind)),
        None => "None".to_owned(),
    };
    let (min, max) = (bound(min), bound(max));
    vec![match kind {
        Kind::Integer(_) | Kind::Float(_) => {
            format!("check.rule(dynamorm::garde::rules::range::apply(value, ({min}, {max})));")
        }
        _ => format!("dynamorm::generated::range(value, {min}, {max}, check);"),
    }]
}

fn each(kinds: &Kinds<'_>, rules: &[Rule], kind: &Kind) -> Vec<String> {
    let (head, body) = match kind {
        Kind::Map(element) => {
            (["for (name, value) in value {", "check.entry(name, |check| {"], inner(kinds, rules, element))
        }
        Kind::List(element) => (
            ["for (index, value) in value.iter().enumerate() {", "check.element(index, |check| {"],
            inner(kinds, rules, element),
        ),
        Kind::Set(element) => (
            ["for (index, value) in value.iter().enumerate() {", "check.element(index, |check| {"],
            statements(kinds, rules, &set_member(*element)),
        ),
        _ => return Vec::new(),
    };
    let head = head.into_iter().map(String::from);
    head.chain(body).chain(["});".to_owned(), "}".to_owned()]).collect()
}

/// The statements for an element, which may be absent.
fn inner(kinds: &Kinds<'_>, rules: &[Rule], element: &Element) -> Vec<String> {
    let body = statements(kinds, rules, &element.kind);
    if element.optional { within_some(body) } else { body }
}

/// Runs statements on the value within an `Option`.
pub(super) fn within_some(body: Vec<String>) -> Vec<String> {
    let mut lines = vec!["if let Some(value) = value {".to_owned()];
    lines.extend(body);
    lines.push("}".to_owned());
    lines
}
