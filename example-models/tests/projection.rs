//! The projection, whose consumer stops wherever it may: in the end it is what the orders say.

use dynamorm::changes::{LambdaEvent, handle};
use dynamorm::{Client, Decimal, Operations, Uuid};
use example_models::projection::{self, expected, keep, project, resumed, summaries};
use example_models::shop::{self, Order, OrderStatus, ShopChange};

async fn database() -> Client {
    let db = Client::embedded().unwrap();
    db.create_tables(shop::TABLES).await.unwrap();
    db.create_tables(projection::TABLES).await.unwrap();
    db
}

async fn order(db: &Client, number: u32) {
    let order = Order::builder()
        .customer_id(Uuid::from_u128(u128::from(number % 3)))
        .status(OrderStatus::Pending)
        .region("eu")
        .total(Decimal::from(10 * number))
        .build()
        .unwrap();
    order.put().send(db).await.unwrap();
    match number % 4 {
        0 => Order::update(&order).set(Order::TOTAL, Decimal::from(5)).send(db).await.unwrap(),
        1 => Order::delete(&order).send(db).await.unwrap(),
        _ => {}
    }
}

#[tokio::test]
async fn a_consumer_that_stops_anywhere_ends_with_the_same_summaries() {
    // Where it stops: before a change is handled, after it, or after its position has been kept.
    for lifetime in 1..=12 {
        let db = database().await;
        for number in 1..=7 {
            order(&db, number).await;
        }
        let mut is_done = false;
        while !is_done {
            let mut changes = resumed(&db).await.unwrap().until_idle(1);
            let mut steps = 0;
            is_done = loop {
                let Some(change) = changes.next().await else { break true };
                let change = change.unwrap();
                steps += 1;
                if steps > lifetime {
                    break false;
                }
                project(&db, &change).await.unwrap();
                steps += 1;
                // A consumer that never kept its position would never get on.
                if steps > lifetime && lifetime > 2 {
                    break false;
                }
                keep(&db, &changes).await.unwrap();
            };
        }
        let of_customers = summaries(&db).await.unwrap();
        let of_customers: Vec<_> = of_customers.into_iter().filter(|summary| summary.orders != 0).collect();
        assert_eq!(of_customers, expected(&db).await.unwrap(), "stopped after {lifetime} steps");
    }
}

#[tokio::test]
async fn the_same_handler_serves_lambda() {
    let db = database().await;
    let body = include_bytes!("../data/order-events.json");
    let event = LambdaEvent::<ShopChange>::read(body).unwrap();
    // Lambda may deliver it twice.
    for _ in 0..2 {
        let response = handle(&event, |change| {
            let db = &db;
            async move { project(db, &change).await }
        });
        let response = response.await;
        assert_eq!((response.handled(), response.to_json().as_str()), (3, r#"{"batchItemFailures":[]}"#));
    }
    let summaries = summaries(&db).await.unwrap();
    let shown: Vec<_> = summaries.iter().map(|one| (one.orders, one.total.to_string())).collect();
    assert_eq!(shown, [(1, "120".to_owned())]);
}
