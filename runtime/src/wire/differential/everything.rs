//! An item with every kind, and the results of decoding it.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_dynamodb::types::AttributeValue;

use crate::decode::{DecodeError, Fields};
use crate::kind::{Bytes, List, Map, Serde, Set};
use crate::{Decimal, Json, Timestamp, Uuid};

/// An attribute of every kind.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Everything {
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
    forgiving: bool,
}

pub(super) const NAMES: [&str; 18] = [
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

pub(super) fn everything(fields: Fields<'_>) -> Result<Everything, DecodeError> {
    fields.read_as(|read: &mut Everything, name, value| {
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
            // Visitors that look at a value and leave it, or read a part of one and go on after an error.
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
                read.forgiving = list.is_ok();
                Ok(())
            }
            _ => value.skip(),
        }
    })
}

/// The result of one path for an item.
#[derive(Debug)]
pub(super) struct Decoded {
    pub value: Result<Everything, DecodeError>,
    pub key: String,
    pub type_name: Option<String>,
}

pub(super) fn decoded(fields: Fields<'_>) -> Decoded {
    let type_name = fields.text("text").map(|text| text.into_owned());
    let key = sorted(&fields.attributes(&["text", "small"]));
    Decoded { value: everything(fields), key, type_name }
}

/// An item as text that does not depend on the order of its attributes.
pub(super) fn sorted(item: &crate::Item) -> String {
    format!("{:?}", item.iter().map(|(name, value)| (name, sorted_value(value))).collect::<BTreeMap<_, _>>())
}

fn sorted_value(value: &AttributeValue) -> String {
    match value {
        AttributeValue::L(list) => format!("{:?}", list.iter().map(sorted_value).collect::<Vec<_>>()),
        AttributeValue::M(map) => sorted(map),
        value => format!("{value:?}"),
    }
}
