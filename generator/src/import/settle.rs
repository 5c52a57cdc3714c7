//! Drafts that the rules accept: each table as far as its keys can be read into, and less where a rule refuses that.

use super::compare;
use super::description::TableDescription;
use super::draft::DraftTable;
use super::error::Error;
use super::infer::{self, Ambition, Guesser};
use super::item::Item;
use super::write::{self, NameTaken, Repairs, Written};
use crate::diagnostic::{Code, Report, Severity};
use crate::generator::Generator;
use std::collections::BTreeSet;

/// How often names are repaired before a draft counts as refused.
const MOST_REPAIRS: usize = 20;

/// Declarations that are valid.
pub(super) struct Settled {
    pub written: Written,
    pub notes: Vec<String>,
    pub unread: Vec<String>,
    pub differences: Vec<String>,
}

type Described<'s> = (&'s TableDescription, &'s [Item]);

pub(super) fn settle(
    file: &str,
    tables: &[Described<'_>],
    left_out: &[String],
    values: bool,
) -> Result<Settled, Error> {
    let mut notes = Vec::new();
    let mut names = BTreeSet::new();
    let mut levels = Vec::new();
    let mut kept = Vec::new();
    for table in tables {
        let name = table.0.declared_name();
        match names.insert(name) {
            true => kept.push(*table),
            false => notes.push(format!("A second table of the name `{name}` is left out.")),
        }
    }
    let mut repairs = Repairs::default();
    let mut drafts = Vec::new();
    for table in &kept {
        let (level, draft) = one(file, *table, values, &mut repairs)?;
        levels.push(level);
        drafts.push(draft);
    }
    let mut all_left_out = left_out.to_vec();
    all_left_out.extend(notes.iter().cloned());
    let written = loop {
        match write::write(&drafts, &all_left_out, &repairs) {
            Ok(written) => break written,
            // Two tables name models alike, which one of them cannot then do by an attribute.
            Err(NameTaken(number)) => {
                levels[number] = lower(levels[number]);
                drafts[number] = draft(kept[number], levels[number], values);
            }
        }
    };
    let written = match repaired(&drafts, &all_left_out, &mut repairs, written) {
        Ok(written) => written,
        Err(report) => return Err(refused(file, "the declarations together", &report)),
    };
    let mut differences = Vec::new();
    match Generator::new("models.toml").text(written.text.as_str()).catalog() {
        Ok((catalog, _)) => {
            for draft in &drafts {
                let name = draft.description.declared_name();
                match catalog.tables.iter().find(|table| table.name == name) {
                    Some(table) => differences.extend(compare::differences(&draft.description, table)),
                    None => differences.push(format!("the table `{name}` is not declared")),
                }
            }
        }
        Err(error) => return Err(Error::new(file, error.to_string())),
    }
    let unread = drafts.iter().flat_map(|draft| draft.unread.iter().cloned()).collect();
    Ok(Settled { written, notes, unread, differences })
}

fn guesser(values: bool) -> Guesser {
    Guesser { enums: values }
}

fn draft((table, items): Described<'_>, level: Ambition, values: bool) -> DraftTable {
    infer::draft(table, items, level, guesser(values))
}

fn lower(level: Ambition) -> Ambition {
    match level {
        Ambition::Typed => Ambition::Composed,
        Ambition::Composed | Ambition::Plain => Ambition::Plain,
    }
}

/// The draft of one table that the rules accept, and how far it goes.
fn one(
    file: &str,
    table: Described<'_>,
    values: bool,
    repairs: &mut Repairs,
) -> Result<(Ambition, DraftTable), Error> {
    let mut level = if values { Ambition::Typed } else { Ambition::Plain };
    let mut first_refusal = None;
    loop {
        let mut draft = draft(table, level, values);
        let mut own = repairs.clone();
        let result = match write::write(std::slice::from_ref(&draft), &[], &own) {
            Ok(written) => repaired(std::slice::from_ref(&draft), &[], &mut own, written).map_err(Some),
            Err(NameTaken(_)) => Err(None),
        };
        match result {
            Ok(_) => {
                *repairs = own;
                if let Some(why) = first_refusal {
                    draft.note(why);
                }
                return Ok((level, draft));
            }
            Err(Some(report)) if level == Ambition::Plain => {
                return Err(refused(file, &format!("the table `{}`", table.0.declared_name()), &report));
            }
            Err(report) => {
                let first =
                    report.iter().flat_map(Report::diagnostics).find(|one| one.severity == Severity::Error);
                if let Some(first) = first {
                    first_refusal = Some(format!(
                        "Less is read into its keys than they might hold, because of {}: `dynamorm explain {}`.",
                        first.code, first.code
                    ));
                }
                level = lower(level);
            }
        }
    }
}

/// Checks what was written, and writes it anew while what is wrong are names that can be given otherwise.
fn repaired(
    drafts: &[DraftTable],
    left_out: &[String],
    repairs: &mut Repairs,
    mut written: Written,
) -> Result<Written, Report> {
    for _ in 0..MOST_REPAIRS {
        let Err(error) = Generator::new("models.toml").text(written.text.as_str()).validate() else {
            return Ok(written);
        };
        let report = error.report().cloned().unwrap_or_default();
        let before = repairs.clone();
        repair(&written.text, &report, repairs);
        if *repairs == before {
            return Err(report);
        }
        match write::write(drafts, left_out, repairs) {
            Ok(again) => written = again,
            Err(NameTaken(_)) => return Err(report),
        }
    }
    Err(Report::default())
}

/// Notes what names are to be given otherwise.
fn repair(text: &str, report: &Report, repairs: &mut Repairs) {
    for diagnostic in report.diagnostics() {
        match diagnostic.code {
            Code::ReservedFunction | Code::FunctionsMeet | Code::InvalidName | Code::TypeNamesMeet => {
                repairs.functions = true;
            }
            Code::ReservedField => {
                let span = diagnostic.span();
                let name = span.and_then(|span| text.get(span.start..span.end)).unwrap_or_default();
                repairs.fields.insert(name.trim_matches('"').to_owned());
            }
            _ => {}
        }
    }
}

fn refused(file: &str, what: &str, report: &Report) -> Error {
    Error::new(file, format!("{what} cannot be declared:\n{report}"))
}
