//! Rules as Rust statements on `value` and `check`.

use askama::Template;

use super::kind::Kinds;
use super::layout::{list, statements};
use super::text::literal;
use crate::catalog::{
    Element, Field, IpVersion, Kind, LengthUnit, Literal, Rule, UserRust, ValidationLibrary,
};

/// The rules of a field, for its handle.
#[derive(Default)]
pub(super) struct FieldRules {
    /// The function that checks a value.
    pub of_value: Option<String>,
    /// The function that checks an element, for changes of elements.
    pub of_elements: Option<String>,
    /// The range of additions to a number: `Some("1"), None`.
    pub bounds: Option<String>,
}

/// A function that checks values, or elements, of a field.
#[derive(Template)]
#[template(path = "rust/rule.rs.jinja", escape = "none")]
pub(super) struct RuleFunction {
    name: String,
    /// The type of the checked value, a reference.
    checked: String,
    /// Whether the value within an `Option` is checked.
    within_option: bool,
    statements: Vec<String>,
    /// Whether the value stays out of messages.
    sensitive: bool,
    allowed: Option<String>,
}

impl FieldRules {
    /// The rules of a field, and the functions that carry them out, named by `stem`. `alias` names the field's type if it is the
    /// user's.
    pub fn new(
        kinds: &Kinds<'_>,
        field: &Field,
        stem: &str,
        alias: &str,
        rust_type: &str,
        allowed: &Option<String>,
    ) -> (Self, Vec<RuleFunction>) {
        let rules = RuleWriter { kinds, library: field.validation, alias };
        let (of_elements, of_value): (Vec<_>, Vec<_>) =
            field.rules.iter().cloned().partition(|rule| matches!(rule, Rule::Each(_)));
        let of_value = rules.statements(&of_value, &field.kind);
        let of_elements: Vec<_> =
            of_elements.iter().flat_map(|rule| rules.of_elements(rule, &field.kind)).collect();
        let function = |name: String, checked: String, within_option: bool, lines: &[String]| RuleFunction {
            name,
            checked,
            within_option,
            statements: statements(if field.sensitive { 8 } else { 4 }, lines),
            sensitive: field.sensitive,
            allowed: allowed.clone(),
        };
        let value = (!of_value.is_empty())
            .then(|| function(format!("check_{stem}"), format!("&{rust_type}"), field.optional, &of_value));
        let elements = (!of_elements.is_empty()).then(|| {
            function(format!("elements_of_{stem}"), "&dyn ::core::any::Any".to_owned(), false, &of_elements)
        });
        let name = |function: &Option<RuleFunction>| function.as_ref().map(|function| function.name.clone());
        let named =
            FieldRules { of_value: name(&value), of_elements: name(&elements), bounds: bounds(field) };
        (named, value.into_iter().chain(elements).collect())
    }

    pub fn are_none(&self) -> bool {
        self.of_value.is_none() && self.of_elements.is_none()
    }
}

/// What the statements of one field share.
struct RuleWriter<'a> {
    kinds: &'a Kinds<'a>,
    library: ValidationLibrary,
    alias: &'a str,
}

