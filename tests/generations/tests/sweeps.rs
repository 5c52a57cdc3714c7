//! Sweeps over items of several shapes.

use dynamorm::sweep::{ChangeKind, SweepProblem};
use dynamorm::{AttributeValue, Client, Item, Operations};
use std::collections::BTreeMap;

mod first {
    dynamorm::include_models!("shapes_1");
}
mod second {
    dynamorm::include_models!("shapes_2");
}
mod with_mood {
    dynamorm::include_models!("former_1");
}
mod without_mood {
    dynamorm::include_models!("former_2");
}
/// Knows the third shape, and writes the second one.
mod early {
    dynamorm::include_models!("shapes_3_early");
}
mod third {
    dynamorm::include_models!("shapes_3");
}

// Each release has structs of its own for the shapes before it, and one function is the upgrade of all.
trait Older {
    type Next;

    fn next(self) -> Result<Self::Next, String>;
}

fn to_2<T: Older>(item: T) -> Result<T::Next, String> {
    item.next()
}

fn to_3<T: Older>(item: T) -> Result<T::Next, String> {
    item.next()
}

macro_rules! second_of_first {
    ($release:ident, $next:ident, $place:ident) => {
        impl Older for $release::ItemV1 {
            type Next = $release::$next;

            fn next(self) -> Result<$release::$next, String> {
                let (first, last) = self.name.split_once(' ').ok_or("the name has one part")?;
                Ok($release::$next {
                    id: self.id,
                    owner: self.owner,
                    size: self.size,
                    first: first.to_owned(),
                    last: last.to_owned(),
                    place: $release::$place { city: self.place.city },
                })
            }
        }
    };
}
second_of_first! { second, Item, Place }
second_of_first! { early, ItemV2, ItemV2Place }
second_of_first! { third, ItemV2, ItemV2Place }

macro_rules! third_of_second {
    ($release:ident) => {
        impl Older for $release::ItemV2 {
            type Next = $release::Item;

            fn next(self) -> Result<$release::Item, String> {
                Ok($release::Item {
                    id: self.id,
                    owner: self.owner,
                    weight: u64::from(self.size),
                    first: self.first,
                    last: self.last,
                    place: $release::Place { city: self.place.city, country: "?".to_owned() },
                    tags: ["old".to_owned()].into(),
                })
            }
        }
    };
}
third_of_second! { early }
third_of_second! { third }

fn back_to_2(item: &early::Item) -> Result<early::ItemV2, String> {
    Ok(early::ItemV2 {
        id: item.id.clone(),
        owner: item.owner.clone(),
        size: item.weight.try_into().map_err(|_| "too heavy")?,
        first: item.first.clone(),
        last: item.last.clone(),
        place: early::ItemV2Place { city: item.place.city.clone() },
    })
}

fn first(id: &str, name: &str) -> first::Item {
    let place = first::Place { city: "York".to_owned() };
    first::Item { id: id.to_owned(), owner: "o".to_owned(), size: 5, name: name.to_owned(), place }
}

/// A database with an item of each shape.
async fn database() -> Client {
    let db = Client::embedded().unwrap();
    db.create_tables(third::TABLES).await.unwrap();
    first("a", "Ada Lovelace").put().send(&db).await.unwrap();
    let place = second::Place { city: "Ulm".to_owned() };
    let second = second::Item {
        id: "b".to_owned(),
        owner: "o".to_owned(),
        size: 6,
        first: "Grace".to_owned(),
        last: "Hopper".to_owned(),
        place,
    };
    second.put().send(&db).await.unwrap();
    let third = third::Item {
        id: "c".to_owned(),
        owner: "o".to_owned(),
        weight: u64::from(u32::MAX) + 1,
        first: "Barbara".to_owned(),
        last: "Liskov".to_owned(),
        place: third::Place { city: "Rome".to_owned(), country: "IT".to_owned() },
        tags: ["new".to_owned()].into(),
    };
    third.put().send(&db).await.unwrap();
    db
}

async fn raw(db: &Client) -> BTreeMap<String, Item> {
    let output = db.sdk().scan().table_name("items").consistent_read(true).send().await.unwrap();
    let id = |item: &Item| item["id"].as_s().unwrap().clone();
    output.items.unwrap().into_iter().map(|item| (id(&item), item)).collect()
}

/// The shapes of the items, in the order of their keys.
async fn shapes(db: &Client) -> Vec<u32> {
    let shape = |item: &Item| item.get("shape").map_or(1, |shape| shape.as_n().unwrap().parse().unwrap());
    raw(db).await.values().map(shape).collect()
}

async fn set(db: &Client, id: &str, name: &str, value: AttributeValue) {
    let update = db.sdk().update_item().table_name("items").key("id", AttributeValue::S(id.to_owned()));
    let update = update.update_expression("SET #name = :value").expression_attribute_names("#name", name);
    update.expression_attribute_values(":value", value).send().await.unwrap();
}

