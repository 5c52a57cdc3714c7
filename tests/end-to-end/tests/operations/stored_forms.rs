//! What each type is stored as. These forms are permanent: an item that was written once must stay readable.

use aws_sdk_dynamodb::primitives::Blob;
use dynamorm::AttributeValue::{self, B, Bool, Bs, L, M, N, Ns, Null, S, Ss};
use dynamorm::{Json, Operations, Timestamp};
use end_to_end::operations::{Colour, Everything, Shape};
use end_to_end::samples::{everything, instant};
use serde_json::json;

/// What the sample stores under a name, once it is changed.
fn stored(name: &str, change: impl FnOnce(&mut Everything)) -> AttributeValue {
    let mut value = everything();
    change(&mut value);
    value.to_item().unwrap().remove(name).unwrap()
}

/// That a changed sample is refused, at this path.
fn assert_refused(path: &str, change: impl FnOnce(&mut Everything)) {
    let mut value = everything();
    change(&mut value);
    let error = value.to_item().unwrap_err();
    assert!(error.is_validation(), "{error:?}");
    assert_eq!(error.attribute(), Some(path), "{error}");
}

fn text(text: &str) -> AttributeValue {
    S(text.to_owned())
}

fn number(digits: &str) -> AttributeValue {
    N(digits.to_owned())
}

