//! What a client can do, and what the library says of it.

use std::future::Future;
use std::pin::Pin;

use dynamorm::{Client, Error, Model};
use serde_json::Value;

use crate::arguments::Arguments;
use crate::item::{self, ItemKey};
use crate::world::World;

/// One kind of operation.
pub struct Operation {
    pub name: &'static str,
    pub claim: Claim,
    /// The attributes that the caller changes of an item that stays; none where it is replaced, deleted or created.
    pub changes: &'static [&'static str],
    pub run: fn(Call) -> BoxFuture<Report>,
}

pub type BoxFuture<T> = Pin<Box<dyn Future<Output = T>>>;

/// How often what says "Ok" was carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// At least once: what comes again changes nothing but what others wrote in between. Also where its condition holds again.
    AtLeastOnce,
    /// Once, unless another client deleted or created the item in between, so that its condition held again.
    Once,
    /// Once for ever: it adds up, or it is a transaction.
    OnceForEver,
    /// Every request of a batch at least once.
    Batch,
    /// Nothing is said of it as a whole.
    Nothing,
}

/// What an operation is given.
pub struct Call {
    pub db: Client,
    pub world: World,
    pub arguments: Arguments,
}

impl Call {
    pub fn key(&self) -> &'static str {
        self.arguments.key
    }

    pub fn other(&self) -> &'static str {
        self.arguments.other
    }

    pub fn text(&self) -> String {
        self.arguments.text.clone()
    }

    pub fn number(&self) -> i64 {
        self.arguments.number
    }

    /// The client thinks.
    pub async fn pause(&self) {
        if !self.arguments.pause.is_zero() {
            self.world.pause(self.arguments.pause).await;
        }
    }
}

/// What a client was told.
#[derive(Clone, Debug)]
pub struct Report {
    pub outcome: Outcome,
    /// The value that the client has now, as an item: what was stored.
    pub value: Option<Value>,
    /// Of a save of one element of a list: the list as the client wants it, and the element that it replaces.
    pub element: Option<(Value, Value)>,
    /// The items of a batch.
    pub entries: Vec<ItemKey>,
}

#[derive(Clone, Debug)]
pub enum Outcome {
    /// What it needs was not there or could not be read: nothing was to be written.
    Untried,
    /// It was carried out.
    Done,
    /// There was nothing to do.
    Nothing,
    Failed(Failure),
}

#[derive(Clone, Debug)]
pub struct Failure {
    pub is_unknown: bool,
    /// What it says of the item or of its version, which another incarnation of the item can make wrong.
    pub is_of_item: bool,
    pub text: String,
    pub unwritten: Vec<ItemKey>,
}

impl Report {
    pub fn of(result: dynamorm::Result<()>) -> Self {
        let outcome = match result {
            Ok(()) => Outcome::Done,
            Err(error) => Outcome::Failed(error.into()),
        };
        Report { outcome, value: None, element: None, entries: Vec::new() }
    }

    pub fn untried() -> Self {
        Report { outcome: Outcome::Untried, ..Self::of(Ok(())) }
    }

    /// It is not known whether anything was written.
    pub fn unknown(why: &str) -> Self {
        let text = why.to_owned();
        let failure = Failure { is_unknown: true, is_of_item: false, text, unwritten: Vec::new() };
        Report { outcome: Outcome::Failed(failure), ..Self::of(Ok(())) }
    }

    pub fn nothing() -> Self {
        Report { outcome: Outcome::Nothing, ..Self::of(Ok(())) }
    }

    /// With the value that is stored now, if it was written.
    pub fn with_value<M: Model>(mut self, value: &M) -> Self {
        if let Outcome::Done = self.outcome {
            let item = dynamorm::generated::to_item(value).expect("what is stored can be stored");
            self.value = Some(item::to_json(&item));
        }
        self
    }

    /// Whether the library says that nothing was written.
    pub fn is_definite_failure(&self) -> bool {
        matches!(&self.outcome, Outcome::Failed(failure) if !failure.is_unknown)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let unknown =
            error.is_outcome_unknown() || error.cancellations().any(|(_, cause)| cause.is_outcome_unknown());
        let is_of_item = error.is_version_conflict()
            || error.is_not_found()
            || error.is_condition_failed()
            || error.is_already_exists();
        let text = error.to_string();
        let unwritten = error.into_unwritten().map(crate::operations::identities).unwrap_or_default();
        Failure { is_unknown: unknown, is_of_item, text, unwritten }
    }
}
