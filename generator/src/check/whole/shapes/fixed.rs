//! What is the same in every shape of a model, since no upgrade can change it.

use super::{Difference, OTHER_KEY};
use crate::catalog::{Field, Generated, KeySource};
use crate::check::resolved::ResolvedModel;
use crate::lock::{OlderFields, Shape, kind};
use std::collections::BTreeSet;

/// In what an older shape differs from today's that no upgrade can change, and what to do about it.
pub(super) fn difference(
    (model, called): (&ResolvedModel<'_>, &str),
    known: &Shape,
    older: &OlderFields,
) -> Option<Difference> {
    let used = model.used.as_ref()?;
    let today: Vec<Option<&Field>> = model.schema.fields.iter().map(|one| one.field.as_ref()).collect();
    let then: Vec<Option<&Field>> = older.fields.iter().map(Some).collect();
    let is_same_field = |attribute: &str, other: &str| {
        let now = today.iter().flatten().find(|field| field.attribute == attribute);
        let then = known.attributes.get(other);
        // What is wrong with a field is reported with it.
        attribute == other && now.zip(then).is_none_or(|(now, then)| kind::placeless(&now.kind) == then.kind)
    };
    let is_same = |one: &KeySource, other: &KeySource| match (one, other) {
        (KeySource::Field(one), KeySource::Field(other)) => {
            names(*one, &today).zip(names(*other, &then)).is_none_or(|(one, other)| is_same_field(one, other))
        }
        (KeySource::Template(one), KeySource::Template(other)) => {
            one.begin == other.begin
                && one.parts.len() == other.parts.len()
                && one.parts.iter().zip(&other.parts).all(|(one, other)| {
                    (&one.literal, one.form) == (&other.literal, other.form)
                        && names(one.field, &today)
                            .zip(names(other.field, &then))
                            .is_none_or(|(one, other)| is_same_field(one, other))
                })
        }
        _ => false,
    };
    let is_same_key = used.key.len() == older.key.len()
        && used.key.iter().zip(&older.key).all(|(one, other)| is_same(one, other));
    if !is_same_key {
        return Some(OTHER_KEY);
    }
    let unique: BTreeSet<_> = model.schema.unique.iter().map(|unique| unique.attributes.clone()).collect();
    let are_alike = || unique.iter().flatten().all(|name| is_same_field(name, name));
    if unique != known.unique || !are_alike() {
        let help = "make fields unique, or no longer unique, in a release that leaves the shape as it is";
        return Some(("has other unique fields", help));
    }
    let read = type_values(model, called);
    if known.type_name.iter().chain(&known.also_types).any(|name| !read.contains(name)) {
        let help = "name it among those that are read, behind the one that is written: `type_value = [\"new\", \"old\"]`";
        return Some(("has another type", help));
    }
    if managed(&today) != managed(&then) {
        let help = "declare or remove `version`, `updated` and `write-id` in a release that leaves the shape as it is";
        return Some(("has other values that the runtime writes", help));
    }
    None
}

/// What the type attribute may hold in the model's items.
fn type_values(model: &ResolvedModel<'_>, called: &str) -> Vec<String> {
    match model.schema.declaration.type_values {
        [] => vec![called.to_owned()],
        values => values.iter().map(|value| value.value.clone()).collect(),
    }
}

type Fields<'a> = [Option<&'a Field>];

fn names<'a>(number: usize, fields: &'a Fields<'_>) -> Option<&'a str> {
    Some(&(*fields.get(number)?)?.attribute)
}

/// What the runtime writes, by the attributes that it writes.
fn managed<'a>(fields: &'a Fields<'_>) -> Vec<(&'a str, Generated)> {
    let managed = fields.iter().flatten().filter_map(|field| {
        let generated = field.generated.filter(|generated| generated.is_managed())?;
        Some((field.attribute.as_str(), generated))
    });
    let mut managed: Vec<_> = managed.collect();
    managed.sort_by_key(|(attribute, _)| *attribute);
    managed
}
