//! Unique fields.

use std::marker::PhantomData;

use dynamorm::{Client, Operations, Ulid};
use end_to_end::connector::{Step, disturbed, recorded};
use end_to_end::samples::database;

use crate::models::{Account, Member, Note, tables};

pub fn member(id: &str, email: Option<&str>, number: u32) -> Member {
    Member::builder().tenant("acme").id(id).email(email.map(str::to_owned)).number(number).build().unwrap()
}

pub async fn members() -> Client {
    database(&[&tables::MEMBERS]).await
}

pub async fn put(db: &Client, id: &str, email: Option<&str>, number: u32) -> dynamorm::Result<()> {
    member(id, email, number).put().send(db).await
}

pub async fn read(db: &Client, id: &str) -> Option<Member> {
    Member::get(("acme", id)).consistent().send(db).await.unwrap()
}

/// How many guards there are, beside the items.
pub async fn guards(db: &Client) -> usize {
    let scan = db.sdk().scan().table_name(db.table_name(&tables::MEMBERS)).consistent_read(true);
    let items = scan.send().await.unwrap().items.unwrap_or_default();
    items.iter().filter(|item| item["tenant"].as_s().unwrap().starts_with("$dynamorm:")).count()
}

pub async fn assert_clean(db: &Client) {
    let report = db.check_unique::<Member>().await.unwrap();
    assert!(report.is_clean(), "{report:?}");
}

#[tokio::test]
async fn a_value_that_another_item_has_is_refused_by_its_name() {
    let db = members().await;
    put(&db, "1", Some("ada@example.org"), 1).await.unwrap();

    let error = put(&db, "2", Some("ada@example.org"), 2).await.unwrap_err();

    assert!(error.is_not_unique() && error.attribute() == Some("email"), "{error:?}");
    assert_eq!((error.model(), error.key()), (Some("Member"), Some("tenant = \"acme\", id = \"2\"")));
    assert_eq!(read(&db, "2").await, None);
    assert_clean(&db).await;
}

#[tokio::test]
async fn values_are_unique_together() {
    let db = members().await;
    put(&db, "1", None, 7).await.unwrap();
    let elsewhere = Member { tenant: "other".to_owned(), ..member("1", None, 7) };
    elsewhere.put().send(&db).await.unwrap();

    let error = put(&db, "2", None, 7).await.unwrap_err();

    assert!(error.is_not_unique() && error.attribute() == Some("tenant, number"), "{error:?}");
    assert_clean(&db).await;
}

#[tokio::test]
async fn any_number_of_items_may_have_no_value() {
    let db = members().await;

    put(&db, "1", None, 1).await.unwrap();
    put(&db, "2", None, 2).await.unwrap();

    assert_eq!(guards(&db).await, 2);
}

#[tokio::test]
async fn a_put_again_changes_nothing_of_the_guards() {
    let db = members().await;
    put(&db, "1", Some("ada@example.org"), 1).await.unwrap();
    let (recording, record) = recorded(&db);

    put(&recording, "1", Some("ada@example.org"), 1).await.unwrap();

    assert_eq!(record.operations(), ["GetItem", "PutItem"]);
    assert_clean(&db).await;
}

#[tokio::test]
async fn a_put_gives_up_the_values_of_the_item_that_it_replaces() {
    let db = members().await;
    put(&db, "1", Some("ada@example.org"), 1).await.unwrap();

    put(&db, "1", Some("grace@example.org"), 1).await.unwrap();
    put(&db, "2", Some("ada@example.org"), 2).await.unwrap();

    assert_eq!(guards(&db).await, 4);
    assert_clean(&db).await;
}

#[tokio::test]
async fn a_put_of_a_new_item_is_one_request() {
    let db = members().await;
    let (recording, record) = recorded(&db);

    member("1", Some("ada@example.org"), 1).put().if_not_exists().send(&recording).await.unwrap();

    assert_eq!(record.operations(), ["TransactWriteItems"]);
    assert_clean(&db).await;
}

#[tokio::test]
async fn an_item_that_exists_already_is_said_to_exist() {
    let db = members().await;
    put(&db, "1", Some("ada@example.org"), 1).await.unwrap();

    let same = member("1", Some("ada@example.org"), 1).put().if_not_exists().send(&db).await.unwrap_err();
    let other = member("1", Some("grace@example.org"), 9).put().if_not_exists().send(&db).await.unwrap_err();

    assert!(same.is_already_exists() && other.is_already_exists(), "{same:?} {other:?}");
    assert_eq!(guards(&db).await, 2);
}

