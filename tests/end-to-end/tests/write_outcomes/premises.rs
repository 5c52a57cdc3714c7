//! A save never writes what its caller did not change: what it was made from must be as it was read.

use std::collections::BTreeSet;

use dynamorm::{Client, Operations};
use end_to_end::operations::{Address, Parcel, tables as parcels};
use end_to_end::samples::{database, instant, parcel};
use end_to_end::single_table::{Order, OrderStatus, tables};

fn order() -> Order {
    Order {
        customer_id: "ada".to_owned(),
        order_id: 1,
        placed_at: instant("2026-03-01T12:00:00Z"),
        status: OrderStatus::Pending,
        region: "eu".to_owned(),
        urgency: 3,
        warehouse: Some("north".to_owned()),
        note: None,
    }
}

async fn with_order() -> (Client, Order) {
    let db = database(&[&tables::SHOP]).await;
    let order = order();
    order.put().send(&db).await.unwrap();
    (db, order)
}

/// The order as it is stored, which must have the index keys that putting it would give it.
async fn assert_keys_are_fresh(db: &Client, order: &Order) -> Order {
    let key = order.to_item().unwrap().into_iter().filter(|(name, _)| ["pk", "sk"].contains(&name.as_str()));
    let request = db.sdk().get_item().table_name("shop").set_key(Some(key.collect())).consistent_read(true);
    let stored = request.send().await.unwrap().item.unwrap();
    let read = Order::get(order).consistent().send(db).await.unwrap().unwrap();
    assert_eq!(stored, read.to_item().unwrap());
    read
}

#[tokio::test]
async fn two_saves_of_different_fields_of_one_index_key_conflict() {
    let (db, order) = with_order().await;
    let (mut first, mut second) = (order.clone().tracked(), order.clone().tracked());
    first.urgency = 9;
    second.region = "us".to_owned();

    first.save().send(&db).await.unwrap();
    let error = second.save().send(&db).await.unwrap_err();

    assert!(error.is_conflict(), "{error:?}");
    let stored = assert_keys_are_fresh(&db, &order).await;
    assert_eq!((stored.urgency, stored.region.as_str()), (9, "eu"));
}

#[tokio::test]
async fn a_save_and_a_change_of_the_whole_key_conflict() {
    let (db, order) = with_order().await;
    let mut saved = order.clone().tracked();
    saved.region = "us".to_owned();

    Order::update(&order).set_key(Order::urgency_and_region(1, "asia")).send(&db).await.unwrap();
    let error = saved.save().send(&db).await.unwrap_err();

    assert!(error.is_conflict(), "{error:?}");
    assert_eq!(assert_keys_are_fresh(&db, &order).await.region, "asia");
}

#[tokio::test]
async fn saves_in_one_transaction_conflict_as_well() {
    let (db, order) = with_order().await;
    let mut saved = order.clone().tracked();
    saved.region = "us".to_owned();
    Order::update(&order).set_key(Order::urgency_and_region(1, "asia")).send(&db).await.unwrap();

    let error = saved.save().exactly_once().send(&db).await.unwrap_err();

    assert!(error.is_conflict(), "{error:?}");
    assert_keys_are_fresh(&db, &order).await;
}

#[tokio::test]
async fn saves_of_fields_that_share_no_key_are_merged() {
    let (db, order) = with_order().await;
    let (mut first, mut second) = (order.clone().tracked(), order.clone().tracked());
    first.urgency = 9;
    second.note = Some("ring twice".to_owned());
    second.status = OrderStatus::Shipped;

    first.save().send(&db).await.unwrap();
    second.save().send(&db).await.unwrap();

    let stored = assert_keys_are_fresh(&db, &order).await;
    assert_eq!((stored.urgency, stored.status), (9, OrderStatus::Shipped));
}

#[tokio::test]
async fn an_element_of_a_list_that_another_client_has_shortened_is_not_saved() {
    let db = database(&[&parcels::PARCELS]).await;
    let listed = |remarks: [&str; 3]| Parcel {
        remarks: Some(remarks.map(str::to_owned).to_vec()),
        ..parcel("Ulm", 1)
    };
    listed(["a", "b", "c"]).put().send(&db).await.unwrap();
    let mut saved = listed(["a", "b", "c"]).tracked();
    saved.remarks = Some(["a", "B", "c"].map(str::to_owned).to_vec());

    Parcel::update(("Ulm", 1)).remove(Parcel::REMARKS.at(0)).send(&db).await.unwrap();
    let error = saved.save().send(&db).await.unwrap_err();

    assert!(error.is_conflict(), "{error:?}");
    let stored = Parcel::get(("Ulm", 1)).consistent().send(&db).await.unwrap().unwrap();
    assert_eq!(stored.remarks.unwrap(), ["b", "c"]);
}

#[tokio::test]
async fn an_element_of_a_list_that_is_as_it_was_read_is_saved() {
    let db = database(&[&parcels::PARCELS]).await;
    let listed = Parcel { remarks: Some(vec!["a".to_owned(), "b".to_owned()]), ..parcel("Ulm", 1) };
    listed.put().send(&db).await.unwrap();
    let mut saved = listed.tracked();
    saved.remarks = Some(vec!["a".to_owned(), "B".to_owned()]);

    // What another client changes elsewhere is kept.
    Parcel::update(("Ulm", 1)).set(Parcel::WEIGHT, 99).send(&db).await.unwrap();
    saved.save().send(&db).await.unwrap();

    let stored = Parcel::get(("Ulm", 1)).consistent().send(&db).await.unwrap().unwrap();
    assert_eq!((stored.remarks.unwrap(), stored.weight), (vec!["a".to_owned(), "B".to_owned()], 99));
}

