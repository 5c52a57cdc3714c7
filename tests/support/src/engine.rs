//! Which engine the tests run on.

use std::env::{self, VarError};
use std::fmt;
use std::str::FromStr;

/// The environment variable that names the engine.
pub const ENGINE_VARIABLE: &str = "DYNAMORM_TEST_ENGINE";

/// An implementation of DynamoDB that the tests can run on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// The engine of the runtime's feature `embedded`, in the test's own process.
    Embedded,
    /// AWS's DynamoDB Local, a server on this machine.
    DynamodbLocal,
}

/// The engine that `DYNAMORM_TEST_ENGINE` names: the embedded one by default.
///
/// # Panics
///
/// If the variable names no engine.
pub fn engine() -> Engine {
    match env::var(ENGINE_VARIABLE) {
        Ok(name) => name.parse().unwrap_or_else(|message| panic!("{ENGINE_VARIABLE}: {message}")),
        Err(VarError::NotPresent) => Engine::Embedded,
        Err(error @ VarError::NotUnicode(_)) => panic!("{ENGINE_VARIABLE}: {error}"),
    }
}

/// How often a property is tried on the engine in use, of so many tries on the fastest: a server takes each request over
/// HTTP.
///
/// # Panics
///
/// If the variable names no engine.
pub fn tries(fastest: u32) -> u32 {
    match engine() {
        Engine::Embedded => fastest,
        Engine::DynamodbLocal => fastest.div_ceil(4),
    }
}

impl Engine {
    /// Every engine.
    pub const ALL: [Engine; 2] = [Engine::Embedded, Engine::DynamodbLocal];

    /// The name that `DYNAMORM_TEST_ENGINE` takes.
    pub const fn name(self) -> &'static str {
        match self {
            Engine::Embedded => "embedded",
            Engine::DynamodbLocal => "dynamodb-local",
        }
    }
}

impl fmt::Display for Engine {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl FromStr for Engine {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Engine::ALL.into_iter().find(|engine| engine.name() == name).ok_or_else(|| {
            let names = Engine::ALL.map(Engine::name).join("` or `");
            format!("there is no engine `{name}`: write `{names}`")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_engine_is_read_back_from_its_name() {
        for engine in Engine::ALL {
            assert_eq!(engine.to_string().parse(), Ok(engine));
        }
    }

    #[test]
    fn an_unknown_engine_is_refused_with_the_names_of_all() {
        assert_eq!(
            "dynamodb".parse::<Engine>(),
            Err("there is no engine `dynamodb`: write `embedded` or `dynamodb-local`".to_owned())
        );
    }
}
