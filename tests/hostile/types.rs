//! Types, defaults and rules.

use dynamorm_generator::Code;

use crate::{accepted, codes, refused, refused_with_both_places, with_fields, with_sections};

#[test]
fn variants_that_conflict_and_enums_without_any_are_refused() {
    let variants =
        |variants: &str| with_sections("a = \"E\"", &format!("[enum.E]\nvariants = [{variants}]\n"));
    refused_with_both_places(&variants("\"in-stock\", \"in_stock\""), Code::VariantsConflict);
    refused_with_both_places(&variants("\"a\", \"a\""), Code::VariantsConflict);
    refused(&variants(""), Code::EmptyEnum);
}

#[test]
fn defaults_fit_their_type_and_their_rules() {
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
fn patterns_are_compiled_within_bounds() {
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
fn ranges_can_be_met() {
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
fn types_contain_themselves_through_lists_only() {
    let tree = |kind: &str| with_sections("a = \"Tree\"", &format!("[type.Tree]\nbranch = \"{kind}\"\n"));
    refused(&tree("Tree"), Code::Recursion);
    refused(&tree("Tree?"), Code::Recursion);
    accepted(&tree("list<Tree>"));
    accepted(&tree("map<Tree?>"));
    let ring = "[type.Tree]\nleaf = \"Leaf\"\n[type.Leaf]\ntree = \"Tree\"\n";
    refused_with_both_places(&with_sections("a = \"Tree\"", ring), Code::Recursion);
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
