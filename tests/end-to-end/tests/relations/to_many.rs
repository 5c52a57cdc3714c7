//! One-to-many and many-to-one.

use dynamorm::{Get, Query};
use end_to_end::connector::recorded;

use crate::models::{Customer, Order, Thread, User, UserByMentor, Vote};
use crate::{forum, reply, thread, user};

#[tokio::test]
async fn the_many_side_is_queried_counted_filtered_and_selected_from_like_any_query() {
    let db = forum().await;
    let (mine, other) = (thread("rust", "async"), thread("rust", "macros"));
    for number in 1..=5 {
        reply(&mine, number).put().send(&db).await.unwrap();
    }
    reply(&other, 9).put().send(&db).await.unwrap();

    let all = mine.replies().unwrap().items(&db).all().await.unwrap();
    assert_eq!(all.iter().map(|reply| reply.number).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
    let page = mine.replies().unwrap().number().ge(3).descending().page_size(2).send(&db).await.unwrap();
    assert_eq!(page.into_items().unwrap().iter().map(|reply| reply.number).collect::<Vec<_>>(), [5, 4]);
    let liked = mine.replies().unwrap().filter(crate::models::Reply::LIKES.gt(3));
    assert_eq!(liked.count(&db).await.unwrap(), 2);
    assert_eq!(other.replies().unwrap().count(&db).await.unwrap(), 1);
}

#[tokio::test]
async fn counting_the_many_side_loads_no_item() {
    let (db, record) = recorded(&forum().await);
    let thread = thread("rust", "async");
    reply(&thread, 1).put().send(&db).await.unwrap();
    record.forget();

    assert_eq!(thread.replies().unwrap().count(&db).await.unwrap(), 1);

    assert_eq!(record.only().body["Select"], "COUNT");
}

#[tokio::test]
async fn the_many_side_is_read_through_the_declared_index() {
    let db = forum().await;
    let (ada, bob) = (user("ada"), user("bob"));
    for (subject, author) in [("async", &ada), ("macros", &bob), ("traits", &ada)] {
        let thread = Thread::builder().forum_name("rust").subject(subject).set_user(author).build().unwrap();
        thread.put().send(&db).await.unwrap();
    }

    let subjects = ada.threads().select(Thread::SUBJECT).items(&db).all().await.unwrap();

    assert_eq!(subjects, ["async", "traits"]);
    assert_eq!(ada.threads().subject().begins_with("t").count(&db).await.unwrap(), 1);
}

#[tokio::test]
async fn an_item_leads_back_to_the_one_whose_key_it_holds() {
    let db = forum().await;
    let ada = user("ada");
    ada.put().send(&db).await.unwrap();
    let mut thread = thread("rust", "async");

    thread.set_user(&ada);
    let get: Option<Get<User>> = thread.user();

    assert_eq!(get.unwrap().send(&db).await.unwrap(), Some(ada));
}

#[tokio::test]
async fn an_item_whose_optional_key_is_absent_leads_nowhere() {
    assert!(thread("rust", "async").user().is_none());
    assert!(user("ada").mentored_by().is_none());
}

#[tokio::test]
async fn a_builder_takes_the_related_item_in_place_of_its_key() {
    let thread = thread("rust", "async");

    let vote = Vote::builder().set_of(&thread).weight(2).build().unwrap();

    assert_eq!((vote.forum.as_str(), vote.thread.as_str()), ("rust", "async"));
}

#[tokio::test]
async fn a_relation_by_a_whole_key_leads_to_at_most_one_item_of_many() {
    let db = forum().await;
    let (voted, other) = (thread("rust", "async"), thread("rust", "traits"));
    Vote::builder().set_of(&voted).weight(2).build().unwrap().put().send(&db).await.unwrap();

    let query: Query<Vote> = voted.votes();

    assert_eq!(query.count(&db).await.unwrap(), 1);
    assert_eq!(other.votes().count(&db).await.unwrap(), 0);
}

#[tokio::test]
async fn a_model_may_be_related_to_itself_through_an_index_of_keys() {
    let db = forum().await;
    let ada = user("ada");
    let mut bob = user("bob");
    bob.set_mentored_by(&ada);
    bob.put().send(&db).await.unwrap();
    ada.put().send(&db).await.unwrap();

    let mentees: Vec<UserByMentor> = ada.mentees().items(&db).all().await.unwrap();

    assert_eq!(mentees.len(), 1);
    assert_eq!(mentees[0].hydrate().send(&db).await.unwrap(), Some(bob.clone()));
    assert_eq!(bob.mentored_by().unwrap().send(&db).await.unwrap(), Some(ada));
}

#[tokio::test]
async fn relations_give_the_fields_of_composed_keys() {
    let db = forum().await;
    let customer = |id: &str| Customer::builder().customer_id(id).name(id).build().unwrap();
    let (ada, bob) = (customer("ada"), customer("bob"));
    dynamorm::batch_write().put_all(&[ada.clone(), bob.clone()]).send(&db).await.unwrap();
    for number in 1..=3 {
        let order = Order::builder().set_customer(&ada).number(number).build().unwrap();
        order.put().send(&db).await.unwrap();
    }

    let last = ada.orders().descending().limit(1).items(&db).all().await.unwrap();

    assert_eq!(last.iter().map(|order| order.number).collect::<Vec<_>>(), [3]);
    assert_eq!(ada.orders().count(&db).await.unwrap(), 3);
    assert_eq!(bob.orders().count(&db).await.unwrap(), 0);
    assert_eq!(last[0].customer().send(&db).await.unwrap(), Some(ada));
}
