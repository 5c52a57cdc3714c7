//! Conditions before they become text.

use aws_sdk_dynamodb::types::AttributeValue;

use crate::encode::EncodeError;
use crate::expression::path::Path;

/// The most operators and functions of one expression: DynamoDB refuses more.
pub(crate) const MAXIMUM_OPERATORS: usize = 300;

type Encoded = Result<AttributeValue, EncodeError>;

#[derive(Clone)]
pub(crate) enum Expression {
    Compare(Operand, &'static str, Encoded),
    Between(Path, Encoded, Encoded),
    In(Path, Vec<Encoded>),
    Function(&'static str, Path, Option<Encoded>),
    /// Two or more expressions joined by `AND` or `OR`.
    Join(&'static str, Vec<Expression>),
    Not(Box<Expression>),
    /// An expression of so many operators that DynamoDB would refuse it.
    TooLarge(usize),
}

#[derive(Clone)]
pub(crate) enum Operand {
    Path(Path),
    Size(Path),
}

impl Expression {
    pub fn and(self, other: Expression) -> Expression {
        Self::join("AND", vec![self, other])
    }

    pub fn or(self, other: Expression) -> Expression {
        Self::join("OR", vec![self, other])
    }

    /// All of these; `None` without any.
    pub fn all(mut parts: Vec<Expression>) -> Option<Expression> {
        if parts.len() > 1 { Some(Self::join("AND", parts)) } else { parts.pop() }
    }

    /// The attribute of that name is this text.
    pub fn equals(attribute: &'static str, text: &str) -> Expression {
        let path = Path::top(attribute);
        Expression::Compare(Operand::Path(path), "=", Ok(AttributeValue::S(text.to_owned())))
    }

    /// The attribute of that name begins with this text.
    pub fn begins_with(attribute: &'static str, text: &str) -> Expression {
        let path = Path::top(attribute);
        Expression::Function("begins_with", path, Some(Ok(AttributeValue::S(text.to_owned()))))
    }

    /// The attribute of that name exists, or does not.
    pub fn existence(attribute: &'static str, exists: bool) -> Expression {
        let function = if exists { "attribute_exists" } else { "attribute_not_exists" };
        Expression::Function(function, Path::top(attribute), None)
    }

    /// Every path that the expression names.
    pub fn paths(&self, visit: &mut dyn FnMut(&Path)) {
        match self {
            Expression::Compare(Operand::Path(path) | Operand::Size(path), ..)
            | Expression::Between(path, ..)
            | Expression::In(path, _)
            | Expression::Function(_, path, _) => visit(path),
            Expression::Join(_, parts) => parts.iter().for_each(|part| part.paths(visit)),
            Expression::Not(inner) => inner.paths(visit),
            Expression::TooLarge(_) => {}
        }
    }

    /// Two or more expressions, joined. Joins of one operator are written as one, so that long chains stay shallow.
    fn join(operator: &'static str, parts: Vec<Expression>) -> Expression {
        let is_same = |part: &Expression| matches!(part, Expression::Join(inner, _) if *inner == operator);
        if !parts.iter().any(is_same) {
            return Expression::Join(operator, parts);
        }
        let mut flat = Vec::with_capacity(parts.len() + 1);
        for part in parts {
            match part {
                Expression::Join(inner, more) if inner == operator => flat.extend(more),
                other => flat.push(other),
            }
        }
        Expression::Join(operator, flat)
    }
}

/// `first AND second`, or `second` alone.
pub(crate) fn and(first: Option<Expression>, second: Expression) -> Option<Expression> {
    Some(match first {
        Some(first) => first.and(second),
        None => second,
    })
}
