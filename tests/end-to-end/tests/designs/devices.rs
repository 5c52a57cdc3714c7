//! AWS's log of devices' states.

use dynamorm::{Client, Operations, Timestamp};

use crate::database;
use crate::models::{Alarm, Device, StateLog, tables};

fn at(hour: u8) -> Timestamp {
    format!("2026-03-01T{hour:02}:00:00Z").parse().unwrap()
}

fn log_of(device: &str, state: Alarm, hour: u8, operator: &str) -> StateLog {
    StateLog {
        device: device.to_owned(),
        state,
        at: at(hour),
        operator: operator.to_owned(),
        escalated_to: (state == Alarm::Warning4).then(|| "sara".to_owned()),
    }
}

async fn devices() -> (Client, dynamorm::testing::RequestLog) {
    let (db, log) = database(&tables::DEVICES).await;
    Device { device: "d1".to_owned(), site: "north".to_owned() }.put().send(&db).await.unwrap();
    for (device, state, hour, operator) in [
        ("d1", Alarm::Normal, 1, "liz"),
        ("d1", Alarm::Warning1, 2, "liz"),
        ("d1", Alarm::Warning1, 3, "bob"),
        ("d1", Alarm::Warning4, 4, "liz"),
        ("d2", Alarm::Warning4, 5, "liz"),
    ] {
        log_of(device, state, hour, operator).put().send(&db).await.unwrap();
    }
    log.clear();
    (db, log)
}

#[tokio::test]
async fn every_access_pattern_is_one_request() {
    let (db, log) = devices().await;
    // Create a log: a put. The logs of a device in a state, the latest first.
    let found =
        StateLog::query("d1").state().eq(Alarm::Warning1).descending().items(&db).all().await.unwrap();
    assert_eq!(found, [log_of("d1", Alarm::Warning1, 3, "bob"), log_of("d1", Alarm::Warning1, 2, "liz")]);
    // … from a date on.
    let since = StateLog::query("d1").state().eq(Alarm::Warning1).at().ge(at(3));
    assert_eq!(since.items(&db).all().await.unwrap(), [log_of("d1", Alarm::Warning1, 3, "bob")]);
    // The logs of an operator between two dates.
    let of_operator = StateLog::of_operator("liz").at().between(at(2), at(4)).items(&db).all().await.unwrap();
    assert_eq!(
        of_operator,
        [log_of("d1", Alarm::Warning1, 2, "liz"), log_of("d1", Alarm::Warning4, 4, "liz")]
    );
    // What was escalated to somebody, and of a state.
    let escalated = StateLog::escalated_to("sara").items(&db).all().await.unwrap();
    assert_eq!(escalated.len(), 2);
    let of_state = StateLog::escalated_to("sara").state().eq(Alarm::Warning4).at().gt(at(4));
    assert_eq!(of_state.items(&db).all().await.unwrap(), [log_of("d2", Alarm::Warning4, 5, "liz")]);
    log.assert_requests(5);
    // All logs of a device: the device itself stands in the partition, and is left out.
    assert_eq!(StateLog::query("d1").count(&db).await.unwrap(), 4);
    // Escalating is an update of one field, which puts the log into the index.
    log.clear();
    let normal = log_of("d1", Alarm::Normal, 1, "liz");
    StateLog::update(&normal).set(StateLog::ESCALATED_TO, "max").send(&db).await.unwrap();
    assert_eq!(StateLog::escalated_to("max").count(&db).await.unwrap(), 1);
    log.assert_requests(2);
}
