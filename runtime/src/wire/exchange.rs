//! Bypassing the SDK's serializer for the large parts of a request, and its deserializer for the body of a response.
//!
//! A call has a slot for its wishes. While its request is polled, that slot belongs to the thread. The client's interceptor finds
//! it there, and gives the SDK another serializer or deserializer for this one request. The serializer completes the output of
//! the SDK's own. The deserializer puts the body into the slot instead of parsing it. The SDK still handles responses that are no
//! success, and requests without a slot.

use std::cell::RefCell;

use aws_smithy_runtime_api::client::interceptors::context::{Error, Input, Output};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse, Metadata, OrchestratorError};
use aws_smithy_runtime_api::client::ser_de::{
    DeserializeResponse, SerializeRequest, SharedRequestSerializer, SharedResponseDeserializer,
};
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::ConfigBag;

use super::checksum;
use super::operation::Operation;
use super::splice::{Large, spliced};
use crate::error::BoxError;

/// What a call wants of its request, and what it got.
#[derive(Debug, Default)]
pub(crate) struct Slot {
    wanted: Option<Wanted>,
    /// The operation whose body the SDK's orchestrator will pass on.
    expected: Option<Operation>,
    body: Option<SdkBody>,
    /// The parts that the request of an operation lacks until it is serialized.
    large: Option<(Operation, Box<Large>)>,
}

/// How the response of an operation is deserialized.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Wanted {
    operation: Operation,
    /// Whether its body is kept, instead of the SDK parsing it.
    is_body_kept: bool,
}

thread_local! {
    /// The slot of the call whose request this thread polls.
    static POLLED: RefCell<Slot> = RefCell::default();
}

impl Slot {
    /// Keeps the body of a success. The SDK's output is empty then.
    pub fn keep_body(&mut self, operation: Operation) {
        self.wanted = Some(Wanted { operation, is_body_kept: true });
    }

    /// Compares the checksum before the SDK parses the response. Without effect if the body is kept.
    pub fn check(&mut self, operation: Operation) {
        self.wanted.get_or_insert(Wanted { operation, is_body_kept: false });
    }

    /// Completes the request: the SDK gets it with empty values instead of these.
    pub fn complete(&mut self, operation: Operation, large: Large) {
        self.large = Some((operation, Box::new(large)));
    }

    /// The body of the response; `None` if the SDK has parsed it.
    pub fn take_body(&mut self) -> Option<SdkBody> {
        self.body.take()
    }

    /// Makes this slot the thread's for the lifetime of the returned value.
    pub fn enter(&mut self) -> Entered<'_> {
        POLLED.with_borrow_mut(|polled| std::mem::swap(polled, self));
        Entered(self)
    }
}

/// Restores the thread's previous slot, even after a panic.
pub(crate) struct Entered<'a>(&'a mut Slot);

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        POLLED.with_borrow_mut(|polled| std::mem::swap(polled, self.0));
    }
}

/// The operation of the current request, if its body is examined.
fn operation_of(cfg: &ConfigBag) -> Option<Operation> {
    Operation::named(cfg.load::<Metadata>()?.name())
}

/// Gives the SDK another serializer and another deserializer for the current request, if the call that polls it wants them.
pub(crate) fn before_serialization(cfg: &mut ConfigBag) {
    let Some(operation) = operation_of(cfg) else { return };
    let (wanted, lacks) = POLLED.with_borrow_mut(|polled| {
        // Another operation does not belong to the call. Its connector or its credentials may use the same client.
        let wanted = polled.wanted.take_if(|wanted| wanted.operation == operation);
        polled.expected = wanted.filter(|wanted| wanted.is_body_kept).map(|wanted| wanted.operation);
        (wanted, polled.lacks(operation))
    });
    if let Some(wanted) = wanted {
        cfg.interceptor_state().store_put(SharedResponseDeserializer::new(Deserializer(wanted)));
    }
    if lacks {
        cfg.interceptor_state().store_put(SharedRequestSerializer::new(CompletingSerializer(operation)));
    }
}

/// Refuses to send a request that still lacks its large parts.
///
/// # Errors
/// Another interceptor has replaced the serializer.
pub(crate) fn before_transmit(cfg: &ConfigBag) -> Result<(), BoxError> {
    let is_incomplete = POLLED.with_borrow(|polled| {
        polled.large.is_some() && operation_of(cfg).is_some_and(|operation| polled.lacks(operation))
    });
    if is_incomplete {
        return Err("the request was serialized without its items: an interceptor has replaced the client's serializer".into());
    }
    Ok(())
}

impl Slot {
    fn lacks(&self, of: Operation) -> bool {
        self.large.as_ref().is_some_and(|(operation, _)| *operation == of)
    }
}

/// Passes the body to the call that expects it; `false` if there is none, so the SDK has to parse it.
fn keep(operation: Operation, response: &HttpResponse) -> bool {
    POLLED.with_borrow_mut(|polled| {
        if polled.expected != Some(operation) {
            return false;
        }
        polled.body = response.body().try_clone();
        polled.body.is_some()
    })
}

/// Completes the output of the SDK's own serializer.
#[derive(Debug)]
struct CompletingSerializer(Operation);

impl SerializeRequest for CompletingSerializer {
    fn serialize_input(&self, input: Input, cfg: &mut ConfigBag) -> Result<HttpRequest, BoxError> {
        let operation = self.0;
        let serializer =
            operation.serializer().ok_or("the SDK has no serializer of its own for this operation")?;
        let mut request = serializer.serialize_input(input, cfg)?;
        let large = POLLED
            .with_borrow_mut(|polled| polled.large.take_if(|(wanted, _)| *wanted == operation))
            .ok_or("the items of the request are gone: it was serialized before")?;
        let body = request.body().bytes().ok_or("the SDK streams a request that has items")?;
        let body = spliced(body, &large.1)?;
        if request.headers().get("content-length").is_some() {
            request.headers_mut().insert("content-length", body.len().to_string());
        }
        *request.body_mut() = SdkBody::from(body);
        Ok(request)
    }
}

/// Keeps or checks the body of a response.
#[derive(Debug)]
struct Deserializer(Wanted);

impl DeserializeResponse for Deserializer {
    fn deserialize_nonstreaming_with_config(
        &self,
        response: &HttpResponse,
        cfg: &ConfigBag,
    ) -> Result<Output, OrchestratorError<Error>> {
        let Wanted { operation, is_body_kept } = self.0;
        if let Some(body) = response.body().bytes().filter(|_| response.status().is_success()) {
            if !checksum::is_intact(response, body) {
                return Err(OrchestratorError::response(
                    "the response is not the one that was sent: its checksum is wrong".into(),
                ));
            }
            if is_body_kept && keep(operation, response) {
                return Ok(operation.empty_output());
            }
        }
        match operation.deserializer() {
            Some(deserializer) => deserializer.deserialize_nonstreaming_with_config(response, cfg),
            None => {
                Err(OrchestratorError::other("the SDK has no deserializer of its own for this operation"))
            }
        }
    }
}
