//! Requests with several operations: batches that are carried out in part, and transactions that conflict.

use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use fastrand::Rng;
use serde_json::{Map, Value, json};

use crate::testing::connector::Engine;
use crate::testing::wire;

/// A batch of two or more requests or keys.
pub(super) struct Batch<'a> {
    tables: &'a Map<String, Value>,
    /// The member of a table that has its keys. The requests of a write are the table's value itself.
    keys: Option<&'static str>,
    /// The member of the response with the unprocessed parts.
    unprocessed: &'static str,
    length: usize,
}

impl<'a> Batch<'a> {
    /// `None` for other operations, and for batches of one part. DynamoDB throttles a batch instead of leaving all of it
    /// unprocessed.
    pub fn of(operation: &str, body: &'a Value) -> Option<Self> {
        let (keys, unprocessed) = match operation {
            "BatchWriteItem" => (None, "UnprocessedItems"),
            "BatchGetItem" => (Some("Keys"), "UnprocessedKeys"),
            _ => return None,
        };
        let tables = body["RequestItems"].as_object()?;
        let mut batch = Batch { tables, keys, unprocessed, length: 0 };
        batch.length = tables.values().map(|table| batch.elements(table).len()).sum();
        (batch.length > 1).then_some(batch)
    }

    pub fn len(&self) -> usize {
        self.length
    }

    /// Leaves so many parts unprocessed, but not all: the last ones, unless chance orders them.
    pub fn leave_over(&self, count: usize, rng: Option<Rng>) -> Divided {
        let mut order: Vec<usize> = (0..self.length).collect();
        if let Some(mut rng) = rng {
            rng.shuffle(&mut order);
        }
        let left = &order[self.length - count.clamp(1, self.length - 1)..];
        let mut divided = Divided { sent: Map::new(), left: Map::new(), unprocessed: self.unprocessed };
        let mut position = 0;
        for (name, table) in self.tables {
            let (mut sent, mut over) = (Vec::new(), Vec::new());
            for element in self.elements(table) {
                if left.contains(&position) { &mut over } else { &mut sent }.push(element.clone());
                position += 1;
            }
            for (elements, half) in [(sent, &mut divided.sent), (over, &mut divided.left)] {
                if !elements.is_empty() {
                    half.insert(name.clone(), self.with_elements(table, elements));
                }
            }
        }
        divided
    }

    fn elements<'t>(&self, table: &'t Value) -> &'t [Value] {
        let elements = self.keys.map_or(table, |keys| &table[keys]);
        elements.as_array().map(Vec::as_slice).unwrap_or_default()
    }

    fn with_elements(&self, table: &Value, elements: Vec<Value>) -> Value {
        let Some(keys) = self.keys else { return Value::Array(elements) };
        let mut table = table.clone();
        table[keys] = Value::Array(elements);
        table
    }
}

/// A divided batch: the sent part, and the unprocessed part.
pub(super) struct Divided {
    sent: Map<String, Value>,
    left: Map<String, Value>,
    unprocessed: &'static str,
}

impl Divided {
    /// The answer to the sent part, which says that the other is unprocessed.
    pub async fn answer(self, request: HttpRequest, engine: &Engine) -> Result<HttpResponse, ConnectorError> {
        let mut body = wire::body(&request);
        body["RequestItems"] = Value::Object(self.sent);
        let response = engine.call(wire::with_body(request, &body)).await?;
        let (response, bytes) = wire::whole(response).await?;
        if !response.status().is_success() {
            return Ok(response);
        }
        let mut answer = wire::json_of(&bytes);
        let mut left = self.left;
        if let Some(own) = answer[self.unprocessed].as_object() {
            for (name, table) in own {
                merge(left.entry(name).or_insert(Value::Null), table);
            }
        }
        answer[self.unprocessed] = Value::Object(left);
        Ok(wire::answered(response, answer.to_string().into_bytes()))
    }
}

/// Adds the parts of a table that the engine itself left unprocessed.
fn merge(table: &mut Value, own: &Value) {
    match (table, own) {
        (Value::Array(table), Value::Array(own)) => table.extend(own.iter().cloned()),
        (Value::Object(table), Value::Object(own)) => match (table.get_mut("Keys"), own.get("Keys")) {
            (Some(Value::Array(keys)), Some(Value::Array(own))) => keys.extend(own.iter().cloned()),
            _ => table.extend(own.clone()),
        },
        (table, own) => *table = own.clone(),
    }
}

/// Whether an operation can conflict with another transaction.
pub(super) fn conflicts(operation: &str) -> bool {
    matches!(operation, "PutItem" | "UpdateItem" | "DeleteItem" | "TransactWriteItems" | "TransactGetItems")
}

/// The answer of a conflict with another transaction, for a transaction's first operation, or for one that chance chooses.
pub(super) fn conflict(
    operation: &str,
    body: &Value,
    rng: Option<Rng>,
) -> Result<HttpResponse, ConnectorError> {
    let length = wire::transaction(body).count();
    if length == 0 {
        let message = format!("Transaction is ongoing for the item of this {operation}");
        return wire::exception(400, "TransactionConflictException", &message, json!({}));
    }
    let position = rng.map_or(0, |mut rng| rng.usize(..length));
    let codes: Vec<_> =
        (0..length).map(|at| if at == position { "TransactionConflict" } else { "None" }).collect();
    let reasons: Vec<_> = codes
        .iter()
        .map(|code| match *code {
            "None" => json!({ "Code": code }),
            _ => json!({ "Code": code, "Message": "Transaction is ongoing for the item" }),
        })
        .collect();
    let message = format!(
        "Transaction cancelled, please refer cancellation reasons for specific reasons [{}]",
        codes.join(", ")
    );
    wire::exception(400, "TransactionCanceledException", &message, json!({ "CancellationReasons": reasons }))
}
