//! How the models of a table make their keys, with an example of each.

use crate::catalog::{Catalog, Field, Form, KeyForm, KeySource, Kind, Model, ModelIndex, Template};

/// The key of one model.
pub(super) struct KeyRow {
    pub model: String,
    /// Which items have it: `where status = 'open'`.
    pub when: Option<String>,
    /// What it is made of: `ORDER#{placed_at}`.
    pub partition: String,
    pub sort: String,
    /// The same with values.
    pub example_partition: String,
    pub example_sort: String,
}

impl KeyRow {
    /// The key by which a model is in an index.
    pub fn of_entry(catalog: &Catalog, model: &Model, used: &ModelIndex) -> Self {
        let name = |number: usize| model.fields.get(number).map_or("", |field| &field.name);
        let when = used.when.as_ref().map(|when| format!("where {}", when.shown(&name)));
        let otherwise = used.is_by_condition().then(|| "otherwise".to_owned());
        KeyRow {
            when: when.or(otherwise),
            ..KeyRow::new(catalog, model, &used.partition_key, &used.sort_key)
        }
    }

    pub fn new(catalog: &Catalog, model: &Model, partition: &[KeySource], sort: &[KeySource]) -> Self {
        let shown = |sources: &[KeySource]| {
            let sources = sources.iter().map(|source| pattern(model, source));
            sources.collect::<Vec<_>>().join(", ")
        };
        let examples = |sources: &[KeySource]| {
            let sources = sources.iter().map(|source| example(catalog, model, source));
            sources.collect::<Vec<_>>().join(", ")
        };
        KeyRow {
            model: model.name.clone(),
            when: None,
            partition: shown(partition),
            sort: shown(sort),
            example_partition: examples(partition),
            example_sort: examples(sort),
        }
    }
}

/// The fields that key attributes are made of, each once, in their order.
pub(super) fn fields<'m>(model: &'m Model, sources: &[KeySource]) -> Vec<&'m Field> {
    let mut numbers: Vec<usize> = Vec::new();
    for source in sources {
        let of_source = match source {
            KeySource::Field(number) => vec![*number],
            KeySource::Template(template) => template.parts.iter().map(|part| part.field).collect(),
        };
        for number in of_source {
            if !numbers.contains(&number) {
                numbers.push(number);
            }
        }
    }
    numbers.into_iter().filter_map(|number| model.fields.get(number)).collect()
}

fn pattern(model: &Model, source: &KeySource) -> String {
    match source {
        KeySource::Field(number) => {
            model.fields.get(*number).map(|field| format!("{{{}}}", field.name)).unwrap_or_default()
        }
        KeySource::Template(template) => {
            written(template, |part| Some(format!("{{{}}}", model.fields.get(part)?.name)))
        }
    }
}

fn example(catalog: &Catalog, model: &Model, source: &KeySource) -> String {
    match source {
        KeySource::Field(number) => {
            model.fields.get(*number).map(|field| stored(catalog, field)).unwrap_or_default()
        }
        KeySource::Template(template) => {
            let mut parts = template.parts.iter();
            written(template, |number| {
                let form = parts.next()?.form;
                Some(sample(catalog, model.fields.get(number)?, form))
            })
        }
    }
}

fn written(template: &Template, mut part: impl FnMut(usize) -> Option<String>) -> String {
    let parts = template.parts.iter();
    let parts = parts.map(|one| part(one.field).unwrap_or_default() + &one.literal);
    template.begin.clone() + &parts.collect::<String>()
}

/// A value of the field in a key of this form.
fn sample(catalog: &Catalog, field: &Field, form: KeyForm) -> String {
    match form {
        KeyForm::Stored | KeyForm::LastText | KeyForm::Escaped => stored(catalog, field),
        KeyForm::Digits(width) => format!("{:0width$}", 7),
        KeyForm::Signed(width) => format!("0{:0width$}", 7),
        KeyForm::Decimal => format!("⟨{}⟩", field.name),
        KeyForm::Instant(stored) => stored.example(),
        KeyForm::Day => "2024-07-01".to_owned(),
        KeyForm::Month => "2024-07".to_owned(),
        KeyForm::Hour => "2024-07-01T12".to_owned(),
        KeyForm::Lower => stored(catalog, field).to_lowercase(),
        KeyForm::Upper => stored(catalog, field).to_uppercase(),
        KeyForm::Plain => "7".to_owned(),
        KeyForm::DescendingDigits(width) => from_nine(&format!("{:0width$}", 7)),
        KeyForm::DescendingInstant(stored) => from_nine(&stored.example()),
        KeyForm::Prefix(length) => stored(catalog, field).chars().take(length).collect(),
    }
}

fn from_nine(digits: &str) -> String {
    let from_nine = |digit: char| char::from_digit(9 - digit.to_digit(10)?, 10);
    digits.chars().map(|digit| from_nine(digit).unwrap_or(digit)).collect()
}

/// A value of the field as its attribute has it.
fn stored(catalog: &Catalog, field: &Field) -> String {
    match field.kind.of_values() {
        Kind::Text => field.name.replace('_', "-"),
        Kind::Integer(_) | Kind::Decimal => "7".to_owned(),
        Kind::Timestamp(form) => form.stored.example(),
        Kind::Date => "2024-07-01".to_owned(),
        Kind::Uuid => {
            let uuid = "01906e5c-5d40-7000-8000-000000000001";
            match field.kind {
                Kind::Formed(_, Form::UpperCase) => uuid.to_uppercase(),
                _ => uuid.to_owned(),
            }
        }
        Kind::Ulid => "01J1QJRQA00000000000000001".to_owned(),
        Kind::Enumeration(name) => {
            let declared = catalog.enumerations.iter().find(|declared| declared.name == *name);
            declared
                .and_then(|declared| declared.variants.first())
                .map(|one| one.stored.clone())
                .unwrap_or_default()
        }
        Kind::Bool
        | Kind::Float(_)
        | Kind::Bytes
        | Kind::Json
        | Kind::List(_)
        | Kind::Map(_)
        | Kind::Set(_)
        | Kind::Structure(_)
        | Kind::Foreign(_)
        | Kind::Coded(..)
        | Kind::Formed(..) => format!("⟨{}⟩", field.name),
    }
}
