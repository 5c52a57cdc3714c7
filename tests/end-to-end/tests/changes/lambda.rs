//! Lambda events, on records that the engine wrote.

use dynamorm::changes::{BothImages, EventKind, LambdaEvent, RemovedBy, TableChange};

use crate::captured::{body, database, history, order, records};
use crate::models::{Order, OrderStatus, ShopChange, tables};

/// What is read of the shop's history.
async fn changes() -> Vec<ShopChange> {
    let db = database(&[&tables::SHOP]).await;
    history(&db).await;
    let body = body("shop", &records(&db, &tables::SHOP).await);
    let event = LambdaEvent::<ShopChange>::read(&body).expect("an event");
    assert_eq!(event.len(), 6);
    event.changes().collect::<Result<_, _>>().expect("changes")
}

#[tokio::test]
async fn every_change_is_a_variant_of_its_model() {
    let changes = changes().await;
    let kinds: Vec<_> = changes.iter().map(|change| (name(change), change.record().kind())).collect();
    let (mut own, mut guards) = (Vec::new(), Vec::new());
    for (name, kind) in kinds {
        if name == "internal" { guards.push(kind) } else { own.push((name, kind)) }
    }
    assert_eq!(guards, [EventKind::Insert]);
    let expected = [
        ("customer", EventKind::Insert),
        ("order", EventKind::Insert),
        ("order", EventKind::Modify),
        ("order", EventKind::Remove),
        ("cart", EventKind::Insert),
    ];
    assert_eq!(own, expected);
}

fn name(change: &ShopChange) -> &'static str {
    match change {
        ShopChange::Customer(_) => "customer",
        ShopChange::Order(_) => "order",
        ShopChange::Cart(_) => "cart",
        ShopChange::Internal(_) => "internal",
        ShopChange::Unknown(_) => "unknown",
    }
}

#[tokio::test]
async fn a_change_has_both_items_its_key_and_its_record() {
    let orders: Vec<_> = changes()
        .await
        .into_iter()
        .filter_map(|change| match change {
            ShopChange::Order(change) => Some(*change),
            _ => None,
        })
        .collect();
    let placed = order("ada", 1);
    let paid = Order { status: OrderStatus::Paid, ..placed.clone() };
    assert!(orders.iter().all(|change| change.key == placed.key()));
    assert_eq!(orders[0].event, BothImages::Inserted { new: placed.clone() });
    assert_eq!(orders[1].event, BothImages::Modified { old: placed, new: paid.clone() });
    assert_eq!(orders[2].event, BothImages::Removed { old: paid, by: RemovedBy::Writer });
    let ids: std::collections::BTreeSet<_> = orders.iter().map(|change| change.record.event_id()).collect();
    assert_eq!(ids.len(), 3);
    assert!(orders.windows(2).all(|two| two[0].record.sequence_number() < two[1].record.sequence_number()));
    let moments: Vec<_> = orders.iter().map(|change| change.record.moment().expect("a moment")).collect();
    assert!(
        moments.iter().all(|moment| (dynamorm::now() - *moment).get_seconds().abs() < 3_600),
        "{moments:?}"
    );
}

#[tokio::test]
async fn a_guard_is_whole() {
    let changes = changes().await;
    let guard = changes.iter().find_map(|change| match change {
        ShopChange::Internal(change) => Some(change),
        _ => None,
    });
    let guard = guard.expect("the guard of the address");
    assert!(guard.key["pk"].as_s().expect("text").starts_with("$dynamorm:unique:Customer"));
    assert!(guard.new.as_ref().is_some_and(|item| item.len() > 2));
    assert_eq!((&guard.old, guard.by), (&None, None));
}
