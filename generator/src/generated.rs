//! Generated files in memory, and the only place that writes them.

use crate::diagnostic::Report;
use crate::error::Error;
use crate::file_kind::FileKind;
use crate::leftover;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// The files that declarations generate, in memory.
#[derive(Clone, Debug)]
pub struct Generated {
    files: BTreeMap<String, String>,
    /// The name of the declarations' file in the files' first line.
    source: String,
    inputs: Vec<PathBuf>,
    output: Option<PathBuf>,
    warnings: Report,
}

/// What [`Generated::write_to`] did, as relative paths with forward slashes, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Written {
    /// Files that are new or have changed.
    pub written: Vec<String>,
    /// Files that were generated before and no longer are.
    pub removed: Vec<String>,
    /// Files that were up to date, and were not touched.
    pub unchanged: Vec<String>,
}

/// A file that differs from what the declarations generate.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Difference {
    /// Relative, with forward slashes.
    pub path: String,
    /// How it differs.
    pub kind: DifferenceKind,
}

/// How a file differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DifferenceKind {
    /// The file has another text than was generated.
    Changed {
        /// The generated text.
        expected: String,
        /// The file's text.
        found: String,
    },
    /// The file does not exist.
    Missing {
        /// The generated text.
        expected: String,
    },
    /// The file was generated before and no longer is.
    Extra {
        /// Its text.
        found: String,
    },
}

impl Generated {
    pub(crate) fn new(
        files: BTreeMap<String, String>,
        source: String,
        inputs: Vec<PathBuf>,
        output: Option<PathBuf>,
        warnings: Report,
    ) -> Self {
        Generated { files, source, inputs, output, warnings }
    }

    /// The files' texts by relative path, with forward slashes.
    pub fn files(&self) -> &BTreeMap<String, String> {
        &self.files
    }

    /// The files that were read.
    pub fn inputs(&self) -> &[PathBuf] {
        &self.inputs
    }

    /// The directory of checked-in code that the declarations name, relative to the current directory.
    pub fn output(&self) -> Option<&Path> {
        self.output.as_deref()
    }

    /// Findings that did not stop generation.
    pub fn warnings(&self) -> &Report {
        &self.warnings
    }

    /// Makes a directory contain these files. It writes changed files, each atomically, and removes files that were generated
    /// before, from a file of declarations with the same name, and no longer are. It leaves other files alone.
    ///
    /// # Errors
    /// A file cannot be read or written. Or an existing file or link was not generated, or was generated from another file of
    /// declarations; then nothing was written.
    pub fn write_to(&self, directory: impl AsRef<Path>) -> Result<Written, Error> {
        self.write(directory.as_ref(), Whose::OfThisSource)
    }

    /// As [`write_to`](Self::write_to), for a directory that contains nothing else. Everything that was generated there before is
    /// replaced.
    pub(crate) fn write_over(&self, directory: &Path) -> Result<Written, Error> {
        self.write(directory, Whose::OfAny)
    }

    fn write(&self, directory: &Path, whose: Whose) -> Result<Written, Error> {
        let found = self.read_from(directory, whose)?;
        let mut report = Written::default();
        for folder in self.folders() {
            leftover::remove_all(&directory.join(folder));
        }
        for (path, text) in &self.files {
            if found.get(path).is_some_and(|found| same_text(found, text)) {
                report.unchanged.push(path.clone());
            } else {
                write_at_once(&directory.join(path), text)?;
                report.written.push(path.clone());
            }
        }
        for path in found.keys().filter(|path| !self.files.contains_key(*path)) {
            let file = directory.join(path);
            fs::remove_file(&file).map_err(Error::io("remove", &file))?;
            report.removed.push(path.clone());
        }
        Ok(report)
    }

    /// How a directory differs from these files, ordered by path. Files that were not generated do not count.
    ///
    /// # Errors
    /// A file cannot be read. Or an existing file or link was not generated, or was generated from another file of declarations.
    pub fn compare(&self, directory: impl AsRef<Path>) -> Result<Vec<Difference>, Error> {
        let mut found = self.read_from(directory.as_ref(), Whose::OfThisSource)?;
        let mut differences = Vec::new();
        for (path, expected) in &self.files {
            let kind = match found.remove(path) {
                Some(found) if same_text(&found, expected) => continue,
                Some(found) => DifferenceKind::Changed { expected: expected.clone(), found },
                None => DifferenceKind::Missing { expected: expected.clone() },
            };
            differences.push(Difference { path: path.clone(), kind });
        }
        let extra =
            found.into_iter().map(|(path, found)| Difference { path, kind: DifferenceKind::Extra { found } });
        differences.extend(extra);
        differences.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(differences)
    }

