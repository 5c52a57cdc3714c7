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
        if K::NULL_IS_MISSING && self.is_null() {
            return Ok(());
        }
        *slot = Some(K::decode(self)?);
        Ok(())
    }

    /// As [`read`](Self::read), for an attribute that is a key or is compared like one, so each value has one form.
    ///
    /// # Errors
    /// The value is not a `K`, or is stored in another form than the one that writes use.
    #[inline]
    pub fn read_key<K: Kind>(self, slot: &mut Option<K::Value>) -> Result<(), DecodeError> {
        *slot = Some(K::decode_key(self)?);
        Ok(())
    }
}
