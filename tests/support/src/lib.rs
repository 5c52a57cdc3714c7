//! The engine that the tests run on: the embedded one, or DynamoDB Local.
//!
//! | variable | |
//! |---|---|
//! | `DYNAMORM_TEST_ENGINE` | `embedded` (the default) or `dynamodb-local` |
//! | `DYNAMORM_TEST_WIRE` | `on` (the default) or `off`, which lets the SDK parse every response |
//! | `DYNAMORM_DYNAMODB_LOCAL_URL` | a server that runs already; without it each test process starts its own |
//! | `DYNAMORM_DYNAMODB_LOCAL_HOME` | the folder of `DynamoDBLocal.jar`; `target/dynamodb-local` by default |

mod client;
mod compiler;
mod dynamodb_local;
mod engine;
mod exceptions;
mod wire;

pub use client::{another, client};
pub use compiler::compiler;
pub use dynamodb_local::{Server, URL_VARIABLE};
pub use engine::{ENGINE_VARIABLE, Engine, engine, tries};
pub use exceptions::{CANNOT_RUN, Exception, Obstacle, can_run};
pub use wire::{WIRE_VARIABLE, on_path};
