//! Comparing a live table with what is declared, point by point.

use aws_sdk_dynamodb::types::{
    AttributeDefinition, GlobalSecondaryIndexDescription, KeySchemaElement, KeyType,
    Projection as SdkProjection, ProjectionType,
};
use std::collections::BTreeSet;

use crate::admin::difference::{DifferenceKind, TableDifference, TablePart};
use crate::admin::live::{self, Live, is_dynamodb_local};
use crate::admin::request::sdk_scalar;
use crate::admin::words;
use crate::table::{
    Billing, Encryption, Index, IndexScope, KeyAttribute, OnDemandMaximum, Projection, Setting, Table,
};

/// The differences between a live table and its declaration, in a fixed order. A setting that the engine does not report counts
/// as declared. `name` is the live table's.
pub(super) fn compare(table: &Table, live: &Live, name: &str) -> Vec<TableDifference> {
    let mut comparison = Comparison { name, found: Vec::new() };
    comparison.key(table, live);
    comparison.local_indexes(table, live);
    comparison.deletion_protection(table, live);
    comparison.billing(table, live);
    comparison.encryption(table, live);
    comparison.class(table, live);
    comparison.recovery(table, live);
    comparison.stream(table, live);
    comparison.global_indexes(table, live);
    comparison.time_to_live(table, live);
    comparison.found
}

/// The difference of a table that does not exist.
pub(super) fn no_table(name: String) -> TableDifference {
    TableDifference {
        table: name,
        kind: DifferenceKind::Missing,
        part: TablePart::Table,
        declared: None,
        live: None,
    }
}

struct Comparison<'a> {
    name: &'a str,
    found: Vec<TableDifference>,
}

