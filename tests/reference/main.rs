//! docs/reference.md and docs/cli.md are written here: what can be declared, from models.schema.json and from examples that the
//! generator accepts; what can be said on the command line, by the command itself.
//!
//! `DYNAMORM_UPDATE_REFERENCE=1 cargo test --all-features --test reference` writes them anew.
#![cfg(feature = "cli")]

mod command_line;
mod examples;
mod page;
mod schema;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Compares a page with what it should be, or writes it.
fn expect(page: &str, text: &str) {
    let path = root().join(page);
    if std::env::var_os("DYNAMORM_UPDATE_REFERENCE").is_some() && std::env::var_os("CI").is_none() {
        fs::write(&path, text).expect("a page");
        return;
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    let line = found.lines().zip(text.lines()).position(|(found, line)| found != line);
    assert!(
        found == text,
        "{page} is not what it should be, from line {} on: \
         DYNAMORM_UPDATE_REFERENCE=1 cargo test --all-features --test reference",
        line.map_or(0, |line| line + 1)
    );
}

#[test]
fn the_reference_says_what_the_schema_says() {
    expect("docs/reference.md", &page::reference());
}

#[test]
fn the_page_of_the_command_line_says_what_the_command_says() {
    expect("docs/cli.md", &command_line::page());
}

/// The examples together are one set of declarations.
#[test]
fn the_generator_accepts_every_example() {
    let path = examples::folder().join("models.toml");
    let generated =
        dynamorm_generator::Generator::new(&path).generate().unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(generated.warnings().warnings(), 0, "{}", generated.warnings());
}

#[test]
fn the_schema_accepts_every_example() {
    let validator = jsonschema::validator_for(schema::schema()).expect("a schema");
    for file in examples::files() {
        let value: toml::Value = toml::from_str(&read(&file)).expect("TOML");
        let value = serde_json::to_value(value).expect("JSON");
        let errors: Vec<String> = validator
            .iter_errors(&value)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{}: {errors:?}", file.display());
    }
}

/// Tables that have the same key with the same words share the examples of them.
#[test]
fn every_word_has_an_example() {
    let examples = examples::Examples::read();
    let mut shown: BTreeMap<(String, Vec<String>), BTreeSet<String>> = BTreeMap::new();
    for key in page::SECTIONS.iter().flat_map(|section| schema::keys(section.pointer)) {
        // An optional type is its type with a question mark, which the page says once.
        let words = schema::words(&key.schema).into_iter().filter(|word| !word.ends_with("?\"")).collect();
        shown.entry((key.name, words)).or_default().extend(examples.words(&key.pointer));
    }
    let mut missing = Vec::new();
    for ((key, words), shown) in shown {
        missing
            .extend(words.iter().filter(|word| !shown.contains(*word)).map(|word| format!("{key} = {word}")));
    }
    assert!(
        missing.is_empty(),
        "add these to an example in tests/reference/examples:\n{}",
        missing.join("\n")
    );
}

#[test]
fn every_table_of_the_schema_has_a_section() {
    let mut described: Vec<&str> = page::SECTIONS.iter().map(|section| section.pointer).collect();
    described.sort_unstable();
    assert_eq!(schema::tables(), described);
}
