//! Every field of every model, changed in every way that compiles: what is stored is what a fresh put of the same value
//! stores.

use crate::models::{Customer, Order, OrderStatus, Product};
use crate::{customer, database, order, raw_item};
use dynamorm::Operations;

/// Changes a field by an update and by a save, and compares each with a fresh put.
macro_rules! changed {
    ($model:ident, $initial:expr, $($field:ident = $value:expr => |$update:ident| $change:expr;)*) => { $({
        let db = database().await;
        let mut expected = $initial;
        expected.put().send(&db).await.unwrap();
        let $update = $model::update(&expected);
        $change.send(&db).await.unwrap();
        expected.$field = $value;
        let wanted = expected.to_item().unwrap();
        assert_eq!(raw_item(&db, &wanted).await.as_ref(), Some(&wanted), "update of {}", stringify!($field));

        let db = database().await;
        let initial = $initial;
        initial.put().send(&db).await.unwrap();
        let mut tracked = initial.tracked();
        tracked.$field = $value;
        tracked.save().send(&db).await.unwrap();
        assert_eq!(raw_item(&db, &wanted).await, Some(wanted), "save of {}", stringify!($field));
    })* };
}

#[tokio::test]
async fn of_a_customer() {
    changed!(Customer, customer("ada"),
        email = "new@example.com".to_owned() => |update| update.set(Customer::EMAIL, "new@example.com");
        name = "Grace".to_owned() => |update| update.set(Customer::NAME, "Grace");
        points = 9 => |update| update.set(Customer::POINTS, 9);
        points = 3 => |update| update.add(Customer::POINTS, 2);
    );
}

#[tokio::test]
async fn of_an_order() {
    changed!(Order, order("ada", 1, 7),
        status = OrderStatus::Returned => |update| update.set(Order::STATUS, OrderStatus::Returned);
        region = "us".to_owned() => |update| update.set_key(Order::urgency_and_region(3, "us"));
        urgency = -7 => |update| update.set_key(Order::urgency_and_region(-7, "eu"));
        warehouse = Some("south".to_owned()) => |update| update.set(Order::WAREHOUSE, "south");
        warehouse = None => |update| update.set(Order::WAREHOUSE, None);
        warehouse = None => |update| update.remove(Order::WAREHOUSE);
        note = Some("fragile".to_owned()) => |update| update.set(Order::NOTE, "fragile");
    );
}

#[tokio::test]
async fn of_a_product() {
    let product = || Product { sku: "lamp".to_owned(), title: Some("Lamp".to_owned()), aisle: 7 };
    changed!(Product, product(),
        title = Some("Light".to_owned()) => |update| update.set(Product::TITLE, "Light");
        title = None => |update| update.remove(Product::TITLE);
        aisle = 99 => |update| update.set(Product::AISLE, 99);
    );
}

#[tokio::test]
async fn of_an_upsert() {
    let db = database().await;
    let mut expected = order("ada", 1, 7);
    Order::upsert(&expected).set(Order::STATUS, OrderStatus::Shipped).send(&db).await.unwrap();
    expected.status = OrderStatus::Shipped;
    let wanted = expected.to_item().unwrap();
    assert_eq!(raw_item(&db, &wanted).await.as_ref(), Some(&wanted), "created");

    Order::upsert(&order("ada", 1, 7)).set(Order::WAREHOUSE, "south").send(&db).await.unwrap();
    expected.warehouse = Some("south".to_owned());
    let wanted = expected.to_item().unwrap();
    assert_eq!(raw_item(&db, &wanted).await, Some(wanted), "updated");
}