impl RuleWriter<'_> {
    fn statements(&self, rules: &[Rule], kind: &Kind) -> Vec<String> {
        rules.iter().flat_map(|rule| self.statement(rule, kind)).collect()
    }

    fn statement(&self, rule: &Rule, kind: &Kind) -> Vec<String> {
        match (rule, self.library) {
            (Rule::OneOf(allowed), _) => vec![self.one_of(allowed, kind)],
            (Rule::Custom(rust), library) => custom(rust, library),
            (Rule::Raw(rust), library) => self.raw(rust, kind, library),
            (Rule::Each(rules), _) => self.each(rules, kind),
            (Rule::Range { min, max }, library) => {
                vec![self.range(min.as_ref(), max.as_ref(), kind, library)]
            }
            (rule, ValidationLibrary::Garde) => garde(rule),
            (rule, ValidationLibrary::Validator) => validator(rule),
        }
    }

    fn one_of(&self, allowed: &[Literal], kind: &Kind) -> String {
        let allowed: Vec<_> = allowed
            .iter()
            .map(|allowed| match (allowed, kind) {
                (Literal::Text(text), _) if *kind.of_values() == Kind::Text => literal(text),
                _ => self.kinds.expression(allowed, kind),
            })
            .collect();
        format!("dynamorm::generated::one_of(value, &[{}], check);", allowed.join(", "))
    }

    fn range(
        &self,
        min: Option<&Literal>,
        max: Option<&Literal>,
        kind: &Kind,
        library: ValidationLibrary,
    ) -> String {
        let bound = |bound: Option<&Literal>| match bound {
            Some(bound) => format!("Some({})", self.kinds.expression(bound, kind)),
            None => "None".to_owned(),
        };
        let (min, max) = (bound(min), bound(max));
        match (kind.of_values(), library) {
            (Kind::Integer(_) | Kind::Float(_), ValidationLibrary::Garde) => {
                format!(
                    "check.rule(\"range\", dynamorm::generated::garde::range::apply(value, ({min}, {max})));"
                )
            }
            (Kind::Integer(_) | Kind::Float(_), ValidationLibrary::Validator) => {
                format!("dynamorm::generated::validator::range(value, {min}, {max}, check);")
            }
            _ => {
                let arguments = ["value".to_owned(), min, max, "check".to_owned()];
                list(4, "dynamorm::generated::range(", &arguments, ");")
            }
        }
    }

    /// A rule in the library's own syntax, on the only field of a struct. The library's derive needs the field's type itself and
    /// not a reference, so the value is copied.
    fn raw(&self, rust: &UserRust, kind: &Kind, library: ValidationLibrary) -> Vec<String> {
        let rust_type = self.kinds.value_type(kind, self.alias);
        let value = if self.kinds.is_copy(kind) { "*value" } else { "value.clone()" };
        let (name, attributes, field) = match library {
            ValidationLibrary::Garde => ("garde", "#[garde(transparent)]", "garde"),
            ValidationLibrary::Validator => ("validator", "", "validate"),
        };
        let mut lines = vec![format!("//@ {}", rust.place), format!("#[derive(::{name}::Validate)]")];
        lines.extend((!attributes.is_empty()).then(|| attributes.to_owned()));
        lines.extend([
            "struct Raw {".to_owned(),
            format!("//@ {}", rust.place),
            format!("#[{field}({})]", rust.code),
            format!("value: {rust_type},"),
            "}".to_owned(),
            format!("let outcome = ::{name}::Validate::validate(&Raw {{ value: {value} }});"),
            format!("dynamorm::generated::raw_{name}(outcome, check);"),
        ]);
        lines
    }

    /// The statements that check one element, whose type the runtime does not know.
    fn of_elements(&self, rule: &Rule, kind: &Kind) -> Vec<String> {
        let Rule::Each(rules) = rule else { return Vec::new() };
        let Some(kind) = element(kind) else { return Vec::new() };
        let rust_type = self.kinds.value_type(&kind, self.alias);
        let mut lines =
            vec![format!("if let Some(value) = dynamorm::generated::element::<{rust_type}>(value) {{")];
        lines.extend(self.statements(rules, &kind));
        lines.push("}".to_owned());
        lines
    }

    /// The statements that check every element of an element.
    fn each(&self, rules: &[Rule], kind: &Kind) -> Vec<String> {
        let (head, body) = match kind.of_values() {
            Kind::Map(element) => {
                (["for (name, value) in value {", "check.entry(name, |check| {"], self.inner(rules, element))
            }
            Kind::List(element) => (
                ["for (index, value) in value.iter().enumerate() {", "check.element(index, |check| {"],
                self.inner(rules, element),
            ),
            Kind::Set(element) => (
                ["for (index, value) in value.iter().enumerate() {", "check.element(index, |check| {"],
                self.statements(rules, element),
            ),
            _ => return Vec::new(),
        };
        let head = head.into_iter().map(String::from);
        head.chain(body).chain(["});".to_owned(), "}".to_owned()]).collect()
    }

    /// The statements for an element, which may be absent.
    fn inner(&self, rules: &[Rule], element: &Element) -> Vec<String> {
        let body = self.statements(rules, &element.kind);
        if element.optional { within_some(body) } else { body }
    }
}

/// The element of a kind.
pub(super) fn element(kind: &Kind) -> Option<Kind> {
    kind.element()
}

