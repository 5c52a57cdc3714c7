//! Moments that writes stamp in index keys, durations that begin anew, and locks.

use std::time::Duration;

use dynamorm::testing::Environment;
use dynamorm::{Client, Operations, Timestamp, Ulid, batch_write, transaction};

use crate::models::{Document, Lease, Session, tables};
use crate::{database, s};

/// A client whose clock the test decides.
async fn timed() -> (Client, Environment) {
    let environment = Environment::seeded(7);
    let (db, _) = database(&tables::DOCS).await;
    (db.with_environment(&environment), environment)
}

fn document(id: u128, title: &str) -> Document {
    let (owner, title) = ("ada".to_owned(), title.to_owned());
    Document { id: Ulid::from(id), owner, title, changed: Timestamp::UNIX_EPOCH }
}

/// What is made while the thread is in an environment.
fn within<T>(environment: &Environment, make: impl FnOnce() -> T) -> T {
    let _entered = environment.enter();
    make()
}

/// The titles of an owner's documents, the last changed first.
async fn recent(db: &Client) -> Vec<String> {
    let found = Document::recent_of("ada").descending().items(db).all().await.unwrap();
    found.into_iter().map(|document| document.title).collect()
}

/// The moment of the last write stands in the index key as it is stored.
async fn assert_stamped(db: &Client, id: u128) {
    let stored = Document::get(Ulid::from(id)).consistent().send(db).await.unwrap().unwrap();
    let key = [("pk".to_owned(), s(&format!("DOC#{}", Ulid::from(id))))].into();
    let request = db.sdk().get_item().table_name(db.table_name(&tables::DOCS)).consistent_read(true);
    let raw = request.set_key(Some(key)).send().await.unwrap().item.unwrap();
    assert_eq!(raw["gsi1sk"], s(&format!("#{}", raw["changed"].as_s().unwrap())));
    assert_eq!(stored.to_item().unwrap()["gsi1sk"], raw["gsi1sk"]);
}

#[tokio::test]
async fn every_write_that_stamps_the_moment_rewrites_the_index_key() {
    let (db, environment) = timed().await;
    for (id, title) in [(1, "one"), (2, "two"), (3, "three")] {
        document(id, title).put().send(&db).await.unwrap();
        environment.advance(Duration::from_secs(1));
    }
    assert_eq!(recent(&db).await, ["three", "two", "one"]);
    Document::update(Ulid::from(1)).set(Document::TITLE, "One").send(&db).await.unwrap();
    environment.advance(Duration::from_secs(1));
    assert_eq!(recent(&db).await, ["One", "three", "two"]);
    let two = Document::get(Ulid::from(2)).consistent().send(&db).await.unwrap().unwrap();
    let mut tracked = two.tracked();
    tracked.title = "Two".to_owned();
    tracked.save().send(&db).await.unwrap();
    environment.advance(Duration::from_secs(1));
    assert_eq!(recent(&db).await, ["Two", "One", "three"]);
    let update = Document::update(Ulid::from(3)).set(Document::TITLE, "Three");
    transaction().update(update).send(&db).await.unwrap();
    environment.advance(Duration::from_secs(1));
    assert_eq!(recent(&db).await, ["Three", "Two", "One"]);
    document(1, "1").upsert().set(Document::TITLE, "1").send(&db).await.unwrap();
    assert_eq!(recent(&db).await, ["1", "Three", "Two"]);
    for id in 1..=3 {
        assert_stamped(&db, id).await;
    }
}

#[tokio::test]
async fn a_session_is_refreshed_by_its_declared_duration() {
    let (db, environment) = timed().await;
    let session = within(&environment, || Session::builder().token("t").user("ada").build().unwrap());
    session.put().send(&db).await.unwrap();
    environment.advance(Duration::from_secs(86_400));
    let refresh = within(&environment, || Session::update("t").refresh(Session::EXPIRES_AT));
    refresh.send(&db).await.unwrap();
    let refreshed = Session::get("t").consistent().send(&db).await.unwrap().unwrap();
    let later = refreshed.expires_at.as_second() - session.expires_at.as_second();
    assert_eq!(later, 86_400);
}

#[tokio::test]
async fn the_sessions_of_a_user_stand_in_the_order_of_their_ends() {
    let (db, log) = database(&tables::DOCS).await;
    let environment = Environment::seeded(7);
    let db = db.with_environment(&environment);
    for token in ["a", "b"] {
        let session = within(&environment, || Session::builder().token(token).user("ada").build().unwrap());
        session.put().if_not_exists().send(&db).await.unwrap();
        environment.advance(Duration::from_secs(60));
    }
    log.clear();
    assert!(Session::get("a").live_only().send(&db).await.unwrap().is_some());
    let refresh = within(&environment, || Session::update("a").refresh(Session::EXPIRES_AT));
    refresh.send(&db).await.unwrap();
    // The index key moved with the end.
    let sessions = Session::of_user("ada").items(&db).all().await.unwrap();
    assert_eq!(sessions.iter().map(|session| session.token.as_str()).collect::<Vec<_>>(), ["b", "a"]);
    let stored = Session::get("a").consistent().send(&db).await.unwrap().unwrap();
    assert_eq!(sessions[1], stored);
    // All sessions of a user end.
    let end = sessions.iter().fold(batch_write(), |batch, session| batch.delete::<Session>(session.key()));
    end.send(&db).await.unwrap();
    assert_eq!(Session::of_user("ada").count(&db).await.unwrap(), 0);
    log.assert_requests(6);
}

#[tokio::test]
async fn a_lease_is_taken_if_nobody_has_it_or_it_has_expired() {
    let (db, environment) = timed().await;
    let take = |holder: &'static str| {
        let put = within(&environment, || {
            let lease = Lease::builder().name("nightly").holder(holder).build().unwrap();
            lease.put().if_absent_or_expired()
        });
        let db = db.clone();
        async move { put.send(&db).await }
    };
    take("ada").await.unwrap();
    let error = take("bob").await.unwrap_err();
    assert!(error.is_condition_failed(), "{error}");
    environment.advance(Duration::from_secs(61));
    take("bob").await.unwrap();
    let held = Lease::get("nightly").consistent().send(&db).await.unwrap().unwrap();
    assert_eq!(held.holder, "bob");
}
