//! How the body of a response comes past the SDK's deserializer.
//!
//! A call says what it wants in a slot of its own. While its request is polled, that slot is the thread's. The client's
//! interceptor finds it there and gives the SDK another deserializer for this one request, which puts the body into the slot
//! instead of parsing it. What is not a success, and every request without such a slot, stays the SDK's.

use std::cell::RefCell;

use aws_smithy_runtime_api::client::interceptors::context::{Error, Output};
use aws_smithy_runtime_api::client::orchestrator::{HttpResponse, Metadata, OrchestratorError};
use aws_smithy_runtime_api::client::ser_de::{DeserializeResponse, SharedResponseDeserializer};
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::ConfigBag;

use super::checksum;
use super::operation::Operation;

/// What a call wants of its request, and what it got.
#[derive(Debug, Default)]
pub(crate) struct Slot {
    wanted: Option<Wanted>,
    /// The operation whose body the SDK's orchestrator is going to hand over.
    expected: Option<Operation>,
    body: Option<SdkBody>,
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

/// Gives the SDK another deserializer for the request at hand, if the call that polls it wants one.
pub(crate) fn before_serialization(cfg: &mut ConfigBag) {
    let Some(name) = cfg.load::<Metadata>().map(Metadata::name) else { return };
    let wanted = POLLED.with_borrow_mut(|polled| {
        // Another operation is none of the call's: its connector or its credentials use the same client.
        let wanted = polled.wanted.take_if(|wanted| Operation::named(name) == Some(wanted.operation));
        polled.expected = wanted.filter(|wanted| wanted.is_body_kept).map(|wanted| wanted.operation);
        wanted
    });
    if let Some(wanted) = wanted {
        cfg.interceptor_state().store_put(SharedResponseDeserializer::new(Deserializer(wanted)));
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
