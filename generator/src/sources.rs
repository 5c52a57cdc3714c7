//! The files of a run: the one that is given, and those that it includes.

use crate::diagnostic::{Code, Diagnostic, FileId, Findings, Span, quoted};
use crate::lock::Former;
use crate::manifest::{self, Manifest, Spanned};
use crate::source::SourceFile;
use std::fs;
use std::path::{Component, Path, PathBuf};

/// The most files of one run.
const MOST_FILES: usize = 100;

/// The declarations that a run starts from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Root<'a> {
    /// Where the file lies, or would lie.
    pub path: &'a Path,
    /// What stands for the file's content.
    pub text: Option<&'a str>,
    /// Whether other files may be read.
    pub may_include: bool,
    /// What stands for the lock beside the file.
    pub former: Option<Former<'a>>,
}

/// All files of a run.
#[derive(Debug, Default)]
pub(crate) struct Sources {
    /// Those that could be read. The first one is that which was given.
    pub files: Vec<SourceFile>,
    /// The paths of those that were to be read.
    pub paths: Vec<PathBuf>,
    /// All declarations; nothing where a file could not be read, since what it declares would be missed.
    pub manifest: Option<Manifest>,
}

/// Reads the files of a run, in the order in which they are included.
pub(crate) fn load(root: Root<'_>, findings: &mut Findings) -> Sources {
    let mut loader =
        Loader { sources: Sources::default(), places: Vec::new(), may_include: root.may_include };
    let mut is_whole = loader.open_root(root).map_err(|finding| findings.push(*finding)).is_ok();
    let mut whole = Manifest::default();
    let mut next = 0;
    while let Some(source) = loader.sources.files.get(next) {
        let parsed = manifest::parse(source, findings);
        is_whole &= parsed.is_some();
        let mut parsed = parsed.unwrap_or_default();
        for include in std::mem::take(&mut parsed.include) {
            if let Err(finding) = loader.open_included(next, &include) {
                findings.push(*finding);
                is_whole = false;
            }
        }
        // Every file has a number below the limit.
        let id = |number: usize| FileId(number as u32);
        let library = parsed.generate.validation.as_ref().map(|library| library.value);
        match next {
            0 => whole = parsed,
            _ => whole.include(parsed, findings),
        }
        let parent = loader.places.get(next).and_then(|place| place.parent).map(|(parent, _)| id(parent));
        whole.note_library(id(next), parent, library);
        next += 1;
    }
    loader.sources.manifest = is_whole.then_some(whole);
    loader.sources
}

/// Whether a declared path leads to something inside the directory that it starts from, whatever the machine.
pub(crate) fn is_inside(declared: &str) -> bool {
    let path = Path::new(declared);
    // Backslashes and drives are Windows' own, but a file of declarations travels.
    let foreign = declared.contains(['\\', ':', '\0', '\n', '\r']) || declared.starts_with('/');
    let inside =
        path.components().all(|component| matches!(component, Component::Normal(_) | Component::CurDir));
    let names_one = path.components().any(|component| matches!(component, Component::Normal(_)));
    !foreign && inside && names_one
}

struct Loader {
    sources: Sources,
    /// Of each file that was read.
    places: Vec<Place>,
    may_include: bool,
}

struct Place {
    directory: PathBuf,
    /// The one path that the file has, whatever it was called.
    canonical: Option<PathBuf>,
    /// The file that includes it, and where; the first file has none.
    parent: Option<(usize, Span)>,
}

type Opened = Result<(), Box<Diagnostic>>;

impl Loader {
    fn open_root(&mut self, root: Root<'_>) -> Opened {
        let id = FileId::default();
        // Where the file lies may differ from machine to machine, its name does not.
        let label = root.path.file_name().unwrap_or(root.path.as_os_str()).to_string_lossy();
        let source = match root.text {
            Some(text) => SourceFile::from_text(id, &root.path.display().to_string(), &label, text),
            None => {
                self.sources.paths.push(root.path.to_owned());
                SourceFile::read(id, root.path, &label)
            }
        };
        let source = source.map_err(|finding| match finding.code {
            Code::FileMissing => finding.help("`dynamorm init` writes a commented models.toml to start from"),
            _ => finding,
        })?;
        let directory = root.path.parent().unwrap_or(Path::new("")).to_owned();
        let canonical = fs::canonicalize(root.path).ok().filter(|_| root.may_include);
        self.sources.files.push(source);
        self.places.push(Place { directory, canonical, parent: None });
        Ok(())
    }

