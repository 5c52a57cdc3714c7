//! `UpdateItem`.

use dynamorm::{AttributeValue, Operations};
use end_to_end::connector::recorded;
use end_to_end::operations::{
    Address, Everything, Handover, Hostile, HostileInner, Parcel, State, Stop, tables,
};
use end_to_end::samples::{altered, database, everything, instant, parcel, put_raw, raw, stored};

fn stop(place: &str) -> Stop {
    Stop { place: place.to_owned(), arrival: instant("2024-03-01T00:00:00Z"), pieces: 1 }
}

/// What the update makes of a stored parcel.
async fn updated(
    parcel: Parcel,
    update: impl FnOnce(dynamorm::Update<Parcel>) -> dynamorm::Update<Parcel>,
) -> Parcel {
    let db = database(&[&tables::PARCELS]).await;
    parcel.put().send(&db).await.unwrap();
    update(Parcel::update(&parcel)).send(&db).await.unwrap();
    Parcel::get(&parcel).consistent().send(&db).await.unwrap().unwrap()
}

#[tokio::test]
async fn set_replaces_a_value() {
    let after = updated(parcel("Ulm", 1), |update| update.set(Parcel::RECIPIENT, "Grace")).await;

    assert_eq!(after, Parcel { recipient: "Grace".to_owned(), ..parcel("Ulm", 1) });
}

#[tokio::test]
async fn set_gives_an_optional_attribute_its_value() {
    let after = updated(parcel("Ulm", 1), |update| update.set(Parcel::NOTE, "fragile")).await;

    assert_eq!(after.note.as_deref(), Some("fragile"));
}

#[tokio::test]
async fn set_to_none_removes_the_attribute() {
    let db = database(&[&tables::PARCELS]).await;
    let parcel = Parcel { note: Some("fragile".to_owned()), ..parcel("Ulm", 1) };
    parcel.put().send(&db).await.unwrap();

    Parcel::update(&parcel).set(Parcel::NOTE, None).send(&db).await.unwrap();

    assert!(!raw(&db, &parcel).await.unwrap().contains_key("note"));
}

#[tokio::test]
async fn set_to_an_empty_set_removes_the_attribute() {
    let db = database(&[&tables::PARCELS]).await;
    let parcel = Parcel { tags: ["a".to_owned()].into(), ..parcel("Ulm", 1) };
    parcel.put().send(&db).await.unwrap();

    Parcel::update(&parcel).set(Parcel::TAGS, std::collections::BTreeSet::new()).send(&db).await.unwrap();

    assert!(!raw(&db, &parcel).await.unwrap().contains_key("tags"));
}

#[tokio::test]
async fn set_replaces_an_enumeration_with_fields() {
    let neighbour = Handover::Neighbour { name: "Grace".to_owned(), door: None };

    let after = updated(parcel("Ulm", 1), |update| update.set(Parcel::HANDOVER, neighbour.clone())).await;

    assert_eq!(after.handover, neighbour);
}

#[tokio::test]
async fn set_reaches_a_field_of_a_variant() {
    let neighbour = Handover::Neighbour { name: "Grace".to_owned(), door: None };
    let before = Parcel { handover: neighbour, ..parcel("Ulm", 1) };

    let after =
        updated(before, |update| update.set(Parcel::HANDOVER.field(Handover::neighbour_door()), 7)).await;

    assert_eq!(after.handover, Handover::Neighbour { name: "Grace".to_owned(), door: Some(7) });
}

#[tokio::test]
async fn set_reaches_into_a_list_of_structures() {
    let before = Parcel { route: vec![stop("Ulm"), stop("Bonn")], ..parcel("Ulm", 1) };

    let after = updated(before, |update| update.set(Parcel::ROUTE.at(1).field(Stop::PIECES), 3)).await;

    assert_eq!(after.route, [stop("Ulm"), Stop { pieces: 3, ..stop("Bonn") }]);
}

#[tokio::test]
async fn set_beyond_the_end_of_a_list_appends() {
    let before = Parcel { route: vec![stop("Ulm")], ..parcel("Ulm", 1) };

    let after = updated(before, |update| update.set(Parcel::ROUTE.at(9), stop("Bonn"))).await;

    assert_eq!(after.route, [stop("Ulm"), stop("Bonn")]);
}

