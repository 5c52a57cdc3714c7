//! Runs the simulation from the command line.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use simulation::explore::seeds;

/// What the library says of a write must be true, under every fault, at every interleaving.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Random worlds.
    Seeds {
        #[arg(long, default_value_t = 1)]
        first: u64,
        #[arg(long, default_value_t = 2000)]
        count: usize,
    },
    /// One random world again, with everything that happens in it.
    Replay {
        #[arg(long)]
        seed: u64,
    },
}

fn main() -> ExitCode {
    match Arguments::parse().command {
        Command::Seeds { first, count } => {
            let summary = seeds::explore(first, count);
            println!("{summary}");
            ExitCode::from(u8::from(!summary.findings.is_empty()))
        }
        Command::Replay { seed } => {
            let (world, explored) = seeds::run(seed);
            println!("{}", world.state().history);
            for violation in &explored.violations {
                println!("{}: {}", violation.rule, violation.what);
            }
            ExitCode::from(u8::from(!explored.violations.is_empty()))
        }
    }
}
