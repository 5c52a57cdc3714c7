//! Computed fields: stored beside what they follow from, and kept true by every write.

use std::str::FromStr;

use dynamorm::{AttributeValue, Client, Date, Item, Operations, Timestamp, batch_write, transaction};

use crate::models::{Auction, tables};
use crate::{database, s};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn auction(id: u32, opened_at: &str, title: &str) -> Auction {
    Auction {
        id,
        title: title.to_owned(),
        seller: Some("zoë".to_owned()),
        opened_at: at(opened_at),
        closes_at: at("2026-04-30T12:00:00Z"),
        price: 5,
    }
}

fn first() -> Auction {
    auction(1, "2026-03-01T08:30:00Z", "Old Lamp")
}

/// What is stored under the key of an auction.
async fn raw(db: &Client, item: &Item) -> Option<Item> {
    let request = db.sdk().get_item().table_name(db.table_name(&tables::AUCTIONS)).consistent_read(true);
    request.set_key(Some([("pk".to_owned(), item["pk"].clone())].into())).send().await.unwrap().item
}

async fn assert_stored(db: &Client, wanted: &Auction, after: &str) {
    let wanted = wanted.to_item().unwrap();
    assert_eq!(raw(db, &wanted).await, Some(wanted), "{after}");
}

#[tokio::test]
async fn they_are_stored_and_read_and_found_by() {
    let (db, log) = database(&tables::AUCTIONS).await;
    let stored = first().to_item().unwrap();
    let of = |name: &str| stored.get(name).cloned();
    assert_eq!([of("day"), of("month")], [Some(s("2026-03-01")), Some(s("2026-04"))]);
    assert_eq!([of("initial"), of("search"), of("SELLER")].map(Option::unwrap), [s("O"), s("old lamp"), s("ZOË")]);
    let day = Date::from_str("2026-03-01").unwrap();
    assert_eq!((first().day(), first().month()), (Some(day), Some("2026-04".to_owned())));
    assert_eq!(first().search().as_deref(), Some("old lamp"));
    assert_eq!(Auction { seller: None, ..first() }.seller_upper(), None);
    assert_eq!(Auction { seller: None, ..first() }.to_item().unwrap().get("SELLER"), None);

    let all = [first(), auction(2, "2026-03-01T23:59:59Z", "Oak Desk"), auction(3, "2026-03-02T00:00:00Z", "Rug")];
    for auction in &all {
        auction.put().send(&db).await.unwrap();
    }
    log.clear();
    // Any moment of the day.
    let of_day = Auction::on_day(at("2026-03-01T12:00:00Z")).items(&db).all().await.unwrap();
    assert_eq!(of_day.len(), 2);
    let of_initial = Auction::by_initial("Oops").items(&db).all().await.unwrap();
    assert_eq!(of_initial.len(), 2);
    // Filters compare what is stored.
    let found = Auction::scan().filter(Auction::SEARCH.contains("lamp")).items(&db).all().await.unwrap();
    assert_eq!(found, all[..1]);
    let found = Auction::scan().filter(Auction::DAY.gt(day)).items(&db).all().await.unwrap();
    assert_eq!(found, all[2..]);
    log.assert_operations(&["Query", "Query", "Scan", "Scan"]);
    let found = Auction::get(3).select((Auction::DAY, Auction::SELLER_UPPER)).send(&db).await.unwrap();
    assert_eq!(found, Some((day.tomorrow().unwrap(), Some("ZOË".to_owned()))));
    let update = Auction::update(3).when(Auction::DAY.eq(day)).set(Auction::PRICE, 7);
    assert!(update.send(&db).await.unwrap_err().is_condition_failed());
}

/// Changes a field by an update and by a save, and compares each with a fresh put.
macro_rules! changed {
    ($($field:ident = $value:expr => |$update:ident| $change:expr;)*) => { $({
        let (db, _) = database(&tables::AUCTIONS).await;
        let mut expected = first();
        expected.put().send(&db).await.unwrap();
        let $update = Auction::update(expected.key());
        $change.send(&db).await.unwrap();
        expected.$field = $value;
        assert_stored(&db, &expected, concat!("update of ", stringify!($field))).await;

        first().put().send(&db).await.unwrap();
        let mut tracked = first().tracked();
        tracked.$field = $value;
        tracked.save().send(&db).await.unwrap();
        assert_stored(&db, &expected, concat!("save of ", stringify!($field))).await;
    })* };
}

#[tokio::test]
async fn every_change_of_a_source_changes_what_follows_from_it() {
    changed!(
        title = "New Lamp".to_owned() => |update| update.set(Auction::TITLE, "New Lamp");
        seller = Some("ada".to_owned()) => |update| update.set(Auction::SELLER, "ada");
        seller = None => |update| update.remove(Auction::SELLER);
        opened_at = at("2027-01-31T00:00:00Z") => |update| update.set(Auction::OPENED_AT, at("2027-01-31T00:00:00Z"));
        closes_at = at("2027-02-01T00:00:00Z") => |update| update.set(Auction::CLOSES_AT, at("2027-02-01T00:00:00Z"));
        price = 7 => |update| update.add(Auction::PRICE, 2);
    );
}

#[tokio::test]
async fn batches_transactions_and_upserts_write_them() {
    let (db, _) = database(&tables::AUCTIONS).await;
    batch_write().put(&first()).send(&db).await.unwrap();
    assert_stored(&db, &first(), "batch").await;
    let renamed = Auction { title: "Rug".to_owned(), ..first() };
    transaction().update(Auction::update(1).set(Auction::TITLE, "Rug")).send(&db).await.unwrap();
    assert_stored(&db, &renamed, "transaction").await;
    // The item is there, and keeps what it has.
    first().upsert().set(Auction::PRICE, 9).send(&db).await.unwrap();
    assert_stored(&db, &Auction { price: 9, ..renamed }, "upsert of what is there").await;
    let second = auction(2, "2026-05-01T00:00:00Z", "Desk");
    second.upsert().set(Auction::TITLE, "Table").send(&db).await.unwrap();
    assert_stored(&db, &Auction { title: "Table".to_owned(), ..second }, "upsert of what is not there").await;
}

/// An item without them, or with stale ones, is read: they follow from the field itself.
#[tokio::test]
async fn what_another_program_left_of_them_is_not_believed() {
    let (db, _) = database(&tables::AUCTIONS).await;
    let mut stored = first().to_item().unwrap();
    stored.remove("month");
    stored.insert("search".to_owned(), AttributeValue::S("stale".to_owned()));
    let request = db.sdk().put_item().table_name(db.table_name(&tables::AUCTIONS));
    request.set_item(Some(stored)).send().await.unwrap();
    let read = Auction::get(1).send(&db).await.unwrap().unwrap();
    assert_eq!((read.month().as_deref(), read.search().as_deref()), (Some("2026-04"), Some("old lamp")));
}
