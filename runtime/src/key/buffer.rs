//! The text of a key while it is composed.

use std::fmt;

/// How many bytes take no memory on the heap. Most keys are shorter.
const SHORT: usize = 104;

/// Text that is composed piece by piece, on the stack while it is short.
///
/// Reading an item with composed keys composes them again, for a comparison. That must not cost an allocation.
#[derive(Clone)]
pub struct KeyBuffer {
    short: [u8; SHORT],
    /// How much of `short` is used, unless the text is in `long`.
    length: usize,
    long: Option<String>,
}

impl KeyBuffer {
    /// The text so far.
    pub fn as_str(&self) -> &str {
        match &self.long {
            Some(text) => text,
            // Only complete characters are added.
            None => std::str::from_utf8(&self.short[..self.length]).unwrap_or_default(),
        }
    }

    /// Adds a character.
    pub fn push(&mut self, character: char) {
        self.push_str(character.encode_utf8(&mut [0; 4]));
    }

    /// Adds text.
    #[inline]
    pub fn push_str(&mut self, text: &str) {
        let end = self.length + text.len();
        match self.short.get_mut(self.length..end) {
            Some(room) if self.long.is_none() => {
                room.copy_from_slice(text.as_bytes());
                self.length = end;
            }
            _ => self.push_long(text),
        }
    }

    #[cold]
    fn push_long(&mut self, text: &str) {
        if self.long.is_none() {
            let mut long = String::with_capacity(2 * SHORT.max(self.length + text.len()));
            long.push_str(self.as_str());
            self.long = Some(long);
        }
        if let Some(long) = &mut self.long {
            long.push_str(text);
        }
    }

    /// The text.
    pub fn into_string(self) -> String {
        match self.long {
            Some(text) => text,
            None => self.as_str().to_owned(),
        }
    }

    /// How many bytes the text has.
    pub(crate) fn len(&self) -> usize {
        self.as_str().len()
    }
}

impl Default for KeyBuffer {
    fn default() -> Self {
        KeyBuffer { short: [0; SHORT], length: 0, long: None }
    }
}

impl From<&str> for KeyBuffer {
    fn from(text: &str) -> Self {
        let mut buffer = KeyBuffer::default();
        buffer.push_str(text);
        buffer
    }
}

impl From<String> for KeyBuffer {
    fn from(text: String) -> Self {
        if text.len() <= SHORT {
            Self::from(&*text)
        } else {
            KeyBuffer { long: Some(text), ..Self::default() }
        }
    }
}

impl fmt::Write for KeyBuffer {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.push_str(text);
        Ok(())
    }
}

impl Extend<char> for KeyBuffer {
    fn extend<T: IntoIterator<Item = char>>(&mut self, characters: T) {
        characters.into_iter().for_each(|character| self.push(character));
    }
}

impl PartialEq for KeyBuffer {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for KeyBuffer {}

impl fmt::Debug for KeyBuffer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_every_length_is_kept() {
        let (mut buffer, mut text) = (KeyBuffer::default(), String::new());
        for _ in 0..SHORT {
            buffer.push('é');
            text.push('é');
            assert_eq!((buffer.as_str(), buffer.len()), (&*text, text.len()));
            assert_eq!(KeyBuffer::from(text.clone()), buffer);
            assert_eq!(buffer.clone().into_string(), text);
        }
        buffer.extend("#x".chars());
        assert!(buffer.as_str().ends_with("é#x"));
    }
}
