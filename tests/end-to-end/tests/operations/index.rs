//! Queries and scans of indexes, with each projection.

use dynamorm::Operations;
use end_to_end::multi_attribute_keys;
use end_to_end::operations::{Hostile, Parcel, Reading, State, tables};
use end_to_end::samples::{database, instant, parcel, stored};
use test_support::can_run;

#[tokio::test]
async fn a_global_index_of_all_attributes_returns_whole_items() {
    let db = database(&[&tables::PARCELS]).await;
    let parcels = stored(&db, "Ulm", 3).await;
    Parcel { recipient: "Grace".to_owned(), ..parcel("Ulm", 4) }.put().send(&db).await.unwrap();

    assert_eq!(Parcel::by_recipient("Ada").items(&db).all().await.unwrap(), parcels);
}

#[tokio::test]
async fn the_sort_key_of_a_global_index_restricts_a_query() {
    let db = database(&[&tables::PARCELS]).await;
    let parcels = stored(&db, "Ulm", 4).await;

    let (low, high) = (instant("2024-03-02T00:00:00Z"), instant("2024-03-03T23:00:00Z"));
    let found = Parcel::by_recipient("Ada").arrived_at().between(low, high);

    assert_eq!(found.items(&db).all().await.unwrap(), parcels[1..3]);
}

#[tokio::test]
async fn a_partial_projection_returns_exactly_its_attributes() {
    let db = database(&[&tables::PARCELS]).await;
    let tagged = Parcel { tags: ["late".to_owned()].into(), ..parcel("Ulm", 1) };
    tagged.put().send(&db).await.unwrap();

    let found = Parcel::by_state(State::Stored).items(&db).all().await.unwrap();

    let end_to_end::operations::ParcelByState { depot, number, recipient, weight, state, tags } = &found[0];
    assert_eq!((depot.as_str(), *number, recipient.as_str()), ("Ulm", 1, "Ada"));
    assert_eq!((*weight, *state, tags), (1, State::Stored, &tagged.tags));
}

#[tokio::test]
async fn an_attribute_with_a_default_is_read_from_a_partial_projection() {
    let db = database(&[&tables::PARCELS]).await;
    stored(&db, "Ulm", 1).await;

    let found = Parcel::by_state(State::Stored).items(&db).all().await.unwrap();

    assert!(found[0].tags.is_empty());
}

