//! The module of a model: its public face first, then how it is stored.

use askama::Template;

use super::builder::{Builder, RequiredField, required_fields};
use super::facts::{ContextView, constant, context, facts, scan_within, shapes, template};
use super::feeds::{self, FeedingRole, KeyRole};
use super::field::{FieldView, Handle};
use super::functions::ModuleFunctions;
use super::generated_values::ManagedView;
use super::handle::Handles;
use super::item_struct::ItemStruct;
use super::key::{IndexKey, KeyComposer, KeyFunction, KeyPartView, KeyWriter, PrimaryKey};
use super::kind::Kinds;
use super::layout::{braces, chain, list};
use super::operations::{self, VersionedModel};
use super::projection::{self, ProjectionParts, ProjectionType};
use super::query::{Function, ModelQuery, QueryWriter, SortStage, read_type};
use super::relation::RelationFunctions;
use super::stored::{ComposedAttributes, StoredModel, StoredTable};
use super::tables::{index_path, table_path};
use super::text::{declared_doc_lines, doc_lines, literal};
use super::upgrades::{self, Upgrades};
use super::{generated_values, samples, shape, struct_attributes, validation_macro};
use crate::catalog::{
    Catalog, Discriminator, Field, Generated, IndexFunctions, IndexScope, Model, ModelIndex, Table,
    ValidationLibrary,
};

/// The module of a model.
#[derive(Template)]
#[template(path = "rust/model.rs.jinja", escape = "none")]
pub(super) struct ModelModule {
    name: String,
    item_struct: ItemStruct,
    handles: Handles,
    table_name: String,
    /// The functions that begin operations.
    operations: Vec<Function>,
    key_functions: Vec<KeyFunction>,
    /// Whether it has a `validate` of its own: derives of `validator` would call it in place of their trait's.
    has_validate: bool,
    relations: Option<RelationFunctions>,
    stages: Vec<SortStage>,
    builder: Builder,
    key: PrimaryKey,
    index_keys: Vec<IndexKey>,
    projections: Vec<ProjectionType>,
    stored: StoredTable,
    stored_projections: Vec<StoredTable>,
    versioned: Option<VersionedModel>,
    /// The runtime's traits that say no more than that they hold: the trait, and what it holds for.
    markers: Vec<(&'static str, String)>,
    /// What validates it as its library does.
    validation: &'static str,
    composers: Vec<KeyComposer>,
    /// Which keys are the model's, where those of others begin alike.
    shapes: Option<Vec<String>>,
    /// The fields with a declared duration, each with its seconds.
    durations: Option<String>,
    /// The enum over the models of its table, where it shares its keys with some of them.
    shared: Option<String>,
    feeds: Option<Vec<FeedingRole>>,
    /// What reads items of older shapes.
    upgrades: Option<Upgrades>,
    functions: ModuleFunctions,
    /// The types that are public beside the module.
    pub public_types: Vec<String>,
    /// The fields that its builder must be given.
    pub required: Vec<RequiredField>,
}

impl ModelModule {
    pub fn new(catalog: &Catalog, model: &Model) -> Self {
        let kinds = Kinds::new(catalog, &model.name);
        let table = &catalog.tables[model.table];
        ModelWriter {
            catalog,
            model,
            table,
            keys: KeyWriter { model, kinds },
            queries: QueryWriter::new(model, table, kinds),
            managed: ManagedView::new(&kinds, model),
            context: context(&KeyWriter { model, kinds }),
        }
        .module()
    }

    fn add_query(&mut self, query: ModelQuery) {
        self.public_types.extend(query.stages.iter().map(|stage| stage.name.clone()));
        self.operations.push(query.function);
        self.stages.extend(query.stages);
    }

    fn add_index(&mut self, index: IndexParts) {
        self.add_query(index.query);
        self.operations.push(index.scan);
        self.key_functions.push(index.key_function);
        self.public_types.push(index.key.name.clone());
        self.index_keys.push(index.key);
        if let Some(ProjectionParts { declared, stored, expires }) = index.projection {
            self.public_types.push(declared.name.clone());
            self.markers.extend(expires.map(|name| ("Expires", name)));
            self.projections.push(declared);
            self.stored_projections.push(stored);
        }
    }
}

/// Writes the module of one model.
struct ModelWriter<'a> {
    catalog: &'a Catalog,
    model: &'a Model,
    table: &'a Table,
    keys: KeyWriter<'a>,
    queries: QueryWriter<'a>,
    managed: ManagedView,
    context: Option<ContextView>,
}

