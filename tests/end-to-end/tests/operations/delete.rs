//! `DeleteItem`.

use dynamorm::{AttributeValue, Operations};
use end_to_end::operations::{Parcel, tables};
use end_to_end::samples::{altered, database, parcel, put_raw, raw, stored};

#[tokio::test]
async fn a_deleted_item_is_gone() {
    let db = database(&[&tables::PARCELS]).await;
    let parcels = stored(&db, "Ulm", 1).await;

    Parcel::delete(("Ulm", 1)).send(&db).await.unwrap();

    assert_eq!(raw(&db, &parcels[0]).await, None);
}

#[tokio::test]
async fn deleting_an_item_that_is_not_there_is_no_error() {
    let db = database(&[&tables::PARCELS]).await;

    Parcel::delete(("Ulm", 1)).send(&db).await.unwrap();
}

#[tokio::test]
async fn a_deletion_that_needs_the_item_says_that_it_is_not_there() {
    let db = database(&[&tables::PARCELS]).await;

    let error = Parcel::delete(("Ulm", 1)).if_exists().send(&db).await.unwrap_err();

    assert!(error.is_not_found(), "{error:?}");
}

#[tokio::test]
async fn a_deletion_whose_condition_holds_deletes() {
    let db = database(&[&tables::PARCELS]).await;
    let parcels = stored(&db, "Ulm", 1).await;

    Parcel::delete(&parcels[0]).when(Parcel::WEIGHT.eq(1)).send(&db).await.unwrap();

    assert_eq!(raw(&db, &parcels[0]).await, None);
}

#[tokio::test]
async fn a_deletion_whose_condition_fails_leaves_the_item_and_returns_it() {
    let db = database(&[&tables::PARCELS]).await;
    let parcels = stored(&db, "Ulm", 1).await;

    let error = Parcel::delete(&parcels[0]).when(Parcel::WEIGHT.gt(1)).send(&db).await.unwrap_err();

    assert!(error.is_condition_failed(), "{error:?}");
    assert_eq!(error.current::<Parcel>().unwrap().unwrap(), parcels[0]);
    assert!(raw(&db, &parcels[0]).await.is_some());
}

#[tokio::test]
async fn a_condition_on_an_item_that_is_not_there_says_so() {
    let db = database(&[&tables::PARCELS]).await;

    let error = Parcel::delete(("Ulm", 1)).when(Parcel::WEIGHT.gt(1)).send(&db).await.unwrap_err();

    assert!(error.is_not_found(), "{error:?}");
}

#[tokio::test]
async fn a_condition_that_an_absent_item_would_meet_demands_the_item_all_the_same() {
    let db = database(&[&tables::PARCELS]).await;

    let error = Parcel::delete(("Ulm", 1)).when(Parcel::NOTE.not_exists()).send(&db).await.unwrap_err();

    assert!(error.is_not_found(), "{error:?}");
}

#[tokio::test]
async fn the_old_item_is_returned_where_it_is_wanted() {
    let db = database(&[&tables::PARCELS]).await;
    let parcels = stored(&db, "Ulm", 1).await;

    let old = Parcel::delete(("Ulm", 1)).return_old().send(&db).await.unwrap();

    assert_eq!(old.as_ref(), parcels.first());
}

#[tokio::test]
async fn there_is_no_old_item_where_there_was_none() {
    let db = database(&[&tables::PARCELS]).await;

    assert_eq!(Parcel::delete(("Ulm", 1)).return_old().send(&db).await.unwrap(), None);
}

#[tokio::test]
async fn an_old_item_that_cannot_be_read_is_an_error_and_deleted_all_the_same() {
    let db = database(&[&tables::PARCELS]).await;
    let parcel = parcel("Ulm", 1);
    put_raw(&db, "parcels", altered(&parcel, [("attempts", AttributeValue::Bool(true))])).await;

    let error = Parcel::delete(&parcel).return_old().send(&db).await.unwrap_err();

    assert!(error.is_item_error(), "{error:?}");
    assert_eq!(raw(&db, &parcel).await, None);
}
