//! The settings of a table besides its keys and indexes: its name, its tags, its backups and encryption, its TTL and type
//! attributes.

use super::Members;
use crate::catalog::{Encryption, Kind, PointInTimeRecovery, Setting, StoredInstant};
use crate::check::names::Scope;
use crate::check::{TableCheck, keys};
use crate::diagnostic::{Code, Diagnostic, Span, did_you_mean, quoted};
use crate::manifest::{EncryptionDeclaration, Spanned, TableDeclaration};
use crate::names;
use std::collections::BTreeMap;

/// How many days point-in-time recovery reaches back at most.
const MOST_RECOVERY_DAYS: u64 = 35;
const MOST_TAGS: usize = 50;
const LONGEST_TAG_KEY: usize = 128;
const LONGEST_TAG_VALUE: usize = 256;

/// Whether DynamoDB allows a name for tables and indexes.
pub(in crate::check) fn is_resource_name(name: &str) -> bool {
    (3..=255).contains(&name.len())
        && name
            .chars()
            .all(|character| character.is_ascii_alphanumeric() || matches!(character, '_' | '-' | '.'))
}

pub(super) fn check_name<'m>(cx: &mut TableCheck<'_, '_>, declaration: &'m TableDeclaration) -> &'m str {
    let name = declaration.name.as_ref().unwrap_or(&declaration.declared);
    if !is_resource_name(&name.value) {
        cx.report(
            Diagnostic::new(Code::InvalidTableName, format!("{} is not a table's name", quoted(&name.value)))
                .at(name.span, "expected 3 to 255 of a-z, A-Z, 0-9, `_`, `.` and `-`")
                .help("give DynamoDB's name beside the declaration's: `name = \"my-table\"`"),
        );
    }
    if let Some(first) = cx.claim(Scope::Table, &name.value, name.span) {
        cx.report(
            Diagnostic::new(Code::TableNameTwice, format!("two tables are called {}", quoted(&name.value)))
                .at(name.span, "the same name")
                .and(first.place, "as this one")
                .help("give each a `name` of its own"),
        );
    }
    &name.value
}

pub(super) fn check_constant(cx: &mut TableCheck<'_, '_>, declaration: &TableDeclaration) -> Option<String> {
    let declared = &declaration.declared;
    let Some(constant) = names::constant_name(&declared.value).filter(|name| name != "TABLES") else {
        cx.report(
            Diagnostic::new(
                Code::InvalidName,
                format!("{} cannot name a Rust constant", quoted(&declared.value)),
            )
            .at(declared.span, "expected ASCII letters and digits that start with a letter, and not `tables`")
            .help("rename the declaration and keep DynamoDB's name: `name = \"…\"`"),
        );
        return None;
    };
    if let Some(first) = cx.claim(Scope::TableConstant, &constant, declared.span) {
        cx.report(
            Diagnostic::new(
                Code::TableConstantsConflict,
                format!("two tables would be the constant `{constant}`"),
            )
            .at(declared.span, format!("becomes `{constant}`"))
            .and(first.place, "so does this")
            .help("rename one of the declarations and keep DynamoDB's name: `name = \"…\"`"),
        );
    }
    Some(constant)
}

/// Reports conflicts with a model's value of the type attribute.
fn check_type_values(cx: &mut TableCheck<'_, '_>) {
    let Members { table: declaration, schemas } = cx.known;
    let values = || schemas.iter().flat_map(|schema| schema.declaration.type_values.iter());
    if declaration.type_attribute.is_none() {
        if let Some(value) = values().next() {
            cx.report(
                Diagnostic::new(Code::TypeValue, "the table has no attribute that would hold this")
                    .at(value.span, "what an item's type is stored as")
                    .and(declaration.declared.span, "the table")
                    .help("name it: `type_attribute = \"_type\"`"),
            );
        }
        return;
    }
    let mut known: BTreeMap<&str, Span> = BTreeMap::new();
    let mut stored: Vec<&Spanned<String>> = Vec::new();
    for schema in schemas {
        match schema.declaration.type_values {
            // Its name is the value.
            [] => stored.push(schema.declaration.name),
            values => stored.extend(values),
        }
    }
    for value in stored {
        if let Some(first) = known.insert(&value.value, value.span) {
            cx.report(
                Diagnostic::new(Code::TypeValue, format!("two types are stored as {}", quoted(&value.value)))
                    .at(value.span, "stored as the same")
                    .and(first, "as this one")
                    .help("give each model a `type_value` of its own"),
            );
        }
        if value.value.is_empty() {
            cx.report(
                Diagnostic::new(Code::TypeValue, "the value of a type is empty")
                    .at(value.span, "empty")
                    .help("say what the attribute holds: `type_value = \"employee\"`"),
            );
        }
    }
    if let Some(missing) = &declaration.untyped
        && schemas.iter().all(|schema| schema.declaration.name.value != missing.value)
    {
        let names = schemas.iter().map(|schema| schema.declaration.name.value.as_str());
        cx.report(
            Diagnostic::new(
                Code::TypeValue,
                format!("{} is not a model of this table", quoted(&missing.value)),
            )
            .at(missing.span, "whose items have no type")
            .help(did_you_mean(&missing.value, names.clone()).unwrap_or_else(|| {
                let names: Vec<_> = names.map(quoted).collect();
                format!("name one of its models: {}", names.join(", "))
            })),
        );
    }
}

