//! What `dynamorm init` writes.

/// Declarations to start from. Comments show what is not needed yet.
pub(super) const MODELS: &str = r##"#:schema ./models.schema.json

# The tables and models of this application. `dynamorm generate` writes typed Rust from them:
#
#     let book: Option<Book> = Book::get("9780141439518").send(&db).await?;
#
# The crate needs `mod models;` and the dependency `dynamorm`. A crate that would rather generate the code while it is built
# calls dynamorm_generator::Generator::new("models.toml").compile() in its build script.

[generate]
output = "src/models"

# A table of DynamoDB. An item is found by its partition key, here the ISBN.
[table.books]
partition_key = "isbn"
# sort_key = "edition"                   # several items of one partition key, in this order
# name = "prod-books"                    # what DynamoDB calls the table, if not `books`
# billing = { read = 25, write = 5 }     # provisioned capacity, in place of "on-demand"
# ttl = "expires_at"                     # DynamoDB deletes items after this time
# point_in_time_recovery = true          # the table can be restored to any second of the last weeks
# managed = "elsewhere"                  # others create and change the table: it is only checked

# An index: the same items by author, each author's in the order of their years. `Book::by_author("Jane Austen")` reads them.
[table.books.global_index.by-author]
partition_key = "author"
sort_key = "year"

# What the items of a table are. A model becomes a struct with builders for reads and writes.
[model.Book]
table = "books"
doc = "A book in the catalogue."

# Its fields. A type that ends in `?` may be missing. The types are:
#   string, bool, u8 to u128, i8 to i128, f32, f64, decimal, bytes, timestamp, date, uuid, ulid, json,
#   list<T>, map<T>, set<T>, a type or an enum of this file, and rust:crate::Isbn for a type of your own.
[model.Book.schema]
isbn = { type = "string", validate = { length = { min = 13, max = 13 } } }
title = { type = "string", validate = { length = { min = 1, max = 200 } } }
author = "string"
year = "u16"
publisher = "string?"
format = { type = "Format", default = "paperback" }
chapters = "list<Chapter>"
# added_at = { type = "timestamp", generate = "created" }   # set by the first write
# gross = { type = "u64?", attribute = "US Gross" }         # stored under another name

# A struct within items.
[type.Chapter]
title = "string"
pages = { type = "u32", validate = { range = { min = 1 } } }

# One of a few words, which are what is stored.
[enum.Format]
variants = ["paperback", "hardcover", "ebook"]
"##;
