//! Models: their struct, keys, queries and projections.

use super::feeds::{self, FeedView, GroupView, Part};
use super::field::{FieldView, FieldsView, Handle, UserExpression, is_always_given};
use super::generated_values::ManagedView;
use super::key::{ComposerView, KeyPartView, KeyView, Keys};
use super::kind::Kinds;
use super::relation::RelationsView;
use super::rule::RulesView;
use super::tables::{index_path, table_path};
use super::{samples, shape};
use super::{type_attributes, validation_macro};
use crate::catalog::{
    self, Catalog, Field, Identity, Index, IndexScope, KeySource, Model, ModelIndex, Projection, Table,
    Template, ValidationLibrary,
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
    /// Whether items have the attribute by which they expire.
    pub expires: bool,
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
    /// The statements that write the composed attributes, of `self`.
    pub composed: Vec<String>,
    /// What the facts say of composed index keys.
    pub composed_keys: Vec<String>,
    /// The stored names of the composed attributes, and of the one that names the model.
    pub further_attributes: Vec<String>,
    pub identity: String,
    pub context: Option<ContextView>,
    /// How a scan is kept within the context.
    pub scan_within: String,
    /// Whether a scan has to leave out other models.
    pub is_among_others: bool,
    pub composers: Vec<ComposerView>,
    /// Whether an upsert could leave an index key stale.
    pub has_entangled_keys: bool,
    pub feeds: Vec<FeedView>,
    pub groups: Vec<GroupView>,
}

/// The context of a model: what every function that reads is given.
pub(in crate::emit) struct ContextView {
    pub name: String,
    pub identifier: String,
    pub rust_type: String,
    pub kind: String,
    /// The stored name as a string literal.
    pub attribute: String,
    /// The text with which its keys begin.
    pub scope: String,
}

/// A query: its function's parameters, and the stages in which its sort key is given.
pub(in crate::emit) struct QueryView {
    pub function: String,
    /// The partition key's parts.
    pub partition: Vec<KeyPartView>,
    /// How the source is told of the key, call by call.
    pub calls: Vec<String>,
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
    /// Its function's documentation, and the attributes below.
    pub docs: Vec<String>,
}

/// What is open of a query's sort key.
pub(in crate::emit) struct StageView {
    pub name: String,
    /// The type of the query.
    pub query: String,
    pub docs: Vec<String>,
    pub part_docs: Vec<String>,
    /// The method that gives the part: its name, what it returns, and its body.
    pub method: String,
    pub returns: String,
    pub body: String,
}

/// An index that a model uses.
pub(in crate::emit) struct IndexView {
    pub name: String,
    pub path: String,
    pub query: QueryView,
    pub scan: String,
    pub scan_returns: String,
    /// Whether other models are in it.
    pub is_shared: bool,
    /// How a scan is kept within the context.
    pub scan_within: String,
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
    pub expires: bool,
}

