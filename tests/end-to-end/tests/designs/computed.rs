//! Parts of keys that are computed from fields, kept true by every write.

use dynamorm::{Client, Item, Operations, Timestamp};

use crate::models::{Deal, HourlyVisit, tables};
use crate::{database, s};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn deal(id: u32, created_at: &str, brand: &str) -> Deal {
    Deal {
        created_at: at(created_at),
        id,
        brand: brand.to_owned(),
        ends_at: Some(at("2026-04-01T00:00:00Z")),
        price: 5,
    }
}

/// What is stored under the key of an item.
async fn raw(db: &Client, item: &Item) -> Option<Item> {
    let key = ["pk", "sk"].map(|name| (name.to_owned(), item[name].clone()));
    let request = db.sdk().get_item().table_name(db.table_name(&tables::DEALS)).consistent_read(true);
    request.set_key(Some(key.into())).send().await.unwrap().item
}

#[tokio::test]
async fn the_deals_of_a_day_are_one_partition() {
    let (db, log) = database(&tables::DEALS).await;
    let all = [
        deal(1, "2026-03-01T00:00:00Z", "Acme"),
        deal(2, "2026-03-01T23:59:59.5Z", "Acorn"),
        deal(3, "2026-03-02T00:00:00Z", "Apex"),
    ];
    for deal in &all {
        deal.put().send(&db).await.unwrap();
    }
    let stored = all[1].to_item().unwrap();
    assert_eq!(stored["pk"], s("DEALS#2026-03-01"));
    assert_eq!(stored["gsi1pk"], s("BRAND#Aco#"));
    assert_eq!(stored["gsi1sk"], s("2026-04#0000000002"));
    log.clear();
    // Any moment of the day.
    let of_day = Deal::query(at("2026-03-01T12:00:00Z")).descending().items(&db).all().await.unwrap();
    assert_eq!(of_day, [all[1].clone(), all[0].clone()]);
    log.assert_operations(&["Query"]);
    assert_eq!(Deal::get(&all[2]).send(&db).await.unwrap().as_ref(), Some(&all[2]));
    let of_brand = Deal::of_brand("Acme").items(&db).all().await.unwrap();
    assert_eq!(of_brand, [all[0].clone()]);
    let of_month =
        Deal::of_brand("Acorn").ends_at().eq(at("2026-04-30T00:00:00Z")).items(&db).all().await.unwrap();
    assert_eq!(of_month, [all[1].clone()]);
}

/// Changes a field by an update and by a save, and compares each with a fresh put.
macro_rules! changed {
    ($($field:ident = $value:expr => |$update:ident| $change:expr;)*) => { $({
        let (db, _) = database(&tables::DEALS).await;
        let mut expected = deal(1, "2026-03-01T00:00:00Z", "Acme");
        expected.put().send(&db).await.unwrap();
        let $update = Deal::update(&expected);
        $change.send(&db).await.unwrap();
        expected.$field = $value;
        let wanted = expected.to_item().unwrap();
        assert_eq!(raw(&db, &wanted).await.as_ref(), Some(&wanted), "update of {}", stringify!($field));

        let initial = deal(1, "2026-03-01T00:00:00Z", "Acme");
        initial.put().send(&db).await.unwrap();
        let mut tracked = initial.tracked();
        tracked.$field = $value;
        tracked.save().send(&db).await.unwrap();
        assert_eq!(raw(&db, &wanted).await, Some(wanted), "save of {}", stringify!($field));
    })* };
}

#[tokio::test]
async fn every_change_of_a_source_rewrites_what_is_computed_from_it() {
    changed!(
        brand = "Zeta".to_owned() => |update| update.set(Deal::BRAND, "Zeta");
        brand = "Ab".to_owned() => |update| update.set(Deal::BRAND, "Ab");
        ends_at = Some(at("2027-01-31T05:00:00Z")) => |update| update.set(Deal::ENDS_AT, at("2027-01-31T05:00:00Z"));
        ends_at = None => |update| update.remove(Deal::ENDS_AT);
        price = 7 => |update| update.add(Deal::PRICE, 2);
    );
}

#[tokio::test]
async fn values_that_differ_share_an_item_where_that_is_declared() {
    let (db, _) = database(&tables::DEALS).await;
    let visit = |moment| HourlyVisit { visitor: "ada".to_owned(), at: at(moment) };
    visit("2026-03-01T12:10:00Z").put().send(&db).await.unwrap();
    visit("2026-03-01T12:50:00Z").put().send(&db).await.unwrap();
    visit("2026-03-01T13:00:00Z").put().send(&db).await.unwrap();
    let visits = HourlyVisit::query("ada").items(&db).all().await.unwrap();
    assert_eq!(visits, [visit("2026-03-01T12:50:00Z"), visit("2026-03-01T13:00:00Z")]);
    let found = HourlyVisit::get(("ada", at("2026-03-01T12:00:00Z"))).send(&db).await.unwrap();
    assert_eq!(found, Some(visit("2026-03-01T12:50:00Z")));
}
