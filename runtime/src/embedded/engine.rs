//! The engine: a database, and the settings that it does not keep itself.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use dynoxide::Database;
use serde_json::Value;

use crate::embedded::answer::{Failure, Result, failure, run, to_bytes, typed};
use crate::embedded::kept::Kept;

/// A database, with the settings kept beside it. Clones share both.
#[derive(Clone)]
pub(super) struct Engine {
    database: Database,
    kept: Arc<Mutex<Kept>>,
}

impl Engine {
    pub(super) fn new(database: Database) -> Self {
        Engine { database, kept: Arc::default() }
    }

    /// What the engine itself answers to a request.
    pub(super) fn ask(&self, operation: &str, request: &Value) -> Result<Value> {
        typed(&self.pass(operation, &to_bytes(request)?)?)
    }

    pub(super) fn database(&self) -> &Database {
        &self.database
    }

    /// The settings kept beside the engine. Do not ask the engine anything while holding them.
    pub(super) fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Passes a request to the engine unchanged.
    pub(super) fn pass(&self, operation: &str, body: &[u8]) -> Result<Vec<u8>> {
        match operation {
            "GetItem" => run(body, |request| self.database.get_item(request)),
            "PutItem" => run(body, |request| self.database.put_item(request)),
            "UpdateItem" => run(body, |request| self.database.update_item(request)),
            "DeleteItem" => run(body, |request| self.database.delete_item(request)),
            "Query" => run(body, |request| self.database.query(request)),
            "Scan" => run(body, |request| self.database.scan(request)),
            "BatchGetItem" => run(body, |request| self.database.batch_get_item(request)),
            "BatchWriteItem" => run(body, |request| self.database.batch_write_item(request)),
            "TransactGetItems" => run(body, |request| self.database.transact_get_items(request)),
            "TransactWriteItems" => run(body, |request| self.database.transact_write_items(request)),
            "CreateTable" => run(body, |request| self.database.create_table(request)),
            "DeleteTable" => run(body, |request| self.database.delete_table(request)),
            "DescribeTable" => run(body, |request| self.database.describe_table(request)),
            "UpdateTable" => run(body, |request| self.database.update_table(request)),
            "ListTables" => run(body, |request| self.database.list_tables(request)),
            "UpdateTimeToLive" => run(body, |request| self.database.update_time_to_live(request)),
            "DescribeTimeToLive" => run(body, |request| self.database.describe_time_to_live(request)),
            "TagResource" => run(body, |request| self.database.tag_resource(request)),
            "UntagResource" => run(body, |request| self.database.untag_resource(request)),
            "ListTagsOfResource" => run(body, |request| self.database.list_tags_of_resource(request)),
            "ListStreams" => run(body, |request| self.database.list_streams(request)),
            "DescribeStream" => run(body, |request| self.database.describe_stream(request)),
            "GetShardIterator" => run(body, |request| self.database.get_shard_iterator(request)),
            "GetRecords" => run(body, |request| self.database.get_records(request)),
            "ExecuteStatement" => run(body, |request| self.database.execute_statement(request)),
            "ExecuteTransaction" => run(body, |request| self.database.execute_transaction(request)),
            "BatchExecuteStatement" => run(body, |request| self.database.batch_execute_statement(request)),
            _ => Err(unknown(operation)),
        }
    }
}

fn unknown(operation: &str) -> Failure {
    failure("UnknownOperationException", &format!("the embedded engine has no {operation}"))
}
