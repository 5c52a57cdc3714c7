//! Queries: the function that begins one, and the stages of its sort key.

use askama::Template;

use super::key::{KeyPartView, KeyWriter};
use super::kind::Kinds;
use super::layout::{chain, list};
use super::tables::index_path;
use super::text::{code, doc_lines, literal};
use super::{partitions, shape};
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
    /// The function that reads the buckets of a range, where the partition key tells periods.
    pub buckets: Option<(Function, Vec<SortStage>)>,
    /// What is called to read every shard, where there are several.
    pub all_shards: &'static str,
    /// The partition key's parts.
    pub partition: Vec<KeyPartView>,
    pub stages: Vec<SortStage>,
    /// The type of the query once its sort key is complete.
    pub complete: String,
    /// The type that it reads.
    pub record: String,
    /// Where it reads, as the runtime names it.
    pub source: &'static str,
}

/// The open part of a query's sort key, and the method that restricts its next part.
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
    /// The stage that an equality leads to; a complete query after the last.
    next: Option<String>,
    part_docs: Vec<String>,
    pub method: String,
    signature: String,
    body: String,
    /// The parts after the next one, which the compiler refuses.
    later: Vec<LaterPart>,
}

/// A part of a sort key that cannot be given yet. It exists so the compiler can say so.
struct LaterPart {
    signature: String,
    body: String,
}

/// Writes the queries of one model.
pub(super) struct QueryWriter<'a> {
    model: &'a Model,
    table: &'a Table,
    pub kinds: Kinds<'a>,
    pub keys: KeyWriter<'a>,
}

/// The key of a query.
pub(super) struct QueryKey<'a> {
    pub function: String,
    /// What the names of its types begin with.
    pub stem: String,
    pub partition: Vec<&'a KeySource>,
    pub sort: SortKey<'a>,
    pub record: String,
    /// The index, and the path of its constant.
    pub index: Option<(&'a Index, String)>,
    /// The entry of the index.
    pub entry: Option<&'a ModelIndex>,
    is_captured: bool,
    meets_alike: bool,
}

/// The sort key of a query.
pub(super) struct SortKey<'a> {
    pub sources: Vec<&'a KeySource>,
    /// The documentation's name for the table or index.
    pub of: String,
    /// The name of its first stage.
    pub stage: String,
    /// Whether the keys contain more than what the query asks for.
    pub is_beginning: bool,
}

impl<'a> QueryWriter<'a> {
    pub fn new(model: &'a Model, table: &'a Table, kinds: Kinds<'a>) -> Self {
        QueryWriter { model, table, kinds, keys: KeyWriter { model, kinds } }
    }

