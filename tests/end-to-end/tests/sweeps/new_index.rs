//! Keys of a new index are added to the items that were stored before it.

use super::*;
use dynamorm::Hooks;
use dynamorm::sweep::SweepProblem;
use end_to_end::connector::recorded;

#[tokio::test]
async fn items_of_before_enter_a_new_index() {
    let db = today().await;
    stored_orders(&db, 30).await;
    let before = items(&db, &tables::ORDERS).await;
    let report = Order::sweep().run(&db).await.unwrap();
    assert!(report.is_clean(), "{report}");
    assert_eq!(report.counts().items, 30);
    assert_eq!(report.counts().changed, 30);
    assert_eq!(report.models()["Order"], 30);
    assert_eq!(
        changes(&report),
        [
            change("Order", "by_customer", ChangeKind::KeyMissing, 30),
            change("Order", "by_day", ChangeKind::KeyMissing, 30),
            change("Order", "channel", ChangeKind::Missing, 30),
            change("Order", "reference", ChangeKind::FormerName, 30),
        ]
    );
    let page = Order::of_customer("Ada").send(&db).await.unwrap();
    let amounts: Vec<_> = page.items().iter().map(|order| order.as_ref().unwrap().amount).collect();
    assert_eq!(amounts, (0..15).map(|number| number * 2).collect::<Vec<_>>());

    for (key, after) in items(&db, &tables::ORDERS).await {
        let before = &before[&key];
        assert_eq!(after["version"], number("2"), "the version follows the one that was read");
        assert_eq!(after["changed_at"], before["changed_at"], "the moment of the last update stays");
        assert!(!after.contains_key("ref"), "{after:?}");
        assert_eq!(after["reference"], before["ref"]);
        assert_eq!(after["channel"], text("web"));
    }
}

#[tokio::test]
async fn a_sweep_sends_what_differs_and_demands_what_it_derives_from() {
    let db = today().await;
    stored_orders(&db, 1).await;
    let (recording, record) = recorded(&db);
    let _ = Order::sweep().segments(1).run(&recording).await.unwrap();
    assert_eq!(record.operations(), ["Scan", "UpdateItem"]);
    let sent = record.sent().remove(1).body;
    let names: BTreeMap<String, String> =
        serde_json::from_value(sent["ExpressionAttributeNames"].clone()).unwrap();
    let in_words = |expression: &serde_json::Value| {
        let mut text = expression.as_str().unwrap().to_owned();
        for (placeholder, name) in names.iter().rev() {
            text = text.replace(placeholder, name);
        }
        text
    };
    let update = in_words(&sent["UpdateExpression"]);
    for attribute in ["by_customer", "by_day", "channel", "reference", "version"] {
        assert!(update.contains(attribute), "{update}");
    }
    for attribute in ["amount", "changed_at", "placed_at"] {
        assert!(!update.contains(attribute), "{update}");
    }
    let condition = in_words(&sent["ConditionExpression"]);
    for attribute in ["by_customer", "by_day", "channel", "customer", "placed_at", "reference", "version"] {
        assert!(condition.contains(attribute), "{condition}");
    }
    assert!(condition.contains("attribute_not_exists(by_day)"), "{condition}");
    assert!(!condition.contains("amount"), "{condition}");
}

#[tokio::test]
async fn hooks_do_not_run() {
    let db = today().await;
    stored_orders(&db, 2).await;
    let refuse = |_: &mut Order| Err("a hook ran".into());
    let hooks = Hooks::new().before_put::<Order>(refuse).before_update::<Order>(|_| Err("a hook ran".into()));
    let report = Order::sweep().run(&db.clone().with_hooks(hooks)).await.unwrap();
    assert!(report.is_clean(), "{report}");
    assert_eq!(report.counts().changed, 2);
}

#[tokio::test]
async fn what_cannot_be_read_is_listed_and_stops_nothing() {
    let db = today().await;
    stored_orders(&db, 3).await;
    store(&db, &tables::ORDERS, &[("id", text("odd")), ("customer", number("1"))]).await;
    let report = Order::sweep().run(&db).await.unwrap();
    assert!(!report.is_clean());
    assert_eq!((report.counts().changed, report.counts().failed), (3, 1));
    let [failure] = report.failures() else { panic!("{report}") };
    assert_eq!(failure.problem(), SweepProblem::Unreadable);
    assert_eq!(failure.model(), "Order");
    assert_eq!(failure.key()["id"], text("odd"));

    // Once it is mended, it is swept alone.
    db.sdk().delete_item().table_name("orders").key("id", text("odd")).send().await.unwrap();
    let mut odd = order_of_before(7);
    odd.id = "odd".to_owned();
    odd.put().send(&db).await.unwrap();
    let (recording, record) = recorded(&db);
    let again = Order::sweep().only(report.failures()).run(&recording).await.unwrap();
    assert!(again.is_clean(), "{again}");
    assert_eq!((again.counts().items, again.counts().changed), (1, 1));
    assert_eq!(record.operations(), ["GetItem", "UpdateItem"]);
    assert_eq!(order(&db, "odd").await.channel, "web");
}

#[tokio::test]
async fn the_version_of_a_full_item_is_a_listed_failure() {
    let db = today().await;
    stored_orders(&db, 1).await;
    let update = db.sdk().update_item().table_name("orders").key("id", text("000"));
    let full = number(&u64::MAX.to_string());
    update
        .update_expression("SET version = :full")
        .expression_attribute_values(":full", full)
        .send()
        .await
        .unwrap();
    let report = Order::sweep().run(&db).await.unwrap();
    let [failure] = report.failures() else { panic!("{report}") };
    assert_eq!(failure.problem(), SweepProblem::TooLarge, "{failure}");
}
