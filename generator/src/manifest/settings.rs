//! `[generate]`, and the settings that it shares with models, types and enums.

use super::limit;
use super::place::join;
use super::reader::{Keys, Reader};
use super::value::{Entry, Spanned};
use crate::catalog::{SerdeNames, ValidationLibrary};
use crate::diagnostic::Span;

/// The most derives, or attributes, of one declaration.
const MOST_EXTRAS: usize = 100;

const LIBRARIES: [(&str, ValidationLibrary); 2] =
    [("garde", ValidationLibrary::Garde), ("validator", ValidationLibrary::Validator)];

/// `[generate]`: settings of the run, and of the file.
#[derive(Debug, Default)]
pub(crate) struct GenerateSettings {
    /// The place of settings of the run, if there are any.
    pub span: Option<Span>,
    /// The library that carries out the rules of this file.
    pub validation: Option<Spanned<ValidationLibrary>>,
    /// The directory of checked-in code, relative to the file.
    pub output: Option<Spanned<String>>,
    /// The path of the runtime, if it is not `dynamorm`.
    pub runtime: Option<Spanned<String>>,
    /// Whether generation requires the lock to agree.
    pub locked: Option<Spanned<bool>>,
    /// Settings for all models, types and enums.
    pub common: TypeSettings,
}

/// The derives and attributes of generated types.
#[derive(Debug, Default)]
pub(crate) struct TypeSettings {
    pub serde: Option<Spanned<SerdeNames>>,
    pub derive: Vec<Spanned<String>>,
    pub attributes: Vec<Spanned<String>>,
    pub derive_place: String,
    pub attributes_place: String,
}

pub(super) fn read_generate(reader: &mut Reader<'_>, entry: &Entry) -> GenerateSettings {
    let Some(entries) = reader.table(&entry.value) else {
        return GenerateSettings { span: Some(entry.key.span), ..GenerateSettings::default() };
    };
    let mut keys = Keys::new(entry.key.span, entries);
    let place = format!("{}: generate", reader.source.label());
    let holds_for_the_file =
        entries.len() == 1 && entries.iter().all(|entry| entry.key.value == "validation");
    let settings = GenerateSettings {
        span: (!holds_for_the_file).then_some(entry.key.span),
        output: keys.text("output", reader),
        runtime: keys.text("runtime", reader),
        locked: keys.flag("locked", reader),
        common: read_common(&mut keys, reader, &place, ["serde", "derive", "attributes"]),
        validation: keys.word("validation", &LIBRARIES, reader),
    };
    keys.finish("`[generate]`", reader);
    settings
}

/// Reads the shared settings under the names that the surrounding table gives them.
pub(super) fn read_common(
    keys: &mut Keys<'_>,
    reader: &mut Reader<'_>,
    place: &str,
    [serde, derive, attributes]: [&'static str; 3],
) -> TypeSettings {
    TypeSettings {
        serde: keys.word(
            serde,
            &[("field-names", SerdeNames::Fields), ("attribute-names", SerdeNames::Attributes)],
            reader,
        ),
        derive: extras(keys, reader, derive, "derives"),
        attributes: extras(keys, reader, attributes, "attributes"),
        derive_place: join(place, derive),
        attributes_place: join(place, attributes),
    }
}

/// Texts, up to a hundred per declaration.
pub(super) fn extras(
    keys: &mut Keys<'_>,
    reader: &mut Reader<'_>,
    key: &'static str,
    what: &str,
) -> Vec<Spanned<String>> {
    let texts = keys.texts(key, reader);
    limit(reader, &texts, MOST_EXTRAS, what).to_vec()
}
