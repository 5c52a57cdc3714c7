//! A book to an item and back: generated code against serde_dynamo, and against code written by hand.
//!
//! Most of a conversion is allocation: its figures are those of an allocator.

use benchmarks::interleaved::measure_with;
use benchmarks::report::Report;
use benchmarks::{book, by_hand, models, with_serde};
use criterion::BatchSize::SmallInput;
use criterion::Criterion;
use dynamorm::{Encoder, Model, Record};

/// How many conversions make a turn: as many outputs live at once as in a batch of `criterion`. With few, an allocator spends the
/// turn on merging the blocks of the one before.
const CALLS: usize = 64;

/// Measures, and prints the ratios under the allocator's name.
pub fn run(allocator: &str) {
    same_items();
    let mut criterion = Criterion::default().without_plots().configure_from_args();
    encode(&mut criterion);
    encode_owned(&mut criterion);
    decode(&mut criterion);
    criterion.final_summary();
    print!("\n{allocator}:\n{}", report());
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
fn report() -> Report {
    let book = book();
    let serde = with_serde::Book::from(book.clone());
    let item = by_hand::encode(&book);
    let (give, give_serde, clone, clone_serde, read) =
        (|| &book, || &serde, || book.clone(), || serde.clone(), || item.clone());
    let mut report = Report::default();
    let mut row = |what, against, mark, medians| report.medians(what, against, medians, mark);

    let what = "encode, without the checks of a write";
    let theirs = (give_serde, serde_item);
    row(what, "serde_dynamo", Some(0.40), measure_with(CALLS, (give, encoder), theirs));
    let hand = (give, by_hand::encode);
    row(what, "by hand", None, measure_with(CALLS, (give, encoder), hand));
    row("encode by hand", "serde_dynamo", None, measure_with(CALLS, hand, theirs));
    let what = "encode: `to_item`, with its checks";
    row(what, "serde_dynamo", None, measure_with(CALLS, (give, models::Book::to_item), theirs));

    let what = "encode by move, without the checks of a write";
    let theirs = (clone_serde, serde_item);
    row(what, "serde_dynamo", Some(0.35), measure_with(CALLS, (clone, encoder_owned), theirs));
    let hand = (clone, by_hand::encode_owned);
    row(what, "by hand", None, measure_with(CALLS, (clone, encoder_owned), hand));
    row("encode by move, by hand", "serde_dynamo", None, measure_with(CALLS, hand, theirs));
    let what = "encode by move: `into_item`, with its checks";
    row(what, "serde_dynamo", None, measure_with(CALLS, (clone, models::Book::into_item), theirs));

    let what = "decode";
    row(what, "serde_dynamo", Some(0.27), measure_with(CALLS, (read, decoded), (read, serde_book)));
    row(what, "by hand", None, measure_with(CALLS, (read, decoded), (read, by_hand::decode)));
    row(
        "decode by hand",
        "serde_dynamo",
        None,
        measure_with(CALLS, (read, by_hand::decode), (read, serde_book)),
    );
    let what = "decode: `from_item`";
    row(what, "serde_dynamo", None, measure_with(CALLS, (read, models::Book::from_item), (read, serde_book)));
    report
}
