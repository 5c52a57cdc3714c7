//! Counting anew.

use dynamorm::{AttributeValue, Client, Operations};
use end_to_end::connector::{Step, disturbed, recorded};

use crate::models::{Account, Folder, Invoice, Project};
use crate::tables;
use crate::{join, member, members, project, projects, read, with_project};

/// What another program does that does not count: a put of a membership.
async fn put_uncounted(db: &Client, user: &str) {
    let item = member("apollo", user).to_item().unwrap();
    let put = db.sdk().put_item().table_name(db.table_name(&tables::WORK)).set_item(Some(item));
    put.send().await.unwrap();
}

#[tokio::test]
async fn a_count_is_corrected() {
    let db = with_project("apollo").await;
    join(&db, "apollo", "ada").await.unwrap();
    put_uncounted(&db, "grace").await;
    put_uncounted(&db, "mary").await;
    let before = read(&db, "apollo").await;

    let recounted = Project::recount_members("apollo").send(&db).await.unwrap();

    assert_eq!((recounted.was, recounted.now), (1, 3));
    // It is no write of the item otherwise.
    assert_eq!(read(&db, "apollo").await, Project { members: 3, ..before });
    let again = Project::recount_members("apollo").send(&db).await.unwrap();
    assert_eq!((again.was, again.now), (3, 3));
}

#[tokio::test]
async fn a_right_count_is_read_alone() {
    let db = with_project("apollo").await;
    join(&db, "apollo", "ada").await.unwrap();
    let (recording, record) = recorded(&db);

    let recounted = Project::recount_members("apollo").send(&recording).await.unwrap();

    assert_eq!((recounted.was, recounted.now), (1, 1));
    assert_eq!(record.operations(), ["GetItem", "Query"]);
}

#[tokio::test]
async fn what_happens_meanwhile_is_seen() {
    let db = with_project("apollo").await;
    put_uncounted(&db, "ada").await;
    let other = db.clone();
    let meanwhile = Step::meanwhile(async move { join(&other, "apollo", "grace").await.unwrap() });
    // The item, what it counts, and then the correction.
    let (disturbed, record) = disturbed(&db, [Step::Pass, Step::Pass, meanwhile]);

    let recounted = Project::recount_members("apollo").send(&disturbed).await.unwrap();

    assert_eq!((recounted.was, recounted.now), (0, 2), "{:?}", record.operations());
    assert_eq!(members(&db, "apollo").await, 2);
}

#[tokio::test]
async fn an_owner_that_is_not_there_is_not_found() {
    let db = projects().await;

    let error = Project::recount_members("apollo").send(&db).await.unwrap_err();

    assert!(error.is_not_found(), "{error}");
    assert_eq!((error.model(), error.key()), (Some("Project"), Some("id = \"apollo\"")));
}

#[tokio::test]
async fn items_are_found_by_an_index_or_a_scan() {
    let db = with_project("apollo").await;
    project("gemini").put().send(&db).await.unwrap();
    for (number, project) in [(1, "apollo"), (2, "gemini"), (3, "apollo")] {
        let invoice = Invoice::builder().number(number).project(project.to_owned()).cents(7).build().unwrap();
        invoice.put().send(&db).await.unwrap();
    }
    let set = db.sdk().update_item().table_name(db.table_name(&tables::PROJECTS));
    let set = set.key("id", AttributeValue::S("apollo".to_owned()));
    let set = set.update_expression("SET billed = :wrong, invoices = :wrong");
    set.expression_attribute_values(":wrong", AttributeValue::N("-5".to_owned())).send().await.unwrap();
    let (recording, record) = recorded(&db);

    let billed = Project::recount_billed("apollo").send(&recording).await.unwrap();
    let invoices = Project::recount_invoices("apollo").send(&db).await.unwrap();

    assert_eq!(((billed.was, billed.now), (invoices.was, invoices.now)), ((-5, 14), (-5, 2)));
    assert_eq!(record.sent()[1].body["IndexName"], "billed_to");

    let folder = |path: &str, parent: Option<&str>| {
        Folder::builder().path(path).parent(parent.map(str::to_owned)).build().unwrap()
    };
    for folder in [folder("/", None), folder("/a", Some("/")), folder("/b", Some("/"))] {
        let item = folder.to_item().unwrap();
        let put = db.sdk().put_item().table_name(db.table_name(&tables::WORK)).set_item(Some(item));
        put.send().await.unwrap();
    }
    let folders = Folder::recount_folders("/").send(&db).await.unwrap();
    assert_eq!((folders.was, folders.now), (0, 2));
}

#[tokio::test]
async fn a_sum_of_decimals_is_exact() {
    let db = projects().await;
    Account::builder().owner("ada").name("Ada").build().unwrap().put().send(&db).await.unwrap();

    let held = Account::recount_held("ada").send(&db).await.unwrap();

    assert_eq!((held.was.to_string(), held.now.to_string()), ("0".to_owned(), "0".to_owned()));
}
