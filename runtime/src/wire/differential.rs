//! One body, two paths: what is read from its bytes is what is read from the SDK's maps.
//!
//! `DYNAMORM_WIRE_CASES=1000000 cargo test -p dynamorm --release wire::differential` takes more cases than a budget allows.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt::{Debug, Write as _};

use aws_sdk_dynamodb::operation as sdk;
use aws_sdk_dynamodb::types::AttributeValue;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::ser_de::DeserializeResponse;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::base64;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::ConfigBag;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::Config;

use super::*;
use crate::decode::{DecodeError, Fields};
use crate::kind::{Bytes, List, Map, Serde, Set};
use crate::{Decimal, Json, Timestamp, Uuid, Value};

/// An attribute of every kind.
#[derive(Debug, Default, PartialEq)]
struct Everything {
    text: Option<String>,
    optional: Option<Option<String>>,
    truth: Option<bool>,
    bytes: Option<Vec<u8>>,
    small: Option<u8>,
    large: Option<i128>,
    float: Option<f64>,
    decimal: Option<Decimal>,
    instant: Option<Timestamp>,
    uuid: Option<Uuid>,
    texts: Option<BTreeSet<String>>,
    numbers: Option<BTreeSet<u32>>,
    several_bytes: Option<BTreeSet<Vec<u8>>>,
    list: Option<Vec<BTreeMap<String, Option<String>>>>,
    map: Option<BTreeMap<String, Vec<i64>>>,
    json: Option<Json>,
    with_serde: Option<Json>,
    constant: bool,
}

const NAMES: [&str; 18] = [
    "text",
    "optional",
    "truth",
    "bytes",
    "small",
    "large",
    "float",
    "decimal",
    "instant",
    "uuid",
    "texts",
    "numbers",
    "several_bytes",
    "list",
    "map",
    "json",
    "with_serde",
    "constant",
];

/// Reads an item, noting whether it has an attribute twice.
fn everything(fields: Fields<'_>, has_twice: &mut bool) -> Result<Everything, DecodeError> {
    let mut seen = HashSet::new();
    fields.read_as(|read: &mut Everything, name, value| {
        *has_twice |= !seen.insert(name.to_owned());
        match name {
            "text" => value.read::<String>(&mut read.text),
            "optional" => value.read::<Option<String>>(&mut read.optional),
            "truth" => value.read::<bool>(&mut read.truth),
            "bytes" => value.read::<Bytes>(&mut read.bytes),
            "small" => value.read::<u8>(&mut read.small),
            "large" => value.read::<i128>(&mut read.large),
            "float" => value.read::<f64>(&mut read.float),
            "decimal" => value.read::<Decimal>(&mut read.decimal),
            "instant" => value.read::<Timestamp>(&mut read.instant),
            "uuid" => value.read::<Uuid>(&mut read.uuid),
            "texts" => value.read::<Set<String>>(&mut read.texts),
            "numbers" => value.read::<Set<u32>>(&mut read.numbers),
            "several_bytes" => value.read::<Set<Bytes>>(&mut read.several_bytes),
            "list" => value.read::<List<Map<Option<String>>>>(&mut read.list),
            "map" => value.read::<Map<List<i64>>>(&mut read.map),
            "json" => value.read::<Json>(&mut read.json),
            "with_serde" => value.read::<Serde<Json>>(&mut read.with_serde),
            // What looks at a value and leaves it, and what takes a part of one and goes on after an error.
            "constant" => {
                read.constant = value.as_text().is_ok();
                Ok(())
            }
            "forgiving" => {
                let mut elements = 0;
                let list = value.into_list().and_then(|list| {
                    list.each(|_| {
                        elements += 1;
                        if elements == 2 { Err(DecodeError::new("enough")) } else { Ok(()) }
                    })
                });
                read.constant |= list.is_ok();
                Ok(())
            }
            _ => value.skip(),
        }
    })
}

