//! What is declared with names of its own.

use strict::models::{Note, State, tables};

#[test]
fn a_table_may_be_called_by_a_keyword() {
    assert_eq!(tables::gen_::BY_NAME.name, "by-name");
}

#[test]
fn variants_are_in_camel_case_whatever_is_stored() {
    let state = State::InProgress;
    assert!(matches!(state, State::InProgress | State::Done | State::Moved { .. }));
}

#[test]
fn fields_have_the_attributes_that_are_declared() {
    let note = Note::builder().id("1").name("a").quote("q").unit("u").state(State::Done).build().unwrap();
    let json = ddb::serde_json::to_value(&note).unwrap();
    assert_eq!((&json["noteName"], &json["open"]), (&"a".into(), &7.into()), "{json}");
}

#[test]
fn a_model_that_nobody_else_sees_works() {
    assert!(strict::is_valid("12") && !strict::is_valid("1"));
}