#[tokio::test]
async fn a_save_moves_the_guard_of_a_value_that_has_changed() {
    let db = members().await;
    put(&db, "1", Some("ada@example.org"), 1).await.unwrap();
    put(&db, "2", Some("grace@example.org"), 2).await.unwrap();
    let mut tracked = read(&db, "1").await.unwrap().tracked();

    tracked.email = Some("grace@example.org".to_owned());
    let error = tracked.save().send(&db).await.unwrap_err();
    assert!(error.is_not_unique() && error.attribute() == Some("email"), "{error:?}");

    tracked.email = Some("lovelace@example.org".to_owned());
    tracked.save().send(&db).await.unwrap();
    put(&db, "3", Some("ada@example.org"), 3).await.unwrap();

    assert_eq!(read(&db, "1").await.unwrap(), *tracked);
    assert_clean(&db).await;
}

#[tokio::test]
async fn a_save_of_other_attributes_writes_no_guard() {
    let db = members().await;
    put(&db, "1", Some("ada@example.org"), 1).await.unwrap();
    let (recording, record) = recorded(&db);

    let mut tracked = member("1", Some("ada@example.org"), 1).tracked();
    tracked.name = "Ada".to_owned();
    tracked.save().send(&recording).await.unwrap();

    assert_eq!(record.operations(), ["UpdateItem"]);
    assert_clean(&db).await;
}

#[tokio::test]
async fn a_value_that_is_cleared_is_free() {
    let db = members().await;
    put(&db, "1", Some("ada@example.org"), 1).await.unwrap();
    let mut tracked = read(&db, "1").await.unwrap().tracked();

    tracked.email = None;
    tracked.save().send(&db).await.unwrap();
    put(&db, "2", Some("ada@example.org"), 2).await.unwrap();

    assert_clean(&db).await;
}

#[tokio::test]
async fn a_save_of_a_value_that_another_client_has_changed_is_a_conflict() {
    let db = members().await;
    put(&db, "1", Some("ada@example.org"), 1).await.unwrap();
    let mut tracked = read(&db, "1").await.unwrap().tracked();
    put(&db, "1", Some("grace@example.org"), 1).await.unwrap();

    tracked.email = Some("lovelace@example.org".to_owned());
    let error = tracked.save().send(&db).await.unwrap_err();

    assert!(error.is_conflict() && !error.is_not_unique(), "{error:?}");
    assert_clean(&db).await;
}

#[tokio::test]
async fn an_update_by_key_of_other_attributes_writes_no_guard() {
    let db = members().await;
    put(&db, "1", Some("ada@example.org"), 1).await.unwrap();
    let (recording, record) = recorded(&db);

    Member::update(("acme", "1")).set(Member::NAME, "Ada").send(&recording).await.unwrap();

    assert_eq!(record.operations(), ["UpdateItem"]);
    assert_clean(&db).await;
}

#[tokio::test]
async fn a_deletion_frees_the_values_of_its_item() {
    let db = members().await;
    put(&db, "1", Some("ada@example.org"), 1).await.unwrap();
    put(&db, "2", None, 2).await.unwrap();

    let old = Member::delete(("acme", "1")).return_old().send(&db).await.unwrap();
    Member::delete(("acme", "2")).send(&db).await.unwrap();

    assert_eq!(old, Some(member("1", Some("ada@example.org"), 1)));
    assert_eq!((guards(&db).await, read(&db, "1").await), (0, None));
}

#[tokio::test]
async fn a_deletion_of_nothing_deletes_nothing() {
    let db = members().await;

    Member::delete(("acme", "1")).send(&db).await.unwrap();
    let none = Member::delete(("acme", "1")).return_old().send(&db).await.unwrap();
    let error = Member::delete(("acme", "1")).if_exists().send(&db).await.unwrap_err();

    assert_eq!(none, None);
    assert!(error.is_not_found(), "{error:?}");
}

#[tokio::test]
async fn a_deletion_whose_condition_does_not_hold_frees_nothing() {
    let db = members().await;
    put(&db, "1", Some("ada@example.org"), 1).await.unwrap();

    let error = Member::delete(("acme", "1")).when(Member::NAME.eq("Grace")).send(&db).await.unwrap_err();

    assert!(error.is_condition_failed(), "{error:?}");
    assert_clean(&db).await;
}

