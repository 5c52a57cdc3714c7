//! Each explanation shows declarations that are wrong, what is found in them, and how they are corrected.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use dynamorm_generator::Code;

use crate::example::{Example, codes, outcome};

/// Makes the test write into the explanations what is found, instead of comparing it.
const UPDATE: &str = "DYNAMORM_UPDATE_EXPLANATIONS";

fn file(code: Code) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("generator/diagnostics/{code}.md"))
}

#[test]
fn every_wrong_example_yields_its_code_and_no_other() {
    for code in codes() {
        let report = outcome(&Example::of(code).wrong).report;
        let found: Vec<Code> = report.diagnostics().iter().map(|diagnostic| diagnostic.code).collect();
        assert!(
            !found.is_empty() && found.iter().all(|one| *one == code),
            "{code} gives {found:?}\n{report}"
        );
    }
}

#[test]
fn every_explanation_shows_what_is_found_in_its_wrong_example() {
    let updates = env::var_os(UPDATE).is_some();
    assert!(
        !(updates && env::var_os("CI").is_some()),
        "{UPDATE} is for a developer, who reviews what it writes"
    );
    for code in codes() {
        let example = Example::of(code);
        let shown = outcome(&example.wrong).shown;
        if example.found.as_ref().is_some_and(|(found, _)| *found == shown) {
            continue;
        }
        assert!(
            updates,
            "{code} gives\n{shown}\nif that is right, run the tests once with {UPDATE}=1 and review {}",
            file(code).display()
        );
        let block = format!("```text\n{shown}```");
        let mut text = code.explanation().to_owned();
        match example.found {
            Some((_, range)) => text.replace_range(range, &block),
            None => text = text.replacen("\nRight:\n", &format!("\nFound:\n\n{block}\n\nRight:\n"), 1),
        }
        fs::write(file(code), text).expect("the explanation can be written");
    }
}

#[test]
fn every_right_example_generates_without_a_finding() {
    for code in codes() {
        let right = outcome(&Example::of(code).right);
        assert!(right.generates && right.report.is_empty(), "{code} gives\n{}", right.shown);
    }
}

#[test]
fn every_explanation_shows_wrong_and_right() {
    for code in Code::ALL {
        let text = code.explanation();
        let prose = text.split("\nWrong:").next().unwrap_or_default();
        assert!(prose.split_whitespace().count() >= 15, "{code} says too little");
        assert!(text.contains("\nWrong:") && text.contains("\nRight:"), "{code}");
        assert!(text.ends_with('\n') && !text.contains("\n\n\n"), "{code}");
        // What is found quotes lines of the example, and stands as far in as its line numbers are wide.
        let (before, after) = match (text.split_once("\nFound:"), text.split_once("\nRight:")) {
            (Some((before, _)), Some((_, after))) => (before, after),
            _ => (text, ""),
        };
        let lines = before.lines().chain(after.lines()).filter(|line| !line.contains("list<list<"));
        assert!(lines.clone().all(|line| line.chars().count() <= 125), "{code} is too wide for a terminal");
    }
}

#[test]
fn a_code_is_found_in_upper_or_lower_case() {
    assert_eq!(Code::find("d0101"), Some(Code::InvalidName));
    assert_eq!(Code::find("D0101"), Some(Code::InvalidName));
    assert_eq!(Code::find("D9999"), None);
}
