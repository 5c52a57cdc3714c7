//! The way from declarations to generated files, and its front ends for build scripts and for code.

use crate::catalog::Catalog;
use crate::check;
use crate::diagnostic::{Diagnostic, FileId, Findings, Report};
use crate::emit::{self, Layout};
use crate::error::Error;
use crate::generated::Generated;
use crate::manifest::{self, Manifest};
use crate::source::SourceFile;
use std::collections::BTreeMap;
use std::env;
use std::path::{Path, PathBuf};

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
    output: Option<PathBuf>,
    deny_warnings: bool,
}

impl Generator {
    /// Generates from the declarations in a file. A relative path starts at the current directory, which in a
    /// build script is the package's.
    pub fn new(models: impl Into<PathBuf>) -> Self {
        Generator { models: models.into(), output: None, deny_warnings: false }
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

    /// Generates from a build script: writes what changed to `$OUT_DIR/dynamorm/<stem of the file's name>/`,
    /// removes what it generated before and no longer does, and tells cargo which files to watch.
    ///
    /// # Errors
    /// Declarations that are unreadable or wrong, with all findings; files that cannot be written; files in the
    /// way that were not generated.
    pub fn compile(&self) -> Result<(), Error> {
        // Before anything can fail, so that cargo runs the build script again when the file was corrected.
        println!("cargo::rerun-if-changed={}", self.models.display());
        let (layout, directory) = match &self.output {
            Some(directory) => (Layout::Tree, directory.clone()),
            None => {
                let root = env::var_os("OUT_DIR").ok_or_else(Error::no_output_directory)?;
                let stem = self.models.file_stem().unwrap_or("models".as_ref());
                (Layout::BuildScript, Path::new(&root).join("dynamorm").join(stem))
            }
        };
        let generated = self.run(layout)?;
        for warning in generated.warnings().diagnostics() {
            println!("cargo::warning={}", generated.warnings().one_line(warning));
        }
        generated.write_to(&directory)?;
        Ok(())
    }

    /// Generates a tree of modules in memory. Writes and prints nothing.
    ///
    /// # Errors
    /// Declarations that are unreadable or wrong, with all findings.
    pub fn generate(&self) -> Result<Generated, Error> {
        self.run(Layout::Tree)
    }

    fn run(&self, layout: Layout) -> Result<Generated, Error> {
        let source = SourceFile::read(FileId::default(), &self.models).map_err(unreadable)?;
        // Where the file lies may differ from machine to machine, its name does not.
        let name =
            self.models.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let directory = self.models.parent().map(Path::to_owned).unwrap_or_default();
        let generated = generate(source, &name, layout, vec![self.models.clone()], &directory)?;
        if self.deny_warnings && !generated.warnings().is_empty() {
            return Err(Error::denied_warnings(generated.warnings().clone()));
        }
        Ok(generated)
    }
}

/// Generates a tree of modules from declarations in memory. `name` stands for the file in findings and headers.
///
/// # Errors
/// Declarations that are wrong, with all findings.
pub fn generate_str(name: &str, text: &str) -> Result<Generated, Error> {
    let source = SourceFile::from_text(FileId::default(), name, text).map_err(unreadable)?;
    generate(source, name, Layout::Tree, Vec::new(), Path::new(""))
}

fn generate(
    source: SourceFile,
    name: &str,
    layout: Layout,
    inputs: Vec<PathBuf>,
    directory: &Path,
) -> Result<Generated, Error> {
    let mut findings = Findings::default();
    let manifest = manifest::parse(&source, &mut findings);
    let catalog: Option<Catalog> =
        manifest.as_ref().and_then(|one| check::check(one, &source, &mut findings));
    let report = Report::new(vec![source], findings.into_sorted());
    let (Some(manifest), Some(catalog)) = (manifest, catalog) else {
        return Err(Error::declarations(report));
    };
    let files = emit::emit(&catalog, name, layout).into_iter().map(|file| (file.path, file.text));
    Ok(Generated::new(files.collect::<BTreeMap<_, _>>(), inputs, output(&manifest, directory), report))
}

/// The declared directory of checked-in code, which is relative to the declarations.
fn output(manifest: &Manifest, directory: &Path) -> Option<PathBuf> {
    manifest.generate.output.as_ref().map(|output| directory.join(&output.value))
}

fn unreadable(diagnostic: Diagnostic) -> Error {
    Error::declarations(Report::new(Vec::new(), vec![diagnostic]))
}
