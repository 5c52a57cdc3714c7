//! Tables: names, keys and settings, and which model each holds.

use super::declared::Declared;
use super::fields::CheckedField;
use super::keys::{self, Role, Schema};
use super::{indexes, models_by_table};
use crate::catalog::{Billing, KeyAttribute, Kind, ModelIndex, Table, TableClass, Throughput, TimestampForm};
use crate::diagnostic::{Code, Diagnostic, Findings, Span, did_you_mean, quoted};
use crate::manifest::{BillingDeclaration, KeyDeclaration, Manifest, Spanned, TableDeclaration};
use crate::names;
use std::collections::{BTreeMap, BTreeSet};

const MOST_TAGS: usize = 50;
const LONGEST_TAG_KEY: usize = 128;
const LONGEST_TAG_VALUE: usize = 256;

/// How a model uses its table.
pub(super) struct Use {
    /// An index into the catalog's tables.
    pub table: usize,
    pub indexes: Vec<ModelIndex>,
}

/// The tables that a model uses, and each model's use of its table (in the order of the manifest's models).
pub(super) fn check(
    declared: &Declared<'_>,
    manifest: &Manifest,
    schemas: &[Vec<CheckedField<'_>>],
    findings: &mut Findings,
) -> (Vec<Table>, Vec<Option<Use>>) {
    check_references(manifest, findings);
    let is_text = |name: &str| declared.enumeration_by_rust_name(name).is_some_and(|known| known.is_text);
    let mut declarations: Vec<&TableDeclaration> = manifest.tables.iter().collect();
    declarations.sort_by(|a, b| a.declared.value.cmp(&b.declared.value));
    let mut unique = Unique::default();
    let mut tables = Vec::new();
    let mut uses: Vec<Option<Use>> = manifest.models.iter().map(|_| None).collect();
    let models = models_by_table(manifest);
    for declaration in declarations {
        let model = models.get(declaration.declared.value.as_str()).copied();
        let schema = model.map(|(number, model)| Schema {
            model: &model.name,
            fields: &schemas[number],
            is_readable: model.fields.is_some(),
            is_text: &is_text,
        });
        let (table, functions) = table(declaration, schema.as_ref(), &mut unique, findings);
        if let (Some(table), Some((number, _))) = (table, model) {
            uses[number] = Some(Use { table: tables.len(), indexes: functions });
            tables.push(table);
        }
    }
    (tables, uses)
}

/// Reports models whose table is unknown or holds another model already.
fn check_references(manifest: &Manifest, findings: &mut Findings) {
    let declared: BTreeSet<&str> =
        manifest.tables.iter().map(|table| table.declared.value.as_str()).collect();
    let mut first: BTreeMap<&str, Span> = BTreeMap::new();
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
            continue;
        }
        if let Some(first) = first.get(table.value.as_str()) {
            findings.push(
                Diagnostic::new(
                    Code::SeveralModels,
                    format!("two models share the table {}", quoted(&table.value)),
                )
                .at(table.span, "in use already")
                .and(*first, "by this model")
                .help("give each model a table of its own: a table holds one model for now"),
            );
        }
        first.entry(&table.value).or_insert(table.span);
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
    schema: Option<&Schema<'_>>,
    unique: &mut Unique<'m>,
    findings: &mut Findings,
) -> (Option<Table>, Vec<ModelIndex>) {
    let name = check_name(declaration, unique, findings);
    let constant = check_constant(declaration, unique, findings);
    let billing =
        declaration.billing.as_ref().map_or(Billing::OnDemand, |billing| self::billing(billing, findings));
    check_tags(declaration, findings);
    let partition_key = key(schema, declaration.partition_key.as_ref(), Role::TablePartition, findings);
    let sort_key = key(schema, declaration.sort_key.as_ref(), Role::TableSort, findings);
    check_repeated(declaration, findings);
    if let (Some(ttl), Some(schema)) = (&declaration.ttl, schema) {
        check_ttl(schema, ttl, findings);
    }
    let (indexes, functions) = indexes::check(declaration, schema, billing, findings);
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
    });
    (table, functions)
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

/// A table's own key of one attribute.
fn key(
    schema: Option<&Schema<'_>>,
    declaration: Option<&KeyDeclaration>,
    role: Role,
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
    keys::check(schema?, &declaration.attributes, role, findings).into_iter().next()
}

fn check_repeated(declaration: &TableDeclaration, findings: &mut Findings) {
    let partition = declaration.partition_key.iter().flat_map(|key| &key.attributes);
    let sort = declaration.sort_key.iter().flat_map(|key| &key.attributes);
    indexes::check_distinct(partition.chain(sort), findings);
}

fn check_ttl(schema: &Schema<'_>, ttl: &Spanned<String>, findings: &mut Findings) {
    keys::check_length(ttl, findings);
    let Some(checked) = schema.find(&ttl.value) else {
        findings.extend(schema.missing(Code::TtlField, "the TTL attribute", ttl));
        return;
    };
    let Some(field) = &checked.field else { return };
    if field.kind != Kind::Timestamp(TimestampForm::EpochSeconds) {
        findings.push(
            Diagnostic::new(Code::TtlField, format!("{} is not stored as epoch seconds", quoted(&ttl.value)))
                .at(ttl.span, "the TTL attribute")
                .and(checked.declaration.name.span, "declared here")
                .help("declare the field as `{ type = \"timestamp?\", stored_as = \"epoch-seconds\" }`"),
        );
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
