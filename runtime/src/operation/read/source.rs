//! What a query or a scan reads.

use aws_sdk_dynamodb::types::AttributeValue;

use crate::encode::EncodeError;
use crate::error::Result;
use crate::facts::Facts;
use crate::key::KeyText;
use crate::table::Index;

/// What a query or a scan reads: for generated code.
#[derive(Clone, Debug)]
pub struct Source {
    pub(crate) facts: &'static Facts,
    pub(crate) index: Option<&'static Index>,
    /// Equalities on every attribute of the partition key; `None` for a scan.
    pub(crate) partition: Option<Vec<KeyPart>>,
    /// The attribute of a composed sort key, and what is known of the key's beginning.
    pub(crate) composed_attribute: Option<&'static str>,
    pub(crate) composed: Option<KeyText>,
    /// Whether the composed sort key is known as a whole.
    pub(crate) is_complete: bool,
    /// Whether items of other models have to be left out.
    pub(crate) among_others: bool,
    /// What a scan of a model with a context is kept within.
    pub(crate) within: Option<KeyPart>,
    /// The attributes of the partition key, or of what a scan is kept within, that are composed.
    pub(crate) composed_names: Vec<&'static str>,
}

/// An attribute of a key and what it must equal.
pub(crate) type KeyPart = (&'static str, Result<AttributeValue, EncodeError>);

/// A condition on the sort key.
#[derive(Clone, Debug)]
pub(crate) enum SortCondition {
    Compare(&'static str, Result<AttributeValue, EncodeError>),
    Between(Result<AttributeValue, EncodeError>, Result<AttributeValue, EncodeError>),
    BeginsWith(Result<AttributeValue, EncodeError>),
}

impl SortCondition {
    /// What the sort key is compared with, as far as DynamoDB can hold it.
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

    /// Keeps a scan within one value of a context, with which the composed attribute begins.
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

    /// Leaves out the items of other models, which may stand among those of this one.
    #[must_use]
    pub fn among_others(mut self) -> Self {
        self.among_others = true;
        self
    }

    fn new(facts: &'static Facts, partition: Option<Vec<KeyPart>>) -> Self {
        Source {
            facts,
            index: None,
            partition,
            composed_attribute: None,
            composed: None,
            is_complete: false,
            among_others: false,
            within: None,
            composed_names: Vec::new(),
        }
    }

    /// What a composed sort key demands before the caller has said anything.
    pub(crate) fn sort(&self) -> Option<(&'static str, SortCondition)> {
        let (attribute, text) = (self.composed_attribute?, self.composed.clone()?);
        if self.is_complete {
            Some((attribute, SortCondition::Compare("=", encoded(text))))
        } else {
            (text.len() > 0).then(|| (attribute, SortCondition::BeginsWith(encoded(text))))
        }
    }
}

/// A key as it is sent.
pub(crate) fn encoded(text: KeyText) -> Result<AttributeValue, EncodeError> {
    text.finish().map(AttributeValue::S)
}
