//! Pages, cursors, streams and counts.

use std::pin::pin;

use dynamorm::{AttributeValue, Cursor};
use end_to_end::connector::{Step, disturbed};
use end_to_end::operations::{Parcel, Reading, State, tables};
use end_to_end::samples::{altered, database, instant, parcel, put_raw, stored};
use futures_core::Stream;

fn numbers(parcels: Vec<Parcel>) -> Vec<u64> {
    parcels.into_iter().map(|parcel| parcel.number).collect()
}

#[tokio::test]
async fn a_page_holds_as_many_items_as_its_size() {
    let db = database(&[&tables::PARCELS]).await;
    stored(&db, "Ulm", 3).await;

    let page = Parcel::query("Ulm").page_size(2).send(&db).await.unwrap();

    assert!(page.cursor().is_some());
    assert_eq!(numbers(page.into_items().unwrap()), [1, 2]);
}

#[tokio::test]
async fn a_limit_of_nothing_is_refused_whoever_reads() {
    let db = database(&[&tables::PARCELS]).await;
    stored(&db, "Ulm", 3).await;
    let none = || Parcel::scan().limit(0);

    assert!(none().send(&db).await.unwrap_err().is_validation());
    assert!(none().count(&db).await.unwrap_err().is_validation());
    assert!(none().items(&db).all().await.unwrap_err().is_validation());
    assert!(none().parallel(2).count(&db).await.unwrap_err().is_validation());
    assert!(none().parallel(2).items(&db).all().await.unwrap_err().is_validation());
}

#[tokio::test]
async fn a_cursor_goes_on_behind_its_page() {
    let db = database(&[&tables::PARCELS]).await;
    stored(&db, "Ulm", 3).await;
    let (_, cursor) = Parcel::query("Ulm").page_size(2).send(&db).await.unwrap().into_parts();

    let next = Parcel::query("Ulm").start_at(cursor.unwrap()).send(&db).await.unwrap();

    assert_eq!(numbers(next.into_items().unwrap()), [3]);
}

#[tokio::test]
async fn the_last_page_has_no_cursor() {
    let db = database(&[&tables::PARCELS]).await;
    stored(&db, "Ulm", 1).await;

    assert_eq!(Parcel::query("Ulm").send(&db).await.unwrap().cursor(), None);
}

#[tokio::test]
async fn a_page_whose_items_are_all_left_out_is_empty_and_goes_on() {
    let db = database(&[&tables::PARCELS]).await;
    stored(&db, "Ulm", 3).await;

    let page = Parcel::query("Ulm").filter(Parcel::WEIGHT.eq(3)).page_size(2).send(&db).await.unwrap();

    assert!(page.items().is_empty());
    assert!(page.cursor().is_some());
}

#[tokio::test]
async fn a_cursor_travels_as_text() {
    let db = database(&[&tables::PARCELS]).await;
    stored(&db, "Ulm", 3).await;
    let page = Parcel::query("Ulm").page_size(2).send(&db).await.unwrap();

    let text = page.cursor().unwrap().to_string();
    let next = Parcel::query("Ulm").start_at(text.parse().unwrap()).send(&db).await.unwrap();

    assert_eq!(
        text.trim_matches(|letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter)),
        ""
    );
    assert_eq!(numbers(next.into_items().unwrap()), [3]);
}

#[tokio::test]
async fn a_cursor_travels_through_serde() {
    let db = database(&[&tables::PARCELS]).await;
    stored(&db, "Ulm", 3).await;
    let page = Parcel::query("Ulm").page_size(2).send(&db).await.unwrap();

    let json = serde_json::to_string(page.cursor().unwrap()).unwrap();

    assert_eq!(serde_json::from_str::<Cursor>(&json).unwrap(), *page.cursor().unwrap());
}

#[tokio::test]
async fn a_cursor_of_an_index_goes_on_among_equal_keys() {
    let db = database(&[&tables::PARCELS]).await;
    for number in 1..=3 {
        let arrived_at = instant("2024-03-01T00:00:00Z");
        Parcel { arrived_at, ..parcel("Ulm", number) }.put().send(&db).await.unwrap();
    }

    let mut found = Vec::new();
    let mut cursor = None;
    for _ in 0..3 {
        let query: dynamorm::Query<_, _> = Parcel::by_recipient("Ada").page_size(1);
        let query = match cursor.take() {
            Some(cursor) => query.start_at(cursor),
            None => query,
        };
        let (items, next) = query.send(&db).await.unwrap().into_parts();
        found.extend(items.into_iter().map(|item| item.unwrap().number));
        cursor = next;
    }

    found.sort_unstable();
    assert_eq!(found, [1, 2, 3]);
}

