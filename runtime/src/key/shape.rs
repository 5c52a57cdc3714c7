//! Whole keys: the texts that a key attribute of a model can have.

use crate::decode::Value;
use crate::key::form::KeyForm;
use crate::key::reader::KeyReader;

/// The texts that an attribute of a model's key can have: for generated code.
#[derive(Debug)]
pub struct KeyShape {
    /// Its stored name.
    pub attribute: &'static str,
    /// The text before the first field; the whole text if there are no fields.
    pub begin: &'static str,
    /// The fields.
    pub parts: &'static [ShapePart],
}

/// A field of a key, and the text that follows it.
#[derive(Debug)]
pub struct ShapePart {
    read: fn(&mut KeyReader<'_>, &str) -> bool,
    literal: &'static str,
}

impl ShapePart {
    /// A field in the form `F`, and the text that follows it.
    pub const fn of<F: KeyForm>(literal: &'static str) -> Self {
        ShapePart { read: read::<F>, literal }
    }
}

fn read<F: KeyForm>(reader: &mut KeyReader<'_>, literal: &str) -> bool {
    reader.part::<F>(literal).is_ok()
}

impl KeyShape {
    /// Whether `text` has this shape.
    pub(crate) fn fits(&self, text: &str) -> bool {
        let Ok(mut reader) = Value::of_text(text).key(self.begin) else { return false };
        self.parts.iter().all(|part| (part.read)(&mut reader, part.literal)) && reader.end().is_ok()
    }
}
