//! Counters: whether the items of a model lead to the item that counts them, and back.

use super::side::Side;
use crate::catalog::{Counter, CounterReach, Field, Generated, Given, GivenValue, Kind, Projection};
use crate::check::WholeCheck;
use crate::check::names::counter_function;
use crate::diagnostic::{Code, Diagnostic, Span, did_you_mean, listed, quoted};
use crate::manifest::{CounterDeclaration, Spanned};

/// Resolves all counters: those of each model, by its number.
pub(super) fn resolve(cx: &mut WholeCheck<'_, '_>) -> Vec<Vec<Counter>> {
    let resolved = cx.known;
    let mut counters = Vec::new();
    for model in &resolved.models {
        let declared = model.schema.declaration.counters.iter();
        counters
            .push(declared.filter_map(|counter| self::counter(cx, model.schema.number, counter)).collect());
    }
    counters
}

fn counter(cx: &mut WholeCheck<'_, '_>, number: usize, declaration: &CounterDeclaration) -> Option<Counter> {
    let resolved = cx.known;
    let name = declaration.owner.as_ref()?;
    let Some(owner) = resolved.model(&name.value) else {
        let known = resolved.models.iter().map(|model| model.schema.name().value.as_str());
        cx.report(
            Diagnostic::new(Code::CounterOwner, format!("unknown model {}", quoted(&name.value)))
                .at(name.span, "no model is declared under this name")
                .help(
                    did_you_mean(&name.value, known)
                        .unwrap_or_else(|| "name the model whose items count: `of = \"Project\"`".to_owned()),
                ),
        );
        return None;
    };
    let function = counter_function(cx, owner, &declaration.name);
    let counted = Side::new(resolved, number)?;
    let owner = Side::new(resolved, owner)?;
    let key = given_key(cx, declaration, name, &counted, &owner)?;
    let sum = match &declaration.sum {
        None => None,
        Some(sum) => Some(summed(cx, sum, &counted)?),
    };
    if let Some(max) = declaration.max.as_ref().filter(|max| max.value == 0) {
        cx.report(
            Diagnostic::new(Code::CounterMaximum, "nothing could ever be counted")
                .at(max.span, "expected a whole number from 1")
                .help("raise it, or leave `max` out"),
        );
        return None;
    }
    let reach = reach(cx, declaration, &counted, &key)?;
    // What the item's own key tells cannot change.
    let primary = counted.primary_key();
    let changes = |field: &&Field| primary.iter().all(|known| known.name != field.name);
    let depends_on = key.iter().map(|(_, given)| *given).chain(sum).filter(changes);
    let mut depends_on: Vec<_> = depends_on.map(|field| field.attribute.clone()).collect();
    depends_on.sort();
    depends_on.dedup();
    Some(Counter {
        field: function?,
        attribute: declaration.attribute.as_ref().unwrap_or(&declaration.name).value.clone(),
        owner: owner.rust_name(),
        key: key.iter().map(|(wanted, given)| self::given(wanted, given)).collect(),
        depends_on,
        sum: sum.map(|field| field.attribute.clone()),
        is_decimal: sum.is_some_and(|field| field.kind == Kind::Decimal),
        max: declaration.max.as_ref().map(|max| max.value),
        reach,
    })
}

/// `wanted`, which has the value of `from`.
fn given(wanted: &Field, from: &Field) -> Given {
    Given { field: wanted.name.clone(), value: GivenValue::Field(from.name.clone()) }
}