    /// The fields of the primary key.
    pub fn primary_key_fields(&self) -> Vec<&'a Field> {
        self.keys.fields(&self.model.key.iter().collect::<Vec<_>>())
    }

    /// The query of the table, or of one of its indexes that the model uses. `path` is the path of the model's types.
    pub fn query_of(&self, index: Option<usize>, path: &str) -> ModelQuery {
        let model = &self.model.name;
        let used = index.and_then(|index| self.model.indexes.iter().find(|used| used.index == index));
        if let Some(used) = used {
            return self.query_of_entry(used, path);
        }
        self.query(&QueryKey {
            function: "query".to_owned(),
            stem: format!("{path}{model}"),
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
            stem: stem.clone(),
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
        let shard = catalog::open_shard(query.partition.iter().copied());
        let source = match (is_global, shard.is_some()) {
            (true, false) => "FromGlobalIndex",
            (true, true) => "FromGlobalIndexPartitions",
            (false, false) => "FromTable",
            (false, true) => "FromPartitions",
        };
        let complete = match source {
            "FromTable" => format!("dynamorm::Query<{}>", query.record),
            source => format!("dynamorm::Query<{}, dynamorm::{source}>", query.record),
        };
        let stages = self.stages(&query.sort, &query.record, source);
        let returns = stages.first().map_or(&complete, |stage| &stage.query);
        let mut partition = self.keys.parts(&query.partition);
        if let Some(field) = shard.and_then(|(_, part)| self.keys.field(part.field)) {
            partition.retain(|part| part.identifier != field.identifier);
        }
        let parameters: Vec<_> = partition.iter().map(KeyPartView::parameter).collect();
        let head = format!("pub fn {}(", query.function);
        let docs = self.docs(query, &stages);
        let function = match shard {
            None => Function {
                docs,
                signature: list(4, &head, &parameters, &format!(") -> {returns} {{")),
                body: vec![chain(8, "dynamorm::generated::query::<Self>()", &self.calls(query), "")],
            },
            Some((template, part)) => self.sharded(query, docs, &parameters, returns, (template, part)),
        };
        let buckets = self.buckets(query, is_global, returns);
        ModelQuery {
            function,
            name: query.function.clone(),
            buckets,
            all_shards: if shard.is_some() { ".all_shards()" } else { "" },
            partition,
            stages,
            complete,
            record: query.record.clone(),
            source,
        }
    }

    fn docs(&self, query: &QueryKey<'_>, stages: &[SortStage]) -> Vec<String> {
        let mut partition: Vec<_> = self.keys.fields(&query.partition);
        let shard = catalog::open_shard(query.partition.iter().copied());
        if let Some(field) = shard.and_then(|(_, part)| self.keys.field(part.field)) {
            partition.retain(|known| known.name != field.name);
        }
        let shown: Vec<_> = partition.iter().map(|field| self.shown(field, &query.partition)).collect();
        let one = match (shown.is_empty(), shard) {
            (true, None) => "the items of its only partition".to_owned(),
            (true, Some(_)) => "its items".to_owned(),
            (false, _) => format!("the items of one {}", in_words(&shown)),
        };
        let one = match shard {
            Some((_, part)) => format!("{one} in {} shards", partitions::shards(part)),
            None => one,
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
            let before: Vec<_> = catalog::excluded(&self.model.indexes, used).map(&shown).collect();
            let unless = (!before.is_empty()).then(|| format!("unless {}", before.join(" or ")));
            let all: Vec<_> = own.chain(unless).collect();
            docs.push("///".to_owned());
            docs.extend(doc_lines(&format!("An item is in the index with this key {}.", all.join(", "))));
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

    /// The documentation's name for a field of a key; the attribute's name if that is the key.
    fn shown(&self, field: &Field, sources: &[&KeySource]) -> String {
        let is_plain = sources.iter().any(|source| match source {
            KeySource::Field(number) => {
                self.keys.field(*number).is_some_and(|known| known.name == field.name)
            }
            KeySource::Template(_) => false,
        });
        if is_plain { field.attribute.clone() } else { self.keys.shown(field, sources) }
    }

    /// The calls that make the source of a read.
    fn calls(&self, query: &QueryKey<'_>) -> Vec<String> {
        let mut calls: Vec<String> = query.index.iter().map(|(_, path)| format!(".index(&{path})")).collect();
        calls.extend(self.keys.source_calls(&query.partition));
        calls.extend(self.calls_behind_partition(query));
        calls
    }

    /// What it is told besides the partition.
    pub fn calls_behind_partition(&self, query: &QueryKey<'_>) -> Vec<String> {
        let mut calls = Vec::new();
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

    /// The stages of a sort key, for a query that reads items as `record`.
    pub fn stages(&self, sort: &SortKey<'_>, record: &str, source: &'static str) -> Vec<SortStage> {
        let parts = self.sort_parts(sort);
        let name = |number: usize| match number {
            0 => sort.stage.clone(),
            more => format!("{}{}", sort.stage, more + 1),
        };
        let count = parts.len();
        // If a field appears in the sort key more than once, the first part has its name.
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

    /// The parts that the stages of a query ask for: the attributes of its sort key, or the fields of a composed one.
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
    /// Its name in documentation.
    shown: String,
    /// The runtime's type of its conditions.
    condition: &'static str,
    kind: String,
    /// The further arguments of that type, besides the stage.
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
