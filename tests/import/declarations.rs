//! What each input gives, as it is reviewed.

use dynamorm_generator::import::Options;

use serde_json::Value;

use crate::{INPUTS, assert_valid, import, text};

/// Texts and numbers of items that are no words, which could stand in declarations for another reason.
fn stored_texts(items: &str) -> Vec<String> {
    fn collect(value: &Value, texts: &mut Vec<String>) {
        match value {
            Value::String(text) => texts.push(text.clone()),
            Value::Array(values) => values.iter().for_each(|value| collect(value, texts)),
            Value::Object(values) => values.values().for_each(|value| collect(value, texts)),
            _ => {}
        }
    }
    let mut texts = Vec::new();
    items.lines().for_each(|line| collect(&serde_json::from_str(line).expect("an item"), &mut texts));
    texts.retain(|text| text.len() > 3 && !text.chars().all(char::is_alphabetic));
    texts
}

#[test]
fn the_declarations_are_those_reviewed_and_valid() {
    for input in INPUTS {
        let imported = import(input, &Options::default());
        assert_valid(imported.text());
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!(input.name, imported.text());
        });
    }
}

#[test]
fn declared_tables_are_those_described() {
    for input in INPUTS {
        let imported = import(input, &Options::default());
        assert_eq!(imported.differences(), [""; 0], "{}", input.name);
    }
}

#[test]
fn the_same_input_gives_the_same_text() {
    for input in INPUTS {
        let first = import(input, &Options::default());
        assert_eq!(first.text(), import(input, &Options::default()).text(), "{}", input.name);
    }
}

#[test]
fn every_sampled_item_is_read() {
    for input in INPUTS {
        assert_eq!(import(input, &Options::default()).unread(), [""; 0], "{}", input.name);
    }
}

#[test]
fn without_values_nothing_stored_is_written() {
    for input in INPUTS {
        let imported = import(input, &Options::default().values(false));
        assert_valid(imported.text());
        assert_eq!(imported.values(), [""; 0], "{}", input.name);
        for value in input.items.iter().flat_map(|(_, file)| stored_texts(&text(file))) {
            // What comments show as an example is no value of these items.
            let shown = imported.text().replace("2024-05-06T07:08:09.123456Z", "");
            assert!(!shown.contains(&value), "{}: {value}\n{shown}", input.name);
        }
        let stored =
            ["PENDING", "SHIPPED", "USER#", "ORDER#", "PROFILE", "Cat", "Dog", "$taskapp", "employees"];
        for value in stored {
            assert!(!imported.text().contains(value), "{}: {value}\n{}", input.name, imported.text());
        }
    }
}

#[test]
fn stored_values_that_are_written_are_listed() {
    let orders = import(INPUTS[0], &Options::default());
    assert!(
        orders.values().iter().any(|value| value.contains("`DELIVERED`, `PENDING`, `SHIPPED`")),
        "{:?}",
        orders.values()
    );
    let shop = import(INPUTS[4], &Options::default());
    assert!(shop.values().iter().any(|value| value.contains("`USER#`")), "{:?}", shop.values());
}