impl<'a> ModelWriter<'a> {
    fn module(self) -> ModelModule {
        let (model, name) = (self.model, &self.model.name);
        let fields = model.fields.iter().enumerate().map(|(number, field)| self.field(number, field));
        let mut fields: Vec<_> = fields.collect();
        let allowed = shape::of_types(&fields);
        let mut attributes = struct_attributes(&fields, &model.derives);
        attributes.extend(allowed.clone());
        let sources: Vec<_> = model.key.iter().collect();
        let key_name = format!("{name}Key");
        let parts = self.keys.parts(&sources);
        let key_function = key_function("key", "The primary key of this item.", &key_name, &parts, None);
        let indexes: Vec<_> =
            model.indexes.iter().map(|index| self.index(index, &key_function.body)).collect();
        let query = model.key.get(1).map(|_| self.queries.query_of(None, ""));
        let builder = Builder::new(name, &fields, model.on_build.as_ref(), "built");
        let relations = RelationFunctions::new(self.catalog, model, &builder);
        let mut module = ModelModule {
            item_struct: ItemStruct::new(name, declared_doc_lines(model.doc.as_deref()), attributes, &fields),
            handles: Handles::new(name, "conditions, updates and selections", allowed, &fields),
            table_name: self.table.name.clone(),
            operations: self.operations(),
            key_functions: vec![key_function],
            has_validate: model.validation == ValidationLibrary::Garde,
            relations,
            stages: Vec::new(),
            key: self.keys.primary(&key_name, &sources),
            index_keys: Vec::new(),
            projections: Vec::new(),
            stored: self.stored(&fields),
            stored_projections: Vec::new(),
            versioned: operations::versioned(&self.managed),
            markers: self.markers(),
            validation: validation_macro(model.validation),
            composers: self.keys.composers(&self.keys.templates()),
            shapes: shapes(&self.keys),
            durations: durations(&self.keys),
            shared: self.table.item.as_ref().filter(|_| model.shares_key).map(|(name, _)| name.clone()),
            feeds: feeds::feeds(&self.keys),
            upgrades: Upgrades::new(model),
            public_types: vec![name.clone(), format!("{name}Builder"), key_name],
            required: required_fields(&fields),
            functions: ModuleFunctions::of(fields.iter_mut()),
            name: name.clone(),
            builder,
        };
        if let Some(query) = query {
            module.add_query(query);
        }
        for index in indexes {
            module.add_index(index);
        }
        module
    }

    fn field(&self, number: usize, field: &Field) -> FieldView {
        let mut view = FieldView::of_model(&self.keys, self.table, field);
        match feeds::role_of(&self.keys, field) {
            KeyRole::None | KeyRole::Unique => {}
            KeyRole::Primary => view.role = Some("dynamorm::InPrimaryKey".to_owned()),
            KeyRole::Feeds => view.role = Some(format!("feeds::{}", feeds::role_name(field))),
            KeyRole::Shares => view.role = Some("dynamorm::InIndexKey".to_owned()),
        }
        if field.key_only {
            view.stored = false;
            view.handle = if view.rules.are_none() { Handle::None } else { Handle::Private };
        }
        view.samples =
            samples::of_field(field, &field.name, samples::of_keys(self.model, self.table, number));
        view
    }

    /// The functions that begin operations, those of queries apart.
    fn operations(&self) -> Vec<Function> {
        let mut functions = vec![operations::builder(&self.model.name)];
        functions.extend(operations::writes(&self.managed));
        functions.push(match (self.managed.is_unique, feeds::are_entangled(&self.keys)) {
            (true, _) => operations::no_upsert("UpsertsUnique"),
            (false, true) => operations::no_upsert("UpsertsWholeKeys"),
            (false, false) => operations::upsert(),
        });
        let partition_key = self.model.key.get(..1).unwrap_or_default();
        let others = self.model.discriminator != Discriminator::Alone;
        let calls = self.scan_calls(None, scan_within(&self.keys, partition_key), others);
        let docs = scan_docs("the table", others);
        functions.push(self.scan("scan", &docs, &read_type("Scan", "Self", false), &calls));
        functions.extend(self.context.as_ref().map(operations::scope));
        functions.extend(feeds::groups(&self.keys));
        functions
    }

    fn scan(&self, name: &str, docs: &str, returns: &str, calls: &[String]) -> Function {
        let parameters: Vec<_> = self.context.iter().map(ContextView::parameter).collect();
        Function {
            docs: doc_lines(docs),
            signature: list(4, &format!("pub fn {name}("), &parameters, &format!(") -> {returns} {{")),
            body: vec![chain(8, "dynamorm::generated::scan::<Self>()", calls, "")],
        }
    }

    /// What a scan is told: the index, the context that it stays within, and whether others are to be left out.
    fn scan_calls(&self, index: Option<usize>, within: Option<String>, others: bool) -> Vec<String> {
        let index = index.map(|index| format!(".index(&{})", index_path(self.table, index)));
        let others = others.then(|| ".among_others()".to_owned());
        let alike = (!self.model.alike.is_empty()).then(|| ".among_alike()".to_owned());
        index.into_iter().chain(within).chain(others).chain(alike).chain([".into()".to_owned()]).collect()
    }

