//! Attribute values where they stand in a body: `{"S":"text"}` and so on.

use std::borrow::Cow;

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use aws_smithy_types::base64;

use super::operation::UNKNOWN;
use super::reader::{Broken, MAXIMUM_DEPTH, Mark, Reader};
use crate::decode::DecodeError;
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
    /// One that this SDK does not know.
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

/// What is called with the type of each named value, or of each element, at what the value holds.
type VisitField<'v> = &'v mut dyn FnMut(&str, Tag) -> Result<(), DecodeError>;
type VisitElement<'v> = &'v mut dyn FnMut(Tag) -> Result<(), DecodeError>;

impl<'a> Reader<'a> {
    /// The type of the value at hand. Behind it stands what the value holds.
    #[inline]
    fn tag(&self) -> Result<Tag, Broken> {
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

    /// The name of a member that counts, at its value; none where it was one that does not, which has been passed over.
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

    /// The end of the value at hand, which has one type only.
    #[inline]
    fn close(&self) -> Result<(), Broken> {
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

    /// The text of an `S` or an `N`, left where it is.
    pub fn peek_text(&self) -> Result<Cow<'a, str>, Broken> {
        let start = self.mark();
        let text = self.string()?;
        self.go_back(start);
        Ok(text)
    }

    /// What a `BOOL` or a `NULL` says.
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

    /// Refuses what lies `more` levels deeper than the value at hand, if that is too deep.
    #[inline]
    fn check_depth(&self, more: u32) -> Result<(), Broken> {
        if self.depth().saturating_add(more) >= MAXIMUM_DEPTH { self.fail("less depth") } else { Ok(()) }
    }

    /// Passes over the rest of a value whose type has been read.
    fn skip_content(&self, tag: Tag) -> Result<(), Broken> {
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

    fn skip_value(&self) -> Result<(), Broken> {
        let tag = self.tag()?;
        self.skip_content(tag)
    }

    /// Passes over an item, or a map within one.
    pub fn skip_item(&self) -> Result<(), Broken> {
        self.check_depth(0)?;
        let depth = self.depth();
        self.set_depth(depth.saturating_add(1));
        self.object(|_| self.skip_value())?;
        self.set_depth(depth);
        Ok(())
    }

    /// Calls `visit` once for every named value of the item at hand.
    // One loop for all models: where it is compiled into each decoder, fifty of them take a minute more to compile.
    #[inline(never)]
    pub fn each_field(&self, visit: VisitField<'_>) -> Result<(), DecodeError> {
        self.fields(visit)
    }

    /// As [`each_field`](Self::each_field), of an `M`, whose end it reads too.
    #[inline(never)]
    pub fn each_nested_field(&self, visit: VisitField<'_>) -> Result<(), DecodeError> {
        let depth = self.depth();
        self.set_depth(depth.saturating_add(1));
        self.fields(visit)?;
        self.set_depth(depth);
        Ok(self.close()?)
    }

    #[inline]
    fn fields(&self, visit: VisitField<'_>) -> Result<(), DecodeError> {
        self.check_depth(0)?;
        let depth = self.depth();
        self.set_depth(depth.saturating_add(1));
        self.expect(b'{', "an object")?;
        if self.peek() == Some(b'}') {
            self.advance(1);
        } else {
            loop {
                let name = self.name()?;
                let tag = self.tag()?;
                let start = self.mark();
                visit(&name, tag).map_err(|error| error.within(&name))?;
                self.finish_value(start, tag)?;
                if self.is_last(b'}')? {
                    break;
                }
            }
        }
        self.set_depth(depth);
        Ok(())
    }

    /// Calls `visit` for every element of an `L`, whose end it reads too.
    #[inline(never)]
    pub fn each_element(&self, visit: VisitElement<'_>) -> Result<(), DecodeError> {
        self.check_depth(1)?;
        let depth = self.depth();
        self.set_depth(depth.saturating_add(2));
        self.expect(b'[', "an array")?;
        if self.peek() == Some(b']') {
            self.advance(1);
        } else {
            for index in 0.. {
                let tag = self.tag()?;
                let start = self.mark();
                visit(tag).map_err(|error| error.at(index))?;
                self.finish_value(start, tag)?;
                if self.is_last(b']')? {
                    break;
                }
            }
        }
        self.set_depth(depth);
        Ok(self.close()?)
    }

    /// Passes over a value that a visitor has not read, or not to its end.
    #[inline]
    fn finish_value(&self, start: Mark, tag: Tag) -> Result<(), Broken> {
        let now = self.mark();
        if now.is_behind(start) { Ok(()) } else { self.skip_from(start, tag) }
    }

    #[inline(never)]
    fn skip_from(&self, start: Mark, tag: Tag) -> Result<(), Broken> {
        if self.failure().is_some() {
            return Err(Broken);
        }
        self.go_back(start);
        self.skip_content(tag)
    }

    /// The text of the last `S` of that name in the item at `place`, where the reader is then.
    pub fn find_text(&self, place: Mark, name: &str) -> Option<Cow<'a, str>> {
        self.find(place, name, Tag::S)
    }

    /// As [`find_text`](Self::find_text), the digits of an `N`.
    pub fn find_digits(&self, place: Mark, name: &str) -> Option<Cow<'a, str>> {
        self.find(place, name, Tag::N)
    }

    fn find(&self, place: Mark, wanted: &str, of: Tag) -> Option<Cow<'a, str>> {
        let mut found = None;
        self.look(place, |name, tag| {
            if name != wanted {
                return self.skip_content(tag);
            }
            found = None;
            if tag != of {
                return self.skip_content(tag);
            }
            found = Some(self.text()?);
            Ok(())
        });
        found
    }

    /// The attributes of those names, as far as the item at `place` has them. The reader is there then.
    pub fn find_all(&self, place: Mark, wanted: &[&'static str]) -> Item {
        let mut found = Item::new();
        self.look(place, |name, tag| {
            if !wanted.contains(&name) {
                return self.skip_content(tag);
            }
            found.insert(name.to_owned(), self.content(tag)?);
            Ok(())
        });
        found
    }

    /// Reads all named values of the item at `place`, and goes back to its beginning.
    fn look(&self, start: Mark, mut field: impl FnMut(&str, Tag) -> Result<(), Broken>) {
        self.go_back(start);
        self.set_depth(start.depth().saturating_add(1));
        // A failure is kept, and ends the response for whoever reads on.
        let _ = self.object(|name| {
            let tag = self.tag()?;
            field(name, tag)
        });
        self.go_back(start);
    }

    /// The item at hand as the SDK would hold it.
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

    /// As [`item`](Self::item), of an `M`, whose end it reads too.
    pub fn nested_item(&self) -> Result<Item, Broken> {
        let depth = self.depth();
        self.set_depth(depth.saturating_add(1));
        let map = self.item()?;
        self.set_depth(depth);
        self.close()?;
        Ok(map)
    }

    fn attribute_value(&self) -> Result<AttributeValue, Broken> {
        let tag = self.tag()?;
        self.content(tag)
    }

    /// The rest of a value whose type has been read, as the SDK would hold it.
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
