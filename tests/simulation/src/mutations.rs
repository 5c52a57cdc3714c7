//! Planted bugs: each is a change of the library's text, in a copy of the workspace, which the explorations must find.

use std::collections::BTreeSet;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

use crate::finding::LINE;

/// A bug that can be planted.
#[derive(Deserialize)]
pub struct Mutation {
    pub name: String,
    /// What goes wrong then.
    pub plants: String,
    /// The file, from the workspace's root.
    pub file: String,
    /// The text that occurs once in it.
    pub find: String,
    pub replace: String,
}

#[derive(Deserialize)]
struct Mutations {
    mutation: Vec<Mutation>,
}

/// The explorations that look for a planted bug, one after the other until it is found. All but the last explore no more than
/// the tests do.
const EXPLORATIONS: [&[&str]; 5] = [
    &["seeds", "--count", "300"],
    &["cuts", "--of", "24"],
    &["pairs", "--of", "48"],
    &["seeds", "--first", "301", "--count", "1700"],
    &["cuts"],
];

/// The workspace that this crate is part of.
pub fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Those of `mutations.toml`.
///
/// # Errors
/// It cannot be read.
pub fn all() -> Result<Vec<Mutation>, Box<dyn Error>> {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("mutations.toml"))?;
    Ok(toml::from_str::<Mutations>(&text)?.mutation)
}

impl Mutation {
    /// The text of its file with the bug.
    ///
    /// # Errors
    /// What it replaces does not occur exactly once.
    pub fn planted(&self, root: &Path) -> Result<String, Box<dyn Error>> {
        let text = fs::read_to_string(root.join(&self.file))?;
        match text.matches(&self.find).count() {
            1 => Ok(text.replacen(&self.find, &self.replace, 1)),
            count => {
                Err(format!("{}: what it replaces occurs {count} times in {}", self.name, self.file).into())
            }
        }
    }
}

/// Plants each bug, and prints whether it was found, by which exploration, and how it is run again; whether all were.
///
/// # Errors
/// The copy cannot be made or built, or breaks a rule without a planted bug: the tests explore all of it.
pub fn run(only: Option<&str>, scratch: &Path) -> Result<bool, Box<dyn Error>> {
    let copy = scratch.join("workspace");
    copy_sources(&copy)?;
    if let Some(line) = findings(&copy, scratch, EXPLORATIONS[0])?.first() {
        return Err(format!("the library breaks a rule without a planted bug: {line}").into());
    }
    let mut all_found = true;
    for mutation in all()?.iter().filter(|mutation| only.is_none_or(|only| mutation.name == only)) {
        let file = copy.join(&mutation.file);
        let sound = fs::read_to_string(&file)?;
        fs::write(&file, mutation.planted(&copy)?)?;
        let found = search(&copy, scratch);
        fs::write(&file, sound)?;
        let found = found?;
        all_found &= found.is_some();
        println!("{}: {}", mutation.name, found.as_deref().unwrap_or("NOT FOUND"));
    }
    Ok(all_found)
}

/// The first finding.
fn search(copy: &Path, scratch: &Path) -> Result<Option<String>, Box<dyn Error>> {
    for exploration in EXPLORATIONS {
        if let Some(line) = findings(copy, scratch, exploration)?.into_iter().next() {
            return Ok(Some(format!("found by {}: {line}", exploration.join(" "))));
        }
    }
    Ok(None)
}

/// What an exploration finds in the copy.
fn findings(copy: &Path, scratch: &Path, exploration: &[&str]) -> Result<BTreeSet<String>, Box<dyn Error>> {
    let cargo = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO"));
        command.args(arguments).current_dir(copy).env("CARGO_TARGET_DIR", scratch.join("target"));
        command
    };
    let built = cargo(&["build", "--quiet", "--package", "simulation"]).output()?;
    if !built.status.success() {
        return Err(format!("the copy is not built: {}", String::from_utf8_lossy(&built.stderr)).into());
    }
    let output =
        Command::new(scratch.join("target/debug/simulation")).args(exploration).arg("--list").output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let mut found: BTreeSet<String> =
        text.lines().filter_map(|line| Some(line.strip_prefix(LINE)?.to_owned())).collect();
    if output.status.code().is_none_or(|code| code > 1) {
        found.insert(format!("{} did not end by itself", exploration.join(" ")));
    }
    Ok(found)
}

/// Copies what the repository has, where it differs, so that little is built again.
fn copy_sources(copy: &Path) -> Result<(), Box<dyn Error>> {
    let root = workspace();
    let listed = Command::new("git").arg("ls-files").current_dir(&root).output()?;
    for name in String::from_utf8(listed.stdout)?.lines() {
        let (from, to) = (root.join(name), copy.join(name));
        let content = fs::read(from)?;
        if fs::read(&to).is_ok_and(|there| there == content) {
            continue;
        }
        fs::create_dir_all(to.parent().unwrap_or(copy))?;
        fs::write(to, content)?;
    }
    Ok(())
}
