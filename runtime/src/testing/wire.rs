//! DynamoDB's requests and responses on the wire.

use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use serde_json::{Map, Value, json};

/// `PutItem` and so on.
pub(super) fn operation(request: &HttpRequest) -> &str {
    let target = request.headers().get("x-amz-target").unwrap_or_default();
    target.rsplit('.').next().unwrap_or_default()
}

/// Which attempt of the SDK it is, from 1.
pub(super) fn attempt(request: &HttpRequest) -> u32 {
    let header = request.headers().get("amz-sdk-request").unwrap_or_default();
    let number = header.split(';').find_map(|part| part.trim().strip_prefix("attempt="));
    number.and_then(|number| number.parse().ok()).unwrap_or(1)
}

/// The body, with its members in the order of their names, because the SDK keeps many of them in unordered maps.
pub(super) fn body(request: &HttpRequest) -> Value {
    let mut body = json_of(request.body().bytes().unwrap_or_default());
    body.sort_all_objects();
    body
}

pub(super) fn json_of(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).unwrap_or(Value::Null)
}

/// The tables of a request, each once, in the order of its operations. Those of a batch are in the order of their names.
pub(super) fn tables(body: &Value) -> Vec<String> {
    let mut tables: Vec<String> = Vec::new();
    let mut push = |name: &str| {
        if !tables.iter().any(|table| table == name) {
            tables.push(name.to_owned());
        }
    };
    body["TableName"].as_str().into_iter().for_each(&mut push);
    for table in body["RequestItems"].as_object().into_iter().flat_map(Map::keys) {
        push(table);
    }
    for operation in transaction(body) {
        for part in operation.as_object().into_iter().flat_map(Map::values) {
            part["TableName"].as_str().into_iter().for_each(&mut push);
        }
    }
    tables
}

/// The operations of a transaction.
pub(super) fn transaction(body: &Value) -> impl Iterator<Item = &Value> {
    body["TransactItems"].as_array().into_iter().flatten()
}

pub(super) fn is_read(operation: &str) -> bool {
    matches!(operation, "GetItem" | "Query" | "Scan" | "BatchGetItem" | "TransactGetItems")
}

pub(super) fn is_write(operation: &str) -> bool {
    matches!(operation, "PutItem" | "UpdateItem" | "DeleteItem" | "BatchWriteItem" | "TransactWriteItems")
}

/// The same request with another body.
pub(super) fn with_body(mut request: HttpRequest, body: &Value) -> HttpRequest {
    let text = body.to_string();
    request.headers_mut().insert("content-length", text.len().to_string());
    *request.body_mut() = SdkBody::from(text);
    request
}

/// The response and its body, read to the end.
///
/// # Errors
/// The body did not arrive whole.
pub(super) async fn whole(response: HttpResponse) -> Result<(HttpResponse, Vec<u8>), ConnectorError> {
    let mut response = response;
    let body = ByteStream::new(response.take_body()).collect().await;
    let bytes = body.map_err(|error| ConnectorError::io(error.into()))?.to_vec();
    *response.body_mut() = SdkBody::from(bytes.clone());
    Ok((response, bytes))
}

/// The same response with another body.
pub(super) fn answered(mut response: HttpResponse, body: Vec<u8>) -> HttpResponse {
    response.headers_mut().remove("x-amz-crc32");
    response.headers_mut().insert("content-length", body.len().to_string());
    *response.body_mut() = SdkBody::from(body);
    response
}

/// A success.
pub(super) fn success(body: Vec<u8>) -> Result<HttpResponse, ConnectorError> {
    response(200, body)
}

/// DynamoDB's exception of this name, with further members.
pub(super) fn exception(
    status: u16,
    code: &str,
    message: &str,
    members: Value,
) -> Result<HttpResponse, ConnectorError> {
    let mut body =
        json!({ "__type": format!("com.amazonaws.dynamodb.v20120810#{code}"), "message": message });
    if let (Some(body), Value::Object(members)) = (body.as_object_mut(), members) {
        body.extend(members);
    }
    response(status, body.to_string().into_bytes())
}

fn response(status: u16, body: Vec<u8>) -> Result<HttpResponse, ConnectorError> {
    let status = StatusCode::try_from(status).map_err(|error| ConnectorError::other(error.into(), None))?;
    let mut response = HttpResponse::new(status, SdkBody::from(body));
    response.headers_mut().insert("content-type", "application/x-amz-json-1.0");
    Ok(response)
}
