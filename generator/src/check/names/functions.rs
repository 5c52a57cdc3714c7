//! The functions that indexes, composed keys and relations bring to their models.

use super::{Scope, is_model_function};
use crate::catalog::{self, Field, IndexFunctions, RelationKind};
use crate::check::fields::CheckedField;
use crate::check::tables::{TableUse, is_resource_name};
use crate::check::{TableCheck, WholeCheck};
use crate::diagnostic::{Code, Diagnostic, Span, quoted};
use crate::manifest::{FieldDeclaration, IndexDeclaration, Spanned};
use crate::names;

/// Every function that an index brings.
fn of_index(function: &str) -> [String; 3] {
    let IndexFunctions { query, scan, key } = IndexFunctions::of(function);
    [query, scan, key]
}

/// The name of an index's function in a model, unless something was found wrong with it. `own` is what the model calls it.
pub(in crate::check) fn index_function(
    cx: &mut TableCheck<'_, '_>,
    model: usize,
    declaration: &IndexDeclaration,
    own: Option<&Spanned<String>>,
) -> Option<String> {
    let given = own.or(declaration.function.as_ref());
    let span = given.unwrap_or(&declaration.name).span;
    let function = match given {
        Some(given) if !names::is_field_name(&given.value) => {
            cx.report(
                Diagnostic::new(
                    Code::InvalidRustName,
                    format!("{} is not a function's name", quoted(&given.value)),
                )
                .at(span, "expected snake case, in ASCII letters and digits that start with a letter")
                .helps(names::field_name(&given.value).map(|name| format!("write `{name}`"))),
            );
            return None;
        }
        Some(given) => given.value.clone(),
        None => match names::field_name(&declaration.name.value) {
            Some(name) => name,
            // A name that DynamoDB refuses is reported as such.
            None if !is_resource_name(&declaration.name.value) => return None,
            None => {
                cx.report(
                    Diagnostic::new(
                        Code::InvalidName,
                        format!("{} cannot name a Rust function", quoted(&declaration.name.value)),
                    )
                    .at(span, names::why_unnameable(&declaration.name.value))
                    .help("give the function's name: `function = \"by_year\"`"),
                );
                return None;
            }
        },
    };
    if is_model_function(&function) {
        cx.report(
            Diagnostic::new(
                Code::ReservedFunction,
                format!("an index's function cannot be called `{function}`"),
            )
            .at(span, "this name is taken")
            .help(format!("give it another: `function = \"by_{function}\"`")),
        );
        return None;
    }
    for name in of_index(&function) {
        if let Some(first) = cx.claim(Scope::Function(model), &name, span) {
            cx.report(
                Diagnostic::new(Code::FunctionsConflict, format!("two functions would be called `{name}`"))
                    .at(span, format!("brings `{name}`"))
                    .and(first.place, "so does this")
                    .help("give one of them another name: `function = \"…\"`"),
            );
            // One conflict tells of the others.
            return None;
        }
    }
    Some(function)
}

/// Claims the functions that change fields of one index key together, and the methods of builders that a relation's functions stand
/// beside. The functions of indexes were claimed when their tables were resolved.
pub(in crate::check) fn claim_functions(cx: &mut WholeCheck<'_, '_>) {
    let resolved = cx.known;
    for (number, model) in resolved.models.iter().enumerate() {
        let schema = &model.schema;
        if let Some(used) = &model.used {
            for (name, place) in of_groups(schema, used) {
                if cx.claim(Scope::Function(number), &name, place).is_none() {
                    continue;
                }
                let brings = |index: &&catalog::ModelIndex| of_index(&index.function).contains(&name);
                let Some(index) = used.indexes.iter().find(brings) else { continue };
                let stored = &resolved.tables[used.table].indexes[index.index].name;
                let own = schema.declaration.index(stored);
                let span = own.map_or(schema.declaration.name.span, |own| {
                    own.function.as_ref().unwrap_or(&own.name).span
                });
                cx.report(
                    Diagnostic::new(
                        Code::FunctionsConflict,
                        format!("two functions would be called `{name}`"),
                    )
                    .at(span, format!("brings `{name}`"))
                    .and(place, "so does an index key that is composed of this field and others")
                    .help("give the index's function another name: `function = \"…\"`"),
                );
            }
        }
        for field in schema.declaration.fields.iter().flatten() {
            let name = field.rust_name.as_ref().unwrap_or(&field.name);
            // A field may have the name of a relation. Only `set_…` conflicts: it is a method of the builder, too.
            if name.value.starts_with("set_") {
                cx.claim(Scope::Function(number), &name.value, name.span);
            }
        }
    }
}

