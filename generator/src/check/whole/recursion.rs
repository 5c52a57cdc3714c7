//! Types that contain themselves by value, which would need infinite memory.

use crate::check::WholeCheck;
use crate::check::expand::{Expanded, cycles};
use crate::check::fields::declared_name;
use crate::diagnostic::{Code, Diagnostic, Span, quoted};
use crate::manifest::FieldDeclaration;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// A field that holds another type by value.
struct Edge<'m> {
    target: usize,
    field: &'m str,
    span: Span,
}

/// Types and enums, and what they hold by value.
struct Graph<'m> {
    names: Vec<&'m str>,
    edges: Vec<Vec<Edge<'m>>>,
}

pub(super) fn check(cx: &mut WholeCheck<'_, '_>) {
    let graph = Graph::new(cx.known.expanded);
    let targets = |edges: &Vec<Edge<'_>>| edges.iter().map(|edge| edge.target).collect();
    let targets: Vec<Vec<usize>> = graph.edges.iter().map(targets).collect();
    for cycle in cycles(&targets) {
        cx.report(graph.diagnostic(&cycle));
    }
}

impl<'m> Graph<'m> {
    fn new(expanded: &'m Expanded<'m>) -> Self {
        let types = expanded.types.iter().map(|one| one.name.value.as_str());
        let names: Vec<&str> =
            types.chain(expanded.enums.iter().map(|one| one.name.value.as_str())).collect();
        // A type and an enum with one name are reported elsewhere. A reference means the type.
        let numbers: BTreeMap<&str, usize> =
            names.iter().enumerate().rev().map(|(number, name)| (*name, number)).collect();
        let of_types =
            expanded.types.iter().map(|one| edges(one.fields.iter().flatten().map(Cow::as_ref), &numbers));
        let of_enums = expanded.enums.iter().map(|one| {
            let variants = one.variants.iter().flatten();
            edges(variants.flat_map(|variant| &variant.fields), &numbers)
        });
        let edges = of_types.chain(of_enums).collect();
        Graph { names, edges }
    }

    fn diagnostic(&self, cycle: &[(usize, usize)]) -> Diagnostic {
        let name = |node: usize| quoted(self.names[node]);
        let first = cycle.first().map(|(node, _)| name(*node)).unwrap_or_default();
        let mut diagnostic = Diagnostic::new(Code::Recursion, format!("{first} contains itself by value"));
        for (at, (node, edge)) in cycle.iter().enumerate() {
            let edge = &self.edges[*node][*edge];
            let text = format!("{} holds {} in {}", name(*node), name(edge.target), quoted(edge.field));
            diagnostic =
                if at == 0 { diagnostic.at(edge.span, text) } else { diagnostic.and(edge.span, text) };
        }
        diagnostic
            .help("hold it in a list or a map: `list<T>`; an optional field still holds its value in place")
    }
}

fn edges<'m>(
    fields: impl Iterator<Item = &'m FieldDeclaration>,
    numbers: &BTreeMap<&str, usize>,
) -> Vec<Edge<'m>> {
    fields
        .filter_map(|field| {
            let kind = field.kind.as_ref()?;
            let target = *numbers.get(declared_name(kind)?)?;
            Some(Edge { target, field: &field.name.value, span: kind.span })
        })
        .collect()
}
