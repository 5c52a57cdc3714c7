//! The items of DynamORM for Python, whose name this library has too.

use dynamorm::Operations;
use dynamorm::table::Table;
use serde_json::json;

use crate::side::{Peer, Side, instant, refused, texts};

mod models {
    dynamorm::include_models!("original");
}

use models::{Blob, Colour, Entry, EntryKey, Sample, Stop, TABLES};

pub enum Original {}

impl Peer for Original {
    fn tables() -> &'static [&'static Table] {
        TABLES
    }

    async fn write(side: &mut Side) {
        let db = side.db.clone();
        side.written(full().put().send(&db).await, 1);
        side.written(sparse().put().if_not_exists().send(&db).await, 1);
        side.written(dynamorm::batch_write().put(&blob()).put_all(&entries()).send(&db).await, 4);
    }

    async fn use_items(side: &mut Side) {
        let db = side.db.clone();
        for expected in [full(), sparse()] {
            side.read(Sample::get(&expected).consistent().send(&db).await, &expected);
        }
        refused(full().put().if_not_exists().send(&db).await);

        refused(
            Sample::update(&full()).set(Sample::NOTE, "wrong").when(Sample::TOTAL.eq(11)).send(&db).await,
        );
        let mut instance = full();
        let change = Sample::update(&instance)
            .set(Sample::NOTE, "changed")
            .add(Sample::TOTAL, 5)
            .append(Sample::WORDS, ["x"])
            .set(Sample::HOME.field(Stop::PLACE), "Bonn")
            .when(Sample::TOTAL.eq(10) & Sample::OWNER.eq("Ada"))
            .return_updated_into(&mut instance);
        side.updated(change.send(&db).await);
        assert_eq!(instance, changed());

        side.found(Sample::by_owner("Ada").items(&db).all().await, Sample::clone, [sparse(), changed()]);
        let above = Sample::by_owner("Ada").total().gt(0).count(&db).await.expect("they are counted");
        assert_eq!(above, 1);
        let by_day = Sample::by_day(full().day).items(&db).all().await;
        side.found(
            by_day,
            |found| (found.label.clone(), found.owner.clone()),
            [("full".into(), "Ada".into())],
        );
        let red = Sample::scan().filter(Sample::COLOUR.eq(Colour::Red));
        assert_eq!(red.count(&db).await.expect("they are counted"), 1);

        side.deleted(Sample::delete(&sparse()).send(&db).await);
        side.read(Blob::get(7).consistent().send(&db).await, &blob());
        side.found(Blob::by_data(blob().data).items(&db).all().await, |found| found.number, [7]);
        let by_total = Entry::by_total("a").total().gt(-3).items(&db).all().await;
        side.found(
            by_total,
            |found| (found.rank, found.total, found.owner.clone()),
            [(2, -2, "Ada".to_owned()), (1, -1, "Ada".to_owned())],
        );
    }

    async fn verify(side: &mut Side) {
        let db = side.db.clone();
        side.is_gone(Sample::get(&sparse()).consistent().send(&db).await);
        side.read(Sample::get(&full()).consistent().send(&db).await, &changed());
        Sample::delete(&full()).send(&db).await.expect("it is deleted");
        Blob::delete(7).send(&db).await.expect("it is deleted");
        for entry in entries() {
            Entry::delete(EntryKey::new("a", entry.rank)).send(&db).await.expect("it is deleted");
        }
    }
}

fn full() -> Sample {
    Sample {
        label: "full".to_owned(),
        rank: 1,
        owner: "Ada".to_owned(),
        total: 10,
        day: "2024-02-29".parse().expect("a date"),
        amount: "123.45".parse().expect("a decimal"),
        ratio: 0.1,
        flag: true,
        id: "01234567-89ab-cdef-0123-456789abcdef".parse().expect("an id"),
        at: instant("2024-05-06T07:08:09.123456Z"),
        seen: Some(instant("2023-11-14T22:13:20Z")),
        colour: Colour::DeepBlue,
        note: Some("a note".to_owned()),
        words: texts(["a", "", "ü"]),
        stops: vec![stop("Ulm", 1, None), stop("Bonn", 2, Some("late"))],
        home: Some(stop("Kiel", 3, None)),
        scores: [("a.b".to_owned(), -1), ("c d".to_owned(), 2)].into(),
        tags: texts(["x", "y"]),
        numbers: [-1, 10].into(),
        data: Some(vec![0, 255]),
        extra: Some(json!({ "list": [1, "two", null, true], "map": { "k": 1.5 } })),
    }
}

/// Without anything that it may lack, and at a whole second, whose microseconds Marshmallow leaves out.
fn sparse() -> Sample {
    Sample {
        label: "sparse".to_owned(),
        rank: u64::MAX,
        owner: "Ada".to_owned(),
        total: -5,
        day: "0001-01-01".parse().expect("a date"),
        amount: "-12345678901234567890123456789012345678".parse().expect("a decimal"),
        ratio: -2.5,
        flag: false,
        id: dynamorm::Uuid::nil(),
        at: instant("2024-05-06T07:08:09Z"),
        seen: None,
        colour: Colour::Red,
        note: None,
        words: Vec::new(),
        stops: Vec::new(),
        home: None,
        scores: [].into(),
        tags: [].into(),
        numbers: [].into(),
        data: None,
        extra: None,
    }
}

fn changed() -> Sample {
    let mut words = full().words;
    words.push("x".to_owned());
    let home = Some(stop("Bonn", 3, None));
    Sample { note: Some("changed".to_owned()), total: 15, words, home, ..full() }
}

fn blob() -> Blob {
    Blob { number: 7, data: vec![1, 2, 3], text: "seven".to_owned() }
}

fn entries() -> Vec<Entry> {
    let entry = |rank: u32| Entry {
        label: "a".to_owned(),
        rank,
        total: -i64::from(rank),
        owner: "Ada".to_owned(),
        note: Some("n".to_owned()),
    };
    [1, 2, 3].map(entry).into()
}

fn stop(place: &str, pieces: u32, note: Option<&str>) -> Stop {
    Stop { place: place.to_owned(), pieces, note: note.map(str::to_owned) }
}
