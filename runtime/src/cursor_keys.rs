//! The keys that a client signs cursors with.

use std::fmt;

/// The keys that sign cursors, the newest first.
#[derive(Clone, Default)]
pub(crate) struct CursorKeys {
    pub(crate) keys: Vec<[u8; KEY_BYTES]>,
    /// Whether the client was told to sign and was given no keys.
    are_missing: bool,
}

pub(crate) const KEY_BYTES: usize = 32;

impl CursorKeys {
    pub fn new(keys: impl IntoIterator<Item = [u8; KEY_BYTES]>) -> Self {
        let keys: Vec<_> = keys.into_iter().collect();
        CursorKeys { are_missing: keys.is_empty(), keys }
    }

    /// Whether the client was told to sign and was given no keys.
    pub fn are_missing(&self) -> bool {
        self.are_missing
    }
}

impl fmt::Debug for CursorKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} keys", self.keys.len())
    }
}
