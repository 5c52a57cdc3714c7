//! Reviewed catalogs of the example domains, and which half of a catalog a declaration changes.

use super::Catalog;
use crate::Generator;
use std::path::Path;

/// How wide a line of a snapshot may be.
const WIDTH: usize = 140;

fn catalog(domain: &str) -> Catalog {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("example-models").join(domain);
    let (catalog, report) = Generator::new(path).catalog().unwrap_or_else(|error| panic!("{error}"));
    assert!(report.is_empty(), "{report}");
    catalog
}

/// The debug form, with everything on one line that fits.
fn compact(value: &impl std::fmt::Debug) -> String {
    let text = format!("{value:#?}");
    let lines: Vec<&str> = text.lines().collect();
    let mut compacted = String::new();
    write(&lines, &mut compacted);
    compacted
}

fn write(mut lines: &[&str], compacted: &mut String) {
    let indent = |line: &str| line.len() - line.trim_start().len();
    while let Some((first, rest)) = lines.split_first() {
        let within = rest.iter().take_while(|line| indent(line) > indent(first)).count();
        // A group ends at a line with the same indentation as its first line.
        let length = if within > 0 { within + 2 } else { 1 };
        let group = &lines[..length.min(lines.len())];
        let joined = format!("{:indent$}{}", "", one_line(group), indent = indent(first));
        if within > 0 && joined.len() > WIDTH {
            *compacted += &format!("{first}\n");
            write(&group[1..group.len() - 1], compacted);
            *compacted += &format!("{}\n", group[group.len() - 1]);
        } else {
            *compacted += &format!("{joined}\n");
        }
        lines = &lines[group.len()..];
    }
}

/// The lines of a group as one, without the comma after the last element.
fn one_line(group: &[&str]) -> String {
    let mut joined = String::new();
    for line in group.iter().map(|line| line.trim()) {
        if line.starts_with(['}', ']', ')']) && joined.ends_with(',') {
            joined.pop();
        }
        if joined.ends_with('{') || (line.starts_with('}') || joined.ends_with(',')) {
            joined.push(' ');
        }
        joined += line;
    }
    joined
}

#[test]
fn the_catalogs_are_those_reviewed() {
    for domain in ["models", "library", "shop"] {
        insta::with_settings!({
            prepend_module_to_snapshot => false,
            omit_expression => true,
            snapshot_path => "../../../tests/snapshots",
        }, {
            insta::assert_snapshot!(format!("catalog__{domain}"), compact(&catalog(&format!("{domain}.toml"))));
        });
    }
}

/// A model with the given Rust settings, whose stored form is always the same.
fn notes(settings: [&str; 5]) -> Catalog {
    let [table, model, id, text, rust] = settings;
    let declarations = format!(
        r#"
        [table.{table}]
        name          = "notes"
        partition_key = "id"

        [table.{table}.global_index.by-text]
        partition_key = "text"
        {rust}

        [model.Note]
        table = "{table}"
        {model}

        [model.Note.schema]
        id   = {{ type = "uuid", {id} }}
        text = {{ type = "string", {text} }}
        "#
    );
    let (catalog, _) = Generator::new("models.toml").text(declarations).catalog().expect("a catalog");
    catalog
}

/// The stored halves of tables and models.
fn stored(catalog: &Catalog) -> String {
    let tables = catalog.tables.iter().map(|table| format!("{:#?}", table.stored));
    let models = catalog.models.iter().map(|model| {
        let indexes: Vec<_> = model.indexes.iter().map(|index| &index.stored).collect();
        let fields: Vec<_> = model.fields.iter().map(|field| &field.stored).collect();
        format!("{:#?} {indexes:#?} {fields:#?}", model.stored)
    });
    tables.chain(models).collect::<Vec<_>>().join("\n")
}

#[test]
fn what_is_rust_alone_changes_nothing_that_is_stored() {
    let plain = notes(["notes", "", "", "", ""]);
    let other = notes([
        "all-notes",
        "doc = \"A note.\"\nderive = [\"Eq\"]\non_build = \"crate::tidy\"",
        "rust_name = \"identifier\", default_expression = \"crate::id()\"",
        "doc = \"Plain text.\", default = \"…\", validate = { length = { max = 80 } }",
        "function = \"with_text\"",
    ]);
    assert_ne!(plain, other);
    assert_eq!(stored(&plain), stored(&other));
}

#[test]
fn what_is_stored_changes_the_stored_half() {
    let plain = stored(&notes(["notes", "", "", "", ""]));
    for (id, text) in [("generate = \"uuid-v7\"", ""), ("", "unique = true")] {
        assert_ne!(plain, stored(&notes(["notes", "", id, text, ""])), "{id}{text}");
    }
}