#[tokio::test]
async fn a_cursor_holds_keys_of_bytes() {
    let db = database(&[&tables::READINGS]).await;
    for second in 0..2 {
        let at = instant(&format!("2024-03-01T00:00:0{second}Z"));
        let reading = Reading::builder().device(vec![0, 255]).taken_at(at).taken_at_text(at);
        let reading = reading.day("2024-03-01".parse::<dynamorm::Date>().unwrap()).level(1).payload(vec![1]);
        reading.build().unwrap().put().send(&db).await.unwrap();
    }
    let page = Reading::query(vec![0, 255]).page_size(1).send(&db).await.unwrap();

    let cursor = page.cursor().unwrap().to_string().parse().unwrap();
    let next = Reading::query(vec![0, 255]).start_at(cursor).send(&db).await.unwrap();

    assert_eq!(next.into_items().unwrap()[0].taken_at, instant("2024-03-01T00:00:01Z"));
}

#[tokio::test]
async fn a_cursor_of_a_limited_page_goes_on_behind_its_last_item() {
    let db = database(&[&tables::PARCELS]).await;
    stored(&db, "Ulm", 5).await;
    let query = || Parcel::query("Ulm").filter(Parcel::WEIGHT.ne(2));

    let (items, cursor) = query().limit(2).send(&db).await.unwrap().into_parts();
    let next = query().start_at(cursor.unwrap()).send(&db).await.unwrap();

    assert_eq!(items.len(), 2);
    assert_eq!(numbers(next.into_items().unwrap()), [4, 5]);
}

#[tokio::test]
async fn a_cursor_of_a_limited_page_of_chosen_attributes_goes_on_behind_its_last_item() {
    let db = database(&[&tables::PARCELS]).await;
    stored(&db, "Ulm", 5).await;
    let query = || Parcel::query("Ulm").filter(Parcel::WEIGHT.ne(2));

    let page = query().limit(2).select(Parcel::WEIGHT).send(&db).await.unwrap();
    let cursor = page.cursor().unwrap().clone();
    let next = query().start_at(cursor).send(&db).await.unwrap();

    assert_eq!(page.into_items().unwrap(), [1, 3]);
    assert_eq!(numbers(next.into_items().unwrap()), [4, 5]);
}

#[tokio::test]
async fn a_cursor_of_another_read_is_refused() {
    let db = database(&[&tables::PARCELS]).await;
    stored(&db, "Ulm", 3).await;
    let (_, cursor) = Parcel::query("Ulm").page_size(1).send(&db).await.unwrap().into_parts();
    let cursor = cursor.unwrap();

    let descending = Parcel::query("Ulm").descending().start_at(cursor.clone()).send(&db).await;
    let index = Parcel::by_recipient("Ada").start_at(cursor.clone()).send(&db).await;
    let scan = Parcel::scan().start_at(cursor).send(&db).await;

    for outcome in [descending, index, scan] {
        let error = outcome.unwrap_err();
        assert!(error.is_invalid_cursor(), "{error:?}");
        assert_eq!(error.attempts(), 0);
    }
}

#[tokio::test]
async fn a_cursor_of_another_partition_is_refused() {
    let db = database(&[&tables::PARCELS]).await;
    stored(&db, "Ulm", 3).await;
    let (_, cursor) = Parcel::query("Ulm").page_size(1).send(&db).await.unwrap().into_parts();

    let error = Parcel::query("Bonn").start_at(cursor.unwrap()).send(&db).await.unwrap_err();

    assert!(error.is_invalid_cursor(), "{error:?}");
}

#[test]
fn a_damaged_cursor_is_refused() {
    for text in ["", "1.", "1.%%%", "1.e30", "0.e30", "2.e30", "1.bm8", &"1".repeat(9_000)] {
        let error = text.parse::<Cursor>().unwrap_err();
        assert!(error.is_invalid_cursor(), "{text}: {error:?}");
    }
}

#[tokio::test]
async fn a_stream_reads_every_page_in_order() {
    let db = database(&[&tables::PARCELS]).await;
    stored(&db, "Ulm", 5).await;

    let all = Parcel::query("Ulm").page_size(2).items(&db).all().await.unwrap();

    assert_eq!(numbers(all), [1, 2, 3, 4, 5]);
}

#[tokio::test]
async fn a_stream_passes_over_empty_pages() {
    let db = database(&[&tables::PARCELS]).await;
    stored(&db, "Ulm", 5).await;

    let all = Parcel::query("Ulm").page_size(1).filter(Parcel::WEIGHT.is_in([2, 5])).items(&db).all().await;

    assert_eq!(numbers(all.unwrap()), [2, 5]);
}

#[tokio::test]
async fn a_stream_ends_at_its_limit() {
    let db = database(&[&tables::PARCELS]).await;
    stored(&db, "Ulm", 5).await;

    let all = Parcel::query("Ulm").page_size(2).limit(3).items(&db).all().await.unwrap();

    assert_eq!(numbers(all), [1, 2, 3]);
}

#[tokio::test]
async fn a_stream_begins_at_a_cursor() {
    let db = database(&[&tables::PARCELS]).await;
    stored(&db, "Ulm", 5).await;
    let (_, cursor) = Parcel::query("Ulm").page_size(2).send(&db).await.unwrap().into_parts();

    let all = Parcel::query("Ulm").start_at(cursor.unwrap()).page_size(1).items(&db).all().await.unwrap();

    assert_eq!(numbers(all), [3, 4, 5]);
}

