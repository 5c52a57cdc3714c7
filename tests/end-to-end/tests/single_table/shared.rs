//! Several models in one table: each sees its own items only, and collections see several.

use dynamorm::{AttributeValue, Operations};
use end_to_end::samples::put_raw;

use crate::models::{
    Account, AccountStatement, Booking, Customer, CustomerOrders, CustomerOrdersItem, LedgerEntries,
    LedgerEntry, Order, OrderKey, Product, ProductPrice, ShopItem, ShopItems,
};
use crate::{customer, database, instant, order};

fn s(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

fn product(sku: &str) -> Product {
    Product { sku: sku.to_owned(), title: Some("Lamp".to_owned()), aisle: 7 }
}

fn price(sku: &str, from: &str) -> ProductPrice {
    ProductPrice { sku: sku.to_owned(), from: instant(from), price: 10.into() }
}

fn booking(account: &str, day: &str, amount: &str) -> Booking {
    Booking {
        tenant: "acme".to_owned(),
        account: account.to_owned(),
        day: day.parse().unwrap(),
        amount: amount.parse().unwrap(),
        memo: None,
    }
}

fn account(name: &str) -> Account {
    Account { tenant: "acme".to_owned(), name: name.to_owned(), memo: None }
}

#[tokio::test]
async fn every_model_comes_back_as_it_was_put() {
    let db = database().await;
    customer("ada").put().send(&db).await.unwrap();
    order("ada", 1, 7).put().send(&db).await.unwrap();
    product("lamp").put().send(&db).await.unwrap();
    price("lamp", "2026-01-01T00:00:00Z").put().send(&db).await.unwrap();
    booking("cash", "2026-01-02", "-1.5").put().send(&db).await.unwrap();

    assert_eq!(Customer::get("ada").send(&db).await.unwrap(), Some(customer("ada")));
    let key = OrderKey::new("ada", instant("2026-03-01T12:00:00Z"), 7);
    assert_eq!(Order::get(key).send(&db).await.unwrap(), Some(order("ada", 1, 7)));
    assert_eq!(Product::get("lamp").send(&db).await.unwrap(), Some(product("lamp")));
    let from = instant("2026-01-01T00:00:00Z");
    let found = ProductPrice::get(("lamp", from)).send(&db).await.unwrap();
    assert_eq!(found, Some(price("lamp", "2026-01-01T00:00:00Z")));
    let stored = booking("cash", "2026-01-02", "-1.5");
    assert_eq!(Booking::get(&stored).send(&db).await.unwrap(), Some(stored));
}

#[tokio::test]
async fn a_scan_of_a_model_sees_its_items_only() {
    let db = database().await;
    customer("ada").put().send(&db).await.unwrap();
    order("ada", 1, 7).put().send(&db).await.unwrap();
    product("lamp").put().send(&db).await.unwrap();
    price("lamp", "2026-01-01T00:00:00Z").put().send(&db).await.unwrap();
    account("cash").put().send(&db).await.unwrap();
    booking("cash", "2026-01-02", "2").put().send(&db).await.unwrap();

    assert_eq!(Customer::scan().items(&db).all().await.unwrap(), [customer("ada")]);
    assert_eq!(Order::scan().count(&db).await.unwrap(), 1);
    assert_eq!(Product::scan().items(&db).all().await.unwrap(), [product("lamp")]);
    assert_eq!(ProductPrice::scan().count(&db).await.unwrap(), 1);
    assert_eq!(Account::scan().items(&db).all().await.unwrap(), [account("cash")]);
    assert_eq!(Booking::scan().count(&db).await.unwrap(), 1);
}

#[tokio::test]
async fn a_query_of_a_model_sees_its_items_only() {
    let db = database().await;
    customer("ada").put().send(&db).await.unwrap();
    order("ada", 1, 7).put().send(&db).await.unwrap();
    order("ada", 2, 8).put().send(&db).await.unwrap();
    account("cash").put().send(&db).await.unwrap();
    booking("cash", "2026-01-02", "2").put().send(&db).await.unwrap();

    let orders = Order::query("ada").items(&db).all().await.unwrap();
    assert_eq!(orders, [order("ada", 1, 7), order("ada", 2, 8)]);
    assert_eq!(Customer::query("ada").items(&db).all().await.unwrap(), [customer("ada")]);
    // The keys of bookings begin like anything: their type tells them apart.
    assert_eq!(Booking::query("acme", "cash").count(&db).await.unwrap(), 1);
    assert_eq!(Account::query("acme", "cash").count(&db).await.unwrap(), 1);
}

#[tokio::test]
async fn an_index_query_sees_the_items_of_its_model_only() {
    let db = database().await;
    customer("ada").put().send(&db).await.unwrap();
    order("ada", 1, 7).put().send(&db).await.unwrap();
    product("lamp").put().send(&db).await.unwrap();
    account("cash").put().send(&db).await.unwrap();
    booking("cash", "2026-01-02", "2").put().send(&db).await.unwrap();

    assert_eq!(Customer::by_email("ada@example.com").items(&db).all().await.unwrap(), [customer("ada")]);
    assert_eq!(Customer::scan_by_email().count(&db).await.unwrap(), 1);
    assert_eq!(Order::scan_by_warehouse().items(&db).all().await.unwrap(), [order("ada", 1, 7)]);
    assert_eq!(Product::by_shelf(7).items(&db).all().await.unwrap(), [product("lamp")]);
    let booked = Booking::by_amount("acme", "cash").items(&db).all().await.unwrap();
    assert_eq!(booked.len(), 1);
    assert_eq!(booked[0].amount, 2.into());
    assert_eq!(booked[0].day, "2026-01-02".parse().unwrap());
}

#[tokio::test]
async fn a_collection_reads_several_models_by_one_query_in_the_order_of_their_keys() {
    let db = database().await;
    order("ada", 2, 8).put().send(&db).await.unwrap();
    customer("ada").put().send(&db).await.unwrap();
    order("ada", 1, 7).put().send(&db).await.unwrap();
    order("bob", 1, 9).put().send(&db).await.unwrap();

    let items = CustomerOrders::query("ada").items(&db).all().await.unwrap();
    assert_eq!(
        items,
        [
            CustomerOrdersItem::from(order("ada", 1, 7)),
            CustomerOrdersItem::from(order("ada", 2, 8)),
            CustomerOrdersItem::from(customer("ada")),
        ]
    );
    let grouped: CustomerOrders =
        CustomerOrders::query("ada").descending().items(&db).gather().await.unwrap();
    assert_eq!(grouped.customers, [customer("ada")]);
    assert_eq!(grouped.orders, [order("ada", 2, 8), order("ada", 1, 7)]);
}

#[tokio::test]
async fn a_collection_of_a_table_with_a_type_attribute_groups_by_it() {
    let db = database().await;
    account("cash").put().send(&db).await.unwrap();
    booking("cash", "2026-01-02", "2").put().send(&db).await.unwrap();
    booking("bank", "2026-01-02", "2").put().send(&db).await.unwrap();

    let statement: AccountStatement =
        AccountStatement::query("acme", "cash").items(&db).gather().await.unwrap();
    assert_eq!(statement.accounts, [account("cash")]);
    assert_eq!(statement.bookings, [booking("cash", "2026-01-02", "2")]);
}

#[tokio::test]
async fn a_table_is_read_as_the_enum_of_its_models() {
    let db = database().await;
    customer("ada").put().send(&db).await.unwrap();
    order("ada", 1, 7).put().send(&db).await.unwrap();
    product("lamp").put().send(&db).await.unwrap();
    account("cash").put().send(&db).await.unwrap();

    let shop: ShopItems = ShopItem::scan().items(&db).gather().await.unwrap();
    assert_eq!(shop.customers, [customer("ada")]);
    assert_eq!(shop.orders, [order("ada", 1, 7)]);
    assert_eq!(shop.products, [product("lamp")]);
    let ledger: LedgerEntries = LedgerEntry::scan().items(&db).gather().await.unwrap();
    assert_eq!(ledger.accounts, [account("cash")]);
}

#[tokio::test]
async fn a_foreign_item_met_by_a_typed_read_is_that_items_error() {
    let db = database().await;
    order("ada", 1, 7).put().send(&db).await.unwrap();
    let mut foreign = order("ada", 2, 8).to_item().unwrap();
    foreign.insert("sk".to_owned(), s("ORDER#yesterday#8"));
    foreign.remove("placed_at");
    put_raw(&db, "shop", foreign).await;

    let mut items = Order::query("ada").items(&db);
    assert_eq!(items.next().await.unwrap().unwrap(), order("ada", 1, 7));
    let error = items.next().await.unwrap().unwrap_err();
    assert!(error.is_item_error());
    assert_eq!(error.key(), Some(r#"pk = "CUSTOMER#ada", sk = "ORDER#yesterday#8""#));
    assert!(items.next().await.is_none());

    let error = Customer::from_item(order("ada", 1, 7).to_item().unwrap()).unwrap_err();
    assert!(error.is_item_error(), "{error}");
    let stray = [("pk".to_owned(), s("NOTHING#1")), ("sk".to_owned(), s("X"))].into();
    put_raw(&db, "shop", stray).await;
    let errors: Vec<_> =
        ShopItem::scan().send(&db).await.unwrap().into_iter().filter_map(Result::err).collect();
    assert!(errors.iter().any(|error| error.to_string().contains("of no model of `ShopItem`")), "{errors:?}");
}
