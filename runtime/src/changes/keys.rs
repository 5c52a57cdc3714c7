//! What is read first of a record's key: its partition, and what tells the model.

use std::borrow::Cow;

use aws_sdk_dynamodb::types::AttributeValue;

use super::image::{Image, broken};
use super::problem::Problem;
use crate::decode::{DecodeError, Fields};
use crate::item::ItemKey;
use crate::table::{Scalar, Table};
use crate::wire::Reader;

/// The partition of an item: its partition key as text, after its type.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct PartitionKey(Box<str>);

/// What is read first of a key.
#[derive(Debug, Default)]
pub(super) struct Keys {
    pub texts: [Option<Box<str>>; 2],
    pub partition: Option<PartitionKey>,
    /// The key as errors write it, if that is already known.
    pub shown: Option<String>,
}

impl Keys {
    pub fn of(image: &Image<'_>, table: &'static Table) -> Result<Self, Problem> {
        let mut keys = Keys::default();
        let mut missing = None;
        let item = match image {
            Image::Json(reader) => {
                if table.key().all(|key| key.scalar == Scalar::Text) {
                    return Self::of_texts(reader, table);
                }
                Cow::Owned(image.item()?)
            }
            Image::Item(item) => Cow::Borrowed(item),
        };
        for (position, key) in table.key().enumerate() {
            let Some(value) = item.get(key.name) else {
                missing = missing.or(Some(key.name));
                continue;
            };
            if let AttributeValue::S(text) = value {
                keys.texts[position] = Some(text.as_str().into());
            }
            if position == 0 {
                keys.partition = Some(PartitionKey::of(value));
            }
        }
        keys.shown = ItemKey::of(table, &*item).text();
        match missing {
            Some(name) => Err(DecodeError::missing(name).into()),
            None => Ok(keys),
        }
    }

    /// As [`of`](Self::of), for a key of texts, which most are. Only the texts are copied.
    fn of_texts(reader: &Reader<'_>, table: &'static Table) -> Result<Self, Problem> {
        let mut texts = [None, None];
        let names = [Some(table.partition_key.name), table.sort_key.as_ref().map(|key| key.name)];
        let read = Fields::at_beginning(reader).each(|name, value| {
            match names.iter().position(|known| *known == Some(name)) {
                Some(position) => texts[position] = Some(Box::from(value.into_text()?)),
                None => value.skip()?,
            }
            Ok(())
        });
        if reader.failure().is_some() {
            return Err(broken(reader));
        }
        read?;
        let missing = names.iter().zip(&texts).find(|(name, text)| name.is_some() && text.is_none());
        if let Some((Some(name), _)) = missing {
            return Err(DecodeError::missing(name).into());
        }
        let partition = texts[0].as_ref().map(|text| PartitionKey::of_text(text));
        Ok(Keys { texts, partition, shown: None })
    }
}

impl PartitionKey {
    fn of_text(text: &str) -> Self {
        PartitionKey(["S", text].concat().into())
    }

    fn of(value: &AttributeValue) -> Self {
        match value {
            AttributeValue::S(text) => Self::of_text(text),
            AttributeValue::N(digits) => PartitionKey(["N", digits].concat().into()),
            AttributeValue::B(bytes) => PartitionKey(format!("B{:02x?}", bytes.as_ref()).into()),
            other => PartitionKey(format!("?{other:?}").into()),
        }
    }
}
