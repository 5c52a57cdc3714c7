//! A client for each test, with a database of its own.

use std::process;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};

use crate::dynamodb_local;
use crate::engine::{Engine, engine};
use crate::wire::on_path;

/// A client with an empty database that no other client sees, on the engine in use.
///
/// The first call of a test process may start DynamoDB Local, which takes seconds. A database costs it six threads and
/// more than a megabyte until it ends: one client is enough for all the cases of a test.
///
/// # Panics
///
/// If `DYNAMORM_TEST_ENGINE` names no engine, or the engine does not start.
pub async fn client() -> dynamorm::Client {
    on_path(match engine() {
        Engine::Embedded => dynamorm::Client::embedded().expect("the embedded engine starts in memory"),
        Engine::DynamodbLocal => {
            let (url, key) = (dynamodb_local::url(), access_key());
            dynamorm::Client::new(sdk(url, &key).await).with_streams(streams(url, &key))
        }
    })
}

/// Another client of the same database, with connections of its own: for a tokio runtime beside the test's.
pub fn another(client: &dynamorm::Client) -> dynamorm::Client {
    match engine() {
        Engine::Embedded => client.clone(),
        Engine::DynamodbLocal => {
            let config = client.sdk().config().to_builder();
            let config = config.http_client(aws_smithy_http_client::Builder::new().build_http()).build();
            on_path(dynamorm::Client::new(aws_sdk_dynamodb::Client::from_conf(config)))
        }
    }
}

/// A client of the SDK for the server at `url`, under an access key that was never used before: DynamoDB Local keeps a
/// database per access key and region.
async fn sdk(url: &str, key: &str) -> aws_sdk_dynamodb::Client {
    let config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(REGION)
        .endpoint_url(url)
        .credentials_provider(credentials(key))
        // One per client: pooled connections belong to the test's own tokio runtime, and die with it.
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .build();
    let client = aws_sdk_dynamodb::Client::from_conf(config);
    let tables = client.list_tables().send().await.unwrap_or_else(|error| {
        panic!("DynamoDB Local at {url} does not list its tables: {error:?}");
    });
    assert!(
        tables.table_names().is_empty(),
        "the database of a new client is not empty: {:?}",
        tables.table_names()
    );
    client
}

/// The SDK's client for the streams of the same database.
fn streams(url: &str, key: &str) -> aws_sdk_dynamodbstreams::Client {
    let config = aws_sdk_dynamodbstreams::Config::builder()
        .behavior_version(aws_sdk_dynamodbstreams::config::BehaviorVersion::latest())
        .region(REGION)
        .endpoint_url(url)
        .credentials_provider(credentials(key))
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .build();
    aws_sdk_dynamodbstreams::Client::from_conf(config)
}

const REGION: Region = Region::from_static("us-east-1");

fn credentials(key: &str) -> Credentials {
    Credentials::new(key, "secret", None, None, "test-support")
}

/// An access key that no other client has, also of another process on the same server. DynamoDB Local takes only
/// letters and digits.
fn access_key() -> String {
    static CLIENTS: AtomicU64 = AtomicU64::new(0);
    let client = CLIENTS.fetch_add(1, Ordering::Relaxed);
    let time = SystemTime::now().duration_since(UNIX_EPOCH).expect("the clock is past 1970").as_nanos();
    format!("test{}client{client}time{time}", process::id())
}

#[cfg(test)]
mod tests {
    use aws_sdk_dynamodb::types::{
        AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType,
    };

    use super::*;

    #[test]
    fn access_keys_are_distinct_and_alphanumeric() {
        let (first, second) = (access_key(), access_key());
        assert_ne!(first, second);
        assert!(first.chars().all(|character| character.is_ascii_alphanumeric()), "{first}");
    }

    #[tokio::test]
    async fn the_engine_in_use_starts() {
        client().await;
    }

    #[tokio::test]
    async fn a_client_does_not_see_the_tables_of_another() {
        let (one, other) = (client().await, client().await);
        let attribute = AttributeDefinition::builder()
            .attribute_name("isbn")
            .attribute_type(ScalarAttributeType::S)
            .build()
            .expect("the attribute is complete");
        let key = KeySchemaElement::builder()
            .attribute_name("isbn")
            .key_type(KeyType::Hash)
            .build()
            .expect("the key is complete");
        one.sdk()
            .create_table()
            .table_name("books")
            .attribute_definitions(attribute)
            .key_schema(key)
            .billing_mode(BillingMode::PayPerRequest)
            .send()
            .await
            .expect("the table is created");

        assert_eq!(tables(&one).await, ["books"]);
        assert!(tables(&other).await.is_empty());
    }

    async fn tables(client: &dynamorm::Client) -> Vec<String> {
        let tables = client.sdk().list_tables().send().await.expect("tables are listed");
        tables.table_names.unwrap_or_default()
    }
}
