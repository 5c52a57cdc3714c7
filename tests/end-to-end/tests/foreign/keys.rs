//! The table's own keys.

use dynamorm::{AttributeValue, Client, Item, Operations};

use crate::models::{Badge, Note, OrgFileItem, Reading, Task, tables};
use crate::{assert_differs, database, instant, item, number, stored, text, with, write};

/// A task as the library stores it.
fn task() -> Item {
    let task = Task::builder().org("p").number(7).title("seven").build().unwrap();
    task.to_item().unwrap()
}

fn reading(at: &str) -> Item {
    item([("device", text("d")), ("at", text(at)), ("value", number("1.5"))])
}

/// The error of an item of `app` by each of the ways to read it.
async fn errors_of_app(db: &Client) -> Vec<dynamorm::Error> {
    let mut scanned = Task::scan().items(db);
    let mut queried = Task::query("p").items(db);
    let mut gathered = crate::models::OrgFile::query("p").items(db);
    vec![
        scanned.next().await.unwrap().unwrap_err(),
        queried.next().await.unwrap().unwrap_err(),
        gathered.next().await.unwrap().unwrap_err(),
    ]
}

#[tokio::test]
async fn an_unpadded_number_in_a_template_is_the_item_s_error() {
    let db = database(&[&tables::APP]).await;
    write(&db, &tables::APP, with(task(), "sk", text("TASK#7"))).await;

    for error in errors_of_app(&db).await {
        assert_differs(&error, "sk", "TASK#7", "TASK#0000000007");
    }
}

#[tokio::test]
async fn a_key_that_an_update_left_stale_is_the_item_s_error() {
    let db = database(&[&tables::APP]).await;
    write(&db, &tables::APP, with(task(), "org", text("q"))).await;

    for error in errors_of_app(&db).await {
        assert_differs(&error, "pk", "ORG#p", "ORG#q");
    }
    let error = Task::get(("p", 7)).send(&db).await.unwrap_err();
    assert_differs(&error, "pk", "ORG#p", "ORG#q");
}

#[tokio::test]
async fn a_number_that_is_another_than_the_key_s_is_the_item_s_error() {
    let db = database(&[&tables::APP]).await;
    write(&db, &tables::APP, with(task(), "number", number("8"))).await;

    for error in errors_of_app(&db).await {
        assert_differs(&error, "sk", "TASK#0000000007", "TASK#0000000008");
    }
}

#[tokio::test]
async fn other_items_of_a_page_are_read() {
    let db = database(&[&tables::APP]).await;
    write(&db, &tables::APP, with(task(), "sk", text("TASK#7"))).await;
    write(&db, &tables::APP, task()).await;

    let page = Task::query("p").send(&db).await.unwrap();
    let (read, refused): (Vec<_>, Vec<_>) = page.into_iter().partition(Result::is_ok);

    assert_eq!((read.len(), refused.len()), (1, 1));
    assert_eq!(Task::get(("p", 7)).send(&db).await.unwrap().unwrap().title, "seven");
}

#[tokio::test]
async fn text_that_the_key_alone_keeps_is_read_in_its_one_form() {
    let id = "67e55044-10b1-426f-9247-bb680e5fe0c8";
    let key = |at: &str, id: &str| text(&format!("NOTE#{at}#{id}"));
    let note = |sk| item([("pk", text("ORG#p")), ("sk", sk)]);
    let written = "2021-09-06T17:04:21.000000Z";

    assert!(Note::from_item(note(key(written, id))).is_ok());
    for (at, id) in [
        ("2021-09-06T17:04:21Z", id),
        ("2021-09-06T17:04:21.000Z", id),
        ("2021-09-06T17:04:21.000000+00:00", id),
        ("2021-09-06t17:04:21.000000z", id),
        (written, "67E55044-10B1-426F-9247-BB680E5FE0C8"),
        (written, "67e5504410b1426f9247bb680e5fe0c8"),
    ] {
        let error = Note::from_item(note(key(at, id))).unwrap_err();
        assert!(error.is_item_error(), "{error}");
        assert_eq!(error.attribute(), Some("sk"), "{error}");
    }
}

