//! Comparing the declared table with the described one.

use super::description::TableDescription;
use crate::catalog::{Billing, Index, IndexScope, KeyAttribute, Projection, Table};

/// The differences between the declared and the described table: a sentence each.
pub(super) fn differences(described: &TableDescription, declared: &Table) -> Vec<String> {
    let mut differences = Vec::new();
    let mut differ = |what: &str, is_equal: bool| {
        if !is_equal {
            differences.push(format!("{what} of the table `{}` is declared otherwise", declared.name));
        }
    };
    let key =
        |key: &super::description::DescribedKey| KeyAttribute { name: key.name.clone(), scalar: key.scalar };
    differ("the partition key", key(&described.partition_key) == declared.partition_key);
    differ("the sort key", described.sort_key.as_ref().map(key) == declared.sort_key);
    differ("the TTL", described.ttl.as_ref() == declared.ttl.on());
    differ("the stream", described.stream.as_ref() == declared.stream.on());
    differ("the class", described.class == declared.class);
    let is_protected = declared.deletion_protection.unwrap_or_default();
    differ("the deletion protection", described.deletion_protection == is_protected);
    let recovery = declared.point_in_time_recovery.on();
    differ("the point-in-time recovery", described.point_in_time_recovery.as_ref() == recovery);
    differ("the encryption", described.encryption == declared.encryption);
    let billing = |billing: Option<Billing>| billing.unwrap_or(Billing::OnDemand);
    differ("the capacity", billing(described.billing) == billing(declared.billing));
    differ("the on-demand maximum", described.on_demand_maximum == declared.on_demand_maximum);
    let mut tags = described.tags.clone();
    tags.sort();
    differ("the tags", tags == declared.tags);
    let names = |indexes: &mut dyn Iterator<Item = String>| {
        let mut names: Vec<String> = indexes.collect();
        names.sort();
        names
    };
    let own = names(&mut described.indexes.iter().map(|index| index.name.clone()));
    differ("the set of indexes", own == names(&mut declared.indexes.iter().map(|index| index.name.clone())));
    for index in &described.indexes {
        let Some(other) = declared.indexes.iter().find(|other| other.name == index.name) else { continue };
        let keys = |keys: &[super::description::DescribedKey]| keys.iter().map(key).collect::<Vec<_>>();
        let of_index = format!("the index `{}`", index.name);
        let is_equal = index.scope == other.scope
            && keys(&index.partition_key) == other.partition_key
            && keys(&index.sort_key) == other.sort_key
            && kept(&index.projection) == kept(&other.projection)
            && index.on_demand_maximum == other.on_demand_maximum
            && has_capacity(index.billing, other);
        differ(&of_index, is_equal);
    }
    differences
}

/// What a projection keeps, in no order.
fn kept(projection: &Projection) -> (u8, Vec<&String>) {
    match projection {
        Projection::All => (0, Vec::new()),
        Projection::KeysOnly => (1, Vec::new()),
        Projection::Include(attributes) => {
            let mut attributes: Vec<_> = attributes.iter().collect();
            attributes.sort();
            (2, attributes)
        }
    }
}

/// Whether an index has its described capacity. Without one, it must have its table's.
fn has_capacity(described: Option<Billing>, index: &Index) -> bool {
    match described {
        Some(Billing::Provisioned(units)) if index.scope == IndexScope::Global => {
            index.throughput == Some(units)
        }
        _ => true,
    }
}
