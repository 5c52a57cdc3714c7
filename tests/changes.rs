//! Every kind of change: its explanation shows declarations before and after it, and comparing them tells it.
#![cfg(feature = "breaking")]

use dynamorm_generator::breaking::{self, ChangeKind, Severity, TableWork};

/// What else an example cannot but change.
const BESIDES: [(ChangeKind, ChangeKind); 9] = [
    // The type attribute holds the model's name.
    (ChangeKind::TypeNameChanged, ChangeKind::TypeRenamed),
    // A table that no model is in is not there.
    (ChangeKind::TableOfModelChanged, ChangeKind::TableRemoved),
    (ChangeKind::TableRemoved, ChangeKind::ModelRemoved),
    (ChangeKind::IndexLeft, ChangeKind::QueryRenamed),
    // The other model has other keys from then on, or is not there.
    (ChangeKind::KeyNoLongerShared, ChangeKind::ModelRemoved),
    // A shape that has the same attributes is none.
    (ChangeKind::ShapeRaised, ChangeKind::ShapeLacksAttribute),
    (ChangeKind::ShapeUnprepared, ChangeKind::ShapeLacksAttribute),
    (ChangeKind::ShapeKnown, ChangeKind::ShapeLacksAttribute),
    (ChangeKind::ShapeLacksAttribute, ChangeKind::ShapeKnown),
];

/// The declarations of an explanation.
fn example(kind: ChangeKind) -> [String; 2] {
    let text = kind.explanation();
    let after = |heading: &str| {
        let (_, rest) = text.split_once(heading).unwrap_or_else(|| panic!("{kind} has no `{heading}`"));
        let (_, block) = rest.split_once("```toml\n").unwrap_or_else(|| panic!("{kind} has no declarations"));
        block.split("```").next().unwrap_or_default().to_owned()
    };
    [after("\nBefore:\n"), after("\nAfter:\n")]
}

#[test]
fn every_example_makes_its_change_and_no_other() {
    for kind in ChangeKind::ALL {
        let [before, after] = example(*kind);
        let changes = breaking::between(&before, &after).unwrap_or_else(|error| panic!("{kind}: {error}"));
        let found: Vec<_> = changes.iter().map(|change| change.kind).collect();
        let is_meant = |found: &ChangeKind| found == kind || BESIDES.contains(&(*kind, *found));
        assert!(found.contains(kind) && found.iter().all(is_meant), "{kind}: {changes:#?}");
    }
}

#[test]
fn nothing_has_changed_between_declarations_and_themselves() {
    for kind in ChangeKind::ALL {
        for declarations in example(*kind) {
            assert_eq!(breaking::between(&declarations, &declarations).expect("declarations"), [], "{kind}");
        }
    }
}

#[test]
fn every_change_says_where_it_is_and_what_to_do() {
    for kind in ChangeKind::ALL {
        let [before, after] = example(*kind);
        for change in breaking::between(&before, &after).expect("declarations") {
            assert!(change.way_out.is_some(), "{change:?}");
            let groups = ["model.", "type.", "enum.", "table."];
            assert!(groups.iter().any(|group| change.place.starts_with(group)), "{change:?}");
        }
    }
}

#[test]
fn every_explanation_says_what_follows() {
    for kind in ChangeKind::ALL {
        let text = kind.explanation();
        let prose = text.split("\nBefore:").next().unwrap_or_default();
        assert!(prose.split_whitespace().count() >= 6, "{kind} says too little");
        assert!(text.ends_with('\n') && !text.contains("\n\n\n"), "{kind}");
        assert!(text.lines().all(|line| line.chars().count() <= 130), "{kind} is too wide");
    }
}

#[test]
fn what_rust_alone_calls_otherwise_breaks_nothing_that_is_stored() {
    for kind in ChangeKind::ALL.iter().filter(|kind| kind.code().starts_with("B04")) {
        // Nobody knows what a type of the application's stores.
        if *kind != ChangeKind::UserTypeChanged {
            assert_eq!(kind.verdict().stored(), Severity::Fine, "{kind}");
        }
        assert_eq!(kind.verdict().table, TableWork::None, "{kind}");
    }
}

#[test]
fn a_type_that_several_models_hold_tells_once() {
    let model = |name: &str| {
        let table = name.to_lowercase();
        format!(
            "[table.{table}]\npartition_key = \"id\"\n[model.{name}]\ntable = \"{table}\"\n\
             [model.{name}.schema]\nid = \"uuid\"\nplaces = \"list<Place>\"\n"
        )
    };
    let place = "[type.Place]\nstreet = \"string\"\nwithin = \"list<Place>\"\n";
    let old = format!("{}{}{place}", model("Order"), model("Customer"));
    let new = old.replace("street = \"string\"", "street = \"string?\"");
    let changes = breaking::between(&old, &new).expect("declarations");
    let [change] = changes.as_slice() else { panic!("{changes:#?}") };
    assert_eq!((change.kind, change.place.as_str()), (ChangeKind::BecameOptional, "type.Place.street"));
    assert_eq!(change.was.as_deref(), Some("street = { form = \"string\" }"));
}

/// What a change of a field's type is, in both directions.
#[track_caller]
fn assert_types(old: &str, new: &str, forth: Option<ChangeKind>, back: Option<ChangeKind>) {
    assert_declared(&format!("\"{old}\""), &format!("\"{new}\""), forth, back);
}

