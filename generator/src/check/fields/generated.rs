//! Generated values: each fits its field, and is in a place where something generates it.

use super::{CheckedField, Owner};
use crate::catalog::{Field, Generated, Kind};
use crate::check::{FieldsCheck, TableCheck};
use crate::diagnostic::{Code, Diagnostic, Span, quoted};
use crate::manifest::{FieldDeclaration, GenerateForm, Spanned, TypeExpression};

/// What generates a field's value; `None` if that was reported as wrong.
pub(in crate::check) fn check(
    cx: &mut FieldsCheck<'_, '_>,
    declaration: &FieldDeclaration,
    expression: &TypeExpression,
    kind: &Kind,
    owner: Owner,
) -> Option<Generated> {
    let form = declaration.generate.as_ref()?;
    let generated = generated(cx, &form.value)?;
    if !fits(generated, kind) {
        cx.report(
            Diagnostic::new(
                Code::GeneratedType,
                format!(
                    "{} cannot be generated for a field of type {}",
                    word(generated),
                    quoted(&kind.describe())
                ),
            )
            .at(expression.span, "of this type")
            .and(form.span, "generated here")
            .help(format!("declare it as {}", wanted(generated))),
        );
        return None;
    }
    let may_be_optional = matches!(generated, Generated::ExpiresIn(_) | Generated::WriteId);
    if generated == Generated::WriteId && !expression.optional {
        cx.report(
            Diagnostic::new(
                Code::GeneratedType,
                format!("{} is absent from items that other programs wrote", word(generated)),
            )
            .at(expression.span, "not optional here")
            .and(form.span, "generated here")
            .help(format!("declare it as {}", wanted(generated))),
        );
    }
    if expression.optional && !may_be_optional {
        cx.report(
            Diagnostic::new(
                Code::GeneratedOptional,
                format!("{} is always generated, and never absent", word(generated)),
            )
            .at(expression.span, "optional here")
            .and(form.span, "generated here")
            .help("remove the `?`"),
        );
    }
    check_default(cx, declaration, form);
    check_place(cx, declaration, form, generated, owner);
    if let (true, Some(rule)) = (generated.is_managed(), declaration.rules.first()) {
        cx.report(
            Diagnostic::new(
                Code::ManagedRule,
                format!("{} is written by the runtime, and no rule can refuse it", word(generated)),
            )
            .at(rule.span, "a rule here")
            .and(form.span, "generated here")
            .help("remove `validate`"),
        );
    }
    Some(generated)
}

/// Checks the fields of a model together.
pub(in crate::check) fn check_model(cx: &mut FieldsCheck<'_, '_>, fields: &[CheckedField<'_>]) {
    let mut seen: Vec<(Generated, Span)> = Vec::new();
    for checked in fields {
        let generated = checked.field.as_ref().and_then(|field| field.generated);
        let (Some(generated), Some(form)) = (generated, &checked.declaration.generate) else { continue };
        let is_once = generated == Generated::Created || generated.is_managed();
        if !is_once || generated == Generated::Counter {
            continue;
        }
        match seen.iter().find(|(other, _)| *other == generated) {
            Some((_, first)) => cx.report(
                Diagnostic::new(Code::GeneratedTwice, format!("a model has {} once", word(generated)))
                    .at(form.span, "again here")
                    .and(*first, "here first")
                    .help("remove one of them"),
            ),
            None => seen.push((generated, form.span)),
        }
    }
}

/// Reports a value that every write changes in the key of its table.
pub(in crate::check) fn check_key(
    cx: &mut TableCheck<'_, '_>,
    field: &Field,
    declaration: &FieldDeclaration,
    key: &Spanned<String>,
) {
    let (Some(generated), Some(form)) = (field.generated, &declaration.generate) else { return };
    if generated.is_managed() {
        cx.report(
            Diagnostic::new(
                Code::ManagedKey,
                format!("{} is a key of its table, which no write can change", quoted(&key.value)),
            )
            .at(form.span, "changed by every write")
            .and(key.span, "a key here")
            .help("take another attribute as the key; `generate = \"created\"` and generated ids are fine in keys"),
        );
    }
}

/// Reports a write id in the key of an index, which every write would move.
pub(in crate::check) fn check_index_key(
    cx: &mut TableCheck<'_, '_>,
    field: &Field,
    declaration: &FieldDeclaration,
    key: &Spanned<String>,
) {
    if let (Some(Generated::WriteId), Some(form)) = (field.generated, &declaration.generate) {
        cx.report(
            Diagnostic::new(
                Code::ManagedKey,
                format!("{} is a key of an index, and nothing is looked up by a write", quoted(&key.value)),
            )
            .at(form.span, "changed by every write")
            .and(key.span, "a key here")
            .help("take another attribute as the key"),
        );
    }
}

fn check_default(cx: &mut FieldsCheck<'_, '_>, declaration: &FieldDeclaration, form: &Spanned<GenerateForm>) {
    let default = declaration.default.as_ref().map(|default| default.span);
    let default = default.or(declaration.default_expression.as_ref().map(|expression| expression.span));
    if let Some(default) = default {
        cx.report(
            Diagnostic::new(Code::GeneratedDefault, "a generated field needs no default")
                .at(default, "a default here")
                .and(form.span, "generated here")
                .help("keep one of them"),
        );
    }
}

fn check_place(
    cx: &mut FieldsCheck<'_, '_>,
    declaration: &FieldDeclaration,
    form: &Spanned<GenerateForm>,
    generated: Generated,
    owner: Owner,
) {
    let reason = match owner {
        Owner::Model => return,
        Owner::Type if !generated.is_managed() => return,
        Owner::Type => "only the fields of a model are written by every kind of write",
        Owner::Variant => "a variant has no builder that would generate it",
    };
    cx.report(
        Diagnostic::new(Code::GeneratedMisplaced, format!("{} cannot be generated here", word(generated)))
            .at(form.span, reason)
            .help(format!("move {} to a model, or remove `generate`", quoted(&declaration.name.value))),
    );
}

fn generated(cx: &mut FieldsCheck<'_, '_>, form: &GenerateForm) -> Option<Generated> {
    Some(match form {
        GenerateForm::UuidV4 => Generated::UuidV4,
        GenerateForm::UuidV7 => Generated::UuidV7,
        GenerateForm::Ulid => Generated::Ulid,
        GenerateForm::Created => Generated::Created,
        GenerateForm::Updated => Generated::Updated,
        GenerateForm::Version => Generated::Version,
        GenerateForm::WriteId => Generated::WriteId,
        GenerateForm::Counter => Generated::Counter,
        GenerateForm::ExpiresIn(duration) => match seconds(&duration.value) {
            Some(seconds) => Generated::ExpiresIn(seconds),
            None => {
                cx.report(
                    Diagnostic::new(Code::ExpiryDuration, format!("{} is not a duration", quoted(&duration.value)))
                        .at(duration.span, "expected whole numbers with their units, 1 second to 100 years in all")
                        .help(
                            "units are weeks, days, hours, minutes and seconds: \"30 days\", \"36h\", \"1 day 12 hours\"; \
                             months and years have no fixed length",
                        ),
                );
                return None;
            }
        },
    })
}

fn fits(generated: Generated, kind: &Kind) -> bool {
    match generated {
        Generated::UuidV4 | Generated::UuidV7 => *kind.of_values() == Kind::Uuid,
        // The runtime itself writes it.
        Generated::WriteId => *kind == Kind::Uuid,
        Generated::Ulid => *kind == Kind::Ulid,
        Generated::Created | Generated::Updated | Generated::ExpiresIn(_) => {
            matches!(kind, Kind::Timestamp(_))
        }
        Generated::Version => matches!(kind, Kind::Integer(_)),
        // Its declaration gives it its type.
        Generated::Counter => true,
    }
}

fn word(generated: Generated) -> &'static str {
    match generated {
        Generated::UuidV4 => "`uuid-v4`",
        Generated::UuidV7 => "`uuid-v7`",
        Generated::Ulid => "`ulid`",
        Generated::Created => "`created`",
        Generated::ExpiresIn(_) => "`expires_in`",
        Generated::Updated => "`updated`",
        Generated::Version => "`version`",
        Generated::WriteId => "`write-id`",
        Generated::Counter => "a counter",
    }
}

