//! The lock that declarations ask for.

use super::{
    Attribute, Attributes, Lock, LockedEnum, LockedModel, LockedTable, LockedVariant, Missing, RustField,
    Shape, ToldApart, kind, template, value,
};
use crate::catalog::{
    Catalog, Default as FieldDefault, Discriminator, Field, Generated, Index, Kind, Model, Projection, Table,
    templates,
};
use std::collections::{BTreeMap, BTreeSet};

impl Lock {
    /// What the declarations say, and what of the lock so far they do not say: older shapes, and what was accepted.
    pub(crate) fn of(catalog: &Catalog, known: Option<&Lock>) -> Self {
        let tables = catalog.tables.iter().map(|one| (one.name.clone(), table(one)));
        let models = catalog.models.iter().map(|one| {
            let known = known.and_then(|lock| lock.models.get(&one.name));
            (one.name.clone(), model(catalog, one, known))
        });
        Lock {
            tables: tables.collect(),
            models: models.collect(),
            accepted: known.map(|lock| lock.accepted.clone()).unwrap_or_default(),
        }
    }
}

impl Lock {
    /// Tells a catalog which attributes its models had once.
    pub(crate) fn tell_former(&self, catalog: &mut Catalog) {
        let now = Lock::of(catalog, Some(self));
        for (name, locked) in now.models {
            let model = catalog.models.iter_mut().find(|model| model.name == name);
            if let Some(model) = model {
                model.stored.former = locked.former.into_iter().collect();
            }
        }
    }
}

fn table(table: &Table) -> LockedTable {
    let indexes = table.indexes.iter().map(|index| {
        let mut index = Index { throughput: None, on_demand_maximum: Default::default(), ..index.clone() };
        // An index keeps the same attributes in any order.
        if let Projection::Include(attributes) = &mut index.projection {
            attributes.sort();
        }
        (index.name.clone(), index)
    });
    LockedTable {
        partition_key: table.partition_key.clone(),
        sort_key: table.sort_key.clone(),
        ttl: table.ttl.on().cloned(),
        stream: table.stream.on().copied(),
        type_attribute: table.type_attribute.clone(),
        indexes: indexes.collect(),
    }
}

fn model(catalog: &Catalog, model: &Model, known: Option<&LockedModel>) -> LockedModel {
    let table = &catalog.tables[model.table];
    let index_name = |number: usize| table.indexes[number].name.clone();
    let number = model.shape.as_ref().map_or(1, |shape| shape.number);
    let mut shapes: BTreeMap<u32, Shape> = known.map(|known| known.shapes.clone()).unwrap_or_default();
    shapes.retain(|known, _| *known < number);
    shapes.insert(number, shape(catalog, model, table));
    let former = match (known, shapes.get(&number)) {
        (Some(known), Some(now)) => former(known, now, table),
        _ => BTreeSet::new(),
    };
    LockedModel {
        table: table.name.clone(),
        former,
        written: model.shape.as_ref().map(|shape| shape.written).filter(|written| *written < number),
        functions: model.indexes.iter().map(|used| (index_name(used.index), used.function.clone())).collect(),
        shapes,
    }
}

/// The attributes that the items of a model had once, and that nothing declares of them now.
fn former(known: &LockedModel, now: &Shape, table: &Table) -> BTreeSet<String> {
    let stored = |shape: &Shape| {
        let of_fields =
            shape.attributes.iter().filter(|(_, one)| !one.key_only).map(|(name, _)| name.clone());
        of_fields.chain(shape.templates.keys().cloned()).collect::<Vec<_>>()
    };
    let mut former = known.former.clone();
    former.extend(known.shapes.values().flat_map(stored));
    for name in stored(now) {
        former.remove(&name);
    }
    let also_read = now.attributes.values().flat_map(|one| &one.also_read);
    let keys = std::iter::once(&table.partition_key).chain(&table.sort_key).map(|key| &key.name);
    let of_table = table.type_attribute.iter().chain(table.ttl.on()).chain(&now.attribute);
    for name in also_read.chain(keys).chain(of_table) {
        former.remove(name);
    }
    former
}

