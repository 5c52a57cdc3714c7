//! What puts and deletions count.

use dynamorm::Operations;
use end_to_end::connector::{Step, disturbed, recorded};
use serde_json::json;

use crate::models::{Folder, Membership, Project};
use crate::{join, leave, member, members, memberships, project, projects, read, with_project};

#[tokio::test]
async fn puts_and_deletions_are_counted() {
    let db = with_project("apollo").await;
    assert_eq!(members(&db, "apollo").await, 0);

    join(&db, "apollo", "ada").await.unwrap();
    join(&db, "apollo", "grace").await.unwrap();
    assert_eq!(members(&db, "apollo").await, 2);

    leave(&db, "apollo", "ada").await.unwrap();
    assert_eq!(members(&db, "apollo").await, 1);
    assert_eq!(memberships(&db, "apollo").await, 1);
}

#[tokio::test]
async fn an_overwrite_counts_nothing_and_writes_nothing_beside_it() {
    let db = with_project("apollo").await;
    join(&db, "apollo", "ada").await.unwrap();
    let (recording, record) = recorded(&db);

    let again = Membership { role: "owner".to_owned(), ..member("apollo", "ada") };
    again.put().send(&recording).await.unwrap();

    assert_eq!(record.operations(), ["GetItem", "PutItem"]);
    assert_eq!(members(&db, "apollo").await, 1);
}

#[tokio::test]
async fn a_deletion_of_what_is_not_there_counts_nothing() {
    let db = with_project("apollo").await;
    let (recording, record) = recorded(&db);

    leave(&recording, "apollo", "nobody").await.unwrap();
    assert_eq!(record.operations(), ["GetItem"]);
    let error = Membership::delete(("apollo", "nobody")).if_exists().send(&db).await.unwrap_err();

    assert!(error.is_not_found(), "{error}");
    assert_eq!(members(&db, "apollo").await, 0);
}

#[tokio::test]
async fn the_requests_are_a_read_and_a_transaction_of_two() {
    let db = with_project("apollo").await;
    let (recording, record) = recorded(&db);

    join(&recording, "apollo", "ada").await.unwrap();

    assert_eq!(record.operations(), ["GetItem", "TransactWriteItems"]);
    let sent = record.sent().pop().unwrap();
    let operations = sent.body["TransactItems"].as_array().unwrap();
    assert_eq!(operations.len(), 2);
    let update = &operations[1]["Update"];
    assert_eq!(update["UpdateExpression"], json!("ADD #0 :0"));
    assert_eq!(
        update["ConditionExpression"],
        json!("attribute_exists(#1) AND (attribute_not_exists(#0) OR #0 <= :1)")
    );
    assert_eq!(update["ExpressionAttributeValues"], json!({ ":0": { "N": "1" }, ":1": { "N": "2" } }));
}

#[tokio::test]
async fn a_put_that_demands_that_nothing_is_there_does_not_read() {
    let db = with_project("apollo").await;
    let (recording, record) = recorded(&db);

    member("apollo", "ada").put().if_not_exists().send(&recording).await.unwrap();
    let error = member("apollo", "ada").put().if_not_exists().send(&recording).await.unwrap_err();

    assert!(error.is_already_exists(), "{error}");
    assert_eq!(record.operations(), ["TransactWriteItems", "TransactWriteItems"]);
    assert_eq!(members(&db, "apollo").await, 1);
}

#[tokio::test]
async fn a_full_project_refuses_the_next_member_by_type() {
    let db = with_project("apollo").await;
    for user in ["ada", "grace", "mary"] {
        join(&db, "apollo", user).await.unwrap();
    }

    let error = join(&db, "apollo", "joan").await.unwrap_err();

    assert!(error.is_full() && !error.is_condition_failed(), "{error}");
    assert_eq!(error.attribute(), Some("members"));
    assert!(error.to_string().starts_with("`members` would exceed its `max`"), "{error}");
    assert_eq!((members(&db, "apollo").await, memberships(&db, "apollo").await), (3, 3));
    // One who is there may change, and a place that becomes free is taken.
    join(&db, "apollo", "ada").await.unwrap();
    leave(&db, "apollo", "ada").await.unwrap();
    join(&db, "apollo", "joan").await.unwrap();
    assert_eq!(members(&db, "apollo").await, 3);
}

