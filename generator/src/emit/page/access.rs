//! The functions that serve access patterns.

use super::keys::fields;
use crate::catalog::{Catalog, Field, KeySource, Model, Reach, Relation};

/// An access pattern, and the call that serves it.
pub(super) struct Access {
    pub pattern: String,
    pub call: String,
    /// The request to DynamoDB: `Query of by-author`.
    pub request: String,
}

/// The access patterns of a model, operations on one item first.
pub(super) fn of_model(catalog: &Catalog, model: &Model) -> Vec<Access> {
    let (name, table) = (&model.name, &catalog.tables[model.table]);
    let key = fields(model, &model.key);
    let mut all = vec![Access {
        pattern: format!("one {name} by {}", names(&key, " and ")),
        call: format!("{name}::get({})", tuple(&key)),
        request: "GetItem".to_owned(),
    }];
    if let [partition, sort @ ..] = model.key.as_slice()
        && !sort.is_empty()
    {
        all.push(query(model, "query", std::slice::from_ref(partition), sort, "Query".to_owned()));
    }
    for used in &model.indexes {
        let index = &table.indexes[used.index];
        let request = format!("Query of {}", index.name);
        all.push(query(model, &used.function, &used.partition_key, &used.sort_key, request));
    }
    all.extend(model.relations.iter().map(|relation| follow(model, relation)));
    let number = catalog.models.iter().position(|other| other.name == *name);
    let with_it =
        catalog.collections.iter().filter(|one| number.is_some_and(|number| one.models.contains(&number)));
    all.extend(with_it.map(|collection| {
        let used = collection.index.and_then(|index| model.indexes.iter().find(|used| used.index == index));
        let partition = used.map_or(&model.key[..1], |used| &used.partition_key);
        let of = collection.models.iter().filter_map(|number| catalog.models.get(*number));
        let of: Vec<_> = of.map(|model| model.name.as_str()).collect();
        Access {
            pattern: format!("{} together, by {}", of.join(", "), names(&fields(model, partition), " and ")),
            call: format!("{}::query({})", collection.name, names(&fields(model, partition), ", ")),
            request: "Query".to_owned(),
        }
    }));
    let context = model.context.and_then(|number| model.fields.get(number));
    let within = context.map(|field| field.name.clone()).unwrap_or_default();
    all.push(Access {
        pattern: format!("every {name}"),
        call: format!("{name}::scan({within})"),
        request: "Scan, which reads the whole table".to_owned(),
    });
    all
}

fn query(
    model: &Model,
    function: &str,
    partition: &[KeySource],
    sort: &[KeySource],
    request: String,
) -> Access {
    let (given, then) = (fields(model, partition), fields(model, sort));
    let mut call = format!("{}::{function}({})", model.name, names(&given, ", "));
    let mut pattern = match given.is_empty() {
        true => format!("{} items of the only partition", model.name),
        false => format!("{} items of one {}", model.name, names(&given, " and ")),
    };
    if !then.is_empty() {
        pattern.push_str(&format!(", in the order of {}", names(&then, " and ")));
    }
    if let Some(first) = then.first() {
        call.push_str(&format!(".{}()…", first.name));
    }
    Access { pattern, call, request }
}

fn follow(model: &Model, relation: &Relation) -> Access {
    let (what, request) = match &relation.reach {
        Reach::One { .. } => ("the", "GetItem"),
        Reach::Partner { .. } => ("the only", "GetItem"),
        Reach::Many { .. } => ("every", "Query"),
        Reach::Through { .. } => ("every linked", "Query, then BatchGetItem"),
    };
    Access {
        pattern: format!("{what} {} of a {}", relation.model, model.name),
        call: format!("{}.{}()", heck::ToSnakeCase::to_snake_case(model.name.as_str()), relation.name),
        request: request.to_owned(),
    }
}

fn names(fields: &[&Field], separator: &str) -> String {
    fields.iter().map(|field| field.name.as_str()).collect::<Vec<_>>().join(separator)
}

fn tuple(fields: &[&Field]) -> String {
    let inside = names(fields, ", ");
    if fields.len() == 1 { inside } else { format!("({inside})") }
}