impl ModelView {
    pub fn new(catalog: &Catalog, model: &Model) -> Self {
        let kinds = Kinds::new(catalog, &model.name);
        let table = &catalog.tables[model.table];
        let names = Names::new(model, table, kinds);
        let fields = model.fields.iter().enumerate().map(|(number, field)| names.field(number, field));
        let fields: Vec<_> = fields.collect();
        let sources: Vec<_> = model.key.iter().collect();
        let key = names.keys.key(format!("{}Key", model.name), &sources);
        let mut body = FieldsView::new(&kinds, fields);
        let key_only: Vec<_> = model.fields.iter().filter(|field| field.key_only).collect();
        let of_key = model.key.iter().filter_map(template);
        body.key_reads = of_key.map(|template| names.keys.read(template, &key_only)).collect();
        body.key_reads.extend(names.read_type());
        let is_told = |template: &&Template| {
            let is_read = model
                .key
                .iter()
                .filter_map(self::template)
                .any(|known| known.attribute == template.attribute);
            is_read && names.keys.tells_all(template, &key_only)
        };
        let compared = names.keys.templates().into_iter().filter(|template| !is_told(template));
        body.key_comparisons = compared.map(|template| names.keys.compare(template)).collect();
        let mut attributes = type_attributes(&["Clone", "Debug", "PartialEq"], &model.derives);
        attributes.extend(body.allowed.clone());
        ModelView {
            name_literal: literal(&model.name),
            docs: doc_lines(model.doc.as_deref()),
            attributes,
            table_name: table.name.clone(),
            table_path: table_path(table),
            more_than_key: table.type_attribute.is_some()
                || model.fields.iter().any(|field| {
                    is_always_given(field) && !field.key_only && !table.is_key(&field.attribute)
                }),
            managed: ManagedView::new(&kinds, model),
            expires: names.expires(&|_| true),
            body: FieldsView { on_build: model.on_build.as_ref().map(UserExpression::of), ..body },
            key_conversion: names.key_conversion(),
            key,
            query: model.key.get(1).map(|_| names.query_of(None, "")),
            relations: RelationsView::new(catalog, model),
            indexes: model.indexes.iter().map(|index| names.index(index)).collect(),
            validation: validation_macro(model.validation),
            has_validate: model.validation == ValidationLibrary::Garde,
            composed: names.composed(),
            composed_keys: feeds::composed_keys(&names.keys),
            further_attributes: names.further_attributes(),
            identity: names.identity(),
            context: names.context(),
            scan_within: names.scan_within(model.key.get(..1).unwrap_or_default()),
            is_among_others: model.identity != Identity::Alone,
            composers: names.keys.composers(&names.keys.templates()),
            has_entangled_keys: feeds::are_entangled(&names.keys),
            feeds: feeds::feeds(&names.keys),
            groups: feeds::groups(&names.keys),
            name: model.name.clone(),
        }
    }
}

fn template(source: &KeySource) -> Option<&Template> {
    match source {
        KeySource::Field(_) => None,
        KeySource::Template(template) => Some(template),
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

    /// Whether an attribute is part of the table's key, or of an index's.
    fn is_key_of_any(&self, attribute: &str) -> bool {
        let mut keys =
            self.indexes.iter().flat_map(|index| index.partition_key.iter().chain(&index.sort_key));
        self.is_key(attribute) || keys.any(|key| key.name == attribute)
    }
}

/// Names what belongs to one model.
pub(super) struct Names<'a> {
    model: &'a Model,
    table: &'a Table,
    kinds: Kinds<'a>,
    keys: Keys<'a>,
}

/// What a query reads by.
struct Query<'a> {
    function: String,
    /// The name of its first stage.
    stage: String,
    partition: Vec<&'a KeySource>,
    sort: Vec<&'a KeySource>,
    record: &'a str,
    index: Option<&'a Index>,
    is_captured: bool,
}

impl<'a> Names<'a> {
    fn field(&self, number: usize, field: &Field) -> FieldView {
        let mut view = self.view(field);
        match feeds::part(&self.keys, field) {
            Part::None | Part::Unique => {}
            Part::Primary => view.role = ", dynamorm::InPrimaryKey".to_owned(),
            Part::Feeds => view.role = format!(", feeds::{}", feeds::role(field)),
            Part::Shares => view.role = ", dynamorm::InIndexKey".to_owned(),
        }
        if field.key_only {
            view.stored = false;
            view.handle = if view.rules.are_none() { Handle::None } else { Handle::Private };
        }
        let handle = format!("{}::{}", self.model.name, field.constant);
        let of_keys = samples::of_keys(self.model, self.table, number);
        view.samples = samples::field(&view, field, &handle, &field.name, of_keys);
        view
    }

    /// A field that is read as its attribute is used: one that DynamoDB or a guard compares has one form for each value.
    fn view(&self, field: &Field) -> FieldView {
        let in_key = self.keys.coarsest(field);
        let mut view = FieldView::within_keys(&self.kinds, field, &self.model.derives, in_key);
        let is_unique = self.model.unique.iter().flatten().any(|attribute| *attribute == field.attribute);
        if is_unique || self.table.is_key_of_any(&field.attribute) {
            view.read = "read_key";
        }
        view
    }