fn shape(catalog: &Catalog, model: &Model, table: &Table) -> Shape {
    let composed = templates(&model.key, &model.indexes).into_iter();
    let types = table.type_attribute.as_ref().map_or(&[][..], |_| &model.type_values);
    let declared = model.shape.as_ref().filter(|shape| shape.is_declared);
    let mut shape = Shape {
        attribute: declared.map(|shape| shape.attribute.clone()),
        told_apart: match model.discriminator {
            Discriminator::Alone => ToldApart::Alone,
            Discriminator::Type => ToldApart::Type,
            Discriminator::Key => ToldApart::Keys,
            Discriminator::KeyWithContext => ToldApart::KeysAndContext,
        },
        type_name: types.first().cloned(),
        also_types: types.iter().skip(1).cloned().collect(),
        untyped: model.untyped,
        context: model.context.and_then(|number| Some(model.fields.get(number)?.attribute.clone())),
        shares_key: model.shares_key,
        indexes: model.indexes.iter().map(|used| table.indexes[used.index].name.clone()).collect(),
        unique: model.unique.iter().cloned().collect(),
        templates: composed.map(|one| (one.attribute.clone(), template::text(one, &model.fields))).collect(),
        attributes: attributes(catalog, &model.fields),
        ..Shape::default()
    };
    let mut wanted = named(&model.fields);
    while let Some(name) = wanted.pop_first() {
        if let Some(structure) = catalog.structures.iter().find(|known| known.name == name) {
            if shape.types.insert(name, attributes(catalog, &structure.fields)).is_none() {
                wanted.append(&mut named(&structure.fields));
            }
        } else if let Some(declared) = catalog.enumerations.iter().find(|known| known.name == name) {
            let variants = declared.variants.iter().map(|variant| {
                let attributes = attributes(catalog, &variant.fields);
                (variant.stored.clone(), LockedVariant { name: variant.name.clone(), attributes })
            });
            let locked = LockedEnum { form: declared.form.clone(), variants: variants.collect() };
            if shape.enums.insert(name, locked).is_none() {
                wanted.extend(declared.variants.iter().flat_map(|variant| named(&variant.fields)));
            }
        }
    }
    shape
}

fn attributes(catalog: &Catalog, fields: &[Field]) -> Attributes {
    fields.iter().map(|field| (field.attribute.clone(), attribute(catalog, field))).collect()
}

fn attribute(catalog: &Catalog, field: &Field) -> Attribute {
    let is_read = field.reads_default();
    Attribute {
        kind: kind::placeless(&field.kind),
        optional: field.optional,
        missing: match &field.default {
            Some(FieldDefault::Literal(literal)) if is_read => {
                Missing::Value(value::literal(catalog, &field.kind, literal))
            }
            Some(FieldDefault::Expression { .. }) if is_read => Missing::Computed,
            _ => Missing::OfKind,
        },
        also_read: field.also_read.clone(),
        managed: field.generated.filter(|generated| Generated::is_managed(*generated)),
        key_only: field.key_only,
        rust: RustField {
            name: field.name.clone(),
            required: field.is_required(),
            sensitive: field.sensitive,
            default: match &field.default {
                Some(FieldDefault::Expression { rust, .. }) if is_read => Some(rust.code.clone()),
                _ => None,
            },
        },
    }
}

/// The names of the types and enums that fields hold.
fn named(fields: &[Field]) -> BTreeSet<String> {
    fields.iter().filter_map(|field| name_within(&field.kind)).collect()
}

fn name_within(kind: &Kind) -> Option<String> {
    match kind {
        Kind::Structure(name) | Kind::Enumeration(name) => Some(name.clone()),
        Kind::List(element) | Kind::Map(element) => name_within(&element.kind),
        Kind::Set(kind) | Kind::Formed(kind, _) => name_within(kind),
        Kind::Text
        | Kind::Bool
        | Kind::Integer(_)
        | Kind::Float(_)
        | Kind::Decimal
        | Kind::Bytes
        | Kind::Timestamp(_)
        | Kind::Date
        | Kind::Uuid
        | Kind::Ulid
        | Kind::Json
        | Kind::Foreign(_)
        | Kind::Coded(..) => None,
    }
}
