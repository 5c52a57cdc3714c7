//! What really happened in a world, in its order.

use std::fmt::{self, Display};

use serde_json::Value;

use crate::arguments::Arguments;
use crate::fault::Fault;
use crate::item::ItemKey;
use crate::operation::{Operation, Report};

/// The place of an entry in the history.
pub type Order = usize;
/// A client's operation, by the order in which they began.
pub type OperationId = usize;
/// A request, by the order in which they were sent.
pub type RequestId = usize;

/// Everything that happened, and when.
#[derive(Default)]
pub struct History {
    pub entries: Vec<(u64, Entry)>,
    /// The operations that have begun.
    pub operations: Vec<Begun>,
    /// The operation of each request, if it has one.
    pub requests: Vec<Option<OperationId>>,
    pub faults: usize,
}

/// An operation that has begun.
#[derive(Clone)]
pub struct Begun {
    pub operation: &'static Operation,
    pub client: usize,
    pub arguments: Arguments,
    pub at: Order,
}

pub enum Entry {
    Begun(OperationId),
    Sent {
        request: RequestId,
        action: String,
        body: Value,
        fault: Fault,
    },
    Applied(Application),
    /// The engine refused it.
    Refused {
        request: RequestId,
        code: String,
    },
    Answered {
        request: RequestId,
        with: String,
    },
    Ended {
        operation: OperationId,
        report: Report,
    },
    Dropped(OperationId),
}

/// A request that the engine carried out.
pub struct Application {
    pub request: RequestId,
    pub action: String,
    /// A transaction that had been carried out before, and that was only answered again.
    pub is_replay: bool,
    pub changes: Vec<Change>,
}

/// An item before and after a request.
#[derive(Clone)]
pub struct Change {
    pub key: ItemKey,
    pub before: Option<Value>,
    pub after: Option<Value>,
    /// Whether it was changed in place.
    pub is_update: bool,
}

impl History {
    /// The requests of an operation that were carried out, where each stands, and no answers of a second time.
    pub fn applications(&self, operation: OperationId) -> Vec<(Order, &Application)> {
        self.all_applications()
            .filter(|(_, application)| {
                !application.is_replay && self.requests[application.request] == Some(operation)
            })
            .collect()
    }

    /// All requests that changed something, or could have.
    pub fn all_applications(&self) -> impl Iterator<Item = (Order, &Application)> {
        self.entries.iter().enumerate().filter_map(|(order, (_, entry))| match entry {
            Entry::Applied(application) => Some((order, application)),
            _ => None,
        })
    }

    /// Whether anything with such a key was ever written.
    pub fn mentions(&self, beginnings: &[&str]) -> bool {
        let is_one = |change: &Change| beginnings.iter().any(|beginning| change.key.1.contains(beginning));
        self.all_applications().any(|(_, application)| application.changes.iter().any(is_one))
    }

    /// How an operation ended, and where; nothing if it was dropped.
    pub fn report(&self, operation: OperationId) -> Option<(Order, &Report)> {
        self.entries.iter().enumerate().find_map(|(order, (_, entry))| match entry {
            Entry::Ended { operation: other, report } if *other == operation => Some((order, report)),
            _ => None,
        })
    }

    /// The requests that an operation sent, with what became of them.
    pub fn sent(&self, operation: OperationId) -> impl Iterator<Item = (&str, &Value, &Fault)> {
        self.entries.iter().filter_map(move |(_, entry)| match entry {
            Entry::Sent { request, action, body, fault } if self.requests[*request] == Some(operation) => {
                Some((action.as_str(), body, fault))
            }
            _ => None,
        })
    }

    /// Whether an item was deleted between two places of the history by another operation than this one.
    pub fn was_deleted_between(&self, key: &ItemKey, from: Order, to: Order) -> bool {
        self.changes_between(key, from, to).any(|change| change.before.is_some() && change.after.is_none())
    }

