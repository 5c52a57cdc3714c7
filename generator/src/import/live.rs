//! A live table: what the service says about it, and a sample of its items (feature `live`).

use super::error::Error;
use super::item::{self, Item};
use super::{Source, counted};
use crate::catalog::IndexScope;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::interceptors::AfterDeserializationInterceptorContextRef;
use aws_sdk_dynamodb::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_dynamodb::error::{BoxError, DisplayErrorContext, ProvideErrorMetadata, SdkError};
use serde_json::Value;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

/// How many items to sample by default.
const SAMPLE: usize = 1_000;
/// How many segments of a table are sampled. One segment alone holds few partitions.
const SEGMENTS: usize = 16;
/// The most items per request.
const LARGEST_PAGE: usize = 250;

/// An import of a live table, which begins when it is awaited: see [`table`].
#[derive(Clone, Debug)]
#[must_use = "nothing is read until it is awaited"]
pub struct LiveTable<'c> {
    client: &'c Client,
    name: String,
    sample: usize,
}

/// Imports a live table. `client` is the SDK's client; a `dynamorm::Client` has it as `db.sdk()`.
///
/// It reads what `DescribeTable`, `DescribeTimeToLive`, `DescribeContinuousBackups` and `ListTagsOfResource` say, and scans 16 segments
/// of the table for items. It writes nothing.
///
/// ```no_run
/// use dynamorm_generator::import::{self, Options};
///
/// # async fn example(client: aws_sdk_dynamodb::Client) -> Result<(), import::Error> {
/// let source = import::table(&client, "orders").sample(2000).await?;
/// let imported = source.import(&Options::default())?;
/// println!("{}", imported.text());
/// # Ok(()) }
/// ```
///
/// # Errors
/// The table does not exist, or it cannot be described or scanned. A setting that the service does not show, such as the tags, is no
/// error but a note ([`Imported::notes`](super::Imported::notes)). Neither is a scan that fails after it has returned items, for example
/// because it is throttled: the guesses rest on those items.
pub fn table(client: &Client, name: impl Into<String>) -> LiveTable<'_> {
    LiveTable { client, name: name.into(), sample: SAMPLE }
}

impl LiveTable<'_> {
    /// Reads at most so many items; 1,000 without this call, and none for 0. Each item consumes read capacity.
    pub fn sample(mut self, items: usize) -> Self {
        self.sample = items;
        self
    }
}

impl<'c> IntoFuture for LiveTable<'c> {
    type Output = Result<Source, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Result<Source, Error>> + Send + 'c>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.read())
    }
}

/// Items in DynamoDB's JSON.
struct Sampled {
    items: Vec<Value>,
    /// A note that the table has more, or why no more were read.
    note: Option<String>,
}

