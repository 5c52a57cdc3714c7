//! Sums of a field, and items whose owner changes.

use dynamorm::{Client, Operations, Uuid};

use crate::models::{Account, Hold, Invoice};
use crate::{project, read, with_project};

fn invoice(number: u32, project: Option<&str>, cents: Option<i32>) -> Invoice {
    Invoice::builder().number(number).project(project.map(str::to_owned)).cents(cents).build().unwrap()
}

/// How many invoices a project has, and what they add up to.
async fn billed(db: &Client, id: &str) -> (i64, i64) {
    let project = read(db, id).await;
    (project.invoices, project.billed)
}

async fn two_projects() -> Client {
    let db = with_project("apollo").await;
    project("gemini").put().send(&db).await.unwrap();
    db
}

#[tokio::test]
async fn an_overwrite_adjusts_the_sum_and_both_owners_where_it_changes() {
    let db = two_projects().await;
    invoice(1, Some("apollo"), Some(500)).put().send(&db).await.unwrap();
    invoice(2, Some("apollo"), None).put().send(&db).await.unwrap();
    assert_eq!(billed(&db, "apollo").await, (2, 500));

    invoice(1, Some("apollo"), Some(-20)).put().send(&db).await.unwrap();
    assert_eq!(billed(&db, "apollo").await, (2, -20));

    invoice(1, Some("gemini"), Some(70)).put().send(&db).await.unwrap();
    assert_eq!((billed(&db, "apollo").await, billed(&db, "gemini").await), ((1, 0), (1, 70)));

    // An invoice of nobody is counted by nobody.
    invoice(1, None, Some(70)).put().send(&db).await.unwrap();
    assert_eq!(billed(&db, "gemini").await, (0, 0));
    Invoice::delete(2).send(&db).await.unwrap();
    assert_eq!(billed(&db, "apollo").await, (0, 0));
}

#[tokio::test]
async fn a_save_adjusts_what_it_changes_and_demands_what_was_read() {
    let db = two_projects().await;
    invoice(1, Some("apollo"), Some(500)).put().send(&db).await.unwrap();
    let mut tracked = Invoice::get(1).consistent().send(&db).await.unwrap().unwrap().tracked();
    let mut stale = Invoice::get(1).consistent().send(&db).await.unwrap().unwrap().tracked();

    tracked.cents = Some(600);
    tracked.save().send(&db).await.unwrap();
    assert_eq!(billed(&db, "apollo").await, (1, 600));
    tracked.project = Some("gemini".to_owned());
    tracked.cents = None;
    tracked.save().send(&db).await.unwrap();
    assert_eq!((billed(&db, "apollo").await, billed(&db, "gemini").await), ((0, 0), (1, 0)));

    stale.cents = Some(1);
    let error = stale.save().send(&db).await.unwrap_err();
    assert!(error.is_conflict(), "{error}");
    // What counts for nothing is saved and updated as everywhere.
    tracked.note = Some("paid".to_owned());
    tracked.save().send(&db).await.unwrap();
    Invoice::update(1).set(Invoice::NOTE, Some("paid twice".to_owned())).send(&db).await.unwrap();
    assert_eq!(billed(&db, "gemini").await, (1, 0));
}

#[tokio::test]
async fn a_save_to_an_owner_that_is_not_there_changes_nothing() {
    let db = with_project("apollo").await;
    invoice(1, Some("apollo"), Some(500)).put().send(&db).await.unwrap();
    let mut tracked = Invoice::get(1).consistent().send(&db).await.unwrap().unwrap().tracked();

    tracked.project = Some("nowhere".to_owned());
    let error = tracked.save().send(&db).await.unwrap_err();

    assert!(error.is_owner_missing(), "{error}");
    assert_eq!(billed(&db, "apollo").await, (1, 500));
    assert_eq!(Invoice::get(1).send(&db).await.unwrap().unwrap().project.as_deref(), Some("apollo"));
}

#[tokio::test]
async fn a_sum_leaves_neither_its_type_nor_its_maximum() {
    let db = crate::projects().await;
    Account::builder().owner("ada").name("Ada").build().unwrap().put().send(&db).await.unwrap();
    let hold = |number: u128, amount: &str| Hold {
        owner: "ada".to_owned(),
        id: Uuid::from_u128(number),
        amount: amount.parse().unwrap(),
    };
    let held = async || Account::get("ada").consistent().send(&db).await.unwrap().unwrap().held.to_string();

    hold(1, "0.1").put().send(&db).await.unwrap();
    hold(2, "99.9").put().send(&db).await.unwrap();
    let error = hold(3, "0.00001").put().send(&db).await.unwrap_err();

    assert!(error.is_full() && error.attribute() == Some("h"), "{error}");
    assert_eq!(held().await, "100");
    // Less is always fine, and so is what was more than is allowed.
    hold(1, "0.05").put().send(&db).await.unwrap();
    assert_eq!(held().await, "99.95");
    Hold::delete(("ada", Uuid::from_u128(2))).send(&db).await.unwrap();
    assert_eq!(held().await, "0.05");

    let raw = db.sdk().update_item().table_name(db.table_name(&crate::tables::PROJECTS));
    project("apollo").put().send(&db).await.unwrap();
    let key = dynamorm::AttributeValue::S("apollo".to_owned());
    let most = dynamorm::AttributeValue::N(i64::MAX.to_string());
    let raw = raw.key("id", key).update_expression("SET billed = :most");
    raw.expression_attribute_values(":most", most).send().await.unwrap();
    let error = invoice(1, Some("apollo"), Some(1)).put().send(&db).await.unwrap_err();
    assert!(error.is_out_of_range() && error.attribute() == Some("billed"), "{error}");
    invoice(1, Some("apollo"), Some(-1)).put().send(&db).await.unwrap();
    assert_eq!(billed(&db, "apollo").await, (1, i64::MAX - 1));
}

#[tokio::test]
async fn an_owner_with_unique_fields_keeps_both() {
    let db = crate::projects().await;
    let account = |name: &str| Account::builder().owner("ada").name(name).build().unwrap();
    account("Ada").put().send(&db).await.unwrap();
    let hold = Hold { owner: "ada".to_owned(), id: Uuid::from_u128(1), amount: "5".parse().unwrap() };
    hold.put().send(&db).await.unwrap();

    account("Countess").put().send(&db).await.unwrap();

    let stored = Account::get("ada").consistent().send(&db).await.unwrap().unwrap();
    assert_eq!((stored.name.as_str(), stored.held.to_string().as_str()), ("Countess", "5"));
    assert!(db.check_unique::<Account>().await.unwrap().is_clean());
}
