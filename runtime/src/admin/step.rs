//! The steps on a table's way to what is declared.

use std::fmt;

use crate::admin::words;
use crate::table::{
    Billing, Encryption, OnDemandMaximum, PointInTimeRecovery, StreamView, TableClass, Throughput,
};

/// One change on the way from a live table to its declaration. DynamoDB permits one at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TableStep {
    /// Turns protection against deletion on or off.
    DeletionProtection(bool),
    /// Changes the billing mode, or the provisioned capacity.
    Billing(Billing),
    /// Changes the most request units that an on-demand table takes.
    OnDemandMaximum(OnDemandMaximum),
    /// Changes the key that encrypts the table.
    Encryption(Encryption),
    /// Changes the storage class.
    Class(TableClass),
    /// Turns point-in-time recovery off. Past states of the table cannot be restored afterwards.
    DisablePointInTimeRecovery,
    /// Turns point-in-time recovery on, or changes how far back it reaches.
    EnablePointInTimeRecovery(PointInTimeRecovery),
    /// Turns the stream off. To change its view, DynamoDB needs it off and on again.
    DisableStream,
    /// Turns the stream on.
    EnableStream(StreamView),
    /// Deletes a global index that is not declared, or whose key or projection has changed.
    DeleteIndex(String),
    /// Creates a global index.
    CreateIndex(&'static str),
    /// Changes the provisioned capacity of a global index.
    IndexThroughput(&'static str, Throughput),
    /// Changes the most request units that a global index of an on-demand table takes.
    IndexOnDemandMaximum(&'static str, OnDemandMaximum),
    /// Turns the expiry of items by an attribute off.
    DisableTimeToLive(String),
    /// Turns the expiry of items by an attribute on.
    EnableTimeToLive(&'static str),
}

impl TableStep {
    /// Whether the step deletes something or turns something off. Such a step is taken only if the declarations or the caller ask
    /// for it.
    pub fn is_deletion(&self) -> bool {
        match self {
            TableStep::DeletionProtection(false)
            | TableStep::DisablePointInTimeRecovery
            | TableStep::DisableStream
            | TableStep::DeleteIndex(_)
            | TableStep::DisableTimeToLive(_) => true,
            TableStep::DeletionProtection(true)
            | TableStep::Billing(_)
            | TableStep::OnDemandMaximum(_)
            | TableStep::Encryption(_)
            | TableStep::Class(_)
            | TableStep::EnablePointInTimeRecovery(_)
            | TableStep::EnableStream(_)
            | TableStep::CreateIndex(_)
            | TableStep::IndexThroughput(..)
            | TableStep::IndexOnDemandMaximum(..)
            | TableStep::EnableTimeToLive(_) => false,
        }
    }
}

impl fmt::Display for TableStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TableStep::DeletionProtection(true) => f.write_str("turn deletion protection on"),
            TableStep::DeletionProtection(false) => f.write_str("turn deletion protection off"),
            TableStep::Billing(Billing::OnDemand) => f.write_str("pay by request"),
            TableStep::Billing(Billing::Provisioned(units)) => {
                write!(f, "provision {}", words::throughput(*units))
            }
            TableStep::OnDemandMaximum(maximum) => write!(f, "take {}", words::maximum(*maximum)),
            TableStep::Encryption(encryption) => write!(f, "encrypt {}", words::encryption(*encryption)),
            TableStep::Class(class) => write!(f, "change the table class to {class:?}"),
            TableStep::DisablePointInTimeRecovery => f.write_str("turn point-in-time recovery off"),
            TableStep::EnablePointInTimeRecovery(recovery) => {
                write!(f, "turn point-in-time recovery {}", words::recovery(*recovery))
            }
            TableStep::DisableStream => f.write_str("turn the stream off"),
            TableStep::EnableStream(view) => write!(f, "turn the stream on, showing {view:?}"),
            TableStep::DeleteIndex(name) => write!(f, "delete index {name}"),
            TableStep::CreateIndex(name) => write!(f, "create index {name}"),
            TableStep::IndexThroughput(name, units) => {
                write!(f, "provision {} for index {name}", words::throughput(*units))
            }
            TableStep::IndexOnDemandMaximum(name, maximum) => {
                write!(f, "take {} for index {name}", words::maximum(*maximum))
            }
            TableStep::DisableTimeToLive(attribute) => write!(f, "turn expiry by {attribute} off"),
            TableStep::EnableTimeToLive(attribute) => write!(f, "turn expiry by {attribute} on"),
        }
    }
}
