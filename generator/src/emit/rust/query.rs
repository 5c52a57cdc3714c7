//! Queries: the function that begins one, and the stages in which its sort key is given.

use askama::Template;

use super::key::{KeyPartView, KeyWriter};
use super::kind::Kinds;
use super::layout::{chain, list};
use super::shape;
use super::tables::index_path;
use super::text::{code, doc_lines, literal};
use crate::catalog::{
    self, Condition, Field, Index, IndexScope, KeySource, Model, ModelIndex, Projection, Table,
};

/// A function with its documentation, the attributes below that, and one expression.
#[derive(Template)]
#[template(path = "rust/function.rs.jinja", escape = "none")]
pub(super) struct Function {
    pub docs: Vec<String>,
    pub signature: String,
    pub body: Vec<String>,
}

/// A query of a table or of an index, as one model uses it.
pub(super) struct ModelQuery {
    pub function: Function,
    /// The name of the function.
    pub name: String,
    /// The partition key's parts.
    pub partition: Vec<KeyPartView>,
    pub stages: Vec<SortStage>,
    /// The type of the query once nothing of the sort key is left to give.
    pub complete: String,
    /// What it reads items as.
    pub record: String,
    /// Where it reads, as the runtime names it.
    pub source: &'static str,
}

/// What is open of a query's sort key, and the method that restricts its next part.
#[derive(Template)]
#[template(path = "rust/sort_stage.rs.jinja", escape = "none")]
pub(super) struct SortStage {
    pub name: String,
    /// The type of the query.
    pub query: String,
    /// The query's documentation.
    docs: Vec<String>,
    record: String,
    source: &'static str,
    /// The stage that an equality leads on to; a complete query behind the last.
    next: Option<String>,
    part_docs: Vec<String>,
    pub method: String,
    signature: String,
    body: String,
    /// The parts behind the next one, which the compiler refuses.
    later: Vec<LaterPart>,
}

/// A part of a sort key that cannot be given yet: it is there for the compiler to say so.
struct LaterPart {
    signature: String,
    body: String,
}

/// Writes the queries of one model.
pub(super) struct QueryWriter<'a> {
    model: &'a Model,
    table: &'a Table,
    kinds: Kinds<'a>,
    keys: KeyWriter<'a>,
}

/// What a query reads by.
struct QueryKey<'a> {
    function: String,
    partition: Vec<&'a KeySource>,
    sort: SortKey<'a>,
    record: String,
    /// The index, and the path of its constant.
    index: Option<(&'a Index, String)>,
    /// The entry of the index.
    entry: Option<&'a ModelIndex>,
    is_captured: bool,
    meets_alike: bool,
}

/// The sort key of a query.
pub(super) struct SortKey<'a> {
    pub sources: Vec<&'a KeySource>,
    /// What documentation calls what is queried: `the table`, or an index.
    pub of: String,
    /// The name of its first stage.
    pub stage: String,
    /// Whether more follows in the keys than what is asked for.
    pub is_beginning: bool,
}

impl<'a> QueryWriter<'a> {
    pub fn new(model: &'a Model, table: &'a Table, kinds: Kinds<'a>) -> Self {
        QueryWriter { model, table, kinds, keys: KeyWriter { model, kinds } }
    }

