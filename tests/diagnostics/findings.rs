//! The declarations beside the explanations, and what holds for all findings.

use std::fs;
use std::path::{Path, PathBuf};

use dynamorm_generator::Code;

use crate::example::{self, Example};
use crate::report;

/// The declarations beside the explanations.
fn variants() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("generator/diagnostics");
    let entries = fs::read_dir(folder).expect("a folder of explanations");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    paths.sort();
    paths
}

fn stem(path: &Path) -> String {
    path.file_stem().expect("a stem").to_string_lossy().into_owned()
}

/// Every wrong text that is one file, with the name of its file: those of the explanations, and those beside them.
fn fixtures() -> Vec<(String, String)> {
    let examples = example::codes().filter_map(|code| match Example::of(code).wrong.as_slice() {
        [(_, text)] => Some((code.to_string(), text.clone())),
        _ => None,
    });
    let read = |path: &PathBuf| (stem(path), fs::read_to_string(path).expect("a fixture"));
    examples.chain(variants().iter().map(read)).collect()
}

#[test]
fn every_variant_looks_like_its_snapshot() {
    for path in variants() {
        let text = fs::read_to_string(&path).expect("a fixture");
        insta::with_settings!({
            snapshot_path => "../../generator/diagnostics",
            prepend_module_to_snapshot => false,
            omit_expression => true,
        }, {
            insta::assert_snapshot!(stem(&path), report(&text).render(false));
        });
    }
}

#[test]
fn every_variant_gives_the_code_that_it_is_named_after() {
    for path in variants() {
        let name = stem(&path);
        let code =
            name.split('-').next().and_then(Code::find).unwrap_or_else(|| panic!("{name} names no code"));
        let report = report(&fs::read_to_string(&path).expect("a fixture"));
        let found: Vec<Code> = report.diagnostics().iter().map(|diagnostic| diagnostic.code).collect();
        assert!(found.contains(&code), "{name} gives {found:?}");
    }
}

#[test]
fn every_error_says_what_to_write_instead() {
    for (name, text) in fixtures() {
        for diagnostic in report(&text).diagnostics() {
            // What a broken text or an unknown word should have been is told by its label.
            let is_told = matches!(diagnostic.code, Code::TomlSyntax | Code::WrongType | Code::UnknownWord)
                || matches!(diagnostic.code, Code::DefaultType | Code::RuleValue | Code::StoredAs)
                || !diagnostic.help.is_empty();
            assert!(is_told, "{name}: {diagnostic:?}");
        }
    }
}

#[test]
fn findings_stand_in_the_order_of_the_file() {
    for (name, text) in fixtures() {
        let report = report(&text);
        assert!(report.diagnostics().is_sorted_by_key(|diagnostic| diagnostic.span()), "{name}");
    }
}

#[test]
fn positions_are_those_that_are_shown() {
    let wide = "[table.books]\n\tpartition_key = \"isbn\"  # é字🦀\n\t\"é字🦀\" = 1\n";
    let long = format!("[table.books] # {}\n{}colour = 1\n", "x".repeat(5_000), " ".repeat(5_000));
    let texts = fixtures().into_iter().map(|(_, text)| text);
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
    for (name, text) in fixtures() {
        let marked = format!("\u{feff}{}", text.replace('\n', "\r\n"));
        assert_eq!(report(&text).render(false), report(&marked).render(false), "{name}");
    }
}

#[test]
fn cut_at_any_byte_a_file_gives_a_result_and_no_panic() {
    let broken = include_str!("../../generator/diagnostics/D0006-toml-syntax.toml");
    let rich = include_str!("../../generator/diagnostics/D0209-key-type.toml");
    for text in [broken, rich] {
        for (at, _) in text.char_indices() {
            report(&text[..at]);
            report(&text[at..]);
        }
    }
}
