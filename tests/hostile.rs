//! Declarations that are hostile, broken or merely unusual: each generates files that parse, or is refused with its code.

use dynamorm_generator::{Code, Error, Generated, generate_str};
use std::fmt::Write as _;

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

#[test]
fn row_01_fields_named_by_keywords_are_raw_and_keep_their_stored_names() {
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
fn row_02_keywords_without_a_raw_form_get_an_underscore() {
    for keyword in ["self", "Self", "super", "crate"] {
        let generated = accepted(&with_fields(&format!("{keyword} = \"string\"")));
        let book = &generated.files()["book.rs"];
        assert!(book.contains(&format!("{}_: ", keyword.to_lowercase())), "{book}");
    }
    refused(&with_fields("_ = \"string\""), Code::InvalidName);
    accepted(&with_fields("_ = { type = \"string\", rust_name = \"underscore\" }"));
}

#[test]
fn row_03_names_beyond_ascii_need_a_rust_name() {
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
fn row_04_names_that_are_empty_or_start_with_a_digit_are_refused_with_a_suggestion() {
    refused(&with_fields("1st = \"string\""), Code::InvalidName);
    let error = generate(&with_fields("1st = \"string\"")).expect_err("an error");
    assert!(error.to_string().contains("`rust_name = \"n1st\"`"), "{error}");
    assert!(codes(&with_fields("\"\" = \"string\"")).contains(&Code::InvalidName));
    assert!(codes(&with_sections("", "[type.\"\"]\na = \"string\"\n")).contains(&Code::InvalidName));
    assert!(codes("[table.\"\"]\npartition_key = \"a\"\n").contains(&Code::InvalidName));
}

#[test]
fn row_05_fields_that_meet_after_conversion_are_shown_in_both_places() {
    refused_with_both_places(&with_fields("fooBar = \"string\"\nfoo_bar = \"string\""), Code::FieldsMeet);
    refused_with_both_places(
        &with_fields("a = { type = \"string\", rust_name = \"isbn\" }"),
        Code::FieldsMeet,
    );
}

#[test]
fn row_06_models_that_would_share_a_module_are_shown_in_both_places() {
    let sections = "[table.b]\nname = \"bbb\"\npartition_key = \"id\"\n[model.book]\ntable = \"b\"\n[model.book.schema]\nid = \"u8\"\n";
    refused_with_both_places(&with_sections("", sections), Code::ModulesMeet);
    refused_with_both_places(
        &with_sections("a = \"BOOK\"", "[enum.BOOK]\nvariants = [\"a\"]\n"),
        Code::ModulesMeet,
    );
}

#[test]
fn row_07_names_that_generated_code_uses_collide_visibly_or_not_at_all() {
    for name in ["BookKey", "BookBuilder", "BookQuery"] {
        let sections = format!("[type.{name}]\na = \"string\"\n");
        let text =
            declarations("sort_key = \"year\"\n", &format!("year = \"u16\"\nextra = \"{name}\""), &sections);
        refused_with_both_places(&text, Code::TypeNamesMeet);
    }
    for name in ["Error", "Client", "Attr", "Model", "Item", "Key", "Table", "Dynamorm"] {
        accepted(&with_sections(&format!("extra = \"{name}\""), &format!("[type.{name}]\na = \"string\"\n")));
    }
}

#[test]
fn row_08_names_of_the_prelude_are_accepted() {
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
fn row_09_fields_named_like_generated_methods_are_accepted_or_reserved() {
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
fn row_10_output_directories_lie_inside() {
    for path in
        ["../x", "/etc", "a/../../b", "C:/x", "\\\\\\\\server", "", ".", "a\\\\b", "a\\u0000b", "a\\nb"]
    {
        refused(&format!("[generate]\noutput = \"{path}\"\n\n{}", with_fields("")), Code::OutputDirectory);
    }
}

#[test]
fn row_11_names_reserved_on_windows_and_files_that_differ_in_case_are_refused() {
    for name in ["Con", "AUX", "nul", "Prn", "COM1", "Lpt9"] {
        refused(
            &with_sections(&format!("a = \"{name}\""), &format!("[type.{name}]\na = \"string\"\n")),
            Code::ReservedModule,
        );
    }
    let types = "[type.Abc]\na = \"string\"\n[type.abc]\na = \"string\"\n";
    refused(&with_sections("a = \"Abc\"\nb = \"abc\"", types), Code::ModulesMeet);
}

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
fn row_12_hostile_text_in_docs_defaults_and_names_is_escaped() {
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
fn row_13_stored_names_with_punctuation_are_accepted() {
    for name in ["a.b", "#a", "a-b", ":a", "a\"b", " a ", "a[0]", "size", "SELECT"] {
        accepted(&with_fields(&format!("a = {{ type = \"string\", attribute = {} }}", quoted(name))));
    }
}

#[test]
fn row_14_stored_names_have_limits() {
    let field =
        |length: usize| format!("a = {{ type = \"string\", attribute = \"{}\" }}", "x".repeat(length));
    accepted(&with_fields(&field(65_535)));
    refused(&with_fields(&field(65_536)), Code::StoredNameLength);
    let table = |length: usize| format!("sort_key = \"{}\"\n", "x".repeat(length));
    accepted(&with_table(&table(255), &field(255)));
    refused(&with_table(&table(256), &field(256)), Code::StoredNameLength);
}

#[test]
fn row_15_empty_stored_names_are_refused() {
    refused(&with_fields("a = { type = \"string\", attribute = \"\" }"), Code::StoredNameLength);
    refused(
        &with_sections("a = \"E\"", "[enum.E]\nvariants = [{ name = \"\", rust_name = \"A\" }]\n"),
        Code::StoredNameLength,
    );
}

#[test]
fn row_16_fields_of_one_stored_name_are_shown_in_both_places() {
    refused_with_both_places(
        &with_fields("a = { type = \"string\", attribute = \"isbn\" }"),
        Code::StoredNamesMeet,
    );
}

#[test]
fn row_17_limits_are_named() {
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
fn row_18_deep_nesting_is_a_finding() {
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
fn row_19_every_syntax_error_is_reported() {
    let error = generate("a = = 1\nb = \"\nc = 1 1\n[d\n").expect_err("an error");
    let report = error.report().expect("a report");
    let places = report.diagnostics().iter().filter_map(|diagnostic| report.position(diagnostic.span()?));
    let mut lines: Vec<usize> = places.map(|position| position.line).collect();
    lines.dedup();
    assert_eq!(lines, [1, 2, 3, 4]);
}

#[test]
fn row_20_a_byte_order_mark_and_carriage_returns_change_nothing() {
    let text =
        with_fields("a = { type = \"string\", doc = \"\"\"one\ntwo\"\"\", default = \"\"\"one\ntwo\"\"\" }");
    let marked = format!("\u{feff}{}", text.replace('\n', "\r\n"));
    assert_eq!(accepted(&text).files(), accepted(&marked).files());
}

#[test]
fn row_21_what_is_no_text_file_is_refused() {
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
fn row_22_unknown_keys_are_refused_everywhere() {
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

#[test]
fn row_23_and_25_keys_are_text_exact_numbers_or_bytes() {
    for kind in [
        "bool",
        "f32",
        "f64",
        "json",
        "list<string>",
        "map<string>",
        "set<string>",
        "rust:crate::Own",
        "A",
        "E",
    ] {
        let sections = match kind {
            "A" => "[type.A]\na = \"u8\"\n",
            "E" => "[enum.E]\nvariants = [{ name = \"a\", fields = { b = \"u8\" } }]\n",
            _ => "",
        };
        refused(&declarations("sort_key = \"key\"\n", &format!("key = \"{kind}\""), sections), Code::KeyType);
    }
    for kind in ["string", "u8", "i128", "decimal", "bytes", "timestamp", "date", "uuid", "ulid"] {
        accepted(&with_table("sort_key = \"key\"\n", &format!("key = \"{kind}\"")));
    }
}

#[test]
fn row_24_optional_keys_are_for_indexes() {
    refused(&with_table("sort_key = \"key\"\n", "key = \"u8?\""), Code::OptionalKey);
    accepted(&with_table("[table.books.global_index.by-key]\npartition_key = \"key\"\n", "key = \"u8?\""));
}

#[test]
fn row_26_indexes_on_missing_fields_name_the_nearest() {
    let text =
        with_table("[table.books.global_index.by-key]\npartition_key = \"autor\"\n", "author = \"string\"");
    refused(&text, Code::MissingKeyField);
    assert!(generate(&text).expect_err("an error").to_string().contains("did you mean `author`?"));
}

#[test]
fn row_27_local_indexes_fit_their_table() {
    let index = |body: &str| format!("[table.books.local_index.by-a]\n{body}\n");
    let fields = "year = \"u16\"\na = \"u8\"\nb = \"u8\"";
    let sorted = |body: &str| with_table(&format!("sort_key = \"year\"\n{}", index(body)), fields);
    accepted(&sorted("sort_key = \"a\""));
    accepted(&sorted("partition_key = \"isbn\"\nsort_key = \"a\""));
    refused(&sorted(""), Code::MissingKey);
    refused(&with_table(&index("sort_key = \"a\""), fields), Code::LocalIndexKey);
    refused(&sorted("partition_key = \"b\"\nsort_key = \"a\""), Code::LocalIndexKey);
    refused(&sorted("sort_key = [\"a\", \"b\"]"), Code::LocalIndexKey);
}

#[test]
fn row_28_indexes_are_counted() {
    let indexes = |scope: &str, count: usize| {
        (0..count).fold(String::new(), |mut text, number| {
            let key = if scope == "local" { "sort_key" } else { "partition_key" };
            let _ = write!(text, "[table.books.{scope}_index.index-{number}]\n{key} = \"a\"\n");
            text
        })
    };
    let text = |quota: &str, indexes: &str| {
        with_table(&format!("sort_key = \"year\"\n{quota}{indexes}"), "year = \"u16\"\na = \"u8\"")
    };
    accepted(&text("", &indexes("global", 20)));
    refused(&text("", &indexes("global", 21)), Code::TooManyIndexes);
    accepted(&text("global_index_quota = 21\n", &indexes("global", 21)));
    accepted(&text("", &indexes("local", 5)));
    refused(&text("", &indexes("local", 6)), Code::TooManyIndexes);
}

#[test]
fn row_29_one_index_name_twice_is_shown_in_both_places() {
    let table = "sort_key = \"year\"\n[table.books.global_index.by-a]\npartition_key = \"a\"\n[table.books.local_index.by-a]\nsort_key = \"a\"\n";
    refused_with_both_places(&with_table(table, "year = \"u16\"\na = \"u8\""), Code::IndexNameTwice);
    let table = "[table.books.global_index.by-a]\npartition_key = \"a\"\n[table.books.global_index.by-a]\npartition_key = \"a\"\n";
    refused_with_both_places(&with_table(table, "a = \"u8\""), Code::DuplicateKey);
}

/// An index that includes so many attributes, and the fields for them.
fn projecting(count: usize) -> (String, String) {
    let names: Vec<String> = (0..count).map(|number| format!("\"f{number}\"")).collect();
    let table = format!(
        "[table.books.global_index.by-a]\npartition_key = \"a\"\nprojection = {{ include = [{}] }}\n",
        names.join(", ")
    );
    let fields = names.iter().fold(String::from("a = \"u8\"\n"), |mut text, name| {
        let _ = writeln!(text, "{name} = \"u8\"");
        text
    });
    (table, fields)
}

#[test]
fn row_30_projections_have_limits() {
    let text = |count| {
        let (table, fields) = projecting(count);
        with_table(&table, &fields)
    };
    refused(&text(0), Code::EmptyProjection);
    accepted(&text(20));
    warned(&text(21), Code::LargeProjection);
    assert!(codes(&text(101)).contains(&Code::ProjectionTooLarge));
    refused(&text(2).replace("\"f1\"]", "\"f0\"]"), Code::RepeatedProjection);
}

#[test]
fn row_31_projected_keys_are_a_warning() {
    let (table, fields) = projecting(2);
    warned(&with_table(&table.replace("\"f0\"", "\"isbn\""), &fields), Code::ProjectedKey);
}

#[test]
fn row_32_keys_of_global_indexes_have_up_to_four_attributes() {
    let index = |partition: &str, sort: &str| {
        let table =
            format!("[table.books.global_index.by-a]\npartition_key = [{partition}]\nsort_key = [{sort}]\n");
        let fields: String = ('a'..='i').map(|name| format!("{name} = \"u8\"\n")).collect();
        with_table(&table, &fields)
    };
    accepted(&index("\"a\", \"b\", \"c\", \"d\"", "\"e\", \"f\", \"g\", \"h\""));
    refused(&index("\"a\", \"b\", \"c\", \"d\", \"e\"", "\"f\""), Code::KeyAttributeCount);
    refused(&index("\"a\"", "\"b\", \"c\", \"d\", \"e\", \"f\""), Code::KeyAttributeCount);
}

#[test]
fn row_35_the_ttl_attribute_is_stored_as_epoch_seconds() {
    let ttl = |field: &str| with_table("ttl = \"gone\"\n", &format!("gone = {field}"));
    accepted(&ttl("{ type = \"timestamp?\", stored_as = \"epoch-seconds\" }"));
    refused(&ttl("\"timestamp?\""), Code::TtlField);
    refused(&ttl("{ type = \"timestamp\", stored_as = \"epoch-milliseconds\" }"), Code::TtlField);
    refused(&ttl("\"u64\""), Code::TtlField);
    refused(&with_table("ttl = [\"a\", \"b\"]\n", ""), Code::WrongType);
    refused_with_both_places(&with_table("ttl = \"a\"\nttl = \"b\"\n", ""), Code::DuplicateKey);
}

#[test]
fn row_36_variants_that_meet_and_enums_without_any_are_refused() {
    let variants =
        |variants: &str| with_sections("a = \"E\"", &format!("[enum.E]\nvariants = [{variants}]\n"));
    refused_with_both_places(&variants("\"in-stock\", \"in_stock\""), Code::VariantsMeet);
    refused_with_both_places(&variants("\"a\", \"a\""), Code::VariantsMeet);
    refused(&variants(""), Code::EmptyEnum);
}

#[test]
fn row_37_defaults_fit_their_type_and_their_rules() {
    for field in [
        "type = \"u8\", default = 256",
        "type = \"date\", default = 2023-02-29",
        "type = \"string\", default = 1",
    ] {
        let found = codes(&with_fields(&format!("a = {{ {field} }}")));
        assert!(matches!(found[..], [Code::DefaultType] | [Code::TomlSyntax]), "{found:?}");
    }
    for rule in ["length = { max = 1 }", "one_of = [\"a\"]", "pattern = \"^x$\""] {
        refused(
            &with_fields(&format!("a = {{ type = \"string\", default = \"abc\", validate = {{ {rule} }} }}")),
            Code::DefaultRefused,
        );
    }
    refused(
        &with_fields("a = { type = \"u8\", default = 9, validate = { range = { max = 8 } } }"),
        Code::DefaultRefused,
    );
}

#[test]
fn row_38_patterns_are_compiled_within_bounds() {
    for pattern in ["(", "(?=a)", "(a)\\\\1", "\\\\w{1000}{1000}", "[z-a]", "a{99999999999}"] {
        refused(
            &with_fields(&format!("a = {{ type = \"string\", validate = {{ pattern = \"{pattern}\" }} }}")),
            Code::InvalidPattern,
        );
    }
    accepted(&with_fields(
        "a = { type = \"string\", default = \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\", validate = { pattern = '^(a+)+$' } }",
    ));
}

#[test]
fn row_39_ranges_can_be_met() {
    let range = |kind: &str, range: &str| {
        with_fields(&format!("a = {{ type = \"{kind}\", validate = {{ range = {{ {range} }} }} }}"))
    };
    refused(&range("u8", "min = 2, max = 1"), Code::InvertedBounds);
    refused(&range("f64", "min = nan"), Code::RuleValue);
    refused(&range("u8", "max = 256"), Code::RuleValue);
    refused(&range("u8", "min = -1"), Code::RuleValue);
    accepted(&range("u8", "min = 1, max = 1"));
}

#[test]
fn row_40_types_contain_themselves_through_lists_only() {
    let tree = |kind: &str| with_sections("a = \"Tree\"", &format!("[type.Tree]\nbranch = \"{kind}\"\n"));
    refused(&tree("Tree"), Code::Recursion);
    refused(&tree("Tree?"), Code::Recursion);
    accepted(&tree("list<Tree>"));
    accepted(&tree("map<Tree?>"));
    let ring = "[type.Tree]\nleaf = \"Leaf\"\n[type.Leaf]\ntree = \"Tree\"\n";
    refused_with_both_places(&with_sections("a = \"Tree\"", ring), Code::Recursion);
}

#[test]
fn row_41_table_names_are_those_that_dynamodb_allows() {
    let name = |name: &str| with_table(&format!("name = \"{name}\"\n"), "");
    for wrong in ["ab", "my books", "bücher", "a/b", &"x".repeat(256)] {
        refused(&name(wrong), Code::InvalidTableName);
    }
    for right in ["abc", "my.books-2_x", &"x".repeat(255)] {
        accepted(&name(right));
    }
    let twice = "[table.more]\nname = \"books\"\npartition_key = \"id\"\n[model.More]\ntable = \"more\"\n[model.More.schema]\nid = \"u8\"\n";
    refused_with_both_places(&with_sections("", twice), Code::TableNameTwice);
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
    assert!(generated.files()["book.rs"].contains("/// A book.\n"), "{}", generated.files()["book.rs"]);
    refused(&text(" A book.\n\n Of many pages."), Code::RustSyntax);
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
    refused_with_both_places(&with_table(&indexes.concat(), "author = \"string\""), Code::TypeNamesMeet);
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

#[test]
fn a_write_id_of_a_mixin_is_one_of_the_model_and_refused_in_a_type() {
    let mixin = "[mixin.Written]\nwrite_id = { type = \"uuid?\", generate = \"write-id\" }";
    let text =
        with_sections("", mixin).replace("table = \"books\"", "table = \"books\"\nmixins = [\"Written\"]");
    assert!(accepted(&text).files()["book.rs"].contains("dynamorm::ManagedWriteId"));
    let in_type = "[model.Book.schema]\nnote = \"Note\"";
    let note = "[type.Note]\n\"@mixins\" = [\"Written\"]\ntext = \"string\"";
    let text = text.replace("[model.Book.schema]", in_type);
    refused(&format!("{text}\n{note}\n"), Code::GeneratedMisplaced);
}

#[test]
fn every_stored_form_of_an_instant_has_its_own_place_in_the_proof_of_keys() {
    let forms = [
        ("YYYY-MM-DDTHH:MM:SS.fffZ", "{at}"),
        ("YYYY-MM-DDTHH:MM:SS.ffffff+0000", "{at}"),
        ("YYYY-MM-DDTHH:MM:SS.fffffffff+00:00", "{at}"),
        ("YYYY-MM-DDTHH:MM:SS", "{at}"),
        ("epoch-seconds", "{at:epoch-seconds}"),
        ("epoch-microseconds", "{at:epoch-milliseconds}"),
        ("text", "{at:epoch-microseconds}"),
    ];
    let model = |name: &str, (stored_as, template): (&str, &str)| {
        format!(
            "[model.{name}]\ntable = \"app\"\nkey = {{ partition_key = \"P#{{p}}\", sort_key = \"{template}\" }}\n\
             [model.{name}.schema]\np = \"string\"\nat = {{ type = \"timestamp\", stored_as = \"{stored_as}\" }}\n"
        )
    };
    let table = "[table.app]\npartition_key = \"pk\"\nsort_key = \"sk\"\n";
    for one in forms {
        for two in forms {
            let text = format!("{table}{}{}", model("One", one), model("Two", two));
            // Keys of two forms differ, but a read of one partition meets both.
            refused(&text, if one == two { Code::KeysMeet } else { Code::PrefixCaptures });
        }
    }
}
