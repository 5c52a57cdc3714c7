//! Continuous backups, which exist as settings only.

use serde_json::{Value, json};

use crate::embedded::answer::{Failure, Result, failure, invalid, text};
use crate::embedded::engine::Engine;

/// How many days point-in-time recovery reaches back by default, which is also the most.
const DAYS: u64 = 35;

pub(super) fn describe(engine: &Engine, request: Value) -> Result<Value> {
    let name = existing(engine, &request)?;
    Ok(description(engine, &name))
}

pub(super) fn update(engine: &Engine, request: Value) -> Result<Value> {
    let name = existing(engine, &request)?;
    let wanted = request.get("PointInTimeRecoverySpecification");
    let is_on = wanted.and_then(|wanted| wanted.get("PointInTimeRecoveryEnabled")).and_then(Value::as_bool);
    let is_on = is_on.ok_or_else(|| invalid("PointInTimeRecoveryEnabled must not be null"))?;
    let days =
        wanted.and_then(|wanted| wanted.get("RecoveryPeriodInDays")).map(|days| days.as_u64().unwrap_or(0));
    if days.is_some_and(|days| !(1..=DAYS).contains(&days)) {
        return Err(invalid("RecoveryPeriodInDays must be between 1 and 35"));
    }
    {
        let mut kept = engine.kept();
        let table = kept.of(&name);
        table.recovery = is_on.then(|| days.or(table.recovery).unwrap_or(DAYS));
    }
    Ok(description(engine, &name))
}

/// The name of the table, if it exists.
fn existing(engine: &Engine, request: &Value) -> Result<String> {
    let name = text(request, "TableName").unwrap_or_default();
    let missing = |_: Failure| failure("TableNotFoundException", &format!("Table not found: {name}"));
    engine.ask("DescribeTable", &json!({ "TableName": name })).map_err(missing)?;
    Ok(name.to_owned())
}

fn description(engine: &Engine, name: &str) -> Value {
    let recovery = match engine.kept().of(name).recovery {
        Some(days) => json!({ "PointInTimeRecoveryStatus": "ENABLED", "RecoveryPeriodInDays": days }),
        None => json!({ "PointInTimeRecoveryStatus": "DISABLED" }),
    };
    let backups = json!({ "ContinuousBackupsStatus": "ENABLED", "PointInTimeRecoveryDescription": recovery });
    json!({ "ContinuousBackupsDescription": backups })
}
