//! Shapes of a model that has everything: composed keys, unique values, a version, enums and nested types, beside another model of
//! its table. It is read as today's wherever items come from, and old and new code write it side by side.

use dynamorm::changes::{BothImages, LambdaEvent};
use dynamorm::serde_json::{Value, json};
use dynamorm::{AttributeValue, Client, Operations, Timestamp, Ulid};
use std::collections::HashMap;

mod one {
    dynamorm::include_models!("wide_1");
}
/// Knows the second shape, and writes the first.
mod early {
    dynamorm::include_models!("wide_2_early");
}
mod two {
    dynamorm::include_models!("wide_2");
}

trait First {
    type Second;

    fn upgraded(self) -> Result<Self::Second, String>;
}

macro_rules! upgraded {
    ($($release:ident)+) => { $(
        impl First for $release::CustomerV1 {
            type Second = $release::Customer;

            fn upgraded(self) -> Result<$release::Customer, String> {
                let state = match self.state {
                    $release::CustomerV1State::Active => $release::State::Active,
                    $release::CustomerV1State::Gone => $release::State::Gone,
                };
                let card = match self.payment {
                    Some($release::CustomerV1Payment::Card { digits }) => Some(digits),
                    Some($release::CustomerV1Payment::Cash) | None => None,
                };
                let (first, last) = match self.name.split_once(' ') {
                    Some((first, last)) => (first.to_owned(), Some(last.to_owned())),
                    None => (self.name, None),
                };
                let place = self.places.into_iter().next();
                let place = place.map(|place| $release::Place {
                    line: format!("{}, {}", place.street, place.city),
                    country: "GB".to_owned(),
                });
                Ok($release::Customer {
                    id: self.id,
                    since: self.since,
                    state,
                    mail: self.mail,
                    secret: self.secret,
                    version: self.version,
                    updated: self.updated,
                    first,
                    last,
                    card,
                    place,
                    points: self.points.into(),
                })
            }
        }
    )+ };
}

upgraded! { early two }

fn customer_1_to_2<V1: First>(customer: V1) -> Result<V1::Second, String> {
    customer.upgraded()
}

fn customer_2_to_1(customer: &early::Customer) -> Result<early::customer::V1, String> {
    let last = customer.last.as_ref().map(|last| format!(" {last}"));
    let payment = customer.card.clone().map(|digits| early::CustomerV1Payment::Card { digits });
    let place = customer.place.iter().filter_map(|place| {
        let (street, city) = place.line.split_once(", ")?;
        Some(early::CustomerV1Place { street: street.to_owned(), city: city.to_owned() })
    });
    Ok(early::CustomerV1 {
        id: customer.id,
        since: customer.since,
        state: match customer.state {
            early::State::Active => early::CustomerV1State::Active,
            early::State::Gone => early::CustomerV1State::Gone,
        },
        mail: customer.mail.clone(),
        secret: customer.secret.clone(),
        version: customer.version,
        updated: customer.updated,
        name: format!("{}{}", customer.first, last.unwrap_or_default()),
        payment,
        places: place.collect(),
        points: customer.points.try_into().map_err(|_| "there are too many points")?,
        tags: Default::default(),
    })
}

fn id() -> Ulid {
    "01ARZ3NDEKTSV4RRFFQ69G5FAV".parse().expect("an id")
}

fn since() -> Timestamp {
    "2026-03-01T10:00:00Z".parse().expect("an instant")
}

fn ada() -> one::Customer {
    one::Customer {
        id: id(),
        since: since(),
        state: one::State::Gone,
        mail: "ada@example.org".to_owned(),
        secret: Some("hush".to_owned()),
        version: 0,
        updated: since(),
        name: "Ada Lovelace".to_owned(),
        payment: Some(one::Payment::Card { digits: "1234".to_owned() }),
        places: vec![one::Place { street: "Main Street".to_owned(), city: "York".to_owned() }],
        points: 7,
        tags: ["x".to_owned()].into(),
    }
}

fn check(customer: &two::Customer, version: u64) {
    let place = two::Place { line: "Main Street, York".to_owned(), country: "GB".to_owned() };
    assert_eq!((customer.id, customer.since, customer.state), (id(), since(), two::State::Gone));
    assert_eq!((customer.first.as_str(), customer.last.as_deref()), ("Ada", Some("Lovelace")));
    assert_eq!((customer.card.as_deref(), customer.place.as_ref()), (Some("1234"), Some(&place)));
    assert_eq!((customer.points, customer.version, customer.secret.as_deref()), (7, version, Some("hush")));
}

