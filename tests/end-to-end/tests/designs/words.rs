//! Enums and bools within keys, directly before text.

use dynamorm::Operations;

use crate::models::{Target, Vote, tables};
use crate::{database, s};

#[tokio::test]
async fn words_stand_directly_before_text() {
    let (db, _) = database(&tables::VOTES).await;
    let vote =
        |target, is_open, user: &str| Vote { target, id: "7".to_owned(), is_open, user: user.to_owned() };
    let all =
        [vote(Target::Post, true, "ada"), vote(Target::Post, false, "bob"), vote(Target::Photo, true, "ada")];
    for vote in &all {
        vote.put().send(&db).await.unwrap();
        assert_eq!(Vote::get(vote).send(&db).await.unwrap().as_ref(), Some(vote));
    }
    let stored = all[1].to_item().unwrap();
    assert_eq!(stored["pk"], s("POSTVOTES#7"));
    assert_eq!(stored["sk"], s("OPEN#false#USER#bob"));
    assert!(!stored.contains_key("is_open"));
    let open = Vote::query(Target::Post, "7").is_open().eq(true).items(&db).all().await.unwrap();
    assert_eq!(open, [vote(Target::Post, true, "ada")]);
}