#[tokio::test]
async fn what_would_count_must_be_there() {
    let db = projects().await;

    let error = join(&db, "apollo", "ada").await.unwrap_err();

    assert!(error.is_owner_missing() && !error.is_not_found(), "{error}");
    assert!(
        error.to_string().starts_with("the `Project` that would count the item does not exist"),
        "{error}"
    );
    // Neither the item nor a stub of what would count it is written.
    assert_eq!(memberships(&db, "apollo").await, 0);
    assert_eq!(Project::get("apollo").send(&db).await.unwrap(), None);
}

#[tokio::test]
async fn what_is_left_of_a_deleted_owner_can_be_deleted() {
    let db = with_project("apollo").await;
    join(&db, "apollo", "ada").await.unwrap();
    Project::delete("apollo").send(&db).await.unwrap();

    let old = Membership::delete(("apollo", "ada")).return_old().send(&db).await.unwrap();

    assert_eq!(old, Some(member("apollo", "ada")));
    assert_eq!(memberships(&db, "apollo").await, 0);
    assert_eq!(Project::get("apollo").send(&db).await.unwrap(), None);
}

#[tokio::test]
async fn an_owner_that_comes_back_meanwhile_is_not_passed_over() {
    let db = with_project("apollo").await;
    join(&db, "apollo", "ada").await.unwrap();
    Project::delete("apollo").send(&db).await.unwrap();
    let other = db.clone();
    // It is read, refused, and sent without the owner, which is back by then.
    let back = Step::meanwhile(async move {
        let mut project = project("apollo");
        project.put().send(&other).await.unwrap();
    });
    let (disturbed, record) = disturbed(&db, [Step::Pass, Step::Pass, back]);

    leave(&disturbed, "apollo", "ada").await.unwrap();

    assert_eq!(members(&db, "apollo").await, -1, "{:?}", record.operations());
    assert_eq!(memberships(&db, "apollo").await, 0);
}

#[tokio::test]
async fn a_lost_response_counts_once() {
    let db = with_project("apollo").await;
    let (disturbed, _) = disturbed(&db, [Step::Pass, Step::LoseResponse]);

    join(&disturbed, "apollo", "ada").await.unwrap();

    assert_eq!(members(&db, "apollo").await, 1);
}

#[tokio::test]
async fn exactly_once_counts_as_well() {
    let db = with_project("apollo").await;

    member("apollo", "ada").put().exactly_once().send(&db).await.unwrap();
    Membership::delete(("apollo", "nobody")).exactly_once().send(&db).await.unwrap();

    assert_eq!(members(&db, "apollo").await, 1);
}

#[tokio::test]
async fn models_count_their_own_items() {
    let db = projects().await;
    let folder = |path: &str, parent: Option<&str>| {
        Folder::builder().path(path).parent(parent.map(str::to_owned)).build().unwrap()
    };
    folder("/", None).put().send(&db).await.unwrap();
    folder("/a", Some("/")).put().send(&db).await.unwrap();
    folder("/b", Some("/")).put().send(&db).await.unwrap();
    let count = async |path: &str| Folder::get(path).consistent().send(&db).await.unwrap().unwrap().folders;
    assert_eq!((count("/").await, count("/a").await), (2, 0));

    // A folder moves, and what it counts stays.
    folder("/a/b", Some("/a")).put().send(&db).await.unwrap();
    let mut moved = Folder::get("/a").consistent().send(&db).await.unwrap().unwrap().tracked();
    moved.parent = Some("/b".to_owned());
    moved.save().send(&db).await.unwrap();

    assert_eq!((count("/").await, count("/b").await, count("/a").await), (1, 1, 1));

    // One may hold itself.
    folder("/loop", Some("/loop")).put().if_not_exists().send(&db).await.unwrap();
    assert_eq!(count("/loop").await, 1);
    folder("/loop", Some("/loop")).put().send(&db).await.unwrap();
    assert_eq!(count("/loop").await, 1);
    Folder::delete("/loop").send(&db).await.unwrap();
    assert_eq!(Folder::get("/loop").send(&db).await.unwrap(), None);
}

#[tokio::test]
async fn counting_is_no_write_of_the_owner() {
    let db = with_project("apollo").await;
    let before = read(&db, "apollo").await;

    join(&db, "apollo", "ada").await.unwrap();

    let after = read(&db, "apollo").await;
    assert_eq!((after.version, after.at), (before.version, before.at));
    assert_eq!(after, Project { members: 1, ..before });
}
