//! Items of older shapes: each is read as it was stored, and upgraded; no write mixes shapes.

use dynamorm::{AttributeValue, Client, Operations};
use std::collections::HashMap;

mod locked {
    dynamorm::include_models!("shapes_0");
}
mod first {
    dynamorm::include_models!("shapes_1");
}
mod second {
    dynamorm::include_models!("shapes_2");
}
mod third {
    dynamorm::include_models!("shapes_3");
}

use third::Item;

// Each release has structs of its own for the shapes before it. These functions belong to the third; the second one's are the same.
trait Named {
    type Next;

    fn next(self) -> Result<Self::Next, String>;
}

fn parts(name: &str) -> Result<(String, String), String> {
    let parts = name.split_once(' ').map(|(first, last)| (first.to_owned(), last.to_owned()));
    parts.ok_or_else(|| "the name has one part".to_owned())
}

impl Named for second::ItemV1 {
    type Next = second::Item;

    fn next(self) -> Result<second::Item, String> {
        let (first, last) = parts(&self.name)?;
        let place = second::Place { city: self.place.city };
        Ok(second::Item { id: self.id, owner: self.owner, size: self.size, first, last, place })
    }
}

impl Named for third::ItemV1 {
    type Next = third::ItemV2;

    fn next(self) -> Result<third::ItemV2, String> {
        let (first, last) = parts(&self.name)?;
        let place = third::ItemV2Place { city: self.place.city };
        Ok(third::ItemV2 { id: self.id, owner: self.owner, size: self.size, first, last, place })
    }
}

fn to_2<T: Named>(item: T) -> Result<T::Next, String> {
    item.next()
}

fn to_3(item: third::item::V2) -> Result<Item, String> {
    let third::ItemV2 { id, owner, size, first, last, place } = item;
    let place = third::Place { city: place.city, country: "?".to_owned() };
    Ok(Item { id, owner, weight: u64::from(size), first, last, place, tags: ["old".to_owned()].into() })
}

fn one(id: &str, name: &str) -> first::Item {
    let place = first::Place { city: "York".to_owned() };
    first::Item { id: id.to_owned(), owner: "o".to_owned(), size: 5, name: name.to_owned(), place }
}

fn two(id: &str) -> second::Item {
    second::ItemV1 {
        id: id.to_owned(),
        owner: "o".to_owned(),
        size: 5,
        name: "Ada Lovelace".to_owned(),
        place: second::ItemV1Place { city: "York".to_owned() },
    }
    .next()
    .unwrap()
}

/// A database with items of shapes 1 and 2.
async fn database() -> Client {
    let db = Client::embedded().unwrap();
    db.create_tables(third::TABLES).await.unwrap();
    one("a", "Ada Lovelace").put().send(&db).await.unwrap();
    two("b").put().send(&db).await.unwrap();
    db
}

async fn raw(db: &Client, id: &str) -> HashMap<String, AttributeValue> {
    let request = db.sdk().get_item().table_name("items").consistent_read(true);
    request.key("id", AttributeValue::S(id.to_owned())).send().await.unwrap().item.unwrap()
}

async fn shape(db: &Client, id: &str) -> Option<String> {
    raw(db, id).await.get("shape").map(|shape| shape.as_n().unwrap().clone())
}

fn number(digits: &str) -> Option<String> {
    Some(digits.to_owned())
}

#[tokio::test]
async fn the_first_shape_is_told_by_the_absence_of_a_number() {
    let db = database().await;
    assert_eq!((shape(&db, "a").await, shape(&db, "b").await), (None, number("2")));
}

#[tokio::test]
async fn an_item_of_any_older_shape_is_read_as_todays_everywhere() {
    let db = database().await;
    let upgraded = to_3(
        to_2(third::ItemV1 {
            id: "a".to_owned(),
            owner: "o".to_owned(),
            size: 5,
            name: "Ada Lovelace".to_owned(),
            place: third::ItemV1Place { city: "York".to_owned() },
        })
        .unwrap(),
    )
    .unwrap();
    let expected = [upgraded.clone(), Item { id: "b".to_owned(), ..upgraded }];
    let sorted = |mut items: Vec<Item>| {
        items.sort_by(|one, other| one.id.cmp(&other.id));
        items
    };
    for item in &expected {
        assert_eq!(Item::get(&*item.id).send(&db).await.unwrap().as_ref(), Some(item));
    }
    assert_eq!(sorted(Item::scan().items(&db).gather().await.unwrap()), expected);
    assert_eq!(sorted(Item::by_owner("o").items(&db).gather().await.unwrap()), expected);
    let (a, b) = dynamorm::read_transaction((Item::get("a"), Item::get("b"))).send(&db).await.unwrap();
    assert_eq!([a.unwrap(), b.unwrap()], expected);
    // Nothing was written.
    assert_eq!((shape(&db, "a").await, shape(&db, "b").await), (None, number("2")));
    // A deleted item is read the same.
    assert_eq!(Item::delete("a").return_old().send(&db).await.unwrap().as_ref(), Some(&expected[0]));
}

