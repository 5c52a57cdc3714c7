//! Every pair of operations: the first runs up to one of its requests, then the second runs whole, then the first goes on. What
//! they say and what is stored must be as if one had run after the other. Or the connection of that request breaks, and the second
//! runs before it is sent again: then what they say must be true.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Explored, begin, family, parallel};
use crate::arguments::Arguments;
use crate::check::Violation;
use crate::executor::{Executor, Planned};
use crate::fault::{Fault, Weather};
use crate::finding::Summary;
use crate::history::OperationId;
use crate::item::ItemKey;
use crate::operation::{Operation, Outcome};
use crate::operations::{OPERATIONS, named};
use crate::world::World;

/// Operations that write back what they have read of items without a version, as the application's own code would: what others
/// write in between is lost, and nothing promises otherwise. Those that read an index, which lags behind. And batches of several
/// requests, between which others may write.
const UNSERIALIZABLE: [&str; 4] = [
    "member: move the e-mail address",
    "member: exchange the seats",
    "parcel: note what the index finds",
    "batch: thirty",
];

/// What two operations did.
#[derive(PartialEq)]
struct Course {
    first: String,
    second: String,
    items: BTreeMap<ItemKey, Value>,
}

/// A world in which something has begun.
struct Stage {
    world: World,
    executor: Executor,
    db: dynamorm::Client,
    /// The operation that comes next.
    next: OperationId,
}

