//! What one operation writes of itself: the moment, and an id that no other operation has.

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use uuid::{Builder, Uuid};

use crate::client::Client;

/// What an operation stamps on its item, made once before its first attempt.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stamp<'a> {
    db: &'a Client,
    /// The token of a transaction that its caller named, and the operation's position in it.
    named: Option<(&'a str, usize)>,
    /// The moment that the caller chose.
    moment: Option<Timestamp>,
}

impl<'a> Stamp<'a> {
    /// Of an operation that no other repeats.
    pub fn new(db: &'a Client) -> Self {
        Stamp { db, named: None, moment: None }
    }

    /// Of an operation in a transaction that another process may send again: it has the same ids there.
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
