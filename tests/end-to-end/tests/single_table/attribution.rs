//! Whose each result of a batch or a transaction is.

use crate::models::{Customer, Order};
use crate::{customer, database, order};
use dynamorm::Operations;

#[tokio::test]
async fn batch_or_transaction_result_not_attributable() {
    let db = database().await;
    customer("1").put().send(&db).await.unwrap();
    order("1", 1, 7).put().send(&db).await.unwrap();

    let found = Customer::batch_get(["2", "1", "3"]).send(&db).await.unwrap();
    let error = dynamorm::transaction()
        .put(order("1", 2, 8).put())
        .put(Customer { points: 9, ..customer("1") }.put().if_not_exists())
        .update(Order::update(&order("1", 3, 9)).set(Order::NOTE, "late"))
        .send(&db)
        .await
        .unwrap_err();

    let found: Vec<_> = found.items().iter().map(|item| item.as_ref().unwrap().clone()).collect();
    assert_eq!(found, [None, Some(customer("1")), None], "in the order of the keys");
    let reasons: Vec<_> = error.cancellations().collect();
    let [(1, taken), (2, missing)] = reasons[..] else { panic!("{error}") };
    assert!(taken.is_already_exists() && missing.is_not_found());
    assert_eq!((taken.model(), missing.model()), (Some("Customer"), Some("Order")));
    assert_eq!(taken.current::<Customer>().unwrap().unwrap(), customer("1"));
    assert!(missing.key().is_some_and(|key| key.contains("2026-03-03")), "{missing}");
    assert_eq!(Order::query("1").count(&db).await.unwrap(), 1, "nothing of it was written");
}
