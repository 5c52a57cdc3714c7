//! One name space of several models: a name is taken by one of them.

use dynamorm::{Client, Operations, read_transaction, transaction};

use crate::database;
use crate::models::{Account, Company, Person, tables};

fn person(name: &str) -> Person {
    Person { name: name.to_owned(), born: 1815 }
}

fn company(name: &str) -> Company {
    Company { name: name.to_owned(), staff: 3 }
}

/// A person called Ada and a company called Acme.
async fn accounts() -> Client {
    let (db, _) = database(&tables::ACCOUNTS).await;
    person("ada").put().send(&db).await.unwrap();
    company("acme").put().send(&db).await.unwrap();
    db
}

#[tokio::test]
async fn a_get_answers_whichever_model_has_the_key() {
    let db = accounts().await;
    assert_eq!(Person::get("ada").any().send(&db).await.unwrap(), Some(Account::from(person("ada"))));
    assert_eq!(Person::get("acme").any().send(&db).await.unwrap(), Some(Account::from(company("acme"))));
    assert_eq!(Company::get("nobody").any().send(&db).await.unwrap(), None);
    // Of one model, an item of the other counts as none.
    assert_eq!(Person::get("acme").send(&db).await.unwrap(), None);
    assert_eq!(Person::get("acme").select(Person::BORN).send(&db).await.unwrap(), None);
    assert_eq!(Person::get("ada").select(Person::BORN).send(&db).await.unwrap(), Some(1815));
    let both = Person::batch_get(["ada", "acme"]).send(&db).await.unwrap();
    assert_eq!(both.into_items().unwrap(), [Some(person("ada")), None]);
}

#[tokio::test]
async fn a_put_is_refused_where_the_other_is_and_nothing_is_written() {
    let db = accounts().await;
    let error = person("acme").put().send(&db).await.unwrap_err();
    assert!(error.is_of_another_model(), "{error}");
    assert!(error.to_string().contains("`Company`"), "{error}");
    let error = person("acme").put().if_not_exists().send(&db).await.unwrap_err();
    assert!(error.is_already_exists() || error.is_of_another_model(), "{error}");
    assert_eq!(Company::get("acme").send(&db).await.unwrap(), Some(company("acme")));
    let error = person("acme").put().or_get().send(&db).await.unwrap_err();
    assert!(error.is_of_another_model(), "{error}");
    assert_eq!(person("ada").put().or_get().send(&db).await.unwrap(), Some(person("ada")));
    // Its own item is replaced as ever.
    Person { born: 1816, ..person("ada") }.put().send(&db).await.unwrap();
    assert_eq!(Person::get("ada").send(&db).await.unwrap().unwrap().born, 1816);
}

#[tokio::test]
async fn updates_and_deletions_of_one_leave_the_other_alone() {
    let db = accounts().await;
    let error = Person::update("acme").set(Person::BORN, 1).send(&db).await.unwrap_err();
    assert!(error.is_of_another_model(), "{error}");
    let error = Company::delete("ada").send(&db).await.unwrap_err();
    assert!(error.is_of_another_model(), "{error}");
    let error = person("acme").upsert().set(Person::BORN, 1).send(&db).await.unwrap_err();
    assert!(error.is_of_another_model(), "{error}");
    Company::delete("nobody").send(&db).await.unwrap();
    Company::update("acme").set(Company::STAFF, 4_u32).send(&db).await.unwrap();
    let mut tracked = Person::get("ada").send(&db).await.unwrap().unwrap().tracked();
    Person::delete("ada").send(&db).await.unwrap();
    // The name is free again.
    company("ada").put().send(&db).await.unwrap();
    assert_eq!(Account::scan().count(&db).await.unwrap(), 2);
    // What was read of the person is saved into nobody else.
    tracked.born = 1;
    let error = tracked.save().send(&db).await.unwrap_err();
    assert!(error.is_of_another_model(), "{error}");
    assert_eq!(Company::get("ada").send(&db).await.unwrap(), Some(company("ada")));
}

#[tokio::test]
async fn a_transaction_demands_it_too() {
    let db = accounts().await;
    let both = transaction().put(person("zoe").put()).put(person("acme").put());
    let error = both.send(&db).await.unwrap_err();
    assert!(error.is_cancelled(), "{error}");
    let (position, cause) = error.cancellations().next().unwrap();
    assert!(position == 1 && cause.is_of_another_model(), "{error}");
    assert_eq!(Person::get("zoe").any().send(&db).await.unwrap(), None);
    for refused in [
        transaction().update(Person::update("acme").set(Person::BORN, 1)),
        transaction().delete(Person::delete("acme")),
        transaction().check(Person::check("acme").exists()),
        transaction().upsert(person("acme").upsert().set(Person::BORN, 1)),
    ] {
        let error = refused.send(&db).await.unwrap_err();
        let (_, cause) = error.cancellations().next().unwrap();
        assert!(cause.is_of_another_model(), "{error}");
    }
    let both = read_transaction((Person::get("acme"), Person::get("ada")));
    let (one, other) = both.send(&db).await.unwrap();
    assert_eq!((one, other), (None, Some(person("ada"))));
}
