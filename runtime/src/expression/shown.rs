//! What `Debug` shows of expressions: their actions and paths, and no values.

use std::fmt;

use crate::expression::action::Action;
use crate::expression::condition::{Expression, Operand};

impl fmt::Debug for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Expression::Compare(operand, operator, _) => write!(f, "{operand:?} {operator} ?"),
            Expression::Between(path, ..) => write!(f, "{path} BETWEEN ? AND ?"),
            Expression::In(path, values) => write!(f, "{path} IN ({} values)", values.len()),
            Expression::Function(name, path, None) => write!(f, "{name}({path})"),
            Expression::Function(name, path, Some(_)) => write!(f, "{name}({path}, ?)"),
            Expression::Join(operator, parts) => {
                for (number, part) in parts.iter().enumerate() {
                    if number > 0 {
                        write!(f, " {operator} ")?;
                    }
                    write!(f, "({part:?})")?;
                }
                Ok(())
            }
            Expression::Not(inner) => write!(f, "NOT ({inner:?})"),
            Expression::TooLarge(operators) => write!(f, "an expression of {operators} operators"),
        }
    }
}

impl fmt::Debug for Operand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Operand::Path(path) => write!(f, "{path}"),
            Operand::Size(path) => write!(f, "size({path})"),
        }
    }
}

impl fmt::Debug for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Action::Set(_) => "SET",
            Action::SetIfAbsent(_) => "SET if absent",
            Action::Append { .. } => "SET, appended",
            Action::Prepend { .. } => "SET, prepended",
            Action::Remove => "REMOVE",
            Action::Add(_) | Action::AddTo { .. } => "ADD",
            Action::Delete(_) => "DELETE",
        })
    }
}
