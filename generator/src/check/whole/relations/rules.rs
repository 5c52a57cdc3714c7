//! What a relation's keys must be, so it leads somewhere.

use super::mapping::Mapping;
use crate::catalog::{Field, Index, Projection, Table};
use crate::check::WholeCheck;
use crate::check::whole::side::Side;
use crate::diagnostic::{Code, Diagnostic, Span, listed, quoted};
use crate::manifest::Spanned;

/// Whether an index keeps an attribute of its table.
pub(super) fn holds(table: &Table, index: &Index, attribute: &str) -> bool {
    let in_key = index.partition_key.iter().chain(&index.sort_key).any(|key| key.name == attribute)
        || table.partition_key.name == attribute
        || table.sort_key.as_ref().is_some_and(|key| key.name == attribute);
    in_key
        || match &index.projection {
            Projection::All => true,
            Projection::KeysOnly => false,
            Projection::Include(attributes) => attributes.iter().any(|name| name == attribute),
        }
}

/// The index to read, if one is declared; `None` if it is unknown.
pub(super) fn index(
    cx: &mut WholeCheck<'_, '_>,
    declaration: Option<&Spanned<String>>,
    side: &Side<'_>,
) -> Option<Option<usize>> {
    match declaration {
        None => Some(None),
        Some(name) => side.index(cx, name).map(Some),
    }
}

/// Reports a mapping that does not give exactly the primary key.
pub(super) fn check_whole_key(
    cx: &mut WholeCheck<'_, '_>,
    mapping: &Mapping<'_>,
    key: &[&Field],
    side: &Side<'_>,
) -> bool {
    let missing: Vec<_> =
        key.iter().filter(|field| mapping.entry(field).is_none()).map(|field| field.name.as_str()).collect();
    if !missing.is_empty() {
        cx.report(
            Diagnostic::new(
                Code::RelationKey,
                format!("the relation does not give the whole key of {}", side.name()),
            )
            .at(mapping.span, format!("lacks {}", listed(missing)))
            .help("to one item it leads by its primary key: give every field of it"),
        );
        return false;
    }
    check_part_of(cx, mapping, key, "the parts of the primary key", side)
}

/// Reports mapped fields that are not part of the key.
fn check_part_of(
    cx: &mut WholeCheck<'_, '_>,
    mapping: &Mapping<'_>,
    key: &[&Field],
    what: &str,
    side: &Side<'_>,
) -> bool {
    let mut is_clear = true;
    for entry in &mapping.entries {
        if !key.iter().any(|field| field.name == entry.key.name) {
            let names = key.iter().map(|field| field.name.as_str());
            cx.report(
                Diagnostic::new(
                    Code::RelationKey,
                    format!("{} is not among {what} of {}", quoted(&entry.key.name), side.name()),
                )
                .at(entry.key_span, "nothing can be read by it")
                .help(format!("the key is {}: name these, or an index that has this one", listed(names))),
            );
            is_clear = false;
        }
    }
    is_clear
}

/// The fields by which the items are queried: the partition key's, and the first of the sort key's that are mapped.
pub(super) fn leading_key<'s>(
    cx: &mut WholeCheck<'_, '_>,
    mapping: &Mapping<'_>,
    side: &Side<'s>,
    index: Option<usize>,
) -> Option<Vec<&'s Field>> {
    if index.is_none() && side.table.sort_key.is_none() {
        cx.report(
            Diagnostic::new(
                Code::RelationKey,
                format!("the table of {} has no sort key: a key has one item there, not many", side.name()),
            )
            .at(mapping.span, "cannot be queried by its table's key")
            .help("name an index: `index = \"…\"`"),
        );
        return None;
    }
    let (partition, sort) = side.key(index);
    let missing: Vec<_> = partition
        .iter()
        .filter(|field| mapping.entry(field).is_none())
        .map(|field| field.name.as_str())
        .collect();
    if !missing.is_empty() {
        cx.report(
            Diagnostic::new(
                Code::RelationKey,
                format!("the relation does not give the partition key of {}", side.name()),
            )
            .at(mapping.span, format!("lacks {}", listed(missing)))
            .help("give every field of the partition key, or name an index whose partition key these are"),
        );
        return None;
    }
    let leading = sort.into_iter().take_while(|field| mapping.entry(field).is_some());
    let key: Vec<_> = partition.into_iter().chain(leading).collect();
    let what =
        if index.is_some() { "the first parts of the index's key" } else { "the first parts of the key" };
    check_part_of(cx, mapping, &key, what, side).then_some(key)
}

/// Reports fields that may be absent, if the relation is one of every item.
pub(super) fn check_required(cx: &mut WholeCheck<'_, '_>, mapping: &Mapping<'_>, side: &Side<'_>) -> bool {
    let mut is_clear = true;
    for field in mapping.fields_of_other().filter(|field| field.optional) {
        cx.report(
            Diagnostic::new(
                Code::RelationType,
                format!("{} of {} may be absent", quoted(&field.name), side.name()),
            )
            .at(mapping.span, "needs a value of every item")
            .help("remove the `?` of the field's type, or declare a relation that may lead nowhere: many-to-one"),
        );
        is_clear = false;
    }
    is_clear
}

