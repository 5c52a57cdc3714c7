//! Parts of keys that are computed from fields, kept true by every write.

use dynamorm::{Client, Item, Operations, Timestamp, batch_write, transaction};

use crate::models::{Brand, Deal, DealByInitial, HourlyVisit, PageView, tables};
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
    let (from, to) = (at("2026-02-14T00:00:00Z"), at("2026-04-02T00:00:00Z"));
    assert_eq!(Deal::of_brand("Acorn").ends_at().between(from, to).count(&db).await.unwrap(), 1);
    assert_eq!(Deal::of_brand("Acorn").ends_at().gt(to).count(&db).await.unwrap(), 0);
}

/// Changes a field by an update and by a save, and compares each with a fresh put.
macro_rules! changed {
    ($($field:ident = $value:expr => |$update:ident| $change:expr;)*) => { $({
        let (db, _) = database(&tables::DEALS).await;
        let mut expected = deal(1, "2026-03-01T00:00:00Z", "Acme");
        expected.put().send(&db).await.unwrap();
        let $update = Deal::update(expected.key());
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

fn visit(moment: &str) -> HourlyVisit {
    HourlyVisit { visitor: "ada".to_owned(), at: at(moment) }
}

#[tokio::test]
async fn values_that_differ_share_an_item_where_that_is_declared() {
    let (db, _) = database(&tables::DEALS).await;
    visit("2026-03-01T12:10:00Z").put().send(&db).await.unwrap();
    visit("2026-03-01T12:50:00Z").put().send(&db).await.unwrap();
    visit("2026-03-01T13:00:00Z").put().send(&db).await.unwrap();
    let visits = HourlyVisit::query("ada").items(&db).all().await.unwrap();
    assert_eq!(visits, [visit("2026-03-01T12:50:00Z"), visit("2026-03-01T13:00:00Z")]);
    let found = HourlyVisit::get(("ada", at("2026-03-01T12:00:00Z"))).send(&db).await.unwrap();
    assert_eq!(found, Some(visit("2026-03-01T12:50:00Z")));
    // Conditions compare the hours.
    let since = HourlyVisit::query("ada").at().ge(at("2026-03-01T12:59:00Z")).items(&db).all().await.unwrap();
    assert_eq!(since, visits);
    let later = HourlyVisit::query("ada").at().gt(at("2026-03-01T12:00:00Z")).items(&db).all().await.unwrap();
    assert_eq!(later, visits[1..]);
    let (first, day) = (at("2026-03-01T12:00:00Z"), "2026-03-01".parse::<dynamorm::Date>().unwrap());
    assert_eq!(HourlyVisit::query("ada").at().between(first, first).count(&db).await.unwrap(), 1);
    assert_eq!(HourlyVisit::query("ada").at().le(first).count(&db).await.unwrap(), 1);
    assert_eq!(HourlyVisit::query("ada").at().lt(first).count(&db).await.unwrap(), 0);
    assert_eq!(HourlyVisit::query("ada").at().on(day).count(&db).await.unwrap(), 2);
    assert_eq!(HourlyVisit::query("ada").at().on(day.tomorrow().unwrap()).count(&db).await.unwrap(), 0);
    let both = [at("2026-03-01T12:01:00Z"), at("2026-03-01T13:59:59Z")].map(|at| ("ada", at));
    let both = HourlyVisit::batch_get(both).send(&db).await.unwrap().into_items().unwrap();
    assert_eq!(both, [Some(visit("2026-03-01T12:50:00Z")), Some(visit("2026-03-01T13:00:00Z"))]);
}

/// What is stored under the key of a visit is what a put of the visit that is read would store.
async fn assert_fresh(db: &Client, visit: &HourlyVisit) {
    let wanted = visit.to_item().unwrap();
    assert_eq!(raw(db, &wanted).await, Some(wanted));
}

#[tokio::test]
async fn what_shares_an_item_leaves_no_key_stale() {
    let (db, _) = database(&tables::DEALS).await;
    let first = visit("2026-03-01T12:10:00Z");
    first.upsert().send(&db).await.unwrap();
    assert_fresh(&db, &first).await;
    // The item is there, and keeps the moment that it has.
    visit("2026-03-01T12:50:00Z").upsert().send(&db).await.unwrap();
    assert_fresh(&db, &first).await;
    let mut tracked = first.tracked();
    tracked.at = at("2026-03-01T12:30:00Z");
    tracked.save().send(&db).await.unwrap();
    assert_fresh(&db, &visit("2026-03-01T12:30:00Z")).await;
    tracked.at = at("2026-03-01T13:30:00Z");
    let error = tracked.save().send(&db).await.unwrap_err();
    assert!(error.is_validation(), "{error}");
    transaction().put(visit("2026-03-01T12:40:00Z").put()).send(&db).await.unwrap();
    assert_fresh(&db, &visit("2026-03-01T12:40:00Z")).await;
    batch_write().put(&visit("2026-03-01T12:41:00Z")).send(&db).await.unwrap();
    assert_fresh(&db, &visit("2026-03-01T12:41:00Z")).await;
    let latest = HourlyVisit::latest().descending().items(&db).all().await.unwrap();
    assert_eq!(latest[0].at, at("2026-03-01T12:41:00Z"));
    assert_eq!(latest[0].hydrate().send(&db).await.unwrap(), Some(visit("2026-03-01T12:41:00Z")));
}

#[tokio::test]
async fn a_projection_holds_what_its_keys_tell_in_whole() {
    let (db, _) = database(&tables::DEALS).await;
    let acme = deal(1, "2026-03-01T00:00:00Z", "Acme");
    acme.put().send(&db).await.unwrap();
    let found = Deal::by_initial("Apex").items(&db).all().await.unwrap();
    // Of the brand, the keys tell the first letter alone.
    let DealByInitial { created_at, id } = found[0];
    assert_eq!((created_at, id), (acme.created_at, 1));
    assert_eq!(found[0].hydrate().send(&db).await.unwrap(), Some(acme));
}

#[tokio::test]
async fn a_field_stands_in_a_sort_key_in_part_and_in_whole() {
    let (db, log) = database(&tables::DEALS).await;
    let view = |visitor: &str, moment| {
        let (page, visitor) = ("home".to_owned(), visitor.to_owned());
        PageView { page, visitor, at: at(moment), seconds: 3 }
    };
    let views = [
        view("ada", "2026-03-01T08:00:00Z"),
        view("ada", "2026-03-01T20:00:00Z"),
        view("bob", "2026-03-01T09:00:00Z"),
        view("ada", "2026-03-02T08:00:00Z"),
    ];
    for view in &views {
        view.put().send(&db).await.unwrap();
    }
    log.clear();
    let day = at("2026-03-01T00:00:00Z");
    let of_day = PageView::query("home").at().eq(day).items(&db).all().await.unwrap();
    assert_eq!(of_day, views[..3]);
    let of_ada = PageView::query("home").at().eq(day).visitor().eq("ada");
    let late = of_ada.at().ge(at("2026-03-01T12:00:00Z")).items(&db).all().await.unwrap();
    assert_eq!(late, views[1..2]);
    log.assert_requests(2);
    assert_eq!(PageView::get(views[3].key()).send(&db).await.unwrap().as_ref(), Some(&views[3]));
}

#[tokio::test]
async fn names_that_differ_in_case_are_one_item() {
    let (db, log) = database(&tables::DEALS).await;
    let brand = |name: &str| Brand { name: name.to_owned(), likes: 0 };
    for name in ["Acme", "ACORN", "Zeta"] {
        brand(name).put().if_not_exists().send(&db).await.unwrap();
    }
    assert!(brand("ACME").put().if_not_exists().send(&db).await.unwrap_err().is_already_exists());
    log.clear();
    assert_eq!(Brand::get("aCmE").send(&db).await.unwrap(), Some(brand("Acme")));
    let found = Brand::query().name().begins_with("AC").items(&db).all().await.unwrap();
    assert_eq!(found, [brand("Acme"), brand("ACORN")]);
    log.assert_requests(2);
    // The name may be written otherwise, as long as it stays the same in lower case.
    let mut tracked = brand("Acme").tracked();
    tracked.name = "ACME".to_owned();
    tracked.save().send(&db).await.unwrap();
    assert_eq!(Brand::get("acme").send(&db).await.unwrap(), Some(brand("ACME")));
}
