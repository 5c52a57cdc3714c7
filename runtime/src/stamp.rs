//! What one operation writes about itself: the moment, and an id that no other operation has.

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use uuid::{Builder, Uuid};

use crate::client::Client;
use crate::encode::EncodeError;
use crate::facts::ManagedValues;
use crate::item::Item;
use crate::kind::Instant;
use crate::managed::{Expected, Written, WrittenValues};
use crate::validation::Violation;

/// What an operation stamps on its item. It is made once, before the first attempt.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stamp<'a> {
    db: &'a Client,
    /// The token of a transaction that its caller named, and the operation's position in it.
    named: Option<(&'a str, usize)>,
    /// The moment that the caller chose.
    moment: Option<Timestamp>,
}

impl<'a> Stamp<'a> {
    /// The stamp of an operation that no other repeats.
    pub fn new(db: &'a Client) -> Self {
        Stamp { db, named: None, moment: None }
    }

    /// The stamp of an operation in a transaction that another process may send again, with the same ids.
    pub fn named(token: &'a str, moment: Option<Timestamp>, position: usize, db: &'a Client) -> Self {
        Stamp { db, named: Some((token, position)), moment }
    }

    pub fn moment(&self) -> Timestamp {
        self.moment.unwrap_or_else(|| self.db.now())
    }

    pub fn write_id(&self) -> Uuid {
        let Some((token, position)) = self.named else { return self.db.environment().uuid_v4() };
        let digest = Sha256::new().chain_update(token).chain_update(position.to_be_bytes()).finalize();
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&digest[..16]);
        Builder::from_custom_bytes(bytes).into_uuid()
    }
}

impl ManagedValues {
    /// The values to write: the moment, the write's id, and the version that follows the expected one.
    ///
    /// # Errors
    /// No version follows.
    pub(crate) fn next(
        &self,
        expected: Option<Expected>,
        stamp: Stamp<'_>,
    ) -> Result<Written, Box<Violation>> {
        let mut attributes = Item::new();
        if let (Some(version), Some(expected)) = (&self.version, expected) {
            if expected.version >= version.greatest {
                let message = format!("the version {} is the greatest that its type holds", expected.version);
                return Err(Box::new(Violation::new(version.attribute, message)));
            }
            let next = AttributeValue::N((expected.version + 1).to_string());
            attributes.insert(version.attribute.to_owned(), next);
        }
        if let Some(updated) = &self.updated {
            let refused = |error: EncodeError| Box::new(error.within(updated.attribute).into_violation());
            let (value, moment) = (updated.stored)(stamp.moment()).map_err(refused)?;
            attributes.insert(updated.attribute.to_owned(), value);
            for key in updated.keys {
                let text = (key.compose)(&moment).finish().map_err(refused)?;
                attributes.insert(key.attribute.to_owned(), AttributeValue::S(text));
            }
        }
        if let Some(write_id) = &self.write_id {
            attributes.insert(write_id.attribute.to_owned(), AttributeValue::S(stamp.write_id().to_string()));
        }
        Ok(Written(Some(Box::new(WrittenValues { attributes, hooked: None }))))
    }
}

/// Truncates an instant to the form of `K`, and returns the stored value and the truncated instant: for generated code.
///
/// # Errors
/// DynamoDB cannot hold the instant.
pub fn stored_instant<K: Instant>(instant: Timestamp) -> Result<(AttributeValue, Timestamp), EncodeError> {
    let kept = K::floor(instant);
    Ok((K::encode(&kept)?, kept))
}