    /// Whether an item was created between two places of the history.
    pub fn was_created_between(&self, key: &ItemKey, from: Order, to: Order) -> bool {
        self.changes_between(key, from, to).any(|change| change.before.is_none() && change.after.is_some())
    }

    /// Whether there was no such item at some time between two places of the history.
    pub fn was_absent(&self, key: &ItemKey, from: Order, to: Order) -> bool {
        let mut is_there = false;
        for change in self.changes_between(key, 0, from) {
            is_there = change.after.is_some();
        }
        !is_there || self.was_deleted_between(key, from, to)
    }

    fn changes_between<'a>(
        &'a self,
        key: &'a ItemKey,
        from: Order,
        to: Order,
    ) -> impl Iterator<Item = &'a Change> {
        self.all_applications()
            .filter(move |(order, _)| (from..to).contains(order))
            .flat_map(|(_, application)| &application.changes)
            .filter(move |change| change.key == *key)
    }
}

impl Display for History {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&with_named_ids(&Entries(self).to_string()))
    }
}

/// The entries with ids as they are.
struct Entries<'a>(&'a History);

impl Display for Entries<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let this = self.0;
        for (order, (at, entry)) in this.entries.iter().enumerate() {
            write!(f, "{order:4} {:>10.3} ms  ", *at as f64 / 1000.0)?;
            this.fmt_entry(f, entry)?;
            writeln!(f)?;
        }
        Ok(())
    }
}

impl History {
    fn who(&self, request: RequestId) -> String {
        match self.requests[request] {
            Some(operation) => format!("operation {operation}, request {request}"),
            None => format!("request {request}"),
        }
    }

    fn fmt_entry(&self, f: &mut fmt::Formatter<'_>, entry: &Entry) -> fmt::Result {
        match entry {
            Entry::Begun(operation) => {
                let begun = &self.operations[*operation];
                write!(
                    f,
                    "client {} begins operation {operation}: {} ({})",
                    begun.client, begun.operation.name, begun.arguments
                )
            }
            Entry::Sent { request, action, body, fault } => {
                write!(f, "{}: {action}, {fault:?}, {body}", self.who(*request))
            }
            Entry::Applied(application) => {
                let again = if application.is_replay { " already" } else { "" };
                write!(f, "{}: {} carried out{again}", self.who(application.request), application.action)?;
                for Change { key, before, after, .. } in &application.changes {
                    let text = |item: &Option<Value>| item.as_ref().map_or("-".to_owned(), Value::to_string);
                    write!(f, "\n        {} {}: {} -> {}", key.0, key.1, text(before), text(after))?;
                }
                Ok(())
            }
            Entry::Refused { request, code } => write!(f, "{}: refused, {code}", self.who(*request)),
            Entry::Answered { request, with } => write!(f, "{}: answered, {with}", self.who(*request)),
            Entry::Ended { operation, report } => write!(f, "operation {operation} ends: {report:?}"),
            Entry::Dropped(operation) => write!(f, "operation {operation} is dropped"),
        }
    }
}

/// The text with its UUIDs named in the order in which they appear: the library makes them by chance that no seed decides.
fn with_named_ids(text: &str) -> String {
    const LENGTH: usize = 36;
    let is_id = |candidate: &str| {
        candidate.char_indices().all(|(place, character)| match place {
            8 | 13 | 18 | 23 => character == '-',
            _ => character.is_ascii_hexdigit(),
        })
    };
    let mut known: Vec<&str> = Vec::new();
    let mut named = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        match rest.get(..LENGTH) {
            Some(id) if is_id(id) => {
                let number = known.iter().position(|known| *known == id).unwrap_or_else(|| {
                    known.push(id);
                    known.len() - 1
                });
                named.push_str(&format!("id {number}"));
                rest = &rest[LENGTH..];
            }
            _ => {
                named.push(first);
                rest = &rest[first.len_utf8()..];
            }
        }
    }
    named
}
