//! A shop with all its models in one table, from end to end on the embedded engine: `cargo run -p example-models --example shop`.

use std::error::Error;
use std::time::Duration;

use dynamorm::{Client, Decimal, Operations, Timestamp};
use example_models::shop::{
    Cart, Customer, Order, OrderDetails, OrderKey, OrderLine, OrderStatus, Product, ProductPage, Review,
    Shipment, ShopItem, ShopItems, TABLES,
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let db = Client::embedded()?;
    db.create_tables(TABLES).await?;
    stock_up(&db).await?;

    let mut ada = Customer::builder().email("ada@example.com").name("Ada").build()?;
    ada.put().send(&db).await?;
    let order = checkout(&db, &ada).await?;
    show(&db, order).await?;
    review(&db, &ada).await?;

    // What is found by its address is found by the new one as soon as that is saved: the index key follows.
    let mut tracked = ada.tracked();
    tracked.email = "ada.lovelace@example.com".to_owned();
    tracked.save().send(&db).await?;
    let moved = Customer::by_email("ada.lovelace@example.com").items(&db).all().await?;
    println!("{} lives at {} now.", moved[0].name, moved[0].email);

    let all: ShopItems = ShopItem::scan().items(&db).gather().await?;
    println!(
        "The table holds {} customers, {} products, {} orders with {} lines, {} shipments, {} reviews and {} carts.",
        all.customers.len(),
        all.products.len(),
        all.orders.len(),
        all.order_lines.len(),
        all.shipments.len(),
        all.reviews.len(),
        all.carts.len(),
    );
    Ok(())
}

async fn stock_up(db: &Client) -> Result<(), Box<dyn Error>> {
    for (sku, title, category, price, on_hand) in [
        ("LA-0001", "Desk lamp", "lamps", "39.90", 5),
        ("LA-0002", "Floor lamp", "lamps", "129.00", 2),
        ("CH-0001", "Chair", "chairs", "89.50", 9),
    ] {
        let mut product = Product::builder()
            .sku(sku)
            .title(title)
            .category(category)
            .price(price.parse::<Decimal>()?)
            .on_hand(on_hand)
            .build()?;
        product.put().send(db).await?;
    }
    let cheap = Product::in_category("lamps").price().lt(100).items(db).all().await?;
    println!("Lamps below 100: {}.", cheap[0].title);
    Ok(())
}

/// Turns a cart into an order: stock moves and the order is written, all together or not at all.
async fn checkout(db: &Client, customer: &Customer) -> Result<OrderKey, Box<dyn Error>> {
    let expires_at = Timestamp::from_second(Timestamp::now().as_second())? + Duration::from_secs(3_600);
    for (sku, quantity) in [("LA-0001", 2), ("CH-0001", 1)] {
        let cart = Cart::builder().customer_id(customer.customer_id).sku(sku).quantity(quantity);
        cart.expires_at(expires_at).build()?.put().send(db).await?;
    }

    let cart = Cart::query(customer.customer_id).items(db).all().await?;
    let mut order = Order::builder()
        .customer_id(customer.customer_id)
        .status(OrderStatus::Paid)
        .region("eu")
        .total(0)
        .build()?;
    let mut transaction = dynamorm::transaction().check(Customer::check(customer).exists());
    for (line, entry) in (1..).zip(&cart) {
        let Some(product) = Product::get(&entry.sku).send(db).await? else { continue };
        order.total = order.total.checked_add(&product.price.checked_mul(&entry.quantity.into())?)?;
        let ordered =
            OrderLine::builder().order_id(order.order_id).line(line).sku(&entry.sku).quantity(entry.quantity);
        let quantity = i64::from(entry.quantity);
        transaction = transaction
            .put(ordered.price(product.price).build()?.put())
            .update(
                Product::update(&entry.sku)
                    .add(Product::ON_HAND, -quantity)
                    .when(Product::ON_HAND.ge(entry.quantity)),
            )
            .delete(Cart::delete(entry));
    }
    transaction.put(order.put().if_not_exists()).send(db).await?;
    println!("Ordered for {}.", order.total);
    Ok(order.key())
}

/// Ships an order, and reads it with everything that belongs to it by one query.
async fn show(db: &Client, order: OrderKey) -> Result<(), Box<dyn Error>> {
    let shipped_at = Timestamp::from_second(Timestamp::now().as_second())?;
    let shipment =
        Shipment::builder().order_id(order.order_id).shipped_at(shipped_at).carrier("Post").tracking("T-1");
    dynamorm::transaction()
        .put(shipment.build()?.put())
        .update(
            Order::update(&order)
                .set(Order::STATUS, OrderStatus::Shipped)
                .when(Order::STATUS.eq(OrderStatus::Paid)),
        )
        .send(db)
        .await?;

    let details: OrderDetails = OrderDetails::query(order.order_id).items(db).gather().await?;
    println!(
        "{} order, {} lines, {} shipment by {}.",
        details.orders[0].status,
        details.order_lines.len(),
        details.shipments.len(),
        details.shipments[0].carrier
    );
    let waiting = Order::by_status(OrderStatus::Paid, "eu").count(db).await?;
    let shipped = Order::by_status(OrderStatus::Shipped, "eu").count(db).await?;
    println!("Waiting in the EU: {waiting}; shipped: {shipped}.");
    let recent =
        Order::of_customer(details.orders[0].customer_id).descending().limit(10).items(db).all().await?;
    println!("The customer has {} order(s).", recent.len());
    let tracked = Shipment::by_tracking("T-1").items(db).all().await?;
    println!("Tracking T-1 is of order {}.", tracked[0].order_id);
    Ok(())
}

async fn review(db: &Client, customer: &Customer) -> Result<(), Box<dyn Error>> {
    for (sku, stars) in [("LA-0001", 5), ("CH-0001", 3)] {
        let review =
            Review::builder().sku(sku).customer_id(customer.customer_id).stars(stars).text("As described.");
        review.build()?.put().send(db).await?;
    }
    let page: ProductPage = ProductPage::query("LA-0001").descending().items(db).gather().await?;
    println!(
        "{} has {} review(s), and {} left.",
        page.products[0].title,
        page.reviews.len(),
        page.products[0].on_hand
    );
    let best = Review::by_customer(customer.customer_id).stars().ge(4).items(db).all().await?;
    println!("Liked most: {}.", best[0].sku);
    Ok(())
}
