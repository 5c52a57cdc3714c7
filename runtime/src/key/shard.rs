//! Shards: parts of keys that spread what would be one partition over several, by a hash that never changes.

use std::fmt::Write;
use std::marker::PhantomData;

use crate::decode::DecodeError;
use crate::encode::EncodeError;
use crate::key::buffer::KeyBuffer;
use crate::key::form::KeyForm;

/// The shard of a value, of `SHARDS`: the hash of the text that `F` writes of it, in decimal digits of one width.
///
/// The hash is FNV-1a of 64 bits over the text's UTF-8 bytes. Its upper 32 bits and its lower 32 bits, combined by exclusive
/// or, are divided by `SHARDS`. The shard is what remains.
#[derive(Debug)]
pub struct ShardOf<F, const SHARDS: u32>(PhantomData<fn() -> F>);

impl<F: KeyForm, const SHARDS: u32> KeyForm for ShardOf<F, SHARDS> {
    type Value = F::Value;
    const WIDTH: Option<usize> = Shard::<SHARDS>::WIDTH;

    fn write(value: &F::Value, _: Option<char>, text: &mut KeyBuffer) -> Result<(), EncodeError> {
        let mut hashed = KeyBuffer::default();
        F::write(value, None, &mut hashed)?;
        Shard::<SHARDS>::write(&shard(hashed.as_str(), SHARDS), None, text)
    }

    /// Always an error: a shard tells nothing of the value.
    fn read(text: &str, _: Option<char>) -> Result<F::Value, DecodeError> {
        Err(DecodeError::new(format!("the shard {text:?} does not tell a value")))
    }
}

/// One of so many shards, by its number, which is counted from 0.
#[derive(Debug)]
pub struct Shard<const SHARDS: u32>(());

impl<const SHARDS: u32> KeyForm for Shard<SHARDS> {
    type Value = u32;
    const WIDTH: Option<usize> = Some(width(SHARDS));

    fn write(value: &u32, _: Option<char>, text: &mut KeyBuffer) -> Result<(), EncodeError> {
        if *value >= SHARDS {
            return Err(EncodeError::new(format!("there is no shard {value} of {SHARDS}")));
        }
        let _ = write!(text, "{value:0width$}", width = width(SHARDS));
        Ok(())
    }

    fn read(text: &str, _: Option<char>) -> Result<u32, DecodeError> {
        let are_digits = text.bytes().all(|byte| byte.is_ascii_digit());
        let shard = text.parse().ok().filter(|shard| are_digits && *shard < SHARDS);
        shard.ok_or_else(|| DecodeError::new(format!("{text:?} is no shard of {SHARDS}")))
    }
}

/// How many digits the greatest of so many shards has.
const fn width(shards: u32) -> usize {
    let (mut greatest, mut width) = (shards.saturating_sub(1) / 10, 1);
    while greatest > 0 {
        (greatest, width) = (greatest / 10, width + 1);
    }
    width
}

/// The shard of a text.
fn shard(text: &str, shards: u32) -> u32 {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let folded = (hash >> 32) ^ (hash & u64::from(u32::MAX));
    // What remains is less than `shards`.
    u32::try_from(folded % u64::from(shards.max(1))).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_the_documented_one() {
        // As docs/single-table.md has them.
        let vectors = [
            ("", 8, 1),
            ("a", 8, 0),
            ("foobar", 8, 1),
            ("sensor-17", 10, 8),
            ("\u{e9}t\u{e9}", 16, 9),
            ("01ARZ3NDEKTSV4RRFFQ69G5FAV", 1_000, 494),
        ];
        for (text, shards, expected) in vectors {
            assert_eq!(shard(text, shards), expected, "{text:?} of {shards}");
        }
    }

    #[test]
    fn shards_have_the_digits_of_the_greatest() {
        assert_eq!([2, 10, 11, 100, 101, 1_000].map(width), [1, 1, 2, 2, 3, 3]);
        assert_eq!(Shard::<16>::read("07", None).ok(), Some(7));
        for text in ["16", "7", "+7", ""] {
            let read = Shard::<16>::read(text, None).ok().filter(|_| text.len() == 2);
            assert_eq!(read, None, "{text:?}");
        }
    }
}
