//! Every diagnostic as a user sees it: one fixture and one snapshot for each code.

use dynamorm_generator::{Code, Error, Generator, Report, generate_str};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Codes about files as such, and about more than is worth keeping in a file. They have tests of their own, below and
/// in `include.rs`.
const WITHOUT_FIXTURE: [Code; 9] = [
    Code::FileMissing,
    Code::FileUnreadable,
    Code::FileIsDirectory,
    Code::FileNotUtf8,
    Code::FileTooLarge,
    Code::TooMany,
    Code::StoredNameLength,
    Code::IncludedTwice,
    Code::SettingsIncluded,
];

fn fixtures() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/declarations");
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .expect("a folder of fixtures")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    paths
}

/// The fixture's name, and the code that it starts with.
fn name(path: &Path) -> (String, String) {
    let stem = path.file_stem().expect("a stem").to_string_lossy().into_owned();
    let code = stem.split('-').next().unwrap_or_default().to_owned();
    (stem, code)
}

/// What a user sees, whether or not it stops generation.
fn report(text: &str) -> Report {
    match generate_str("models.toml", text) {
        Ok(generated) => generated.warnings().clone(),
        Err(error) => error.report().expect("a report").clone(),
    }
}

fn codes(report: &Report) -> Vec<Code> {
    report.diagnostics().iter().map(|diagnostic| diagnostic.code).collect()
}

fn error_of(models: &Path) -> Error {
    Generator::new(models).generate().expect_err("an error")
}

#[test]
fn every_fixture_looks_like_its_snapshot() {
    for path in fixtures() {
        let text = fs::read_to_string(&path).expect("a fixture");
        let (name, _) = name(&path);
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(name, report(&text).render(false));
        });
    }
}

#[test]
fn every_code_has_a_fixture() {
    let known: BTreeSet<String> = fixtures().iter().map(|path| name(path).1).collect();
    let expected: BTreeSet<String> = Code::ALL
        .iter()
        .filter(|code| !WITHOUT_FIXTURE.contains(code))
        .map(|code| code.to_string())
        .collect();
    assert_eq!(known, expected);
}

#[test]
fn every_fixture_meets_its_code() {
    for path in fixtures() {
        let (name, code) = name(&path);
        let found = codes(&report(&fs::read_to_string(&path).expect("a fixture")));
        assert!(found.iter().any(|found| found.text() == code), "{name} gives {found:?}");
    }
}

#[test]
fn every_error_says_what_to_write_instead() {
    for path in fixtures() {
        for diagnostic in report(&fs::read_to_string(&path).expect("a fixture")).diagnostics() {
            // What a broken text or an unknown word should have been is told by its label.
            let is_told = matches!(diagnostic.code, Code::TomlSyntax | Code::WrongType | Code::UnknownWord)
                || matches!(diagnostic.code, Code::DefaultType | Code::RuleValue | Code::StoredAs)
                || !diagnostic.help.is_empty();
            assert!(is_told, "{diagnostic:?}");
        }
    }
}

#[test]
fn findings_stand_in_the_order_of_the_file() {
    for path in fixtures() {
        let report = report(&fs::read_to_string(&path).expect("a fixture"));
        assert!(report.diagnostics().is_sorted_by_key(|diagnostic| diagnostic.span()), "{}", path.display());
    }
}

#[test]
fn positions_are_those_that_are_shown() {
    let wide = "[table.books]\n\tpartition_key = \"isbn\"  # é字🦀\n\t\"é字🦀\" = 1\n";
    let long = format!("[table.books] # {}\n{}colour = 1\n", "x".repeat(5_000), " ".repeat(5_000));
    let texts = fixtures().into_iter().map(|path| fs::read_to_string(path).expect("a fixture"));
    for text in texts.chain([wide.to_owned(), long]) {
        let report = report(&text);
        let shown = report.render(false);
        for diagnostic in report.diagnostics() {
            let position = report.position(diagnostic.span().expect("a place")).expect("a position");
            assert!(shown.contains(&format!("--> models.toml:{position}\n")), "{position} in\n{shown}");
        }
    }
}

#[test]
fn columns_count_characters_and_not_bytes() {
    let report = report("[model.Book]\ntable = \"é\"\n\t\"é字🦀\".x = 1\n");
    let positions: Vec<String> = report
        .diagnostics()
        .iter()
        .filter(|diagnostic| diagnostic.code == Code::UnknownKey)
        .filter_map(|diagnostic| report.position(diagnostic.span()?))
        .map(|position| position.to_string())
        .collect();
    assert_eq!(positions, ["3:2"]);
}

#[test]
fn colour_changes_nothing_but_escapes() {
    let report = report("[tabel.x]\n");
    let coloured = report.render(true);
    assert!(coloured.contains("\u{1b}["));
    let plain: String = coloured
        .split('\u{1b}')
        .enumerate()
        .map(|(at, part)| if at == 0 { part } else { part.split_once('m').map_or("", |(_, text)| text) })
        .collect();
    assert_eq!(plain, report.render(false));
}

#[test]
fn a_finding_fits_on_one_line() {
    let report = report("[\"tab\\nel\"]\n");
    let diagnostic = report.diagnostics().first().expect("a finding");
    let line = report.one_line(diagnostic);
    insta::assert_snapshot!(line, @r"models.toml:1:2: error[D0008]: unknown key `tab\u{a}el` in the file; help: did you mean `table`?");
}

#[test]
fn carriage_returns_and_a_byte_order_mark_change_nothing() {
    for path in fixtures() {
        let text = fs::read_to_string(&path).expect("a fixture");
        let marked = format!("\u{feff}{}", text.replace('\n', "\r\n"));
        assert_eq!(report(&text).render(false), report(&marked).render(false), "{}", path.display());
    }
}

#[test]
fn cut_at_any_byte_a_file_gives_a_result_and_no_panic() {
    let text = fs::read_to_string(fixtures().first().expect("a fixture")).expect("text");
    let rich = include_str!("declarations/D0209-key-type.toml");
    for text in [text.as_str(), rich] {
        for (at, _) in text.char_indices() {
            report(&text[..at]);
            report(&text[at..]);
        }
    }
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