    /// Whether an index keeps an attribute.
    fn projects(&self, index: &Index, attribute: &str) -> bool {
        let included: &[String] = match &index.projection {
            Projection::All => return true,
            Projection::KeysOnly => &[],
            Projection::Include(attributes) => attributes,
        };
        self.table.is_key(attribute)
            || index.partition_key.iter().chain(&index.sort_key).any(|key| key.name == attribute)
            || included.iter().any(|name| name == attribute)
    }

    /// Whether what is read has the attribute by which items expire.
    fn expires(&self, is_read: &dyn Fn(&str) -> bool) -> bool {
        let ttl = self.table.ttl.as_deref();
        self.model
            .fields
            .iter()
            .any(|field| Some(field.attribute.as_str()) == ttl && is_read(&field.attribute))
    }

    fn context(&self) -> Option<ContextView> {
        let field = self.keys.field(self.model.context?)?;
        let template = self.model.key.first().and_then(template)?;
        Some(ContextView {
            name: literal(&field.name),
            identifier: field.identifier.clone(),
            rust_type: self.kinds.value_type(&field.kind, &field.name),
            kind: self.kinds.kind(&field.kind, &field.name),
            attribute: literal(&field.attribute),
            scope: self.context_text(template, &format!("&{}", field.identifier))?,
        })
    }

    /// The beginning of a composed key that tells the context, which is a parameter.
    fn context_text(&self, template: &Template, value: &str) -> Option<String> {
        let part = catalog::of_context(template, self.model.context)?;
        let field = self.keys.field(part.field)?;
        Some(format!(
            "dynamorm::KeyText::new({}).part::<{}>({}, {value}, \"#\")",
            literal(&template.begin),
            self.keys.form(part),
            literal(&field.attribute),
        ))
    }

    /// How a scan is kept within the context, by an attribute of a partition key.
    fn scan_within(&self, partition_key: &[KeySource]) -> String {
        let within = |source: &KeySource| match source {
            KeySource::Template(template) => {
                let field = self.keys.field(self.model.context?)?;
                let value = format!("&dynamorm::Argument::into_argument({})", field.identifier);
                let text = self.context_text(template, &value)?;
                Some(format!(".within({}, {text})", literal(&template.attribute)))
            }
            KeySource::Field(number) if Some(*number) == self.model.context => {
                let field = self.keys.field(*number)?;
                let kind = self.kinds.kind(&field.kind, &field.name);
                Some(format!(".within_value::<{kind}>({}, {})", literal(&field.attribute), field.identifier))
            }
            KeySource::Field(_) => None,
        };
        partition_key.iter().find_map(within).unwrap_or_default()
    }

    /// The statements that write the composed attributes.
    fn composed(&self) -> Vec<String> {
        let statement = |template: &Template| {
            let mut optional: Vec<&Field> = Vec::new();
            for field in template.parts.iter().filter_map(|part| self.keys.field(part.field)) {
                if field.optional && optional.iter().all(|known| known.name != field.name) {
                    optional.push(field);
                }
            }
            let called = |field: &Field| match field.identifier.as_str() {
                "encoder" => feeds::apart("encoder", &optional),
                other => other.to_owned(),
            };
            let text = self.keys.text(template, &|field| match field.optional {
                true => called(field),
                false => format!("&self.{}", field.identifier),
            });
            let set = format!("encoder.key({}, {text});", literal(&template.attribute));
            feeds::given(&optional, &set, "", "self.", &called)
        };
        let mut statements: Vec<_> = self.keys.templates().into_iter().map(statement).collect();
        statements.extend(self.table.type_attribute.as_ref().map(|attribute| {
            format!("encoder.constant({}, {});", literal(attribute), literal(&self.model.name))
        }));
        statements
    }

    fn further_attributes(&self) -> Vec<String> {
        let templates = self.keys.templates().into_iter().map(|template| literal(&template.attribute));
        templates.chain(self.table.type_attribute.as_deref().map(literal)).collect()
    }

