//! Tables: names, keys and settings, and which model each holds.

use super::declared::{Declared, Names};
use super::fields::CheckedField;
use super::keys::{self, Role, Schema};
use super::{identity, indexes};
use crate::catalog::{
    Billing, Identity, KeyAttribute, KeySource, Kind, ModelIndex, Scalar, StoredInstant, Table, TableClass,
    Throughput,
};
use crate::diagnostic::{Code, Diagnostic, Findings, Span, did_you_mean, quoted};
use crate::manifest::{
    BillingDeclaration, KeyDeclaration, Manifest, ModelDeclaration, Spanned, TableDeclaration,
};
use crate::names;
use std::collections::{BTreeMap, BTreeSet};

const MOST_TAGS: usize = 50;
const LONGEST_TAG_KEY: usize = 128;
const LONGEST_TAG_VALUE: usize = 256;

/// How a model uses its table.
pub(super) struct Use {
    /// An index into the catalog's tables.
    pub table: usize,
    pub key: Vec<KeySource>,
    pub indexes: Vec<ModelIndex>,
    pub identity: Identity,
    pub is_captured: bool,
    /// The models, by their places in the manifest, whose items can stand in the same partitions of the table.
    pub neighbours: Vec<usize>,
    /// For each of `indexes`: the models, by their places in the manifest, that stand among this one's items there, and that
    /// nothing tells apart.
    pub neighbours_in: Vec<Vec<usize>>,
}

/// A table, and what each of its models makes of it.
type Checked = (Option<Table>, Vec<Vec<KeySource>>, Vec<Vec<ModelIndex>>);

/// The tables that a model uses, and each model's use of its table (in the order of the manifest's models).
pub(super) fn check(
    declared: &Declared<'_>,
    manifest: &Manifest,
    schemas: &[Vec<CheckedField<'_>>],
    findings: &mut Findings,
) -> (Vec<Table>, Vec<Option<Use>>) {
    check_references(manifest, findings);
    let is_text = |name: &str| declared.enumeration_by_rust_name(name).is_some_and(|known| known.is_text);
    let variants = |name: &str| {
        let known = declared.enumeration_by_rust_name(name).filter(|known| known.is_text)?;
        Some(known.variants.iter().map(|variant| variant.stored.clone()).collect())
    };
    let mut declarations: Vec<&TableDeclaration> = manifest.tables.iter().collect();
    declarations.sort_by(|a, b| a.declared.value.cmp(&b.declared.value));
    let mut unique = Unique::default();
    let mut tables = Vec::new();
    let mut uses: Vec<Option<Use>> = manifest.models.iter().map(|_| None).collect();
    let models = models_by_table(manifest);
    for declaration in declarations {
        let models = models.get(declaration.declared.value.as_str()).map(Vec::as_slice).unwrap_or_default();
        let schemas: Vec<_> = models
            .iter()
            .map(|(number, model)| Schema {
                model: &model.name,
                fields: &schemas[*number],
                is_readable: model.fields.is_some(),
                declaration: model,
                is_text: &is_text,
                variants: &variants,
            })
            .collect();
        let item = declared.item(&declaration.declared.value);
        let (table, keys, mut indexes) = table(declaration, &schemas, item, &mut unique, findings);
        let Some(table) = table else { continue };
        let found = identity::check(declaration, &schemas, &keys, &mut indexes, findings);
        for ((((number, _), key), indexes), found) in models.iter().zip(keys).zip(indexes).zip(found) {
            let of_manifest =
                |places: &Vec<usize>| places.iter().map(|place| models[*place].0).collect::<Vec<_>>();
            uses[*number] = Some(Use {
                table: tables.len(),
                key,
                indexes,
                identity: found.identity,
                is_captured: found.is_captured,
                neighbours: of_manifest(&found.neighbours),
                neighbours_in: found.neighbours_in.iter().map(of_manifest).collect(),
            });
        }
        tables.push(table);
    }
    (tables, uses)
}

/// The models of each table, with their numbers among all models.
pub(super) fn models_by_table(manifest: &Manifest) -> BTreeMap<&str, Vec<(usize, &ModelDeclaration)>> {
    let mut models: BTreeMap<&str, Vec<_>> = BTreeMap::new();
    for (number, model) in manifest.models.iter().enumerate() {
        if let Some(table) = &model.table {
            models.entry(&table.value).or_default().push((number, model));
        }
    }
    models
}

/// Reports models whose table is unknown.
fn check_references(manifest: &Manifest, findings: &mut Findings) {
    let declared: BTreeSet<&str> =
        manifest.tables.iter().map(|table| table.declared.value.as_str()).collect();
    for model in &manifest.models {
        let Some(table) = &model.table else { continue };
        if !declared.contains(table.value.as_str()) {
            findings.push(
                Diagnostic::new(Code::UnknownTable, format!("unknown table {}", quoted(&table.value)))
                    .at(table.span, "not declared")
                    .help(did_you_mean(&table.value, declared.iter().copied()).unwrap_or_else(|| {
                        String::from("declare it: `[table.<name>]` with its `partition_key`")
                    })),
            );
        }
    }
}

/// What no two tables may share, with the place of the first.
#[derive(Default)]
struct Unique<'m> {
    names: BTreeMap<&'m str, Span>,
    constants: BTreeMap<String, Span>,
}

