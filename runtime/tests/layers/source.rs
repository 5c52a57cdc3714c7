//! The files of a crate, and which of them need which.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::Path;

use quote::ToTokens;
use syn::Item;

use crate::syntax::{Use, is_exported, is_of_tests, name_of, paths_in, uses_in, uses_within};

/// The files of a crate, by their paths below `src`, and what they define.
pub(crate) struct Source {
    pub(crate) texts: BTreeMap<String, String>,
    modules: BTreeMap<Module, Contents>,
    /// Which file needs which, with the name that says so.
    edges: BTreeMap<(String, String), String>,
}

/// The names of a module from the crate's root.
pub(crate) type Module = Vec<String>;

/// What a module defines and brings into scope.
#[derive(Default)]
pub(crate) struct Contents {
    file: String,
    /// Its items, with the file that defines each: a macro may be defined elsewhere.
    items: BTreeMap<String, String>,
    children: BTreeSet<String>,
    uses: Vec<Use>,
    /// The paths that its code consists of.
    paths: Vec<Vec<String>>,
}

impl Source {
    pub(crate) fn of_this_crate() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut texts = BTreeMap::new();
        let mut folders = vec![root.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|ending| ending == "rs") {
                    texts.insert(below(&root, &path), fs::read_to_string(&path).unwrap());
                }
            }
        }
        Self::of(texts)
    }

    pub(crate) fn new<const N: usize>(files: [(&str, &str); N]) -> Self {
        Self::of(files.into_iter().map(|(file, text)| (file.to_owned(), text.to_owned())).collect())
    }

    pub(crate) fn with(&self, file: &str, text: &str) -> Self {
        let mut texts = self.texts.clone();
        texts.insert(file.to_owned(), text.to_owned());
        Self::of(texts)
    }

    fn of(texts: BTreeMap<String, String>) -> Self {
        let mut source = Source { texts, modules: BTreeMap::new(), edges: BTreeMap::new() };
        for (file, text) in &source.texts {
            let parsed = syn::parse_file(text).unwrap_or_else(|error| panic!("{file}: {error}"));
            define(module_of(file), file, parsed.items, &mut source.modules);
        }
        for (module, contents) in &source.modules {
            for (path, name) in source.named_by(module, contents) {
                let Some(definer) = source.definer(module, &path, 0) else { continue };
                if definer != contents.file {
                    source.edges.entry((contents.file.clone(), definer)).or_insert(name);
                }
            }
        }
        source
    }

    /// The paths that a module's code and private imports consist of, each with its last name.
    fn named_by(&self, module: &Module, contents: &Contents) -> Vec<(Vec<String>, String)> {
        let mut paths: Vec<_> = contents
            .uses
            .iter()
            .filter(|import| !import.hands_on)
            .map(|import| import.path.clone())
            .collect();
        paths.extend(contents.paths.iter().cloned());
        let known = |path: &Vec<String>| match path.as_slice() {
            // A name alone may be a variable's: only what is handed on or globbed is not counted as an import already.
            [name] => !contents.items.contains_key(name) && self.hands_on(module, name),
            _ => true,
        };
        paths.retain(known);
        paths.into_iter().filter_map(|path| Some((path.clone(), path.last()?.clone()))).collect()
    }

    fn hands_on(&self, module: &Module, name: &str) -> bool {
        self.modules[module].uses.iter().any(|import| {
            (import.name == name && import.hands_on)
                || (import.name == "*"
                    && self
                        .definer(module, &[import.path.clone(), vec![name.to_owned()]].concat(), 0)
                        .is_some())
        })
    }

    /// The file that defines what a path names, seen from a module; none if another crate does, or if it is a module.
    fn definer(&self, from: &Module, path: &[String], depth: usize) -> Option<String> {
        // Two modules that import everything of each other would never end.
        if depth > 16 {
            return None;
        }
        let (first, rest) = path.split_first()?;
        match first.as_str() {
            "crate" => self.definer_within(&Vec::new(), rest, depth),
            "self" => self.definer_within(from, rest, depth),
            "super" => self.definer_within(&from[..from.len().checked_sub(1)?].to_vec(), rest, depth),
            _ => self.definer_within(from, path, depth),
        }
    }

    fn definer_within(&self, module: &Module, path: &[String], depth: usize) -> Option<String> {
        let contents = self.modules.get(module)?;
        let (first, rest) = path.split_first()?;
        if first == "super" {
            return self.definer(module, path, depth + 1);
        }
        if contents.children.contains(first) && !rest.is_empty() {
            let child = [module.clone(), vec![first.clone()]].concat();
            return self.definer_within(&child, rest, depth + 1);
        }
        if let Some(file) = contents.items.get(first) {
            return Some(file.clone());
        }
        let imported = |import: &Use| match import.name.as_str() {
            "*" => self.definer(module, &[&import.path, path].concat(), depth + 1),
            name if name == first => self.definer(module, &[&import.path, rest].concat(), depth + 1),
            _ => None,
        };
        // A path must not be looked up by the import that it is.
        contents.uses.iter().filter(|import| import.path != path).find_map(imported)
    }

    /// The files that need each other, in groups.
    pub(crate) fn circles(&self) -> Vec<Vec<String>> {
        let files: Vec<_> = self.texts.keys().cloned().collect();
        let mut needs: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (from, to) in self.edges.keys() {
            needs.entry(from).or_default().push(to);
        }
        let reach: BTreeMap<_, _> = files.iter().map(|file| (file.clone(), reach(&needs, file))).collect();
        let mut circles: Vec<Vec<String>> = Vec::new();
        for file in &files {
            if circles.iter().flatten().any(|known| known == file) {
                continue;
            }
            let mutual = |other: &&String| reach[file].contains(*other) && reach[*other].contains(file);
            let circle: Vec<_> = files.iter().filter(mutual).cloned().collect();
            if circle.len() > 1 {
                circles.push(circle);
            }
        }
        circles
    }

    pub(crate) fn describe(&self, circles: &[Vec<String>]) -> String {
        let mut text = String::new();
        for circle in circles {
            let _ = writeln!(text, "{} files depend on each other:", circle.len());
            for ((from, to), name) in &self.edges {
                if circle.contains(from) && circle.contains(to) {
                    let line = line_of(&self.texts[from], name);
                    let _ = writeln!(text, "  src/{from}:{line} -> {name} of src/{to}");
                }
            }
        }
        text
    }
}

