//! Guards of a field that has become unique.

use super::*;
use dynamorm::sweep::SweepProblem;
use end_to_end::connector::recorded;
use models::Member;

async fn stored_members(db: &Client, emails: &[Option<&str>]) {
    for (number, email) in emails.iter().enumerate() {
        let member = before::Member {
            id: number.to_string(),
            email: email.map(str::to_owned),
            name: "Ada".to_owned(),
        };
        member.put().send(db).await.unwrap();
    }
}

#[tokio::test]
async fn values_of_before_get_their_guards() {
    let db = today().await;
    stored_members(&db, &[Some("ada@a.org"), Some("grace@a.org"), None]).await;
    let plain = Member::sweep().run(&db).await.unwrap();
    assert_eq!(plain.counts().changed, 0, "guards are looked at on request: {plain}");
    let report = Member::sweep().add_guards().run(&db).await.unwrap();
    assert!(report.is_clean(), "{report}");
    assert_eq!(changes(&report), [change("Member", "email", ChangeKind::GuardMissing, 2)]);
    let another = Member { id: "9".to_owned(), email: Some("ada@a.org".to_owned()), name: "A".to_owned() };
    let error = another.put().send(&db).await.unwrap_err();
    assert!(error.is_not_unique(), "{error}");

    // What has its guard costs a read of it and no write.
    let (recording, record) = recorded(&db);
    let again = Member::sweep().add_guards().segments(1).run(&recording).await.unwrap();
    assert_eq!((again.counts().unchanged, again.counts().changed), (3, 0));
    assert_eq!(again.counts().write_units, 0.0);
    let mut operations = record.operations();
    operations.sort();
    assert_eq!(operations, ["GetItem", "GetItem", "Scan"]);
}

#[tokio::test]
async fn of_two_items_with_one_value_the_second_is_a_listed_failure() {
    let db = today().await;
    stored_members(&db, &[Some("ada@a.org"), Some("ada@a.org")]).await;
    let report = Member::sweep().add_guards().run(&db).await.unwrap();
    assert_eq!((report.counts().changed, report.counts().failed), (1, 1));
    let [failure] = report.failures() else { panic!("{report}") };
    assert_eq!(failure.problem(), SweepProblem::NotUnique);
}

#[tokio::test]
async fn a_value_that_changes_meanwhile_gets_no_guard_of_its_former_value() {
    use end_to_end::connector::{Step, disturbed};
    let db = today().await;
    stored_members(&db, &[Some("ada@a.org")]).await;
    let other = db.clone();
    let change = Step::meanwhile(async move {
        let member = before::Member {
            id: "0".to_owned(),
            email: Some("new@a.org".to_owned()),
            name: "Ada".to_owned(),
        };
        member.put().send(&other).await.unwrap();
    });
    // A scan, a read of the guard, and the transaction that the change comes before.
    let (sweeping, record) = disturbed(&db, [Step::Pass, Step::Pass, change]);
    let report = Member::sweep().add_guards().segments(1).run(&sweeping).await.unwrap();
    assert!(report.is_clean(), "{report} {:?}", record.operations());
    let stored = items(&db, &tables::MEMBERS).await;
    assert_eq!(stored.len(), 2, "the item and one guard: {stored:?}");
    assert!(stored.keys().any(|key| key.contains("new@a.org")), "{stored:?}");
}