fn table<'m>(
    declaration: &'m TableDeclaration,
    schemas: &[Schema<'_>],
    item: Option<&Names>,
    unique: &mut Unique<'m>,
    findings: &mut Findings,
) -> Checked {
    let name = check_name(declaration, unique, findings);
    let constant = check_constant(declaration, unique, findings);
    let billing =
        declaration.billing.as_ref().map_or(Billing::OnDemand, |billing| self::billing(billing, findings));
    check_tags(declaration, findings);
    let mut sources = vec![Vec::new(); schemas.len()];
    let partition_key =
        key(schemas, declaration.partition_key.as_ref(), Role::TablePartition, &mut sources, findings);
    let sort_key = key(schemas, declaration.sort_key.as_ref(), Role::TableSort, &mut sources, findings);
    check_templates(declaration, schemas, findings);
    check_repeated(declaration, findings);
    if let Some(ttl) = &declaration.ttl {
        check_ttl(schemas, ttl, findings);
    }
    check_type_attribute(declaration, schemas, findings);
    check_key_only(schemas, &sources, findings);
    let (indexes, uses) = indexes::check(declaration, schemas, &sources, billing, findings);
    let table = partition_key.zip(constant).map(|(partition_key, constant)| Table {
        declared: declaration.declared.value.clone(),
        constant,
        name: name.to_owned(),
        doc: declaration.doc.clone(),
        partition_key,
        sort_key,
        billing,
        ttl: declaration.ttl.as_ref().map(|ttl| ttl.value.clone()),
        stream: declaration.stream,
        deletion_protection: declaration.deletion_protection,
        tags: tags(declaration),
        class: declaration.class.unwrap_or(TableClass::Standard),
        indexes,
        type_attribute: declaration.type_attribute.as_ref().map(|name| name.value.clone()),
        item: item.map(|names| (names.rust.clone(), names.module.clone())),
    });
    (table, sources, uses)
}

/// Whether DynamoDB allows a name for tables and indexes.
pub(super) fn is_resource_name(name: &str) -> bool {
    (3..=255).contains(&name.len())
        && name
            .chars()
            .all(|character| character.is_ascii_alphanumeric() || matches!(character, '_' | '-' | '.'))
}

/// The provisioned or on-demand capacity of a table or an index.
pub(super) fn billing(declaration: &Spanned<BillingDeclaration>, findings: &mut Findings) -> Billing {
    match &declaration.value {
        BillingDeclaration::OnDemand => Billing::OnDemand,
        BillingDeclaration::Provisioned { read, write } => {
            for units in [read, write] {
                if units.value == 0 || i64::try_from(units.value).is_err() {
                    findings.push(
                        Diagnostic::new(Code::Capacity, "a provisioned capacity is at least 1 unit")
                            .at(units.span, "not a capacity")
                            .help("give a number of units, or write `billing = \"on-demand\"`"),
                    );
                }
            }
            Billing::Provisioned(Throughput { read: read.value, write: write.value })
        }
    }
}

fn check_name<'m>(
    declaration: &'m TableDeclaration,
    unique: &mut Unique<'m>,
    findings: &mut Findings,
) -> &'m str {
    let name = declaration.name.as_ref().unwrap_or(&declaration.declared);
    if !is_resource_name(&name.value) {
        findings.push(
            Diagnostic::new(Code::InvalidTableName, format!("{} is not a table's name", quoted(&name.value)))
                .at(name.span, "expected 3 to 255 of a-z, A-Z, 0-9, `_`, `.` and `-`")
                .help("give DynamoDB's name beside the declaration's: `name = \"my-table\"`"),
        );
    }
    if let Some(first) = unique.names.get(name.value.as_str()) {
        findings.push(
            Diagnostic::new(Code::TableNameTwice, format!("two tables are called {}", quoted(&name.value)))
                .at(name.span, "the same name")
                .and(*first, "as this one")
                .help("give each a `name` of its own"),
        );
    }
    unique.names.entry(&name.value).or_insert(name.span);
    &name.value
}

