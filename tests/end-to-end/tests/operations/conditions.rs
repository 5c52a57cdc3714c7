//! Every operator of a condition, as a filter: both engines evaluate it.

use std::collections::BTreeSet;

use dynamorm::{AttributeType, Client, Condition, Operations};
use end_to_end::connector::recorded;
use end_to_end::operations::{Address, Handover, Parcel, State, Stop, tables};
use end_to_end::samples::{database, instant, parcel};

/// Three parcels that differ in everything that conditions look at.
async fn three_parcels() -> Client {
    let db = database(&[&tables::PARCELS]).await;
    let one = parcel("Ulm", 1);
    let two = Parcel {
        recipient: "Grace".to_owned(),
        state: State::Delivered,
        note: Some("fragile".to_owned()),
        tags: ["late".to_owned()].into(),
        route: vec![Stop { place: "Bonn".to_owned(), arrival: instant("2024-03-02T00:00:00Z"), pieces: 4 }],
        postage: "2.50".parse().unwrap(),
        expires_at: Some(instant("2024-04-01T00:00:00Z")),
        seal: Some(vec![1, 2, 3]),
        ..parcel("Ulm", 2)
    };
    let three = Parcel {
        insured: true,
        remarks: Some(vec!["wet".to_owned()]),
        labels: [("a.b".to_owned(), "x".to_owned())].into(),
        address: Some(Address { street: "Lane".to_owned(), city: "Bonn".to_owned(), floor: Some(2) }),
        handover: Handover::Neighbour { name: "Grace".to_owned(), door: Some(7) },
        ..parcel("Ulm", 3)
    };
    for parcel in [one, two, three] {
        parcel.put().send(&db).await.unwrap();
    }
    db
}

/// The numbers of the parcels that a condition holds for.
async fn numbers(condition: Condition<Parcel>) -> Vec<u64> {
    let db = three_parcels().await;
    let mut found = Parcel::scan().filter(condition).items(&db).all().await.unwrap();
    found.sort_by_key(|parcel| parcel.number);
    found.into_iter().map(|parcel| parcel.number).collect()
}

#[tokio::test]
async fn eq_compares_text() {
    assert_eq!(numbers(Parcel::RECIPIENT.eq("Grace")).await, [2]);
}

#[tokio::test]
async fn eq_compares_enumerations() {
    assert_eq!(numbers(Parcel::STATE.eq(State::Delivered)).await, [2]);
}

#[tokio::test]
async fn eq_compares_whole_structures() {
    let address = Address { street: "Lane".to_owned(), city: "Bonn".to_owned(), floor: Some(2) };

    assert_eq!(numbers(Parcel::ADDRESS.eq(address)).await, [3]);
}

#[tokio::test]
async fn ne_holds_where_the_attribute_is_missing() {
    assert_eq!(numbers(Parcel::NOTE.ne("fragile")).await, [1, 3]);
}

#[tokio::test]
async fn lt_compares_numbers() {
    assert_eq!(numbers(Parcel::WEIGHT.lt(2)).await, [1]);
}

#[tokio::test]
async fn le_compares_numbers() {
    assert_eq!(numbers(Parcel::WEIGHT.le(2)).await, [1, 2]);
}

#[tokio::test]
async fn gt_compares_decimals() {
    assert_eq!(numbers(Parcel::POSTAGE.gt(2)).await, [2]);
}

#[tokio::test]
async fn ge_compares_instants() {
    assert_eq!(numbers(Parcel::ARRIVED_AT.ge(instant("2024-03-02T12:00:00Z"))).await, [2, 3]);
}

#[tokio::test]
async fn lt_compares_instants_that_are_stored_as_numbers() {
    assert_eq!(numbers(Parcel::EXPIRES_AT.lt(instant("2025-01-01T00:00:00Z"))).await, [2]);
}

#[tokio::test]
async fn between_includes_its_bounds() {
    assert_eq!(numbers(Parcel::WEIGHT.between(2, 3)).await, [2, 3]);
}

#[tokio::test]
async fn is_in_finds_any_of_its_values() {
    assert_eq!(numbers(Parcel::WEIGHT.is_in([1, 3, 5])).await, [1, 3]);
}

#[tokio::test]
async fn begins_with_compares_the_beginning_of_text() {
    assert_eq!(numbers(Parcel::RECIPIENT.begins_with("Gra")).await, [2]);
}

#[tokio::test]
async fn begins_with_compares_the_beginning_of_bytes() {
    assert_eq!(numbers(Parcel::SEAL.begins_with(vec![1, 2])).await, [2]);
}