    /// The match arm that refuses another model's item by its type attribute.
    fn read_type(&self) -> Option<String> {
        let attribute = self.table.type_attribute.as_deref()?;
        Some(format!("{} => value.expect({}),", literal(attribute), literal(&self.model.name)))
    }

    fn identity(&self) -> String {
        match self.model.identity {
            Identity::Alone => "dynamorm::Identity::Alone".to_owned(),
            Identity::Type => {
                let attribute = self.table.type_attribute.as_deref().unwrap_or_default();
                format!("dynamorm::Identity::Type({}, {})", literal(attribute), literal(&self.model.name))
            }
            Identity::Key | Identity::KeyWithContext => {
                let beginnings = self.model.key.iter().filter_map(template).filter_map(|template| {
                    let attribute = literal(&template.attribute);
                    let context = match self.model.identity {
                        Identity::KeyWithContext => catalog::of_context(template, self.model.context),
                        _ => None,
                    };
                    if let Some(part) = context {
                        let (before, after) = (literal(&template.begin), literal(&part.literal));
                        return Some(format!(
                            "({attribute}, dynamorm::Beginning::Context({before}, {after}))"
                        ));
                    }
                    let kind = if template.parts.is_empty() { "Whole" } else { "With" };
                    let begin = literal(&template.begin);
                    let says = !template.begin.is_empty();
                    says.then(|| format!("({attribute}, dynamorm::Beginning::{kind}({begin}))"))
                });
                format!("dynamorm::Identity::Key(&[{}])", beginnings.collect::<Vec<_>>().join(", "))
            }
        }
    }

    fn key_conversion(&self) -> String {
        let sources: Vec<_> = self.model.key.iter().collect();
        let fields = self.keys.fields(&sources);
        let types = fields.iter().map(|field| self.kinds.value_type(&field.kind, &field.name));
        types.collect::<Vec<_>>().join(", ")
    }

    pub(super) fn new(model: &'a Model, table: &'a Table, kinds: Kinds<'a>) -> Self {
        Names { model, table, kinds, keys: Keys { model, kinds } }
    }

