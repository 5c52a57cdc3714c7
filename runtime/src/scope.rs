//! Scopes: a client can be held to one value of a declared context, such as a tenant.

use aws_sdk_dynamodb::types::AttributeValue;

use crate::encode::EncodeError;
use crate::error::{Context, Error, Result};
use crate::facts::Facts;
use crate::key::KeyText;
use crate::kind::Kind;
use crate::validation::Violation;

/// One value of a context, and all items that have it, of the models with that context.
///
/// [`Client::within`](crate::Client::within) holds a client to it.
#[derive(Clone, Debug)]
pub struct Scope {
    pub(crate) context: &'static str,
    pub(crate) prefix: KeyText,
    pub(crate) attribute: &'static str,
    pub(crate) value: Result<AttributeValue, EncodeError>,
}

impl Scope {
    /// The items whose composed keys begin with `prefix`, and whose other keys have this value of `attribute`: for generated
    /// code.
    #[doc(hidden)]
    pub fn new<K: Kind>(
        context: &'static str,
        prefix: KeyText,
        attribute: &'static str,
        value: &K::Value,
    ) -> Self {
        Scope { context, prefix, attribute, value: K::encode(value) }
    }
}

/// The scopes of a client, one for each context.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scopes(pub(crate) Vec<Held>);

/// A scope whose value is fit for keys.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    pub(crate) context: &'static str,
    pub(crate) prefix: String,
    pub(crate) attribute: &'static str,
    pub(crate) value: AttributeValue,
}

impl Held {
    pub(crate) fn begins(&self, value: &AttributeValue) -> bool {
        value.as_s().is_ok_and(|text| text.starts_with(&self.prefix))
    }

    pub(crate) fn refuse(&self, facts: &'static Facts, attribute: &str) -> Error {
        let message = format!("is of another `{}` than the client is held to", self.context);
        Error::validation(Context::model(facts), vec![Violation::new(attribute, message)])
    }
}
