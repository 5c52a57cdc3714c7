//! Whatever is changed in a stored item: a value that is read from it is put back under the same key, and is read again as
//! the same value.

use std::fmt::Debug;

use dynamorm::generated::{from_item, to_item};
use dynamorm::testing::proptest::prelude::*;
use dynamorm::testing::proptest::sample::Index;
use dynamorm::testing::proptest::test_runner::{Config, TestRunner};
use dynamorm::{AttributeValue, Item, Model, Record};
use end_to_end::{keys, single_table};

use crate::models::{
    Badge, Click, Entry, Forms, JavaReading, JavascriptReading, Note, Nulls, OrderLine, Parcel,
    PythonReading, Reading, Sample, Task, Values,
};

/// How many items of each model are changed.
const CASES: u32 = 1_500;

/// What is done to a text.
#[derive(Clone, Debug)]
enum Change {
    Case,
    Remove(Index),
    Insert(Index, char),
    Replace(Index, char),
    /// As other programs write instants.
    Suffix(&'static str, &'static str),
    /// The text of another item.
    Other,
}

fn change() -> impl Strategy<Value = Change> {
    let character = || prop_oneof![proptest_char("0-9"), proptest_char("A-Za-z"), proptest_char("#%+. :-")];
    prop_oneof![
        Just(Change::Case),
        any::<Index>().prop_map(Change::Remove),
        (any::<Index>(), character()).prop_map(|(at, character)| Change::Insert(at, character)),
        (any::<Index>(), character()).prop_map(|(at, character)| Change::Replace(at, character)),
        Just(Change::Suffix("Z", "+0000")),
        Just(Change::Suffix("Z", "+00:00")),
        Just(Change::Suffix("000Z", "Z")),
        Just(Change::Suffix("Z", "000Z")),
        Just(Change::Suffix("", "0")),
        Just(Change::Other),
    ]
}

fn proptest_char(class: &'static str) -> BoxedStrategy<char> {
    let text = dynamorm::testing::proptest::string::string_regex(&format!("[{class}]")).unwrap();
    text.prop_map(|text| text.chars().next().unwrap()).boxed()
}

fn changed(text: &str, change: &Change, other: &str) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    match change {
        Change::Case if text.chars().any(char::is_lowercase) => return text.to_uppercase(),
        Change::Case => return text.to_lowercase(),
        Change::Suffix(suffix, another) => {
            return text
                .strip_suffix(suffix)
                .map_or_else(|| text.to_owned(), |text| format!("{text}{another}"));
        }
        Change::Other => return other.to_owned(),
        Change::Insert(at, character) => characters.insert(at.index(characters.len() + 1), *character),
        Change::Remove(_) | Change::Replace(..) if characters.is_empty() => {}
        Change::Remove(at) => drop(characters.remove(at.index(characters.len()))),
        Change::Replace(at, character) => {
            let at = at.index(characters.len());
            characters[at] = *character;
        }
    }
    characters.into_iter().collect()
}

/// Changes a text or the digits of a number of an item.
fn change_item(item: &mut Item, at: &Index, change: &Change, other: &Item) -> bool {
    let mut names: Vec<_> = item.iter().filter(|(_, value)| value.is_s() || value.is_n()).collect();
    names.sort_by_key(|(name, _)| (*name).clone());
    let Some(name) = names.get(at.index(names.len().max(1))).map(|(name, _)| (*name).clone()) else {
        return false;
    };
    let another = match (&item[&name], other.get(&name)) {
        (AttributeValue::S(text), Some(AttributeValue::S(other))) => {
            AttributeValue::S(changed(text, change, other))
        }
        (AttributeValue::S(text), _) => AttributeValue::S(changed(text, change, text)),
        (AttributeValue::N(digits), _) => AttributeValue::N(changed(digits, change, digits)),
        _ => return false,
    };
    let is_number = |digits: &str| digits.parse::<dynamorm::Decimal>().is_ok();
    // DynamoDB stores nothing but numbers as numbers, and no empty key.
    let is_stored = match &another {
        AttributeValue::N(digits) => is_number(digits),
        AttributeValue::S(text) => !text.is_empty(),
        _ => true,
    };
    if !is_stored {
        return false;
    }
    let is_changed = item[&name] != another;
    item.insert(name, another);
    is_changed
}

fn assert_kept<M: Model + PartialEq + Debug>(values: impl Strategy<Value = M> + Clone) {
    let (read, refused) = (std::cell::Cell::new(0), std::cell::Cell::new(0));
    let mut runner = TestRunner::new(Config { cases: CASES, failure_persistence: None, ..Config::default() });
    let model = <M as Record>::FACTS.model;
    let cases = (values.clone(), values, any::<Index>(), change());
    let outcome = runner.run(&cases, |(value, other, at, change)| {
        let mut item = to_item(&value).unwrap();
        if !change_item(&mut item, &at, &change, &to_item(&other).unwrap()) {
            return Ok(());
        }
        let Ok(value) = from_item::<M>(item.clone()) else {
            refused.set(refused.get() + 1);
            return Ok(());
        };
        read.set(read.get() + 1);
        let written = to_item(&value).map_err(|error| TestCaseError::fail(format!("{item:?}: {error}")))?;
        let table = M::FACTS.table;
        for key in std::iter::once(&table.partition_key).chain(&table.sort_key) {
            prop_assert_eq!(&written[key.name], &item[key.name]);
        }
        prop_assert_eq!(from_item::<M>(written).unwrap(), value);
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{model}: {error}"));
    assert!(read.get() > 0 && refused.get() > 0, "{model}: {} read, {} refused", read.get(), refused.get());
}

#[test]
fn what_is_read_is_put_back_under_the_same_key_as_the_same_value() {
    assert_kept(Task::strategy());
    assert_kept(Note::strategy());
    assert_kept(Reading::strategy());
    assert_kept(Badge::strategy());
    assert_kept(Sample::strategy());
    assert_kept(PythonReading::strategy());
    assert_kept(JavascriptReading::strategy());
    assert_kept(JavaReading::strategy());
    assert_kept(Forms::strategy());
    assert_kept(Entry::strategy());
    assert_kept(Click::strategy());
    assert_kept(Values::strategy());
    assert_kept(Nulls::strategy());
    assert_kept(Parcel::strategy());
    assert_kept(OrderLine::strategy());
}

#[test]
fn every_form_of_a_key_is_written_back_as_it_is_read() {
    assert_kept(keys::Event::strategy());
    assert_kept(keys::Word::strategy());
    assert_kept(keys::Road::strategy());
    assert_kept(single_table::Order::strategy());
    assert_kept(single_table::Booking::strategy());
    assert_kept(single_table::ProductPrice::strategy());
    assert_kept(single_table::Reminder::strategy());
}