#[tokio::test]
async fn what_another_client_has_removed_is_not_brought_back() {
    let db = database(&[&parcels::PARCELS]).await;
    let address = |floor| Address { street: "Main".to_owned(), city: "Ulm".to_owned(), floor };
    let parcel = Parcel { address: Some(address(None)), ..parcel("Ulm", 1) };
    parcel.put().send(&db).await.unwrap();
    let mut saved = parcel.tracked();
    saved.address = Some(address(Some(3)));

    Parcel::update(("Ulm", 1)).remove(Parcel::ADDRESS).send(&db).await.unwrap();
    let error = saved.save().send(&db).await.unwrap_err();

    assert!(error.is_conflict(), "{error:?}");
    assert_eq!(Parcel::get(("Ulm", 1)).consistent().send(&db).await.unwrap().unwrap().address, None);
}

fn tags<const N: usize>(tags: [&str; N]) -> BTreeSet<String> {
    tags.map(str::to_owned).into()
}

async fn with_tags<const N: usize>(tagged: [&str; N]) -> (Client, Parcel) {
    let db = database(&[&parcels::PARCELS]).await;
    let parcel = Parcel { tags: tags(tagged), ..parcel("Ulm", 1) };
    parcel.put().send(&db).await.unwrap();
    (db, parcel)
}

async fn stored_tags(db: &Client) -> BTreeSet<String> {
    Parcel::get(("Ulm", 1)).consistent().send(db).await.unwrap().unwrap().tags
}

#[tokio::test]
async fn members_that_join_a_set_leave_those_of_others() {
    let (db, parcel) = with_tags(["a"]).await;
    let mut saved = parcel.tracked();
    saved.tags.insert("mine".to_owned());

    Parcel::update(("Ulm", 1)).add(Parcel::TAGS, tags(["theirs"])).send(&db).await.unwrap();
    saved.save().send(&db).await.unwrap();

    assert_eq!(stored_tags(&db).await, tags(["a", "mine", "theirs"]));
}

#[tokio::test]
async fn the_first_members_of_a_set_leave_those_of_others() {
    let (db, parcel) = with_tags([]).await;
    let mut saved = parcel.tracked();
    saved.tags.insert("mine".to_owned());

    Parcel::update(("Ulm", 1)).add(Parcel::TAGS, tags(["theirs"])).send(&db).await.unwrap();
    saved.save().send(&db).await.unwrap();

    assert_eq!(stored_tags(&db).await, tags(["mine", "theirs"]));
}

#[tokio::test]
async fn the_last_members_that_leave_a_set_leave_those_of_others() {
    let (db, parcel) = with_tags(["a", "b"]).await;
    let mut saved = parcel.tracked();
    saved.tags.clear();

    Parcel::update(("Ulm", 1)).add(Parcel::TAGS, tags(["theirs"])).send(&db).await.unwrap();
    saved.save().send(&db).await.unwrap();

    assert_eq!(stored_tags(&db).await, tags(["theirs"]));
}

#[tokio::test]
async fn a_set_that_members_join_and_leave_must_be_as_it_was_read() {
    let (db, parcel) = with_tags(["a"]).await;
    let (mut saved, mut conflicting) = (parcel.clone().tracked(), parcel.tracked());
    saved.tags = tags(["b"]);
    conflicting.tags = tags(["c"]);

    Parcel::update(("Ulm", 1)).set(Parcel::WEIGHT, 99).send(&db).await.unwrap();
    saved.save().send(&db).await.unwrap();
    assert_eq!(stored_tags(&db).await, tags(["b"]));
    let error = conflicting.save().send(&db).await.unwrap_err();

    assert!(error.is_conflict(), "{error:?}");
}

#[tokio::test]
async fn a_list_that_another_client_has_extended_is_not_overwritten() {
    let db = database(&[&parcels::PARCELS]).await;
    let listed = Parcel { remarks: Some(vec!["a".to_owned()]), ..parcel("Ulm", 1) };
    listed.put().send(&db).await.unwrap();
    let mut saved = listed.tracked();
    saved.remarks = Some(vec!["a".to_owned(), "mine".to_owned()]);

    Parcel::update(("Ulm", 1)).append(Parcel::REMARKS, vec!["theirs".to_owned()]).send(&db).await.unwrap();
    let error = saved.save().send(&db).await.unwrap_err();

    assert!(error.is_conflict(), "{error:?}");
    let stored = Parcel::get(("Ulm", 1)).consistent().send(&db).await.unwrap().unwrap();
    assert_eq!(stored.remarks.unwrap(), ["a", "theirs"]);
}

#[tokio::test]
async fn a_map_that_is_written_whole_must_be_as_it_was_read() {
    let db = database(&[&parcels::PARCELS]).await;
    let parcel = parcel("Ulm", 1);
    parcel.put().send(&db).await.unwrap();
    let mut saved = parcel.tracked();
    // More places than one expression names one by one.
    saved.labels.extend((0..20).map(|number| (format!("mine-{number}"), "x".to_owned())));

    let theirs = Parcel::LABELS.key("theirs");
    Parcel::update(("Ulm", 1)).set(theirs, "y".to_owned()).send(&db).await.unwrap();
    let error = saved.save().send(&db).await.unwrap_err();

    assert!(error.is_conflict(), "{error:?}");
}
