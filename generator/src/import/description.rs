//! A table as a template or the service describes it.

use crate::catalog::{
    Billing, Encryption, IndexScope, OnDemandMaximum, PointInTimeRecovery, Projection, Scalar, StreamView,
    TableClass,
};

/// The known facts about a table. Notes tell what could not be found out.
#[derive(Clone, Debug)]
pub(super) struct TableDescription {
    /// The source's name for it: a logical id, a resource's name, or the table's own name.
    pub label: String,
    /// DynamoDB's name, if it is known.
    pub name: Option<String>,
    pub partition_key: DescribedKey,
    pub sort_key: Option<DescribedKey>,
    pub indexes: Vec<IndexDescription>,
    /// `None` if it is unknown.
    pub billing: Option<Billing>,
    pub on_demand_maximum: OnDemandMaximum,
    pub ttl: Option<String>,
    pub stream: Option<StreamView>,
    pub class: Option<TableClass>,
    pub deletion_protection: bool,
    pub point_in_time_recovery: Option<PointInTimeRecovery>,
    pub encryption: Option<Encryption>,
    pub tags: Vec<(String, String)>,
    /// Parts without a declaration, and the reason: a sentence each.
    pub notes: Vec<String>,
}

/// A secondary index.
#[derive(Clone, Debug)]
pub(super) struct IndexDescription {
    pub name: String,
    pub scope: IndexScope,
    /// One attribute, or up to four in a global index.
    pub partition_key: Vec<DescribedKey>,
    pub sort_key: Vec<DescribedKey>,
    pub projection: Projection,
    /// A global index's own capacity, if it is known.
    pub billing: Option<Billing>,
    pub on_demand_maximum: OnDemandMaximum,
    pub notes: Vec<String>,
}

/// An attribute of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct DescribedKey {
    pub name: String,
    pub scalar: Scalar,
}

impl TableDescription {
    /// The table's own key.
    pub(super) fn key(&self) -> impl Iterator<Item = &DescribedKey> {
        std::iter::once(&self.partition_key).chain(&self.sort_key)
    }

    /// Every attribute that is a key of the table or of an index, each once.
    pub(super) fn key_attributes(&self) -> Vec<&DescribedKey> {
        let of_indexes =
            self.indexes.iter().flat_map(|index| index.partition_key.iter().chain(&index.sort_key));
        let mut known: Vec<&DescribedKey> = Vec::new();
        for key in self.key().chain(of_indexes) {
            if known.iter().all(|other| other.name != key.name) {
                known.push(key);
            }
        }
        known
    }

    pub(super) fn is_key(&self, attribute: &str) -> bool {
        self.key().any(|key| key.name == attribute)
    }

    /// The name of the table in its declaration.
    pub(super) fn declared_name(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.label)
    }
}
