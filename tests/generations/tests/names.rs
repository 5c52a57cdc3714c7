//! A stored name that changes in two releases: what is read, changed and asked of an item, whichever names it has.

use dynamorm::{AttributeValue, Client, Operations};
use std::collections::HashMap;

mod first {
    dynamorm::include_models!("names_1");
}
mod second {
    dynamorm::include_models!("names_2");
}
mod third {
    dynamorm::include_models!("names_3");
}

use third::{Item, tables::ITEMS};

/// A database with an item that the first release wrote.
async fn database() -> Client {
    let db = Client::embedded().unwrap();
    db.create_tables(&[&ITEMS]).await.unwrap();
    old().put().send(&db).await.unwrap();
    db
}

fn old() -> first::Item {
    first::Item {
        id: "a".to_owned(),
        size: 5,
        tags: ["x".to_owned(), "y".to_owned()].into(),
        lines: vec!["one".to_owned()],
        note: Some("old".to_owned()),
    }
}

async fn raw(db: &Client) -> HashMap<String, AttributeValue> {
    let request = db.sdk().get_item().table_name("items").consistent_read(true);
    request.key("id", text("a")).send().await.unwrap().item.unwrap()
}

/// The names of the item's attributes, the key apart.
async fn names(db: &Client) -> Vec<String> {
    let mut names: Vec<_> = raw(db).await.into_keys().filter(|name| name != "id").collect();
    names.sort();
    names
}

fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

async fn item(db: &Client) -> Item {
    Item::get("a").consistent().send(db).await.unwrap().unwrap()
}

#[tokio::test]
async fn every_release_reads_what_the_one_before_and_the_one_after_write() {
    let db = database().await;
    let second = second::Item::get("a").send(&db).await.unwrap().unwrap();
    assert_eq!((second.size, second.note.as_deref()), (5, Some("old")));
    let third = item(&db).await;
    assert_eq!((third.size, third.lines.len(), third.tags.len()), (5, 1, 2));

    third.put().send(&db).await.unwrap();
    assert_eq!(names(&db).await, ["labels", "length", "remark", "rows"]);
    assert_eq!(second::Item::get("a").send(&db).await.unwrap(), Some(second.clone()));

    // A rollback writes the former names again, and nothing under the new ones stays behind.
    second.put().send(&db).await.unwrap();
    assert_eq!(names(&db).await, ["lines", "note", "size", "tags"]);
    assert_eq!(item(&db).await, third);
}

#[tokio::test]
async fn of_several_names_the_own_one_counts_first_and_then_the_others_in_their_order() {
    let db = database().await;
    let with = |item: HashMap<String, AttributeValue>| {
        db.sdk().put_item().table_name("items").set_item(Some(item)).send()
    };
    let mut stored = raw(&db).await;
    stored.insert("comment".to_owned(), text("oldest"));
    with(stored.clone()).await.unwrap();
    assert_eq!(item(&db).await.note.as_deref(), Some("old"));
    stored.insert("remark".to_owned(), text("new"));
    with(stored.clone()).await.unwrap();
    assert_eq!(item(&db).await.note.as_deref(), Some("new"));
    stored.remove("remark");
    stored.remove("note");
    with(stored).await.unwrap();
    assert_eq!(item(&db).await.note.as_deref(), Some("oldest"));

    Item::update("a").set(Item::NOTE, "now").send(&db).await.unwrap();
    assert_eq!(names(&db).await, ["lines", "remark", "size", "tags"]);
}

#[tokio::test]
async fn an_update_works_on_whichever_name_the_item_has_and_leaves_its_own() {
    let db = database().await;
    Item::update("a").add(Item::SIZE, 2).append(Item::LINES, ["two"]).send(&db).await.unwrap();
    assert_eq!(names(&db).await, ["length", "note", "rows", "tags"]);
    let after = item(&db).await;
    assert_eq!((after.size, after.lines), (7, vec!["one".to_owned(), "two".to_owned()]));

    // The same again, now that the item has the new names.
    Item::update("a").add(Item::SIZE, 2).prepend(Item::LINES, ["zero"]).send(&db).await.unwrap();
    let after = item(&db).await;
    assert_eq!((after.size, after.lines.len(), after.lines[0].as_str()), (9, 3, "zero"));

    Item::update("a").remove(Item::NOTE).send(&db).await.unwrap();
    assert_eq!(names(&db).await, ["length", "rows", "tags"]);
    assert_eq!(item(&db).await.note, None);
}

#[tokio::test]
async fn a_value_that_is_set_where_there_is_none_keeps_the_one_under_a_former_name() {
    let db = database().await;
    Item::update("a").set_if_absent(Item::NOTE, "other").send(&db).await.unwrap();
    assert_eq!(item(&db).await.note.as_deref(), Some("old"));
    assert_eq!(names(&db).await, ["lines", "remark", "size", "tags"]);
}

#[tokio::test]
async fn an_addition_keeps_its_range_whichever_name_has_the_number() {
    let db = database().await;
    let error = Item::update("a").add(Item::SIZE, -6).send(&db).await.unwrap_err();
    assert!(error.is_out_of_range(), "{error}");
    assert_eq!(names(&db).await, ["lines", "note", "size", "tags"]);
}

