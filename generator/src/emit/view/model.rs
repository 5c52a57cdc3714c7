//! Models: their struct, keys, queries and projections.

use super::field::{FieldView, FieldsView, is_always_given};
use super::generated_values::ManagedView;
use super::kind::Kinds;
use super::relation::RelationsView;
use super::tables::{index_path, table_path};
use super::{type_attributes, validation_macro};
use crate::catalog::{
    Catalog, Field, Index, IndexScope, KeyAttribute, Model, ModelIndex, Projection, Table, ValidationLibrary,
};
use crate::emit::text::{doc_lines, literal};

/// A model.
pub(in crate::emit) struct ModelView {
    pub name: String,
    /// The name as a string literal.
    pub name_literal: String,
    pub docs: Vec<String>,
    pub attributes: Vec<String>,
    pub body: FieldsView,
    pub table_name: String,
    pub table_path: String,
    pub more_than_key: bool,
    pub managed: ManagedView,
    pub key: KeyView,
    /// The types of the key's parts, as the conversions to keys name them.
    pub key_conversion: String,
    pub query: Option<QueryView>,
    pub indexes: Vec<IndexView>,
    /// What validates it as its library does.
    pub validation: &'static str,
    /// Whether it has a `validate` of its own: derives of `validator` would call it in place of their trait's.
    pub has_validate: bool,
    pub relations: RelationsView,
}

/// A key struct.
pub(in crate::emit) struct KeyView {
    pub name: String,
    pub parts: Vec<KeyPartView>,
    /// Whether every item has the key.
    pub always: bool,
}

pub(in crate::emit) struct KeyPartView {
    pub identifier: String,
    pub rust_type: String,
    pub kind: String,
    pub attribute: String,
    /// The part as an expression of `self`.
    pub of_self: String,
}

/// A query: its function's parameters, and the stages in which its sort key is given.
pub(in crate::emit) struct QueryView {
    pub function: String,
    /// The partition key's parts.
    pub partition: Vec<KeyPartView>,
    /// What the function returns.
    pub returns: String,
    /// The query once nothing of the sort key is left to give.
    pub query: String,
    /// What it reads items as.
    pub record: String,
    pub stages: Vec<StageView>,
    pub may_be_consistent: bool,
    /// Where it reads, as the runtime names it.
    pub source: &'static str,
    pub docs: Vec<String>,
}

/// A query whose sort key is given up to here.
pub(in crate::emit) struct StageView {
    pub name: String,
    pub docs: Vec<String>,
    pub part_docs: Vec<String>,
    pub part: KeyPartView,
    pub next: String,
}

/// An index that a model uses.
pub(in crate::emit) struct IndexView {
    pub name: String,
    pub path: String,
    pub query: QueryView,
    pub scan: String,
    pub scan_returns: String,
    pub key: KeyView,
    pub key_function: String,
    pub projection: Option<ProjectionView>,
}

/// What an index keeps of an item, as a struct of its own.
pub(in crate::emit) struct ProjectionView {
    pub name: String,
    pub docs: Vec<String>,
    pub attributes: Vec<String>,
    pub body: FieldsView,
}

impl ModelView {
    pub fn new(catalog: &Catalog, model: &Model) -> Self {
        let kinds = Kinds::new(catalog, &model.name);
        let table = &catalog.tables[model.table];
        let names = Names { model, table, kinds };
        let fields: Vec<_> =
            model.fields.iter().map(|field| names.field(field, table.is_key(&field.attribute))).collect();
        let key = names.key(format!("{}Key", model.name), &names.table_key());
        ModelView {
            name_literal: literal(&model.name),
            docs: doc_lines(model.doc.as_deref()),
            attributes: type_attributes(&["Clone", "Debug", "PartialEq"], &model.derives),
            table_name: table.name.clone(),
            table_path: table_path(table),
            more_than_key: model
                .fields
                .iter()
                .any(|field| is_always_given(field) && !table.is_key(&field.attribute)),
            managed: ManagedView::new(&kinds, model),
            body: FieldsView::new(&kinds, fields),
            key_conversion: names.key_conversion(),
            key,
            query: table.sort_key.is_some().then(|| names.query_of(None, "")),
            relations: RelationsView::new(catalog, model),
            indexes: model.indexes.iter().map(|index| names.index(index)).collect(),
            validation: validation_macro(model.validation),
            has_validate: model.validation == ValidationLibrary::Garde,
            name: model.name.clone(),
        }
    }
}

