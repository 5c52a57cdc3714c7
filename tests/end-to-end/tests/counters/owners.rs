//! What writes of an owner do to its counts: nothing.

use dynamorm::Operations;
use end_to_end::connector::{Step, disturbed};

use crate::models::Project;
use crate::{join, members, project, read, with_project};

#[tokio::test]
async fn a_put_in_the_place_of_an_owner_keeps_its_count() {
    let db = with_project("apollo").await;
    let mut stale = read(&db, "apollo").await;
    join(&db, "apollo", "ada").await.unwrap();

    stale.title = "Another".to_owned();
    stale.members = 77;
    stale.put().send(&db).await.unwrap();

    assert_eq!((stale.members, stale.version), (1, 2), "it is written back");
    assert_eq!(read(&db, "apollo").await, stale);
}

#[tokio::test]
async fn a_new_owner_begins_at_zero() {
    let db = crate::projects().await;
    for is_conditional in [true, false] {
        let id = if is_conditional { "a" } else { "b" };
        let mut new = Project { members: 77, ..project(id) };
        if is_conditional {
            new.put().if_not_exists().send(&db).await.unwrap();
        } else {
            new.put().send(&db).await.unwrap();
        }
        assert_eq!((new.members, members(&db, id).await), (0, 0));
    }
}

#[tokio::test]
async fn a_put_of_an_owner_is_prepared_anew_when_its_count_changes_meanwhile() {
    let db = with_project("apollo").await;
    let mut project = read(&db, "apollo").await;
    let other = db.clone();
    let meanwhile = Step::meanwhile(async move { join(&other, "apollo", "ada").await.unwrap() });
    let (disturbed, record) = disturbed(&db, [Step::Pass, meanwhile]);

    project.put().send(&disturbed).await.unwrap();

    assert_eq!(members(&db, "apollo").await, 1);
    assert_eq!(record.operations(), ["GetItem", "PutItem", "GetItem", "PutItem"]);
}

#[tokio::test]
async fn saves_updates_and_upserts_leave_counts_alone() {
    let db = with_project("apollo").await;
    let mut tracked = read(&db, "apollo").await.tracked();
    let mut kept = read(&db, "apollo").await;
    join(&db, "apollo", "ada").await.unwrap();

    tracked.members = 77;
    tracked.title = "Saved".to_owned();
    tracked.save().send(&db).await.unwrap();
    assert_eq!(members(&db, "apollo").await, 1);
    // Only a count that is set does not make a save.
    tracked.members = 78;
    tracked.save().send(&db).await.unwrap();
    assert_eq!(members(&db, "apollo").await, 1);

    Project::update("apollo")
        .set(Project::TITLE, "Updated")
        .return_updated_into(&mut kept)
        .send(&db)
        .await
        .unwrap();
    assert_eq!((kept.title.as_str(), kept.members), ("Updated", 0));

    let upsert = Project { members: 77, ..project("apollo") };
    upsert.upsert().set(Project::TITLE, "Upserted").send(&db).await.unwrap();
    let new = Project { members: 77, ..project("gemini") };
    new.upsert().send(&db).await.unwrap();
    assert_eq!((members(&db, "apollo").await, members(&db, "gemini").await), (1, 0));
}

#[tokio::test]
async fn a_count_may_order_an_index() {
    let db = with_project("apollo").await;
    project("gemini").put().send(&db).await.unwrap();
    project("mercury").upsert().send(&db).await.unwrap();
    for user in ["ada", "grace"] {
        join(&db, "gemini", user).await.unwrap();
    }
    join(&db, "mercury", "ada").await.unwrap();

    let projects: Vec<Project> = Project::by_size("red").descending().items(&db).all().await.unwrap();
    let large: Vec<Project> = Project::by_size("red").members().ge(2).items(&db).all().await.unwrap();

    let ids = |projects: &[Project]| projects.iter().map(|project| project.id.clone()).collect::<Vec<_>>();
    assert_eq!(ids(&projects), ["gemini", "mercury", "apollo"]);
    assert_eq!(ids(&large), ["gemini"]);
}

#[tokio::test]
async fn counts_are_asked_for_in_conditions_and_read_where_they_are_absent() {
    let db = with_project("apollo").await;
    join(&db, "apollo", "ada").await.unwrap();
    let update =
        |least: i64| Project::update("apollo").set(Project::TITLE, "Many").when(Project::MEMBERS.ge(least));

    assert!(update(2).send(&db).await.unwrap_err().is_condition_failed());
    update(1).send(&db).await.unwrap();

    // An item that was there before its counter.
    let raw = db.sdk().update_item().table_name(db.table_name(&crate::tables::PROJECTS));
    let key = dynamorm::AttributeValue::S("apollo".to_owned());
    raw.key("id", key).update_expression("REMOVE members").send().await.unwrap();
    assert_eq!(members(&db, "apollo").await, 0);
    join(&db, "apollo", "grace").await.unwrap();
    assert_eq!(members(&db, "apollo").await, 1);
}
