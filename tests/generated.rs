//! Every generated file of the example domains, as it is reviewed, and what holds for all of them.

use std::path::{Path, PathBuf};

use dynamorm_generator::{Difference, DifferenceKind, Generated, Generator};
use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use similar::TextDiff;

const DOMAINS: [&str; 4] = [
    "example-models/models.toml",
    "example-models/library.toml",
    "example-models/shop.toml",
    "example-models/forge.toml",
];

/// Where the reviewed files of each domain are. Those of the first are compiled as well: the example uses them.
const REVIEWED: [&str; 4] = [
    "example-models/src/catalogue",
    "tests/generated/library",
    "tests/generated/shop",
    "tests/generated/forge",
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn generate(domain: &str) -> Generated {
    Generator::new(root().join(domain)).generate().unwrap_or_else(|error| panic!("{error}"))
}

/// What a difference is, as `dynamorm check` shows it.
fn shown(difference: &Difference) -> String {
    let (found, expected) = match &difference.kind {
        DifferenceKind::Changed { expected, found } => (found.as_str(), expected.as_str()),
        DifferenceKind::Missing { expected } => ("", expected.as_str()),
        DifferenceKind::Extra { found } => (found.as_str(), ""),
    };
    let diff = TextDiff::from_lines(found, expected);
    format!("{}\n{}", difference.path, diff.unified_diff().context_radius(3))
}

/// Nothing accepts a change but the command that the failure names, and the review of what it wrote.
#[test]
fn the_generated_files_are_those_reviewed() {
    for (domain, reviewed) in DOMAINS.into_iter().zip(REVIEWED) {
        let differences = generate(domain).compare(root().join(reviewed)).unwrap();
        let shown: Vec<String> = differences.iter().map(shown).collect();
        assert!(
            shown.is_empty(),
            "{}\nif this is what {domain} should generate, write it and review it:\n\
             cargo run --features cli --bin dynamorm -- generate {domain} --out {reviewed}",
            shown.join("\n")
        );
    }
}

/// Templates lay the text out themselves. Whoever formats it otherwise has the same program in the end: formatters add braces and
/// commas, and no word.
#[test]
fn a_formatter_keeps_every_word() {
    for domain in DOMAINS {
        for (path, text) in generate(domain).files() {
            let read = |text: &str| {
                syn::parse_file(text).unwrap_or_else(|error| panic!("{domain}, {path}: {error}"))
            };
            let file = read(text);
            let formatted = read(&prettyplease::unparse(&file));
            assert_eq!(
                words(file.into_token_stream()),
                words(formatted.into_token_stream()),
                "{domain}, {path}"
            );
        }
    }
}

/// The names, keywords and literals of a program, in their order.
fn words(tokens: TokenStream) -> Vec<String> {
    tokens
        .into_iter()
        .flat_map(|token| match token {
            TokenTree::Group(group) => words(group.stream()),
            TokenTree::Punct(_) => Vec::new(),
            word => vec![word.to_string()],
        })
        .collect()
}

#[test]
fn a_tree_names_its_format_revision_once_so_that_an_outdated_one_is_one_error() {
    for domain in DOMAINS {
        let generated = generate(domain);
        let named = |text: &&String| text.contains("format_revision!");
        assert_eq!(generated.files().values().filter(named).count(), 1, "{domain}");
        assert!(generated.files()["mod.rs"].contains("\ndynamorm::format_revision!(2);\n"), "{domain}");
    }
}

#[test]
fn a_builder_tells_what_a_field_is_that_is_left_out() {
    let generated = generate(DOMAINS[0]);
    let book = &generated.files()["book.rs"];
    let (_, builder) = book.split_once("pub struct BookBuilder").expect("a builder");
    assert!(
        builder.contains("/// Where it is not given, it is what `crate::this_year()` gives.\n"),
        "{builder}"
    );
}

#[test]
fn projections_ask_for_no_rule_since_nothing_writes_them() {
    let generated = generate(DOMAINS[0]);
    let book = &generated.files()["book.rs"];
    let (_, projection) = book.split_once("pub struct BookByLanguage {").expect("a projection");
    assert!(book.contains(".checked("), "the model has rules");
    for call in [".checked(", ".elements(", ".bounded("] {
        assert!(!projection.contains(call), "{call}");
    }
}

#[test]
fn the_same_declarations_give_the_same_bytes_wherever_they_lie() {
    for domain in DOMAINS {
        let elsewhere = tempfile::tempdir().unwrap();
        let copy = elsewhere.path().join(Path::new(domain).file_name().unwrap());
        std::fs::copy(root().join(domain), &copy).unwrap();
        let here = generate(domain);
        assert_eq!(here.files(), generate(domain).files());
        assert_eq!(here.files(), Generator::new(copy).generate().unwrap().files());
    }
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_change_nothing() {
    for domain in DOMAINS {
        let text = std::fs::read_to_string(root().join(domain)).unwrap();
        let windows = format!("\u{feff}{}", text.replace('\n', "\r\n"));
        let name = Path::new(domain).file_name().unwrap().to_str().unwrap();
        let generated = dynamorm_generator::generate_str(name, &windows).unwrap();
        assert_eq!(generated.files(), generate(domain).files());
    }
}

#[test]
fn generated_text_has_neither_carriage_returns_nor_trailing_spaces_nor_paths() {
    for domain in DOMAINS {
        for (path, text) in generate(domain).files() {
            assert!(text.starts_with(dynamorm_generator::HEADER), "{path}");
            assert!(text.ends_with("}\n") || text.ends_with(";\n"), "{path}");
            assert!(!text.contains('\r') && !text.lines().any(|line| line.ends_with(' ')), "{path}");
            assert!(!text.contains(env!("CARGO_MANIFEST_DIR")), "{path}");
        }
    }
}

#[test]
fn adding_a_model_leaves_the_files_of_the_others_as_they_are() {
    let text = std::fs::read_to_string(root().join(DOMAINS[0])).unwrap();
    let more = format!(
        "{text}\n[table.zines]\npartition_key = \"id\"\n\n[model.Zine]\ntable = \"zines\"\n\n[model.Zine.schema]\nid = \"ulid\"\n"
    );
    let before = generate(DOMAINS[0]);
    let after = dynamorm_generator::generate_str("models.toml", &more).unwrap();
    assert_eq!(before.files()["book.rs"], after.files()["book.rs"]);
    assert!(after.files().contains_key("zine.rs"));
}