/// A database in which the first release has stored a customer and an order.
async fn database() -> Client {
    let db = Client::embedded().unwrap();
    db.create_tables(two::TABLES).await.unwrap();
    ada().put().send(&db).await.unwrap();
    one::Order { customer: id(), number: 3, total: "9.50".parse().unwrap() }.put().send(&db).await.unwrap();
    db
}

async fn raw(db: &Client) -> HashMap<String, AttributeValue> {
    let text = |text: String| AttributeValue::S(text);
    let request = db.sdk().get_item().table_name("shop").consistent_read(true);
    let request = request.key("pk", text(format!("CUSTOMER#{}", id()))).key("sk", text("PROFILE".to_owned()));
    request.send().await.unwrap().item.unwrap()
}

fn number(digits: &str) -> Option<AttributeValue> {
    Some(AttributeValue::N(digits.to_owned()))
}

#[tokio::test]
async fn it_is_upgraded_wherever_items_are_read_from() {
    let db = database().await;
    for db in [db.clone(), db.clone().without_wire_decoding()] {
        check(&two::Customer::get(id()).send(&db).await.unwrap().unwrap(), 1);
        let found: Vec<_> = two::Customer::scan().items(&db).gather().await.unwrap();
        check(&found[0], 1);
        let found: Vec<_> = two::Customer::by_state(two::State::Gone).items(&db).gather().await.unwrap();
        check(&found[0], 1);
        check(&two::Customer::batch_get([id()]).send(&db).await.unwrap().into_found().unwrap()[0], 1);
        let (read, order) =
            dynamorm::read_transaction((two::Customer::get(id()), two::Order::get((id(), 3))))
                .send(&db)
                .await
                .unwrap();
        check(&read.unwrap(), 1);
        assert_eq!(order.unwrap().number, 3);
        let file: two::CustomerOrders = two::CustomerOrders::query(id()).items(&db).gather().await.unwrap();
        check(&file.customers[0], 1);
        assert_eq!(file.orders[0].number, 3);
        let error =
            two::Customer::get(id()).send(&db).await.unwrap().unwrap().put().if_not_exists().send(&db).await;
        check(&error.unwrap_err().current::<two::Customer>().unwrap().unwrap(), 1);
    }
    let deleted = two::Customer::delete(id()).return_old().send(&db).await.unwrap().unwrap();
    check(&deleted, 1);
}

#[tokio::test]
async fn an_older_shape_keeps_its_secrets() {
    let v1 = two::customer::V1 {
        id: id(),
        since: since(),
        state: two::CustomerV1State::Active,
        mail: String::new(),
        secret: Some("hush".to_owned()),
        version: 0,
        updated: since(),
        name: String::new(),
        payment: None,
        places: Vec::new(),
        points: 0,
        tags: Default::default(),
    };
    assert!(!format!("{v1:?}").contains("hush"), "{v1:?}");
}

#[tokio::test]
async fn a_default_of_an_older_shape_is_read_as_it_was() {
    let db = database().await;
    let mut stored = raw(&db).await;
    stored.remove("name");
    db.sdk().put_item().table_name("shop").set_item(Some(stored)).send().await.unwrap();
    assert_eq!(two::Customer::get(id()).send(&db).await.unwrap().unwrap().first, "nobody");
}

#[tokio::test]
async fn an_update_upgrades_and_counts_once() {
    let db = database().await;
    two::Customer::update(id()).set(two::Customer::FIRST, "Augusta").send(&db).await.unwrap();
    let ada = two::Customer::get(id()).send(&db).await.unwrap().unwrap();
    assert_eq!((ada.first.as_str(), ada.last.as_deref(), ada.version), ("Augusta", Some("Lovelace"), 2));
    let stored = raw(&db).await;
    assert_eq!(stored.get("shape").cloned(), number("2"));
    assert!(
        ["name", "payment", "places", "tags"].iter().all(|name| !stored.contains_key(*name)),
        "{stored:?}"
    );
    assert_eq!(stored.get("state_key"), Some(&AttributeValue::S("STATE#gone for ever".to_owned())));
}

#[tokio::test]
async fn a_unique_value_of_an_older_item_moves_with_its_guard() {
    let db = database().await;
    let mut tracked = two::Customer::get(id()).send(&db).await.unwrap().unwrap().tracked();
    tracked.mail = "augusta@example.org".to_owned();
    tracked.save().send(&db).await.unwrap();
    let stored = raw(&db).await;
    assert_eq!((stored.get("shape").cloned(), stored.get("version").cloned()), (number("2"), number("2")));
    // The old address is free, and the new one is not.
    let eve = |mail: &str| two::Customer {
        id: "01ARZ3NDEKTSV4RRFFQ69G5FAW".parse().unwrap(),
        version: 0,
        mail: mail.to_owned(),
        ..tracked.clone()
    };
    let error = eve("augusta@example.org").put().send(&db).await.unwrap_err();
    assert!(error.is_not_unique(), "{error}");
    eve("ada@example.org").put().send(&db).await.unwrap();
}

