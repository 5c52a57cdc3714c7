//! What an operation said of itself.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Violation;
use crate::history::{Application, Begun, Change, History, OperationId, Order};
use crate::item::{self, ItemKey};
use crate::operation::{Claim, Failure, Outcome, Report};

pub fn check(history: &History, violations: &mut Vec<Violation>) {
    for (id, begun) in history.operations.iter().enumerate() {
        let operation = Checked { history, id, begun, applied: history.applications(id) };
        let mut found = |rule, what: String| {
            let what = format!("operation {id}, {} ({}): {what}", begun.operation.name, begun.arguments);
            violations.push(Violation { rule, what });
        };
        operation.check_sends(&mut found);
        if let Some((ended, report)) = history.report(id) {
            operation.check_report(ended, report, &mut found);
        }
    }
}

type Found<'a> = dyn FnMut(&'static str, String) + 'a;

/// An operation that is checked.
struct Checked<'a> {
    history: &'a History,
    id: OperationId,
    begun: &'a Begun,
    /// Everything of it that was carried out, before or after it ended.
    applied: Vec<(Order, &'a Application)>,
}

impl Checked<'_> {
    fn claim(&self) -> Claim {
        self.begun.operation.claim
    }

    /// What holds however it ended, or if it was dropped.
    fn check_sends(&self, found: &mut Found<'_>) {
        let transactions = self.applied.iter().filter(|(_, applied)| applied.action == "TransactWriteItems");
        if self.claim() == Claim::OnceForEver && transactions.count() > 1 {
            found("a transaction is carried out once at the most", self.count());
        }
    }

    fn check_report(&self, ended: Order, report: &Report, found: &mut Found<'_>) {
        match &report.outcome {
            Outcome::Untried | Outcome::Nothing if self.claim() != Claim::Nothing => {
                if !self.applied.is_empty() {
                    found("what was not tried is not carried out", self.count());
                }
            }
            Outcome::Untried | Outcome::Nothing => {}
            Outcome::Done => {
                self.check_success(ended, report, found);
                self.check_value(report, found);
            }
            Outcome::Failed(failure) if self.claim() == Claim::Batch => {
                let written = report.entries.iter().filter(|entry| !failure.unwritten.contains(entry));
                self.check_entries(written, ended, found);
            }
            // What consists of several writes has done some of them.
            Outcome::Failed(_) if self.claim() == Claim::Nothing => {}
            Outcome::Failed(failure) => {
                if !failure.is_unknown && !self.applied.is_empty() && !self.is_excused(ended, failure) {
                    found(
                        "after a definite error nothing was written",
                        format!("{}; {}", failure.text, self.count()),
                    );
                }
            }
        }
        if self.claim() == Claim::Batch {
            self.check_nothing_else(report, found);
        }
        self.check_element(report, found);
    }

    fn count(&self) -> String {
        let orders: Vec<_> = self.applied.iter().map(|(order, _)| order).collect();
        format!("it was carried out {} times, at {orders:?}", orders.len())
    }

    fn check_success(&self, ended: Order, report: &Report, found: &mut Found<'_>) {
        let before = self.applied.iter().filter(|(order, _)| *order < ended).count();
        match self.claim() {
            Claim::Nothing => {}
            Claim::Batch => self.check_entries(report.entries.iter(), ended, found),
            Claim::AtLeastOnce => {
                if before == 0 && !self.deleted_nothing(ended) {
                    found("what succeeded was carried out", self.count());
                }
            }
            Claim::Once => {
                if before == 0 {
                    found("what succeeded was carried out", self.count());
                }
                for pair in self.applied.windows(2) {
                    let [(first, _), (second, applied)] = pair else { continue };
                    if !applied.changes.iter().any(|change| self.turned(&change.key, first + 1, *second)) {
                        found("what succeeded was carried out once", self.count());
                    }
                }
            }
            Claim::OnceForEver => {
                if before == 0 {
                    found("what succeeded was carried out", self.count());
                }
                // An attempt that arrives twice lives on after its first effect, and nobody promises otherwise.
                let attempts: BTreeSet<_> = self.applied.iter().map(|(_, applied)| applied.request).collect();
                if attempts.len() > 1 {
                    found("what adds up was carried out once", self.count());
                }
            }
        }
    }

    /// Whether the item was created or deleted in between, so that the condition of a write may have held again.
    fn turned(&self, key: &ItemKey, from: Order, to: Order) -> bool {
        self.history.was_deleted_between(key, from, to) || self.history.was_created_between(key, from, to)
    }

    /// A deletion of an item with unique fields reads it first, and sends nothing if it is not there.
    fn deleted_nothing(&self, ended: Order) -> bool {
        if !self.begun.operation.name.ends_with(": delete") {
            return false;
        }
        let reads = self.history.sent(self.id).filter(|(action, ..)| *action == "GetItem");
        let keys = reads
            .map(|(_, body, _)| item::key_of(body["TableName"].as_str().unwrap_or_default(), &body["Key"]).0);
        keys.last().is_some_and(|key| self.history.was_absent(&key, self.begun.at, ended))
    }

    /// The one definite error that may be wrong: an item was deleted meanwhile, and the answer of an earlier attempt was
    /// missing. Versions begin anew then, and a version that is found may be one of the next incarnation.
    fn is_excused(&self, ended: Order, failure: &Failure) -> bool {
        let is_versioned = self.claim() == Claim::Once
            && self.applied.iter().flat_map(|(_, applied)| &applied.changes).any(has_version);
        let is_unanswered = self.history.sent(self.id).any(|(_, _, fault)| fault.is_unanswered());
        let last = self.applied.last().map_or(ended, |(order, _)| ended.max(*order));
        let was_deleted = self
            .applied
            .iter()
            .flat_map(|(_, applied)| &applied.changes)
            .any(|change| self.history.was_deleted_between(&change.key, self.begun.at, last));
        is_versioned && failure.is_of_item && is_unanswered && was_deleted
    }

    fn check_entries<'a>(
        &self,
        entries: impl Iterator<Item = &'a ItemKey>,
        ended: Order,
        found: &mut Found<'_>,
    ) {
        let written = |entry: &ItemKey| {
            let before = self.applied.iter().filter(|(order, _)| *order < ended);
            before.flat_map(|(_, applied)| &applied.changes).any(|change| change.key == *entry)
        };
        let missing: Vec<_> = entries.filter(|entry| !written(entry)).collect();
        if !missing.is_empty() {
            found("what a batch does not give back was written", format!("{missing:?}"));
        }
    }

    fn check_nothing_else(&self, report: &Report, found: &mut Found<'_>) {
        let changes = self.applied.iter().flat_map(|(_, applied)| &applied.changes);
        let others: Vec<_> =
            changes.map(|change| &change.key).filter(|key| !report.entries.contains(key)).collect();
        if !others.is_empty() {
            found("a batch writes nothing else", format!("{others:?}"));
        }
    }

    /// The value that the client has now is what was stored.
    fn check_value(&self, report: &Report, found: &mut Found<'_>) {
        let Some(value) = &report.value else { return };
        let value = item::canonical(value);
        let changes = || self.applied.iter().flat_map(|(_, applied)| &applied.changes);
        // Without a write id the item may be another one by then, which has the version that was read.
        let may_be_another = self.applied.iter().any(|(order, applied)| {
            let mut changes = applied.changes.iter().filter(|change| has_version_alone(change));
            changes.any(|change| self.history.was_deleted_between(&change.key, self.begun.at, *order))
        });
        if !may_be_another && !changes().any(|change| change.after.as_ref() == Some(&value)) {
            let stored: Vec<_> = changes().map(|change| &change.after).collect();
            found("a written value is what was stored", format!("{value}, and stored was {stored:?}"));
        }
    }

    /// A save of one element of a list changes that element, or makes the list what the client wants.
    fn check_element(&self, report: &Report, found: &mut Found<'_>) {
        let Some((wanted, replaced)) = &report.element else { return };
        for change in self.applied.iter().flat_map(|(_, applied)| &applied.changes) {
            let (Some(before), Some(after)) = (&change.before, &change.after) else { continue };
            let (before, after) = (&before["items"], &after["items"]);
            let list = |items: &Value| items["L"].as_array().cloned().unwrap_or_default();
            let (before_list, after_list) = (list(before), list(after));
            let lost = before_list.iter().filter(|element| !after_list.contains(element));
            let others: Vec<_> = lost.filter(|element| *element != replaced).collect();
            if after != wanted && !others.is_empty() {
                found(
                    "a save changes the element that was read",
                    format!("{others:?} instead of {replaced}"),
                );
            }
        }
    }
}

/// Whether the item has a version.
fn has_version(change: &Change) -> bool {
    [&change.before, &change.after].into_iter().flatten().any(|item| item.get("version").is_some())
}

/// Whether the item has a version, and no write id that would tell its incarnations apart.
fn has_version_alone(change: &Change) -> bool {
    let of = |item: &Value| item.get("version").is_some() && item.get("write_id").is_none();
    [&change.before, &change.after].into_iter().flatten().any(of)
}