/// What one of the paths made of an item.
#[derive(Debug)]
struct Decoded {
    value: Result<Everything, DecodeError>,
    key: String,
    type_name: Option<String>,
    has_twice: bool,
}

fn decoded(fields: Fields<'_>) -> Decoded {
    let type_name = fields.text("text").map(|text| text.into_owned());
    let key = sorted(&fields.attributes(&["text", "small"]));
    let mut has_twice = false;
    let value = everything(fields, &mut has_twice);
    Decoded { value, key, type_name, has_twice }
}

/// What a response says besides its items.
type Around = String;

/// Reads a body on one of the paths.
type Path = fn(&[u8]) -> Outcome;

/// The items of a response, and the rest of it; nothing if it cannot be read.
type Outcome = Option<(Vec<Option<Decoded>>, Around)>;

fn parsed<T: Debug + Send + Sync + 'static>(operation: Operation, body: &[u8]) -> Option<T> {
    let response =
        HttpResponse::new(StatusCode::try_from(200).expect("200 is a status"), SdkBody::from(body));
    let deserializer = operation.deserializer().expect("the SDK has one");
    let output = deserializer.deserialize_nonstreaming_with_config(&response, &ConfigBag::base()).ok()?;
    Some(output.downcast().expect("the output is the operation's"))
}

fn items_of(items: Option<Vec<crate::Item>>) -> Vec<Option<Decoded>> {
    items.unwrap_or_default().into_iter().map(|item| Some(decoded(Fields::from(item)))).collect()
}

/// An item as text that does not depend on the order of its attributes.
fn sorted(item: &crate::Item) -> String {
    format!("{:?}", item.iter().map(|(name, value)| (name, sorted_value(value))).collect::<BTreeMap<_, _>>())
}

fn sorted_value(value: &AttributeValue) -> String {
    match value {
        AttributeValue::L(list) => format!("{:?}", list.iter().map(sorted_value).collect::<Vec<_>>()),
        AttributeValue::M(map) => sorted(map),
        value => format!("{value:?}"),
    }
}

fn query_by_sdk(body: &[u8]) -> Outcome {
    let output: sdk::query::QueryOutput = parsed(Operation::Query, body)?;
    let next = output.last_evaluated_key().filter(|key| !key.is_empty()).map(sorted);
    let units = output.consumed_capacity().and_then(|consumed| consumed.capacity_units());
    let around = format!(
        "{} {} {next:?} {units:?}",
        output.count().unsigned_abs(),
        output.scanned_count().unsigned_abs()
    );
    Some((items_of(output.items), around))
}

fn query_by_bytes(body: &[u8]) -> Outcome {
    let mut items = Vec::new();
    let end = page(body, usize::MAX, &mut |index, fields| {
        items.truncate(index);
        items.push(Some(decoded(fields)));
    })
    .ok()?;
    items.truncate(end.items);
    let (next, units) = (end.next.as_ref().map(sorted), end.capacity);
    Some((items, format!("{} {} {next:?} {units:?}", end.count, end.scanned)))
}

fn get_by_sdk(body: &[u8]) -> Outcome {
    let output: sdk::get_item::GetItemOutput = parsed(Operation::GetItem, body)?;
    let units = output.consumed_capacity().and_then(|consumed| consumed.capacity_units());
    Some((vec![output.item.map(|item| decoded(Fields::from(item)))], format!("{units:?}")))
}

fn get_by_bytes(body: &[u8]) -> Outcome {
    let mut item = None;
    let end = one_item(body, "Item", &mut |fields| item = Some(decoded(fields))).ok()?;
    Some((vec![item.filter(|_| end.has_item)], format!("{:?}", end.capacity)))
}

fn batch_by_sdk(body: &[u8]) -> Outcome {
    let mut output: sdk::batch_get_item::BatchGetItemOutput = parsed(Operation::BatchGetItem, body)?;
    let left = output.unprocessed_keys.as_ref().and_then(|left| left.get("books"));
    let left: Vec<_> = left.map(|left| left.keys().iter().map(sorted).collect()).unwrap_or_default();
    let units = output.consumed_capacity().first().and_then(|consumed| consumed.capacity_units());
    let around = format!("{left:?} {units:?}");
    Some((items_of(output.responses.as_mut().and_then(|responses| responses.remove("books"))), around))
}

