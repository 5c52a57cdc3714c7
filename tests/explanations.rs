//! The explanations of codes: each is there, and its examples behave as it says.

use dynamorm_generator::{Code, Generator, Report};
use std::fs;

/// Codes about files as such, and about more than an example can hold. They are explained in words.
const IN_WORDS: [Code; 7] = [
    Code::FileMissing,
    Code::FileUnreadable,
    Code::FileIsDirectory,
    Code::FileNotUtf8,
    Code::FileTooLarge,
    Code::TooMany,
    Code::ProjectionTooLarge,
];

/// The files of an example by name, the one that is given to the generator first.
type Example = Vec<(String, String)>;

/// The wrong example of an explanation, and the right one.
fn examples(code: Code) -> (Example, Example) {
    let (wrong, right) =
        code.explanation().split_once("\nRight:\n").unwrap_or_else(|| panic!("{code} has no right example"));
    let (_, wrong) = wrong.split_once("\nWrong:\n").unwrap_or_else(|| panic!("{code} has no wrong example"));
    (blocks(wrong), blocks(right))
}

fn blocks(text: &str) -> Example {
    text.split("```toml")
        .skip(1)
        .map(|block| {
            let (name, rest) = block.split_once('\n').expect("a line");
            let (text, _) = rest.split_once("```").expect("an end");
            (if name.is_empty() { "models.toml" } else { name.trim() }.to_owned(), text.to_owned())
        })
        .collect()
}

/// What is found in an example, and whether it generates.
fn outcome(example: &Example) -> (Report, bool) {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in example {
        fs::write(folder.path().join(name), text).expect("a file");
    }
    match Generator::new(folder.path().join("models.toml")).generate() {
        Ok(generated) => (generated.warnings().clone(), true),
        Err(error) => (error.report().expect("a report").clone(), false),
    }
}

fn with_examples() -> impl Iterator<Item = Code> {
    Code::ALL.iter().copied().filter(|code| !IN_WORDS.contains(code))
}

#[test]
fn every_wrong_example_yields_its_code_and_no_other() {
    for code in with_examples() {
        let (report, _) = outcome(&examples(code).0);
        let found: Vec<Code> = report.diagnostics().iter().map(|diagnostic| diagnostic.code).collect();
        assert!(
            !found.is_empty() && found.iter().all(|one| *one == code),
            "{code} gives {found:?}\n{report}"
        );
    }
}

#[test]
fn every_right_example_generates_without_a_finding() {
    for code in with_examples() {
        let (report, generates) = outcome(&examples(code).1);
        assert!(generates && report.is_empty(), "{code} gives\n{report}");
    }
}

#[test]
fn every_explanation_shows_wrong_and_right() {
    for code in Code::ALL {
        let text = code.explanation();
        let prose = text.split("\nWrong:").next().unwrap_or_default();
        assert!(prose.split_whitespace().count() >= 15, "{code} says too little");
        assert!(text.contains("\nWrong:") && text.contains("\nRight:"), "{code}");
        let lines = text.lines().filter(|line| !line.contains("list<list<"));
        assert!(lines.clone().all(|line| line.chars().count() <= 125), "{code} is too wide for a terminal");
        assert!(text.ends_with('\n') && !text.contains("\n\n\n"), "{code}");
    }
}

#[test]
fn a_code_is_found_in_upper_or_lower_case() {
    assert_eq!(Code::find("d0101"), Some(Code::InvalidName));
    assert_eq!(Code::find("D0101"), Some(Code::InvalidName));
    assert_eq!(Code::find("D9999"), None);
}
