//! Every field of the shop's models, changed by an update and by a save: what is stored then is what a fresh put of the same
//! value stores, index keys included.

use dynamorm::{Client, Decimal, Item, Operations, Timestamp, Ulid, Uuid};
use example_models::shop::{
    Cart, Customer, Order, OrderLine, OrderStatus, Product, Review, Shipment, TABLES,
};

async fn database() -> Client {
    let db = Client::embedded().unwrap();
    db.create_tables(TABLES).await.unwrap();
    db
}

/// What is stored under an item's key, but for its version, which every write changes.
async fn stored(db: &Client, item: &Item) -> Option<Item> {
    let key = ["pk", "sk"].map(|name| (name.to_owned(), item[name].clone()));
    let request = db.sdk().get_item().table_name("shop").consistent_read(true);
    request.set_key(Some(key.into())).send().await.unwrap().item.map(without_version)
}

fn without_version(mut item: Item) -> Item {
    item.remove("version");
    item
}

fn instant(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

macro_rules! saved {
    ($initial:expr, $($field:ident = $value:expr;)*) => { $({
        let db = database().await;
        #[allow(unused_mut)]
        let mut initial = $initial;
        initial.put().send(&db).await.unwrap();
        let mut tracked = initial.tracked();
        tracked.$field = $value;
        tracked.save().send(&db).await.unwrap();
        let wanted = without_version(tracked.to_item().unwrap());
        assert_eq!(stored(&db, &wanted).await, Some(wanted), "save of {}", stringify!($field));
    })* };
}

macro_rules! updated {
    ($model:ident, $initial:expr, $($field:ident = $value:expr => $handle:ident;)*) => { $({
        let db = database().await;
        #[allow(unused_mut)]
        let mut expected = $initial;
        expected.put().send(&db).await.unwrap();
        $model::update(&expected).set($model::$handle, $value).send(&db).await.unwrap();
        expected.$field = $value;
        let wanted = without_version(expected.to_item().unwrap());
        assert_eq!(stored(&db, &wanted).await, Some(wanted), "update of {}", stringify!($field));
    })* };
}

fn customer() -> Customer {
    Customer::builder().email("ada@example.com").name("Ada").build().unwrap()
}

fn product() -> Product {
    let product = Product::builder().sku("LA-0001").title("Lamp").category("lamps").price(40).on_hand(5);
    product.build().unwrap()
}

fn review() -> Review {
    Review::builder().sku("LA-0001").customer_id(Uuid::nil()).stars(3).text("Fine.").build().unwrap()
}

fn order() -> Order {
    let order = Order::builder().customer_id(Uuid::nil()).status(OrderStatus::Pending).region("eu").total(1);
    order.build().unwrap()
}

fn line() -> OrderLine {
    let line = OrderLine::builder().order_id(Ulid::nil()).line(1).sku("LA-0001").quantity(2).price(40);
    line.build().unwrap()
}

fn shipment() -> Shipment {
    let shipment = Shipment::builder().order_id(Ulid::nil()).shipped_at(instant(1)).carrier("Post");
    shipment.tracking("T-1").build().unwrap()
}

fn cart() -> Cart {
    Cart::builder()
        .customer_id(Uuid::nil())
        .sku("LA-0001")
        .quantity(1)
        .expires_at(instant(9))
        .build()
        .unwrap()
}

#[tokio::test]
async fn customers() {
    saved!(customer(),
        email = "new@example.com".to_owned();
        name = "Grace".to_owned();
        joined_at = instant(7);
    );
    updated!(Customer, customer(), name = "Grace".to_owned() => NAME; joined_at = instant(7) => JOINED_AT;);
}

#[tokio::test]
async fn products() {
    saved!(product(), title = "Light".to_owned(); category = "lights".to_owned(); price = 7.into(); on_hand = 0;);
    updated!(Product, product(),
        title = "Light".to_owned() => TITLE;
        category = "lights".to_owned() => CATEGORY;
        price = Decimal::from(7) => PRICE;
        on_hand = 0 => ON_HAND;
    );
}

#[tokio::test]
async fn reviews() {
    saved!(review(), stars = 5; text = "Good.".to_owned(););
    updated!(Review, review(), stars = 5 => STARS; text = "Good.".to_owned() => TEXT;);
}

#[tokio::test]
async fn orders() {
    saved!(order(),
        customer_id = Uuid::max();
        placed_at = instant(7);
        status = OrderStatus::Shipped;
        region = "us".to_owned();
        total = 9.into();
    );
    updated!(Order, order(),
        customer_id = Uuid::max() => CUSTOMER_ID;
        placed_at = instant(7) => PLACED_AT;
        status = OrderStatus::Shipped => STATUS;
        region = "us".to_owned() => REGION;
        total = Decimal::from(9) => TOTAL;
    );
}

#[tokio::test]
async fn order_lines() {
    saved!(line(), sku = "CH-0001".to_owned(); quantity = 3; price = 7.into(););
    updated!(OrderLine, line(), sku = "CH-0001".to_owned() => SKU; quantity = 3 => QUANTITY; price = Decimal::from(7) => PRICE;);
}

#[tokio::test]
async fn shipments() {
    saved!(shipment(), carrier = "Pigeon".to_owned(); tracking = Some("T-2".to_owned()); tracking = None;);
    updated!(Shipment, shipment(),
        carrier = "Pigeon".to_owned() => CARRIER;
        tracking = Some("T-2".to_owned()) => TRACKING;
        tracking = None => TRACKING;
    );
}

#[tokio::test]
async fn carts() {
    saved!(cart(), quantity = 4; expires_at = instant(99););
    updated!(Cart, cart(), quantity = 4 => QUANTITY; expires_at = instant(99) => EXPIRES_AT;);
}