fn map<const E: usize>(entries: [(&str, AttributeValue); E]) -> AttributeValue {
    M(entries.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

#[test]
fn text_is_stored_as_it_is() {
    assert_eq!(stored("text", |value| value.text = "a \"b\"\n".to_owned()), text("a \"b\"\n"));
}

#[test]
fn a_boolean_is_stored_as_bool() {
    assert_eq!(stored("flag", |value| value.flag = false), Bool(false));
}

#[test]
fn integers_are_stored_as_their_digits() {
    assert_eq!(stored("u8", |value| value.u8 = 0), number("0"));
    assert_eq!(stored("u16", |value| value.u16 = 65_535), number("65535"));
    assert_eq!(stored("u32", |value| value.u32 = 1_000_000), number("1000000"));
    assert_eq!(stored("u64", |value| value.u64 = u64::MAX), number("18446744073709551615"));
    assert_eq!(stored("i8", |value| value.i8 = -128), number("-128"));
    assert_eq!(stored("i16", |value| value.i16 = -1), number("-1"));
    assert_eq!(stored("i32", |value| value.i32 = i32::MIN), number("-2147483648"));
    assert_eq!(stored("i64", |value| value.i64 = i64::MIN), number("-9223372036854775808"));
}

#[test]
fn integers_of_38_digits_are_stored_as_their_digits() {
    let largest = 99_999_999_999_999_999_999_999_999_999_999_999_999_u128;
    let smallest = -99_999_999_999_999_999_999_999_999_999_999_999_999_i128;

    assert_eq!(stored("u128", |value| value.u128 = largest), number(&"9".repeat(38)));
    assert_eq!(stored("i128", |value| value.i128 = smallest), number(&format!("-{}", "9".repeat(38))));
}

#[test]
fn integers_of_39_digits_are_refused() {
    assert_refused("u128", |value| value.u128 = 100_000_000_000_000_000_000_000_000_000_000_000_001);
    assert_refused("u128", |value| value.u128 = u128::MAX);
    assert_refused("i128", |value| value.i128 = i128::MIN);
}

#[test]
fn floats_are_stored_as_the_shortest_digits_of_their_own_width() {
    assert_eq!(stored("f32", |value| value.f32 = 0.1), number("0.1"));
    assert_eq!(stored("f64", |value| value.f64 = 0.1 + 0.2), number("0.30000000000000004"));
    assert_eq!(stored("f64", |value| value.f64 = -2.0), number("-2"));
    assert_eq!(stored("f64", |value| value.f64 = 1e100), number("1e100"));
    assert_eq!(stored("f64", |value| value.f64 = 1.5e-7), number("1.5e-7"));
}

#[test]
fn zero_has_no_sign() {
    assert_eq!(stored("f64", |value| value.f64 = -0.0), number("0"));
}

#[test]
fn floats_that_are_no_numbers_are_refused() {
    assert_refused("f32", |value| value.f32 = f32::NAN);
    assert_refused("f64", |value| value.f64 = f64::NAN);
    assert_refused("f64", |value| value.f64 = f64::INFINITY);
    assert_refused("f32", |value| value.f32 = f32::NEG_INFINITY);
    assert_refused("numbers[1]", |value| value.numbers = vec![1.0, f64::NAN]);
}

#[test]
fn floats_beyond_the_range_of_a_number_are_refused() {
    assert_refused("f64", |value| value.f64 = f64::MAX);
    assert_refused("f64", |value| value.f64 = 1e126);
    assert_refused("f64", |value| value.f64 = f64::MIN_POSITIVE);
    assert_refused("f64", |value| value.f64 = 9e-131);
}

#[test]
fn decimals_are_stored_in_their_one_form() {
    let stored = |digits: &str| stored("decimal", |value| value.decimal = digits.parse().unwrap());

    assert_eq!(stored("1.50"), number("1.5"));
    assert_eq!(stored("-0.00"), number("0"));
    assert_eq!(stored("1E+3"), number("1000"));
    assert_eq!(stored("0.000001"), number("0.000001"));
    assert_eq!(
        stored("12345678901234567890123456789012345678"),
        number("12345678901234567890123456789012345678")
    );
    assert_eq!(stored("1E125"), number("1E125"));
    assert_eq!(stored("1E-130"), number("1E-130"));
}

#[test]
fn bytes_are_stored_as_they_are() {
    assert_eq!(stored("bytes", |value| value.bytes = vec![0, 255]), B(Blob::new(vec![0, 255])));
    assert_eq!(stored("bytes", |value| value.bytes = Vec::new()), B(Blob::new(Vec::new())));
}

#[test]
fn an_instant_is_stored_as_text_with_six_digits_of_the_second() {
    let stored = |at: &str| stored("at", |value| value.at = instant(at));

    assert_eq!(stored("2024-02-29T23:59:59Z"), text("2024-02-29T23:59:59.000000Z"));
    assert_eq!(stored("2024-03-01T01:59:59.5+02:00"), text("2024-02-29T23:59:59.500000Z"));
    assert_eq!(stored("0000-01-01T00:00:00.000001Z"), text("0000-01-01T00:00:00.000001Z"));
    assert_eq!(stored("1969-12-31T23:59:59.999999Z"), text("1969-12-31T23:59:59.999999Z"));
}

#[test]
fn an_instant_finer_than_a_microsecond_is_refused() {
    assert_refused("at", |value| value.at = instant("2024-02-29T00:00:00.0000001Z"));
    assert_refused("at", |value| value.at = instant("1969-12-31T23:59:59.9999999Z"));
}

#[test]
fn an_instant_before_the_year_0_is_refused() {
    assert_refused("at", |value| value.at = instant("-000001-12-31T23:59:59Z"));
}

#[test]
fn an_instant_is_stored_as_whole_seconds_where_it_is_declared() {
    assert_eq!(
        stored("at_second", |value| value.at_second = instant("1970-01-02T00:00:00Z")),
        number("86400")
    );
    assert_eq!(stored("at_second", |value| value.at_second = instant("1969-12-31T23:59:59Z")), number("-1"));
    assert_refused("at_second", |value| value.at_second = instant("1970-01-01T00:00:00.5Z"));
}

#[test]
fn an_instant_is_stored_as_whole_milliseconds_where_it_is_declared() {
    assert_eq!(
        stored("at_milli", |value| value.at_milli = instant("1970-01-01T00:00:01.5Z")),
        number("1500")
    );
    assert_refused("at_milli", |value| value.at_milli = instant("1970-01-01T00:00:00.0005Z"));
}

#[test]
fn a_list_of_instants_is_stored_in_the_declared_form() {
    let instants = vec![instant("1970-01-01T00:00:01Z"), instant("1970-01-01T00:00:02Z")];

    assert_eq!(stored("instants", |value| value.instants = instants), L(vec![number("1"), number("2")]));
}

#[test]
fn a_date_is_stored_as_text() {
    assert_eq!(stored("day", |value| value.day = "2024-02-29".parse().unwrap()), text("2024-02-29"));
    assert_eq!(stored("day", |value| value.day = "0001-01-01".parse().unwrap()), text("0001-01-01"));
}

#[test]
fn a_uuid_is_stored_in_lower_case_with_hyphens() {
    let uuid = "0123456789ABCDEF0123456789ABCDEF".parse().unwrap();

    assert_eq!(stored("uuid", |value| value.uuid = uuid), text("01234567-89ab-cdef-0123-456789abcdef"));
}

#[test]
fn a_ulid_is_stored_as_26_characters() {
    let ulid = "01ARZ3NDEKTSV4RRFFQ69G5FAV".parse().unwrap();

    assert_eq!(stored("ulid", |value| value.ulid = ulid), text("01ARZ3NDEKTSV4RRFFQ69G5FAV"));
}

#[test]
fn json_is_stored_natively() {
    let json = json!({ "a": [1, -1.5, null, true, "x"], "b": {}, "c": [] });
    let list = vec![number("1"), number("-1.5"), Null(true), Bool(true), text("x")];

    let expected = map([("a", L(list)), ("b", map([])), ("c", L(Vec::new()))]);
    assert_eq!(stored("json", |value| value.json = json), expected);
    assert_eq!(stored("json", |value| value.json = Json::Null), Null(true));
}

#[test]
fn an_enumeration_without_fields_is_stored_as_the_name_of_its_variant() {
    assert_eq!(stored("colour", |value| value.colour = Colour::DeepBlue), text("Deep Blue"));
    assert_eq!(stored("colour", |value| value.colour = Colour::Green), text("grün"));
}

#[test]
fn an_enumeration_with_fields_is_stored_as_a_map_of_its_variant() {
    let path = Shape::Path { steps: vec![1], label: Some("up".to_owned()) };
    let fields = map([("steps", L(vec![number("1")])), ("the label", text("up"))]);

    assert_eq!(stored("shape", |value| value.shape = path), map([("named path", fields)]));
    assert_eq!(stored("shape", |value| value.shape = Shape::Point), map([("point", map([]))]));
}

#[test]
fn a_structure_is_stored_as_a_map_without_what_is_absent() {
    let tree = stored("tree", |value| {
        value.tree.weight = None;
        value.tree.leaves.clear();
        value.tree.branches.clear();
    });

    assert_eq!(tree, map([("name", text("tree")), ("branches", L(Vec::new()))]));
}

#[test]
fn a_type_of_serde_is_stored_as_its_serde_form() {
    let peak = map([("Peak", number("1"))]);
    let kinds = L(vec![text("Town"), peak]);

    assert_eq!(
        stored("place", |_| {}),
        map([("name", text("Ulm")), ("height", number("478")), ("kinds", kinds)])
    );
}

#[test]
fn lists_and_maps_are_stored_natively() {
    assert_eq!(stored("texts", |_| {}), L(vec![text("a"), text("")]));
    assert_eq!(stored("grid", |_| {}), L(vec![L(vec![number("1")]), L(Vec::new())]));
    assert_eq!(stored("words", |_| {}), map([("a.b", text("c"))]));
    assert_eq!(stored("nested", |_| {}), map([("outer", map([("inner", number("1"))]))]));
}

#[test]
fn a_missing_element_of_a_list_is_stored_as_null() {
    assert_eq!(stored("gaps", |_| {}), L(vec![number("1"), Null(true)]));
}

#[test]
fn sets_are_stored_natively_in_the_order_of_their_members() {
    assert_eq!(stored("text_set", |_| {}), Ss(vec!["a".to_owned(), "b".to_owned()]));
    assert_eq!(stored("u8_set", |_| {}), Ns(vec!["2".to_owned(), "10".to_owned()]));
    assert_eq!(stored("decimal_set", |_| {}), Ns(vec!["-2".to_owned(), "10".to_owned()]));
    assert_eq!(stored("bytes_set", |_| {}), Bs(vec![Blob::new(vec![1]), Blob::new(vec![2])]));
}

#[test]
fn an_empty_set_and_none_are_stored_as_no_attribute() {
    let value = Everything { text_set: [].into(), maybe_set: Some([].into()), ..everything() };

    let item = value.to_item().unwrap();

    assert!(!item.contains_key("text_set"));
    assert!(!item.contains_key("maybe_set"));
    assert!(!item.contains_key("maybe_text"));
}

#[test]
fn an_empty_text_may_be_a_member_of_a_set() {
    assert_eq!(stored("text_set", |value| value.text_set = [String::new()].into()), Ss(vec![String::new()]));
}

#[test]
fn an_empty_set_within_a_list_or_map_is_refused() {
    assert_refused("set_list[0]", |value| value.set_list = vec![[].into()]);
    assert_refused("set_map.a", |value| value.set_map = [("a".to_owned(), [].into())].into());
}

#[test]
fn a_set_within_a_list_or_map_is_stored_natively() {
    let set = || Ns(vec!["1".to_owned()]);

    assert_eq!(stored("set_list", |value| value.set_list = vec![[1].into()]), L(vec![set()]));
    assert_eq!(
        stored("set_map", |value| value.set_map = [("a".to_owned(), [1].into())].into()),
        map([("a", set())])
    );
}

#[test]
fn any_instant_of_rfc_3339_is_read() {
    for written in ["2024-02-29T23:59:59Z", "2024-03-01T00:59:59+01:00", "2024-02-29t23:59:59.000z"] {
        let mut item = everything().to_item().unwrap();
        item.insert("at".to_owned(), text(written));

        let at: Timestamp = Everything::from_item(item).unwrap().at;

        assert_eq!(at, instant("2024-02-29T23:59:59Z"), "{written}");
    }
}
