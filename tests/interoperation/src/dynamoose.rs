//! The items of Dynamoose.

use dynamorm::Operations;
use dynamorm::table::Table;
use serde_json::json;

use crate::side::{Peer, Side, instant, refused, texts};

mod models {
    dynamorm::include_models!("dynamoose");
}

use models::{Address, Event, EventKey, Parcel, State, Stop, TABLES};

pub enum Dynamoose {}

impl Peer for Dynamoose {
    fn tables() -> &'static [&'static Table] {
        TABLES
    }

    async fn write(side: &mut Side) {
        let db = side.db.clone();
        side.written(full().put().send(&db).await, 1);
        side.written(sparse().put().if_not_exists().send(&db).await, 1);
        side.written(dynamorm::batch_write().put_all(&log()).send(&db).await, 3);
    }

    async fn use_items(side: &mut Side) {
        let db = side.db.clone();
        for expected in [full(), sparse()] {
            read(side, expected).await;
        }
        for expected in log() {
            read_event(side, expected).await;
        }
        refused(full().put().if_not_exists().send(&db).await);

        refused(
            Parcel::update(&full()).add(Parcel::WEIGHT, 2.0).when(Parcel::WEIGHT.eq(7.0)).send(&db).await,
        );
        let change = Parcel::update(&full())
            .set(Parcel::STATE, State::Sent)
            .set(Parcel::DUE, changed().due)
            .set(Parcel::NOTE, "late")
            .add(Parcel::WEIGHT, 2.0)
            .when(Parcel::WEIGHT.eq(1.5));
        side.updated(change.send(&db).await);
        let pause =
            Event::update(EventKey::new("press", 2_u32)).set_key(Event::channel_and_text("hall", "pause"));
        side.updated(pause.send(&db).await);

        side.found(Parcel::by_owner("Ada").items(&db).all().await, |found| found.weight, [-3.0, 3.5]);
        let late = Parcel::by_owner("Ada").due().gt(sparse().due).items(&db).all().await;
        side.found(late, |found| found.weight, [3.5]);
        side.found(Event::by_feed("hall", "pause").items(&db).all().await, |found| found.number, [2]);
        let arrived = Parcel::query("Kiel").arrived().le(sparse().arrived).items(&db).all().await;
        assert_eq!(arrived.expect("they can be read").len(), 1, "a range of keys ends with its bound");

        side.deleted(Parcel::delete(&sparse()).send(&db).await);
        side.deleted(Event::delete(EventKey::new("press", 30_u32)).send(&db).await);
    }

    async fn verify(side: &mut Side) {
        let db = side.db.clone();
        side.is_gone(Parcel::get(&sparse()).consistent().send(&db).await);
        side.is_gone(Event::get(EventKey::new("press", 30_u32)).consistent().send(&db).await);
        let found = read(side, changed()).await;
        assert!(found.updated_at > found.created_at, "{found:?}");
        Parcel::delete(&full()).send(&db).await.expect("it is deleted");
        let [start, stop, _] = log();
        for expected in [start, Event { text: "pause".to_owned(), ..stop }] {
            read_event(side, expected.clone()).await;
            Event::delete(&expected).send(&db).await.expect("it is deleted");
        }
    }
}

/// Reads a parcel, whose moments are those of the writer's clock.
async fn read(side: &mut Side, expected: Parcel) -> Parcel {
    let found = Parcel::get(&expected).consistent().send(&side.db).await;
    side.read_as(found, |found| {
        let (created_at, updated_at) = (found.created_at, found.updated_at);
        Parcel { created_at, updated_at, ..expected }
    })
}

async fn read_event(side: &mut Side, expected: Event) {
    let found = Event::get(&expected).consistent().send(&side.db).await;
    side.read_as(found, |found| Event { created: found.created, changed: found.changed, ..expected });
}

fn full() -> Parcel {
    Parcel {
        depot: "Kiel".to_owned(),
        arrived: instant("2024-05-06T07:08:09.123Z"),
        owner: "Ada".to_owned(),
        due: instant("2024-06-01T00:00:00Z"),
        packed: Some(instant("2024-05-05T23:59:59.999Z")),
        state: State::New,
        weight: 1.5,
        fragile: true,
        label: Some(vec![0, 255]),
        tags: texts(["x", "y"]),
        codes: [-1, 10].into(),
        stops: vec![
            Stop { place: "Ulm".to_owned(), at: instant("2024-05-06T08:00:00.001Z") },
            Stop { place: "Bonn".to_owned(), at: instant("2024-05-06T09:00:00Z") },
        ],
        home: Some(Address { place: "Kai 1".to_owned(), zip: 24103 }),
        note: None,
        extra: Some(json!({ "list": [1, "two", true], "map": { "k": 1.5 } })),
        created_at: instant("2024-05-06T07:08:10Z"),
        updated_at: instant("2024-05-06T07:08:10Z"),
    }
}

fn sparse() -> Parcel {
    Parcel {
        arrived: instant("2024-05-06T07:08:09Z"),
        due: instant("2024-05-07T00:00:00Z"),
        packed: None,
        state: State::Sent,
        weight: -3.0,
        fragile: false,
        label: None,
        tags: [].into(),
        codes: [].into(),
        stops: Vec::new(),
        home: None,
        extra: None,
        ..full()
    }
}

fn changed() -> Parcel {
    let due = instant("2024-05-08T00:00:00Z");
    Parcel { state: State::Sent, due, note: Some("late".to_owned()), weight: 3.5, ..full() }
}

fn log() -> [Event; 3] {
    [(1, "start"), (2, "stop"), (30, "stop")].map(|(number, text)| Event {
        source: "press".to_owned(),
        number,
        channel: "hall".to_owned(),
        text: text.to_owned(),
        created: instant("2024-05-06T07:08:10Z"),
        changed: instant("2024-05-06T07:08:10Z"),
    })
}
