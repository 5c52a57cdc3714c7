//! Key templates: their fields, the forms that those take, and where each ends.

use super::fields::CheckedField;
use super::keys::{self, Role, Schema};
use super::kinds;
use crate::catalog::{Field, Generated, Integer, KeyForm, Kind, StoredInstant, Template, TemplatePart};
use crate::diagnostic::{Code, Diagnostic, Findings, did_you_mean, quoted};
use crate::manifest::{Spanned, TemplateExpression, TemplatePiece};

/// The most digits of a number in a key: those of the largest `u128`.
const MOST_DIGITS: usize = 39;

/// Checks a template for the key attribute `attribute`.
pub(super) fn check(
    schema: &Schema<'_>,
    expression: &TemplateExpression,
    attribute: &Spanned<String>,
    role: Role,
    escape: bool,
    findings: &mut Findings,
) -> Option<Template> {
    if let Some(field) = schema.find(&attribute.value) {
        findings.push(
            Diagnostic::new(
                Code::TemplateMeetsField,
                format!("the composed key is stored as {}, and so is a field", quoted(&attribute.value)),
            )
            .at(expression.span, "composed here")
            .and(field.declaration.stored().1, "stored under the same name")
            .help("give the field another `attribute`, or leave the template out"),
        );
        return None;
    }
    if expression.pieces.is_empty() {
        return None;
    }
    let mut template =
        Template { attribute: attribute.value.clone(), begin: String::new(), parts: Vec::new() };
    let mut are_sound = true;
    let mut names: Vec<&Spanned<String>> = Vec::new();
    let mut pieces = expression.pieces.iter().peekable();
    while let Some(piece) = pieces.next() {
        match piece {
            TemplatePiece::Literal(text) => match template.parts.last_mut() {
                Some(part) => part.literal.clone_from(text),
                None => template.begin.clone_from(text),
            },
            TemplatePiece::Field { name, format } => {
                names.push(name);
                let is_last = pieces.peek().is_none();
                match part(schema, name, format.as_ref(), is_last, role, escape, findings) {
                    Some(part) => template.parts.push(part),
                    None => are_sound = false,
                }
            }
        }
    }
    if !are_sound {
        return None;
    }
    let fields = template.parts.iter().zip(&names).zip(names.iter().skip(1));
    for ((part, name), next) in fields {
        if part.literal.is_empty() && width(schema, part).is_none() {
            findings.push(
                Diagnostic::new(
                    Code::AmbiguousTemplate,
                    format!("nothing marks where {} ends", quoted(&name.value)),
                )
                .at(name.span, "of any length")
                .and(next.span, "follows directly")
                .help(format!("put text between them: `{{{}}}#{{{}}}`", name.value, next.value)),
            );
            are_sound = false;
        }
    }
    for (part, name) in template.parts.iter().zip(&names) {
        let delimiter = part.literal.chars().next().filter(|_| part.form == KeyForm::Escaped);
        if let Some(delimiter) = delimiter.filter(|delimiter| *delimiter == '%' || delimiter.is_ascii_digit())
        {
            findings.push(
                Diagnostic::new(
                    Code::AmbiguousTemplate,
                    format!(
                        "{} cannot be escaped before `{delimiter}`, which escapes consist of",
                        quoted(&name.value)
                    ),
                )
                .at(name.span, format!("ends at the first `{delimiter}`"))
                .help("put other text behind it: no `%` and no digit"),
            );
            are_sound = false;
        }
        if let (Some(delimiter), Some(variant)) = (part.literal.chars().next(), variants(schema, part)) {
            let Some(variant) = variant.iter().find(|variant| variant.contains(delimiter)) else { continue };
            findings.push(
                Diagnostic::new(
                    Code::AmbiguousTemplate,
                    format!(
                        "the variant {} contains `{delimiter}`, which ends it in the key",
                        quoted(variant)
                    ),
                )
                .at(name.span, format!("ends at the first `{delimiter}`"))
                .help("put other text behind it"),
            );
            are_sound = false;
        }
    }
    are_sound.then_some(template)
}

