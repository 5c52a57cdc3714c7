//! What the SDK for DynamoDB has no call for: requests to the engine's streams, as JSON.

use std::sync::{Arc, Mutex};

use aws_sdk_dynamodb::config::interceptors::AfterDeserializationInterceptorContextRef;
use aws_sdk_dynamodb::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_dynamodb::error::BoxError;
use aws_smithy_types::body::SdkBody;
use dynamorm::Client;
use serde_json::Value;

/// Keeps the body of a response. It is whole only when the SDK has read it: a server sends it in pieces.
#[derive(Clone, Debug, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Intercept for Kept {
    fn name(&self) -> &'static str {
        "Kept"
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let body = context.response().body().bytes().expect("the SDK has read the body");
        *self.0.lock().expect("no panic") = body.to_vec();
        Ok(())
    }
}

/// Sends a request that says `target` and `request`, in place of another, and returns the answer.
pub async fn call(db: &Client, target: &str, request: &Value) -> Value {
    let kept = Kept::default();
    let body = serde_json::to_vec(request).expect("JSON");
    let target = target.to_owned();
    let other = db.sdk().list_tables().customize().interceptor(kept.clone());
    let sent = other.mutate_request(move |http| {
        http.headers_mut().insert("x-amz-target", target.clone());
        http.headers_mut().insert("content-length", body.len().to_string());
        *http.body_mut() = SdkBody::from(body.clone());
    });
    sent.send().await.expect("the engine answers");
    let answer = kept.0.lock().expect("no panic");
    serde_json::from_slice(&answer).expect("JSON")
}