/// Reports fields of the adjacency that may be absent, or do not form the whole key of their side.
pub(super) fn check_holds(
    cx: &mut WholeCheck<'_, '_>,
    mapping: &Mapping<'_>,
    side: &Side<'_>,
    through: &Side<'_>,
) -> bool {
    let mut is_clear = true;
    for entry in mapping.entries.iter().filter(|entry| entry.key.optional) {
        cx.report(
            Diagnostic::new(
                Code::RelationType,
                format!("{} of {} may be absent", quoted(&entry.key.name), through.name()),
            )
            .at(entry.key_span, "needs a value of every item")
            .help("remove the `?` of the field's type"),
        );
        is_clear = false;
    }
    let key = side.primary_key();
    let held = mapping.backward(&key);
    if held.len() != key.len() {
        let missing = key.iter().filter(|field| !held.iter().any(|given| given.field == field.name));
        cx.report(
            Diagnostic::new(
                Code::RelationThrough,
                format!("{} does not hold the whole key of {}", through.name(), side.name()),
            )
            .at(mapping.span, format!("lacks {}", listed(missing.map(|field| field.name.as_str()))))
            .help("let its items hold every field of that primary key"),
        );
        is_clear = false;
    }
    is_clear
}

/// Reports composed text, which an adjacency does not have.
pub(super) fn check_plain(cx: &mut WholeCheck<'_, '_>, mapping: &Mapping<'_>) -> bool {
    if mapping.is_composed() {
        cx.report(
            Diagnostic::new(Code::RelationTemplate, "an adjacency holds fields as they are")
                .at(mapping.span, "composed text")
                .help("give it a field for each part of the key"),
        );
    }
    !mapping.is_composed()
}

/// Reports an adjacency in which two items could link the same pair.
pub(super) fn check_adjacency(
    cx: &mut WholeCheck<'_, '_>,
    ours: &Mapping<'_>,
    theirs: &Mapping<'_>,
    through: &Side<'_>,
) -> bool {
    let key = through.primary_key();
    let missing: Vec<_> = key
        .iter()
        .filter(|field| ours.entry(field).is_none() && theirs.entry(field).is_none())
        .map(|field| field.name.as_str())
        .collect();
    let is_in_key = |mapping: &Mapping<'_>| {
        mapping.entries.iter().all(|entry| key.iter().any(|field| field.name == entry.key.name))
    };
    let reason = if !missing.is_empty() {
        format!("its key has {} too", listed(missing))
    } else if !is_in_key(ours) || !is_in_key(theirs) {
        "its key does not tell every pair from every other".to_owned()
    } else {
        return true;
    };
    cx.report(
        Diagnostic::new(
            Code::RelationThrough,
            format!("the primary key of {} is not made of both sides' keys", through.name()),
        )
        .at(ours.span, reason)
        .and(theirs.span, "the other side")
        .help("key its table by these fields alone: one as partition key, the other as sort key"),
    );
    false
}

/// Reports pairs of an optional and a required field, because the required one could not always be filled.
pub(super) fn check_fillable(
    cx: &mut WholeCheck<'_, '_>,
    mapping: &Mapping<'_>,
    fills_other: bool,
    span: Span,
) -> bool {
    for entry in &mapping.entries {
        for field in &entry.fields {
            let (from, to) = if fills_other { (entry.key, *field) } else { (*field, entry.key) };
            if from.optional && !to.optional {
                cx.report(
                    Diagnostic::new(
                        Code::RelationType,
                        format!("{} may be absent, and {} may not", quoted(&from.name), quoted(&to.name)),
                    )
                    .at(span, "cannot be filled from the related item")
                    .help("make both optional, or neither"),
                );
                return false;
            }
        }
    }
    true
}

/// Reports a partner that cannot be made from its key and defaults.
pub(super) fn check_create(
    cx: &mut WholeCheck<'_, '_>,
    mapping: &Mapping<'_>,
    side: &Side<'_>,
    span: Span,
) -> bool {
    let fields = side.schema.fields.iter().filter_map(|checked| checked.field.as_ref());
    let missing: Vec<_> = fields
        .filter(|field| field.is_required() && mapping.entry(field).is_none())
        .map(|field| field.name.as_str())
        .collect();
    if missing.is_empty() {
        return true;
    }
    cx.report(
        Diagnostic::new(
            Code::RelationCreate,
            format!("a missing {} cannot be made from its key and defaults", side.name()),
        )
        .at(span, format!("nothing gives {}", listed(missing)))
        .and(side.schema.name().span, "the partner")
        .help("give these fields a default, make them optional, or remove `create`"),
    );
    false
}
