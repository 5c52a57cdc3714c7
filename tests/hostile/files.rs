//! Files as a whole: syntax, limits, unknown keys, and where output goes.

use dynamorm_generator::Code;

use crate::{accepted, codes, generate, refused, with_fields, with_sections, with_table};

#[test]
fn output_directories_lie_inside() {
    for path in
        ["../x", "/etc", "a/../../b", "C:/x", "\\\\\\\\server", "", ".", "a\\\\b", "a\\u0000b", "a\\nb"]
    {
        refused(&format!("[generate]\noutput = \"{path}\"\n\n{}", with_fields("")), Code::OutputDirectory);
    }
}

#[test]
fn limits_are_named() {
    for (text, limit) in [
        ("# comment\n".repeat(450_000), "4 MiB"),
        ((0..10_001).map(|number| format!("[model.M{number}]\n")).collect(), "10000"),
        (with_fields(&(0..1_001).map(|number| format!("f{number} = \"u8\"\n")).collect::<String>()), "1000"),
    ] {
        let error = generate(&text).expect_err("an error");
        let mut messages = error.report().expect("a report").diagnostics().iter().map(|one| &one.message);
        assert!(messages.any(|message| message.contains(limit)), "{limit}");
    }
}

#[test]
fn deep_nesting_is_a_finding() {
    for text in [
        format!("a = {}1{}", "[".repeat(10_000), "]".repeat(10_000)),
        format!("a = {}{}", "{a=".repeat(10_000), "}".repeat(10_000)),
        format!("[{}a]\n", "a.".repeat(10_000)),
        format!("{}a = 1\n", "a.".repeat(10_000)),
    ] {
        assert!(!codes(&text).is_empty());
    }
    refused(
        &with_fields(&format!("a = \"{}u8{}\"", "list<".repeat(5_000), ">".repeat(5_000))),
        Code::TypeTooDeep,
    );
    refused(
        &with_fields(&format!("a = {{ type = \"u8\", default_expression = \"{}\" }}", "(".repeat(900))),
        Code::RustSyntax,
    );
}

#[test]
fn every_syntax_error_is_reported() {
    let error = generate("a = = 1\nb = \"\nc = 1 1\n[d\n").expect_err("an error");
    let report = error.report().expect("a report");
    let places = report.diagnostics().iter().filter_map(|diagnostic| report.position(diagnostic.span()?));
    let mut lines: Vec<usize> = places.map(|position| position.line).collect();
    lines.dedup();
    assert_eq!(lines, [1, 2, 3, 4]);
}

#[test]
fn a_byte_order_mark_and_carriage_returns_change_nothing() {
    let text =
        with_fields("a = { type = \"string\", doc = \"\"\"one\ntwo\"\"\", default = \"\"\"one\ntwo\"\"\" }");
    let marked = format!("\u{feff}{}", text.replace('\n', "\r\n"));
    assert_eq!(accepted(&text).files(), accepted(&marked).files());
}

#[test]
fn what_is_no_text_file_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("models.toml");
    let code = |path: &std::path::Path| {
        let error = dynamorm_generator::Generator::new(path).generate().expect_err("an error");
        error.report().expect("a report").diagnostics()[0].code
    };
    assert_eq!(code(&file), Code::FileMissing);
    assert_eq!(code(folder.path()), Code::FileIsDirectory);
    std::fs::write(&file, b"a = \"\xff\"\n").expect("a file");
    assert_eq!(code(&file), Code::FileNotUtf8);
}

#[test]
fn unknown_keys_are_refused_everywhere() {
    for text in [
        format!("colour = 1\n{}", with_fields("")),
        format!("[generate]\ncolour = 1\n{}", with_fields("")),
        with_table("colour = 1\n", ""),
        with_table("billing = { read = 1, write = 1, colour = 1 }\n", ""),
        with_table("[table.books.global_index.by-isbn]\npartition_key = \"isbn\"\ncolour = 1\n", ""),
        with_table(
            "[table.books.global_index.by-isbn]\npartition_key = \"isbn\"\nprojection = { include = [\"a\"], colour = 1 }\n",
            "a = \"u8\"",
        ),
        with_fields("a = { type = \"u8\", colour = 1 }"),
        with_fields("a = { type = \"u8\", validate = { colour = 1 } }"),
        with_fields("a = { type = \"u8\", validate = { range = { min = 1, colour = 1 } } }"),
        with_sections("a = \"A\"", "[type.A]\na = \"u8\"\n\"@colour\" = 1\n"),
        with_sections("a = \"A\"", "[enum.A]\nvariants = [\"a\"]\ncolour = 1\n"),
        with_sections("a = \"A\"", "[enum.A]\nvariants = [{ name = \"a\", colour = 1 }]\n"),
    ] {
        refused(&text, Code::UnknownKey);
    }
    let error = generate(&with_table("sortkey = \"a\"\n", "")).expect_err("an error");
    assert!(error.to_string().contains("did you mean `sort_key`?"), "{error}");
}
