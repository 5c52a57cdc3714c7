//! A third shape in two releases: one that knows it and writes the second, and one that writes it. Old and new code run side by
//! side, and each release can be rolled back.

use dynamorm::testing::{Fault, Faults};
use dynamorm::{AttributeValue, Client, Operations};
use std::collections::HashMap;
use std::time::Duration;

/// Release 1: the second shape.
mod known {
    dynamorm::include_models!("shapes_2");
}
/// Release 2: knows the third, and writes the second.
mod early {
    dynamorm::include_models!("shapes_3_early");
}
/// Release 3: writes the third.
mod late {
    dynamorm::include_models!("shapes_3");
}

/// An item of the first shape, which only the upgrade of each release sees.
trait First {
    type Next;

    fn next(self) -> Result<Self::Next, String>;
}

/// An item of the second.
trait Second {
    type Next;

    fn next(self) -> Result<Self::Next, String>;
}

macro_rules! upgrades {
    ($($first:path => $release:ident $second:ident $place:ident;)*) => { $(
        impl First for $first {
            type Next = $release::$second;

            fn next(self) -> Result<$release::$second, String> {
                let (first, last) = self.name.split_once(' ').ok_or("the name has one part")?;
                let (first, last) = (first.to_owned(), last.to_owned());
                let place = $release::$place { city: self.place.city };
                Ok($release::$second { id: self.id, owner: self.owner, size: self.size, first, last, place })
            }
        }
    )* };
    (third $($release:ident)*) => { $(
        impl Second for $release::ItemV2 {
            type Next = $release::Item;

            fn next(self) -> Result<$release::Item, String> {
                let place = $release::Place { city: self.place.city, country: "?".to_owned() };
                let weight = u64::from(self.size);
                let (owner, first, last) = (self.owner, self.first, self.last);
                // No upgrade can give an item another key, and this one tries to.
                let id = if self.id == "moved" { "elsewhere".to_owned() } else { self.id };
                Ok($release::Item { id, owner, weight, first, last, place, tags: ["old".to_owned()].into() })
            }
        }
    )* };
}

upgrades! {
    known::ItemV1 => known Item Place;
    early::ItemV1 => early ItemV2 ItemV2Place;
    late::ItemV1 => late ItemV2 ItemV2Place;
}
upgrades! { third early late }

fn to_2<T: First>(item: T) -> Result<T::Next, String> {
    item.next()
}

fn to_3<T: Second>(item: T) -> Result<T::Next, String> {
    item.next()
}

fn back_to_2(item: &early::Item) -> Result<early::item::V2, String> {
    Ok(early::ItemV2 {
        id: item.id.clone(),
        owner: item.owner.clone(),
        size: item.weight.try_into().map_err(|_| "the weight is too large")?,
        first: item.first.clone(),
        last: item.last.clone(),
        place: early::ItemV2Place { city: item.place.city.clone() },
    })
}

fn second(id: &str) -> known::Item {
    known::Item {
        id: id.to_owned(),
        owner: "o".to_owned(),
        size: 5,
        first: "Ada".to_owned(),
        last: "Lovelace".to_owned(),
        place: known::Place { city: "York".to_owned() },
    }
}

async fn database() -> Client {
    let db = Client::embedded().unwrap();
    db.create_tables(late::TABLES).await.unwrap();
    second("b").put().send(&db).await.unwrap();
    db
}

async fn raw(db: &Client, id: &str) -> HashMap<String, AttributeValue> {
    let request = db.sdk().get_item().table_name("items").consistent_read(true);
    request.key("id", AttributeValue::S(id.to_owned())).send().await.unwrap().item.unwrap()
}

async fn shape(db: &Client, id: &str) -> String {
    raw(db, id).await.get("shape").unwrap().as_n().unwrap().clone()
}

#[tokio::test]
async fn the_early_release_writes_what_the_one_before_reads() {
    let db = database().await;
    let mut item = early::Item::get("b").send(&db).await.unwrap().unwrap();
    assert_eq!((item.weight, item.place.country.as_str()), (5, "?"));
    item.weight = 6;
    item.put().send(&db).await.unwrap();
    assert_eq!(shape(&db, "b").await, "2");
    assert_eq!(known::Item::get("b").send(&db).await.unwrap(), Some(known::Item { size: 6, ..second("b") }));
    // What it writes new is of the second shape, too.
    early::Item { id: "n".to_owned(), ..item }.put().send(&db).await.unwrap();
    assert_eq!(known::Item::get("n").send(&db).await.unwrap(), Some(known::Item { size: 6, ..second("n") }));
}