#[tokio::test]
async fn items_of_older_shapes_are_upgraded() {
    let db = database().await;
    set(&db, "a", "remark", AttributeValue::S("mine".to_owned())).await;
    let read = || async { third::Item::scan().items(&db).all().await.unwrap() };
    let before = read().await;

    let plan = third::Item::sweep().plan().send(&db).await.unwrap();
    assert_eq!(plan.shapes()["Item"], BTreeMap::from([(1, 1), (2, 1), (3, 1)]), "{plan}");
    assert_eq!(shapes(&db).await, [1, 2, 3], "a plan writes nothing");

    let report = third::Item::sweep().run(&db).await.unwrap();
    assert!(report.is_clean(), "{report}");
    let [change] = &report.changes()[..] else { panic!("{report}") };
    assert_eq!((change.attribute(), change.kind(), change.items()), ("shape", ChangeKind::OlderShape, 2));
    assert_eq!(shapes(&db).await, [3, 3, 3]);
    assert_eq!(read().await, before, "an upgraded item is read as it was before");
    let items = raw(&db).await;
    for former in ["size", "name"] {
        assert!(items.values().all(|item| !item.contains_key(former)), "{former}: {items:?}");
    }
    assert_eq!(items["a"]["remark"], AttributeValue::S("mine".to_owned()), "what nobody declares stays");

    let again = third::Item::sweep().run(&db).await.unwrap();
    assert_eq!((again.counts().unchanged, again.counts().changed), (3, 0));
    assert_eq!(again.shapes()["Item"], BTreeMap::from([(3, 3)]));
}

#[tokio::test]
async fn an_upgrade_that_fails_is_a_listed_failure() {
    let db = database().await;
    first("d", "Plato").put().send(&db).await.unwrap();
    let report = third::Item::sweep().run(&db).await.unwrap();
    let [failure] = report.failures() else { panic!("{report}") };
    assert_eq!(failure.problem(), SweepProblem::Unreadable);
    assert!(failure.message().contains("the name has one part"), "{failure}");
    assert_eq!(shapes(&db).await, [3, 3, 3, 1]);
}

#[tokio::test]
async fn while_older_code_runs_items_are_brought_to_the_shape_that_it_writes() {
    let db = database().await;
    let report = early::Item::sweep().run(&db).await.unwrap();
    assert!(report.is_clean(), "{report}");
    assert_eq!(shapes(&db).await, [2, 2, 3], "what has a newer one keeps it");
    // Older code reads what it knows.
    assert!(second::Item::get("a").send(&db).await.unwrap().is_some());
    let again = early::Item::sweep().run(&db).await.unwrap();
    assert_eq!((again.counts().unchanged, again.counts().changed), (3, 0), "{again}");
}

#[tokio::test]
async fn a_shape_that_this_code_does_not_know_is_a_listed_failure() {
    let db = database().await;
    let report = second::Item::sweep().run(&db).await.unwrap();
    let [failure] = report.failures() else { panic!("{report}") };
    assert_eq!(failure.problem(), SweepProblem::NewerShape, "{failure}");
    assert_eq!(shapes(&db).await, [2, 2, 3]);
}

#[tokio::test]
async fn a_plan_is_the_receipt_of_what_it_saw() {
    let db = database().await;
    let eventual = third::Item::sweep().plan().send(&db).await.unwrap();
    assert_eq!(eventual.receipt(), None, "a read that may be stale proves nothing");
    let plan = third::Item::sweep().consistent().plan().send(&db).await.unwrap();
    let receipt: dynamorm::Json = dynamorm::serde_json::from_str(&plan.receipt().unwrap()).unwrap();
    assert_eq!((&receipt["receipt"], &receipt["failed"]), (&1.into(), &0.into()));
    assert_eq!((&receipt["table"], &receipt["live_table"]), (&"items".into(), &"items".into()));
    assert_eq!(receipt["shapes"]["Item"], dynamorm::serde_json::json!({ "1": 1, "2": 1, "3": 1 }));
}

#[tokio::test]
async fn attributes_that_were_once_the_models_are_removed_by_name() {
    let db = Client::embedded().unwrap();
    db.create_tables(with_mood::TABLES).await.unwrap();
    let note = with_mood::Note { id: "a".to_owned(), text: "t".to_owned(), mood: Some("calm".to_owned()) };
    note.put().send(&db).await.unwrap();
    let stored = || async {
        let output = db.sdk().scan().table_name("notes").send().await.unwrap();
        let mut names: Vec<_> = output.items.unwrap()[0].keys().cloned().collect();
        names.sort();
        names
    };
    let plain = without_mood::Note::sweep().run(&db).await.unwrap();
    assert_eq!(plain.counts().unchanged, 1, "what is not named stays: {plain}");
    assert_eq!(stored().await, ["id", "mood", "mood_key", "text"]);

    let report = without_mood::Note::sweep().remove_former("mood").run(&db).await.unwrap();
    let [change] = &report.changes()[..] else { panic!("{report}") };
    assert_eq!((change.attribute(), change.kind(), change.items()), ("mood", ChangeKind::Former, 1));
    assert_eq!(stored().await, ["id", "mood_key", "text"]);
    let report =
        without_mood::Note::sweep().remove_former("mood").remove_former("mood_key").run(&db).await.unwrap();
    assert_eq!(report.counts().changed, 1);
    assert_eq!(stored().await, ["id", "text"]);
}

#[tokio::test]
async fn what_no_lock_knows_is_not_removed() {
    let db = Client::embedded().unwrap();
    db.create_tables(with_mood::TABLES).await.unwrap();
    for name in ["text", "id", "colour"] {
        let error = without_mood::Note::sweep().remove_former(name).run(&db).await.unwrap_err();
        assert!(
            error.to_string().contains("no lock says that it was once an attribute of these items"),
            "{error}"
        );
    }
}
