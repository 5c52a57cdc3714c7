//! The way from declarations to generated files, and its front ends for build scripts and for code.

use crate::catalog::Catalog;
use crate::check;
use crate::diagnostic::{FileId, Findings, Report};
use crate::emit::{self, Destination};
use crate::error::Error;
use crate::generated::Generated;
use crate::lock::{self, Former, Found, Lock};
use crate::manifest::Manifest;
use crate::paths::settled;
use crate::record::Record;
use crate::sources::{self, Root, Sources};
use std::collections::BTreeMap;
use std::env;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Generates Rust from a file of declarations.
///
/// ```no_run
/// # fn main() -> Result<(), dynamorm_generator::Error> {
/// dynamorm_generator::Generator::new("models.toml").compile()
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Generator {
    models: PathBuf,
    text: Option<String>,
    output: Option<PathBuf>,
    deny_warnings: bool,
    locked: bool,
}

impl Generator {
    /// Generates from the declarations in a file. A relative path starts at the current directory, which in a
    /// build script is the package's.
    pub fn new(models: impl Into<PathBuf>) -> Self {
        Generator { models: models.into(), text: None, output: None, deny_warnings: false, locked: false }
    }

    /// Takes a text for what the file holds, as an editor has it before it is saved. Files that it includes are read.
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.text = Some(text.into());
        self
    }

    /// Makes [`compile`](Self::compile) write a tree of modules to this directory, instead of what
    /// `dynamorm::include_models!` expects in `OUT_DIR`.
    pub fn output(mut self, directory: impl Into<PathBuf>) -> Self {
        self.output = Some(directory.into());
        self
    }

    /// Makes warnings stop generation, as errors do.
    pub fn deny_warnings(mut self, deny: bool) -> Self {
        self.deny_warnings = deny;
        self
    }

    /// Demands that the lock beside the file is what the declarations say, as `locked = true` under `[generate]` does: what
    /// programs store then changes together with a text that was reviewed.
    pub fn locked(mut self, locked: bool) -> Self {
        self.locked = locked;
        self
    }

    /// Generates from a build script: writes what changed to `$OUT_DIR/dynamorm/<stem of the file's name>/`,
    /// removes what it generated before and no longer does, and tells cargo which files to watch. Does nothing more
    /// than that where nothing has changed since it ran last.
    ///
    /// # Errors
    /// Declarations that are unreadable or wrong, with all findings; files that cannot be written; files in the
    /// way that were not generated; another file of the same stem that this build script generates from as well.
    pub fn compile(&self) -> Result<(), Error> {
        let root = env::var_os("OUT_DIR").map(|root| Path::new(&root).join("dynamorm"));
        let stem = self.models.file_stem().unwrap_or("models".as_ref()).to_string_lossy();
        let target = match (&self.output, &root) {
            (Some(directory), _) => Some((Destination::Tree, directory.clone())),
            (None, Some(root)) => Some((Destination::BuildScript { folder: &stem }, root.join(&*stem))),
            (None, None) => None,
        };
        if let Some((_, directory)) = &target {
            claim(directory, &self.models)?;
        }
        // Text in memory has no file whose change could be seen.
        let record = match (&target, &root, &self.text) {
            (Some((_, directory)), Some(root), None) => Some(Record::new(root, &stem, directory)),
            _ => None,
        };
        if let Some(inputs) = record.as_ref().and_then(Record::unchanged) {
            watch(&inputs);
            return Ok(());
        }
        let declarations = Declarations::new(self.root(), self.demand());
        // Whatever is found, so that cargo runs the build script again when a file was corrected.
        watch(&declarations.inputs);
        let (layout, directory) = target.ok_or_else(Error::no_output_directory)?;
        let generated = self.denying(declarations)?.generate(layout)?;
        for warning in generated.warnings().diagnostics() {
            println!("cargo::warning={}", generated.warnings().one_line(warning));
        }
        match layout {
            Destination::BuildScript { .. } => generated.write_over(&directory)?,
            Destination::Tree => generated.write_to(&directory)?,
        };
        // Warnings are to be seen again.
        if let Some(record) = record.filter(|_| generated.warnings().is_empty()) {
            record.write(generated.inputs(), generated.files().keys());
        }
        Ok(())
    }

    /// Generates a tree of modules in memory. Writes and prints nothing.
    ///
    /// # Errors
    /// Declarations that are unreadable or wrong, with all findings.
    pub fn generate(&self) -> Result<Generated, Error> {
        self.denying(Declarations::new(self.root(), self.demand()))?.generate(Destination::Tree)
    }

    /// Checks the declarations without generating anything, and returns what was found that does not stop it.
    ///
    /// # Errors
    /// Declarations that are unreadable or wrong, with all findings.
    pub fn validate(&self) -> Result<Report, Error> {
        self.denying(Declarations::new(self.root(), self.demand()))?.report()
    }

    /// What the declarations say once they are checked, and what was found that does not stop it.
    #[cfg(any(feature = "serve", feature = "import", test))]
    pub(crate) fn catalog(&self) -> Result<(Catalog, Report), Error> {
        let Declarations { catalog, report, .. } =
            self.denying(Declarations::new(self.root(), self.demand()))?;
        match catalog {
            Some(catalog) => Ok((catalog, report)),
            None => Err(Error::declarations(report)),
        }
    }

    /// The page for people, and what was found that does not stop it.
    #[cfg(feature = "cli")]
    pub(crate) fn page(&self) -> Result<(String, Report), Error> {
        let declarations = Declarations::new(self.root(), self.demand());
        let Declarations { name, catalog, report, .. } = self.denying(declarations)?;
        match catalog {
            Some(catalog) => Ok((emit::page(&catalog, &name), report)),
            None => Err(Error::declarations(report)),
        }
    }

    /// The lock beside the declarations, and the one that they ask for.
    #[cfg(feature = "cli")]
    pub(crate) fn locks(&self) -> Result<Locks, Error> {
        self.denying(Declarations::new(self.root(), Demand::None))?.locks()
    }

    fn demand(&self) -> Demand {
        if self.locked { Demand::Lock } else { Demand::AsDeclared }
    }

    fn root(&self) -> Root<'_> {
        Root { path: &self.models, text: self.text.as_deref(), may_include: true, former: None }
    }

    fn denying(&self, declarations: Declarations) -> Result<Declarations, Error> {
        if self.deny_warnings && declarations.catalog.is_some() && !declarations.report.is_empty() {
            return Err(Error::denied_warnings(declarations.report));
        }
        Ok(declarations)
    }
}