fn batch_by_bytes(body: &[u8]) -> Outcome {
    let reader = Reader::new(body).ok()?;
    let read = batch(&reader, "books").ok()?;
    let items = read.items.iter().map(|place| Some(decoded(Fields::at(&reader, *place)))).collect();
    let left: Vec<_> = read.left.iter().map(sorted).collect();
    Some((items, format!("{left:?} {:?}", read.capacity)))
}

fn transaction_by_sdk(body: &[u8]) -> Outcome {
    let output: sdk::transact_get_items::TransactGetItemsOutput = parsed(Operation::TransactGetItems, body)?;
    let units = output.consumed_capacity().first().and_then(|consumed| consumed.capacity_units());
    let responses = output.responses.unwrap_or_default().into_iter();
    let items = responses.map(|response| response.item.map(|item| decoded(Fields::from(item))));
    Some((items.collect(), format!("{units:?}")))
}

fn transaction_by_bytes(body: &[u8]) -> Outcome {
    let reader = Reader::new(body).ok()?;
    let read = transaction(&reader).ok()?;
    let items = read.items.iter().map(|place| place.map(|place| decoded(Fields::at(&reader, place))));
    Some((items.collect(), format!("{:?}", read.capacity)))
}

/// Compares both paths.
fn compare(body: &[u8], by_sdk: Path, by_bytes: Path) -> Result<(), String> {
    let shown = || String::from_utf8_lossy(body).into_owned();
    match (by_sdk(body), by_bytes(body)) {
        (None, None) => Ok(()),
        (Some((sdk_items, sdk_around)), Some((items, around))) => {
            if sdk_around != around {
                return Err(format!("{sdk_around} is not {around} around the items of {}", shown()));
            }
            if sdk_items.len() != items.len() {
                return Err(format!("{} items are not {} of {}", sdk_items.len(), items.len(), shown()));
            }
            for (sdk, bytes) in sdk_items.iter().zip(&items) {
                let is_same = match (sdk, bytes) {
                    (None, None) => true,
                    (Some(sdk), Some(bytes)) => {
                        sdk.key == bytes.key
                            && sdk.type_name == bytes.type_name
                            && match (&sdk.value, &bytes.value) {
                                // Debug, since a float may be none.
                                (Ok(sdk), Ok(bytes)) => format!("{sdk:?}") == format!("{bytes:?}"),
                                (Err(_), Err(_)) => true,
                                // The SDK does not show the first of two attributes with one name.
                                (Ok(_), Err(_)) => bytes.has_twice,
                                (Err(_), Ok(_)) => false,
                            }
                    }
                    _ => false,
                };
                if !is_same {
                    return Err(format!("{sdk:#?}\nis not\n{bytes:#?}\nof {}", shown()));
                }
            }
            Ok(())
        }
        (sdk, bytes) => Err(format!(
            "only one path reads it (the SDK {}, the bytes {}): {}",
            sdk.is_some(),
            bytes.is_some(),
            shown()
        )),
    }
}

fn compare_all(body: &[u8]) -> Result<(), TestCaseError> {
    let paths: [(Path, Path); 4] = [
        (query_by_sdk, query_by_bytes),
        (get_by_sdk, get_by_bytes),
        (batch_by_sdk, batch_by_bytes),
        (transaction_by_sdk, transaction_by_bytes),
    ];
    for (by_sdk, by_bytes) in paths {
        compare(body, by_sdk, by_bytes).map_err(TestCaseError::fail)?;
    }
    Ok(())
}

/// A text as JSON, with more escapes than it needs.
fn quoted(text: &str, escape_all: bool) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' if !escape_all => quoted.push_str("\\n"),
            character if character < ' ' || escape_all => {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    let _ = write!(quoted, "\\u{unit:04x}");
                }
            }
            character => quoted.push(character),
        }
    }
    quoted.push('"');
    quoted
}

