//! What the facts of a model say of composed index keys.

use dynamorm::Model;

use crate::models::{Account, Booking, Customer, Invoice, LedgerEntry, Order, Product, ProductPrice};

/// The composed index keys of a model's facts, each with the fields that it is made of.
fn composed<M: dynamorm::Record>() -> Vec<(&'static str, &'static [&'static str])> {
    M::FACTS.composed.iter().map(|key| (key.attribute, key.fields)).collect()
}

#[test]
fn an_index_key_names_the_fields_that_a_write_can_change() {
    assert_eq!(composed::<Customer>(), [("gsi1pk", ["email"].as_slice())]);
    assert_eq!(composed::<Product>(), [("gsi1pk", ["aisle"].as_slice()), ("gsi1sk", &["title"])]);
}

#[test]
fn fields_of_the_tables_key_and_contexts_are_left_out() {
    let expected: [(_, &[&str]); 3] =
        [("gsi1pk", &["warehouse"]), ("gsi1sk", &["urgency", "region"]), ("gsi2pk", &["status"])];
    assert_eq!(composed::<Order>(), expected);
    assert_eq!(composed::<Invoice>(), [("gsi1pk", ["payer"].as_slice())]);
}

#[test]
fn an_index_key_that_no_write_can_change_is_left_out() {
    assert_eq!(composed::<Booking>(), []);
}

#[test]
fn a_model_without_index_keys_and_an_enum_of_models_have_none() {
    assert_eq!(composed::<Account>(), []);
    assert_eq!(composed::<ProductPrice>(), []);
    assert_eq!(composed::<LedgerEntry>(), []);
}

#[test]
fn every_field_of_a_composed_key_is_an_attribute_of_its_own() {
    fn holds<M: Model>() {
        let known = M::FACTS.attributes;
        for key in M::FACTS.composed {
            assert!(key.fields.iter().chain([&key.attribute]).all(|name| known.contains(name)), "{key:?}");
        }
    }
    holds::<Customer>();
    holds::<Order>();
    holds::<Product>();
    holds::<Invoice>();
}