/// Takes a directory for the declarations of one file, for as long as the build script runs.
fn claim(directory: &Path, models: &Path) -> Result<(), Error> {
    static CLAIMED: Mutex<BTreeMap<PathBuf, PathBuf>> = Mutex::new(BTreeMap::new());
    let mut claimed = CLAIMED.lock().unwrap_or_else(PoisonError::into_inner);
    let first = claimed.entry(settled(directory)).or_insert_with(|| models.to_owned());
    if settled(first) == settled(models) {
        Ok(())
    } else {
        Err(Error::shared_output(directory, first, models))
    }
}

/// Tells cargo which files the build script depends on.
fn watch(inputs: &[PathBuf]) {
    for path in inputs {
        println!("cargo::rerun-if-changed={}", path.display());
    }
}

/// Generates a tree of modules from declarations in memory. `name` stands for the file in findings and headers.
///
/// # Errors
/// Declarations that are wrong, with all findings.
pub fn generate_str(name: &str, text: &str) -> Result<Generated, Error> {
    let root = Root { path: Path::new(name), text: Some(text), may_include: false, former: None };
    Declarations::new(root, Demand::None).generate(Destination::Tree)
}

/// The lock beside declarations, and the one that they ask for.
#[cfg(feature = "cli")]
pub(crate) struct Locks {
    pub known: Option<Lock>,
    /// What the declarations say.
    pub next: Lock,
    pub catalog: Catalog,
    /// What was found in the declarations that does not stop anything.
    pub report: Report,
}

