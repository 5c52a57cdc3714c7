//! The functions that query and scan indexes.

use super::fields::CheckedField;
use super::tables::{Use, is_resource_name};
use crate::catalog::{self, Field, Table};
use crate::diagnostic::{Code, Diagnostic, Findings, Span, quoted};
use crate::manifest::{FieldDeclaration, IndexDeclaration, Manifest, Spanned};
use crate::names;
use std::collections::BTreeMap;

/// The functions that every model has or may come to have, and what its module calls its own types after.
const MODEL_FUNCTIONS: [&str; 30] = [
    "scope",
    "new",
    "builder",
    "get",
    "put",
    "into_put",
    "update",
    "update_this",
    "delete",
    "delete_this",
    "query",
    "scan",
    "key",
    "check",
    "tracked",
    "validate",
    "save",
    "batch_get",
    "upsert",
    "transact",
    "build",
    "draft",
    "from",
    "from_item",
    "into",
    "into_item",
    "to_item",
    "clone",
    "fixture",
    "strategy",
];

/// Whether a function of a model cannot have this name.
pub(super) fn is_reserved(function: &str) -> bool {
    MODEL_FUNCTIONS.contains(&function) || names::is_keyword(function)
}

/// The functions by which fields of one index key change together, with the first field of each.
pub(super) fn of_groups<'f>(
    fields: &'f [CheckedField<'_>],
    used: &Use,
) -> impl Iterator<Item = (String, Span)> + use<'f> {
    let groups = catalog::key_groups(&used.key, &used.indexes).into_iter().map(move |group| {
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

/// Reports functions of indexes that are called like those by which fields change together.
pub(super) fn check_groups(
    manifest: &Manifest,
    schemas: &[Vec<CheckedField<'_>>],
    tables: &[Table],
    uses: &[Option<Use>],
    findings: &mut Findings,
) {
    for ((model, fields), used) in manifest.models.iter().zip(schemas).zip(uses) {
        let Some(used) = used else { continue };
        let groups: Vec<_> = of_groups(fields, used).collect();
        for index in &used.indexes {
            let stored = &tables[used.table].indexes[index.index].name;
            let own = model.indexes.iter().find(|own| own.name.value == *stored);
            let span = own.map_or(model.name.span, |own| own.function.as_ref().unwrap_or(&own.name).span);
            for name in all_of_index(&index.function) {
                let Some((_, first)) = groups.iter().find(|(group, _)| *group == name) else { continue };
                findings.push(
                    Diagnostic::new(
                        Code::FunctionsConflict,
                        format!("two functions would be called `{name}`"),
                    )
                    .at(span, format!("brings `{name}`"))
                    .and(*first, "so does an index key that is composed of this field and others")
                    .help("give the index's function another name: `function = \"…\"`"),
                );
            }
        }
    }
}

/// Every function that an index brings.
pub(super) fn all_of_index(function: &str) -> [String; 3] {
    [function.to_owned(), format!("scan_{function}"), format!("{function}_key")]
}

/// The functions of one model so far, each with the place that declares it.
#[derive(Default)]
pub(super) struct Functions {
    taken: BTreeMap<String, Span>,
}

impl Functions {
    /// The name of an index's function, unless something was found wrong with it. `own` is what the model calls it.
    pub(super) fn function(
        &mut self,
        declaration: &IndexDeclaration,
        own: Option<&Spanned<String>>,
        findings: &mut Findings,
    ) -> Option<String> {
        let given = own.or(declaration.function.as_ref());
        let span = given.unwrap_or(&declaration.name).span;
        let function = match given {
            Some(given) if !names::is_field_name(&given.value) => {
                findings.push(
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
                    findings.push(
                        Diagnostic::new(
                            Code::InvalidName,
                            format!("{} cannot name a Rust function", quoted(&declaration.name.value)),
                        )
                        .at(span, "no letter starts it")
                        .help("give the function's name: `function = \"by_year\"`"),
                    );
                    return None;
                }
            },
        };
        if is_reserved(&function) {
            findings.push(
                Diagnostic::new(
                    Code::ReservedFunction,
                    format!("an index's function cannot be called `{function}`"),
                )
                .at(span, "this name is taken")
                .help(format!("give it another: `function = \"by_{function}\"`")),
            );
            return None;
        }
        for name in all_of_index(&function) {
            if let Some(first) = self.taken.get(&name) {
                findings.push(
                    Diagnostic::new(
                        Code::FunctionsConflict,
                        format!("two functions would be called `{name}`"),
                    )
                    .at(span, format!("brings `{name}`"))
                    .and(*first, "so does this")
                    .help("give one of them another name: `function = \"…\"`"),
                );
                // One meeting tells of the others.
                return None;
            }
            self.taken.insert(name, span);
        }
        Some(function)
    }
}
