use benchmarks::{book, by_hand, models};
use dynamorm::{Encoder, Model, Record};
use std::hint::black_box;
fn main() {
    let what = std::env::args().nth(1).unwrap();
    let n: usize = std::env::args().nth(2).map_or(20000, |n| n.parse().unwrap());
    let book = book();
    let item = by_hand::encode(&book);
    let start = std::time::Instant::now();
    for _ in 0..n {
        match what.as_str() {
            "ref" => { let mut e = Encoder::with_capacity(10); black_box(&book).encode(&mut e); black_box(e); }
            "refhand" => { black_box(by_hand::encode(black_box(&book))); }
            "move" => { let mut e = Encoder::with_capacity(10); black_box(book.clone()).encode_owned(&mut e); black_box(e); }
            "movehand" => { black_box(by_hand::encode_owned(black_box(book.clone()))); }
            "dec" => { black_box(models::Book::decode(black_box(item.clone()).into())).ok(); }
            "dechand" => { black_box(by_hand::decode(black_box(item.clone()))).ok(); }
            "clone" => { black_box(black_box(&item).clone()); }
            "clonebook" => { black_box(black_box(&book).clone()); }
            _ => {}
        }
    }
    println!("{what} {:?}", start.elapsed() / n as u32);
}