/// A rule for which `garde` has a function.
fn garde(rule: &Rule) -> Vec<String> {
    let apply = |code: &str, function: &str, arguments: String| {
        vec![format!("check.rule({code:?}, dynamorm::generated::garde::{function}::apply({arguments}));")]
    };
    let unconditional = |function: &str| apply(function, function, "value, ()".to_owned());
    let with = |function: &str, text: &str| apply(function, function, format!("value, ({},)", literal(text)));
    match rule {
        Rule::Length { unit, min, max } => {
            let function = match unit {
                LengthUnit::Characters => "length::chars",
                LengthUnit::Bytes => "length::bytes",
                LengthUnit::Elements => "length::simple",
            };
            let min = min.map_or("0".to_owned(), |min| min.to_string());
            let max = max.map_or("usize::MAX".to_owned(), |max| max.to_string());
            apply("length", function, format!("value, ({min}, {max})"))
        }
        Rule::Pattern(pattern) => {
            vec![format!("dynamorm::pattern!({}).check(value, check);", literal(pattern))]
        }
        Rule::Email => unconditional("email"),
        Rule::Url => unconditional("url"),
        Rule::Ip(version) => {
            let version = match version {
                IpVersion::Any => "Any",
                IpVersion::V4 => "V4",
                IpVersion::V6 => "V6",
            };
            apply("ip", "ip", format!("value, (dynamorm::generated::garde::ip::IpKind::{version},)"))
        }
        Rule::Ascii => unconditional("ascii"),
        Rule::Alphanumeric => unconditional("alphanumeric"),
        Rule::Prefix(text) => with("prefix", text),
        Rule::Suffix(text) => with("suffix", text),
        Rule::Contains(text) => with("contains", text),
        Rule::Range { .. } | Rule::OneOf(_) | Rule::Custom(_) | Rule::Raw(_) | Rule::Each(_) => Vec::new(),
    }
}

/// A rule for which `validator` has a function, or which the runtime carries out itself.
fn validator(rule: &Rule) -> Vec<String> {
    let call = |function: &str, arguments: &str| {
        vec![format!("dynamorm::generated::validator::{function}(value{arguments}, check);")]
    };
    let with = |function: &str, text: &str| call(function, &format!(", {}", literal(text)));
    match rule {
        Rule::Length { unit, min, max } => {
            let function = match unit {
                LengthUnit::Bytes => "length_in_bytes",
                LengthUnit::Characters | LengthUnit::Elements => "length",
            };
            call(function, &format!(", {min:?}, {max:?}"))
        }
        Rule::Pattern(pattern) => {
            vec![format!("dynamorm::pattern!({}).check_by_validator(value, check);", literal(pattern))]
        }
        Rule::Email => call("email", ""),
        Rule::Url => call("url", ""),
        Rule::Ip(IpVersion::Any) => call("ip", ""),
        Rule::Ip(IpVersion::V4) => call("ipv4", ""),
        Rule::Ip(IpVersion::V6) => call("ipv6", ""),
        Rule::Ascii => call("ascii", ""),
        Rule::Alphanumeric => call("alphanumeric", ""),
        Rule::Prefix(text) => with("prefix", text),
        Rule::Suffix(text) => with("suffix", text),
        Rule::Contains(text) => with("contains", text),
        Rule::Range { .. } | Rule::OneOf(_) | Rule::Custom(_) | Rule::Raw(_) | Rule::Each(_) => Vec::new(),
    }
}

fn custom(rust: &UserRust, library: ValidationLibrary) -> Vec<String> {
    let report = match library {
        ValidationLibrary::Garde => "check.rule(\"custom\", outcome);",
        ValidationLibrary::Validator => "dynamorm::generated::validator::custom(outcome, check);",
    };
    vec![format!("//@ {}", rust.place), format!("let outcome = {}(value);", rust.code), report.to_owned()]
}

/// The range of a number that an update may add to.
fn bounds(field: &Field) -> Option<String> {
    let is_number = matches!(field.kind.of_values(), Kind::Integer(_) | Kind::Float(_) | Kind::Decimal);
    let range = field.rules.iter().filter(|_| is_number).find_map(|rule| match rule {
        Rule::Range { min, max } => Some((min, max)),
        _ => None,
    });
    let digits = |bound: &Option<Literal>| match bound {
        Some(Literal::Integer(digits) | Literal::Float(digits) | Literal::Decimal(digits)) => {
            format!("Some({})", literal(&digits.trim_start_matches('+').replace('_', "")))
        }
        _ => "None".to_owned(),
    };
    range.map(|(min, max)| format!("{}, {}", digits(min), digits(max)))
}

/// Runs statements on the value within an `Option`.
fn within_some(body: Vec<String>) -> Vec<String> {
    let mut lines = vec!["if let Some(value) = value {".to_owned()];
    lines.extend(body);
    lines.push("}".to_owned());
    lines
}