#[tokio::test]
async fn an_instant_of_another_form_that_is_a_key_is_the_item_s_error() {
    let expected = "2021-09-06T17:04:21.899683Z";
    for (at, expected) in [
        ("2021-09-06T17:04:21.899683+0000", expected),
        ("2021-09-06T17:04:21.899683+00:00", expected),
        ("2021-09-06T19:04:21.899683+02:00", expected),
        ("2021-09-06T17:04:21.123Z", "2021-09-06T17:04:21.123000Z"),
        ("2021-09-06T17:04:21Z", "2021-09-06T17:04:21.000000Z"),
        ("2021-09-06t17:04:21.000000z", "2021-09-06T17:04:21.000000Z"),
    ] {
        let db = database(&[&tables::READINGS]).await;
        write(&db, &tables::READINGS, reading(at)).await;

        assert_differs(&Reading::scan().items(&db).next().await.unwrap().unwrap_err(), "at", at, expected);
        let error = Reading::query("d").items(&db).all().await.unwrap_err();
        assert_differs(&error, "at", at, expected);
        let error = Reading::query("d").select(Reading::AT).items(&db).all().await.unwrap_err();
        assert_differs(&error, "at", at, expected);
        let unconcerned = Reading::query("d").select(Reading::VALUE).items(&db).all().await.unwrap();
        assert_eq!(unconcerned, [Some(1.5)]);
    }
}

#[test]
fn an_instant_finer_than_a_key_keeps_is_the_item_s_error() {
    let error = Reading::from_item(reading("2021-09-06T17:04:21.899683123Z")).unwrap_err();

    assert!(error.is_item_error(), "{error}");
    assert_eq!(error.attribute(), Some("at"));
    assert!(error.to_string().contains("microseconds"), "{error}");
}

#[tokio::test]
async fn what_was_read_is_put_back_and_deleted_under_its_own_key() {
    let db = database(&[&tables::READINGS, &tables::APP]).await;
    write(&db, &tables::READINGS, reading("2021-09-06T17:04:21.899683Z")).await;
    write(&db, &tables::APP, task()).await;

    let reading = Reading::scan().items(&db).next().await.unwrap().unwrap();
    reading.put().send(&db).await.unwrap();
    assert_eq!(stored(&db, &tables::READINGS).await.len(), 1);
    let until = instant("2021-09-06T17:04:21.899683Z");
    assert_eq!(Reading::query("d").at().le(until).count(&db).await.unwrap(), 1);
    Reading::delete(&reading).if_exists().send(&db).await.unwrap();

    let OrgFileItem::Task(task) =
        crate::models::OrgFile::query("p").items(&db).next().await.unwrap().unwrap()
    else {
        panic!("the item is a task")
    };
    task.put().send(&db).await.unwrap();
    assert_eq!(stored(&db, &tables::APP).await.len(), 1);
    Task::delete(&*task).if_exists().send(&db).await.unwrap();
}

#[test]
fn a_unique_value_of_another_form_is_the_item_s_error() {
    let code = "67E55044-10B1-426F-9247-BB680E5FE0C8";
    let badge = |code: &str| item([("id", text("b")), ("code", text(code))]);

    assert!(Badge::from_item(badge(&code.to_lowercase())).is_ok());
    assert_differs(&Badge::from_item(badge(code)).unwrap_err(), "code", code, &code.to_lowercase());
}

#[tokio::test]
async fn guards_are_checked_and_repaired_beside_items_that_cannot_be_read() {
    let db = database(&[&tables::BADGES]).await;
    let code = "67E55044-10B1-426F-9247-BB680E5FE0C8";
    let badge = |id: &str, code: &str| item([("id", text(id)), ("code", text(code))]);
    write(&db, &tables::BADGES, badge("a", code)).await;
    write(&db, &tables::BADGES, badge("b", "00000000-10b1-426f-9247-bb680e5fe0c8")).await;

    let report = db.check_unique::<Badge>().await.unwrap();

    assert_eq!(report.missing().len(), 2);
    assert_eq!(report.repair(&db).await.unwrap(), 2);
    assert!(db.check_unique::<Badge>().await.unwrap().is_clean());
}

#[test]
fn a_key_of_another_type_is_the_item_s_error() {
    let error = Task::from_item(with(task(), "sk", AttributeValue::Bool(true))).unwrap_err();

    assert!(error.is_item_error(), "{error}");
    assert_eq!(error.attribute(), Some("sk"));
}
