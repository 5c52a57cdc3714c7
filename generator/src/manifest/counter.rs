//! `[model.*.counter.*]`.

use super::limit;
use super::place::join;
use super::reader::{Keys, Reader};
use super::relation::{self, MappingDeclaration};
use super::value::{Entry, Spanned, Value};

/// The most counters of one model.
const MOST_COUNTERS: usize = 20;

/// `[model.Membership.counter.members]`: an attribute of another model's items that counts items of this one.
#[derive(Debug)]
pub(crate) struct CounterDeclaration {
    /// The name of the other model's field.
    pub name: Spanned<String>,
    pub place: String,
    pub doc: Option<String>,
    /// The model that counts. Absent where it could not be read, which was reported.
    pub owner: Option<Spanned<String>>,
    /// Which field of the owner's key is given by which field of this model, where their names differ.
    pub key: Option<MappingDeclaration>,
    /// The field that is added up.
    pub sum: Option<Spanned<String>>,
    /// What the count must not exceed.
    pub max: Option<Spanned<u64>>,
    pub attribute: Option<Spanned<String>>,
}

pub(super) fn read_all(
    reader: &mut Reader<'_>,
    value: &Spanned<Value>,
    place: &str,
) -> Vec<CounterDeclaration> {
    let entries = reader.table(value).unwrap_or_default();
    let entries = limit(reader, entries, MOST_COUNTERS, "counters of one model");
    entries.iter().map(|entry| read(reader, entry, place)).collect()
}

fn read(reader: &mut Reader<'_>, entry: &Entry, place: &str) -> CounterDeclaration {
    let entries = reader.table(&entry.value);
    let mut keys = Keys::new(entry.key.span, entries.unwrap_or_default());
    let counter = CounterDeclaration {
        name: entry.key.clone(),
        place: join(place, &entry.key.value),
        owner: keys.text("of", reader),
        key: keys.value("key").and_then(|value| relation::read_mapping(reader, value)),
        sum: keys.text("sum", reader),
        max: keys.count("max", reader),
        attribute: keys.text("attribute", reader),
        doc: keys.text("doc", reader).map(|doc| doc.value),
    };
    if entries.is_some() {
        keys.missing("of", "the counter", "name the model whose items count: `of = \"Project\"`", reader);
        keys.finish("a counter", reader);
    }
    counter
}