#[tokio::test]
async fn an_upgrade_that_fails_is_the_error_of_its_item_alone() {
    let db = database().await;
    one("c", "Ada").put().send(&db).await.unwrap();
    let error = Item::get("c").send(&db).await.unwrap_err();
    assert!(
        error.to_string().contains("it cannot be upgraded from shape 1: the name has one part"),
        "{error}"
    );
    let page = Item::scan().send(&db).await.unwrap();
    assert_eq!(page.items().iter().filter(|item| item.is_ok()).count(), 2);
    assert_eq!(page.items().iter().filter(|item| item.is_err()).count(), 1);
}

#[tokio::test]
async fn a_part_of_an_item_of_another_shape_is_refused() {
    let db = database().await;
    let error = Item::get("a").select(Item::FIRST).send(&db).await.unwrap_err();
    assert!(error.to_string().contains("it has shape 1, of which no part can be upgraded"), "{error}");
    let parts = first::Item::by_part("o").send(&db).await.unwrap();
    assert!(matches!(parts.items(), [Ok(known), Err(_)] if known.id == "a"), "{parts:?}");
    let parts = Item::by_part("o").send(&db).await.unwrap();
    assert!(matches!(parts.items(), [Err(_), Err(_)]), "{parts:?}");
    let error = first::Item::get("b").select(first::Item::OWNER).send(&db).await.unwrap_err();
    assert!(error.to_string().contains("it has shape 2, and this code knows none above 1"), "{error}");
    Item::get("a").send(&db).await.unwrap().unwrap().put().send(&db).await.unwrap();
    let first = Item::get("a").select((Item::FIRST, Item::WEIGHT)).send(&db).await.unwrap();
    assert_eq!(first, Some(("Ada".to_owned(), 5)));
}

#[tokio::test]
async fn older_code_neither_reads_nor_writes_over_what_newer_code_stored() {
    let db = database().await;
    let before = raw(&db, "b").await;
    let error = first::Item::get("b").send(&db).await.unwrap_err();
    assert!(error.to_string().contains("it has shape 2, and this code knows none above 1"), "{error}");
    let old = one("b", "Eve");
    let is_refused = |error: dynamorm::Error| assert!(error.is_newer_shape(), "{error}");
    is_refused(old.put().send(&db).await.unwrap_err());
    is_refused(first::Item::update("b").set(first::Item::OWNER, "x").send(&db).await.unwrap_err());
    is_refused(first::Item::delete("b").send(&db).await.unwrap_err());
    let transaction = dynamorm::transaction().put(old.put()).send(&db).await.unwrap_err();
    assert!(transaction.to_string().contains("shape 2"), "{transaction}");
    assert_eq!(raw(&db, "b").await, before);
    // What is not there is created as ever, and what has no newer shape is written over.
    one("new", "Eve").put().send(&db).await.unwrap();
    one("a", "Eve").put().send(&db).await.unwrap();
    first::Item::delete("a").send(&db).await.unwrap();
}

#[tokio::test]
async fn an_update_by_key_upgrades_the_item_first_and_keeps_what_it_does_not_know() {
    let db = database().await;
    let mut stored = raw(&db, "a").await;
    stored.insert("foreign".to_owned(), AttributeValue::Bool(true));
    db.sdk().put_item().table_name("items").set_item(Some(stored)).send().await.unwrap();

    let (logged, log) = db.clone().with_request_log();
    Item::update("a").set(Item::LAST, "Byron").send(&logged).await.unwrap();
    log.assert_operations(&["UpdateItem", "UpdateItem", "UpdateItem"]);

    let item = Item::get("a").send(&db).await.unwrap().unwrap();
    assert_eq!((item.first.as_str(), item.last.as_str(), item.weight), ("Ada", "Byron", 5));
    let after = raw(&db, "a").await;
    assert_eq!(after.get("foreign"), Some(&AttributeValue::Bool(true)));
    assert_eq!(after.get("shape"), Some(&AttributeValue::N("3".to_owned())));
    assert!(!after.contains_key("name") && !after.contains_key("size"));

    // An item of today's shape costs one request.
    let (logged, log) = db.clone().with_request_log();
    Item::update("a").add(Item::WEIGHT, 1).send(&logged).await.unwrap();
    log.assert_operations(&["UpdateItem"]);
}

#[tokio::test]
async fn an_update_of_an_item_that_cannot_be_upgraded_changes_nothing() {
    let db = database().await;
    one("c", "Ada").put().send(&db).await.unwrap();
    let before = raw(&db, "c").await;
    let error = Item::update("c").set(Item::LAST, "Byron").send(&db).await.unwrap_err();
    assert!(error.to_string().contains("the name has one part"), "{error}");
    assert_eq!(raw(&db, "c").await, before);
    let error = Item::update("nobody").set(Item::LAST, "Byron").send(&db).await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
}

