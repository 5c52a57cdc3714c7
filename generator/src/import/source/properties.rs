//! A table in the words of DynamoDB's API, which CloudFormation, SAM and `describe-table` share.

use super::resolve::{Resolver, Unresolved};
use crate::catalog::{
    Billing, Encryption, IndexScope, OnDemandMaximum, PointInTimeRecovery, Projection, Scalar, Setting,
    StreamView, TableClass, Throughput,
};
use crate::import::description::{DescribedKey, IndexDescription, TableDescription};
use crate::import::tree::Node;
use std::collections::BTreeSet;

/// Members that are read, or that say nothing about the table.
const READ: [&str; 36] = [
    "TableName",
    "AttributeDefinitions",
    "KeySchema",
    "GlobalSecondaryIndexes",
    "LocalSecondaryIndexes",
    "BillingMode",
    "BillingModeSummary",
    "ProvisionedThroughput",
    "TimeToLiveSpecification",
    "StreamSpecification",
    "TableClass",
    "TableClassSummary",
    "DeletionProtectionEnabled",
    "Tags",
    "OnDemandThroughput",
    "PointInTimeRecoverySpecification",
    "SSESpecification",
    "SSEDescription",
    // Only in descriptions: the table's state, and values from the service.
    "TableStatus",
    "CreationDateTime",
    "TableSizeBytes",
    "ItemCount",
    "TableArn",
    "TableId",
    "LatestStreamLabel",
    "LatestStreamArn",
    "RestoreSummary",
    "WarmThroughput",
    "GlobalTableVersion",
    "IndexName",
    "Projection",
    "IndexStatus",
    "Backfilling",
    "IndexSizeBytes",
    "IndexArn",
    "PrimaryKey",
];

/// Why a table cannot be declared at all: its keys are missing.
pub(super) struct NoTable(pub String);

/// Reads members, and notes what remains unknown.
pub(super) struct Properties<'r, 't> {
    pub resolver: &'r Resolver<'t>,
    pub node: &'r Node,
    pub notes: Vec<String>,
}

impl Properties<'_, '_> {
    /// A member's value, if there is one. An unknown value is left out, with a note.
    pub(super) fn get(&mut self, member: &str) -> Option<Node> {
        let node = self.node.get(member)?;
        self.known(node, &format!("`{member}`"))
    }

    /// The value of a node. If it is unknown, a note says that `setting` is left out.
    fn known(&mut self, node: &Node, setting: &str) -> Option<Node> {
        match self.resolver.value(node) {
            Ok(resolved) => {
                if !resolved.by.is_empty() {
                    let by: Vec<_> = resolved.by.into_iter().collect();
                    self.note(format!("{setting} is taken from {}.", by.join(" and ")));
                }
                Some(resolved.node).filter(|node| *node != Node::Null)
            }
            Err(Unresolved(what)) => {
                self.note(format!(
                    "{setting} is left out: {what} is not known before the template is deployed."
                ));
                None
            }
        }
    }