#[tokio::test]
async fn an_update_by_the_early_release_leaves_the_second_shape_and_what_it_does_not_know() {
    let db = database().await;
    let mut stored = raw(&db, "b").await;
    stored.insert("foreign".to_owned(), AttributeValue::Bool(true));
    db.sdk().put_item().table_name("items").set_item(Some(stored)).send().await.unwrap();

    let (logged, log) = db.clone().with_request_log();
    let update = early::Item::update("b").add(early::Item::WEIGHT, 2).set(early::Item::LAST, "Byron");
    let after = update.when(early::Item::WEIGHT.eq(5)).return_new().send(&logged).await.unwrap();
    assert_eq!((after.weight, after.last.as_str()), (7, "Byron"));
    log.assert_operations(&["UpdateItem", "UpdateItem"]);

    let expected = known::Item { size: 7, last: "Byron".to_owned(), ..second("b") };
    assert_eq!(known::Item::get("b").send(&db).await.unwrap(), Some(expected));
    assert_eq!(raw(&db, "b").await.get("foreign"), Some(&AttributeValue::Bool(true)));
    assert!(!raw(&db, "b").await.contains_key("weight"));
}

#[tokio::test]
async fn a_condition_on_an_attribute_of_the_new_shape_is_asked_of_the_upgraded_item() {
    let db = database().await;
    let before = raw(&db, "b").await;
    let update = early::Item::update("b").set(early::Item::LAST, "Byron").when(early::Item::WEIGHT.gt(5));
    let error = update.send(&db).await.unwrap_err();
    assert!(error.is_condition_failed(), "{error}");
    assert_eq!(raw(&db, "b").await, before);
    let error = early::Item::update("nobody").set(early::Item::LAST, "x").send(&db).await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
}

#[tokio::test]
async fn what_the_older_shape_cannot_hold_is_refused_before_it_is_written() {
    let db = database().await;
    let before = raw(&db, "b").await;
    let error = early::Item::update("b").set(early::Item::WEIGHT, u64::MAX).send(&db).await.unwrap_err();
    assert!(error.is_validation() && error.to_string().contains("the weight is too large"), "{error}");
    let mut item = early::Item::get("b").send(&db).await.unwrap().unwrap();
    item.weight = u64::MAX;
    let error = item.put().send(&db).await.unwrap_err();
    assert!(error.is_validation() && error.to_string().contains("the weight is too large"), "{error}");
    assert_eq!(raw(&db, "b").await, before);
}

#[tokio::test]
async fn upserts_and_saves_of_the_early_release_write_the_second_shape() {
    let db = database().await;
    let item = early::Item::get("b").send(&db).await.unwrap().unwrap();
    early::Item { id: "n".to_owned(), ..item.clone() }
        .upsert()
        .set(early::Item::LAST, "Byron")
        .send(&db)
        .await
        .unwrap();
    assert_eq!(shape(&db, "n").await, "2");
    assert_eq!(known::Item::get("n").send(&db).await.unwrap().unwrap().last, "Byron");
    item.upsert().set(early::Item::LAST, "Byron").send(&db).await.unwrap();
    assert_eq!(known::Item::get("b").send(&db).await.unwrap().unwrap().last, "Byron");

    let mut tracked = early::Item::get("b").send(&db).await.unwrap().unwrap().tracked();
    tracked.weight = 9;
    tracked.save().send(&db).await.unwrap();
    assert_eq!(
        (shape(&db, "b").await.as_str(), known::Item::get("b").send(&db).await.unwrap().unwrap().size),
        ("2", 9)
    );
}

#[tokio::test]
async fn the_releases_run_side_by_side_and_each_can_be_rolled_back() {
    let db = database().await;
    // Releases 1 and 2 side by side: each changes what the other wrote.
    early::Item::update("b").set(early::Item::LAST, "Byron").send(&db).await.unwrap();
    known::Item::update("b").add(known::Item::SIZE, 1).send(&db).await.unwrap();
    early::Item::update("b").add(early::Item::WEIGHT, 1).send(&db).await.unwrap();
    let seen = known::Item::get("b").send(&db).await.unwrap().unwrap();
    assert_eq!((seen.size, seen.last.as_str()), (7, "Byron"));
    // Release 1 is gone, and release 3 begins.
    late::Item::update("b").set(late::Item::FIRST, "Augusta").send(&db).await.unwrap();
    assert_eq!(shape(&db, "b").await, "3");
    let seen = early::Item::get("b").send(&db).await.unwrap().unwrap();
    assert_eq!((seen.weight, seen.first.as_str(), seen.last.as_str()), (7, "Augusta", "Byron"));
    // Release 2 changes an item of the third shape as it is, and loses nothing of it.
    late::Item::update("b").add(late::Item::TAGS, ["new".to_owned()]).send(&db).await.unwrap();
    early::Item::update("b").add(early::Item::WEIGHT, 1).send(&db).await.unwrap();
    let seen = late::Item::get("b").send(&db).await.unwrap().unwrap();
    assert_eq!((seen.weight, seen.tags.len(), seen.first.as_str()), (8, 2, "Augusta"));
    // A rollback to release 2: whole items are written with the second shape again, and release 1 reads them.
    early::Item::get("b").send(&db).await.unwrap().unwrap().put().send(&db).await.unwrap();
    let seen = known::Item::get("b").send(&db).await.unwrap().unwrap();
    assert_eq!((seen.size, seen.first.as_str(), seen.last.as_str()), (8, "Augusta", "Byron"));
}

