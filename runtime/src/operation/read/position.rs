//! The positions of reads: from the key of the last item to a cursor, and back.

use crate::client::Client;
use crate::decode::Fields;
use crate::error::{Error, Reason, Result};
use crate::item::Item;
use crate::operation::read::cursor::Cursor;
use crate::operation::read::digest::{DIGEST_BYTES, Digest};
use crate::operation::read::request::Read;
use crate::operation::read::source::SortCondition;

impl Read {
    /// The digest of this read for its cursors: what is read, in which direction, and under which conditions.
    fn binding(&self) -> [u8; DIGEST_BYTES] {
        let mut digest = Digest::default();
        digest.text(self.facts().model);
        digest.text(self.index_name().unwrap_or_default());
        digest.flag(self.source.partition.is_none());
        digest.flag(self.descending);
        let (segment, segments) = self.segment.unwrap_or_default();
        digest.bytes(&[segment.to_be_bytes(), segments.to_be_bytes()].concat());
        for (name, value) in self.source.partition.iter().flatten() {
            digest.text(name);
            digest.encoded(value);
        }
        if let Some(partitions) = &self.source.partitions {
            partitions.digest(&mut digest);
        }
        if let Some((name, value)) = &self.source.within {
            digest.text(name);
            digest.encoded(value);
        }
        for (name, condition) in &self.sort {
            digest.text(name);
            match condition {
                SortCondition::Compare(operator, value) => {
                    digest.text(operator);
                    digest.encoded(value);
                }
                SortCondition::Between(low, high) => {
                    digest.text("between");
                    digest.encoded(low);
                    digest.encoded(high);
                }
                SortCondition::BeginsWith(prefix) => {
                    digest.text("begins_with");
                    digest.encoded(prefix);
                }
            }
        }
        if self.live {
            digest.text("live");
        }
        if let Some(filter) = &self.filter {
            digest.text("filter");
            digest.expression(filter);
        }
        digest.finish()
    }

    /// The cursor of this read that continues after a key.
    pub(crate) fn cursor(&self, db: &Client, key: &Item) -> Cursor {
        Cursor::new(db.cursor_keys(), self.binding(), &self.cursor_attributes(), key)
    }

    /// The attributes in a cursor: those of a position that the read itself does not fix.
    fn cursor_attributes(&self) -> Vec<&'static str> {
        let said = |name| self.source.partition.iter().flatten().any(|(said, _)| *said == name);
        let mut names: Vec<_> = self.position_attributes().filter(|name| !said(*name)).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// The key of an item, as a position of this read.
    pub(crate) fn key_of(&self, fields: &Fields<'_>) -> Item {
        fields.attributes(&self.position_attributes().collect::<Vec<_>>())
    }

    /// The attributes that make up a position of this read.
    pub(crate) fn position_attributes(&self) -> impl Iterator<Item = &'static str> {
        let index =
            self.source.index.into_iter().flat_map(|index| index.partition_key.iter().chain(index.sort_key));
        self.facts().table.key().chain(index).map(|key| key.name)
    }

    /// The key after which a cursor continues.
    pub(crate) fn start_key(&self, db: &Client, cursor: &Cursor) -> Result<Item> {
        let position = cursor.position(db.cursor_keys(), self.binding(), &self.cursor_attributes());
        let mut key = position.map_err(|why| Error::new(Reason::InvalidCursor(why), self.context(db)))?;
        for (name, value) in self.source.partition.iter().flatten() {
            key.extend(value.iter().map(|value| ((*name).to_owned(), value.clone())));
        }
        Ok(key)
    }
}
