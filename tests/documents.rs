//! What the repository's documents link to and name exists: files, folders and headings. Their Rust is compiled somewhere, and
//! their declarations generate. What the pages for users of other libraries declare is what `tests/interoperation` proves.

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
    let mut paths: Vec<PathBuf> = DOCUMENTS.iter().map(|path| root().join(path)).chain(pages()).collect();
    paths.retain(|path| GENERATED.iter().all(|generated| *path != root().join(generated)));
    paths.sort();
    assert!(paths.len() > 15, "{paths:?}");
    paths.into_iter().map(document).collect()
}

/// The pages of the book, and its list of contents.
fn pages() -> Vec<PathBuf> {
    let folders = [root().join("docs"), root().join("docs/cookbook")];
    let pages = folders.iter().flat_map(|folder| files(folder, "md"));
    pages.collect()
}

/// The files of a folder with that ending, in the order of their names.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == ending));
    paths.sort();
    paths
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

/// mdBook has no other files, and other links would lead nowhere in the book.
#[test]
fn no_page_links_out_of_the_book() {
    let mut pages = pages();
    // It makes the book, and is not a page of it.
    pages.retain(|page| !page.ends_with("SUMMARY.md"));
    for page in &pages {
        for link in document(page.clone()).links.iter().filter(|link| !link.contains("://")) {
            let file = link.split('#').next().unwrap_or_default();
            let target = page.parent().expect("a folder").join(file);
            let target = if file.is_empty() { page.clone() } else { target.canonicalize().expect("a file") };
            let is_page = pages.iter().any(|page| page.canonicalize().expect("a file") == target);
            assert!(is_page || target == *page, "{} links to {link}", page.display());
        }
    }
}

#[test]
fn the_list_of_contents_has_every_page_once() {
    let contents = root().join("docs/SUMMARY.md");
    let mut listed: Vec<PathBuf> =
        document(contents.clone()).links.iter().map(|link| root().join("docs").join(link)).collect();
    listed.sort();
    let mut pages = pages();
    pages.retain(|page| *page != contents);
    pages.sort();
    assert_eq!(listed, pages);
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

/// A block of code, with what stands behind its fence.
struct Block {
    info: String,
    text: String,
}

fn blocks(page: &Path) -> Vec<Block> {
    let text = read(page);
    let (mut blocks, mut block) = (Vec::new(), None);
    for event in parser(&text) {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                block = Some(Block { info: info.to_string(), text: String::new() });
            }
            Event::Text(text) => {
                if let Some(block) = &mut block {
                    block.text.push_str(&text);
                }
            }
            Event::End(TagEnd::CodeBlock) => blocks.extend(block.take()),
            _ => {}
        }
    }
    blocks
}

/// The tutorial is followed by `tests/tutorial.rs`, and the cookbook is a crate: `tests/cookbook`.
fn is_tried_elsewhere(page: &Path) -> bool {
    page.ends_with("docs/tutorial.md")
        || page.parent().is_some_and(|folder| folder.ends_with("docs/cookbook"))
}

#[test]
fn the_rust_of_every_page_is_compiled() {
    let compiled = ["tests/end-to-end/src/lib.rs", "example-models/src/lib.rs"];
    let compiled = compiled.map(|file| read(&root().join(file))).concat();
    let mut count = 0;
    for page in pages() {
        let blocks = blocks(&page);
        let rust: Vec<&Block> = blocks.iter().filter(|block| block.info.starts_with("rust")).collect();
        for block in &rust {
            let is_compiled = ["rust", "rust,no_run"].contains(&block.info.as_str());
            assert!(is_compiled, "{} has a block of `{}`", page.display(), block.info);
        }
        let name = page.strip_prefix(root()).expect("a page of the repository").display().to_string();
        let is_included = compiled.contains(&format!("include_str!(\"../../../{name}\")"))
            || compiled.contains(&format!("include_str!(\"../../{name}\")"));
        assert!(
            rust.is_empty() || is_included || is_tried_elsewhere(&page),
            "nothing compiles the Rust of {name}"
        );
        count += rust.len();
    }
    assert!(count > 80, "{count} blocks");
}

