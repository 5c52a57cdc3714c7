//! Runs the simulation from the command line.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use simulation::explore::{Explored, cuts, pairs, seeds};
use simulation::finding::Summary;
use simulation::world::World;

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
    /// Every fault and every drop of every operation.
    Cuts,
    /// Every pair of operations that can meet.
    Pairs {
        /// Every pair of so many.
        #[arg(long, default_value_t = 1)]
        of: usize,
    },
    /// One random world again, with everything that happens in it.
    Replay {
        #[arg(long)]
        seed: u64,
    },
    /// One cut of one operation again.
    ReplayCut {
        #[arg(long)]
        operation: String,
        #[arg(long)]
        cut: usize,
        /// The operation begins with an empty table.
        #[arg(long)]
        empty: bool,
    },
    /// One pair of operations again.
    ReplayPair {
        #[arg(long)]
        first: String,
        #[arg(long)]
        second: String,
        #[arg(long)]
        hold: usize,
    },
}

fn main() -> ExitCode {
    match Arguments::parse().command {
        Command::Seeds { first, count } => summarized(&seeds::explore(first, count)),
        Command::Cuts => summarized(&cuts::explore(0, 1)),
        Command::Pairs { of } => summarized(&pairs::explore(0, of)),
        Command::Replay { seed } => shown(Some(seeds::run(seed))),
        Command::ReplayCut { operation, cut, empty } => shown(Some(cuts::replay(&operation, !empty, cut))),
        Command::ReplayPair { first, second, hold } => shown(pairs::replay(&first, &second, hold)),
    }
}

fn summarized(summary: &Summary) -> ExitCode {
    println!("{summary}");
    ExitCode::from(u8::from(!summary.findings.is_empty()))
}

fn shown(world: Option<(World, Explored)>) -> ExitCode {
    let Some((world, explored)) = world else {
        println!("there is nothing to run");
        return ExitCode::FAILURE;
    };
    println!("{}", world.state().history);
    for violation in &explored.violations {
        println!("{}: {}", violation.rule, violation.what);
    }
    ExitCode::from(u8::from(!explored.violations.is_empty()))
}
