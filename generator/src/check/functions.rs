//! The functions that query and scan indexes.

use super::tables::is_resource_name;
use crate::diagnostic::{Code, Diagnostic, Findings, Span, quoted};
use crate::manifest::{IndexDeclaration, Spanned};
use crate::names;
use std::collections::BTreeMap;

/// The functions that every model has or may come to have, and what its module calls its own types after.
const MODEL_FUNCTIONS: [&str; 28] = [
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
];

/// Whether a function of a model cannot have this name.
pub(super) fn is_reserved(function: &str) -> bool {
    MODEL_FUNCTIONS.contains(&function) || names::is_keyword(function)
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
        for name in [function.clone(), format!("scan_{function}"), format!("{function}_key")] {
            if let Some(first) = self.taken.get(&name) {
                findings.push(
                    Diagnostic::new(Code::FunctionsMeet, format!("two functions would be called `{name}`"))
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
