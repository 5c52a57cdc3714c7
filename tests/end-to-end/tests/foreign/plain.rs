//! Attributes that are no keys: what a read accepts, a put accepts, and a save of another field leaves alone.

use dynamorm::{AttributeValue, Operations};

use crate::models::{Sample, tables};
use crate::{database, item, number, stored, text, write};

fn sample(name: &str, value: AttributeValue) -> dynamorm::Item {
    item([("id", text("s")), (name, value)])
}

/// Values that are read.
fn readable() -> Vec<(&'static str, AttributeValue)> {
    let wide = format!("1{}", "0".repeat(38));
    vec![
        ("at", text("2021-09-06T17:04:21.899683+0000")),
        ("at", text("2021-09-06T17:04:21.123Z")),
        ("at", text("2021-09-06T19:04:21+02:00")),
        ("token", text("67E55044-10B1-426F-9247-BB680E5FE0C8")),
        ("number", text("01arz3ndektsv4rrffq69g5fav")),
        ("small", number("0.1000000000000000055511151231257827")),
        ("small", number("1E-38")),
        ("large", number("0.1000000000000000055511151231257827")),
        ("wide", number(&wide)),
        ("wide", number("1E38")),
        ("second", number("1.7E9")),
        ("json", number("18446744073709551615")),
    ]
}

#[tokio::test]
async fn what_is_read_can_be_put_and_is_left_alone_by_a_save_of_another_field() {
    for (name, value) in readable() {
        let db = database(&[&tables::SAMPLES]).await;
        write(&db, &tables::SAMPLES, sample(name, value.clone())).await;
        let before = stored(&db, &tables::SAMPLES).await.remove(0);

        let mut tracked = Sample::get("s").send(&db).await.unwrap().unwrap().tracked();
        tracked.note = Some("changed".to_owned());
        tracked.save().send(&db).await.unwrap();
        let after = stored(&db, &tables::SAMPLES).await.remove(0);
        assert_eq!(after[name], before[name], "{name} {value:?}");

        let read = Sample::get("s").send(&db).await.unwrap().unwrap();
        read.put().send(&db).await.unwrap();
        assert_eq!(Sample::get("s").send(&db).await.unwrap().unwrap(), read, "{name} {value:?}");
    }
}

#[test]
fn what_could_not_be_put_back_is_not_read() {
    let nines = "9".repeat(38);
    for (name, value, why) in [
        ("at", text("2021-09-06T17:04:21.899683123Z"), "microseconds"),
        ("at", text("-000001-09-06T17:04:21Z"), "years 0000 to 9999"),
        ("day", text("-000001-09-06"), "date"),
        ("number", text("8ZZZZZZZZZZZZZZZZZZZZZZZZZ"), "ULID"),
        ("small", number("1E-50"), "f32"),
        ("small", number("1E39"), "32 bits"),
        ("large", number(&format!("{nines}E88")), "64"),
        ("second", number("1700000000.5"), "seconds"),
        ("wide", number("1.5"), "whole number"),
    ] {
        let error = Sample::from_item(sample(name, value.clone())).unwrap_err();
        let message = error.to_string();

        assert!(error.is_item_error(), "{message}");
        assert_eq!(error.attribute(), Some(name), "{message}");
        assert!(message.contains(why), "{value:?}: {message}");
    }
}
