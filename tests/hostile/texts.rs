//! Texts of documentation, defaults, stored names and rules.

use std::fmt::Write as _;

use dynamorm_generator::Code;

use crate::{
    accepted, declarations, refused, refused_with_both_places, with_fields, with_sections, with_table,
};

/// Text that would end a literal, a comment, a template or a code block.
const HOSTILE: [&str; 16] = [
    "\"",
    "\\",
    "\"; } fn evil() {} //",
    "a\nb",
    "a\rb",
    "a\r\nb",
    "\0",
    "*/ /*",
    "{{ field }} {% if %} {# #}",
    "```\nfail!()\n```",
    "~~~rust\nfail!()",
    "    indented()",
    "//@ model.Book",
    "// comment",
    "\u{202e}\u{2066}\u{feff}",
    "r##\"x\"## 🦀 {0} {:?} $crate #[x] <b> [link]",
];

fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            character if character.is_control() => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(character));
            }
            character => quoted.push(character),
        }
    }
    quoted + "\""
}

#[test]
fn hostile_text_in_docs_defaults_and_names_is_escaped() {
    for text in HOSTILE {
        let quoted = quoted(text);
        let fields = format!(
            "a = {{ type = \"string\", doc = {quoted}, attribute = {quoted}, default = {quoted} }}\n\
             b = {{ type = \"json\", default = {{ {quoted} = [{quoted}] }} }}\n\
             c = {{ type = \"map<string>\", default = {{ {quoted} = {quoted} }} }}\n\
             d = {{ type = \"string\", validate = {{ one_of = [{quoted}], contains = {quoted} }} }}\n\
             e = \"E\"\nf = \"Line\""
        );
        let sections = format!(
            "[enum.E]\ndoc = {quoted}\nvariants = [{{ name = {quoted}, rust_name = \"A\", doc = {quoted} }}]\n\
             [type.Line]\n\"@doc\" = {quoted}\nsku = {{ type = \"string\", attribute = {quoted} }}\n"
        );
        let table = format!("doc = {quoted}\n[table.books.global_index.by-a]\npartition_key = {quoted}\n");
        accepted(&declarations(&table, &fields, &sections));
    }
}

#[test]
fn stored_names_with_punctuation_are_accepted() {
    for name in ["a.b", "#a", "a-b", ":a", "a\"b", " a ", "a[0]", "size", "SELECT"] {
        accepted(&with_fields(&format!("a = {{ type = \"string\", attribute = {} }}", quoted(name))));
    }
}

#[test]
fn stored_names_have_limits() {
    let field =
        |length: usize| format!("a = {{ type = \"string\", attribute = \"{}\" }}", "x".repeat(length));
    accepted(&with_fields(&field(65_535)));
    refused(&with_fields(&field(65_536)), Code::StoredNameLength);
    let table = |length: usize| format!("sort_key = \"{}\"\n", "x".repeat(length));
    accepted(&with_table(&table(255), &field(255)));
    refused(&with_table(&table(256), &field(256)), Code::StoredNameLength);
}

#[test]
fn empty_stored_names_are_refused() {
    refused(&with_fields("a = { type = \"string\", attribute = \"\" }"), Code::StoredNameLength);
    let variants =
        |variants: &str| with_sections("a = \"E\"", &format!("[enum.E]\nvariants = [{variants}]\n"));
    let with_fields = "{ name = \"\", rust_name = \"A\", fields = { one = \"string\" } }";
    refused(&variants(with_fields), Code::StoredNameLength);
    // Text may be empty, but no map has an entry without a name.
    accepted(&variants("\"b\", { name = \"\", rust_name = \"A\" }"));
}

#[test]
fn fields_of_one_stored_name_are_shown_in_both_places() {
    refused_with_both_places(
        &with_fields("a = { type = \"string\", attribute = \"isbn\" }"),
        Code::StoredNamesConflict,
    );
}

#[test]
fn raw_rules_stay_within_their_attribute() {
    let raw = |rule: &str| {
        with_fields(&format!("title = {{ type = \"string\", validate = {{ garde = {rule:?} }} }}"))
    };
    for rule in [
        "custom(crate::check)",
        "length(chars, min = 1), ascii",
        "custom(|value, _| check(value))",
        "pattern(\"]\")",
    ] {
        accepted(&raw(rule));
    }
    for rule in [
        ")] x: u8, #[garde(",
        "length(min = 1",
        "a b",
        "=",
        "#[x]",
        "ascii;",
        "1",
        &"(".repeat(500),
        "custom(|v| v)]}",
    ] {
        refused(&raw(rule), Code::RustSyntax);
    }
    refused(&raw(""), Code::EmptyRule);
    refused(&raw(" \n"), Code::EmptyRule);
}

#[test]
fn literals_in_the_users_rust_stay_on_one_line_wherever_it_is_written() {
    let places = |literal: &str| {
        let field = |setting: &str, rust: String| {
            with_fields(&format!("a = {{ type = \"string\", {setting} = {rust:?} }}"))
        };
        let validate = |rule: &str, rust: String| {
            with_fields(&format!("a = {{ type = \"string\", validate = {{ {rule} = {rust:?} }} }}"))
        };
        let attribute = format!("#[doc(alias = {literal})]");
        [
            field("default_expression", format!("String::from({literal})")),
            validate("custom", format!("crate::check::<{{ {literal} }}>")),
            validate("garde", format!("custom(|v, _| check(v, {literal}))")),
            with_sections("", &format!("[generate]\nattributes = [{attribute:?}]")),
        ]
    };
    for broken in ["\"one\ntwo\"", "\"one\\\ntwo\"", "r\"one\n\n  // two\"", "r#\"\n//@ models.toml\"#"] {
        for text in places(broken) {
            refused(&text, Code::RustSyntax);
        }
    }
    let whole = r#""one\ntwo // three""#;
    for text in places(whole) {
        let generated = accepted(&text);
        assert!(generated.files()["book.rs"].contains(whole), "{}", generated.files()["book.rs"]);
    }
}

#[test]
fn documentation_as_an_attribute_is_not_joined_by_the_place_where_it_is_declared() {
    let text = |doc: &str| {
        with_sections("", &format!("[generate]\nattributes = [{:?}]", format!("#[doc = {doc:?}]")))
    };
    let generated = accepted(&text(" A book."));
    let attribute = "\n#[doc = \" A book.\"] // models.toml: generate.attributes\n";
    assert!(generated.files()["book.rs"].contains(attribute), "{}", generated.files()["book.rs"]);
    refused(&text(" A book.\n\n Of many pages."), Code::RustSyntax);
}
