//! Generated and managed values, as builders, facts and writes need them.

use super::key::KeyWriter;
use super::kind::{Kinds, stored_instant};
use super::layout::{braces, list};
use super::text::literal;
use crate::catalog::{Field, Generated, Kind, Model, StoredInstant, UserRust};

/// The values that the runtime itself writes into a model's items.
pub(super) struct ManagedView {
    /// The value of the fact, if there are any: `Some(&dynamorm::ManagedValues { … })`.
    pub fact: Option<String>,
    /// The fields that are written back into a value after sending it.
    pub written: Vec<ManagedFieldView>,
    pub version: Option<ManagedFieldView>,
    /// Whether it has unique fields.
    pub is_unique: bool,
}

#[derive(Clone)]
pub(super) struct ManagedFieldView {
    pub identifier: String,
    pub kind: String,
    pub attribute: String,
}

impl ManagedView {
    pub fn new(kinds: &Kinds<'_>, model: &Model) -> Self {
        let keys = KeyWriter { model, kinds: *kinds };
        let find = |generated| model.fields.iter().find(|field| field.generated == Some(generated));
        let view = |field: &Field| ManagedFieldView {
            identifier: field.identifier.clone(),
            kind: kinds.field_kind(field),
            attribute: literal(&field.attribute),
        };
        let (version, updated) = (find(Generated::Version), find(Generated::Updated));
        let write_id = find(Generated::WriteId);
        let unique: Vec<String> = model
            .unique
            .iter()
            .map(|attributes| {
                let names: Vec<_> = attributes.iter().map(|name| literal(name)).collect();
                format!("dynamorm::UniqueFields {{ attributes: &[{}] }}", names.join(", "))
            })
            .collect();
        let is_managed = version.or(updated).or(write_id).is_some();
        let fact = (is_managed || !unique.is_empty()).then(|| {
            let option =
                |fact: Option<String>| fact.map_or("None".to_owned(), |fact| format!("Some({fact})"));
            let values = [
                format!("version: {}", option(version.map(version_fact))),
                format!("updated: {}", option(updated.map(|field| updated_fact(&keys, field)))),
                format!("write_id: {}", option(write_id.map(write_id_fact))),
                format!("unique: &[{}]", unique.join(", ")),
            ];
            braces(8, "Some(&dynamorm::ManagedValues", &values, ")")
        });
        let counts =
            model.fields.iter().filter(|field| field.generated == Some(Generated::Counter)).map(view);
        let version = version.map(view);
        ManagedView {
            fact,
            written: version
                .iter()
                .cloned()
                .chain(updated.map(view))
                .chain(write_id.map(view))
                .chain(counts)
                .collect(),
            is_unique: !model.unique.is_empty(),
            version,
        }
    }
}

fn version_fact(field: &Field) -> String {
    let most = match field.kind {
        Kind::Integer(integer) => integer.facts().greatest,
        _ => i128::MAX,
    };
    format!("dynamorm::ManagedVersion {{ attribute: {}, greatest: {most} }}", literal(&field.attribute))
}

fn updated_fact(keys: &KeyWriter<'_>, field: &Field) -> String {
    let kind = keys.kinds.kind(&field.kind, &field.name);
    let values = [
        format!("attribute: {}", literal(&field.attribute)),
        format!("stored: dynamorm::generated::stored_instant::<{kind}>"),
        list(16, "keys: &[", &keys.stamped(field), "]"),
    ];
    braces(12, "dynamorm::ManagedTime", &values, "")
}

fn write_id_fact(field: &Field) -> String {
    format!("dynamorm::ManagedWriteId {{ attribute: {} }}", literal(&field.attribute))
}

/// The expression that generates a field's value in a builder.
///
/// An instant is truncated to what its attribute keeps, and to `in_key`, the coarsest form in which a key keeps it.
pub(super) fn expression(
    kinds: &Kinds<'_>,
    field: &Field,
    in_key: Option<StoredInstant>,
) -> Option<UserRust> {
    let kind = || match (&field.kind, in_key) {
        (Kind::Timestamp(form), Some(in_key)) if in_key.unit() > form.stored.unit() => stored_instant(in_key),
        _ => kinds.kind(&field.kind, &field.name),
    };
    let code = match field.generated? {
        Generated::UuidV4 => "dynamorm::generated::uuid_v4()".to_owned(),
        Generated::UuidV7 => "dynamorm::generated::uuid_v7()".to_owned(),
        Generated::Ulid => "dynamorm::generated::ulid()".to_owned(),
        Generated::Created | Generated::Updated => format!("dynamorm::generated::now::<{}>()", kind()),
        Generated::ExpiresIn(seconds) => format!("dynamorm::generated::expires_in::<{}>({seconds})", kind()),
        // A value that was never written has version 0, like an item without a version, and no write id.
        Generated::Version | Generated::WriteId | Generated::Counter => return None,
    };
    Some(UserRust { code, place: format!("{}.generate", field.place) })
}
