//! From the differences between a live table and its declaration to the steps that remove them.

use crate::admin::compare::compare;
use crate::admin::difference::{DifferenceKind, TableDifference, TablePart};
use crate::admin::live::{self, Live};
use crate::admin::step::TableStep;
use crate::error::{Context, Error, Reason, Result};
use crate::table::{Billing, Setting, Table};

/// The steps from a live table to what is declared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TablePlan {
    /// The steps to take, in this order.
    pub steps: Vec<TableStep>,
    /// The steps that would delete undeclared parts or turn them off, which the caller has not allowed.
    pub withheld: Vec<TableStep>,
}

/// The steps from `live`, whose name is `name`, to `table`. Without `deletions`, they delete only what is declared to be absent.
pub(super) fn plan(table: &'static Table, live: &Live, name: &str, deletions: bool) -> Result<TablePlan> {
    let mut plan = TablePlan::default();
    let mut refused = Vec::new();
    for difference in compare(table, live, name) {
        let Some(steps) = steps(table, live, &difference) else {
            return Err(fixed(name, &difference));
        };
        let is_said_to_be_absent = is_off(table, &difference.part);
        let deletes = !is_said_to_be_absent && steps.iter().any(TableStep::is_deletion);
        if deletions || !deletes {
            plan.steps.extend(steps);
        } else if difference.kind == DifferenceKind::Extra {
            plan.withheld.extend(steps);
        } else {
            let steps: Vec<_> = steps.iter().map(ToString::to_string).collect();
            refused.push(format!("{difference}: {}", steps.join(" and ")));
        }
    }
    if !refused.is_empty() {
        let context = Context { table: Some(name.to_owned()), ..Context::default() };
        return Err(Error::new(Reason::DeletionNotAllowed(refused.join("; ")), context));
    }
    // Changing the table's billing sets the capacity of its indexes too.
    if plan.steps.iter().any(|step| matches!(step, TableStep::Billing(Billing::Provisioned(_)))) {
        plan.steps.retain(|step| !matches!(step, TableStep::IndexThroughput(..)));
    }
    // Indexes to delete come before those to create: there is a quota.
    for steps in [&mut plan.steps, &mut plan.withheld] {
        let first = steps.iter().position(is_of_index).unwrap_or(steps.len());
        let end = steps.iter().rposition(is_of_index).map_or(first, |last| last + 1);
        steps[first..end].sort_by_key(|step| !matches!(step, TableStep::DeleteIndex(_)));
    }
    Ok(plan)
}

fn is_of_index(step: &TableStep) -> bool {
    matches!(
        step,
        TableStep::DeleteIndex(_)
            | TableStep::CreateIndex(_)
            | TableStep::IndexThroughput(..)
            | TableStep::IndexOnDemandMaximum(..)
    )
}

/// Whether the part is declared to be absent.
fn is_off(table: &Table, part: &TablePart) -> bool {
    match part {
        TablePart::TimeToLive => table.ttl == Setting::Off,
        TablePart::Stream => table.stream == Setting::Off,
        TablePart::PointInTimeRecovery => table.point_in_time_recovery == Setting::Off,
        TablePart::DeletionProtection => table.deletion_protection == Some(false),
        _ => false,
    }
}

/// The steps that remove a difference; `None` if nothing can.
fn steps(table: &'static Table, live: &Live, difference: &TableDifference) -> Option<Vec<TableStep>> {
    let is_extra = difference.kind == DifferenceKind::Extra;
    let is_missing = difference.kind == DifferenceKind::Missing;
    let index = |name: &str| table.index(name);
    Some(match &difference.part {
        TablePart::Table | TablePart::Key => return None,
        // A local index lives as long as its table. An undeclared one does no harm.
        TablePart::LocalIndex(_) if is_extra => Vec::new(),
        TablePart::LocalIndex(_) => return None,
        TablePart::DeletionProtection => {
            vec![TableStep::DeletionProtection(table.deletion_protection.unwrap_or(false))]
        }
        TablePart::Billing => table.billing.into_iter().map(TableStep::Billing).collect(),
        TablePart::OnDemandMaximum => vec![TableStep::OnDemandMaximum(table.on_demand_maximum)],
        TablePart::Encryption => table.encryption.into_iter().map(TableStep::Encryption).collect(),
        TablePart::Class => table.class.into_iter().map(TableStep::Class).collect(),
        TablePart::PointInTimeRecovery => match table.point_in_time_recovery.on() {
            Some(recovery) => vec![TableStep::EnablePointInTimeRecovery(recovery)],
            None => vec![TableStep::DisablePointInTimeRecovery],
        },
        TablePart::Stream => {
            let off = live::stream(&live.table).map(|_| TableStep::DisableStream);
            off.into_iter().chain(table.stream.on().map(TableStep::EnableStream)).collect()
        }
        TablePart::TimeToLive => {
            let off = live.ttl.clone().map(TableStep::DisableTimeToLive);
            off.into_iter().chain(table.ttl.on().map(TableStep::EnableTimeToLive)).collect()
        }
        TablePart::GlobalIndex(name) => {
            let delete = (!is_missing).then(|| TableStep::DeleteIndex(name.clone()));
            let create = index(name).map(|index| TableStep::CreateIndex(index.name));
            delete.into_iter().chain(create).collect()
        }
        TablePart::IndexThroughput(name) => index(name)
            .and_then(|index| Some(TableStep::IndexThroughput(index.name, index.throughput?)))
            .into_iter()
            .collect(),
        TablePart::IndexOnDemandMaximum(name) => index(name)
            .map(|index| TableStep::IndexOnDemandMaximum(index.name, index.on_demand_maximum))
            .into_iter()
            .collect(),
    })
}

/// A table's key and local indexes are fixed when it is created.
fn fixed(name: &str, difference: &TableDifference) -> Error {
    let why = match difference.part {
        TablePart::LocalIndex(_) => "local indexes can only be given when a table is created",
        _ => "the key of a table cannot be changed",
    };
    mismatch(name, format!("{difference}, and {why}"))
}

pub(super) fn mismatch(name: &str, message: String) -> Error {
    let context = Context { table: Some(name.to_owned()), ..Context::default() };
    Error::new(Reason::TableMismatch(message), context)
}