/// How many characters every value of a part has; nothing if that differs.
pub(super) fn width(schema: &Schema<'_>, part: &TemplatePart) -> Option<usize> {
    let kind = &schema.fields.get(part.field)?.field.as_ref()?.kind;
    match (part.form, kind) {
        (KeyForm::Digits(width), _) => Some(width),
        (KeyForm::Signed(width), _) => Some(width + 1),
        (KeyForm::Decimal, _) => Some(42),
        (KeyForm::Instant(stored), _) => Some(stored.width()),
        (KeyForm::Stored, Kind::Date) => Some("YYYY-MM-DD".len()),
        (KeyForm::Stored, Kind::Uuid) => Some(36),
        (KeyForm::Stored, Kind::Ulid) => Some(26),
        (KeyForm::Stored | KeyForm::LastText | KeyForm::Escaped, _) => None,
    }
}

/// The texts that a part of an enum's can be.
pub(super) fn variants(schema: &Schema<'_>, part: &TemplatePart) -> Option<Vec<String>> {
    match &schema.fields.get(part.field)?.field.as_ref()?.kind {
        Kind::Enumeration(name) => (schema.variants)(name),
        _ => None,
    }
}

fn part(
    schema: &Schema<'_>,
    name: &Spanned<String>,
    format: Option<&Spanned<String>>,
    is_last: bool,
    role: Role,
    escape: bool,
    findings: &mut Findings,
) -> Option<TemplatePart> {
    let named = |checked: &CheckedField<'_>| {
        checked.declaration.name.value == name.value
            || checked.field.as_ref().is_some_and(|field| field.name == name.value)
    };
    let Some(number) = schema.fields.iter().position(named) else {
        if schema.is_readable {
            let names = schema.fields.iter().map(|field| field.declaration.name.value.as_str());
            let model = quoted(&schema.model.value);
            findings.push(
                Diagnostic::new(Code::TemplateField, format!("{model} has no field {}", quoted(&name.value)))
                    .at(name.span, "not in the model's schema")
                    .help(
                        did_you_mean(name.value.trim(), names)
                            .unwrap_or_else(|| format!("declare the field in the schema of {model}")),
                    ),
            );
        }
        return None;
    };
    let checked = &schema.fields[number];
    let field = checked.field.as_ref()?;
    if field.generated.is_some_and(Generated::is_managed) {
        findings.push(
            Diagnostic::new(
                Code::TemplateType,
                format!("{} cannot be part of a composed key: every write changes it", quoted(&name.value)),
            )
            .at(name.span, "part of a key here")
            .and(checked.declaration.name.span, "written by the runtime")
            .help(match field.generated {
                Some(Generated::WriteId) => "leave it out of the template",
                _ => "make the attribute itself a key of the index, which may have up to four",
            }),
        );
        return None;
    }
    if matches!(role, Role::TablePartition | Role::TableSort) && field.optional {
        let place = checked.declaration.kind.as_ref().map_or(checked.declaration.name.span, |kind| kind.span);
        findings.push(
            Diagnostic::new(
                Code::OptionalKey,
                format!("{} is part of its table's key, and cannot be absent", quoted(&name.value)),
            )
            .at(place, "optional here")
            .and(name.span, "part of the key here")
            .help("remove the `?`: only the keys of indexes may be made of optional fields"),
        );
    }
    if matches!(role, Role::TableSort | Role::IndexSort) {
        keys::check_method(field, checked.declaration, name.span, findings);
    }
    let form = form(schema, field, name, format, is_last, escape, findings)?;
    Some(TemplatePart { field: number, form, literal: String::new() })
}

