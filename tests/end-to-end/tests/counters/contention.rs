//! Many at once.

use dynamorm::{Client, Operations};
use end_to_end::connector::{Step, disturbed};
use serde_json::json;

use crate::models::{Membership, Project};
use crate::{join, leave, members, memberships, with_project};

/// Lets each task put and delete members of its own and one whom all share, several times.
async fn come_and_go(db: Client, task: usize) {
    for round in 0..6 {
        let own = format!("member-{task}");
        let user = if round % 2 == 0 { own.as_str() } else { "shared" };
        // Room for three leaves some of them out.
        match join(&db, "apollo", user).await {
            Err(error) if error.is_full() || error.is_conflict() => {}
            outcome => outcome.unwrap(),
        }
        tokio::task::yield_now().await;
        if !(task + round).is_multiple_of(3) {
            match leave(&db, "apollo", user).await {
                Err(error) if error.is_conflict() => {}
                outcome => outcome.unwrap(),
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_count_is_right_in_the_end() {
    let db = with_project("apollo").await;

    let tasks: Vec<_> = (0..4).map(|task| tokio::spawn(come_and_go(db.clone(), task))).collect();
    for task in tasks {
        task.await.unwrap();
    }

    let there = memberships(&db, "apollo").await;
    assert_eq!(members(&db, "apollo").await, i64::try_from(there).unwrap());
    assert!(there <= 3, "{there}");
    let recounted = Project::recount_members("apollo").send(&db).await.unwrap();
    assert_eq!(recounted.was, recounted.now);
}

#[tokio::test]
async fn what_was_read_must_still_be_there() {
    let db = with_project("apollo").await;
    join(&db, "apollo", "ada").await.unwrap();
    let other = db.clone();
    // Between the read of an overwrite and its write the item goes, and the write counts it again.
    let gone = Step::meanwhile(async move { leave(&other, "apollo", "ada").await.unwrap() });
    let (overwriting, _) = disturbed(&db, [Step::Pass, gone]);
    join(&overwriting, "apollo", "ada").await.unwrap();
    assert_eq!(members(&db, "apollo").await, 1);

    // Another deletes what a deletion has read.
    let other = db.clone();
    let gone = Step::meanwhile(async move { leave(&other, "apollo", "ada").await.unwrap() });
    let (deleting, _) = disturbed(&db, [Step::Pass, gone]);
    leave(&deleting, "apollo", "ada").await.unwrap();
    assert_eq!((members(&db, "apollo").await, memberships(&db, "apollo").await), (0, 0));
}

#[tokio::test]
async fn a_transaction_in_the_way_is_waited_for() {
    let db = with_project("apollo").await;
    let conflict = json!({
        "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
        "message": "conflict",
        "CancellationReasons": [{ "Code": "None" }, { "Code": "TransactionConflict" }],
    });
    let conflict = Step::Answer(400, conflict);
    let (disturbed, record) = disturbed(&db, [Step::Pass, conflict]);

    join(&disturbed, "apollo", "ada").await.unwrap();

    assert_eq!(record.operations(), ["GetItem", "TransactWriteItems", "TransactWriteItems"]);
    assert_eq!(members(&db, "apollo").await, 1);
    assert!(Membership::get(("apollo", "ada")).send(&db).await.unwrap().is_some());
}
