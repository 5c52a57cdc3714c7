//! The modules of this crate form layers: no module depends on one that depends on it.
//!
//! Suppose that `client.rs` names `Error`, and `error.rs` names `Client`. Neither can be read, moved or tested without the
//! other. This test parses every file, follows each path to the file that defines what it names (through `use`, `crate::`,
//! `super::`, `$crate::`, and re-exports), and looks for circles in what remains: which file needs which.
//!
//! A method is found through its receiver's type, which only the compiler knows. What one file calls by method alone is
//! therefore not seen here.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Attribute, Item, UseTree};

/// Whether a file lies below the typed builders. What does is compiled once, and not for every model.
fn is_below_builders(file: &str) -> bool {
    let is_operation = file.starts_with("operation/") && !file.starts_with("operation/builder/");
    // The module of operations hands the builders on.
    file.starts_with("expression/") || is_operation && file != "operation/mod.rs"
}

static THIS_CRATE: LazyLock<Source> = LazyLock::new(Source::of_this_crate);

#[test]
fn no_module_depends_on_itself_through_others() {
    let source = &*THIS_CRATE;
    let circles = source.circles();
    assert!(circles.is_empty(), "{}", source.describe(&circles));
}

#[test]
fn nothing_below_the_builders_names_a_model() {
    let source = &*THIS_CRATE;
    let (mut looked_at, mut found) = (0, Vec::new());
    for (file, text) in source.texts.iter().filter(|(file, _)| is_below_builders(file)) {
        looked_at += 1;
        let names = idents(&tokens_of(text));
        if names.iter().any(|name| name == "Model") {
            found.push(format!("{file}:{}", line_of(text, "Model")));
        }
    }
    assert!(looked_at > 0, "no file lies below the builders");
    assert!(found.is_empty(), "these files name a model: {found:#?}");
}

#[test]
fn a_planted_circle_is_found_whichever_way_it_is_written() {
    let paths = [
        "use crate::low::Low;",
        "use super::low::Low;",
        "use crate::{low::{Low as Renamed}};",
        "fn f() -> crate::low::Low { todo() }",
        "fn f() { let _ = vec![crate::low::Low]; }",
        "fn f() { use crate::low; low::Low; }",
        "macro_rules! m { () => { $crate::low::Low }; }",
        "use crate::Low;",
        "use super::*; fn f(_: Low) {}",
    ];
    for path in paths {
        let source = Source::new([
            ("lib.rs", "mod high; mod low; pub use low::Low;"),
            ("high.rs", path),
            ("low.rs", "use crate::high::High; pub struct Low;"),
        ]);
        // `high.rs` defines what `low.rs` names.
        let source = source.with("high.rs", &format!("{path} pub struct High;"));
        assert_eq!(source.circles(), [["high.rs", "low.rs"].map(str::to_owned)], "{path}");
    }
}

#[test]
fn what_a_module_only_hands_on_is_no_dependency_of_its() {
    let source = Source::new([
        ("lib.rs", "mod group; mod user;"),
        ("group/mod.rs", "mod one; mod two; pub use one::One; pub use two::Two;"),
        ("group/one.rs", "pub struct One;"),
        (
            "group/two.rs",
            "use super::One; pub struct Two(One); #[cfg(test)] mod tests { use crate::user::User; }",
        ),
        ("user.rs", "use crate::group::Two; pub struct User(Two);"),
    ]);
    assert_eq!(source.circles(), Vec::<Vec<String>>::new());
    let used = source
        .with("group/mod.rs", "mod one; mod two; pub use one::One; pub use two::Two; pub struct Group(Two);");
    assert_eq!(used.circles(), Vec::<Vec<String>>::new());
    let circle = used.with("group/two.rs", "use super::Group; pub struct Two;");
    assert_eq!(circle.circles(), [["group/mod.rs", "group/two.rs"].map(str::to_owned)]);
}

/// The files of a crate, by their paths below `src`, and what they define.
struct Source {
    texts: BTreeMap<String, String>,
    modules: BTreeMap<Module, Contents>,
    /// Which file needs which, with the name that says so.
    edges: BTreeMap<(String, String), String>,
}

/// The names of a module from the crate's root.
type Module = Vec<String>;

/// What a module defines and brings into scope.
#[derive(Default)]
struct Contents {
    file: String,
    /// Its items, with the file that defines each: a macro may be defined elsewhere.
    items: BTreeMap<String, String>,
    children: BTreeSet<String>,
    uses: Vec<Use>,
    code: Vec<TokenStream>,
}

/// One name that a `use` brings into scope; `*` stands for all of a module's.
#[derive(Clone)]
struct Use {
    name: String,
    path: Vec<String>,
    hands_on: bool,
}

