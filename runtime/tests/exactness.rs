//! What is read is what is stored: whatever text is accepted, the value is written back as a value that is equal, and a key
//! as the same key.
#![cfg(feature = "testing")]

use std::fmt::Debug;

use dynamorm::key::{Cut, Digits, Epoch, Escaped, InKey, KeyForm, LastText, Signed, SortableDecimal, Stored};
use dynamorm::kind::{
    AsBytes, AsNumber, AsText, Base64, Bytes, EpochMicroseconds, EpochMilliseconds, EpochSeconds, List, Map,
    NoOffset, NullIsEmpty, PlusColonZero, PlusZero, Rfc3339, Set, Truncated, UpperCase, Zulu,
};
use dynamorm::testing::proptest::collection::vec;
use dynamorm::testing::proptest::prelude::*;
use dynamorm::testing::proptest::string::string_regex;
use dynamorm::testing::proptest::test_runner::{Config, TestRunner};
use dynamorm::{AttributeValue, Date, Decimal, Json, KeyText, Kind, Timestamp, Ulid, Uuid, Value};

/// How many texts each kind and form is shown.
const CASES: u32 = 1_000;
/// How many times as many there are at the most, until one was accepted and one refused.
const ROUNDS: usize = 50;

const NUMBER: &str = r"-?(0|[1-9][0-9]{0,39})(\.[0-9]{1,12})?([eE][-+]?[0-9]{1,3})?";
const INTEGER: &str = r"-?[0-9]{1,4}(0{0,36})(\.0{1,3})?([eE]\+?[0-9])?";
const INSTANT: &str = concat!(
    r"([0-9]{4}|-00000[01])-(0[1-9]|1[0-2])-[0-2][0-9][Tt ]([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)",
    r"([.,](000|[0-9]{1,9}))?([Zz]|[+-]0[0-9]:?[0-5][0-9]|\+00)(\[UTC\])?"
);
const WRITTEN_INSTANT: &str =
    r"20[0-9]{2}-[01][0-9]-[0-2][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9](\.[0-9]{3}([0-9]{3})?)?Z";
/// As other libraries write it.
const FOREIGN_INSTANT: &str = r"20[0-9]{2}-[01][0-9]-[0-2][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9](\.([0-9]{3}){1,3})?(Z|\+0000|\+00:00)?";
const DATE: &str = r"(-00)?[0-9]{4}-?[01][0-9]-?[0-3][0-9]";
const UUID: &str = concat!(
    r"(urn:uuid:|\{)?[0-9a-fA-F]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}\}?",
    r"|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}"
);
const ULID: &str = "[0-9A-HJKMNP-TV-Za-z]{26}|[0-8][0-9A-HJKMNP-TV-Z]{25}";

/// Texts of a pattern, which is compiled once.
fn texts(pattern: &str) -> BoxedStrategy<String> {
    string_regex(pattern).unwrap().boxed()
}

fn text(pattern: &str) -> BoxedStrategy<AttributeValue> {
    prop_oneof![9 => texts(pattern), 1 => any::<String>()].prop_map(AttributeValue::S).boxed()
}

fn number(pattern: &str) -> BoxedStrategy<AttributeValue> {
    texts(pattern).prop_map(AttributeValue::N).boxed()
}

/// Numbers of all sizes, and some that are near the ends of what is held.
fn numbers() -> BoxedStrategy<AttributeValue> {
    let ends = prop_oneof![
        Just("9".repeat(38) + "E88"),
        Just("1E-130".to_owned()),
        Just("1E-50".to_owned()),
        Just("3.4028235E38".to_owned()),
        Just("1E-45".to_owned()),
        Just(u128::MAX.to_string()),
        Just(format!("1{}", "0".repeat(38))),
    ];
    prop_oneof![4 => number(NUMBER), 4 => number(INTEGER), 1 => ends.prop_map(AttributeValue::N)].boxed()
}

