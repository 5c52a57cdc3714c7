//! The functions that relations bring to their models.

use super::Checked;
use crate::catalog::RelationKind;
use crate::check::functions::{all_of_index, is_reserved, of_groups};
use crate::diagnostic::{Code, Diagnostic, Findings, Span, quoted};
use crate::manifest::Spanned;
use crate::names;
use std::collections::BTreeMap;

/// The functions of each model so far, in the order of the manifest, each with the place that declares it.
pub(super) struct Names {
    taken: Vec<BTreeMap<String, Span>>,
}

impl Names {
    /// The functions of indexes, and the fields, beside whose builder methods relations have some of theirs.
    pub(super) fn new(checked: &Checked<'_>) -> Self {
        let mut taken = Vec::new();
        let models = checked.manifest.models.iter().zip(checked.uses).zip(checked.schemas);
        for ((model, used), fields) in models {
            let mut functions: BTreeMap<_, _> =
                used.iter().flat_map(|used| of_groups(fields, used)).collect();
            for field in model.fields.iter().flatten() {
                let name = field.rust_name.as_ref().unwrap_or(&field.name);
                // A field may be called like a relation: fields and functions do not conflict, and `set_…` alone is a builder's.
                if name.value.starts_with("set_") {
                    functions.insert(name.value.clone(), name.span);
                }
            }
            let table = used.as_ref().and_then(|used| checked.tables.get(used.table));
            let declared = table.and_then(|table| {
                checked.manifest.tables.iter().find(|one| one.declared.value == table.declared)
            });
            for index in used.iter().flat_map(|used| &used.indexes) {
                let name = table.and_then(|table| table.indexes.get(index.index)).map(|index| &index.name);
                let span = declared.into_iter().flat_map(|table| &table.indexes);
                let span =
                    span.filter(|index| Some(&index.name.value) == name).map(|index| index.name.span).next();
                for function in all_of_index(&index.function) {
                    functions.insert(function, span.unwrap_or(model.name.span));
                }
            }
            taken.push(functions);
        }
        Names { taken }
    }

    /// The name of a relation's function, unless something is wrong with it.
    pub(super) fn function(
        &mut self,
        model: usize,
        declared: &Spanned<String>,
        kind: RelationKind,
        is_back: bool,
        findings: &mut Findings,
    ) -> Option<String> {
        let Some(name) = names::field_name(&declared.value).filter(|name| *name == declared.value) else {
            findings.push(
                Diagnostic::new(
                    Code::InvalidRustName,
                    format!("{} is not a relation's name", quoted(&declared.value)),
                )
                .at(
                    declared.span,
                    "expected snake case, in ASCII letters and digits that start with a letter",
                )
                .help(match names::field_name(&declared.value) {
                    Some(name) => format!("write `{name}`"),
                    None => "choose a name such as `replies`".to_owned(),
                }),
            );
            return None;
        };
        if is_reserved(&name) {
            findings.push(
                Diagnostic::new(Code::ReservedFunction, format!("a relation cannot be called `{name}`"))
                    .at(declared.span, "this name is taken")
                    .help("choose another name"),
            );
            return None;
        }
        let taken = self.taken.get_mut(model)?;
        for function in functions(&name, kind, is_back) {
            if let Some(first) = taken.get(&function) {
                findings.push(
                    Diagnostic::new(
                        Code::FunctionsConflict,
                        format!("two functions would be called `{function}`"),
                    )
                    .at(declared.span, format!("brings `{function}`"))
                    .and(*first, "so does this")
                    .help("choose another name"),
                );
                // One meeting tells of the others.
                return None;
            }
            taken.insert(function, declared.span);
        }
        Some(name)
    }
}

/// Every function that a relation brings to the model at one of its ends.
fn functions(name: &str, kind: RelationKind, is_back: bool) -> Vec<String> {
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
