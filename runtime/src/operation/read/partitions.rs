//! The partitions of a read of several, and the positions in them.

use std::cmp::Ordering;
use std::sync::Arc;

use aws_sdk_dynamodb::types::AttributeValue;
use bigdecimal::BigDecimal;

use crate::encode::EncodeError;
use crate::item::Item;
use crate::operation::read::digest::Digest;

/// The partitions of one read. They differ in one attribute of their key.
#[derive(Clone, Debug)]
pub(crate) struct Partitions {
    pub attribute: &'static str,
    /// The shards of each bucket: the buckets are read one after the other, and the shards of one side by side.
    buckets: Arc<Vec<Vec<Part>>>,
    /// What is wrong with their choice.
    pub contradiction: Option<&'static str>,
}

/// What the attribute holds in one partition.
pub(crate) type Part = Result<AttributeValue, EncodeError>;

/// How many buckets one read has at most.
pub(crate) const MOST_BUCKETS: usize = 10_000;

const NO_SUCH_SHARD: &str = "there is no such shard: they are counted from 0";

impl Partitions {
    pub fn new(
        attribute: &'static str,
        buckets: Vec<Vec<Part>>,
        contradiction: Option<&'static str>,
    ) -> Self {
        Partitions { attribute, buckets: Arc::new(buckets), contradiction }
    }

    /// One shard of each bucket alone.
    pub fn keep_shard(&mut self, shard: u32) {
        let shard = usize::try_from(shard).unwrap_or(usize::MAX);
        let kept = |bucket: &Vec<Part>| bucket.get(shard).map(|part| vec![part.clone()]);
        match self.buckets.iter().map(kept).collect() {
            Some(buckets) => self.buckets = Arc::new(buckets),
            None => self.contradiction = Some(NO_SUCH_SHARD),
        }
    }

    /// What a cursor is bound to.
    pub fn digest(&self, digest: &mut Digest) {
        digest.text("partitions");
        digest.text(self.attribute);
        digest.number(self.buckets.len());
        for bucket in &*self.buckets {
            digest.number(bucket.len());
            bucket.iter().for_each(|part| digest.encoded(part));
        }
    }

    /// The shards of each bucket, in the order in which they are read.
    pub fn in_order(&self, descending: bool) -> Vec<Vec<Part>> {
        let mut buckets = self.buckets.as_ref().clone();
        if descending {
            buckets.reverse();
            buckets.iter_mut().for_each(|bucket| bucket.reverse());
        }
        buckets
    }

    /// The partition of an item: its bucket and its shard, among these.
    pub fn place(&self, buckets: &[Vec<Part>], position: &Item) -> Option<(usize, usize)> {
        let part = position.get(self.attribute)?;
        let shard = |bucket: &Vec<Part>| bucket.iter().position(|known| known.as_ref().ok() == Some(part));
        buckets.iter().enumerate().find_map(|(number, bucket)| Some((number, shard(bucket)?)))
    }
}

/// A sort key, as DynamoDB orders them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct SortPosition(Vec<SortValue>);

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum SortValue {
    /// It has none, which no item in an index is without.
    Absent,
    /// By its UTF-8 bytes, as Rust compares text.
    Text(String),
    Number(BigDecimal),
    Bytes(Vec<u8>),
}

impl SortPosition {
    /// That of an item.
    pub fn of(item: &Item, attributes: &[&'static str]) -> Self {
        SortPosition::of_values(attributes.iter().map(|name| item.get(*name)))
    }

    /// That of the attributes' values.
    pub fn of_values<'v>(values: impl IntoIterator<Item = Option<&'v AttributeValue>>) -> Self {
        let value = |value: Option<&AttributeValue>| match value {
            Some(AttributeValue::S(text)) => SortValue::Text(text.clone()),
            Some(AttributeValue::N(digits)) => digits.parse().map_or(SortValue::Absent, SortValue::Number),
            Some(AttributeValue::B(bytes)) => SortValue::Bytes(bytes.as_ref().to_vec()),
            _ => SortValue::Absent,
        };
        SortPosition(values.into_iter().map(value).collect())
    }

    /// Which of two comes first in a direction.
    pub fn compared(&self, other: &Self, descending: bool) -> Ordering {
        if descending { other.cmp(self) } else { self.cmp(other) }
    }
}
