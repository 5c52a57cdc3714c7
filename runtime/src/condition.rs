//! Conditions on items.

use std::marker::PhantomData;
use std::ops::{BitAnd, BitOr, Not};

use crate::expression::condition::{Expression, MAXIMUM_OPERATORS, Operand};
use crate::model::Holds;

/// A condition on items of `M`, for `.when(…)` on a write and `.filter(…)` on a read.
///
/// ```
/// # use dynamorm::Operations;
/// # use example_models::catalogue::Book;
/// # example_models::examples::run(async |db| {
/// let later = Book::YEAR.gt(1813) & !Book::TITLE.begins_with("Pride");
/// let found: Vec<Book> = Book::scan().filter(later).items(&db).all().await?;
/// assert_eq!(found[0].title, "Emma");
/// # Ok(()) });
/// ```
///
/// Conditions combine with `&`, `|` and `!`.
#[must_use = "a condition does nothing until it is given to `.when` or `.filter`"]
#[derive(Debug)]
pub struct Condition<M> {
    /// Boxed, because most of an expression's variants are far smaller than the largest.
    expression: Box<Expression>,
    operators: usize,
    marker: PhantomData<fn() -> M>,
}

impl<M> Condition<M> {
    /// A condition of one comparison or function.
    pub(crate) fn new(expression: Expression) -> Self {
        let operators = if let Expression::Compare(Operand::Size(_), ..) = expression { 2 } else { 1 };
        Self::of(Box::new(expression), operators)
    }

    /// A condition that is too large for DynamoDB is dropped, so none is ever deep enough to exhaust the stack.
    fn of(mut expression: Box<Expression>, operators: usize) -> Self {
        if operators > MAXIMUM_OPERATORS {
            *expression = Expression::TooLarge(operators);
        }
        Condition { expression, operators, marker: PhantomData }
    }

    /// The same condition on items of several models, `M` among them, for `&` and `|` with conditions on the others.
    ///
    /// A condition is about attributes. It also holds for another model's item that has such attributes.
    pub fn among<R: Holds<M>>(self) -> Condition<R> {
        Condition::of(self.expression, self.operators)
    }

    pub(crate) fn into_expression(self) -> Box<Expression> {
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
        Self::of(Box::new(self.expression.and(*other.expression)), operators)
    }
}

impl<M> BitOr for Condition<M> {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        let operators = self.operators + other.operators + 1;
        Self::of(Box::new(self.expression.or(*other.expression)), operators)
    }
}

impl<M> Not for Condition<M> {
    type Output = Self;

    fn not(self) -> Self {
        Self::of(Box::new(Expression::Not(self.expression)), self.operators + 1)
    }
}
