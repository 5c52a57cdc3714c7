//! Sort keys composed from fields: a condition on one field after the other.

use std::marker::PhantomData;

use jiff::tz::TimeZone;

use crate::Date;
use crate::argument::Argument;
use crate::key::{DatedForm, KeyForm, KeyText, OrderedForm, PrefixedForm, above, at_most, below, beyond};
use crate::operation::builder::query::{Query, Reading};
use crate::operation::builder::sorted::OpenSortKey;
use crate::operation::read::source::{SortCondition, encoded};

/// A condition on one field of a composed sort key. An equality leads on to the next field; any other condition ends the key.
///
/// ```
/// # use dynamorm::Operations;
/// # use example_models::shop::Review;
/// # example_models::examples::run(async |db| {
/// // The sort key of a product's reviews is `REVIEW#{written_at}#{customer_id}`.
/// let since = dynamorm::Timestamp::UNIX_EPOCH;
/// let reviews = Review::query("LA-0001").written_at().ge(since).descending().limit(3).send(&db).await?;
/// assert!(reviews.items().is_empty());
/// # Ok(()) });
/// ```
///
/// If you leave out fields at the end, the condition is on the beginning of the key. It ends where a field ends: `ORDER#1` does
/// not match `ORDER#10`.
#[must_use = "say how the field compares: `.eq(…)`, `.between(…)` …"]
#[derive(Debug)]
pub struct SortPart<F, Q> {
    reading: Reading,
    name: &'static str,
    literal: &'static str,
    last: bool,
    marker: PhantomData<fn() -> (F, Q)>,
}

impl<F: KeyForm, Q: OpenSortKey> SortPart<F, Q> {
    /// A condition on the next field of `open`, which `literal` follows: for generated code.
    #[doc(hidden)]
    pub fn new(open: &Q, name: &'static str, literal: &'static str, last: bool) -> Self {
        SortPart { reading: open.reading().clone(), name, literal, last, marker: PhantomData }
    }

    /// The field equals `value`.
    pub fn eq(mut self, value: impl Argument<F::Value>) -> Q::Next {
        let text = self.prefix().part::<F>(self.name, &value.into_argument(), self.literal);
        let condition = if self.last {
            SortCondition::Compare("=", encoded(text.clone()))
        } else {
            SortCondition::BeginsWith(encoded(text.clone()))
        };
        self.reading.0.source.composed = Some(text);
        Q::Next::from(self.restricted(condition))
    }

    /// The field is less than `value`.
    pub fn lt(mut self, value: impl Argument<F::Value>) -> Query<Q::Record, Q::Source>
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
    pub fn le(mut self, value: impl Argument<F::Value>) -> Query<Q::Record, Q::Source>
    where
        F: OrderedForm,
    {
        let prefix = self.prefix();
        let end = self.with(prefix.clone(), value);
        let end = self.end(end);
        self.within(prefix, end)
    }

    /// The field is greater than `value`.
    pub fn gt(mut self, value: impl Argument<F::Value>) -> Query<Q::Record, Q::Source>
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
    pub fn ge(mut self, value: impl Argument<F::Value>) -> Query<Q::Record, Q::Source>
    where
        F: OrderedForm,
    {
        let prefix = self.prefix();
        let start = self.with(prefix.clone(), value);
        self.from(prefix, start)
    }

    /// The field is at least `low` and at most `high`.
    pub fn between(
        mut self,
        low: impl Argument<F::Value>,
        high: impl Argument<F::Value>,
    ) -> Query<Q::Record, Q::Source>
    where
        F: OrderedForm,
    {
        let prefix = self.prefix();
        let low = self.with(prefix.clone(), low);
        let high = self.with(prefix, high);
        let high = self.end(high);
        self.restrict(SortCondition::Between(encoded(low), encoded(high)))
    }

    /// The known beginning of the key, before this field.
    fn prefix(&mut self) -> KeyText {
        self.reading.0.source.composed.take().unwrap_or_else(|| KeyText::new(""))
    }

    fn with(&self, prefix: KeyText, value: impl Argument<F::Value>) -> KeyText {
        prefix.part::<F>(self.name, &value.into_argument(), "")
    }

    /// The greatest key with this beginning, up to the current field.
    fn end(&self, text: KeyText) -> KeyText {
        let text = text.then(self.literal);
        if self.last { text } else { text.change(self.name, "", |text| Some(at_most(text))) }
    }

    /// From the beginning of the prefix to `end`.
    fn within(self, prefix: KeyText, end: KeyText) -> Query<Q::Record, Q::Source> {
        let condition = if prefix.len() == 0 {
            SortCondition::Compare("<=", encoded(end))
        } else {
            SortCondition::Between(encoded(prefix), encoded(end))
        };
        self.restrict(condition)
    }

    /// From `start` to the end of the prefix.
    fn from(self, prefix: KeyText, start: KeyText) -> Query<Q::Record, Q::Source> {
        let condition = if prefix.len() == 0 {
            SortCondition::Compare(">=", encoded(start))
        } else {
            let end = prefix.change(self.name, "", |text| Some(at_most(text)));
            SortCondition::Between(encoded(start), encoded(end))
        };
        self.restrict(condition)
    }

    fn restrict(self, condition: SortCondition) -> Query<Q::Record, Q::Source> {
        Query::at(self.restricted(condition))
    }

    fn restricted(mut self, condition: SortCondition) -> Reading {
        // So far, the prefix is the only condition on a composed key.
        if let Some((_, last)) = self.reading.0.sort.last_mut() {
            *last = condition;
        } else if let Some(attribute) = self.reading.0.source.composed_attribute {
            self.reading.0.sort.push((attribute, condition));
        }
        self.reading
    }
}

impl<F: PrefixedForm, Q: OpenSortKey> SortPart<F, Q> {
    /// The field begins with `prefix`.
    pub fn begins_with(mut self, prefix: impl Argument<String>) -> Query<Q::Record, Q::Source> {
        let text = self.prefix().begun::<F>(self.name, &prefix.into_argument(), self.literal);
        self.restrict(SortCondition::BeginsWith(encoded(text)))
    }
}

impl<F: DatedForm, Q: OpenSortKey> SortPart<F, Q> {
    /// The field is a moment of `day`, in UTC.
    pub fn on(mut self, day: impl Argument<Date>) -> Query<Q::Record, Q::Source> {
        let day = day.into_argument();
        let prefix = self.prefix();
        let midnight = |day: Date| day.to_zoned(TimeZone::UTC).map(|midnight| midnight.timestamp());
        let bounds = midnight(day).and_then(|start| Ok((start, midnight(day.tomorrow()?)?)));
        let (start, end) = match bounds {
            Ok((start, next)) => {
                let next = self.with(prefix.clone(), next);
                (self.with(prefix, start), next.change(self.name, NOTHING_LESS, below))
            }
            Err(_) => (prefix.clone(), prefix.refuse(self.name, NO_SUCH_DAY)),
        };
        self.restrict(SortCondition::Between(encoded(start), encoded(end)))
    }
}

const NO_SUCH_DAY: &str = "the day does not end within the years that a timestamp can have";

const NOTHING_LESS: &str = "nothing is less than this";

const NOTHING_GREATER: &str = "nothing is greater than this";