#[tokio::test]
async fn a_save_of_an_older_item_leaves_todays_shape() {
    let db = database().await;
    let mut tracked = Item::get("b").send(&db).await.unwrap().unwrap().tracked();
    tracked.place.country = "UK".to_owned();
    let wanted = tracked.clone();
    tracked.save().send(&db).await.unwrap();
    assert_eq!(shape(&db, "b").await, number("3"));
    assert_eq!(Item::get("b").send(&db).await.unwrap(), Some(wanted));
}

#[tokio::test]
async fn an_upsert_creates_todays_shape_and_upgrades_older_ones() {
    let db = database().await;
    let item = Item::get("a").send(&db).await.unwrap().unwrap();
    item.upsert().set(Item::LAST, "Byron").send(&db).await.unwrap();
    assert_eq!(shape(&db, "a").await, number("3"));
    assert_eq!(Item::get("a").send(&db).await.unwrap().unwrap().last, "Byron");
    let new = Item { id: "n".to_owned(), ..item };
    new.upsert().set(Item::LAST, "Byron").send(&db).await.unwrap();
    assert_eq!(shape(&db, "n").await, number("3"));
}

#[tokio::test]
async fn in_a_transaction_older_items_are_upgraded_before_it_is_sent_again() {
    let db = database().await;
    let (logged, log) = db.clone().with_request_log();
    dynamorm::transaction()
        .update(Item::update("a").set(Item::LAST, "Byron"))
        .update(Item::update("b").add(Item::WEIGHT, 1))
        .send(&logged)
        .await
        .unwrap();
    log.assert_operations(&["TransactWriteItems", "UpdateItem", "UpdateItem", "TransactWriteItems"]);
    assert_eq!((shape(&db, "a").await, shape(&db, "b").await), (number("3"), number("3")));
    assert_eq!(Item::get("a").send(&db).await.unwrap().unwrap().last, "Byron");
    assert_eq!(Item::get("b").send(&db).await.unwrap().unwrap().weight, 6);
    // A put replaces an older item at once.
    let db = database().await;
    let item = Item::get("a").send(&db).await.unwrap().unwrap();
    let (logged, log) = db.clone().with_request_log();
    dynamorm::transaction().put(item.put()).send(&logged).await.unwrap();
    log.assert_operations(&["TransactWriteItems"]);
    assert_eq!(shape(&db, "a").await, number("3"));
}

#[tokio::test]
async fn an_error_of_an_upgrade_is_the_source_of_the_items() {
    let db = database().await;
    one("c", "Ada").put().send(&db).await.unwrap();
    let error = Item::get("c").send(&db).await.unwrap_err();
    assert!(error.is_item_error() && !error.is_newer_shape(), "{error}");
    let mut source: &dyn std::error::Error = &error;
    while let Some(next) = source.source() {
        source = next;
    }
    assert_eq!(source.to_string(), "the name has one part");
    assert!(first::Item::get("b").send(&db).await.unwrap_err().is_newer_shape());
}

#[tokio::test]
async fn a_locked_model_writes_over_no_newer_shape_before_anybody_numbers_its_own() {
    let db = database().await;
    let before = raw(&db, "b").await;
    let item = |id: &str| locked::Item {
        id: id.to_owned(),
        owner: "o".to_owned(),
        size: 1,
        name: "Eve".to_owned(),
        place: locked::Place { city: "York".to_owned() },
    };
    let is_refused = |error: dynamorm::Error| assert!(error.is_newer_shape(), "{error}");
    is_refused(locked::Item::get("b").send(&db).await.unwrap_err());
    is_refused(item("b").put().send(&db).await.unwrap_err());
    is_refused(item("b").upsert().send(&db).await.unwrap_err());
    is_refused(locked::Item::update("b").set(locked::Item::SIZE, 2).send(&db).await.unwrap_err());
    is_refused(locked::Item::delete("b").send(&db).await.unwrap_err());
    assert_eq!(raw(&db, "b").await, before);
    // Its own are read and written as ever, by one request each, and also from what keeps no number.
    let (logged, log) = db.clone().with_request_log();
    locked::Item::update("a").set(locked::Item::SIZE, 2).send(&logged).await.unwrap();
    log.assert_operations(&["UpdateItem"]);
    dynamorm::batch_write().put(&item("n")).send(&db).await.unwrap();
    assert_eq!(locked::Item::get("a").select(locked::Item::SIZE).send(&db).await.unwrap(), Some(2));
    let parts = locked::Item::by_part("o").select(locked::ItemByPart::ID).send(&db).await.unwrap();
    assert_eq!(parts.items().len(), 3);
    assert!(parts.items().iter().all(|part| part.is_ok()), "{parts:?}");
}
