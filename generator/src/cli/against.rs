//! What declarations are compared with: a lock, a commit of git's, or another file of declarations.

use super::Failure;
use crate::breaking::Kept;
use crate::diagnostic::{FileId, Findings, Report};
use crate::error::Error;
use crate::generator::Generator;
use crate::lock::{self, Found, Lock};
use crate::source::SourceFile;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What declarations are compared with.
pub(super) enum Against {
    Lock(PathBuf),
    /// A commit, a branch or a tag.
    Git(String),
    Declarations(PathBuf),
}

impl fmt::Display for Against {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Against::Lock(path) | Against::Declarations(path) => write!(formatter, "{}", path.display()),
            Against::Git(reference) => formatter.write_str(reference),
        }
    }
}

impl Against {
    /// `git:main`, `models.lock` or `other.toml`.
    pub fn read(text: &str) -> Self {
        match text.strip_prefix("git:") {
            Some(reference) => Against::Git(reference.to_owned()),
            None if Path::new(text).extension().is_some_and(|ending| ending == "lock") => {
                Against::Lock(PathBuf::from(text))
            }
            None => Against::Declarations(PathBuf::from(text)),
        }
    }

    /// What it says of the declarations in a file.
    pub fn lock(&self, declarations: &Path) -> Result<(Lock, Kept), Failure> {
        match self {
            Against::Lock(path) if path.exists() => {
                let source = SourceFile::read(FileId::default(), path, &path.display().to_string());
                Ok((read(source)?, Kept::InLock))
            }
            Against::Lock(path) => Err(Failure::Against(format!(
                "{} does not exist: write it with `dynamorm lock`, or compare with something else by `--against`",
                path.display()
            ))),
            Against::Declarations(path) => of_declarations(path),
            Against::Git(reference) => of_commit(reference, declarations),
        }
    }
}

fn read(source: Result<SourceFile, crate::diagnostic::Diagnostic>) -> Result<Lock, Failure> {
    let mut findings = Findings::default();
    let found = source.map(|source| Found::read(source, &mut findings));
    match found {
        Ok(Found { lock: Some(lock), .. }) => Ok(lock),
        Ok(Found { source, .. }) => {
            Err(Error::not_compared(Report::new(vec![source], findings.into_sorted())).into())
        }
        Err(finding) => Err(Error::not_compared(Report::new(Vec::new(), vec![finding])).into()),
    }
}

fn of_declarations(path: &Path) -> Result<(Lock, Kept), Failure> {
    let locks = Generator::new(path).locks()?;
    let kept = if locks.known.is_some() { Kept::InLock } else { Kept::Nowhere };
    Ok((locks.next, kept))
}

/// The lock that a commit has, or else the one that its declarations ask for.
fn of_commit(reference: &str, declarations: &Path) -> Result<(Lock, Kept), Failure> {
    if reference.is_empty() || reference.starts_with('-') {
        return Err(Failure::Against(format!(
            "`{reference}` names no commit: write `git:main`, for example"
        )));
    }
    let folder = match declarations.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let git = Git { folder, reference };
    git.run(&["rev-parse", "--verify", "--quiet", &format!("{reference}^{{commit}}")])
        .map_err(|why| Failure::Against(format!("git has no commit `{reference}`{}", behind(&why))))?;
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let lock_name = name(&lock::path(declarations));
    if let Ok(text) = git.show(&lock_name) {
        let shown = format!("{reference}:{lock_name}");
        let lock = read(SourceFile::from_text(FileId::default(), &shown, &lock_name, &text))?;
        return Ok((lock, Kept::InLock));
    }
    let copies = Copies::new().map_err(Error::io("create", &std::env::temp_dir()))?;
    let listed = git.run(&["ls-tree", "-r", "-z", "--name-only", reference, "--", "."]).map_err(|why| {
        Failure::Against(format!("git cannot list the files of `{reference}`{}", behind(&why)))
    })?;
    for file in listed.split('\0').filter(|file| file.ends_with(".toml")) {
        let text = git.show(file).map_err(|why| {
            Failure::Against(format!("git cannot show `{reference}:{file}`{}", behind(&why)))
        })?;
        copies.write(file, &text)?;
    }
    let copy = copies.folder.join(name(declarations));
    if !copy.exists() {
        return Err(Failure::Against(format!(
            "`{reference}` has neither {lock_name} nor {}",
            declarations.display()
        )));
    }
    of_declarations(&copy)
}

fn behind(why: &str) -> String {
    if why.is_empty() { String::new() } else { format!(": {why}") }
}

/// A commit, seen from a folder of the work tree.
struct Git<'a> {
    folder: &'a Path,
    reference: &'a str,
}

impl Git<'_> {
    fn run(&self, arguments: &[&str]) -> Result<String, String> {
        let output = Command::new("git").arg("-C").arg(self.folder).args(arguments).output();
        let output = output.map_err(|error| format!("git does not run: {error}"))?;
        if output.status.success() {
            String::from_utf8(output.stdout).map_err(|_| "it is not UTF-8".to_owned())
        } else {
            Err(String::from_utf8_lossy(&output.stderr).trim().to_owned())
        }
    }

    /// The text of a file, by its path from the folder.
    fn show(&self, file: &str) -> Result<String, String> {
        self.run(&["show", &format!("{}:./{file}", self.reference)])
    }
}

/// Copies of a commit's declarations, which are removed in the end.
struct Copies {
    folder: PathBuf,
}

impl Copies {
    fn new() -> std::io::Result<Self> {
        let base = std::env::temp_dir();
        let process = std::process::id();
        // Somebody else's folder is passed over.
        for number in 0..1_000 {
            let folder = base.join(format!("dynamorm-{process}-{number}"));
            match fs::create_dir(&folder) {
                Ok(()) => return Ok(Copies { folder }),
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        Err(std::io::ErrorKind::AlreadyExists.into())
    }

    fn write(&self, file: &str, text: &str) -> Result<(), Error> {
        let path = self.folder.join(file);
        let folder = path.parent().unwrap_or(&self.folder);
        fs::create_dir_all(folder).map_err(Error::io("create the directory", folder))?;
        fs::write(&path, text).map_err(Error::io("write", &path))
    }
}

impl Drop for Copies {
    fn drop(&mut self) {
        // What cannot be removed lies among temporary files, where the system removes it.
        let _ = fs::remove_dir_all(&self.folder);
    }
}
