//! Kinds by themselves: what is read, what is refused, and where the error says that it stands.

use dynamorm::kind::{EpochMilliseconds, EpochSeconds, List, Map, Serde, Set};
use dynamorm::{AttributeValue, Json, Kind, Timestamp, Value};

fn number(digits: &str) -> AttributeValue {
    AttributeValue::N(digits.to_owned())
}

fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

fn read<K: Kind>(value: AttributeValue) -> Option<K::Value> {
    K::decode(Value::from(value)).ok()
}

/// The path and the message of what is wrong with a value.
fn problem<K: Kind<Value: std::fmt::Debug>>(value: AttributeValue) -> (String, String) {
    let error = K::decode(Value::from(value)).expect_err("the value is refused");
    (error.path().to_owned(), error.message().to_owned())
}

#[test]
fn integers_are_read_in_any_notation_of_a_whole_number() {
    for digits in ["120", "120.0", "1.2E2", "1.2e+2", "0120", "+120"] {
        assert_eq!(read::<u8>(number(digits)), Some(120), "{digits}");
    }
}

#[test]
fn integers_are_refused_where_they_are_not_whole_or_out_of_range() {
    for digits in ["256", "-1", "1.5", "1E3", "", "x"] {
        assert_eq!(read::<u8>(number(digits)), None, "{digits}");
    }
}

#[test]
fn integers_with_a_huge_exponent_are_refused_at_once() {
    assert_eq!(read::<u128>(number("1E999999999")), None);
}

#[test]
fn a_float_beyond_its_width_is_refused() {
    assert_eq!(read::<f32>(number("1E39")), None);
}

#[test]
fn a_value_of_another_type_is_refused_with_both_types() {
    assert_eq!(problem::<u8>(text("1")), (String::new(), "expected N, found S".to_owned()));
    assert_eq!(problem::<String>(number("1")), (String::new(), "expected S, found N".to_owned()));
    assert_eq!(
        problem::<bool>(AttributeValue::Null(true)),
        (String::new(), "expected BOOL, found NULL".to_owned())
    );
}

#[test]
fn an_error_within_lists_and_maps_has_its_path() {
    let inner = AttributeValue::L(vec![number("1"), text("two")]);
    let outer = AttributeValue::M([("key".to_owned(), AttributeValue::L(vec![inner]))].into());

    assert_eq!(problem::<Map<List<List<u8>>>>(outer).0, "key[0][1]");
}

#[test]
fn a_set_is_read_from_a_set_of_its_own_type_alone() {
    assert!(read::<Set<u8>>(AttributeValue::Ns(vec!["1".to_owned()])).is_some());
    assert!(read::<Set<u8>>(AttributeValue::Ss(vec!["1".to_owned()])).is_none());
    assert!(read::<Set<u8>>(AttributeValue::L(vec![number("1")])).is_none());
}

#[test]
fn null_is_none_and_nothing_else() {
    assert_eq!(read::<Option<u8>>(AttributeValue::Null(true)), Some(None));
    assert_eq!(read::<u8>(AttributeValue::Null(true)), None);
}

#[test]
fn instants_of_both_epoch_forms_are_read() {
    let second = Timestamp::from_second(86_400).expect("the instant is in range");

    assert_eq!(read::<EpochSeconds>(number("86400")), Some(second));
    assert_eq!(read::<EpochMilliseconds>(number("86400000")), Some(second));
    assert_eq!(read::<EpochSeconds>(number("8.64E4")), Some(second));
}

#[test]
fn instants_beyond_time_are_refused() {
    assert_eq!(read::<EpochSeconds>(number("999999999999999")), None);
    assert_eq!(read::<EpochMilliseconds>(number("9223372036854775807")), None);
}

#[test]
fn a_date_is_read_in_its_one_form() {
    assert!(read::<dynamorm::Date>(text("2024-02-29")).is_some());
    for refused in ["2024-02-30", "20240229", "2024-2-29", "2024-02-29T00:00:00", "+002024-02-29"] {
        assert_eq!(read::<dynamorm::Date>(text(refused)), None, "{refused}");
    }
}

#[test]
fn json_keeps_the_numbers_that_it_can_hold() {
    assert_eq!(read::<Json>(number("18446744073709551615")), Some(Json::from(u64::MAX)));
    assert_eq!(read::<Json>(number("0.1")), Some(Json::from(0.1)));
}

#[test]
fn json_refuses_the_numbers_that_it_would_change() {
    // Another crate of the build may have made its numbers hold every digit.
    let is_exact =
        dynamorm::serde_json::from_str::<Json>("0.12345678901234567890123").unwrap().to_string().len() > 20;
    for digits in ["0.12345678901234567890123", "18446744073709551616000001"] {
        let kept = read::<Json>(number(digits)).map(|json| json.to_string());
        assert_eq!(kept, is_exact.then(|| digits.to_owned()));
    }
}

#[test]
fn json_has_no_sets_and_no_bytes() {
    assert_eq!(read::<Json>(AttributeValue::Ss(vec!["a".to_owned()])), None);
}

#[test]
fn a_type_of_serde_that_is_no_number_is_refused() {
    for value in [f64::NAN, f64::INFINITY, f64::MAX] {
        assert!(Serde::<f64>::encode(&value).is_err(), "{value}");
    }
}

#[test]
fn a_type_of_serde_that_holds_an_integer_of_39_digits_is_refused() {
    assert!(Serde::<Vec<u128>>::encode(&vec![u128::MAX]).is_err());
}

#[test]
fn a_list_of_small_values_takes_no_more_memory_than_they_need() {
    let stored = AttributeValue::L(vec![number("1"); 1_000]);

    let list = read::<List<u64>>(stored).unwrap();

    assert_eq!(list.len(), 1_000);
    assert!(list.capacity() < 2_000, "{}", list.capacity());
}
