//! `Query` on a table.

use dynamorm::{Client, Query};
use end_to_end::operations::{Account, Entry, Parcel, tables};
use end_to_end::samples::{database, instant, parcel, stored};

/// Parcels 1 to 5 in Ulm, and one elsewhere.
async fn parcels() -> Client {
    let db = database(&[&tables::PARCELS]).await;
    stored(&db, "Ulm", 5).await;
    stored(&db, "Ulm 2", 1).await;
    db
}

async fn numbers(query: impl Into<Query<Parcel>>) -> Vec<u64> {
    let db = parcels().await;
    query.into().items(&db).all().await.unwrap().into_iter().map(|parcel| parcel.number).collect()
}

#[tokio::test]
async fn a_query_reads_one_partition_in_the_order_of_its_sort_key() {
    assert_eq!(numbers(Parcel::query("Ulm")).await, [1, 2, 3, 4, 5]);
}

#[tokio::test]
async fn a_query_of_an_empty_partition_finds_nothing() {
    assert!(numbers(Parcel::query("Bonn")).await.is_empty());
}

#[tokio::test]
async fn a_descending_query_begins_at_the_greatest_sort_key() {
    assert_eq!(numbers(Parcel::query("Ulm").descending()).await, [5, 4, 3, 2, 1]);
}

#[tokio::test]
async fn a_query_with_an_open_sort_key_can_be_restricted_in_several_ways() {
    let open = Parcel::query("Ulm");

    assert_eq!(numbers(open.number().lt(3)).await, [1, 2]);
    assert_eq!(numbers(open.number().ge(4)).await, [4, 5]);
    assert_eq!(numbers(open).await, [1, 2, 3, 4, 5]);
}

#[test]
fn a_query_with_an_open_sort_key_shows_its_model_for_debugging() {
    assert_eq!(format!("{:?}", Parcel::query("Ulm")), r#"SortedQuery { model: "Parcel", .. }"#);
}

#[tokio::test]
async fn eq_on_the_sort_key_finds_one_item() {
    assert_eq!(numbers(Parcel::query("Ulm").number().eq(3)).await, [3]);
}

#[tokio::test]
async fn lt_on_the_sort_key_leaves_its_bound_out() {
    assert_eq!(numbers(Parcel::query("Ulm").number().lt(3)).await, [1, 2]);
}

#[tokio::test]
async fn le_on_the_sort_key_includes_its_bound() {
    assert_eq!(numbers(Parcel::query("Ulm").number().le(3)).await, [1, 2, 3]);
}

#[tokio::test]
async fn gt_on_the_sort_key_leaves_its_bound_out() {
    assert_eq!(numbers(Parcel::query("Ulm").number().gt(3)).await, [4, 5]);
}

#[tokio::test]
async fn ge_on_the_sort_key_includes_its_bound() {
    assert_eq!(numbers(Parcel::query("Ulm").number().ge(3)).await, [3, 4, 5]);
}

#[tokio::test]
async fn between_on_the_sort_key_includes_its_bounds() {
    assert_eq!(numbers(Parcel::query("Ulm").number().between(2, 4)).await, [2, 3, 4]);
}

#[tokio::test]
async fn a_filter_leaves_items_out() {
    assert_eq!(numbers(Parcel::query("Ulm").filter(!Parcel::WEIGHT.is_in([2, 4]))).await, [1, 3, 5]);
}

#[tokio::test]
async fn a_second_filter_must_hold_too() {
    let query = Parcel::query("Ulm").filter(Parcel::WEIGHT.ge(2)).filter(Parcel::WEIGHT.le(3));

    assert_eq!(numbers(query).await, [2, 3]);
}

#[tokio::test]
async fn a_limit_ends_the_query() {
    assert_eq!(numbers(Parcel::query("Ulm").limit(2)).await, [1, 2]);
}

#[tokio::test]
async fn a_limit_counts_behind_the_filter() {
    assert_eq!(numbers(Parcel::query("Ulm").filter(Parcel::WEIGHT.gt(2)).limit(2)).await, [3, 4]);
}

#[tokio::test]
async fn a_consistent_query_reads_the_same() {
    assert_eq!(numbers(Parcel::query("Ulm").consistent()).await, [1, 2, 3, 4, 5]);
}

#[tokio::test]
async fn several_settings_work_together() {
    let query = Parcel::query("Ulm").number().ge(2).descending().filter(Parcel::WEIGHT.ne(4)).limit(2);

    assert_eq!(numbers(query).await, [5, 3]);
}

#[tokio::test]
async fn decimals_are_in_the_order_of_their_values() {
    let db = database(&[&tables::LEDGER]).await;
    for amount in ["10", "-2", "9.5", "0", "-0.3"] {
        let amount: dynamorm::Decimal = amount.parse().unwrap();
        Entry::builder()
            .account(Account::Assets)
            .amount(amount)
            .build()
            .unwrap()
            .put()
            .send(&db)
            .await
            .unwrap();
    }

    let entries = Entry::query(Account::Assets).amount().gt(-1).items(&db).all().await.unwrap();

    let amounts: Vec<_> = entries.iter().map(|entry| entry.amount.to_string()).collect();
    assert_eq!(amounts, ["-0.3", "0", "9.5", "10"]);
}

#[tokio::test]
async fn text_timestamps_are_in_the_order_of_time() {
    let db = database(&[&tables::PARCELS]).await;
    for (number, second) in [(1, "12:00:00Z"), (2, "12:00:00.5Z"), (3, "11:59:59.999999Z")] {
        let arrived_at = instant(&format!("2024-03-01T{second}"));
        Parcel { arrived_at, ..parcel("Ulm", number) }.put().send(&db).await.unwrap();
    }

    let parcels = Parcel::by_arrival("Ulm").arrived_at().ge(instant("2024-03-01T12:00:00Z"));

    let found = parcels.items(&db).all().await.unwrap();
    assert_eq!(found.iter().map(|parcel| parcel.number).collect::<Vec<_>>(), [1, 2]);
}

#[tokio::test]
async fn begins_with_on_a_text_sort_key_compares_its_beginning() {
    let db = database(&[&tables::HOSTILE]).await;
    for second in ["a", "ab", "b"] {
        let hostile = end_to_end::operations::Hostile::builder();
        let hostile = hostile.first("k").second(second).hash("h").size(0).counts([] as [(&str, u32); 0]);
        hostile.build().unwrap().put().send(&db).await.unwrap();
    }

    let found =
        end_to_end::operations::Hostile::query("k").second().begins_with("a").count(&db).await.unwrap();

    assert_eq!(found, 2);
}

#[tokio::test]
async fn begins_with_on_a_bytes_sort_key_compares_its_beginning() {
    let db = database(&[&tables::READINGS]).await;
    let taken_at = instant("2024-02-29T00:00:00Z");
    for (device, payload) in [(1, vec![1]), (2, vec![1, 2]), (3, vec![2])] {
        let reading = end_to_end::operations::Reading::builder().device(vec![device]).taken_at(taken_at);
        let reading = reading.day("2024-02-29".parse::<dynamorm::Date>().unwrap()).taken_at_text(taken_at);
        reading.level(7).payload(payload).build().unwrap().put().send(&db).await.unwrap();
    }

    let found = end_to_end::operations::Reading::by_level(7).payload().begins_with(vec![1]);

    assert_eq!(found.count(&db).await.unwrap(), 2);
}
