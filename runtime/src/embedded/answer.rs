//! Requests and answers of the engine as JSON.

use dynoxide::errors::DynoxideError;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

pub(super) type Result<T> = std::result::Result<T, Failure>;

/// An answer that is an error.
pub(super) struct Failure {
    pub status: u16,
    pub body: Vec<u8>,
}

impl From<DynoxideError> for Failure {
    fn from(error: DynoxideError) -> Self {
        Failure { status: error.status_code(), body: error.to_json().into_bytes() }
    }
}

/// Lets the engine carry out a request.
pub(super) fn run<Q: DeserializeOwned, A: Serialize>(
    body: &[u8],
    operation: impl FnOnce(Q) -> std::result::Result<A, DynoxideError>,
) -> Result<Vec<u8>> {
    to_bytes(&operation(typed(body)?)?)
}

/// A request in the engine's type.
pub(super) fn typed<Q: DeserializeOwned>(body: &[u8]) -> Result<Q> {
    serde_json::from_slice(body).map_err(|error| unreadable(&error.to_string()))
}

pub(super) fn to_bytes(answer: &impl Serialize) -> Result<Vec<u8>> {
    serde_json::to_vec(answer).map_err(|error| failure("InternalServerError", &error.to_string()))
}

/// A member's text; `None` if it is missing or something else.
pub(super) fn text<'v>(value: &'v Value, member: &str) -> Option<&'v str> {
    value.get(member).and_then(Value::as_str)
}

/// The engine validates much while it parses a request, and marks such errors in the message.
fn unreadable(message: &str) -> Failure {
    let message = message.split(" at line ").next().unwrap_or(message);
    for marker in ["VALIDATION:", "VALIDATION_REQUEST:"] {
        if let Some(message) = message.strip_prefix(marker) {
            return invalid(message);
        }
    }
    failure("SerializationException", message.strip_prefix("SERIALIZATION:").unwrap_or(message))
}

pub(super) fn invalid(message: &str) -> Failure {
    failure("ValidationException", message)
}

pub(super) fn failure(code: &str, message: &str) -> Failure {
    let body = json!({ "__type": format!("com.amazonaws.dynamodb.v20120810#{code}"), "message": message });
    let status = if code == "InternalServerError" { 500 } else { 400 };
    Failure { status, body: body.to_string().into_bytes() }
}