#[tokio::test]
async fn a_transaction_takes_and_frees_values_with_its_items() {
    let db = members().await;
    put(&db, "1", Some("ada@example.org"), 1).await.unwrap();

    let transaction = dynamorm::transaction()
        .delete(Member::delete(("acme", "1")))
        .put(member("2", Some("grace@example.org"), 2).put())
        .update(Member::update(("acme", "3")).set(Member::NAME, "Mary"));
    put(&db, "3", None, 3).await.unwrap();
    transaction.send(&db).await.unwrap();

    assert_eq!(guards(&db).await, 3);
    assert_clean(&db).await;
}

#[tokio::test]
async fn a_transaction_says_which_operation_was_not_unique() {
    let db = members().await;
    put(&db, "1", Some("ada@example.org"), 1).await.unwrap();

    let transaction = dynamorm::transaction()
        .put(member("2", Some("grace@example.org"), 2).put())
        .put(member("3", Some("ada@example.org"), 3).put());
    let error = transaction.send(&db).await.unwrap_err();

    let causes: Vec<_> = error.cancellations().collect();
    assert_eq!(causes.len(), 1);
    assert!(causes[0].0 == 1 && causes[0].1.attribute() == Some("email"), "{error:?}");
    assert_eq!((read(&db, "2").await, guards(&db).await), (None, 2));
}

#[tokio::test]
async fn two_operations_of_a_transaction_on_one_value_are_refused_before_it_is_sent() {
    let db = members().await;

    let transaction = dynamorm::transaction()
        .put(member("1", Some("ada@example.org"), 1).put())
        .put(member("2", Some("ada@example.org"), 2).put());
    let error = transaction.send(&db).await.unwrap_err();

    assert!(error.is_validation() && error.to_string().contains("the same unique value as [0]"), "{error}");
}

#[tokio::test]
async fn scans_and_queries_meet_no_guards() {
    let db = members().await;
    for number in 1..=5 {
        put(&db, &number.to_string(), Some(&format!("{number}@example.org")), number).await.unwrap();
    }

    let all = Member::scan().items(&db).all().await.unwrap();

    assert_eq!((all.len(), Member::scan().count(&db).await.unwrap()), (5, 5));
    assert_eq!(Member::query("acme").count(&db).await.unwrap(), 5);
    assert_eq!(Member::scan_by_id().count(&db).await.unwrap(), 5);
    assert_eq!(Member::scan().limit(2).items(&db).all().await.unwrap().len(), 2);
    assert_eq!(Member::scan().filter(Member::NUMBER.gt(3)).count(&db).await.unwrap(), 2);
}

#[tokio::test]
async fn no_item_can_have_the_key_of_a_guard() {
    let db = members().await;
    let reserved = Member { tenant: "$dynamorm:unique:Member".to_owned(), ..member("1", None, 1) };

    let put = reserved.put().send(&db).await.unwrap_err();
    let deletion = Member::delete(("$dynamorm:unique:Member", "1")).send(&db).await.unwrap_err();

    assert!(put.is_validation() && put.attribute() == Some("tenant"), "{put:?}");
    assert!(deletion.is_validation(), "{deletion:?}");
}

#[tokio::test]
async fn values_that_look_alike_are_told_apart() {
    let db = members().await;
    let texts = ["a", "A", "a:", "1:a", "5:emailS1:a", "a\u{0}", "ä", "a\u{308}", ""];

    for (number, text) in (0..).zip(texts) {
        put(&db, &number.to_string(), Some(text), number).await.unwrap();
    }

    assert_eq!(guards(&db).await, 2 * texts.len());
    assert_clean(&db).await;
}

#[tokio::test]
async fn a_value_that_is_too_long_for_a_guard_is_refused() {
    let db = database(&[&tables::MEMBERS, &tables::ACCOUNTS]).await;

    // An index has the table's partition key as its sort key, which is shorter.
    let error = put(&db, "1", Some(&"a".repeat(1_000)), 1).await.unwrap_err();
    put(&db, "1", Some(&"a".repeat(900)), 1).await.unwrap();
    let without_index = account(&"a".repeat(2_030)).put().send(&db).await.unwrap_err();
    account(&"a".repeat(1_900)).put().send(&db).await.unwrap();

    assert!(error.is_validation() && error.attribute() == Some("email"), "{error:?}");
    assert!(without_index.is_validation() && without_index.attribute() == Some("login"), "{without_index:?}");
}

