//! What changed, by the handles of attributes.

use dynamorm::Decimal;
use dynamorm::changes::LambdaEvent;

use crate::captured::{body, database, history, records};
use crate::models::{Order, OrderStatus, ShopChange, tables};

#[tokio::test]
async fn handles_tell_what_changed_and_what_it_was() {
    let db = database(&[&tables::SHOP]).await;
    history(&db).await;
    let body = body("shop", &records(&db, &tables::SHOP).await);
    let event = LambdaEvent::<ShopChange>::read(&body).expect("an event");
    let orders: Vec<_> = event
        .changes()
        .filter_map(|change| match change.expect("a change") {
            ShopChange::Order(change) => Some(change),
            _ => None,
        })
        .collect();
    let [placed, paid, deleted] = orders.as_slice() else { panic!("{orders:?}") };

    assert!(paid.changed(Order::STATUS) && !paid.changed(Order::TOTAL) && !paid.changed(Order::TAGS));
    assert_eq!(paid.before(Order::STATUS), Some(OrderStatus::Pending));
    assert_eq!(paid.after(Order::STATUS), Some(OrderStatus::Paid));

    assert!(placed.changed(Order::TOTAL) && deleted.changed(Order::TOTAL));
    assert_eq!(placed.before(Order::TOTAL), None);
    assert_eq!(deleted.before(Order::TOTAL), Some(Decimal::from(10)));
    assert_eq!(deleted.after(Order::TOTAL), None);

    // An absent attribute is one that the item does not have, and it has no first line.
    assert!(!placed.changed(Order::LINES.at(0)));
    assert_eq!(placed.after(Order::LINES.at(0)), Some(None));
}
