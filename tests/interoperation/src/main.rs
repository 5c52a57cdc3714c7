//! The Rust side: the same models, and what it does in each step. See `run`.

use std::env;

use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use dynamorm::{Client, Operations};
use serde_json::json;

pub mod models {
    dynamorm::include_models!();
}

use models::{Blob, Colour, Entry, EntryKey, Sample, Stop, TABLES};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let step = env::args().nth(1).expect("a step is named");
    let db = client();
    match step.as_str() {
        "create" => db.create_tables(TABLES).await.expect("the tables are created"),
        "accept" => accept(&db).await,
        "remove" => remove(&db).await,
        "write" => write(&db).await,
        "use" => use_items(&db).await,
        "verify" => verify(&db).await,
        other => panic!("there is no step `{other}`"),
    }
}

fn client() -> Client {
    let variable = |name| env::var(name).unwrap_or_else(|error| panic!("{name}: {error}"));
    let (key, secret) = (variable("AWS_ACCESS_KEY_ID"), variable("AWS_SECRET_ACCESS_KEY"));
    let config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(variable("AWS_DEFAULT_REGION")))
        .endpoint_url(variable("AWS_ENDPOINT_URL"))
        .credentials_provider(Credentials::new(key, secret, None, None, "interoperation"))
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .build();
    Client::new(aws_sdk_dynamodb::Client::from_conf(config))
}

async fn accept(db: &Client) {
    for table in TABLES {
        let steps = db.update_table(table).await.expect("the table can become what is declared");
        assert!(steps.is_empty(), "{}: {steps:?}", table.name);
    }
}

async fn remove(db: &Client) {
    for table in TABLES {
        db.delete_table(table).await.expect("the table is deleted");
    }
}

async fn write(db: &Client) {
    full().put().send(db).await.expect("it is written");
    sparse().put().if_not_exists().send(db).await.expect("it is written");
    dynamorm::batch_write().put(&blob()).put_all(&entries()).send(db).await.expect("it is written");
}

async fn use_items(db: &Client) {
    for expected in [full(), sparse()] {
        assert_eq!(read(db, &expected).await.as_ref(), Some(&expected));
    }
    let again = full().put().if_not_exists().send(db).await.expect_err("it is there");
    assert!(again.is_already_exists(), "{again:?}");

    let wrong = Sample::update(&full()).set(Sample::NOTE, "wrong").when(Sample::TOTAL.eq(11));
    let refused = wrong.send(db).await.expect_err("the condition does not hold");
    assert!(refused.is_condition_failed(), "{refused:?}");
    let mut instance = full();
    Sample::update(&instance)
        .set(Sample::NOTE, "changed")
        .add(Sample::TOTAL, 5)
        .append(Sample::WORDS, ["x"])
        .set(Sample::HOME.field(Stop::PLACE), "Bonn")
        .when(Sample::TOTAL.eq(10) & Sample::OWNER.eq("Ada"))
        .return_updated_into(&mut instance)
        .send(db)
        .await
        .expect("the condition holds");
    assert_eq!(instance, changed());

    let by_owner = Sample::by_owner("Ada").items(db).all().await.expect("they can be read");
    assert_eq!(by_owner, [sparse(), changed()]);
    let above = Sample::by_owner("Ada").total().gt(0).count(db).await.expect("they are counted");
    assert_eq!(above, 1);
    let by_day = Sample::by_day(full().day).items(db).all().await.expect("they can be read");
    let by_day: Vec<_> = by_day.iter().map(|found| (found.label.as_str(), found.owner.as_str())).collect();
    assert_eq!(by_day, [("full", "Ada")]);
    let red =
        Sample::scan().filter(Sample::COLOUR.eq(Colour::Red)).count(db).await.expect("they are counted");
    assert_eq!(red, 1);

    Sample::delete(&sparse()).send(db).await.expect("it is deleted");
    assert_eq!(Blob::get(7).consistent().send(db).await.expect("it can be read"), Some(blob()));
    let by_data = Blob::by_data(blob().data).items(db).all().await.expect("they can be read");
    assert_eq!(by_data.iter().map(|found| found.number).collect::<Vec<_>>(), [7]);
    let by_total = Entry::by_total("a").total().gt(-3).items(db).all().await.expect("they can be read");
    let by_total: Vec<_> =
        by_total.iter().map(|found| (found.rank, found.total, found.owner.as_str())).collect();
    assert_eq!(by_total, [(2, -2, "Ada"), (1, -1, "Ada")]);
}

async fn verify(db: &Client) {
    assert_eq!(read(db, &sparse()).await, None);
    assert_eq!(read(db, &full()).await, Some(changed()));
    Sample::delete(&full()).send(db).await.expect("it is deleted");
    Blob::delete(7).send(db).await.expect("it is deleted");
    for entry in entries() {
        Entry::delete(EntryKey::new("a", entry.rank)).send(db).await.expect("it is deleted");
    }
}

async fn read(db: &Client, sample: &Sample) -> Option<Sample> {
    Sample::get(sample).consistent().send(db).await.expect("it can be read")
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
        at: "2024-05-06T07:08:09.123456Z".parse().expect("an instant"),
        seen: Some("2023-11-14T22:13:20Z".parse().expect("an instant")),
        colour: Colour::DeepBlue,
        note: Some("a note".to_owned()),
        words: ["a", "", "ü"].map(str::to_owned).into(),
        stops: vec![stop("Ulm", 1, None), stop("Bonn", 2, Some("late"))],
        home: Some(stop("Kiel", 3, None)),
        scores: [("a.b".to_owned(), -1), ("c d".to_owned(), 2)].into(),
        tags: ["x", "y"].map(str::to_owned).into(),
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
        at: "2024-05-06T07:08:09Z".parse().expect("an instant"),
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