impl Stage {
    fn new(pair: [&'static Operation; 2]) -> Self {
        let (world, db) = World::new(1, Weather::Scripted(BTreeMap::new()));
        begin(&world, &db, pair.map(|operation| family(operation.name)));
        let next = world.state().history.operations.len();
        let executor = Executor::new(&world, &db);
        Stage { world, executor, db, next }
    }

    fn client(&mut self, operation: &'static Operation, text: &str) {
        let arguments = Arguments::fixed(text);
        self.executor.client([Planned { operation, arguments, after: 0, dropped: None }]);
    }

    fn outcome(&self, operation: OperationId) -> String {
        match self.world.state().history.report(operation).map(|(_, report)| &report.outcome) {
            Some(Outcome::Failed(failure)) if failure.is_unknown => UNKNOWN.to_owned(),
            // What happened, without where.
            Some(Outcome::Failed(failure)) => failure.text.split(" (").next().unwrap_or_default().to_owned(),
            other => format!("{other:?}"),
        }
    }

    fn items(&self) -> BTreeMap<ItemKey, Value> {
        let mut items = self.world.state().items.clone();
        for item in items.values_mut().filter_map(Value::as_object_mut) {
            item.remove("changed_at");
            item.remove("write_id");
        }
        items
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.world.end();
    }
}

const UNKNOWN: &str = "unknown";
const TEXTS: [&str; 2] = ["one", "two"];

/// Both after each other: the first of the pair first, or not.
fn serial(pair: [&'static Operation; 2], in_order: bool) -> Course {
    let mut stage = Stage::new(pair);
    let order = if in_order { [0, 1] } else { [1, 0] };
    for index in order {
        stage.client(pair[index], TEXTS[index]);
        stage.executor.run();
    }
    let [first, second] =
        if in_order { [0, 1] } else { [1, 0] }.map(|place| stage.outcome(stage.next + place));
    Course { first, second, items: stage.items() }
}

/// The second alone.
fn alone(pair: [&'static Operation; 2]) -> Course {
    let mut stage = Stage::new(pair);
    stage.client(pair[1], TEXTS[1]);
    stage.executor.run();
    Course { first: String::new(), second: stage.outcome(stage.next), items: stage.items() }
}

/// Where the second operation comes in between.
#[derive(Clone, Copy)]
pub struct Between {
    /// The first waits with its request of this number.
    pub hold: usize,
    /// What became of the request before, if that is what is sent again.
    pub broken: Option<Broken>,
}

/// How the connection of a request breaks that is sent again.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub enum Broken {
    RequestLost,
    ResponseLost,
    /// That of the second attempt breaks, too, after it was carried out.
    BothResponsesLost,
    Late,
}

impl Broken {
    const ALL: [Option<Broken>; 5] = [
        None,
        Some(Broken::RequestLost),
        Some(Broken::ResponseLost),
        Some(Broken::BothResponsesLost),
        Some(Broken::Late),
    ];

    fn fault(self) -> Fault {
        match self {
            Broken::RequestLost => Fault::RequestLost,
            Broken::ResponseLost | Broken::BothResponsesLost => Fault::ResponseLost,
            Broken::Late => Fault::Late,
        }
    }
}

/// The first waits with a request until the second has ended; nothing if it has no such request.
fn interleaved(pair: [&'static Operation; 2], between: Between) -> Option<(Stage, Course, bool)> {
    let mut stage = Stage::new(pair);
    let (first, second) = (stage.next, stage.next + 1);
    let mut script = BTreeMap::from([((first, between.hold), Fault::Held)]);
    let mut texts = TEXTS;
    if let Some(broken) = between.broken {
        script.insert((first, between.hold.checked_sub(1)?), broken.fault());
        if let Broken::BothResponsesLost = broken {
            script.insert((first, between.hold), Fault::HeldAndLost);
        }
        // Equal values are those that could be taken for each other.
        texts[1] = texts[0];
    }
    stage.world.state().weather = Weather::Scripted(script);
    stage.client(pair[0], texts[0]);
    while stage.world.state().held.is_empty() {
        if !stage.executor.step() {
            return None;
        }
    }
    stage.client(pair[1], texts[1]);
    while stage.world.state().history.report(second).is_none() {
        if !stage.executor.step() {
            break;
        }
    }
    stage.world.release();
    let has_ended = stage.executor.run();
    let course = Course { first: stage.outcome(first), second: stage.outcome(second), items: stage.items() };
    Some((stage, course, has_ended))
}

/// Whether a course is as if one had run after the other, or the first had not run at all.
fn is_serial(course: &Course, orders: &[Course; 2], alone: &Course) -> bool {
    if course.first == UNKNOWN || course.second == UNKNOWN || orders.contains(course) {
        return true;
    }
    let has_failed = !course.first.starts_with("Some(");
    let is_untried = course.first.starts_with("Some(Untried") || course.first.starts_with("Some(Nothing");
    (has_failed || is_untried) && course.items == alone.items && course.second == alone.second
}

fn explored(
    pair: [&'static Operation; 2],
    between: Between,
    orders: &[Course; 2],
    alone: &Course,
) -> Option<(World, Explored)> {
    let (stage, course, has_ended) = interleaved(pair, between)?;
    let mut explored = Explored::of(&stage.world, &stage.db, has_ended);
    let may_differ = between.broken.is_some() || UNSERIALIZABLE.contains(&pair[0].name);
    if !may_differ && !is_serial(&course, orders, alone) {
        let what = format!("{}, {}: {:?}", course.first, course.second, course.items);
        explored
            .violations
            .push(Violation { rule: "two operations are as if one came after the other", what });
        explored.trace = stage.world.state().history.to_string();
    }
    Some((stage.world.clone(), explored))
}

/// Whether operations of two families can meet.
fn meet(one: &str, other: &str) -> bool {
    let touched = ["note", "doc", "stamp", "parcel", "stock", "member", "account"];
    match (family(one), family(other)) {
        (one, other) if one == other => true,
        ("transaction", other) | (other, "transaction") => touched.contains(&other),
        ("batch", other) | (other, "batch") => ["note", "parcel"].contains(&other),
        _ => false,
    }
}

/// One pair again.
pub fn replay(first: &str, second: &str, between: Between) -> Option<(World, Explored)> {
    let pair = [named(first), named(second)];
    explored(pair, between, &[serial(pair, true), serial(pair, false)], &alone(pair))
}

/// Every pair, or every one of `of_shares` beginning with the one of number `share`.
pub fn explore(share: usize, of_shares: usize) -> Summary {
    let operations: Vec<&'static Operation> =
        OPERATIONS.iter().filter(|operation| !operation.name.ends_with(": begin")).collect();
    let mut pairs = Vec::new();
    for first in &operations {
        let seconds = operations.iter().filter(|second| meet(first.name, second.name));
        pairs.extend(seconds.map(|second| [*first, *second]));
    }
    let pairs: Vec<_> = pairs.into_iter().skip(share).step_by(of_shares).collect();
    parallel(pairs.len(), |number| {
        let pair = pairs[number];
        let orders = [serial(pair, true), serial(pair, false)];
        let alone = alone(pair);
        let mut summary = Summary { worlds: 3, ..Summary::default() };
        for broken in Broken::ALL {
            let mut hold = usize::from(broken.is_some());
            while let Some((_, explored)) = explored(pair, Between { hold, broken }, &orders, &alone) {
                summary.add(explored.summary(|| replayed_by(pair, Between { hold, broken })));
                hold += 1;
            }
        }
        summary
    })
}

fn replayed_by(pair: [&'static Operation; 2], between: Between) -> String {
    let [first, second] = pair.map(|operation| operation.name);
    let broken = match between.broken {
        None => "",
        Some(Broken::RequestLost) => " --broken request-lost",
        Some(Broken::ResponseLost) => " --broken response-lost",
        Some(Broken::BothResponsesLost) => " --broken both-responses-lost",
        Some(Broken::Late) => " --broken late",
    };
    format!("replay-pair --first {first:?} --second {second:?} --hold {}{broken}", between.hold)
}
