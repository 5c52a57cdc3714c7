//! Conditions on items, and what one request's expressions are made of.

use std::collections::HashMap;
use std::marker::PhantomData;
use std::ops::{BitAnd, BitOr, Not};

use aws_sdk_dynamodb::types::AttributeValue;

use crate::EncodeError;
use crate::attribute::{Path, Step};
use crate::validation::Violation;

/// A condition on items of `M`, for `.when(…)` on a write and `.filter(…)` on a read.
///
/// Conditions combine with `&`, `|` and `!`.
#[must_use = "a condition does nothing until it is given to `.when` or `.filter`"]
#[derive(Debug)]
pub struct Condition<M> {
    expression: Expression,
    operators: usize,
    marker: PhantomData<fn() -> M>,
}

impl<M> Condition<M> {
    /// A condition of one comparison or function.
    pub(crate) fn new(expression: Expression) -> Self {
        let operators = if let Expression::Compare(Operand::Size(_), ..) = expression { 2 } else { 1 };
        Self::of(expression, operators)
    }

    /// A condition that DynamoDB would refuse for its size is not kept, so that none is ever deep enough to exhaust the
    /// stack.
    fn of(expression: Expression, operators: usize) -> Self {
        let expression =
            if operators > MAXIMUM_OPERATORS { Expression::TooLarge(operators) } else { expression };
        Condition { expression, operators, marker: PhantomData }
    }

    pub(crate) fn into_expression(self) -> Expression {
        self.expression
    }
}

impl<M> Clone for Condition<M> {
    fn clone(&self) -> Self {
        Self::of(self.expression.clone(), self.operators)
    }
}

impl<M> BitAnd for Condition<M> {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        let operators = self.operators + other.operators + 1;
        Self::of(self.expression.and(other.expression), operators)
    }
}

impl<M> BitOr for Condition<M> {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        let operators = self.operators + other.operators + 1;
        Self::of(Expression::Join("OR", vec![self.expression, other.expression]).flat(), operators)
    }
}

impl<M> Not for Condition<M> {
    type Output = Self;

    fn not(self) -> Self {
        Self::of(Expression::Not(Box::new(self.expression)), self.operators + 1)
    }
}

type Encoded = Result<AttributeValue, EncodeError>;

#[derive(Clone, Debug)]
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

#[derive(Clone, Debug)]
pub(crate) enum Operand {
    Path(Path),
    Size(Path),
}

impl Expression {
    pub fn and(self, other: Expression) -> Expression {
        Expression::Join("AND", vec![self, other]).flat()
    }

    pub fn or(self, other: Expression) -> Expression {
        Expression::Join("OR", vec![self, other]).flat()
    }

    /// The attribute of that name is this text.
    pub fn equals(attribute: &'static str, text: &str) -> Expression {
        let path = Path { root: attribute, steps: Vec::new() };
        Expression::Compare(Operand::Path(path), "=", Ok(AttributeValue::S(text.to_owned())))
    }

    /// The attribute of that name begins with this text.
    pub fn begins_with(attribute: &'static str, text: &str) -> Expression {
        let path = Path { root: attribute, steps: Vec::new() };
        Expression::Function("begins_with", path, Some(Ok(AttributeValue::S(text.to_owned()))))
    }

    /// The attribute of that name exists, or does not.
    pub fn existence(attribute: &'static str, exists: bool) -> Expression {
        let function = if exists { "attribute_exists" } else { "attribute_not_exists" };
        Expression::Function(function, Path { root: attribute, steps: Vec::new() }, None)
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

    /// Joins of one operator are written as one, so that long chains stay shallow.
    fn flat(self) -> Expression {
        let Expression::Join(operator, parts) = self else { return self };
        let mut flat = Vec::with_capacity(parts.len());
        for part in parts {
            match part {
                Expression::Join(inner, more) if inner == operator => flat.extend(more),
                other => flat.push(other),
            }
        }
        Expression::Join(operator, flat)
    }
}

/// `first AND second`, where there is a first.
pub(crate) fn and(first: Option<Expression>, second: Expression) -> Option<Expression> {
    Some(match first {
        Some(first) => first.and(second),
        None => second,
    })
}

/// The placeholders of one request, and what is wrong with its expressions.
#[derive(Debug, Default)]
pub(crate) struct Placeholders {
    names: HashMap<String, String>,
    values: HashMap<String, AttributeValue>,
    /// Those of the expression at hand.
    operators: usize,
    violations: Vec<Violation>,
}

/// DynamoDB's limits on expressions.
const MAXIMUM_EXPRESSION_BYTES: usize = 4_096;
const MAXIMUM_OPERATORS: usize = 300;
const MAXIMUM_IN_OPERANDS: usize = 100;
const MAXIMUM_PATH_DEPTH: usize = 32;

impl Placeholders {
    /// The placeholder of an attribute's name.
    pub fn name(&mut self, name: &str) -> String {
        if let Some((placeholder, _)) = self.names.iter().find(|(_, known)| *known == name) {
            return placeholder.clone();
        }
        let placeholder = numbered('#', self.names.len());
        self.names.insert(placeholder.clone(), name.to_owned());
        placeholder
    }

    /// The placeholder of a value.
    pub fn value(&mut self, value: AttributeValue) -> String {
        let placeholder = numbered(':', self.values.len());
        self.values.insert(placeholder.clone(), value);
        placeholder
    }