/// What declarations in memory say.
///
/// # Errors
/// Declarations that are wrong, with all findings.
#[cfg(feature = "breaking")]
pub(crate) fn catalog_of(name: &str, text: &str, former: Former<'_>) -> Result<Catalog, Error> {
    let root = Root { path: Path::new(name), text: Some(text), may_include: false, former: Some(former) };
    let Declarations { catalog, report, .. } = Declarations::new(root, Demand::None);
    catalog.ok_or_else(|| Error::declarations(report))
}

/// Whether the lock must be there, and say what the declarations say.
#[derive(Clone, Copy)]
enum Demand {
    /// Where the declarations demand it.
    AsDeclared,
    /// In any case.
    Lock,
    /// In no case: it is about to be compared or written.
    None,
}

/// Declarations that were read and checked.
struct Declarations {
    /// What generated files say that they were made from.
    name: String,
    directory: PathBuf,
    inputs: Vec<PathBuf>,
    report: Report,
    /// Nothing where there is an error in the report.
    catalog: Option<Catalog>,
    /// The lock beside them.
    #[cfg_attr(not(feature = "cli"), expect(dead_code, reason = "the command takes it over"))]
    lock: Option<Lock>,
}

impl Declarations {
    /// Reads and checks them, and the lock beside them if there is one.
    fn new(root: Root<'_>, demand: Demand) -> Self {
        let mut findings = Findings::default();
        let Sources { mut files, mut paths, manifest } = sources::load(root, &mut findings);
        let name = files.first().map(|source| source.label().to_owned()).unwrap_or_default();
        // Declarations in memory lie nowhere, and nothing lies beside them.
        let found = match root.may_include {
            // Every file has a number below the limit.
            true => lock::load(root.path, FileId(files.len() as u32), &mut findings),
            false => None,
        };
        let is_declared = manifest.as_ref().is_some_and(Manifest::is_locked);
        let is_demanded = match demand {
            Demand::None => false,
            Demand::AsDeclared => is_declared,
            Demand::Lock => true,
        };
        let read = manifest.zip(files.first());
        let beside = Former::Lock(found.as_ref().and_then(|found| found.lock.as_ref()));
        let former = root.former.unwrap_or(beside);
        let mut catalog =
            read.and_then(|(manifest, source)| check::check(&manifest, source, former, &mut findings));
        if let (Some(catalog), Former::Lock(Some(lock))) = (&mut catalog, former) {
            lock.tell_former(catalog);
        }
        if let Some(catalog) = catalog.as_ref().filter(|_| is_demanded) {
            lock::check(catalog, root.path, found.as_ref(), &mut findings);
        }
        let lock = found.map(|Found { source, lock }| {
            paths.push(lock::path(root.path));
            files.push(source);
            lock
        });
        Declarations {
            name,
            directory: root.path.parent().map(Path::to_owned).unwrap_or_default(),
            inputs: paths,
            catalog: catalog.filter(|_| !findings.has_errors()),
            report: Report::new(files, findings.into_sorted()),
            lock: lock.flatten(),
        }
    }

    fn report(self) -> Result<Report, Error> {
        match self.catalog {
            Some(_) => Ok(self.report),
            None => Err(Error::declarations(self.report)),
        }
    }

    fn generate(self, destination: Destination<'_>) -> Result<Generated, Error> {
        let Some(catalog) = &self.catalog else {
            return Err(Error::declarations(self.report));
        };
        let files = emit::emit(catalog, &self.name, destination);
        // The declared directory of checked-in code is relative to the declarations.
        let output = catalog.output.as_ref().map(|output| self.directory.join(output));
        Ok(Generated::new(files, self.name, self.inputs, output, self.report))
    }

    /// The lock as it is, if there is one, and as it should be.
    #[cfg(feature = "cli")]
    fn locks(self) -> Result<Locks, Error> {
        let Some(catalog) = self.catalog else {
            return Err(Error::declarations(self.report));
        };
        let next = Lock::of(&catalog, self.lock.as_ref());
        Ok(Locks { known: self.lock, next, catalog, report: self.report })
    }
}