#[tokio::test]
async fn a_stream_is_one_of_the_futures_library() {
    let db = database(&[&tables::PARCELS]).await;
    stored(&db, "Ulm", 1).await;
    let mut stream = pin!(Parcel::query("Ulm").items(&db));

    let first = std::future::poll_fn(|context| stream.as_mut().poll_next(context)).await;
    let second = std::future::poll_fn(|context| stream.as_mut().poll_next(context)).await;

    assert_eq!(first.unwrap().unwrap().number, 1);
    assert!(second.is_none());
}

#[tokio::test]
async fn a_count_reads_every_page() {
    let db = database(&[&tables::PARCELS]).await;
    stored(&db, "Ulm", 5).await;

    assert_eq!(Parcel::query("Ulm").page_size(2).count(&db).await.unwrap(), 5);
}

#[tokio::test]
async fn a_count_ends_at_its_limit() {
    let db = database(&[&tables::PARCELS]).await;
    stored(&db, "Ulm", 5).await;

    assert_eq!(Parcel::query("Ulm").page_size(2).limit(3).count(&db).await.unwrap(), 3);
}

#[tokio::test]
async fn a_count_of_more_than_a_megabyte_reads_every_page() {
    let db = database(&[&tables::PARCELS]).await;
    for number in 1..=8 {
        let parcel = Parcel { note: Some("x".repeat(200_000)), ..parcel("Ulm", number) };
        parcel.put().send(&db).await.unwrap();
    }

    let page = Parcel::query("Ulm").send(&db).await.unwrap();

    assert!(page.cursor().is_some());
    assert_eq!(Parcel::query("Ulm").count(&db).await.unwrap(), 8);
}

/// Parcels 1 to 4 in Ulm, of which the second cannot be read.
async fn one_corrupt() -> dynamorm::Client {
    let db = database(&[&tables::PARCELS]).await;
    stored(&db, "Ulm", 4).await;
    let corrupt = altered(&parcel("Ulm", 2), [("attempts", AttributeValue::S("two".to_owned()))]);
    put_raw(&db, "parcels", corrupt).await;
    db
}

#[tokio::test]
async fn a_page_delivers_the_others_beside_an_item_that_cannot_be_read() {
    let db = one_corrupt().await;

    let page = Parcel::query("Ulm").send(&db).await.unwrap();

    let read: Vec<_> = page.into_iter().map(|item| item.map(|parcel| parcel.number)).collect();
    assert!(matches!(read.as_slice(), [Ok(1), Err(_), Ok(3), Ok(4)]), "{read:?}");
}

#[tokio::test]
async fn the_error_of_an_item_names_its_key_and_attribute() {
    let db = one_corrupt().await;

    let page = Parcel::query("Ulm").send(&db).await.unwrap();

    let error = page.items()[1].as_ref().unwrap_err();
    assert!(error.is_item_error(), "{error:?}");
    assert_eq!(error.key(), Some("depot = \"Ulm\", number = 2"));
    assert_eq!(error.attribute(), Some("attempts"));
}

#[tokio::test]
async fn all_items_of_a_page_are_had_only_if_all_can_be_read() {
    let db = one_corrupt().await;

    let error = Parcel::query("Ulm").send(&db).await.unwrap().into_items().unwrap_err();

    assert!(error.is_item_error(), "{error:?}");
}

#[tokio::test]
async fn a_stream_goes_on_behind_an_item_that_cannot_be_read() {
    let db = one_corrupt().await;
    let mut stream = Parcel::query("Ulm").page_size(1).items(&db);

    let mut read = Vec::new();
    while let Some(item) = stream.next().await {
        read.push(item.map(|parcel| parcel.number));
    }

    assert!(matches!(read.as_slice(), [Ok(1), Err(_), Ok(3), Ok(4)]), "{read:?}");
}

#[tokio::test]
async fn a_count_counts_an_item_that_cannot_be_read() {
    let db = one_corrupt().await;

    assert_eq!(Parcel::query("Ulm").count(&db).await.unwrap(), 4);
}

#[tokio::test]
async fn a_stream_ends_behind_a_failed_request() {
    let db = database(&[&tables::PARCELS]).await;
    stored(&db, "Ulm", 3).await;
    let (db, _) = disturbed(&db, [Step::Pass, Step::exception(400, "AccessDeniedException")]);
    let mut stream = Parcel::query("Ulm").page_size(1).items(&db);

    let first = stream.next().await.unwrap();
    let second = stream.next().await.unwrap();

    assert!(first.is_ok());
    let error = second.unwrap_err();
    assert!(error.is_access_denied() && !error.is_item_error(), "{error:?}");
    assert!(stream.next().await.is_none());
}

#[tokio::test]
async fn pages_of_a_projection_go_on_by_their_cursors() {
    let db = database(&[&tables::PARCELS]).await;
    stored(&db, "Ulm", 3).await;
    let (_, cursor) = Parcel::by_state(State::Stored).page_size(2).send(&db).await.unwrap().into_parts();

    let next = Parcel::by_state(State::Stored).start_at(cursor.unwrap()).send(&db).await.unwrap();

    assert_eq!(next.into_items().unwrap()[0].number, 3);
}