/// Each field of the owner's key, and the field of the counted model that gives it.
fn given_key<'s>(
    cx: &mut WholeCheck<'_, '_>,
    declaration: &CounterDeclaration,
    of: &Spanned<String>,
    counted: &Side<'s>,
    owner: &Side<'s>,
) -> Option<Vec<(&'s Field, &'s Field)>> {
    let key = owner.primary_key();
    let mut is_sound = true;
    for (wanted, _) in declaration.key.iter().flat_map(|mapping| &mapping.entries) {
        if declared(owner, &wanted.value).is_none_or(|field| key.iter().all(|known| known.name != field.name))
        {
            let names = key.iter().map(|field| field.name.as_str());
            cx.report(
                Diagnostic::new(
                    Code::CounterKey,
                    format!("{} is not part of the key of {}", quoted(&wanted.value), owner.name()),
                )
                .at(wanted.span, "finds no item")
                .help(match names.clone().next() {
                    Some(_) => format!("the key is {}", listed(names)),
                    None => "the key has no field: leave `key` out".to_owned(),
                }),
            );
            is_sound = false;
        }
    }
    let mut found = Vec::new();
    for wanted in key {
        let mut entries = declaration.key.iter().flat_map(|mapping| &mapping.entries);
        let is_wanted = |name: &str| declared(owner, name).is_some_and(|field| field.name == wanted.name);
        let mapped = entries.find(|(name, _)| is_wanted(&name.value));
        let giver = match mapped {
            Some((_, given)) => giver_named(cx, given, counted),
            None => giver_alike(cx, wanted, of.span, counted, owner),
        };
        let span = mapped.map_or(of.span, |(_, given)| given.span);
        match giver.filter(|giver| gives(cx, giver, wanted, span, counted, owner)) {
            Some(giver) => found.push((wanted, giver)),
            None => is_sound = false,
        }
    }
    is_sound.then_some(found)
}

/// The field that is said to give a part of the owner's key.
fn giver_named<'s>(
    cx: &mut WholeCheck<'_, '_>,
    name: &Spanned<String>,
    counted: &Side<'s>,
) -> Option<&'s Field> {
    let fields = &counted.schema.fields;
    let found = fields.iter().find(|checked| checked.declaration.name.value == name.value);
    if found.is_none() {
        let names = fields.iter().map(|checked| checked.declaration.name.value.as_str());
        let message = format!("{} is not a field of {}", quoted(&name.value), counted.name());
        cx.report(
            Diagnostic::new(Code::CounterKey, message)
                .at(name.span, "no field is declared under this name")
                .help(
                    did_you_mean(&name.value, names)
                        .unwrap_or_else(|| format!("name a field of the schema of {}", counted.name())),
                ),
        );
    }
    found?.field.as_ref()
}

/// The field that has the name of a part of the owner's key.
fn giver_alike<'s>(
    cx: &mut WholeCheck<'_, '_>,
    wanted: &Field,
    of: Span,
    counted: &Side<'s>,
    owner: &Side<'_>,
) -> Option<&'s Field> {
    let mut fields = counted.schema.fields.iter().filter_map(|checked| checked.field.as_ref());
    let found = fields.find(|field| field.name == wanted.name);
    if found.is_none() {
        let (name, counted) = (quoted(&wanted.name), counted.name());
        let message = format!("no field of {counted} gives {name} of {}", owner.name());
        cx.report(
            Diagnostic::new(Code::CounterKey, message)
                .at(of, format!("{} is found by {name}", owner.name()))
                .help(format!(
                    "declare a field {name} in {counted}, or name the one that holds it: `key = {{ {} = \"…\" }}`",
                    wanted.name
                )),
        );
    }
    found
}

/// Whether a field always gives a part of the owner's key as it is stored.
fn gives(
    cx: &mut WholeCheck<'_, '_>,
    giver: &Field,
    wanted: &Field,
    span: Span,
    counted: &Side<'_>,
    owner: &Side<'_>,
) -> bool {
    let (held, name) = (quoted(&giver.name), quoted(&wanted.name));
    let (message, label, help) = if giver.kind != wanted.kind {
        let [here, there] = [giver, wanted].map(|field| quoted(&field.kind.describe()));
        (
            format!("{held} of {} and {name} of {} have different types", counted.name(), owner.name()),
            format!("{here} here, and {there} there"),
            "declare both with one type, and one `stored_as`: DynamoDB compares what is stored",
        )
    } else if !giver.also_read.is_empty() || giver.reads_default() {
        (
            format!("{held} is not always stored as it is read"),
            "it has a default on read, or further names".to_owned(),
            "name a field without `also_read`, and with a default that only new values get, or none",
        )
    } else {
        return true;
    };
    cx.report(Diagnostic::new(Code::CounterKey, message).at(span, label).help(help));
    false
}

