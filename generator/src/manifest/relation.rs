//! `[model.*.relation.*]`.

use super::limit;
use super::reader::{Keys, Reader};
use super::value::{Entry, Spanned, Value};
use crate::catalog::RelationKind;
use crate::diagnostic::Span;

/// The most relations of one model.
const MOST_RELATIONS: usize = 100;

/// `[model.Thread.relation.replies]`.
#[derive(Debug)]
pub(crate) struct RelationDeclaration {
    pub name: Spanned<String>,
    pub doc: Option<String>,
    /// These three are `None` if they could not be read, which was reported.
    pub kind: Option<Spanned<RelationKind>>,
    pub model: Option<Spanned<String>>,
    pub keys: Option<MappingDeclaration>,
    /// The model whose items link the two sides of a many-to-many relation.
    pub through: Option<Spanned<String>>,
    pub other_keys: Option<MappingDeclaration>,
    pub index: Option<Spanned<String>>,
    pub back: Option<Spanned<String>>,
    pub back_index: Option<Spanned<String>>,
    pub create: Option<Spanned<bool>>,
}

/// `{ forum = "forum_name", thread = "subject" }`: a field that is part of a key, and the value of the other side in it.
#[derive(Debug)]
pub(crate) struct MappingDeclaration {
    pub span: Span,
    pub entries: Vec<(Spanned<String>, Spanned<String>)>,
}

pub(super) fn read_all(reader: &mut Reader<'_>, value: &Spanned<Value>) -> Vec<RelationDeclaration> {
    let entries = reader.table(value).unwrap_or_default();
    let entries = limit(reader, entries, MOST_RELATIONS, "relations of one model");
    entries.iter().map(|entry| read(reader, entry)).collect()
}

fn read(reader: &mut Reader<'_>, entry: &Entry) -> RelationDeclaration {
    let entries = reader.table(&entry.value);
    let mut keys = Keys::new(entry.key.span, entries.unwrap_or_default());
    let relation = RelationDeclaration {
        name: entry.key.clone(),
        kind: keys.word("kind", &KINDS, reader),
        model: keys.text("model", reader),
        doc: keys.text("doc", reader).map(|doc| doc.value),
        through: keys.text("through", reader),
        index: keys.text("index", reader),
        keys: keys.value("keys").and_then(|value| read_mapping(reader, value)),
        other_keys: keys.value("other_keys").and_then(|value| read_mapping(reader, value)),
        back: keys.text("back", reader),
        back_index: keys.text("back_index", reader),
        create: keys.flag("create", reader),
    };
    if entries.is_some() {
        keys.missing("kind", "the relation", "say how many there are: `kind = \"one-to-many\"`", reader);
        keys.missing("model", "the relation", "name the related model: `model = \"Reply\"`", reader);
        let help = "say which field holds what of the other side: `keys = { thread_id = \"id\" }`";
        keys.missing("keys", "the relation", help, reader);
        keys.finish("a relation", reader);
    }
    relation
}

const KINDS: [(&str, RelationKind); 4] = [
    ("one-to-one", RelationKind::OneToOne),
    ("one-to-many", RelationKind::OneToMany),
    ("many-to-one", RelationKind::ManyToOne),
    ("many-to-many", RelationKind::ManyToMany),
];

pub(super) fn read_mapping(reader: &mut Reader<'_>, value: &Spanned<Value>) -> Option<MappingDeclaration> {
    let entries = reader.table(value)?;
    let mut mapping = MappingDeclaration { span: value.span, entries: Vec::new() };
    for entry in entries {
        mapping.entries.push((entry.key.clone(), reader.text(&entry.value)?));
    }
    Some(mapping)
}
