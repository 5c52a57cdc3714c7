//! Writing attribute values as DynamoDB's JSON, straight into the text of a request.

use std::cell::Cell;
use std::fmt::{self, Write};

use aws_sdk_dynamodb::types::AttributeValue;
use aws_smithy_types::base64;

use crate::limits::{self, MAXIMUM_NESTING};
use crate::wire::{end_of_plain, is_plain};

/// Writes attribute values as JSON: `{"S":"text"}` and so on.
///
/// It notes values that DynamoDB might refuse, as `limits` does for values in a map.
#[derive(Default)]
pub struct JsonWriter {
    text: String,
    /// About how many bytes DynamoDB counts for what was written.
    size: usize,
    /// How many lists and maps are open within the item.
    depth: usize,
    is_doubtful: bool,
    /// Whether a value has a type that has no JSON here.
    is_incomplete: bool,
}

impl fmt::Debug for JsonWriter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "JsonWriter({} bytes)", self.text.len())
    }
}

thread_local! {
    /// The text that the next item is written into, so that it need not grow again.
    static SPARE: Cell<String> = const { Cell::new(String::new()) };
}

/// The most room that is kept for the next item.
const MOST_SPARE: usize = 64 * 1_024;

impl JsonWriter {
    /// At the beginning of an item.
    pub(crate) fn of_item() -> Self {
        let mut writer = JsonWriter { text: SPARE.take(), ..JsonWriter::default() };
        writer.text.clear();
        writer.text.push('{');
        writer
    }

    /// What was written so far.
    pub(crate) fn written(&self) -> &str {
        &self.text
    }

    /// About how many bytes DynamoDB counts for what was written.
    pub(crate) fn size(&self) -> usize {
        self.size
    }

    /// Whether DynamoDB may refuse what was written.
    pub(crate) fn is_doubtful(&self) -> bool {
        self.is_doubtful || self.is_incomplete
    }

    /// Whether a value was left out, since the SDK does not know its type.
    pub(crate) fn is_incomplete(&self) -> bool {
        self.is_incomplete
    }

    /// Ends the item and hands its text to `take`.
    pub(crate) fn finish<T>(mut self, take: impl FnOnce(&str) -> T) -> T {
        self.text.push('}');
        let taken = take(&self.text);
        if self.text.capacity() <= MOST_SPARE {
            SPARE.set(self.text);
        }
        taken
    }

    /// The name of the next value.
    pub(crate) fn name(&mut self, name: &str) {
        self.size += name.len();
        if self.depth > 0 {
            self.size += 1;
            self.is_doubtful |= name.is_empty();
        }
        self.separate();
        self.quoted("\"", name, "\":");
    }

    /// A text.
    #[inline(never)]
    pub fn text(&mut self, text: &str) {
        self.doubt_in_key(text.as_bytes());
        self.size += text.len();
        self.quoted("{\"S\":\"", text, "\"}");
    }

    /// A number of these digits.
    #[inline(never)]
    pub fn number(&mut self, digits: &str) {
        self.doubt_in_key(digits.as_bytes());
        self.size += limits::number_size(digits);
        self.quoted("{\"N\":\"", digits, "\"}");
    }

    /// A whole number of these digits.
    #[inline(never)]
    pub(crate) fn whole_number(&mut self, digits: &str) {
        self.doubt_in_key(digits.as_bytes());
        self.size += limits::number_size(digits);
        self.text.push_str("{\"N\":\"");
        self.text.push_str(digits);
        self.text.push_str("\"}");
    }

    /// `true` or `false`.
    pub fn truth(&mut self, truth: bool) {
        self.size += 1;
        self.text.push_str(if truth { "{\"BOOL\":true}" } else { "{\"BOOL\":false}" });
    }

    /// `NULL`.
    pub fn null(&mut self) {
        self.size += 1;
        self.text.push_str("{\"NULL\":true}");
    }

