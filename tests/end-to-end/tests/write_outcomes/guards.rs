//! Guards of unique values: what cannot be read is not guessed, and nobody takes a value that its owner returns to.

use dynamorm::{AttributeValue, Client, Item, Operations};
use end_to_end::connector::{Step, disturbed, recorded};
use end_to_end::samples::{database, put_raw};
use serde_json::json;

use crate::models::{Member, Reservation, tables};

fn member(id: &str, email: Option<&str>) -> Member {
    let email = email.map(str::to_owned);
    let number: u32 = id.bytes().map(u32::from).sum();
    Member::builder().tenant("acme").id(id).number(number).email(email).build().unwrap()
}

/// Members `a`, who had this address until another program took it away, and whose guard is left over.
async fn with_left_over_guard() -> Client {
    let db = database(&[&tables::MEMBERS]).await;
    member("a", Some("x")).put().send(&db).await.unwrap();
    let item = member("a", None).to_item().unwrap();
    put_raw(&db, &db.table_name(&tables::MEMBERS), item).await;
    db
}

#[tokio::test]
async fn a_value_whose_owner_cannot_be_read_is_not_said_to_be_taken() {
    let engine = with_left_over_guard().await;
    let throttled = Step::exception(400, "ProvisionedThroughputExceededException");
    // Of the guard, or of the item that it names.
    for passed in [1, 2] {
        let script = vec![Step::Pass; passed].into_iter().chain(vec![throttled.clone(); 3]);
        let (db, record) = disturbed(&engine, script);

        let error = member("b", Some("x")).put().if_not_exists().send(&db).await.unwrap_err();

        assert!(error.is_throttled() && !error.is_not_unique(), "{error:?}");
        assert_eq!(record.operations()[passed], "GetItem");
    }
    member("b", Some("x")).put().if_not_exists().send(&engine).await.unwrap();
}

#[tokio::test]
async fn a_value_is_not_taken_over_from_an_owner_that_returns_to_it() {
    let engine = with_left_over_guard().await;
    let other = engine.clone();
    let returns = async move {
        let mut former = Member::get(("acme", "a")).send(&other).await.unwrap().unwrap().tracked();
        former.email = Some("x".to_owned());
        former.save().send(&other).await.unwrap();
    };
    let script = [Step::Pass, Step::Pass, Step::Pass, Step::meanwhile(returns)];
    let (db, record) = disturbed(&engine, script);

    let outcome = dynamorm::transaction()
        .put(member("b", Some("x")).put().if_not_exists())
        .update(Member::update(("acme", "a")).set(Member::NAME, "Ada"))
        .send(&db)
        .await;

    let error = outcome.unwrap_err();
    assert!(error.is_cancelled(), "{error:?}");
    assert_eq!(record.operations(), ["TransactWriteItems", "GetItem", "GetItem", "TransactWriteItems"]);
    assert!(engine.check_unique::<Member>().await.unwrap().is_clean());
}

#[tokio::test]
async fn a_value_is_taken_over_in_a_transaction_that_touches_its_former_owner() {
    let db = with_left_over_guard().await;

    dynamorm::transaction()
        .put(member("b", Some("x")).put().if_not_exists())
        .update(Member::update(("acme", "a")).set(Member::NAME, "Ada").when(Member::NAME.eq("")))
        .send(&db)
        .await
        .unwrap();

    assert!(db.check_unique::<Member>().await.unwrap().is_clean());
    assert_eq!(Member::get(("acme", "a")).consistent().send(&db).await.unwrap().unwrap().name, "Ada");
}

