//! The text of one request's expressions. Names and values travel apart from it, behind placeholders.

use std::collections::HashMap;
use std::fmt::Write;

use aws_sdk_dynamodb::types::AttributeValue;

use crate::encode::EncodeError;
use crate::expression::condition::{Expression, MAXIMUM_OPERATORS, Operand};
use crate::expression::path::{Path, Step};
use crate::item::Item;
use crate::limits;
use crate::validation::Violation;

/// DynamoDB's limits on expressions.
const MAXIMUM_EXPRESSION_BYTES: usize = 4_096;
const MAXIMUM_EXPRESSION_VALUES_BYTES: usize = 2 * 1_024 * 1_024;
const MAXIMUM_IN_OPERANDS: usize = 100;
const MAXIMUM_PATH_DEPTH: usize = 32;

/// The placeholders of one request, and the violations of its expressions.
///
/// Names are `#0`, `#1` …, and values `:0`, `:1` …, in the order in which the expressions name them.
#[derive(Debug, Default)]
pub(crate) struct Placeholders {
    /// `None` without names, because DynamoDB refuses empty maps.
    pub names: Option<HashMap<String, String>>,
    pub values: Option<Item>,
    /// The operators of the current expression.
    operators: usize,
    /// The size of all names and values.
    bytes: usize,
    violations: Vec<Violation>,
}

impl Placeholders {
    /// The placeholders of a request that already has some expressions.
    pub fn continued(names: Option<HashMap<String, String>>, values: Option<Item>) -> Self {
        Placeholders { names, values, ..Placeholders::default() }
    }

    /// The text of a whole condition or filter expression.
    pub fn expression(&mut self, expression: Expression) -> String {
        self.operators = 0;
        let mut text = String::with_capacity(64);
        self.write(expression, &mut text);
        self.check(&text);
        text
    }

    /// The text of a write's condition, if it has any: a function of an attribute, and an expression.
    pub fn condition(
        &mut self,
        function: Option<(&'static str, &'static str)>,
        expression: Option<Box<Expression>>,
    ) -> Option<String> {
        let Some((function, attribute)) = function else {
            return expression.map(|expression| self.expression(*expression));
        };
        let mut text = String::with_capacity(64);
        text.push_str(function);
        text.push('(');
        self.name(attribute, &mut text);
        text.push(')');
        self.operators = 1;
        if let Some(expression) = expression {
            self.operators += 1;
            text.push_str(" AND ");
            // A chain is written as one.
            let is_chain = matches!(&*expression, Expression::Join("AND", _));
            if is_chain {
                self.write(*expression, &mut text);
            } else {
                self.write_operand(*expression, &mut text);
            }
        }
        self.check(&text);
        Some(text)
    }

    /// Notes an expression that is too long for DynamoDB, or has too many operators.
    #[inline]
    fn check(&mut self, text: &str) {
        self.check_length(text);
        if self.operators > MAXIMUM_OPERATORS {
            self.exceeds("the expression has", self.operators, "operators and functions", MAXIMUM_OPERATORS);
        }
    }

    /// Writes the placeholder of an attribute's name.
    pub fn name(&mut self, name: &str, text: &mut String) {
        let names = self.names.get_or_insert_with(|| HashMap::with_capacity(FEW));
        if let Some((placeholder, _)) = names.iter().find(|(_, known)| *known == name) {
            return text.push_str(placeholder);
        }
        let placeholder = numbered(&NAMES, '#', names.len());
        text.push_str(&placeholder);
        self.bytes += name.len();
        names.insert(placeholder, name.to_owned());
    }

    /// Writes the placeholder of a value.
    pub fn value(&mut self, value: AttributeValue, text: &mut String) {
        let values = self.values.get_or_insert_with(|| HashMap::with_capacity(FEW));
        let placeholder = numbered(&VALUES, ':', values.len());
        text.push_str(&placeholder);
        self.bytes += limits::value_size(&value);
        values.insert(placeholder, value);
    }

    /// Writes the placeholder of a value, or notes a violation at `path` if there is none.
    #[inline]
    pub fn encoded(&mut self, path: &Path, value: Result<AttributeValue, EncodeError>, text: &mut String) {
        match value {
            Ok(value) => self.value(value, text),
            Err(error) => self.refuse(path, error.to_string()),
        }
    }

    /// Writes a path of placeholders.
    #[inline]
    pub fn path(&mut self, path: &Path, text: &mut String) {
        self.name(path.root, text);
        if !path.steps().is_empty() {
            self.steps(path, text);
        }
    }

    fn steps(&mut self, path: &Path, text: &mut String) {
        if path.steps().len() >= MAXIMUM_PATH_DEPTH {
            self.refuse(path, format!("the path is deeper than {MAXIMUM_PATH_DEPTH} levels"));
        }
        if path.steps().iter().any(|step| matches!(step, Step::Key(name) if name.is_empty())) {
            self.refuse(path, "a name in the path is empty".to_owned());
        }
        for step in path.steps() {
            match step {
                Step::Index(index) => {
                    // Writing to a string does not fail.
                    let _ = write!(text, "[{index}]");
                }
                Step::Field(name) => {
                    text.push('.');
                    self.name(name, text);
                }
                Step::Key(name) => {
                    text.push('.');
                    self.name(name, text);
                }
            }
        }
    }

