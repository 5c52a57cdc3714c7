//! A context, such as a tenant, is part of every key of the models that name it.

use dynamorm::{AttributeValue, Client, Operations};

use crate::instant;
use crate::models::{BillingItem, Invoice, InvoiceFile, InvoiceKey, Quote, Reminder, tables};

async fn database() -> Client {
    end_to_end::samples::database(&[&tables::BILLING]).await
}

fn invoice(tenant: &str, number: u32) -> Invoice {
    Invoice { tenant: tenant.to_owned(), number, payer: "ada".to_owned(), state: "open".to_owned() }
}

async fn two_tenants() -> Client {
    let db = database().await;
    for tenant in ["acme", "acme2"] {
        for number in [1, 2] {
            invoice(tenant, number).put().send(&db).await.unwrap();
        }
    }
    db
}

#[test]
fn every_composed_partition_key_begins_with_the_context() {
    let item = invoice("acme", 7).to_item().unwrap();
    assert_eq!(item["pk"], AttributeValue::S("TENANT#acme#INVOICE#0000000007".to_owned()));
    assert_eq!(item["gsi1pk"], AttributeValue::S("TENANT#acme#PAYER#ada".to_owned()));
    assert_eq!(Invoice::from_item(item).unwrap(), invoice("acme", 7));
}

#[tokio::test]
async fn reads_see_the_items_of_one_tenant() {
    let db = two_tenants().await;

    assert_eq!(Invoice::get(("acme", 1)).send(&db).await.unwrap(), Some(invoice("acme", 1)));
    assert_eq!(Invoice::by_payer("acme", "ada").count(&db).await.unwrap(), 2);
    assert_eq!(Invoice::scan("acme").count(&db).await.unwrap(), 2);
    assert_eq!(Invoice::scan_by_payer("acme").count(&db).await.unwrap(), 2);
    let file: InvoiceFile = InvoiceFile::query("acme", 1).items(&db).gather().await.unwrap();
    assert_eq!(file.invoices, [invoice("acme", 1)]);
}

#[tokio::test]
async fn an_index_of_plain_attributes_has_the_context_among_them() {
    if !test_support::can_run("an_index_of_plain_attributes_has_the_context_among_them") {
        return;
    }
    let db = end_to_end::samples::database(&[&tables::QUOTES]).await;
    for (tenant, number) in [("acme", 1), ("acme", 2), ("acme2", 1)] {
        let quote = Quote { tenant: tenant.to_owned(), number, state: "open".to_owned() };
        quote.put().send(&db).await.unwrap();
    }
    assert_eq!(Quote::by_state("acme", "open").count(&db).await.unwrap(), 2);
    assert_eq!(Quote::scan_by_state("acme").count(&db).await.unwrap(), 2);
    let acme = db.within(&Quote::scope("acme")).unwrap();
    assert_eq!(Quote::by_state("acme", "open").count(&acme).await.unwrap(), 2);
}

#[tokio::test]
async fn a_request_of_the_sdk_for_another_tenant_is_refused_too() {
    let db = two_tenants().await;
    let acme = db.within(&Invoice::scope("acme")).unwrap();
    let foreign = invoice("acme2", 1);

    let refusals = [
        Invoice::get(&foreign).into_sdk(&acme).map(drop),
        Invoice::update(&foreign).into_sdk(&acme).map(drop),
        Invoice::delete(&foreign).into_sdk(&acme).map(drop),
        foreign.put().into_sdk(&acme).map(drop),
    ];

    for refusal in refusals {
        assert!(refusal.unwrap_err().is_validation());
    }
    assert!(invoice("acme", 1).put().into_sdk(&acme).is_ok());
}

#[tokio::test]
async fn a_key_of_another_tenant_is_refused_by_a_client_that_is_held_to_one() {
    let db = two_tenants().await;
    let acme = db.within(&Invoice::scope("acme")).unwrap();
    let foreign = invoice("acme2", 1);
    let reminder = Reminder {
        tenant: "acme2".to_owned(),
        number: 1,
        sent_at: instant("2026-01-01T00:00:00Z"),
        text: "please".to_owned(),
    };

    assert_eq!(Invoice::get(("acme", 1)).send(&acme).await.unwrap(), Some(invoice("acme", 1)));
    let errors = [
        Invoice::get(InvoiceKey::new("acme2", 1)).send(&acme).await.unwrap_err(),
        foreign.put().send(&acme).await.unwrap_err(),
        Invoice::update(&foreign).set(Invoice::STATE, "paid").send(&acme).await.unwrap_err(),
        Invoice::delete(&foreign).send(&acme).await.unwrap_err(),
        Invoice::batch_get([("acme2", 1)]).send(&acme).await.unwrap_err(),
        dynamorm::batch_write().put(&reminder).send(&acme).await.unwrap_err(),
        dynamorm::transaction().put(reminder.put()).send(&acme).await.unwrap_err(),
        dynamorm::read_transaction((Invoice::get(&foreign),)).send(&acme).await.unwrap_err(),
        Invoice::by_payer("acme2", "ada").send(&acme).await.unwrap_err(),
        Reminder::query("acme2", 1).send(&acme).await.unwrap_err(),
        Invoice::scan("acme2").send(&acme).await.unwrap_err(),
        InvoiceFile::query("acme2", 1).send(&acme).await.unwrap_err(),
        BillingItem::scan().send(&acme).await.unwrap_err(),
        Quote::by_state("acme2", "open").send(&acme).await.unwrap_err(),
        Quote::scan_by_state("acme2").send(&acme).await.unwrap_err(),
    ];
    for error in errors {
        assert!(error.is_validation(), "{error}");
        assert!(error.to_string().contains("of another `tenant`"), "{error}");
    }
    assert_eq!(Invoice::get(&foreign).send(&db).await.unwrap(), Some(foreign));
}

#[tokio::test]
async fn a_cursor_of_another_tenant_is_refused() {
    let db = two_tenants().await;
    let page = Invoice::by_payer("acme2", "ada").page_size(1).send(&db).await.unwrap();
    let cursor = page.cursor().unwrap().clone();

    let error = Invoice::by_payer("acme", "ada").start_at(cursor).send(&db).await.unwrap_err();
    assert!(error.is_invalid_cursor(), "{error}");
    let page = Invoice::scan("acme2").page_size(1).send(&db).await.unwrap();
    let cursor = page.cursor().unwrap().clone();
    let error = Invoice::scan("acme").start_at(cursor).send(&db).await.unwrap_err();
    assert!(error.is_invalid_cursor(), "{error}");
}

#[tokio::test]
async fn a_tenant_that_cannot_be_part_of_a_key_is_refused() {
    let db = database().await;
    assert!(invoice("a#b", 1).to_item().unwrap_err().is_validation());
    assert!(db.within(&Invoice::scope("a#b")).unwrap_err().is_validation());
}
