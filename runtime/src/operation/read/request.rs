//! What queries and scans have in common: one page of raw items, and where the next begins.

use std::pin::pin;
use std::time::Duration;

use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::operation::scan::builders::ScanFluentBuilder;
use aws_sdk_dynamodb::types::{ConsumedCapacity, Select};
use aws_smithy_types::body::SdkBody;

use crate::client::{Answered, Call, Client, Deadline};
use crate::decode::{DecodeError, Fields};
use crate::error::{Context, Error, Result};
use crate::expression::condition::Expression;
use crate::expression::placeholders::Placeholders;
use crate::facts::{Discriminator, Facts};
use crate::future::BoxFuture;
use crate::item::Item;
use crate::operation::read::cursor::Cursor;
use crate::operation::read::select::projection;
use crate::operation::read::source::{SortCondition, Source};
use crate::operation::unique::guard;
use crate::table::Index;
use crate::validation::Violation;
use crate::wire::{self, PageEnd};

/// A query or a scan on its way.
#[derive(Clone, Debug)]
pub(crate) struct Read {
    pub source: Source,
    pub sort: Vec<(&'static str, SortCondition)>,
    pub filter: Option<Expression>,
    /// Whether items that have expired are left out.
    pub live: bool,
    /// Whether it shows items of which nobody knows the model, so that each is an error.
    pub shows_untyped: bool,
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

/// How the items of a read are made ready to be decoded.
#[derive(Clone, Copy)]
pub(crate) struct Reading {
    pub facts: &'static Facts,
    index: Option<&'static Index>,
    among_others: bool,
    type_attribute: Option<&'static str>,
}

impl Reading {
    /// The item with what is known of it.
    ///
    /// # Errors
    /// Chosen attributes were read of an item that says nowhere of which model it is.
    pub fn decode<T>(
        &self,
        fields: Fields<'_>,
        decode: &dyn Fn(Fields<'_>) -> Result<T, DecodeError>,
    ) -> Result<T, DecodeError> {
        if let Some(attribute) = self.type_attribute.filter(|name| fields.text(name).is_none()) {
            self.facts.discriminator.admit_untyped(attribute, true)?;
        }
        decode(fields.through(self.index, self.among_others))
    }
}

/// One page as it came, before its items are decoded.
pub(crate) struct RawPage {
    answered: Answered,
    received: Received,
    /// Whether it counts items instead of carrying them.
    is_count: bool,
    /// What tells items apart that the read leaves out, if it can meet any.
    others: Option<&'static Discriminator>,
}

enum Received {
    Parsed(Vec<Item>, PageEnd),
    Body(SdkBody),
}

impl RawPage {
    /// Shows `visit` the first `wanted` items, with their positions, those of other models left out. What it made of them counts only if this is no error.
    ///
    /// # Errors
    /// The body is not what DynamoDB sends.
    pub fn read(self, wanted: usize, visit: &mut dyn FnMut(usize, Fields<'_>)) -> Result<PageEnd> {
        let others = self.others;
        let is_other =
            others.map(|others| move |fields: &Fields<'_>| others.is_of_others(&|name| fields.text(name)));
        let is_other = is_other.as_ref().map(|is_other| is_other as &dyn Fn(&Fields<'_>) -> bool);
        let end = match self.received {
            Received::Parsed(items, mut end) => {
                let fields = items.into_iter().map(Fields::from);
                let own = fields.filter(|fields| is_other.is_none_or(|is_other| !is_other(fields)));
                end.items = 0;
                for fields in own {
                    if end.items < wanted {
                        visit(end.items, fields);
                    }
                    end.items += 1;
                }
                end
            }
            Received::Body(body) => {
                match wire::page(body.bytes().unwrap_or_default(), wanted, is_other, visit) {
                    Ok(end) => end,
                    Err(failure) => return Err(self.answered.broken(failure)),
                }
            }
        };
        let found = if self.is_count { end.count.try_into().unwrap_or(usize::MAX) } else { end.items };
        self.answered.record_units(found, end.capacity);
        Ok(end)
    }
}

impl From<Source> for Read {
    fn from(source: Source) -> Self {
        let is_scan = source.partition.is_none();
        Read {
            sort: source.sort().into_iter().collect(),
            // No query meets a guard, whose keys are its own.
            filter: is_scan.then(|| guard::without_guards(source.facts)).flatten(),
            live: false,
            shows_untyped: true,
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
    pub(crate) fn into_query(self) -> Option<QueryFluentBuilder> {
        match self {
            Request::Query(request) => Some(request),
            Request::Scan(_) => None,
        }
    }

    pub(crate) fn into_scan(self) -> Option<ScanFluentBuilder> {
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

    /// How its items are made ready to be decoded.
    pub(crate) fn reading(&self) -> Reading {
        let Source { facts, index, among_others, .. } = self.source;
        let type_attribute = self.type_of_chosen();
        Reading { facts, index, among_others, type_attribute }
    }

    /// The type attribute, where the read is of chosen attributes and of items that may lack it.
    fn type_of_chosen(&self) -> Option<&'static str> {
        let is_needed = !self.attributes.is_empty() && self.source.among_others && self.shows_untyped;
        self.facts().discriminator.needed_type().filter(|_| is_needed)
    }

    pub fn index(&self) -> Option<&'static Index> {
        self.source.index
    }

    pub fn index_name(&self) -> Option<&'static str> {
        self.index().map(|index| index.name)
    }

    /// Reads one page.
    pub(crate) fn page<'a>(
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
            let others = self.source.among_alike.then_some(&self.facts().discriminator);
            Ok(RawPage { answered: call.into_answered(), received, is_count: count_only, others })
        })
    }

    /// The SDK's request for the page that begins behind `start`.
    ///
    /// # Errors
    /// Everything that is wrong with the read.
    pub(crate) fn request(&self, db: &Client, start: Option<Item>, count_only: bool) -> Result<Request> {
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

    /// The chosen attributes. Where the key tells items of other models, or where the limit may end a page before DynamoDB does, its
    /// attributes are among them.
    fn wanted_attributes(&self) -> Vec<&'static str> {
        let mut wanted = self.attributes.clone();
        let needs_key = self.source.among_alike || self.limit.is_some() && self.is_filtered();
        if !wanted.is_empty() && needs_key {
            for name in self.position_attributes() {
                if !wanted.contains(&name) {
                    wanted.push(name);
                }
            }
        }
        wanted.extend(self.type_of_chosen().filter(|name| !wanted.contains(name)));
        wanted
    }

    pub(super) fn context(&self, db: &Client) -> Context {
        let facts = self.facts();
        Context {
            model: Some(facts.model),
            table: Some(db.table_name(facts.table)),
            index: self.index_name(),
            ..Context::default()
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

    /// Refuses to leave the client's scope.
    fn admit(&self, db: &Client) -> Result<()> {
        let parts = self.source.partition.iter().flatten().chain(&self.source.within);
        let is_composed = |name| self.source.composed_names.contains(name);
        db.admit_read(
            self.facts(),
            parts.map(|(name, value)| (*name, is_composed(name), value.as_ref().ok())),
        )
    }

    /// DynamoDB's `Limit`, which counts items before the filter.
    fn page_limit(&self, count_only: bool) -> Option<i32> {
        let limit = self.limit.filter(|_| !self.is_filtered() && !count_only);
        let limit = limit.map(|limit| u32::try_from(limit).unwrap_or(u32::MAX));
        let smallest = self.page_size.into_iter().chain(limit).min()?;
        Some(i32::try_from(smallest).unwrap_or(i32::MAX))
    }
}
