//! Stored items, as exports and scans write them: an object in DynamoDB's JSON per line.

use super::tree::{self, Node};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufRead, Read as _};

/// The longest line to read. An item has at most 400 KB, and escapes make its JSON longer.
const LONGEST_LINE: usize = 4 * 1024 * 1024;
/// How deep DynamoDB nests attributes.
const DEEPEST: usize = 32;

/// An attribute's value. A number is the text that was stored.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum StoredValue {
    Text(String),
    Number(String),
    Bytes(Vec<u8>),
    Bool(bool),
    Null,
    List(Vec<StoredValue>),
    Map(BTreeMap<String, StoredValue>),
    TextSet(Vec<String>),
    NumberSet(Vec<String>),
    BytesSet(Vec<Vec<u8>>),
}

/// An item, with its place in the source.
#[derive(Clone, Debug)]
pub(super) struct Item {
    /// `items.jsonl:12`.
    pub place: String,
    pub attributes: BTreeMap<String, StoredValue>,
}

impl Item {
    pub(super) fn text(&self, attribute: &str) -> Option<&str> {
        self.attributes.get(attribute)?.text()
    }
}

impl StoredValue {
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            StoredValue::Text(text) => Some(text),
            _ => None,
        }
    }

    /// What the value is, in words for a message.
    pub(super) fn what(&self) -> &'static str {
        match self {
            StoredValue::Text(_) => "text",
            StoredValue::Number(_) => "a number",
            StoredValue::Bytes(_) => "bytes",
            StoredValue::Bool(_) => "a bool",
            StoredValue::Null => "NULL",
            StoredValue::List(_) => "a list",
            StoredValue::Map(_) => "a map",
            StoredValue::TextSet(_) => "a set of text",
            StoredValue::NumberSet(_) => "a set of numbers",
            StoredValue::BytesSet(_) => "a set of bytes",
        }
    }
}

/// The content of a file of items.
#[derive(Debug, Default)]
pub(super) struct Sample {
    pub items: Vec<Item>,
    /// Lines that hold no item, and why.
    pub refused: Vec<String>,
    /// Whether there are more items than should be read.
    pub is_cut: bool,
}

/// Reads up to `most` items. A line that is no item is listed, and reading goes on.
pub(super) fn read(file: &str, mut reader: impl BufRead, most: usize) -> io::Result<Sample> {
    let mut sample = Sample::default();
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        let is_whole = read_line(&mut reader, &mut line)?;
        if line.is_empty() {
            break;
        }
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        if number == 1 && matches!(line.trim_ascii(), b"{" | b"[") {
            let why = "it is one object on several lines, and each line is to hold an item: `jq --compact-output '.Items[]'` makes \
                       lines of what a scan prints";
            return Err(io::Error::new(io::ErrorKind::InvalidData, why));
        }
        if sample.items.len() >= most {
            sample.is_cut = true;
            break;
        }
        let place = format!("{file}:{number}");
        let attributes = match is_whole {
            true => attributes_of_line(&line),
            false => {
                Err(format!("longer than {} MiB, and no item is that large", LONGEST_LINE / 1024 / 1024))
            }
        };
        match attributes {
            Ok(attributes) => sample.items.push(Item { place, attributes }),
            Err(why) => sample.refused.push(format!("{place}: {why}")),
        }
    }
    Ok(sample)
}

