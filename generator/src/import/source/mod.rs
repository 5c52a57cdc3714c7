//! Where tables are described: templates, plans, and the service's own words.

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

/// What a file describes.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// In the order of the file.
    pub tables: Vec<TableDescription>,
    /// What could not be declared at all, and why: a sentence each.
    pub left_out: Vec<String>,
}

/// The tables of a file so far.
#[derive(Default)]
struct Tables {
    found: Found,
    /// What is said of the file itself.
    remarks: Vec<String>,
}

impl Tables {
    fn add(&mut self, label: &str, table: Result<TableDescription, NoTable>) {
        match table {
            Ok(table) => self.found.tables.push(table),
            Err(NoTable(why)) => self.left_out(label, &why),
        }
    }

    /// Says of the file what is to be said.
    fn remark(&mut self, remarks: Vec<String>) {
        self.remarks.extend(remarks);
    }

    fn left_out(&mut self, label: &str, why: &str) {
        self.found.left_out.push(format!("`{label}` is left out: {why}."));
    }

    /// The tables, of which there must be one. `none` says what was expected.
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
