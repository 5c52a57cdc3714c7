//! Models that share a table: no two of them have one key, and each is told apart from the others.

use super::automaton::{Class, DIGIT, Language};
use crate::catalog::{
    self, DAY, DECIMAL_DIGITS, Discriminator, Field, HOUR, IntegerFacts, KeyForm, KeySource, Kind, MONTH,
    ModelIndex, Scalar, TemplatePart, TextForm,
};
use crate::check::TableCheck;
use crate::check::resolved::Schema;
use crate::check::tables::Members;
use crate::diagnostic::{Code, Diagnostic, Span, quoted};
use crate::manifest::TableDeclaration;

/// What a `bool` is in a key.
pub(super) const FLAGS: [&str; 2] = ["false", "true"];

/// What is known of a model among those of its table.
pub(in crate::check) struct Neighbourhood {
    pub discriminator: Discriminator,
    /// Whether a query of it can read items of others.
    pub is_captured: bool,
    /// Whether other models have the same keys on purpose.
    pub shares_key: bool,
    /// The models, by their places in the table, whose items its reads can meet, and that its whole key alone tells apart.
    pub alike: Vec<usize>,
    /// Whether a query of the table is one of those reads.
    pub query_meets_alike: bool,
    /// The models, by their places in the table, whose items can stand in the same partitions.
    pub neighbours: Vec<usize>,
    /// For each index that the model is in: the models, by their places, whose items can stand in the same partitions, and that
    /// no filter tells apart.
    pub neighbours_in: Vec<Vec<usize>>,
}

/// What tells each model apart, and whether a query of it can read items of others. Notes the same of queries of indexes.
pub(in crate::check) fn check(
    cx: &mut TableCheck<'_, '_>,
    keys: &[Vec<KeySource>],
    indexes: &mut [Vec<ModelIndex>],
) -> Vec<Neighbourhood> {
    let Members { table, schemas } = cx.known;
    let attributes = 1 + usize::from(table.sort_key.is_some());
    let are_whole = keys.iter().all(|key| key.len() == attributes);
    let shared = if are_whole { super::shared::check(cx, keys) } else { Vec::new() };
    if schemas.len() < 2 || !are_whole {
        let alone = |indexes: &Vec<ModelIndex>| Neighbourhood {
            discriminator: Discriminator::Alone,
            is_captured: false,
            shares_key: false,
            alike: Vec::new(),
            query_meets_alike: false,
            neighbours: Vec::new(),
            neighbours_in: vec![Vec::new(); indexes.len()],
        };
        return indexes.iter().map(alone).collect();
    }
    let typed = table.type_attribute.is_some();
    let contexts: Vec<_> =
        schemas.iter().zip(indexes.iter()).map(|(schema, indexes)| known_context(schema, indexes)).collect();
    let models: Vec<_> = schemas
        .iter()
        .zip(keys)
        .zip(&contexts)
        .map(|((schema, key), context)| ModelKeys::new(schema, key, *context))
        .collect();
    let mut found: Vec<_> = models
        .iter()
        .enumerate()
        .map(|(number, model)| Neighbourhood {
            discriminator: match contexts[number] {
                _ if typed => Discriminator::Type,
                Some(_) => Discriminator::KeyWithContext,
                None => Discriminator::Key,
            },
            is_captured: false,
            shares_key: shared.iter().any(|set| set.contains(&number)),
            alike: Vec::new(),
            query_meets_alike: false,
            neighbours: (0..models.len())
                .filter(|other| *other != number && model.shares_partition(&models[*other]))
                .collect(),
            neighbours_in: indexes[number]
                .iter()
                .map(|index| match typed {
                    true => Vec::new(),
                    false => neighbours_in(number, index, (schemas, keys, indexes), &models),
                })
                .collect(),
        })
        .collect();
    for (number, model) in models.iter().enumerate() {
        for (other_number, other) in models.iter().enumerate().filter(|(other, _)| *other != number) {
            let common = model.common_key(other);
            let is_plain = model.is_plain && other.is_plain;
            if is_plain && !typed && common.is_some() {
                if number < other_number {
                    cx.report(indistinct(table, schemas[number], schemas[other_number]));
                }
                continue;
            }
            let is_shared = shared.iter().any(|set| set.contains(&number) && set.contains(&other_number));
            if let Some(key) = common.filter(|_| !is_plain && !is_shared) {
                if number < other_number {
                    cx.report(same_key(table, schemas[number], schemas[other_number], &key));
                }
                continue;
            }
            let is_captured = model.captures(other);
            found[number].is_captured |= is_captured && typed;
            found[number].query_meets_alike |= is_captured && !typed;
            if !typed && (is_captured || model.is_mistaken_for(other)) {
                note_alike(&mut found, number, other_number);
            }
        }
    }
    for number in 0..schemas.len() {
        for at in 0..indexes[number].len() {
            let own = &indexes[number][at];
            let others = (0..schemas.len()).filter(|other| *other != number);
            let captured = others.filter(|other| {
                let mut theirs = indexes[*other].iter().filter(|theirs| theirs.index == own.index);
                theirs.any(|theirs| captures_in_index((schemas[number], own), (schemas[*other], theirs)))
            });
            let captured: Vec<_> = captured.collect();
            let alike = captured
                .iter()
                .filter(|other| !typed && !is_told_by_filter(number, **other, own, (keys, &models)));
            let alike: Vec<usize> = alike.copied().collect();
            let own = &mut indexes[number][at];
            own.stored.is_captured = !captured.is_empty();
            own.meets_alike = !alike.is_empty();
            alike.into_iter().for_each(|other| note_alike(&mut found, number, other));
        }
    }
    found
}

