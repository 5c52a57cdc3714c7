//! The differences between live tables and their declarations.

use std::fmt;

use crate::error::{Context, Error, Reason, Result};

/// How live tables differ from their declarations. [`Client::check_tables`](crate::Client::check_tables) returns it and has an
/// example.
///
/// It displays one line for each finding.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use = "it says whether the tables are as declared"]
pub struct TableReport {
    found: Vec<TableDifference>,
}

/// One difference between a live table and its declaration.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TableDifference {
    /// DynamoDB's name of the table.
    pub table: String,
    /// Whether the part is missing, different, or undeclared.
    pub kind: DifferenceKind,
    /// Which part of the table differs.
    pub part: TablePart,
    /// The declared value, in words; `None` for an extra.
    pub declared: Option<String>,
    /// The live value, in words; `None` for a missing part.
    pub live: Option<String>,
}

/// How a part differs from its declaration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DifferenceKind {
    /// It is declared and does not exist.
    Missing,
    /// It exists, and is declared otherwise or declared to be absent.
    Different,
    /// It exists, and nothing declares it.
    Extra,
}

/// A part of a table that can be declared.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TablePart {
    /// The table as a whole, which does not exist.
    Table,
    /// Its primary key.
    Key,
    /// The key or the projection of a global index.
    GlobalIndex(String),
    /// The key or the projection of a local index.
    LocalIndex(String),
    /// The provisioned capacity of a global index.
    IndexThroughput(String),
    /// The most request units that a global index takes.
    IndexOnDemandMaximum(String),
    /// Its billing mode, or its provisioned capacity.
    Billing,
    /// The most request units that it takes.
    OnDemandMaximum,
    /// The attribute by which its items expire.
    TimeToLive,
    /// Its stream.
    Stream,
    /// Whether it can be deleted.
    DeletionProtection,
    /// Its continuous backups.
    PointInTimeRecovery,
    /// The key that encrypts it.
    Encryption,
    /// Its storage class.
    Class,
}

impl TableReport {
    pub(super) fn new(found: Vec<TableDifference>) -> Self {
        TableReport { found }
    }

    /// The parts that are missing or different.
    pub fn differences(&self) -> impl Iterator<Item = &TableDifference> {
        self.found.iter().filter(|found| found.kind != DifferenceKind::Extra)
    }

    /// The parts that exist and are not declared.
    pub fn extras(&self) -> impl Iterator<Item = &TableDifference> {
        self.found.iter().filter(|found| found.kind == DifferenceKind::Extra)
    }

    /// Whether all that is declared is as declared. There may be extras.
    pub fn is_as_declared(&self) -> bool {
        self.differences().next().is_none()
    }

    /// Turns differences into an error that names all of them, for programs that refuse to start with other tables than they were
    /// written for.
    ///
    /// # Errors
    /// There are differences ([`Error::is_table_mismatch`]). An extra is no difference.
    pub fn into_result(self) -> Result<()> {
        let mut differences = self.differences().peekable();
        let Some(first) = differences.peek() else { return Ok(()) };
        let table = Some(first.table.clone());
        let lines: Vec<_> = differences.map(ToString::to_string).collect();
        let kind = Reason::TablesDiffer(lines.join("; "));
        Err(Error::new(kind, Context { table, ..Context::default() }))
    }
}

impl fmt::Display for TableReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.found.iter().try_for_each(|found| writeln!(f, "{found}"))
    }
}

impl fmt::Display for TableDifference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let TableDifference { table, kind, part, declared, live } = self;
        let words = |text: &Option<String>| text.clone().unwrap_or_default();
        match (kind, part) {
            (_, TablePart::Table) => write!(f, "{table}: the table does not exist"),
            (DifferenceKind::Missing, _) => {
                write!(f, "{table}: {part} is missing, declared as {}", words(declared))
            }
            (DifferenceKind::Different, _) => {
                write!(f, "{table}: {part} is {}, declared as {}", words(live), words(declared))
            }
            (DifferenceKind::Extra, _) => write!(f, "{table}: {part} is {}, and not declared", words(live)),
        }
    }
}

impl fmt::Display for TablePart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TablePart::Table => f.write_str("the table"),
            TablePart::Key => f.write_str("the key"),
            TablePart::GlobalIndex(name) => write!(f, "the global index `{name}`"),
            TablePart::LocalIndex(name) => write!(f, "the local index `{name}`"),
            TablePart::IndexThroughput(name) => write!(f, "the capacity of the index `{name}`"),
            TablePart::IndexOnDemandMaximum(name) => write!(f, "the maximum of the index `{name}`"),
            TablePart::Billing => f.write_str("the billing"),
            TablePart::OnDemandMaximum => f.write_str("the maximum"),
            TablePart::TimeToLive => f.write_str("the time to live"),
            TablePart::Stream => f.write_str("the stream"),
            TablePart::DeletionProtection => f.write_str("the deletion protection"),
            TablePart::PointInTimeRecovery => f.write_str("the point-in-time recovery"),
            TablePart::Encryption => f.write_str("the encryption"),
            TablePart::Class => f.write_str("the table class"),
        }
    }
}
