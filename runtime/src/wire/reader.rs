//! Reads JSON in place, without a tree. Only text with escapes is copied.
//!
//! It accepts what the SDK's own parser accepts, including its depth limits, so a body means the same on both paths.

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;

use aws_smithy_types::Number;

/// How deep values may be nested, counted as the SDK counts: a map in a list in an item is at 4 or 5.
pub(super) const MAXIMUM_DEPTH: u32 = 128;

/// How deep an unread value may be nested.
const MAXIMUM_SKIPPED_DEPTH: u32 = 512;

/// A position in the body of a response.
///
/// All reading functions take `&self` and move the position, so a decoder and the loop that called it can share it. After the
/// first failure the reader stays broken, whatever its callers do with the error.
pub(crate) struct Reader<'a> {
    text: &'a str,
    at: Cell<usize>,
    depth: Cell<u32>,
    failure: Cell<Option<Failure>>,
}

/// The place where a body stops being what DynamoDB sends, and what was expected there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    expected: &'static str,
    at: usize,
}

/// The reader has failed, and knows the place.
#[derive(Debug)]
pub(crate) struct Broken;

/// A reader's position, for going back there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark {
    at: usize,
    depth: u32,
}

impl Mark {
    /// Whether a value that begins at `start` has been read to its end since.
    #[inline]
    pub(super) fn is_behind(self, start: Mark) -> bool {
        self.at != start.at && self.depth == start.depth
    }

    pub(super) fn depth(self) -> u32 {
        self.depth
    }
}

impl<'a> Reader<'a> {
    /// A reader at the beginning of a body.
    ///
    /// # Errors
    /// The body is not UTF-8.
    pub fn new(body: &'a [u8]) -> Result<Self, Failure> {
        let text = std::str::from_utf8(body)
            .map_err(|error| Failure { expected: "UTF-8", at: error.valid_up_to() })?;
        Ok(Self::of_text(text))
    }

    /// Goes back to the beginning. A broken reader stays broken.
    pub fn rewind(&self) {
        self.go_back(Mark { at: 0, depth: 0 });
    }