/// The functions that change fields of one index key together, each with the place of its first field.
fn of_groups<'f>(
    schema: &'f Schema<'_>,
    used: &TableUse,
) -> impl Iterator<Item = (String, Span)> + use<'f> {
    let fields = &schema.fields;
    let groups = catalog::key_groups(&used.key, &used.indexes, &schema.computed).into_iter().map(move |group| {
        let members = group.into_iter().filter_map(|number| fields.get(number));
        members.filter_map(|checked| Some((checked.field.as_ref()?, checked.declaration))).collect()
    });
    // Unique fields change by saves alone.
    let settable = groups
        .filter(|group: &Vec<(&Field, &FieldDeclaration)>| group.iter().all(|(field, _)| !field.unique));
    settable.filter_map(|group| {
        let function = catalog::group_function(group.iter().map(|(field, _)| field.name.as_str()));
        Some((function, group.first()?.1.name.span))
    })
}

/// The name of a relation's function, unless something is wrong with it.
pub(in crate::check) fn relation_function(
    cx: &mut WholeCheck<'_, '_>,
    model: usize,
    declared: &Spanned<String>,
    kind: RelationKind,
    is_back: bool,
) -> Option<String> {
    let Some(name) = names::field_name(&declared.value).filter(|name| *name == declared.value) else {
        cx.report(
            Diagnostic::new(
                Code::InvalidRustName,
                format!("{} is not a relation's name", quoted(&declared.value)),
            )
            .at(declared.span, "expected snake case, in ASCII letters and digits that start with a letter")
            .help(match names::field_name(&declared.value) {
                Some(name) => format!("write `{name}`"),
                None => "choose a name such as `replies`".to_owned(),
            }),
        );
        return None;
    };
    if is_model_function(&name) {
        cx.report(
            Diagnostic::new(Code::ReservedFunction, format!("a relation cannot be called `{name}`"))
                .at(declared.span, "this name is taken")
                .help("choose another name"),
        );
        return None;
    }
    for function in of_relation(&name, kind, is_back) {
        if let Some(first) = cx.claim(Scope::Function(model), &function, declared.span) {
            cx.report(
                Diagnostic::new(
                    Code::FunctionsConflict,
                    format!("two functions would be called `{function}`"),
                )
                .at(declared.span, format!("brings `{function}`"))
                .and(first.place, "so does this")
                .help("choose another name"),
            );
            // One conflict tells of the others.
            return None;
        }
    }
    Some(name)
}

/// Every function that a relation brings to the model at one of its ends.
fn of_relation(name: &str, kind: RelationKind, is_back: bool) -> Vec<String> {
    let with = |prefixes: &[&str]| prefixes.iter().map(|prefix| format!("{prefix}{name}")).collect();
    match (kind, is_back) {
        (RelationKind::OneToOne, false) => with(&["", "set_", "with_", "new_", "get_or_create_"]),
        (RelationKind::OneToMany, false) | (RelationKind::ManyToOne, true) => with(&[""]),
        (RelationKind::ManyToMany, _) => with(&["", "link_", "unlink_"]),
        (RelationKind::OneToOne | RelationKind::OneToMany, true) | (RelationKind::ManyToOne, false) => {
            with(&["", "set_"])
        }
    }
}
