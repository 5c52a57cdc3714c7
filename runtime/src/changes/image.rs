//! The attributes of an item or a key, left where the record's source has them.

use std::borrow::Cow;
use std::fmt;

use super::problem::Problem;
use super::raw::RawImage;
use crate::decode::{DecodeError, Fields};
use crate::item::{Item, ItemKey, Names};
use crate::table::Table;
use crate::wire::Reader;

/// The unread attributes of an image or a key.
pub(super) enum Image<'a> {
    /// The text of a JSON object.
    Json(Reader<'a>),
    Item(Item),
}

impl<'a> Image<'a> {
    pub fn new(raw: RawImage<'a>) -> Self {
        match raw {
            RawImage::Json(text) => Image::Json(Reader::of_text(text)),
            RawImage::Item(item) => Image::Item(item),
        }
    }

    /// The text of that name.
    pub fn text(&self, name: &str) -> Option<Cow<'_, str>> {
        match self {
            Image::Json(reader) => {
                Fields::at_beginning(reader).text(name).map(|text| text.into_owned().into())
            }
            Image::Item(item) => item.get(name)?.as_s().ok().map(|text| Cow::Borrowed(text.as_str())),
        }
    }

    /// Whether there is no attribute of that name.
    pub fn lacks(&self, name: &'static str) -> bool {
        match self {
            Image::Json(reader) => Fields::at_beginning(reader).attributes(&[name]).is_empty(),
            Image::Item(item) => !item.contains_key(name),
        }
    }

    /// The attributes as the SDK holds them.
    ///
    /// # Errors
    /// They break off, or are not what DynamoDB sends.
    pub fn item(&self) -> Result<Item, Problem> {
        match self {
            Image::Json(reader) => {
                reader.rewind();
                reader.item().map_err(|_| broken(reader))
            }
            Image::Item(item) => Ok(item.clone()),
        }
    }

    /// The attributes of a key, as errors write them.
    #[cold]
    pub fn shown(&self, table: &'static Table) -> Option<String> {
        let names: Vec<_> = table.key().map(|key| key.name).collect();
        let key = match self {
            Image::Json(reader) => Cow::Owned(Fields::at_beginning(reader).attributes(&names)),
            Image::Item(item) => Cow::Borrowed(item),
        };
        ItemKey::of(table, &*key).text()
    }

    /// As [`read`](Self::read), but the image can be read again.
    pub fn read_again<T>(
        &self,
        read: impl FnOnce(Fields<'_>) -> Result<T, DecodeError>,
    ) -> Result<T, Problem> {
        match self {
            Image::Json(reader) => {
                let value = read(Fields::at_beginning(reader));
                if reader.failure().is_some() { Err(broken(reader)) } else { Ok(value?) }
            }
            Image::Item(item) => Ok(read(Fields::from(item.clone()))?),
        }
    }

    /// The result of reading, unless the source itself is not what DynamoDB sends. Reading consumes an item.
    pub fn read<T>(&mut self, read: impl FnOnce(Fields<'_>) -> Result<T, DecodeError>) -> Result<T, Problem> {
        match self {
            Image::Json(_) => self.read_again(read),
            Image::Item(item) => Ok(read(Fields::from(std::mem::take(item)))?),
        }
    }
}

#[cold]
pub(super) fn broken(reader: &Reader<'_>) -> Problem {
    let how =
        reader.failure().map_or("it breaks off".to_owned(), |failure| failure.within("an image or the key"));
    Problem::Malformed(how)
}

/// Shows the names of the attributes where they are known, and no values.
impl fmt::Debug for Image<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Image::Json(reader) => reader.fmt(f),
            Image::Item(item) => Names(item).fmt(f),
        }
    }
}
