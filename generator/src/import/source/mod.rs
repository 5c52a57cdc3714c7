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
struct Tables(Found);

impl Tables {
    fn add(&mut self, label: &str, table: Result<TableDescription, NoTable>) {
        match table {
            Ok(table) => self.0.tables.push(table),
            Err(NoTable(why)) => self.left_out(label, &why),
        }
    }

    fn left_out(&mut self, label: &str, why: &str) {
        self.0.left_out.push(format!("`{label}` is left out: {why}."));
    }

    /// The tables, of which there must be one. `none` says what was expected.
    fn finish(self, file: &str, none: &str) -> Result<Found, Error> {
        match (self.0.tables.is_empty(), self.0.left_out.is_empty()) {
            (false, _) => Ok(self.0),
            (true, true) => Err(Error::new(file, none)),
            (true, false) => Err(Error::new(file, format!("no table: {}", self.0.left_out.join(" ")))),
        }
    }
}
