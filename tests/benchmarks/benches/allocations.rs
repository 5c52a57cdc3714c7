//! How often a book's way to an item and back allocates, and how often whole calls do, against code written by hand. Counts
//! do not vary from run to run.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::hint::black_box;

use benchmarks::calls::CALLS;
use benchmarks::report::Report;
use benchmarks::{book, by_hand, models, with_serde};
use dynamorm::{Encoder, Model, Operations, Record};

thread_local! {
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
}

/// The system's allocator, which counts for each thread.
struct Counting;

#[global_allocator]
static COUNTING: Counting = Counting;

// SAFETY: every call is handed to the system's allocator as it came; counting allocates nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count();
        unsafe { System.realloc(pointer, layout, size) }
    }
}

fn count() {
    ALLOCATIONS.set(ALLOCATIONS.get() + 1);
}

fn main() {
    let book = book();
    let serde = with_serde::Book::from(book.clone());
    let item = by_hand::encode(&book);

    let by_reference = allocations(|| by_hand::encode(&book));
    let owned = book.clone();
    let by_move = allocations(|| by_hand::encode_owned(owned));
    let read = item.clone();
    let decoded = allocations(|| by_hand::decode(read));

    let mut report = Report::default();
    let mut row = |what, against, ours, theirs, mark| report.counts(what, against, ours, theirs, mark);
    let encode = allocations(|| {
        let mut encoder = Encoder::with_capacity(10);
        book.encode(&mut encoder);
        encoder
    });
    row("encode", "by hand", encode, by_reference, Some(1.0));
    row(
        "encode",
        "serde_dynamo",
        encode,
        allocations(|| serde_dynamo::to_item::<_, by_hand::Item>(&serde)),
        None,
    );
    row("encode: `to_item`, with its checks", "by hand", allocations(|| book.to_item()), by_reference, None);
    let owned = book.clone();
    let encode_owned = allocations(|| {
        let mut encoder = Encoder::with_capacity(10);
        owned.encode_owned(&mut encoder);
        encoder
    });
    row("encode by move", "by hand", encode_owned, by_move, Some(1.0));
    let owned = book.clone();
    row(
        "encode by move: `into_item`, with its checks",
        "by hand",
        allocations(|| owned.into_item()),
        by_move,
        None,
    );
    let read = item.clone();
    let decode = allocations(|| models::Book::decode(read.into()));
    row("decode", "by hand", decode, decoded, Some(1.0));
    let read = item.clone();
    let theirs = allocations(|| serde_dynamo::from_item::<_, with_serde::Book>(read));
    row("decode", "serde_dynamo", decode, theirs, None);
    row("decode: `from_item`", "by hand", allocations(|| models::Book::from_item(item)), decoded, None);
    for call in CALLS {
        let sides = call.sides();
        // Connections and caches are set up by the first.
        (sides.ours)();
        (sides.theirs)();
        let (ours, theirs) = (allocations(&sides.ours), allocations(&sides.theirs));
        report.counts(call.what, "by hand on the SDK", ours, theirs, call.allocations);
    }
    print!("{report}");
}

/// How often `call` allocates. Its result is not dropped before the end.
fn allocations<T>(call: impl FnOnce() -> T) -> u64 {
    let before = ALLOCATIONS.get();
    let result = black_box(call());
    let after = ALLOCATIONS.get();
    drop(result);
    after - before
}
