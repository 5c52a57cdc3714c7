//! Declared and live settings, in the words of declarations.

use aws_sdk_dynamodb::types::{
    AttributeDefinition, KeySchemaElement, KeyType, Projection as SdkProjection, ProjectionType,
};

use crate::admin::live;
use crate::admin::request::sdk_scalar;
use crate::table::{
    Billing, Encryption, Index, KeyAttribute, OnDemandMaximum, PointInTimeRecovery, Projection, Setting,
    StreamView, TableClass, Throughput,
};

pub(super) fn on_off(on: bool) -> String {
    if on { "on" } else { "off" }.to_owned()
}

pub(super) fn key(partition: &[KeyAttribute], sort: &[KeyAttribute]) -> String {
    let typed = |keys: &[KeyAttribute]| -> Vec<String> {
        keys.iter().map(|key| format!("`{}` ({})", key.name, sdk_scalar(key.scalar).as_str())).collect()
    };
    key_text(&typed(partition), &typed(sort))
}

pub(super) fn live_key(key: &[KeySchemaElement], definitions: &[AttributeDefinition]) -> String {
    let typed = |role| -> Vec<String> {
        let attribute = |name: &str| {
            let definition = definitions.iter().find(|live| live.attribute_name() == name);
            match definition {
                Some(live) => format!("`{name}` ({})", live.attribute_type().as_str()),
                None => format!("`{name}`"),
            }
        };
        live::key_attributes(key, role).map(attribute).collect()
    };
    key_text(&typed(KeyType::Hash), &typed(KeyType::Range))
}

fn key_text(partition: &[String], sort: &[String]) -> String {
    let partition = format!("partition key {}", partition.join(", "));
    if sort.is_empty() { partition } else { format!("{partition}, sort key {}", sort.join(", ")) }
}

pub(super) fn index(index: &Index) -> String {
    let kept = match index.projection {
        Projection::All => everything(),
        Projection::KeysOnly => included::<&str>(&[]),
        Projection::Include(names) => included(names),
    };
    format!("{}, keeping {kept}", key(index.partition_key, index.sort_key))
}

pub(super) fn live_index(
    key: &[KeySchemaElement],
    projection: Option<&SdkProjection>,
    definitions: &[AttributeDefinition],
) -> String {
    let key = live_key(key, definitions);
    let Some(projection) = projection else { return key };
    let kept = match projection.projection_type() {
        Some(ProjectionType::All) => everything(),
        _ => included(projection.non_key_attributes()),
    };
    format!("{key}, keeping {kept}")
}

fn everything() -> String {
    "everything".to_owned()
}

fn included<S: AsRef<str>>(names: &[S]) -> String {
    let mut names: Vec<_> = names.iter().map(|name| format!("`{}`", name.as_ref())).collect();
    names.sort();
    if names.is_empty() { "keys".to_owned() } else { format!("keys and {}", names.join(", ")) }
}

pub(super) fn billing(billing: Billing) -> String {
    match billing {
        Billing::OnDemand => "on demand".to_owned(),
        Billing::Provisioned(units) => throughput(units),
    }
}

pub(super) fn throughput(Throughput { read, write }: Throughput) -> String {
    format!("{read} read and {write} write units")
}

pub(super) fn maximum(OnDemandMaximum { read, write }: OnDemandMaximum) -> String {
    let declared = |what, setting| match setting {
        Setting::Undeclared => None,
        Setting::Off => Some(unit_text(None, what)),
        Setting::On(units) => Some(unit_text(Some(units), what)),
    };
    let parts = [declared("read", read), declared("write", write)];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" and ")
}

pub(super) fn live_maximum((read, write): (Option<i64>, Option<i64>)) -> String {
    format!("{} and {}", unit_text(read, "read"), unit_text(write, "write"))
}

fn unit_text(units: Option<i64>, what: &str) -> String {
    match units {
        Some(units) => format!("at most {units} {what} request units"),
        None => format!("any number of {what} request units"),
    }
}

pub(super) fn encryption(encryption: Encryption) -> String {
    match encryption {
        Encryption::AwsOwned => aws_owned(),
        Encryption::AwsManaged => "by the key `alias/aws/dynamodb`".to_owned(),
        Encryption::Key(key) => encryption_key(Some(key)),
    }
}

pub(super) fn aws_owned() -> String {
    "by a key that AWS owns".to_owned()
}

pub(super) fn encryption_key(key: Option<&str>) -> String {
    key.map_or_else(|| "by a key of the account".to_owned(), |key| format!("by the key `{key}`"))
}

pub(super) fn class(class: TableClass) -> String {
    match class {
        TableClass::Standard => "standard",
        TableClass::StandardInfrequentAccess => "standard-infrequent-access",
    }
    .to_owned()
}

pub(super) fn recovery(PointInTimeRecovery { days }: PointInTimeRecovery) -> String {
    days.map_or_else(|| "on".to_owned(), |days| format!("on, over {days} days"))
}

pub(super) fn view(view: StreamView) -> String {
    match view {
        StreamView::KeysOnly => "keys-only",
        StreamView::NewImage => "new-image",
        StreamView::OldImage => "old-image",
        StreamView::NewAndOldImages => "new-and-old-images",
    }
    .to_owned()
}