/// Whether two stored values are one and the same to DynamoDB.
fn is_same(left: &AttributeValue, right: &AttributeValue) -> bool {
    match (left, right) {
        (AttributeValue::N(left), AttributeValue::N(right)) => {
            left.parse::<Decimal>().unwrap() == right.parse::<Decimal>().unwrap()
        }
        _ => left == right,
    }
}

/// Shows stored values to a test, which says whether it accepted them, and demands that it accepted some and refused some.
fn show<T: Debug>(name: &str, values: impl Strategy<Value = T>, refuses: bool, test: impl Fn(T) -> bool) {
    let (accepted, refused) = (std::cell::Cell::new(0), std::cell::Cell::new(0));
    let mut runner = TestRunner::new(Config { cases: CASES, failure_persistence: None, ..Config::default() });
    // Some forms are so rare among random texts that one round may meet none of them.
    for _ in 0..ROUNDS {
        runner
            .run(&values, |value| {
                let count = if test(value) { &accepted } else { &refused };
                count.set(count.get() + 1);
                Ok(())
            })
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        if accepted.get() > 0 && (!refuses || refused.get() > 0) {
            break;
        }
    }
    assert!(accepted.get() > 0, "{name}: nothing was accepted");
    assert!(!refuses || refused.get() > 0, "{name}: nothing was refused");
}

/// A value that is read is accepted by a put, and read again as an equal one.
fn assert_kept<K: Kind<Value: PartialEq + Debug>>(values: BoxedStrategy<AttributeValue>, refuses: bool) {
    show(std::any::type_name::<K>(), values, refuses, |stored| {
        let Ok(read) = K::decode(Value::from(&stored)) else { return false };
        if K::is_absent(&read) {
            return true;
        }
        let written =
            K::encode(&read).unwrap_or_else(|error| panic!("{stored:?} was read as {read:?}: {error}"));
        let again = K::decode(Value::from(&written)).unwrap();
        assert_eq!(again, read, "{stored:?} was written back as {written:?}");
        true
    });
}

/// A key that is read is written as the same key; and so is what [`assert_kept`] demands.
fn assert_key<K: Kind<Value: PartialEq + Debug>>(values: BoxedStrategy<AttributeValue>, refuses: bool) {
    assert_kept::<K>(values.clone(), false);
    show(std::any::type_name::<K>(), values, refuses, |stored| {
        let Ok(read) = K::decode_key(Value::from(&stored)) else { return false };
        let written = K::encode(&read).unwrap();
        assert!(is_same(&written, &stored), "{stored:?} was read as {read:?} and written as {written:?}");
        assert_eq!(K::decode(Value::from(&stored)).unwrap(), read, "a key is read as another attribute is");
        true
    });
}

/// A part of a key that is read is written as the same text, whatever follows it.
fn assert_form<F: KeyForm>(pattern: &str, refuses: bool) {
    for literal in ["", "#", "%#"] {
        let texts = prop_oneof![5 => texts(pattern), 1 => any::<String>()];
        show(&format!("{} before {literal:?}", std::any::type_name::<F>()), texts, refuses, |text| {
            let key = format!("A#{text}{literal}");
            let read = Value::of_text(&key).key("A#").and_then(|mut reader| {
                let value = reader.part::<F>(literal)?;
                reader.end().map(|()| value)
            });
            let Ok(value) = read else { return false };
            let written = KeyText::new("A#").part::<F>("field", &value, literal).finish();
            assert_eq!(written.as_ref(), Ok(&key));
            true
        });
    }
}

