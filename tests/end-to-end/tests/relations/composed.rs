//! Keys that hold several fields as one text.

use crate::models::Thread;
use crate::{forum, reply, thread};

#[tokio::test]
async fn a_composed_key_is_made_as_declared_and_taken_apart_again() {
    let db = forum().await;
    let thread = thread("rust", "async # 1");
    thread.put().send(&db).await.unwrap();

    let reply = reply(&thread, 1);

    assert_eq!(reply.forum_thread, "rust\nasync # 1");
    assert_eq!(reply.thread().unwrap().send(&db).await.unwrap(), Some(thread));
}

#[tokio::test]
async fn only_the_last_part_may_contain_what_ends_the_others() {
    let clear = thread("rust", "a\nb");
    assert_eq!(reply(&clear, 1).forum_thread, "rust\na\nb");

    let unclear = thread("ru\nst", "b");
    let error = unclear.replies().unwrap_err();

    assert!(error.is_validation());
    assert_eq!(error.model(), Some("Reply"));
    assert_eq!(error.attribute(), Some("forum_thread"));
    assert!(error.to_string().contains("a part contains the text that ends it"), "{error}");
}

#[tokio::test]
async fn a_text_that_is_not_composed_as_declared_leads_nowhere_with_an_error() {
    let mut reply = reply(&thread("rust", "async"), 1);
    reply.forum_thread = "rust".to_owned();

    let error = reply.thread().unwrap_err();

    assert!(error.is_item_error());
    assert_eq!(error.attribute(), Some("forum_thread"));
}

#[tokio::test]
async fn setting_the_related_item_fills_the_composed_key() {
    let mut reply = reply(&thread("rust", "async"), 1);
    let other: Thread = thread("go", "channels");

    reply.set_thread(&other).unwrap();

    assert_eq!(reply.forum_thread, "go\nchannels");
}
