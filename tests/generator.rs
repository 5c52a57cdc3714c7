//! The library from outside: what is written, what is returned, what an error looks like.

mod common;

use dynamorm_generator::{DifferenceKind, Generator, HEADER, generate_str};
use std::fs;

use common::{MODELS, folder};

#[test]
fn generate_writes_nothing() {
    let folder = folder(MODELS);
    let generated = Generator::new(folder.path().join("models.toml")).generate().expect("generates");
    assert!(generated.files().contains_key("mod.rs"));
    assert_eq!(generated.inputs(), [folder.path().join("models.toml")]);
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
}

#[test]
fn every_file_starts_with_the_header() {
    let generated = generate_str("models.toml", MODELS).expect("generates");
    for (path, text) in generated.files() {
        assert!(text.starts_with(&format!("{HEADER}models.toml")), "{path}");
    }
}

#[test]
fn nothing_in_the_name_of_the_declarations_ends_the_line_that_it_stands_in() {
    let custom =
        MODELS.replace("\"string\"", "{ type = \"string\", validate = { custom = \"crate::check\" } }");
    for name in ["a\nfn b() {}", "a\r\n", "a\u{202e}b", "a\u{2028}b"] {
        let generated = generate_str(name, &custom).expect("generates");
        for (path, text) in generated.files() {
            assert!(!text.contains(name), "{path}: {text}");
            assert!(text.starts_with(&format!("{HEADER}a\\u{{")), "{path}: {text}");
            assert!(!text.contains("\nfn b() {}"), "{path}: {text}");
        }
    }
}

#[test]
fn the_same_declarations_give_the_same_bytes() {
    let files = |text: &str| generate_str("models.toml", text).expect("generates").files().clone();
    assert_eq!(files(MODELS), files(MODELS));
    assert_eq!(files(MODELS), files(&format!("\u{feff}{}", MODELS.replace('\n', "\r\n"))));
}

#[test]
fn the_order_of_unrelated_declarations_changes_nothing() {
    let second = "\
[table.shelves]
partition_key = \"number\"

[model.Shelf]
table = \"shelves\"

[model.Shelf.schema]
number = \"u32\"
";
    let files = |text: String| generate_str("models.toml", &text).expect("generates").files().clone();
    assert_eq!(files(format!("{MODELS}\n{second}")), files(format!("{second}\n{MODELS}")));
}

#[test]
fn compile_writes_a_tree_to_a_given_directory() {
    let folder = folder(MODELS);
    let output = folder.path().join("generated");
    Generator::new(folder.path().join("models.toml")).output(&output).compile().expect("compiles");
    assert!(output.join("mod.rs").is_file());
}

#[test]
fn what_was_written_shows_no_difference() {
    let folder = tempfile::tempdir().expect("a folder");
    let generated = generate_str("models.toml", MODELS).expect("generates");
    let written = generated.write_to(folder.path()).expect("writes");
    assert_eq!(written.written.len(), generated.files().len());
    assert_eq!(generated.compare(folder.path()).expect("compares"), []);
    let again = generated.write_to(folder.path()).expect("writes");
    assert_eq!(again.unchanged, written.written);
}

#[test]
fn a_directory_that_is_not_there_lacks_every_file() {
    let generated = generate_str("models.toml", MODELS).expect("generates");
    let differences = generated.compare("no-such-directory").expect("compares");
    assert_eq!(differences.len(), generated.files().len());
    assert!(differences.iter().all(|one| matches!(one.kind, DifferenceKind::Missing { .. })));
}

#[test]
fn no_half_written_file_is_left_behind() {
    let folder = tempfile::tempdir().expect("a folder");
    let generated = generate_str("models.toml", MODELS).expect("generates");
    generated.write_to(folder.path()).expect("writes");
    let count = fs::read_dir(folder.path()).expect("a folder").count();
    assert_eq!(count, generated.files().len());
}

#[test]
fn what_an_interrupted_run_left_behind_is_in_nobodys_way() {
    let folder = tempfile::tempdir().expect("a folder");
    let left = folder.path().join(format!(".book.rs.{}.0.tmp", std::process::id()));
    fs::write(&left, HEADER).expect("a file");
    let generated = generate_str("models.toml", MODELS).expect("generates");
    generated.write_to(folder.path()).expect("writes");
    assert!(left.exists(), "it may be another run's");
    let file = fs::File::options().write(true).open(&left).expect("a file");
    file.set_modified(std::time::UNIX_EPOCH).expect("a time");
    generated.write_to(folder.path()).expect("writes");
    assert!(!left.exists(), "no run takes that long");
}

#[test]
fn an_error_prints_its_report_either_way() {
    let error = generate_str("models.toml", "[tabel.x]\n").expect_err("an error");
    assert!(error.to_string().starts_with("error[D0008]: unknown key `tabel`"));
    assert_eq!(format!("{error:?}"), format!("\n{error}"));
}

#[test]
fn denied_warnings_are_an_error() {
    let folder = folder(&format!("{MODELS}\n[table.archive]\npartition_key = \"isbn\"\n"));
    let generator = Generator::new(folder.path().join("models.toml"));
    assert_eq!(generator.generate().expect("generates").warnings().warnings(), 1);
    let error = generator.deny_warnings(true).generate().expect_err("an error");
    assert_eq!(error.report().map(|report| report.warnings()), Some(1));
}