/// The public types of a model's module.
pub(in crate::emit) fn public_types(view: &ModelView) -> Vec<String> {
    let mut types = vec![view.name.clone(), format!("{}Builder", view.name), view.key.name.clone()];
    let queries = view.query.iter().chain(view.indexes.iter().map(|index| &index.query));
    types.extend(queries.flat_map(|query| query.stages.iter().map(|stage| stage.name.clone())));
    for index in &view.indexes {
        types.push(index.key.name.clone());
        types.extend(index.projection.iter().map(|projection| projection.name.clone()));
    }
    types
}

impl Table {
    fn is_key(&self, attribute: &str) -> bool {
        self.partition_key.name == attribute
            || self.sort_key.as_ref().is_some_and(|key| key.name == attribute)
    }
}

/// Names what belongs to one model.
pub(super) struct Names<'a> {
    pub model: &'a Model,
    pub table: &'a Table,
    pub kinds: Kinds<'a>,
}

impl Names<'_> {
    fn field(&self, field: &Field, in_primary_key: bool) -> FieldView {
        FieldView::new(&self.kinds, field, &self.model.derives, in_primary_key)
    }

    fn table_key(&self) -> Vec<String> {
        let sort = self.table.sort_key.iter().map(|key| key.name.clone());
        std::iter::once(self.table.partition_key.name.clone()).chain(sort).collect()
    }

    /// The fields that hold these attributes.
    fn fields_of<'b>(&'b self, attributes: &'b [String]) -> impl Iterator<Item = &'b Field> {
        attributes.iter().filter_map(|name| self.model.fields.iter().find(|field| field.attribute == *name))
    }

    fn key(&self, name: String, attributes: &[String]) -> KeyView {
        let always = self.fields_of(attributes).all(|field| !field.optional);
        KeyView { name, always, parts: self.parts(attributes) }
    }

    fn parts(&self, attributes: &[String]) -> Vec<KeyPartView> {
        let part = |field: &Field| KeyPartView {
            identifier: field.identifier.clone(),
            rust_type: self.kinds.value_type(&field.kind, &field.name),
            kind: self.kinds.kind(&field.kind, &field.name),
            attribute: literal(&field.attribute),
            of_self: format!(
                "self.{}{}{}",
                field.identifier,
                if self.kinds.is_copy(&field.kind) { "" } else { ".clone()" },
                if field.optional { "?" } else { "" }
            ),
        };
        self.fields_of(attributes).map(part).collect()
    }

    fn key_conversion(&self) -> String {
        let attributes = self.table_key();
        let types = self.fields_of(&attributes).map(|field| self.kinds.value_type(&field.kind, &field.name));
        types.collect::<Vec<_>>().join(", ")
    }

    /// The fields of the primary key.
    pub(super) fn primary_key_fields(&self) -> Vec<&Field> {
        self.table_key()
            .iter()
            .filter_map(|name| self.model.fields.iter().find(|field| field.attribute == *name))
            .collect()
    }

    /// The query of the table, or of one of its indexes that the model uses. `path` leads to the model's types.
    pub(super) fn query_of(&self, index: Option<usize>, path: &str) -> QueryView {
        let model = &self.model.name;
        let used = index.and_then(|index| self.model.indexes.iter().find(|used| used.index == index));
        let attributes = |key: &[KeyAttribute]| key.iter().map(|one| one.name.clone()).collect::<Vec<_>>();
        let Some(used) = used else {
            let sort: Vec<_> = self.table.sort_key.iter().cloned().collect();
            return self.query(
                "query".to_owned(),
                &format!("{path}{model}Query"),
                std::slice::from_ref(&self.table.partition_key.name),
                &attributes(&sort),
                &format!("{path}{model}"),
                None,
            );
        };
        let index = &self.table.indexes[used.index];
        let stem = format!("{path}{model}{}", used.type_stem);
        let record =
            if index.projection == Projection::All { format!("{path}{model}") } else { stem.clone() };
        self.query(
            used.function.clone(),
            &format!("{stem}Query"),
            &attributes(&index.partition_key),
            &attributes(&index.sort_key),
            &record,
            Some(index),
        )
    }

    fn query(
        &self,
        function: String,
        stage: &str,
        partition: &[String],
        sort: &[String],
        record: &str,
        index: Option<&Index>,
    ) -> QueryView {
        let may_be_consistent = index.is_none_or(|index| index.scope == IndexScope::Local);
        let index = index.map(|index| &index.name);
        let (source, query) = if may_be_consistent {
            ("FromTable", format!("dynamorm::Query<{record}>"))
        } else {
            ("FromGlobalIndex", format!("dynamorm::Query<{record}, dynamorm::FromGlobalIndex>"))
        };
        let stage_name = |number: usize| match number {
            0 => stage.to_owned(),
            more => format!("{stage}{}", more + 1),
        };
        let count = sort.len();
        let of = if count > 0 { format!(", in the order of {}", in_words(sort)) } else { String::new() };
        let docs = match index {
            Some(index) => format!("Queries index `{index}`: the items of one {}{of}.", in_words(partition)),
            None => format!("Queries the table: the items of one {}{of}.", in_words(partition)),
        };
        let stages = self.parts(sort).into_iter().enumerate().map(|(number, part)| StageView {
            name: stage_name(number),
            docs: doc_lines(Some(&format!(
                "A query whose sort key is open from {} on.",
                in_words(&sort[number..=number])
            ))),
            part_docs: doc_lines(Some(&format!(
                "Restricts {} of the sort key.",
                in_words(&sort[number..=number])
            ))),
            part,
            next: if number + 1 < count { stage_name(number + 1) } else { query.clone() },
        });
        QueryView {
            function,
            partition: self.parts(partition),
            returns: if count > 0 { stage_name(0) } else { query.clone() },
            stages: stages.collect(),
            record: record.to_owned(),
            query,
            may_be_consistent,
            source,
            docs: doc_lines(Some(&docs)),
        }
    }

    fn index(&self, model_index: &ModelIndex) -> IndexView {
        let index = &self.table.indexes[model_index.index];
        let model = &self.model.name;
        let stem = format!("{model}{}", model_index.type_stem);
        let partition: Vec<_> = index.partition_key.iter().map(|key| key.name.clone()).collect();
        let sort: Vec<_> = index.sort_key.iter().map(|key| key.name.clone()).collect();
        let projection = self.projection(&stem, index);
        let query = self.query_of(Some(model_index.index), "");
        IndexView {
            name: index.name.clone(),
            path: index_path(self.table, model_index.index),
            scan: format!("scan_{}", model_index.function),
            scan_returns: query.query.clone(),
            query,
            key: self.key(format!("{stem}Key"), &[partition, sort].concat()),
            key_function: format!("{}_key", model_index.function),
            projection,
        }
    }

    fn projection(&self, name: &str, index: &Index) -> Option<ProjectionView> {
        let included: &[String] = match &index.projection {
            Projection::All => return None,
            Projection::KeysOnly => &[],
            Projection::Include(attributes) => attributes,
        };
        let is_projected = |attribute: &str| {
            self.table.is_key(attribute)
                || index.partition_key.iter().chain(&index.sort_key).any(|key| key.name == attribute)
                || included.iter().any(|name| name == attribute)
        };
        let fields = self.model.fields.iter().filter(|field| is_projected(&field.attribute));
        Some(ProjectionView {
            name: name.to_owned(),
            docs: vec![format!("/// What index `{}` holds of a `{}`.", index.name, self.model.name)],
            attributes: type_attributes(&["Clone", "Debug", "PartialEq"], &self.model.derives),
            body: FieldsView::new(
                &self.kinds,
                fields.map(|field| self.field(field, self.table.is_key(&field.attribute))).collect(),
            ),
        })
    }
}

fn in_words(attributes: &[String]) -> String {
    attributes.iter().map(|attribute| format!("`{attribute}`")).collect::<Vec<_>>().join(" and ")
}