#[tokio::test]
async fn set_reaches_an_entry_of_a_map_whose_name_is_hostile() {
    let after = updated(parcel("Ulm", 1), |update| update.set(Parcel::LABELS.key("a.b #1"), "x")).await;

    assert_eq!(after.labels, [("a.b #1".to_owned(), "x".to_owned())].into());
}

#[tokio::test]
async fn set_reaches_hostile_names() {
    let db = database(&[&tables::HOSTILE]).await;
    let inner = HostileInner { status: "new".to_owned(), dotted: 1 };
    let hostile =
        Hostile::builder().first("k").second("s").hash("h").size(1).counts([("a", 1)]).inner(inner.clone());
    let hostile = hostile.build().unwrap();
    hostile.put().send(&db).await.unwrap();

    Hostile::update(&hostile)
        .set(Hostile::INNER.field(HostileInner::DOTTED), 2)
        .set(Hostile::COUNTS.key("select"), 3)
        .add(Hostile::SIZE, 1)
        .remove(Hostile::VALUE)
        .when(Hostile::HASH.eq("h"))
        .send(&db)
        .await
        .unwrap();

    let after = Hostile::get(&hostile).consistent().send(&db).await.unwrap().unwrap();
    assert_eq!(after.inner, Some(HostileInner { dotted: 2, ..inner }));
    assert_eq!(after.counts, [("a".to_owned(), 1), ("select".to_owned(), 3)].into());
    assert_eq!(after.size, 2);
}

#[tokio::test]
async fn set_if_absent_gives_a_missing_attribute_a_value() {
    let after = updated(parcel("Ulm", 1), |update| update.set_if_absent(Parcel::NOTE, "new")).await;

    assert_eq!(after.note.as_deref(), Some("new"));
}

#[tokio::test]
async fn set_if_absent_leaves_a_value_that_is_there() {
    let before = Parcel { note: Some("old".to_owned()), ..parcel("Ulm", 1) };

    let after = updated(before, |update| update.set_if_absent(Parcel::NOTE, "new")).await;

    assert_eq!(after.note.as_deref(), Some("old"));
}

#[tokio::test]
async fn remove_removes_an_optional_attribute() {
    let before = Parcel { note: Some("old".to_owned()), ..parcel("Ulm", 1) };

    let after = updated(before, |update| update.remove(Parcel::NOTE)).await;

    assert_eq!(after.note, None);
}

#[tokio::test]
async fn remove_takes_an_element_out_of_a_list() {
    let before = Parcel { route: vec![stop("Ulm"), stop("Bonn")], ..parcel("Ulm", 1) };

    let after = updated(before, |update| update.remove(Parcel::ROUTE.at(0))).await;

    assert_eq!(after.route, [stop("Bonn")]);
}

#[tokio::test]
async fn remove_takes_an_entry_out_of_a_map() {
    let before = Parcel { labels: [("a".to_owned(), "x".to_owned())].into(), ..parcel("Ulm", 1) };

    let after = updated(before, |update| update.remove(Parcel::LABELS.key("a"))).await;

    assert!(after.labels.is_empty());
}

#[tokio::test]
async fn add_adds_to_a_number() {
    let after = updated(parcel("Ulm", 1), |update| update.add(Parcel::WEIGHT, 41)).await;

    assert_eq!(after.weight, 42);
}

#[tokio::test]
async fn add_of_a_negative_number_subtracts() {
    let before = Parcel { weight: 10, ..parcel("Ulm", 1) };

    let after = updated(before, |update| update.add(Parcel::WEIGHT, -10)).await;

    assert_eq!(after.weight, 0);
}

#[tokio::test]
async fn add_counts_a_missing_number_as_zero() {
    let after = updated(parcel("Ulm", 1), |update| update.add(Parcel::DRIFT, -5)).await;

    assert_eq!(after.drift, Some(-5));
}

