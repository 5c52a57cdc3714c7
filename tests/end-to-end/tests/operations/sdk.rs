//! The way out: the SDK's own builders, filled in so far.

use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use dynamorm::Operations;
use end_to_end::operations::{Parcel, tables};
use end_to_end::samples::{database, parcel, stored};

#[tokio::test]
async fn a_put_goes_on_as_the_sdks() {
    let db = database(&[&tables::PARCELS]).await;
    let parcels = stored(&db, "Ulm", 1).await;

    let request = parcels[0].put().when(Parcel::WEIGHT.eq(1)).into_sdk(&db).unwrap();
    let output = request.return_values(ReturnValue::AllOld).send().await.unwrap();

    assert_eq!(output.attributes().unwrap()["weight"], AttributeValue::N("1".to_owned()));
}

#[tokio::test]
async fn a_get_goes_on_as_the_sdks() {
    let db = database(&[&tables::PARCELS]).await;
    stored(&db, "Ulm", 1).await;

    let request = Parcel::get(("Ulm", 1)).consistent().into_sdk(&db).unwrap();
    let output = request.projection_expression("weight").send().await.unwrap();

    assert_eq!(output.item, Some([("weight".to_owned(), AttributeValue::N("1".to_owned()))].into()));
}

#[tokio::test]
async fn an_update_goes_on_as_the_sdks() {
    let db = database(&[&tables::PARCELS]).await;
    stored(&db, "Ulm", 1).await;

    let request = Parcel::update(("Ulm", 1)).add(Parcel::WEIGHT, 1).into_sdk(&db).unwrap();
    let output = request.return_values(ReturnValue::UpdatedNew).send().await.unwrap();

    assert_eq!(output.attributes().unwrap()["weight"], AttributeValue::N("2".to_owned()));
}

#[tokio::test]
async fn a_deletion_goes_on_as_the_sdks() {
    let db = database(&[&tables::PARCELS]).await;
    stored(&db, "Ulm", 1).await;

    let request = Parcel::delete(("Ulm", 1)).if_exists().into_sdk(&db).unwrap();
    let output = request.return_values(ReturnValue::AllOld).send().await.unwrap();

    assert_eq!(output.attributes().unwrap()["weight"], AttributeValue::N("1".to_owned()));
}

#[tokio::test]
async fn a_query_goes_on_as_the_sdks() {
    let db = database(&[&tables::PARCELS]).await;
    stored(&db, "Ulm", 3).await;

    let query = Parcel::query("Ulm").number().ge(2).filter(Parcel::WEIGHT.ne(9));
    let output = query.into_sdk(&db).unwrap().limit(1).send().await.unwrap();

    assert_eq!(output.items()[0]["number"], AttributeValue::N("2".to_owned()));
}

#[tokio::test]
async fn a_scan_goes_on_as_the_sdks() {
    let db = database(&[&tables::PARCELS]).await;
    stored(&db, "Ulm", 3).await;

    let output = Parcel::scan().filter(Parcel::WEIGHT.gt(1)).into_sdk(&db).unwrap().send().await.unwrap();

    assert_eq!((output.count(), output.scanned_count()), (2, 3));
}

#[tokio::test]
async fn a_query_whose_sort_key_is_open_goes_on_as_the_sdks() {
    let db = database(&[&tables::PARCELS]).await;
    stored(&db, "Ulm", 3).await;

    let output = Parcel::query("Ulm").into_sdk(&db).unwrap().limit(2).send().await.unwrap();

    assert_eq!(output.count(), 2);
}

#[tokio::test]
async fn what_is_invalid_does_not_become_a_request() {
    let db = test_support::client().await;
    let invalid = Parcel { recipient: String::new(), ..parcel("Ulm", 1) };

    assert!(invalid.put().into_sdk(&db).unwrap_err().is_validation());
    assert!(Parcel::get(("", 1)).into_sdk(&db).unwrap_err().is_validation());
    assert!(Parcel::update(("", 1)).into_sdk(&db).unwrap_err().is_validation());
    assert!(Parcel::delete(("", 1)).into_sdk(&db).unwrap_err().is_validation());
}
