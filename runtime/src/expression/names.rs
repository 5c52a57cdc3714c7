//! Conditions on attributes that are read under several names.

use crate::expression::condition::{Expression, Operand};
use crate::expression::path::Path;
use crate::facts::Facts;

/// The same condition for items whose attributes have any of their names. It applies to the first name that the item has.
pub(crate) fn of_every_name(expression: Expression, facts: &Facts) -> Expression {
    if facts.also_read.is_empty() {
        return expression;
    }
    match expression {
        Expression::Join(operator, parts) => {
            Expression::Join(operator, parts.into_iter().map(|part| of_every_name(part, facts)).collect())
        }
        Expression::Not(inner) => Expression::Not(Box::new(of_every_name(*inner, facts))),
        leaf @ Expression::TooLarge(_) => leaf,
        leaf => {
            let names = root(&leaf).map_or(&[][..], |root| facts.also_read(root));
            if names.is_empty() { leaf } else { of_names(leaf, names) }
        }
    }
}

fn of_names(leaf: Expression, names: &[&'static str]) -> Expression {
    let Some(own) = root(&leaf) else { return leaf };
    let mut absent = Expression::existence(own, false);
    let mut said = Expression::existence(own, true).and(leaf.clone());
    for name in names {
        let here = absent.clone().and(Expression::existence(name, true));
        said = said.or(here.and(under(leaf.clone(), name)));
        absent = absent.and(Expression::existence(name, false));
    }
    // Without any of the names, the condition applies to a missing attribute.
    said.or(absent.and(leaf))
}

/// The attribute that a condition is about.
fn root(leaf: &Expression) -> Option<&'static str> {
    let mut root = None;
    leaf.paths(&mut |path| root = Some(path.root));
    root
}

/// The same condition on another attribute.
fn under(leaf: Expression, name: &'static str) -> Expression {
    let renamed = |path: Path| path.under(name);
    match leaf {
        Expression::Compare(Operand::Path(path), operator, value) => {
            Expression::Compare(Operand::Path(renamed(path)), operator, value)
        }
        Expression::Compare(Operand::Size(path), operator, value) => {
            Expression::Compare(Operand::Size(renamed(path)), operator, value)
        }
        Expression::Between(path, low, high) => Expression::Between(renamed(path), low, high),
        Expression::In(path, values) => Expression::In(renamed(path), values),
        Expression::Function(function, path, argument) => {
            Expression::Function(function, renamed(path), argument)
        }
        Expression::Join(..) | Expression::Not(_) | Expression::TooLarge(_) => leaf,
    }
}
