//! A summary per customer, which follows the shop's orders: `cargo run -p example-models --example projection`.
//!
//! The consumer is a process of its own, which is killed again and again in the middle of its work. In the end the summaries are what
//! the orders say, each change counted once. The same handler then serves a Lambda event, from a file.

use std::error::Error;
use std::path::Path;
use std::process::Command;

use dynamorm::changes::{LambdaEvent, handle};
use dynamorm::{Client, Decimal, Operations, Uuid};
use example_models::projection::{self, expected, keep, project, resumed, summaries};
use example_models::shop::{self, Order, OrderStatus, ShopChange};

const EVENT: &[u8] = include_bytes!("../data/order-events.json");

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    if let [database, changes] = arguments.as_slice() {
        return consume(Path::new(database), changes.parse()?).await;
    }
    let folder = std::env::temp_dir().join(format!("projection-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let outcome = run(&folder.join("shop.db")).await;
    std::fs::remove_dir_all(&folder)?;
    outcome
}

async fn run(database: &Path) -> Result<(), Box<dyn Error + Send + Sync>> {
    let db = Client::embedded_at(database)?;
    db.create_tables(shop::TABLES).await?;
    db.create_tables(projection::TABLES).await?;
    trade(&db).await?;
    drop(db);

    // Each consumer is killed after some changes, between handling the last of them and keeping its position.
    let mut consumers = 0;
    loop {
        consumers += 1;
        let status = Command::new(std::env::current_exe()?).arg(database).arg("4").status()?;
        if status.success() {
            break;
        }
    }
    println!("The summaries took {consumers} consumers, all but the last of which were killed.");
    let db = Client::embedded_at(database)?;
    show(&db).await?;

    let event = LambdaEvent::<ShopChange>::read(EVENT)?;
    let response = handle(&event, |change| {
        let db = &db;
        async move { project(db, &change).await }
    });
    let response = response.await;
    println!("Lambda is answered {} after {} records.", response.to_json(), response.handled());
    println!("The event's customer has {} orders.", summaries(&db).await?.len());
    Ok(())
}

/// Follows the changes up to the last, or dies after some.
async fn consume(database: &Path, lifetime: u32) -> Result<(), Box<dyn Error + Send + Sync>> {
    let db = Client::embedded_at(database)?;
    let mut changes = resumed(&db).await?.until_idle(1);
    let mut handled = 0;
    while let Some(change) = changes.next().await {
        project(&db, &change?).await?;
        handled += 1;
        if handled == lifetime {
            std::process::exit(1);
        }
        keep(&db, &changes).await?;
    }
    Ok(())
}

/// Customers order, change their orders and cancel some.
async fn trade(db: &Client) -> Result<(), Box<dyn Error + Send + Sync>> {
    for number in 1..=9_u32 {
        let order = Order::builder()
            .customer_id(Uuid::from_u128(u128::from(number % 3)))
            .status(OrderStatus::Pending)
            .region("eu")
            .total(Decimal::from(10 * number))
            .build()?;
        order.put().send(db).await?;
        if number % 4 == 0 {
            Order::update(&order).set(Order::TOTAL, Decimal::from(5)).send(db).await?;
        }
        if number % 5 == 0 {
            Order::delete(&order).send(db).await?;
        }
    }
    Ok(())
}

async fn show(db: &Client) -> Result<(), Box<dyn Error + Send + Sync>> {
    let summaries = summaries(db).await?;
    assert_eq!(summaries, expected(db).await?, "every change counts once");
    for summary in summaries {
        println!("{} has {} orders for {}.", summary.customer_id, summary.orders, summary.total);
    }
    Ok(())
}
