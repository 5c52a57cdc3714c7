//! Reading a value as a kind.

use crate::decode::{DecodeError, Value};
use crate::kind::traits::Kind;

impl Value<'_> {
    /// Reads the value as a `K` into `slot`.
    ///
    /// # Errors
    /// The value is not a `K`.
    #[inline]
    pub fn read<K: Kind>(self, slot: &mut Option<K::Value>) -> Result<(), DecodeError> {
        *slot = Some(K::decode(self)?);
        Ok(())
    }
}
