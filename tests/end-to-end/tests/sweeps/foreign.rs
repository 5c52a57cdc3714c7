//! What other programs stored: forms, keys and items that do not say of which model they are.

use super::*;
use dynamorm::sweep::SweepProblem;
use models::{Pallet, StockItem};

fn box_item(number_of_box: u32) -> Vec<(&'static str, AttributeValue)> {
    vec![
        ("pk", text("STOCK#north")),
        ("sk", text(&format!("{number_of_box:010}"))),
        ("site", text("north")),
        ("number", number(&number_of_box.to_string())),
        ("weight", number("5")),
    ]
}

fn pallet_item(code: &str, load: &str) -> Vec<(&'static str, AttributeValue)> {
    vec![
        ("pk", text("STOCK#north")),
        ("sk", text(&format!("P{code}"))),
        ("site", text("north")),
        ("code", text(code)),
        ("load", number(load)),
    ]
}

#[tokio::test]
async fn items_that_do_not_say_of_which_model_they_are_are_stamped() {
    let db = today().await;
    store(&db, &tables::STOCK, &box_item(1)).await;
    store(&db, &tables::STOCK, &pallet_item("7", "1.5")).await;
    store(&db, &tables::STOCK, &[("pk", text("else")), ("sk", text("else"))]).await;
    let report = StockItem::sweep().run(&db).await.unwrap();
    assert!(report.is_clean(), "{report}");
    assert_eq!(
        changes(&report),
        [
            change("Box", "type", ChangeKind::TypeMissing, 1),
            change("Pallet", "type", ChangeKind::TypeMissing, 1),
        ]
    );
    assert_eq!(report.counts().others, 1);
    let stored = items(&db, &tables::STOCK).await;
    let types: Vec<_> = stored.values().map(|item| item.get("type").cloned()).collect();
    assert_eq!(types, [Some(text("Box")), Some(text("Pallet")), None]);
}

#[tokio::test]
async fn a_sweep_of_one_model_passes_such_items_by_unless_it_is_told_to_stamp_them() {
    let db = today().await;
    store(&db, &tables::STOCK, &box_item(1)).await;
    let report = models::Box::sweep().run(&db).await.unwrap();
    assert_eq!((report.counts().items, report.counts().changed), (0, 0), "{report}");
    let report = models::Box::sweep().stamp_untyped().run(&db).await.unwrap();
    assert_eq!((report.counts().items, report.counts().changed), (1, 1), "{report}");
}

#[tokio::test]
async fn an_item_that_becomes_another_models_meanwhile_is_not_stamped() {
    use end_to_end::connector::{Step, disturbed};
    let db = today().await;
    store(&db, &tables::STOCK, &pallet_item("7", "1")).await;
    let other = db.clone();
    let replace = Step::meanwhile(async move {
        store(
            &other,
            &tables::STOCK,
            &[("pk", text("STOCK#north")), ("sk", text("P7")), ("note", text("mine"))],
        )
        .await;
    });
    let (sweeping, _) = disturbed(&db, [Step::Pass, replace]);
    let report = StockItem::sweep().segments(1).run(&sweeping).await.unwrap();
    let stored = items(&db, &tables::STOCK).await.into_values().next().unwrap();
    assert_eq!(stored.get("type"), None, "{report}");
}

#[tokio::test]
async fn a_number_stays_the_number_that_it_is() {
    let db = today().await;
    let mut item = pallet_item("7", "0.1000000000000000055511151231257827");
    item.push(("type", text("Pallet")));
    store(&db, &tables::STOCK, &item).await;
    let report = StockItem::sweep().run(&db).await.unwrap();
    assert_eq!((report.counts().unchanged, report.counts().changed), (1, 0), "{report}");
    assert_eq!(Pallet::get(("north", "7")).send(&db).await.unwrap().unwrap().load, Some(0.1));
}