#[test]
fn what_is_read_of_an_attribute_is_kept() {
    assert_kept::<Json>(numbers(), true);
    assert_kept::<f32>(numbers(), true);
    assert_kept::<f64>(numbers(), true);
    assert_kept::<bool>(any::<bool>().prop_map(AttributeValue::Bool).boxed(), false);
    assert_kept::<Option<Timestamp>>(text(INSTANT), true);
    assert_kept::<Option<u8>>(prop_oneof![numbers(), Just(AttributeValue::Null(true))].boxed(), true);
    let list = |values: BoxedStrategy<AttributeValue>| vec(values, 0..3).prop_map(AttributeValue::L).boxed();
    assert_kept::<List<Timestamp>>(list(text(INSTANT)), true);
    assert_kept::<List<f32>>(list(numbers()), true);
    let entry = |value| AttributeValue::M([("entry".to_owned(), value)].into());
    assert_kept::<Map<Uuid>>(text(UUID).prop_map(entry).boxed(), true);
    assert_kept::<Map<Ulid>>(text(ULID).prop_map(entry).boxed(), true);
    let members = vec(texts(NUMBER), 1..3).prop_map(AttributeValue::Ns).boxed();
    assert_kept::<Set<Decimal>>(members.clone(), true);
    assert_kept::<Set<u128>>(members, true);
    let texts_of = |pattern: &'static str| vec(texts(pattern), 1..3).prop_map(AttributeValue::Ss).boxed();
    assert_kept::<Set<Uuid>>(texts_of(UUID), true);
    assert_kept::<Set<UpperCase<Uuid>>>(texts_of(UUID), true);
    assert_kept::<Set<Date>>(texts_of(DATE), true);
    assert_kept::<Set<AsText<u16>>>(texts_of("[0-9]{1,6}"), true);
    assert_kept::<Set<EpochSeconds>>(vec(texts(INTEGER), 1..3).prop_map(AttributeValue::Ns).boxed(), true);
    assert_kept::<AsText<f32>>(text(NUMBER), true);
    assert_kept::<AsText<Json>>(
        text(concat!(r#"(\[|\{"a": ?|)"#, r"-?[0-9]{1,25}(\.[0-9]{1,4})?", r"(\]|\}|)")),
        true,
    );
    assert_kept::<NullIsEmpty<String>>(
        prop_oneof![text("a?"), Just(AttributeValue::Null(true))].boxed(),
        false,
    );
    assert_kept::<Set<String>>(vec(any::<String>(), 1..3).prop_map(AttributeValue::Ss).boxed(), false);
}

#[test]
fn what_is_read_of_a_key_is_the_same_key() {
    assert_key::<String>(text(INSTANT), false);
    let bytes = vec(any::<u8>(), 0..9).prop_map(|bytes| AttributeValue::B(bytes.into()));
    assert_key::<Bytes>(bytes.boxed(), false);
    assert_key::<Timestamp>(prop_oneof![text(INSTANT), text(WRITTEN_INSTANT)].boxed(), true);
    assert_key::<Date>(text(DATE), true);
    assert_key::<Uuid>(text(UUID), true);
    assert_key::<Ulid>(text(ULID), true);
    assert_key::<EpochSeconds>(numbers(), true);
    assert_key::<EpochMilliseconds>(numbers(), true);
    assert_key::<EpochMicroseconds>(numbers(), true);
    assert_key::<Truncated<EpochMilliseconds>>(numbers(), true);
    let instants = || prop_oneof![text(INSTANT), text(WRITTEN_INSTANT), text(FOREIGN_INSTANT)].boxed();
    assert_key::<Rfc3339<0, Zulu>>(instants(), true);
    assert_key::<Rfc3339<3, Zulu>>(instants(), true);
    assert_key::<Rfc3339<6, PlusZero>>(instants(), true);
    assert_key::<Rfc3339<6, NoOffset>>(instants(), true);
    assert_key::<Rfc3339<9, PlusColonZero>>(instants(), true);
    assert_key::<Truncated<Rfc3339<3, PlusZero>>>(instants(), true);
    assert_key::<Decimal>(numbers(), true);
    assert_key::<UpperCase<Uuid>>(text(UUID), true);
    let sixteen = prop_oneof![vec(any::<u8>(), 16), vec(any::<u8>(), 0..20)];
    assert_key::<AsBytes<Uuid>>(sixteen.prop_map(|bytes| AttributeValue::B(bytes.into())).boxed(), true);
    assert_key::<Base64>(text("[A-Za-z0-9+/]{0,6}={0,2}"), true);
    assert_key::<AsNumber<bool>>(number(r"[01](\.0)?|2"), true);
    assert_key::<AsText<bool>>(text("true|false|True|1"), true);
    assert_key::<AsText<u32>>(text(INTEGER), true);
    assert_key::<AsText<Decimal>>(text(NUMBER), true);
    assert_key::<u8>(numbers(), true);
    assert_key::<u16>(numbers(), true);
    assert_key::<u32>(numbers(), true);
    assert_key::<u64>(numbers(), true);
    assert_key::<u128>(numbers(), true);
    assert_key::<i8>(numbers(), true);
    assert_key::<i16>(numbers(), true);
    assert_key::<i32>(numbers(), true);
    assert_key::<i64>(numbers(), true);
    assert_key::<i128>(numbers(), true);
}

#[test]
fn what_is_read_of_a_part_of_a_key_is_the_same_part() {
    assert_form::<Stored<String>>("[a-z#%]{0,4}", false);
    assert_form::<LastText>("[a-z#%]{0,4}", false);
    assert_form::<Escaped>("([a-z#%]|%23|%25|%2a|%C3%A9|é){0,4}", true);
    assert_form::<Stored<Uuid>>(UUID, true);
    assert_form::<Stored<Ulid>>(ULID, true);
    assert_form::<Stored<UpperCase<Uuid>>>(UUID, true);
    assert_form::<Stored<AsText<u64>>>("0?[0-9]{1,6}", true);
    assert_form::<Stored<Date>>(DATE, true);
    assert_form::<Stored<Timestamp>>(WRITTEN_INSTANT, true);
    assert_form::<Stored<Rfc3339<0, Zulu>>>(WRITTEN_INSTANT, true);
    assert_form::<Stored<Rfc3339<3, Zulu>>>(WRITTEN_INSTANT, true);
    assert_form::<Stored<Rfc3339<6, PlusZero>>>(FOREIGN_INSTANT, true);
    assert_form::<Stored<Rfc3339<9, NoOffset>>>(FOREIGN_INSTANT, true);
    assert_form::<Cut<Stored<Rfc3339<0, Zulu>>, Rfc3339<0, Zulu>>>(WRITTEN_INSTANT, true);
    assert_form::<Epoch<EpochSeconds>>("[0-9]{9,11}", true);
    assert_form::<Epoch<EpochMilliseconds>>("[0-9]{12,14}", true);
    assert_form::<Epoch<EpochMicroseconds>>("[0-9]{15,17}", true);
    assert_form::<Cut<Epoch<EpochSeconds>, EpochSeconds>>("[0-9]{9,11}", true);
    assert_form::<Digits<u8, 3>>("[0-9]{1,4}|[0-9+-]{1,4}", true);
    assert_form::<Digits<u64, 20>>("0{0,17}[0-9]{3,20}", true);
    assert_form::<Signed<i8, 3>>("[0-]([09]{1,4}|[0-9]{3})", true);
    assert_form::<Signed<i64, 19>>("[0-][09][0-9]{18}", true);
    assert_form::<SortableDecimal>("[01-](0{41}|[012][0-9]{2}[0-9]{38})", true);
}

/// A kind of the application's, of which only what every kind must have is known.
#[derive(Debug)]
enum Word {}

impl Kind for Word {
    type Value = String;
    type Present = Self;

    fn decode(value: Value<'_>) -> dynamorm::Result<String, dynamorm::DecodeError> {
        String::decode(value)
    }

    fn encode(value: &String) -> dynamorm::Result<AttributeValue, dynamorm::EncodeError> {
        String::encode(value)
    }
}

impl InKey for Word {}

#[test]
fn a_kind_without_forms_of_its_own_is_kept_in_keys() {
    assert_key::<Word>(text(UUID), false);
    assert_form::<Stored<Word>>("[a-z]{0,4}", false);
}
