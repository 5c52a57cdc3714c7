//! A table that is there: what the service says of it, and items that are sampled from it (feature `live`).

use super::error::Error;
use super::item::{self, Item};
use super::{Source, counted};
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::interceptors::AfterDeserializationInterceptorContextRef;
use aws_sdk_dynamodb::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_dynamodb::error::{BoxError, DisplayErrorContext, ProvideErrorMetadata, SdkError};
use serde_json::Value;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

/// How many items are sampled unless more are asked for.
const SAMPLE: usize = 1_000;
/// How many parts of a table are sampled. Items of one part alone would be those of few partitions.
const SEGMENTS: usize = 16;
/// How many items a request asks for at most.
const LARGEST_PAGE: usize = 250;

/// A live table that is to be declared: see [`table`].
#[derive(Clone, Debug)]
#[must_use = "nothing is read until it is awaited"]
pub struct LiveTable<'c> {
    client: &'c Client,
    name: String,
    sample: usize,
}

/// Begins an import of a live table. `client` is the SDK's, such as `db.sdk()`.
///
/// It reads what `DescribeTable`, `DescribeTimeToLive`, `DescribeContinuousBackups` and `ListTagsOfResource` say, and scans for some
/// items in 16 parts of the table. Nothing is written.
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
/// The table does not exist, or it cannot be described or scanned. What else is refused, such as its tags, is left out with a note.
pub fn table(client: &Client, name: impl Into<String>) -> LiveTable<'_> {
    LiveTable { client, name: name.into(), sample: SAMPLE }
}

impl LiveTable<'_> {
    /// How many items are read at most; 1,000 unless this says otherwise. Each read item costs its read capacity.
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

impl LiveTable<'_> {
    async fn read(self) -> Result<Source, Error> {
        let (description, notes) = self.describe().await?;
        let mut source = Source::table_description(&self.name, &description)?;
        source.notes.extend(notes);
        let Some(table) = source.tables.first_mut().filter(|_| self.sample > 0) else { return Ok(source) };
        let (items, is_cut) = self.scan().await?;
        if is_cut {
            source.notes.push(format!("{}: a sample of {} is read.", self.name, counted(items.len())));
        }
        for stored in items {
            let key = table
                .description
                .key()
                .filter_map(|key| Some((key.name.clone(), stored.get(&key.name)?.clone())));
            // As `aws dynamodb get-item --key` takes it.
            let place = format!("{} {}", self.name, Value::Object(key.collect()));
            match item::attributes_of(&stored.to_string()) {
                Ok(attributes) => table.items.push(Item { place, attributes }),
                Err(why) => source.unread.push(format!("{place}: {why}")),
            }
        }
        Ok(source)
    }

    /// The answers that `aws dynamodb` would print, one after the other, and what is not known.
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

    /// Items of all parts of the table in turn, and whether there are more.
    async fn scan(&self) -> Result<(Vec<Value>, bool), Error> {
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
                let page = request.send().await.map_err(|error| self.failed("cannot be scanned", &error))?;
                items.extend(items_of(&body.take()));
                if let Some(key) = page.last_evaluated_key {
                    unfinished.push((segment, Some(key)));
                }
            }
            segments = unfinished;
        }
        Ok((items, !segments.is_empty()))
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
    let said = error.as_service_error().and_then(|error| error.message().or(error.code()));
    said.map_or_else(|| DisplayErrorContext(error).to_string(), |said| said.trim_end_matches('.').to_owned())
}

fn number(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// The items of a page, in DynamoDB's JSON. Numbers are text there, so that reading and writing them anew changes none.
fn items_of(page: &str) -> Vec<Value> {
    let mut page: Value = serde_json::from_str(page).unwrap_or_default();
    match page.get_mut("Items").map(Value::take) {
        Some(Value::Array(items)) => items,
        _ => Vec::new(),
    }
}

/// The body of the last response, which says all that the service does, whether or not the SDK knows it.
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
