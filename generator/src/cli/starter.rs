//! What `dynamorm init` writes.

/// Declarations to start from, with what else could be said in comments.
pub(super) const MODELS: &str = r##"# Tables and models of this application, from which `dynamorm` generates typed Rust.
#
# Checked-in code:   dynamorm generate, then `mod models;` beside it; in CI: dynamorm check
# In a build script: dynamorm_generator::Generator::new("models.toml").compile()
# Either way, the crate that holds the code depends on `dynamorm`.

[generate]
output = "src/models" # where `dynamorm generate` writes, relative to this file
# serde = "field-names"          # serde derives on every type; or "attribute-names"
# derive = ["Eq"]                # further derives

# A table names its keys; the schema of the model in it gives their types.
[table.books]
partition_key = "isbn"
# sort_key = "…"
# name = "books"                 # DynamoDB's name; the declaration's is the default
# billing = { read = 25, write = 5 }   # or "on-demand", which a new table is unless this says otherwise
# ttl = "expires_at"             # a timestamp stored as epoch seconds
# stream = "new-and-old-images"
# deletion_protection = true
# point_in_time_recovery = true
# managed = "elsewhere"          # others create and change the table: it is only checked

[table.books.global_index.by-author]
partition_key = "author"
sort_key = "year"
# projection = "keys-only"       # default: "all"; or { include = ["title"] }

[model.Book]
table = "books"
doc = "A book in the catalogue."

# Types: string bool u8…u128 i8…i128 f32 f64 decimal bytes timestamp date uuid ulid json list<T> map<T> set<T>,
# a [type] or an [enum] of this file, and rust:crate::Type for a type of yours. A `?` at the end makes it optional.
[model.Book.schema]
isbn = { type = "string", validate = { length = { min = 13, max = 13 } } }
title = { type = "string", validate = { length = { min = 1, max = 200 } } }
author = "string"
year = "u16"
publisher = "string?"
format = { type = "Format", default = "paperback" }
chapters = { type = "list<Chapter>", default = [] }
# gross = { type = "u64?", attribute = "US Gross" }   # stored under another name

[type.Chapter]
title = "string"
pages = { type = "u32", validate = { range = { min = 1 } } }

[enum.Format]
variants = ["paperback", "hardcover", "ebook"]
"##;