    /// The fields that the primary key is made of.
    pub fn primary_key_fields(&self) -> Vec<&'a Field> {
        self.keys.fields(&self.model.key.iter().collect::<Vec<_>>())
    }

    /// The query of the table, or of one of its indexes that the model uses. `path` leads to the model's types.
    pub fn query_of(&self, index: Option<usize>, path: &str) -> ModelQuery {
        let model = &self.model.name;
        let used = index.and_then(|index| self.model.indexes.iter().find(|used| used.index == index));
        if let Some(used) = used {
            return self.query_of_entry(used, path);
        }
        self.query(&QueryKey {
            function: "query".to_owned(),
            partition: self.model.key.iter().take(1).collect(),
            sort: SortKey {
                sources: self.model.key.iter().skip(1).collect(),
                of: "the table".to_owned(),
                stage: format!("{path}{model}Query"),
                is_beginning: false,
            },
            record: format!("{path}{model}"),
            index: None,
            entry: None,
            is_captured: self.model.is_captured,
            meets_alike: self.model.query_meets_alike,
        })
    }

    /// The query of an index, by one of the model's entries in it.
    pub fn query_of_entry(&self, used: &'a ModelIndex, path: &str) -> ModelQuery {
        let model = &self.model.name;
        let index = &self.table.indexes[used.index];
        let stem = format!("{path}{model}{}", used.type_stem);
        self.query(&QueryKey {
            function: used.function.clone(),
            partition: used.partition_key.iter().collect(),
            sort: SortKey {
                sources: used.sort_key.iter().collect(),
                of: format!("index `{}`", index.name),
                stage: format!("{stem}Query"),
                is_beginning: false,
            },
            record: if index.projection == Projection::All { format!("{path}{model}") } else { stem },
            index: Some((index, index_path(self.table, used.index))),
            entry: Some(used),
            is_captured: used.is_captured,
            meets_alike: used.meets_alike,
        })
    }

    fn query(&self, query: &QueryKey<'_>) -> ModelQuery {
        let is_global = query.index.as_ref().is_some_and(|(index, _)| index.scope == IndexScope::Global);
        let source = if is_global { "FromGlobalIndex" } else { "FromTable" };
        let complete = read_type("Query", &query.record, is_global);
        let stages = self.stages(&query.sort, &query.record, source);
        let returns = stages.first().map_or(&complete, |stage| &stage.query);
        let partition = self.keys.parts(&query.partition);
        let parameters: Vec<_> = partition.iter().map(KeyPartView::parameter).collect();
        let head = format!("pub fn {}(", query.function);
        let function = Function {
            docs: self.docs(query, &stages),
            signature: list(4, &head, &parameters, &format!(") -> {returns} {{")),
            body: vec![chain(8, "dynamorm::generated::query::<Self>()", &self.calls(query), "")],
        };
        ModelQuery {
            function,
            name: query.function.clone(),
            partition,
            stages,
            complete,
            record: query.record.clone(),
            source,
        }
    }

    fn docs(&self, query: &QueryKey<'_>, stages: &[SortStage]) -> Vec<String> {
        let partition: Vec<_> = self.keys.fields(&query.partition);
        let shown: Vec<_> = partition.iter().map(|field| self.shown(field, &query.partition)).collect();
        let one = match shown.is_empty() {
            true => "the items of its only partition".to_owned(),
            false => format!("the items of one {}", in_words(&shown)),
        };
        let sorted: Vec<_> = self.sort_parts(&query.sort).into_iter().map(|part| part.shown).collect();
        let order = match stages.is_empty() {
            true => String::new(),
            false => format!(", in the order of {}", in_words(&sorted)),
        };
        let mut docs = doc_lines(&format!("Queries {}: {one}{order}.", query.sort.of));
        if let Some(used) = query.entry.filter(|used| used.is_by_condition()) {
            let shown = |when: &Condition| {
                code(&when.shown(&|number| self.keys.field(number).map_or("", |field| &field.name)))
            };
            let own = used.when.iter().map(|when| format!("where {}", shown(when)));
            let before =
                catalog::excluded(&self.model.indexes, used).map(|when| format!("not where {}", shown(when)));
            let all: Vec<_> = own.chain(before).collect();
            docs.push("///".to_owned());
            docs.extend(doc_lines(&format!("An item is in the index by this {}.", all.join(", and "))));
        }
        if query.meets_alike {
            let alike = self.model.alike.iter().filter_map(|number| self.kinds.catalog.models.get(*number));
            let names: Vec<_> = alike.map(|model| model.name.clone()).collect();
            docs.push("///".to_owned());
            docs.extend(doc_lines(&format!(
                "Items of {} stand among them. They are read, and left out.",
                in_words(&names)
            )));
        }
        docs.extend(shape::of_parameters(partition.len()));
        docs
    }

    /// What the documentation calls a field of a key: the attribute, where that is the key.
    fn shown(&self, field: &Field, sources: &[&KeySource]) -> String {
        let is_plain = sources.iter().any(|source| match source {
            KeySource::Field(number) => {
                self.keys.field(*number).is_some_and(|known| known.name == field.name)
            }
            KeySource::Template(_) => false,
        });
        if is_plain { field.attribute.clone() } else { self.keys.shown(field, sources) }
    }

    /// What the source of a read is told, call by call.
    fn calls(&self, query: &QueryKey<'_>) -> Vec<String> {
        let mut calls: Vec<String> = query.index.iter().map(|(_, path)| format!(".index(&{path})")).collect();
        calls.extend(self.keys.source_calls(&query.partition));
        if let [KeySource::Template(template)] = query.sort.sources.as_slice() {
            let call = if template.parts.is_empty() { "sorted_exactly" } else { "sorted" };
            calls.push(format!(".{call}({}, {})", literal(&template.attribute), literal(&template.begin)));
        }
        if query.is_captured {
            calls.push(".among_others()".to_owned());
        }
        if query.meets_alike {
            calls.push(".among_alike()".to_owned());
        }
        calls.push(".into()".to_owned());
        calls
    }

    /// The stages in which a sort key is given, of a query that reads items as `record`.
    pub fn stages(&self, sort: &SortKey<'_>, record: &str, source: &'static str) -> Vec<SortStage> {
        let parts = self.sort_parts(sort);
        let name = |number: usize| match number {
            0 => sort.stage.clone(),
            more => format!("{}{}", sort.stage, more + 1),
        };
        let count = parts.len();
        // Of a field that stands in the sort key more than once, the first part has its name.
        let later = |number: usize| {
            let mut known = vec![parts[number].identifier.as_str()];
            let mut later = Vec::new();
            for part in &parts[number + 1..] {
                if !known.contains(&part.identifier.as_str()) {
                    known.push(&part.identifier);
                    later.push(part.later());
                }
            }
            later
        };
        let later: Vec<Vec<LaterPart>> = (0..count).map(later).collect();
        let stages = parts.into_iter().zip(later).enumerate().map(|(number, (part, later))| {
            let shown = in_words(std::slice::from_ref(&part.shown));
            SortStage {
                name: name(number),
                query: format!("dynamorm::SortedQuery<{}>", name(number)),
                docs: doc_lines(&format!("A query of {} whose sort key is open from {shown} on.", sort.of)),
                record: record.to_owned(),
                source,
                next: (number + 1 < count).then(|| name(number + 1)),
                part_docs: doc_lines(&format!("Restricts {shown} of the sort key.")),
                signature: format!("{} {{", part.signature()),
                body: part.body(),
                method: part.identifier,
                later,
            }
        });
        stages.collect()
    }

    /// What the stages of a query ask for: the attributes of its sort key, or the fields that it is composed of.
    fn sort_parts(&self, sort: &SortKey<'_>) -> Vec<SortStep> {
        let mut parts = Vec::new();
        for source in &sort.sources {
            match source {
                KeySource::Field(number) => {
                    let Some(field) = self.keys.field(*number) else { continue };
                    parts.push(SortStep {
                        identifier: field.identifier.clone(),
                        shown: field.attribute.clone(),
                        condition: "SortKey",
                        kind: self.kinds.kind(&field.kind, &field.name),
                        arguments: literal(&field.attribute),
                    });
                }
                KeySource::Template(template) => {
                    for (number, part) in template.parts.iter().enumerate() {
                        let Some(field) = self.keys.field(part.field) else { continue };
                        let is_last = number + 1 == template.parts.len() && !sort.is_beginning;
                        parts.push(SortStep {
                            identifier: field.identifier.clone(),
                            shown: match part.form.computed() {
                                Some(computed) => format!("{}:{computed}", field.name),
                                None => field.name.clone(),
                            },
                            condition: "SortPart",
                            kind: self.keys.form(part),
                            arguments: format!(
                                "{}, {}, {is_last}",
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
}

/// One step of a sort key.
struct SortStep {
    identifier: String,
    /// What the documentation calls it.
    shown: String,
    /// The runtime's type of its conditions.
    condition: &'static str,
    kind: String,
    /// What that type is told besides the stage.
    arguments: String,
}

impl SortStep {
    fn signature(&self) -> String {
        format!("pub fn {}(&self) -> dynamorm::{}<{}, Self>", self.identifier, self.condition, self.kind)
    }

    fn body(&self) -> String {
        format!("dynamorm::{}::new(self, {})", self.condition, self.arguments)
    }

    fn later(&self) -> LaterPart {
        LaterPart { signature: self.signature(), body: self.body() }
    }
}

fn in_words(attributes: &[String]) -> String {
    attributes.iter().map(|attribute| code(attribute)).collect::<Vec<_>>().join(" and ")
}

/// The type of a query or a scan.
pub(super) fn read_type(read: &str, record: &str, is_of_global_index: bool) -> String {
    let source = if is_of_global_index { ", dynamorm::FromGlobalIndex" } else { "" };
    format!("dynamorm::{read}<{record}{source}>")
}
