//! Keys that are composed of fields stay true whatever is written.

use crate::models::{Order, OrderStatus, Product};
use crate::{database, order, raw_item};
use dynamorm::{Client, Operations};

/// What is stored of an order is what a put of it stores.
async fn is_as_if_put(db: &Client, expected: &Order) {
    let wanted = expected.to_item().unwrap();
    assert_eq!(raw_item(db, &wanted).await, Some(wanted));
}

async fn stored() -> (Client, Order) {
    let db = database().await;
    let order = order("ada", 1, 7);
    order.put().send(&db).await.unwrap();
    (db, order)
}

#[tokio::test]
async fn index_key_stale_after_update() {
    let (db, mut order) = stored().await;

    Order::update(&order).set(Order::STATUS, OrderStatus::Shipped).send(&db).await.unwrap();
    order.status = OrderStatus::Shipped;
    is_as_if_put(&db, &order).await;
    Order::update(&order).set(Order::WAREHOUSE, "south").send(&db).await.unwrap();
    order.warehouse = Some("south".to_owned());
    is_as_if_put(&db, &order).await;
    Order::update(&order).set_key(Order::urgency_and_region(-5, "us")).send(&db).await.unwrap();
    (order.urgency, order.region) = (-5, "us".to_owned());
    is_as_if_put(&db, &order).await;
}

#[tokio::test]
async fn removing_an_optional_part_removes_the_sparse_index_entry() {
    let (db, mut order) = stored().await;

    Order::update(&order).remove(Order::WAREHOUSE).send(&db).await.unwrap();
    order.warehouse = None;
    is_as_if_put(&db, &order).await;
    assert_eq!(Order::scan_by_warehouse().count(&db).await.unwrap(), 0);

    Order::update(&order).set(Order::WAREHOUSE, "south".to_owned()).send(&db).await.unwrap();
    assert_eq!(Order::by_warehouse("south").count(&db).await.unwrap(), 1);
    Order::update(&order).set(Order::WAREHOUSE, None).send(&db).await.unwrap();
    is_as_if_put(&db, &order).await;
}

#[tokio::test]
async fn a_save_rewrites_the_keys_of_what_changed() {
    let (db, order) = stored().await;
    let mut tracked = order.tracked();

    tracked.region = "us".to_owned();
    tracked.status = OrderStatus::Returned;
    tracked.save().send(&db).await.unwrap();
    is_as_if_put(&db, &tracked).await;
    tracked.warehouse = None;
    tracked.save().send(&db).await.unwrap();
    is_as_if_put(&db, &tracked).await;
}

#[tokio::test]
async fn a_change_that_the_key_cannot_keep_is_refused_and_nothing_is_sent() {
    let (db, order) = stored().await;

    let error =
        Order::update(&order).set_key(Order::urgency_and_region(1, "e#u")).send(&db).await.unwrap_err();
    assert!(error.is_validation(), "{error}");
    is_as_if_put(&db, &order).await;
}

#[tokio::test]
async fn an_update_within_a_transaction_rewrites_keys_too() {
    let (db, mut order) = stored().await;
    let update = Order::update(&order).set(Order::STATUS, OrderStatus::Shipped);
    dynamorm::transaction().update(update).send(&db).await.unwrap();
    order.status = OrderStatus::Shipped;
    is_as_if_put(&db, &order).await;
}

#[tokio::test]
async fn a_field_of_a_template_with_a_constant_alone_is_set_on_its_own() {
    let db = database().await;
    let mut product = Product { sku: "lamp".to_owned(), title: Some("Lamp".to_owned()), aisle: 7 };
    product.put().send(&db).await.unwrap();
    Product::update("lamp").set(Product::AISLE, 12).set(Product::TITLE, "Light").send(&db).await.unwrap();
    (product.aisle, product.title) = (12, Some("Light".to_owned()));
    let wanted = product.to_item().unwrap();
    assert_eq!(raw_item(&db, &wanted).await, Some(wanted));
    assert_eq!(Product::by_shelf(12).title().begins_with("Li").count(&db).await.unwrap(), 1);
}
