use cookbook::models::{Song, TABLES};
use cookbook::{
    a_deployment, a_response_that_is_lost, a_test, a_test_that_decides_the_time, deadlines,
    stages_that_share_an_account, what_a_function_costs,
};
use dynamorm::Client;

use crate::{Result, database};

#[tokio::test]
async fn songs_are_ordered_by_title() -> Result<()> {
    a_test::songs_are_ordered_by_title().await
}

#[tokio::test]
async fn a_play_is_counted_once() -> Result<()> {
    a_response_that_is_lost::a_play_is_counted_once(&database().await).await
}

#[tokio::test]
async fn a_session_ends() -> Result<()> {
    a_test_that_decides_the_time::a_session_ends_after_twelve_hours(&database().await).await
}

#[tokio::test]
async fn a_page_is_cheap() -> Result<()> {
    what_a_function_costs::a_page_of_songs_is_one_cheap_request(&database().await).await
}

#[tokio::test]
async fn a_read_that_takes_too_long_is_done_without() -> Result<()> {
    let db = deadlines::for_requests(&database().await);
    let song = Song { plays: 7, ..Song::fixture() };
    song.put().send(&db).await?;
    assert_eq!(deadlines::plays(&db, &song.artist, &song.title).await?, Some(7));
    let slow = dynamorm::testing::Faults::script([dynamorm::testing::Fault::Delay(
        std::time::Duration::from_secs(2),
    )]);
    assert_eq!(deadlines::plays(&db.with_faults(slow), &song.artist, &song.title).await?, None);
    Ok(())
}

#[tokio::test]
async fn the_tables_of_a_stage_have_its_name() -> Result<()> {
    let db = stages_that_share_an_account::of_stage(&Client::embedded()?, "test");
    let names = stages_that_share_an_account::names(&db).await;
    assert_eq!(names.len(), TABLES.len());
    assert!(names.iter().all(|name| name.starts_with("test-")), "{names:?}");
    Ok(())
}

#[tokio::test]
async fn a_deployment_makes_the_tables_what_is_declared() -> Result<()> {
    let db = Client::embedded()?;
    a_deployment::deploy(&db).await?;
    a_deployment::deploy(&db).await
}