#[tokio::test]
async fn members_of_a_set_under_a_former_name_are_refused_and_nothing_is_hidden() {
    let db = database().await;
    let before = raw(&db).await;
    Item::update("a").add(Item::TAGS, ["z"]).send(&db).await.unwrap_err();
    Item::update("a").delete_from(Item::TAGS, ["x"]).send(&db).await.unwrap_err();
    Item::update("a").set(Item::LINES.at(0), "ONE").send(&db).await.unwrap_err();
    assert_eq!(raw(&db).await, before);

    Item::update("a").set(Item::TAGS, ["x"]).send(&db).await.unwrap();
    Item::update("a").add(Item::TAGS, ["z"]).send(&db).await.unwrap();
    assert_eq!(item(&db).await.tags, ["x".to_owned(), "z".to_owned()].into());
}

#[tokio::test]
async fn a_save_moves_what_it_changes_and_nothing_else() {
    let db = database().await;
    let mut tracked = item(&db).await.tracked();
    tracked.tags.insert("z".to_owned());
    tracked.lines[0] = "ONE".to_owned();
    tracked.save().send(&db).await.unwrap();
    assert_eq!(names(&db).await, ["labels", "note", "rows", "size"]);
    let after = item(&db).await;
    assert_eq!((after.tags.len(), after.lines, after.size), (3, vec!["ONE".to_owned()], 5));
}

#[tokio::test]
async fn a_save_is_refused_where_another_client_changed_what_it_writes_whole() {
    let db = database().await;
    let mut tracked = item(&db).await.tracked();
    first::Item::update("a").set(first::Item::LINES, vec!["theirs".to_owned()]).send(&db).await.unwrap();
    tracked.lines[0] = "ours".to_owned();
    let error = tracked.save().send(&db).await.unwrap_err();
    assert!(error.is_conflict(), "{error}");
    assert_eq!(item(&db).await.lines, ["theirs"]);
}

#[tokio::test]
async fn conditions_and_filters_are_about_the_name_that_the_item_has() {
    let db = database().await;
    let cases = || {
        [
            (Item::SIZE.eq(5_u32), true),
            (Item::SIZE.eq(6_u32), false),
            (Item::SIZE.ne(5_u32), false),
            (Item::SIZE.between(1_u32, 5_u32), true),
            (!Item::SIZE.gt(5_u32), true),
            (Item::SIZE.is_in([4_u32, 5]), true),
            (Item::NOTE.exists(), true),
            (Item::NOTE.not_exists(), false),
            (Item::NOTE.begins_with("ol"), true),
            (Item::NOTE.size().eq(3_u64), true),
            (Item::LINES.at(0).eq("one"), true),
            (Item::TAGS.contains("x") & (Item::SIZE.lt(5_u32) | Item::NOTE.eq("old")), true),
            (Item::TAGS.contains("z"), false),
        ]
    };
    for new_names in [false, true] {
        if new_names {
            item(&db).await.put().send(&db).await.unwrap();
        }
        for (number, (condition, expected)) in cases().into_iter().enumerate() {
            let found: Vec<Item> = Item::scan().filter(condition.clone()).items(&db).gather().await.unwrap();
            assert_eq!(found.len() == 1, expected, "filter {number}, new names: {new_names}");
            let updated = Item::update("a").set(Item::SIZE, 5).when(condition).send(&db).await;
            assert_eq!(updated.is_ok(), expected, "condition {number}, new names: {new_names}");
        }
    }
    // Where the item has none of the names, a condition says what it says of a missing attribute.
    Item::update("a").remove(Item::NOTE).send(&db).await.unwrap();
    for (condition, expected) in
        [(Item::NOTE.ne("x"), true), (Item::NOTE.not_exists(), true), (Item::NOTE.exists(), false)]
    {
        let updated = Item::update("a").set(Item::SIZE, 5).when(condition).send(&db).await;
        assert_eq!(updated.is_ok(), expected);
    }
}

#[tokio::test]
async fn a_selection_reads_every_name() {
    let db = database().await;
    let selected = Item::get("a").select((Item::SIZE, Item::NOTE)).send(&db).await.unwrap();
    assert_eq!(selected, Some((5, Some("old".to_owned()))));
    let size: Vec<u32> = Item::scan().select(Item::SIZE).items(&db).gather().await.unwrap();
    assert_eq!(size, [5]);
}

#[tokio::test]
async fn an_upsert_and_a_transaction_leave_the_own_names() {
    let db = database().await;
    item(&db).await.upsert().add(Item::SIZE, 1).send(&db).await.unwrap();
    assert_eq!(item(&db).await.size, 6);
    assert_eq!(names(&db).await, ["labels", "length", "remark", "rows"]);

    old().put().send(&db).await.unwrap();
    let update = Item::update("a").set(Item::SIZE, 8).when(Item::NOTE.eq("old"));
    dynamorm::transaction().update(update).send(&db).await.unwrap();
    assert_eq!(item(&db).await.size, 8);
    assert_eq!(names(&db).await, ["length", "lines", "note", "tags"]);
}
