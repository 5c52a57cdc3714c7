//! The items of PynamoDB.

use dynamorm::table::Table;
use dynamorm::{Operations, Timestamp};
use serde_json::json;

use crate::side::{Peer, Side, instant, refused, texts};

mod models {
    dynamorm::include_models!("pynamodb");
}

use models::{Animal, AnimalKey, AnimalKind, Place, Reading, ReadingKey, TABLES};

pub enum PynamoDb {}

impl Peer for PynamoDb {
    fn tables() -> &'static [&'static Table] {
        TABLES
    }

    async fn write(side: &mut Side) {
        let db = side.db.clone();
        side.written(full().put().send(&db).await, 1);
        side.written(sparse().put().if_not_exists().send(&db).await, 1);
        side.written(dynamorm::batch_write().put_all(&pets()).send(&db).await, 3);
    }

    async fn use_items(side: &mut Side) {
        let db = side.db.clone();
        for expected in [full(), sparse()] {
            read(side, Reading { version: 1, ..expected }).await;
        }
        refused(full().put().if_not_exists().send(&db).await);

        let change = || {
            Reading::update(&full())
                .add(Reading::LEVEL, 5)
                .set(Reading::REMARK, "changed")
                .delete_from(Reading::LABELS, ["x".to_owned()])
        };
        refused(change().when(Reading::LEVEL.eq(0)).send(&db).await);
        refused(change().expect_version(7).send(&db).await);
        side.updated(change().expect_version(1).when(Reading::LEVEL.eq(-7)).send(&db).await);
        let found = Reading::get(&full()).send(&db).await.expect("it can be read").expect("it is there");
        assert_eq!(found.version, 2);
        let mut found = found.tracked();
        found.checked = changed().checked;
        side.updated(found.save().send(&db).await);

        let at = |found: &Reading| found.at;
        side.found(Reading::by_station("Kiel").items(&db).all().await, at, [sparse().at, full().at]);
        let late = Reading::by_station("Kiel").received().ge(date("2021-09-06T17:05:00.000000"));
        side.found(late.items(&db).all().await, at, [full().at]);
        let above = Reading::by_level("s1").level().gt(-7).items(&db).all().await;
        side.found(
            above,
            |found| (found.level, found.station.clone()),
            [(-2, "Kiel".to_owned()), (12, "Kiel".to_owned())],
        );
        let range = Reading::query("s1").at().between(sparse().at, full().at).items(&db).all().await;
        assert_eq!(range.expect("they can be read").len(), 2, "a range of keys ends with its bound");

        let key = ReadingKey::new("s1", sparse().at);
        refused(Reading::delete(key.clone()).expect_version(2).send(&db).await);
        side.deleted(Reading::delete(key).expect_version(1).send(&db).await);

        for expected in pets() {
            side.read(Animal::get(&expected).consistent().send(&db).await, &expected);
        }
        let cats = Animal::scan().filter(Animal::KIND.eq(AnimalKind::Cat));
        assert_eq!(cats.count(&db).await.expect("they are counted"), 2);
        let fewer = Animal::update(AnimalKey::new("Ada", "Tom")).add(Animal::LIVES, -1);
        side.updated(fewer.send(&db).await);
        side.deleted(Animal::delete(AnimalKey::new("Ada", "Rex")).send(&db).await);
    }

    async fn verify(side: &mut Side) {
        let db = side.db.clone();
        side.is_gone(Reading::get(&sparse()).consistent().send(&db).await);
        read(side, changed()).await;
        refused(Reading::delete(&full()).expect_version(1).send(&db).await);
        Reading::delete(&full()).expect_version(3).send(&db).await.expect("it is deleted");
        let [tom, rex, kit] = pets();
        side.is_gone(Animal::get(&rex).consistent().send(&db).await);
        for expected in [Animal { lives: Some(6), ..tom }, kit] {
            side.read(Animal::get(&expected).consistent().send(&db).await, &expected);
            Animal::delete(&expected).send(&db).await.expect("it is deleted");
        }
    }
}

async fn read(side: &mut Side, expected: Reading) {
    side.read(Reading::get(&expected).consistent().send(&side.db.clone()).await, &expected);
}

fn full() -> Reading {
    Reading {
        sensor: "s1".to_owned(),
        at: date("2021-09-06T17:04:21.899683"),
        station: "Kiel".to_owned(),
        received: date("2021-09-06T17:05:00.000001"),
        level: -7,
        ratio: 0.25,
        valid: true,
        checked: Some(date("2024-02-29T23:59:59.999999")),
        expires: Some(instant("2033-05-18T03:33:20Z")),
        details: json!({ "list": [1, "two", null, true], "map": { "k": 1.5 } }),
        raw: Some(vec![0, 255]),
        checksum: Some(b"AQI=".to_vec()),
        labels: texts(["x", "y"]),
        codes: [-1, 10].into(),
        chunks: [vec![1], vec![2, 3]].into(),
        place: Some(place(54.5, 10.125, Some("Kiel"), date("1999-12-31T00:00:00.000000"))),
        track: vec![
            place(1.0, 2.0, None, date("2000-01-01T00:00:00.500000")),
            place(-1.5, 0.0, Some("second"), date("2000-01-02T00:00:00.000000")),
        ],
        extra: Some(json!({ "free": "text", "number": 3 })),
        remark: Some("a note".to_owned()),
        version: 0,
    }
}

/// Without anything that it may lack, at a whole second.
fn sparse() -> Reading {
    Reading {
        at: date("2021-09-06T17:04:21.000000"),
        received: date("2021-09-06T17:04:22.000000"),
        level: 12,
        ratio: 3.0,
        valid: false,
        checked: None,
        expires: None,
        details: json!([]),
        raw: None,
        checksum: None,
        labels: [].into(),
        codes: [].into(),
        chunks: [].into(),
        place: None,
        track: Vec::new(),
        extra: None,
        remark: None,
        ..full()
    }
}

fn changed() -> Reading {
    Reading {
        level: -2,
        checked: Some(date("2025-01-01T12:00:00.000007")),
        labels: texts(["y"]),
        remark: Some("changed".to_owned()),
        version: 3,
        ..full()
    }
}

fn date(text: &str) -> Timestamp {
    instant(&format!("{text}Z"))
}

fn place(latitude: f64, longitude: f64, name: Option<&str>, surveyed: Timestamp) -> Place {
    Place { latitude, longitude, name: name.map(str::to_owned), surveyed }
}

fn pets() -> [Animal; 3] {
    let pet = |owner: &str, name: &str, kind, lives, breed: Option<&str>| Animal {
        owner: owner.to_owned(),
        name: name.to_owned(),
        kind,
        lives,
        breed: breed.map(str::to_owned),
    };
    [
        pet("Ada", "Tom", AnimalKind::Cat, Some(7), None),
        pet("Ada", "Rex", AnimalKind::Dog, None, Some("poodle")),
        pet("Bob", "Kit", AnimalKind::Cat, Some(9), None),
    ]
}