#[tokio::test]
async fn contains_looks_within_text() {
    assert_eq!(numbers(Parcel::NOTE.contains("agi")).await, [2]);
}

#[tokio::test]
async fn contains_looks_for_a_member_of_a_set() {
    assert_eq!(numbers(Parcel::TAGS.contains("late")).await, [2]);
}

#[tokio::test]
async fn contains_looks_for_an_element_of_a_list() {
    assert_eq!(numbers(Parcel::REMARKS.contains("wet")).await, [3]);
}

#[tokio::test]
async fn exists_holds_where_the_attribute_is() {
    assert_eq!(numbers(Parcel::NOTE.exists()).await, [2]);
}

#[tokio::test]
async fn not_exists_holds_where_the_attribute_is_missing() {
    assert_eq!(numbers(Parcel::NOTE.not_exists()).await, [1, 3]);
}

#[tokio::test]
async fn has_type_compares_the_stored_type() {
    assert_eq!(numbers(Parcel::HANDOVER.has_type(AttributeType::Map)).await, [1, 2, 3]);
}

#[tokio::test]
async fn size_counts_the_characters_of_text() {
    assert_eq!(numbers(Parcel::RECIPIENT.size().gt(4)).await, [2]);
}

#[tokio::test]
async fn size_counts_the_elements_of_a_list() {
    assert_eq!(numbers(Parcel::ROUTE.size().eq(1)).await, [2]);
}

#[tokio::test]
async fn a_path_reaches_into_a_list_of_structures() {
    assert_eq!(numbers(Parcel::ROUTE.at(0).field(Stop::PIECES).ge(4)).await, [2]);
}

#[tokio::test]
async fn a_path_reaches_into_a_map_by_a_hostile_name() {
    assert_eq!(numbers(Parcel::LABELS.key("a.b").eq("x")).await, [3]);
}

#[tokio::test]
async fn a_path_reaches_into_an_optional_structure() {
    assert_eq!(numbers(Parcel::ADDRESS.field(Address::FLOOR).eq(2)).await, [3]);
}

#[tokio::test]
async fn a_path_reaches_a_field_of_a_variant() {
    assert_eq!(numbers(Parcel::HANDOVER.field(Handover::neighbour_name()).eq("Grace")).await, [3]);
}

#[tokio::test]
async fn and_needs_both() {
    assert_eq!(numbers(Parcel::WEIGHT.ge(2) & Parcel::NOTE.exists()).await, [2]);
}

#[tokio::test]
async fn or_needs_one() {
    assert_eq!(numbers(Parcel::WEIGHT.eq(1) | Parcel::NOTE.exists()).await, [1, 2]);
}

#[tokio::test]
async fn not_turns_a_condition_round() {
    assert_eq!(numbers(!Parcel::INSURED.eq(true)).await, [1, 2]);
}

#[tokio::test]
async fn or_within_and_keeps_its_meaning() {
    let one_or_two = Parcel::WEIGHT.eq(1) | Parcel::WEIGHT.eq(2);

    assert_eq!(numbers(one_or_two & Parcel::NOTE.exists()).await, [2]);
}

#[tokio::test]
async fn and_within_or_keeps_its_meaning() {
    let noted = Parcel::WEIGHT.eq(2) & Parcel::NOTE.exists();

    assert_eq!(numbers(noted | Parcel::INSURED.eq(true)).await, [2, 3]);
}

#[tokio::test]
async fn not_of_a_join_keeps_its_meaning() {
    assert_eq!(numbers(!(Parcel::WEIGHT.eq(1) | Parcel::NOTE.exists())).await, [3]);
}

#[tokio::test]
async fn not_of_not_is_the_condition_itself() {
    assert_eq!(numbers(!!Parcel::WEIGHT.eq(1)).await, [1]);
}

#[tokio::test]
async fn a_comparison_with_an_empty_set_says_that_there_is_none() {
    let (db, record) = recorded(&test_support::client().await);

    let compared = Parcel::scan().filter(Parcel::TAGS.eq(BTreeSet::new())).send(&db).await.unwrap_err();
    let set = Parcel::update(("Ulm", 1)).set_if_absent(Parcel::TAGS, BTreeSet::new()).send(&db).await;

    for error in [compared, set.unwrap_err()] {
        assert_eq!(error.attribute(), Some("tags"));
        assert!(error.to_string().contains("DynamoDB has no empty sets"), "{error}");
    }
    assert!(record.sent().is_empty());
}
