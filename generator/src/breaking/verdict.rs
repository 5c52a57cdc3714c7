//! The meaning of a change, for each of three audiences.

use std::fmt;

/// How bad a change is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Nobody notices.
    #[default]
    Fine,
    /// Read about it before you deploy.
    Beware,
    /// Unless you act, data is lost, refused or read wrongly, or code stops compiling.
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
    /// Every item must be written again, once the table is updated.
    BackFill,
    /// An index must be deleted and created again.
    Rebuild,
    /// It cannot be done in place. It needs a new table, or a new model beside the old one.
    NewTable,
}

impl TableWork {
    /// The severity of this work.
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

/// The meaning of a change for stored items, for code that calls the generated module, and for the live table.
///
/// Old and new code run side by side while a release is rolled out, and after it is rolled back. So there are three answers about
/// stored items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Whether new code reads what is stored.
    pub new_reads_old: Severity,
    /// Whether old code reads what new code stores.
    pub old_reads_new: Severity,
    /// Whether an item keeps what one of them stored, if the other reads it and puts it back whole.
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
