//! DynamoDB's limits: what they allow is accepted by the engine, what they refuse is refused before anything is sent.

use dynamorm::{Client, Condition, Error, Json, Operations, Result};
use end_to_end::connector::{Record, recorded};
use end_to_end::operations::{Everything, Hostile, Mark, Parcel, Reading, Stop, tables};
use end_to_end::samples::{database, everything, instant, parcel, stored};

/// A client without tables, and what it sends.
async fn unused() -> (Client, Record) {
    recorded(&test_support::client().await)
}

fn assert_refused<T: std::fmt::Debug>(outcome: Result<T>, attribute: Option<&str>, record: &Record) {
    let error: Error = outcome.unwrap_err();
    assert!(error.is_validation(), "{error:?}");
    assert_eq!(error.attribute(), attribute, "{error:?}");
    assert_eq!(error.attempts(), 0);
    assert!(record.sent().is_empty());
}

fn hostile(first: &str, second: &str) -> Hostile {
    Hostile::builder()
        .first(first)
        .second(second)
        .hash("h")
        .size(1)
        .counts([] as [(&str, u32); 0])
        .build()
        .unwrap()
}

/// Lists within lists, around nothing.
fn nested_lists(levels: usize) -> Json {
    (1..levels).fold(Json::Array(Vec::new()), |inner, _| Json::Array(vec![inner]))
}

/// As many operators as that in one condition: comparisons joined by `OR`, each counted, each join counted.
fn operators(count: usize) -> Condition<Parcel> {
    let joined =
        (1..(count - 1) / 2).fold(Parcel::WEIGHT.eq(0), |condition, _| condition | Parcel::WEIGHT.eq(0));
    if count.is_multiple_of(2) { joined | !Parcel::WEIGHT.eq(0) } else { joined | Parcel::WEIGHT.eq(0) }
}

#[tokio::test]
async fn an_item_of_the_largest_size_is_stored() {
    let db = database(&[&tables::HOSTILE]).await;
    let empty = Hostile { value: Some(String::new()), size: 11, ..hostile("k", "s") };
    // The names, the texts, one number, an empty map.
    let names = ["select", "a.b[0]", "#1 \"quoted\"", "größe", ":value", "0.counts"];
    let size = names.iter().map(|name| name.len()).sum::<usize>() + 3 + 2 + 3;

    let largest = Hostile { value: Some("x".repeat(409_600 - size)), ..empty };

    largest.put().send(&db).await.unwrap();
}

#[tokio::test]
async fn an_item_over_the_largest_size_is_not_sent() {
    let (db, record) = unused().await;
    let names = ["select", "a.b[0]", "#1 \"quoted\"", "größe", ":value", "0.counts"];
    let size = names.iter().map(|name| name.len()).sum::<usize>() + 3 + 2 + 3;
    let item = Hostile { value: Some("x".repeat(409_601 - size)), size: 11, ..hostile("k", "s") };

    assert_refused(item.put().send(&db).await, None, &record);
}

#[tokio::test]
async fn an_item_counts_again_for_each_local_index_that_holds_it() {
    let (db, record) = unused().await;
    let half = Parcel { note: Some("x".repeat(205_000)), ..parcel("Ulm", 1) };

    assert_refused(half.put().send(&db).await, None, &record);
}

#[tokio::test]
async fn an_item_that_fits_together_with_its_local_index_entries_is_stored() {
    let db = database(&[&tables::PARCELS]).await;

    let half = Parcel { note: Some("x".repeat(204_000)), ..parcel("Ulm", 1) };

    half.put().send(&db).await.unwrap();
}

#[tokio::test]
async fn an_item_that_an_update_makes_too_large_is_told_from_other_refusals() {
    let db = database(&[&tables::MARKS, &tables::HOSTILE]).await;
    let item = Hostile { value: Some("x".repeat(300_000)), ..hostile("k", "s") };
    item.put().send(&db).await.unwrap();

    let error = Hostile::update(&item).set(Hostile::SPACE, "x".repeat(300_000)).send(&db).await.unwrap_err();

    assert!(error.is_item_too_large(), "{error:?}");
}

