//! Sort keys composed from fields: a condition on one field after the other.

use std::marker::PhantomData;

use crate::argument::Argument;
use crate::key::{KeyForm, KeyText, LastText, OrderedForm, above, at_most, below, beyond};
use crate::model::Record;
use crate::operation::builder::query::{Partition, Query};
use crate::operation::read::source::SortCondition;
use crate::operation::read::source::encoded;

/// A condition on one field of a composed sort key: an equality leads on to the next field, anything else ends it.
///
/// Fields that are left out at the end make a condition on the beginning of the key, which ends where a field ends:
/// `ORDER#1` does not match `ORDER#10`.
#[must_use = "say how the field compares: `.eq(…)`, `.between(…)` …"]
#[derive(Debug)]
pub struct SortPart<F, Next, End> {
    query: End,
    name: &'static str,
    literal: &'static str,
    last: bool,
    marker: PhantomData<fn() -> (F, Next)>,
}

impl<R: Record, S: Partition> Query<R, S> {
    /// Begins a condition on the next field of a composed sort key, which `literal` follows: for generated code.
    pub fn sort_part<F: KeyForm, Next: From<Self>>(
        &self,
        name: &'static str,
        literal: &'static str,
        last: bool,
    ) -> SortPart<F, Next, Self> {
        SortPart { query: self.again(), name, literal, last, marker: PhantomData }
    }
}

impl<F: KeyForm, Next: From<Query<R, S>>, R: Record, S> SortPart<F, Next, Query<R, S>> {
    /// The field equals `value`.
    pub fn eq(mut self, value: impl Argument<F::Value>) -> Next {
        let text = self.prefix().part::<F>(self.name, &value.into_argument(), self.literal);
        let condition = if self.last {
            SortCondition::Compare("=", encoded(text.clone()))
        } else {
            SortCondition::BeginsWith(encoded(text.clone()))
        };
        self.query.read.source.composed = Some(text);
        Next::from(self.restrict(condition))
    }

    /// The field is less than `value`.
    pub fn lt(mut self, value: impl Argument<F::Value>) -> Query<R, S>
    where
        F: OrderedForm,
    {
        let prefix = self.prefix();
        let (length, end) = (prefix.len(), self.with(prefix.clone(), value));
        let end = if end.len() == length { end.refuse(self.name, NOTHING_LESS) } else { end };
        let end = end.change(self.name, NOTHING_LESS, below);
        self.within(prefix, end)
    }

    /// The field is at most `value`.
    pub fn le(mut self, value: impl Argument<F::Value>) -> Query<R, S>
    where
        F: OrderedForm,
    {
        let prefix = self.prefix();
        let end = self.with(prefix.clone(), value);
        let end = self.end(end);
        self.within(prefix, end)
    }

    /// The field is greater than `value`.
    pub fn gt(mut self, value: impl Argument<F::Value>) -> Query<R, S>
    where
        F: OrderedForm,
    {
        let prefix = self.prefix();
        let start = self.with(prefix.clone(), value);
        let start = if F::WIDTH.is_some() {
            start.change(self.name, NOTHING_GREATER, beyond)
        } else {
            let length = prefix.len();
            start.change(self.name, NOTHING_GREATER, |text| above(text, length))
        };
        self.from(prefix, start)
    }

    /// The field is at least `value`.
    pub fn ge(mut self, value: impl Argument<F::Value>) -> Query<R, S>
    where
        F: OrderedForm,
    {
        let prefix = self.prefix();
        let start = self.with(prefix.clone(), value);
        self.from(prefix, start)
    }

    /// The field is at least `low` and at most `high`.
    pub fn between(mut self, low: impl Argument<F::Value>, high: impl Argument<F::Value>) -> Query<R, S>
    where
        F: OrderedForm,
    {
        let prefix = self.prefix();
        let low = self.with(prefix.clone(), low);
        let high = self.with(prefix, high);
        let high = self.end(high);
        self.restrict(SortCondition::Between(encoded(low), encoded(high)))
    }

    /// What is known of the key before this field.
    fn prefix(&mut self) -> KeyText {
        self.query.read.source.composed.take().unwrap_or_else(|| KeyText::new(""))
    }

    fn with(&self, prefix: KeyText, value: impl Argument<F::Value>) -> KeyText {
        prefix.part::<F>(self.name, &value.into_argument(), "")
    }

    /// The greatest key that has this beginning up to the field at hand.
    fn end(&self, text: KeyText) -> KeyText {
        let text = text.then(self.literal);
        if self.last { text } else { text.change(self.name, "", |text| Some(at_most(text))) }
    }

    /// From the beginning of the prefix to `end`.
    fn within(self, prefix: KeyText, end: KeyText) -> Query<R, S> {
        let condition = if prefix.len() == 0 {
            SortCondition::Compare("<=", encoded(end))
        } else {
            SortCondition::Between(encoded(prefix), encoded(end))
        };
        self.restrict(condition)
    }

    /// From `start` to the end of the prefix.
    fn from(self, prefix: KeyText, start: KeyText) -> Query<R, S> {
        let condition = if prefix.len() == 0 {
            SortCondition::Compare(">=", encoded(start))
        } else {
            let end = prefix.change(self.name, "", |text| Some(at_most(text)));
            SortCondition::Between(encoded(start), encoded(end))
        };
        self.restrict(condition)
    }

    fn restrict(mut self, condition: SortCondition) -> Query<R, S> {
        // The prefix of a composed key is its only condition so far.
        if let Some((_, last)) = self.query.read.sort.last_mut() {
            *last = condition;
        } else if let Some(attribute) = self.query.read.source.composed_attribute {
            self.query.read.sort.push((attribute, condition));
        }
        self.query
    }
}

impl<Next: From<Query<R, S>>, R: Record, S> SortPart<LastText, Next, Query<R, S>> {
    /// The field begins with `prefix`.
    pub fn begins_with(mut self, prefix: impl Argument<String>) -> Query<R, S> {
        let text = self.prefix();
        let text = self.with(text, prefix);
        self.restrict(SortCondition::BeginsWith(encoded(text)))
    }
}

const NOTHING_LESS: &str = "nothing is less than this";

const NOTHING_GREATER: &str = "nothing is greater than this";