fn wanted(generated: Generated) -> &'static str {
    match generated {
        Generated::UuidV4 | Generated::UuidV7 => "`type = \"uuid\"`",
        Generated::Ulid => "`type = \"ulid\"`",
        Generated::Created | Generated::Updated => "`type = \"timestamp\"`",
        Generated::ExpiresIn(_) => "`type = \"timestamp?\"` with `stored_as = \"epoch-seconds\"`",
        Generated::Version => "an integer, such as `type = \"u64\"`",
        Generated::WriteId => "`type = \"uuid?\"`",
        Generated::Counter => "a number",
    }
}

const UNITS: [(&[&str], u64); 5] = [
    (&["s", "sec", "second", "seconds"], 1),
    (&["m", "min", "minute", "minutes"], 60),
    (&["h", "hour", "hours"], 3_600),
    (&["d", "day", "days"], 86_400),
    (&["w", "week", "weeks"], 604_800),
];

/// A hundred years.
const LONGEST: u64 = 36_525 * 86_400;

/// The length of a duration such as `1 day 12 hours`.
fn seconds(text: &str) -> Option<u64> {
    let mut total: u64 = 0;
    let mut rest = text.trim();
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (number, after) = rest.split_at(digits);
        let after = after.trim_start();
        let letters = after.bytes().take_while(u8::is_ascii_alphabetic).count();
        let (unit, after) = after.split_at(letters);
        let (_, length) = UNITS.iter().find(|(names, _)| names.contains(&unit))?;
        total = total.checked_add(number.parse::<u64>().ok()?.checked_mul(*length)?)?;
        rest = after.trim_start();
    }
    (1..=LONGEST).contains(&total).then_some(total)
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn durations_are_numbers_with_units() {
        assert_eq!(seconds("30 days"), Some(30 * 86_400));
        assert_eq!(seconds("36h"), Some(36 * 3_600));
        assert_eq!(seconds(" 1 day 12 hours "), Some(36 * 3_600));
        assert_eq!(seconds("1d12h30m5s"), Some(36 * 3_600 + 1_805));
        assert_eq!(seconds("2 weeks"), Some(14 * 86_400));
    }

    #[test]
    fn what_is_no_duration_is_refused() {
        for text in [
            "",
            "30",
            "days",
            "0 days",
            "1 month",
            "1.5 days",
            "-1 day",
            "1 day ago",
            "99999999999999999999s",
            "1 é",
            "40000 days",
        ] {
            assert_eq!(seconds(text), None, "{text}");
        }
    }
}