fn form(
    schema: &Schema<'_>,
    field: &Field,
    name: &Spanned<String>,
    format: Option<&Spanned<String>>,
    is_last: bool,
    escape: bool,
    findings: &mut Findings,
) -> Option<KeyForm> {
    let default = match &field.kind {
        Kind::Text if is_last => KeyForm::LastText,
        Kind::Text if escape => KeyForm::Escaped,
        Kind::Text | Kind::Uuid | Kind::Ulid | Kind::Date => KeyForm::Stored,
        // A number is written as text of its precision, which has its order for all of time.
        Kind::Timestamp(form) => KeyForm::Instant(match form.stored {
            StoredInstant::EpochSeconds => StoredInstant::SECONDS,
            StoredInstant::EpochMilliseconds => StoredInstant::MILLISECONDS,
            StoredInstant::EpochMicroseconds => StoredInstant::MICROSECONDS,
            text @ StoredInstant::Text(_) => text,
        }),
        Kind::Integer(integer) => number(*integer, digits(*integer)),
        Kind::Decimal => KeyForm::Decimal,
        Kind::Enumeration(name) if (schema.is_text)(name) => KeyForm::Stored,
        kind => {
            let reason = match kind {
                Kind::Float(_) => "floats are not exact: use `decimal` or an integer type",
                Kind::Enumeration(_) => "an enum whose variants have fields is stored as a map",
                Kind::Bytes => "bytes are no text: use them as a key of their own",
                _ => "keys are composed of text, exact numbers, times and identifiers",
            };
            findings.push(
                Diagnostic::new(
                    Code::TemplateType,
                    format!(
                        "{} cannot be part of a key: its type is {}",
                        quoted(&name.value),
                        quoted(&kinds::describe(kind))
                    ),
                )
                .at(name.span, "part of a key here")
                .help(reason),
            );
            return None;
        }
    };
    let Some(format) = format else { return Some(default) };
    let width = || {
        let are_digits = format.value.bytes().all(|byte| byte.is_ascii_digit());
        let width = format.value.parse().ok().filter(|_| are_digits);
        width.filter(|width| (1..=MOST_DIGITS).contains(width))
    };
    let found = match &field.kind {
        Kind::Integer(integer) => width().map(|width| number(*integer, width)),
        Kind::Timestamp(_) => match format.value.as_str() {
            "seconds" => Some(KeyForm::Instant(StoredInstant::SECONDS)),
            "milliseconds" => Some(KeyForm::Instant(StoredInstant::MILLISECONDS)),
            "microseconds" => Some(KeyForm::Instant(StoredInstant::MICROSECONDS)),
            "text" => None,
            declared => StoredInstant::of(declared).map(KeyForm::Instant),
        },
        _ => None,
    };
    if found.is_none() {
        let (label, help) = match &field.kind {
            Kind::Integer(_) => {
                ("not a number of digits", "give how many digits the key keeps, from 1 to 39: `{year:04}`")
            }
            Kind::Timestamp(_) => (
                "not a form of timestamps in keys",
                "write `seconds`, `milliseconds` or `microseconds` for text, `epoch-seconds`, `epoch-milliseconds` or \
                 `epoch-microseconds` for digits",
            ),
            _ => (
                "has no formats",
                "integers have a number of digits, and timestamps a precision: remove this",
            ),
        };
        findings.push(
            Diagnostic::new(Code::TemplateFormat, format!("{} is no format here", quoted(&format.value)))
                .at(format.span, label)
                .help(help),
        );
    }
    found
}

fn number(integer: Integer, width: usize) -> KeyForm {
    match integer {
        Integer::U8 | Integer::U16 | Integer::U32 | Integer::U64 | Integer::U128 => KeyForm::Digits(width),
        Integer::I8 | Integer::I16 | Integer::I32 | Integer::I64 | Integer::I128 => KeyForm::Signed(width),
    }
}

/// The digits of a type's greatest value.
fn digits(integer: Integer) -> usize {
    match integer {
        Integer::U8 | Integer::I8 => 3,
        Integer::U16 | Integer::I16 => 5,
        Integer::U32 | Integer::I32 => 10,
        Integer::I64 => 19,
        Integer::U64 => 20,
        Integer::U128 | Integer::I128 => 39,
    }
}
