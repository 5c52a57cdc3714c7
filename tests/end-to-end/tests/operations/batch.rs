//! Batches of any size.

use std::time::Duration;

use dynamorm::{BatchRequest, Operations};
use end_to_end::operations::{Mark, MarkKey, Parcel, tables};
use end_to_end::samples::{database, parcel, stored};

fn mark(number: u32) -> Mark {
    Mark { name: format!("mark-{number:04}"), count: Some(number) }
}

#[tokio::test]
async fn a_batch_puts_more_items_than_one_request_takes() {
    let db = database(&[&tables::MARKS]).await;
    let marks: Vec<_> = (0..130).map(mark).collect();

    dynamorm::batch_write().put_all(&marks).send(&db).await.unwrap();

    assert_eq!(Mark::scan().count(&db).await.unwrap(), 130);
}

#[tokio::test]
async fn a_batch_writes_to_several_tables_and_deletes_too() {
    let db = database(&[&tables::MARKS, &tables::PARCELS]).await;
    mark(1).put().send(&db).await.unwrap();

    let batch =
        dynamorm::batch_write().put(&mark(2)).delete(MarkKey::new("mark-0001")).put(&parcel("Ulm", 1));
    batch.send(&db).await.unwrap();

    assert_eq!(Mark::scan().items(&db).all().await.unwrap(), [mark(2)]);
    assert_eq!(Parcel::scan().count(&db).await.unwrap(), 1);
}

#[tokio::test]
async fn an_invalid_item_keeps_the_whole_batch_from_being_sent_and_is_named_by_its_position() {
    let db = database(&[&tables::PARCELS]).await;
    let wrong = Parcel { recipient: String::new(), ..parcel("Ulm", 2) };

    let error = dynamorm::batch_write().put(&parcel("Ulm", 1)).put(&wrong).send(&db).await.unwrap_err();

    assert!(error.is_validation());
    assert_eq!(error.attribute(), Some("[1].recipient"));
    assert_eq!(Parcel::scan().count(&db).await.unwrap(), 0);
}

#[tokio::test]
async fn two_requests_on_one_item_are_found_before_sending() {
    let db = database(&[&tables::MARKS]).await;

    let error =
        dynamorm::batch_write().put(&mark(1)).delete::<Mark>("mark-0001").send(&db).await.unwrap_err();

    assert!(error.is_validation());
    assert_eq!(error.attribute(), Some("[1]"));
}

#[tokio::test]
async fn what_could_not_be_written_comes_back_typed_and_can_be_sent_again() {
    let db = database(&[]).await;
    let batch = dynamorm::batch_write().put(&mark(1)).delete(MarkKey::new("mark-0002"));

    let error = batch.send(&db).await.unwrap_err();
    assert!(error.is_table_not_found(), "{error}");
    let rest = error.into_unwritten().unwrap();
    assert_eq!(rest.puts::<Mark>().unwrap(), [mark(1)]);
    assert!(matches!(&rest.clone().into_requests()[1], BatchRequest::Delete { model: "Mark", .. }));

    db.create_table(&tables::MARKS).await.unwrap();
    rest.send(&db).await.unwrap();
    assert_eq!(Mark::scan().items(&db).all().await.unwrap(), [mark(1)]);
}

#[tokio::test]
async fn an_empty_batch_sends_nothing() {
    let db = database(&[]).await;

    dynamorm::batch_write().send(&db).await.unwrap();
}

#[tokio::test]
async fn a_batch_of_keys_finds_items_in_the_order_of_the_keys() {
    let db = database(&[&tables::MARKS]).await;
    let marks: Vec<_> = (0..230).map(mark).collect();
    dynamorm::batch_write().put_all(&marks).send(&db).await.unwrap();
    let keys = (0..230).rev().map(|number| MarkKey::new(format!("mark-{number:04}")));

    let found = Mark::batch_get(keys).consistent().send(&db).await.unwrap().into_items().unwrap();

    assert_eq!(found.len(), 230);
    assert!(found.iter().zip(marks.iter().rev()).all(|(found, mark)| found.as_ref() == Some(mark)));
}

#[tokio::test]
async fn a_key_without_an_item_and_a_key_given_twice_have_their_places() {
    let db = database(&[&tables::MARKS]).await;
    mark(1).put().send(&db).await.unwrap();

    let found = Mark::batch_get(["mark-0001", "nobody", "mark-0001"]).send(&db).await.unwrap();

    assert_eq!(found.into_items().unwrap(), [Some(mark(1)), None, Some(mark(1))]);
}

#[tokio::test]
async fn a_batch_of_keys_reads_chosen_attributes() {
    let db = database(&[&tables::PARCELS]).await;
    let parcels = stored(&db, "Ulm", 3).await;

    let weights = Parcel::batch_get(&parcels).select((Parcel::WEIGHT, Parcel::NOTE)).send(&db).await.unwrap();

    assert_eq!(weights.into_found().unwrap(), [(1, None), (2, None), (3, None)]);
}

#[tokio::test]
async fn large_items_are_cut_into_requests_that_dynamodb_takes() {
    let db = database(&[&tables::PARCELS]).await;
    let parcels: Vec<_> = (1..=30)
        .map(|number| Parcel { note: Some("\u{1}".repeat(100_000)), ..parcel("Ulm", number) })
        .collect();

    dynamorm::batch_write().put_all(&parcels).deadline(Duration::from_secs(60)).send(&db).await.unwrap();

    assert_eq!(Parcel::batch_get(&parcels).send(&db).await.unwrap().into_found().unwrap(), parcels);
}
