//! Writes of unique values that are interrupted, or race with others.

use std::time::Duration;

use dynamorm::{Client, Operations};
use end_to_end::connector::{Step, disturbed};

use crate::models::Member;
use crate::unique::{assert_clean, guards, member, members, put, read};

/// The item has either its old values or its new ones, and guards that go with them.
async fn assert_either(db: &Client, old: &Member, new: &Member) {
    let now = read(db, &old.id).await.unwrap();
    assert!(now == *old || now == *new, "{now:?}");
    assert_clean(db).await;
}

#[tokio::test]
async fn a_write_that_is_dropped_is_carried_out_whole_or_not_at_all() {
    let db = members().await;
    let mut old = member("1", Some("0@example.org"), 0);
    old.put().send(&db).await.unwrap();

    // Each round is dropped a little later.
    for round in 1..60 {
        let new = member("1", Some(&format!("{round}@example.org")), round);
        let task = async { new.put().send(&db).await };
        let _ = tokio::time::timeout(Duration::from_micros(u64::from(round) * 40), task).await;
        // What was sent may still be on its way.
        tokio::time::sleep(Duration::from_millis(2)).await;
        assert_either(&db, &old, &new).await;
        old = read(&db, "1").await.unwrap();
    }
    assert_eq!(guards(&db).await, 2);
}

#[tokio::test]
async fn a_deletion_that_is_dropped_is_carried_out_whole_or_not_at_all() {
    let db = members().await;

    for round in 1..60 {
        put(&db, "1", Some("ada@example.org"), 1).await.unwrap();
        let task = async { Member::delete(("acme", "1")).send(&db).await };
        let _ = tokio::time::timeout(Duration::from_micros(round * 40), task).await;
        tokio::time::sleep(Duration::from_millis(2)).await;
        assert_clean(&db).await;
        assert!(matches!((guards(&db).await, read(&db, "1").await), (0, None) | (2, Some(_))));
    }
}

#[tokio::test]
async fn a_write_whose_second_request_is_throttled_is_carried_out_later() {
    let db = members().await;
    put(&db, "1", Some("ada@example.org"), 1).await.unwrap();
    let throttled = || Step::exception(400, "ProvisionedThroughputExceededException");
    let (slow, record) = disturbed(&db, [Step::Pass, throttled(), throttled()]);

    put(&slow, "1", Some("grace@example.org"), 1).await.unwrap();

    assert_eq!(record.operations().len(), 4);
    assert_clean(&db).await;
}

#[tokio::test]
async fn a_write_that_is_throttled_for_good_changes_nothing() {
    let db = members().await;
    put(&db, "1", Some("ada@example.org"), 1).await.unwrap();
    let throttled = std::iter::repeat_n(Step::exception(400, "ThrottlingException"), 100);
    let (throttled, _) = disturbed(&db, std::iter::once(Step::Pass).chain(throttled));

    let error = put(&throttled, "1", Some("grace@example.org"), 1).await.unwrap_err();

    assert!(error.is_throttled(), "{error:?}");
    assert_eq!(read(&db, "1").await.unwrap().email.as_deref(), Some("ada@example.org"));
    assert_clean(&db).await;
}

#[tokio::test]
async fn a_write_ends_by_its_deadline_however_many_requests_it_takes() {
    let db = members().await;
    put(&db, "1", Some("ada@example.org"), 1).await.unwrap();
    let slow = Step::Delay(Duration::from_millis(150));
    let (slow, _) = disturbed(&db, [slow.clone(), slow.clone(), slow]);

    let write = member("1", Some("grace@example.org"), 1);
    let error = write.put().deadline(Duration::from_millis(200)).send(&slow).await.unwrap_err();

    assert!(error.is_timeout(), "{error:?}");
}

#[tokio::test]
async fn of_two_that_race_for_a_value_exactly_one_has_it() {
    let db = members().await;

    for round in 0..40 {
        let email = format!("{round}@example.org");
        let race = |id: &'static str, number| {
            let (db, email) = (db.clone(), email.clone());
            tokio::spawn(async move { put(&db, &format!("{round}-{id}"), Some(&email), number).await })
        };
        let outcomes = [race("a", round * 2), race("b", round * 2 + 1)];
        let [first, second] = outcomes;
        match (first.await.unwrap(), second.await.unwrap()) {
            (Ok(()), Err(error)) | (Err(error), Ok(())) => {
                assert!(error.is_not_unique() && error.attribute() == Some("email"), "{error:?}");
            }
            both => panic!("{both:?}"),
        }
    }

    assert_eq!((Member::scan().count(&db).await.unwrap(), guards(&db).await), (40, 80));
    assert_clean(&db).await;
}

#[tokio::test]
async fn a_change_and_a_deletion_that_race_leave_no_guard_without_its_item() {
    let db = members().await;

    for round in 0..40 {
        put(&db, "1", Some("old@example.org"), round).await.unwrap();
        let (changing, deleting) = (db.clone(), db.clone());
        let change = tokio::spawn(async move {
            let mut tracked = member("1", Some("old@example.org"), round).tracked();
            tracked.email = Some("new@example.org".to_owned());
            tracked.save().send(&changing).await
        });
        let delete = tokio::spawn(async move { Member::delete(("acme", "1")).send(&deleting).await });

        let change = change.await.unwrap();
        delete.await.unwrap().unwrap();

        assert!(change.as_ref().err().is_none_or(|error| error.is_not_found()), "{change:?}");
        assert_eq!((read(&db, "1").await, guards(&db).await), (None, 0));
    }
}
