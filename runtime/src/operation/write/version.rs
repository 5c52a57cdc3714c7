//! Optimistic locking: the demands of a write on an item's version and last write.

use aws_sdk_dynamodb::types::AttributeValue;

use crate::expression::condition::{Expression, Operand};
use crate::expression::path::Path;
use crate::managed::{Expected, ExpectedWriteId};
use crate::operation::write::unchanged::equals;

impl Expected {
    /// The condition that an item has this version.
    pub fn expression(&self) -> Expression {
        let path = Path::top(self.attribute);
        let version = AttributeValue::N(self.version.to_string());
        let equal = Expression::Compare(Operand::Path(path), "=", Ok(version));
        if self.version == 0 {
            let absent = Expression::existence(self.attribute, false);
            return Expression::Join("OR", vec![absent, equal]);
        }
        equal
    }
}

impl ExpectedWriteId {
    /// The condition that an item's last write is the one that was read.
    pub fn expression(&self) -> Expression {
        equals(Path::top(self.attribute), self.id.as_ref())
    }
}
