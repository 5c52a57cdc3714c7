//! Bodies of responses, and what may happen to them on the way.

use std::fmt::Write as _;

use aws_smithy_types::base64;
use proptest::collection::vec;
use proptest::prelude::*;

use super::everything::NAMES;
use crate::wire::Reader;
use crate::wire::reader::Broken;

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

pub(super) fn text() -> impl Strategy<Value = String> {
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
        // Some are written raw, whether or not that is valid.
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
pub(super) fn body() -> impl Strategy<Value = String> {
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
pub(super) enum Damage {
    CutOff(prop::sample::Index),
    Replaced(prop::sample::Index, u8),
    Left(prop::sample::Index),
    Doubled(prop::sample::Index, prop::sample::Index),
}

pub(super) fn damage() -> impl Strategy<Value = Damage> {
    let byte = prop_oneof![any::<u8>(), prop::sample::select(b"{}[]\",:\\nutf0-9eE. \x1f".to_vec())];
    prop_oneof![
        any::<prop::sample::Index>().prop_map(Damage::CutOff),
        (any::<prop::sample::Index>(), byte).prop_map(|(at, byte)| Damage::Replaced(at, byte)),
        any::<prop::sample::Index>().prop_map(Damage::Left),
        (any::<prop::sample::Index>(), any::<prop::sample::Index>())
            .prop_map(|(from, to)| Damage::Doubled(from, to)),
    ]
}

pub(super) fn damaged(mut body: Vec<u8>, damages: &[Damage]) -> Vec<u8> {
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

/// The body with only the last member of every name; `None` if no object has a name twice, or if it is no JSON.
pub(super) fn without_repeats(body: &[u8]) -> Option<String> {
    let reader = Reader::new(body).ok()?;
    let (mut single, mut has_repeats) = (String::new(), false);
    write_without_repeats(&reader, &mut single, &mut has_repeats).ok()?;
    reader.end().ok()?;
    has_repeats.then_some(single)
}

fn write_without_repeats(
    reader: &Reader<'_>,
    into: &mut String,
    has_repeats: &mut bool,
) -> Result<(), Broken> {
    match reader.peek() {
        Some(b'{') => {
            let mut members: Vec<(String, String)> = Vec::new();
            reader.expect(b'{', "an object")?;
            if reader.peek() == Some(b'}') {
                reader.advance(1);
            } else {
                loop {
                    let raw = reader.raw_string()?;
                    reader.expect(b':', "`:`")?;
                    let mut value = String::new();
                    write_without_repeats(reader, &mut value, has_repeats)?;
                    let written = format!("\"{raw}\"");
                    // A name can be written in several ways. A name that cannot be unescaped is never read.
                    let name = Reader::of_text(&written).string().map(|name| quoted(&name, false));
                    let name = name.unwrap_or(written);
                    let before = members.len();
                    members.retain(|(other, _)| *other != name);
                    *has_repeats |= members.len() < before;
                    members.push((name, value));
                    if reader.is_last(b'}')? {
                        break;
                    }
                }
            }
            let members: Vec<_> = members.iter().map(|(name, value)| format!("{name}:{value}")).collect();
            let _ = write!(into, "{{{}}}", members.join(","));
        }
        Some(b'[') => {
            let mut elements = Vec::new();
            reader.array(|| {
                let mut element = String::new();
                write_without_repeats(reader, &mut element, has_repeats)?;
                elements.push(element);
                Ok(())
            })?;
            let _ = write!(into, "[{}]", elements.join(","));
        }
        _ => into.push_str(reader.raw_value()?),
    }
    Ok(())
}
