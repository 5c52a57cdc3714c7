//! A book to an item and back: generated code against serde_dynamo, and against code written by hand.

use benchmarks::report::{Report, criterion, median};
use benchmarks::{book, by_hand, models, with_serde};
use criterion::BatchSize::SmallInput;
use dynamorm::{Encoder, Model, Record};

fn main() {
    same_items();
    let mut criterion = criterion();
    encode(&mut criterion);
    encode_owned(&mut criterion);
    decode(&mut criterion);
    criterion.final_summary();
    print!("\n{}", report());
}

fn encode(criterion: &mut criterion::Criterion) {
    let book = book();
    let serde = with_serde::Book::from(book.clone());
    let mut group = criterion.benchmark_group("encode");
    group.bench_function("dynamorm", |bench| bench.iter_batched(|| &book, encoder, SmallInput));
    group.bench_function("serde_dynamo", |bench| bench.iter_batched(|| &serde, serde_item, SmallInput));
    group.bench_function("by hand", |bench| bench.iter_batched(|| &book, by_hand::encode, SmallInput));
    group.bench_function("to_item", |bench| bench.iter_batched(|| &book, models::Book::to_item, SmallInput));
    group.finish();
}

fn encode_owned(criterion: &mut criterion::Criterion) {
    let book = book();
    let serde = with_serde::Book::from(book.clone());
    let mut group = criterion.benchmark_group("encode by move");
    group.bench_function("dynamorm", |bench| bench.iter_batched(|| book.clone(), encoder_owned, SmallInput));
    group.bench_function("serde_dynamo", |bench| {
        bench.iter_batched(|| serde.clone(), serde_item, SmallInput);
    });
    group.bench_function("by hand", |bench| {
        bench.iter_batched(|| book.clone(), by_hand::encode_owned, SmallInput);
    });
    group.bench_function("into_item", |bench| {
        bench.iter_batched(|| book.clone(), models::Book::into_item, SmallInput);
    });
    group.finish();
}

fn decode(criterion: &mut criterion::Criterion) {
    let item = by_hand::encode(&book());
    let mut group = criterion.benchmark_group("decode");
    group.bench_function("dynamorm", |bench| {
        bench.iter_batched(|| item.clone(), |item| models::Book::decode(item.into()), SmallInput);
    });
    group.bench_function("serde_dynamo", |bench| bench.iter_batched(|| item.clone(), serde_book, SmallInput));
    group.bench_function("by hand", |bench| bench.iter_batched(|| item.clone(), by_hand::decode, SmallInput));
    group.bench_function("from_item", |bench| {
        bench.iter_batched(|| item.clone(), models::Book::from_item, SmallInput);
    });
    group.finish();
}

fn encoder(book: &models::Book) -> Encoder {
    let mut encoder = Encoder::with_capacity(10);
    book.encode(&mut encoder);
    encoder
}

fn encoder_owned(book: models::Book) -> Encoder {
    let mut encoder = Encoder::with_capacity(10);
    book.encode_owned(&mut encoder);
    encoder
}

fn serde_item(book: impl serde::Serialize) -> by_hand::Item {
    serde_dynamo::to_item(book).expect("serde_dynamo encodes the book")
}

fn serde_book(item: by_hand::Item) -> with_serde::Book {
    serde_dynamo::from_item(item).expect("serde_dynamo decodes the item")
}

/// What is measured does the same on every side.
fn same_items() {
    let book = book();
    let item = by_hand::encode(&book);
    assert_eq!(book.to_item().expect("the book is valid"), item);
    assert_eq!(book.clone().into_item().expect("the book is valid"), item);
    assert_eq!(by_hand::encode_owned(book.clone()), item);
    assert_eq!(serde_item(with_serde::Book::from(book.clone())), item);
    assert_eq!(models::Book::from_item(item.clone()).expect("the item is a book"), book);
    assert_eq!(by_hand::decode(item.clone()).expect("the item is a book"), book);
    assert_eq!(serde_book(item), with_serde::Book::from(book));
}

fn report() -> Report {
    let mut report = Report::default();
    let rows = [
        ("encode", "dynamorm", "serde_dynamo", Some(0.40)),
        ("encode", "dynamorm", "by hand", None),
        ("encode", "to_item", "serde_dynamo", None),
        ("encode by move", "dynamorm", "serde_dynamo", Some(0.35)),
        ("encode by move", "dynamorm", "by hand", None),
        ("encode by move", "into_item", "serde_dynamo", None),
        ("decode", "dynamorm", "serde_dynamo", Some(0.27)),
        ("decode", "dynamorm", "by hand", None),
        ("decode", "from_item", "serde_dynamo", None),
    ];
    for (group, ours, theirs, mark) in rows {
        // Filters on the command line leave some out.
        if let (Some(our_time), Some(their_time)) = (median(group, ours), median(group, theirs)) {
            let what = if ours == "dynamorm" {
                group.to_owned()
            } else {
                format!("{group}: `{ours}`, with its checks")
            };
            report.times(&what, theirs, our_time, their_time, mark);
        }
    }
    report
}