    /// Notes an expression that is too long for DynamoDB.
    #[inline]
    pub fn check_length(&mut self, expression: &str) {
        if expression.len() > MAXIMUM_EXPRESSION_BYTES {
            self.exceeds("the expression has", expression.len(), "bytes", MAXIMUM_EXPRESSION_BYTES);
        }
    }

    #[cold]
    fn exceeds(&mut self, what: &str, number: usize, unit: &str, maximum: usize) {
        let message = format!("{what} {number} {unit}, more than DynamoDB's {maximum}");
        self.violations.push(Violation::new("", message));
    }

    /// Notes a violation at a path.
    #[cold]
    pub fn refuse(&mut self, path: &Path, message: String) {
        self.violations.push(Violation::new(path.to_string(), message));
    }

    /// Notes further violations.
    pub fn extend(&mut self, violations: Vec<Violation>) {
        self.violations.extend(violations);
    }

    /// The violations, once every expression is written.
    #[inline]
    pub fn take_violations(&mut self) -> Vec<Violation> {
        if self.bytes > MAXIMUM_EXPRESSION_VALUES_BYTES {
            let what = "the names and values of the expressions have";
            self.exceeds(what, self.bytes, "bytes", MAXIMUM_EXPRESSION_VALUES_BYTES);
        }
        std::mem::take(&mut self.violations)
    }

    /// Writes an expression, and moves its values to the request.
    fn write(&mut self, expression: Expression, text: &mut String) {
        match expression {
            Expression::Compare(operand, operator, value) => {
                self.operators += 1;
                let path = match operand {
                    Operand::Path(path) => {
                        self.path(&path, text);
                        path
                    }
                    Operand::Size(path) => {
                        self.operators += 1;
                        text.push_str("size(");
                        self.path(&path, text);
                        text.push(')');
                        path
                    }
                };
                text.push(' ');
                text.push_str(operator);
                text.push(' ');
                self.encoded(&path, value, text);
            }
            Expression::Between(path, low, high) => {
                self.operators += 1;
                self.path(&path, text);
                text.push_str(" BETWEEN ");
                self.encoded(&path, low, text);
                text.push_str(" AND ");
                self.encoded(&path, high, text);
            }
            Expression::In(path, values) => {
                self.operators += 1;
                if !(1..=MAXIMUM_IN_OPERANDS).contains(&values.len()) {
                    let message =
                        format!("`is_in` takes 1 to {MAXIMUM_IN_OPERANDS} values, not {}", values.len());
                    self.refuse(&path, message);
                }
                self.path(&path, text);
                text.push_str(" IN (");
                for (index, value) in values.into_iter().enumerate() {
                    separate(index, ", ", text);
                    self.encoded(&path, value, text);
                }
                text.push(')');
            }
            Expression::Function(function, path, argument) => {
                self.operators += 1;
                text.push_str(function);
                text.push('(');
                self.path(&path, text);
                if let Some(argument) = argument {
                    text.push_str(", ");
                    self.encoded(&path, argument, text);
                }
                text.push(')');
            }
            Expression::Join(operator, parts) => {
                self.operators += parts.len() - 1;
                for (index, part) in parts.into_iter().enumerate() {
                    if index > 0 {
                        text.push(' ');
                        text.push_str(operator);
                        text.push(' ');
                    }
                    self.write_operand(part, text);
                }
            }
            Expression::Not(inner) => {
                self.operators += 1;
                text.push_str("NOT ");
                self.write_operand(*inner, text);
            }
            Expression::TooLarge(operators) => self.operators += operators,
        }
    }

    /// An expression within another. It has parentheses only if it needs them, because DynamoDB refuses redundant ones.
    #[inline]
    fn write_operand(&mut self, expression: Expression, text: &mut String) {
        if matches!(expression, Expression::Join(..) | Expression::Not(_)) {
            text.push('(');
            self.write(expression, text);
            text.push(')');
        } else {
            self.write(expression, text);
        }
    }
}

/// Writes `separator` before all but the first of several parts.
pub(crate) fn separate(index: usize, separator: &str, text: &mut String) {
    if index > 0 {
        text.push_str(separator);
    }
}

/// Most requests have at most so many placeholders of a sort. Growing a map takes more code than all else in it.
const FEW: usize = 4;
/// Few requests have more names, and formatting a number costs more than the rest of a placeholder.
const NAMES: [&str; 10] = ["#0", "#1", "#2", "#3", "#4", "#5", "#6", "#7", "#8", "#9"];
const VALUES: [&str; 10] = [":0", ":1", ":2", ":3", ":4", ":5", ":6", ":7", ":8", ":9"];

#[inline]
fn numbered(first: &[&str], sign: char, number: usize) -> String {
    match first.get(number) {
        Some(placeholder) => (*placeholder).to_owned(),
        None => format!("{sign}{number}"),
    }
}
