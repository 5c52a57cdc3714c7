//! The application's types as parts of keys.

use std::marker::PhantomData;

use crate::decode::DecodeError;
use crate::encode::EncodeError;
use crate::key::buffer::KeyBuffer;
use crate::key::form::{KeyForm, OrderedForm};
use crate::kind::{Codec, Kind};

/// A `T`, in the form `F` of the value that its [`Codec`] stores.
#[derive(Debug)]
pub struct Coded<T, F>(PhantomData<fn() -> (T, F)>);

impl<T: Codec, F: KeyForm<Value = <T::Stored as Kind>::Value>> KeyForm for Coded<T, F> {
    type Value = T;
    const WIDTH: Option<usize> = F::WIDTH;

    fn write(value: &T, delimiter: Option<char>, text: &mut KeyBuffer) -> Result<(), EncodeError> {
        F::write(&value.to_stored(), delimiter, text)
    }

    fn read(text: &str, delimiter: Option<char>) -> Result<T, DecodeError> {
        let read = T::from_stored(F::read(text, delimiter)?);
        let read = read.map_err(|error| DecodeError::new(error.to_string()))?;
        // A codec may accept a text that it would not write.
        let mut written = KeyBuffer::default();
        match Self::write(&read, delimiter, &mut written) {
            Ok(()) if written.as_str() == text => Ok(read),
            Ok(()) => Err(DecodeError::differs(text, written.as_str())),
            Err(error) => Err(DecodeError::new(error.to_string())),
        }
    }
}

impl<T: Codec, F: OrderedForm<Value = <T::Stored as Kind>::Value>> OrderedForm for Coded<T, F> {}
