//! Saving what has changed.

use dynamorm::Operations;
use end_to_end::connector::recorded;
use end_to_end::operations::{Address, Handover, Parcel, Stop, tables};
use end_to_end::samples::{database, instant, parcel, put_raw, raw};

fn full() -> Parcel {
    let stop =
        |place: &str| Stop { place: place.to_owned(), arrival: instant("2024-03-01T00:00:00Z"), pieces: 1 };
    Parcel {
        note: Some("fragile".to_owned()),
        tags: ["a".to_owned(), "b".to_owned()].into(),
        route: vec![stop("Ulm"), stop("Bonn")],
        address: Some(Address { street: "Hill".to_owned(), city: "York".to_owned(), floor: Some(1) }),
        ..parcel("Ulm", 1)
    }
}

#[tokio::test]
async fn a_save_writes_new_and_changed_attributes_and_removes_those_that_are_gone() {
    let db = database(&[&tables::PARCELS]).await;
    full().put().send(&db).await.unwrap();
    let mut tracked = Parcel::get(&full()).send(&db).await.unwrap().unwrap().tracked();

    tracked.note = None;
    tracked.seal = Some(vec![1]);
    tracked.recipient = "Grace".to_owned();
    tracked.tags.insert("c".to_owned());
    tracked.route[1].pieces = 9;
    tracked.address.as_mut().unwrap().floor = None;
    tracked.handover = Handover::Neighbour { name: "Bob".to_owned(), door: None };
    let wanted = tracked.clone();
    tracked.save().send(&db).await.unwrap();

    assert_eq!(Parcel::get(&full()).send(&db).await.unwrap(), Some(wanted));
}

#[tokio::test]
async fn a_save_sends_only_what_has_changed_at_the_narrowest_path() {
    let (db, record) = recorded(&database(&[&tables::PARCELS]).await);
    full().put().send(&db).await.unwrap();
    let mut tracked = full().tracked();
    record.forget();

    tracked.route[1].pieces = 9;
    tracked.save().send(&db).await.unwrap();

    let request = record.only().body;
    assert_eq!(request["UpdateExpression"], "SET #0[1].#1 = :0");
    assert_eq!(request["ExpressionAttributeNames"]["#0"], "route");
    assert_eq!(request["ExpressionAttributeNames"]["#1"], "pieces");
    assert_eq!(request["ExpressionAttributeValues"][":0"]["N"], "9");
}

#[tokio::test]
async fn a_save_without_changes_sends_nothing_and_a_second_save_sends_what_came_since() {
    let (db, record) = recorded(&database(&[&tables::PARCELS]).await);
    full().put().send(&db).await.unwrap();
    let mut tracked = full().tracked();
    record.forget();

    tracked.save().send(&db).await.unwrap();
    assert_eq!(record.operations(), Vec::<String>::new());

    tracked.note = None;
    tracked.save().send(&db).await.unwrap();
    tracked.save().send(&db).await.unwrap();
    assert_eq!(record.operations(), ["UpdateItem"]);
}

#[tokio::test]
async fn a_save_keeps_attributes_that_the_model_does_not_know() {
    let db = database(&[&tables::PARCELS]).await;
    let mut item = full().to_item().unwrap();
    item.insert("unknown".to_owned(), dynamorm::AttributeValue::Bool(true));
    put_raw(&db, "parcels", item).await;

    let mut tracked = Parcel::get(&full()).send(&db).await.unwrap().unwrap().tracked();
    tracked.note = None;
    tracked.save().send(&db).await.unwrap();

    assert!(raw(&db, &full()).await.unwrap().contains_key("unknown"));
}

#[tokio::test]
async fn a_save_is_validated_and_what_was_not_saved_will_be_by_the_next() {
    let db = database(&[&tables::PARCELS]).await;
    full().put().send(&db).await.unwrap();
    let mut tracked = full().tracked();

    tracked.recipient = String::new();
    assert!(tracked.save().send(&db).await.unwrap_err().is_validation());

    tracked.recipient = "Grace".to_owned();
    tracked.save().send(&db).await.unwrap();
    assert_eq!(Parcel::get(&full()).send(&db).await.unwrap().unwrap().recipient, "Grace");
}

#[tokio::test]
async fn a_save_refuses_a_changed_key() {
    let db = database(&[&tables::PARCELS]).await;
    full().put().send(&db).await.unwrap();
    let mut tracked = full().tracked();

    tracked.number = 2;
    let error = tracked.save().send(&db).await.unwrap_err();

    assert!(error.is_validation());
    assert_eq!(error.attribute(), Some("number"));
}

#[tokio::test]
async fn a_save_of_an_item_that_is_gone_is_not_found_and_writes_no_stub() {
    let db = database(&[&tables::PARCELS]).await;
    let mut tracked = full().tracked();

    tracked.note = None;
    assert!(tracked.save().send(&db).await.unwrap_err().is_not_found());
    assert_eq!(Parcel::scan().count(&db).await.unwrap(), 0);
}

#[tokio::test]
async fn a_save_takes_conditions() {
    let db = database(&[&tables::PARCELS]).await;
    full().put().send(&db).await.unwrap();
    let mut tracked = full().tracked();

    tracked.note = None;
    let error = tracked.save().when(Parcel::WEIGHT.gt(100)).send(&db).await.unwrap_err();

    assert!(error.is_condition_failed());
}
