//! What a query or a scan reads.

use std::ops::RangeInclusive;

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;

use crate::encode::EncodeError;
use crate::error::Result;
use crate::facts::Facts;
use crate::key::{KeyText, Period, PeriodBound, at_most, periods};
use crate::operation::read::partitions::{MOST_BUCKETS, Part, Partitions};
use crate::table::Index;

/// What a query or a scan reads: for generated code.
#[derive(Clone, Debug)]
pub struct Source {
    pub(crate) facts: &'static Facts,
    pub(crate) index: Option<&'static Index>,
    /// Equalities on every attribute of the partition key; `None` for a scan.
    pub(crate) partition: Option<Vec<KeyPart>>,
    /// Where it reads several partitions: what the attribute of the key holds in which they differ.
    pub(crate) partitions: Option<Partitions>,
    /// The attribute of a composed sort key, and the known beginning of the key.
    pub(crate) composed_attribute: Option<&'static str>,
    pub(crate) composed: Option<KeyText>,
    /// The attribute of a sort key, and the least and the greatest key that is read.
    pub(crate) between: Option<(&'static str, Option<KeyText>, Option<KeyText>)>,
    /// Whether the composed sort key is completely known.
    pub(crate) is_complete: bool,
    /// Whether items of other models have to be left out.
    pub(crate) among_others: bool,
    /// Whether it can meet items of models whose keys begin alike, which are left out after reading.
    pub(crate) among_alike: bool,
    /// The context that a scan of a model stays within.
    pub(crate) within: Option<KeyPart>,
    /// The composed attributes of the partition key, or of the context that a scan stays within.
    pub(crate) composed_names: Vec<&'static str>,
}

/// An attribute of a key and what it must equal.
pub(crate) type KeyPart = (&'static str, Result<AttributeValue, EncodeError>);

const TOO_MANY_BUCKETS: &str = "a read has at most 10,000 buckets: narrow the range";

/// A condition on the sort key.
#[derive(Clone, Debug)]
pub(crate) enum SortCondition {
    Compare(&'static str, Result<AttributeValue, EncodeError>),
    Between(Result<AttributeValue, EncodeError>, Result<AttributeValue, EncodeError>),
    BeginsWith(Result<AttributeValue, EncodeError>),
}

impl SortCondition {
    /// The values that the sort key is compared with, as far as DynamoDB can hold them.
    pub(crate) fn values(&self) -> [Option<&AttributeValue>; 2] {
        match self {
            SortCondition::Compare(_, value) | SortCondition::BeginsWith(value) => {
                [value.as_ref().ok(), None]
            }
            SortCondition::Between(low, high) => [low.as_ref().ok(), high.as_ref().ok()],
        }
    }
}

impl Source {
    /// Every item of the table.
    pub fn scan(facts: &'static Facts) -> Self {
        Source::new(facts, None)
    }

    /// The items of one partition: give its attributes with [`key`](Self::key).
    pub fn query(facts: &'static Facts) -> Self {
        Source::new(facts, Some(Vec::new()))
    }

    /// Reads an index instead of the table.
    #[must_use]
    pub fn index(mut self, index: &'static Index) -> Self {
        self.index = Some(index);
        self
    }

    /// An attribute of the partition key, and its value.
    #[must_use]
    pub fn key<K: crate::Kind>(mut self, name: &'static str, value: impl crate::Argument<K::Value>) -> Self {
        self.partition.get_or_insert_default().push((name, crate::attribute::encode::<K>(value)));
        self
    }

    /// An attribute of the partition key that is composed from fields.
    #[must_use]
    pub fn composed_key(mut self, name: &'static str, text: KeyText) -> Self {
        self.composed_names.push(name);
        self.partition.get_or_insert_default().push((name, encoded(text)));
        self
    }

    /// Keeps a scan within one value of a context. The composed attribute begins with it.
    #[must_use]
    pub fn within(mut self, name: &'static str, text: KeyText) -> Self {
        self.composed_names.push(name);
        self.within = Some((name, encoded(text)));
        self
    }

    /// Keeps a scan within one value of a context, which is an attribute.
    #[must_use]
    pub fn within_value<K: crate::Kind>(
        mut self,
        name: &'static str,
        value: impl crate::Argument<K::Value>,
    ) -> Self {
        self.within = Some((name, crate::attribute::encode::<K>(value)));
        self
    }

    /// The sort key is composed from fields, and begins with `literal`.
    #[must_use]
    pub fn sorted(mut self, attribute: &'static str, literal: &'static str) -> Self {
        self.composed_attribute = Some(attribute);
        self.composed = Some(KeyText::new(literal));
        self
    }

    /// The sort key is the same for every item of the model.
    #[must_use]
    pub fn sorted_exactly(mut self, attribute: &'static str, literal: &'static str) -> Self {
        self.is_complete = true;
        self.sorted(attribute, literal)
    }

    /// Reads no sort key that is less than `text`.
    #[must_use]
    pub fn sorted_from(mut self, attribute: &'static str, text: KeyText) -> Self {
        self.between.get_or_insert((attribute, None, None)).1 = Some(text);
        self
    }

    /// Reads no sort key that is greater than `text`.
    #[must_use]
    pub fn sorted_up_to(mut self, attribute: &'static str, text: KeyText) -> Self {
        self.between.get_or_insert((attribute, None, None)).2 = Some(text);
        self
    }

    /// Reads no sort key that is greater than those that begin with `text`.
    #[must_use]
    pub fn sorted_through(self, attribute: &'static str, text: KeyText) -> Self {
        self.sorted_up_to(attribute, text.change(attribute, "", |text| Some(at_most(text))))
    }

    /// Leaves out items of other models, which may be among those of this one.
    #[must_use]
    pub fn among_others(mut self) -> Self {
        self.among_others = true;
        self
    }

    /// Leaves out items of other models whose keys begin like this one's. After reading, their whole keys distinguish them.
    #[must_use]
    pub fn among_alike(mut self) -> Self {
        self.among_alike = true;
        self
    }

    /// Reads several shards of a partition, whose number `compose` makes part of its key: for generated code.
    #[must_use]
    pub fn sharded(self, attribute: &'static str, shards: u32, compose: impl Fn(u32) -> KeyText) -> Self {
        self.of_partitions(attribute, vec![(0..shards).map(|shard| encoded(compose(shard))).collect()], None)
    }

    /// Reads the buckets that a range touches: `compose` makes a moment of one part of its key. For generated code.
    #[must_use]
    pub fn buckets<P: Period>(
        self,
        attribute: &'static str,
        range: RangeInclusive<impl PeriodBound>,
        compose: impl Fn(Timestamp) -> KeyText,
    ) -> Self {
        self.sharded_buckets::<P>(attribute, range, 1, |moment, _| compose(moment))
    }

    /// Reads several shards of each bucket that a range touches: for generated code.
    #[must_use]
    pub fn sharded_buckets<P: Period>(
        self,
        attribute: &'static str,
        range: RangeInclusive<impl PeriodBound>,
        shards: u32,
        compose: impl Fn(Timestamp, u32) -> KeyText,
    ) -> Self {
        let (from, to) = range.into_inner();
        let bounds = from.first_moment().and_then(|from| Ok((from, to.last_moment()?)));
        let bucket = |moment| (0..shards).map(|shard| encoded(compose(moment, shard))).collect();
        match bounds.and_then(|(from, to)| Ok((from, periods::<P>(from, to, MOST_BUCKETS)?))) {
            Ok((_, Some(moments))) => {
                self.of_partitions(attribute, moments.into_iter().map(bucket).collect(), None)
            }
            Ok((from, None)) => self.of_partitions(attribute, vec![bucket(from)], Some(TOO_MANY_BUCKETS)),
            Err(error) => self.of_partitions(attribute, vec![vec![Err(error.within(attribute))]], None),
        }
    }

    fn of_partitions(
        mut self,
        attribute: &'static str,
        buckets: Vec<Vec<Part>>,
        contradiction: Option<&'static str>,
    ) -> Self {
        self.composed_names.push(attribute);
        self.partition.get_or_insert_default();
        self.partitions = Some(Partitions::new(attribute, buckets, contradiction));
        self
    }

    fn new(facts: &'static Facts, partition: Option<Vec<KeyPart>>) -> Self {
        Source {
            facts,
            index: None,
            partition,
            partitions: None,
            composed_attribute: None,
            composed: None,
            between: None,
            is_complete: false,
            among_others: false,
            among_alike: false,
            within: None,
            composed_names: Vec::new(),
        }
    }

    /// The demand on a composed sort key without any condition of the caller's.
    pub(crate) fn sort(&self) -> Option<(&'static str, SortCondition)> {
        if let Some((attribute, from, up_to)) = &self.between {
            let text = |text: &KeyText| encoded(text.clone());
            let condition = match (from, up_to) {
                (Some(from), Some(up_to)) => SortCondition::Between(text(from), text(up_to)),
                (Some(from), None) => SortCondition::Compare(">=", text(from)),
                (None, Some(up_to)) => SortCondition::Compare("<=", text(up_to)),
                (None, None) => return None,
            };
            return Some((attribute, condition));
        }
        let (attribute, text) = (self.composed_attribute?, self.composed.clone()?);
        if self.is_complete {
            Some((attribute, SortCondition::Compare("=", encoded(text))))
        } else {
            (text.len() > 0).then(|| (attribute, SortCondition::BeginsWith(encoded(text))))
        }
    }
}

/// A key in its stored form.
pub(crate) fn encoded(text: KeyText) -> Result<AttributeValue, EncodeError> {
    text.finish().map(AttributeValue::S)
}
