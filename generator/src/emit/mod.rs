//! From a catalog to files: one target after the other, each a folder that knows nothing of the rest.

#[cfg(feature = "cli")]
mod page;
mod rust;

use std::collections::BTreeMap;

use crate::catalog::Catalog;
use crate::file_kind::FileKind;

/// Where the generated files will lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Destination<'a> {
    /// In a folder of `OUT_DIR/dynamorm`, included by a build script's crate.
    BuildScript { folder: &'a str },
    /// In a checked-in directory, read by people.
    Tree,
}

/// A file that a target makes, without its mark.
struct EmittedFile {
    kind: FileKind,
    /// Its path without the ending: relative, with forward slashes.
    name: String,
    text: String,
}

/// What makes files of a catalog.
type Target = fn(&Catalog, Destination<'_>) -> Vec<EmittedFile>;

/// Everything that is made.
const TARGETS: [Target; 1] = [rust::emit];

/// The texts of all files by their paths, each marked as generated. `source` is the name of the declarations' file.
pub(crate) fn emit(
    catalog: &Catalog,
    source: &str,
    destination: Destination<'_>,
) -> BTreeMap<String, String> {
    let files = TARGETS.iter().flat_map(|target| target(catalog, destination));
    let marked = files.map(|EmittedFile { kind, name, text }| {
        (format!("{name}.{}", kind.ending()), kind.marked(source, &text))
    });
    marked.collect()
}

/// The page of a catalog, marked as generated. `source` is the name of the declarations' file.
#[cfg(feature = "cli")]
pub(crate) fn page(catalog: &Catalog, source: &str) -> String {
    page::emit(catalog, source)
}
