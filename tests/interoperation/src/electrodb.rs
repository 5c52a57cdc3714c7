//! The items of ElectroDB, in its default casing.

use dynamorm::Operations;
use dynamorm::table::Table;
use serde_json::json;

use crate::side::{Peer, Side, instant, refused, texts};

mod models {
    dynamorm::include_models!("electrodb");
}

use models::{Address, Customer, Line, Order, OrderKey, OrderStatus, TABLES, Tier};

pub enum ElectroDb {}

impl Peer for ElectroDb {
    fn tables() -> &'static [&'static Table] {
        TABLES
    }

    async fn write(side: &mut Side) {
        let db = side.db.clone();
        side.written(ada().put().send(&db).await, 1);
        side.written(bob().put().if_not_exists().send(&db).await, 1);
        side.written(dynamorm::batch_write().put_all(&orders()).send(&db).await, 2);
    }

    async fn use_items(side: &mut Side) {
        let db = side.db.clone();
        for expected in [ada(), bob()] {
            read(side, expected).await;
        }
        for expected in orders() {
            side.read(Order::get(&expected).consistent().send(&db).await, &expected);
        }
        refused(bob().put().if_not_exists().send(&db).await);

        let by_email = Customer::by_email("Ada@example.org").items(&db).all().await;
        side.found(by_email, |found| found.customer_id.clone(), ["Ada-1".to_owned()]);
        refused(
            Customer::update("Ada-1")
                .set(Customer::BALANCE, 0.0)
                .when(Customer::BALANCE.eq(1.0))
                .send(&db)
                .await,
        );
        let change = Customer::update("Ada-1")
            .set(Customer::EMAIL, "Ada@example.com")
            .set(Customer::ACTIVE, false)
            .add(Customer::BALANCE, 2.5)
            .add(Customer::TAGS, ["late".to_owned()])
            .when(Customer::BALANCE.eq(12.5));
        side.updated(change.send(&db).await);
        let moved = Customer::by_email("Ada@example.com").items(&db).all().await;
        side.found(moved, |found| found.balance, [15.0]);

        let [first, second] = orders();
        side.found(Order::by_status(OrderStatus::Open).items(&db).all().await, |found| found.number, [7, 10]);
        let since =
            Order::by_status(OrderStatus::Open).placed_at().gt(first.placed_at).items(&db).all().await;
        side.found(since, |found| found.number, [10]);
        let urgent = Order::by_priority(false).priority().lt(12).items(&db).all().await;
        side.found(urgent, |found| found.number, [10]);
        let ship = Order::update(&first)
            .set(Order::STATUS, OrderStatus::Shipped)
            .append(Order::LINES, [Line { sku: "C".to_owned(), pieces: 3 }]);
        side.updated(ship.send(&db).await);
        let shipped = Order::by_status(OrderStatus::Shipped).items(&db).all().await;
        side.found(shipped, |found| found.lines.len(), [3]);

        side.deleted(Order::delete(&second).send(&db).await);
        side.deleted(Customer::delete("bob").send(&db).await);
    }

    async fn verify(side: &mut Side) {
        let db = side.db.clone();
        side.is_gone(Customer::get("bob").consistent().send(&db).await);
        side.is_gone(Order::get(OrderKey::new("Ada-1", 10_u32)).consistent().send(&db).await);
        let changed = Customer {
            email: "Ada@example.com".to_owned(),
            active: false,
            balance: 15.0,
            tags: texts(["New", "late", "vip"]),
            ..ada()
        };
        read(side, changed).await;
        let [mut first, _] = orders();
        first.status = OrderStatus::Shipped;
        first.lines.push(Line { sku: "C".to_owned(), pieces: 3 });
        side.read(Order::get(&first).consistent().send(&db).await, &first);
        Customer::delete("Ada-1").send(&db).await.expect("it is deleted");
        Order::delete(&first).send(&db).await.expect("it is deleted");
    }
}

/// Reads a customer, whose last change is a moment of the writer's clock.
async fn read(side: &mut Side, expected: Customer) {
    let found = Customer::get(&expected).consistent().send(&side.db).await;
    let found = side.read_as(found, |found| Customer { updated_at: found.updated_at, ..expected });
    assert!(found.updated_at > found.created_at, "{found:?}");
}

fn ada() -> Customer {
    Customer {
        customer_id: "Ada-1".to_owned(),
        email: "Ada@example.org".to_owned(),
        tier: Tier::Gold,
        active: true,
        balance: 12.5,
        address: Some(Address {
            street: "Kai 1".to_owned(),
            city: "Kiel".to_owned(),
            note: Some("Hinterhaus".to_owned()),
        }),
        tags: texts(["New", "vip"]),
        scores: Some(vec![1.0, -2.5]),
        extra: Some(json!({ "list": [1, "two", null, true], "map": { "k": 1.5 } })),
        created_at: instant("2024-05-06T07:08:09.123Z"),
        updated_at: instant("2024-05-06T07:08:09.123Z"),
        entity: "customer".to_owned(),
        entity_version: "1".to_owned(),
    }
}

fn bob() -> Customer {
    Customer {
        customer_id: "bob".to_owned(),
        email: "bob@example.org".to_owned(),
        tier: Tier::Silver,
        active: false,
        balance: 0.0,
        address: None,
        tags: [].into(),
        scores: None,
        extra: None,
        created_at: instant("2024-05-06T07:08:09Z"),
        ..ada()
    }
}

fn orders() -> [Order; 2] {
    let first = Order {
        customer_id: "Ada-1".to_owned(),
        number: 7,
        status: OrderStatus::Open,
        placed_at: instant("2024-05-06T07:08:09.123Z"),
        priority: 12,
        gift: false,
        total: 99.9,
        note: Some("a note".to_owned()),
        lines: [("A", 2), ("B", 1)].map(|(sku, pieces)| Line { sku: sku.to_owned(), pieces }).into(),
        expires: Some(instant("2033-05-18T03:33:20Z")),
        entity: "order".to_owned(),
        entity_version: "1".to_owned(),
    };
    let second = Order {
        number: 10,
        placed_at: instant("2024-05-06T07:08:10Z"),
        priority: 3,
        total: 5.0,
        note: None,
        lines: Vec::new(),
        expires: None,
        ..first.clone()
    };
    [first, second]
}
