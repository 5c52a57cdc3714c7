//! One-to-one relations.

use dynamorm::Operations;
use end_to_end::connector::{Step, disturbed, recorded};

use crate::models::{Badge, Profile, Settings, User, UserKey};
use crate::{forum, user};

fn settings(colour: &str) -> Settings {
    Settings::builder().owner("nobody").colour(colour).build().unwrap()
}

#[tokio::test]
async fn a_partner_is_read_by_its_key_and_leads_back() {
    let db = forum().await;
    let ada = user("ada");
    ada.put().send(&db).await.unwrap();
    let mut profile = Profile::builder().user_name("someone").bio("hello").build().unwrap();
    ada.set_profile(&mut profile);
    profile.put().send(&db).await.unwrap();

    let read = ada.profile().send(&db).await.unwrap().unwrap();

    assert_eq!(read, profile);
    assert_eq!(read.user().send(&db).await.unwrap(), Some(ada));
}

#[tokio::test]
async fn a_missing_partner_is_made_on_access_and_stored_with_the_first_save() {
    let db = forum().await;
    user("ada").put().send(&db).await.unwrap();

    let mut ada = user("ada").with_profile(&db).await.unwrap();
    assert_eq!(ada.partner.user_name, "ada");
    assert_eq!(Profile::get("ada").send(&db).await.unwrap(), None);
    ada.partner.bio = "hello".to_owned();
    ada.save().send(&db).await.unwrap();

    assert_eq!(Profile::get("ada").send(&db).await.unwrap().unwrap().bio, "hello");
}

#[tokio::test]
async fn get_or_create_stores_a_missing_partner_and_returns_the_one_that_is_there() {
    let db = forum().await;
    let ada = user("ada");

    let created = ada.get_or_create_profile(&db).await.unwrap();
    Profile::update("ada").set(Profile::BIO, "hello").send(&db).await.unwrap();
    let found = ada.get_or_create_profile(&db).await.unwrap();

    assert_eq!(created, ada.new_profile().unwrap());
    assert_eq!(found.bio, "hello");
}

#[tokio::test]
async fn get_or_create_returns_the_partner_that_another_client_created_meanwhile() {
    let engine = forum().await;
    let ada = user("ada");
    let mut theirs = ada.new_profile().unwrap();
    theirs.bio = "theirs".to_owned();
    theirs.put().send(&engine).await.unwrap();
    // The first read comes too early to see it.
    let (db, _) = disturbed(&engine, [Step::Answer(200, serde_json::json!({}))]);

    let found = ada.get_or_create_profile(&db).await.unwrap();

    assert_eq!(found, theirs);
}

#[tokio::test]
async fn without_create_a_missing_partner_is_none() {
    let db = forum().await;
    user("ada").put().send(&db).await.unwrap();

    let mut ada = user("ada").with_settings(&db).await.unwrap();
    assert!(ada.partner.is_none());
    ada.save().send(&db).await.unwrap();

    assert_eq!(Settings::scan().count(&db).await.unwrap(), 0);
}

#[tokio::test]
async fn setting_a_partner_fills_its_key_and_saves_it() {
    let db = forum().await;
    user("ada").put().send(&db).await.unwrap();
    let mut ada = user("ada").with_settings(&db).await.unwrap();

    ada.set_partner(settings("blue")).unwrap();
    ada.save().send(&db).await.unwrap();
    assert_eq!(user("ada").settings().send(&db).await.unwrap().unwrap().colour, "blue");

    ada.set_partner(settings("red")).unwrap();
    ada.save().send(&db).await.unwrap();
    assert_eq!(user("ada").settings().send(&db).await.unwrap().unwrap().colour, "red");
}

#[tokio::test]
async fn a_partner_with_a_version_is_locked_by_it_together_with_its_parent() {
    let db = forum().await;
    user("ada").put().send(&db).await.unwrap();
    let mut ada = user("ada").with_settings(&db).await.unwrap();
    ada.set_partner(settings("blue")).unwrap();
    ada.save().send(&db).await.unwrap();
    assert_eq!(ada.partner.as_ref().unwrap().version, 1);
    let mut late = user("ada").with_settings(&db).await.unwrap();

    ada.partner.as_mut().unwrap().colour = "red".to_owned();
    ada.parent.email = "ada@work.example".to_owned();
    ada.save().send(&db).await.unwrap();
    assert_eq!(ada.partner.as_ref().unwrap().version, 2);
    late.partner.as_mut().unwrap().colour = "green".to_owned();
    late.parent.email = "ada@home.example".to_owned();
    let error = late.save().send(&db).await.unwrap_err();

    let (position, cause) = error.cancellations().next().unwrap();
    assert!(position == 1 && cause.is_version_conflict(), "{cause}");
    assert_eq!(User::get("ada").send(&db).await.unwrap().unwrap().email, "ada@work.example");
}