#[tokio::test]
async fn of_many_that_want_a_value_at_once_one_has_it() {
    let db = members().await;
    let tasks: Vec<_> = (0..8)
        .map(|number: u32| {
            let db = db.clone();
            tokio::spawn(async move { put(&db, &number.to_string(), Some("ada@example.org"), number).await })
        })
        .collect();

    let mut successes = 0;
    for task in tasks {
        match task.await.unwrap() {
            Ok(()) => successes += 1,
            Err(error) => assert!(error.is_not_unique() || error.is_conflict(), "{error:?}"),
        }
    }

    assert_eq!((successes, Member::scan().count(&db).await.unwrap()), (1, 1));
    assert_clean(&db).await;
}

#[tokio::test]
async fn of_many_that_change_one_item_at_once_each_leaves_its_guards_right() {
    let db = members().await;
    put(&db, "1", Some("first@example.org"), 0).await.unwrap();
    let tasks: Vec<_> = (1..8)
        .map(|number: u32| {
            let db = db.clone();
            tokio::spawn(async move { put(&db, "1", Some(&format!("{number}@example.org")), number).await })
        })
        .collect();

    for task in tasks {
        if let Err(error) = task.await.unwrap() {
            assert!(error.is_conflict(), "{error:?}");
        }
    }

    assert_eq!(guards(&db).await, 2);
    assert_clean(&db).await;
}

#[tokio::test]
async fn a_write_whose_response_is_lost_does_not_collide_with_itself() {
    let db = members().await;
    let (disturbed, record) = disturbed(&db, [Step::Pass, Step::LoseResponse]);

    put(&disturbed, "1", Some("ada@example.org"), 1).await.unwrap();

    assert_eq!(record.operations(), ["GetItem", "TransactWriteItems", "TransactWriteItems"]);
    assert_clean(&db).await;
}

fn account(login: &str) -> Account {
    Account::builder().id(Ulid::generate()).login(login).build().unwrap()
}

#[tokio::test]
async fn unique_fields_and_versions_go_together() {
    let db = database(&[&tables::ACCOUNTS]).await;
    let (mut ada, mut grace) = (account("ada"), account("grace"));
    ada.put().send(&db).await.unwrap();
    grace.put().send(&db).await.unwrap();

    let mut stale = ada.clone();
    ada.rate = Some("1.50".parse().unwrap());
    ada.badge = Some(vec![1, 2]);
    ada.put().send(&db).await.unwrap();
    ada.update_this().add(Account::BALANCE, 5).send(&db).await.unwrap();
    assert_eq!((ada.version, ada.balance), (3, 5));

    stale.login = "lovelace".to_owned();
    let error = stale.put().send(&db).await.unwrap_err();
    assert!(error.is_version_conflict() && stale.version == 1, "{error:?}");

    grace.rate = Some("1.5".parse().unwrap());
    let error = grace.put().send(&db).await.unwrap_err();
    assert!(error.is_not_unique() && error.attribute() == Some("Rate %"), "{error:?}");

    let mut tracked = ada.tracked();
    tracked.login = "lovelace".to_owned();
    tracked.save().send(&db).await.unwrap();
    assert_eq!(tracked.version, 4);
    let changed = Account::get(tracked.id).retry_on_conflict(3, |account| {
        account.login = "ada".to_owned();
        Ok(())
    });
    let changed = changed.send(&db).await.unwrap();
    assert_eq!(changed.version, 5);

    assert!(db.check_unique::<Account>().await.unwrap().is_clean());
    changed.delete_this().send(&db).await.unwrap();
    grace.delete_this().send(&db).await.unwrap();
    let left = db.sdk().scan().table_name(db.table_name(&tables::ACCOUNTS)).send().await.unwrap();
    assert_eq!(left.count(), 0);
}

/// What a writer that knows nothing of guards does.
async fn put_raw(db: &Client, member: &Member) {
    let item = Some(member.to_item().unwrap());
    db.sdk().put_item().table_name(db.table_name(&tables::MEMBERS)).set_item(item).send().await.unwrap();
}

