//! Names that generated code or the runtime has already.

use crate::names;

/// The functions that every model has or may come to have, and what traits in scope everywhere call theirs.
const MODEL_FUNCTIONS: [&str; 30] = [
    "scope",
    "new",
    "builder",
    "get",
    "put",
    "into_put",
    "update",
    "update_this",
    "delete",
    "delete_this",
    "query",
    "scan",
    "key",
    "check",
    "tracked",
    "validate",
    "save",
    "batch_get",
    "upsert",
    "transact",
    "build",
    "draft",
    "from",
    "from_item",
    "into",
    "into_item",
    "to_item",
    "clone",
    "fixture",
    "strategy",
];

/// The methods of queries, beside which those of sort keys stand; and what every type has of traits that need no import, which
/// the compiler finds before the methods of a sort key.
const QUERY_METHODS: [&str; 22] = [
    "send",
    "items",
    "count",
    "filter",
    "live_only",
    "limit",
    "page_size",
    "descending",
    "ascending",
    "start_at",
    "consistent",
    "projection",
    "select",
    "into_sdk",
    "deadline",
    "all",
    "next",
    "segment",
    "parallel",
    "clone",
    "into",
    "try_into",
];

/// Whether a function of a model cannot have this name.
pub(in crate::check) fn is_model_function(function: &str) -> bool {
    MODEL_FUNCTIONS.contains(&function) || names::is_keyword(function)
}

/// Whether a field of a sort key cannot have this name.
pub(in crate::check) fn is_query_method(field: &str) -> bool {
    QUERY_METHODS.contains(&field)
}
