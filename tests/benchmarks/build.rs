//! Generates the models that are measured.

fn main() -> Result<(), dynamorm_generator::Error> {
    dynamorm_generator::Generator::new("models.toml").compile()?;
    dynamorm_generator::Generator::new("sweeps.toml").compile()
}