fn check_constant(
    declaration: &TableDeclaration,
    unique: &mut Unique<'_>,
    findings: &mut Findings,
) -> Option<String> {
    let declared = &declaration.declared;
    let Some(constant) = names::constant_name(&declared.value).filter(|name| name != "TABLES") else {
        findings.push(
            Diagnostic::new(
                Code::InvalidName,
                format!("{} cannot name a Rust constant", quoted(&declared.value)),
            )
            .at(declared.span, "expected ASCII letters and digits that start with a letter, and not `tables`")
            .help("rename the declaration and keep DynamoDB's name: `name = \"…\"`"),
        );
        return None;
    };
    match unique.constants.get(&constant) {
        Some(first) => findings.push(
            Diagnostic::new(
                Code::TableConstantsMeet,
                format!("two tables would be the constant `{constant}`"),
            )
            .at(declared.span, format!("becomes `{constant}`"))
            .and(*first, "so does this")
            .help("rename one of the declarations and keep DynamoDB's name: `name = \"…\"`"),
        ),
        None => {
            unique.constants.insert(constant.clone(), declared.span);
        }
    }
    Some(constant)
}

/// A table's own key of one attribute. What each model makes of it is added to `sources`.
fn key(
    schemas: &[Schema<'_>],
    declaration: Option<&KeyDeclaration>,
    role: Role,
    sources: &mut [Vec<KeySource>],
    findings: &mut Findings,
) -> Option<KeyAttribute> {
    let declaration = declaration?;
    if declaration.is_array && declaration.attributes.len() != 1 {
        findings.push(
            Diagnostic::new(Code::KeyAttributeCount, "a key of a table is one attribute")
                .at(declaration.span, format!("{} attributes", declaration.attributes.len()))
                .help("name one attribute; only global indexes may have up to four"),
        );
        return None;
    }
    let name = declaration.attributes.first()?;
    keys::check_length(name, findings);
    let mut types = Types::default();
    for (schema, sources) in schemas.iter().zip(sources) {
        let composed = schema.declaration.key.as_ref();
        let template = composed.and_then(|key| {
            let template = if role == Role::TablePartition { &key.partition_key } else { &key.sort_key };
            Some((template.as_ref()?, key.escape))
        });
        if let Some((scalar, source)) = keys::source(schema, name, template, role, findings) {
            types.add(schema, name, scalar, findings);
            sources.push(source);
        }
    }
    Some(KeyAttribute { name: name.value.clone(), scalar: types.scalar? })
}

/// The type of a key attribute, which all models of a table must agree on.
#[derive(Default)]
pub(super) struct Types {
    pub scalar: Option<Scalar>,
    first: Option<Span>,
}

impl Types {
    pub(super) fn add(
        &mut self,
        schema: &Schema<'_>,
        name: &Spanned<String>,
        scalar: Scalar,
        findings: &mut Findings,
    ) {
        let place = schema.model.span;
        match (self.scalar, self.first) {
            (Some(known), Some(first)) if known != scalar => findings.push(
                Diagnostic::new(
                    Code::KeyTypesDiffer,
                    format!(
                        "{} is {} of one model and {} of another",
                        quoted(&name.value),
                        words(known),
                        words(scalar)
                    ),
                )
                .at(place, format!("{} of this model", words(scalar)))
                .and(first, format!("{} of this model", words(known)))
                .and(name.span, "a key attribute has one type")
                .help(
                    "give the fields types that are stored alike, or compose the key of both: `key = { … }`",
                ),
            ),
            (None, _) => {
                self.scalar = Some(scalar);
                self.first = Some(place);
            }
            _ => {}
        }
    }
}

fn words(scalar: Scalar) -> &'static str {
    match scalar {
        Scalar::Text => "text",
        Scalar::Number => "a number",
        Scalar::Binary => "bytes",
    }
}

