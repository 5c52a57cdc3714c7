//! Generates the models of the Rust side.

use dynamorm_generator::{Error, Generator};

/// Each is a file in `models/`, with a module of the same name.
const DECLARATIONS: &[&str] =
    &["dynamodb_toolbox", "dynamoose", "electrodb", "onetable", "original", "pynamodb"];

fn main() -> Result<(), Error> {
    DECLARATIONS
        .iter()
        .try_for_each(|name| Generator::new(format!("models/{name}.toml")).deny_warnings(true).compile())
}
