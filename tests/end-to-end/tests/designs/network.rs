//! AWS's social network: followers, posts, likes and timelines, each a partition of its own.

use dynamorm::{Operations, Ulid, transaction};

use crate::database;
use crate::models::{
    FollowedBy, Follows, Like, LikeCount, Post, TimelineEntry, UserCount, UserInfo, UserPage, tables,
};

#[tokio::test]
async fn every_access_pattern_is_one_request() {
    let (db, log) = database(&tables::NETWORK).await;
    let post = Ulid::from(7_u128);
    UserInfo { user: 1, name: "Ada".to_owned() }.put().send(&db).await.unwrap();
    UserCount { user: 1, followers: 0, posts: 0 }.put().send(&db).await.unwrap();
    LikeCount { post, likes: 0 }.put().send(&db).await.unwrap();
    log.clear();
    // Following somebody writes both sides and the count, or nothing.
    let follow = transaction()
        .put(FollowedBy { user: 1, follower: 2 }.put().if_not_exists())
        .put(Follows { user: 2, followed: 1 }.put())
        .update(UserCount::update(1).add(UserCount::FOLLOWERS, 1));
    follow.send(&db).await.unwrap();
    let again = transaction()
        .put(FollowedBy { user: 1, follower: 2 }.put().if_not_exists())
        .update(UserCount::update(1).add(UserCount::FOLLOWERS, 1));
    assert!(again.send(&db).await.unwrap_err().is_cancelled());
    // A post goes into the timelines of followers; a like is counted.
    let text = "Hello".to_owned();
    let publish = transaction()
        .put(Post { user: 1, post, text }.put())
        .put(TimelineEntry { user: 2, post, author: 1 }.put());
    publish.send(&db).await.unwrap();
    let like = transaction()
        .put(Like { post, user: 2 }.put().if_not_exists())
        .update(LikeCount::update(post).add(LikeCount::LIKES, 1));
    like.send(&db).await.unwrap();
    log.assert_requests(4);
    log.clear();
    let page: UserPage = UserPage::query(1).items(&db).gather().await.unwrap();
    assert_eq!((page.user_infos[0].name.as_str(), page.user_counts[0].followers), ("Ada", 1));
    let followers = FollowedBy::query(1).items(&db).all().await.unwrap();
    assert_eq!(followers, [FollowedBy { user: 1, follower: 2 }]);
    let followed = Follows::query(2).items(&db).all().await.unwrap();
    assert_eq!(followed, [Follows { user: 2, followed: 1 }]);
    let posts = Post::query(1).descending().limit(10).items(&db).all().await.unwrap();
    assert_eq!(posts[0].text, "Hello");
    assert_eq!(Like::query(post).items(&db).all().await.unwrap(), [Like { post, user: 2 }]);
    assert_eq!(LikeCount::get(post).send(&db).await.unwrap().unwrap().likes, 1);
    let timeline = TimelineEntry::query(2).descending().items(&db).all().await.unwrap();
    assert_eq!(timeline, [TimelineEntry { user: 2, post, author: 1 }]);
    log.assert_requests(7);
}
