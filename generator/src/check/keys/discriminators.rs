//! Models that share a table: no two of them have one key, and each is told apart from the others.

use super::automaton::{Class, Language};
use crate::catalog::{
    self, DECIMAL_DIGITS, Discriminator, Field, KeyForm, KeySource, ModelIndex, Scalar, TemplatePart,
    TextForm,
};
use crate::check::TableCheck;
use crate::check::resolved::Schema;
use crate::check::tables::Members;
use crate::diagnostic::{Code, Diagnostic, Span, quoted};
use crate::manifest::TableDeclaration;

/// What is known of a model among those of its table.
pub(in crate::check) struct Neighbourhood {
    pub discriminator: Discriminator,
    /// Whether a query of it can read items of others.
    pub is_captured: bool,
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
    if schemas.len() < 2 || keys.iter().any(|key| key.len() != attributes) {
        let alone = |indexes: &Vec<ModelIndex>| Neighbourhood {
            discriminator: Discriminator::Alone,
            is_captured: false,
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
            if let Some(key) = common.filter(|_| !is_plain) {
                if number < other_number {
                    cx.report(same_key(table, schemas[number], schemas[other_number], &key));
                }
                continue;
            }
            let captured = model.captures(other);
            found[number].is_captured |= captured.is_some();
            let mistaken = captured.or_else(|| model.is_mistaken_for(other));
            // One finding for each pair is enough.
            let is_first = number < other_number
                || other.captures(model).or_else(|| other.is_mistaken_for(model)).is_none();
            if let Some(key) = mistaken.filter(|_| !typed && is_first) {
                cx.report(captures(table, schemas[number], schemas[other_number], &key));
            }
        }
    }
    for number in 0..schemas.len() {
        for at in 0..indexes[number].len() {
            let is_captured =
                indexes.iter().enumerate().filter(|(other, _)| *other != number).any(|(other, all)| {
                    let own = &indexes[number][at];
                    let theirs = all.iter().find(|theirs| theirs.index == own.index);
                    theirs.is_some_and(|theirs| {
                        captures_in_index((schemas[number], own), (schemas[other], theirs))
                    })
                });
            indexes[number][at].stored.is_captured = is_captured;
        }
    }
    found
}

