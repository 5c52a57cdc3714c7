//! Names of fields, models, types, tables and mixins.

use dynamorm_generator::Code;

use crate::{
    accepted, codes, declarations, generate, refused, refused_with_both_places, with_fields, with_sections,
    with_table,
};

#[test]
fn fields_named_by_keywords_are_raw_and_keep_their_stored_names() {
    for keyword in ["type", "gen", "match", "async", "try", "abstract"] {
        let generated = accepted(&with_fields(&format!("{keyword} = \"string\"")));
        let book = &generated.files()["book.rs"];
        assert!(
            book.contains(&format!("r#{keyword}: ")) && book.contains(&format!("\"{keyword}\"")),
            "{book}"
        );
    }
}

#[test]
fn keywords_without_a_raw_form_get_an_underscore() {
    for keyword in ["self", "Self", "super", "crate"] {
        let generated = accepted(&with_fields(&format!("{keyword} = \"string\"")));
        let book = &generated.files()["book.rs"];
        assert!(book.contains(&format!("{}_: ", keyword.to_lowercase())), "{book}");
    }
    refused(&with_fields("_ = \"string\""), Code::InvalidName);
    accepted(&with_fields("_ = { type = \"string\", rust_name = \"underscore\" }"));
}

#[test]
fn names_beyond_ascii_need_a_rust_name() {
    // Precomposed, decomposed, Cyrillic, zero-width, right-to-left, emoji, soft hyphen, full-width.
    for name in ["é", "e\u{301}", "а", "a\u{200b}b", "a\u{202e}b", "🦀", "a\u{ad}b", "ａ", "ǅ", "١"] {
        refused(&with_fields(&format!("\"{name}\" = \"string\"")), Code::InvalidName);
        accepted(&with_fields(&format!("\"{name}\" = {{ type = \"string\", rust_name = \"plain\" }}")));
        refused(&with_sections("", &format!("[type.\"{name}\"]\na = \"string\"\n")), Code::InvalidName);
    }
    accepted(&with_fields(
        "\"é\" = { type = \"string\", rust_name = \"a\" }\n\"e\u{301}\" = { type = \"string\", rust_name = \"b\" }",
    ));
}

#[test]
fn names_that_are_empty_or_start_with_a_digit_are_refused_with_a_suggestion() {
    refused(&with_fields("1st = \"string\""), Code::InvalidName);
    let error = generate(&with_fields("1st = \"string\"")).expect_err("an error");
    assert!(error.to_string().contains("`rust_name = \"n1st\"`"), "{error}");
    assert!(codes(&with_fields("\"\" = \"string\"")).contains(&Code::InvalidName));
    assert!(codes(&with_sections("", "[type.\"\"]\na = \"string\"\n")).contains(&Code::InvalidName));
    assert!(codes("[table.\"\"]\npartition_key = \"a\"\n").contains(&Code::InvalidName));
}

#[test]
fn fields_that_conflict_after_conversion_are_shown_in_both_places() {
    refused_with_both_places(&with_fields("fooBar = \"string\"\nfoo_bar = \"string\""), Code::FieldsConflict);
    refused_with_both_places(
        &with_fields("a = { type = \"string\", rust_name = \"isbn\" }"),
        Code::FieldsConflict,
    );
}

#[test]
fn models_that_would_share_a_module_are_shown_in_both_places() {
    let sections = "[table.b]\nname = \"bbb\"\npartition_key = \"id\"\n[model.book]\ntable = \"b\"\n[model.book.schema]\nid = \"u8\"\n";
    refused_with_both_places(&with_sections("", sections), Code::ModulesConflict);
    refused_with_both_places(
        &with_sections("a = \"BOOK\"", "[enum.BOOK]\nvariants = [\"a\"]\n"),
        Code::ModulesConflict,
    );
}

#[test]
fn names_that_generated_code_uses_conflict_visibly_or_not_at_all() {
    for name in ["BookKey", "BookBuilder", "BookQuery"] {
        let sections = format!("[type.{name}]\na = \"string\"\n");
        let text =
            declarations("sort_key = \"year\"\n", &format!("year = \"u16\"\nextra = \"{name}\""), &sections);
        refused_with_both_places(&text, Code::TypeNamesConflict);
    }
    for name in ["Error", "Client", "Attr", "Model", "Item", "Key", "Table", "Dynamorm"] {
        accepted(&with_sections(&format!("extra = \"{name}\""), &format!("[type.{name}]\na = \"string\"\n")));
    }
}

