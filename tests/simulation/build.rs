//! Generates the models that the simulation writes.

use dynamorm_generator::{Error, Generator};

fn main() -> Result<(), Error> {
    Generator::new("models.toml").deny_warnings(true).compile()
}
