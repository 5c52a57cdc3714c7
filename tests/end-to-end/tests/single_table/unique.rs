//! Unique fields in a table of several models, with a context in every key.

use dynamorm::{Client, Operations};
use end_to_end::samples::{database, put_raw};

use crate::models::{Mandate, Payee, PaymentItem, tables};

fn payee(tenant: &str, name: &str, iban: Option<&str>) -> Payee {
    Payee {
        tenant: tenant.to_owned(),
        name: name.to_owned(),
        nickname: Some("boss".to_owned()),
        iban: iban.map(str::to_owned),
    }
}

/// Payees of two tenants, and a mandate with the values of one of them.
async fn payees() -> (Client, Client) {
    let db = database(&[&tables::PAYMENTS]).await;
    payee("acme", "ada", Some("DE1")).put().send(&db).await.unwrap();
    payee("acme2", "grace", Some("DE2")).put().send(&db).await.unwrap();
    let (nickname, iban) = (Some("boss".to_owned()), Some("DE1".to_owned()));
    let mandate = Mandate { tenant: "acme".to_owned(), number: 1, nickname, iban };
    mandate.put().send(&db).await.unwrap();
    let acme = db.within(&Payee::scope("acme")).unwrap();
    (db, acme)
}

#[tokio::test]
async fn items_of_other_models_have_no_part_in_a_check() {
    let (db, _) = payees().await;

    let report = db.check_unique::<Payee>().await.unwrap();

    assert!(report.is_clean(), "{report:?}");
    assert_eq!(PaymentItem::scan().count(&db).await.unwrap(), 3);
}

#[tokio::test]
async fn a_client_that_is_held_to_a_tenant_writes_unique_values_of_that_tenant() {
    let (db, acme) = payees().await;

    let mut ada = Payee::get(("acme", "ada")).send(&acme).await.unwrap().unwrap().tracked();
    ada.iban = Some("DE3".to_owned());
    ada.save().send(&acme).await.unwrap();
    payee("acme", "mary", Some("DE1")).put().send(&acme).await.unwrap_err();
    let mary = Payee { nickname: None, ..payee("acme", "mary", Some("DE1")) };
    mary.put().send(&acme).await.unwrap();
    Payee::delete(("acme", "ada")).send(&acme).await.unwrap();

    let foreign = payee("acme2", "mary", None).put().send(&acme).await.unwrap_err();
    assert!(foreign.is_validation(), "{foreign:?}");
    assert!(db.check_unique::<Payee>().await.unwrap().is_clean());
}

#[tokio::test]
async fn a_field_is_unique_among_all_tenants_unless_the_tenant_is_one_of_the_unique_fields() {
    let (_, acme) = payees().await;

    let error = payee("acme", "mary", Some("DE2")).put().send(&acme).await.unwrap_err();
    assert!(error.is_not_unique(), "{error:?}");
    let other = Payee { nickname: None, ..payee("acme", "mary", Some("DE2")) };
    let error = other.put().send(&acme).await.unwrap_err();
    assert!(error.is_not_unique() && error.attribute() == Some("iban"), "{error:?}");
}

#[tokio::test]
async fn a_check_by_a_client_that_is_held_to_a_tenant_concerns_that_tenant_alone() {
    let (db, acme) = payees().await;
    let acme2 = db.within(&Payee::scope("acme2")).unwrap();
    // In the one tenant a guard is missing, in the other one is left over.
    put_raw(&db, "payments", payee("acme", "mary", Some("DE7")).to_item().unwrap()).await;
    put_raw(&db, "payments", payee("acme2", "grace", None).to_item().unwrap()).await;

    let report = acme.check_unique::<Payee>().await.unwrap();
    let missing: Vec<_> = report.missing().iter().map(|finding| finding.attributes()).collect();
    assert_eq!((missing, report.left_over().len()), (vec![&["iban"][..]], 0), "{report:?}");
    assert_eq!(report.duplicates().len(), 1);
    assert_eq!(report.repair(&acme).await.unwrap(), 1);

    let report = acme2.check_unique::<Payee>().await.unwrap();
    assert_eq!((report.missing().len(), report.left_over().len(), report.duplicates().len()), (0, 1, 0));
    let refused = acme2.check_unique::<Payee>().await.unwrap().repair(&acme).await.unwrap_err();
    assert!(refused.is_validation(), "{refused:?}");
    assert_eq!(report.repair(&acme2).await.unwrap(), 1);

    let report = db.check_unique::<Payee>().await.unwrap();
    assert_eq!((report.missing().len(), report.left_over().len(), report.duplicates().len()), (0, 0, 1));
}

#[tokio::test]
async fn a_value_that_the_guard_of_another_tenants_item_holds_is_reported_and_stays_with_that_item() {
    let (db, acme) = payees().await;
    let taken = Payee { nickname: None, ..payee("acme", "mary", Some("DE2")) };
    put_raw(&db, "payments", taken.to_item().unwrap()).await;

    let report = acme.check_unique::<Payee>().await.unwrap();
    assert_eq!((report.missing().len(), report.left_over().len()), (1, 0));
    assert_eq!(report.repair(&acme).await.unwrap(), 0);

    assert_eq!(db.check_unique::<Payee>().await.unwrap().duplicates().len(), 1);
    let moved = Payee { nickname: None, ..payee("acme2", "mary", Some("DE2")) };
    let error = moved.put().send(&db).await.unwrap_err();
    assert!(error.is_not_unique(), "{error:?}");
}

#[tokio::test]
async fn queries_and_scans_of_other_models_meet_no_guards() {
    let (db, acme) = payees().await;

    assert_eq!(Mandate::scan("acme").count(&acme).await.unwrap(), 1);
    assert_eq!(Payee::scan("acme2").count(&db).await.unwrap(), 1);
}

#[tokio::test]
async fn the_value_of_another_tenants_item_that_is_gone_can_be_taken_by_a_client_that_is_held_to_one() {
    let (db, acme) = payees().await;
    let grace = payee("acme2", "grace", None).to_item().unwrap();
    let delete = db.sdk().delete_item().table_name(db.table_name(&tables::PAYMENTS));
    delete.key("pk", grace["pk"].clone()).key("sk", grace["sk"].clone()).send().await.unwrap();

    let mary = Payee { nickname: None, ..payee("acme", "mary", Some("DE2")) };
    mary.put().send(&acme).await.unwrap();

    assert!(acme.check_unique::<Payee>().await.unwrap().is_clean());
    assert_eq!(db.check_unique::<Payee>().await.unwrap().left_over().len(), 1);
}
