//! The module that holds the others, and makes their types public.

use askama::Template;

use super::model::ModelModule;
use super::text::literal;
use crate::catalog::{Catalog, CollectionPart, KeySource};
use crate::emit::Destination;

/// The revision of the generated code: what the runtime's `format_revision!` must agree with.
const FORMAT_REVISION: u32 = 2;

/// The module that holds the others.
#[derive(Template)]
#[template(path = "rust/mod.rs.jinja", escape = "none")]
pub(super) struct ModuleTree {
    /// Said once for all modules, so that a tree that is outdated is one error.
    revision: u32,
    modules: Vec<HeldModule>,
}

/// A module, in order, and what it makes public.
struct HeldModule {
    name: String,
    /// The path of its file within `OUT_DIR`, as a string literal, from which a build script's crate includes it in place:
    /// it has no module files.
    included: Option<String>,
    /// The types that are public beside the module.
    types: Option<String>,
}

impl ModuleTree {
    pub fn new(catalog: &Catalog, models: &[ModelModule], destination: Destination<'_>) -> Self {
        let models = catalog.models.iter().zip(models);
        let models = models.map(|(model, module)| (model.module.clone(), module.public_types.clone()));
        let older = catalog.models.iter().flat_map(|model| &model.older);
        let older = older.map(|shape| (shape.module.clone(), vec![shape.name.clone()]));
        let mixins = catalog.mixins.iter().map(|mixin| (mixin.module.clone(), vec![mixin.name.clone()]));
        let structures = catalog.structures.iter().map(|structure| {
            let name = &structure.name;
            (structure.module.clone(), vec![name.clone(), format!("{name}Builder")])
        });
        let enumerations = catalog.enumerations.iter();
        let enumerations =
            enumerations.map(|declared| (declared.module.clone(), vec![declared.name.clone()]));
        let items = catalog.tables.iter().filter_map(|table| table.item.as_ref());
        let items =
            items.map(|(name, module)| (module.clone(), vec![name.clone(), crate::names::plural(name)]));
        let changes = catalog.tables.iter().filter_map(|table| table.change.as_ref());
        let changes = changes.map(|(name, module)| (module.clone(), vec![name.clone()]));
        let collections = catalog.collections.iter().map(|collection| {
            let name = &collection.name;
            let stages = match &collection.part {
                CollectionPart::Beginning(KeySource::Template(template)) => template.parts.len(),
                _ => 0,
            };
            let stage = |number| match number {
                1 => format!("{name}Query"),
                more => format!("{name}Query{more}"),
            };
            let own = [name.clone(), format!("{name}Item")].into_iter();
            (collection.module.clone(), own.chain((1..=stages).map(stage)).collect())
        });
        let fixed = ["required", "tables"].map(|name| (name.to_owned(), Vec::new()));
        let mut modules: Vec<(String, Vec<String>)> = models
            .chain(older)
            .chain(mixins)
            .chain(structures)
            .chain(enumerations)
            .chain(items)
            .chain(changes)
            .chain(collections)
            .chain(fixed)
            .collect();
        modules.sort_by(|(left, _), (right, _)| left.cmp(right));
        let modules = modules.into_iter().map(|(name, types)| HeldModule::new(name, types, destination));
        ModuleTree { revision: FORMAT_REVISION, modules: modules.collect() }
    }
}

impl HeldModule {
    fn new(name: String, mut types: Vec<String>, destination: Destination<'_>) -> Self {
        types.sort();
        let included = match destination {
            Destination::BuildScript { folder } => Some(literal(&format!("/dynamorm/{folder}/{name}.rs"))),
            Destination::Tree => None,
        };
        HeldModule { name, included, types: (!types.is_empty()).then(|| types.join(", ")) }
    }
}
