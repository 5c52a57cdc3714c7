//! Comparing written JSON with what the SDK writes for the same values.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_dynamodb::operation::put_item::PutItemInput;
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use aws_smithy_runtime_api::client::interceptors::context::Input;
use aws_smithy_runtime_api::client::ser_de::SerializeRequest;
use aws_smithy_types::config_bag::ConfigBag;
use proptest::collection::{btree_map, btree_set, hash_map, vec};
use proptest::prelude::*;

use super::cases;
use crate::encode::{Encoder, JsonWriter, json_of};
use crate::item::Item;
use crate::kind::{Bytes, EpochMilliseconds, EpochSeconds, Kind, List, Map, Serde, Set};
use crate::wire::{Operation, Reader};
use crate::{Date, Decimal, Json, Timestamp, Ulid, Uuid, limits};

fn text() -> impl Strategy<Value = String> {
    prop_oneof![".{0,20}", "[\\x00-\\x24\\x5c\\x7f-\\x{a0}]{0,9}", "[a-z]{0,40}", "\\PC{0,9}"]
}

fn digits() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<i128>().prop_map(|number| number.to_string()),
        any::<f64>().prop_map(|number| number.to_string()),
        text()
    ]
}

fn bytes() -> impl Strategy<Value = Blob> {
    vec(any::<u8>(), 0..20).prop_map(Blob::new)
}

/// Any value that the SDK can hold.
fn value() -> impl Strategy<Value = AttributeValue> {
    let leaf = prop_oneof![
        text().prop_map(AttributeValue::S),
        digits().prop_map(AttributeValue::N),
        bytes().prop_map(AttributeValue::B),
        any::<bool>().prop_map(AttributeValue::Bool),
        any::<bool>().prop_map(AttributeValue::Null),
        vec(text(), 0..4).prop_map(AttributeValue::Ss),
        vec(digits(), 0..4).prop_map(AttributeValue::Ns),
        vec(bytes(), 0..4).prop_map(AttributeValue::Bs),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(AttributeValue::L),
            hash_map(text(), inner, 0..4).prop_map(AttributeValue::M),
        ]
    })
}

fn item() -> impl Strategy<Value = Item> {
    hash_map(text(), value(), 0..6)
}

/// The item of a `PutItem` as the SDK writes it.
fn by_sdk(item: Item) -> serde_json::Value {
    let input =
        PutItemInput::builder().table_name("books").set_item(Some(item)).build().expect("it is whole");
    let serializer = Operation::PutItem.serializer().expect("the SDK has one");
    let request =
        serializer.serialize_input(Input::erase(input), &mut ConfigBag::base()).expect("it is serialized");
    let body: serde_json::Value =
        serde_json::from_slice(request.body().bytes().expect("the body is there")).expect("it is JSON");
    body["Item"].clone()
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn both_paths_write_an_item_alike(item in item()) {
        let text = json_of(&item).expect("the SDK knows every value");
        let json: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
        prop_assert_eq!(json, by_sdk(item.clone()));
        // Reading it back gives the same value.
        prop_assert_eq!(Reader::of_text(&text).item().expect("it is read"), item);
    }

    #[test]
    fn what_an_item_counts_is_known_while_it_is_written(item in item()) {
        let mut writer = JsonWriter::of_item();
        for (name, value) in &item {
            writer.name(name);
            writer.value(value);
        }
        prop_assert_eq!(writer.size(), limits::item_size(&item));
    }

    #[test]
    fn every_kind_is_written_as_it_is_encoded(
        texts in vec(text(), 0..4),
        number in any::<(u64, i128, f64, f32)>(),
        bytes in vec(any::<u8>(), 0..9),
        seconds in -1_000_000_000_000_i64..253_402_300_799,
        set in btree_set(text(), 0..4),
        numbers in btree_set(any::<i64>(), 0..4),
        map in btree_map(text(), prop::option::of(any::<u16>()), 0..4),
        id in any::<u128>(),
    ) {
        let text = texts.first().cloned();
        same::<String>(&text.clone().unwrap_or_default())?;
        same::<Option<String>>(&text)?;
        same::<bool>(&numbers.is_empty())?;
        same::<Bytes>(&bytes)?;
        same::<u64>(&number.0)?;
        same::<i8>(&(number.0 as i8))?;
        same::<i128>(&number.1)?;
        same::<f64>(&number.2)?;
        same::<f32>(&number.3)?;
        same::<Decimal>(&format!("{seconds}e{}", number.0 % 90).parse().expect("it is a number"))?;
        let instant = Timestamp::new(seconds, (number.0 % 1_000_000_000) as i32).unwrap_or(Timestamp::UNIX_EPOCH);
        same::<Timestamp>(&instant)?;
        same::<EpochSeconds>(&instant)?;
        same::<EpochMilliseconds>(&instant)?;
        same::<Date>(&instant.to_zoned(crate::jiff::tz::TimeZone::UTC).date())?;
        same::<Uuid>(&Uuid::from_u128(id))?;
        same::<Ulid>(&Ulid::from(id))?;
        same::<Set<String>>(&set)?;
        same::<Set<i64>>(&numbers)?;
        same::<Set<Bytes>>(&BTreeSet::from([bytes.clone()]))?;
        same::<List<Option<String>>>(&texts.iter().cloned().map(Some).chain([None]).collect())?;
        same::<List<List<f64>>>(&vec![vec![], vec![number.2]])?;
        same::<Map<Option<u16>>>(&map)?;
        same::<Map<Set<String>>>(&BTreeMap::from([(text.clone().unwrap_or_default(), set)]))?;
        let json = serde_json::json!({ "texts": texts, "number": number.0, "null": null });
        same::<Json>(&json)?;
        same::<Serde<Json>>(&json)?;
    }
}

/// Both paths must store a value alike, or refuse it alike.
fn same<K: Kind>(value: &K::Value) -> Result<(), TestCaseError> {
    let stored = |mut encoder: Encoder| {
        encoder.put::<K>("a", value);
        encoder.put_or_null::<K>("b", value);
        encoder.null_where_absent("a");
        let (item, errors) = encoder.finish();
        if errors.is_empty() { Ok(item) } else { Err(errors) }
    };
    prop_assert_eq!(stored(Encoder::default()), stored(Encoder::of_json()));
    Ok(())
}
