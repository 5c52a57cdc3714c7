//! What keys are made of, and what they refuse.

use dynamorm::{AttributeValue, Operations};

use crate::models::{Account, Customer, Order, OrderByWarehouseKey, Product, ProductPrice};
use crate::{customer, database, instant, order};

fn text(item: &dynamorm::Item, name: &str) -> String {
    match item.get(name) {
        Some(AttributeValue::S(text)) => text.clone(),
        other => panic!("{name}: {other:?}"),
    }
}

#[test]
fn keys_are_composed_as_declared() {
    let item = order("ada", 1, 7).to_item().unwrap();
    assert_eq!(text(&item, "pk"), "CUSTOMER#ada");
    assert_eq!(text(&item, "sk"), "ORDER#2026-03-01T12:00:00.000000Z#00000000000000000007");
    assert_eq!(text(&item, "gsi1pk"), "WAREHOUSE#north");
    assert_eq!(text(&item, "gsi1sk"), "000003#eu#2026-03-01T12:00:00.000000Z");
    assert_eq!(text(&item, "gsi2pk"), "STATUS#pending#ada");
    let price =
        ProductPrice { sku: "lamp".to_owned(), from: instant("2026-01-01T00:00:00Z"), price: 1.into() };
    assert_eq!(text(&price.to_item().unwrap(), "sk"), "PRICE#2026-01-01T00:00:00Z");
    let product = Product { sku: "lamp".to_owned(), title: None, aisle: 7 };
    assert_eq!(text(&product.to_item().unwrap(), "gsi1pk"), "SHELF#07");
}

#[test]
fn a_field_of_the_key_alone_is_not_stored_twice() {
    let item = customer("ada").to_item().unwrap();
    assert!(!item.contains_key("customer_id"));
    assert_eq!(Customer::from_item(item).unwrap(), customer("ada"));
}

#[test]
fn delimiter_in_a_value() {
    let error = order("ada", 1, 7);
    let error = Order { region: "e#u".to_owned(), ..error }.to_item().unwrap_err();
    assert!(error.is_validation());
    assert_eq!(error.violations()[0].path(), "region");
    // Nothing follows it: no other key reads like this one.
    let item = Customer { customer_id: "a#b".to_owned(), ..customer("x") }.to_item().unwrap();
    assert_eq!(Customer::from_item(item).unwrap().customer_id, "a#b");
}

#[test]
fn an_escaped_delimiter_keeps_keys_apart() {
    let account =
        |tenant: &str, name: &str| Account { tenant: tenant.to_owned(), name: name.to_owned(), memo: None };
    let keys = [account("a/b", "c"), account("a", "b/c"), account("a%2Fb", "c"), account("a%", "2Fb/c")];
    let texts: std::collections::BTreeSet<_> =
        keys.iter().map(|account| text(&account.to_item().unwrap(), "pk")).collect();
    assert_eq!(texts.len(), 4, "{texts:?}");
    assert!(texts.contains("a%2Fb/c"));
    for account in keys {
        assert_eq!(Account::from_item(account.to_item().unwrap()).unwrap(), account);
    }
}

#[test]
fn a_value_that_a_format_cannot_hold_is_refused() {
    let product = Product { sku: "lamp".to_owned(), title: None, aisle: 100 };
    let error = product.to_item().unwrap_err();
    assert_eq!(error.violations()[0].path(), "aisle");
    let price =
        ProductPrice { sku: "lamp".to_owned(), from: instant("2026-01-01T00:00:00.5Z"), price: 1.into() };
    assert_eq!(price.to_item().unwrap_err().violations()[0].path(), "from");
}

#[tokio::test]
async fn an_over_long_key_is_refused_before_anything_is_sent() {
    let db = database().await;
    let id = "x".repeat(2_048);
    let error = Customer::get(id.as_str()).send(&db).await.unwrap_err();
    assert!(error.is_validation(), "{error}");
    assert!(customer(&id).put().send(&db).await.unwrap_err().is_validation());
}

#[test]
fn an_index_key_tells_its_fields() {
    let key = order("ada", 1, 7).by_warehouse_key().unwrap();
    let expected = OrderByWarehouseKey {
        warehouse: "north".to_owned(),
        urgency: 3,
        region: "eu".to_owned(),
        placed_at: instant("2026-03-01T12:00:00Z"),
    };
    assert_eq!(key, expected);
    assert_eq!(Order { warehouse: None, ..order("ada", 1, 7) }.by_warehouse_key(), None);
}

#[tokio::test]
async fn a_keys_only_index_tells_the_fields_that_keys_are_composed_of() {
    let db = database().await;
    order("ada", 1, 7).put().send(&db).await.unwrap();
    let query = Order::by_status(crate::OrderStatus::Pending, "ada");
    let found = query.items(&db).all().await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].order_id, found[0].status), (7, crate::OrderStatus::Pending));
    assert_eq!(found[0].hydrate().send(&db).await.unwrap(), Some(order("ada", 1, 7)));
}
