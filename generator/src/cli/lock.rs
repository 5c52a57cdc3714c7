//! `dynamorm lock`, and what `dynamorm check` says of a lock.

use super::arguments::{Acceptance, Locked};
use super::breaking::between;
use super::console::Console;
use super::{Failure, Outcome, for_each, retire};
use crate::breaking::{self, Change, Kept, Severity};
use crate::error::Error;
use crate::generated::write_at_once;
use crate::generator::Generator;
use crate::lock::{self, Accepted};
use std::fs;
use std::path::Path;

/// Writes the lock of each file, unless something breaks that was not accepted.
pub(super) fn lock(locked: &Locked, console: &mut Console) -> Result<Outcome, Failure> {
    for_each(locked.files.paths(), console, |file, console| {
        let mut locks = Generator::new(file).locks()?;
        console.warnings(&locks.report)?;
        let path = lock::path(file);
        let changes =
            locks.known.as_ref().map(|known| between(known, Kept::InLock, &locks)).unwrap_or_default();
        for accepted in &locked.accept {
            locks.next.accepted.insert(accept(accepted, locked.reason.as_deref(), &changes)?);
        }
        let is_accepted = |change: &Change| locked.accept.iter().any(|one| is_meant(one, change));
        let refused: Vec<Change> =
            changes.into_iter().filter(|change| is_refused(change) && !is_accepted(change)).collect();
        if !refused.is_empty() {
            console.data(&breaking::render(&refused, locks.report.files(), true))?;
            let accepted =
                refused.iter().map(|change| format!(" --accept {}:{}", change.kind, quoted(&change.place)));
            console.note(&format!(
                "{} was not written: follow the ways out, or take over what breaks:\n  dynamorm lock{} --reason \"…\"",
                path.display(),
                accepted.collect::<String>()
            ))?;
            return Ok(Outcome::Differences);
        }
        for retired in &locked.retire {
            retire::retire(&mut locks.next, retired, locked.receipt.as_deref(), console)?;
        }
        let text = locks.next.text();
        if fs::read_to_string(&path).is_ok_and(|found| found.replace("\r\n", "\n") == text) {
            console.note(&format!("{} is up to date", path.display()))?;
            return Ok(Outcome::Done);
        }
        write_at_once(&path, &text)?;
        console.note(&format!("wrote {}", path.display()))?;
        Ok(Outcome::Done)
    })
}

/// Whether a change is not taken over by itself. What breaks Rust alone is told by rustc.
fn is_refused(change: &Change) -> bool {
    let verdict = change.verdict();
    verdict.stored().max(verdict.table.severity()) == Severity::Breaks
}

fn is_meant(accepted: &Acceptance, change: &Change) -> bool {
    accepted.kind == change.kind && accepted.place == change.place
}

/// What the lock says of an accepted change.
fn accept(accepted: &Acceptance, reason: Option<&str>, changes: &[Change]) -> Result<Accepted, Failure> {
    let Acceptance { kind, place } = accepted;
    if !changes.iter().any(|change| is_meant(accepted, change)) {
        return Err(Failure::Acceptance(format!(
            "nothing of the kind {kind} has changed at `{place}`: `dynamorm breaking` prints what has"
        )));
    }
    Ok(Accepted {
        place: place.clone(),
        change: kind.code().to_owned(),
        reason: reason.unwrap_or_default().to_owned(),
    })
}

/// A word of a shell's.
fn quoted(place: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-' | b'+');
    if place.bytes().all(is_plain) { place.to_owned() } else { format!("'{}'", place.replace('\'', "'\\''")) }
}

/// Shows what `dynamorm lock` would change, where there is a lock.
pub(super) fn compare(file: &Path, console: &mut Console) -> Result<Outcome, Failure> {
    let path = lock::path(file);
    if !path.exists() {
        return Ok(Outcome::Done);
    }
    let found = fs::read_to_string(&path).map_err(Error::io("read", &path))?.replace("\r\n", "\n");
    let expected = Generator::new(file).locks()?.next.text();
    if found == expected {
        return Ok(Outcome::Done);
    }
    let name = path.display().to_string();
    console.note(&format!("changed: {name}"))?;
    console.diff(&name, Some(&found), Some(&expected))?;
    console.note("see what it means with `dynamorm breaking`, and take it over with `dynamorm lock`")?;
    Ok(Outcome::Differences)
}
