//! What tests of the generator from outside have in common.

use std::fs;
use tempfile::TempDir;

/// The smallest declarations: a table, and a model in it.
pub const MODELS: &str = "\
[table.books]
partition_key = \"isbn\"

[model.Book]
table = \"books\"

[model.Book.schema]
isbn = \"string\"
";

/// A folder with declarations in it.
pub fn folder(models: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("models.toml"), models).expect("a file");
    folder
}
