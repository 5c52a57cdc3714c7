//! Declarations that are hostile, broken or merely unusual. Each generates files that parse, or is refused with its code.

mod files;
mod keys;
mod names;
mod texts;
mod types;

use dynamorm_generator::{Code, Error, Generated, generate_str};

/// The smallest declarations, with more fields.
fn with_fields(fields: &str) -> String {
    declarations("", fields, "")
}

/// With more settings of the table.
fn with_table(table: &str, fields: &str) -> String {
    declarations(table, fields, "")
}

/// With more sections.
fn with_sections(fields: &str, sections: &str) -> String {
    declarations("", fields, sections)
}

fn declarations(table: &str, fields: &str, sections: &str) -> String {
    format!(
        "[table.books]\npartition_key = \"isbn\"\n{table}\n[model.Book]\ntable = \"books\"\n\n[model.Book.schema]\n\
         isbn = \"string\"\n{fields}\n\n{sections}\n"
    )
}

fn generate(text: &str) -> Result<Generated, Error> {
    generate_str("models.toml", text)
}

/// Declarations that generate without a finding; every file parses.
#[track_caller]
fn accepted(text: &str) -> Generated {
    let generated = generate(text).unwrap_or_else(|error| panic!("{error}\nin\n{text}"));
    assert!(generated.warnings().is_empty(), "{}", generated.warnings());
    for (path, file) in generated.files() {
        let parsed = syn::parse_file(file);
        assert!(parsed.is_ok(), "{path}: {:?}\n{file}", parsed.err());
        assert!(!file.contains('\r') && !file.contains('\0'), "{path}");
    }
    generated
}

#[track_caller]
fn codes(text: &str) -> Vec<Code> {
    let error = generate(text).err().unwrap_or_else(|| panic!("accepted:\n{text}"));
    error.report().expect("a report").diagnostics().iter().map(|diagnostic| diagnostic.code).collect()
}

/// Declarations of which nothing is wrong but this.
#[track_caller]
fn refused(text: &str, code: Code) {
    let found = codes(text);
    assert!(found.iter().all(|found| *found == code), "{found:?} in\n{text}");
}

/// Refused, with two places in every finding.
#[track_caller]
fn refused_with_both_places(text: &str, code: Code) {
    refused(text, code);
    let error = generate(text).expect_err("an error");
    for diagnostic in error.report().expect("a report").diagnostics() {
        assert!(diagnostic.labels.len() >= 2, "{diagnostic:?}");
    }
}

/// Accepted, with a warning.
#[track_caller]
fn warned(text: &str, code: Code) {
    let generated = generate(text).unwrap_or_else(|error| panic!("{error}"));
    let found: Vec<Code> =
        generated.warnings().diagnostics().iter().map(|diagnostic| diagnostic.code).collect();
    assert_eq!(found, [code]);
}