#[tokio::test]
async fn a_stale_key_of_an_index_follows_its_fields() {
    let db = today().await;
    stored_orders(&db, 1).await;
    let _ = Order::sweep().run(&db).await.unwrap();
    // Another program renames the customer, and knows no key of an index.
    let update = db.sdk().update_item().table_name("orders").key("id", text("000"));
    let update = update.update_expression("SET customer = :name, placed_at = :at");
    let update = update.expression_attribute_values(":name", text("Barbara"));
    update.expression_attribute_values(":at", text("2025-01-01T00:00:00.000000Z")).send().await.unwrap();
    let report = Order::sweep().run(&db).await.unwrap();
    assert_eq!(
        changes(&report),
        [
            change("Order", "by_customer", ChangeKind::KeyStale, 1),
            change("Order", "by_day", ChangeKind::KeyStale, 1),
        ]
    );
    let page = Order::of_customer("Barbara").send(&db).await.unwrap();
    assert_eq!(page.items().len(), 1);
    let stored = items(&db, &tables::ORDERS).await.into_values().next().unwrap();
    assert_eq!(stored["by_day"], text("2025-01-01#000"));
}

#[tokio::test]
async fn an_item_whose_values_give_another_key_is_left_and_listed() {
    let db = today().await;
    let mut item = pallet_item("7", "1");
    item[3].1 = text("8");
    item.push(("type", text("Pallet")));
    store(&db, &tables::STOCK, &item).await;
    let before = items(&db, &tables::STOCK).await;
    let report = StockItem::sweep().run(&db).await.unwrap();
    let [failure] = report.failures() else { panic!("{report}") };
    assert!(matches!(failure.problem(), SweepProblem::KeyDiffers | SweepProblem::Unreadable), "{failure}");
    assert_eq!(items(&db, &tables::STOCK).await, before);
}

#[tokio::test]
async fn attributes_that_no_model_declares_stay() {
    let db = today().await;
    let mut item = box_item(1);
    item.push(("remark", text("fragile")));
    store(&db, &tables::STOCK, &item).await;
    let _ = StockItem::sweep().run(&db).await.unwrap();
    let stored = items(&db, &tables::STOCK).await.into_values().next().unwrap();
    assert_eq!(stored["remark"], text("fragile"));
}

#[tokio::test]
async fn an_item_that_could_be_of_several_models_is_left_and_listed() {
    let db = today().await;
    let item = |handle: &str, attributes: &[(&'static str, AttributeValue)]| {
        [&[("handle", text(handle))], attributes].concat()
    };
    store(&db, &tables::HANDLES, &item("ada", &[("born", number("1815"))])).await;
    store(&db, &tables::HANDLES, &item("acme", &[("employees", number("7"))])).await;
    store(&db, &tables::HANDLES, &item("both", &[("born", number("1900")), ("employees", number("7"))]))
        .await;
    let report = models::HandlesItem::sweep().run(&db).await.unwrap();
    let [failure] = report.failures() else { panic!("{report}") };
    assert_eq!((failure.problem(), failure.key()["handle"].clone()), (SweepProblem::Ambiguous, text("both")));
    let stored = items(&db, &tables::HANDLES).await;
    let types: Vec<_> = stored.values().map(|item| item.get("type").cloned()).collect();
    assert_eq!(types, [Some(text("Company")), Some(text("Person")), None]);
}

#[tokio::test]
async fn an_item_that_another_model_takes_over_meanwhile_is_gone() {
    use end_to_end::connector::{Step, disturbed};
    let db = today().await;
    store(&db, &tables::HANDLES, &[("handle", text("ada")), ("born", number("1815"))]).await;
    let other = db.clone();
    let taken = [("handle", text("ada")), ("type", text("Company")), ("employees", number("1"))];
    let replace = Step::meanwhile(async move { store(&other, &tables::HANDLES, &taken).await });
    let (sweeping, _) = disturbed(&db, [Step::Pass, replace]);
    let sweep = models::Person::sweep().stamp_untyped().segments(1);
    let report = sweep.run(&sweeping).await.unwrap();
    assert!(report.is_clean(), "{report}");
    assert_eq!((report.counts().gone, report.counts().changed), (1, 0));
}
