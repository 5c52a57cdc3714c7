//! Reads of chosen attributes.

use dynamorm::{AttributeValue, Operations};
use end_to_end::connector::recorded;
use end_to_end::operations::{Hostile, Parcel, ParcelByState, State, tables};
use end_to_end::samples::{altered, database, parcel, put_raw, stored};

#[tokio::test]
async fn one_attribute_is_read_as_its_value() {
    let db = database(&[&tables::PARCELS]).await;
    stored(&db, "Ulm", 1).await;

    let weight = Parcel::get(("Ulm", 1)).consistent().select(Parcel::WEIGHT).send(&db).await.unwrap();

    assert_eq!(weight, Some(1));
}

#[tokio::test]
async fn several_attributes_are_read_as_a_tuple() {
    let db = database(&[&tables::PARCELS]).await;
    stored(&db, "Ulm", 1).await;

    let chosen = (Parcel::RECIPIENT, Parcel::NUMBER, Parcel::STATE);
    let read = Parcel::get(("Ulm", 1)).consistent().select(chosen).send(&db).await.unwrap();

    assert_eq!(read, Some(("Ada".to_owned(), 1, State::Stored)));
}

#[tokio::test]
async fn a_selection_of_an_item_that_is_not_there_is_none() {
    let db = database(&[&tables::PARCELS]).await;

    assert_eq!(Parcel::get(("Ulm", 1)).select(Parcel::WEIGHT).send(&db).await.unwrap(), None);
}

#[tokio::test]
async fn a_selected_optional_attribute_may_be_missing() {
    let db = database(&[&tables::PARCELS]).await;
    stored(&db, "Ulm", 1).await;

    let read =
        Parcel::get(("Ulm", 1)).consistent().select((Parcel::NOTE, Parcel::TAGS)).send(&db).await.unwrap();

    assert_eq!(read, Some((None, [].into())));
}

#[tokio::test]
async fn a_selected_attribute_of_another_type_is_an_error_that_names_it() {
    let db = database(&[&tables::PARCELS]).await;
    let parcel = parcel("Ulm", 1);
    put_raw(&db, "parcels", altered(&parcel, [("postage", AttributeValue::Bool(true))])).await;

    let error = Parcel::get(&parcel).consistent().select(Parcel::POSTAGE).send(&db).await.unwrap_err();

    assert!(error.is_item_error(), "{error:?}");
    assert_eq!(error.attribute(), Some("postage"));
}

#[tokio::test]
async fn a_selected_required_attribute_that_is_missing_is_an_error_that_names_it() {
    let db = database(&[&tables::PARCELS]).await;
    let parcel = parcel("Ulm", 1);
    let mut item = altered(&parcel, []);
    item.remove("recipient");
    put_raw(&db, "parcels", item).await;

    let error = Parcel::get(&parcel).consistent().select(Parcel::RECIPIENT).send(&db).await.unwrap_err();

    assert!(error.is_item_error(), "{error:?}");
    assert_eq!(error.attribute(), Some("recipient"));
    assert_eq!(error.key(), Some("depot = \"Ulm\", number = 1"));
}

#[tokio::test]
async fn the_items_of_a_query_are_read_as_tuples() {
    let db = database(&[&tables::PARCELS]).await;
    stored(&db, "Ulm", 2).await;

    let read = Parcel::query("Ulm").descending().select((Parcel::NUMBER, Parcel::WEIGHT)).items(&db);

    assert_eq!(read.all().await.unwrap(), [(2, 2), (1, 1)]);
}

#[tokio::test]
async fn the_items_of_an_index_are_read_as_tuples() {
    let db = database(&[&tables::PARCELS]).await;
    stored(&db, "Ulm", 2).await;

    let chosen = (ParcelByState::WEIGHT, ParcelByState::RECIPIENT);
    let read = Parcel::by_state(State::Stored).select(chosen).items(&db).all().await.unwrap();

    assert_eq!(read, [(1, "Ada".to_owned()), (2, "Ada".to_owned())]);
}

#[tokio::test]
async fn a_selection_goes_together_with_a_filter_on_other_attributes() {
    let db = database(&[&tables::PARCELS]).await;
    stored(&db, "Ulm", 3).await;

    let read = Parcel::scan().filter(Parcel::WEIGHT.eq(2)).select(Parcel::RECIPIENT).items(&db);

    assert_eq!(read.all().await.unwrap(), ["Ada"]);
}

#[tokio::test]
async fn hostile_names_are_selected() {
    let db = database(&[&tables::HOSTILE]).await;
    let hostile = Hostile::builder().first("k").second("s").hash("#").size(-1).value(":v").counts([("a", 1)]);
    hostile.build().unwrap().put().send(&db).await.unwrap();

    let chosen = (Hostile::HASH, Hostile::SIZE, Hostile::VALUE, Hostile::COUNTS, Hostile::NEWLINE);
    let read = Hostile::get(("k", "s")).consistent().select(chosen).send(&db).await.unwrap().unwrap();

    assert_eq!(read, ("#".to_owned(), -1, Some(":v".to_owned()), [("a".to_owned(), 1)].into(), None));
}

#[tokio::test]
async fn an_attribute_that_is_selected_twice_is_refused_before_sending() {
    let (db, record) = recorded(&test_support::client().await);

    let query = Parcel::query("Ulm").select((Parcel::WEIGHT, Parcel::WEIGHT)).send(&db).await.unwrap_err();
    let get = Parcel::get(("Ulm", 1)).select((Parcel::WEIGHT, Parcel::WEIGHT)).send(&db).await.unwrap_err();

    assert!(query.is_validation(), "{query:?}");
    assert!(get.is_validation(), "{get:?}");
    assert!(record.sent().is_empty());
}
