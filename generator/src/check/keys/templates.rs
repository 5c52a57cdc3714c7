//! Key templates: their fields, the forms that those take, and where each ends.

use super::attributes::{self, Role};
use super::discriminators::FLAGS;
use crate::catalog::{
    Field, Generated, KeyForm, KeyPart, Kind, StoredInstant, Template, TemplatePart, TextForm, TimestampForm,
};
use crate::check::TableCheck;
use crate::check::fields::CheckedField;
use crate::check::resolved::Schema;
use crate::diagnostic::{Code, Diagnostic, did_you_mean, quoted};
use crate::manifest::{Spanned, TemplateExpression, TemplatePiece};

/// The most digits of a number in a key: those of the largest `u128`.
const MOST_DIGITS: usize = 39;

/// The most characters of a text that a key has of it by `prefix`.
const LONGEST_PREFIX: usize = 100;

/// Checks a template for the key attribute `attribute`.
pub(in crate::check) fn check(
    cx: &mut TableCheck<'_, '_>,
    schema: &Schema<'_>,
    expression: &TemplateExpression,
    attribute: &Spanned<String>,
    role: Role,
    escape: bool,
) -> Option<Template> {
    let stored = schema.find(&attribute.value).map(|field| field.declaration.stored().1);
    let computed = schema.declaration.computed.iter().map(ComputedDeclaration::stored);
    let computed = computed.filter(|(name, _)| *name == attribute.value).map(|(_, place)| place).next();
    if let Some(field) = stored.or(computed) {
        cx.report(
            Diagnostic::new(
                Code::TemplateConflictsWithField,
                format!("the composed key is stored as {}, and so is a field", quoted(&attribute.value)),
            )
            .at(expression.span, "composed here")
            .and(field, "stored under the same name")
            .help("give the field another `attribute`, or leave the template out"),
        );
        return None;
    }
    if expression.pieces.is_empty() {
        return None;
    }
    let mut template =
        Template { attribute: attribute.value.clone(), begin: String::new(), parts: Vec::new(), when: None };
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
                match part(cx, schema, name, format.as_ref(), is_last, role, escape) {
                    Some(part) => template.parts.push(part),
                    None => are_sound = false,
                }
            }
        }
    }
    if !are_sound {
        return None;
    }
    check_stamped(cx, schema, &template, &names)?;
    let fields = template.parts.iter().zip(&names).zip(names.iter().skip(1));
    for ((part, name), next) in fields {
        let ends_by_itself = width(schema, part).is_some() || words(schema, part).is_some();
        if part.literal.is_empty() && !ends_by_itself {
            cx.report(
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
    for (part, name) in template.parts.iter().zip(&names).filter(|(part, _)| part.form == KeyForm::Plain) {
        let next = part.literal.chars().next().filter(|next| next.is_ascii_digit() || *next == '-');
        if let Some(next) = next {
            cx.report(
                Diagnostic::new(
                    Code::AmbiguousTemplate,
                    format!("nothing marks where the digits of {} end", quoted(&name.value)),
                )
                .at(name.span, format!("followed by `{next}`"))
                .help(format!("put another character between them: `{{{}:plain}}#`", name.value)),
            );
            are_sound = false;
        }
    }
    for (part, name) in template.parts.iter().zip(&names) {
        let delimiter = part.literal.chars().next().filter(|_| part.form == KeyForm::Escaped);
        if let Some(delimiter) = delimiter.filter(|delimiter| *delimiter == '%' || delimiter.is_ascii_digit())
        {
            cx.report(
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
    }
    for (number, (part, name)) in template.parts.iter().zip(&names).enumerate() {
        let is_end = number + 1 == template.parts.len() && part.literal.is_empty();
        let words = words(schema, part).filter(|_| !is_end).unwrap_or_default();
        if let Some((word, longer)) = alike(&words, &part.literal) {
            let (shown, longer) = (quoted(word), quoted(longer));
            let literal = &part.literal;
            cx.report(
                Diagnostic::new(
                    Code::AmbiguousTemplate,
                    format!("nothing tells {shown} from {longer} in the key"),
                )
                .at(
                    name.span,
                    match literal.is_empty() {
                        true => format!("{longer} begins with {shown}"),
                        false => format!("{longer} begins with {shown} and what follows it"),
                    },
                )
                .help("put other text behind it, which none of the variants contains"),
            );
            are_sound = false;
        }
    }
    are_sound.then_some(template)
}

/// Reports other fields beside a moment that every write stamps: most writes do not know them.
fn check_stamped(
    cx: &mut TableCheck<'_, '_>,
    schema: &Schema<'_>,
    template: &Template,
    names: &[&Spanned<String>],
) -> Option<()> {
    let is_stamped = |part: &TemplatePart| {
        let field = schema.fields.get(part.field).and_then(|checked| checked.field.as_ref());
        field.is_some_and(|field| field.generated == Some(Generated::Updated))
    };
    let stamped = template.parts.iter().position(is_stamped);
    let Some(stamped) = stamped.filter(|_| template.parts.len() > 1) else { return Some(()) };
    let other = names.get(usize::from(stamped == 0))?;
    cx.report(
        Diagnostic::new(
            Code::TemplateType,
            format!("{} is the only field of a key that it is part of", quoted(&names[stamped].value)),
        )
        .at(names[stamped].span, "rewritten by every write")
        .and(other.span, "which need not know this")
        .help("leave the other fields out: several items may have one key in an index"),
    );
    None
}

/// How a moment is counted whose digits are taken from nine: as it is stored, or in microseconds where that is text.
fn descending(kind: &Kind) -> StoredInstant {
    match kind {
        Kind::Timestamp(TimestampForm { stored, .. }) => match *stored {
            StoredInstant::EpochSeconds
            | StoredInstant::EpochMilliseconds
            | StoredInstant::EpochMicroseconds => *stored,
            StoredInstant::SECONDS => StoredInstant::EpochSeconds,
            StoredInstant::MILLISECONDS => StoredInstant::EpochMilliseconds,
            StoredInstant::Text(_) => StoredInstant::EpochMicroseconds,
        },
        _ => StoredInstant::EpochMicroseconds,
    }
}

/// `prefix(3)`
pub(in crate::check) fn prefix(format: &str) -> Option<KeyForm> {
    let length = format.strip_prefix("prefix(")?.strip_suffix(')')?;
    let are_digits = length.bytes().all(|byte| byte.is_ascii_digit());
    let length: usize = length.parse().ok().filter(|_| are_digits)?;
    (1..=LONGEST_PREFIX).contains(&length).then_some(KeyForm::Prefix(length))
}

/// How many characters every value of a part has; nothing if that differs.
fn width(schema: &Schema<'_>, part: &TemplatePart) -> Option<usize> {
    if part.form != KeyForm::Stored {
        return part.form.width();
    }
    let kind = &schema.fields.get(part.field)?.field.as_ref()?.kind;
    match kind.facts(schema.names).texts {
        TextForm::Form(form) => Some(form.len()),
        TextForm::Any | TextForm::Variants | TextForm::Flags => None,
    }
}

/// The texts that a part can be, where these are a few words.
fn words(schema: &Schema<'_>, part: &TemplatePart) -> Option<Vec<String>> {
    let kind = &schema.fields.get(part.field)?.field.as_ref()?.kind;
    match kind.facts(schema.names).texts {
        TextForm::Flags => Some(FLAGS.map(str::to_owned).to_vec()),
        TextForm::Variants => schema.names.stored_variants(kind),
        TextForm::Any | TextForm::Form(_) => None,
    }
}

/// Two words of which the second begins with the first and all or a part of what follows that: a reader could take the one for
/// the other.
fn alike<'w>(words: &'w [String], literal: &str) -> Option<(&'w str, &'w str)> {
    let followed = |word: &str| format!("{word}{literal}");
    words.iter().find_map(|word| {
        let mut others = words.iter().filter(|other| *other != word);
        let longer = others.find(|other| followed(other).starts_with(&followed(word)))?;
        Some((word.as_str(), longer.as_str()))
    })
}

fn part(
    cx: &mut TableCheck<'_, '_>,
    schema: &Schema<'_>,
    name: &Spanned<String>,
    format: Option<&Spanned<String>>,
    is_last: bool,
    role: Role,
    escape: bool,
) -> Option<TemplatePart> {
    let named = |checked: &CheckedField<'_>| {
        checked.declaration.name.value == name.value
            || checked.field.as_ref().is_some_and(|field| field.name == name.value)
    };
    let Some(number) = schema.fields.iter().position(named) else {
        if schema.is_readable() {
            let names = schema.fields.iter().map(|field| field.declaration.name.value.as_str());
            let model = quoted(&schema.name().value);
            cx.report(
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
    let is_index_key = matches!(role, Role::IndexPartition | Role::IndexSort);
    let is_stamped = field.generated == Some(Generated::Updated) && is_index_key;
    if field.generated.is_some_and(Generated::is_managed) && !is_stamped {
        cx.report(
            Diagnostic::new(
                Code::TemplateType,
                format!("{} cannot be part of a composed key: every write changes it", quoted(&name.value)),
            )
            .at(name.span, "part of a key here")
            .and(checked.declaration.name.span, "written by the runtime")
            .help(match field.generated {
                Some(Generated::WriteId) => "leave it out of the template",
                Some(Generated::Updated) => "compose a key of an index of it, which every write rewrites",
                _ => "make the attribute itself a key of the index, which may have up to four",
            }),
        );
        return None;
    }
    if matches!(role, Role::TablePartition | Role::TableSort) && field.optional {
        let place = checked.declaration.kind.as_ref().map_or(checked.declaration.name.span, |kind| kind.span);
        cx.report(
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
        attributes::check_method(cx, field, checked.declaration, name.span);
    }
    if let Some(format) = format.filter(|_| is_stamped) {
        cx.report(
            Diagnostic::new(
                Code::TemplateFormat,
                format!("{} stands in a key as it is stored", quoted(&name.value)),
            )
            .at(format.span, "another form")
            .and(checked.declaration.name.span, "written by the runtime")
            .help(format!("write `{{{}}}`, and choose its precision by `stored_as`", name.value)),
        );
        return None;
    }
    let form = form(cx, schema, field, name, format, is_last, escape)?;
    Some(TemplatePart { field: number, form, literal: String::new() })
}

fn form(
    cx: &mut TableCheck<'_, '_>,
    schema: &Schema<'_>,
    field: &Field,
    name: &Spanned<String>,
    format: Option<&Spanned<String>>,
    is_last: bool,
    escape: bool,
) -> Option<KeyForm> {
    let part = field.kind.facts(schema.names).part;
    let default = match part {
        KeyPart::Always(form) | KeyPart::Instant(form) => form,
        KeyPart::Text if is_last => KeyForm::LastText,
        KeyPart::Text if escape => KeyForm::Escaped,
        KeyPart::Text => KeyForm::Stored,
        KeyPart::Digits(integer) => KeyForm::of_integer(integer, integer.facts().digits),
        KeyPart::Never(reason) => {
            cx.report(
                Diagnostic::new(
                    Code::TemplateType,
                    format!(
                        "{} cannot be part of a key: its type is {}",
                        quoted(&name.value),
                        quoted(&field.kind.describe())
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
    let found = match part {
        KeyPart::Digits(integer) => match format.value.as_str() {
            "plain" => Some(KeyForm::Plain),
            "desc" if !integer.facts().is_signed => Some(KeyForm::DescendingDigits(integer.facts().digits)),
            _ => width().map(|width| KeyForm::of_integer(integer, width)),
        },
        KeyPart::Instant(_) => match format.value.as_str() {
            "seconds" => Some(KeyForm::Instant(StoredInstant::SECONDS)),
            "milliseconds" => Some(KeyForm::Instant(StoredInstant::MILLISECONDS)),
            "microseconds" => Some(KeyForm::Instant(StoredInstant::MICROSECONDS)),
            "date" => Some(KeyForm::Day),
            "month" => Some(KeyForm::Month),
            "hour" => Some(KeyForm::Hour),
            "desc" => Some(KeyForm::DescendingInstant(descending(&field.kind))),
            "text" => None,
            declared => StoredInstant::of(declared).map(KeyForm::Instant),
        },
        KeyPart::Text => match format.value.as_str() {
            "lower" => Some(KeyForm::Lower),
            "upper" => Some(KeyForm::Upper),
            other => prefix(other),
        },
        KeyPart::Always(_) | KeyPart::Never(_) => None,
    };
    if found.is_none() {
        let (label, help) = match part {
            KeyPart::Digits(_) => (
                "not a number of digits",
                "give how many digits the key keeps, from 1 to 39: `{year:04}`; or write `plain` for digits without padding, or \
                     `desc` for the greatest unsigned number first",
            ),
            KeyPart::Instant(_) => (
                "not a form of timestamps in keys, nor what is computed of them",
                "write `seconds`, `milliseconds` or `microseconds` for text, `epoch-seconds`, `epoch-milliseconds` or \
                 `epoch-microseconds` for digits, `date`, `month` or `hour` for what it lies in, or `desc` for the latest first",
            ),
            KeyPart::Text => (
                "not computed of text",
                "write `lower`, `upper`, or how many of its first characters the key has, from 1 to 100: `{name:prefix(3)}`",
            ),
            KeyPart::Always(_) | KeyPart::Never(_) => (
                "has no formats",
                "integers have a number of digits, timestamps a precision, and text a prefix: remove this",
            ),
        };
        cx.report(
            Diagnostic::new(Code::TemplateFormat, format!("{} is no format here", quoted(&format.value)))
                .at(format.span, label)
                .help(help),
        );
    }
    found
}
