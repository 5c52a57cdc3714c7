//! Rules of declarations together, and how models lead to each other.

mod also_read;
mod collections;
mod contexts;
mod recursion;
mod relations;
mod sensitive;
mod settings;
mod shapes;
mod unused;

use super::WholeCheck;
use super::fields::check_unique_tables;
use super::names::{claim_functions, claim_stages, claim_types};
use crate::catalog::{CollectionPart, KeySource, Relation, UserRust};
use crate::lock::Former;
use crate::manifest::CollectionDeclaration;
use crate::source::SourceFile;
pub(in crate::check) use shapes::Shapes;

/// What leads from models to others, and from generated code to the runtime.
pub(in crate::check) struct Links<'m> {
    /// The relations of each model, by its number.
    pub relations: Vec<Vec<Relation>>,
    pub collections: Vec<CollectionLink<'m>>,
    /// The path of the runtime, where it is not `dynamorm`.
    pub runtime: Option<UserRust>,
    /// The shapes of each model, by its number.
    pub shapes: Vec<Shapes>,
}

/// A collection whose models and index are known.
pub(in crate::check) struct CollectionLink<'m> {
    pub declaration: &'m CollectionDeclaration,
    /// The numbers of its models, in the declared order.
    pub models: Vec<usize>,
    /// The index that is queried, by its number in the table.
    pub index: Option<usize>,
    pub part: CollectionPart,
    pub meets_others: bool,
}

/// Checks what is resolved as a whole.
pub(in crate::check) fn check<'m>(
    cx: &mut WholeCheck<'_, 'm>,
    source: &SourceFile,
    former: Former<'_>,
) -> Links<'m> {
    settings::check_output(cx);
    recursion::check(cx);
    check_unique_tables(cx);
    contexts::check(cx);
    also_read::check(cx);
    claim_functions(cx);
    let links = Links {
        relations: relations::resolve(cx),
        collections: collections::resolve(cx),
        runtime: settings::runtime(cx),
        shapes: shapes::resolve(cx, former),
    };
    sensitive::check(cx, &links);
    claim_types(cx);
    for link in &links.collections {
        if let CollectionPart::Beginning(KeySource::Template(template)) = &link.part {
            claim_stages(cx, &link.declaration.name, template.parts.len());
        }
    }
    // What was only half read may seem to be unused.
    if !cx.has_errors() {
        unused::check(cx, source);
    }
    links
}
