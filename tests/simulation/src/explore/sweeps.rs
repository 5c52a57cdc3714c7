//! Sweeps over items of before, killed wherever that is possible, alone and beside writers.
//!
//! The items lack what today's declarations give them: keys of an index, a default, guards of unique values. However often
//! the sweep is killed, and whatever writers and the weather do, it changes nothing but that, and nothing is missing in the
//! end.

use std::collections::BTreeMap;
use std::future::IntoFuture;
use std::time::Duration;

use dynamorm::Client;
use dynamorm::sweep::{Sweep, SweepError, SweepTable, checkpoint_table};
use dynamorm::table::Table;
use fastrand::Rng;
use serde_json::{Value, json};

use super::{Explored, family, parallel};
use crate::arguments::Arguments;
use crate::check::{self, Violation};
use crate::executor::{Dropped, Executor, Planned};
use crate::fault::{Rates, Weather};
use crate::finding::Summary;
use crate::item::{self, ItemKey};
use crate::models::WorldItem;
use crate::operation::{Call, Claim, Operation, Report};
use crate::operations::OPERATIONS;
use crate::world::World;

/// The operation of a client that sweeps, and is killed and begun again.
static SWEEP: Operation = Operation {
    name: "sweep: all",
    claim: Claim::Nothing,
    changes: &[],
    run: |call| Box::pin(async move { report(call).await }),
};

static CHECKPOINTS: Table = checkpoint_table("sweeps");
const LEASE: Duration = Duration::from_secs(2);

fn sweep() -> Sweep {
    let sweep = WorldItem::sweep().add_guards().segments(2).page_size(3).concurrent_writes(2);
    let sweep = sweep.checkpoints(SweepTable::new(&CHECKPOINTS)).lease(LEASE);
    sweep.checkpoint_every(Duration::ZERO)
}

async fn report(call: Call) -> Report {
    match sweep().run(&call.db).await {
        Ok(_) => Report::of(Ok(())),
        Err(SweepError::Request(error)) => Report::of(Err(error)),
        Err(_) => Report::untried(),
    }
}

/// What a sweep may change of an item.
const SWEPT: [&str; 4] = ["version", "gsi1pk", "gsi1sk", "count"];

/// The items of before, as the wire has them. Nobody else writes those of the last keys.
fn items_of_before() -> Vec<Value> {
    let mut items = Vec::new();
    for id in ["a", "b", "c", "d"] {
        let of = |model: &str, attributes: Value| {
            let mut item = json!({ "pk": { "S": format!("{model}#{id}") }, "sk": { "S": model } });
            for (name, value) in attributes.as_object().into_iter().flatten() {
                item[name] = value.clone();
            }
            item
        };
        items.push(of(
            "PARCEL",
            json!({ "city": { "S": "old" }, "shelf": { "N": "3" }, "state": { "S": "here" } }),
        ));
        items.push(of("DOC", json!({ "text": { "S": "old" }, "version": { "N": "4" } })));
        items.push(of("MEMBER", json!({ "email": { "S": format!("old {id}") }, "name": { "S": "old" } })));
        items.push(of(
            "ACCOUNT",
            json!({ "login": { "S": format!("old {id}") }, "text": { "S": "old" }, "version": { "N": "1" } }),
        ));
    }
    items
}

/// A world with items of before.
fn world(seed: u64, weather: Weather) -> (World, Client) {
    let (world, db) = World::new(seed, weather);
    world.finish(db.create_tables(&[&CHECKPOINTS])).expect("the table of checkpoints is created");
    for stored in items_of_before() {
        let put = db.sdk().put_item().table_name("world").set_item(Some(item::from_json(&stored)));
        world.finish(put.send()).expect("an item of before is stored");
    }
    world.state().is_calm = false;
    (world, db)
}

/// The client that sweeps: killed at these polls, one run after the other, and then left alone.
fn sweeper(killed: &[usize]) -> Vec<Planned> {
    let planned =
        |after, dropped| Planned { operation: &SWEEP, arguments: Arguments::fixed("new"), after, dropped };
    // A lease is told in milliseconds.
    let after_lease = u64::try_from(LEASE.as_micros()).unwrap_or(u64::MAX) + 10_000;
    let mut plan: Vec<_> =
        killed.iter().map(|poll| planned(after_lease, Some(Dropped::AtPoll(*poll)))).collect();
    plan.push(planned(after_lease, None));
    plan
}

/// A sweep that is killed at a poll, alone: what the table holds in the end, and how many polls and requests an undisturbed
/// run takes.
fn alone(killed: &[usize]) -> (World, Explored, BTreeMap<ItemKey, Value>, usize) {
    let (world, db) = world(1, Weather::Scripted(BTreeMap::new()));
    let mut executor = Executor::new(&world, &db);
    executor.client(sweeper(killed));
    let has_ended = executor.run();
    let polls = executor.polls.values().next_back().copied().unwrap_or_default();
    let mut items = world.state().items.clone();
    items.retain(|(table, _), _| table == "world");
    let explored = explored(&world, &db, has_ended);
    (world, explored, items, polls)
}

