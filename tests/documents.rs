//! What the repository's documents link to and name exists: files, folders and headings. What the pages for users of other
//! libraries declare is what `tests/interoperation` proves.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};
use toml::Value;

/// The documents whose folders are not read as a whole, since others of their files are about other things.
const DOCUMENTS: [&str; 7] = [
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "tests/README.md",
    "tests/simulation/README.md",
    "example-models/data/README.md",
    "CHANGELOG.md",
];

/// Written by the generator, about files of its users.
const GENERATED: [&str; 2] = ["docs/breaking.md", "docs/diagnostics.md"];

/// A name that starts with one of these is a path from the root of the repository.
const FOLDERS: [&str; 7] =
    [".ci/", "docs/", "example-models/", "generator/", "runtime/", "templates/", "tests/"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A document, with what it leads to.
struct Document {
    path: PathBuf,
    links: Vec<String>,
    /// Texts of code, and words of commands.
    code: Vec<String>,
}

fn documents() -> Vec<Document> {
    let pages = fs::read_dir(root().join("docs")).expect("the folder of documents");
    let pages = pages.map(|entry| entry.expect("an entry").path());
    let mut paths: Vec<PathBuf> = DOCUMENTS.iter().map(|path| root().join(path)).chain(pages).collect();
    paths.retain(|path| GENERATED.iter().all(|generated| *path != root().join(generated)));
    paths.sort();
    assert!(paths.len() > 15, "{paths:?}");
    paths.into_iter().map(document).collect()
}

fn parser(text: &str) -> Parser<'_> {
    Parser::new_ext(text, Options::ENABLE_TABLES)
}

fn document(path: PathBuf) -> Document {
    let text = read(&path);
    let (mut links, mut code, mut is_console) = (Vec::new(), Vec::new(), false);
    for event in parser(&text) {
        match event {
            Event::Start(Tag::Link { dest_url, .. }) => links.push(dest_url.to_string()),
            Event::Code(text) => code.push(text.to_string()),
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => is_console = &*info == "console",
            Event::End(TagEnd::CodeBlock) => is_console = false,
            Event::Text(text) if is_console => code.extend(text.split_whitespace().map(str::to_owned)),
            _ => {}
        }
    }
    Document { path, links, code }
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The anchors of a document's headings, as GitHub makes them.
fn anchors(path: &Path) -> BTreeSet<String> {
    let text = read(path);
    let (mut anchors, mut heading) = (BTreeSet::new(), None);
    for event in parser(&text) {
        match event {
            Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
            Event::End(TagEnd::Heading(_)) => anchors.extend(heading.take().map(|heading| anchor(&heading))),
            Event::Text(text) | Event::Code(text) => {
                if let Some(heading) = &mut heading {
                    heading.push_str(&text);
                }
            }
            _ => {}
        }
    }
    anchors
}

fn anchor(heading: &str) -> String {
    let is_kept = |character: &char| character.is_alphanumeric() || [' ', '-', '_'].contains(character);
    heading.to_lowercase().chars().filter(is_kept).collect::<String>().replace(' ', "-")
}

/// Whether a name with at most one `*` in it is that of a file or folder. What `::` follows is a test in a file.
fn exists(name: &str) -> bool {
    let name = name.split("::").next().unwrap_or_default();
    let Some((before, after)) = name.split_once('*') else { return root().join(name).exists() };
    let (folder, begin) = before.rsplit_once('/').unwrap_or(("", before));
    let entries = fs::read_dir(root().join(folder)).into_iter().flatten();
    let names = entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned());
    names.into_iter().any(|name| name.starts_with(begin) && name.ends_with(after))
}

#[test]
fn what_is_linked_to_exists() {
    let mut count = 0;
    for document in documents() {
        let folder = document.path.parent().expect("a folder");
        for link in document.links.iter().filter(|link| !link.contains("://")) {
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target = if file.is_empty() { document.path.clone() } else { folder.join(file) };
            assert!(target.exists(), "{} links to {link}", document.path.display());
            assert!(
                anchor.is_empty() || anchors(&target).contains(anchor),
                "{} links to {link}, and there is no such heading",
                document.path.display()
            );
            count += 1;
        }
    }
    assert!(count > 20, "{count} links");
}

#[test]
fn the_paths_that_are_named_exist() {
    let mut count = 0;
    for document in documents() {
        // A changelog names files as they were.
        if document.path.ends_with("CHANGELOG.md") {
            continue;
        }
        for name in &document.code {
            let is_path = FOLDERS.iter().any(|folder| name.starts_with(folder)) && !name.contains([' ', '…']);
            assert!(!is_path || exists(name), "{} names {name}", document.path.display());
            count += usize::from(is_path);
        }
    }
    assert!(count > 100, "{count} paths");
}

#[test]
fn an_anchor_is_the_heading_in_lower_case_with_hyphens() {
    assert_eq!(anchor("Faults, requests, time"), "faults-requests-time");
    assert_eq!(anchor("`Client` and more"), "client-and-more");
}

/// Whether everything that a page declares is declared likewise in a file, which may declare more.
fn is_within(page: &Value, file: &Value) -> bool {
    match (page, file) {
        (Value::Table(page), Value::Table(file)) => {
            page.iter().all(|(name, value)| file.get(name).is_some_and(|other| is_within(value, other)))
        }
        (page, file) => page == file,
    }
}

#[test]
fn what_is_declared_beside_other_libraries_generates_and_is_proven() {
    let mut count = 0;
    for document in documents() {
        let Some(peer) =
            document.path.file_stem().and_then(|stem| stem.to_str()?.strip_prefix("coming-from-"))
        else {
            continue;
        };
        let page = read(&document.path);
        let blocks = page.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next());
        let declared: String = blocks.collect();
        if declared.is_empty() {
            continue;
        }
        let generated = dynamorm_generator::generate_str("models.toml", &declared);
        let generated = generated.unwrap_or_else(|error| panic!("{peer}: {error}"));
        assert_eq!(generated.warnings().warnings(), 0, "{peer}: {}", generated.warnings());

        let models = format!("tests/interoperation/models/{}.toml", peer.replace('-', "_"));
        let proven: Value = toml::from_str(&read(&root().join(&models))).expect("TOML");
        let declared: Value = toml::from_str(&declared).expect("TOML");
        assert!(is_within(&declared, &proven), "{peer}: {models} declares otherwise");
        count += 1;
    }
    assert!(count >= 5, "{count} pages");
}
