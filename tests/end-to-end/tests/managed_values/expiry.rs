//! Items that have expired and are not deleted yet.

use dynamorm::{AttributeValue, Client, Operations};
use end_to_end::samples::{database, instant, put_raw};

use crate::models::{Order, Session, tables};
use crate::{at, order};

const NOON: &str = "2030-01-01T12:00:00Z";

/// Ada's sessions: 1 has expired, 2 expires at noon, 3 later, 4 never. It is noon.
async fn sessions() -> Client {
    let db = at(&database(&[&tables::SESSIONS]).await, NOON);
    let until = [Some("2029-12-31T00:00:00Z"), Some(NOON), Some("2030-01-01T12:00:01Z"), None];
    for (number, until) in (1..).zip(until) {
        let session =
            Session::builder().user("Ada").number(number).until(until.map(instant)).build().unwrap();
        session.put().send(&db).await.unwrap();
    }
    db
}

fn numbers(sessions: Vec<Session>) -> Vec<u32> {
    let mut numbers: Vec<_> = sessions.into_iter().map(|session| session.number).collect();
    numbers.sort_unstable();
    numbers
}

#[tokio::test]
async fn a_get_reads_what_has_expired_unless_it_asks_for_live_items() {
    let db = sessions().await;

    for (number, is_live) in [(1, false), (2, false), (3, true), (4, true)] {
        let get = || Session::get(("Ada", number)).consistent();
        assert!(get().send(&db).await.unwrap().is_some());
        assert_eq!(get().live_only().send(&db).await.unwrap().is_some(), is_live, "{number}");
        let text = get().live_only().select(Session::TEXT).send(&db).await.unwrap();
        assert_eq!(text.is_some(), is_live, "{number}");
    }
}

#[tokio::test]
async fn a_query_and_a_scan_leave_out_what_has_expired() {
    let db = sessions().await;

    let queried = Session::query("Ada").live_only().items(&db).all().await.unwrap();
    let narrowed = Session::query("Ada").number().ge(4).live_only().items(&db).all().await.unwrap();
    let scanned = Session::scan().live_only().items(&db).all().await.unwrap();

    assert_eq!((numbers(queried), numbers(narrowed), numbers(scanned)), (vec![3, 4], vec![4], vec![3, 4]));
    assert_eq!(Session::query("Ada").live_only().count(&db).await.unwrap(), 2);
    assert_eq!(Session::query("Ada").count(&db).await.unwrap(), 4);
}

#[tokio::test]
async fn an_item_whose_moment_of_expiry_is_null_never_expires() {
    let db = at(&database(&[&tables::ORDERS]).await, NOON);
    let never = Order { expires_at: None, ..order() };
    let mut item = never.to_item().unwrap();
    item.insert("expires_at".to_owned(), AttributeValue::Null(true));
    put_raw(&db, "orders", item).await;

    let got = Order::get(never.id).consistent().live_only().send(&db).await.unwrap();
    let queried = Order::by_customer("Ada").live_only().items(&db).all().await.unwrap();
    let scanned = Order::scan().live_only().items(&db).all().await.unwrap();

    assert_eq!(got.as_ref(), Some(&never));
    assert_eq!((queried, scanned), (vec![never.clone()], vec![never]));
}

#[tokio::test]
async fn live_items_and_another_filter_must_both_hold() {
    let db = sessions().await;

    let query = Session::query("Ada").live_only().filter(Session::UNTIL.exists());

    assert_eq!(numbers(query.items(&db).all().await.unwrap()), [3]);
}

#[tokio::test]
async fn a_limit_counts_live_items() {
    let db = sessions().await;

    let page = Session::query("Ada").live_only().limit(1).send(&db).await.unwrap();

    assert_eq!(numbers(page.into_items().unwrap()), [3]);
}

#[tokio::test]
async fn an_index_that_keeps_the_moment_of_expiry_is_read_without_what_has_expired() {
    let db = sessions().await;

    let items = Session::by_kind("web").live_only().items(&db).all().await.unwrap();

    let mut numbers: Vec<_> = items.into_iter().map(|item| item.number).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, [3, 4]);
}

#[tokio::test]
async fn a_read_transaction_finds_live_items_alone_where_it_asks_for_them() {
    let db = sessions().await;

    let reads = (
        Session::get(("Ada", 1)).live_only(),
        Session::get(("Ada", 2)),
        Session::get(("Ada", 3)).live_only(),
    );
    let (expired, asked_for_all, live) = dynamorm::read_transaction(reads).send(&db).await.unwrap();

    assert_eq!((expired.is_some(), asked_for_all.is_some(), live.is_some()), (false, true, true));
}

#[tokio::test]
async fn a_query_by_the_moment_of_expiry_says_to_restrict_the_key() {
    let db = sessions().await;

    let error = Session::scan_by_until().live_only().count(&db).await;
    assert_eq!(error.unwrap(), 1);
    let query = Session::by_until("web").until().gt(instant(NOON)).live_only();
    let error = query.count(&db).await.unwrap_err();

    assert!(error.is_validation() && error.attribute() == Some("until"), "{error:?}");
}

#[tokio::test]
async fn a_cursor_of_live_items_begins_their_next_page_and_no_other() {
    let db = sessions().await;
    let page = Session::query("Ada").live_only().limit(1).send(&db).await.unwrap();
    let cursor = page.cursor().unwrap().clone();

    let later = at(&db, "2030-01-01T12:00:00.5Z");
    let next = Session::query("Ada").live_only().start_at(cursor.clone()).send(&later).await.unwrap();
    let other = Session::query("Ada").start_at(cursor).send(&db).await.unwrap_err();

    assert_eq!(numbers(next.into_items().unwrap()), [4]);
    assert!(other.is_invalid_cursor(), "{other:?}");
}
