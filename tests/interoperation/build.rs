//! Generates the models of the Rust side.

fn main() -> Result<(), dynamorm_generator::Error> {
    dynamorm_generator::Generator::new("models.toml").deny_warnings(true).compile()
}
