//! What a change means, for each of three audiences.

use std::fmt;

/// How bad a change is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Nobody notices.
    #[default]
    Fine,
    /// Something is to be known before it is deployed.
    Beware,
    /// Data is lost, refused or read wrongly, or code stops compiling, unless something is done about it.
    Breaks,
}

impl fmt::Display for Severity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Severity::Fine => "fine",
            Severity::Beware => "beware",
            Severity::Breaks => "breaks",
        })
    }
}

/// What the live table needs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TableWork {
    /// Nothing.
    #[default]
    None,
    /// An update of the table.
    InPlace,
    /// Every item is to be written again, once the table is updated.
    BackFill,
    /// An index is to be deleted and created again.
    Rebuild,
    /// It cannot be done in place: a new table, or a new model beside the old one.
    NewTable,
}

impl TableWork {
    /// How bad it is that the table needs it.
    pub fn severity(self) -> Severity {
        match self {
            TableWork::None => Severity::Fine,
            TableWork::InPlace | TableWork::BackFill | TableWork::Rebuild => Severity::Beware,
            TableWork::NewTable => Severity::Breaks,
        }
    }
}

impl fmt::Display for TableWork {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            TableWork::None => "nothing to do",
            TableWork::InPlace => "an update in place",
            TableWork::BackFill => "a back-fill",
            TableWork::Rebuild => "a rebuilt index",
            TableWork::NewTable => "impossible in place",
        })
    }
}

/// What a change means for stored items, for code that calls the generated module, and for the live table.
///
/// Old code and new code run side by side while a release is rolled out, and after it is rolled back. So what is stored
/// has three answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Whether new code reads what is stored.
    pub new_reads_old: Severity,
    /// Whether old code reads what new code stores.
    pub old_reads_new: Severity,
    /// Whether an item keeps what one of them stored when the other reads it and puts it back whole.
    pub both_write: Severity,
    /// Whether code that calls the generated module still compiles.
    pub rust: Severity,
    /// What the live table needs.
    pub table: TableWork,
}

impl Verdict {
    /// The worst of all answers about stored items.
    pub fn stored(self) -> Severity {
        self.new_reads_old.max(self.old_reads_new).max(self.both_write)
    }

    /// The worst of all answers.
    pub fn severity(self) -> Severity {
        self.stored().max(self.rust).max(self.table.severity())
    }
}
