//! Attribute values in place in a body: `{"S":"text"}` and so on.

use std::borrow::Cow;

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use aws_smithy_types::base64;

use super::operation::UNKNOWN;
use super::reader::{Broken, MAXIMUM_DEPTH, Reader};
use crate::item::Item;

/// The type of an attribute value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tag {
    S,
    N,
    B,
    Bool,
    Null,
    Ss,
    Ns,
    Bs,
    L,
    M,
    /// A type that this SDK does not know.
    Unknown,
}

impl Tag {
    /// DynamoDB's name of the type.
    pub fn name(self) -> &'static str {
        match self {
            Tag::S => "S",
            Tag::N => "N",
            Tag::B => "B",
            Tag::Bool => "BOOL",
            Tag::Null => "NULL",
            Tag::Ss => "SS",
            Tag::Ns => "NS",
            Tag::Bs => "BS",
            Tag::L => "L",
            Tag::M => "M",
            Tag::Unknown => "unknown",
        }
    }

    fn of(name: &str) -> Self {
        match name {
            "S" => Tag::S,
            "N" => Tag::N,
            "B" => Tag::B,
            "BOOL" => Tag::Bool,
            "NULL" => Tag::Null,
            "SS" => Tag::Ss,
            "NS" => Tag::Ns,
            "BS" => Tag::Bs,
            "L" => Tag::L,
            "M" => Tag::M,
            _ => Tag::Unknown,
        }
    }
}

impl<'a> Reader<'a> {
    /// The type of the current value. The value's content follows.
    #[inline]
    pub(super) fn tag(&self) -> Result<Tag, Broken> {
        if self.depth() >= MAXIMUM_DEPTH {
            return self.fail("less depth");
        }
        self.expect(b'{', "an attribute value")?;
        let (tag, length) = match self.rest() {
            [b'"', b'S', b'"', b':', b'"', ..] => (Tag::S, 4),
            [b'"', b'N', b'"', b':', b'"', ..] => (Tag::N, 4),
            [b'"', b'M', b'"', b':', b'{', ..] => (Tag::M, 4),
            [b'"', b'L', b'"', b':', b'[', ..] => (Tag::L, 4),
            [b'"', b'S', b'S', b'"', b':', b'[', ..] => (Tag::Ss, 5),
            [b'"', b'N', b'S', b'"', b':', b'[', ..] => (Tag::Ns, 5),
            [b'"', b'B', b'O', b'O', b'L', b'"', b':', b't' | b'f', ..] => (Tag::Bool, 7),
            _ => return self.unusual_tag(),
        };
        self.advance(length);
        Ok(tag)
    }

    /// A type with white space, escapes, members that are null or a `__type` before it, or a rarer one.
    #[cold]
    #[inline(never)]
    fn unusual_tag(&self) -> Result<Tag, Broken> {
        loop {
            if let Some(name) = self.variant()? {
                return Ok(Tag::of(&name));
            }
            if self.is_last(b'}')? {
                return self.fail("the type of an attribute value");
            }
        }
    }