impl Comparison<'_> {
    fn found(
        &mut self,
        kind: DifferenceKind,
        part: TablePart,
        declared: Option<String>,
        live: Option<String>,
    ) {
        self.found.push(TableDifference { table: self.name.to_owned(), kind, part, declared, live });
    }

    fn missing(&mut self, part: TablePart, declared: String) {
        self.found(DifferenceKind::Missing, part, Some(declared), None);
    }

    fn different(&mut self, part: TablePart, declared: String, live: String) {
        self.found(DifferenceKind::Different, part, Some(declared), Some(live));
    }

    fn extra(&mut self, part: TablePart, live: String) {
        self.found(DifferenceKind::Extra, part, None, Some(live));
    }

    /// A setting that a table can have or lack; both sides are given in words.
    fn setting(&mut self, part: TablePart, declared: Setting<String>, live: Option<String>) {
        match (declared, live) {
            (Setting::Undeclared, Some(live)) => self.extra(part, live),
            (Setting::Off, Some(live)) => self.different(part, "off".to_owned(), live),
            (Setting::On(declared), None) => self.missing(part, declared),
            (Setting::On(declared), Some(live)) if declared != live => self.different(part, declared, live),
            _ => {}
        }
    }

    fn key(&mut self, table: &Table, live: &Live) {
        let (partition, sort) = (std::slice::from_ref(&table.partition_key), table.sort_key.as_slice());
        if !is_same_key(partition, sort, live.table.key_schema(), live.table.attribute_definitions()) {
            let live = words::live_key(live.table.key_schema(), live.table.attribute_definitions());
            self.different(TablePart::Key, words::key(partition, sort), live);
        }
    }

    fn local_indexes(&mut self, table: &Table, live: &Live) {
        let all = live.table.local_secondary_indexes();
        let definitions = live.table.attribute_definitions();
        for index in declared(table, IndexScope::Local) {
            let part = TablePart::LocalIndex(index.name.to_owned());
            match all.iter().find(|live| live.index_name() == Some(index.name)) {
                None => self.missing(part, words::index(index)),
                Some(found) => {
                    let (schema, projection) = (found.key_schema(), found.projection());
                    if !is_same_key(index.partition_key, index.sort_key, schema, definitions)
                        || !is_same_projection(table, index, projection)
                    {
                        let live = words::live_index(schema, projection, definitions);
                        self.different(part, words::index(index), live);
                    }
                }
            }
        }
        for found in all {
            let name = found.index_name().unwrap_or_default();
            if !declared(table, IndexScope::Local).any(|index| index.name == name) {
                let live = words::live_index(found.key_schema(), found.projection(), definitions);
                self.extra(TablePart::LocalIndex(name.to_owned()), live);
            }
        }
    }

    fn deletion_protection(&mut self, table: &Table, live: &Live) {
        let Some(live) = live.table.deletion_protection_enabled() else { return };
        match table.deletion_protection {
            None if live => self.extra(TablePart::DeletionProtection, words::on_off(true)),
            Some(declared) if declared != live => {
                let (declared, live) = (words::on_off(declared), words::on_off(live));
                self.different(TablePart::DeletionProtection, declared, live);
            }
            _ => {}
        }
    }

    fn billing(&mut self, table: &Table, live: &Live) {
        let found = live::billing(&live.table);
        if let Some(declared) = table.billing.filter(|declared| *declared != found) {
            self.different(TablePart::Billing, words::billing(declared), words::billing(found));
        }
        let found = live::maximum(live.table.on_demand_throughput());
        if !is_dynamodb_local(&live.table) {
            self.maximum(TablePart::OnDemandMaximum, table.on_demand_maximum, found);
        }
    }

    fn maximum(&mut self, part: TablePart, declared: OnDemandMaximum, live: (Option<i64>, Option<i64>)) {
        let differs = |declared, live: Option<i64>| match declared {
            Setting::Undeclared => false,
            Setting::Off => live.is_some(),
            Setting::On(units) => live != Some(units),
        };
        if differs(declared.read, live.0) || differs(declared.write, live.1) {
            self.different(part, words::maximum(declared), words::live_maximum(live));
        }
    }

    fn encryption(&mut self, table: &Table, live: &Live) {
        let Some(declared) = table.encryption.filter(|_| !is_dynamodb_local(&live.table)) else { return };
        let (is_by_other_key, arn) = live::encryption(&live.table);
        let is_same = match declared {
            Encryption::AwsOwned => !is_by_other_key,
            // A description does not distinguish the account's key for DynamoDB from other keys.
            Encryption::AwsManaged => is_by_other_key,
            Encryption::Key(key) => is_by_other_key && arn.is_none_or(|arn| is_same_encryption_key(key, arn)),
        };
        if !is_same {
            let live = if is_by_other_key { words::encryption_key(arn) } else { words::aws_owned() };
            self.different(TablePart::Encryption, words::encryption(declared), live);
        }
    }

    fn class(&mut self, table: &Table, live: &Live) {
        if let (Some(declared), Some(live)) = (table.class, live::class(&live.table))
            && declared != live
        {
            self.different(TablePart::Class, words::class(declared), words::class(live));
        }
    }

    fn recovery(&mut self, table: &Table, live: &Live) {
        if is_dynamodb_local(&live.table) {
            return;
        }
        // Without declared days, any number of days will do.
        let found = live.recovery.map(|live| match table.point_in_time_recovery {
            Setting::On(declared) if declared.days.is_none() => declared,
            _ => live,
        });
        let declared = table.point_in_time_recovery.map(words::recovery);
        self.setting(TablePart::PointInTimeRecovery, declared, found.map(words::recovery));
    }

    fn stream(&mut self, table: &Table, live: &Live) {
        let found = live::stream(&live.table).map(|view| view.map_or_else(|other| other, words::view));
        self.setting(TablePart::Stream, table.stream.map(words::view), found);
    }

    fn time_to_live(&mut self, table: &Table, live: &Live) {
        let by = |attribute: &str| format!("by `{attribute}`");
        let declared = table.ttl.map(by);
        self.setting(TablePart::TimeToLive, declared, live.ttl.as_deref().map(by));
    }

    fn global_indexes(&mut self, table: &Table, live: &Live) {
        let all = live.table.global_secondary_indexes();
        let definitions = live.table.attribute_definitions();
        for found in all {
            let name = found.index_name().unwrap_or_default();
            if !declared(table, IndexScope::Global).any(|index| index.name == name) {
                let live = words::live_index(found.key_schema(), found.projection(), definitions);
                self.extra(TablePart::GlobalIndex(name.to_owned()), live);
            }
        }
        let is_provisioned = live::billing(&live.table) != Billing::OnDemand;
        for index in declared(table, IndexScope::Global) {
            let part = TablePart::GlobalIndex(index.name.to_owned());
            let Some(found) = all.iter().find(|live| live.index_name() == Some(index.name)) else {
                self.missing(part, words::index(index));
                continue;
            };
            if !is_same_index(table, index, found, definitions) {
                let live = words::live_index(found.key_schema(), found.projection(), definitions);
                self.different(part, words::index(index), live);
                continue;
            }
            let throughput = live::throughput(found.provisioned_throughput());
            if let Some(declared) = index.throughput.filter(|own| is_provisioned && *own != throughput) {
                let part = TablePart::IndexThroughput(index.name.to_owned());
                self.different(part, words::throughput(declared), words::throughput(throughput));
            }
            if !is_dynamodb_local(&live.table) {
                let part = TablePart::IndexOnDemandMaximum(index.name.to_owned());
                self.maximum(part, index.on_demand_maximum, live::maximum(found.on_demand_throughput()));
            }
        }
    }
}

