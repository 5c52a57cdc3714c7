//! `GetItem`.

use dynamorm::{AttributeValue, Operations};
use end_to_end::operations::{Mark, Parcel, ParcelKey, Reading, tables};
use end_to_end::samples::{altered, database, instant, parcel, put_raw, stored};

#[tokio::test]
async fn an_item_that_is_not_there_is_none() {
    let db = database(&[&tables::PARCELS]).await;

    assert_eq!(Parcel::get(("Ulm", 1)).send(&db).await.unwrap(), None);
}

#[tokio::test]
async fn an_item_is_read_by_its_key_struct() {
    let db = database(&[&tables::PARCELS]).await;
    let parcels = stored(&db, "Ulm", 1).await;
    let key = ParcelKey::new("Ulm", 1);

    let by_reference = Parcel::get(&key).consistent().send(&db).await.unwrap();
    let by_value = Parcel::get(key).consistent().send(&db).await.unwrap();

    assert_eq!(by_reference.as_ref(), parcels.first());
    assert_eq!(by_value.as_ref(), parcels.first());
}

#[tokio::test]
async fn an_item_is_read_by_the_values_of_its_key_in_their_order() {
    let db = database(&[&tables::PARCELS]).await;
    let parcels = stored(&db, "Ulm", 2).await;

    let read = Parcel::get(("Ulm", 2)).consistent().send(&db).await.unwrap();

    assert_eq!(read.as_ref(), parcels.get(1));
}

#[tokio::test]
async fn an_item_of_a_table_without_a_sort_key_is_read_by_the_value_itself() {
    let db = database(&[&tables::MARKS]).await;
    let mark = Mark::builder().name("red").count(3).build().unwrap();
    mark.put().send(&db).await.unwrap();

    assert_eq!(Mark::get("red").consistent().send(&db).await.unwrap().as_ref(), Some(&mark));
    assert_eq!(Mark::get("red".to_owned()).consistent().send(&db).await.unwrap(), Some(mark));
}

#[tokio::test]
async fn an_item_is_read_again_by_itself() {
    let db = database(&[&tables::PARCELS]).await;
    let parcels = stored(&db, "Ulm", 1).await;

    assert_eq!(Parcel::get(&parcels[0]).consistent().send(&db).await.unwrap().as_ref(), parcels.first());
}

#[tokio::test]
async fn keys_of_bytes_and_instants_find_their_item() {
    let db = database(&[&tables::READINGS]).await;
    let taken_at = instant("2024-02-29T23:59:59.999Z");
    let reading = Reading::builder()
        .device(vec![0, 255])
        .taken_at(taken_at)
        .day("2024-02-29".parse::<dynamorm::Date>().unwrap())
        .taken_at_text(taken_at)
        .level(-1)
        .payload(vec![1])
        .build()
        .unwrap();
    reading.put().send(&db).await.unwrap();

    assert_eq!(Reading::get((vec![0, 255], taken_at)).consistent().send(&db).await.unwrap(), Some(reading));
}

#[tokio::test]
async fn attributes_that_the_model_does_not_know_are_passed_over() {
    let db = database(&[&tables::PARCELS]).await;
    let parcel = parcel("Ulm", 1);
    put_raw(&db, "parcels", altered(&parcel, [("unknown", AttributeValue::L(Vec::new()))])).await;

    assert_eq!(Parcel::get(&parcel).consistent().send(&db).await.unwrap(), Some(parcel));
}

#[tokio::test]
async fn null_is_read_as_none() {
    let db = database(&[&tables::PARCELS]).await;
    let parcel = parcel("Ulm", 1);
    put_raw(&db, "parcels", altered(&parcel, [("note", AttributeValue::Null(true))])).await;

    assert_eq!(Parcel::get(&parcel).consistent().send(&db).await.unwrap().unwrap().note, None);
}

#[tokio::test]
async fn a_missing_attribute_is_read_as_its_literal_default() {
    let db = database(&[&tables::PARCELS]).await;
    let parcel = parcel("Ulm", 1);
    let mut item = altered(&parcel, []);
    item.remove("state");
    item.remove("route");
    put_raw(&db, "parcels", item).await;

    assert_eq!(Parcel::get(&parcel).consistent().send(&db).await.unwrap(), Some(parcel));
}

#[tokio::test]
async fn integers_that_another_program_wrote_with_an_exponent_are_read() {
    let item = altered(&parcel("Ulm", 1), [("weight", AttributeValue::N("1.2E3".to_owned()))]);

    assert_eq!(Parcel::from_item(item).unwrap().weight, 1_200);
}

#[tokio::test]
async fn a_missing_required_attribute_is_an_error_that_names_the_item_and_the_attribute() {
    let db = database(&[&tables::PARCELS]).await;
    let parcel = parcel("Ulm", 1);
    let mut item = altered(&parcel, []);
    item.remove("recipient");
    put_raw(&db, "parcels", item).await;

    let error = Parcel::get(&parcel).consistent().send(&db).await.unwrap_err();

    assert!(error.is_item_error(), "{error:?}");
    assert_eq!(error.model(), Some("Parcel"));
    assert_eq!(error.table(), Some("parcels"));
    assert_eq!(error.key(), Some("depot = \"Ulm\", number = 1"));
    assert_eq!(error.attribute(), Some("recipient"));
}

#[tokio::test]
async fn an_attribute_of_another_type_is_an_error_with_its_whole_path() {
    let db = database(&[&tables::PARCELS]).await;
    let parcel = parcel("Ulm", 1);
    let stop = AttributeValue::M(
        [
            ("place".to_owned(), AttributeValue::S("Ulm".to_owned())),
            ("arrival".to_owned(), AttributeValue::S("2024-03-01T00:00:00.000000Z".to_owned())),
            ("pieces".to_owned(), AttributeValue::S("two".to_owned())),
        ]
        .into(),
    );
    put_raw(&db, "parcels", altered(&parcel, [("route", AttributeValue::L(vec![stop]))])).await;

    let error = Parcel::get(&parcel).consistent().send(&db).await.unwrap_err();

    assert!(error.is_item_error(), "{error:?}");
    assert_eq!(error.attribute(), Some("route[0].pieces"));
}

#[tokio::test]
async fn a_number_beyond_its_type_is_an_error_of_the_item() {
    let item = altered(&parcel("Ulm", 1), [("attempts", AttributeValue::N("256".to_owned()))]);

    let error = Parcel::from_item(item).unwrap_err();

    assert!(error.is_item_error(), "{error:?}");
    assert_eq!(error.attribute(), Some("attempts"));
}

#[tokio::test]
async fn an_unknown_variant_is_an_error_of_the_item() {
    let item = altered(&parcel("Ulm", 1), [("state", AttributeValue::S("lost".to_owned()))]);

    let error = Parcel::from_item(item).unwrap_err();

    assert!(error.is_item_error(), "{error:?}");
    assert_eq!(error.attribute(), Some("state"));
}
