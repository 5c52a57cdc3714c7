//! Random worlds: random operations of random clients in random weather, decided by one seed.

use fastrand::Rng;

use super::{Explored, begin, family, parallel};
use crate::arguments::Arguments;
use crate::executor::{Dropped, Executor, Planned};
use crate::fault::{Rates, Weather};
use crate::finding::Summary;
use crate::operation::Operation;
use crate::operations::OPERATIONS;
use crate::world::World;

/// What clients are about in one world: a few things, so that they meet.
const FAMILIES: [&[&str]; 13] = [
    &["note"],
    &["doc"],
    &["stamp"],
    &["deed"],
    &["account"],
    &["parcel"],
    &["bag"],
    &["member"],
    &["stock", "transaction"],
    &["note", "batch", "ticket"],
    &["doc", "stamp", "transaction"],
    &["member", "account", "transaction"],
    &["member"],
];

/// The world of one seed.
pub fn run(seed: u64) -> (World, Explored) {
    let mut random = Rng::with_seed(seed ^ 0x5eed);
    let rates = Rates::random(&mut random);
    let (world, db) = World::new(seed, Weather::Random(rates.clone()));
    let families = FAMILIES[random.usize(0..FAMILIES.len())];
    if random.u8(0..4) > 0 {
        begin(&world, &db, families.iter().copied());
    } else {
        begin(
            &world,
            &db,
            families.iter().copied().filter(|family| *family == "stock" || *family == "transaction"),
        );
    }
    let mut choices: Vec<&'static Operation> = OPERATIONS
        .iter()
        .filter(|operation| {
            families.contains(&family(operation.name)) && !operation.name.ends_with(": begin")
        })
        .collect();
    // Some worlds are narrow: a few kinds of operations on one item with one value, which meet more often.
    let is_narrow = random.u8(0..3) == 0;
    if is_narrow {
        random.shuffle(&mut choices);
        choices.truncate(random.usize(1..=3));
    }
    let mut executor = Executor::new(&world, &db);
    let mut serial = 0;
    for _ in 0..random.usize(2..=4) {
        let plan: Vec<_> = (0..random.usize(1..=4))
            .map(|_| {
                serial += 1;
                let dropped = (random.u32(0..1000) < rates.dropped).then(|| match random.bool() {
                    true => Dropped::AtPoll(random.usize(0..6)),
                    false => Dropped::After(random.u64(0..rates.longest * 4)),
                });
                Planned {
                    operation: choices[random.usize(0..choices.len())],
                    arguments: match is_narrow {
                        true => Arguments::narrow(&mut random),
                        false => Arguments::random(&mut random, serial),
                    },
                    after: random.u64(0..rates.longest),
                    dropped,
                }
            })
            .collect();
        executor.client(plan);
    }
    let has_ended = executor.run();
    let explored = Explored::of(&world, &db, has_ended);
    (world, explored)
}

/// The worlds of many seeds.
pub fn explore(first: u64, count: usize) -> Summary {
    parallel(count, |number| {
        let seed = first + number as u64;
        run(seed).1.summary(|| format!("replay --seed {seed}"))
    })
}
