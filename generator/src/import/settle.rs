//! Drafts that the rules accept. Each table gets as much as its keys show, or less if a rule refuses that.

use super::compare;
use super::description::TableDescription;
use super::draft::{DraftModel, DraftTable};
use super::error::Error;
use super::infer::{self, Ambition, Attempt, Guesser};
use super::item::Item;
use super::write::{self, Repairs, Written};
use crate::diagnostic::{Code, Report, Severity};
use crate::generator::Generator;
use std::collections::BTreeSet;

/// How often names are repaired before a draft counts as refused.
const MOST_REPAIRS: usize = 20;

/// How many groups of items may be joined before the whole table becomes one model.
const MOST_JOINED: usize = 100;

/// Valid declarations.
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
    let mut refusals = Vec::new();
    for table in kept {
        match one(table, values, &mut repairs) {
            Ok(draft) => drafts.push(draft),
            Err(report) => {
                let name = table.0.declared_name();
                let errors = report.diagnostics().iter().filter(|found| found.severity == Severity::Error);
                let why: Vec<_> = errors.map(|found| format!("{} ({})", found.message, found.code)).collect();
                notes.push(format!("`{name}` is left out: {}.", why.join("; ")));
                refusals.push(refused(file, &format!("the table `{name}`"), &report));
            }
        }
    }
    if let (true, Some(refusal)) = (drafts.is_empty(), refusals.into_iter().next()) {
        return Err(refusal);
    }
    let mut all_left_out = left_out.to_vec();
    all_left_out.extend(notes.iter().cloned());
    let written = write::write(&drafts, &all_left_out, &repairs);
    let written = match repaired(&drafts, &all_left_out, &mut repairs, written) {
        Ok(written) => written,
        Err((_, report)) => return Err(refused(file, "the declarations together", &report)),
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

fn lower(attempt: &Attempt) -> Attempt {
    let ambition = match attempt.ambition {
        Ambition::Typed => Ambition::Composed,
        Ambition::Composed | Ambition::Plain => Ambition::Plain,
    };
    Attempt { ambition, joined: Vec::new() }
}

/// The draft of one table that the rules accept.
fn one((table, items): Described<'_>, values: bool, repairs: &mut Repairs) -> Result<DraftTable, Report> {
    let guesser = Guesser { enums: values };
    let ambition = if values { Ambition::Typed } else { Ambition::Plain };
    let mut attempt = Attempt { ambition, joined: Vec::new() };
    let mut notes: BTreeSet<String> = BTreeSet::new();
    loop {
        let mut draft = infer::draft(table, items, &attempt, guesser);
        let mut own = repairs.clone();
        let drafts = std::slice::from_ref(&draft);
        let written = write::write(drafts, &[], &own);
        let (written, report) = match repaired(drafts, &[], &mut own, written) {
            Ok(_) => {
                *repairs = own;
                draft.description.notes.extend(notes);
                return Ok(draft);
            }
            Err(refusal) => refusal,
        };
        if attempt.ambition == Ambition::Plain {
            return Err(report);
        }
        let (models, pairs) = meetings(&written, &report, &draft);
        if !pairs.is_empty() && attempt.joined.len() < MOST_JOINED {
            notes.extend(models);
            attempt.joined.extend(pairs);
            continue;
        }
        let errors = report.diagnostics().iter().filter(|one| one.severity == Severity::Error);
        notes = errors
            .take(1)
            .map(|first| {
                format!(
                    "Less is read into its keys than they might hold: `dynamorm explain {}` says why.",
                    first.code
                )
            })
            .collect();
        attempt = lower(&attempt);
    }
}

/// Models that a rule does not allow beside each other: notes about them, and their groups.
fn meetings(written: &str, report: &Report, draft: &DraftTable) -> (Vec<String>, Vec<(usize, usize)>) {
    let (mut notes, mut pairs) = (Vec::new(), Vec::new());
    for diagnostic in report.diagnostics() {
        if !matches!(diagnostic.code, Code::KeysConflict | Code::SeveralModels) {
            continue;
        }
        let models: Vec<usize> = diagnostic
            .labels
            .iter()
            .filter_map(|label| model_at(written, label.span.start))
            .take(2)
            .collect();
        let [one, other] = models.as_slice() else { continue };
        let (Some(first), Some(second)) = (draft.models.get(*one), draft.models.get(*other)) else {
            continue;
        };
        let name = |model: &DraftModel| model.names.first().cloned().unwrap_or_default();
        notes.push(format!(
            "Items like `{}` and items like `{}` are one model: `dynamorm explain {}` says why.",
            name(first),
            name(second),
            diagnostic.code
        ));
        pairs.push((first.group, second.group));
    }
    (notes, pairs)
}

/// The number of the model at a place in the text.
fn model_at(written: &str, place: usize) -> Option<usize> {
    let headers = written.match_indices("\n[model.").filter(|(at, header)| {
        let name = &written[at + header.len()..];
        name.split(']').next().is_some_and(|name| !name.contains('.'))
    });
    headers.take_while(|(at, _)| *at < place).count().checked_sub(1)
}

/// Checks the text, and writes it anew with other names while only names are wrong.
fn repaired(
    drafts: &[DraftTable],
    left_out: &[String],
    repairs: &mut Repairs,
    mut written: Written,
) -> Result<Written, (String, Report)> {
    for _ in 0..MOST_REPAIRS {
        let Err(error) = Generator::new("models.toml").text(written.text.as_str()).validate() else {
            return Ok(written);
        };
        let report = error.report().cloned().unwrap_or_default();
        let before = repairs.clone();
        repair(&written.text, &report, repairs);
        if *repairs == before {
            return Err((written.text, report));
        }
        written = write::write(drafts, left_out, repairs);
    }
    Err((written.text, Report::default()))
}

/// Notes which names must change.
fn repair(text: &str, report: &Report, repairs: &mut Repairs) {
    for diagnostic in report.diagnostics() {
        let written = diagnostic.span().and_then(|span| text.get(span.start..span.end)).unwrap_or_default();
        let name = written.trim_matches(['"', '\'']).to_owned();
        match diagnostic.code {
            Code::ReservedFunction
            | Code::FunctionsConflict
            | Code::InvalidName
            | Code::TypeNamesConflict => {
                repairs.indexes.insert(name);
            }
            Code::ReservedField => {
                repairs.fields.insert(name);
            }
            _ => {}
        }
    }
}

fn refused(file: &str, what: &str, report: &Report) -> Error {
    Error::new(file, format!("{what} cannot be declared:\n{report}"))
}
