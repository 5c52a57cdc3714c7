//! Generates the model that is measured.

fn main() -> Result<(), dynamorm_generator::Error> {
    dynamorm_generator::Generator::new("models.toml").compile()
}
