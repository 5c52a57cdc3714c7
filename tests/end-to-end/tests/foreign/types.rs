//! Items whose type attribute another program fills in its own words, or not at all.

use dynamorm::Operations;

use crate::models::{Cat, CompanyItem, Dog, Employee, Info, ZooItem, tables};
use crate::{database, item, number, stored, text, write};

fn employee() -> Employee {
    Employee { id: "e".to_owned(), name: "Ada".to_owned() }
}

fn info() -> Info {
    Info { id: "i".to_owned(), text: "hello".to_owned() }
}

#[tokio::test]
async fn the_first_value_is_written_and_all_are_read() {
    let db = database(&[&tables::COMPANY]).await;
    employee().put().send(&db).await.unwrap();
    assert_eq!(stored(&db, &tables::COMPANY).await[0]["kind"], text("employee"));

    let other = item([("id", text("o")), ("kind", text("EMPLOYEE")), ("name", text("Bob"))]);
    write(&db, &tables::COMPANY, other).await;
    let bob = Employee { id: "o".to_owned(), name: "Bob".to_owned() };
    assert_eq!(Employee::get("o").send(&db).await.unwrap(), Some(bob.clone()));
    let mut all = Employee::scan().items(&db).all().await.unwrap();
    all.sort_by(|one, other| one.id.cmp(&other.id));
    assert_eq!(all, [employee(), bob]);
    assert_eq!(Employee::scan().count(&db).await.unwrap(), 2);
    assert_eq!(Info::scan().items(&db).all().await.unwrap(), []);
    let error = Info::get("o").send(&db).await.unwrap_err();
    assert_eq!(error.attribute(), Some("kind"), "{error}");
}

#[tokio::test]
async fn an_update_of_a_new_item_writes_the_value_and_one_of_another_value_keeps_it() {
    let db = database(&[&tables::COMPANY]).await;
    let other = item([("id", text("o")), ("kind", text("EMPLOYEE")), ("name", text("Bob"))]);
    write(&db, &tables::COMPANY, other).await;
    Employee::update("o").set(Employee::NAME, "Bert").send(&db).await.unwrap();
    assert_eq!(stored(&db, &tables::COMPANY).await[0]["kind"], text("EMPLOYEE"));
    let mut tracked = Employee::get("o").send(&db).await.unwrap().unwrap().tracked();
    tracked.name = "Bea".to_owned();
    tracked.save().send(&db).await.unwrap();
    let found = stored(&db, &tables::COMPANY).await.remove(0);
    assert_eq!((&found["kind"], &found["name"]), (&text("EMPLOYEE"), &text("Bea")));
}

#[tokio::test]
async fn items_without_a_type_are_of_the_declared_model() {
    let db = database(&[&tables::COMPANY]).await;
    employee().put().send(&db).await.unwrap();
    write(&db, &tables::COMPANY, item([("id", text("i")), ("text", text("hello"))])).await;

    assert_eq!(Info::get("i").send(&db).await.unwrap(), Some(info()));
    assert_eq!(Info::scan().items(&db).all().await.unwrap(), [info()]);
    assert_eq!(Info::scan().count(&db).await.unwrap(), 1);
    assert_eq!(Info::scan().select((Info::ID, Info::TEXT)).items(&db).all().await.unwrap().len(), 1);
    assert_eq!(Employee::scan().items(&db).all().await.unwrap(), [employee()]);
    let error = Employee::get("i").send(&db).await.unwrap_err();
    assert_eq!(error.attribute(), Some("kind"), "{error}");

    let mut all = CompanyItem::scan().items(&db).all().await.unwrap();
    all.sort_by_key(|item| matches!(item, CompanyItem::Info(_)));
    assert_eq!(all, [CompanyItem::Employee(Box::new(employee())), CompanyItem::Info(Box::new(info()))]);
    // What is put back has a type.
    info().put().send(&db).await.unwrap();
    assert_eq!(Info::scan().items(&db).all().await.unwrap(), [info()]);
}

#[tokio::test]
async fn a_scan_names_the_items_that_nobody_knows_the_model_of() {
    let db = database(&[&tables::ZOO]).await;
    Cat { id: "c".to_owned(), lives: 9 }.put().send(&db).await.unwrap();
    Dog { id: "d".to_owned() }.put().send(&db).await.unwrap();
    write(&db, &tables::ZOO, item([("id", text("x")), ("lives", number("7"))])).await;

    for (found, errors) in [
        counted(Cat::scan().items(&db)).await,
        counted(Dog::scan().items(&db)).await,
        counted(Cat::scan().select((Cat::ID, Cat::LIVES)).items(&db)).await,
    ] {
        assert_eq!(found, 1);
        let [error] = &errors[..] else { panic!("{errors:?}") };
        assert!(error.is_item_error(), "{error}");
        assert_eq!(error.attribute(), Some("kind"), "{error}");
        assert!(error.to_string().contains("type_attribute"), "{error}");
    }
    assert_eq!(Cat::scan().count(&db).await.unwrap(), 1, "what nobody knows is not counted");
    let (found, errors) = counted(ZooItem::scan().items(&db)).await;
    assert_eq!((found, errors.len()), (2, 1));
    // Whoever asks for the key knows what it is.
    assert_eq!(Cat::get("x").send(&db).await.unwrap(), Some(Cat { id: "x".to_owned(), lives: 7 }));
}

/// How many items a stream has, and the errors of the others.
async fn counted<T>(mut items: dynamorm::Items<T>) -> (usize, Vec<dynamorm::Error>) {
    let (mut found, mut errors) = (0, Vec::new());
    while let Some(item) = items.next().await {
        match item {
            Ok(_) => found += 1,
            Err(error) => errors.push(error),
        }
    }
    (found, errors)
}