/// The field that is added up.
fn summed<'s>(cx: &mut WholeCheck<'_, '_>, name: &Spanned<String>, counted: &Side<'s>) -> Option<&'s Field> {
    let schema = counted.schema;
    let checked = schema.fields.iter().find(|checked| checked.declaration.name.value == name.value);
    let Some(checked) = checked else {
        let names = schema.fields.iter().map(|checked| checked.declaration.name.value.as_str());
        cx.report(
            Diagnostic::new(
                Code::CounterSum,
                format!("{} is not a field of {}", quoted(&name.value), counted.name()),
            )
            .at(name.span, "no field is declared under this name")
            .help(
                did_you_mean(&name.value, names)
                    .unwrap_or_else(|| format!("name a number of the schema of {}", counted.name())),
            ),
        );
        return None;
    };
    let field = checked.field.as_ref()?;
    let reason = match &field.kind {
        _ if field.generated.is_some_and(Generated::is_managed) => "the runtime writes it",
        _ if !field.also_read.is_empty() => "it is read under further names",
        _ if field.reads_default() => "it is not stored where it is read as its default",
        _ if field.sensitive => "it is sensitive, and its sum would not be",
        _ if field.key_only => "it lives in the key alone",
        Kind::Decimal => return Some(field),
        Kind::Integer(integer) if integer.facts().digits <= 20 => return Some(field),
        _ => "its type is not an integer of at most 64 bits, and not `decimal`",
    };
    cx.report(
        Diagnostic::new(Code::CounterSum, format!("{} cannot be added up", quoted(&name.value)))
            .at(name.span, "added up here")
            .and(checked.declaration.name.span, reason)
            .help("name a field whose stored value is its number: an integer of at most 64 bits, or a `decimal`"),
    );
    None
}

/// How a recount finds the items that an owner counts: by the key of their table, or by an index that holds whole items. A table
/// that cannot be queried so is scanned.
fn reach(
    cx: &mut WholeCheck<'_, '_>,
    declaration: &CounterDeclaration,
    counted: &Side<'_>,
    key: &[(&Field, &Field)],
) -> Option<CounterReach> {
    let from = |field: &Field| {
        let entry = key.iter().find(|(_, given)| given.name == field.name);
        entry.map(|(wanted, _)| self::given(field, wanted))
    };
    let wholes = counted.table.indexes.iter().enumerate();
    let wholes =
        wholes.filter(|(_, index)| index.projection == Projection::All).map(|(number, _)| Some(number));
    let has_sort_key = counted.table.sort_key.is_some();
    let sources = has_sort_key.then_some(None).into_iter().chain(wholes);
    for index in sources {
        let (partition, sort) = counted.key(index);
        let givens: Option<Vec<_>> = partition.iter().map(|field| from(field)).collect();
        let Some(mut givens) = givens.filter(|givens| !givens.is_empty()) else { continue };
        givens.extend(sort.into_iter().map_while(&from));
        return Some(CounterReach::Query { index, key: givens });
    }
    if counted.schema.declaration.context.is_some() {
        cx.report(
            Diagnostic::new(Code::CounterReach, format!("no query finds the items of {} that are counted", counted.name()))
                .at(declaration.name.span, "a recount reads them")
                .help("declare an index of whole items whose partition key is made of the fields that give the owner's key"),
        );
        return None;
    }
    Some(CounterReach::Scan)
}

/// The field that is declared under a name.
fn declared<'s>(side: &Side<'s>, name: &str) -> Option<&'s Field> {
    let found = side.schema.fields.iter().find(|checked| checked.declaration.name.value == name);
    found?.field.as_ref()
}
