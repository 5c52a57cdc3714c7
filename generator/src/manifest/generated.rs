//! Generated values: `generate = "uuid-v7"`.

use super::reader::{Keys, Reader};
use super::value::{Spanned, Value};

/// What generates a field's value.
#[derive(Clone, Debug)]
pub(crate) enum GenerateForm {
    UuidV4,
    UuidV7,
    Ulid,
    Created,
    Updated,
    Version,
    WriteId,
    /// By a counter that another model declares.
    Counter,
    /// `{ expires_in = "30 days" }`
    ExpiresIn(Spanned<String>),
}

/// Words for what generates a field's value.
#[derive(Clone, Copy)]
enum Word {
    UuidV4,
    UuidV7,
    Ulid,
    Created,
    Updated,
    Version,
    WriteId,
}

const WORDS: [(&str, Word); 7] = [
    ("uuid-v4", Word::UuidV4),
    ("uuid-v7", Word::UuidV7),
    ("ulid", Word::Ulid),
    ("created", Word::Created),
    ("updated", Word::Updated),
    ("version", Word::Version),
    ("write-id", Word::WriteId),
];

pub(super) fn read(reader: &mut Reader<'_>, value: &Spanned<Value>) -> Option<Spanned<GenerateForm>> {
    let form = match &value.value {
        Value::Table(entries) => {
            let mut keys = Keys::new(value.span, entries);
            let duration = keys.text("expires_in", reader);
            let help = "say how long after it is built a value expires: `{ expires_in = \"30 days\" }`";
            keys.missing("expires_in", "the generated value", help, reader);
            keys.finish("a generated value", reader);
            GenerateForm::ExpiresIn(duration?)
        }
        Value::Text(_) => match reader.word(value, &WORDS)?.value {
            Word::UuidV4 => GenerateForm::UuidV4,
            Word::UuidV7 => GenerateForm::UuidV7,
            Word::Ulid => GenerateForm::Ulid,
            Word::Created => GenerateForm::Created,
            Word::Updated => GenerateForm::Updated,
            Word::Version => GenerateForm::Version,
            Word::WriteId => GenerateForm::WriteId,
        },
        _ => {
            reader.wrong_type(value, "a word such as \"uuid-v7\", or { expires_in = \"30 days\" }");
            return None;
        }
    };
    Some(Spanned { value: form, span: value.span })
}
