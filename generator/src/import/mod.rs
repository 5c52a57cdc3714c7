//! Declarations for existing tables, from templates or descriptions of the service, and from sampled items.
//!
//! ```
//! use dynamorm_generator::import::{Options, Source};
//!
//! let template = r#"
//! Resources:
//!   Books:
//!     Type: AWS::DynamoDB::Table
//!     Properties:
//!       TableName: books
//!       BillingMode: PAY_PER_REQUEST
//!       AttributeDefinitions: [{ AttributeName: isbn, AttributeType: S }]
//!       KeySchema: [{ AttributeName: isbn, KeyType: HASH }]
//! "#;
//! let items = r#"{"Item": {"isbn": {"S": "9780141439518"}, "pages": {"N": "480"}}}"#;
//!
//! let mut source = Source::cloudformation("template.yaml", template)?;
//! source.items(None, "items.jsonl", items.as_bytes())?;
//! let imported = source.import(&Options::default())?;
//! assert!(imported.text().contains("pages = \"i128\""));
//! # Ok::<(), dynamorm_generator::import::Error>(())
//! ```

mod compare;
mod description;
mod draft;
mod error;
mod fit;
mod infer;
mod item;
#[cfg(feature = "live")]
mod live;
mod names;
mod settle;
mod source;
mod tree;
mod write;

pub use error::Error;
#[cfg(feature = "live")]
pub use live::{LiveTable, table};

use description::TableDescription;
use infer::items as counted;
use item::{Item, Sample};
use std::io::BufRead;

/// How many items of a file are read by default.
const MOST_ITEMS: usize = 10_000;

/// Tables to declare, and items that show what is stored in them.
#[derive(Clone, Debug)]
pub struct Source {
    file: String,
    tables: Vec<SourceTable>,
    left_out: Vec<String>,
    unread: Vec<String>,
    notes: Vec<String>,
    most_items: usize,
}

#[derive(Clone, Debug)]
struct SourceTable {
    description: TableDescription,
    items: Vec<Item>,
}

/// What an import writes.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    values: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options { values: true }
    }
}

impl Options {
    /// Sets whether the declarations may contain stored values: variants of enums, values of type attributes, and constant parts
    /// of keys. The default is that they may.
    pub fn values(mut self, values: bool) -> Self {
        self.values = values;
        self
    }
}

/// Declarations, and remarks about them.
#[derive(Clone, Debug)]
pub struct Imported {
    text: String,
    notes: Vec<String>,
    unread: Vec<String>,
    values: Vec<String>,
    differences: Vec<String>,
}

impl Imported {
    /// The models.toml. It is valid, and has the format of `dynamorm fmt`.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What was left out, a sentence each.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Lines that are no items, and items that the declared models do not read, each with its place and the reason.
    pub fn unread(&self) -> &[String] {
        &self.unread
    }

    /// The stored values in the text, a sentence each.
    pub fn values(&self) -> &[String] {
        &self.values
    }

    /// Differences between the declared tables and the described ones, apart from those that the text mentions. There are none
    /// unless declarations cannot express a table.
    pub fn differences(&self) -> &[String] {
        &self.differences
    }
}

impl Source {
    /// The tables of a CloudFormation template in YAML or JSON, of SAM, or of a serverless.yml. `file` is its name in errors.
    ///
    /// # Errors
    /// The text is neither YAML nor JSON, or the template has no table with known keys.
    pub fn cloudformation(file: &str, text: &str) -> Result<Self, Error> {
        Ok(Self::new(file, source::cloudformation(file, text)?))
    }

    /// The tables of a plan or a state, as `terraform show -json` prints it. `file` is its name in errors.
    ///
    /// # Errors
    /// The text is not JSON, or the plan has no table with known keys.
    pub fn terraform(file: &str, text: &str) -> Result<Self, Error> {
        Ok(Self::new(file, source::terraform(file, text)?))
    }

