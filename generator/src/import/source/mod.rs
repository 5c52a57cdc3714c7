//! Sources of descriptions: templates, plans, and the service.

mod cloudformation;
mod properties;
mod resolve;
mod table_description;
mod terraform;

use super::description::TableDescription;
use super::error::Error;
use properties::NoTable;

pub(super) use cloudformation::read as cloudformation;
pub(super) use table_description::read as table_description;
pub(super) use terraform::read as terraform;

/// The tables in a file.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// In the order of the file.
    pub tables: Vec<TableDescription>,
    /// Tables that could not be declared at all, and the reason: a sentence each.
    pub left_out: Vec<String>,
}

/// The tables of a file so far.
#[derive(Default)]
struct Tables {
    found: Found,
    /// Remarks about the file itself.
    remarks: Vec<String>,
}

impl Tables {
    fn add(&mut self, label: &str, table: Result<TableDescription, NoTable>) {
        match table {
            Ok(table) => self.found.tables.push(table),
            Err(NoTable(why)) => self.left_out(label, &why),
        }
    }

    /// Adds a remark about the file.
    fn remark(&mut self, remarks: Vec<String>) {
        self.remarks.extend(remarks);
    }

    fn left_out(&mut self, label: &str, why: &str) {
        self.found.left_out.push(format!("`{label}` is left out: {why}."));
    }

    /// The tables, of which there must be at least one. `none` says what was expected.
    fn finish(self, file: &str, none: &str) -> Result<Found, Error> {
        let Tables { mut found, remarks } = self;
        match (found.tables.is_empty(), found.left_out.is_empty()) {
            (false, _) => {
                found.left_out.splice(0..0, remarks);
                Ok(found)
            }
            (true, true) => Err(Error::new(file, none)),
            (true, false) => Err(Error::new(file, format!("no table: {}", found.left_out.join(" ")))),
        }
    }
}
