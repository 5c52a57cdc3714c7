//! What other tools call the things that a declaration has, for those who come from them.

/// In which places, which words, and what to write instead.
type Words = (&'static [&'static str], &'static [&'static str], &'static str);

/// What to write in place of a key that is not known in this kind of place.
pub(super) fn said_otherwise(place: &str, key: &str) -> Option<&'static str> {
    let words = WORDS.iter().find(|(places, keys, _)| places.contains(&place) && keys.contains(&key));
    words.map(|(.., help)| *help)
}

const TABLE: &[&str] = &["a table"];
const MODEL: &[&str] = &["a model"];
const FIELD: &[&str] = &["a field"];

const WORDS: &[Words] = &[
    // Tables.
    (&["a table", "a global index"], &["hash", "pk"], "write `partition_key`"),
    (&["a table", "a global index", "a local index"], &["range", "sk"], "write `sort_key`"),
    (
        TABLE,
        &["gsi", "gsis", "index", "indexes", "indices", "global_indexes", "global_secondary_indexes"],
        "each index is a table of its own, such as `[table.orders.global_index.by-customer]`",
    ),
    (
        TABLE,
        &["lsi", "lsis", "local_indexes", "local_secondary_indexes"],
        "each index is a table of its own, such as `[table.orders.local_index.by-date]`",
    ),
    (
        TABLE,
        &["expires", "time_to_live", "ttl_attribute"],
        "write `ttl = \"expires_at\"`: the name of the field that has the time",
    ),
    (
        &["a table", "a global index"],
        &["billing_mode", "provisioned_throughput", "read", "read_capacity", "write", "write_capacity"],
        "write `billing = \"on-demand\"` or `billing = { read = 5, write = 5 }`",
    ),
    (TABLE, &["kms_key", "sse"], "write `encryption`"),
    (
        TABLE,
        &["endpoint", "host", "profile", "region"],
        "the SDK's client, which every call is given, says where the table is",
    ),
    // Models.
    (
        MODEL,
        &["hash_key", "keys", "partition_key", "pk", "primary_key", "range_key", "sk", "sort_key"],
        "a field of the schema is the key whose name it has; to compose a key, write `key = { partition_key = \"ORDER#{id}\" }`",
    ),
    (
        MODEL,
        &["global_index", "global_indexes", "gsi", "gsis", "indexes", "indices", "local_index"],
        "indexes stand at the table; to compose the keys of one, write `index.by-customer = { partition_key = \"CUSTOMER#{customer_id}\" }`",
    ),
    (MODEL, &["columns", "field", "fields", "properties"], "fields stand in `[model.NAME.schema]`"),
    (MODEL, &["table_name"], "write `table`, which names a declared table"),
    (
        MODEL,
        &["discriminator", "entity", "entity_type", "type"],
        "give the table a `type_attribute`; its value is the model's name, unless the model has a `type_value`",
    ),
    (
        MODEL,
        &["timestamps"],
        "declare fields such as `updated_at = { type = \"timestamp\", generate = \"updated\" }`",
    ),
    (MODEL, &["version"], "declare a field: `version = { type = \"u64\", generate = \"version\" }`"),
    (MODEL, &["expires", "ttl"], "a table has a `ttl`: the name of the field that has the time"),
    // Fields.
    (
        &["a field", "`validate`"],
        &["nullable", "optional", "required"],
        "a field is required unless its type ends in `?`: `\"string?\"`",
    ),
    (
        &["a field", "`validate`"],
        &["max", "min"],
        "write `validate = { range = { min = 1 } }`, or `length` for text, bytes and collections",
    ),
    (FIELD, &["match", "pattern", "regex"], "write `validate = { pattern = \"^[a-z]+$\" }`"),
    (
        FIELD,
        &["alias", "attr_name", "attribute_name", "column", "field", "map", "name", "savedAs"],
        "write `attribute = \"…\"` for the name under which it is stored, or `rust_name` for the field's",
    ),
    (FIELD, &["encoding", "form", "format"], "write `stored_as` for the form in which it is stored"),
    (
        FIELD,
        &["choices", "enum", "one_of", "values"],
        "declare `[enum.Status]` with `variants = [\"open\", \"closed\"]`, or write `validate = { one_of = [\"open\", \"closed\"] }`",
    ),
    (FIELD, &["items", "of"], "write what a collection has into its type: `\"list<string>\"`"),
    (
        FIELD,
        &["hash_key", "hashKey", "index", "key", "partition_key", "range_key", "rangeKey", "sort_key"],
        "keys and indexes stand at the table, and name fields",
    ),
    (FIELD, &["expires", "ttl"], "write `ttl = \"…\"` at the table, with the name of this field"),
    (FIELD, &["comment", "description", "title"], "write `doc`"),
    (
        FIELD,
        &["auto", "auto_now", "auto_now_add", "created", "generated", "updated"],
        "write `generate`, such as `generate = \"created\"` or `generate = \"updated\"`",
    ),
    (FIELD, &["hidden", "secret"], "write `sensitive = true` to keep it out of messages"),
];