    fn index(&self, used: &ModelIndex, key_body: &str) -> IndexParts {
        let index = &self.table.indexes[used.index];
        let stem = format!("{}{}", self.model.name, used.type_stem);
        let sources: Vec<_> = used.partition_key.iter().chain(&used.sort_key).collect();
        let query = self.queries.query_of(Some(used.index), "");
        let is_always = self.keys.fields(&sources).iter().all(|field| !field.optional);
        let key = self.keys.of_index(&format!("{stem}Key"), &index.name, &sources);
        let optional = (!is_always).then(|| self.keys.kinds.optional(true, key.name.clone()));
        let absent = if is_always { "" } else { "; `None` if it is not in the index" };
        let docs = format!("The key of this item in index `{}`{absent}.", index.name);
        let within = scan_within(&self.keys, &used.partition_key);
        let scan = self.scan(
            &IndexFunctions::of(&used.function).scan,
            &scan_docs(&format!("index `{}`", index.name), used.is_shared),
            &read_type("Scan", &query.record, index.scope == IndexScope::Global),
            &self.scan_calls(Some(used.index), within, used.is_shared),
        );
        IndexParts {
            scan,
            query,
            key_function: key_function(
                &IndexFunctions::of(&used.function).key,
                &docs,
                &key.name,
                &key.parts,
                optional,
            ),
            key,
            projection: projection::projection(&self.keys, self.table, index, used, key_body),
        }
    }

    fn stored(&self, fields: &[FieldView]) -> StoredTable {
        let name = &self.model.name;
        let head = format!("model {name} by {name}Key, as {name}Draft, in {}", table_path(self.table));
        let key_only: Vec<_> = self.model.fields.iter().filter(|field| field.key_only).collect();
        let of_key = self.model.key.iter().filter_map(template);
        let keys: Vec<_> = of_key.flat_map(|template| self.keys.read(template, &key_only)).collect();
        let written_back = self
            .managed
            .written
            .iter()
            .map(|field| format!("{} => {}: {};", field.attribute, field.identifier, field.kind));
        let model = StoredModel {
            shape: upgrades::shape_row(self.model),
            facts: facts(self.model, self.table, &self.keys, &self.managed, self.context.as_ref()),
            composed: ComposedAttributes::new(&self.keys, &self.keys.templates()),
            written_back: written_back.collect(),
            on_build: self.model.on_build.as_ref().map(|hook| hook.code.clone()),
        };
        StoredTable::of_model(head, fields, constant(self.model, self.table), &keys, model)
    }

    fn markers(&self) -> Vec<(&'static str, String)> {
        let has = |marker: &'static str, holds: bool| holds.then(|| (marker, self.model.name.clone()));
        // A batch knows no conditions.
        let is_free = !self.managed.is_unique && !self.model.shares_key;
        let is_shaped = self.model.stored.shape.as_ref().is_some_and(|shape| shape.is_declared);
        let markers = [
            has("BatchPut", self.managed.version.is_none() && is_free && !is_shaped),
            has("BatchDelete", is_free),
            has("Expires", projection::expires(&self.keys, self.table, &|_| true)),
        ];
        markers.into_iter().flatten().collect()
    }
}

/// The fields with a declared duration, each a stored name with the instant at which it ends if it begins now.
fn durations(keys: &KeyWriter<'_>) -> Option<String> {
    let durations = keys.model.fields.iter().filter_map(|field| match field.generated? {
        Generated::ExpiresIn(_) => {
            let from_now = generated_values::expression(&keys.kinds, field, keys.coarsest(field))?;
            Some(format!("({}, || {})", literal(&field.attribute), from_now.code))
        }
        _ => None,
    });
    let durations: Vec<_> = durations.collect();
    let head = "const DURATIONS: &'static [dynamorm::DeclaredDuration] = &[";
    (!durations.is_empty()).then(|| list(4, head, &durations, "];"))
}

/// An index that a model uses, as the parts of its module.
struct IndexParts {
    query: ModelQuery,
    scan: Function,
    key: IndexKey,
    key_function: KeyFunction,
    projection: Option<ProjectionParts>,
}

/// What a scan says. It reads all that is there, so it says so where it returns less.
fn scan_docs(of: &str, others: bool) -> String {
    match others {
        false => format!("Scans {of}."),
        true => format!("Scans {of} for this model's items. Others are read and charged too, and left out."),
    }
}

/// The function that gives a key of an item: `optional` is what it returns where not every item has the key.
fn key_function(
    name: &str,
    docs: &str,
    key: &str,
    parts: &[KeyPartView],
    optional: Option<String>,
) -> KeyFunction {
    let parts = parts.iter().map(|part| format!("{}: {}", part.identifier, part.of_self));
    let (head, tail) = match &optional {
        Some(_) => (format!("Some({key}"), ")"),
        None => (key.to_owned(), ""),
    };
    KeyFunction {
        docs: format!("/// {docs}"),
        name: name.to_owned(),
        returns: optional.unwrap_or_else(|| key.to_owned()),
        body: braces(8, &head, &parts.collect::<Vec<_>>(), tail),
    }
}
