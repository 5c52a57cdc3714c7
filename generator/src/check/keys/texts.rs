//! The texts that a key attribute can have, and a part of one.

use super::automaton::{Class, DIGIT, Language};
use crate::catalog::{
    self, DAY, DECIMAL_DIGITS, Field, HOUR, IntegerFacts, KeyForm, KeySource, Kind, MONTH, Scalar,
    TemplatePart, TextForm, shard_text,
};
use crate::check::resolved::Schema;

/// The texts of a `bool` in a key.
pub(super) const FLAGS: [&str; 2] = ["false", "true"];

/// Every text that a key attribute can have.
pub(in crate::check) fn language(schema: &Schema<'_>, source: &KeySource) -> Language {
    match source {
        KeySource::Field(number) => {
            match schema.fields.get(*number).and_then(|checked| checked.field.as_ref()) {
                Some(field) => plain(schema, field),
                None => Language::new().many(Class::Any),
            }
        }
        KeySource::Template(template) => {
            let begin = Language::new().then(&template.begin);
            template
                .parts
                .iter()
                .fold(begin, |language, part| composed(schema, language, part).then(&part.literal))
        }
    }
}

/// Every text that begins like a key attribute; for a constant attribute, only its text. A known `context` is part of the
/// beginning.
pub(super) fn beginning(schema: &Schema<'_>, source: &KeySource, context: Option<usize>) -> Language {
    match source {
        KeySource::Template(template) if template.parts.is_empty() => language(schema, source),
        KeySource::Template(template) => {
            let begin = Language::new().then(&template.begin);
            let begin = match catalog::of_context(template, context) {
                Some(part) => composed(schema, begin, part).then(&part.literal),
                None => begin,
            };
            begin.many(Class::Any)
        }
        KeySource::Field(_) => Language::new().many(Class::Any),
    }
}

/// The texts of `language`, each followed by any text that the part can have.
pub(in crate::check) fn composed(schema: &Schema<'_>, language: Language, part: &TemplatePart) -> Language {
    let delimiter = part.literal.chars().next();
    match part.form {
        KeyForm::Digits(width) => number(language, schema, part, width, false),
        KeyForm::Signed(width) => number(language, schema, part, width, true),
        KeyForm::Decimal => decimal(language),
        KeyForm::Instant(stored) => language.form(stored.form()),
        KeyForm::Day => language.form(DAY),
        KeyForm::Month => language.form(MONTH),
        KeyForm::Hour => language.form(HOUR),
        KeyForm::Prefix(length) => language.at_most(delimiter.map_or(Class::Any, Class::Except), length),
        KeyForm::Lower => language.many(Class::Lower(delimiter)),
        KeyForm::Upper => language.many(Class::Upper(delimiter)),
        KeyForm::Shard(shards) => {
            language.number(&shard_text(shards, 0), &shard_text(shards, shards.saturating_sub(1)))
        }
        KeyForm::Plain => match integer(schema, part) {
            Some(facts) => language.plain(facts.digits, facts.is_signed),
            None => language.many(Class::Any),
        },
        KeyForm::DescendingDigits(width) => language.digits(width),
        KeyForm::DescendingInstant(stored) => language.form(stored.form()),
        KeyForm::LastText => language.many(Class::Any),
        KeyForm::Escaped => match delimiter {
            Some(delimiter) => language.escaped(delimiter),
            None => language.many(Class::Any),
        },
        KeyForm::Stored => {
            let any = delimiter.map_or(Class::Any, Class::Except);
            let Some(field) = schema.fields.get(part.field).and_then(|checked| checked.field.as_ref()) else {
                return language.many(any);
            };
            match (field.kind.facts(schema.names).texts, schema.names.stored_variants(&field.kind)) {
                (TextForm::Form(form), _) => language.form(form),
                (TextForm::Variants, Some(variants)) => language.one_of(&variants),
                (TextForm::Flags, _) => language.one_of(FLAGS),
                (TextForm::Any | TextForm::Variants, _) => language.many(any),
            }
        }
    }
}

/// The text of each part of a key, for one way to compose `text` from parts.
pub(super) fn values<'p, 't>(
    schema: &Schema<'_>,
    parts: &'p [TemplatePart],
    text: &'t str,
) -> Option<Vec<(&'p TemplatePart, &'t str)>> {
    let Some((part, others)) = parts.split_first() else { return text.is_empty().then(Vec::new) };
    let part_texts = composed(schema, Language::new(), part);
    let ends = text.char_indices().map(|(at, _)| at).chain([text.len()]);
    ends.filter(|end| part_texts.holds(&text[..*end])).find_map(|end| {
        let rest = text[end..].strip_prefix(&part.literal)?;
        let mut found = values(schema, others, rest)?;
        found.insert(0, (part, &text[..end]));
        Some(found)
    })
}

fn plain(schema: &Schema<'_>, field: &Field) -> Language {
    let start = Language::new();
    let facts = field.kind.facts(schema.names);
    match facts.texts {
        _ if facts.key == Ok(Scalar::Number) => start.digits(1).many(DIGIT),
        TextForm::Form(form) => start.form(form),
        TextForm::Variants => match schema.names.stored_variants(&field.kind) {
            Some(variants) => start.one_of(&variants),
            None => start.many(Class::Any),
        },
        TextForm::Flags => start.one_of(FLAGS),
        TextForm::Any => start.one(Class::Any).many(Class::Any),
    }
}

fn integer(schema: &Schema<'_>, part: &TemplatePart) -> Option<IntegerFacts> {
    let field = schema.fields.get(part.field).and_then(|checked| checked.field.as_ref());
    match field?.kind {
        Kind::Integer(integer) => Some(integer.facts()),
        _ => None,
    }
}

/// The digits of an integer in a key. For a negative one, each digit is subtracted from nine.
fn number(
    language: Language,
    schema: &Schema<'_>,
    part: &TemplatePart,
    width: usize,
    is_signed: bool,
) -> Language {
    let field = schema.fields.get(part.field).and_then(|checked| checked.field.as_ref());
    let Some(Kind::Integer(integer)) = field.map(|field| &field.kind) else {
        return language.digits(width);
    };
    let all_of = |digit: &str| digit.repeat(width);
    let padded = |digits: &str| {
        let is_wider = digits.len() > width;
        if is_wider { all_of("9") } else { format!("{digits:0>width$}") }
    };
    let magnitudes = integer.magnitudes();
    let positive = Language::new().number(&all_of("0"), &padded(&magnitudes.greatest));
    if !is_signed {
        return language.any_of([positive]);
    }
    let from_nine = |digits: &str| -> String {
        digits.chars().filter_map(|digit| char::from_digit(9 - digit.to_digit(10)?, 10)).collect()
    };
    let least = from_nine(&padded(&magnitudes.least));
    let greatest = from_nine(&padded("1"));
    language.any_of([
        Language::new().then("0").any_of([positive]),
        Language::new().then("-").number(&least, &greatest),
    ])
}

/// The sign of a decimal number, its exponent and its digits. The first digit is not zero.
fn decimal(language: Language) -> Language {
    let others = DECIMAL_DIGITS - "255".len() - 1;
    language.any_of([
        Language::new().then(&"0".repeat(1 + DECIMAL_DIGITS)),
        Language::new().then("1").number("000", "255").one(Class::Within('1', '9')).digits(others),
        Language::new().then("-").number("744", "999").one(Class::Within('0', '8')).digits(others),
    ])
}
