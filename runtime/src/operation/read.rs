//! What queries and scans have in common: one page of raw items, and where the next begins.

use std::pin::pin;
use std::time::Duration;

use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::operation::scan::builders::ScanFluentBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, ConsumedCapacity, Select};
use aws_smithy_types::body::SdkBody;

use super::BoxFuture;
use super::cursor::Cursor;
use super::digest::{DIGEST_BYTES, Digest};
use super::ladder::encoded;
use super::select::projection;
use super::unique;
use crate::client::{Answered, Call, Client};
use crate::condition::{Expression, Operand, and};
use crate::deadline::Deadline;
use crate::decode::{Fields, Item};
use crate::encode::EncodeError;
use crate::error::{Context, Error, ErrorKind, Result};
use crate::key::KeyText;
use crate::limits;
use crate::model::Facts;
use crate::placeholders::{Placeholders, separate};
use crate::table::Index;
use crate::validation::{Check, Violation};
use crate::wire::{self, PageEnd};

/// What a query or a scan reads: for generated code.
#[derive(Clone, Debug)]
pub struct Source {
    pub(super) facts: &'static Facts,
    pub(super) index: Option<&'static Index>,
    /// Equalities on every attribute of the partition key; `None` for a scan.
    pub(super) partition: Option<Vec<KeyPart>>,
    /// The attribute of a composed sort key, and what is known of the key's beginning.
    pub(super) composed_attribute: Option<&'static str>,
    pub(super) composed: Option<KeyText>,
    /// Whether the composed sort key is known as a whole.
    pub(super) is_complete: bool,
    /// Whether items of other models have to be left out.
    pub(super) among_others: bool,
    /// What a scan of a model with a context is kept within.
    pub(super) within: Option<KeyPart>,
    /// The attributes of the partition key, or of what a scan is kept within, that are composed.
    pub(super) composed_names: Vec<&'static str>,
}