/// The files that a file needs, itself or through others.
pub(crate) fn reach(needs: &BTreeMap<&str, Vec<&str>>, file: &str) -> BTreeSet<String> {
    let (mut reached, mut next) = (BTreeSet::new(), vec![file]);
    while let Some(file) = next.pop() {
        for to in needs.get(file).into_iter().flatten() {
            if reached.insert((*to).to_owned()) {
                next.push(to);
            }
        }
    }
    reached
}

/// Notes what a module and those within it define, without what is compiled for tests alone.
pub(crate) fn define(module: Module, file: &str, items: Vec<Item>, modules: &mut BTreeMap<Module, Contents>) {
    let mut contents = Contents { file: file.to_owned(), ..Contents::default() };
    for item in items {
        if is_of_tests(&item) {
            continue;
        }
        if let Some(name) = name_of(&item) {
            contents.items.insert(name, file.to_owned());
        }
        match item {
            Item::Mod(child) => {
                let name = child.ident.to_string();
                contents.children.insert(name.clone());
                if let Some((_, items)) = child.content {
                    define([module.clone(), vec![name]].concat(), file, items, modules);
                }
            }
            Item::Use(import) => {
                let hands_on = !matches!(import.vis, syn::Visibility::Inherited);
                uses_in(&import.tree, &mut Vec::new(), hands_on, &mut contents.uses);
            }
            Item::Macro(rules) if is_exported(&rules.attrs) => {
                let name = rules.ident.as_ref().map(ToString::to_string).unwrap_or_default();
                modules.entry(Vec::new()).or_default().items.insert(name, file.to_owned());
                paths_in(&rules.into_token_stream(), &[], &mut contents.paths);
            }
            other => {
                let code = other.into_token_stream();
                uses_within(&code, &mut contents.uses);
                paths_in(&code, &[], &mut contents.paths);
            }
        }
    }
    let known = modules.entry(module).or_default();
    contents.items.append(&mut known.items);
    *known = contents;
}

pub(crate) fn module_of(file: &str) -> Module {
    let path = file.trim_end_matches(".rs");
    let path = if path == "lib" { "" } else { path.trim_end_matches("/mod") };
    path.split('/').filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

pub(crate) fn below(root: &Path, path: &Path) -> String {
    let parts = path.strip_prefix(root).unwrap();
    parts.to_string_lossy().replace('\\', "/")
}

/// The first line that has a word outside comments.
pub(crate) fn line_of(text: &str, word: &str) -> usize {
    let is_word = |line: &str| {
        !line.trim_start().starts_with("//")
            && line.split(|c: char| !c.is_alphanumeric() && c != '_').any(|part| part == word)
    };
    text.lines().position(is_word).map_or(0, |line| line + 1)
}