#[tokio::test]
async fn a_new_partner_that_is_there_by_now_is_not_overwritten() {
    let db = forum().await;
    user("ada").put().send(&db).await.unwrap();
    let mut ada = user("ada").with_profile(&db).await.unwrap();
    user("ada").get_or_create_profile(&db).await.unwrap();

    let error = ada.save().send(&db).await.unwrap_err();

    assert!(error.is_already_exists(), "{error}");
}

#[tokio::test]
async fn a_changed_parent_and_a_changed_partner_are_saved_in_one_transaction() {
    let (db, record) = recorded(&forum().await);
    user("ada").put().send(&db).await.unwrap();
    user("ada").get_or_create_profile(&db).await.unwrap();
    let mut ada = user("ada").with_profile(&db).await.unwrap();
    record.forget();

    ada.parent.email = "ada@work.example".to_owned();
    ada.partner.visits = 1;
    ada.save().send(&db).await.unwrap();

    let request = record.only();
    assert_eq!(request.operation, "TransactWriteItems");
    let updates = request.body["TransactItems"].as_array().unwrap();
    assert_eq!(updates[0]["Update"]["TableName"], "forum_users");
    assert_eq!(updates[1]["Update"]["ExpressionAttributeNames"]["#0"], "visits");
    assert_eq!(User::get("ada").send(&db).await.unwrap().unwrap().email, "ada@work.example");
    assert_eq!(Profile::get("ada").send(&db).await.unwrap().unwrap().visits, 1);
}

#[tokio::test]
async fn what_alone_has_changed_is_saved_alone_and_what_has_not_is_not_sent() {
    let (db, record) = recorded(&forum().await);
    user("ada").put().send(&db).await.unwrap();
    user("ada").get_or_create_profile(&db).await.unwrap();
    let mut ada = user("ada").with_profile(&db).await.unwrap();
    record.forget();

    ada.save().send(&db).await.unwrap();
    assert_eq!(record.operations(), Vec::<String>::new());
    ada.partner.visits = 1;
    ada.save().send(&db).await.unwrap();
    ada.save().send(&db).await.unwrap();
    assert_eq!(record.only().body["TableName"], "profiles");
    record.forget();
    ada.parent.email = "ada@work.example".to_owned();
    ada.save().send(&db).await.unwrap();
    assert_eq!(record.only().body["TableName"], "forum_users");
}

#[tokio::test]
async fn an_invalid_partner_keeps_its_parent_from_being_saved() {
    let db = forum().await;
    user("ada").put().send(&db).await.unwrap();
    let mut ada = user("ada").with_profile(&db).await.unwrap();

    ada.parent.email = "ada@work.example".to_owned();
    ada.partner.bio = "far longer than it may be".to_owned();
    let error = ada.save().send(&db).await.unwrap_err();

    assert!(error.is_validation());
    assert_eq!((error.model(), error.attribute()), (Some("Profile"), Some("bio")));
    assert_eq!(User::get("ada").send(&db).await.unwrap(), Some(user("ada")));
}

#[tokio::test]
async fn everything_that_is_wrong_with_either_is_reported_at_once() {
    let db = forum().await;
    user("ada").put().send(&db).await.unwrap();
    let mut ada = user("ada").with_profile(&db).await.unwrap();

    ada.parent.email = String::new();
    ada.partner.bio = "far longer than it may be".to_owned();
    let error = ada.save().send(&db).await.unwrap_err();

    let paths: Vec<_> = error.violations().iter().map(|violation| violation.path()).collect();
    assert_eq!(paths, ["email", "partner.bio"]);
}

