//! Every cut point: each operation runs once undisturbed, and then once for each fault of each request, and for each poll at
//! which it is dropped, from the same beginning.

use std::collections::BTreeMap;

use super::{Explored, begin, family, parallel};
use crate::arguments::Arguments;
use crate::executor::{Dropped, Executor, Planned};
use crate::fault::{Fault, Weather};
use crate::finding::Summary;
use crate::operation::Operation;
use crate::operations::{OPERATIONS, named};
use crate::world::World;

/// What is done to an operation.
#[derive(Clone, Debug)]
struct Cut {
    /// The faults of its requests, by their numbers.
    faults: Vec<(usize, Fault)>,
    dropped: Option<usize>,
    /// What decides how late requests arrive.
    seed: u64,
}

impl Cut {
    const NONE: Cut = Cut { faults: Vec::new(), dropped: None, seed: 0 };
}

/// How often a fault is tried that depends on when a request arrives.
const TIMES: u64 = 3;

/// Whether the operation begins with items that are there.
const BEGINNINGS: [bool; 2] = [true, false];

/// Every fault of every request, alone and with what may come of the retry; and every poll.
fn cuts(requests: usize, polls: usize) -> Vec<Cut> {
    let mut cuts = vec![Cut::NONE];
    for request in 0..requests {
        for fault in Fault::ALL {
            let times = if matches!(fault, Fault::Late | Fault::Duplicate) { TIMES } else { 1 };
            cuts.extend((0..times).map(|seed| Cut { faults: vec![(request, fault)], dropped: None, seed }));
        }
        for first in [Fault::RequestLost, Fault::ResponseLost, Fault::Late] {
            for then in [Fault::Throttled, Fault::Conflict, Fault::Refused, Fault::RequestLost] {
                let faults = vec![(request, first), (request + 1, then), (request + 2, then)];
                cuts.push(Cut { faults, dropped: None, seed: request as u64 });
            }
        }
    }
    cuts.extend((0..polls).map(|poll| Cut { dropped: Some(poll), ..Cut::NONE }));
    cuts
}

/// Runs one operation with a cut: the world, and how many requests and polls it took.
fn cut(operation: &'static Operation, has_items: bool, cut: &Cut) -> (World, Explored, usize, usize) {
    let (world, db) = World::new(cut.seed, Weather::Scripted(BTreeMap::new()));
    let families = [family(operation.name)].into_iter();
    begin(&world, &db, families.filter(|family| has_items || *family == "stock"));
    let id = world.state().history.operations.len();
    world.state().weather =
        Weather::Scripted(cut.faults.iter().map(|(request, fault)| ((id, *request), *fault)).collect());
    let mut executor = Executor::new(&world, &db);
    let arguments = Arguments::fixed("new");
    let dropped = cut.dropped.map(Dropped::AtPoll);
    executor.client([Planned { operation, arguments, after: 0, dropped }]);
    let has_ended = executor.run();
    let requests = world.state().sent.get(&id).copied().unwrap_or_default();
    let polls = executor.polls.get(&id).copied().unwrap_or_default();
    let explored = Explored::of(&world, &db, has_ended);
    (world, explored, requests, polls)
}

/// The cuts of an operation, in their order.
fn of(operation: &'static Operation, has_items: bool) -> Vec<Cut> {
    let (_, _, requests, polls) = cut(operation, has_items, &Cut::NONE);
    cuts(requests, polls)
}

/// One cut again.
///
/// # Panics
/// There is no such cut.
pub fn replay(name: &str, has_items: bool, number: usize) -> (World, Explored) {
    let operation = named(name);
    let cuts = of(operation, has_items);
    let chosen = cuts.get(number).unwrap_or_else(|| panic!("there are {} cuts", cuts.len()));
    let (world, explored, ..) = cut(operation, has_items, chosen);
    (world, explored)
}

/// Every cut of every operation, or the share of this number.
pub fn explore(share: usize, of_shares: usize) -> Summary {
    let operations: Vec<_> =
        OPERATIONS.iter().filter(|operation| !operation.name.ends_with(": begin")).collect();
    parallel(operations.len() * BEGINNINGS.len(), |number| {
        let first = number;
        let operation = operations[number / BEGINNINGS.len()];
        let has_items = BEGINNINGS[number % BEGINNINGS.len()];
        let mut summary = Summary::default();
        for (number, chosen) in of(operation, has_items).iter().enumerate() {
            // A share has other cuts of each operation.
            if (first + number) % of_shares != share {
                continue;
            }
            let (_, explored, ..) = cut(operation, has_items, chosen);
            summary.add(explored.summary(|| {
                let from = if has_items { "" } else { " --empty" };
                format!("replay-cut --operation {:?} --cut {number}{from}", operation.name)
            }));
        }
        summary
    })
}