fn declared(table: &Table, scope: IndexScope) -> impl Iterator<Item = &'static Index> {
    table.indexes.iter().copied().filter(move |index| index.scope == scope)
}

fn is_same_index(
    table: &Table,
    index: &Index,
    live: &GlobalSecondaryIndexDescription,
    definitions: &[AttributeDefinition],
) -> bool {
    is_same_key(index.partition_key, index.sort_key, live.key_schema(), definitions)
        && is_same_projection(table, index, live.projection())
}

fn is_same_key(
    partition: &[KeyAttribute],
    sort: &[KeyAttribute],
    live: &[KeySchemaElement],
    definitions: &[AttributeDefinition],
) -> bool {
    let is_same_type = |key: &KeyAttribute| {
        let definition = definitions.iter().find(|live| live.attribute_name() == key.name);
        definition.is_none_or(|live| *live.attribute_type() == sdk_scalar(key.scalar))
    };
    let names =
        |keys: &[KeyAttribute], role| keys.iter().map(|key| key.name).eq(live::key_attributes(live, role));
    names(partition, KeyType::Hash)
        && names(sort, KeyType::Range)
        && partition.iter().chain(sort).all(is_same_type)
}

/// Two projections are the same if they keep the same attributes. Every index keeps the keys, so a projection may name them or
/// not.
fn is_same_projection(table: &Table, index: &Index, live: Option<&SdkProjection>) -> bool {
    let Some(live) = live else { return true };
    let keys: BTreeSet<&str> =
        table.key().chain(index.partition_key).chain(index.sort_key).map(|key| key.name).collect();
    let without_keys = |names: &mut dyn Iterator<Item = &'_ str>| -> BTreeSet<String> {
        names.filter(|name| !keys.contains(name)).map(str::to_owned).collect()
    };
    let declared = match index.projection {
        Projection::All => None,
        Projection::KeysOnly => Some(BTreeSet::new()),
        Projection::Include(names) => Some(without_keys(&mut names.iter().copied())),
    };
    match live.projection_type() {
        Some(ProjectionType::All) => declared.is_none(),
        Some(ProjectionType::KeysOnly) => declared.is_some_and(|names| names.is_empty()),
        Some(ProjectionType::Include) => {
            let live = without_keys(&mut live.non_key_attributes().iter().map(String::as_str));
            declared == Some(live)
        }
        _ => false,
    }
}

/// Whether a key that is declared by its ARN or its id is the live one. A description does not report aliases.
fn is_same_encryption_key(declared: &str, arn: &str) -> bool {
    if declared.starts_with("alias/") || declared.contains(":alias/") {
        return true;
    }
    declared == arn || (!declared.starts_with("arn:") && arn.rsplit('/').next() == Some(declared))
}