#[tokio::test]
async fn keys_of_the_greatest_lengths_are_accepted() {
    let db = database(&[&tables::HOSTILE]).await;
    let item = hostile(&"p".repeat(2_048), &"s".repeat(1_024));

    item.put().send(&db).await.unwrap();

    assert_eq!(Hostile::get(&item).consistent().send(&db).await.unwrap(), Some(item));
}

#[tokio::test]
async fn a_partition_key_that_is_too_long_is_not_sent() {
    let (db, record) = unused().await;
    let long = "p".repeat(2_049);

    assert_refused(hostile(&long, "s").put().send(&db).await, Some("select"), &record);
    assert_refused(Hostile::get((long.as_str(), "s")).send(&db).await, Some("select"), &record);
    assert_refused(Hostile::update((long.as_str(), "s")).send(&db).await, Some("select"), &record);
    assert_refused(Hostile::delete((long.as_str(), "s")).send(&db).await, Some("select"), &record);
}

#[tokio::test]
async fn a_sort_key_that_is_too_long_is_not_sent() {
    let (db, record) = unused().await;
    let long = "s".repeat(1_025);

    assert_refused(hostile("p", &long).put().send(&db).await, Some("a.b[0]"), &record);
    assert_refused(Hostile::get(("p", long.as_str())).send(&db).await, Some("a.b[0]"), &record);
}

#[tokio::test]
async fn an_empty_key_is_not_sent() {
    let (db, record) = unused().await;

    assert_refused(hostile("", "s").put().send(&db).await, Some("select"), &record);
    assert_refused(hostile("p", "").put().send(&db).await, Some("a.b[0]"), &record);
    assert_refused(Mark::get("").send(&db).await, Some("name"), &record);
}

#[tokio::test]
async fn an_empty_key_of_bytes_is_not_sent() {
    let (db, record) = unused().await;
    let at = instant("2024-03-01T00:00:00Z");

    assert_refused(Reading::get((Vec::new(), at)).send(&db).await, Some("device"), &record);
}

#[tokio::test]
async fn a_query_for_an_empty_key_is_not_sent() {
    let (db, record) = unused().await;
    let at = instant("2024-03-01T00:00:00Z");

    assert_refused(Parcel::query("").send(&db).await, Some("depot"), &record);
    assert_refused(Reading::query(Vec::new()).send(&db).await, Some("device"), &record);
    assert_refused(Hostile::query("p").second().eq("").send(&db).await, Some("a.b[0]"), &record);
    assert_refused(Hostile::query("p").second().begins_with("").send(&db).await, Some("a.b[0]"), &record);
    assert_refused(Hostile::query("p").second().between("", "x").send(&db).await, Some("a.b[0]"), &record);
    assert_refused(Reading::query(Vec::new()).taken_at().lt(at).send(&db).await, Some("device"), &record);
}

#[tokio::test]
async fn a_query_for_a_key_that_is_too_long_is_not_sent() {
    let (db, record) = unused().await;
    let (partition, sort) = ("p".repeat(2_049), "s".repeat(1_025));

    assert_refused(Parcel::query(&partition).send(&db).await, Some("depot"), &record);
    assert_refused(Parcel::by_recipient(&partition).send(&db).await, Some("recipient"), &record);
    assert_refused(Hostile::query("p").second().gt(&sort).send(&db).await, Some("a.b[0]"), &record);
}

#[tokio::test]
async fn an_empty_index_key_is_not_sent() {
    let (db, record) = unused().await;
    let parcel = Parcel { courier: Some(String::new()), ..parcel("Ulm", 1) };

    assert_refused(parcel.put().send(&db).await, Some("courier"), &record);
}

#[tokio::test]
async fn an_index_key_that_is_too_long_is_not_sent() {
    let (db, record) = unused().await;
    let parcel = Parcel { recipient: "r".repeat(2_049), ..parcel("Ulm", 1) };

    assert_refused(parcel.put().send(&db).await, Some("recipient"), &record);
}

#[tokio::test]
async fn an_attribute_in_the_keys_of_two_indexes_keeps_the_limits_of_both() {
    let (db, record) = unused().await;
    let item = Hostile { hash: "h".repeat(1_025), ..hostile("p", "s") };

    assert_refused(item.put().send(&db).await, Some("#1 \"quoted\""), &record);
}

