//! Tables, keys, indexes and projections.

use std::fmt::Write as _;

use dynamorm_generator::Code;

use crate::{
    accepted, codes, declarations, generate, refused, refused_with_both_places, warned, with_sections,
    with_table,
};

#[test]
fn keys_are_text_exact_numbers_or_bytes() {
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
fn optional_keys_are_for_indexes() {
    refused(&with_table("sort_key = \"key\"\n", "key = \"u8?\""), Code::OptionalKey);
    accepted(&with_table("[table.books.global_index.by-key]\npartition_key = \"key\"\n", "key = \"u8?\""));
}

#[test]
fn indexes_on_missing_fields_name_the_nearest() {
    let text =
        with_table("[table.books.global_index.by-key]\npartition_key = \"autor\"\n", "author = \"string\"");
    refused(&text, Code::MissingKeyField);
    assert!(generate(&text).expect_err("an error").to_string().contains("did you mean `author`?"));
}

#[test]
fn local_indexes_fit_their_table() {
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
fn indexes_are_counted() {
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
fn one_index_name_twice_is_shown_in_both_places() {
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
fn projections_have_limits() {
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
fn projected_keys_are_a_warning() {
    let (table, fields) = projecting(2);
    warned(&with_table(&table.replace("\"f0\"", "\"isbn\""), &fields), Code::ProjectedKey);
}

#[test]
fn keys_of_global_indexes_have_up_to_four_attributes() {
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
fn the_ttl_attribute_is_stored_as_epoch_seconds() {
    let ttl = |field: &str| with_table("ttl = \"gone\"\n", &format!("gone = {field}"));
    accepted(&ttl("{ type = \"timestamp?\", stored_as = \"epoch-seconds\" }"));
    refused(&ttl("\"timestamp?\""), Code::TtlField);
    refused(&ttl("{ type = \"timestamp\", stored_as = \"epoch-milliseconds\" }"), Code::TtlField);
    refused(&ttl("\"u64\""), Code::TtlField);
    refused(&with_table("ttl = [\"a\", \"b\"]\n", ""), Code::WrongType);
    refused_with_both_places(&with_table("ttl = \"a\"\nttl = \"b\"\n", ""), Code::DuplicateKey);
}

#[test]
fn table_names_are_those_that_dynamodb_allows() {
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