#[tokio::test]
async fn a_filter_on_projected_attributes_restricts_a_partial_projection() {
    use end_to_end::operations::ParcelByState;
    let db = database(&[&tables::PARCELS]).await;
    stored(&db, "Ulm", 3).await;

    let found = Parcel::by_state(State::Stored).number().ge(2).filter(ParcelByState::WEIGHT.lt(3));

    assert_eq!(found.items(&db).all().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_projected_item_is_hydrated_to_the_whole_one() {
    let db = database(&[&tables::PARCELS]).await;
    let parcels = stored(&db, "Ulm", 1).await;

    let found = Parcel::by_state(State::Stored).items(&db).all().await.unwrap();

    assert_eq!(found[0].hydrate().consistent().send(&db).await.unwrap().as_ref(), parcels.first());
}

#[tokio::test]
async fn the_key_of_a_projected_item_is_that_of_the_whole_one() {
    let db = database(&[&tables::PARCELS]).await;
    let parcels = stored(&db, "Ulm", 1).await;

    let found = Parcel::by_state(State::Stored).items(&db).all().await.unwrap();

    assert_eq!(found[0].key(), parcels[0].key());
}

#[tokio::test]
async fn only_items_with_the_key_are_in_a_sparse_index() {
    let db = database(&[&tables::PARCELS]).await;
    stored(&db, "Ulm", 2).await;
    let carried = Parcel { courier: Some("Kay".to_owned()), ..parcel("Ulm", 3) };
    carried.put().send(&db).await.unwrap();

    let found = Parcel::scan_by_courier().items(&db).all().await.unwrap();

    assert_eq!(found.iter().map(|found| found.number).collect::<Vec<_>>(), [3]);
}

#[tokio::test]
async fn an_item_leaves_a_sparse_index_when_its_key_is_removed() {
    let db = database(&[&tables::PARCELS]).await;
    let carried = Parcel { courier: Some("Kay".to_owned()), ..parcel("Ulm", 3) };
    carried.put().send(&db).await.unwrap();
    assert_eq!(Parcel::by_courier("Kay").count(&db).await.unwrap(), 1);

    Parcel::update(&carried).set(Parcel::COURIER, None).send(&db).await.unwrap();

    assert_eq!(Parcel::by_courier("Kay").count(&db).await.unwrap(), 0);
}

#[tokio::test]
async fn the_key_in_a_sparse_index_is_none_without_its_attribute() {
    let carried = Parcel { courier: Some("Kay".to_owned()), ..parcel("Ulm", 3) };

    assert_eq!(parcel("Ulm", 3).by_courier_key(), None);
    assert_eq!(carried.by_courier_key().unwrap().courier, "Kay");
}

#[tokio::test]
async fn a_keys_only_projection_returns_the_keys() {
    let db = database(&[&tables::PARCELS]).await;
    Parcel { courier: Some("Kay".to_owned()), ..parcel("Ulm", 3) }.put().send(&db).await.unwrap();

    let found = Parcel::by_courier("Kay").items(&db).all().await.unwrap();

    let end_to_end::operations::ParcelByCourier { depot, number, courier } = &found[0];
    assert_eq!((depot.as_str(), *number), ("Ulm", 3));
    assert_eq!(courier.as_deref(), Some("Kay"));
}

#[tokio::test]
async fn a_local_index_orders_its_partition_by_another_attribute() {
    let db = database(&[&tables::PARCELS]).await;
    for (number, weight) in [(1, 30), (2, 10), (3, 20)] {
        Parcel { weight, ..parcel("Ulm", number) }.put().send(&db).await.unwrap();
    }

    let found = Parcel::by_weight("Ulm").weight().gt(10).items(&db).all().await.unwrap();

    assert_eq!(
        found.iter().map(|found| (found.number, found.weight)).collect::<Vec<_>>(),
        [(3, 20), (1, 30)]
    );
}

#[tokio::test]
async fn a_local_index_is_read_consistently() {
    let db = database(&[&tables::PARCELS]).await;
    stored(&db, "Ulm", 2).await;

    assert_eq!(Parcel::by_weight("Ulm").consistent().items(&db).all().await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_local_index_of_all_attributes_returns_whole_items() {
    let db = database(&[&tables::PARCELS]).await;
    let parcels = stored(&db, "Ulm", 2).await;

    assert_eq!(Parcel::by_arrival("Ulm").items(&db).all().await.unwrap(), parcels);
}

#[tokio::test]
async fn an_index_is_scanned() {
    let db = database(&[&tables::PARCELS]).await;
    stored(&db, "Bonn", 1).await;
    stored(&db, "Ulm", 2).await;

    assert_eq!(Parcel::scan_by_weight().items(&db).all().await.unwrap().len(), 3);
    assert_eq!(Parcel::scan_by_recipient().count(&db).await.unwrap(), 3);
}

#[tokio::test]
async fn an_index_has_keys_of_dates_and_large_numbers() {
    let db = database(&[&tables::READINGS]).await;
    let day: dynamorm::Date = "2024-02-29".parse().unwrap();
    let taken_at = instant("2024-02-29T12:00:00Z");
    let level = -99_999_999_999_999_999_999_999_999_999_999_999_999_i128;
    let reading = Reading::builder().device(vec![1]).taken_at(taken_at).day(day).taken_at_text(taken_at);
    let reading = reading.level(level).payload(vec![9]).build().unwrap();
    reading.put().send(&db).await.unwrap();

    assert_eq!(Reading::by_day(day).items(&db).all().await.unwrap(), std::slice::from_ref(&reading));
    assert_eq!(Reading::by_level(level).items(&db).all().await.unwrap(), [reading]);
}

fn shipment(
    id: &str,
    carrier: u16,
    day: &str,
    priority: Option<u8>,
    weight: u32,
) -> multi_attribute_keys::Shipment {
    multi_attribute_keys::Shipment {
        id: id.to_owned(),
        region: "north".to_owned(),
        carrier,
        day: day.parse().expect("the text is a date"),
        priority,
        weight,
    }
}

async fn shipments() -> dynamorm::Client {
    let db = database(multi_attribute_keys::TABLES).await;
    for shipment in [
        shipment("a", 1, "2024-01-01", Some(1), 10),
        shipment("b", 1, "2024-01-01", Some(2), 20),
        shipment("c", 1, "2024-01-01", Some(2), 30),
        shipment("d", 1, "2024-01-02", Some(1), 40),
        shipment("e", 2, "2024-01-01", Some(1), 50),
        shipment("f", 1, "2024-01-01", None, 60),
    ] {
        shipment.put().send(&db).await.unwrap();
    }
    db
}

fn ids(shipments: &[multi_attribute_keys::Shipment]) -> String {
    shipments.iter().map(|shipment| shipment.id.as_str()).collect()
}

#[tokio::test]
async fn an_index_of_several_attributes_is_queried_by_its_whole_partition_key() {
    if !can_run("an_index_of_several_attributes_is_queried_by_its_whole_partition_key") {
        return;
    }
    let db = shipments().await;

    let found = multi_attribute_keys::Shipment::by_region("north", 1).items(&db).all().await.unwrap();

    assert_eq!(ids(&found), "abcd");
}

#[tokio::test]
async fn an_index_of_several_attributes_is_narrowed_from_left_to_right() {
    if !can_run("an_index_of_several_attributes_is_narrowed_from_left_to_right") {
        return;
    }
    let db = shipments().await;
    let day: dynamorm::Date = "2024-01-01".parse().unwrap();

    let by_day = multi_attribute_keys::Shipment::by_region("north", 1).day().eq(day);
    let by_priority = multi_attribute_keys::Shipment::by_region("north", 1).day().eq(day).priority().eq(2);
    let by_weight =
        multi_attribute_keys::Shipment::by_region("north", 1).day().eq(day).priority().eq(2).weight().gt(20);

    assert_eq!(ids(&by_day.items(&db).all().await.unwrap()), "abc");
    assert_eq!(ids(&by_priority.items(&db).all().await.unwrap()), "bc");
    assert_eq!(ids(&by_weight.items(&db).all().await.unwrap()), "c");
}

#[tokio::test]
async fn an_item_that_lacks_a_part_of_an_index_key_is_not_in_the_index() {
    if !can_run("an_item_that_lacks_a_part_of_an_index_key_is_not_in_the_index") {
        return;
    }
    let db = shipments().await;

    let found = multi_attribute_keys::Shipment::scan_by_region().items(&db).all().await.unwrap();

    assert!(found.iter().all(|shipment| shipment.id != "f"));
}

#[tokio::test]
async fn indexes_with_hostile_names_are_queried() {
    let db = database(&[&tables::HOSTILE]).await;
    for (second, size) in [("a", 1), ("b", 2)] {
        let hostile = Hostile::builder().first("k").second(second).hash("#").size(size).counts([("a", 1)]);
        hostile.build().unwrap().put().send(&db).await.unwrap();
    }

    let by_hash = Hostile::by_hash("#").size().gt(1).filter(Hostile::COUNTS.key("a").eq(1));
    let by_size = Hostile::by_size(1).hash().begins_with("#");

    assert_eq!(by_hash.count(&db).await.unwrap(), 1);
    assert_eq!(by_size.count(&db).await.unwrap(), 1);
}