    fn note(&mut self, note: String) {
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    pub(super) fn text(&mut self, member: &str) -> Option<String> {
        match self.get(member)? {
            Node::Text(text) => Some(text),
            other => {
                self.note(format!("`{member}` is left out: it is {}, and not text.", other.what()));
                None
            }
        }
    }

    fn flag(&mut self, member: &str) -> bool {
        self.text(member).is_some_and(|text| text.eq_ignore_ascii_case("true"))
    }

    /// The resolved elements of a list.
    pub(super) fn list(&mut self, member: &str) -> Vec<Node> {
        let Some(list) = self.get(member) else { return Vec::new() };
        let elements = list.elements();
        elements
            .iter()
            .filter_map(|element| self.known(element, &format!("An element of `{member}`")))
            .collect()
    }

    /// The resolved elements of a list, if all of them are known.
    fn whole_list(&self, member: &str) -> Result<Vec<Node>, NoTable> {
        let not_known = |Unresolved(what)| NoTable(format!("its `{member}` depends on {what}"));
        let Some(list) = self.node.get(member) else { return Ok(Vec::new()) };
        let list = self.resolver.value(list).map_err(not_known)?.node;
        let elements = list.elements().iter().map(|element| self.resolver.value(element).map_err(not_known));
        let elements = elements.map(|element| Ok(element?.node)).collect::<Result<Vec<_>, NoTable>>()?;
        Ok(elements.into_iter().filter(|element| *element != Node::Null).collect())
    }

    /// Reads the members of a node below this one.
    pub(super) fn within<T>(&mut self, node: &Node, read: impl FnOnce(&mut Properties<'_, '_>) -> T) -> T {
        let mut inner = Properties { resolver: self.resolver, node, notes: Vec::new() };
        let result = read(&mut inner);
        for note in inner.notes {
            self.note(note);
        }
        result
    }

    fn below<T>(
        &mut self,
        member: &str,
        read: impl FnOnce(&mut Properties<'_, '_>) -> Option<T>,
    ) -> Option<T> {
        let node = self.get(member)?;
        self.within(&node, read)
    }

    /// Notes members without a declaration.
    pub(super) fn note_undeclarable(&mut self) {
        let node = self.node;
        for (member, value) in node.entries() {
            if *value != Node::Null && !READ.contains(&member.as_str()) {
                self.note(format!("`{member}` is left out: models.toml has no such setting."));
            }
        }
    }
}

/// Reads a table whose keys are given by `KeySchema` and `AttributeDefinitions`.
pub(super) fn table(properties: &mut Properties<'_, '_>, label: &str) -> Result<TableDescription, NoTable> {
    let attributes = attributes(properties);
    let (mut partition_key, mut sort_key) = key_schema(properties, &attributes)?;
    if partition_key.len() != 1 || sort_key.len() > 1 {
        return Err(NoTable(String::from(
            "its `KeySchema` needs one partition key, and one sort key at most",
        )));
    }
    let billing = billing(properties);
    let indexes = indexes(properties, &attributes);
    let mut table = TableDescription {
        label: label.to_owned(),
        name: properties.text("TableName"),
        partition_key: partition_key.remove(0),
        sort_key: sort_key.pop(),
        indexes,
        billing,
        on_demand_maximum: maximum(properties),
        ttl: ttl(properties),
        stream: stream(properties),
        class: class(properties),
        deletion_protection: properties.flag("DeletionProtectionEnabled"),
        point_in_time_recovery: recovery(properties),
        encryption: encryption(properties),
        tags: tags(properties),
        notes: Vec::new(),
    };
    properties.note_undeclarable();
    table.notes.append(&mut properties.notes);
    Ok(table)
}

/// The attributes with their types.
fn attributes(properties: &mut Properties<'_, '_>) -> Vec<DescribedKey> {
    let definitions = properties.list("AttributeDefinitions");
    let read = |definition: &Node| {
        properties.within(definition, |definition| {
            let name = definition.text("AttributeName")?;
            let scalar = scalar(&definition.text("AttributeType")?)?;
            Some(DescribedKey { name, scalar })
        })
    };
    definitions.iter().filter_map(read).collect()
}

pub(super) fn scalar(word: &str) -> Option<Scalar> {
    match word {
        "S" | "String" => Some(Scalar::Text),
        "N" | "Number" => Some(Scalar::Number),
        "B" | "Binary" => Some(Scalar::Binary),
        _ => None,
    }
}

/// The attributes of a partition key, and those of a sort key.
type KeySchema = (Vec<DescribedKey>, Vec<DescribedKey>);

fn key_schema(
    properties: &mut Properties<'_, '_>,
    attributes: &[DescribedKey],
) -> Result<KeySchema, NoTable> {
    let (mut partition_key, mut sort_key) = (Vec::new(), Vec::new());
    for element in properties.whole_list("KeySchema")? {
        let (name, kind) =
            properties.within(&element, |element| (element.text("AttributeName"), element.text("KeyType")));
        let name = name.ok_or_else(|| NoTable(String::from("an attribute of its key has no known name")))?;
        let known = attributes.iter().find(|attribute| attribute.name == name);
        let known =
            known.ok_or_else(|| NoTable(format!("`AttributeDefinitions` has no type for `{name}`")))?;
        match kind.as_deref() {
            Some("HASH") => partition_key.push(known.clone()),
            Some("RANGE") => sort_key.push(known.clone()),
            _ => return Err(NoTable(format!("`{name}` is neither HASH nor RANGE of its key"))),
        }
    }
    match partition_key.is_empty() {
        true => Err(NoTable(String::from("its `KeySchema` is missing or not known"))),
        false => Ok((partition_key, sort_key)),
    }
}

fn indexes(properties: &mut Properties<'_, '_>, attributes: &[DescribedKey]) -> Vec<IndexDescription> {
    let mut indexes = Vec::new();
    let scopes =
        [("GlobalSecondaryIndexes", IndexScope::Global), ("LocalSecondaryIndexes", IndexScope::Local)];
    for (member, scope) in scopes {
        for node in properties.list(member) {
            let mut inner = Properties { resolver: properties.resolver, node: &node, notes: Vec::new() };
            match index(&mut inner, scope, attributes) {
                Ok(index) => indexes.push(index),
                Err(NoTable(why)) => {
                    let name = inner.text("IndexName").unwrap_or_else(|| format!("one of the {member}"));
                    properties.note(format!("The index `{name}` is left out: {why}."));
                }
            }
        }
    }
    indexes
}

fn index(
    properties: &mut Properties<'_, '_>,
    scope: IndexScope,
    attributes: &[DescribedKey],
) -> Result<IndexDescription, NoTable> {
    let name = properties.text("IndexName").ok_or_else(|| NoTable(String::from("its name is not known")))?;
    let (partition_key, sort_key) = key_schema(properties, attributes)?;
    let not_known = || NoTable(String::from("its projection is not known"));
    let node = properties.get("Projection").ok_or_else(not_known)?;
    let projection = properties.within(&node, |projection| {
        let kind = projection.text("ProjectionType");
        let included = projection.whole_list("NonKeyAttributes")?;
        let included: Vec<_> = included.iter().filter_map(Node::text).map(str::to_owned).collect();
        match kind.as_deref() {
            Some("ALL") => Ok(Projection::All),
            Some("KEYS_ONLY") => Ok(Projection::KeysOnly),
            Some("INCLUDE") if !included.is_empty() => Ok(Projection::Include(included)),
            _ => Err(not_known()),
        }
    })?;
    let billing = match scope {
        IndexScope::Global => capacity(properties),
        IndexScope::Local => None,
    };
    let on_demand_maximum = maximum(properties);
    properties.note_undeclarable();
    let notes = std::mem::take(&mut properties.notes);
    Ok(IndexDescription {
        name,
        scope,
        partition_key,
        sort_key,
        projection,
        billing,
        on_demand_maximum,
        notes,
    })
}

/// The billing of a table. CloudFormation and the API provision capacity by default.
fn billing(properties: &mut Properties<'_, '_>) -> Option<Billing> {
    let summary = properties.below("BillingModeSummary", |summary| summary.text("BillingMode"));
    let is_given = properties.node.get("BillingMode").is_some();
    match summary.or_else(|| properties.text("BillingMode")).as_deref() {
        Some("PAY_PER_REQUEST") => Some(Billing::OnDemand),
        None if is_given => None,
        _ => {
            let capacity = capacity(properties);
            if capacity.is_none() {
                properties.note(String::from("`billing` is left out: the capacity is not known."));
            }
            capacity
        }
    }
}

/// `ProvisionedThroughput`. On-demand tables show zeros there.
fn capacity(properties: &mut Properties<'_, '_>) -> Option<Billing> {
    let (read, write) = properties.below("ProvisionedThroughput", |units| {
        Some((units.text("ReadCapacityUnits")?, units.text("WriteCapacityUnits")?))
    })?;
    let throughput = Throughput { read: read.parse().ok()?, write: write.parse().ok()? };
    (throughput.read > 0 && throughput.write > 0).then_some(Billing::Provisioned(throughput))
}

/// The on-demand maximum. The service describes a missing one as -1.
fn maximum(properties: &mut Properties<'_, '_>) -> OnDemandMaximum {
    let units = |text: Option<String>| match text.and_then(|text| text.parse().ok()) {
        Some(units) if units > 0 => Setting::On(units),
        _ => Setting::Undeclared,
    };
    let read = properties.below("OnDemandThroughput", |units| {
        Some((units.text("MaxReadRequestUnits"), units.text("MaxWriteRequestUnits")))
    });
    let (read, write) = read.unwrap_or_default();
    OnDemandMaximum { read: units(read), write: units(write) }
}

fn recovery(properties: &mut Properties<'_, '_>) -> Option<PointInTimeRecovery> {
    properties.below("PointInTimeRecoverySpecification", |recovery| {
        let is_on = recovery.flag("PointInTimeRecoveryEnabled");
        let days = recovery.text("RecoveryPeriodInDays").and_then(|days| days.parse().ok());
        is_on.then_some(PointInTimeRecovery { days })
    })
}

/// The key that encrypts a table, from a template or a description.
fn encryption(properties: &mut Properties<'_, '_>) -> Option<Encryption> {
    let of_template = properties.below("SSESpecification", |encryption| {
        // CloudFormation's word, and the API's.
        let is_on = encryption.flag("SSEEnabled") || encryption.flag("Enabled");
        // If the key is unknown until deployment, the setting is left out.
        let is_given = encryption.node.get("KMSMasterKeyId").is_some();
        let key = encryption.text("KMSMasterKeyId");
        (is_on && key.is_some() == is_given).then(|| key.map_or(Encryption::AwsManaged, Encryption::Key))
    });
    of_template.or_else(|| {
        properties.below("SSEDescription", |encryption| {
            let is_on = !matches!(encryption.text("Status").as_deref(), Some("DISABLED" | "DISABLING"));
            let key = encryption.text("KMSMasterKeyArn").filter(|_| is_on)?;
            encryption.note(String::from(
                "`encryption` names a key as it is described: where that is the account's key for DynamoDB, write `\"aws-managed\"`.",
            ));
            Some(Encryption::Key(key))
        })
    })
}

fn ttl(properties: &mut Properties<'_, '_>) -> Option<String> {
    properties.below("TimeToLiveSpecification", |ttl| {
        let is_enabled = ttl.flag("Enabled");
        ttl.text("AttributeName").filter(|_| is_enabled)
    })
}

fn stream(properties: &mut Properties<'_, '_>) -> Option<StreamView> {
    properties.below("StreamSpecification", |stream| {
        if stream.text("StreamEnabled").is_some_and(|enabled| enabled.eq_ignore_ascii_case("false")) {
            return None;
        }
        stream_view(&stream.text("StreamViewType")?)
    })
}

pub(super) fn stream_view(word: &str) -> Option<StreamView> {
    match word {
        "KEYS_ONLY" => Some(StreamView::KeysOnly),
        "NEW_IMAGE" => Some(StreamView::NewImage),
        "OLD_IMAGE" => Some(StreamView::OldImage),
        "NEW_AND_OLD_IMAGES" => Some(StreamView::NewAndOldImages),
        _ => None,
    }
}

fn class(properties: &mut Properties<'_, '_>) -> Option<TableClass> {
    let summary = properties.below("TableClassSummary", |summary| summary.text("TableClass"));
    match summary.or_else(|| properties.text("TableClass"))?.as_str() {
        "STANDARD_INFREQUENT_ACCESS" => Some(TableClass::StandardInfrequentAccess),
        _ => None,
    }
}

/// Tags as CloudFormation lists them, or as SAM maps them. AWS's own tags cannot be declared.
pub(super) fn tags(properties: &mut Properties<'_, '_>) -> Vec<(String, String)> {
    let mut tags: Vec<(String, String)> = Vec::new();
    let mut names = BTreeSet::new();
    let Some(node) = properties.get("Tags") else { return tags };
    let mapped = node.entries().iter().map(|(key, value)| (Some(key.clone()), value.clone()));
    let mut pairs: Vec<_> = mapped.collect();
    for element in node.elements() {
        let Some(element) = properties.known(element, "A tag") else { continue };
        let key = properties.within(&element, |tag| tag.text("Key"));
        pairs.push((key, element.get("Value").cloned().unwrap_or(Node::Text(String::new()))));
    }
    for (key, value) in pairs {
        let Some(key) = key.filter(|key| !key.to_ascii_lowercase().starts_with("aws:")) else { continue };
        let Some(Node::Text(value)) = properties.known(&value, &format!("The tag `{key}`")) else { continue };
        if names.insert(key.clone()) {
            tags.push((key, value));
        }
    }
    tags
}

/// Reads SAM's table with one key: on demand, unless a capacity is given.
pub(super) fn simple_table(
    properties: &mut Properties<'_, '_>,
    label: &str,
    key: DescribedKey,
) -> Result<TableDescription, NoTable> {
    let billing = match properties.node.get("ProvisionedThroughput") {
        Some(_) => capacity(properties),
        None => Some(Billing::OnDemand),
    };
    let mut table = TableDescription {
        label: label.to_owned(),
        name: properties.text("TableName"),
        partition_key: key,
        sort_key: None,
        indexes: Vec::new(),
        billing,
        on_demand_maximum: OnDemandMaximum::default(),
        ttl: None,
        stream: None,
        class: None,
        deletion_protection: false,
        point_in_time_recovery: recovery(properties),
        encryption: encryption(properties),
        tags: tags(properties),
        notes: Vec::new(),
    };
    properties.note_undeclarable();
    table.notes.append(&mut properties.notes);
    Ok(table)
}
