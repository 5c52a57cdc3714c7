//! Reading a Lambda event of a table's stream, against `aws_lambda_events` and `serde_dynamo`, by turns in one run.

use aws_sdk_dynamodb::types::AttributeValue;
use benchmarks::book;
use benchmarks::interleaved::measure;
use benchmarks::models::{Book, BooksChange};
use benchmarks::report::Report;
use benchmarks::with_serde;
use dynamorm::changes::{BothImages, LambdaEvent};
use dynamorm::{Item, Operations};
use serde_json::{Map, Value, json};

/// How many records an event has: Lambda's default.
const RECORDS: usize = 100;

/// What both sides make of a record.
#[derive(Debug, PartialEq)]
struct Read<B> {
    event_id: String,
    old: Option<B>,
    new: Option<B>,
}

fn main() {
    let body = event();
    let ours: Vec<_> = ours(&body).into_iter().map(|read| read.map(with_serde::Book::from)).collect();
    assert_eq!(ours, theirs(&body), "both sides read the same");

    let measured = measure(20, || drop(self::ours(&body)), || drop(theirs(&body)));
    let mut report = Report::default();
    let what = format!("{RECORDS} records of a Lambda event, {} bytes", body.len());
    report.medians(&what, "`aws_lambda_events` and `serde_dynamo`", measured, Some(0.34));
    print!("{report}");
    let second = |time: f64| (RECORDS as f64 / time).round();
    println!("\nrecords a second: ours {}, theirs {}", second(measured.ours), second(measured.theirs));
}

fn ours(body: &[u8]) -> Vec<Read<Book>> {
    let event = LambdaEvent::<BooksChange>::read(body).expect("an event");
    let read = event.changes().map(|change| {
        let BooksChange::Book(change) = change.expect("a change") else { panic!("a book") };
        let event_id = change.record.event_id().to_owned();
        let (old, new) = match change.event {
            BothImages::Inserted { new } => (None, Some(new)),
            BothImages::Modified { old, new } => (Some(old), Some(new)),
            BothImages::Removed { old, .. } => (Some(old), None),
        };
        Read { event_id, old, new }
    });
    read.collect()
}

fn theirs(body: &[u8]) -> Vec<Read<with_serde::Book>> {
    let event: aws_lambda_events::dynamodb::Event = serde_json::from_slice(body).expect("an event");
    let image =
        |item: serde_dynamo::Item| (!item.is_empty()).then(|| serde_dynamo::from_item(item).expect("a book"));
    let read = event.records.into_iter().map(|record| Read {
        event_id: record.event_id,
        old: image(record.change.old_image),
        new: image(record.change.new_image),
    });
    read.collect()
}

impl<B> Read<B> {
    fn map<T>(self, map: impl Fn(B) -> T) -> Read<T> {
        Read { event_id: self.event_id, old: self.old.map(&map), new: self.new.map(&map) }
    }
}

/// An event of changed, inserted and removed books.
fn event() -> Vec<u8> {
    let records: Vec<_> = (0..RECORDS)
        .map(|number| {
            let mut old = book();
            old.isbn = format!("978{number:010}");
            let mut new = old.clone();
            new.year += 1;
            let keys = json!({ "isbn": { "S": old.isbn } });
            let name = ["MODIFY", "INSERT", "MODIFY", "REMOVE"][number % 4];
            let mut body = json!({
                "ApproximateCreationDateTime": 1_767_225_600.0,
                "Keys": keys,
                "SequenceNumber": format!("{}", 100_000_000_000_000_000_000_u128 + number as u128),
                "SizeBytes": 700,
                "StreamViewType": "NEW_AND_OLD_IMAGES",
            });
            if name != "INSERT" {
                body["OldImage"] = item(&old.to_item().expect("an item"));
            }
            if name != "REMOVE" {
                body["NewImage"] = item(&new.to_item().expect("an item"));
            }
            json!({
                "eventID": format!("{number:032x}"),
                "eventName": name,
                "eventVersion": "1.1",
                "eventSource": "aws:dynamodb",
                "awsRegion": "eu-west-1",
                "dynamodb": body,
                "eventSourceARN": "arn:aws:dynamodb:eu-west-1:123456789012:table/books/stream/2026-01-01T00:00:00.000",
            })
        })
        .collect();
    serde_json::to_vec(&json!({ "Records": records })).expect("JSON")
}

fn item(item: &Item) -> Value {
    item.iter().map(|(name, attribute)| (name.clone(), value(attribute))).collect::<Map<_, _>>().into()
}

fn value(attribute: &AttributeValue) -> Value {
    match attribute {
        AttributeValue::S(text) => json!({ "S": text }),
        AttributeValue::N(digits) => json!({ "N": digits }),
        AttributeValue::Bool(truth) => json!({ "BOOL": truth }),
        AttributeValue::Ss(members) => json!({ "SS": members }),
        AttributeValue::L(list) => json!({ "L": list.iter().map(value).collect::<Vec<_>>() }),
        AttributeValue::M(map) => json!({ "M": item(map) }),
        other => panic!("a book has no {other:?}"),
    }
}