#[tokio::test]
async fn add_of_decimals_is_exact() {
    let before = Parcel { postage: "0.1".parse().unwrap(), ..parcel("Ulm", 1) };

    let delta: dynamorm::Decimal = "0.2".parse().unwrap();
    let after = updated(before, |update| update.add(Parcel::POSTAGE, delta)).await;

    assert_eq!(after.postage, "0.3".parse().unwrap());
}

#[tokio::test]
async fn add_reaches_a_nested_number() {
    let before = Parcel { route: vec![stop("Ulm")], ..parcel("Ulm", 1) };

    let after = updated(before, |update| update.add(Parcel::ROUTE.at(0).field(Stop::PIECES), 2)).await;

    assert_eq!(after.route[0].pieces, 3);
}

#[tokio::test]
async fn add_puts_members_into_a_set() {
    let before = Parcel { tags: ["a".to_owned()].into(), ..parcel("Ulm", 1) };

    let after = updated(before, |update| update.add(Parcel::TAGS, ["a", "b"])).await;

    assert_eq!(after.tags, ["a".to_owned(), "b".to_owned()].into());
}

#[tokio::test]
async fn delete_from_takes_members_out_of_a_set() {
    let before = Parcel { tags: ["a".to_owned(), "b".to_owned()].into(), ..parcel("Ulm", 1) };

    let after = updated(before, |update| update.delete_from(Parcel::TAGS, ["b", "c"])).await;

    assert_eq!(after.tags, ["a".to_owned()].into());
}

#[tokio::test]
async fn append_puts_elements_behind_a_list() {
    let before = Parcel { route: vec![stop("Ulm")], ..parcel("Ulm", 1) };

    let after = updated(before, |update| update.append(Parcel::ROUTE, [stop("Bonn"), stop("Kiel")])).await;

    assert_eq!(after.route, [stop("Ulm"), stop("Bonn"), stop("Kiel")]);
}

#[tokio::test]
async fn prepend_puts_elements_before_a_list() {
    let before = Parcel { route: vec![stop("Ulm")], ..parcel("Ulm", 1) };

    let after = updated(before, |update| update.prepend(Parcel::ROUTE, [stop("Bonn"), stop("Kiel")])).await;

    assert_eq!(after.route, [stop("Bonn"), stop("Kiel"), stop("Ulm")]);
}

#[tokio::test]
async fn append_makes_an_optional_list_that_is_missing() {
    let after = updated(parcel("Ulm", 1), |update| update.append(Parcel::REMARKS, ["a", "b"])).await;

    assert_eq!(after.remarks, Some(vec!["a".to_owned(), "b".to_owned()]));
}

#[tokio::test]
async fn several_actions_are_one_update() {
    let before = Parcel { note: Some("old".to_owned()), ..parcel("Ulm", 1) };

    let after = updated(before, |update| {
        update
            .set(Parcel::STATE, State::OnTheWay)
            .remove(Parcel::NOTE)
            .add(Parcel::ATTEMPTS, 1)
            .add(Parcel::TAGS, ["late"])
    })
    .await;

    let expected =
        Parcel { state: State::OnTheWay, attempts: 1, tags: ["late".to_owned()].into(), ..parcel("Ulm", 1) };
    assert_eq!(after, expected);
}

#[tokio::test]
async fn an_update_without_actions_leaves_the_item_as_it_is() {
    let after = updated(parcel("Ulm", 1), |update| update).await;

    assert_eq!(after, parcel("Ulm", 1));
}

#[tokio::test]
async fn an_update_keeps_attributes_that_the_model_does_not_know() {
    let db = database(&[&tables::PARCELS]).await;
    let parcel = parcel("Ulm", 1);
    put_raw(&db, "parcels", altered(&parcel, [("unknown", AttributeValue::Bool(true))])).await;

    Parcel::update(&parcel).set(Parcel::WEIGHT, 5).send(&db).await.unwrap();

    assert_eq!(raw(&db, &parcel).await.unwrap()["unknown"], AttributeValue::Bool(true));
}

#[tokio::test]
async fn the_new_item_is_returned_where_it_is_wanted() {
    let db = database(&[&tables::PARCELS]).await;
    let parcels = stored(&db, "Ulm", 1).await;

    let after = Parcel::update(&parcels[0]).set(Parcel::WEIGHT, 5).return_new().send(&db).await.unwrap();

    assert_eq!(after, Parcel { weight: 5, ..parcel("Ulm", 1) });
}