    fn open_included(&mut self, parent: usize, include: &Spanned<String>) -> Opened {
        let Spanned { value: declared, span } = include;
        if !is_inside(declared) || !self.may_include {
            let (label, help) = if is_inside(declared) {
                ("declarations in memory lie nowhere", "generate from a file")
            } else {
                (
                    "must lie inside this file's directory",
                    "write a relative path with forward slashes and without `..`",
                )
            };
            return Err(Box::new(
                Diagnostic::new(
                    Code::IncludePath,
                    format!("{} is not a file beside this one", quoted(declared)),
                )
                .at(*span, label)
                .help(help),
            ));
        }
        let directory = &self.places[parent].directory;
        let path = directory.join(declared);
        let canonical = fs::canonicalize(&path).ok();
        if let Some(canonical) = &canonical {
            let here = if directory.as_os_str().is_empty() { Path::new(".") } else { directory };
            if !fs::canonicalize(here).is_ok_and(|here| canonical.starts_with(here)) {
                return Err(Box::new(
                    Diagnostic::new(Code::IncludePath, format!("{} is a link", quoted(declared)))
                        .at(*span, "leads out of this file's directory")
                        .help("put the file itself there"),
                ));
            }
            if let Some(known) =
                self.places.iter().position(|place| place.canonical.as_ref() == Some(canonical))
            {
                return Err(Box::new(self.included_twice(parent, known, include)));
            }
        }
        if self.sources.files.len() == MOST_FILES {
            return Err(Box::new(
                Diagnostic::new(Code::TooMany, format!("too many files: the limit is {MOST_FILES}"))
                    .at(*span, format!("number {}", MOST_FILES + 1))
                    .help("put several together"),
            ));
        }
        let label = self.label(parent, declared);
        self.sources.paths.push(path.clone());
        // Every file has a number below the limit.
        let id = FileId(self.sources.files.len() as u32);
        let source = SourceFile::read(id, &path, &label).map_err(|finding| {
            let is_missing = finding.code == Code::FileMissing;
            let finding = finding.at(*span, "included here");
            if is_missing {
                finding.help("the path starts at the directory of the including file")
            } else {
                finding
            }
        })?;
        let directory = path.parent().unwrap_or(Path::new("")).to_owned();
        self.sources.files.push(source);
        self.places.push(Place { directory, canonical, parent: Some((parent, *span)) });
        Ok(())
    }

    /// What generated code calls an included file: its path from the first file's directory.
    fn label(&self, parent: usize, declared: &str) -> String {
        let above = self.sources.files[parent].label();
        let folder = match self.places[parent].parent {
            Some(_) => above.rsplit_once('/').map(|(folder, _)| folder),
            None => None,
        };
        let declared = declared.trim_start_matches("./");
        folder.map_or_else(|| declared.to_owned(), |folder| format!("{folder}/{declared}"))
    }

    fn included_twice(&self, parent: usize, known: usize, include: &Spanned<String>) -> Diagnostic {
        let mut above = Some(parent);
        let is_above = std::iter::from_fn(|| {
            let file = above?;
            above = self.places[file].parent.map(|(parent, _)| parent);
            Some(file)
        })
        .any(|file| file == known);
        let message = if is_above {
            format!("{} includes itself", quoted(self.sources.files[known].name()))
        } else {
            format!("{} is included twice", quoted(self.sources.files[known].name()))
        };
        let diagnostic = Diagnostic::new(Code::IncludedTwice, message).at(include.span, "included again");
        match self.places[known].parent {
            Some((_, first)) => diagnostic.and(first, "included here first"),
            None => diagnostic,
        }
        .help("remove one of the two: what a file declares holds for all of them")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lead_inside_on_every_system() {
        for declared in ["a.toml", "./a.toml", "a/b.toml", "a/./b.toml"] {
            assert!(is_inside(declared), "{declared}");
        }
        for declared in ["", ".", "..", "../a", "a/../../b", "/a", "C:a", "C:\\a", "a\\b", "a\0", "a\nb"] {
            assert!(!is_inside(declared), "{declared:?}");
        }
    }
}
