//! Findings about files as such, and about more than is worth keeping in a file.

use std::fs;
use std::path::Path;

use dynamorm_generator::{Code, Error, Generator, generate_str};

use crate::report;

fn error_of(models: &Path) -> Error {
    Generator::new(models).generate().expect_err("an error")
}

#[test]
fn a_missing_file_is_named() {
    let error = error_of(Path::new("no-such-folder/models.toml"));
    insta::assert_snapshot!(error.to_string(), @r#"
    error[D0001]: `no-such-folder/models.toml` does not exist
     |
     = help: `dynamorm init` writes a commented models.toml to start from

    1 error: nothing was generated
    "#);
}

#[test]
fn a_directory_is_no_file() {
    let error = error_of(Path::new("tests"));
    insta::assert_snapshot!(error.to_string(), @r#"
    error[D0003]: `tests` is a directory
     |
     = help: name the file in it, such as `tests/models.toml`

    1 error: nothing was generated
    "#);
}

#[test]
fn text_that_is_not_utf8_is_placed() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("models.toml");
    fs::write(&path, b"[table.b\xc3\xbccher]\nname = \"b\xfccher\"\n").expect("a file");
    let text = error_of(&path).to_string().replace(&folder.path().display().to_string(), "…");
    insta::assert_snapshot!(text, @r#"
    error[D0004]: `…/models.toml` is not UTF-8: line 2, column 10
     |
     = help: save the file in the UTF-8 encoding

    1 error: nothing was generated
    "#);
}

#[test]
fn a_file_over_4_mib_is_refused() {
    let error = generate_str("models.toml", &"# comment\n".repeat(450_000)).expect_err("an error");
    insta::assert_snapshot!(error.to_string(), @r#"
    error[D0005]: `models.toml` is larger than 4 MiB, the limit for declarations
     |
     = help: divide the declarations among several files, and name them under `include`

    1 error: nothing was generated
    "#);
}

#[cfg(unix)]
#[test]
fn an_unreadable_file_says_why() {
    // A path through a file, since permissions do not hold a privileged user back.
    let error = error_of(Path::new("Cargo.toml/models.toml"));
    insta::assert_snapshot!(error.to_string(), @r#"
    error[D0002]: `Cargo.toml/models.toml` cannot be read: Not a directory (os error 20)
     |
     = help: make it a file that this user may read

    1 error: nothing was generated
    "#);
}

#[test]
fn limits_are_named() {
    let mut text = String::from("[table.books]\npartition_key = \"isbn\"\n");
    for number in 0..1_001 {
        text += &format!("[type.T{number}]\na = \"string\"\n");
    }
    let fields: String = (0..1_001).map(|number| format!("f{number} = \"string\"\n")).collect();
    let variants: Vec<String> = (0..1_001).map(|number| format!("\"v{number}\"")).collect();
    text += &format!("[type.Wide]\n{fields}[enum.Many]\nvariants = [{}]\n", variants.join(", "));
    text += &(0..10_001).map(|number| format!("[model.M{number}]\n")).collect::<String>();
    let report = report(&text);
    let messages: Vec<&str> = report
        .diagnostics()
        .iter()
        .filter(|diagnostic| diagnostic.code == Code::TooMany)
        .map(|diagnostic| diagnostic.message.as_str())
        .collect();
    insta::assert_debug_snapshot!(messages, @r#"
    [
        "1001 fields in one declaration: the limit is 1000",
        "1001 variants in one enum: the limit is 1000",
        "10001 models: the limit is 10000",
    ]
    "#);
}

#[test]
fn stored_names_have_limits() {
    let text = format!(
        "[table.books]\npartition_key = \"{key}\"\n[model.Book]\ntable = \"books\"\n[model.Book.schema]\n\
         a = {{ type = \"string\", attribute = \"\" }}\n\
         b = {{ type = \"string\", attribute = \"{longest}\" }}\n\
         c = {{ type = \"string\", attribute = \"{longest}c\" }}\n\
         d = {{ type = \"string\", attribute = \"{key}\" }}\n",
        key = "k".repeat(256),
        longest = "x".repeat(65_535),
    );
    let report = report(&text);
    let found: Vec<_> = report
        .diagnostics()
        .iter()
        .map(|diagnostic| format!("{}: {}", diagnostic.code, diagnostic.message))
        .collect();
    insta::assert_debug_snapshot!(found, @r#"
    [
        "D0111: an attribute's name has 256 bytes",
        "D0111: an attribute's name is empty",
        "D0111: an attribute's name has 65536 bytes",
    ]
    "#);
}
