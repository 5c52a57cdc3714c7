//! Models whose keys begin alike: each read tells them apart by their whole keys.

use dynamorm::Operations;
use end_to_end::samples::put_raw;

use crate::models::{Follower, Following, Invoice, InvoiceLine, InvoicesItem, SalesItem, tables};
use crate::parts::{invoice, line, sales};
use crate::{database, item};

#[tokio::test]
async fn a_query_leaves_out_the_items_of_models_whose_keys_begin_alike() {
    let (db, log) = sales().await;
    let invoices = Invoice::query("ada").items(&db).all().await.unwrap();
    assert_eq!(invoices, [invoice("ada", 7), invoice("ada", 70), invoice("ada", 700)]);
    let lines = InvoiceLine::query("ada").items(&db).all().await.unwrap();
    assert_eq!(lines.len(), 6);
    assert_eq!(InvoiceLine::query("ada").number().eq(70).count(&db).await.unwrap(), 2);
    assert_eq!(Invoice::query("ada").count(&db).await.unwrap(), 3);
    log.assert_requests(4);
    assert_eq!(Invoice::scan().count(&db).await.unwrap(), 4);
    assert_eq!(InvoiceLine::scan().items(&db).all().await.unwrap().len(), 8);
    assert_eq!(Invoice::get(("ada", 7)).send(&db).await.unwrap(), Some(invoice("ada", 7)));
}

#[tokio::test]
async fn pages_hold_as_many_items_as_are_wanted_whatever_stands_between_them() {
    let (db, _) = sales().await;
    let first = Invoice::query("ada").limit(2).send(&db).await.unwrap();
    let cursor = first.cursor().cloned().unwrap();
    assert_eq!(first.into_items().unwrap(), [invoice("ada", 7), invoice("ada", 70)]);
    let rest = Invoice::query("ada").limit(2).start_at(cursor).send(&db).await.unwrap();
    assert_eq!(rest.into_items().unwrap(), [invoice("ada", 700)]);
    let totals = Invoice::query("ada").select(Invoice::TOTAL).items(&db).all().await.unwrap();
    assert_eq!(totals.len(), 3);
    let newest = Invoice::query("ada").descending().items(&db).next().await.unwrap().unwrap();
    assert_eq!(newest, invoice("ada", 700));
    let parsed = db.without_wire_decoding();
    assert_eq!(Invoice::query("ada").items(&parsed).all().await.unwrap().len(), 3);
    assert_eq!(Invoice::query("ada").limit(2).send(&parsed).await.unwrap().items().len(), 2);
}

#[tokio::test]
async fn an_item_of_no_model_is_an_error_and_no_other_models_item() {
    let (db, _) = sales().await;
    let stray = [("pk", "CUSTOMER#ada"), ("sk", "INVOICE#7"), ("customer", "ada")];
    put_raw(&db, "sales", item(&stray)).await;
    let page = Invoice::query("ada").send(&db).await.unwrap();
    let errors = page.into_iter().filter(Result::is_err).count();
    assert_eq!(errors, 1);
}

#[tokio::test]
async fn the_items_of_a_table_are_told_apart_by_their_whole_keys() {
    let (db, _) = sales().await;
    let all = SalesItem::scan().items(&db).all().await.unwrap();
    let lines = all.iter().filter(|item| matches!(item, SalesItem::InvoiceLine(_))).count();
    let invoices = all.iter().filter(|item| matches!(item, SalesItem::Invoice(_))).count();
    assert_eq!((invoices, lines, all.len()), (4, 8, 13));
    assert!(matches!(InvoicesItem::from(line("ada", 7, 1)), InvoicesItem::InvoiceLine(_)));
}

#[tokio::test]
async fn partitions_that_end_otherwise_do_not_meet() {
    let (db, log) = database(&tables::VOTES).await;
    let (ada, bob) = ("ada".to_owned(), "bob".to_owned());
    Follower { id: ada.clone(), user: bob.clone() }.put().send(&db).await.unwrap();
    Following { id: ada.clone(), user: "zoe".to_owned() }.put().send(&db).await.unwrap();
    log.clear();
    let followers = Follower::query("ada").send(&db).await.unwrap();
    assert_eq!(followers.scanned(), 1);
    assert_eq!(followers.into_items().unwrap(), [Follower { id: ada, user: bob }]);
    // A scan reads both, and gives one.
    assert_eq!(Follower::scan().items(&db).all().await.unwrap().len(), 1);
    assert_eq!(Following::scan().count(&db).await.unwrap(), 1);
}
