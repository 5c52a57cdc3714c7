//! A digest of a read's parameters, so a cursor continues only the same read.

use aws_sdk_dynamodb::types::AttributeValue;
use sha2::{Digest as _, Sha256};

use crate::encode::EncodeError;
use crate::expression::condition::{Expression, Operand};
use crate::expression::path::{Path, Step};

/// The digest in the making. Every part follows its length, so no two reads have the same input.
#[derive(Default)]
pub(crate) struct Digest(Sha256);

/// Enough bytes to make it hopeless to find another read with the same digest.
pub(crate) const DIGEST_BYTES: usize = 16;

impl Digest {
    pub fn finish(self) -> [u8; DIGEST_BYTES] {
        let mut digest = [0; DIGEST_BYTES];
        digest.copy_from_slice(&self.0.finalize()[..DIGEST_BYTES]);
        digest
    }

    pub fn bytes(&mut self, bytes: &[u8]) {
        self.number(bytes.len());
        self.0.update(bytes);
    }

    pub fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    pub fn number(&mut self, number: usize) {
        self.0.update(u64::try_from(number).unwrap_or(u64::MAX).to_be_bytes());
    }

    pub fn flag(&mut self, flag: bool) {
        self.number(usize::from(flag));
    }

    /// A value that DynamoDB can hold. Any other is refused before sending.
    pub fn encoded(&mut self, value: &Result<AttributeValue, EncodeError>) {
        if let Ok(value) = value {
            self.value(value);
        }
    }

    fn value(&mut self, value: &AttributeValue) {
        match value {
            AttributeValue::S(text) => self.tagged("S", text),
            AttributeValue::N(digits) => self.tagged("N", digits),
            AttributeValue::B(bytes) => {
                self.text("B");
                self.bytes(bytes.as_ref());
            }
            AttributeValue::Bool(value) => {
                self.text("BOOL");
                self.flag(*value);
            }
            AttributeValue::Ss(members) => self.members("SS", members.iter().map(String::as_bytes)),
            AttributeValue::Ns(members) => self.members("NS", members.iter().map(String::as_bytes)),
            AttributeValue::Bs(members) => self.members("BS", members.iter().map(AsRef::as_ref)),
            AttributeValue::L(list) => {
                self.text("L");
                self.number(list.len());
                list.iter().for_each(|element| self.value(element));
            }
            AttributeValue::M(map) => {
                self.text("M");
                self.number(map.len());
                // A map has no order of its own.
                let mut entries: Vec<_> = map.iter().collect();
                entries.sort_unstable_by_key(|(name, _)| name.as_str());
                for (name, value) in entries {
                    self.text(name);
                    self.value(value);
                }
            }
            _ => self.text("NULL"),
        }
    }

    fn tagged(&mut self, tag: &str, text: &str) {
        self.text(tag);
        self.text(text);
    }

    /// A set has no order of its own.
    fn members<'a>(&mut self, tag: &str, members: impl Iterator<Item = &'a [u8]>) {
        let mut members: Vec<_> = members.collect();
        members.sort_unstable();
        self.text(tag);
        self.number(members.len());
        members.into_iter().for_each(|member| self.bytes(member));
    }

    pub fn expression(&mut self, expression: &Expression) {
        match expression {
            Expression::Compare(operand, operator, value) => {
                let (kind, path) = match operand {
                    Operand::Path(path) => ("compare", path),
                    Operand::Size(path) => ("size", path),
                };
                self.tagged(kind, operator);
                self.path(path);
                self.encoded(value);
            }
            Expression::Between(path, low, high) => {
                self.text("between");
                self.path(path);
                self.encoded(low);
                self.encoded(high);
            }
            Expression::In(path, values) => {
                self.text("in");
                self.path(path);
                self.number(values.len());
                values.iter().for_each(|value| self.encoded(value));
            }
            Expression::Function(function, path, value) => {
                self.tagged("function", function);
                self.path(path);
                self.flag(value.is_some());
                value.iter().for_each(|value| self.encoded(value));
            }
            Expression::Join(operator, parts) => {
                self.tagged("join", operator);
                self.number(parts.len());
                parts.iter().for_each(|part| self.expression(part));
            }
            Expression::Not(inner) => {
                self.text("not");
                self.expression(inner);
            }
            // Refused before it is sent.
            Expression::TooLarge(_) => self.text("too large"),
        }
    }

    fn path(&mut self, path: &Path) {
        self.text(path.root);
        self.number(path.steps().len());
        for step in path.steps() {
            match step {
                Step::Field(name) => self.tagged("name", name),
                Step::Key(name) => self.tagged("name", name),
                Step::Index(index) => self.number(*index),
            }
        }
    }
}
