//! Scopes: one value of a declared context, such as a tenant, to which a client is held.

use aws_sdk_dynamodb::types::AttributeValue;

use crate::client::Client;
use crate::decode::Item;
use crate::error::{Context, Error, Result};
use crate::key::KeyText;
use crate::model::Facts;
use crate::validation::Violation;

/// One value of a context: all items of the models that name the context and have this value of it.
///
/// [`Client::within`] holds a client to it.
#[derive(Clone, Debug)]
pub struct Scope {
    context: &'static str,
    prefix: KeyText,
}

impl Scope {
    /// The items whose composed keys begin with `prefix`: for generated code.
    pub fn new(context: &'static str, prefix: KeyText) -> Self {
        Scope { context, prefix }
    }
}

/// The scopes of a client, one for each context.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scopes(Vec<(&'static str, String)>);

impl Client {
    /// The same client, held to one value of a context: a key of another value is refused before anything is sent, by reads and
    /// writes of every model that names the context.
    ///
    /// # Errors
    /// The value cannot be part of a key.
    pub fn within(&self, scope: &Scope) -> Result<Client> {
        let prefix = scope
            .prefix
            .clone()
            .finish()
            .map_err(|error| Error::validation(Context::default(), vec![error.into_violation()]))?;
        let context = scope.context;
        Ok(self.clone().with(|settings| {
            settings.scopes.0.retain(|(known, _)| *known != context);
            settings.scopes.0.push((context, prefix));
        }))
    }

    /// Refuses a key that lies outside the client's scope.
    pub(crate) fn admit(&self, facts: &'static Facts, key: &Item) -> Result<()> {
        let Some(context) = facts.context else { return Ok(()) };
        let attribute = facts.table.partition_key.name;
        self.admit_value(facts, context, attribute, key.get(attribute))
    }

    /// Refuses a partition that lies outside the client's scope.
    pub(crate) fn admit_partition(
        &self,
        facts: &'static Facts,
        attribute: &'static str,
        value: Option<&AttributeValue>,
    ) -> Result<()> {
        match facts.context {
            Some(context) => self.admit_value(facts, context, attribute, value),
            None => Ok(()),
        }
    }

    fn admit_value(
        &self,
        facts: &'static Facts,
        context: &str,
        attribute: &str,
        value: Option<&AttributeValue>,
    ) -> Result<()> {
        let scopes = &self.scopes().0;
        let Some((_, prefix)) = scopes.iter().find(|(known, _)| *known == context) else { return Ok(()) };
        match value {
            Some(AttributeValue::S(text)) if text.starts_with(prefix) => Ok(()),
            // Whatever is no key at all is refused for that.
            None => Ok(()),
            Some(_) => {
                let message = format!("is of another `{context}` than the client is held to");
                Err(Error::validation(Context::model(facts), vec![Violation::new(attribute, message)]))
            }
        }
    }
}
