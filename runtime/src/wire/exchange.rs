//! How the large parts of a request come past the SDK's serializer, and the body of a response past its deserializer.
//!
//! A call says what it wants in a slot of its own. While its request is polled, that slot is the thread's. The client's
//! interceptor finds it there and gives the SDK another serializer or deserializer for this one request: the one completes what
//! the SDK's own has written, the other puts the body into the slot instead of parsing it. What is not a success, and every request
//! without such a slot, stays the SDK's.

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
    /// The operation whose body the SDK's orchestrator is going to hand over.
    expected: Option<Operation>,
    body: Option<SdkBody>,
    /// What the request of an operation lacks until it is serialized.
    large: Option<(Operation, Box<Large>)>,
}

/// How the response of an operation is deserialized.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Wanted {
    operation: Operation,
    /// Whether its body is kept, instead of parsed by the SDK.
    is_body_kept: bool,
}

thread_local! {
    /// The slot of the call whose request this thread polls.
    static POLLED: RefCell<Slot> = RefCell::default();
}

impl Slot {
    /// The body of a success is kept, and the SDK's output is empty.
    pub fn keep_body(&mut self, operation: Operation) {
        self.wanted = Some(Wanted { operation, is_body_kept: true });
    }

    /// The SDK parses the response, whose checksum is compared before. It changes nothing where the body is kept.
    pub fn check(&mut self, operation: Operation) {
        self.wanted.get_or_insert(Wanted { operation, is_body_kept: false });
    }

    /// The request that the SDK is given has empty values in the place of these.
    pub fn complete(&mut self, operation: Operation, large: Large) {
        self.large = Some((operation, Box::new(large)));
    }

    /// The body of the response; none where the SDK's output says what it said.
    pub fn take_body(&mut self) -> Option<SdkBody> {
        self.body.take()
    }

    /// Makes this slot the thread's for as long as what it returns lives.
    pub fn enter(&mut self) -> Entered<'_> {
        POLLED.with_borrow_mut(|polled| std::mem::swap(polled, self));
        Entered(self)
    }
}

/// Gives the thread back to the slot that was there before, also after a panic.
pub(crate) struct Entered<'a>(&'a mut Slot);

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        POLLED.with_borrow_mut(|polled| std::mem::swap(polled, self.0));
    }
}

/// The operation of the request at hand, if it is one of those whose bodies are looked into.
fn operation_of(cfg: &ConfigBag) -> Option<Operation> {
    Operation::named(cfg.load::<Metadata>()?.name())
}

/// Gives the SDK another serializer and another deserializer for the request at hand, if the call that polls it wants them.
pub(crate) fn before_serialization(cfg: &mut ConfigBag) {
    let Some(operation) = operation_of(cfg) else { return };
    let (wanted, lacks) = POLLED.with_borrow_mut(|polled| {
        // Another operation is none of the call's: its connector or its credentials use the same client.
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

/// Refuses to send a request whose large parts nobody has put into it.
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

/// Hands the body over to the call that expects it; `false` if there is none, and the SDK has to parse it.
fn keep(operation: Operation, response: &HttpResponse) -> bool {
    POLLED.with_borrow_mut(|polled| {
        if polled.expected != Some(operation) {
            return false;
        }
        polled.body = response.body().try_clone();
        polled.body.is_some()
    })
}

/// Completes what the SDK's own serializer has written.
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