/// Every poll at which a sweep can be killed, or the share of this number: the same table in the end.
pub fn explore_kills(share: usize, of_shares: usize) -> Summary {
    let (_, undisturbed, expected, polls) = alone(&[]);
    let mut all = undisturbed.summary(|| "replay-killed-sweep".to_owned());
    all.add(parallel(polls, |poll| {
        if poll % of_shares != share {
            return Summary::default();
        }
        let (_, mut explored, found, _) = alone(&[poll]);
        if found != expected {
            let what = format!("{found:?} instead of {expected:?}");
            explored.violations.push(Violation { rule: "a killed sweep makes the same table", what });
        }
        explored.summary(|| format!("replay-killed-sweep --poll {poll}"))
    }));
    all
}

/// A killed sweep again.
pub fn replay_killed(poll: Option<usize>) -> (World, Explored) {
    let (world, explored, ..) = alone(poll.as_slice());
    (world, explored)
}

/// The world of one seed: a sweep that is killed a few times, writers, and weather.
pub fn run(seed: u64) -> (World, Explored) {
    let mut random = Rng::with_seed(seed ^ 0x5eeb);
    let rates = Rates::random(&mut random);
    let (world, db) = world(seed, Weather::Random(rates.clone()));
    let is_writer = |operation: &&Operation| {
        ["parcel", "doc", "member", "account"].contains(&family(operation.name))
            // It bypasses the library, and leaves guards over.
            && operation.name != "member: vanish"
    };
    let choices: Vec<&'static Operation> = OPERATIONS.iter().filter(is_writer).collect();
    let mut executor = Executor::new(&world, &db);
    let killed: Vec<_> = (0..random.usize(0..4)).map(|_| random.usize(0..60)).collect();
    executor.client(sweeper(&killed));
    for client in 0..random.usize(0..4) {
        let plan = (0..random.usize(1..5)).map(|number| Planned {
            operation: choices[random.usize(0..choices.len())],
            arguments: Arguments::random(&mut random, client * 10 + number),
            after: random.u64(0..rates.longest * 10),
            dropped: None,
        });
        executor.client(plan.collect::<Vec<_>>());
    }
    let has_ended = executor.run();
    let explored = explored(&world, &db, has_ended);
    (world, explored)
}

/// The worlds of many seeds.
pub fn explore(first: u64, count: usize) -> Summary {
    parallel(count, |number| {
        let seed = first + number as u64;
        run(seed).1.summary(|| format!("replay-sweep --seed {seed}"))
    })
}

/// Checks a world that has come to rest: what sweeps changed on the way, and what a last one leaves.
fn explored(world: &World, db: &Client, has_ended: bool) -> Explored {
    let mut violations = Vec::new();
    check_swept(world, &mut violations);
    world.state().is_calm = true;
    let last = sweep().afresh();
    // The lease of a run that was cut off may last.
    let later: dynamorm::Timestamp = "2030-01-01T00:00:00Z".parse().expect("an instant");
    let at_rest = db.clone().with_clock(move || later);
    match world.finish(last.run(&at_rest).into_future()) {
        Ok(report) if report.is_clean() => {}
        Ok(report) => violations.push(Violation { rule: "a last sweep is clean", what: report.to_string() }),
        Err(error) => violations.push(Violation { rule: "a last sweep runs", what: error.to_string() }),
    }
    check_swept(world, &mut violations);
    let items = world.state().items.clone();
    for item in items.iter().filter(|((table, _), _)| table == "world").map(|(_, item)| item) {
        violations.extend(check::stored_otherwise(item));
    }
    check::guards_of_all(world, db, &mut violations);
    Explored::with(world, has_ended, violations)
}

/// A sweep creates no item, and changes nothing but what it is for.
fn check_swept(world: &World, violations: &mut Vec<Violation>) {
    let state = world.state();
    for (order, applied) in state.history.all_applications() {
        let operation = state.history.requests[applied.request];
        if operation.is_some_and(|id| state.history.operations[id].operation.name != SWEEP.name) {
            continue;
        }
        // What no client asked for is what the world began with, or the last sweep.
        for change in applied.changes.iter().filter(|change| change.key.0 == "world") {
            let is_guard = change.after.as_ref().is_some_and(|after| after.get("$owner").is_some());
            let (Some(after), false) = (&change.after, is_guard) else { continue };
            let Some(before) = &change.before else {
                if operation.is_some() {
                    let what = format!("at {order}: {after}");
                    violations.push(Violation { rule: "a sweep creates no item", what });
                }
                continue;
            };
            let others = check::changed(before, after);
            let others: Vec<_> = others.into_iter().filter(|name| !SWEPT.contains(name)).collect();
            if !others.is_empty() {
                let what = format!("at {order}: {others:?}, {before} -> {after}");
                violations.push(Violation { rule: "a sweep changes nothing else", what });
            }
        }
    }
}