#[tokio::test]
async fn neither_is_saved_where_one_cannot_be() {
    let db = forum().await;
    user("ada").put().send(&db).await.unwrap();
    user("ada").get_or_create_profile(&db).await.unwrap();
    let mut ada = user("ada").with_profile(&db).await.unwrap();
    Profile::delete("ada").send(&db).await.unwrap();

    ada.parent.email = "ada@work.example".to_owned();
    ada.partner.visits = 1;
    let error = ada.save().send(&db).await.unwrap_err();

    assert!(error.is_cancelled());
    let (position, cause) = error.cancellations().next().unwrap();
    assert!(position == 1 && cause.is_not_found(), "{cause}");
    assert_eq!(User::get("ada").send(&db).await.unwrap(), Some(user("ada")));
}

#[tokio::test]
async fn a_partner_whose_key_was_changed_is_not_saved() {
    let db = forum().await;
    user("ada").put().send(&db).await.unwrap();
    let mut ada = user("ada").with_profile(&db).await.unwrap();

    ada.partner.user_name = "bob".to_owned();
    let error = ada.save().send(&db).await.unwrap_err();

    assert_eq!((error.model(), error.attribute()), (Some("Profile"), Some("user_name")));
}

// DynamORM keeps the partner that it has loaded on the class, so that every instance gets the first one's.
#[tokio::test]
async fn every_value_has_a_partner_of_its_own() {
    let db = forum().await;
    let mut pairs = Vec::new();
    for name in ["ada", "bob"] {
        user(name).put().send(&db).await.unwrap();
        let mut pair = user(name).with_profile(&db).await.unwrap();
        pair.partner.bio = format!("I am {name}");
        pair.save().send(&db).await.unwrap();
        pairs.push(pair);
    }
    let read = User::get(UserKey::new("bob")).send(&db).await.unwrap().unwrap();
    let bob = read.with_profile(&db).await.unwrap();

    assert_eq!(pairs[0].partner.bio, "I am ada");
    assert_eq!(pairs[1].partner.bio, "I am bob");
    assert_eq!(bob.partner.bio, "I am bob");
}

#[tokio::test]
async fn a_save_has_a_deadline_and_can_be_repeated_after_a_failure() {
    let engine = forum().await;
    user("ada").put().send(&engine).await.unwrap();
    let mut ada = user("ada").with_profile(&engine).await.unwrap();
    ada.parent.email = "ada@work.example".to_owned();
    let (hanging, _) = disturbed(&engine, [Step::Hang]);

    let deadline = std::time::Duration::from_millis(50);
    assert!(ada.save().deadline(deadline).send(&hanging).await.unwrap_err().is_timeout());
    ada.save().send(&engine).await.unwrap();

    assert_eq!(User::get("ada").send(&engine).await.unwrap().unwrap().email, "ada@work.example");
    assert!(Profile::get("ada").send(&engine).await.unwrap().is_some());
}

#[tokio::test]
async fn a_partner_is_found_through_the_declared_index() {
    let db = forum().await;
    let ada = user("ada");
    ada.put().send(&db).await.unwrap();
    let mut badge = Badge { number: 7, holder: String::new() };
    badge.set_wearer(&ada);
    badge.put().send(&db).await.unwrap();

    assert_eq!(ada.badge().items(&db).next().await.unwrap().unwrap(), badge);
    assert_eq!(badge.wearer().send(&db).await.unwrap(), Some(ada));
    assert!(user("bob").badge().items(&db).next().await.is_none());
}

#[tokio::test]
async fn an_item_and_a_partner_that_lacks_what_has_changed_are_saved_together() {
    let db = forum().await;
    user("ada").put().send(&db).await.unwrap();
    let mut stored = Profile::builder().user_name("ada").build().unwrap().to_item().unwrap();
    stored.remove("links");
    end_to_end::samples::put_raw(&db, "profiles", stored).await;
    let mut ada = user("ada").with_profile(&db).await.unwrap();

    ada.parent.email = "ada@work.example".to_owned();
    ada.partner.links.insert("home".to_owned(), "ada.example".to_owned());
    ada.save().send(&db).await.unwrap();

    let (ada, profile) =
        (User::get("ada").send(&db).await.unwrap(), Profile::get("ada").send(&db).await.unwrap());
    assert_eq!(ada.unwrap().email, "ada@work.example");
    assert_eq!(profile.unwrap().links, [("home".to_owned(), "ada.example".to_owned())].into());
}