impl LiveTable<'_> {
    async fn read(self) -> Result<Source, Error> {
        let (description, notes) = self.describe().await?;
        let mut source = Source::table_description(&self.name, &description)?;
        source.notes.extend(notes);
        let Some(table) = source.tables.first_mut() else { return Ok(source) };
        // DynamoDB lists them in no particular order.
        table.description.indexes.sort_by_key(|index| (index.scope == IndexScope::Local, index.name.clone()));
        if self.sample == 0 {
            return Ok(source);
        }
        let Sampled { items, note } = self.scan().await?;
        source.notes.extend(note);
        for stored in items {
            let key = table
                .description
                .key()
                .filter_map(|key| Some((key.name.clone(), stored.get(&key.name)?.clone())));
            // The key as `aws dynamodb get-item --key` takes it.
            let place = format!("{} {}", self.name, Value::Object(key.collect()));
            match item::attributes_of(&stored.to_string()) {
                Ok(attributes) => table.items.push(Item { place, attributes }),
                Err(why) => source.unread.push(format!("{place}: {why}")),
            }
        }
        Ok(source)
    }

    /// The answers of the service, one after the other, and a note for each that it refused.
    async fn describe(&self) -> Result<(String, Vec<String>), Error> {
        let Self { client, name, .. } = self;
        let body = Body::default();
        let request = client.describe_table().table_name(name).customize().interceptor(body.clone());
        let described = request.send().await.map_err(|error| self.failed("cannot be described", &error))?;
        let mut answers = vec![body.take()];
        let mut notes = Vec::new();
        let mut add = |setting: &str, outcome: Result<(), String>, body: &Body| match outcome {
            Ok(()) => answers.push(body.take()),
            Err(why) => notes.push(format!("{name}: {setting} is left out: {why}.")),
        };
        let request = client.describe_time_to_live().table_name(name).customize().interceptor(body.clone());
        add("`ttl`", request.send().await.map(drop).map_err(|error| reason(&error)), &body);
        let request = client.describe_continuous_backups().table_name(name);
        let request = request.customize().interceptor(body.clone());
        let outcome = request.send().await.map(drop).map_err(|error| reason(&error));
        add("`point_in_time_recovery`", outcome, &body);
        if let Some(arn) = described.table().and_then(|table| table.table_arn()) {
            let request = client.list_tags_of_resource().resource_arn(arn).customize();
            let outcome = request.interceptor(body.clone()).send().await.map(drop);
            add("`tags`", outcome.map_err(|error| reason(&error)), &body);
        }
        Ok((answers.join("\n"), notes))
    }

    /// Items of all segments in turn.
    async fn scan(&self) -> Result<Sampled, Error> {
        let mut segments: Vec<_> = (0..SEGMENTS).map(|segment| (segment, None)).collect();
        let mut items = Vec::new();
        while !segments.is_empty() && items.len() < self.sample {
            let mut unfinished = Vec::new();
            let parts = segments.len();
            for (part, (segment, start)) in segments.into_iter().enumerate() {
                let left = self.sample - items.len();
                if left == 0 {
                    unfinished.push((segment, start));
                    continue;
                }
                let limit = left.div_ceil(parts - part).min(LARGEST_PAGE);
                let body = Body::default();
                let request = self
                    .client
                    .scan()
                    .table_name(&self.name)
                    .segment(number(segment))
                    .total_segments(number(SEGMENTS))
                    .limit(number(limit))
                    .set_exclusive_start_key(start);
                let request = request.customize().interceptor(body.clone());
                let page = match request.send().await {
                    Ok(page) => page,
                    Err(error) if items.is_empty() => return Err(self.failed("cannot be scanned", &error)),
                    // The items so far are paid for, and guesses from them are better than none.
                    Err(error) => {
                        let (name, read, why) = (&self.name, counted(items.len()), reason(&error));
                        let note = format!("{name}: {read} are read, and then a scan failed: {why}.");
                        return Ok(Sampled { items, note: Some(note) });
                    }
                };
                items.extend(items_of(&body.take()));
                if let Some(key) = page.last_evaluated_key {
                    unfinished.push((segment, Some(key)));
                }
            }
            segments = unfinished;
        }
        let note = (!segments.is_empty())
            .then(|| format!("{}: a sample of {} is read.", self.name, counted(items.len())));
        Ok(Sampled { items, note })
    }

    fn failed<E, R>(&self, what: &str, error: &SdkError<E, R>) -> Error
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
        R: std::fmt::Debug,
    {
        Error::new(&self.name, format!("the table {what}: {}", reason(error)))
    }
}

/// Why a request failed: the service's own words, or what happened on the way.
fn reason<E, R>(error: &SdkError<E, R>) -> String
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
    R: std::fmt::Debug,
{
    let message =
        |error: &E| error.message().filter(|said| !said.is_empty()).or(error.code()).map(str::to_owned);
    let said = error.as_service_error().and_then(message);
    said.map_or_else(|| DisplayErrorContext(error).to_string(), |said| said.trim_end_matches('.').to_owned())
}

fn number(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// The items of a page, in DynamoDB's JSON. Its numbers are text, so parsing and writing changes none.
fn items_of(page: &str) -> Vec<Value> {
    let mut page: Value = serde_json::from_str(page).unwrap_or_default();
    match page.get_mut("Items").map(Value::take) {
        Some(Value::Array(items)) => items,
        _ => Vec::new(),
    }
}

/// The body of the last response. It contains everything that the service says, whether or not the SDK knows it.
#[derive(Clone, Debug, Default)]
struct Body(Arc<Mutex<String>>);

impl Body {
    fn take(&self) -> String {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Intercept for Body {
    fn name(&self) -> &'static str {
        "Body"
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let bytes = context.response().body().bytes().unwrap_or_default();
        let mut body = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *body = String::from_utf8_lossy(bytes).into_owned();
        Ok(())
    }
}
