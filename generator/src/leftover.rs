//! Temporary files beside the final ones, which an interrupted run leaves behind.

use crate::error::Error;
use crate::file_kind::FileKind;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long a run may take to write one.
const LONGEST_WRITE: Duration = Duration::from_secs(60);
/// How many names to try for one.
const MOST_NAMES: u32 = 1_000;

/// Creates a file beside another, with a name that no other run uses.
///
/// # Errors
/// The file cannot be created. The error names it.
pub(crate) fn create_beside(file: &Path) -> Result<(PathBuf, File), Error> {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let mut number = 0;
    loop {
        // An interrupted run with the same process number may have left one.
        let beside = file.with_file_name(format!(".{name}.{}.{number}.tmp", std::process::id()));
        match File::create_new(&beside) {
            Ok(open) => return Ok((beside, open)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && number < MOST_NAMES => number += 1,
            Err(error) => return Err(Error::io("create", &beside)(error)),
        }
    }
}

/// Removes leftovers of interrupted runs from a folder. A file that cannot be removed does no harm.
pub(crate) fn remove_all(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for file in entries.filter_map(|entry| Some(entry.ok()?.path())) {
        let kind = file.file_name().and_then(OsStr::to_str).and_then(kind_of);
        if kind.is_some_and(|kind| is_abandoned(&file, kind)) {
            let _ = fs::remove_file(&file);
        }
    }
}

/// The kind of the final file, if [`create_beside`] gives such names.
fn kind_of(name: &str) -> Option<FileKind> {
    let name = name.strip_prefix('.')?.strip_suffix(".tmp")?;
    // The numbers of a process and of its attempt. Earlier versions omitted the second.
    let written = name.trim_end_matches(|letter: char| letter.is_ascii_digit() || letter == '.');
    FileKind::of(written).filter(|_| name.len() > written.len())
}

/// Whether an ended run began the file, and it is nobody else's: it contains the beginning of generated text.
fn is_abandoned(file: &Path, kind: FileKind) -> bool {
    let is_old = fs::symlink_metadata(file)
        .ok()
        .filter(fs::Metadata::is_file)
        .and_then(|metadata| metadata.modified().ok()?.elapsed().ok())
        .is_some_and(|age| age > LONGEST_WRITE);
    is_old
        && fs::read(file).is_ok_and(|text| {
            let header = kind.header().as_bytes();
            text.starts_with(header) || header.starts_with(&text)
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file_kind::HEADER;
    use std::time::SystemTime;

    #[test]
    fn a_name_that_is_taken_is_left_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("mod.rs");
        let (first, _) = create_beside(&file).expect("a file");
        let (second, _) = create_beside(&file).expect("another file");
        assert!(first.is_file() && second.is_file() && first != second);
    }

    #[test]
    fn what_an_interrupted_run_left_is_removed_and_nothing_else() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str, text: &str, age: Duration| {
            let path = folder.path().join(name);
            fs::write(&path, text).expect("a file");
            let open = File::options().write(true).open(&path).expect("a file");
            open.set_modified(SystemTime::now() - age).expect("a time");
            path
        };
        let hour = Duration::from_secs(3_600);
        let abandoned = [
            write(".mod.rs.17.tmp", "", hour),
            write(".book.rs.17.0.tmp", &HEADER[..9], hour),
            write(".tables.rs.17.1.tmp", &format!("{HEADER}models.toml\n"), hour),
        ];
        let kept = [
            write(".mod.rs.17.2.tmp", HEADER, Duration::ZERO),
            write(".mod.rs.17.3.tmp", "mine", hour),
            write(".mod.rs.mine.tmp", "", hour),
            write("mod.rs.17.tmp", "", hour),
        ];
        remove_all(folder.path());
        assert!(abandoned.iter().all(|file| !file.exists()), "{abandoned:?}");
        assert!(kept.iter().all(|file| file.exists()), "{kept:?}");
    }
}
