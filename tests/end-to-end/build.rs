//! Generates the models that the tests use.

use dynamorm_generator::{Error, Generator};

const DECLARATIONS: &[&str] = &[
    "documents.toml",
    "dynamorm.toml",
    "fixtures.toml",
    "foreign.toml",
    "hooks.toml",
    "keys.toml",
    "models.toml",
    "multi.toml",
    "names.toml",
    "relations.toml",
    "shapes.toml",
    "shared.toml",
    "single_table.toml",
    "validation.toml",
    "values.toml",
];

fn main() -> Result<(), Error> {
    DECLARATIONS.iter().try_for_each(|file| Generator::new(file).deny_warnings(true).compile())
}