fn text() -> impl Strategy<Value = String> {
    let text = prop_oneof![
        "[a-z0-9]{0,12}",
        ".{0,8}",
        Just("2025-01-31T10:00:00.000001Z".to_owned()),
        Just("67e55044-10b1-426f-9247-bb680e5fe0c8".to_owned()),
        prop::sample::select(vec![
            "\\ud83d\\ude00",
            "\\ud83d",
            "\\uDE00",
            "\\u+123",
            "\\x",
            "\\",
            "\"",
            "\u{7f}\u{80}"
        ])
        .prop_map(str::to_owned),
    ];
    (text, any::<bool>(), 0..16_u8).prop_map(|(text, escape_all, raw)| {
        // Some are written as they are, whatever that means.
        if raw == 0 { format!("\"{text}\"") } else { quoted(&text, escape_all) }
    })
}

fn digits() -> impl Strategy<Value = String> {
    let digits = prop_oneof![
        any::<i64>().prop_map(|number| number.to_string()),
        (0..300_u32).prop_map(|number| number.to_string()),
        any::<f64>().prop_map(|number| number.to_string()),
        "-?[0-9]{1,40}(\\.[0-9]{0,3})?([eE][+-]?[0-9]{1,3})?",
        "[a-z0-9.+-]{0,5}",
    ];
    digits.prop_map(|digits| quoted(&digits, false))
}

fn bytes() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => vec(any::<u8>(), 0..12).prop_map(|bytes| format!("\"{}\"", base64::encode(bytes))),
        1 => text(),
    ]
}

fn white_space() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["", "", "", "", "", "", " ", "\n\t", "\r "])
}

/// An attribute value as JSON.
fn value() -> impl Strategy<Value = String> {
    let of = |tag: &'static str, content: BoxedStrategy<String>| {
        (content, white_space())
            .prop_map(move |(content, space)| format!("{{{space}\"{tag}\"{space}:{space}{content}{space}}}"))
    };
    let set = |member: BoxedStrategy<String>| {
        vec(member, 0..4).prop_map(|members| format!("[{}]", members.join(","))).boxed()
    };
    let truth = prop::sample::select(vec!["true", "false", "true", "null", "1"]).prop_map(str::to_owned);
    let odd = prop::sample::select(vec![
        r#"{}"#,
        r#"null"#,
        r#"{"S":null}"#,
        r#"{"S":null,"N":"5"}"#,
        r#"{"N":"5","S":null}"#,
        r#"{"S":"a","N":"5"}"#,
        r#"{"__type":"x","S":"typed"}"#,
        r#"{"S":"typed","__type":{"x":[1,2.5e3,true,null,"\u00e9"]}}"#,
        r#"{"New":{"x":[{}]}}"#,
        r#"{"\u0053":"escaped"}"#,
        r#"{"S":5}"#,
        r#"{"L":[null]}"#,
        r#"{"SS":["a",null]}"#,
        r#"{"M":{"":{"NULL":true}}}"#,
        r#"{"B":"a"}"#,
        r#"{"S":"a",}"#,
        r#"{"N":"1"}}"#,
        r#"{"BOOL":truex}"#,
    ])
    .prop_map(str::to_owned);
    let leaf = prop_oneof![
        6 => of("S", text().boxed()),
        6 => of("N", digits().boxed()),
        2 => of("B", bytes().boxed()),
        2 => of("BOOL", truth.clone().boxed()),
        1 => of("NULL", truth.boxed()),
        2 => of("SS", set(text().boxed())),
        2 => of("NS", set(digits().boxed())),
        1 => of("BS", set(bytes().boxed())),
        1 => odd,
    ];
    leaf.prop_recursive(3, 12, 3, move |inner| {
        prop_oneof![
            of(
                "L",
                vec(inner.clone(), 0..4).prop_map(|elements| format!("[{}]", elements.join(","))).boxed()
            ),
            of("M", object(inner).boxed()),
        ]
    })
}

