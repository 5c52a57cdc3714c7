//! Numbers of JSON are kept exactly, whatever another crate of the build turns on in `serde_json`.

use dynamorm::{AttributeValue, Decimal, Json, Operations};

use crate::models::{Numbers, Sample};
use crate::{Own, item, number, text};

/// Whether another crate has made numbers of JSON exact.
fn are_exact() -> bool {
    serde_json::from_str::<Json>("1.00000000000000000001").unwrap().to_string().len() > 3
}

fn parsed(json: &str) -> dynamorm::serde_json::Result<Numbers> {
    serde_json::from_str(json)
}

#[test]
fn a_number_of_json_is_stored_as_its_digits() {
    for digits in ["0", "-1", "1.5", "-0.001", "9007199254740993", "18446744073709551615", "1.0E+2"] {
        let numbers = parsed(&format!(r#"{{"id":"x","any":{{"n":[{digits}]}},"price":"1.5"}}"#)).unwrap();
        let stored = numbers.to_item().unwrap();

        let AttributeValue::M(any) = &stored["any"] else { panic!("{stored:?}") };
        let AttributeValue::L(list) = &any["n"] else { panic!("{stored:?}") };
        let AttributeValue::N(written) = &list[0] else { panic!("{stored:?}") };
        assert_eq!(written.parse::<Decimal>().unwrap(), digits.parse().unwrap(), "{digits}");
        let read = Numbers::from_item(stored.clone()).unwrap();
        assert_eq!(read.to_item().unwrap(), stored, "{digits}");
    }
}

#[test]
fn a_number_that_floats_do_not_hold_is_stored_exactly_where_json_holds_it() {
    let digits = "123456789012345678901234567890";
    let numbers = parsed(&format!(r#"{{"id":"x","any":{digits},"price":"1.5"}}"#)).unwrap();
    let stored = item([("id", text("x")), ("any", number(digits)), ("price", number("1.5"))]);

    if are_exact() {
        assert_eq!(numbers.to_item().unwrap(), stored);
        assert_eq!(Numbers::from_item(stored).unwrap(), numbers);
    } else {
        // serde_json has rounded it already.
        assert_eq!(numbers.any.as_f64(), Some(123456789012345678901234567890.0));
        let error = Numbers::from_item(stored).unwrap_err();
        assert!(error.is_item_error(), "{error}");
        assert_eq!(error.attribute(), Some("any"));
    }
}

#[test]
fn a_number_of_json_that_is_stored_is_read_as_rust_code_makes_it() {
    for (digits, expected) in [
        ("1", Json::from(1)),
        ("1E2", Json::from(100)),
        ("-5", Json::from(-5)),
        ("18446744073709551615", Json::from(u64::MAX)),
        ("0.1", Json::from(0.1)),
        ("1E-7", Json::from(1e-7)),
        ("1E+100", Json::from(1e100)),
    ] {
        let stored = item([("id", text("x")), ("json", number(digits))]);
        assert_eq!(Sample::from_item(stored).unwrap().json, Some(expected), "{digits}");
    }
}

#[test]
fn a_number_of_json_that_dynamodb_cannot_hold_is_refused() {
    let numbers = parsed(r#"{"id":"x","any":[1e300],"price":"1"}"#).unwrap();
    let error = numbers.to_item().unwrap_err();

    assert!(error.is_validation(), "{error}");
    assert_eq!(error.attribute(), Some("any[0]"));
}

#[test]
fn a_decimal_is_read_from_any_number_of_json() {
    for digits in ["1.5", "-3", "0.1", "12345678901", "1e3", "\"1.50\""] {
        let numbers = parsed(&format!(r#"{{"id":"x","any":null,"price":{digits}}}"#)).unwrap();
        assert_eq!(numbers.price, digits.trim_matches('"').parse().unwrap(), "{digits}");
    }
    for refused in ["true", "null", "{}", "{\"price\":\"1\"}", "[1]"] {
        assert!(parsed(&format!(r#"{{"id":"x","any":null,"price":{refused}}}"#)).is_err(), "{refused}");
    }
}

#[test]
fn json_within_a_type_of_the_application_is_stored_as_json_is() {
    let any: Json = serde_json::from_str(r#"{"a":[1,2.5,-3],"b":0.001}"#).unwrap();
    let own = Own { any, float: Some(0.25) };
    let numbers = Numbers { id: "x".to_owned(), any: Json::Null, price: Decimal::zero(), own: Some(own) };

    let stored = numbers.to_item().unwrap();

    let list = AttributeValue::L(vec![number("1"), number("2.5"), number("-3")]);
    let AttributeValue::M(own) = &stored["own"] else { panic!("{stored:?}") };
    assert_eq!(own["any"], AttributeValue::M(item([("a", list), ("b", number("0.001"))])));
    assert_eq!(Numbers::from_item(stored).unwrap(), numbers);
}

#[test]
fn a_number_that_a_type_of_the_application_would_round_is_not_read() {
    let digits = "123456789012345678901234567890";
    let own = AttributeValue::M(item([("any", AttributeValue::L(vec![number(digits)]))]));
    let error = Sample::from_item(item([("id", text("x")), ("own", own)])).unwrap_err();

    assert!(error.is_item_error(), "{error}");
    assert_eq!(error.attribute(), Some("own.any[0]"), "{error}");
    assert!(error.to_string().contains(digits), "{error}");
}