#[tokio::test]
async fn an_update_whose_condition_holds_is_carried_out() {
    let after =
        updated(parcel("Ulm", 1), |update| update.set(Parcel::WEIGHT, 5).when(Parcel::WEIGHT.eq(1))).await;

    assert_eq!(after.weight, 5);
}

#[tokio::test]
async fn an_update_whose_condition_fails_changes_nothing_and_returns_the_item() {
    let db = database(&[&tables::PARCELS]).await;
    let parcels = stored(&db, "Ulm", 1).await;

    let update = Parcel::update(&parcels[0]).set(Parcel::WEIGHT, 5).when(Parcel::WEIGHT.ne(1));
    let error = update.send(&db).await.unwrap_err();

    assert!(error.is_condition_failed(), "{error:?}");
    assert_eq!(error.current::<Parcel>().unwrap().unwrap(), parcels[0]);
    assert_eq!(Parcel::get(&parcels[0]).consistent().send(&db).await.unwrap().as_ref(), parcels.first());
}

#[tokio::test]
async fn a_second_condition_must_hold_too() {
    let db = database(&[&tables::PARCELS]).await;
    let parcels = stored(&db, "Ulm", 1).await;

    let update = Parcel::update(&parcels[0])
        .set(Parcel::WEIGHT, 5)
        .when(Parcel::WEIGHT.eq(1) | Parcel::WEIGHT.eq(2))
        .when(Parcel::NOTE.exists());
    let error = update.send(&db).await.unwrap_err();

    assert!(error.is_condition_failed(), "{error:?}");
}

#[tokio::test]
async fn a_condition_on_an_item_that_is_not_there_says_so() {
    let db = database(&[&tables::PARCELS]).await;

    let update = Parcel::update(("Ulm", 1)).set(Parcel::WEIGHT, 5).when(Parcel::WEIGHT.eq(1));
    let error = update.send(&db).await.unwrap_err();

    assert!(error.is_not_found(), "{error:?}");
}

#[tokio::test]
async fn an_addition_above_its_type_changes_nothing_and_names_the_attribute() {
    let db = database(&[&tables::PARCELS]).await;
    let parcel = Parcel { attempts: 250, ..parcel("Ulm", 1) };
    parcel.put().send(&db).await.unwrap();

    let error = Parcel::update(&parcel).add(Parcel::ATTEMPTS, 6).send(&db).await.unwrap_err();

    assert!(error.is_out_of_range(), "{error:?}");
    assert_eq!(error.attribute(), Some("attempts"));
    assert_eq!(Parcel::get(&parcel).consistent().send(&db).await.unwrap(), Some(parcel));
}

#[tokio::test]
async fn an_addition_up_to_the_bound_of_its_type_is_carried_out() {
    let before = Parcel { attempts: 250, ..parcel("Ulm", 1) };

    let after = updated(before, |update| update.add(Parcel::ATTEMPTS, 5)).await;

    assert_eq!(after.attempts, 255);
}

#[tokio::test]
async fn an_addition_that_no_value_could_take_is_out_of_range() {
    let db = database(&[&tables::PARCELS]).await;
    let parcels = stored(&db, "Ulm", 1).await;

    let error = Parcel::update(&parcels[0]).add(Parcel::DRIFT, 40_000).send(&db).await.unwrap_err();

    assert!(error.is_out_of_range(), "{error:?}");
}

#[tokio::test]
async fn a_condition_on_what_is_added_to_has_failed_where_the_range_would_be_left_too() {
    let db = database(&[&tables::PARCELS]).await;
    let parcel = Parcel { weight: 1, ..parcel("Ulm", 1) };
    parcel.put().send(&db).await.unwrap();

    let update = Parcel::update(&parcel).add(Parcel::WEIGHT, -2).when(Parcel::WEIGHT.ge(2));
    let error = update.send(&db).await.unwrap_err();

    assert!(error.is_condition_failed() && !error.is_out_of_range(), "{error:?}");
}

