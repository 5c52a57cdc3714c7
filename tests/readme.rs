//! What the READMEs declare generates and fits the Rust beside it; the dependencies that they name are there.

use std::fs;
use std::path::Path;

use toml::{Table, Value};

fn read(file: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).expect("a file of the repository")
}

fn parsed(text: &str) -> Table {
    text.parse().expect("TOML")
}

/// The repository's README, and those of the packages.
const READMES: [&str; 3] = ["README.md", "generator/README.md", "runtime/README.md"];

/// The TOML of the README whose first line is that.
fn block(first: &str) -> String {
    block_of(READMES[0], first).expect("the README has such a block")
}

fn block_of(file: &str, first: &str) -> Option<String> {
    let readme = read(file);
    let mut blocks = readme.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next());
    blocks.find(|block| block.starts_with(first)).map(str::to_owned)
}

/// What the links of a README lead to.
fn links(file: &str) -> Vec<String> {
    let text = read(file);
    text.split("](")
        .skip(1)
        .filter_map(|rest| rest.split_once(')'))
        .map(|(link, _)| link.to_owned())
        .collect()
}

/// The type that a field is declared with, in either form.
fn type_of(field: &Value) -> Option<&str> {
    field.as_str().or_else(|| field.get("type")?.as_str())
}

#[test]
fn the_declarations_generate_without_a_warning() {
    for declarations in READMES.iter().filter_map(|file| block_of(file, "[table.books]")) {
        let generated = dynamorm_generator::generate_str("models.toml", &declarations);
        let generated = generated.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(generated.warnings().warnings(), 0, "{}", generated.warnings());
        assert!(generated.files().contains_key("book.rs"));
    }
}

/// The README's Rust is compiled, and run, with the catalogue of the examples: it is compiled with what the README declares
/// as well if the catalogue has all of that.
#[test]
fn the_catalogue_of_the_examples_has_all_that_is_declared() {
    let (readme, catalogue) = (parsed(&block("[table.books]")), parsed(&read("example-models/models.toml")));
    let index = |file: &Table| file["table"]["books"]["global_index"]["by-author"].clone();
    assert_eq!(index(&readme), index(&catalogue));
    assert_eq!(readme["table"]["books"]["partition_key"], catalogue["table"]["books"]["partition_key"]);
    let fields = readme["model"]["Book"]["schema"].as_table().expect("a schema");
    for (name, field) in fields {
        let same = &catalogue["model"]["Book"]["schema"][name.as_str()];
        assert_eq!(type_of(field), type_of(same), "{name}");
    }
}

#[test]
fn the_dependencies_are_the_packages_that_there_are() {
    let dependencies = parsed(&block("[dependencies]"));
    let (generator, runtime) = (parsed(&read("Cargo.toml")), parsed(&read("runtime/Cargo.toml")));
    let version = generator["workspace"]["package"]["version"].as_str().expect("a version");
    let is_ours = |one: &Value| version.starts_with(&format!("{}.", one.as_str().expect("a version")));

    assert!(is_ours(&dependencies["dependencies"]["dynamorm"]));
    assert!(is_ours(&dependencies["build-dependencies"]["dynamorm-generator"]));
    let tested = &dependencies["dev-dependencies"]["dynamorm"];
    assert!(is_ours(&tested["version"]));
    for feature in tested["features"].as_array().expect("features") {
        let feature = feature.as_str().expect("a name");
        assert!(runtime["features"].get(feature).is_some(), "there is no feature {feature}");
    }
    let sdk =
        generator["workspace"]["dependencies"]["aws-sdk-dynamodb"]["version"].as_str().expect("a version");
    let named = dependencies["dependencies"]["aws-sdk-dynamodb"].as_str().expect("a version");
    assert!(sdk.starts_with(&format!("{named}.")), "the SDK is {sdk}");
}

/// The examples of docs/shared-fields.md are compiled with declarations of the tests, which have a table besides.
#[test]
fn the_shared_fields_are_those_that_their_examples_are_compiled_with() {
    let document = parsed(&block_of("docs/shared-fields.md", "[mixin.Timestamps]").expect("declarations"));
    let compiled = parsed(&read("tests/end-to-end/models/documents.toml"));
    for kind in ["mixin", "type"] {
        assert_eq!(document[kind], compiled[kind], "{kind}");
    }
}

/// Who reads them in a registry has no files of the repository.
#[test]
fn what_a_package_links_to_is_on_the_web() {
    for (readme, manifest) in [(READMES[1], "Cargo.toml"), (READMES[2], "runtime/Cargo.toml")] {
        let named = parsed(&read(manifest))["package"]["readme"].as_str().expect("a name").to_owned();
        assert!(readme.ends_with(&named), "{manifest} names {named}");
        let links = links(readme);
        assert!(!links.is_empty());
        assert!(links.iter().all(|link| link.starts_with("https://")), "{readme}: {links:?}");
    }
}
