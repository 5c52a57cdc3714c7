//! Tables with the settings that the engine does not keep: the capacity that an update gives an index, maximums of indexes, and
//! another encryption.

use dynoxide::streams::kms_key_arn;
use serde_json::{Value, json};

use crate::embedded::answer::{Result, invalid, text};
use crate::embedded::engine::Engine;

/// The key of the account for DynamoDB, as the engine would name it.
const KEY_FOR_DYNAMODB: &str = "aws-dynamodb";

pub(super) fn create(engine: &Engine, request: Value) -> Result<Value> {
    let created = engine.ask("CreateTable", &request)?;
    if let Some(name) = text(&request, "TableName") {
        let mut kept = engine.kept();
        kept.forget(name);
        let indexes = request.get("GlobalSecondaryIndexes").and_then(Value::as_array);
        for index in indexes.into_iter().flatten() {
            kept.of(name).keep_of_index(index);
        }
    }
    Ok(complete(engine, created, "TableDescription"))
}

pub(super) fn describe(engine: &Engine, request: Value) -> Result<Value> {
    Ok(complete(engine, engine.ask("DescribeTable", &request)?, "Table"))
}

pub(super) fn delete(engine: &Engine, request: Value) -> Result<Value> {
    let deleted = complete(engine, engine.ask("DeleteTable", &request)?, "TableDescription");
    if let Some(name) = text(&request, "TableName") {
        engine.kept().forget(name);
    }
    Ok(deleted)
}

pub(super) fn update(engine: &Engine, mut request: Value) -> Result<Value> {
    let Some(name) = text(&request, "TableName").map(str::to_owned) else {
        return engine.ask("UpdateTable", &request);
    };
    let encryption = request.as_object_mut().and_then(|request| request.remove("SSESpecification"));
    let (maximums, others) = index_updates(&mut request);
    let changes_nothing_else = request.as_object().is_some_and(|request| request.len() == 1);
    let updated = if changes_nothing_else && (encryption.is_some() || !maximums.is_empty()) {
        let table = engine.ask("DescribeTable", &request)?["Table"].take();
        json!({ "TableDescription": table })
    } else {
        engine.ask("UpdateTable", &request)?
    };
    for maximum in &maximums {
        check_maximum(&updated["TableDescription"], maximum)?;
    }
    let mut kept = engine.kept();
    let table = kept.of(&name);
    if let Some(encryption) = encryption {
        table.encryption = Some(described(&encryption));
    }
    if let Some(mode) = text(&request, "BillingMode") {
        table.bill(mode);
    }
    for update in maximums.iter().chain(&others) {
        for action in ["Create", "Update"].iter().filter_map(|action| update.get(*action)) {
            table.keep_of_index(action);
        }
        if let Some(deleted) = update.get("Delete").and_then(|delete| text(delete, "IndexName")) {
            table.forget_index(deleted);
        }
    }
    drop(kept);
    Ok(complete(engine, updated, "TableDescription"))
}

/// The changes of maximums, which the engine refuses and this removes from the request, and all other changes.
fn index_updates(request: &mut Value) -> (Vec<Value>, Vec<Value>) {
    let Some(updates) = request.get("GlobalSecondaryIndexUpdates").and_then(Value::as_array) else {
        return (Vec::new(), Vec::new());
    };
    let is_maximum = |update: &Value| {
        update.get("Update").is_some_and(|index| {
            index.get("OnDemandThroughput").is_some() && index.get("ProvisionedThroughput").is_none()
        })
    };
    let (maximums, others): (Vec<Value>, Vec<Value>) = updates.iter().cloned().partition(is_maximum);
    if !maximums.is_empty() && others.is_empty() {
        request.as_object_mut().and_then(|request| request.remove("GlobalSecondaryIndexUpdates"));
    } else {
        request["GlobalSecondaryIndexUpdates"] = others.clone().into();
    }
    (maximums, others)
}

/// Only an index of an on-demand table can have a maximum.
fn check_maximum(table: &Value, update: &Value) -> Result<()> {
    let name = update.get("Update").and_then(|index| text(index, "IndexName")).unwrap_or_default();
    let indexes = table.get("GlobalSecondaryIndexes").and_then(Value::as_array);
    if !indexes.into_iter().flatten().any(|index| text(index, "IndexName") == Some(name)) {
        return Err(invalid(&format!("The table does not have the specified index: {name}")));
    }
    let mode = table.get("BillingModeSummary").and_then(|summary| text(summary, "BillingMode"));
    if mode != Some("PAY_PER_REQUEST") {
        return Err(invalid(
            "OnDemandThroughput cannot be specified when the table BillingMode is PROVISIONED",
        ));
    }
    Ok(())
}

/// An encryption as a description shows it; `None` if AWS owns the key.
fn described(specification: &Value) -> Option<Value> {
    let is_on = specification.get("Enabled").and_then(Value::as_bool).unwrap_or_default();
    let key = text(specification, "KMSMasterKeyId").unwrap_or(KEY_FOR_DYNAMODB);
    is_on.then(|| json!({ "Status": "ENABLED", "SSEType": "KMS", "KMSMasterKeyArn": kms_key_arn(key) }))
}

/// An answer with the settings that the engine does not keep. `member` holds the description of the table.
fn complete(engine: &Engine, mut answer: Value, member: &str) -> Value {
    if let Some(name) = text(&answer[member], "TableName").map(str::to_owned) {
        engine.kept().of(&name).complete(&mut answer[member]);
    }
    answer
}
