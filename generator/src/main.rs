//! The `dynamorm` command.

fn main() -> std::process::ExitCode {
    dynamorm_generator::cli::run(std::env::args_os())
}