/// Declarations that tests generate from, and of which pages show parts.
fn declared_elsewhere() -> Vec<Value> {
    let folders = ["tests/documents", "tests/end-to-end/models", "example-models"];
    let files = folders.iter().flat_map(|folder| files(&root().join(folder), "toml"));
    let declarations = files.filter(|file| !file.ends_with("Cargo.toml"));
    declarations.map(|file| toml::from_str(&read(&file)).expect("TOML")).collect()
}

/// Whether a block is part of such declarations: as it stands, or as fields of a model.
fn is_part(block: &Value, declarations: &Value) -> bool {
    let models =
        declarations.get("model").and_then(Value::as_table).into_iter().flat_map(|models| models.values());
    is_within(block, declarations)
        || models.filter_map(|model| model.get("schema")).any(|schema| is_within(block, schema))
}

#[test]
fn what_the_pages_declare_is_declared_by_what_generates() {
    for file in files(&root().join("tests/documents"), "toml") {
        let generated = dynamorm_generator::Generator::new(&file).generate();
        let generated = generated.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(generated.warnings().warnings(), 0, "{}", generated.warnings());
    }
    let elsewhere = declared_elsewhere();
    let (mut whole, mut parts) = (0, 0);
    for page in pages() {
        // Those are made of declarations that tests generate from, and the others have tests of their own.
        let is_generated = page.ends_with("docs/reference.md")
            || GENERATED.iter().any(|generated| page.ends_with(generated));
        let is_of_a_peer =
            page.file_name().is_some_and(|name| name.to_string_lossy().starts_with("coming-from-"));
        if is_generated || is_of_a_peer || is_tried_elsewhere(&page) {
            continue;
        }
        for block in blocks(&page).into_iter().filter(|block| block.info == "toml") {
            let text = block.text;
            let value: Value =
                toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", page.display()));
            if value.get("dev-dependencies").is_some() {
                continue;
            }
            if elsewhere.iter().any(|declarations| is_part(&value, declarations)) {
                parts += 1;
                continue;
            }
            let generated = dynamorm_generator::generate_str("models.toml", &text).unwrap_or_else(|error| {
                panic!(
                    "add this to tests/documents, or declare all of it: {}\n{text}\n{error}",
                    page.display()
                )
            });
            assert_eq!(generated.warnings().warnings(), 0, "{}", generated.warnings());
            whole += 1;
        }
    }
    assert!(whole >= 2 && parts > 15, "{whole} files, {parts} parts");
}

/// The rows of the table of types, without where their links lead.
fn types(page: &str) -> Vec<String> {
    let text = read(&root().join(page));
    let rows = text.lines().skip_while(|line| !line.starts_with("| type | Rust |"));
    rows.take_while(|line| !line.is_empty()).map(without_targets).collect()
}

fn without_targets(line: &str) -> String {
    let mut parts = line.split("](");
    let first = parts.next().unwrap_or_default();
    let rest = parts.map(|part| part.split_once(')').map_or(part, |(_, rest)| rest));
    std::iter::once(first).chain(rest).collect()
}

#[test]
fn the_readme_and_the_book_tell_the_same_of_types() {
    let types_of_the_book = types("docs/types.md");
    assert_eq!(types("README.md"), types_of_the_book);
    assert!(types_of_the_book.len() > 15, "{types_of_the_book:?}");
}

#[test]
fn the_concepts_show_what_the_generator_says() {
    let blocks = blocks(&root().join("docs/concepts.md"));
    let of = |info: &str| &blocks.iter().find(|block| block.info == info).expect("such a block").text;
    let misspelt = of("toml").replace("title = \"string\"", "title = \"strng\"");
    let error = dynamorm_generator::generate_str("models.toml", &misspelt).expect_err("a mistake");
    assert!(error.to_string().contains(of("text").trim_end()), "{error}");
}
