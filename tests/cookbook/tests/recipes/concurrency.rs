use cookbook::models::{Account, Document, Order, OrderStatus, Post, Room, Stock};
use cookbook::{
    a_counter, a_hot_counter, a_lock, a_room_with_so_many_seats, a_set_that_many_change, a_state_machine,
    a_transfer_between_two_items, a_value_that_is_unique, numbers_in_sequence, optimistic_locking,
    stock_that_never_goes_below_zero,
};
use dynamorm::{Operations, Uuid};

use crate::{Result, database, instant};

#[tokio::test]
async fn a_counter_counts() -> Result<()> {
    let db = database().await;
    assert_eq!(a_counter::count(&db, "visits").await?, 1);
    assert_eq!(a_counter::count(&db, "visits").await?, 2);
    Ok(())
}

#[tokio::test]
async fn the_shards_of_a_counter_add_up() -> Result<()> {
    let db = database().await;
    for _ in 0..20 {
        a_hot_counter::view(&db, "home").await?;
    }
    assert_eq!(a_hot_counter::views(&db, "home").await?, 20);
    assert_eq!(a_hot_counter::views(&db, "other").await?, 0);
    Ok(())
}

#[tokio::test]
async fn a_room_has_so_many_guests_and_no_more() -> Result<()> {
    use a_room_with_so_many_seats::{enter, guests, leave};
    let db = database().await;
    let mut room = Room::builder().room("blue").title("The blue room").build()?;
    room.put().send(&db).await?;
    for guest in ["ada", "grace", "ada", "mary"] {
        assert!(enter(&db, "blue", guest).await?);
    }
    assert!(!enter(&db, "blue", "joan").await?);
    assert_eq!(guests(&db, "blue").await?, 3);
    leave(&db, "blue", "ada").await?;
    assert!(enter(&db, "blue", "joan").await?);
    assert_eq!(guests(&db, "blue").await?, 3);
    Ok(())
}

#[tokio::test]
async fn each_number_is_given_once() -> Result<()> {
    let db = database().await;
    let next = || numbers_in_sequence::next_number(&db, "invoices");
    let (a, b, c) = tokio::join!(next(), next(), next());
    let mut numbers = [a?, b?, c?];
    numbers.sort_unstable();
    assert_eq!(numbers, [1, 2, 3]);
    Ok(())
}

#[tokio::test]
async fn the_second_to_save_is_told() -> Result<()> {
    let db = database().await;
    let mut document = Document::builder().id("d").title("Draft").text("").build()?;
    document.put().send(&db).await?;
    let renamed = optimistic_locking::rename(&db, document.clone(), "First").await?;
    assert_eq!(renamed.title, "First");
    let error = optimistic_locking::rename(&db, document, "Second").await.unwrap_err();
    assert!(error.is_version_conflict());
    assert_eq!(error.current::<Document>().unwrap().unwrap().title, "First");
    let (one, other) =
        tokio::join!(optimistic_locking::append(&db, "d", "x"), optimistic_locking::append(&db, "d", "y"));
    one.and(other)?;
    assert_eq!(Document::get("d").send(&db).await?.unwrap().text.len(), 2);
    Ok(())
}

#[tokio::test]
async fn a_lock_has_one_holder_until_it_ends() -> Result<()> {
    let db = database().await;
    let (ada, grace) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let now = instant("2026-01-01T00:00:00Z");
    assert!(a_lock::acquire(&db, "nightly", ada, now).await?);
    assert!(!a_lock::acquire(&db, "nightly", grace, now).await?);
    assert!(a_lock::acquire(&db, "nightly", ada, now).await?);
    a_lock::release(&db, "nightly", grace).await?;
    assert!(!a_lock::acquire(&db, "nightly", grace, now).await?);
    assert!(a_lock::acquire(&db, "nightly", grace, instant("2026-01-01T00:01:01Z")).await?);
    a_lock::release(&db, "nightly", grace).await?;
    assert!(a_lock::acquire(&db, "nightly", ada, now).await?);
    Ok(())
}

#[tokio::test]
async fn no_more_is_taken_than_there_is() -> Result<()> {
    let db = database().await;
    Stock { sku: "lamp".to_owned(), on_hand: 3 }.put().send(&db).await?;
    assert!(stock_that_never_goes_below_zero::take(&db, "lamp", 2).await?);
    assert!(!stock_that_never_goes_below_zero::take(&db, "lamp", 2).await?);
    assert_eq!(Stock::get("lamp").send(&db).await?.unwrap().on_hand, 1);
    Ok(())
}

#[tokio::test]
async fn a_transfer_moves_all_or_nothing() -> Result<()> {
    let db = database().await;
    for (id, balance) in [("a", 10), ("b", 0)] {
        Account { id: id.to_owned(), balance }.put().send(&db).await?;
    }
    a_transfer_between_two_items::transfer(&db, "a", "b", 7).await?;
    let error = a_transfer_between_two_items::transfer(&db, "a", "b", 7).await.unwrap_err();
    assert!(error.is_out_of_range());
    let balance = async |id: &str| Account::get(id).send(&db).await.unwrap().unwrap().balance;
    assert_eq!((balance("a").await, balance("b").await), (3, 7));
    Ok(())
}

#[tokio::test]
async fn an_address_is_registered_once() -> Result<()> {
    let db = database().await;
    assert!(a_value_that_is_unique::register(&db, "ada@example.com", "Ada").await?.is_some());
    assert!(a_value_that_is_unique::register(&db, "ada@example.com", "Eve").await?.is_none());
    Ok(())
}

#[tokio::test]
async fn what_is_paid_is_shipped_once() -> Result<()> {
    let db = database().await;
    let order = Order::builder().customer("ada").total(5).build()?;
    order.put().send(&db).await?;
    assert!(!a_state_machine::ship(&db, order.id).await?);
    Order::update(&order).set(Order::STATUS, OrderStatus::Paid).send(&db).await?;
    assert!(a_state_machine::ship(&db, order.id).await?);
    assert!(!a_state_machine::ship(&db, order.id).await?);
    Ok(())
}

#[tokio::test]
async fn members_join_and_leave() -> Result<()> {
    let db = database().await;
    Post::builder().id("p").text("…").build()?.put().send(&db).await?;
    for who in ["ada", "grace", "ada"] {
        a_set_that_many_change::like(&db, "p", who).await?;
    }
    assert_eq!(Post::get("p").send(&db).await?.unwrap().liked_by.len(), 2);
    a_set_that_many_change::unlike(&db, "p", "ada").await?;
    assert!(!a_set_that_many_change::is_liked(&db, "p", "ada").await?);
    assert!(a_set_that_many_change::is_liked(&db, "p", "grace").await?);
    Ok(())
}