#[tokio::test]
async fn a_failed_condition_is_told_from_an_addition_out_of_range() {
    let db = database(&[&tables::PARCELS]).await;
    let parcels = stored(&db, "Ulm", 1).await;

    let update = Parcel::update(&parcels[0]).add(Parcel::ATTEMPTS, 1).when(Parcel::NOTE.exists());
    let error = update.send(&db).await.unwrap_err();

    assert!(error.is_condition_failed(), "{error:?}");
}

#[tokio::test]
async fn a_value_that_its_rule_refuses_is_not_sent() {
    let (db, record) = recorded(&test_support::client().await);

    let error = Parcel::update(("Ulm", 1)).set(Parcel::RECIPIENT, "").send(&db).await.unwrap_err();

    assert!(error.is_validation(), "{error:?}");
    assert_eq!(error.attribute(), Some("recipient"));
    assert!(record.sent().is_empty());
}

#[tokio::test]
async fn a_nested_value_that_its_rule_refuses_is_not_sent() {
    let (db, record) = recorded(&test_support::client().await);

    let update = Parcel::update(("Ulm", 1)).set(Parcel::ROUTE.at(2).field(Stop::PIECES), 0);
    let error = update.send(&db).await.unwrap_err();

    assert!(error.is_validation(), "{error:?}");
    assert_eq!(error.attribute(), Some("route[2].pieces"));
    assert!(record.sent().is_empty());
}

#[tokio::test]
async fn a_rule_within_a_structure_holds_where_the_structure_is_set() {
    let (db, record) = recorded(&test_support::client().await);
    let address = Address { street: String::new(), city: "Ulm".to_owned(), floor: None };

    let error = Parcel::update(("Ulm", 1)).set(Parcel::ADDRESS, address).send(&db).await.unwrap_err();

    assert!(error.is_validation(), "{error:?}");
    assert_eq!(error.attribute(), Some("address.street"));
    assert!(record.sent().is_empty());
}

#[tokio::test]
async fn an_appended_element_that_its_rule_refuses_is_not_sent() {
    let (db, record) = recorded(&test_support::client().await);

    let error = Parcel::update(("Ulm", 1)).append(Parcel::ROUTE, [stop("")]).send(&db).await.unwrap_err();

    assert!(error.is_validation(), "{error:?}");
    assert!(record.sent().is_empty());
}

#[tokio::test]
async fn a_changed_attribute_moves_the_item_within_its_indexes() {
    let db = database(&[&tables::PARCELS]).await;
    let parcels = stored(&db, "Ulm", 1).await;

    Parcel::update(&parcels[0]).set(Parcel::STATE, State::Delivered).send(&db).await.unwrap();

    assert_eq!(Parcel::by_state(State::Stored).count(&db).await.unwrap(), 0);
    assert_eq!(Parcel::by_state(State::Delivered).count(&db).await.unwrap(), 1);
}

#[tokio::test]
async fn an_optional_set_or_list_is_set_from_an_array() {
    let after =
        updated(parcel("Ulm", 1), |update| update.set(Parcel::MARKS, ["a", "b"]).set(Parcel::REMARKS, ["c"]))
            .await;

    assert_eq!(after.marks, Some(["a".to_owned(), "b".to_owned()].into()));
    assert_eq!(after.remarks, Some(vec!["c".to_owned()]));
}

#[tokio::test]
async fn an_addition_to_a_float_stays_within_its_type() {
    let db = database(&[&tables::EVERYTHING]).await;
    let everything = Everything { f32: 0.5, ..everything() };
    everything.put().send(&db).await.unwrap();
    let update = || Everything::update(&everything);

    update().add(Everything::F32, 0.1).send(&db).await.unwrap();
    update().set(Everything::F32, 3e38).send(&db).await.unwrap();
    let error = update().add(Everything::F32, 3e38).send(&db).await.unwrap_err();
    update().add(Everything::F32, -1e38).send(&db).await.unwrap();

    assert!(error.is_out_of_range(), "{error:?}");
    let after = Everything::get(&everything).consistent().send(&db).await.unwrap().unwrap();
    assert!((1.9e38..2.1e38).contains(&after.f32), "{}", after.f32);
}