#[tokio::test(start_paused = true)]
async fn a_repair_that_meets_nothing_but_conflicts_says_so() {
    let engine = test_support::on_path(Client::embedded().unwrap());
    engine.create_table(&tables::MEMBERS).await.unwrap();
    put_raw(&engine, "members", member("a", Some("x")).to_item().unwrap()).await;
    let report = engine.check_unique::<Member>().await.unwrap();
    // One for the address, one for the number.
    assert_eq!(report.missing().len(), 2);
    let conflict = json!({
        "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
        "message": "conflict",
        "CancellationReasons": [{ "Code": "TransactionConflict" }, { "Code": "None" }],
    });
    let (db, _) = disturbed(&engine, vec![Step::Answer(400, conflict); 100]);

    let error = report.repair(&db).await.unwrap_err();

    assert!(error.is_conflict(), "{error:?}");
    assert_eq!(engine.check_unique::<Member>().await.unwrap().missing().len(), 2);
}

#[tokio::test]
async fn a_value_that_is_too_long_for_a_guard_is_reported_as_that() {
    let db = database(&[&tables::MEMBERS]).await;
    let long = "x".repeat(3_000);
    let mut item: Item = member("a", None).to_item().unwrap();
    item.insert("email".to_owned(), AttributeValue::S(long));
    member("b", Some("b")).put().send(&db).await.unwrap();
    put_raw(&db, &db.table_name(&tables::MEMBERS), item).await;

    let report = db.check_unique::<Member>().await.unwrap();

    assert!(!report.is_clean());
    assert_eq!(report.too_long().len(), 1);
    assert_eq!(report.too_long()[0].attributes(), ["email"]);
    // Its number has no guard, and gets one.
    assert_eq!(report.repair(&db).await.unwrap(), 1);
    assert_eq!(db.check_unique::<Member>().await.unwrap().too_long().len(), 1);
}

#[tokio::test]
async fn saves_of_values_that_are_unique_together_do_not_pass_each_other_by() {
    let db = database(&[&tables::RESERVATIONS]).await;
    let reservation = |id: &str| Reservation::builder().id(id).build().unwrap();
    let slot = end_to_end::samples::instant("2026-03-01T12:00:00Z");
    let taken = Reservation { room: Some("blue".to_owned()), slot: Some(slot), ..reservation("1") };
    taken.put().send(&db).await.unwrap();
    reservation("2").put().send(&db).await.unwrap();
    let stored = || async { Reservation::get("2").consistent().send(&db).await.unwrap().unwrap() };
    let (mut room, mut time) = (stored().await.tracked(), stored().await.tracked());
    room.room = Some("blue".to_owned());
    time.slot = Some(slot);

    // Neither has both values, and both together have those of the first reservation.
    room.save().send(&db).await.unwrap();
    let error = time.save().send(&db).await.unwrap_err();

    assert!(error.is_conflict(), "{error:?}");
    assert!(db.check_unique::<Reservation>().await.unwrap().is_clean());
}

#[tokio::test]
async fn what_a_write_decides_is_read_consistently() {
    let (db, record) = recorded(&with_left_over_guard().await);

    member("b", Some("x")).put().send(&db).await.unwrap();
    Member::delete(("acme", "b")).send(&db).await.unwrap();
    db.check_unique::<Member>().await.unwrap().repair(&db).await.unwrap();

    let reads: Vec<_> = record
        .sent()
        .into_iter()
        .filter(|sent| ["GetItem", "Scan"].contains(&sent.operation.as_str()))
        .collect();
    assert!(reads.len() >= 6, "{reads:?}");
    assert!(reads.iter().all(|read| read.body["ConsistentRead"] == true), "{reads:?}");
}

#[tokio::test]
async fn a_guarded_write_whose_every_response_is_lost_is_handed_back() {
    let engine = database(&[&tables::MEMBERS]).await;
    let (db, _) = disturbed(&engine, vec![Step::LoseResponse; 3]);
    let new = member("a", Some("x"));

    let error = new.put().if_not_exists().send(&db).await.unwrap_err();

    assert!(error.is_outcome_unknown() && error.model() == Some("Member"), "{error:?}");
    assert_eq!(error.key(), Some("tenant = \"acme\", id = \"a\""));
    let (db, record) = recorded(&engine);
    error.into_prepared().unwrap().send(&db).await.unwrap();
    assert_eq!(record.operations(), ["TransactWriteItems"]);
    assert!(engine.check_unique::<Member>().await.unwrap().is_clean());
}
