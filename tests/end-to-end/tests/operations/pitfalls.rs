//! Mistakes that libraries like this one are known for. Each test shows that this one does not make it.

use dynamorm::Operations;
use dynamorm_generator::{Code, generate_str};
use end_to_end::connector::recorded;
use end_to_end::operations::{Parcel, Reading, tables};
use end_to_end::samples::{database, instant, parcel, stored};

/// The codes of what is wrong with these declarations.
fn findings(declarations: &str) -> Vec<Code> {
    let error = generate_str("models.toml", declarations).expect_err("the declarations are refused");
    error.report().expect("there are findings").diagnostics().iter().map(|finding| finding.code).collect()
}

#[tokio::test]
async fn an_addition_below_zero_leaves_an_item_that_can_be_read() {
    let db = database(&[&tables::PARCELS]).await;
    let parcels = stored(&db, "Ulm", 1).await;

    let error = Parcel::update(&parcels[0]).add(Parcel::WEIGHT, -2).send(&db).await.unwrap_err();

    assert!(error.is_out_of_range(), "{error:?}");
    assert_eq!(Parcel::get(&parcels[0]).consistent().send(&db).await.unwrap().as_ref(), parcels.first());
}

#[tokio::test]
async fn an_update_of_a_missing_item_stores_no_stub() {
    let db = database(&[&tables::PARCELS]).await;

    let error = Parcel::update(("Ulm", 1)).set(Parcel::WEIGHT, 2).send(&db).await.unwrap_err();

    assert!(error.is_not_found(), "{error:?}");
    assert_eq!(Parcel::scan().consistent().count(&db).await.unwrap(), 0);
}

#[tokio::test]
async fn an_update_without_actions_of_a_missing_item_stores_no_stub() {
    let db = database(&[&tables::PARCELS]).await;

    let error = Parcel::update(("Ulm", 1)).send(&db).await.unwrap_err();

    assert!(error.is_not_found(), "{error:?}");
    assert_eq!(Parcel::scan().consistent().count(&db).await.unwrap(), 0);
}

#[tokio::test]
async fn an_empty_text_in_an_index_key_is_found_before_sending() {
    let (db, record) = recorded(&test_support::client().await);
    let parcel = Parcel { courier: Some(String::new()), ..parcel("Ulm", 1) };

    let error = parcel.put().send(&db).await.unwrap_err();

    assert_eq!(error.attribute(), Some("courier"));
    assert!(record.sent().is_empty());
}

#[tokio::test]
async fn a_text_in_an_index_key_that_is_too_long_is_found_before_sending() {
    let (db, record) = recorded(&test_support::client().await);
    let parcel = Parcel { courier: Some("x".repeat(2_049)), ..parcel("Ulm", 1) };

    let error = parcel.put().send(&db).await.unwrap_err();

    assert_eq!(error.attribute(), Some("courier"));
    assert!(record.sent().is_empty());
}

#[tokio::test]
async fn bytes_in_an_index_key_that_are_too_long_are_found_before_sending() {
    let (db, record) = recorded(&test_support::client().await);
    let at = instant("2024-03-01T00:00:00Z");
    let reading = Reading::builder().device(vec![1]).taken_at(at).taken_at_text(at).level(1);
    let reading = reading.day("2024-03-01".parse::<dynamorm::Date>().unwrap()).payload(vec![0; 1_025]);

    let error = reading.build().unwrap().put().send(&db).await.unwrap_err();

    assert_eq!(error.attribute(), Some("payload"));
    assert!(record.sent().is_empty());
}

#[test]
fn an_enumeration_with_fields_in_a_key_is_a_finding() {
    let declarations = r#"
        table.orders.partition_key = "payment"
        model.Order.table = "orders"
        model.Order.schema.payment = "Payment"
        enum.Payment.variants = ["open", { name = "card", fields = { last4 = "string" } }]
    "#;

    assert_eq!(findings(declarations), [Code::KeyType]);
}

#[tokio::test]
async fn a_filter_on_the_key_of_a_query_is_found_before_sending() {
    let (db, record) = recorded(&test_support::client().await);

    let error = Parcel::query("Ulm").filter(Parcel::DEPOT.eq("Ulm")).send(&db).await.unwrap_err();

    assert!(error.is_validation(), "{error:?}");
    assert_eq!(error.attribute(), Some("depot"));
    assert!(record.sent().is_empty());
}

#[tokio::test]
async fn the_types_of_literals_are_inferred() {
    let db = database(&[&tables::PARCELS]).await;
    stored(&db, "Ulm", 1).await;

    let update =
        Parcel::update(("Ulm", 1)).set(Parcel::NOTE, None).add(Parcel::POSTAGE, 2).set(Parcel::DRIFT, -1);
    let update = update.when(Parcel::WEIGHT.lt(2_000) & Parcel::POSTAGE.eq(0) & Parcel::ATTEMPTS.le(3));
    let update = update.set(Parcel::REMARKS, vec!["b".to_owned()]);
    let after = update.return_new().send(&db).await.unwrap();

    assert_eq!((after.postage, after.drift), (2.into(), Some(-1)));
}

#[tokio::test]
async fn a_handle_on_an_instant_knows_its_stored_form() {
    let db = database(&[&tables::PARCELS]).await;
    let expires_at = Some(instant("2024-06-01T00:00:00Z"));
    Parcel { expires_at, ..parcel("Ulm", 1) }.put().send(&db).await.unwrap();

    let (before, after) = (instant("2024-05-01T00:00:00Z"), instant("2024-07-01T00:00:00Z"));
    let filter = Parcel::EXPIRES_AT.between(before, after) & Parcel::ARRIVED_AT.lt(before);

    assert_eq!(Parcel::scan().filter(filter).count(&db).await.unwrap(), 1);
}

#[test]
fn a_field_that_is_named_like_a_method_of_its_builder_is_a_finding() {
    let declarations = r#"
        table.orders.partition_key = "id"
        model.Order.table = "orders"
        model.Order.schema.id = "string"
        model.Order.schema.build = "u32"
    "#;

    assert_eq!(findings(declarations), [Code::ReservedField]);
}

#[test]
fn a_sort_key_that_is_named_like_a_method_of_a_query_is_a_finding() {
    for name in ["limit", "items", "filter", "send", "start_at"] {
        let declarations = format!(
            r#"
            table.orders.partition_key = "id"
            table.orders.sort_key = "{name}"
            model.Order.table = "orders"
            model.Order.schema.id = "string"
            model.Order.schema.{name} = "u32"
            "#
        );

        assert_eq!(findings(&declarations), [Code::ReservedField], "{name}");
    }
}

#[test]
fn an_index_whose_function_is_named_like_one_of_the_model_is_a_finding() {
    for name in ["scan", "get", "put", "builder"] {
        let declarations = format!(
            r#"
            table.orders.partition_key = "id"
            table.orders.global_index.{name}.partition_key = "total"
            model.Order.table = "orders"
            model.Order.schema.id = "string"
            model.Order.schema.total = "u32"
            "#
        );

        assert_eq!(findings(&declarations), [Code::ReservedFunction], "{name}");
    }
}

#[test]
fn two_models_of_one_table_that_nothing_tells_apart_are_a_finding() {
    let declarations = r#"
        table.shop.partition_key = "id"
        model.Order.table = "shop"
        model.Order.schema.id = "string"
        model.Customer.table = "shop"
        model.Customer.schema.id = "string"
    "#;

    assert_eq!(findings(declarations), [Code::SeveralModels]);
}