#[tokio::test]
async fn an_index_key_that_an_update_sets_keeps_the_same_limits() {
    let (db, record) = unused().await;
    let long = "r".repeat(2_049);

    let update = || Parcel::update(("Ulm", 1));
    assert_refused(update().set(Parcel::COURIER, "").send(&db).await, Some("courier"), &record);
    assert_refused(update().set(Parcel::RECIPIENT, &long).send(&db).await, Some("recipient"), &record);
    assert_refused(update().set_if_absent(Parcel::COURIER, "").send(&db).await, Some("courier"), &record);
}

#[tokio::test]
async fn is_in_takes_a_hundred_values() {
    let db = database(&[&tables::PARCELS]).await;
    stored(&db, "Ulm", 3).await;

    let found = Parcel::scan().filter(Parcel::WEIGHT.is_in(2..102)).count(&db).await.unwrap();

    assert_eq!(found, 2);
}

#[tokio::test]
async fn is_in_with_more_than_a_hundred_values_is_not_sent() {
    let (db, record) = unused().await;

    let scan = Parcel::scan().filter(Parcel::WEIGHT.is_in(0..101));

    assert_refused(scan.send(&db).await, Some("weight"), &record);
}

#[tokio::test]
async fn is_in_without_values_is_not_sent() {
    let (db, record) = unused().await;

    let scan = Parcel::scan().filter(Parcel::WEIGHT.is_in([0_u32; 0]));

    assert_refused(scan.send(&db).await, Some("weight"), &record);
}

#[tokio::test]
async fn three_hundred_operators_are_accepted() {
    let db = database(&[&tables::PARCELS]).await;

    assert_eq!(Parcel::scan().filter(operators(300)).count(&db).await.unwrap(), 0);
}

#[tokio::test]
async fn more_than_three_hundred_operators_are_not_sent() {
    let (db, record) = unused().await;

    assert_refused(Parcel::scan().filter(operators(301)).send(&db).await, None, &record);
}

#[tokio::test]
async fn each_expression_of_a_request_has_its_own_operators() {
    let db = database(&[&tables::PARCELS]).await;
    stored(&db, "Ulm", 1).await;

    let query = Parcel::query("Ulm").number().between(1, 2).filter(operators(300));

    assert_eq!(query.count(&db).await.unwrap(), 1);
}

#[tokio::test]
async fn an_update_may_have_more_than_three_hundred_actions() {
    let db = database(&[&tables::PARCELS]).await;
    stored(&db, "Ulm", 1).await;

    let update = (0..301).fold(Parcel::update(("Ulm", 1)), |update, label| {
        update.remove(Parcel::LABELS.key(label.to_string()))
    });

    update.send(&db).await.unwrap();
}

#[tokio::test]
async fn a_condition_of_any_size_is_refused_and_does_not_exhaust_the_stack() {
    let (db, record) = unused().await;
    let condition =
        (0..200_000).fold(Parcel::WEIGHT.eq(0), |condition, _| !(condition & Parcel::WEIGHT.eq(0)));

    assert_refused(Parcel::scan().filter(condition).send(&db).await, None, &record);
}

#[tokio::test]
async fn an_expression_of_more_than_4096_bytes_is_not_sent() {
    let (db, record) = unused().await;
    let condition = (1..60).fold(Parcel::LABELS.key("0").eq("x"), |condition, label| {
        (0..10).fold(condition, |condition, _| condition & Parcel::LABELS.key(label.to_string()).exists())
    });

    assert_refused(Parcel::scan().filter(condition).send(&db).await, None, &record);
}

#[tokio::test]
async fn a_path_of_thirty_two_elements_is_accepted() {
    let db = database(&[&tables::EVERYTHING]).await;

    let condition = deep_tree(15).exists();

    assert_eq!(Everything::scan().filter(condition).count(&db).await.unwrap(), 0);
}

#[tokio::test]
async fn a_path_of_more_than_thirty_two_elements_is_not_sent() {
    let (db, record) = unused().await;

    let error = Everything::scan().filter(deep_tree(16).exists()).send(&db).await.unwrap_err();

    assert!(error.is_validation(), "{error:?}");
    assert!(record.sent().is_empty());
}

