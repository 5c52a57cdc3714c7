//! The expressions of a read: the condition on its key, and the filter.

use aws_sdk_dynamodb::types::AttributeValue;

use crate::client::Client;
use crate::expression::condition::{Expression, Operand, and};
use crate::expression::names::of_every_name;
use crate::expression::path::Path;
use crate::expression::placeholders::{Placeholders, separate};
use crate::limits;
use crate::operation::read::request::Read;
use crate::operation::read::source::SortCondition;
use crate::validation::Check;

impl Read {
    pub(super) fn key_condition(&self, placeholders: &mut Placeholders) -> String {
        let mut text = String::with_capacity(64);
        let mut check = Check::default();
        for (index, (name, value)) in self.source.partition.iter().flatten().enumerate() {
            let path = Path::top(name);
            if let Ok(value) = value {
                limits::check_partition_key(name, value, &mut check);
            }
            separate(index, " AND ", &mut text);
            placeholders.name(name, &mut text);
            text.push_str(" = ");
            placeholders.encoded(&path, value.clone(), &mut text);
        }
        for (name, condition) in &self.sort {
            let path = Path::top(name);
            for value in condition.values().into_iter().flatten() {
                limits::check_sort_key(name, value, &mut check);
            }
            text.push_str(" AND ");
            match condition.clone() {
                SortCondition::Compare(operator, value) => {
                    placeholders.name(name, &mut text);
                    text.extend([" ", operator, " "]);
                    placeholders.encoded(&path, value, &mut text);
                }
                SortCondition::Between(low, high) => {
                    if let (Ok(low), Ok(high)) = (&low, &high)
                        && limits::is_inverted(low, high)
                    {
                        placeholders.refuse(&path, limits::INVERTED.to_owned());
                    }
                    placeholders.name(name, &mut text);
                    text.push_str(" BETWEEN ");
                    placeholders.encoded(&path, low, &mut text);
                    text.push_str(" AND ");
                    placeholders.encoded(&path, high, &mut text);
                }
                SortCondition::BeginsWith(prefix) => {
                    text.push_str("begins_with(");
                    placeholders.name(name, &mut text);
                    text.push_str(", ");
                    placeholders.encoded(&path, prefix, &mut text);
                    text.push(')');
                }
            }
        }
        placeholders.extend(check.into_violations());
        placeholders.check_length(&text);
        text
    }

    /// The filter expression. A query's filter must not name the attributes of the queried key.
    pub(super) fn filter(&self, placeholders: &mut Placeholders, db: &Client) -> Option<String> {
        let only = self.source.among_others.then(|| {
            let is_queried = |name: &str| self.source.partition.is_some() && self.is_key_attribute(name);
            self.facts().discriminator.expression(self.composed_part(), &is_queried, self.shows_untyped)
        });
        let mut filter = self.filter.clone();
        if let Some((name, value)) = &self.source.within {
            let path = Path::top(name);
            let within = if self.source.composed_names.contains(name) {
                Expression::Function("begins_with", path, Some(value.clone()))
            } else {
                Expression::Compare(Operand::Path(path), "=", value.clone())
            };
            filter = and(filter, within);
        }
        if let Some(ttl) = self.facts().table.ttl.on().filter(|_| self.live) {
            filter = and(filter, live(ttl, db));
        }
        let filter = match (filter, only.flatten()) {
            (None, only) => only?,
            (Some(filter), None) => filter,
            (Some(filter), Some(only)) => filter.and(only),
        };
        if self.source.partition.is_some() {
            let mut named = Vec::new();
            filter.paths(&mut |path| named.push(path.clone()));
            for path in named {
                if self.is_key_attribute(path.root) {
                    let message = "is part of the key that is queried, which DynamoDB refuses in a filter: \
                                   restrict it in the key condition";
                    placeholders.refuse(&path, message.to_owned());
                }
            }
        }
        Some(placeholders.expression(of_every_name(filter, self.facts())))
    }

    /// The read's demands on a composed key.
    fn composed_part(&self) -> Option<&str> {
        let mut parts = self.source.partition.iter().flatten().chain(&self.source.within);
        let (_, value) = parts.find(|(name, _)| self.source.composed_names.contains(name))?;
        value.as_ref().ok()?.as_s().ok().map(String::as_str)
    }

    fn is_key_attribute(&self, name: &str) -> bool {
        match self.source.index {
            Some(index) => index.partition_key.iter().chain(index.sort_key).any(|key| key.name == name),
            None => self.facts().table.key().any(|key| key.name == name),
        }
    }

    pub(super) fn is_filtered(&self) -> bool {
        self.filter.is_some()
            || self.live
            || self.source.among_others
            || self.source.among_alike
            || self.source.within.is_some()
    }
}

/// The filter for items that have not expired. An item whose expiry time is missing, or is no number, never expires.
fn live(ttl: &'static str, db: &Client) -> Expression {
    let path = Path::top(ttl);
    let now = AttributeValue::N(db.now().as_second().to_string());
    Expression::Not(Box::new(Expression::Compare(Operand::Path(path), "<=", Ok(now))))
}