    /// The name of a member that counts, with the reader at its value; `None` for a member that does not count, which was
    /// skipped.
    fn variant(&self) -> Result<Option<Cow<'a, str>>, Broken> {
        let start = self.mark();
        self.raw_string()?;
        self.expect(b':', "`:`")?;
        if self.null()? {
            return Ok(None);
        }
        self.go_back(start);
        let name = self.name()?;
        if name == "__type" {
            self.skip()?;
            return Ok(None);
        }
        Ok(Some(name))
    }

    /// The end of the current value, which has only one type.
    #[inline]
    pub(super) fn close(&self) -> Result<(), Broken> {
        match self.rest() {
            [b'}', ..] => {
                self.advance(1);
                Ok(())
            }
            _ => self.unusual_close(),
        }
    }

    #[cold]
    #[inline(never)]
    fn unusual_close(&self) -> Result<(), Broken> {
        while !self.is_last(b'}')? {
            if self.variant()?.is_some() {
                return self.fail("one type of an attribute value");
            }
        }
        Ok(())
    }

    /// The text of an `S` or an `N`.
    #[inline]
    pub fn text(&self) -> Result<Cow<'a, str>, Broken> {
        let text = self.string()?;
        self.close()?;
        Ok(text)
    }

    /// The text of an `S` or an `N`, without taking it.
    pub fn peek_text(&self) -> Result<Cow<'a, str>, Broken> {
        let start = self.mark();
        let text = self.string()?;
        self.go_back(start);
        Ok(text)
    }

    /// The content of a `BOOL` or a `NULL`.
    pub fn truth(&self) -> Result<bool, Broken> {
        let truth = self.boolean()?;
        self.close()?;
        Ok(truth)
    }

    /// The bytes of a `B`.
    pub fn bytes(&self) -> Result<Vec<u8>, Broken> {
        let bytes = self.base64()?;
        self.close()?;
        Ok(bytes)
    }

    /// The members of an `SS` or an `NS`.
    pub fn text_set(&self) -> Result<Vec<String>, Broken> {
        let mut members = Vec::new();
        self.set(|| {
            members.push(self.string()?.into_owned());
            Ok(())
        })?;
        Ok(members)
    }

    /// The members of a `BS`.
    pub fn bytes_set(&self) -> Result<Vec<Blob>, Broken> {
        let mut members = Vec::new();
        self.set(|| {
            members.push(Blob::new(self.base64()?));
            Ok(())
        })?;
        Ok(members)
    }

    fn set(&self, member: impl FnMut() -> Result<(), Broken>) -> Result<(), Broken> {
        self.check_depth(1)?;
        self.array(member)?;
        self.close()
    }

    // The SDK does not unescape it either.
    fn base64(&self) -> Result<Vec<u8>, Broken> {
        match base64::decode(self.raw_string()?) {
            Ok(bytes) => Ok(bytes),
            Err(_) => self.fail("base64"),
        }
    }

    /// Refuses nesting that is `more` levels deeper than the current value, if that is too deep.
    #[inline]
    pub(super) fn check_depth(&self, more: u32) -> Result<(), Broken> {
        if self.depth().saturating_add(more) >= MAXIMUM_DEPTH { self.fail("less depth") } else { Ok(()) }
    }

    /// Skips the rest of a value whose type was read.
    pub(super) fn skip_content(&self, tag: Tag) -> Result<(), Broken> {
        match tag {
            Tag::S | Tag::N => self.skip_string()?,
            Tag::B => drop(self.base64()?),
            Tag::Bool | Tag::Null => drop(self.boolean()?),
            Tag::Ss | Tag::Ns => return self.set(|| self.skip_string()),
            Tag::Bs => return self.set(|| self.base64().map(drop)),
            Tag::L => {
                self.check_depth(1)?;
                let depth = self.depth();
                self.set_depth(depth.saturating_add(2));
                self.array(|| self.skip_value())?;
                self.set_depth(depth);
            }
            Tag::M => {
                let depth = self.depth();
                self.set_depth(depth.saturating_add(1));
                self.skip_item()?;
                self.set_depth(depth);
            }
            Tag::Unknown => self.skip()?,
        }
        self.close()
    }

    pub(super) fn skip_value(&self) -> Result<(), Broken> {
        let tag = self.tag()?;
        self.skip_content(tag)
    }

    /// Skips an item, or a map within one.
    pub fn skip_item(&self) -> Result<(), Broken> {
        self.check_depth(0)?;
        let depth = self.depth();
        self.set_depth(depth.saturating_add(1));
        self.object(|_| self.skip_value())?;
        self.set_depth(depth);
        Ok(())
    }

    /// The current item in the SDK's types.
    pub fn item(&self) -> Result<Item, Broken> {
        self.check_depth(0)?;
        let depth = self.depth();
        self.set_depth(depth.saturating_add(1));
        let mut item = Item::new();
        self.object(|name| {
            let value = self.attribute_value()?;
            item.insert(name.to_owned(), value);
            Ok(())
        })?;
        self.set_depth(depth);
        Ok(item)
    }

    /// As [`item`](Self::item), for an `M`, including its end.
    pub fn nested_item(&self) -> Result<Item, Broken> {
        let depth = self.depth();
        self.set_depth(depth.saturating_add(1));
        let map = self.item()?;
        self.set_depth(depth);
        self.close()?;
        Ok(map)
    }

    pub(super) fn attribute_value(&self) -> Result<AttributeValue, Broken> {
        let tag = self.tag()?;
        self.content(tag)
    }

    /// The rest of a value whose type was read, in the SDK's types.
    pub fn content(&self, tag: Tag) -> Result<AttributeValue, Broken> {
        let value = match tag {
            Tag::S => AttributeValue::S(self.string()?.into_owned()),
            Tag::N => AttributeValue::N(self.string()?.into_owned()),
            Tag::B => AttributeValue::B(Blob::new(self.base64()?)),
            Tag::Bool => AttributeValue::Bool(self.boolean()?),
            Tag::Null => AttributeValue::Null(self.boolean()?),
            Tag::Ss => return self.text_set().map(AttributeValue::Ss),
            Tag::Ns => return self.text_set().map(AttributeValue::Ns),
            Tag::Bs => return self.bytes_set().map(AttributeValue::Bs),
            Tag::L => {
                self.check_depth(1)?;
                let depth = self.depth();
                self.set_depth(depth.saturating_add(2));
                let mut elements = Vec::new();
                self.array(|| {
                    elements.push(self.attribute_value()?);
                    Ok(())
                })?;
                self.set_depth(depth);
                AttributeValue::L(elements)
            }
            Tag::M => return self.nested_item().map(AttributeValue::M),
            Tag::Unknown => {
                self.skip()?;
                match &*UNKNOWN {
                    Some(unknown) => unknown.clone(),
                    None => return self.fail("a type that the SDK knows"),
                }
            }
        };
        self.close()?;
        Ok(value)
    }
}