/// `tree.branches[0].branches[0]…name`: two elements, and two for each level.
fn deep_tree(levels: usize) -> dynamorm::Attribute<Everything, String, dynamorm::Nested> {
    use end_to_end::operations::Tree;
    let branch = Everything::TREE.field(Tree::BRANCHES).at(0);
    let tree = (1..levels).fold(branch, |tree, _| tree.field(Tree::BRANCHES).at(0));
    tree.field(Tree::NAME)
}

#[tokio::test]
async fn a_between_whose_bounds_are_inverted_is_not_sent() {
    let (db, record) = unused().await;
    let (low, high) = (instant("2024-03-01T00:00:00Z"), instant("2024-03-02T00:00:00Z"));

    let by_number = Parcel::query("Ulm").number().between(10, 9);
    let by_time = Parcel::by_recipient("Ada").arrived_at().between(high, low);

    assert_refused(by_number.send(&db).await, Some("number"), &record);
    assert_refused(by_time.send(&db).await, Some("arrived_at"), &record);
}

#[tokio::test]
async fn a_filter_or_condition_between_inverted_bounds_is_not_sent() {
    let (db, record) = unused().await;
    let pieces = Parcel::ROUTE.at(0).field(Stop::PIECES);

    let filtered = Parcel::scan().filter(!Parcel::RECIPIENT.between("b", "a") & Parcel::NOTE.exists());
    let conditional = Parcel::delete(("Ulm", 1)).when(pieces.between(10, 9));
    let proper = Parcel::delete(("Ulm", 1)).when(Parcel::WEIGHT.between(9, 9)).into_sdk(&db);

    assert_refused(filtered.send(&db).await, Some("recipient"), &record);
    assert_refused(conditional.send(&db).await, Some("route[0].pieces"), &record);
    assert!(proper.is_ok());
}

#[tokio::test]
async fn a_filter_of_a_query_on_its_own_key_is_not_sent() {
    let (db, record) = unused().await;

    let on_table = Parcel::query("Ulm").filter(Parcel::NUMBER.gt(1));
    let on_index = Parcel::by_recipient("Ada").filter(Parcel::ARRIVED_AT.exists());

    assert_refused(on_table.send(&db).await, Some("number"), &record);
    assert_refused(on_index.send(&db).await, Some("arrived_at"), &record);
}

#[tokio::test]
async fn a_filter_of_an_index_query_on_the_key_of_the_table_is_accepted() {
    let db = database(&[&tables::PARCELS]).await;
    stored(&db, "Ulm", 3).await;

    let found = Parcel::by_recipient("Ada").filter(Parcel::NUMBER.gt(1) & Parcel::DEPOT.eq("Ulm"));

    assert_eq!(found.count(&db).await.unwrap(), 2);
}

#[tokio::test]
async fn two_actions_on_one_path_are_not_sent() {
    let (db, record) = unused().await;
    let update = Parcel::update(("Ulm", 1)).set(Parcel::WEIGHT, 1).add(Parcel::WEIGHT, 1);

    assert_refused(update.send(&db).await, Some("weight"), &record);
}

#[tokio::test]
async fn an_action_within_the_path_of_another_is_not_sent() {
    let (db, record) = unused().await;
    let update = Parcel::update(("Ulm", 1))
        .set(Parcel::ROUTE.at(0).field(Stop::PIECES), 1)
        .set(Parcel::ROUTE, Vec::new());

    assert_refused(update.send(&db).await, Some("route"), &record);
}

#[tokio::test]
async fn a_value_of_thirty_one_nested_levels_is_stored() {
    let db = database(&[&tables::EVERYTHING]).await;
    let item = Everything { json: nested_lists(31), ..everything() };

    item.put().send(&db).await.unwrap();

    assert_eq!(Everything::get(&item).consistent().send(&db).await.unwrap(), Some(item));
}

#[tokio::test]
async fn a_value_of_thirty_two_nested_levels_is_not_sent() {
    let (db, record) = unused().await;
    let item = Everything { json: nested_lists(32), ..everything() };

    assert_refused(item.put().send(&db).await, Some("json"), &record);
}

#[tokio::test]
async fn a_value_that_an_update_sets_is_nested_from_where_it_stands() {
    use end_to_end::operations::Tree;
    let (db, record) = unused().await;
    let leaf = Tree { name: "leaf".to_owned(), weight: None, leaves: [].into(), branches: Vec::new() };
    // Each level is a map and a list; the value stands within a map and a list already.
    let deep = (0..14).fold(leaf, |inner, _| Tree { branches: vec![inner.clone()], ..inner });
    let id = everything().key();

    let update = Everything::update(&id).set(Everything::TREE.field(Tree::BRANCHES).at(0), deep.clone());

    assert_refused(update.send(&db).await, Some("tree"), &record);
}

