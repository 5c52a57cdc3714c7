//! Runs a command with one DynamoDB Local for all the test processes that it starts, and stops it afterwards:
//! `cargo run -p test-support -- cargo test -p end-to-end`.

use std::env;
use std::io;
use std::process::{Command, ExitCode};

use test_support::{ENGINE_VARIABLE, Engine, Server, URL_VARIABLE};

fn main() -> ExitCode {
    let mut arguments = env::args_os().skip(1);
    let Some(program) = arguments.next() else {
        eprintln!("usage: with-dynamodb-local COMMAND [ARGUMENT]...");
        return ExitCode::from(2);
    };
    let mut command = Command::new(program);
    command.args(arguments);
    match run(command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("with-dynamodb-local: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(mut command: Command) -> io::Result<ExitCode> {
    let server = Server::start()?;
    let status = command
        .env(ENGINE_VARIABLE, Engine::DynamodbLocal.name())
        .env(URL_VARIABLE, server.url())
        .status()?;
    // A command that a signal ended has no code.
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}
