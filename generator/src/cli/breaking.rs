//! `dynamorm breaking`: what has changed since the lock, a commit or another file, and what it means.

use super::against::Against;
use super::arguments::{Breaking, ChangeFormat};
use super::console::Console;
use super::machine::{self, Place};
use super::{Failure, Outcome};
use crate::breaking::{self, Change, Kept, Severity};
use crate::generator::{Generator, Locks};
use crate::source::SourceFile;

pub(super) fn breaking(arguments: &Breaking, console: &mut Console) -> Result<Outcome, Failure> {
    let file = &arguments.file;
    let locks = Generator::new(file).locks()?;
    console.warnings(&locks.report)?;
    let against = match &arguments.against {
        Some(text) => Against::read(text),
        None => Against::Lock(crate::lock::path(file)),
    };
    let (old, kept) = against.lock(file)?;
    let changes = between(&old, kept, &locks);
    print(&changes, locks.report.files(), arguments.format, console)?;
    let is_broken = |change: &&Change| change.severity() == Severity::Breaks && change.accepted.is_none();
    let broken = changes.iter().filter(is_broken).count();
    console.note(&match (changes.len(), broken) {
        (0, _) => format!("nothing has changed since {against}"),
        (1, 0) => format!("1 change since {against}, which breaks nothing"),
        (all, 0) => format!("{all} changes since {against}, which break nothing"),
        (1, _) => format!("1 change since {against}, which breaks something"),
        (all, broken) => format!("{all} changes since {against}, of which {broken} break something"),
    })?;
    Ok(if broken > 0 { Outcome::Differences } else { Outcome::Done })
}

/// The changes since a lock, with their places.
pub(super) fn between(old: &crate::lock::Lock, kept: Kept, locks: &Locks) -> Vec<Change> {
    let mut changes = breaking::changes(old, kept, &locks.next);
    breaking::locate(&mut changes, &locks.catalog, locks.report.files());
    changes
}

fn print(
    changes: &[Change],
    files: &[SourceFile],
    format: ChangeFormat,
    console: &mut Console,
) -> Result<(), Failure> {
    let place = |change: &Change| {
        let span = change.span?;
        let file = files.get(span.file.0 as usize)?;
        Some(Place {
            file: file.name().to_owned(),
            start: file.position(span.start),
            end: file.position(span.end),
        })
    };
    let text: String = match format {
        ChangeFormat::Human => breaking::render(changes, files, true),
        ChangeFormat::Json => {
            changes.iter().map(|change| machine::json_change(change, place(change)) + "\n").collect()
        }
        ChangeFormat::Github => {
            changes.iter().map(|change| machine::github_change(change, place(change)) + "\n").collect()
        }
    };
    Ok(console.data(&text)?)
}