    /// Bytes.
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.doubt_in_key(bytes);
        self.size += bytes.len();
        self.text.push_str("{\"B\":");
        self.base64(bytes);
        self.text.push('}');
    }

    /// A set of texts.
    pub fn text_set<'m>(&mut self, members: impl Iterator<Item = &'m str>) {
        self.set("SS", members, |writer, member| {
            writer.size += member.len();
            writer.string(member);
        });
    }

    /// A set of bytes.
    pub fn bytes_set<'m>(&mut self, members: impl Iterator<Item = &'m [u8]>) {
        self.set("BS", members, |writer, member| {
            writer.size += member.len();
            writer.base64(member);
        });
    }

    fn set<M>(&mut self, kind: &str, members: impl Iterator<Item = M>, mut write: impl FnMut(&mut Self, M)) {
        self.text.push_str("{\"");
        self.text.push_str(kind);
        self.text.push_str("\":[");
        for member in members {
            self.separate();
            write(self, member);
        }
        self.text.push_str("]}");
    }

    /// Begins a list, of which each [element](Self::element) is announced.
    pub fn begin_list(&mut self) {
        self.open("{\"L\":[");
    }

    /// The next value is an element of the list.
    pub fn element(&mut self) {
        self.separate();
        self.size += 1;
    }

    /// Ends a list.
    pub fn end_list(&mut self) {
        self.close("]}");
    }

    /// Begins a map, of which each value has its [entry](Self::entry).
    pub fn begin_map(&mut self) {
        self.open("{\"M\":{");
    }

    /// The next value stands under that name.
    pub fn entry(&mut self, name: &str) {
        self.name(name);
    }

    /// Ends a map.
    pub fn end_map(&mut self) {
        self.close("}}");
    }

    /// A value that the SDK holds.
    pub fn value(&mut self, value: &AttributeValue) {
        match value {
            AttributeValue::S(text) => self.text(text),
            AttributeValue::N(digits) => self.number(digits),
            AttributeValue::B(bytes) => self.bytes(bytes.as_ref()),
            AttributeValue::Bool(truth) => self.truth(*truth),
            AttributeValue::Null(true) => self.null(),
            AttributeValue::Null(false) => {
                self.size += 1;
                self.text.push_str("{\"NULL\":false}");
            }
            AttributeValue::Ss(members) => self.text_set(members.iter().map(String::as_str)),
            AttributeValue::Ns(members) => {
                self.set("NS", members.iter(), |writer, digits| {
                    writer.size += limits::number_size(digits);
                    writer.string(digits);
                });
            }
            AttributeValue::Bs(members) => self.bytes_set(members.iter().map(AsRef::as_ref)),
            AttributeValue::L(elements) => {
                self.begin_list();
                for element in elements {
                    self.element();
                    self.value(element);
                }
                self.end_list();
            }
            AttributeValue::M(map) => {
                self.begin_map();
                for (name, value) in map {
                    self.entry(name);
                    self.value(value);
                }
                self.end_map();
            }
            // The SDK cannot write it either, and says so.
            _ => {
                self.null();
                self.is_incomplete = true;
            }
        }
    }

    fn open(&mut self, beginning: &str) {
        self.is_doubtful |= self.depth >= MAXIMUM_NESTING;
        self.depth += 1;
        self.size += 3;
        self.text.push_str(beginning);
    }

    fn close(&mut self, end: &str) {
        self.depth = self.depth.saturating_sub(1);
        self.text.push_str(end);
    }

    /// Notes a value at the top that no key may have.
    fn doubt_in_key(&mut self, bytes: &[u8]) {
        self.is_doubtful |= self.depth == 0 && limits::are_doubtful(bytes);
    }

    /// The comma before every member but the first.
    #[inline]
    fn separate(&mut self) {
        if !matches!(self.text.as_bytes().last(), Some(b'{' | b'[') | None) {
            self.text.push(',');
        }
    }

    /// A text in quotes.
    fn string(&mut self, text: &str) {
        self.quoted("\"", text, "\"");
    }

    /// A text, and what stands around it, with its quotes. Each push asks for room, so there are as few as can be.
    #[inline(always)]
    fn quoted(&mut self, before: &'static str, text: &str, after: &'static str) {
        self.text.push_str(before);
        if is_plain(text.as_bytes()) {
            self.text.push_str(text);
        } else {
            self.escaped(text);
        }
        self.text.push_str(after);
    }

    /// A text with as few escapes as JSON needs.
    #[cold]
    fn escaped(&mut self, text: &str) {
        let mut rest = text;
        loop {
            let end = end_of_plain(rest.as_bytes(), 0);
            let Some((plain, more)) = rest.split_at_checked(end) else { break };
            self.text.push_str(plain);
            let mut characters = more.chars();
            let Some(escaped) = characters.next() else { break };
            self.escape(escaped);
            rest = characters.as_str();
        }
    }

    fn escape(&mut self, character: char) {
        match character {
            '"' => self.text.push_str("\\\""),
            '\\' => self.text.push_str("\\\\"),
            '\n' => self.text.push_str("\\n"),
            '\r' => self.text.push_str("\\r"),
            '\t' => self.text.push_str("\\t"),
            // Writing to a string does not fail.
            other => drop(write!(self.text, "\\u{:04x}", u32::from(other))),
        }
    }

    fn base64(&mut self, bytes: &[u8]) {
        self.text.push('"');
        self.text.push_str(&base64::encode(bytes));
        self.text.push('"');
    }
}