    /// The generated files in a directory and in those below it that these files need, by relative path.
    fn read_from(&self, directory: &Path, whose: Whose) -> Result<BTreeMap<String, String>, Error> {
        let mut found = BTreeMap::new();
        for folder in self.folders() {
            let place = directory.join(folder);
            if !folder.is_empty() && is_link(&place)? {
                return Err(Error::link(&place));
            }
            let entries = match fs::read_dir(&place) {
                Ok(entries) => entries,
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Err(Error::io("read the directory", &place)(error)),
            };
            let files = entries.map(|entry| entry.map(|entry| entry.path()));
            let mut files: Vec<_> =
                files.collect::<io::Result<_>>().map_err(Error::io("read the directory", &place))?;
            // Existing files are reported in the same words wherever the directory is.
            files.sort_unstable();
            for file in files {
                let Some(name) = file.file_name().and_then(OsStr::to_str) else { continue };
                let path = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
                if let Some(text) = self.read_generated(&file, &path, whose)? {
                    found.insert(path, text);
                }
            }
        }
        Ok(found)
    }

    /// The directory itself, and those below it that these files need.
    fn folders(&self) -> BTreeSet<&str> {
        let below = self.files.keys().flat_map(|path| path.match_indices('/').map(|(at, _)| &path[..at]));
        below.chain([""]).collect()
    }

    /// The text of a file, if it was generated. An existing file at a generated path must have been.
    fn read_generated(&self, file: &Path, path: &str, whose: Whose) -> Result<Option<String>, Error> {
        let is_wanted = self.files.contains_key(path);
        if is_link(file)? {
            return if is_wanted { Err(Error::link(file)) } else { Ok(None) };
        }
        let Some(kind) = FileKind::of(path).filter(|_| is_wanted || file.is_file()) else { return Ok(None) };
        let bytes = fs::read(file).map_err(Error::io("read", file))?;
        let Some(source) = kind.source(&bytes) else {
            return if is_wanted { Err(Error::foreign_file(file)) } else { Ok(None) };
        };
        if whose == Whose::OfThisSource && source != self.source {
            return if is_wanted { Err(Error::other_source(file, &source, &self.source)) } else { Ok(None) };
        }
        Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
    }
}

/// Which generated files in a directory are replaced.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Whose {
    /// Those that were generated from a file of declarations with the same name.
    OfThisSource,
    OfAny,
}

/// Whether two texts are equal except for line ends, which version control may have changed.
fn same_text(found: &str, expected: &str) -> bool {
    found == expected || found.replace("\r\n", "\n") == expected
}

fn is_link(path: &Path) -> Result<bool, Error> {
    match fs::symlink_metadata(path) {
        Ok(metadata) => Ok(metadata.file_type().is_symlink()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(Error::io("read", path)(error)),
    }
}

/// Writes a file beside its place and moves it there, so no reader ever sees half of it.
pub(crate) fn write_at_once(file: &Path, text: &str) -> Result<(), Error> {
    let folder = file.parent().unwrap_or(Path::new(""));
    fs::create_dir_all(folder).map_err(Error::io("create the directory", folder))?;
    let (beside, mut open) = leftover::create_beside(file)?;
    let written = open.write_all(text.as_bytes()).map_err(Error::io("write", &beside));
    drop(open);
    let moved = written.and_then(|()| fs::rename(&beside, file).map_err(Error::io("write", file)));
    moved.inspect_err(|_| {
        // The reported error says more than a second one about the temporary file would.
        let _ = fs::remove_file(&beside);
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn generated(files: &[(&str, FileKind)]) -> Generated {
        let files =
            files.iter().map(|(path, kind)| ((*path).to_owned(), kind.marked("models.toml", "text\n")));
        let report = Report::new(Vec::new(), Vec::new());
        Generated::new(files.collect(), "models.toml".to_owned(), Vec::new(), None, report)
    }

    #[test]
    fn files_of_every_kind_are_written_compared_and_removed() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("notes.yaml"), "mine\n").expect("a file");
        let files =
            [("mod.rs", FileKind::Rust), ("stack.yaml", FileKind::Yaml), ("page.html", FileKind::Html)];
        let all = generated(&files);
        assert_eq!(all.write_to(folder.path()).expect("written").written.len(), 3);
        assert_eq!(all.compare(folder.path()).expect("compared"), []);
        let fewer = generated(&files[..1]);
        assert_eq!(fewer.compare(folder.path()).expect("compared").len(), 2);
        let written = fewer.write_to(folder.path()).expect("written");
        assert_eq!(written.removed, ["page.html", "stack.yaml"]);
        assert!(folder.path().join("notes.yaml").exists(), "a file without a mark is nobody's");
        fs::remove_file(folder.path().join("mod.rs")).expect("removed");
        fs::rename(folder.path().join("notes.yaml"), folder.path().join("stack.yaml")).expect("renamed");
        assert!(all.write_to(folder.path()).is_err(), "a file without a mark is in the way");
    }
}
