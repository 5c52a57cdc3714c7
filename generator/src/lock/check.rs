//! The lock beside declarations: whether there is one, and whether it agrees with them.

use super::Lock;
use super::read::{self, first_difference};
use crate::catalog::Catalog;
use crate::diagnostic::{Code, Diagnostic, FileId, Findings, quoted};
use crate::source::SourceFile;
use std::path::{Path, PathBuf};

/// A lock that was found beside declarations.
pub(crate) struct Found {
    pub source: SourceFile,
    /// `None` if it could not be read, which was reported.
    pub lock: Option<Lock>,
}

/// The path of the lock for a file of declarations: `models.lock` beside `models.toml`.
pub(crate) fn path(declarations: &Path) -> PathBuf {
    declarations.with_extension("lock")
}

/// Reads the lock of a file of declarations, if there is one.
pub(crate) fn load(declarations: &Path, id: FileId, findings: &mut Findings) -> Option<Found> {
    let path = path(declarations);
    if !path.exists() || path == declarations {
        return None;
    }
    let label = path.file_name().unwrap_or_default().to_string_lossy();
    match SourceFile::read(id, &path, &label) {
        Ok(source) => Some(Found::read(source, findings)),
        Err(finding) => {
            findings.push(finding);
            None
        }
    }
}

impl Found {
    /// Reads a lock from a text.
    pub(crate) fn read(source: SourceFile, findings: &mut Findings) -> Self {
        let lock = read::read(&source).map_err(|finding| findings.push(*finding)).ok();
        Found { source, lock }
    }
}

/// Reports a lock that disagrees with the declarations, or a missing one.
pub(crate) fn check(catalog: &Catalog, declarations: &Path, found: Option<&Found>, findings: &mut Findings) {
    let Some(Found { source, lock }) = found else {
        let name = path(declarations).display().to_string();
        findings.push(
            Diagnostic::new(Code::LockMissing, format!("{} does not exist", quoted(&name)))
                .help("write it with `dynamorm lock`, and commit it with the declarations"),
        );
        return;
    };
    let Some(lock) = lock else { return };
    let expected = Lock::of(catalog, Some(lock)).text();
    if expected != source.text() {
        let (span, wanted) = first_difference(source, &expected);
        let label = match wanted {
            Some(line) => format!("the declarations say {} here", quoted(line)),
            None => "the declarations say nothing more".to_owned(),
        };
        findings.push(
            Diagnostic::new(Code::LockStale, "the lock is not what the declarations say")
                .at(span, label)
                .help("see what the changes mean with `dynamorm breaking`, and take them over with `dynamorm lock`"),
        );
    }
}
