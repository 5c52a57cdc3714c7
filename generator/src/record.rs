//! A record of what a build script generated, so a run on unchanged declarations costs next to nothing.
//!
//! The record is in `OUT_DIR` and contains the declarations themselves. Comparing them is exact, and cheaper than hashing in an
//! unoptimised build.

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

/// The place of a run's record, and the run's parameters.
pub(crate) struct Record {
    place: PathBuf,
    output: PathBuf,
}

impl Record {
    /// The record in `directory` of a run that writes to `output`.
    pub(crate) fn new(directory: &Path, name: &str, output: &Path) -> Self {
        Record { place: directory.join(format!("{name}.record")), output: output.to_owned() }
    }

    /// The files that were read, if they, the generator and its output are unchanged.
    pub(crate) fn unchanged(&self) -> Option<Vec<PathBuf>> {
        let recorded = fs::read(&self.place).ok()?;
        let lists = recorded.split(|byte| *byte == 0).next()?;
        let mut lists = std::str::from_utf8(lists).ok()?.split("\n\n");
        let inputs: Vec<&str> = lists.next()?.lines().collect();
        let files: Vec<&str> = lists.next()?.lines().collect();
        let now = self.text(&inputs, &files).ok()?;
        (now == recorded).then(|| inputs.into_iter().map(PathBuf::from).collect())
    }

    /// Records a run. If that fails, the next run generates again.
    pub(crate) fn write<'p>(&self, inputs: &[PathBuf], files: impl IntoIterator<Item = &'p String>) {
        let inputs: Option<Vec<&str>> = inputs.iter().map(|path| path.to_str()).collect();
        let files: Vec<&str> = files.into_iter().map(String::as_str).collect();
        let are_lines =
            |paths: &[&str]| paths.iter().all(|path| !path.contains(['\n', '\0']) && !path.is_empty());
        let written = match inputs {
            Some(inputs) if are_lines(&inputs) && are_lines(&files) => {
                self.text(&inputs, &files).and_then(|text| fs::write(&self.place, text))
            }
            _ => return,
        };
        if written.is_err() {
            // Half a record is useless, but it should not stay either.
            let _ = fs::remove_file(&self.place);
        }
    }

    /// The current state of everything that a run depends on and leaves behind.
    fn text(&self, inputs: &[&str], files: &[&str]) -> io::Result<Vec<u8>> {
        let mut text = format!("{}\n\n{}\n\n\0", inputs.join("\n"), files.join("\n")).into_bytes();
        // The state of the build script's executable, because the generator itself may be under development.
        text.extend(state(&env::current_exe()?)?.into_bytes());
        text.extend(self.output.as_os_str().as_encoded_bytes());
        for file in files {
            text.extend(state(&self.output.join(file))?.into_bytes());
        }
        for input in inputs {
            text.push(0);
            text.extend(fs::read(input)?);
        }
        Ok(text)
    }
}

/// The metadata that changes when a file is written.
fn state(file: &Path) -> io::Result<String> {
    let metadata = fs::symlink_metadata(file)?;
    let modified = metadata.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
    Ok(format!("{} {}\n", metadata.len(), modified.as_nanos()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A record of one input and one output, in a separate folder.
    fn recorded() -> (tempfile::TempDir, Record, PathBuf) {
        let folder = tempfile::tempdir().expect("a folder");
        let input = folder.path().join("models.toml");
        fs::write(&input, "a").expect("a file");
        fs::write(folder.path().join("mod.rs"), "b").expect("a file");
        let record = Record::new(folder.path(), "models", folder.path());
        record.write(std::slice::from_ref(&input), &[String::from("mod.rs")]);
        (folder, record, input)
    }

    #[test]
    fn what_was_recorded_is_unchanged() {
        let (_folder, record, input) = recorded();
        assert_eq!(record.unchanged(), Some(vec![input]));
    }

    #[test]
    fn a_changed_or_missing_input_is_a_change() {
        let (_folder, record, input) = recorded();
        fs::write(&input, "c").expect("a file");
        assert_eq!(record.unchanged(), None);
        fs::remove_file(&input).expect("removed");
        assert_eq!(record.unchanged(), None);
    }

    #[test]
    fn a_changed_or_missing_output_is_a_change() {
        let (folder, record, _) = recorded();
        fs::write(folder.path().join("mod.rs"), "longer").expect("a file");
        assert_eq!(record.unchanged(), None);
        fs::remove_file(folder.path().join("mod.rs")).expect("removed");
        assert_eq!(record.unchanged(), None);
    }

    #[test]
    fn another_directory_is_a_change() {
        let (folder, _, _) = recorded();
        let elsewhere = Record::new(folder.path(), "models", Path::new("elsewhere"));
        assert_eq!(elsewhere.unchanged(), None);
    }

    #[test]
    fn a_broken_record_is_none() {
        let (folder, record, _) = recorded();
        for text in ["", "\0", "x\n\ny\n\n\0", "\n\n\n\n\0"] {
            fs::write(folder.path().join("models.record"), text).expect("a file");
            assert_eq!(record.unchanged(), None, "{text:?}");
        }
    }
}