#[tokio::test]
async fn a_segment_that_does_not_exist_is_not_sent() {
    let (db, record) = unused().await;

    assert_refused(Parcel::scan().segment(3, 3).send(&db).await, None, &record);
}

#[tokio::test]
async fn a_page_of_no_items_is_not_sent() {
    let (db, record) = unused().await;

    assert_refused(Parcel::query("Ulm").page_size(0).send(&db).await, None, &record);
}

#[tokio::test]
async fn conditions_as_deep_as_the_limit_on_operators_lets_them_be_are_accepted() {
    let db = database(&[&tables::PARCELS]).await;
    let negated = (0..299).fold(Parcel::WEIGHT.eq(0), |condition, _| !condition);
    let alternating = (0..74)
        .fold(Parcel::WEIGHT.eq(0), |condition, _| (condition & Parcel::WEIGHT.eq(0)) | Parcel::WEIGHT.eq(0));

    assert_eq!(Parcel::scan().filter(negated).count(&db).await.unwrap(), 0);
    assert_eq!(Parcel::scan().filter(alternating).count(&db).await.unwrap(), 0);
}

#[tokio::test]
async fn an_empty_name_within_a_value_is_not_sent() {
    let (db, record) = unused().await;
    let labels = || std::collections::BTreeMap::from([(String::new(), "x".to_owned())]);
    let labelled = Parcel { labels: labels(), ..parcel("Ulm", 1) };

    assert_refused(labelled.put().send(&db).await, Some("labels"), &record);
    let update = Parcel::update(("Ulm", 1));
    assert_refused(update.set(Parcel::LABELS, labels()).send(&db).await, Some("labels"), &record);
}

#[tokio::test]
async fn an_empty_name_in_a_path_is_not_sent() {
    let (db, record) = unused().await;

    let update = Parcel::update(("Ulm", 1)).set(Parcel::LABELS.key(""), "x");
    let error = update.send(&db).await.unwrap_err();

    assert!(error.is_validation(), "{error:?}");
    assert!(record.sent().is_empty());
}

#[tokio::test]
async fn an_update_that_no_item_could_take_is_not_sent() {
    let (db, record) = unused().await;
    let half = "x".repeat(250_000);

    let update = Hostile::update(("p", "s")).set(Hostile::SPACE, half.as_str()).set(Hostile::NEWLINE, half);

    assert_refused(update.send(&db).await, None, &record);
}

#[tokio::test]
async fn values_that_an_update_may_not_write_count_for_nothing() {
    let db = database(&[&tables::HOSTILE]).await;
    let half = "x".repeat(250_000);
    let stored = Hostile { space: Some(half.clone()), ..hostile("p", "s") };
    stored.put().send(&db).await.unwrap();

    let update = Hostile::update(&stored).set_if_absent(Hostile::SPACE, half.as_str());
    update.set(Hostile::NEWLINE, "y".repeat(150_000)).send(&db).await.unwrap();
}

#[tokio::test]
async fn values_of_a_condition_that_are_too_large_together_are_not_sent() {
    let (db, record) = unused().await;
    let text = "x".repeat(1_100_000);

    let condition = Parcel::NOTE.ne(text.clone()) & Parcel::RECIPIENT.ne(text);

    assert_refused(Parcel::update(("Ulm", 1)).when(condition.clone()).send(&db).await, None, &record);
    assert_refused(Parcel::scan().filter(condition).send(&db).await, None, &record);
}

#[tokio::test]
async fn an_attribute_that_an_update_changes_in_many_places_has_one_name() {
    let db = test_support::client().await;
    // With the key, the name and those within the map, as much as an item may have.
    let sizes = [409_225 - 89].into_iter().chain([1; 89]);

    let update = sizes.enumerate().fold(Parcel::update(("Ulm", 1)), |update, (place, size)| {
        update.set(Parcel::LABELS.key(format!("l{place}")), "x".repeat(size))
    });

    update.into_sdk(&db).unwrap();
}
