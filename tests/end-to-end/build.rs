//! Generates the models that the tests use.

fn main() -> Result<(), dynamorm_generator::Error> {
    dynamorm_generator::Generator::new("models.toml").deny_warnings(true).compile()?;
    dynamorm_generator::Generator::new("multi.toml").deny_warnings(true).compile()?;
    dynamorm_generator::Generator::new("validation.toml").deny_warnings(true).compile()?;
    dynamorm_generator::Generator::new("values.toml").deny_warnings(true).compile()?;
    dynamorm_generator::Generator::new("dynamorm.toml").deny_warnings(true).compile()
}
