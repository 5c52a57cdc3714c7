//! Requests to a table's stream, sent through the client's one way to the wire like all others.

use std::future::Future;
use std::pin::pin;

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodbstreams::operation::get_records::{GetRecordsError, GetRecordsOutput};
use aws_sdk_dynamodbstreams::operation::get_shard_iterator::GetShardIteratorError;
use aws_sdk_dynamodbstreams::types::{ShardIteratorType, StreamStatus};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;

use super::checkpoint::Place;
use super::shards::Listed;
use crate::client::{Call, Client, Deadline};
use crate::error::{Context, Error, Reason, Result};
use crate::table::Table;

/// Why a shard cannot be continued where reading stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mishap {
    /// The records are gone.
    Trimmed,
    /// The iterator has expired, and another is needed.
    Expired,
}

/// A stream's description.
#[derive(Debug)]
pub(super) struct Description {
    pub shards: Vec<Listed>,
    /// Whether no more records will be added.
    pub is_closed: bool,
}

/// Requests about the stream of one table.
#[derive(Clone, Debug)]
pub(super) struct Requests {
    db: Client,
    table: &'static Table,
}

impl Requests {
    pub fn new(db: Client, table: &'static Table) -> Self {
        Requests { db, table }
    }

    pub fn client(&self) -> &Client {
        &self.db
    }

    fn context(&self) -> Context {
        Context { table: Some(self.db.table_name(self.table)), ..Context::default() }
    }

    fn streams(&self) -> Result<&aws_sdk_dynamodbstreams::Client> {
        self.db.streams().ok_or_else(|| {
            let missing = "the client has no client for streams: give it one by `.with_streams(…)`";
            Error::construction(missing.into()).with_context(self.context())
        })
    }

    /// The name (ARN) of the table's stream.
    pub async fn stream(&self) -> Result<String> {
        let table = self.db.describe_table(self.table).await?;
        table
            .latest_stream_arn
            .ok_or_else(|| Error::new(Reason::TableMismatch("it has no stream".to_owned()), self.context()))
    }

    pub async fn describe(&self, stream: &str) -> Result<Description> {
        let mut description = Description { shards: Vec::new(), is_closed: false };
        let mut last = None;
        loop {
            let request = self.streams()?.describe_stream().stream_arn(stream);
            let request = request.set_exclusive_start_shard_id(last.take()).send();
            let response =
                self.send("DescribeStream", request, |_| None).await.map_err(|(_, error)| error)?;
            let Some(described) = response.stream_description else {
                let kind = Reason::Protocol("the response describes no stream");
                return Err(Error::new(kind, self.context()));
            };
            description.is_closed = described.stream_status == Some(StreamStatus::Disabled);
            let shards = described.shards.unwrap_or_default().into_iter();
            let listed = |shard: aws_sdk_dynamodbstreams::types::Shard| {
                Some(Listed { id: shard.shard_id?, parent: shard.parent_shard_id })
            };
            description.shards.extend(shards.filter_map(listed));
            last = described.last_evaluated_shard_id;
            if last.is_none() {
                return Ok(description);
            }
        }
    }

    /// An iterator that begins where reading of a shard stopped; `None` if the shard has no more.
    pub async fn iterator(
        &self,
        stream: &str,
        shard: &str,
        place: &Place,
    ) -> Result<Option<String>, (Option<Mishap>, Error)> {
        let streams = self.streams().map_err(|error| (None, error))?;
        let request = streams.get_shard_iterator().stream_arn(stream).shard_id(shard);
        let request = match place {
            Place::Start => request.shard_iterator_type(ShardIteratorType::TrimHorizon),
            Place::After(number) => request
                .shard_iterator_type(ShardIteratorType::AfterSequenceNumber)
                .sequence_number(number.clone()),
            Place::End => return Ok(None),
        };
        let is_trimmed = |error: &GetShardIteratorError| {
            error.is_trimmed_data_access_exception().then_some(Mishap::Trimmed)
        };
        let response = self.send("GetShardIterator", request.send(), is_trimmed).await?;
        Ok(response.shard_iterator)
    }

    pub async fn records(&self, iterator: &str) -> Result<GetRecordsOutput, (Option<Mishap>, Error)> {
        let streams = self.streams().map_err(|error| (None, error))?;
        let request = streams.get_records().shard_iterator(iterator).send();
        let mishap = |error: &GetRecordsError| match error {
            GetRecordsError::TrimmedDataAccessException(_) => Some(Mishap::Trimmed),
            GetRecordsError::ExpiredIteratorException(_) => Some(Mishap::Expired),
            _ => None,
        };
        self.send("GetRecords", request, mishap).await
    }

    async fn send<T, E>(
        &self,
        operation: &'static str,
        request: impl Future<Output = Result<T, SdkError<E, HttpResponse>>> + Send,
        mishap: fn(&E) -> Option<Mishap>,
    ) -> Result<T, (Option<Mishap>, Error)>
    where
        T: 'static,
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    {
        let mut call = Call::new(&self.db, operation, self.context(), Deadline::of(None, &self.db));
        let mut happened = None;
        let request = pin!(request);
        let response = call.run_with(request, |error| {
            happened = mishap(error);
            Vec::new()
        });
        let response = response.await;
        response.map_err(|error| (happened, error))
    }
}
