//! What a missing attribute with a declared default counts as, in selections and updates.

use dynamorm::{AttributeValue, Operations};

use crate::models::{Counter, Inner, Step};
use crate::{counter, database, lacking, raw, read};

#[tokio::test]
async fn a_selection_gives_a_missing_attribute_its_declared_default() {
    let (db, _) = lacking(&["level", "chance", "log", "asked"]).await;

    let selection = (Counter::LEVEL, Counter::CHANCE, Counter::LOG, Counter::ASKED);
    let selected = Counter::get("a").select(selection).send(&db).await.unwrap().unwrap();

    assert_eq!(selected, (10, Some(-5), vec!["begun".to_owned()], 7));
}

#[tokio::test]
async fn a_selection_over_a_scan_gives_a_missing_attribute_its_declared_default() {
    let (db, _) = lacking(&["rate"]).await;

    let selected = Counter::scan().select(Counter::RATE).items(&db).all().await.unwrap();

    assert_eq!(selected, ["0.5".parse().unwrap()]);
}

#[tokio::test]
async fn a_selection_of_a_missing_attribute_whose_default_is_for_building_alone_is_an_error() {
    let (db, _) = lacking(&["built"]).await;

    let error = Counter::get("a").select(Counter::BUILT).send(&db).await.unwrap_err();

    assert!(error.is_item_error(), "{error:?}");
    assert_eq!(error.attribute(), Some("built"));
}

#[tokio::test]
async fn an_addition_to_a_missing_number_begins_at_its_declared_default() {
    let (db, _) = lacking(&["level", "chance", "rate", "asked"]).await;

    let half: dynamorm::Decimal = "0.25".parse().unwrap();
    let update =
        Counter::update("a").add(Counter::LEVEL, -3).add(Counter::CHANCE, 1).add(Counter::RATE, half);
    update.add(Counter::ASKED, 1).send(&db).await.unwrap();

    let after = read(&db, "a").await;
    assert_eq!((after.level, after.chance, after.asked), (7, Some(-4), 8));
    assert_eq!(after.rate, "0.75".parse().unwrap());
}

#[tokio::test]
async fn an_addition_to_a_number_that_is_there_begins_at_it() {
    let (db, counter) = lacking(&[]).await;

    Counter::update(&counter).add(Counter::LEVEL, 5).add(Counter::CHANCE, 5).send(&db).await.unwrap();

    let after = read(&db, "a").await;
    assert_eq!((after.level, after.chance), (15, Some(0)));
}

#[tokio::test]
async fn an_addition_that_would_take_a_declared_default_out_of_range_changes_nothing() {
    let (db, _) = lacking(&["level"]).await;

    let error = Counter::update("a").add(Counter::LEVEL, -11).send(&db).await.unwrap_err();

    assert!(error.is_out_of_range(), "{error:?}");
    assert_eq!(error.attribute(), Some("level"));
    assert!(!raw(&db, "a").await.unwrap().contains_key("level"));
}

#[tokio::test]
async fn an_addition_to_a_missing_nested_number_begins_at_its_declared_default() {
    let db = database().await;
    let mut item = counter("a").to_item().unwrap();
    let place = [("place".to_owned(), AttributeValue::S("Ulm".to_owned()))];
    item.insert("steps".to_owned(), AttributeValue::L(vec![AttributeValue::M(place.into())]));
    item.insert("inner".to_owned(), AttributeValue::M([].into()));
    end_to_end::samples::put_raw(&db, "counters", item).await;

    let times = Counter::STEPS.at(0).field(Step::TIMES);
    let update = Counter::update("a").add(times, 1).add(Counter::INNER.field(Inner::NUMBER), -1);
    update.append(Counter::INNER.field(Inner::WORDS), ["second"]).send(&db).await.unwrap();

    let after = read(&db, "a").await;
    assert_eq!(after.steps[0].times, 3);
    let inner = after.inner.unwrap();
    assert_eq!((inner.number, inner.words), (99, vec!["first".to_owned(), "second".to_owned()]));
}

#[tokio::test]
async fn elements_are_appended_to_the_declared_default_of_a_missing_list() {
    let (db, _) = lacking(&["empty", "log"]).await;

    let update = Counter::update("a").append(Counter::LOG, ["ended"]).append(Counter::EMPTY, ["x"]);
    update.send(&db).await.unwrap();

    let after = read(&db, "a").await;
    assert_eq!(after.log, ["begun", "ended"]);
    assert_eq!(after.empty, ["x"]);
}

#[tokio::test]
async fn elements_are_prepended_to_the_declared_default_of_a_missing_list() {
    let (db, _) = lacking(&["log"]).await;

    Counter::update("a").prepend(Counter::LOG, ["before"]).send(&db).await.unwrap();

    assert_eq!(read(&db, "a").await.log, ["before", "begun"]);
}

#[test]
fn a_handle_tells_its_declared_default() {
    assert_eq!(Counter::LEVEL.declared_default(), Some(10));
    assert_eq!(Counter::CHANCE.declared_default(), Some(Some(-5)));
    assert_eq!(Counter::ASKED.declared_default(), Some(7));
    assert_eq!(Counter::BUILT.declared_default(), None);
    assert_eq!(Counter::TITLE.declared_default(), None);
}
