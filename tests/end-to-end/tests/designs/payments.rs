//! AWS's recurring payments: what is due on a day is a partition that an index computes from a moment.

use std::slice::from_ref;

use dynamorm::{Operations, Timestamp};

use crate::database;
use crate::models::{Receipt, Subscription, tables};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn subscription(account: u32, reminder: &str, payment: &str) -> Subscription {
    Subscription {
        account,
        number: 1,
        sku: "books".to_owned(),
        amount: 20,
        next_reminder: Some(at(reminder)),
        next_payment: at(payment),
    }
}

#[tokio::test]
async fn what_is_due_on_a_day_is_one_request() {
    let (db, log) = database(&tables::PAYMENTS).await;
    let first = subscription(1, "2026-03-01T08:00:00Z", "2026-03-08T00:00:00Z");
    let second = subscription(2, "2026-03-01T20:00:00Z", "2026-03-09T00:00:00Z");
    // Create subscriptions and a receipt.
    first.put().send(&db).await.unwrap();
    second.put().send(&db).await.unwrap();
    let receipt =
        Receipt { account: 1, paid_at: at("2026-02-08T00:00:07Z"), sku: first.sku.clone(), amount: 20 };
    receipt.put().send(&db).await.unwrap();
    log.assert_requests(3);
    log.clear();
    // The reminders and the payments of a day, which any moment of it names.
    let day = at("2026-03-01T12:00:00Z");
    let reminders = Subscription::due_reminders(day).items(&db).all().await.unwrap();
    assert_eq!(reminders, [first.clone(), second.clone()]);
    let payments = Subscription::due_payments(at("2026-03-09T23:59:59Z")).items(&db).all().await.unwrap();
    assert_eq!(payments, from_ref(&second));
    // The subscriptions and the receipts of an account.
    assert_eq!(Subscription::query(1).items(&db).all().await.unwrap(), from_ref(&first));
    let since = Receipt::query(1).paid_at().ge(at("2026-02-01T00:00:00Z"));
    assert_eq!(since.items(&db).all().await.unwrap(), [receipt]);
    log.assert_requests(4);
    log.clear();
    // A reminder was sent, and the next payment is in a month: each is an update of one field, which moves it between days.
    Subscription::update(first.key()).remove(Subscription::NEXT_REMINDER).send(&db).await.unwrap();
    let next = at("2026-04-08T00:00:00Z");
    Subscription::update(first.key()).set(Subscription::NEXT_PAYMENT, next).send(&db).await.unwrap();
    assert_eq!(Subscription::due_reminders(day).items(&db).all().await.unwrap(), [second]);
    assert_eq!(Subscription::due_payments(first.next_payment).count(&db).await.unwrap(), 0);
    let moved = Subscription { next_reminder: None, next_payment: next, ..first };
    assert_eq!(Subscription::due_payments(next).items(&db).all().await.unwrap(), [moved]);
    log.assert_requests(5);
}
