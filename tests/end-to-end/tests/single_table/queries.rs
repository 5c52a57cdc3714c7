//! Sort keys that are composed of fields, asked field by field.

use dynamorm::Client;

use crate::models::{Booking, Order, Product};
use crate::{customer, database, instant, order};

async fn orders() -> Client {
    let db = database().await;
    customer("1").put().send(&db).await.unwrap();
    for (day, id) in [(1, 1), (1, 10), (2, 1), (3, 2)] {
        order("1", day, id).put().send(&db).await.unwrap();
        order("10", day, id).put().send(&db).await.unwrap();
    }
    db
}

fn ids(orders: &[Order]) -> Vec<(String, u64)> {
    orders.iter().map(|order| (order.placed_at.to_string()[8..10].to_owned(), order.order_id)).collect()
}

macro_rules! found {
    ($db:expr, $query:expr) => {
        ids(&$query.items($db).all().await.unwrap())
    };
}

fn day(day: u8) -> dynamorm::Timestamp {
    instant(&format!("2026-03-{day:02}T12:00:00Z"))
}

fn of(expected: &[(&str, u64)]) -> Vec<(String, u64)> {
    expected.iter().map(|(day, id)| ((*day).to_owned(), *id)).collect()
}

#[tokio::test]
async fn prefix_1_does_not_match_10() {
    let db = orders().await;

    assert_eq!(Order::query("1").count(&db).await.unwrap(), 4);
    let first = Order::query("1").placed_at().eq(day(1)).order_id().eq(1);
    assert_eq!(found!(&db, first), of(&[("01", 1)]));
}

#[tokio::test]
async fn fields_that_are_left_out_make_a_prefix_that_ends_with_its_field() {
    let db = orders().await;

    assert_eq!(found!(&db, Order::query("1").placed_at().eq(day(1))), of(&[("01", 1), ("01", 10)]));
}

#[tokio::test]
async fn a_field_before_the_last_is_compared_with_whatever_follows_it() {
    let db = orders().await;
    let query = || Order::query("1").placed_at();

    assert_eq!(found!(&db, query().lt(day(2))), of(&[("01", 1), ("01", 10)]));
    assert_eq!(found!(&db, query().le(day(2))), of(&[("01", 1), ("01", 10), ("02", 1)]));
    assert_eq!(found!(&db, query().gt(day(1))), of(&[("02", 1), ("03", 2)]));
    assert_eq!(found!(&db, query().ge(day(2))), of(&[("02", 1), ("03", 2)]));
    assert_eq!(found!(&db, query().between(day(1), day(2))), of(&[("01", 1), ("01", 10), ("02", 1)]));
}

#[tokio::test]
async fn the_last_field_is_compared_within_those_before_it() {
    let db = orders().await;
    let query = || Order::query("1").placed_at().eq(day(1)).order_id();

    assert_eq!(found!(&db, query().lt(10)), of(&[("01", 1)]));
    assert_eq!(found!(&db, query().le(10)), of(&[("01", 1), ("01", 10)]));
    assert_eq!(found!(&db, query().gt(1)), of(&[("01", 10)]));
    assert_eq!(found!(&db, query().ge(1)), of(&[("01", 1), ("01", 10)]));
    assert_eq!(found!(&db, query().between(2, 10)), of(&[("01", 10)]));
    assert_eq!(found!(&db, query().eq(10)), of(&[("01", 10)]));
}

#[tokio::test]
async fn a_signed_number_keeps_its_order_in_a_sort_key() {
    let db = database().await;
    for (id, urgency) in [(1, -300), (2, -2), (3, 0), (4, 7)] {
        let mut order = order("ada", 1, id);
        order.urgency = urgency;
        order.put().send(&db).await.unwrap();
    }
    let query = || Order::by_warehouse("north").urgency();

    let all: Vec<_> = Order::by_warehouse("north").items(&db).all().await.unwrap();
    assert_eq!(all.iter().map(|order| order.urgency).collect::<Vec<_>>(), [-300, -2, 0, 7]);
    assert_eq!(query().between(-2, 0).count(&db).await.unwrap(), 2);
    assert_eq!(query().lt(-2).count(&db).await.unwrap(), 1);
    assert_eq!(query().gt(-300).count(&db).await.unwrap(), 3);
    assert_eq!(query().eq(-2).region().eq("eu").count(&db).await.unwrap(), 1);
    assert_eq!(query().eq(-2).region().eq("eu").placed_at().ge(day(1)).count(&db).await.unwrap(), 1);
}

#[tokio::test]
async fn a_decimal_keeps_its_order_in_a_sort_key() {
    let db = database().await;
    for amount in ["-100", "-1.5", "-0.01", "0", "0.2", "3", "1E+20"] {
        let booking = Booking {
            tenant: "t".to_owned(),
            account: "a".to_owned(),
            day: "2026-01-01".parse().unwrap(),
            amount: amount.parse().unwrap(),
            memo: None,
        };
        booking.put().send(&db).await.unwrap();
    }
    let day = "2026-01-01".parse::<dynamorm::Date>().unwrap();
    let query = || Booking::query("t", "a").day().eq(day).amount();

    assert_eq!(query().lt(0).count(&db).await.unwrap(), 3);
    assert_eq!(query().ge(0).count(&db).await.unwrap(), 4);
    assert_eq!(query().between(-2, 1).count(&db).await.unwrap(), 4);
    assert_eq!(query().gt(3).count(&db).await.unwrap(), 1);
}

#[tokio::test]
async fn text_at_the_end_of_a_sort_key_is_compared_as_text() {
    let db = database().await;
    for title in ["a", "ab", "b", "b\u{10ffff}", "c"] {
        let product = Product { sku: title.to_owned(), title: Some(title.to_owned()), aisle: 7 };
        product.put().send(&db).await.unwrap();
    }
    Product { sku: "untitled".to_owned(), title: None, aisle: 7 }.put().send(&db).await.unwrap();
    let query = || Product::by_shelf(7).title();

    // An item without a title is not in the index.
    assert_eq!(Product::by_shelf(7).count(&db).await.unwrap(), 5);
    assert_eq!(query().begins_with("a").count(&db).await.unwrap(), 2);
    assert_eq!(query().eq("a").count(&db).await.unwrap(), 1);
    assert_eq!(query().lt("b").count(&db).await.unwrap(), 2);
    assert_eq!(query().le("b").count(&db).await.unwrap(), 3);
    assert_eq!(query().gt("b").count(&db).await.unwrap(), 2);
    assert_eq!(query().between("ab", "b").count(&db).await.unwrap(), 2);
}

#[tokio::test]
async fn bounds_the_wrong_way_round_are_refused() {
    let db = database().await;
    let error = Order::query("1").placed_at().between(day(2), day(1)).send(&db).await.unwrap_err();
    assert!(error.is_validation(), "{error}");
}

#[tokio::test]
async fn a_value_that_the_key_cannot_keep_is_refused_in_a_query() {
    let db = database().await;
    let error = Order::by_warehouse("north").urgency().eq(1).region().eq("a#b").send(&db).await.unwrap_err();
    assert!(error.is_validation(), "{error}");
    assert!(error.to_string().contains("`region`"), "{error}");
}

#[tokio::test]
async fn pages_of_a_composed_key_go_on_where_they_ended() {
    let db = orders().await;
    let first = Order::query("1").page_size(3).send(&db).await.unwrap();
    let (items, cursor) = first.into_parts();
    let rest = Order::query("1").start_at(cursor.unwrap()).items(&db).all().await.unwrap();
    assert_eq!(items.len() + rest.len(), 4);
}