impl Source {
    fn of_this_crate() -> Self {
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

    fn new<const N: usize>(files: [(&str, &str); N]) -> Self {
        Self::of(files.into_iter().map(|(file, text)| (file.to_owned(), text.to_owned())).collect())
    }

    fn with(&self, file: &str, text: &str) -> Self {
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
        contents.code.iter().for_each(|code| paths_in(code, &[], &mut paths));
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
    fn circles(&self) -> Vec<Vec<String>> {
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

    fn describe(&self, circles: &[Vec<String>]) -> String {
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
fn reach(needs: &BTreeMap<&str, Vec<&str>>, file: &str) -> BTreeSet<String> {
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
fn define(module: Module, file: &str, items: Vec<Item>, modules: &mut BTreeMap<Module, Contents>) {
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
                contents.code.push(rules.into_token_stream());
            }
            other => {
                let code = other.into_token_stream();
                uses_within(&code, &mut contents.uses);
                contents.code.push(code);
            }
        }
    }
    let known = modules.entry(module).or_default();
    contents.items.append(&mut known.items);
    *known = contents;
}

fn is_of_tests(item: &Item) -> bool {
    attributes_of(item).iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute.to_token_stream().to_string().replace(' ', "") == "#[cfg(test)]"
    })
}

fn is_exported(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| attribute.path().is_ident("macro_export"))
}

fn attributes_of(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

fn name_of(item: &Item) -> Option<String> {
    let name = match item {
        Item::Const(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Macro(item) => item.ident.as_ref()?,
        Item::Static(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::Type(item) => &item.ident,
        Item::Union(item) => &item.ident,
        _ => return None,
    };
    Some(name.to_string())
}

fn uses_in(tree: &UseTree, path: &mut Vec<String>, hands_on: bool, uses: &mut Vec<Use>) {
    let mut add = |name: String, last: Option<String>| {
        let path = path.iter().cloned().chain(last.filter(|last| last != "self")).collect();
        uses.push(Use { name, path, hands_on });
    };
    match tree {
        UseTree::Name(name) if name.ident == "self" => {
            let own = path.last().cloned().unwrap_or_default();
            add(own, None);
        }
        UseTree::Name(name) => add(name.ident.to_string(), Some(name.ident.to_string())),
        UseTree::Rename(name) => add(name.rename.to_string(), Some(name.ident.to_string())),
        UseTree::Glob(_) => add("*".to_owned(), None),
        UseTree::Path(within) => {
            path.push(within.ident.to_string());
            uses_in(&within.tree, path, hands_on, uses);
            path.pop();
        }
        UseTree::Group(group) => group.items.iter().for_each(|tree| uses_in(tree, path, hands_on, uses)),
    }
}

/// The imports of functions, which count for their whole module here.
fn uses_within(code: &TokenStream, uses: &mut Vec<Use>) {
    let mut tokens = code.clone().into_iter();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Ident(word) if word == "use" => {
                let is_end =
                    |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ';');
                let import: TokenStream = tokens.by_ref().take_while(|token| !is_end(token)).collect();
                // `use<'a>` is no import.
                if let Ok(tree) = syn::parse2(import) {
                    uses_in(&tree, &mut Vec::new(), false, uses);
                }
            }
            TokenTree::Group(group) => uses_within(&group.stream(), uses),
            _ => {}
        }
    }
}

/// Every path in code, macros' tokens included. Names behind a dot are fields and methods.
fn paths_in(code: &TokenStream, prefix: &[String], paths: &mut Vec<Vec<String>>) {
    let mut path: Vec<String> = prefix.to_vec();
    // How many of the two colons have come that join a name to those before it.
    let (mut colons, mut is_member) = (0, false);
    let mut finish = |path: &mut Vec<String>| {
        if path.len() > prefix.len() {
            paths.push(std::mem::replace(path, prefix.to_vec()));
        }
    };
    let mut groups = Vec::new();
    for token in code.clone() {
        match token {
            TokenTree::Ident(name) => {
                if colons != 2 {
                    finish(&mut path);
                }
                if !is_member {
                    path.push(name.to_string());
                }
                (colons, is_member) = (0, false);
            }
            TokenTree::Punct(punct) if punct.as_char() == ':' => colons += 1,
            TokenTree::Group(group) if colons == 2 && group.delimiter() == Delimiter::Brace => {
                groups.push((group.stream(), std::mem::replace(&mut path, prefix.to_vec())));
                (colons, is_member) = (0, false);
            }
            other => {
                finish(&mut path);
                is_member = matches!(&other, TokenTree::Punct(punct) if punct.as_char() == '.');
                colons = 0;
                if let TokenTree::Group(group) = other {
                    groups.push((group.stream(), Vec::new()));
                }
            }
        }
    }
    finish(&mut path);
    for (code, prefix) in groups {
        paths_in(&code, &prefix, paths);
    }
}

fn idents(code: &TokenStream) -> BTreeSet<String> {
    let mut paths = Vec::new();
    paths_in(code, &[], &mut paths);
    paths.into_iter().flatten().collect()
}

fn tokens_of(text: &str) -> TokenStream {
    syn::parse_file(text)
        .unwrap()
        .items
        .iter()
        .filter(|item| !is_of_tests(item))
        .map(ToTokens::to_token_stream)
        .collect()
}

fn module_of(file: &str) -> Module {
    let path = file.trim_end_matches(".rs");
    let path = if path == "lib" { "" } else { path.trim_end_matches("/mod") };
    path.split('/').filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

fn below(root: &Path, path: &Path) -> String {
    let parts: PathBuf = path.strip_prefix(root).unwrap().to_path_buf();
    parts.to_string_lossy().replace('\\', "/")
}

/// The first line that has a word outside comments.
fn line_of(text: &str, word: &str) -> usize {
    let is_word = |line: &str| {
        !line.trim_start().starts_with("//")
            && line.split(|c: char| !c.is_alphanumeric() && c != '_').any(|part| part == word)
    };
    text.lines().position(is_word).map_or(0, |line| line + 1)
}
