//! `dynamorm import table`: declarations of a live table (feature `live`).

use super::Failure;
use super::arguments::LiveImports;
use crate::import::{Error, Source, table};
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use std::env;
use std::time::Duration;

/// How long one attempt of a request may take. A page of 1 MB comes sooner, and what never answers is no service.
const ATTEMPT: Duration = Duration::from_secs(30);

/// Describes the table, and samples its items.
pub(super) fn read(imports: &LiveImports) -> Result<Source, Failure> {
    let client = client(imports)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let table = table(&client, &imports.name).sample(imports.sample);
    Ok(runtime.block_on(async { table.await })?)
}

/// A client with the credentials and the region of the environment.
fn client(imports: &LiveImports) -> Result<Client, Failure> {
    let variable = |name: &str| env::var(name).ok().filter(|value| !value.is_empty());
    let missing = |what: &str, how: &str| Error::new(&imports.name, format!("{what} is not known: {how}"));
    let exported = "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, for example by `eval \"$(aws configure export-credentials --format env)\"`";
    let key = variable("AWS_ACCESS_KEY_ID").ok_or_else(|| missing("the access key", exported))?;
    let secret = variable("AWS_SECRET_ACCESS_KEY").ok_or_else(|| missing("the secret key", exported))?;
    let region = imports.region.clone().or_else(|| variable("AWS_REGION"));
    let region = region.or_else(|| variable("AWS_DEFAULT_REGION"));
    let region = region.ok_or_else(|| missing("the region", "name it by `--region`, or set AWS_REGION"))?;
    let credentials = Credentials::new(key, secret, variable("AWS_SESSION_TOKEN"), None, "environment");
    let connections = Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https();
    let mut config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(region))
        .timeout_config(TimeoutConfig::builder().operation_attempt_timeout(ATTEMPT).build())
        .credentials_provider(credentials)
        .http_client(connections);
    config.set_endpoint_url(imports.endpoint.clone());
    Ok(Client::from_conf(config.build()))
}