#[tokio::test]
async fn where_the_older_shape_is_written_a_unique_value_moves_with_its_guard_too() {
    let db = database().await;
    let mut tracked = early::Customer::get(id()).send(&db).await.unwrap().unwrap().tracked();
    tracked.mail = "augusta@example.org".to_owned();
    tracked.points = 8;
    tracked.save().send(&db).await.unwrap();
    let stored = one::Customer::get(id()).send(&db).await.unwrap().unwrap();
    assert_eq!((stored.mail.as_str(), stored.points, stored.version), ("augusta@example.org", 8, 2));
    assert_eq!((stored.name.as_str(), raw(&db).await.get("shape")), ("Ada Lovelace", None));
    let eve = |mail: &str| one::Customer {
        id: "01ARZ3NDEKTSV4RRFFQ69G5FAW".parse().unwrap(),
        mail: mail.to_owned(),
        ..ada()
    };
    let error = eve("augusta@example.org").put().send(&db).await.unwrap_err();
    assert!(error.is_not_unique(), "{error}");
    eve("ada@example.org").put().send(&db).await.unwrap();
}

#[tokio::test]
async fn versions_of_both_releases_are_those_of_one_item() {
    let db = database().await;
    let seen_early = early::Customer::get(id()).send(&db).await.unwrap().unwrap();
    let mut seen_old = one::Customer::get(id()).send(&db).await.unwrap().unwrap();
    early::Customer { points: 9, ..seen_early.clone() }.put().send(&db).await.unwrap();
    seen_old.points = 1;
    let error = seen_old.put().send(&db).await.unwrap_err();
    assert!(error.is_version_conflict(), "{error}");
    let error = early::Customer::update(id())
        .set(early::Customer::POINTS, 4)
        .expect_version(seen_early.version)
        .send(&db)
        .await
        .unwrap_err();
    assert!(error.is_version_conflict(), "{error}");
    let stored = one::Customer::get(id()).send(&db).await.unwrap().unwrap();
    assert_eq!((stored.points, stored.version), (9, 2));
}

/// A value as the JSON of a stream record has it.
fn value(value: &AttributeValue) -> Value {
    match value {
        AttributeValue::S(text) => json!({ "S": text }),
        AttributeValue::N(digits) => json!({ "N": digits }),
        AttributeValue::Ss(members) => json!({ "SS": members }),
        AttributeValue::L(values) => json!({ "L": values.iter().map(self::value).collect::<Vec<_>>() }),
        AttributeValue::M(map) => json!({ "M": image(map) }),
        other => panic!("no value of these items: {other:?}"),
    }
}

fn image(item: &HashMap<String, AttributeValue>) -> Value {
    item.iter().map(|(name, stored)| (name.clone(), value(stored))).collect()
}

#[tokio::test]
async fn a_change_of_an_older_item_shows_it_upgraded() {
    let db = database().await;
    let old = raw(&db).await;
    two::Customer::update(id()).set(two::Customer::FIRST, "Augusta").send(&db).await.unwrap();
    let new = raw(&db).await;
    let keys: HashMap<_, _> = ["pk", "sk"].map(|name| (name.to_owned(), new[name].clone())).into();
    let record = json!({
        "eventID": "1",
        "eventName": "MODIFY",
        "eventSource": "aws:dynamodb",
        "awsRegion": "eu-west-1",
        "eventSourceARN": "arn:aws:dynamodb:eu-west-1:123456789012:table/shop/stream/2026-01-01T00:00:00.000",
        "dynamodb": {
            "Keys": image(&keys),
            "OldImage": image(&old),
            "NewImage": image(&new),
            "SequenceNumber": "1",
            "SizeBytes": 1,
            "ApproximateCreationDateTime": 1767225600,
            "StreamViewType": "NEW_AND_OLD_IMAGES",
        },
    });
    let event = json!({ "Records": [record] }).to_string();
    let event = LambdaEvent::<two::ShopChange>::read(event.as_bytes()).unwrap();
    let changes: Vec<_> = event.changes().collect::<Result<_, _>>().unwrap();
    let [two::ShopChange::Customer(change)] = &changes[..] else { panic!("{changes:?}") };
    let BothImages::Modified { old, new } = &change.event else { panic!("{change:?}") };
    check(old, 1);
    assert_eq!((new.first.as_str(), new.version), ("Augusta", 2));
    assert!(change.changed(two::Customer::FIRST) && !change.changed(two::Customer::CARD));
    assert_eq!(change.before(two::Customer::FIRST).as_deref(), Some("Ada"));
}
