//! Queries of several partitions: of the shards of one, and of the buckets of a range.

use super::key::KeyPartView;
use super::layout::{chain, list};
use super::query::{Function, QueryKey, QueryWriter, SortKey, SortStage};
use super::text::{code, doc_lines, literal};
use crate::catalog::{self, Field, IndexFunctions, KeyForm, KeySource, Template, TemplatePart};

impl QueryWriter<'_> {
    /// The query of a partition that is spread over shards.
    pub fn sharded(
        &self,
        query: &QueryKey<'_>,
        docs: Vec<String>,
        parameters: &[String],
        returns: &str,
        (template, part): (&Template, &TemplatePart),
    ) -> Function {
        let shards = shards(part);
        let identifier = self.keys.field(part.field).map_or("_", |field| &field.identifier);
        let attribute = literal(&template.attribute);
        let text = self.text_of_shard(template, part);
        let call = format!(".sharded({attribute}, {shards}, |{identifier}| {text})");
        let mut body = self.values(query, &[part.field]);
        body.push(self.read(query, template, call));
        let head = format!("pub fn {}(", query.function);
        let tail = format!(") -> dynamorm::Sharded<{returns}> {{");
        Function { docs, signature: list(4, &head, parameters, &tail), body }
    }

    /// The query of the buckets of a range, where the partition key tells the periods of moments, and the stages of its sort key
    /// that the query of one bucket has not. `returns` is what that one returns.
    pub fn buckets(
        &self,
        query: &QueryKey<'_>,
        is_global: bool,
        returns: &str,
    ) -> Option<(Function, Vec<SortStage>)> {
        let kind = |number: usize| self.keys.field(number).map(|field| &field.kind);
        let buckets = catalog::buckets(query.partition.iter().copied(), kind)?;
        let field = self.keys.field(buckets.part.field)?;
        let shard = buckets.shard.and_then(|part| Some((self.keys.field(part.field)?, part)));
        let open: Vec<usize> =
            std::iter::once(buckets.part).chain(buckets.shard).map(|part| part.field).collect();
        let parts = self.keys.parts(&query.partition);
        let open_names: Vec<_> = open.iter().filter_map(|number| self.keys.field(*number)).collect();
        let is_given =
            |part: &&KeyPartView| open_names.iter().all(|field| field.identifier != part.identifier);
        let mut parameters: Vec<_> = parts.iter().filter(is_given).map(KeyPartView::parameter).collect();
        // No field has this name too.
        let mut range = buckets.periods.to_owned();
        while parts.iter().any(|part| part.identifier == range) {
            range.push('_');
        }
        parameters.push(format!("{range}: ::core::ops::RangeInclusive<impl dynamorm::key::PeriodBound>"));
        let period = match buckets.part.form {
            KeyForm::Month => "Month",
            KeyForm::Hour => "Hour",
            _ => "Day",
        };
        let attribute = literal(&buckets.template.attribute);
        let moment = &field.identifier;
        let call = match shard {
            None => {
                let text = self.keys.text(buckets.template, &|field| format!("&{}", field.identifier));
                format!(".buckets::<dynamorm::key::{period}>({attribute}, {range}, |{moment}| {text})")
            }
            Some((field, part)) => format!(
                ".sharded_buckets::<dynamorm::key::{period}>({attribute}, {range}, {}, |{moment}, {}| {})",
                shards(part),
                field.identifier,
                self.text_of_shard(buckets.template, part)
            ),
        };
        let source = if is_global { "FromGlobalIndexPartitions" } else { "FromPartitions" };
        let sort = SortKey {
            sources: query.sort.sources.clone(),
            of: format!("the {} of {}", buckets.periods, query.sort.of),
            stage: catalog::bucket_stage(&query.stem, buckets.periods, 1),
            is_beginning: false,
        };
        let (returns, stages) = match shard {
            // The query of one bucket reads several partitions already.
            Some(_) => (format!("dynamorm::Sharded<{returns}>"), Vec::new()),
            None => {
                let stages = self.stages(&sort, &query.record, source);
                let complete = format!("dynamorm::Query<{}, dynamorm::{source}>", query.record);
                (stages.first().map_or(complete, |stage| stage.query.clone()), stages)
            }
        };
        let mut body = self.values(query, &open);
        body.push(self.read(query, buckets.template, call));
        let function = IndexFunctions::buckets(&query.function, buckets.periods);
        let docs = format!(
            "Queries {}: the items of all {} of {} that a range touches, one of these after the other.",
            query.sort.of,
            buckets.periods,
            code(&field.name)
        );
        let head = format!("pub fn {function}(");
        let signature = list(4, &head, &parameters, &format!(") -> {returns} {{"));
        Some((Function { docs: doc_lines(&docs), signature, body }, stages))
    }

    /// The body of a closure that composes a key of a shard's number.
    fn text_of_shard(&self, template: &Template, part: &TemplatePart) -> String {
        let (head, parts) = self.keys.calls_of_values(template, Some(part.field));
        // One call of a part is never on one line with the closure.
        let parts: String = parts.iter().map(|part| format!("\n{:20}{part}", "")).collect();
        format!("{{\n{:16}{head}{parts}\n{:12}}}", "", "")
    }

    /// The values of a partition key's fields, those that are `open` apart.
    fn values(&self, query: &QueryKey<'_>, open: &[usize]) -> Vec<String> {
        let is_open = |field: &&Field| {
            let mut open = open.iter().filter_map(|number| self.keys.field(*number));
            open.any(|known| known.name == field.name)
        };
        let given = self.keys.fields(&query.partition).into_iter().filter(|field| !is_open(field));
        let value = given.map(|field| {
            let rust_type = self.kinds.value_type(&field.kind, &field.name);
            let identifier = &field.identifier;
            format!("let {identifier}: {rust_type} = {identifier}.into_argument();")
        });
        value.collect()
    }

    /// A read of several partitions: `call` gives the attribute of their keys that `template` composes.
    fn read(&self, query: &QueryKey<'_>, template: &Template, call: String) -> String {
        let mut calls: Vec<String> = query.index.iter().map(|(_, path)| format!(".index(&{path})")).collect();
        let others = query.partition.iter().copied();
        let others = others.filter(|source| **source != KeySource::Template(template.clone()));
        let others: Vec<_> = others.collect();
        calls.extend(self.keys.source_calls_by(&others, &|field| format!("&{}", field.identifier)));
        calls.push(call);
        calls.extend(self.calls_behind_partition(query));
        chain(8, "dynamorm::generated::query::<Self>()", &calls, "")
    }
}

/// How many shards a part chooses from.
pub(super) fn shards(part: &TemplatePart) -> u32 {
    match part.form {
        KeyForm::Shard(shards) => shards,
        _ => 1,
    }
}