/// Reports a type attribute that is also a key or a field.
pub(super) fn check_type_attribute(cx: &mut TableCheck<'_, '_>) {
    check_type_values(cx);
    let Members { table: declaration, schemas } = cx.known;
    let Some(name) = &declaration.type_attribute else { return };
    keys::check_length(cx, name);
    let keys = declaration.partition_key.iter().chain(&declaration.sort_key);
    let of_indexes =
        declaration.indexes.iter().flat_map(|index| index.partition_key.iter().chain(&index.sort_key));
    let mut keys = keys.chain(of_indexes).flat_map(|key| &key.attributes);
    let key = keys.find(|key| key.value == name.value).map(|key| (key.span, "a key attribute here"));
    let field = schemas.iter().find_map(|schema| schema.find(&name.value));
    let field = field.map(|field| (field.declaration.stored().1, "a field is stored under this name"));
    if let Some((place, label)) = key.or(field) {
        cx.report(
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

pub(super) fn check_ttl(cx: &mut TableCheck<'_, '_>, ttl: &Spanned<String>) {
    let schemas = &cx.known.schemas;
    keys::check_length(cx, ttl);
    let mut found = schemas.iter().filter_map(|schema| schema.find(&ttl.value)).peekable();
    if found.peek().is_none()
        && let Some(first) = schemas.first()
    {
        cx.report_all(first.missing(Code::TtlField, "the TTL attribute", ttl));
    }
    for checked in found {
        let Some(field) = &checked.field else { continue };
        if !matches!(field.kind, Kind::Timestamp(form) if form.stored == StoredInstant::EpochSeconds) {
            cx.report(
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

/// Point-in-time recovery, and how far back it reaches.
pub(super) fn recovery(
    cx: &mut TableCheck<'_, '_>,
    declaration: &Setting<Option<Spanned<u64>>>,
) -> Setting<PointInTimeRecovery> {
    if let Some(days) = declaration.on().and_then(Option::as_ref)
        && !(1..=MOST_RECOVERY_DAYS).contains(&days.value)
    {
        cx.report(
            Diagnostic::new(
                Code::RecoveryPeriod,
                format!("point-in-time recovery reaches back 1 to {MOST_RECOVERY_DAYS} days"),
            )
            .at(days.span, "not such a number of days")
            .help("give a number of days, or write `true`: DynamoDB keeps 35 days by itself"),
        );
    }
    declaration.as_ref().map(|days| PointInTimeRecovery { days: days.as_ref().map(|days| days.value) })
}

pub(super) fn encryption(cx: &mut TableCheck<'_, '_>, declaration: &EncryptionDeclaration) -> Encryption {
    let key = match declaration {
        EncryptionDeclaration::AwsOwned => return Encryption::AwsOwned,
        EncryptionDeclaration::AwsManaged => return Encryption::AwsManaged,
        EncryptionDeclaration::Key(key) => key,
    };
    let report = |label: &str, help: &str| {
        Diagnostic::new(
            Code::EncryptionKey,
            format!("{} is not a key of the account's own", quoted(&key.value)),
        )
        .at(key.span, label)
        .help(help)
    };
    if Encryption::is_key_for_dynamodb(&key.value) {
        let label = "the account's key for DynamoDB, which AWS manages";
        cx.report(report(label, "write `encryption = \"aws-managed\"`"));
    } else if !Encryption::is_key(&key.value) {
        let help = "give its alias, such as `alias/orders`, its ARN, or its id";
        cx.report(report("neither an alias nor an ARN nor an id", help));
    }
    Encryption::Key(key.value.clone())
}

pub(super) fn check_tags(cx: &mut TableCheck<'_, '_>, declaration: &TableDeclaration) {
    let allowed = |text: &str| {
        text.chars().all(|character| {
            character.is_alphanumeric()
                || matches!(character, ' ' | '+' | '-' | '=' | '.' | '_' | ':' | '/' | '@')
        })
    };
    let mut report = |span: Span, reason: String| {
        cx.report(Diagnostic::new(Code::InvalidTag, "not a tag that AWS allows").at(span, reason).help(
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

pub(super) fn tags(declaration: &TableDeclaration) -> Vec<(String, String)> {
    let mut tags: Vec<_> =
        declaration.tags.iter().map(|(key, value)| (key.value.clone(), value.value.clone())).collect();
    tags.sort();
    tags
}
