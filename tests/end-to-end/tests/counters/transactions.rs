//! Counts in transactions of the caller: one operation for each item that counts, also where the caller changes that item.

use dynamorm::Operations;
use end_to_end::connector::{Step, disturbed, recorded};
use serde_json::json;

use crate::models::{Membership, Project};
use crate::{join, leave, member, members, memberships, project, projects, read, with_project};

#[tokio::test]
async fn several_changes_of_one_owner_are_one_operation() {
    let db = with_project("apollo").await;
    join(&db, "apollo", "ada").await.unwrap();
    let (recording, record) = recorded(&db);

    dynamorm::transaction()
        .put(member("apollo", "grace").put())
        .put(member("apollo", "mary").put())
        .delete(Membership::delete(("apollo", "ada")))
        .send(&recording)
        .await
        .unwrap();

    assert_eq!(members(&db, "apollo").await, 2);
    let sent = record.sent().pop().unwrap();
    let operations = sent.body["TransactItems"].as_array().unwrap();
    assert_eq!(operations.len(), 4);
    assert_eq!(operations[3]["Update"]["ExpressionAttributeValues"][":0"], json!({ "N": "1" }));
}

#[tokio::test]
async fn changes_are_joined_with_the_callers_own_update() {
    let db = with_project("apollo").await;
    let (recording, record) = recorded(&db);

    dynamorm::transaction()
        .put(member("apollo", "ada").put())
        .update(
            Project::update("apollo")
                .set(Project::TITLE, "Manned")
                .add(Project::TAGS, ["moon"])
                .when(Project::TITLE.eq("A project")),
        )
        .put(member("apollo", "grace").put())
        .send(&recording)
        .await
        .unwrap();

    let project = read(&db, "apollo").await;
    assert_eq!((project.title.as_str(), project.members, project.version), ("Manned", 2, 2));
    assert!(project.tags.contains("moon"));
    let sent = record.sent().pop().unwrap();
    assert_eq!(sent.body["TransactItems"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn the_callers_condition_and_the_maximum_are_told_apart() {
    let db = with_project("apollo").await;
    for user in ["ada", "grace", "mary"] {
        join(&db, "apollo", user).await.unwrap();
    }
    let with = |title: &'static str| {
        dynamorm::transaction()
            .put(member("apollo", "joan").put())
            .update(Project::update("apollo").set(Project::TITLE, "Manned").when(Project::TITLE.eq(title)))
    };

    let error = with("A project").send(&db).await.unwrap_err();
    assert!(error.is_full() && error.cancellations().map(|(at, _)| at).eq([1]), "{error}");
    leave(&db, "apollo", "ada").await.unwrap();
    let error = with("Another").send(&db).await.unwrap_err();
    assert!(error.is_condition_failed(), "{error}");

    assert_eq!((members(&db, "apollo").await, memberships(&db, "apollo").await), (2, 2));
    assert_eq!(read(&db, "apollo").await.title, "A project");
}

#[tokio::test]
async fn a_new_owner_comes_with_what_it_counts() {
    let db = projects().await;
    let mut apollo = project("apollo");

    dynamorm::transaction()
        .put(member("apollo", "ada").put())
        .put(apollo.put())
        .put(member("apollo", "grace").put())
        .send(&db)
        .await
        .unwrap();

    assert_eq!((apollo.members, members(&db, "apollo").await), (2, 2));
    // In the place of one that is there.
    let mut again = read(&db, "apollo").await;
    dynamorm::transaction().put(again.put()).put(member("apollo", "mary").put()).send(&db).await.unwrap();
    assert_eq!((again.members, members(&db, "apollo").await), (3, 3));

    let mut more = read(&db, "apollo").await;
    let full = dynamorm::transaction().put(more.put()).put(member("apollo", "joan").put());
    let error = full.send(&db).await.unwrap_err();
    assert!(error.is_full(), "{error}");
    assert_eq!((members(&db, "apollo").await, memberships(&db, "apollo").await), (3, 3));
}

#[tokio::test]
async fn an_upsert_of_an_owner_makes_it_or_changes_it() {
    let db = projects().await;
    let upsert = |user: &str| {
        let upsert = project("apollo").upsert().set(Project::TITLE, format!("With {user}"));
        dynamorm::transaction().upsert(upsert).put(member("apollo", user).put())
    };

    for (user, count) in [("ada", 1), ("grace", 2), ("mary", 3)] {
        upsert(user).send(&db).await.unwrap();
        let project = read(&db, "apollo").await;
        assert_eq!((project.members, project.title), (count, format!("With {user}")));
    }

    assert!(upsert("joan").send(&db).await.unwrap_err().is_full());
    assert_eq!((members(&db, "apollo").await, memberships(&db, "apollo").await), (3, 3));
}

#[tokio::test]
async fn a_check_of_an_owner_becomes_its_update() {
    let db = with_project("apollo").await;
    let with = |title: &'static str| {
        dynamorm::transaction()
            .put(member("apollo", "ada").put())
            .check(Project::check("apollo").when(Project::TITLE.eq(title)))
    };

    let error = with("Another").send(&db).await.unwrap_err();
    assert!(error.is_condition_failed(), "{error}");
    with("A project").send(&db).await.unwrap();

    assert_eq!(members(&db, "apollo").await, 1);
}

#[tokio::test]
async fn an_owner_is_deleted_with_what_it_counts_and_not_with_what_it_would() {
    let db = with_project("apollo").await;
    join(&db, "apollo", "ada").await.unwrap();

    let error = dynamorm::transaction()
        .delete(Project::delete("apollo"))
        .put(member("apollo", "grace").put())
        .send(&db)
        .await
        .unwrap_err();
    assert!(error.is_validation(), "{error}");
    dynamorm::transaction()
        .delete(Project::delete("apollo"))
        .delete(Membership::delete(("apollo", "ada")))
        .send(&db)
        .await
        .unwrap();

    assert_eq!(memberships(&db, "apollo").await, 0);
    assert_eq!(Project::get("apollo").send(&db).await.unwrap(), None);
}

#[tokio::test]
async fn an_owner_that_is_not_there_cancels_the_whole() {
    let db = with_project("apollo").await;

    let error = dynamorm::transaction()
        .put(member("apollo", "ada").put())
        .put(member("gemini", "ada").put())
        .send(&db)
        .await
        .unwrap_err();

    assert!(error.is_owner_missing(), "{error}");
    let (position, cause) = error.cancellations().next().unwrap();
    assert_eq!((position, cause.model(), cause.key()), (1, Some("Project"), Some("id = \"gemini\"")));
    assert_eq!((members(&db, "apollo").await, memberships(&db, "apollo").await), (0, 0));
}

#[tokio::test]
async fn a_transaction_is_prepared_anew_when_what_it_read_has_changed() {
    let db = with_project("apollo").await;
    let other = db.clone();
    let meanwhile = Step::meanwhile(async move { join(&other, "apollo", "ada").await.unwrap() });
    let (disturbed, _) = disturbed(&db, [Step::Pass, meanwhile]);

    dynamorm::transaction().put(member("apollo", "ada").put()).send(&disturbed).await.unwrap();

    assert_eq!((members(&db, "apollo").await, memberships(&db, "apollo").await), (1, 1));
}

#[tokio::test]
async fn counts_take_their_places_in_a_transaction() {
    let db = projects().await;
    let puts: Vec<_> = (0..60).map(|number| member(&format!("p{number}"), "ada")).collect();

    let transaction = puts.iter().fold(dynamorm::transaction(), |all, member| all.put(member.put()));
    let error = transaction.send(&db).await.unwrap_err();

    assert!(error.to_string().contains("not 120, of which 60 are those of counters"), "{error}");
}
