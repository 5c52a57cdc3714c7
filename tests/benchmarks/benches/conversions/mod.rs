//! A book to an item and back: generated code against serde_dynamo, and against code written by hand.
//!
//! Most of a conversion is allocation: its figures are those of an allocator.

use std::error::Error;

use benchmarks::interleaved::{Medians, measure_with};
use benchmarks::report::Report;
use benchmarks::{book, by_hand, copies, models, with_serde};
use criterion::BatchSize::SmallInput;
use criterion::Criterion;
use dynamorm::{Encoder, Model, Operations, Record};

/// How many conversions make a turn: as many outputs live at once as in a batch of `criterion`. With few, an allocator spends the
/// turn on merging the blocks of the one before.
const CALLS: usize = 64;

/// Measures, and prints the ratios under the allocator's name.
pub fn run(allocator: &str) -> Result<(), Box<dyn Error>> {
    same_items();
    if !copies::is_copy() {
        let mut criterion = Criterion::default().without_plots().configure_from_args();
        encode(&mut criterion);
        encode_owned(&mut criterion);
        decode(&mut criterion);
        criterion.final_summary();
    }
    if let Some(report) = report()? {
        print!("\n{allocator}:\n{report}");
    }
    Ok(())
}

fn encode(criterion: &mut Criterion) {
    let book = book();
    let serde = with_serde::Book::from(book.clone());
    let mut group = criterion.benchmark_group("encode");
    group.bench_function("dynamorm", |bench| bench.iter_batched(|| &book, encoder, SmallInput));
    group.bench_function("serde_dynamo", |bench| bench.iter_batched(|| &serde, serde_item, SmallInput));
    group.bench_function("by hand", |bench| bench.iter_batched(|| &book, by_hand::encode, SmallInput));
    group.bench_function("to_item", |bench| bench.iter_batched(|| &book, models::Book::to_item, SmallInput));
    group.finish();
}

fn encode_owned(criterion: &mut Criterion) {
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

fn decode(criterion: &mut Criterion) {
    let item = by_hand::encode(&book());
    let mut group = criterion.benchmark_group("decode");
    group.bench_function("dynamorm", |bench| {
        bench.iter_batched(|| item.clone(), decoded, SmallInput);
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

fn decoded(item: by_hand::Item) -> Result<models::Book, dynamorm::DecodeError> {
    models::Book::decode(item.into())
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

/// The ratios, by turns: criterion measures one side after the other, and what else the machine does meanwhile may fall on
/// one of them.
///
/// What code written by hand needs of serde_dynamo's time is the floor, which depends on the item: the more strings a
/// borrowed book has, the more of either side's time goes into copying them.
fn report() -> Result<Option<Report>, Box<dyn Error>> {
    let book = book();
    let serde = with_serde::Book::from(book.clone());
    let item = by_hand::encode(&book);
    let (give, give_serde, clone, clone_serde, read) =
        (|| &book, || &serde, || book.clone(), || serde.clone(), || item.clone());
    let rows = [
        ("encode, without the checks of a write", "serde_dynamo", Some(0.40)),
        ("encode, without the checks of a write", "by hand", None),
        ("encode by hand", "serde_dynamo", None),
        ("encode: `to_item`, with its checks", "serde_dynamo", None),
        ("encode by move, without the checks of a write", "serde_dynamo", Some(0.35)),
        ("encode by move, without the checks of a write", "by hand", None),
        ("encode by move, by hand", "serde_dynamo", None),
        ("encode by move: `into_item`, with its checks", "serde_dynamo", None),
        ("decode", "serde_dynamo", Some(0.27)),
        ("decode", "by hand", None),
        ("decode by hand", "serde_dynamo", None),
        ("decode: `from_item`", "serde_dynamo", None),
    ];
    let measurements: [&dyn Fn() -> Medians; 12] = [
        &|| measure_with(CALLS, (give, encoder), (give_serde, serde_item)),
        &|| measure_with(CALLS, (give, encoder), (give, by_hand::encode)),
        &|| measure_with(CALLS, (give, by_hand::encode), (give_serde, serde_item)),
        &|| measure_with(CALLS, (give, models::Book::to_item), (give_serde, serde_item)),
        &|| measure_with(CALLS, (clone, encoder_owned), (clone_serde, serde_item)),
        &|| measure_with(CALLS, (clone, encoder_owned), (clone, by_hand::encode_owned)),
        &|| measure_with(CALLS, (clone, by_hand::encode_owned), (clone_serde, serde_item)),
        &|| measure_with(CALLS, (clone, models::Book::into_item), (clone_serde, serde_item)),
        &|| measure_with(CALLS, (read, decoded), (read, serde_book)),
        &|| measure_with(CALLS, (read, decoded), (read, by_hand::decode)),
        &|| measure_with(CALLS, (read, by_hand::decode), (read, serde_book)),
        &|| measure_with(CALLS, (read, models::Book::from_item), (read, serde_book)),
    ];
    let measured = copies::measured(&measurements)?;
    if measured.is_empty() {
        return Ok(None);
    }
    let mut report = Report::default();
    for ((what, against, mark), medians) in rows.into_iter().zip(measured) {
        report.repeated(what, against, medians, mark);
    }
    Ok(Some(report))
}