/// A map or an item of such values.
fn object(value: impl Strategy<Value = String> + 'static) -> impl Strategy<Value = String> {
    let name = prop_oneof![
        6 => prop::sample::select(NAMES.to_vec()).prop_map(|name| quoted(name, false)),
        1 => prop::sample::select(NAMES.to_vec()).prop_map(|name| quoted(name, true)),
        1 => Just("\"forgiving\"".to_owned()),
        1 => text(),
    ];
    vec((name, value, white_space()), 0..7).prop_map(|members| {
        let members: Vec<_> =
            members.into_iter().map(|(name, value, space)| format!("{space}{name}:{space}{value}")).collect();
        format!("{{{}}}", members.join(","))
    })
}

/// An item whose attributes have the types that their kinds read, mostly.
fn fitting_item() -> impl Strategy<Value = String> {
    let value = |name: &'static str| {
        let value: BoxedStrategy<String> = match name {
            "text" | "optional" | "constant" => text().prop_map(|text| format!("{{\"S\":{text}}}")).boxed(),
            "truth" => Just("{\"BOOL\":true}".to_owned()).boxed(),
            "bytes" => bytes().prop_map(|bytes| format!("{{\"B\":{bytes}}}")).boxed(),
            "small" | "large" | "float" | "decimal" => {
                digits().prop_map(|digits| format!("{{\"N\":{digits}}}")).boxed()
            }
            "instant" => Just("{\"S\":\"2025-01-31T10:00:00.000001Z\"}".to_owned()).boxed(),
            "uuid" => Just("{\"S\":\"67e55044-10b1-426f-9247-bb680e5fe0c8\"}".to_owned()).boxed(),
            "texts" => {
                vec(text(), 1..4).prop_map(|texts| format!("{{\"SS\":[{}]}}", texts.join(", "))).boxed()
            }
            "numbers" => Just("{\"NS\":[\"1\",\"2\",\"3e1\"]}".to_owned()).boxed(),
            "several_bytes" => {
                vec(bytes(), 1..4).prop_map(|bytes| format!("{{\"BS\":[{}]}}", bytes.join(","))).boxed()
            }
            "list" => vec(text(), 0..3)
                .prop_map(|texts| {
                    let maps = texts
                        .iter()
                        .map(|text| format!("{{\"M\":{{{text}:{{\"S\":{text}}},\"n\":{{\"NULL\":true}}}}}}"));
                    format!("{{\"L\":[{}]}}", maps.collect::<Vec<_>>().join(","))
                })
                .boxed(),
            "map" => {
                Just("{\"M\":{\"a\":{\"L\":[{\"N\":\"-1\"},{\"N\":\"2.0\"}]},\"b\":{\"L\":[]}}}".to_owned())
                    .boxed()
            }
            _ => value().boxed(),
        };
        value.prop_map(move |value| format!("\"{name}\":{value}"))
    };
    prop::sample::subsequence(NAMES.to_vec(), 0..NAMES.len())
        .prop_shuffle()
        .prop_flat_map(move |names| names.into_iter().map(value).collect::<Vec<_>>())
        .prop_map(|members| format!("{{{}}}", members.join(",")))
}

fn item() -> impl Strategy<Value = String> {
    prop_oneof![3 => fitting_item(), 1 => object(value()), 1 => Just("null".to_owned())]
}