/// Reports templates for a sort key that the table does not have.
fn check_templates(declaration: &TableDeclaration, schemas: &[Schema<'_>], findings: &mut Findings) {
    for schema in schemas {
        let template = schema.declaration.key.as_ref().and_then(|key| key.sort_key.as_ref());
        if let Some(template) = template.filter(|_| declaration.sort_key.is_none()) {
            findings.push(
                Diagnostic::new(
                    Code::TemplateMisplaced,
                    format!("the table {} has no sort key", quoted(&declaration.declared.value)),
                )
                .at(template.span, "composed for nothing")
                .and(declaration.declared.span, "declared here")
                .help("give the table one: `sort_key = \"sk\"`"),
            );
        }
    }
}

/// Reports fields that would be kept in a key that does not hold them.
fn check_key_only(schemas: &[Schema<'_>], sources: &[Vec<KeySource>], findings: &mut Findings) {
    for (schema, sources) in schemas.iter().zip(sources) {
        for (number, checked) in schema.fields.iter().enumerate() {
            let Some(flag) = checked.declaration.key_only.as_ref().filter(|flag| flag.value) else {
                continue;
            };
            let is_held = sources.iter().any(|source| match source {
                KeySource::Field(_) => false,
                KeySource::Template(template) => template.parts.iter().any(|part| part.field == number),
            });
            if !is_held {
                findings.push(
                    Diagnostic::new(
                        Code::KeyOnly,
                        format!("{} is not part of its table's key", quoted(&checked.declaration.name.value)),
                    )
                    .at(flag.span, "would be stored nowhere")
                    .help(
                        "compose the key of it, `key = { sort_key = \"ORDER#{order_id}\" }`, or remove this",
                    ),
                );
            }
        }
    }
}

/// Reports a type attribute that is in use for something else.
fn check_type_attribute(declaration: &TableDeclaration, schemas: &[Schema<'_>], findings: &mut Findings) {
    let Some(name) = &declaration.type_attribute else { return };
    keys::check_length(name, findings);
    let keys = declaration.partition_key.iter().chain(&declaration.sort_key);
    let of_indexes =
        declaration.indexes.iter().flat_map(|index| index.partition_key.iter().chain(&index.sort_key));
    let mut keys = keys.chain(of_indexes).flat_map(|key| &key.attributes);
    let key = keys.find(|key| key.value == name.value).map(|key| (key.span, "a key attribute here"));
    let field = schemas.iter().find_map(|schema| schema.find(&name.value));
    let field = field.map(|field| (field.declaration.stored().1, "a field is stored under this name"));
    if let Some((place, label)) = key.or(field) {
        findings.push(
            Diagnostic::new(
                Code::TypeAttribute,
                format!("{} cannot name the model of an item: it is in use", quoted(&name.value)),
            )
            .at(name.span, "the type attribute")
            .and(place, label)
            .help("give it a name of its own: `type_attribute = \"_type\"`"),
        );
    }
}

fn check_repeated(declaration: &TableDeclaration, findings: &mut Findings) {
    let partition = declaration.partition_key.iter().flat_map(|key| &key.attributes);
    let sort = declaration.sort_key.iter().flat_map(|key| &key.attributes);
    indexes::check_distinct(partition.chain(sort), findings);
}

fn check_ttl(schemas: &[Schema<'_>], ttl: &Spanned<String>, findings: &mut Findings) {
    keys::check_length(ttl, findings);
    let mut found = schemas.iter().filter_map(|schema| schema.find(&ttl.value)).peekable();
    if found.peek().is_none()
        && let Some(first) = schemas.first()
    {
        findings.extend(first.missing(Code::TtlField, "the TTL attribute", ttl));
    }
    for checked in found {
        let Some(field) = &checked.field else { continue };
        if !matches!(field.kind, Kind::Timestamp(form) if form.stored == StoredInstant::EpochSeconds) {
            findings.push(
                Diagnostic::new(
                    Code::TtlField,
                    format!("{} is not stored as epoch seconds", quoted(&ttl.value)),
                )
                .at(ttl.span, "the TTL attribute")
                .and(checked.declaration.name.span, "declared here")
                .help("declare the field as `{ type = \"timestamp?\", stored_as = \"epoch-seconds\" }`"),
            );
        }
    }
}

fn check_tags(declaration: &TableDeclaration, findings: &mut Findings) {
    let allowed = |text: &str| {
        text.chars().all(|character| {
            character.is_alphanumeric()
                || matches!(character, ' ' | '+' | '-' | '=' | '.' | '_' | ':' | '/' | '@')
        })
    };
    let mut report = |span: Span, reason: String| {
        findings.push(Diagnostic::new(Code::InvalidTag, "not a tag that AWS allows").at(span, reason).help(
            "keys have 1 to 128 characters and values up to 256: letters, digits, spaces and + - = . _ : / @",
        ));
    };
    for (key, value) in &declaration.tags {
        let length = key.value.chars().count();
        if !(1..=LONGEST_TAG_KEY).contains(&length) {
            report(key.span, format!("the key has {length} characters"));
        } else if key.value.to_ascii_lowercase().starts_with("aws:") {
            report(key.span, String::from("`aws:` is reserved"));
        } else if !allowed(&key.value) {
            report(key.span, String::from("a character is not allowed"));
        }
        let length = value.value.chars().count();
        if length > LONGEST_TAG_VALUE {
            report(value.span, format!("the value has {length} characters"));
        } else if !allowed(&value.value) {
            report(value.span, String::from("a character is not allowed"));
        }
    }
    if let Some((key, _)) = declaration.tags.get(MOST_TAGS) {
        report(key.span, format!("a resource has at most {MOST_TAGS} tags"));
    }
}

fn tags(declaration: &TableDeclaration) -> Vec<(String, String)> {
    let mut tags: Vec<_> =
        declaration.tags.iter().map(|(key, value)| (key.value.clone(), value.value.clone())).collect();
    tags.sort();
    tags
}
