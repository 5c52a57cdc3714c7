//! From a catalog to files. Each target is a folder that knows nothing about the others.

#[cfg(feature = "cli")]
mod page;
mod rust;

use std::collections::BTreeMap;

use crate::catalog::Catalog;
use crate::file_kind::FileKind;

/// Where the generated files will be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Destination<'a> {
    /// In a folder of `OUT_DIR/dynamorm`, included by a build script's crate.
    BuildScript { folder: &'a str },
    /// In a checked-in directory, which people read.
    Tree,
}

/// A file from a target, without its mark.
struct EmittedFile {
    kind: FileKind,
    /// Its path without the ending: relative, with forward slashes.
    name: String,
    text: String,
}

/// A function from a catalog to files.
type Target = fn(&Catalog, Destination<'_>) -> Vec<EmittedFile>;

/// All targets.
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