/// The models whose items can stand in the same partition of an index, and that no filter tells apart. A filter compares how the
/// attributes of the table's key begin, except for those that the index is read by: DynamoDB refuses a filter on these.
fn neighbours_in(
    number: usize,
    index: &ModelIndex,
    (schemas, keys, indexes): (&[&Schema<'_>], &[Vec<KeySource>], &[Vec<ModelIndex>]),
    models: &[ModelKeys],
) -> Vec<usize> {
    let is_read_by =
        |source: &KeySource| index.partition_key.contains(source) || index.sort_key.contains(source);
    let is_neighbour = |other: &usize| {
        let theirs = indexes[*other].iter().find(|theirs| theirs.index == index.index);
        let shares = theirs.is_some_and(|theirs| {
            index.partition_key.iter().zip(&theirs.partition_key).all(|(own, theirs)| {
                language(schemas[number], own).shared(&language(schemas[*other], theirs)).is_some()
            })
        });
        let mut told = keys[number].iter().zip(&models[number].begin).zip(&models[*other].whole);
        shares && told.all(|((source, own), theirs)| is_read_by(source) || own.shared(theirs).is_some())
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
struct ModelKeys {
    whole: Vec<Language>,
    /// What the attributes begin with.
    begin: Vec<Language>,
    /// Whether no attribute is composed.
    is_plain: bool,
}

impl ModelKeys {
    fn new(schema: &Schema<'_>, key: &[KeySource], context: Option<usize>) -> Self {
        ModelKeys {
            whole: key.iter().map(|source| language(schema, source)).collect(),
            begin: key.iter().map(|source| beginning(schema, source, context)).collect(),
            is_plain: key.iter().all(|source| matches!(source, KeySource::Field(_))),
        }
    }

    fn shares_partition(&self, other: &ModelKeys) -> bool {
        self.whole.iter().zip(&other.whole).take(1).all(|(own, theirs)| own.shared(theirs).is_some())
    }

    /// A key that both can have.
    fn common_key(&self, other: &ModelKeys) -> Option<Vec<String>> {
        self.whole.iter().zip(&other.whole).map(|(own, theirs)| own.shared(theirs)).collect()
    }

    /// A key of the other model that a query of this one reads: it is in the same partition, and begins with the same sort key.
    fn captures(&self, other: &ModelKeys) -> Option<Vec<String>> {
        let partition = self.whole.iter().take(1);
        let own = partition.chain(self.begin.iter().skip(1));
        own.zip(&other.whole).map(|(own, theirs)| own.shared(theirs)).collect()
    }

    /// A key of the other that begins as those of this one do.
    fn is_mistaken_for(&self, other: &ModelKeys) -> Option<Vec<String>> {
        self.begin.iter().zip(&other.whole).map(|(own, theirs)| own.shared(theirs)).collect()
    }
}

fn captures_in_index(own: (&Schema<'_>, &ModelIndex), other: (&Schema<'_>, &ModelIndex)) -> bool {
    let partition = own.1.partition_key.iter().zip(&other.1.partition_key);
    let mut partition =
        partition.map(|(mine, theirs)| language(own.0, mine).shared(&language(other.0, theirs)));
    let sort = own.1.sort_key.iter().zip(&other.1.sort_key);
    let mut sort = sort.map(|(mine, theirs)| beginning(own.0, mine, None).shared(&language(other.0, theirs)));
    partition.all(|shared| shared.is_some()) && sort.all(|shared| shared.is_some())
}

/// Every text that a key attribute can be.
fn language(schema: &Schema<'_>, source: &KeySource) -> Language {
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
        _ if facts.key == Ok(Scalar::Number) => start.one(Class::Digit).many(Class::Digit),
        TextForm::Form(form) => start.form(form),
        TextForm::Variants => match schema.names.stored_variants(&field.kind) {
            Some(variants) => start.one_of(&variants),
            None => start.many(Class::Any),
        },
        TextForm::Any => start.one(Class::Any).many(Class::Any),
    }
}

fn composed(schema: &Schema<'_>, language: Language, part: &TemplatePart) -> Language {
    let delimiter = part.literal.chars().next();
    match part.form {
        KeyForm::Digits(width) => language.times(Class::Digit, width),
        KeyForm::Signed(width) => language.one(Class::Sign).times(Class::Digit, width),
        KeyForm::Decimal => language.one(Class::DecimalSign).times(Class::Digit, DECIMAL_DIGITS),
        KeyForm::Instant(stored) => language.form(stored.form()),
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
                (TextForm::Any | TextForm::Variants, _) => language.many(any),
            }
        }
    }
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
        format!("{own} and {theirs} can have the same key: {}", witness(table, key)),
    )
    .at(key_place(second), format!("of {theirs}"))
    .and(key_place(first), format!("of {own}"))
    .help("begin each model's key with text of its own: `CUSTOMER#{customer_id}`")
}

fn captures(table: &TableDeclaration, first: &Schema<'_>, second: &Schema<'_>, key: &[String]) -> Diagnostic {
    let (own, theirs) = (quoted(&first.name().value), quoted(&second.name().value));
    Diagnostic::new(
        Code::PrefixCaptures,
        format!("a read of {own} can return items of {theirs}: {}", witness(table, key)),
    )
    .at(key_place(first), format!("keys of {own} begin like this"))
    .and(key_place(second), format!("and so can those of {theirs}"))
    .help("begin the keys with different text, or let an attribute name the model: `type_attribute = \"_type\"` on the table")
}

fn key_place(schema: &Schema<'_>) -> Span {
    schema.declaration.key.as_ref().map_or(schema.name().span, |key| key.span)
}

/// A key, as people write it.
fn witness(table: &TableDeclaration, key: &[String]) -> String {
    let attributes = table.partition_key.iter().chain(&table.sort_key).flat_map(|key| &key.attributes);
    let parts: Vec<_> =
        attributes.zip(key).map(|(attribute, text)| format!("{} = {text:?}", attribute.value)).collect();
    parts.join(", ")
}
