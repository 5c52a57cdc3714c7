//! Counters: what facts say of them, and the functions that count anew.

use super::key::KeyWriter;
use super::kind::Kinds;
use super::layout::{braces, list};
use super::query::{Function, QueryWriter};
use super::related::{RelatedValues, RelationForm};
use super::relation::queried;
use super::text::{doc_lines, literal};
use crate::catalog::{Catalog, Counter, CounterReach, Generated, Model, recount_function};

/// Whether items of a model count others.
pub(super) fn counts(model: &Model) -> bool {
    model.fields.iter().any(|field| field.generated == Some(Generated::Counter))
}

/// What counts a model's items, and what they count: `Some(&dynamorm::CountingFacts { … })`.
pub(super) fn fact(model: &Model, keys: &KeyWriter<'_>) -> Option<String> {
    let kept = model.fields.iter().filter(|field| field.generated == Some(Generated::Counter));
    let kept: Vec<_> = kept.map(|field| literal(&field.attribute)).collect();
    let counters = model.counters.iter().filter_map(|counter| self::counter(model, keys, counter));
    let counters: Vec<_> = counters.collect();
    (!kept.is_empty() || !counters.is_empty()).then(|| {
        let values = [list(12, "kept: &[", &kept, "]"), list(12, "counters: &[", &counters, "]")];
        braces(8, "Some(&dynamorm::CountingFacts", &values, ")")
    })
}

fn counter(model: &Model, keys: &KeyWriter<'_>, counter: &Counter) -> Option<String> {
    let owner = keys.kinds.catalog.models.iter().find(|known| known.name == counter.owner)?;
    let names: Vec<_> = counter.depends_on.iter().map(|name| literal(name)).collect();
    let option = |value: Option<String>| value.map_or("None".to_owned(), |value| format!("Some({value})"));
    let values = RelatedValues { kinds: keys.kinds };
    // The bounds of a sum are those of its type; a number of items leaves none.
    let bounds = match counter.sum {
        Some(_) => format!("<{} as dynamorm::kind::Addable>::BOUNDS", kind(counter)),
        None => "None".to_owned(),
    };
    let facts = [
        format!("attribute: {}", literal(&counter.attribute)),
        format!("owner: || <super::{} as dynamorm::Record>::FACTS", owner.name),
        list(
            20,
            &format!(
                "owner_key: |item| dynamorm::generated::owner_key::<{}, super::{}>(",
                model.name, owner.name
            ),
            &[
                "item".to_owned(),
                format!("|{}| Some({})", item(counter), values.key(owner, model, "counted", &counter.key)),
            ],
            ")",
        ),
        format!("depends_on: &[{}]", names.join(", ")),
        format!("sum: {}", option(counter.sum.as_ref().map(|sum| literal(sum)))),
        format!("max: {}", option(counter.max.map(|max| literal(&max.to_string())))),
        format!("bounds: {bounds}"),
    ];
    Some(braces(16, "dynamorm::CounterFacts", &facts, ""))
}

/// What a closure calls the counted item.
fn item(counter: &Counter) -> &'static str {
    if counter.key.is_empty() { "_" } else { "counted" }
}

/// The kind of a counter's values.
fn kind(counter: &Counter) -> &'static str {
    if counter.is_decimal { "dynamorm::Decimal" } else { "i64" }
}

/// The functions that count anew what a model's items count.
pub(super) fn recounts(catalog: &Catalog, owner: &Model) -> Vec<Function> {
    let counted = catalog.models.iter().flat_map(|model| model.counters.iter().map(move |one| (model, one)));
    let own = counted.filter(|(_, counter)| counter.owner == owner.name);
    own.map(|(counted, counter)| recount(catalog, owner, counted, counter)).collect()
}

fn recount(catalog: &Catalog, owner: &Model, counted: &Model, counter: &Counter) -> Function {
    let (field, kind) = (&counter.field, kind(counter));
    let (query, reads) = match &counter.reach {
        CounterReach::Query { index, key } => {
            let kinds = Kinds::new(catalog, &owner.name);
            let queries = QueryWriter::new(counted, &catalog.tables[counted.table], kinds);
            let form = RelationForm::of(owner, key);
            let values = RelatedValues { kinds };
            let (query, ..) = queried(&queries, &values, counted, (owner, "key"), *index, key);
            (format!("|key| {}", form.body(&query)), String::new())
        }
        CounterReach::Scan => {
            (format!("|_| super::{}::scan()", counted.name), " It scans their table.".to_owned())
        }
    };
    let docs = format!(
        "Counts the `{}` items of one `{}` anew, and corrects `{field}` where it is not that.{reads}",
        counted.name, owner.name
    );
    let arguments = [literal(&counter.attribute), "key".to_owned(), query];
    let call = format!("dynamorm::Recount::new::<super::{}, _, _>(", counted.name);
    Function {
        docs: doc_lines(&docs),
        signature: list(
            4,
            &format!("pub fn {}(", recount_function(field)),
            &["key: impl dynamorm::IntoKey<Self>".to_owned()],
            &format!(") -> dynamorm::Recount<Self, {kind}> {{"),
        ),
        body: vec![list(8, &call, &arguments, ")")],
    }
}