/// The body of a response that has members of all four operations, in any order.
fn body() -> impl Strategy<Value = String> {
    let items = prop_oneof![
        8 => vec(item(), 0..4).prop_map(|items| format!("[{}]", items.join(","))),
        1 => Just("null".to_owned()),
    ];
    let capacity = prop::sample::select(vec![
        r#"{"TableName":"books","CapacityUnits":0.5}"#,
        r#"{"CapacityUnits":1,"Table":{"CapacityUnits":"NaN"},"GlobalSecondaryIndexes":{"by":{"CapacityUnits":2e1}}}"#,
        r#"{"CapacityUnits":null,"Other":[{"x":-0.5e-3}]}"#,
        r#"{"CapacityUnits":"1"}"#,
        r#"{"CapacityUnits":1e999}"#,
        r#"{"LocalSecondaryIndexes":{"by":null}}"#,
        r#"{"TableName":5}"#,
        "null",
        "5",
    ]);
    let number = prop::sample::select(vec![
        "0",
        "25",
        "1.0",
        "1.5",
        "-3",
        "1e2",
        "null",
        "2147483648",
        "01",
        "-",
        "\"NaN\"",
        "\"1\"",
    ]);
    let left = (item(), prop::sample::select(vec!["books", "members"])).prop_map(|(key, table)| {
        format!(r#"{{"{table}":{{"Keys":[{key}],"ConsistentRead":true,"ProjectionExpression":"a","ExpressionAttributeNames":{{"a":"b"}}}}}}"#)
    });
    let member = prop_oneof![
        4 => items.clone().prop_map(|items| format!("\"Items\":{items}")),
        4 => item().prop_map(|item| format!("\"Item\":{item}")),
        2 => items.clone().prop_map(|items| format!("\"Responses\":{{\"books\":{items},\"members\":[]}}")),
        2 => vec(item(), 0..3).prop_map(|items| {
            let responses: Vec<_> = items.iter().map(|item| format!("{{\"Item\":{item},\"New\":1}}")).collect();
            format!("\"Responses\":[{}]", responses.join(","))
        }),
        2 => number.clone().prop_map(|number| format!("\"Count\":{number}")),
        2 => number.prop_map(|number| format!("\"Scanned\\u0043ount\" : {number}")),
        2 => item().prop_map(|key| format!("\"LastEvaluatedKey\":{key}")),
        2 => capacity.clone().prop_map(|capacity| format!("\"ConsumedCapacity\":{capacity}")),
        1 => capacity.prop_map(|capacity| format!("\"ConsumedCapacity\":[{capacity}]")),
        1 => left.prop_map(|left| format!("\"UnprocessedKeys\":{left}")),
        1 => Just(r#""New":{"x":[1,-2.5E+3,true,false,null,"\"\\\/\b\f\n\r\t\u0041",{},[]]}"#.to_owned()),
    ];
    (vec(member, 0..4), white_space(), white_space()).prop_map(|(members, before, after)| {
        format!("{before}{{{}}}{after}", members.join(&format!("{before},{after}")))
    })
}

/// What may happen to a body on its way.
#[derive(Clone, Debug)]
enum Damage {
    CutOff(prop::sample::Index),
    Replaced(prop::sample::Index, u8),
    Left(prop::sample::Index),
    Doubled(prop::sample::Index, prop::sample::Index),
}

fn damage() -> impl Strategy<Value = Damage> {
    let byte = prop_oneof![any::<u8>(), prop::sample::select(b"{}[]\",:\\nutf0-9eE. \x1f".to_vec())];
    prop_oneof![
        any::<prop::sample::Index>().prop_map(Damage::CutOff),
        (any::<prop::sample::Index>(), byte).prop_map(|(at, byte)| Damage::Replaced(at, byte)),
        any::<prop::sample::Index>().prop_map(Damage::Left),
        (any::<prop::sample::Index>(), any::<prop::sample::Index>())
            .prop_map(|(from, to)| Damage::Doubled(from, to)),
    ]
}

fn damaged(mut body: Vec<u8>, damages: &[Damage]) -> Vec<u8> {
    for damage in damages {
        if body.is_empty() {
            break;
        }
        let length = body.len();
        match damage {
            Damage::CutOff(at) => body.truncate(at.index(length)),
            Damage::Replaced(at, byte) => body[at.index(length)] = *byte,
            Damage::Left(at) => drop(body.remove(at.index(length))),
            Damage::Doubled(from, to) => {
                let (from, to) = (from.index(length), to.index(length));
                let part = body[from.min(to)..from.max(to)].to_vec();
                body.splice(to..to, part);
            }
        }
    }
    body
}

fn cases() -> Config {
    let cases = std::env::var("DYNAMORM_WIRE_CASES").ok().and_then(|cases| cases.parse().ok());
    Config { failure_persistence: None, ..Config::with_cases(cases.unwrap_or(1_500)) }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn both_paths_read_a_body_alike(body in body()) {
        compare_all(body.as_bytes())?;
    }

    #[test]
    fn both_paths_read_a_damaged_body_alike(body in body(), damages in vec(damage(), 1..4)) {
        compare_all(&damaged(body.into_bytes(), &damages))?;
    }

    #[test]
    fn both_paths_read_random_bytes_alike(bytes in vec(any::<u8>(), 0..40)) {
        compare_all(&bytes)?;
    }
}

/// A body whose item has a value under so many lists.
fn nested(levels: usize, innermost: &str) -> String {
    let (mut open, mut close) = (String::new(), String::new());
    for level in 0..levels {
        let (before, after) = if level % 2 == 0 { ("{\"L\":[", "]}") } else { ("{\"M\":{\"a\":", "}}") };
        open.push_str(before);
        close.insert_str(0, after);
    }
    let value = format!("{open}{innermost}{close}");
    format!(
        r#"{{"Item":{{"json":{value},"x":{value}}},"Items":[{{"json":{value},"x":{value}}}],"Responses":{{"books":[{{"x":{value}}}]}}}}"#
    )
}

#[test]
fn both_paths_end_at_the_same_depth() {
    for levels in 0..140 {
        for innermost in [r#"{"S":""}"#, r#"{"SS":[]}"#, r#"{"L":[]}"#, r#"{"M":{}}"#] {
            let body = nested(levels, innermost);
            let paths: [(Path, Path); 3] =
                [(query_by_sdk, query_by_bytes), (get_by_sdk, get_by_bytes), (batch_by_sdk, batch_by_bytes)];
            for (by_sdk, by_bytes) in paths {
                compare(body.as_bytes(), by_sdk, by_bytes).expect("both paths agree");
            }
        }
    }
}

#[test]
fn what_nobody_reads_may_be_nested_as_deep_as_in_the_sdk() {
    for depth in [1, 511, 512, 513, 5_000] {
        let body = format!(r#"{{"New":{}{},"Count":1}}"#, "[".repeat(depth), "]".repeat(depth));
        compare(body.as_bytes(), query_by_sdk, query_by_bytes).expect("both paths agree");
    }
}

#[test]
fn a_body_without_an_end_is_no_body_without_items() {
    let body = r#"{"Items":[{"text":{"S":"one"}},{"text":{"S":"two"}}],"Count":2}"#;
    for length in 1..body.len() {
        assert!(page(&body.as_bytes()[..length], usize::MAX, &mut |_, _| ()).is_err(), "{}", &body[..length]);
    }
    let mut items = 0;
    let end = page(body.as_bytes(), usize::MAX, &mut |_, _| items += 1).expect("the body is whole");
    assert_eq!((items, end.items, end.count), (2, 2, 2));
}

#[test]
fn a_value_is_read_at_most_once() {
    let body = br#"{"Item":{"text":{"S":"a\u00e9"},"list":{"L":[{"N":"1"},{"N":"2"}]},"small":{"N":"7"}}}"#;
    let mut seen = Vec::new();
    one_item(body, "Item", &mut |fields| {
        let read = fields.each(|name, value: Value<'_>| {
            match name {
                "text" => assert_eq!(value.as_text(), Ok("aé")),
                // Dropped within the list.
                "list" => drop(value.into_list().map(|list| list.each(|_| Err(DecodeError::new("enough"))))),
                _ => assert_eq!(value.into_digits().as_deref(), Ok("7")),
            }
            seen.push(name.to_owned());
            Ok(())
        });
        assert_eq!(read, Ok(()));
    })
    .expect("the body is whole");
    assert_eq!(seen, ["text", "list", "small"]);
}