    /// The tables that `aws dynamodb describe-table` printed. The answers of `describe-time-to-live`,
    /// `describe-continuous-backups` and `list-tags-of-resource` may follow each table's. `file` is its name in errors.
    ///
    /// # Errors
    /// The text is not JSON, or it has no table.
    pub fn table_description(file: &str, text: &str) -> Result<Self, Error> {
        Ok(Self::new(file, source::table_description(file, text)?))
    }

    fn new(file: &str, found: source::Found) -> Self {
        let table = |description| SourceTable { description, items: Vec::new() };
        Source {
            file: file.to_owned(),
            tables: found.tables.into_iter().map(table).collect(),
            left_out: found.left_out,
            unread: Vec::new(),
            notes: Vec::new(),
            most_items: MOST_ITEMS,
        }
    }

    /// Sets how many items of each file are read; 10,000 by default.
    pub fn most_items(&mut self, most: usize) -> &mut Self {
        self.most_items = most;
        self
    }

    /// Adds items, one per line in DynamoDB's JSON, as exports and scans write them. `table` is the table's name, or its name in
    /// the template. Without it, the items belong to the only table that has their keys. [`Imported::unread`] lists lines that
    /// are no items. `file` is the file's name in errors.
    ///
    /// # Errors
    /// The reader fails, the table is unknown, or the items may belong to several tables.
    pub fn items(
        &mut self,
        table: Option<&str>,
        file: &str,
        reader: impl BufRead,
    ) -> Result<&mut Self, Error> {
        let sample = item::read(file, reader, self.most_items)
            .map_err(|error| Error::new(file, format!("cannot be read: {error}")))?;
        let number = self.table_of(table, file, &sample)?;
        if sample.is_cut {
            self.notes.push(format!("{file}: only the first {} are read.", counted(sample.items.len())));
        }
        self.unread.extend(sample.refused);
        self.tables[number].items.extend(sample.items);
        Ok(self)
    }

    /// The table that items belong to.
    fn table_of(&self, table: Option<&str>, file: &str, sample: &Sample) -> Result<usize, Error> {
        let names = || -> String {
            let names: Vec<_> =
                self.tables.iter().map(|table| format!("`{}`", table.description.label)).collect();
            names.join(", ")
        };
        if let Some(name) = table {
            let is_called = |table: &SourceTable| {
                table.description.label == name || table.description.name.as_deref() == Some(name)
            };
            let found = self.tables.iter().position(is_called);
            return found.ok_or_else(|| {
                Error::new(file, format!("{} has no table `{name}`: its tables are {}", self.file, names()))
            });
        }
        if self.tables.len() == 1 {
            return Ok(0);
        }
        let fits = |table: &SourceTable| {
            let fit = |item: &&Item| infer::has_key(&table.description, item);
            sample.items.iter().filter(fit).count() * 2 > sample.items.len()
        };
        let mut fitting = (0..self.tables.len()).filter(|number| fits(&self.tables[*number]));
        match (fitting.next(), fitting.next()) {
            (Some(number), None) => Ok(number),
            (first, _) => {
                let why =
                    if first.is_some() { "may be of several tables" } else { "have the key of no table" };
                Err(Error::new(file, format!("the items {why}: name theirs, which is one of {}", names())))
            }
        }
    }

    /// Declares the tables, and models for their items.
    ///
    /// # Errors
    /// A rule refuses the declarations whatever they leave out, for example a table with more local indexes than DynamoDB allows.
    pub fn import(&self, options: &Options) -> Result<Imported, Error> {
        let tables: Vec<_> =
            self.tables.iter().map(|table| (&table.description, table.items.as_slice())).collect();
        let settled = settle::settle(&self.file, &tables, &self.left_out, options.values)?;
        let mut notes = self.left_out.clone();
        notes.extend(self.notes.iter().cloned());
        notes.extend(settled.notes);
        let mut unread = self.unread.clone();
        unread.extend(settled.unread);
        Ok(Imported {
            text: settled.written.text,
            notes,
            unread,
            values: settled.written.values,
            differences: settled.differences,
        })
    }
}