#[test]
fn names_of_the_prelude_are_accepted() {
    for name in [
        "Option", "Result", "Vec", "String", "Box", "Some", "None", "Ok", "Err", "Std", "Core", "Default",
        "Clone", "Send",
    ] {
        accepted(&with_sections(
            &format!("extra = \"{name}\""),
            &format!("[type.{name}]\na = \"string?\"\nb = \"list<u8>\"\n"),
        ));
        accepted(&with_sections(
            &format!("extra = \"{name}\""),
            &format!("[enum.{name}]\nvariants = [\"a\", \"b\"]\n"),
        ));
    }
    accepted(&with_sections(
        "extra = \"E\"",
        "[enum.E]\nvariants = [\"some\", \"none\", \"ok\", \"err\", \"option\"]\n",
    ));
    accepted(&with_fields("std = \"string\"\ncore = \"string\"\ndynamorm = \"string\"\nalloc = \"string\""));
}

#[test]
fn fields_named_like_generated_methods_are_accepted_or_reserved() {
    for name in [
        "new", "send", "get", "put", "update", "delete", "query", "scan", "key", "builder", "clone", "into",
        "from", "item", "value",
    ] {
        accepted(&with_fields(&format!("{name} = \"string\"")));
    }
    refused(&with_fields("build = \"string\""), Code::ReservedField);
    refused(&with_table("sort_key = \"limit\"\n", "limit = \"u32\""), Code::ReservedField);
    for hidden in ["into", "try_into"] {
        let field = format!("{hidden} = \"u32\"");
        refused(&with_table(&format!("sort_key = \"{hidden}\"\n"), &field), Code::ReservedField);
    }
    accepted(&with_table("sort_key = \"limit\"\n", "limit = { type = \"u32\", rust_name = \"most\" }"));
}

#[test]
fn names_reserved_on_windows_and_files_that_differ_in_case_are_refused() {
    for name in ["Con", "AUX", "nul", "Prn", "COM1", "Lpt9"] {
        refused(
            &with_sections(&format!("a = \"{name}\""), &format!("[type.{name}]\na = \"string\"\n")),
            Code::ReservedModule,
        );
    }
    let types = "[type.Abc]\na = \"string\"\n[type.abc]\na = \"string\"\n";
    refused(&with_sections("a = \"Abc\"\nb = \"abc\"", types), Code::ModulesConflict);
}

#[test]
fn names_that_no_file_can_have_are_refused() {
    let long = |count: usize| with_fields("").replace("Book", &format!("B{}", "x".repeat(count - 1)));
    accepted(&long(100));
    refused(&long(101), Code::InvalidName);
    for section in ["type", "enum", "mixin"] {
        let name = format!("B{}", "x".repeat(300));
        let body = if section == "enum" { "variants = [\"a\"]" } else { "a = \"string\"" };
        let field = if section == "mixin" { String::new() } else { format!("extra = \"{name}\"") };
        let text = with_sections(&field, &format!("[{section}.{name}]\n{body}"));
        assert!(codes(&text).contains(&Code::InvalidName), "{section}");
    }
}

#[test]
fn names_of_private_types_are_taken() {
    let indexes = ["by-author", "by_author-draft"].map(|name| {
        format!("[table.books.global_index.{name}]\npartition_key = \"author\"\nprojection = \"keys-only\"\n")
    });
    refused_with_both_places(&with_table(&indexes.concat(), "author = \"string\""), Code::TypeNamesConflict);
}

#[test]
fn a_table_of_the_runtimes_name_does_not_hide_the_runtime() {
    let text = with_fields("").replace("books", "dynamorm");
    let index = "[table.dynamorm.global_index.by-isbn]\npartition_key = \"isbn\"\n";
    let generated = accepted(&format!("{text}{index}"));
    assert!(generated.files()["tables.rs"].contains("pub mod dynamorm_ {"));
}

#[test]
fn mixins_named_by_what_generated_code_uses_are_accepted() {
    for name in ["M", "Option", "String", "Vec", "Some", "Attribute", "Dynamorm", "Foreign"] {
        let mixin =
            format!("[mixin.{name}]\nm = \"string?\"\ntype = \"list<string>\"\nself = \"rust:crate::X\"");
        let text = with_sections("", &mixin)
            .replace("table = \"books\"", &format!("table = \"books\"\nmixins = [{name:?}]"));
        accepted(&text);
    }
}

#[test]
fn write_ids_named_by_what_generated_code_uses_are_accepted() {
    for name in ["written", "version", "type", "encoder", "fields", "managed"] {
        let generated =
            accepted(&with_fields(&format!("{name} = {{ type = \"uuid?\", generate = \"write-id\" }}")));
        assert!(generated.files()["book.rs"].contains("dynamorm::ManagedWriteId"), "{name}");
    }
}
