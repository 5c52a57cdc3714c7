//! What the examples in the runtime's documentation run on: a database with a few items.

use std::error::Error;

use dynamorm::{Client, batch_write};

use crate::school::{Course, Student};
use crate::shop::{Cart, Customer, Order, OrderStatus, Product};
use crate::{catalogue, school, shop};

/// Runs an example on a database of its own.
///
/// # Panics
/// The example fails.
pub fn run(example: impl AsyncFnOnce(Client) -> Result<(), Box<dyn Error>>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let done = runtime.map_err(Into::into).and_then(|runtime| {
        runtime.block_on(async {
            let db = Client::embedded()?;
            db.create_tables(catalogue::TABLES).await?;
            db.create_tables(school::TABLES).await?;
            db.create_tables(shop::TABLES).await?;
            fill(&db).await?;
            example(db).await
        })
    });
    if let Err(error) = done {
        panic!("{error}");
    }
}

/// Two books by Jane Austen, a customer, and a product.
async fn fill(db: &Client) -> Result<(), Box<dyn Error>> {
    let emma = catalogue::Book::builder().isbn("9780141439587").title("Emma").author("Jane Austen");
    let pride = catalogue::Book::builder().isbn("9780141439518").title("Pride and Prejudice");
    let pride = pride.author("Jane Austen").year(1813).pages(448).build()?;
    batch_write().put_all(&[emma.year(1815).build()?, pride]).send(db).await?;
    Product::builder()
        .sku("LA-0001")
        .title("Desk lamp")
        .category("lamps")
        .price(40)
        .on_hand(5)
        .build()?
        .put()
        .send(db)
        .await?;
    Ok(())
}

/// A student who is stored, and takes two courses.
///
/// # Errors
/// A put fails.
pub async fn student(db: &Client) -> dynamorm::Result<Student> {
    let ada = Student::builder().student_id("s1").name("Ada").build()?;
    ada.put().send(db).await?;
    for (code, title) in [("CS101", "Programming"), ("MA101", "Calculus")] {
        let course = Course::builder().code(code).title(title).build()?;
        course.put().send(db).await?;
        ada.link_courses(&course).send(db).await?;
    }
    Ok(ada)
}

/// A customer who is stored.
///
/// # Errors
/// The put fails.
pub async fn customer(db: &Client) -> dynamorm::Result<Customer> {
    let mut ada = Customer::builder().email("ada@example.com").name("Ada").build()?;
    ada.put().send(db).await?;
    Ok(ada)
}

/// An order that is not stored.
///
/// # Errors
/// None that a valid order gives.
pub fn order(customer: &Customer) -> dynamorm::Result<Order> {
    Order::builder()
        .customer_id(customer.customer_id)
        .status(OrderStatus::Paid)
        .region("eu")
        .total(40)
        .build()
}

/// A cart that is not stored.
///
/// # Errors
/// None that a valid cart gives.
pub fn cart(customer: &Customer) -> dynamorm::Result<Cart> {
    let expires_at = dynamorm::Timestamp::constant(2_000_000_000, 0);
    Cart::builder()
        .customer_id(customer.customer_id)
        .sku("LA-0001")
        .quantity(2)
        .expires_at(expires_at)
        .build()
}
