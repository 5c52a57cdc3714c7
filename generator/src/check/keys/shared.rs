//! Models that have the same keys on purpose: one name space for all of them.

use crate::catalog::{KeySource, Template};
use crate::check::TableCheck;
use crate::check::resolved::Schema;
use crate::check::tables::Members;
use crate::diagnostic::{Code, Diagnostic, Span, did_you_mean, quoted};
use crate::manifest::Spanned;

/// The sets of models that share their keys, by their places in the table. Wrong ones are reported.
pub(super) fn check(cx: &mut TableCheck<'_, '_>, keys: &[Vec<KeySource>]) -> Vec<Vec<usize>> {
    let Members { table, schemas } = cx.known;
    let mut sets: Vec<Vec<usize>> = Vec::new();
    for declared in &table.shared_keys {
        let mut set: Vec<usize> = Vec::new();
        for name in &declared.value {
            let Some(place) = place(cx, schemas, name) else { continue };
            if set.contains(&place) || sets.iter().any(|set| set.contains(&place)) {
                cx.report(finding(
                    name.span,
                    format!("{} shares its key twice", quoted(&name.value)),
                    "named again",
                    "name each model in one set",
                ));
                continue;
            }
            if let Some(first) = set.first()
                && !have_same_key((schemas[*first], &keys[*first]), (schemas[place], &keys[place]))
            {
                let other = quoted(&schemas[*first].name().value);
                cx.report(
                    finding(
                        name.span,
                        format!("the keys of {} are not those of {other}", quoted(&name.value)),
                        "shares its key",
                        "compose both alike, of fields of the same types, or leave one out",
                    )
                    .and(schemas[place].name().span, "composed otherwise"),
                );
                continue;
            }
            set.push(place);
        }
        if declared.value.len() < 2 {
            cx.report(finding(
                declared.span,
                "a key is shared by two models at least".to_owned(),
                "names fewer",
                "name them: `shared_key = [\"Person\", \"Company\"]`",
            ));
        }
        if table.type_attribute.is_none() {
            cx.report(finding(
                declared.span,
                "nothing tells apart the items of models that share their keys".to_owned(),
                "have the same keys",
                "let an attribute name the model of each item: `type_attribute = \"_type\"` on the table",
            ));
        }
        sets.push(set);
    }
    sets
}

fn place(cx: &mut TableCheck<'_, '_>, schemas: &[&Schema<'_>], name: &Spanned<String>) -> Option<usize> {
    let found = schemas.iter().position(|schema| schema.name().value == name.value);
    if found.is_none() {
        let known = schemas.iter().map(|schema| schema.name().value.as_str());
        let help = did_you_mean(&name.value, known).unwrap_or_else(|| "name models of this table".to_owned());
        cx.report(finding(
            name.span,
            format!("{} is not a model of the table", quoted(&name.value)),
            "not in this table",
            &help,
        ));
    }
    found
}

fn finding(span: Span, message: String, label: &str, help: &str) -> Diagnostic {
    Diagnostic::new(Code::SharedKey, message).at(span, label).help(help)
}

/// Whether two models compose their keys alike, from fields of the same types.
fn have_same_key(one: (&Schema<'_>, &[KeySource]), other: (&Schema<'_>, &[KeySource])) -> bool {
    let kind = |schema: &Schema<'_>, field: usize| {
        schema.fields.get(field).and_then(|checked| checked.field.as_ref()).map(|field| field.kind.clone())
    };
    let alike =
        |own: usize, theirs: usize| kind(one.0, own).is_some_and(|own| kind(other.0, theirs) == Some(own));
    let shape = |template: &Template| {
        let parts = template.parts.iter().map(|part| (part.form, part.literal.clone()));
        (template.begin.clone(), parts.collect::<Vec<_>>())
    };
    one.1.len() == other.1.len()
        && one.1.iter().zip(other.1).all(|sources| match sources {
            (KeySource::Field(own), KeySource::Field(theirs)) => alike(*own, *theirs),
            (KeySource::Template(own), KeySource::Template(theirs)) => {
                shape(own) == shape(theirs)
                    && own.parts.iter().zip(&theirs.parts).all(|(own, theirs)| alike(own.field, theirs.field))
            }
            _ => false,
        })
}
