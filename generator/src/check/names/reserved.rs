//! Names that generated code or the runtime has already. Tests compare them with those that exist.

use crate::names;

/// The functions of models that need no declaration: those that every model has, and those that some have.
pub(super) const MODEL_FUNCTIONS: [&str; 23] = [
    "batch_get",
    "builder",
    "check",
    "delete",
    "delete_this",
    "fixture",
    "from_item",
    "get",
    "into_item",
    "into_put",
    "key",
    "put",
    "query",
    "scan",
    "scope",
    "strategy",
    "sweep",
    "to_item",
    "tracked",
    "update",
    "update_this",
    "upsert",
    "validate",
];

/// The methods of queries. Those of sort keys stand beside them, and would be found after them.
pub(super) const QUERY_METHODS: [&str; 15] = [
    "consistent",
    "count",
    "deadline",
    "descending",
    "filter",
    "into_sdk",
    "items",
    "limit",
    "live_only",
    "page_size",
    "parallel",
    "segment",
    "select",
    "send",
    "start_at",
];

/// The functions that every type has of traits that are in scope everywhere.
const TRAIT_FUNCTIONS: [&str; 3] = ["clone", "from", "into"];

/// Such functions that are methods.
const TRAIT_METHODS: [&str; 3] = ["clone", "into", "try_into"];

/// Whether a function of a model cannot have this name.
pub(in crate::check) fn is_model_function(function: &str) -> bool {
    MODEL_FUNCTIONS.contains(&function) || TRAIT_FUNCTIONS.contains(&function) || names::is_keyword(function)
}

/// Whether a field of a sort key cannot have this name.
pub(in crate::check) fn is_query_method(field: &str) -> bool {
    QUERY_METHODS.contains(&field) || TRAIT_METHODS.contains(&field)
}