/// An attribute of a key and what it must equal.
pub(super) type KeyPart = (&'static str, Result<AttributeValue, EncodeError>);

/// A condition on the sort key.
#[derive(Clone, Debug)]
pub(super) enum SortCondition {
    Compare(&'static str, Result<AttributeValue, EncodeError>),
    Between(Result<AttributeValue, EncodeError>, Result<AttributeValue, EncodeError>),
    BeginsWith(Result<AttributeValue, EncodeError>),
}

impl SortCondition {
    /// What the sort key is compared with, as far as DynamoDB can hold it.
    fn values(&self) -> [Option<&AttributeValue>; 2] {
        match self {
            SortCondition::Compare(_, value) | SortCondition::BeginsWith(value) => {
                [value.as_ref().ok(), None]
            }
            SortCondition::Between(low, high) => [low.as_ref().ok(), high.as_ref().ok()],
        }
    }
}

/// A query or a scan on its way.
#[derive(Clone, Debug)]
pub(crate) struct Read {
    pub source: Source,
    pub sort: Vec<(&'static str, SortCondition)>,
    pub filter: Option<Expression>,
    /// Whether items that have expired are left out.
    pub live: bool,
    pub attributes: Vec<&'static str>,
    pub descending: bool,
    pub consistent: bool,
    pub page_size: Option<u32>,
    pub limit: Option<u64>,
    pub segment: Option<(u32, u32)>,
    /// What was asked for and cannot be had together.
    pub contradiction: Option<&'static str>,
    pub start: Option<Cursor>,
    pub deadline: Option<Duration>,
}

/// One page as it came, before its items are decoded.
pub(super) struct RawPage {
    answered: Answered,
    received: Received,
    /// Whether it counts items instead of carrying them.
    is_count: bool,
}

enum Received {
    Parsed(Vec<Item>, PageEnd),
    Body(SdkBody),
}

impl RawPage {
    /// Shows `visit` the first `wanted` items, with their positions. What it made of them counts only if this is no error.
    ///
    /// # Errors
    /// The body is not what DynamoDB sends.
    pub fn read(self, wanted: usize, visit: &mut dyn FnMut(usize, Fields<'_>)) -> Result<PageEnd> {
        let end = match self.received {
            Received::Parsed(items, end) => {
                for (index, item) in items.into_iter().take(wanted).enumerate() {
                    visit(index, Fields::from(item));
                }
                end
            }
            Received::Body(body) => match wire::page(body.bytes().unwrap_or_default(), wanted, visit) {
                Ok(end) => end,
                Err(failure) => return Err(self.answered.broken(failure)),
            },
        };
        let found = if self.is_count { end.count.try_into().unwrap_or(usize::MAX) } else { end.items };
        self.answered.record_units(found, end.capacity);
        Ok(end)
    }
}

impl Source {
    /// Every item of the table.
    pub fn scan(facts: &'static Facts) -> Self {
        Source::new(facts, None)
    }

    /// The items of one partition: give its attributes with [`key`](Self::key).
    pub fn query(facts: &'static Facts) -> Self {
        Source::new(facts, Some(Vec::new()))
    }

    /// Reads an index instead of the table.
    #[must_use]
    pub fn index(mut self, index: &'static Index) -> Self {
        self.index = Some(index);
        self
    }

    /// An attribute of the partition key, and its value.
    #[must_use]
    pub fn key<K: crate::Kind>(mut self, name: &'static str, value: impl crate::Argument<K::Value>) -> Self {
        self.partition.get_or_insert_default().push((name, crate::attribute::encode::<K>(value)));
        self
    }

    /// An attribute of the partition key that is composed from fields.
    #[must_use]
    pub fn composed_key(mut self, name: &'static str, text: KeyText) -> Self {
        self.composed_names.push(name);
        self.partition.get_or_insert_default().push((name, encoded(text)));
        self
    }

    /// Keeps a scan within one value of a context, with which the composed attribute begins.
    #[must_use]
    pub fn within(mut self, name: &'static str, text: KeyText) -> Self {
        self.composed_names.push(name);
        self.within = Some((name, encoded(text)));
        self
    }

    /// Keeps a scan within one value of a context, which is an attribute.
    #[must_use]
    pub fn within_value<K: crate::Kind>(
        mut self,
        name: &'static str,
        value: impl crate::Argument<K::Value>,
    ) -> Self {
        self.within = Some((name, crate::attribute::encode::<K>(value)));
        self
    }

    /// The sort key is composed from fields, and begins with `literal`.
    #[must_use]
    pub fn sorted(mut self, attribute: &'static str, literal: &'static str) -> Self {
        self.composed_attribute = Some(attribute);
        self.composed = Some(KeyText::new(literal));
        self
    }

    /// The sort key is the same for every item of the model.
    #[must_use]
    pub fn sorted_exactly(mut self, attribute: &'static str, literal: &'static str) -> Self {
        self.is_complete = true;
        self.sorted(attribute, literal)
    }

    /// Leaves out the items of other models, which may stand among those of this one.
    #[must_use]
    pub fn among_others(mut self) -> Self {
        self.among_others = true;
        self
    }

    fn new(facts: &'static Facts, partition: Option<Vec<KeyPart>>) -> Self {
        Source {
            facts,
            index: None,
            partition,
            composed_attribute: None,
            composed: None,
            is_complete: false,
            among_others: false,
            within: None,
            composed_names: Vec::new(),
        }
    }

    /// What a composed sort key demands before the caller has said anything.
    fn sort(&self) -> Option<(&'static str, SortCondition)> {
        let (attribute, text) = (self.composed_attribute?, self.composed.clone()?);
        if self.is_complete {
            Some((attribute, SortCondition::Compare("=", encoded(text))))
        } else {
            (text.len() > 0).then(|| (attribute, SortCondition::BeginsWith(encoded(text))))
        }
    }
}

impl From<Source> for Read {
    fn from(source: Source) -> Self {
        let is_scan = source.partition.is_none();
        Read {
            sort: source.sort().into_iter().collect(),
            // No query meets a guard, whose keys are its own.
            filter: is_scan.then(|| unique::without_guards(source.facts)).flatten(),
            live: false,
            source,
            attributes: Vec::new(),
            descending: false,
            consistent: false,
            page_size: None,
            limit: None,
            segment: None,
            contradiction: None,
            start: None,
            deadline: None,
        }
    }
}

/// DynamoDB's limit on the segments of a scan.
const MAXIMUM_SEGMENTS: u32 = 1_000_000;

/// The SDK's request for a page.
pub enum Request {
    Query(QueryFluentBuilder),
    Scan(ScanFluentBuilder),
}

impl Request {
    pub(super) fn into_query(self) -> Option<QueryFluentBuilder> {
        match self {
            Request::Query(request) => Some(request),
            Request::Scan(_) => None,
        }
    }

    pub(super) fn into_scan(self) -> Option<ScanFluentBuilder> {
        match self {
            Request::Query(_) => None,
            Request::Scan(request) => Some(request),
        }
    }
}

impl Read {
    pub fn facts(&self) -> &'static Facts {
        self.source.facts
    }

    pub fn index_name(&self) -> Option<&'static str> {
        self.source.index.map(|index| index.name)
    }

    /// What a cursor of this read is bound to: what is read, in which direction, and under which conditions.
    fn binding(&self) -> [u8; DIGEST_BYTES] {
        let mut digest = Digest::default();
        digest.text(self.facts().model);
        digest.text(self.index_name().unwrap_or_default());
        digest.flag(self.source.partition.is_none());
        digest.flag(self.descending);
        let (segment, segments) = self.segment.unwrap_or_default();
        digest.bytes(&[segment.to_be_bytes(), segments.to_be_bytes()].concat());
        for (name, value) in self.source.partition.iter().flatten() {
            digest.text(name);
            digest.encoded(value);
        }
        if let Some((name, value)) = &self.source.within {
            digest.text(name);
            digest.encoded(value);
        }
        for (name, condition) in &self.sort {
            digest.text(name);
            match condition {
                SortCondition::Compare(operator, value) => {
                    digest.text(operator);
                    digest.encoded(value);
                }
                SortCondition::Between(low, high) => {
                    digest.text("between");
                    digest.encoded(low);
                    digest.encoded(high);
                }
                SortCondition::BeginsWith(prefix) => {
                    digest.text("begins_with");
                    digest.encoded(prefix);
                }
            }
        }
        if self.live {
            digest.text("live");
        }
        if let Some(filter) = &self.filter {
            digest.text("filter");
            digest.expression(filter);
        }
        digest.finish()
    }

    /// The cursor of this read that goes on behind a key.
    pub(super) fn cursor(&self, db: &Client, key: &Item) -> Cursor {
        Cursor::new(db.cursor_keys(), self.binding(), &self.cursor_attributes(), key)
    }

    /// The attributes that a cursor holds: those of a position that the read does not say itself.
    fn cursor_attributes(&self) -> Vec<&'static str> {
        let said = |name| self.source.partition.iter().flatten().any(|(said, _)| *said == name);
        let mut names: Vec<_> = self.position_attributes().filter(|name| !said(*name)).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Reads one page.
    pub(super) fn page<'a>(
        &'a self,
        db: &'a Client,
        start: Option<Item>,
        count_only: bool,
    ) -> BoxFuture<'a, Result<RawPage>> {
        Box::pin(async move {
            let operation = if self.source.partition.is_some() { "Query" } else { "Scan" };
            let context = self.context(db);
            let mut call = Call::new(db, operation, context, Deadline::of(self.deadline, db));
            call.keep_body();
            macro_rules! received {
                ($request:expr) => {{
                    let output = call.run(pin!($request.send())).await?;
                    match call.take_body() {
                        Some(body) => Received::Body(body),
                        None => {
                            let end = PageEnd {
                                items: output.items().len(),
                                count: output.count().unsigned_abs().into(),
                                scanned: output.scanned_count().unsigned_abs().into(),
                                capacity: output
                                    .consumed_capacity()
                                    .and_then(ConsumedCapacity::capacity_units),
                                next: output.last_evaluated_key.filter(|key| !key.is_empty()),
                            };
                            Received::Parsed(output.items.unwrap_or_default(), end)
                        }
                    }
                }};
            }
            let received = match self.request(db, start, count_only)? {
                Request::Query(request) => received!(request),
                Request::Scan(request) => received!(request),
            };
            Ok(RawPage { answered: call.into_answered(), received, is_count: count_only })
        })
    }

    /// The SDK's request for the page that begins behind `start`.
    ///
    /// # Errors
    /// Everything that is wrong with the read.
    pub(super) fn request(&self, db: &Client, start: Option<Item>, count_only: bool) -> Result<Request> {
        let mut placeholders = Placeholders::default();
        let key_condition = self.key_condition(&mut placeholders);
        let filter = self.filter(&mut placeholders, db);
        let projection = projection(&self.wanted_attributes(), &mut placeholders);
        let mut violations = placeholders.take_violations();
        self.check_settings(db, &mut violations);
        if !violations.is_empty() {
            return Err(Error::validation(self.context(db), violations));
        }
        self.admit(db)?;
        let start = match (start, &self.start) {
            (Some(start), _) => Some(start),
            (None, Some(cursor)) => Some(self.start_key(db, cursor)?),
            (None, None) => None,
        };
        let table = db.table_name(self.facts().table);
        let select = count_only.then_some(Select::Count);
        let limit = self.page_limit(count_only);
        let index = self.index_name().map(str::to_owned);
        let consistent = self.consistent.then_some(true);
        Ok(if self.source.partition.is_some() {
            Request::Query(
                db.sdk()
                    .query()
                    .table_name(table)
                    .set_index_name(index)
                    .set_key_condition_expression(Some(key_condition))
                    .set_filter_expression(filter)
                    .set_projection_expression(projection)
                    .set_expression_attribute_names(placeholders.names)
                    .set_expression_attribute_values(placeholders.values)
                    .set_exclusive_start_key(start)
                    .set_scan_index_forward(self.descending.then_some(false))
                    .set_consistent_read(consistent)
                    .set_select(select)
                    .set_limit(limit)
                    .set_return_consumed_capacity(db.consumed_capacity()),
            )
        } else {
            let (segment, segments) = self.segment.unzip();
            Request::Scan(
                db.sdk()
                    .scan()
                    .table_name(table)
                    .set_index_name(index)
                    .set_filter_expression(filter)
                    .set_projection_expression(projection)
                    .set_expression_attribute_names(placeholders.names)
                    .set_expression_attribute_values(placeholders.values)
                    .set_exclusive_start_key(start)
                    .set_consistent_read(consistent)
                    .set_select(select)
                    .set_limit(limit)
                    .set_segment(segment.map(|segment| i32::try_from(segment).unwrap_or(i32::MAX)))
                    .set_total_segments(segments.map(|segments| i32::try_from(segments).unwrap_or(i32::MAX)))
                    .set_return_consumed_capacity(db.consumed_capacity()),
            )
        })
    }

    /// The key of an item, as a position of this read.
    pub(super) fn key_of(&self, fields: &Fields<'_>) -> Item {
        fields.attributes(&self.position_attributes().collect::<Vec<_>>())
    }

    /// The attributes that make up a position of this read.
    fn position_attributes(&self) -> impl Iterator<Item = &'static str> {
        let index =
            self.source.index.into_iter().flat_map(|index| index.partition_key.iter().chain(index.sort_key));
        self.facts().table.key().chain(index).map(|key| key.name)
    }

    /// The chosen attributes; where the limit may end a page before DynamoDB does, also those that its cursor needs.
    fn wanted_attributes(&self) -> Vec<&'static str> {
        let mut wanted = self.attributes.clone();
        if !wanted.is_empty() && self.limit.is_some() && self.is_filtered() {
            for name in self.position_attributes() {
                if !wanted.contains(&name) {
                    wanted.push(name);
                }
            }
        }
        wanted
    }

    fn context(&self, db: &Client) -> Context {
        let facts = self.facts();
        Context {
            model: Some(facts.model),
            table: Some(db.table_name(facts.table)),
            index: self.index_name(),
            ..Context::default()
        }
    }

    fn key_condition(&self, placeholders: &mut Placeholders) -> String {
        let mut text = String::with_capacity(64);
        let mut check = Check::default();
        for (index, (name, value)) in self.source.partition.iter().flatten().enumerate() {
            let path = crate::attribute::Path::top(name);
            if let Ok(value) = value {
                limits::check_partition_key(name, value, &mut check);
            }
            separate(index, " AND ", &mut text);
            placeholders.name(name, &mut text);
            text.push_str(" = ");
            placeholders.encoded(&path, value.clone(), &mut text);
        }
        for (name, condition) in &self.sort {
            let path = crate::attribute::Path::top(name);
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

    /// The filter expression. A query's must not name the attributes of the key that it reads by.
    fn filter(&self, placeholders: &mut Placeholders, db: &Client) -> Option<String> {
        let only = self.source.among_others.then(|| {
            self.facts().identity.expression(self.composed_part(), &|name| {
                self.source.partition.is_some() && self.is_key_attribute(name)
            })
        });
        let mut filter = self.filter.clone();
        if let Some((name, value)) = &self.source.within {
            let path = crate::attribute::Path::top(name);
            let within = if self.source.composed_names.contains(name) {
                Expression::Function("begins_with", path, Some(value.clone()))
            } else {
                Expression::Compare(Operand::Path(path), "=", value.clone())
            };
            filter = and(filter, within);
        }
        if let Some(ttl) = self.facts().table.ttl.filter(|_| self.live) {
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
        Some(placeholders.expression(filter))
    }

    /// What the read says of a composed key.
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

    fn check_settings(&self, db: &Client, violations: &mut Vec<Violation>) {
        if let Some((segment, segments)) = self.segment {
            if !(1..=MAXIMUM_SEGMENTS).contains(&segments) {
                let message = format!("a scan has 1 to {MAXIMUM_SEGMENTS} segments, not {segments}");
                violations.push(Violation::new("", message));
            } else if segment >= segments {
                let message =
                    format!("segments are counted from 0: there is no segment {segment} of {segments}");
                violations.push(Violation::new("", message));
            }
        }
        if let Some(contradiction) = self.contradiction {
            violations.push(Violation::new("", contradiction));
        }
        if db.cursor_keys().are_missing() {
            let message = "the client was given no keys to sign cursors with: see `Client::with_cursor_keys`";
            violations.push(Violation::new("", message));
        }
        if self.page_size == Some(0) || self.limit == Some(0) {
            violations.push(Violation::new("", "`page_size` and `limit` must be at least 1"));
        }
    }

    fn start_key(&self, db: &Client, cursor: &Cursor) -> Result<Item> {
        let position = cursor.position(db.cursor_keys(), self.binding(), &self.cursor_attributes());
        let mut key = position.map_err(|why| Error::new(ErrorKind::InvalidCursor(why), self.context(db)))?;
        for (name, value) in self.source.partition.iter().flatten() {
            key.extend(value.iter().map(|value| ((*name).to_owned(), value.clone())));
        }
        Ok(key)
    }

    /// Refuses to leave the client's scope.
    fn admit(&self, db: &Client) -> Result<()> {
        let parts = self.source.partition.iter().flatten().chain(&self.source.within);
        let is_composed = |name| self.source.composed_names.contains(name);
        db.admit_read(
            self.facts(),
            parts.map(|(name, value)| (*name, is_composed(name), value.as_ref().ok())),
        )
    }

    fn is_filtered(&self) -> bool {
        self.filter.is_some() || self.live || self.source.among_others || self.source.within.is_some()
    }

    /// DynamoDB's `Limit`, which counts items before the filter.
    fn page_limit(&self, count_only: bool) -> Option<i32> {
        let limit = self.limit.filter(|_| !self.is_filtered() && !count_only);
        let limit = limit.map(|limit| u32::try_from(limit).unwrap_or(u32::MAX));
        let smallest = self.page_size.into_iter().chain(limit).min()?;
        Some(i32::try_from(smallest).unwrap_or(i32::MAX))
    }
}

/// The filter for items that have not expired. One whose moment is missing, or is no number, never does.
fn live(ttl: &'static str, db: &Client) -> Expression {
    let path = crate::attribute::Path::top(ttl);
    let now = AttributeValue::N(db.now().as_second().to_string());
    Expression::Not(Box::new(Expression::Compare(Operand::Path(path), "<=", Ok(now))))
}
