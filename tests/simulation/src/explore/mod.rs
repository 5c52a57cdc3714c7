//! The explorations: random worlds, every cut point of every operation, and every pair of operations.

pub mod cuts;
pub mod pairs;
pub mod seeds;
pub mod sweeps;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use dynamorm::Client;

use crate::arguments::{Arguments, KEYS};
use crate::check::{self, Violation};
use crate::executor::{Executor, Planned};
use crate::finding::{Finding, Summary};
use crate::operations;
use crate::world::World;

/// A world in which an exploration has been.
pub struct Explored {
    pub violations: Vec<Violation>,
    pub trace: String,
    pub operations: usize,
    pub requests: usize,
    pub faults: usize,
}

impl Explored {
    /// Checks a world that has come to rest.
    fn of(world: &World, db: &Client, has_ended: bool) -> Self {
        let violations = check::everything(world, db);
        Self::with(world, has_ended, violations)
    }

    /// A world that has come to rest, with what was found in it.
    fn with(world: &World, has_ended: bool, mut violations: Vec<Violation>) -> Self {
        let (operations, requests, faults) = {
            let history = &world.state().history;
            (history.operations.len(), history.requests.len(), history.faults)
        };
        if !has_ended {
            violations.push(Violation { rule: "every operation ends", what: "one did not".to_owned() });
        }
        let trace = if violations.is_empty() { String::new() } else { world.state().history.to_string() };
        world.end();
        Explored { violations, trace, operations, requests, faults }
    }

    pub fn summary(self, replay: impl FnOnce() -> String) -> Summary {
        let Explored { violations, trace, operations, requests, faults } = self;
        let findings = if violations.is_empty() {
            Vec::new()
        } else {
            vec![Finding { replay: replay(), violations, trace }]
        };
        Summary { worlds: 1, operations, requests, faults, findings, time: Duration::ZERO }
    }
}

/// The operations that store what an operation of this family begins with.
fn beginning(family: &str) -> Vec<(&'static str, i64, usize)> {
    let of =
        |name: &'static str| KEYS.iter().enumerate().map(move |(key, _)| (name, 0, key)).collect::<Vec<_>>();
    match family {
        "note" | "batch" => vec![("note: put", 1, 0)],
        "doc" => vec![("doc: put new", 1, 0)],
        "stamp" => vec![("stamp: put new", 1, 0)],
        "deed" => vec![("deed: put new", 1, 0)],
        "account" => vec![("account: put if not exists", 1, 0), ("account: put if not exists", 2, 1)],
        "parcel" => vec![("parcel: put", 1, 0)],
        "bag" => vec![("bag: put", 1, 0)],
        "member" => vec![("member: put if not exists", 1, 0), ("member: put if not exists", 2, 1)],
        "ticket" => vec![("ticket: put", 1, 0)],
        "stock" => of("stock: begin"),
        _ => {
            let all = ["note", "doc", "stamp", "account", "parcel", "member", "stock"];
            let mut all: Vec<_> = all.into_iter().flat_map(beginning).collect();
            all.push(("note: put", 1, 1));
            all
        }
    }
}

/// The part of an operation's name that says what it is about.
pub fn family(name: &str) -> &str {
    name.split(':').next().unwrap_or_default()
}

/// Stores what operations of these families begin with, while the weather is calm.
fn begin<'a>(world: &World, db: &Client, families: impl IntoIterator<Item = &'a str>) {
    let mut begun = Vec::new();
    let mut plan = Vec::new();
    for (name, number, key) in families.into_iter().flat_map(beginning) {
        if begun.contains(&(name, key)) {
            continue;
        }
        begun.push((name, key));
        let arguments = Arguments {
            key: KEYS[key],
            other: KEYS[1 - key],
            number,
            pause: Duration::ZERO,
            ..Arguments::fixed("old")
        };
        plan.push(Planned { operation: operations::named(name), arguments, after: 0, dropped: None });
    }
    let mut executor = Executor::new(world, db);
    executor.client(plan);
    assert!(executor.run(), "what a world begins with is stored");
    world.ready().set().clear();
    world.state().is_calm = false;
}

/// Runs numbered worlds on every processor: each on one thread.
pub fn parallel(count: usize, run: impl Fn(usize) -> Summary + Sync) -> Summary {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let begun = Instant::now();
    let next = AtomicUsize::new(0);
    let mut all = Summary::default();
    thread::scope(|scope| {
        let work = || {
            let mut mine = Summary::default();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= count {
                    return mine;
                }
                mine.add(run(number));
            }
        };
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        for worker in workers {
            all.add(worker.join().expect("a world does not panic"));
        }
    });
    all.findings.sort_by(|left, right| left.replay.cmp(&right.replay));
    all.time = begun.elapsed();
    all
}
