//! `PutItem`.

use dynamorm::{AttributeValue, Operations};
use end_to_end::connector::recorded;
use end_to_end::operations::{Address, Hostile, HostileInner, Parcel, Stop, tables};
use end_to_end::samples::{altered, database, instant, parcel, put_raw, raw};

#[tokio::test]
async fn a_put_item_is_read_back_as_it_was() {
    let db = database(&[&tables::PARCELS]).await;
    let parcel = Parcel {
        note: Some("fragile".to_owned()),
        address: Some(Address { street: "Gold Lane 1".to_owned(), city: "Ulm".to_owned(), floor: Some(-1) }),
        ..parcel("Ulm", 1)
    };

    parcel.put().send(&db).await.unwrap();

    assert_eq!(Parcel::get(&parcel).consistent().send(&db).await.unwrap(), Some(parcel));
}

#[tokio::test]
async fn a_put_that_gives_its_values_away_stores_the_same() {
    let db = database(&[&tables::PARCELS]).await;
    let parcel = parcel("Ulm", 1);

    parcel.clone().into_put().send(&db).await.unwrap();

    assert_eq!(Parcel::get(&parcel).consistent().send(&db).await.unwrap(), Some(parcel));
}

#[tokio::test]
async fn a_put_replaces_the_item_with_attributes_that_the_model_does_not_know() {
    let db = database(&[&tables::PARCELS]).await;
    let parcel = parcel("Ulm", 1);
    put_raw(&db, "parcels", altered(&parcel, [("unknown", AttributeValue::Bool(true))])).await;

    parcel.put().send(&db).await.unwrap();

    assert!(!raw(&db, &parcel).await.unwrap().contains_key("unknown"));
}

#[tokio::test]
async fn a_put_if_not_exists_stores_a_new_item() {
    let db = database(&[&tables::PARCELS]).await;
    let parcel = parcel("Ulm", 1);

    parcel.put().if_not_exists().send(&db).await.unwrap();

    assert!(raw(&db, &parcel).await.is_some());
}

#[tokio::test]
async fn a_put_if_not_exists_leaves_an_item_that_is_there_and_says_so() {
    let db = database(&[&tables::PARCELS]).await;
    let first = parcel("Ulm", 1);
    first.put().send(&db).await.unwrap();

    let second = Parcel { weight: 999, ..first.clone() };
    let error = second.put().if_not_exists().send(&db).await.unwrap_err();

    assert!(error.is_already_exists(), "{error:?}");
    assert_eq!(Parcel::get(&first).consistent().send(&db).await.unwrap(), Some(first));
}

#[tokio::test]
async fn an_existing_item_is_told_from_a_failed_condition() {
    let db = database(&[&tables::PARCELS]).await;
    let parcel = parcel("Ulm", 1);
    parcel.put().send(&db).await.unwrap();

    let error = parcel.put().if_not_exists().when(Parcel::NOTE.not_exists()).send(&db).await.unwrap_err();

    assert!(error.is_already_exists(), "{error:?}");
}

#[tokio::test]
async fn a_put_whose_condition_holds_replaces_the_item() {
    let db = database(&[&tables::PARCELS]).await;
    let first = parcel("Ulm", 1);
    first.put().send(&db).await.unwrap();

    let second = Parcel { weight: 999, ..first };
    second.put().when(Parcel::WEIGHT.eq(1)).send(&db).await.unwrap();

    assert_eq!(Parcel::get(&second).consistent().send(&db).await.unwrap(), Some(second));
}

#[tokio::test]
async fn a_put_whose_condition_fails_changes_nothing() {
    let db = database(&[&tables::PARCELS]).await;
    let first = parcel("Ulm", 1);
    first.put().send(&db).await.unwrap();

    let second = Parcel { weight: 999, ..first.clone() };
    let error = second.put().when(Parcel::WEIGHT.eq(2)).send(&db).await.unwrap_err();

    assert!(error.is_condition_failed(), "{error:?}");
    assert_eq!(Parcel::get(&first).consistent().send(&db).await.unwrap(), Some(first));
}

#[tokio::test]
async fn a_second_condition_must_hold_too() {
    let db = database(&[&tables::PARCELS]).await;
    let parcel = parcel("Ulm", 1);
    parcel.put().send(&db).await.unwrap();

    let put = parcel.put().when(Parcel::WEIGHT.eq(1)).when(Parcel::NOTE.exists());
    let error = put.send(&db).await.unwrap_err();

    assert!(error.is_condition_failed(), "{error:?}");
}

#[tokio::test]
async fn an_invalid_item_is_refused_with_every_violation_and_nothing_is_sent() {
    let (db, record) = recorded(&test_support::client().await);
    let stop = Stop { place: String::new(), arrival: instant("2024-03-01T00:00:00Z"), pieces: 0 };
    let invalid = Parcel { recipient: String::new(), route: vec![stop], ..parcel("Ulm", 1) };

    let error = invalid.put().send(&db).await.unwrap_err();

    let paths: Vec<_> = error.violations().iter().map(|violation| violation.path()).collect();
    assert!(error.is_validation(), "{error:?}");
    assert!(
        ["recipient", "route[0].place", "route[0].pieces"].iter().all(|path| paths.contains(path)),
        "{paths:?}"
    );
    assert!(record.sent().is_empty());
}

#[tokio::test]
async fn an_empty_set_is_stored_as_no_attribute_and_read_back_empty() {
    let db = database(&[&tables::PARCELS]).await;
    let parcel = parcel("Ulm", 1);
    assert!(parcel.tags.is_empty());

    parcel.put().send(&db).await.unwrap();

    assert!(!raw(&db, &parcel).await.unwrap().contains_key("tags"));
    assert_eq!(Parcel::get(&parcel).consistent().send(&db).await.unwrap(), Some(parcel));
}

#[tokio::test]
async fn an_empty_optional_set_is_read_back_as_none() {
    let db = database(&[&tables::PARCELS]).await;
    let parcel = Parcel { marks: Some([].into()), ..parcel("Ulm", 1) };

    parcel.put().send(&db).await.unwrap();

    assert_eq!(Parcel::get(&parcel).consistent().send(&db).await.unwrap().unwrap().marks, None);
}

#[tokio::test]
async fn empty_lists_and_maps_are_stored() {
    let db = database(&[&tables::PARCELS]).await;
    let parcel = Parcel { remarks: Some(Vec::new()), ..parcel("Ulm", 1) };

    parcel.put().send(&db).await.unwrap();

    let item = raw(&db, &parcel).await.unwrap();
    assert_eq!(item["labels"], AttributeValue::M([].into()));
    assert_eq!(item["remarks"], AttributeValue::L(Vec::new()));
}

#[tokio::test]
async fn hostile_stored_names_are_harmless() {
    let db = database(&[&tables::HOSTILE]).await;
    let hostile = Hostile::builder()
        .first("key")
        .second("sort")
        .hash("#")
        .size(-1)
        .value(":v")
        .drop(7)
        .space(" ")
        .newline("\n")
        .counts([("a.b", 1)])
        .inner(HostileInner { status: "new".to_owned(), dotted: 2 })
        .build()
        .unwrap();

    hostile.put().when(!Hostile::VALUE.exists() & Hostile::SPACE.not_exists()).send(&db).await.unwrap();

    let read = Hostile::get(&hostile).consistent().send(&db).await.unwrap();
    assert_eq!(read, Some(hostile));
}
