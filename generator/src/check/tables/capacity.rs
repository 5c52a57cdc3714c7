//! The billing of tables and indexes.

use crate::catalog::{Billing, IndexScope, OnDemandMaximum, Setting, Throughput};
use crate::check::TableCheck;
use crate::diagnostic::{Code, Diagnostic};
use crate::manifest::{BillingDeclaration, IndexDeclaration, Spanned};

/// The declared capacity of a table or an index, and its on-demand maximum.
pub(super) fn billing(
    cx: &mut TableCheck<'_, '_>,
    declaration: Option<&Spanned<BillingDeclaration>>,
) -> (Option<Billing>, OnDemandMaximum) {
    match declaration.map(|declaration| &declaration.value) {
        None => (None, OnDemandMaximum::default()),
        Some(BillingDeclaration::OnDemand { read, write }) => {
            for units in [read, write].into_iter().filter_map(Setting::on).filter(|units| !is_number(units)) {
                cx.report(
                    Diagnostic::new(Code::OnDemandMaximum, "a maximum is at least 1 request unit")
                        .at(units.span, "not a maximum")
                        .help("give a number of request units, or `false` where there is to be no maximum"),
                );
            }
            let units = |setting: &Setting<Spanned<u64>>| setting.as_ref().map(|units| units.value);
            (Some(Billing::OnDemand), OnDemandMaximum { read: units(read), write: units(write) })
        }
        Some(BillingDeclaration::Provisioned { read, write }) => {
            for units in [read, write].into_iter().filter(|units| !is_number(units)) {
                cx.report(
                    Diagnostic::new(Code::Capacity, "a provisioned capacity is at least 1 unit")
                        .at(units.span, "not a capacity")
                        .help("give a number of units, or write `billing = \"on-demand\"`"),
                );
            }
            let throughput = Throughput { read: read.value, write: write.value };
            (Some(Billing::Provisioned(throughput)), OnDemandMaximum::default())
        }
    }
}

/// Whether DynamoDB allows so many units.
fn is_number(units: &Spanned<u64>) -> bool {
    units.value > 0 && i64::try_from(units.value).is_ok()
}

/// An index's own capacity. Its billing mode is its table's.
pub(super) fn index_billing(
    cx: &mut TableCheck<'_, '_>,
    declaration: &IndexDeclaration,
    of_table: Option<Billing>,
) -> (Option<Throughput>, OnDemandMaximum) {
    let (own, maximum) = billing(cx, declaration.billing.as_ref());
    let span = declaration.billing.as_ref().map_or(declaration.name.span, |billing| billing.span);
    let mut report = |message: &str, help: &str| {
        cx.report(Diagnostic::new(Code::IndexBilling, message).at(span, "differs from its table").help(help));
    };
    match (of_table.unwrap_or(Billing::OnDemand), own, declaration.scope) {
        (Billing::OnDemand, Some(Billing::Provisioned(_)), _) => {
            report(
                "an index of an on-demand table is on-demand too",
                "remove it, or provision the table too",
            );
            (None, OnDemandMaximum::default())
        }
        (Billing::Provisioned(_), Some(Billing::OnDemand), _) => {
            let help = "give its capacity: `{ read = 25, write = 5 }`; without `billing` it has its table's";
            report("an index of a provisioned table is provisioned too", help);
            (None, OnDemandMaximum::default())
        }
        (Billing::Provisioned(_), Some(Billing::Provisioned(own)), _) => (Some(own), maximum),
        (Billing::OnDemand, _, IndexScope::Global) => (None, maximum),
        (Billing::Provisioned(_), None, _) | (Billing::OnDemand, _, IndexScope::Local) => (None, maximum),
    }
}
