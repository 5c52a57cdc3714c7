//! Time to live. DynamoDB refuses to turn it on if it is on, and off if it is off.

use serde_json::{Value, json};

use crate::embedded::answer::{Result, invalid, text};
use crate::embedded::engine::Engine;

pub(super) fn update(engine: &Engine, request: Value) -> Result<Value> {
    let wanted = request.get("TimeToLiveSpecification").and_then(|wanted| wanted.get("Enabled"));
    if let (Some(wanted), Some(name)) = (wanted.and_then(Value::as_bool), text(&request, "TableName")) {
        let live = engine.ask("DescribeTimeToLive", &json!({ "TableName": name }))?;
        let is_on = live
            .get("TimeToLiveDescription")
            .and_then(|live| text(live, "TimeToLiveStatus"))
            .is_some_and(|status| status == "ENABLED");
        match (is_on, wanted) {
            (true, true) => return Err(invalid("TimeToLive is already enabled")),
            (false, false) => return Err(invalid("TimeToLive is already disabled")),
            _ => {}
        }
    }
    engine.ask("UpdateTimeToLive", &request)
}