#[tokio::test]
async fn transactions_of_the_early_release_write_the_second_shape() {
    let db = database().await;
    let item = early::Item::get("b").send(&db).await.unwrap().unwrap();
    let new = early::Item { id: "n".to_owned(), ..item };
    dynamorm::transaction().put(new.put()).send(&db).await.unwrap();
    assert_eq!(shape(&db, "n").await, "2");
    // Its updates too, each carried out on the item as it was found.
    dynamorm::transaction()
        .update(early::Item::update("b").set(early::Item::LAST, "Byron").when(early::Item::WEIGHT.eq(5)))
        .update(early::Item::update("n").add(early::Item::WEIGHT, 1))
        .send(&db)
        .await
        .unwrap();
    let b = known::Item::get("b").send(&db).await.unwrap().unwrap();
    let n = known::Item::get("n").send(&db).await.unwrap().unwrap();
    assert_eq!((b.last.as_str(), n.size), ("Byron", 6));
    let refused = early::Item::update("b").set(early::Item::LAST, "x").when(early::Item::WEIGHT.eq(9));
    let error = dynamorm::transaction().update(refused).send(&db).await.unwrap_err();
    assert!(error.is_condition_failed(), "{error}");
}

/// What came of updates that add one each.
#[derive(Debug, Default)]
struct Added {
    done: u64,
    unknown: u64,
}

async fn add_one(times: u32, update: impl AsyncFn() -> dynamorm::Result<()>) -> Added {
    let mut added = Added::default();
    for _ in 0..times {
        match update().await {
            Ok(()) => added.done += 1,
            // Each attempt may have been carried out.
            Err(error) if error.is_outcome_unknown() => added.unknown += u64::from(error.attempts()),
            // Others wrote the older shape again, as often as it was tried.
            Err(error) => assert!(error.is_older_shape(), "{error}"),
        }
    }
    added
}

#[tokio::test]
async fn releases_that_write_at_the_same_time_lose_no_write_that_was_acknowledged() {
    for seed in 0..40 {
        let db = database().await;
        let client = |number: u64| {
            let faults =
                Faults::seeded(seed * 10 + number).delay(0.8, Duration::ZERO..Duration::from_millis(2));
            db.clone().with_faults(faults.lose_response(0.08).lose_request(0.05))
        };
        let (first, second, third) = (client(0), client(1), client(2));
        let expect = |before: u64, after: u64, added: [Added; 2]| {
            let done: u64 = added.iter().map(|one| one.done).sum();
            let unknown: u64 = added.iter().map(|one| one.unknown).sum();
            let range = before + done..=before + done + unknown;
            assert!(range.contains(&after), "seed {seed}: {before} became {after} by {added:?}");
        };
        let by_known = async || known::Item::update("b").add(known::Item::SIZE, 1).send(&first).await;
        let by_early = async || early::Item::update("b").add(early::Item::WEIGHT, 1).send(&second).await;
        let by_late = async || late::Item::update("b").add(late::Item::WEIGHT, 1).send(&third).await;

        let (one, two) = tokio::join!(add_one(6, by_known), add_one(6, by_early));
        let both = known::Item::get("b").consistent().send(&db).await.unwrap().unwrap();
        expect(5, both.size.into(), [one, two]);

        let (two, three) = tokio::join!(add_one(6, by_early), add_one(6, by_late));
        let all = early::Item::get("b").consistent().send(&db).await.unwrap().unwrap();
        expect(both.size.into(), all.weight, [two, three]);
        assert_eq!((all.first.as_str(), all.last.as_str()), ("Ada", "Lovelace"), "seed {seed}");
    }
}

#[tokio::test]
async fn an_update_whose_response_is_lost_is_not_carried_out_again() {
    let db = database().await;
    // The first request is refused for the item's shape, and the second writes what the update makes of the item.
    let lossy = db.clone().with_faults(Faults::script([Fault::Pass, Fault::LoseResponse]));
    let error = early::Item::update("b").add(early::Item::WEIGHT, 1).send(&lossy).await.unwrap_err();
    assert!(error.is_outcome_unknown(), "{error}");
    assert_eq!(known::Item::get("b").send(&db).await.unwrap().unwrap().size, 6);
    // An upgrade alone says the same of the item as before, and may be sent again.
    let lossy = db.clone().with_faults(Faults::script([Fault::Pass, Fault::LoseResponse]));
    late::Item::update("b").add(late::Item::WEIGHT, 1).send(&lossy).await.unwrap();
    assert_eq!(late::Item::get("b").send(&db).await.unwrap().unwrap().weight, 7);
}

#[tokio::test]
async fn an_upgrade_that_changes_the_key_is_the_error_of_its_item() {
    let db = database().await;
    let mut stored = raw(&db, "b").await;
    stored.insert("id".to_owned(), AttributeValue::S("moved".to_owned()));
    db.sdk().put_item().table_name("items").set_item(Some(stored)).send().await.unwrap();
    let error = early::Item::get("moved").send(&db).await.unwrap_err();
    assert!(error.is_item_error() && error.to_string().contains("another key"), "{error}");
    let error = early::Item::update("moved").add(early::Item::WEIGHT, 1).send(&db).await.unwrap_err();
    assert!(error.to_string().contains("another key"), "{error}");
    assert_eq!(shape(&db, "moved").await, "2");
}
