//! Texts of JSON, and their escapes.

use std::borrow::Cow;

use super::reader::{Broken, Reader};

impl<'a> Reader<'a> {
    /// A text. It is borrowed from the body if it has no escapes.
    #[inline]
    pub(crate) fn string(&self) -> Result<Cow<'a, str>, Broken> {
        self.expect(b'"', "text")?;
        let (text, start) = (self.whole(), self.position());
        let end = end_of_plain(text.as_bytes(), start);
        if text.as_bytes().get(end) == Some(&b'"')
            && let Some(plain) = text.get(start..end)
        {
            self.set_position(end + 1);
            return Ok(Cow::Borrowed(plain));
        }
        let mut unescaped = String::new();
        self.unescape(Some(&mut unescaped))?;
        Ok(Cow::Owned(unescaped))
    }

    /// Skips a text, whose escapes must be valid.
    #[inline]
    pub(super) fn skip_string(&self) -> Result<(), Broken> {
        self.expect(b'"', "text")?;
        let bytes = self.whole().as_bytes();
        let end = end_of_plain(bytes, self.position());
        if bytes.get(end) == Some(&b'"') {
            self.set_position(end + 1);
            return Ok(());
        }
        self.unescape(None)
    }

    /// The rest of a text after its opening quote.
    #[cold]
    #[inline(never)]
    fn unescape(&self, mut into: Option<&mut String>) -> Result<(), Broken> {
        loop {
            let start = self.position();
            let end = end_of_plain(self.whole().as_bytes(), start);
            if let Some(into) = &mut into {
                into.push_str(self.whole().get(start..end).unwrap_or_default());
            }
            self.set_position(end);
            let unescaped = match self.rest() {
                [b'"', ..] => {
                    self.advance(1);
                    return Ok(());
                }
                [b'\\', b'u', ..] => self.code_point()?,
                [b'\\', escaped, ..] => {
                    let unescaped = match escaped {
                        b'"' => '"',
                        b'\\' => '\\',
                        b'/' => '/',
                        b'b' => '\u{8}',
                        b'f' => '\u{c}',
                        b'n' => '\n',
                        b'r' => '\r',
                        b't' => '\t',
                        _ => return self.fail("an escaped character"),
                    };
                    self.advance(2);
                    unescaped
                }
                _ => return self.fail("the end of a text"),
            };
            if let Some(into) = &mut into {
                into.push(unescaped);
            }
        }
    }

    /// A character written as `\u`, or as two of those if it needs a pair of surrogates.
    fn code_point(&self) -> Result<char, Broken> {
        let first = self.utf16_unit()?;
        let code_point = match first {
            0xD800..0xDC00 => match self.utf16_unit()? {
                second @ 0xDC00..0xE000 => 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00),
                _ => return self.fail("the second of two surrogates"),
            },
            first => first,
        };
        match char::from_u32(code_point) {
            Some(character) => Ok(character),
            None => self.fail("a character, not one half of it"),
        }
    }

    fn utf16_unit(&self) -> Result<u32, Broken> {
        let digits = match self.rest() {
            [b'\\', b'u', a, b, c, d, ..] => [*a, *b, *c, *d],
            _ => return self.fail("four hexadecimal digits"),
        };
        let mut unit = 0;
        for digit in digits {
            match char::from(digit).to_digit(16) {
                Some(digit) => unit = unit << 4 | digit,
                None => return self.fail("four hexadecimal digits"),
            }
        }
        self.advance(6);
        Ok(unit)
    }

    /// A text as it is written, with its escapes. They need not be valid, because the SDK does not check them either.
    pub(super) fn raw_string(&self) -> Result<&'a str, Broken> {
        self.expect(b'"', "text")?;
        let start = self.position();
        let mut end = start;
        loop {
            end = end_of_plain(self.whole().as_bytes(), end);
            match self.whole().as_bytes().get(end..).unwrap_or_default() {
                [b'"', ..] => break,
                [b'\\', _, ..] => end += 2,
                _ => {
                    self.set_position(end);
                    return self.fail("the end of a text");
                }
            }
        }
        self.set_position(end + 1);
        Ok(self.whole().get(start..end).unwrap_or_default())
    }
}

const EACH: u64 = 0x0101_0101_0101_0101;
const HIGHEST: u64 = 0x8080_8080_8080_8080;

/// The place of the first byte from `at` on that is a quote, a backslash or a control character. It checks eight bytes at a time.
#[inline]
pub(crate) fn end_of_plain(bytes: &[u8], mut at: usize) -> usize {
    while let Some((eight, _)) = bytes.get(at..).and_then(<[u8]>::split_first_chunk::<8>) {
        let escaped = escaped_bytes(*eight);
        if escaped != 0 {
            return at + escaped.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    while bytes.get(at).is_some_and(|byte| is_plain_byte(*byte)) {
        at += 1;
    }
    at
}

/// Whether a text has no quote, no backslash and no control character.
#[inline(always)]
pub(crate) fn is_plain(text: &[u8]) -> bool {
    // Most texts are short. Two words that overlap have all of their bytes.
    match (text.first_chunk::<8>(), text.last_chunk::<8>(), text.first_chunk::<4>(), text.last_chunk::<4>()) {
        (Some(first), Some(last), ..) if text.len() <= 16 => {
            escaped_bytes(*first) | escaped_bytes(*last) == 0
        }
        (Some(_), ..) => end_of_plain(text, 0) == text.len(),
        (None, _, Some([a, b, c, d]), Some([e, f, g, h])) => {
            escaped_bytes([*a, *b, *c, *d, *e, *f, *g, *h]) == 0
        }
        _ => text.iter().all(|byte| is_plain_byte(*byte)),
    }
}

#[inline]
fn is_plain_byte(byte: u8) -> bool {
    !matches!(byte, b'"' | b'\\' | 0..0x20)
}

/// The highest bit of the first byte that needs an escape, and perhaps those of bytes after it; 0 if none does.
#[inline]
fn escaped_bytes(eight: [u8; 8]) -> u64 {
    let word = u64::from_le_bytes(eight);
    let quotes = word ^ (EACH * u64::from(b'"'));
    let backslashes = word ^ (EACH * u64::from(b'\\'));
    // A byte that is zero, or below 0x20, borrows from its highest bit. A false hit can only follow a true one.
    let hits = (quotes.wrapping_sub(EACH) & !quotes)
        | (backslashes.wrapping_sub(EACH) & !backslashes)
        | (word.wrapping_sub(EACH * 0x20) & !word);
    hits & HIGHEST
}
