//! Transactions: all of it or nothing.

use dynamorm::Operations;
use end_to_end::operations::{Mark, Parcel, tables};
use end_to_end::samples::{database, parcel};

fn mark(name: &str, count: u32) -> Mark {
    Mark { name: name.to_owned(), count: Some(count) }
}

#[tokio::test]
async fn a_transaction_carries_out_every_operation_on_any_table() {
    let db = database(&[&tables::MARKS, &tables::PARCELS]).await;
    mark("counter", 1).put().send(&db).await.unwrap();
    mark("old", 1).put().send(&db).await.unwrap();
    mark("open", 1).put().send(&db).await.unwrap();

    dynamorm::transaction()
        .put(parcel("Ulm", 1).put().if_not_exists())
        .update(Mark::update("counter").add(Mark::COUNT, 1))
        .delete(Mark::delete("old"))
        .check(Mark::check("open").when(Mark::COUNT.eq(1)))
        .send(&db)
        .await
        .unwrap();

    assert_eq!(Parcel::get(&parcel("Ulm", 1)).send(&db).await.unwrap(), Some(parcel("Ulm", 1)));
    assert_eq!(Mark::get("counter").send(&db).await.unwrap(), Some(mark("counter", 2)));
    assert_eq!(Mark::get("old").send(&db).await.unwrap(), None);
}

#[tokio::test]
async fn a_transaction_takes_items_as_a_batch_does_and_upserts_as_updates() {
    let db = database(&[&tables::MARKS]).await;
    let marks = [mark("one", 1), mark("two", 2)];

    dynamorm::transaction()
        .put_all(&marks)
        .put(&mark("three", 3))
        .put_all([mark("four", 4).put().if_not_exists()])
        .update(mark("five", 5).upsert().add(Mark::COUNT, 1))
        .send(&db)
        .await
        .unwrap();

    let mut stored = Mark::scan().items(&db).all().await.unwrap();
    stored.sort_by_key(|mark| mark.count);
    let expected = [mark("one", 1), mark("two", 2), mark("three", 3), mark("four", 4), mark("five", 6)];
    assert_eq!(stored, expected);
}

#[tokio::test]
async fn a_cancelled_transaction_says_which_operation_stood_in_its_way_and_writes_nothing() {
    let db = database(&[&tables::MARKS, &tables::PARCELS]).await;
    mark("taken", 7).put().send(&db).await.unwrap();

    let error = dynamorm::transaction()
        .put(parcel("Ulm", 1).put())
        .put(mark("taken", 1).put().if_not_exists())
        .send(&db)
        .await
        .unwrap_err();

    assert!(error.is_cancelled() && error.is_already_exists(), "{error}");
    let reasons: Vec<_> = error.cancellations().collect();
    assert_eq!(reasons.len(), 1);
    let (position, reason) = reasons[0];
    assert_eq!(position, 1);
    assert!(reason.is_already_exists());
    assert_eq!((reason.model(), reason.key()), (Some("Mark"), Some("name = \"taken\"")));
    assert_eq!(Parcel::scan().count(&db).await.unwrap(), 0);
}

#[tokio::test]
async fn different_reasons_are_kept_apart() {
    let db = database(&[&tables::MARKS]).await;
    mark("taken", 7).put().send(&db).await.unwrap();

    let error = dynamorm::transaction()
        .put(mark("taken", 1).put().if_not_exists())
        .update(Mark::update("nobody").set(Mark::COUNT, 1))
        .send(&db)
        .await
        .unwrap_err();

    assert!(error.is_cancelled() && !error.is_already_exists() && !error.is_not_found());
    let kinds: Vec<_> = error
        .cancellations()
        .map(|(_, reason)| (reason.is_already_exists(), reason.is_not_found()))
        .collect();
    assert_eq!(kinds, [(true, false), (false, true)]);
}

#[tokio::test]
async fn a_failed_condition_brings_the_item_as_it_is() {
    let db = database(&[&tables::PARCELS]).await;
    parcel("Ulm", 1).put().send(&db).await.unwrap();
    let update = Parcel::update(&parcel("Ulm", 1)).set(Parcel::NOTE, "x").when(Parcel::WEIGHT.gt(100));

    let error = dynamorm::transaction().update(update).send(&db).await.unwrap_err();

    let (_, reason) = error.cancellations().next().unwrap();
    assert!(reason.is_condition_failed());
    assert_eq!(reason.current::<Parcel>().unwrap().unwrap(), parcel("Ulm", 1));
}

#[tokio::test]
async fn limits_and_duplicates_are_found_before_sending() {
    let db = database(&[&tables::MARKS]).await;
    let many =
        (0..101).fold(dynamorm::transaction(), |all, number| all.put(mark(&number.to_string(), 1).put()));
    let twice = dynamorm::transaction().put(mark("a", 1).put()).delete(Mark::delete("a"));
    let token = dynamorm::transaction().put(mark("a", 1).put()).token("x".repeat(37));
    let large = (0..11).fold(dynamorm::transaction(), |all, number| {
        all.put(Parcel { note: Some("x".repeat(400_000)), ..parcel("Ulm", number + 1) }.put())
    });

    for transaction in [many, twice, token, large] {
        let error = transaction.send(&db).await.unwrap_err();
        assert!(error.is_validation() && error.attempts() == 0, "{error}");
    }
}

#[tokio::test]
async fn a_transaction_that_is_sent_twice_with_one_token_is_carried_out_once() {
    let db = database(&[&tables::MARKS]).await;
    mark("counter", 1).put().send(&db).await.unwrap();

    for _ in 0..2 {
        let add = Mark::update("counter").add(Mark::COUNT, 1);
        dynamorm::transaction().update(add).token("the-same").send(&db).await.unwrap();
    }

    assert_eq!(Mark::get("counter").send(&db).await.unwrap(), Some(mark("counter", 2)));
}

#[tokio::test]
async fn a_read_transaction_reads_several_models_and_says_what_is_missing() {
    let db = database(&[&tables::MARKS, &tables::PARCELS]).await;
    mark("a", 1).put().send(&db).await.unwrap();
    parcel("Ulm", 1).put().send(&db).await.unwrap();

    let reads = (Mark::get("a"), Parcel::get(&parcel("Ulm", 1)), Mark::get("nobody"));
    let (found, parcel_found, missing) = dynamorm::read_transaction(reads).send(&db).await.unwrap();

    assert_eq!((found, parcel_found, missing), (Some(mark("a", 1)), Some(parcel("Ulm", 1)), None));
}

#[tokio::test]
async fn a_read_transaction_takes_any_number_of_keys_of_one_model_up_to_a_hundred() {
    let db = database(&[&tables::MARKS]).await;
    mark("2", 2).put().send(&db).await.unwrap();
    let gets = |count: u32| (0..count).map(|number| Mark::get(number.to_string())).collect::<Vec<_>>();

    let found = dynamorm::read_transaction(gets(4)).send(&db).await.unwrap();
    assert_eq!(found, [None, None, Some(mark("2", 2)), None]);
    assert!(dynamorm::read_transaction(gets(101)).send(&db).await.unwrap_err().is_validation());
}
