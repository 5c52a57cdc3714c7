//! Generates the models that the tests use.

use dynamorm_generator::{Error, Generator};

/// Each is a file in `models/`, and most are named after the test target that uses them.
const DECLARATIONS: &[&str] = &[
    "coming_from_dynamorm",
    "documents",
    "fixtures",
    "foreign",
    "hooks",
    "keys",
    "lints",
    "managed_values",
    "multi_attribute_keys",
    "names",
    "operations",
    "relations",
    "shared_fields",
    "single_table",
    "validation",
];

fn main() -> Result<(), Error> {
    DECLARATIONS
        .iter()
        .try_for_each(|name| Generator::new(format!("models/{name}.toml")).deny_warnings(true).compile())
}
