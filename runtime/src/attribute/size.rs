//! What conditions can ask besides the value: its size and its stored type.

use std::marker::PhantomData;

use aws_sdk_dynamodb::types::AttributeValue;

use crate::condition::Condition;
use crate::expression::condition::{Expression, Operand};
use crate::expression::path::Path;

/// The size of an attribute's value.
#[must_use = "a size does nothing until it is compared"]
#[derive(Debug)]
pub struct Size<M> {
    pub(super) path: Path,
    pub(super) marker: PhantomData<fn() -> M>,
}

impl<M> Size<M> {
    /// The size is `size`.
    pub fn eq(self, size: u64) -> Condition<M> {
        self.compare("=", size)
    }

    /// The size is not `size`.
    pub fn ne(self, size: u64) -> Condition<M> {
        self.compare("<>", size)
    }

    /// The size is less than `size`.
    pub fn lt(self, size: u64) -> Condition<M> {
        self.compare("<", size)
    }

    /// The size is at most `size`.
    pub fn le(self, size: u64) -> Condition<M> {
        self.compare("<=", size)
    }

    /// The size is greater than `size`.
    pub fn gt(self, size: u64) -> Condition<M> {
        self.compare(">", size)
    }

    /// The size is at least `size`.
    pub fn ge(self, size: u64) -> Condition<M> {
        self.compare(">=", size)
    }

    fn compare(self, operator: &'static str, size: u64) -> Condition<M> {
        let size = AttributeValue::N(size.to_string());
        Condition::new(Expression::Compare(Operand::Size(self.path), operator, Ok(size)))
    }
}

/// A type of stored values, as `attribute_type` names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttributeType {
    /// `S`
    Text,
    /// `N`
    Number,
    /// `B`
    Bytes,
    /// `BOOL`
    Bool,
    /// `NULL`
    Null,
    /// `SS`
    TextSet,
    /// `NS`
    NumberSet,
    /// `BS`
    BytesSet,
    /// `L`
    List,
    /// `M`
    Map,
}

impl AttributeType {
    pub(super) fn name(self) -> &'static str {
        match self {
            AttributeType::Text => "S",
            AttributeType::Number => "N",
            AttributeType::Bytes => "B",
            AttributeType::Bool => "BOOL",
            AttributeType::Null => "NULL",
            AttributeType::TextSet => "SS",
            AttributeType::NumberSet => "NS",
            AttributeType::BytesSet => "BS",
            AttributeType::List => "L",
            AttributeType::Map => "M",
        }
    }
}
