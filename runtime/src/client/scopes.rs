//! Holding a client to one value of a context.

use aws_sdk_dynamodb::types::AttributeValue;

use crate::client::handle::Client;
use crate::encode::EncodeError;
use crate::error::{Context, Error, Result};
use crate::facts::Facts;
use crate::item::KeyAttributes;
use crate::scope::{Held, Scope, Scopes};

impl Client {
    /// The same client, held to one value of a context. Reads and writes of every model with that context refuse a key of another
    /// value before anything is sent.
    ///
    /// # Errors
    /// The value cannot be part of a key.
    pub fn within(&self, scope: &Scope) -> Result<Client> {
        let refused =
            |error: EncodeError| Error::validation(Context::default(), vec![error.into_violation()]);
        let held = Held {
            context: scope.context,
            prefix: scope.prefix.clone().finish().map_err(refused)?,
            attribute: scope.attribute,
            value: scope.value.clone().map_err(refused)?,
        };
        Ok(self.clone().with(|settings| {
            settings.scopes.0.retain(|known| known.context != held.context);
            settings.scopes.0.push(held);
        }))
    }

    /// Refuses a key that lies outside the client's scope.
    #[inline]
    pub(crate) fn admit(&self, facts: &'static Facts, key: &dyn KeyAttributes) -> Result<()> {
        if self.scopes().0.is_empty() { Ok(()) } else { self.admit_within(facts, key) }
    }

    fn admit_within(&self, facts: &'static Facts, key: &dyn KeyAttributes) -> Result<()> {
        let attribute = facts.table.partition_key.name;
        // A value that is no key at all is refused elsewhere.
        match (self.held(facts), key.key_attribute(attribute)) {
            (Some(held), Some(value)) if !held.begins(value) => {
                Err(held.refuse(facts, attribute).at(facts, key, self))
            }
            _ => Ok(()),
        }
    }

    /// How the partition keys of a model's items begin within the client's scope.
    pub(crate) fn scope_prefix(&self, facts: &'static Facts) -> Option<AttributeValue> {
        self.held(facts).map(|held| AttributeValue::S(held.prefix.clone()))
    }

    /// The same client without scopes.
    pub(crate) fn without_scopes(&self) -> Client {
        self.clone().with(|settings| settings.scopes = Scopes::default())
    }

    /// Refuses a read that may leave the client's scope. Some attribute of the key that it reads by must prove that it stays
    /// within. `parts` are the attributes, whether each is composed, and their values.
    pub(crate) fn admit_read<'a>(
        &self,
        facts: &'static Facts,
        mut parts: impl Iterator<Item = (&'static str, bool, Option<&'a AttributeValue>)>,
    ) -> Result<()> {
        let Some(held) = self.held(facts) else { return Ok(()) };
        let is_within = parts.any(|(name, is_composed, value)| match value {
            Some(value) if is_composed => held.begins(value),
            Some(value) => name == held.attribute && *value == held.value,
            None => false,
        });
        if is_within { Ok(()) } else { Err(held.refuse(facts, held.attribute)) }
    }

    fn held(&self, facts: &Facts) -> Option<&Held> {
        let context = facts.context?;
        self.scopes().0.iter().find(|held| held.context == context)
    }
}
