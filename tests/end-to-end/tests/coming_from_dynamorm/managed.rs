//! The same requests on items that have a version.

use crate::database;
use crate::models::Job;
use dynamorm::Operations;

fn job() -> Job {
    Job::builder().name("a").build().expect("it is valid")
}

#[tokio::test]
async fn an_upsert_counts_the_version_from_the_creation_on() {
    let db = database().await;

    let created = Job::upsert(&job()).add(Job::RUNS, 1).return_new().send(&db).await.unwrap();
    let updated = Job::upsert(&job()).add(Job::RUNS, 1).return_new().send(&db).await.unwrap();

    assert_eq!((created.runs, created.version), (1, 1));
    assert_eq!((updated.runs, updated.version), (2, 2));
}

#[tokio::test]
async fn a_value_takes_over_the_version_of_an_update() {
    let db = database().await;
    let mut job = job();
    job.put().send(&db).await.unwrap();

    Job::update("a").add(Job::RUNS, 1).return_updated_into(&mut job).send(&db).await.unwrap();
    Job::update("a").add(Job::RUNS, 1).return_updated_into(&mut job).send(&db).await.unwrap();

    assert_eq!((job.runs, job.version), (2, 3));
    assert_eq!(Job::get("a").consistent().send(&db).await.unwrap(), Some(job));
}

#[tokio::test]
async fn a_put_or_get_writes_the_version_back_or_returns_the_item() {
    let db = database().await;
    let (mut first, mut second) = (job(), job());

    assert_eq!(first.put().or_get().send(&db).await.unwrap(), None);
    let there = second.put().or_get().send(&db).await.unwrap();

    assert_eq!((first.version, second.version), (1, 0));
    assert_eq!(there, Some(first));
}
