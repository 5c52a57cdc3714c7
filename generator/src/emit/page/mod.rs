//! A page for people: everything that the declarations say, in one HTML file that needs nothing else.

mod access;
mod diagram;
mod fields;
mod keys;
mod prose;

use askama::Template;

use crate::catalog::{
    Billing, Catalog, IndexScope, KeyAttribute, Managed, Model, Projection, Scalar, Setting, StreamView,
    Table, TableClass,
};
use crate::file_kind::FileKind;
use access::Access;
use diagram::Diagram;
use fields::{FieldRow, VariantRow};
use keys::KeyRow;

/// The page of a catalog. `source` is the name of the declarations' file.
pub(super) fn emit(catalog: &Catalog, source: &str) -> String {
    let page = Page {
        title: source.to_owned(),
        tables: catalog
            .tables
            .iter()
            .enumerate()
            .map(|(number, table)| view(catalog, number, table))
            .collect(),
        models: catalog.models.iter().map(|model| model_view(catalog, model)).collect(),
        types: types(catalog),
        enums: enums(catalog),
        diagram: Diagram::of(catalog),
    };
    // Rendering into a string fails only if a value's `Display` does, and the page holds nothing but text.
    FileKind::Html.marked(source, &(page.render().unwrap_or_default() + "\n"))
}

#[derive(Template)]
#[template(path = "page/page.html.jinja", escape = "html")]
struct Page {
    title: String,
    tables: Vec<TableView>,
    models: Vec<ModelView>,
    types: Vec<TypeView>,
    enums: Vec<EnumView>,
    diagram: Option<Diagram>,
}

struct TableView {
    name: String,
    docs: String,
    /// What is set of it: `billing`, `on demand`.
    settings: Vec<(&'static str, String)>,
    /// How each of its models makes its key.
    keys: Vec<KeyRow>,
    indexes: Vec<IndexView>,
}

struct IndexView {
    name: String,
    settings: Vec<(&'static str, String)>,
    keys: Vec<KeyRow>,
}

struct ModelView {
    name: String,
    table: String,
    docs: String,
    fields: Vec<FieldRow>,
    access: Vec<Access>,
    /// Fields whose values no two items share.
    unique: Vec<String>,
}

struct TypeView {
    name: String,
    docs: String,
    fields: Vec<FieldRow>,
}

struct EnumView {
    name: String,
    docs: String,
    variants: Vec<VariantRow>,
}

fn view(catalog: &Catalog, number: usize, table: &Table) -> TableView {
    let models = || catalog.models.iter().filter(move |model| model.table == number);
    let key: Vec<&KeyAttribute> = [&table.partition_key].into_iter().chain(&table.sort_key).collect();
    let mut settings = vec![("key", key.iter().map(|one| attribute(one)).collect::<Vec<_>>().join(", "))];
    settings.extend((table.managed == Managed::Elsewhere).then(|| ("managed", "elsewhere".to_owned())));
    settings.push((
        "billing",
        match table.billing {
            None => "on demand where it is new".to_owned(),
            Some(Billing::OnDemand) => "on demand".to_owned(),
            Some(Billing::Provisioned(capacity)) => {
                format!("provisioned: {} units of reads, {} of writes", capacity.read, capacity.write)
            }
        },
    ));
    let setting = |name, set: Option<String>, is_off: bool| {
        set.or_else(|| is_off.then(|| "none".to_owned())).map(|text| (name, text))
    };
    let ttl = match &table.ttl {
        Setting::On(name) => Some(name.clone()),
        _ => None,
    };
    settings.extend(setting("items expire by", ttl, table.ttl == Setting::Off));
    let view = match table.stream {
        Setting::On(view) => Some(stream(view).to_owned()),
        _ => None,
    };
    settings.extend(setting("stream", view, table.stream == Setting::Off));
    settings.extend(table.type_attribute.iter().map(|name| ("names the model in", name.clone())));
    let protected = |is_protected| if is_protected { "protected" } else { "not protected" };
    settings.extend(table.deletion_protection.map(|set| ("deletion", protected(set).to_owned())));
    settings.extend(table.class.map(|class| ("class", class_name(class).to_owned())));
    settings.extend(table.tags.iter().map(|(key, value)| ("tag", format!("{key} = {value}"))));
    let indexes = table.indexes.iter().enumerate().map(|(at, index)| IndexView {
        name: index.name.clone(),
        settings: vec![
            (
                "scope",
                match index.scope {
                    IndexScope::Global => "global: eventually consistent".to_owned(),
                    IndexScope::Local => "local: of one partition".to_owned(),
                },
            ),
            ("key", {
                let key = index.partition_key.iter().chain(&index.sort_key);
                key.map(attribute).collect::<Vec<_>>().join(", ")
            }),
            (
                "holds",
                match &index.projection {
                    Projection::All => "whole items".to_owned(),
                    Projection::KeysOnly => "keys alone".to_owned(),
                    Projection::Include(attributes) => format!("keys and {}", attributes.join(", ")),
                },
            ),
        ],
        keys: models()
            .flat_map(|model| {
                let entries = model.indexes.iter().filter(move |used| used.index == at);
                entries.map(move |used| KeyRow::of_entry(catalog, model, used))
            })
            .collect(),
    });
    TableView {
        name: table.name.clone(),
        docs: prose::html(table.doc.as_deref()),
        settings,
        keys: models().map(|model| KeyRow::new(catalog, model, &model.key[..1], &model.key[1..])).collect(),
        indexes: indexes.collect(),
    }
}

fn attribute(key: &KeyAttribute) -> String {
    let scalar = match key.scalar {
        Scalar::Text => "S",
        Scalar::Number => "N",
        Scalar::Binary => "B",
    };
    format!("{} ({scalar})", key.name)
}

fn class_name(class: TableClass) -> &'static str {
    match class {
        TableClass::Standard => "standard",
        TableClass::StandardInfrequentAccess => "infrequent access",
    }
}

fn stream(view: StreamView) -> &'static str {
    match view {
        StreamView::KeysOnly => "keys alone",
        StreamView::NewImage => "items as they become",
        StreamView::OldImage => "items as they were",
        StreamView::NewAndOldImages => "items as they were and become",
    }
}

fn model_view(catalog: &Catalog, model: &Model) -> ModelView {
    ModelView {
        name: model.name.clone(),
        table: catalog.tables[model.table].name.clone(),
        docs: prose::html(model.doc.as_deref()),
        fields: model
            .fields
            .iter()
            .map(|field| FieldRow::new(catalog, field))
            .chain(model.computed.iter().map(|field| FieldRow::computed(catalog, model, field)))
            .collect(),
        access: access::of_model(catalog, model),
        unique: model.unique.iter().map(|names| names.join(", ")).collect(),
    }
}

fn types(catalog: &Catalog) -> Vec<TypeView> {
    let types = catalog.structures.iter().map(|structure| TypeView {
        name: structure.name.clone(),
        docs: prose::html(structure.doc.as_deref()),
        fields: structure.fields.iter().map(|field| FieldRow::new(catalog, field)).collect(),
    });
    types.collect()
}

fn enums(catalog: &Catalog) -> Vec<EnumView> {
    let enums = catalog.enumerations.iter().map(|declared| EnumView {
        name: declared.name.clone(),
        docs: prose::html(declared.doc.as_deref()),
        variants: declared.variants.iter().map(|variant| VariantRow::new(catalog, variant)).collect(),
    });
    enums.collect()
}