    pub fn path(&mut self, path: &Path) -> String {
        if path.steps.len() >= MAXIMUM_PATH_DEPTH {
            self.refuse(path, format!("the path is deeper than {MAXIMUM_PATH_DEPTH} levels"));
        }
        if path.steps.iter().any(|step| matches!(step, Step::Key(name) if name.is_empty())) {
            self.refuse(path, "a name in the path is empty".to_owned());
        }
        let mut text = self.name(path.root);
        for step in &path.steps {
            match step {
                Step::Index(index) => text.push_str(&format!("[{index}]")),
                Step::Field(name) => {
                    text.push('.');
                    text.push_str(&self.name(name));
                }
                Step::Key(name) => {
                    text.push('.');
                    text.push_str(&self.name(name));
                }
            }
        }
        text
    }

    /// The placeholder of a value, or a violation at `path` if there is none.
    pub fn encoded(&mut self, path: &Path, value: Encoded) -> String {
        match value {
            Ok(value) => self.value(value),
            Err(error) => {
                self.refuse(path, error.to_string());
                String::new()
            }
        }
    }

    /// The text of a whole condition or filter expression.
    pub fn expression(&mut self, expression: Expression) -> String {
        self.operators = 0;
        let text = self.render(expression);
        self.check_length(&text);
        if self.operators > MAXIMUM_OPERATORS {
            let message = format!(
                "the expression has {} operators and functions, more than DynamoDB's {MAXIMUM_OPERATORS}",
                self.operators
            );
            self.violations.push(Violation::new("", message));
        }
        text
    }

    pub fn check_length(&mut self, expression: &str) {
        if expression.len() > MAXIMUM_EXPRESSION_BYTES {
            let message = format!(
                "the expression has {} bytes, more than DynamoDB's {MAXIMUM_EXPRESSION_BYTES}",
                expression.len()
            );
            self.violations.push(Violation::new("", message));
        }
    }

    pub fn refuse(&mut self, path: &Path, message: String) {
        self.violations.push(Violation::new(path.to_string(), message));
    }

    pub fn extend(&mut self, violations: Vec<Violation>) {
        self.violations.extend(violations);
    }

    /// Names, values (none instead of empty maps), and what was found wrong.
    pub fn finish(self) -> Finished {
        Finished {
            names: (!self.names.is_empty()).then_some(self.names),
            values: (!self.values.is_empty()).then_some(self.values),
            violations: self.violations,
        }
    }

    fn render(&mut self, expression: Expression) -> String {
        match expression {
            Expression::Compare(operand, operator, value) => {
                self.operators += 1;
                let (text, path) = match operand {
                    Operand::Path(path) => (self.path(&path), path),
                    Operand::Size(path) => {
                        self.operators += 1;
                        (format!("size({})", self.path(&path)), path)
                    }
                };
                [&text, " ", operator, " ", &self.encoded(&path, value)].concat()
            }
            Expression::Between(path, low, high) => {
                self.operators += 1;
                let text = self.path(&path);
                format!("{text} BETWEEN {} AND {}", self.encoded(&path, low), self.encoded(&path, high))
            }
            Expression::In(path, values) => {
                self.operators += 1;
                if !(1..=MAXIMUM_IN_OPERANDS).contains(&values.len()) {
                    let message =
                        format!("`is_in` takes 1 to {MAXIMUM_IN_OPERANDS} values, not {}", values.len());
                    self.refuse(&path, message);
                }
                let text = self.path(&path);
                let values: Vec<_> = values.into_iter().map(|value| self.encoded(&path, value)).collect();
                format!("{text} IN ({})", values.join(", "))
            }
            Expression::Function(function, path, None) => {
                self.operators += 1;
                [function, "(", &self.path(&path), ")"].concat()
            }
            Expression::Function(function, path, Some(value)) => {
                self.operators += 1;
                let text = self.path(&path);
                [function, "(", &text, ", ", &self.encoded(&path, value), ")"].concat()
            }
            Expression::Join(operator, parts) => {
                self.operators += parts.len() - 1;
                let parts: Vec<_> = parts.into_iter().map(|part| self.operand(part)).collect();
                parts.join(&[" ", operator, " "].concat())
            }
            Expression::Not(inner) => {
                self.operators += 1;
                format!("NOT {}", self.operand(*inner))
            }
            Expression::TooLarge(operators) => {
                self.operators += operators;
                String::new()
            }
        }
    }

    /// An expression within another: in parentheses where it needs them, since DynamoDB refuses redundant ones.
    fn operand(&mut self, expression: Expression) -> String {
        match expression {
            Expression::Join(..) | Expression::Not(_) => format!("({})", self.render(expression)),
            simple => self.render(simple),
        }
    }
}

/// A placeholder. Few requests have more than ten of a sort, and formatting a number costs more than the rest of it.
fn numbered(sign: char, number: usize) -> String {
    let Some(digit) = u32::try_from(number).ok().and_then(|number| char::from_digit(number, 10)) else {
        return format!("{sign}{number}");
    };
    let mut placeholder = String::with_capacity(2);
    placeholder.push(sign);
    placeholder.push(digit);
    placeholder
}

/// What is left of [`Placeholders`] once every expression is written.
#[derive(Debug)]
pub(crate) struct Finished {
    pub names: Option<HashMap<String, String>>,
    pub values: Option<HashMap<String, AttributeValue>>,
    pub violations: Vec<Violation>,
}