/// Reads to the end of a line, but keeps only its beginning if it is too long. Returns whether it was kept whole.
fn read_line(reader: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<bool> {
    let limit = LONGEST_LINE as u64 + 1;
    reader.by_ref().take(limit).read_until(b'\n', line)?;
    if line.len() <= LONGEST_LINE {
        return Ok(true);
    }
    let mut is_ended = line.ends_with(b"\n");
    while !is_ended {
        let buffer = reader.fill_buf()?;
        if buffer.is_empty() {
            break;
        }
        let end = buffer.iter().position(|byte| *byte == b'\n');
        is_ended = end.is_some();
        let length = end.map_or(buffer.len(), |end| end + 1);
        reader.consume(length);
    }
    Ok(false)
}

fn attributes_of_line(line: &[u8]) -> Result<BTreeMap<String, StoredValue>, String> {
    attributes_of(std::str::from_utf8(line).map_err(|_| String::from("not UTF-8"))?)
}

/// The attributes of `{"Item": {…}}`, as exports have it, or of `{…}`.
pub(super) fn attributes_of(text: &str) -> Result<BTreeMap<String, StoredValue>, String> {
    let node = match tree::read_all_json("", text) {
        Ok(mut nodes) if nodes.len() == 1 => nodes.remove(0),
        Ok(_) => return Err(String::from("more than one object on the line")),
        // The message already has the file's name and the line.
        Err(error) => return Err(error.message().to_owned()),
    };
    let item = match node.entries() {
        // An attribute called Item would hold a type's letter, and not attributes.
        [(name, inner)] if name == "Item" && !is_value(inner) => inner,
        _ => &node,
    };
    match item {
        Node::Map(entries) if !entries.is_empty() => attributes(entries, 1),
        Node::Map(_) => Err(String::from("an item without attributes")),
        other => Err(format!("{} where an item is expected", other.what())),
    }
}

const LETTERS: [&str; 10] = ["S", "N", "B", "BOOL", "NULL", "L", "M", "SS", "NS", "BS"];

fn is_value(node: &Node) -> bool {
    matches!(node.entries(), [(letter, content)] if LETTERS.contains(&letter.as_str())
        && !matches!(content, Node::Map(entries) if letter != "M" && !entries.is_empty()))
}

fn attributes(entries: &[(String, Node)], depth: usize) -> Result<BTreeMap<String, StoredValue>, String> {
    let read = |(name, node): &(String, Node)| match value(node, depth) {
        Ok(value) => Ok((name.clone(), value)),
        Err(why) => Err(format!("the attribute {name:?}: {why}")),
    };
    entries.iter().map(read).collect()
}

fn value(node: &Node, depth: usize) -> Result<StoredValue, String> {
    if depth > DEEPEST {
        return Err(format!("nested deeper than {DEEPEST} levels"));
    }
    let [(letter, content)] = node.entries() else {
        return Err(String::from("not a value of DynamoDB's JSON, such as {\"S\": \"text\"}"));
    };
    let text =
        || content.text().map(str::to_owned).ok_or_else(|| format!("{letter:?} holds {}", content.what()));
    let all = |check: fn(&str) -> Result<String, String>| -> Result<Vec<String>, String> {
        let Node::List(elements) = content else {
            return Err(format!("{letter:?} holds {}", content.what()));
        };
        let texts = elements.iter().map(|element| match element.text() {
            Some(text) => check(text),
            None => Err(format!("{letter:?} holds {}", element.what())),
        });
        let texts = texts.collect::<Result<Vec<_>, _>>()?;
        match texts.iter().collect::<BTreeSet<_>>().len() == texts.len() && !texts.is_empty() {
            true => Ok(texts),
            false => Err(String::from("a set is not empty, and holds each value once")),
        }
    };
    Ok(match letter.as_str() {
        "S" => StoredValue::Text(text()?),
        "N" => StoredValue::Number(number(&text()?)?),
        "B" => StoredValue::Bytes(bytes(&text()?)?),
        "BOOL" => match text()?.as_str() {
            "true" => StoredValue::Bool(true),
            "false" => StoredValue::Bool(false),
            _ => return Err(String::from("\"BOOL\" is neither true nor false")),
        },
        "NULL" => StoredValue::Null,
        "L" => match content {
            Node::List(elements) => StoredValue::List(
                elements.iter().map(|element| value(element, depth + 1)).collect::<Result<_, _>>()?,
            ),
            other => return Err(format!("\"L\" holds {}", other.what())),
        },
        "M" => match content {
            Node::Map(entries) => StoredValue::Map(attributes(entries, depth + 1)?),
            other => return Err(format!("\"M\" holds {}", other.what())),
        },
        "SS" => StoredValue::TextSet(all(|text| Ok(text.to_owned()))?),
        "NS" => StoredValue::NumberSet(all(number)?),
        "BS" => {
            let texts = all(|text| Ok(text.to_owned()))?;
            StoredValue::BytesSet(texts.iter().map(|text| bytes(text)).collect::<Result<_, _>>()?)
        }
        other => return Err(format!("{other:?} is no type of DynamoDB's JSON")),
    })
}

fn bytes(text: &str) -> Result<Vec<u8>, String> {
    BASE64_STANDARD.decode(text).map_err(|_| String::from("bytes that are not Base64"))
}

/// A number in DynamoDB's notation: digits with a sign, a point or an exponent.
fn number(text: &str) -> Result<String, String> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let are_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let digits = mantissa.replacen('.', "", 1);
    let exponent = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
    let is_number = !digits.is_empty() && are_digits(&digits) && !exponent.is_empty() && are_digits(exponent);
    match is_number {
        true => Ok(text.to_owned()),
        false => Err(String::from("a number that is none")),
    }
}
