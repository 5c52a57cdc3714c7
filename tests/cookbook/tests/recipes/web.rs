use cookbook::models::{Article, Comment, TABLES};
use cookbook::{
    a_list_with_few_fields, a_rate_limit, a_request_that_comes_twice, json_in_and_out, pages_for_an_api,
    patch, sessions, status_codes_for_errors,
};
use dynamorm::{Client, Decimal, Operations};

use crate::{Result, database, instant};

async fn articles(count: i64) -> Client {
    let db = database().await;
    let articles: Vec<Article> = (0..count)
        .map(|number| {
            let at = instant("2026-01-01T00:00:00Z") + std::time::Duration::from_secs(number.unsigned_abs());
            let article = Article::builder().topic("rust").published_at(at).title(format!("{number}"));
            article.text("…").summary("short").build().unwrap()
        })
        .collect();
    dynamorm::batch_write().put_all(&articles).send(&db).await.unwrap();
    db
}

#[tokio::test]
async fn pages_follow_one_another() -> Result<()> {
    let db = articles(25).await;
    let (first, next) = pages_for_an_api::list(&db, "rust", None).await?;
    let (second, end) = pages_for_an_api::list(&db, "rust", next.as_deref()).await?;
    assert_eq!((first.len(), second.len(), end), (20, 5, None));
    assert_eq!((first[0].title.as_str(), second[4].title.as_str()), ("24", "0"));
    let error = pages_for_an_api::list(&db, "other", next.as_deref()).await.unwrap_err();
    assert!(error.is_invalid_cursor());
    assert_eq!(status_codes_for_errors::status(&error), 400);
    Ok(())
}

#[tokio::test]
async fn a_list_has_the_fields_that_it_asks_for() -> Result<()> {
    let db = articles(2).await;
    let titles = a_list_with_few_fields::titles(&db, "rust").await?;
    assert_eq!(titles.iter().map(|(_, title)| title.as_str()).collect::<Vec<_>>(), ["1", "0"]);
    Ok(())
}

#[tokio::test]
async fn a_body_becomes_a_comment_and_back() {
    let db = database().await;
    let answer = json_in_and_out::create(&db, r#"{"author": "Ada", "text": "Hello"}"#).await.unwrap();
    let comment: Comment = dynamorm::serde_json::from_str(&answer).unwrap();
    assert_eq!(Comment::get(comment.id).send(&db).await.unwrap(), Some(comment));
    assert!(json_in_and_out::create(&db, r#"{"author": "", "text": "Hello"}"#).await.is_err());
}

#[tokio::test]
async fn a_patch_changes_what_it_names() -> Result<()> {
    let db = articles(1).await;
    let key = ("rust", instant("2026-01-01T00:00:00Z"));
    let patched =
        patch::patch(&db, key, patch::Patch { title: Some("New".to_owned()), summary: None }).await?;
    assert_eq!((patched.title.as_str(), patched.summary.as_deref()), ("New", Some("short")));
    let patched = patch::patch(&db, key, patch::Patch { title: None, summary: Some(None) }).await?;
    assert_eq!((patched.title.as_str(), patched.summary), ("New", None));
    let missing = patch::Patch { title: Some("New".to_owned()), summary: None };
    let error = patch::patch(&db, ("go", key.1), missing).await.unwrap_err();
    assert_eq!(status_codes_for_errors::status(&error), 404);
    Ok(())
}

#[tokio::test]
async fn a_session_lasts_until_it_is_left() -> Result<()> {
    let db = database().await;
    let session = sessions::log_in(&db, "ada").await?;
    assert_eq!(sessions::user_of(&db, session).await?.as_deref(), Some("ada"));
    sessions::log_out(&db, session).await?;
    assert_eq!(sessions::user_of(&db, session).await?, None);
    Ok(())
}

#[tokio::test]
async fn of_two_requests_with_one_key_one_pays() -> Result<()> {
    let db = database().await;
    let pay = || a_request_that_comes_twice::pay(&db, "k1", Decimal::from(5));
    let (one, other) = tokio::join!(pay(), pay());
    let again = pay().await?;
    assert_eq!((one?, other?), (again, again));
    assert_eq!(cookbook::models::Payment::scan().count(&db).await?, 1);
    assert!(TABLES.len() > 30);
    Ok(())
}

#[tokio::test]
async fn the_hundred_and_first_request_of_a_minute_is_refused() -> Result<()> {
    let db = database().await;
    let now = instant("2026-01-01T12:00:00Z");
    for _ in 0..100 {
        assert!(a_rate_limit::is_allowed(&db, "c", now).await?);
    }
    assert!(!a_rate_limit::is_allowed(&db, "c", now).await?);
    assert!(a_rate_limit::is_allowed(&db, "c", instant("2026-01-01T12:01:00Z")).await?);
    Ok(())
}