    /// The text of the current value, which it skips.
    pub fn raw_value(&self) -> Result<&'a str, Broken> {
        self.peek();
        let start = self.mark();
        self.skip()?;
        Ok(self.text_since(start))
    }

    /// The text that was read since that position.
    pub fn text_since(&self, start: Mark) -> &'a str {
        self.text.get(start.at..self.at.get()).unwrap_or_default()
    }

    /// The first failure, if there was one.
    pub fn failure(&self) -> Option<Failure> {
        self.failure.get()
    }

    #[cold]
    #[inline(never)]
    pub(super) fn fail<T>(&self, expected: &'static str) -> Result<T, Broken> {
        if self.failure.get().is_none() {
            self.failure.set(Some(Failure { expected, at: self.at.get() }));
        }
        // So no loop counts the current value as read.
        self.depth.set(u32::MAX);
        Err(Broken)
    }

    #[inline]
    pub fn mark(&self) -> Mark {
        Mark { at: self.at.get(), depth: self.depth.get() }
    }

    /// Goes back to a place. A broken reader stays broken.
    #[inline]
    pub fn go_back(&self, mark: Mark) {
        self.at.set(mark.at);
        if self.failure.get().is_none() {
            self.depth.set(mark.depth);
        }
    }

    #[inline]
    pub(super) fn depth(&self) -> u32 {
        self.depth.get()
    }

    #[inline]
    pub(super) fn set_depth(&self, depth: u32) {
        if self.depth.get() != u32::MAX {
            self.depth.set(depth);
        }
    }

    /// A reader at the beginning of a text.
    pub fn of_text(text: &'a str) -> Self {
        // As in the SDK.
        let text = if text.is_empty() { "{}" } else { text };
        Reader { text, at: Cell::new(0), depth: Cell::new(0), failure: Cell::new(None) }
    }

    /// How many bytes have been read.
    #[inline]
    pub(super) fn position(&self) -> usize {
        self.at.get()
    }

    #[inline]
    pub(super) fn set_position(&self, position: usize) {
        self.at.set(position);
    }

    /// The whole text.
    #[inline]
    pub(super) fn whole(&self) -> &'a str {
        self.text
    }

    /// The unread bytes.
    #[inline]
    pub(super) fn rest(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.at.get()..).unwrap_or_default()
    }

    #[inline]
    pub(super) fn advance(&self, bytes: usize) {
        self.at.set(self.at.get() + bytes);
    }

    /// The next byte that is not white space.
    #[inline]
    pub(crate) fn peek(&self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        let mut at = self.at.get();
        while let Some(&byte) = bytes.get(at) {
            if !matches!(byte, b' ' | b'\t' | b'\r' | b'\n') {
                self.at.set(at);
                return Some(byte);
            }
            at += 1;
        }
        self.at.set(at);
        None
    }

    #[inline]
    pub(super) fn expect(&self, byte: u8, expected: &'static str) -> Result<(), Broken> {
        if self.peek() == Some(byte) {
            self.advance(1);
            Ok(())
        } else {
            self.fail(expected)
        }
    }

    /// Skips a `null`, if that is next.
    #[inline]
    pub(super) fn null(&self) -> Result<bool, Broken> {
        if self.peek() != Some(b'n') {
            return Ok(false);
        }
        self.literal("null").map(|()| true)
    }

    pub(super) fn boolean(&self) -> Result<bool, Broken> {
        match self.peek() {
            Some(b't') => self.literal("true").map(|()| true),
            Some(b'f') => self.literal("false").map(|()| false),
            _ => self.fail("`true` or `false`"),
        }
    }

    fn literal(&self, literal: &'static str) -> Result<(), Broken> {
        if !self.rest().starts_with(literal.as_bytes()) {
            return self.fail(literal);
        }
        self.advance(literal.len());
        self.end_of_literal()
    }

    /// Only a delimiter may directly follow a number or a word.
    fn end_of_literal(&self) -> Result<(), Broken> {
        match self.rest() {
            [] | [b' ' | b'\t' | b'\r' | b'\n' | b'}' | b']' | b',', ..] => Ok(()),
            _ => self.fail("the end of a value"),
        }
    }

    /// A number that is not written as text.
    pub(crate) fn number(&self) -> Result<Number, Broken> {
        let is_of_number = |byte: &&u8| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E');
        let (rest, start) = (self.rest(), self.at.get());
        let length = rest.iter().take_while(is_of_number).count();
        let digits = self.text.get(start..start + length).unwrap_or_default();
        if !matches!(rest, [b'-' | b'0'..=b'9', ..]) {
            return self.fail("a number");
        }
        let number = if let Ok(whole) = digits.parse::<u64>() {
            Number::PosInt(whole)
        } else if let Ok(whole) = digits.parse::<i64>() {
            Number::NegInt(whole)
        } else if let Ok(float) = digits.parse::<f64>() {
            Number::Float(float)
        } else {
            return self.fail("a number");
        };
        self.advance(length);
        self.end_of_literal()?;
        Ok(number)
    }

    /// Calls `member` with the name of each member, while the reader is at its value, which `member` must read. The SDK unescapes
    /// these names.
    #[inline]
    pub(crate) fn object(&self, mut member: impl FnMut(&str) -> Result<(), Broken>) -> Result<(), Broken> {
        self.expect(b'{', "an object")?;
        if self.peek() == Some(b'}') {
            self.advance(1);
            return Ok(());
        }
        loop {
            let name = self.name()?;
            member(&name)?;
            if self.is_last(b'}')? {
                return Ok(());
            }
        }
    }

    /// The name of a member, and its colon.
    #[inline]
    pub(super) fn name(&self) -> Result<Cow<'a, str>, Broken> {
        let name = self.string()?;
        self.expect(b':', "`:`")?;
        Ok(name)
    }

    /// Calls `element` while the reader is at each element, which `element` must read.
    #[inline]
    pub(crate) fn array(&self, mut element: impl FnMut() -> Result<(), Broken>) -> Result<(), Broken> {
        self.expect(b'[', "an array")?;
        if self.peek() == Some(b']') {
            self.advance(1);
            return Ok(());
        }
        loop {
            element()?;
            if self.is_last(b']')? {
                return Ok(());
            }
        }
    }

    /// Skips what follows a member or an element: a comma, or the end.
    #[inline]
    pub(super) fn is_last(&self, end: u8) -> Result<bool, Broken> {
        match self.peek() {
            Some(b',') => {
                self.advance(1);
                Ok(false)
            }
            Some(byte) if byte == end => {
                self.advance(1);
                Ok(true)
            }
            _ => self.fail("`,` or the end"),
        }
    }

    /// Skips a value of any kind.
    pub(crate) fn skip(&self) -> Result<(), Broken> {
        self.skip_at(1)
    }

    fn skip_at(&self, depth: u32) -> Result<(), Broken> {
        match self.peek() {
            Some(b'{' | b'[') if depth > MAXIMUM_SKIPPED_DEPTH => self.fail("less depth"),
            Some(b'{') => {
                self.advance(1);
                if self.peek() == Some(b'}') {
                    self.advance(1);
                    return Ok(());
                }
                loop {
                    self.raw_string()?;
                    self.expect(b':', "`:`")?;
                    self.skip_at(depth + 1)?;
                    if self.is_last(b'}')? {
                        return Ok(());
                    }
                }
            }
            Some(b'[') => self.array(|| self.skip_at(depth + 1)),
            Some(b'"') => self.raw_string().map(|_| ()),
            Some(b't' | b'f') => self.boolean().map(|_| ()),
            Some(b'n') => self.literal("null"),
            _ => self.number().map(|_| ()),
        }
    }

    /// Only white space may follow.
    pub(crate) fn end(&self) -> Result<(), Broken> {
        if self.peek().is_none() { Ok(()) } else { self.fail("the end of the response") }
    }
}

impl fmt::Debug for Reader<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader").field("at", &self.at).field("failure", &self.failure).finish_non_exhaustive()
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the response breaks off at byte {}: expected {}", self.at, self.expected)
    }
}

impl Failure {
    /// The same, for another text than a response.
    pub fn within(self, what: &str) -> String {
        format!("{what} breaks off at byte {}: expected {}", self.at, self.expected)
    }
}

impl std::error::Error for Failure {}
