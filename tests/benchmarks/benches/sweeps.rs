//! A sweep over 100,000 items on the embedded engine, against a plain parallel scan of them: items a second, and units.
//!
//! The first run gives every item the keys of a new index. The second one finds every item as it should be. Another number
//! of items can be given: `cargo bench -p benchmarks --bench sweeps -- 10000`.

use std::error::Error;
use std::time::Instant;

use aws_sdk_dynamodb::types::{AttributeValue, PutRequest, WriteRequest};
use dynamorm::sweep::SweepCounts;
use dynamorm::{Client, Operations};
use tokio::runtime::Builder;

mod models {
    dynamorm::include_models!("sweeps");
}
use models::{Order, TABLES};

const ITEMS: u64 = 100_000;
const SEGMENTS: u32 = 4;

fn main() -> Result<(), Box<dyn Error>> {
    let given = std::env::args().find_map(|argument| argument.parse().ok());
    Builder::new_current_thread().enable_all().build()?.block_on(measure(given.unwrap_or(ITEMS)))
}

async fn measure(items: u64) -> Result<(), Box<dyn Error>> {
    let db = Client::embedded()?;
    db.create_tables(TABLES).await?;
    store(&db, items).await?;
    println!("| {items} items | seconds | items a second | read units | write units |");
    println!("|---|--:|--:|--:|--:|");

    let begun = Instant::now();
    let found = Order::scan().parallel(SEGMENTS).items(&db).all().await?;
    print("a plain parallel scan", begun, found.len() as u64, SweepCounts::default());
    drop(found);

    let begun = Instant::now();
    let plan = Order::sweep().segments(SEGMENTS).plan().send(&db).await?;
    print("a plan", begun, items, plan.counts());
    for what in ["a sweep that adds the keys of an index", "a sweep that finds nothing to do"] {
        let begun = Instant::now();
        let report = Order::sweep().segments(SEGMENTS).run(&db).await?;
        assert!(report.is_clean(), "{report}");
        print(what, begun, items, report.counts());
    }
    Ok(())
}

fn print(what: &str, begun: Instant, items: u64, counts: SweepCounts) {
    let seconds = begun.elapsed().as_secs_f64();
    let rate = (items as f64 / seconds).round();
    println!("| {what} | {seconds:.2} | {rate} | {} | {} |", counts.read_units, counts.write_units);
}

/// Stores orders as the release before the index stored them.
async fn store(db: &Client, items: u64) -> Result<(), Box<dyn Error>> {
    let numbers: Vec<_> = (0..items).collect();
    for numbers in numbers.chunks(25) {
        let requests: Result<Vec<_>, _> = numbers.iter().map(|number| order_of_before(*number)).collect();
        db.sdk().batch_write_item().request_items("orders", requests?).send().await?;
    }
    Ok(())
}

fn order_of_before(number: u64) -> Result<WriteRequest, Box<dyn Error>> {
    let text = |text: String| AttributeValue::S(text);
    let put = PutRequest::builder()
        .item("id", text(format!("{number:08}")))
        .item("customer", text(format!("customer {}", number % 1000)))
        .item("amount", AttributeValue::N(number.to_string()))
        .item("placed_at", text("2024-03-01T12:00:00.000000Z".to_owned()))
        .item("note", text("n".repeat(200)))
        .item("version", AttributeValue::N("1".to_owned()));
    Ok(WriteRequest::builder().put_request(put.build()?).build())
}
