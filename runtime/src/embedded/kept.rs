//! Settings of tables that the engine does not keep. They live as long as the engine.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::embedded::answer::text;

/// By the names of tables.
#[derive(Default)]
pub(super) struct Kept {
    tables: BTreeMap<String, KeptOfTable>,
}

/// The settings of a table that the engine does not keep.
#[derive(Default)]
pub(super) struct KeptOfTable {
    /// The encryption, once it was changed; `None` if AWS owns the key.
    pub encryption: Option<Option<Value>>,
    /// The days of point-in-time recovery, if it is on.
    pub recovery: Option<u64>,
    indexes: BTreeMap<String, KeptOfIndex>,
}

/// The settings of a global index that the engine does not keep.
#[derive(Default)]
struct KeptOfIndex {
    throughput: Option<Value>,
    maximum: Map<String, Value>,
}

impl Kept {
    pub(super) fn of(&mut self, table: &str) -> &mut KeptOfTable {
        self.tables.entry(table.to_owned()).or_default()
    }

    pub(super) fn forget(&mut self, table: &str) {
        self.tables.remove(table);
    }
}

impl KeptOfTable {
    /// Keeps a request's settings for an index that it creates or changes.
    pub(super) fn keep_of_index(&mut self, definition: &Value) {
        let Some(name) = text(definition, "IndexName") else { return };
        let index = self.indexes.entry(name.to_owned()).or_default();
        if let Some(throughput) = definition.get("ProvisionedThroughput") {
            index.throughput = Some(throughput.clone());
        }
        let maximum = definition.get("OnDemandThroughput").and_then(Value::as_object);
        for (member, units) in maximum.into_iter().flatten() {
            match units.as_i64() {
                Some(units) if units > 0 => index.maximum.insert(member.clone(), json!(units)),
                _ => index.maximum.remove(member),
            };
        }
    }

    pub(super) fn forget_index(&mut self, name: &str) {
        self.indexes.remove(name);
    }

    /// Keeps what follows from the table's new billing mode.
    pub(super) fn bill(&mut self, mode: &str) {
        for index in self.indexes.values_mut() {
            match mode {
                "PAY_PER_REQUEST" => index.throughput = None,
                _ => index.maximum.clear(),
            }
        }
    }

    /// Adds the kept settings to a description of the table.
    pub(super) fn complete(&self, table: &mut Value) {
        match &self.encryption {
            Some(Some(encryption)) => table["SSEDescription"] = encryption.clone(),
            Some(None) => {
                table.as_object_mut().and_then(|table| table.remove("SSEDescription"));
            }
            None => {}
        }
        let mode = table.get("BillingModeSummary").and_then(|summary| text(summary, "BillingMode"));
        let is_on_demand = mode == Some("PAY_PER_REQUEST");
        let indexes = table.get_mut("GlobalSecondaryIndexes").and_then(Value::as_array_mut);
        for index in indexes.into_iter().flatten() {
            let kept = text(index, "IndexName").and_then(|name| self.indexes.get(name));
            if is_on_demand {
                let none = json!({ "ReadCapacityUnits": 0, "WriteCapacityUnits": 0 });
                set_throughput(index, &none);
                if let Some(kept) = kept.filter(|kept| !kept.maximum.is_empty()) {
                    index["OnDemandThroughput"] = Value::Object(kept.maximum.clone());
                }
            } else if let Some(throughput) = kept.and_then(|kept| kept.throughput.as_ref()) {
                set_throughput(index, throughput);
            }
        }
    }
}

/// Changes the capacity of an index, and nothing else in its description.
fn set_throughput(index: &mut Value, throughput: &Value) {
    let known = index.get("ProvisionedThroughput").and_then(Value::as_object);
    let mut units =
        known.cloned().unwrap_or_else(|| Map::from_iter([("NumberOfDecreasesToday".to_owned(), json!(0))]));
    units.extend(throughput.as_object().cloned().unwrap_or_default());
    index["ProvisionedThroughput"] = Value::Object(units);
}
