//! Holds what the library said of its writes against what happened.

mod demand;
mod outcome;
mod state;

use dynamorm::{Client, Model};

use crate::history::{Entry, History};
use crate::models::{Account, Member};
use crate::world::World;

pub use state::changed;

/// Something that is not as it should be.
#[derive(Clone, Debug)]
pub struct Violation {
    /// The rule that it breaks, in a few words.
    pub rule: &'static str,
    pub what: String,
}

/// Checks everything that has happened in a world that has come to rest.
pub fn everything(world: &World, db: &Client) -> Vec<Violation> {
    let mut violations = Vec::new();
    {
        let state = world.state();
        outcome::check(&state.history, &mut violations);
        demand::check(&state.history, &mut violations);
        state::check(&state.history, &mut violations);
    }
    world.state().is_calm = true;
    let (has_vanished, has_guards) = {
        let state = world.state();
        (has_vanished(&state.history), state.history.mentions(&["MEMBER#", "ACCOUNT#"]))
    };
    if has_guards {
        guards::<Member>(world, db, has_vanished, &mut violations);
        guards::<Account>(world, db, false, &mut violations);
    }
    violations
}

/// Every unique value has its guard, and no guard is left over.
pub fn guards_of_all(world: &World, db: &Client, violations: &mut Vec<Violation>) {
    guards::<Member>(world, db, false, violations);
    guards::<Account>(world, db, false, violations);
}

/// An item that is not what a put of its value would store.
pub fn stored_otherwise(item: &serde_json::Value) -> Option<Violation> {
    state::stored_otherwise(item).map(|(rule, what)| Violation { rule, what })
}

/// Guards match items: where nobody bypasses the library none is left over.
fn guards<M: Model>(world: &World, db: &Client, may_be_left_over: bool, violations: &mut Vec<Violation>) {
    let report = match world.finish(db.check_unique::<M>()) {
        Ok(report) => report,
        Err(error) => {
            return violations.push(Violation { rule: "guards can be checked", what: error.to_string() });
        }
    };
    let mut found = |rule, findings: &[dynamorm::UniqueFinding]| {
        if !findings.is_empty() {
            violations.push(Violation { rule, what: format!("{findings:?}") });
        }
    };
    found("no two items have a unique value", report.duplicates());
    found("every unique value has its guard", report.missing());
    if !may_be_left_over {
        found("no guard is left over", report.left_over());
    }
}

/// Whether a writer that knows nothing of guards was at work.
fn has_vanished(history: &History) -> bool {
    history.entries.iter().any(|(_, entry)| {
        matches!(entry, Entry::Begun(operation)
            if history.operations[*operation].operation.name == "member: vanish")
    })
}