    /// The fields that the primary key is made of.
    pub(super) fn primary_key_fields(&self) -> Vec<&'a Field> {
        self.keys.fields(&self.model.key.iter().collect::<Vec<_>>())
    }

    /// The query of the table, or of one of its indexes that the model uses. `path` leads to the model's types.
    pub(super) fn query_of(&self, index: Option<usize>, path: &str) -> QueryView {
        let model = &self.model.name;
        let used = index.and_then(|index| self.model.indexes.iter().find(|used| used.index == index));
        let Some(used) = used else {
            return self.query(&Query {
                function: "query".to_owned(),
                stage: format!("{path}{model}Query"),
                partition: self.model.key.iter().take(1).collect(),
                sort: self.model.key.iter().skip(1).collect(),
                record: &format!("{path}{model}"),
                index: None,
                is_captured: self.model.is_captured,
            });
        };
        let index = &self.table.indexes[used.index];
        let stem = format!("{path}{model}{}", used.type_stem);
        let record =
            if index.projection == Projection::All { format!("{path}{model}") } else { stem.clone() };
        self.query(&Query {
            function: used.function.clone(),
            stage: format!("{stem}Query"),
            partition: used.partition_key.iter().collect(),
            sort: used.sort_key.iter().collect(),
            record: &record,
            index: Some(index),
            is_captured: used.is_captured,
        })
    }

    fn query(&self, query: &Query<'_>) -> QueryView {
        let may_be_consistent = query.index.is_none_or(|index| index.scope == IndexScope::Local);
        let record = query.record;
        let source = if may_be_consistent { "FromTable" } else { "FromGlobalIndex" };
        let returns = read_type("Query", record, !may_be_consistent);
        let sort = self.sort_parts(&query.sort);
        let stage_name = |number: usize| match number {
            0 => query.stage.clone(),
            more => format!("{}{}", query.stage, more + 1),
        };
        let sorted = |number| format!("dynamorm::SortedQuery<{}>", stage_name(number));
        let names: Vec<_> = sort.iter().map(|part| part.shown.clone()).collect();
        let of =
            if names.is_empty() { String::new() } else { format!(", in the order of {}", in_words(&names)) };
        let partition: Vec<_> = self.keys.fields(&query.partition);
        let shown: Vec<_> = partition.iter().map(|field| self.shown(field, &query.partition)).collect();
        let one = match shown.is_empty() {
            true => "the items of its only partition".to_owned(),
            false => format!("the items of one {}", in_words(&shown)),
        };
        let mut docs = doc_lines(Some(&match query.index {
            Some(index) => format!("Queries index `{}`: {one}{of}.", index.name),
            None => format!("Queries the table: {one}{of}."),
        }));
        docs.extend(shape::of_parameters(partition.len()));
        let count = sort.len();
        let stages = sort.into_iter().enumerate().map(|(number, part)| {
            let next = if number + 1 < count { sorted(number + 1) } else { returns.clone() };
            let part_name = in_words(std::slice::from_ref(&part.shown));
            StageView {
                name: stage_name(number),
                query: sorted(number),
                docs: doc_lines(Some(&format!("A query's sort key, open from {part_name} on."))),
                part_docs: doc_lines(Some(&format!("Restricts {part_name} of the sort key."))),
                method: part.identifier,
                returns: format!("dynamorm::{}<{}, {next}, {returns}>", part.condition, part.kind),
                body: part.body,
            }
        });
        let stages: Vec<_> = stages.collect();
        QueryView {
            function: query.function.clone(),
            partition: self.keys.parts(&query.partition),
            calls: self.source_calls(query),
            returns: if stages.is_empty() { returns.clone() } else { sorted(0) },
            stages,
            record: record.to_owned(),
            query: returns,
            may_be_consistent,
            source,
            docs,
        }
    }

    /// What the documentation calls a field of a key: the attribute, where that is the key.
    fn shown(&self, field: &Field, sources: &[&KeySource]) -> String {
        let is_plain = sources.iter().any(|source| match source {
            KeySource::Field(number) => {
                self.keys.field(*number).is_some_and(|known| known.name == field.name)
            }
            KeySource::Template(_) => false,
        });
        if is_plain { field.attribute.clone() } else { field.name.clone() }
    }

    fn source_calls(&self, query: &Query<'_>) -> Vec<String> {
        let mut calls = self.keys.source_calls(&query.partition);
        if let [KeySource::Template(template)] = query.sort.as_slice() {
            let call = if template.parts.is_empty() { "sorted_exactly" } else { "sorted" };
            calls.push(format!(".{call}({}, {})", literal(&template.attribute), literal(&template.begin)));
        }
        if query.is_captured {
            calls.push(".among_others()".to_owned());
        }
        calls
    }

    /// What the stages of a query ask for: the attributes of its sort key, or the fields that it is composed of.
    fn sort_parts(&self, sort: &[&KeySource]) -> Vec<SortPart> {
        let mut parts = Vec::new();
        for source in sort {
            match source {
                KeySource::Field(number) => {
                    let Some(field) = self.keys.field(*number) else { continue };
                    parts.push(SortPart {
                        identifier: field.identifier.clone(),
                        shown: field.attribute.clone(),
                        condition: "SortKey",
                        kind: self.kinds.kind(&field.kind, &field.name),
                        body: format!("self.0.sort_key({})", literal(&field.attribute)),
                    });
                }
                KeySource::Template(template) => {
                    for (number, part) in template.parts.iter().enumerate() {
                        let Some(field) = self.keys.field(part.field) else { continue };
                        let is_last = number + 1 == template.parts.len();
                        parts.push(SortPart {
                            identifier: field.identifier.clone(),
                            shown: field.name.clone(),
                            condition: "SortPart",
                            kind: self.keys.form(part),
                            body: format!(
                                "self.0.sort_part({}, {}, {is_last})",
                                literal(&field.attribute),
                                literal(&part.literal)
                            ),
                        });
                    }
                }
            }
        }
        parts
    }

    fn index(&self, model_index: &ModelIndex) -> IndexView {
        let index = &self.table.indexes[model_index.index];
        let model = &self.model.name;
        let stem = format!("{model}{}", model_index.type_stem);
        let sources: Vec<_> = model_index.partition_key.iter().chain(&model_index.sort_key).collect();
        let projection = self.projection(&stem, index, model_index);
        let query = self.query_of(Some(model_index.index), "");
        IndexView {
            name: index.name.clone(),
            path: index_path(self.table, model_index.index),
            scan: format!("scan_{}", model_index.function),
            scan_returns: read_type("Scan", &query.record, !query.may_be_consistent),
            query,
            is_shared: model_index.is_shared,
            scan_within: self.scan_within(&model_index.partition_key),
            key: self.keys.key(format!("{stem}Key"), &sources),
            key_function: format!("{}_key", model_index.function),
            projection,
        }
    }

    fn projection(&self, name: &str, index: &Index, model_index: &ModelIndex) -> Option<ProjectionView> {
        if index.projection == Projection::All {
            return None;
        }
        let is_projected = |attribute: &str| self.projects(index, attribute);
        // Keys are projected always, and tell the fields that they are composed of.
        let of_index = model_index.partition_key.iter().chain(&model_index.sort_key);
        let mut templates: Vec<&Template> = Vec::new();
        for template in self.model.key.iter().chain(of_index).filter_map(template) {
            if templates.iter().all(|known| known.attribute != template.attribute) {
                templates.push(template);
            }
        }
        let mut told: Vec<&Field> = Vec::new();
        let mut key_reads = Vec::new();
        let mut key_comparisons = Vec::new();
        for template in templates {
            let fields = template.parts.iter().filter_map(|part| self.keys.field(part.field));
            let wanted: Vec<_> = fields
                .filter(|field| field.key_only || !is_projected(&field.attribute))
                .filter(|field| told.iter().all(|known| known.name != field.name))
                .collect();
            key_reads.push(self.keys.read(template, &wanted));
            if !self.keys.tells_all(template, &wanted) {
                key_comparisons.push(self.keys.compare(template));
            }
            told.extend(wanted);
        }
        if self.table.type_attribute.as_deref().is_some_and(is_projected) {
            key_reads.extend(self.read_type());
        }
        let is_told = |field: &Field| told.iter().any(|known| known.name == field.name);
        let fields =
            self.model.fields.iter().filter(|field| is_told(field) || is_projected(&field.attribute));
        let fields = fields.map(|field| {
            let mut view = self.view(field);
            // What an index holds is read only: nothing would ask for the rules.
            view.rules = RulesView::default();
            if feeds::part(&self.keys, field) == Part::Primary {
                view.role = ", dynamorm::InPrimaryKey".to_owned();
            }
            if is_told(field) {
                view.stored = false;
                view.handle = Handle::None;
            }
            view
        });
        let mut body = FieldsView::new(&self.kinds, fields.collect());
        body.key_reads = key_reads;
        body.key_comparisons = key_comparisons;
        let mut attributes = type_attributes(&["Clone", "Debug", "PartialEq"], &self.model.derives);
        attributes.extend(body.allowed.clone());
        Some(ProjectionView {
            name: name.to_owned(),
            docs: vec![format!("/// What index `{}` holds of one `{}`.", index.name, self.model.name)],
            attributes,
            expires: self.expires(&is_projected),
            body,
        })
    }
}

/// One step of a sort key.
struct SortPart {
    identifier: String,
    /// What the documentation calls it.
    shown: String,
    /// The runtime's type of its conditions.
    condition: &'static str,
    kind: String,
    body: String,
}

fn in_words(attributes: &[String]) -> String {
    attributes.iter().map(|attribute| format!("`{attribute}`")).collect::<Vec<_>>().join(" and ")
}

/// The type of a query or a scan.
pub(super) fn read_type(read: &str, record: &str, is_of_global_index: bool) -> String {
    let source = if is_of_global_index { ", dynamorm::FromGlobalIndex" } else { "" };
    format!("dynamorm::{read}<{record}{source}>")
}