#[tokio::test]
async fn a_value_without_a_guard_is_found_and_repaired() {
    let db = members().await;
    put_raw(&db, &member("1", Some("ada@example.org"), 1)).await;

    let report = db.check_unique::<Member>().await.unwrap();
    assert_eq!((report.missing().len(), report.left_over().len(), report.duplicates().len()), (2, 0, 0));
    assert_eq!(report.missing()[0].keys()[0]["id"].as_s().unwrap(), "1");
    assert_eq!(report.repair(&db).await.unwrap(), 2);

    assert_clean(&db).await;
    let error = put(&db, "2", Some("ada@example.org"), 2).await.unwrap_err();
    assert!(error.is_not_unique(), "{error:?}");
}

#[tokio::test]
async fn a_guard_without_a_value_is_found_and_repaired() {
    let db = members().await;
    put(&db, "1", Some("ada@example.org"), 1).await.unwrap();
    put(&db, "2", Some("grace@example.org"), 2).await.unwrap();
    let key = member("1", None, 1).to_item().unwrap();
    let delete = db.sdk().delete_item().table_name(db.table_name(&tables::MEMBERS));
    delete.key("tenant", key["tenant"].clone()).key("id", key["id"].clone()).send().await.unwrap();
    put_raw(&db, &member("2", None, 2)).await;

    let report = db.check_unique::<Member>().await.unwrap();
    let names: Vec<_> = report.left_over().iter().map(|finding| finding.attributes().join(",")).collect();
    assert_eq!((names.len(), report.missing().len()), (3, 0));
    assert!(names.contains(&"email".to_owned()) && names.contains(&"tenant,number".to_owned()), "{names:?}");
    assert_eq!(report.repair(&db).await.unwrap(), 3);

    assert_clean(&db).await;
    put(&db, "3", Some("ada@example.org"), 3).await.unwrap();
}

#[tokio::test]
async fn a_guard_of_a_wrong_item_is_found_and_repaired() {
    let db = members().await;
    put(&db, "1", Some("ada@example.org"), 1).await.unwrap();
    put_raw(&db, &member("1", None, 1)).await;
    put_raw(&db, &member("2", Some("ada@example.org"), 2)).await;

    let report = db.check_unique::<Member>().await.unwrap();
    assert_eq!((report.missing().len(), report.left_over().len()), (2, 0));
    report.repair(&db).await.unwrap();

    assert_clean(&db).await;
}

#[tokio::test]
async fn a_value_of_several_items_is_found_and_left_alone() {
    let db = members().await;
    put(&db, "1", Some("ada@example.org"), 1).await.unwrap();
    put_raw(&db, &member("2", Some("ada@example.org"), 2)).await;

    let report = db.check_unique::<Member>().await.unwrap();
    assert_eq!((report.duplicates().len(), report.duplicates()[0].keys().len()), (1, 2));
    report.repair(&db).await.unwrap();

    let report = db.check_unique::<Member>().await.unwrap();
    assert_eq!((report.missing().len(), report.duplicates().len()), (0, 1));
}

#[tokio::test]
async fn a_repair_leaves_alone_what_has_changed_since_the_check() {
    let db = members().await;
    put_raw(&db, &member("1", Some("ada@example.org"), 1)).await;
    let report = db.check_unique::<Member>().await.unwrap();
    put_raw(&db, &member("1", None, 9)).await;
    put(&db, "2", Some("ada@example.org"), 1).await.unwrap();

    assert_eq!(report.repair(&db).await.unwrap(), 0);

    let report = db.check_unique::<Member>().await.unwrap();
    assert_eq!((report.missing().len(), report.left_over().len()), (1, 0));
}

/// Whether a batch may write `M`, as the compiler sees it.
struct MayBeDeletedByABatch<M>(PhantomData<M>);

trait Otherwise {
    const ANSWER: bool = false;
}
impl<M> Otherwise for MayBeDeletedByABatch<M> {}
impl<M: dynamorm::BatchDelete> MayBeDeletedByABatch<M> {
    const ANSWER: bool = true;
}

#[test]
fn a_batch_deletes_only_what_has_no_unique_fields() {
    const { assert!(MayBeDeletedByABatch::<Note>::ANSWER) };
    const { assert!(!MayBeDeletedByABatch::<Member>::ANSWER) };
}
