//! Runs the simulation from the command line.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use simulation::explore::{Explored, cuts, pairs, seeds, sweeps};
use simulation::finding::Summary;
use simulation::mutations;
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
        /// Prints every finding in a line of its own.
        #[arg(long)]
        list: bool,
    },
    /// Every fault and every drop of every operation.
    Cuts {
        /// One cut of so many.
        #[arg(long, default_value_t = 1)]
        of: usize,
        /// Prints every finding in a line of its own.
        #[arg(long)]
        list: bool,
    },
    /// Every pair of operations that can meet.
    Pairs {
        /// One pair of so many.
        #[arg(long, default_value_t = 1)]
        of: usize,
        /// Prints every finding in a line of its own.
        #[arg(long)]
        list: bool,
    },
    /// Sweeps over items of before: killed at every poll, and beside writers in random worlds.
    Sweeps {
        #[arg(long, default_value_t = 1)]
        first: u64,
        #[arg(long, default_value_t = 1000)]
        count: usize,
        /// Prints every finding in a line of its own.
        #[arg(long)]
        list: bool,
    },
    /// Plants bugs into copies of the library, and says whether they are found.
    Mutations {
        /// Only this one.
        #[arg(long)]
        only: Option<String>,
        /// Where the copy and its build are kept, outside of the workspace.
        #[arg(long, default_value = "/tmp/dynamorm-mutations")]
        scratch: PathBuf,
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
    /// One random world with a sweep again.
    ReplaySweep {
        #[arg(long)]
        seed: u64,
    },
    /// A sweep again that is killed at a poll, or at none.
    ReplayKilledSweep {
        #[arg(long)]
        poll: Option<usize>,
    },
    /// One pair of operations again.
    ReplayPair {
        #[arg(long)]
        first: String,
        #[arg(long)]
        second: String,
        #[arg(long)]
        hold: usize,
        /// How the connection of the request before broke.
        #[arg(long)]
        broken: Option<pairs::Broken>,
    },
}

fn main() -> ExitCode {
    match Arguments::parse().command {
        Command::Seeds { first, count, list } => summarized(&seeds::explore(first, count), list),
        Command::Cuts { of, list } => summarized(&cuts::explore(0, of), list),
        Command::Pairs { of, list } => summarized(&pairs::explore(0, of), list),
        Command::Sweeps { first, count, list } => {
            let mut all = sweeps::explore_kills(0, 1);
            all.add(sweeps::explore(first, count));
            summarized(&all, list)
        }
        Command::Mutations { only, scratch } => planted(only.as_deref(), &scratch),
        Command::Replay { seed } => shown(Some(seeds::run(seed))),
        Command::ReplayCut { operation, cut, empty } => shown(Some(cuts::replay(&operation, !empty, cut))),
        Command::ReplaySweep { seed } => shown(Some(sweeps::run(seed))),
        Command::ReplayKilledSweep { poll } => shown(Some(sweeps::replay_killed(poll))),
        Command::ReplayPair { first, second, hold, broken } => {
            shown(pairs::replay(&first, &second, pairs::Between { hold, broken }))
        }
    }
}

fn planted(only: Option<&str>, scratch: &Path) -> ExitCode {
    match mutations::run(only, scratch) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn summarized(summary: &Summary, list: bool) -> ExitCode {
    if list {
        summary.findings.iter().for_each(|finding| println!("{}", finding.line()));
    }
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
