//! A read of one partition out of several, and where it goes on behind a position.

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;

use crate::item::Item;
use crate::key::{above, at_most, below};
use crate::limits::MAXIMUM_SORT_KEY_BYTES;
use crate::operation::read::partitions::{Part, Partitions, SortPosition};
use crate::operation::read::request::Read;
use crate::operation::read::source::SortCondition;

impl Read {
    /// The same read, of one of its partitions.
    pub fn of_partition(&self, partitions: &Partitions, part: Part) -> Read {
        let mut read = self.clone();
        read.source.partitions = None;
        read.source.partition.get_or_insert_default().push((partitions.attribute, part));
        read.contradiction = read.contradiction.or(partitions.contradiction);
        read.start = None;
        // Where partitions are merged, every key is looked at.
        if !read.attributes.is_empty() {
            for name in self.position_attributes() {
                if !read.attributes.contains(&name) {
                    read.attributes.push(name);
                }
            }
        }
        read
    }

    /// The attributes that order the items of one partition.
    pub fn sort_attributes(&self) -> Vec<&'static str> {
        match self.source.index {
            Some(index) => index.sort_key.iter().map(|key| key.name).collect(),
            None => self.facts().table.sort_key.iter().map(|key| key.name).collect(),
        }
    }

    /// Reads nothing that comes before a position, or equals it where `beyond` says so, as far as one condition can tell. What
    /// it cannot tell is to be left out.
    pub fn go_on_from(&mut self, position: &Item, beyond: bool) -> GoesOn {
        let sorted_by = self.sort_attributes();
        let is_equality = |condition: &SortCondition| matches!(condition, SortCondition::Compare("=", _));
        let is_free = |name: &&&'static str| {
            !self.sort.iter().any(|(known, condition)| known == *name && is_equality(condition))
        };
        let Some(attribute) = sorted_by.iter().find(is_free).copied() else {
            // All items are equal, or have no order.
            return if beyond { GoesOn::Nowhere } else { GoesOn::Here(None) };
        };
        let Some(from) = position.get(attribute) else { return GoesOn::Here(None) };
        let known = self.sort.iter().position(|(known, _)| *known == attribute);
        let condition = known.and_then(|at| self.sort.get(at)).map(|(_, condition)| condition.clone());
        // Further attributes tell items apart whose first ones are equal.
        let beyond = beyond && sorted_by.last() == Some(&attribute);
        let from = Bound { value: from.clone(), beyond, descending: self.descending };
        let Some((condition, without)) = from.narrow(condition) else { return GoesOn::Nowhere };
        match known.and_then(|at| self.sort.get_mut(at)) {
            Some((_, known)) => *known = condition,
            None => self.sort.push((attribute, condition)),
        }
        GoesOn::Here(without.map(|value| (attribute, value)))
    }
}

/// Whether a read goes on behind a position.
pub(crate) enum GoesOn {
    /// Nothing is left of it.
    Nowhere,
    /// It does. Items whose attribute has this value are none of its own.
    Here(Option<(&'static str, AttributeValue)>),
}

/// Where the sort key of a read goes on.
struct Bound {
    value: AttributeValue,
    /// Whether it lies behind that value.
    beyond: bool,
    descending: bool,
}

impl Bound {
    /// A condition on the sort key, of which what comes before is left out; and the value that is to be left out besides. None
    /// if nothing is left.
    fn narrow(self, condition: Option<SortCondition>) -> Option<(SortCondition, Option<AttributeValue>)> {
        // The position itself was read under the condition, so that it lies within.
        match condition {
            None => Some((self.open(), None)),
            Some(SortCondition::Between(low, high)) => {
                let end = if self.descending { low } else { high };
                Some((self.closed(end)?, None))
            }
            Some(SortCondition::BeginsWith(prefix)) => {
                let end = if self.descending { prefix } else { prefix.map(greatest) };
                Some((self.closed(end)?, None))
            }
            Some(SortCondition::Compare("=", value)) => Some((SortCondition::Compare("=", value), None)),
            Some(SortCondition::Compare(operator, value)) => {
                let is_end = operator.starts_with('<') != self.descending;
                match (is_end, operator) {
                    (false, _) => Some((self.open(), None)),
                    (true, "<" | ">") => Some((self.closed(value.clone())?, value.ok())),
                    (true, _) => Some((self.closed(value)?, None)),
                }
            }
        }
    }

    /// From there on.
    fn open(self) -> SortCondition {
        let operator = match (self.descending, self.beyond) {
            (false, false) => ">=",
            (false, true) => ">",
            (true, false) => "<=",
            (true, true) => "<",
        };
        SortCondition::Compare(operator, Ok(self.value))
    }

    /// From there to an end.
    fn closed(self, end: Part) -> Option<SortCondition> {
        let Bound { value, beyond, descending } = self;
        // Only text has a next value. Others are read again, and left out.
        let from = match value {
            AttributeValue::S(text) if beyond => {
                AttributeValue::S(if descending { below(text)? } else { above(text, 0)? })
            }
            other => other,
        };
        if let Ok(end) = &end {
            let position = |value| SortPosition::of_values([Some(value)]);
            if position(&from).compared(&position(end), descending).is_gt() {
                return None;
            }
        }
        Some(match descending {
            true => SortCondition::Between(end, Ok(from)),
            false => SortCondition::Between(Ok(from), end),
        })
    }
}

/// The greatest key that begins so.
fn greatest(prefix: AttributeValue) -> AttributeValue {
    match prefix {
        AttributeValue::S(text) => AttributeValue::S(at_most(text)),
        AttributeValue::B(bytes) => {
            let mut bytes = bytes.into_inner();
            bytes.resize(MAXIMUM_SORT_KEY_BYTES.max(bytes.len()), u8::MAX);
            AttributeValue::B(Blob::new(bytes))
        }
        other => other,
    }
}
