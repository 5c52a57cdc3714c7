//! The named values of an item and the elements of a list, one after the other; and some of them, looked at ahead.

use std::borrow::Cow;

use aws_sdk_dynamodb::types::AttributeValue;

use super::reader::{Broken, Mark, Reader};
use super::value::Tag;
use crate::decode::DecodeError;
use crate::item::Item;

/// What is called with the type of each named value, or of each element, at what the value holds.
type VisitField<'v> = &'v mut dyn FnMut(&str, Tag) -> Result<(), DecodeError>;
type VisitElement<'v> = &'v mut dyn FnMut(Tag) -> Result<(), DecodeError>;

impl<'a> Reader<'a> {
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

    /// As [`find_digits`](Self::find_digits), where an attribute of another type is told from none.
    ///
    /// # Errors
    /// The type that it has instead.
    pub fn find_number(&self, place: Mark, wanted: &str) -> Result<Option<Cow<'a, str>>, Tag> {
        let mut found = Ok(None);
        self.look(place, |name, tag| {
            if name != wanted {
                return self.skip_content(tag);
            }
            if tag != Tag::N {
                found = Err(tag);
                return self.skip_content(tag);
            }
            found = Ok(Some(self.text()?));
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

    /// The first attribute of that name in the item at hand, if it has one and can be read so far. Nothing else can be read then.
    pub fn attribute(&self, wanted: &str) -> Option<AttributeValue> {
        self.expect(b'{', "an object").ok()?;
        if self.peek() == Some(b'}') {
            return None;
        }
        loop {
            if self.name().ok()? == wanted {
                return self.attribute_value().ok();
            }
            self.skip_value().ok()?;
            if self.is_last(b'}').ok()? {
                return None;
            }
        }
    }
}
