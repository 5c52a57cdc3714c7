//! From a catalog to files of Rust: views, templates, layout.

mod format;
mod text;
mod view;

use std::collections::BTreeSet;

use askama::Template;

use crate::catalog::Catalog;
use crate::generated::HEADER;
use view::{EnumerationView, ItemsView, MixinView, Modules, StructureView, TablesView, model::ModelView};

/// The revision of the generated code: what the runtime's `format_revision!` must agree with.
const FORMAT_REVISION: u32 = 1;

/// Where the generated code will lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layout<'a> {
    /// In a folder of `OUT_DIR/dynamorm`, included by a build script's crate. Nobody reads it, so it is not formatted.
    BuildScript { folder: &'a str },
    /// In a checked-in directory, read by people.
    Tree,
}

/// A file to be written.
#[derive(Clone, Debug)]
pub(crate) struct GeneratedFile {
    /// Relative, with forward slashes.
    pub path: String,
    pub text: String,
}

/// Writes every module of a catalog. `source_name` is the name of the declarations' file.
pub(crate) fn emit(catalog: &Catalog, source_name: &str, layout: Layout<'_>) -> Vec<GeneratedFile> {
    let models: Vec<ModelView> = catalog.models.iter().map(|model| ModelView::new(catalog, model)).collect();
    let structures: Vec<_> =
        catalog.structures.iter().map(|structure| StructureView::new(catalog, structure)).collect();
    let bodies = models.iter().map(|model| &model.body).chain(structures.iter().map(|view| &view.body));
    // Models share names of fields, and each of these types is one more for the compiler.
    let markers: BTreeSet<_> =
        bodies.flat_map(|body| body.required.iter().map(|field| field.marker.clone())).collect();
    let modules = Modules::new(catalog, &models);
    let mut files = vec![
        file("mod", source_name, layout, &ModTemplate::new(&modules, layout)),
        file("tables", source_name, layout, &TablesTemplate { view: TablesView::new(catalog) }),
        file("required", source_name, layout, &RequiredTemplate { markers }),
    ];
    for (model, view) in catalog.models.iter().zip(models) {
        files.push(file(&model.module, source_name, layout, &ModelTemplate { view }));
    }
    for mixin in &catalog.mixins {
        let view = MixinView::new(catalog, mixin);
        files.push(file(&mixin.module, source_name, layout, &MixinTemplate { view }));
    }
    for (structure, view) in catalog.structures.iter().zip(structures) {
        files.push(file(&structure.module, source_name, layout, &StructureTemplate { view }));
    }
    for enumeration in &catalog.enumerations {
        let view = EnumerationView::new(catalog, enumeration);
        files.push(file(&enumeration.module, source_name, layout, &EnumerationTemplate { view }));
    }
    for (number, table) in catalog.tables.iter().enumerate() {
        if let Some((module, view)) = ItemsView::of_table(catalog, number, table) {
            files.push(file(&module, source_name, layout, &ItemsTemplate { view }));
        }
    }
    for collection in &catalog.collections {
        if let Some(view) = ItemsView::of_collection(catalog, collection) {
            files.push(file(&collection.module, source_name, layout, &ItemsTemplate { view }));
        }
    }
    files
}

fn file(module: &str, source_name: &str, layout: Layout<'_>, template: &impl Template) -> GeneratedFile {
    // Rendering into a string fails only if a value's `Display` does, and views hold nothing but text.
    let body = template.render().unwrap_or_default();
    let body = match layout {
        Layout::BuildScript { .. } => format::for_build_script(&body),
        Layout::Tree => format::for_readers(&body),
    };
    GeneratedFile { path: format!("{module}.rs"), text: format!("{HEADER}{source_name}\n{body}") }
}

#[derive(Template)]
#[template(path = "mod.rs.jinja", escape = "none")]
struct ModTemplate<'a> {
    /// Said once for all modules, so that a tree that is outdated is one error.
    revision: u32,
    modules: &'a Modules,
    /// The folder within `OUT_DIR` from which modules are included in place: a build script's crate has no module files.
    included: Option<String>,
}

impl<'a> ModTemplate<'a> {
    fn new(modules: &'a Modules, layout: Layout<'_>) -> Self {
        let included = match layout {
            Layout::BuildScript { folder } => Some(format!("/dynamorm/{folder}")),
            Layout::Tree => None,
        };
        ModTemplate { revision: FORMAT_REVISION, modules, included }
    }

    /// The path of a module's file within `OUT_DIR`, as a string literal.
    fn file(&self, folder: &str, module: &str) -> String {
        text::literal(&format!("{folder}/{module}.rs"))
    }
}

#[derive(Template)]
#[template(path = "required.rs.jinja", escape = "none")]
struct RequiredTemplate {
    markers: BTreeSet<String>,
}

#[derive(Template)]
#[template(path = "tables.rs.jinja", escape = "none")]
struct TablesTemplate {
    view: TablesView,
}

#[derive(Template)]
#[template(path = "model.rs.jinja", escape = "none")]
struct ModelTemplate {
    view: ModelView,
}

#[derive(Template)]
#[template(path = "mixin.rs.jinja", escape = "none")]
struct MixinTemplate {
    view: MixinView,
}

#[derive(Template)]
#[template(path = "structure.rs.jinja", escape = "none")]
struct StructureTemplate {
    view: StructureView,
}

#[derive(Template)]
#[template(path = "enumeration.rs.jinja", escape = "none")]
struct EnumerationTemplate {
    view: EnumerationView,
}

#[derive(Template)]
#[template(path = "items.rs.jinja", escape = "none")]
struct ItemsTemplate {
    view: ItemsView,
}