/// Notes that reads of one model can meet items of another. Both are then told by their whole keys.
fn note_alike(found: &mut [Neighbourhood], one: usize, other: usize) {
    for (model, alike) in [(one, other), (other, one)] {
        if !found[model].alike.contains(&alike) {
            found[model].alike.push(alike);
            found[model].alike.sort_unstable();
        }
    }
}

/// Whether a filter leaves out the items of another model where an index is read. A filter compares how the attributes of the
/// table's key begin, except for those that the index is read by: DynamoDB refuses a filter on these.
fn is_told_by_filter(
    number: usize,
    other: usize,
    index: &ModelIndex,
    (keys, models): (&[Vec<KeySource>], &[ModelKeys<'_>]),
) -> bool {
    let is_read_by =
        |source: &KeySource| index.partition_key.contains(source) || index.sort_key.contains(source);
    let mut attributes = keys[number].iter().zip(&models[number].begin).zip(&models[other].whole);
    attributes.any(|((source, own), theirs)| !is_read_by(source) && own.shared(theirs).is_none())
}

/// The models whose items can stand in the same partition of an index, and that no filter tells apart.
fn neighbours_in(
    number: usize,
    index: &ModelIndex,
    (schemas, keys, indexes): (&[&Schema<'_>], &[Vec<KeySource>], &[Vec<ModelIndex>]),
    models: &[ModelKeys<'_>],
) -> Vec<usize> {
    let is_neighbour = |other: &usize| {
        let mut theirs = indexes[*other].iter().filter(|theirs| theirs.index == index.index);
        let shares = theirs.any(|theirs| {
            index.partition_key.iter().zip(&theirs.partition_key).all(|(own, theirs)| {
                language(schemas[number], own).shared(&language(schemas[*other], theirs)).is_some()
            })
        });
        shares && !is_told_by_filter(number, *other, index, (keys, models))
    };
    (0..models.len()).filter(|other| *other != number).filter(is_neighbour).collect()
}

/// The field that is a model's context, if every read of its items among others knows the context: by the keys of all indexes
/// that it shares.
fn known_context(schema: &Schema<'_>, indexes: &[ModelIndex]) -> Option<usize> {
    let context = schema.declaration.context_field()?;
    let is_composed = |index: &ModelIndex| {
        index.partition_key.iter().any(|source| match source {
            KeySource::Template(template) => catalog::of_context(template, Some(context)).is_some(),
            KeySource::Field(_) => false,
        })
    };
    indexes.iter().filter(|index| index.is_shared).all(is_composed).then_some(context)
}

/// The keys of a model.
struct ModelKeys<'m> {
    schema: &'m Schema<'m>,
    key: &'m [KeySource],
    whole: Vec<Language>,
    /// What the attributes begin with.
    begin: Vec<Language>,
    /// Whether no attribute is composed.
    is_plain: bool,
}

impl<'m> ModelKeys<'m> {
    fn new(schema: &'m Schema<'m>, key: &'m [KeySource], context: Option<usize>) -> Self {
        ModelKeys {
            schema,
            key,
            whole: key.iter().map(|source| language(schema, source)).collect(),
            begin: key.iter().map(|source| beginning(schema, source, context)).collect(),
            is_plain: key.iter().all(|source| matches!(source, KeySource::Field(_))),
        }
    }

    fn shares_partition(&self, other: &ModelKeys<'_>) -> bool {
        self.whole.iter().zip(&other.whole).take(1).all(|(own, theirs)| own.shared(theirs).is_some())
    }

    /// A key that both can have.
    fn common_key(&self, other: &ModelKeys<'_>) -> Option<Vec<String>> {
        let apart: Vec<String> = self
            .whole
            .iter()
            .zip(&other.whole)
            .map(|(own, theirs)| own.shared(theirs))
            .collect::<Option<_>>()?;
        let [partition, sort] = apart.as_slice() else { return Some(apart) };
        // A field that stands in both attributes has one value in them.
        let by_partition = self.beside(other, (0, partition), 1);
        let by_sort = self.beside(other, (1, sort), 0);
        match (by_partition, by_sort) {
            (Some(sort), _) => Some(vec![partition.clone(), sort]),
            (None, Some(partition)) => Some(vec![partition, sort.clone()]),
            (None, None) if self.is_constant(0) || self.is_constant(1) => None,
            (None, None) if other.is_constant(0) || other.is_constant(1) => None,
            // Whether there is such a key is not known, so it counts as one.
            (None, None) => Some(apart),
        }
    }

    /// A text of another attribute that both can have beside a text of one.
    fn beside(&self, other: &ModelKeys<'_>, text: (usize, &str), attribute: usize) -> Option<String> {
        self.known(text, attribute).shared(&other.known(text, attribute))
    }

    /// The texts of an attribute where that of another is known.
    fn known(&self, (number, text): (usize, &str), attribute: usize) -> Language {
        let known = match &self.key[number] {
            KeySource::Template(template) => {
                let rest = text.strip_prefix(&template.begin);
                rest.and_then(|rest| values(self.schema, &template.parts, rest)).unwrap_or_default()
            }
            KeySource::Field(_) => Vec::new(),
        };
        let KeySource::Template(template) = &self.key[attribute] else {
            return self.whole[attribute].clone();
        };
        template.parts.iter().fold(Language::new().then(&template.begin), |language, part| {
            let is_same =
                |(other, _): &&(&TemplatePart, &str)| other.field == part.field && other.form == part.form;
            let language = match known.iter().find(is_same) {
                Some((_, text)) => language.then(text),
                None => composed(self.schema, language, part),
            };
            language.then(&part.literal)
        })
    }

    /// Whether an attribute is always the same.
    fn is_constant(&self, attribute: usize) -> bool {
        matches!(&self.key[attribute], KeySource::Template(template) if template.parts.is_empty())
    }

    /// Whether a query reads keys of the other model: they are in the same partition, and the sort key begins alike.
    fn captures(&self, other: &ModelKeys<'_>) -> bool {
        let partition = self.whole.iter().take(1);
        let own = partition.chain(self.begin.iter().skip(1));
        own.zip(&other.whole).all(|(own, theirs)| own.shared(theirs).is_some())
    }

    /// Whether keys of the other begin as those of this one do.
    fn is_mistaken_for(&self, other: &ModelKeys<'_>) -> bool {
        self.begin.iter().zip(&other.whole).all(|(own, theirs)| own.shared(theirs).is_some())
    }
}

/// The text of each part of a key, in one way in which `text` can be composed of them.
fn values<'p, 't>(
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

fn captures_in_index(own: (&Schema<'_>, &ModelIndex), other: (&Schema<'_>, &ModelIndex)) -> bool {
    let ((own, mine), (other, theirs)) = (own, other);
    let theirs = (other, theirs.partition_key.as_slice(), theirs.sort_key.as_slice());
    overlap((own, &mine.partition_key, &mine.sort_key), theirs).is_some()
}

/// A key that a query of one model's part of an index reads of another's: its attributes.
pub(in crate::check) fn overlap(
    own: (&Schema<'_>, &[KeySource], &[KeySource]),
    other: (&Schema<'_>, &[KeySource], &[KeySource]),
) -> Option<Vec<String>> {
    let partition = own.1.iter().zip(other.1);
    let partition = partition.map(|(mine, theirs)| language(own.0, mine).shared(&language(other.0, theirs)));
    let sort = own.2.iter().zip(other.2);
    let sort = sort.map(|(mine, theirs)| beginning(own.0, mine, None).shared(&language(other.0, theirs)));
    partition.chain(sort).collect()
}

/// Every text that a key attribute can be.
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

/// Every text that begins as a key attribute does, or the attribute itself where it is always the same. A `context` that is
/// known is part of the beginning.
fn beginning(schema: &Schema<'_>, source: &KeySource, context: Option<usize>) -> Language {
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

fn integer(schema: &Schema<'_>, part: &TemplatePart) -> Option<IntegerFacts> {
    let field = schema.fields.get(part.field).and_then(|checked| checked.field.as_ref());
    match field?.kind {
        Kind::Integer(integer) => Some(integer.facts()),
        _ => None,
    }
}

/// The digits of an integer in a key, those of a negative one each taken from nine.
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

/// The sign of a decimal number, its exponent and its digits, of which the first is not zero.
fn decimal(language: Language) -> Language {
    let others = DECIMAL_DIGITS - "255".len() - 1;
    language.any_of([
        Language::new().then(&"0".repeat(1 + DECIMAL_DIGITS)),
        Language::new().then("1").number("000", "255").one(Class::Within('1', '9')).digits(others),
        Language::new().then("-").number("744", "999").one(Class::Within('0', '8')).digits(others),
    ])
}

fn indistinct(table: &TableDeclaration, first: &Schema<'_>, second: &Schema<'_>) -> Diagnostic {
    Diagnostic::new(
        Code::SeveralModels,
        format!(
            "nothing tells the models {} and {} of table {} apart",
            quoted(&first.name().value),
            quoted(&second.name().value),
            quoted(&table.declared.value)
        ),
    )
    .at(second.name().span, "shares the table")
    .and(first.name().span, "with this model")
    .help("compose their keys, `key = { partition_key = \"CUSTOMER#{id}\" }`, or declare `type_attribute = \"_type\"` on the table")
}

fn same_key(table: &TableDeclaration, first: &Schema<'_>, second: &Schema<'_>, key: &[String]) -> Diagnostic {
    let (own, theirs) = (quoted(&first.name().value), quoted(&second.name().value));
    Diagnostic::new(
        Code::KeysConflict,
        format!("{own} and {theirs} can have the same key: {}", table_witness(table, key)),
    )
    .at(key_place(second), format!("of {theirs}"))
    .and(key_place(first), format!("of {own}"))
    .help("begin each model's key with text of its own: `CUSTOMER#{customer_id}`")
}

fn key_place(schema: &Schema<'_>) -> Span {
    schema.declaration.key.as_ref().map_or(schema.name().span, |key| key.span)
}

/// A key of a table, as people write it.
fn table_witness(table: &TableDeclaration, key: &[String]) -> String {
    let attributes = table.partition_key.iter().chain(&table.sort_key).flat_map(|key| &key.attributes);
    witness(attributes.map(|attribute| attribute.value.as_str()).zip(key.iter().map(String::as_str)))
}

/// Attributes of a key and their texts, as people write them.
pub(in crate::check) fn witness<'w>(key: impl Iterator<Item = (&'w str, &'w str)>) -> String {
    let parts: Vec<_> = key.map(|(attribute, text)| format!("{attribute} = {text:?}")).collect();
    parts.join(", ")
}