/// The same, of whatever declares the field.
#[track_caller]
fn assert_declared(old: &str, new: &str, forth: Option<ChangeKind>, back: Option<ChangeKind>) {
    let declarations = |kind: &str| {
        format!(
            "[table.items]\npartition_key = \"id\"\n[model.Item]\ntable = \"items\"\n[model.Item.schema]\nid = \"uuid\"\n\
             it = {kind}\ntold = \"State\"\nheld = \"Place\"\n[enum.State]\nvariants = [\"open\"]\n[type.Place]\na = \"u8\"\n"
        )
    };
    for (one, other, expected) in [(old, new, forth), (new, old, back)] {
        let changes = breaking::between(&declarations(one), &declarations(other)).expect("declarations");
        assert_eq!(
            changes.iter().map(|change| change.kind).next(),
            expected,
            "{one} -> {other}: {changes:#?}"
        );
    }
}

#[test]
fn types_are_wider_narrower_or_something_else() {
    use ChangeKind::{FormChanged, FormNarrowed, FormWidened};
    for (narrow, wide) in [
        ("u8", "u16"),
        ("u8", "i16"),
        ("i64", "decimal"),
        ("date", "string"),
        ("uuid", "string"),
        ("State", "string"),
        ("list<u8>", "list<u64>"),
        ("list<u8>", "list<u8?>"),
        ("map<list<date>>", "map<list<string>>"),
        ("set<u8>", "set<decimal>"),
    ] {
        assert_types(narrow, wide, Some(FormWidened), Some(FormNarrowed));
    }
    for (one, other) in [
        ("u8", "i8"),
        ("string", "u8"),
        ("date", "timestamp"),
        ("list<u8>", "set<u8>"),
        ("list<u8?>", "list<u16>"),
        ("Place", "State"),
        ("Place", "map<u8>"),
        ("bytes", "string"),
    ] {
        assert_types(one, other, Some(FormChanged), Some(FormChanged));
    }
}

#[test]
fn a_form_is_judged_by_what_is_written_and_what_is_read() {
    use ChangeKind::{FormChanged, FormNarrowed, FormWidened, UserTypeChanged};
    let of = |kind: &str, more: &str| format!("{{ type = \"{kind}\", {more} }}");
    let text = |kind: &str| of(kind, "stored_as = \"text\"");
    for (narrow, wide) in [
        (text("u8"), text("u16")),
        (text("u8"), text("decimal")),
        (text("bool"), "\"string\"".to_owned()),
        (of("bytes", "stored_as = \"base64\""), "\"string\"".to_owned()),
        (of("set<uuid>", "stored_as = \"upper-case\""), "\"set<string>\"".to_owned()),
    ] {
        assert_declared(&narrow, &wide, Some(FormWidened), Some(FormNarrowed));
    }
    for (one, other) in [
        ("\"u8\"".to_owned(), text("u8")),
        ("\"bool\"".to_owned(), of("bool", "stored_as = \"number\"")),
        (text("bool"), of("bool", "stored_as = \"number\"")),
        ("\"uuid\"".to_owned(), of("uuid", "stored_as = \"bytes\"")),
        ("\"json\"".to_owned(), text("json")),
        ("\"list<bool>\"".to_owned(), of("list<bool>", "stored_as = \"number\"")),
    ] {
        assert_declared(&one, &other, Some(FormChanged), Some(FormChanged));
    }
    // What is read of `NULL` is not written. Who reads it no more refuses items.
    assert_declared("\"string\"", &of("string", "null = \"empty\""), None, Some(FormNarrowed));
    // A type around the same stored value.
    let coded = of("rust:crate::Id", "stored_as = \"uuid\"");
    assert_declared("\"uuid\"", &coded, Some(UserTypeChanged), Some(UserTypeChanged));
    assert_declared("\"u8\"", &coded, Some(FormChanged), Some(FormChanged));
    let other = of("rust:crate::Other", "stored_as = \"uuid\"");
    assert_declared(&coded, &other, Some(UserTypeChanged), Some(UserTypeChanged));
}

#[test]
fn the_form_of_an_enum_is_a_form_of_what_holds_it() {
    let declarations = |form: &str, variants: &str| {
        format!(
            "[table.items]\npartition_key = \"id\"\n[model.Item]\ntable = \"items\"\n[model.Item.schema]\nid = \"uuid\"\n\
             it = \"It\"\n[enum.It]\n{form}variants = {variants}\n"
        )
    };
    let names = declarations("", r#"["low", "high"]"#);
    let numbers = declarations("", r#"[{ name = "low", number = 1 }, { name = "high", number = 2 }]"#);
    let fields = r#"["point", { name = "circle", fields = { radius = "u8" } }]"#;
    let map = declarations("", fields);
    let tagged = declarations("tag = \"type\"\n", fields);
    let apart = declarations("tag = \"type\"\ncontent = \"data\"\n", fields);
    for (old, new) in [(&names, &numbers), (&map, &tagged), (&tagged, &apart), (&names, &tagged)] {
        for (old, new) in [(old, new), (new, old)] {
            let changes = breaking::between(old, new).expect("declarations");
            let kinds: Vec<_> = changes.iter().map(|change| change.kind).collect();
            assert_eq!(kinds, [ChangeKind::FormChanged], "{old}{new}");
        }
    }
}
