//! Generates the models.

use dynamorm_generator::{Error, Generator};

fn main() -> Result<(), Error> {
    ["models", "internal", "sensitive", "shapes"]
        .iter()
        .try_for_each(|name| Generator::new(format!("{name}.toml")).deny_warnings(true).compile())
}
