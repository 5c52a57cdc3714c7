//! Reads of several partitions: shards that are merged, and buckets that follow one another.
//!
//! `DYNAMORM_READINGS` is how many items are paged by every limit from 1 to 7; a thousand take some minutes.

use std::ops::Range;
use std::time::Duration;

use dynamorm::testing::Faults;
use dynamorm::{Client, Cursor, Date, Operations, Page, Timestamp};

use models::{Deal, Event, Reading, Site, tables};

pub mod models {
    dynamorm::include_models!("partitions");
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn reading(number: u16) -> Reading {
    Reading {
        item_id: format!("item-{number:04}"),
        day: day("2026-03-01"),
        site: "north".to_owned(),
        level: number * 7 % 10,
    }
}

/// Readings of one day and one site, stored.
async fn readings(numbers: Range<u16>) -> (Client, Vec<Reading>) {
    let db = end_to_end::samples::embedded(&[&tables::READINGS]).await;
    let mut readings: Vec<_> = numbers.map(reading).collect();
    for reading in &readings {
        reading.put().send(&db).await.unwrap();
    }
    readings.sort_by(|one, other| (one.level, &one.item_id).cmp(&(other.level, &other.item_id)));
    (db, readings)
}

/// All pages of a read, one after the other, each of which goes on where the one before ended.
async fn pages<T>(mut page: impl AsyncFnMut(Option<Cursor>) -> Page<T>) -> Vec<Vec<T>> {
    let (mut pages, mut cursor) = (Vec::new(), None);
    loop {
        let next = page(cursor).await;
        cursor = next.cursor().map(|cursor| cursor.to_string().parse().unwrap());
        pages.push(next.into_items().unwrap());
        if cursor.is_none() {
            return pages;
        }
    }
}

fn sorted(readings: &[Reading]) -> Vec<Reading> {
    let mut sorted = readings.to_vec();
    sorted.sort_by(|one, other| (one.level, &one.item_id).cmp(&(other.level, &other.item_id)));
    sorted
}

#[test]
fn a_shard_is_the_documented_hash() {
    // The vectors of docs/single-table.md.
    for (id, of_8, of_3, of_16, of_2) in
        [("sensor-17", "2", "0", "10", "0"), ("\u{e9}t\u{e9}", "1", "0", "09", "1")]
    {
        let item = Reading { item_id: id.to_owned(), ..reading(1) }.to_item().unwrap();
        let key = |name: &str| item[name].as_s().unwrap().clone();
        assert_eq!(key("gsi1pk"), format!("DAY#2026-03-01#{of_8}"));
        assert_eq!(key("gsi2pk"), format!("SITE#north#{of_3}"));
        assert_eq!(key("gsi3pk"), format!("{of_16}#ALL"));
        assert_eq!(key("gsi4pk"), format!("IDS#north#{of_2}"));
    }
}

#[tokio::test]
async fn shards_are_merged_in_the_order_of_the_sort_key() {
    let (db, readings) = readings(0..1_000).await;
    let today = day("2026-03-01");
    let all = Reading::on(today).all_shards().items(&db).all().await.unwrap();
    let paged = pages(async |cursor| {
        let query = Reading::on(today).all_shards().limit(70);
        let query = if let Some(cursor) = cursor { query.start_at(cursor) } else { query };
        query.send(&db).await.unwrap()
    });
    assert_eq!(paged.await.concat(), all);
    assert!(all.is_sorted_by_key(|reading| reading.level));
    assert_eq!(sorted(&all), readings);
    let mut reversed = Reading::on(today).all_shards().descending().items(&db).all().await.unwrap();
    reversed.reverse();
    assert_eq!(reversed, all);
    assert_eq!(Reading::on(today).all_shards().count(&db).await.unwrap(), 1_000);
    assert_eq!(Reading::on(day("2026-03-02")).all_shards().count(&db).await.unwrap(), 0);
    let first = Reading::on(today).all_shards().limit(20).items(&db).all().await.unwrap();
    assert_eq!(first, all[..20]);
    // Each shard has a part of them.
    let mut of_shards = Vec::new();
    for shard in 0..8 {
        let of_shard = Reading::on(today).shard(shard).items(&db).all().await.unwrap();
        assert!(of_shard.len() > 60, "{shard}: {}", of_shard.len());
        of_shards.extend(of_shard);
    }
    assert_eq!(sorted(&of_shards), readings);
}

#[tokio::test]
async fn pages_of_every_size_are_the_sorted_whole() {
    let count = std::env::var("DYNAMORM_READINGS").ok().map_or(100, |count| count.parse().unwrap());
    let (db, _) = readings(0..count).await;
    let today = day("2026-03-01");
    let all = Reading::on(today).all_shards().items(&db).all().await.unwrap();
    for limit in 1..=7 {
        let limited = || Reading::on(today).all_shards().limit(limit);
        let start = |query: dynamorm::Query<Reading, _>, cursor: Option<Cursor>| match cursor {
            Some(cursor) => query.start_at(cursor),
            None => query,
        };
        let up = pages(async |cursor| start(limited(), cursor).send(&db).await.unwrap()).await;
        assert!(up.iter().rev().skip(1).all(|page| page.len() as u64 == limit));
        assert_eq!(up.concat(), all, "by {limit}");
        let mut down = pages(async |cursor| start(limited().descending(), cursor).send(&db).await.unwrap())
            .await
            .concat();
        down.reverse();
        assert_eq!(down, all, "by {limit}, descending");
    }
}

#[tokio::test]
async fn ranges_of_the_sort_key_hold_on_every_page() {
    let (db, _) = readings(0..120).await;
    let today = day("2026-03-01");
    let open = || Reading::on(today).all_shards();
    let all = open().items(&db).all().await.unwrap();
    let within = |range: Range<u16>| -> Vec<Reading> {
        all.iter().filter(|reading| range.contains(&reading.level)).cloned().collect()
    };
    type Readings = dynamorm::Query<Reading, dynamorm::FromGlobalIndexPartitions>;
    let queries: [(&dyn Fn() -> Readings, Range<u16>); 6] = [
        (&|| open().level().between(3, 5), 3..6),
        (&|| open().level().lt(4), 0..4),
        (&|| open().level().le(4), 0..5),
        (&|| open().level().gt(4), 5..10),
        (&|| open().level().ge(4), 4..10),
        (&|| open().level().eq(4), 4..5),
    ];
    for (number, (query, range)) in queries.iter().enumerate() {
        let expected = within(range.clone());
        for limit in [1, 2, 5] {
            let page = async |descending: bool, cursor: Option<Cursor>| {
                let query = query().limit(limit);
                let query = if descending { query.descending() } else { query };
                let query = if let Some(cursor) = cursor { query.start_at(cursor) } else { query };
                query.send(&db).await.unwrap()
            };
            let up = pages(async |cursor| page(false, cursor).await).await.concat();
            assert_eq!(up, expected, "query {number} by {limit}");
            let mut down = pages(async |cursor| page(true, cursor).await).await.concat();
            down.reverse();
            assert_eq!(down, expected, "query {number} by {limit}, descending");
        }
    }
}

#[tokio::test]
async fn numbers_and_several_attributes_order_shards() {
    let (db, readings) = readings(0..200).await;
    let of_site = || Reading::by_site("north").all_shards();
    let all = of_site().items(&db).all().await.unwrap();
    assert!(all.is_sorted_by_key(|reading| reading.level));
    assert_eq!(sorted(&all), readings);
    let ids = || Reading::ids_of("north").all_shards();
    let all_ids = ids().items(&db).all().await.unwrap();
    let expected: Vec<_> = readings.iter().map(|reading| reading.item_id.clone()).collect();
    assert_eq!(all_ids.iter().map(|found| found.item_id.clone()).collect::<Vec<_>>(), expected);
    for limit in [1, 3] {
        let up = pages(async |cursor| {
            let query = of_site().level().between(2, 6).limit(limit);
            let query = if let Some(cursor) = cursor { query.start_at(cursor) } else { query };
            query.send(&db).await.unwrap()
        });
        let within: Vec<_> = all.iter().filter(|one| (2..=6).contains(&one.level)).cloned().collect();
        assert_eq!(up.await.concat(), within);
        let mut down = pages(async |cursor| {
            let query = of_site().level().gt(2).descending().limit(limit);
            let query = if let Some(cursor) = cursor { query.start_at(cursor) } else { query };
            query.send(&db).await.unwrap()
        })
        .await
        .concat();
        down.reverse();
        let within: Vec<_> = all.iter().filter(|one| one.level > 2).cloned().collect();
        assert_eq!(down, within);
        let of_ids = pages(async |cursor| {
            let query = ids().limit(limit);
            let query = if let Some(cursor) = cursor { query.start_at(cursor) } else { query };
            query.send(&db).await.unwrap()
        });
        let found: Vec<_> = of_ids.await.concat().into_iter().map(|found| found.item_id).collect();
        assert_eq!(found, expected);
    }
}

#[tokio::test(start_paused = true)]
async fn shards_that_answer_late_or_fail_lose_nothing() {
    let (db, readings) = readings(0..120).await;
    let all = || Reading::on(day("2026-03-01")).all_shards().page_size(3);
    let in_time = all().items(&db).all().await.unwrap();
    let late = Faults::seeded(5).delay(0.7, Duration::from_millis(1)..Duration::from_secs(1));
    let found = all().items(&db.clone().with_faults(late)).all().await.unwrap();
    assert_eq!(found, in_time);
    assert_eq!(sorted(&found), readings);
    let failing = db.with_faults(Faults::seeded(1).server_error(1.0));
    let mut items = all().items(&failing);
    assert!(items.next().await.unwrap().is_err());
    assert!(items.next().await.is_none());
    assert!(all().send(&failing).await.is_err());
}

#[tokio::test]
async fn a_relation_reads_all_shards() {
    let (db, readings) = readings(0..50).await;
    let site = Site { name: "north".to_owned() };
    let found = site.readings().items(&db).all().await.unwrap();
    assert_eq!(sorted(&found), readings);
    assert_eq!(site.readings().level().eq(3).descending().count(&db).await.unwrap(), 5);
}

#[tokio::test]
async fn shards_without_sort_keys_follow_one_another() {
    let (db, readings) = readings(0..100).await;
    let all = Reading::all().all_shards().items(&db).all().await.unwrap();
    assert_eq!(sorted(&all), readings);
    let paged = pages(async |cursor| {
        let query = Reading::all().all_shards().limit(7);
        let query = if let Some(cursor) = cursor { query.start_at(cursor) } else { query };
        query.send(&db).await.unwrap()
    });
    assert_eq!(paged.await.concat(), all);
}

#[tokio::test]
async fn filters_and_selections_work_across_shards() {
    let (db, readings) = readings(0..200).await;
    let today = day("2026-03-01");
    let odd = || Reading::on(today).all_shards().filter(Reading::ITEM_ID.contains("7"));
    let expected: Vec<_> = readings.iter().filter(|reading| reading.item_id.contains('7')).cloned().collect();
    let found = odd().items(&db).all().await.unwrap();
    assert_eq!(sorted(&found), expected);
    assert_eq!(odd().count(&db).await.unwrap(), u64::try_from(expected.len()).unwrap());
    let ids: Vec<String> = found.iter().map(|reading| reading.item_id.clone()).collect();
    let paged = pages(async |cursor| {
        let query = odd().page_size(4).limit(3);
        let query = if let Some(cursor) = cursor { query.start_at(cursor) } else { query };
        query.select(Reading::ITEM_ID).send(&db).await.unwrap()
    });
    assert_eq!(paged.await.concat(), ids);
    // Without a limit a page is what a request for each shard gives.
    let small = Reading::on(today).all_shards().page_size(5).send(&db).await.unwrap();
    assert_eq!(small.requests(), 8);
    assert_eq!(small.scanned(), 40);
    assert!(!small.items().is_empty() && small.items().len() <= 40);
    let paged = pages(async |cursor| {
        let query = Reading::on(today).all_shards().page_size(5);
        let query = if let Some(cursor) = cursor { query.start_at(cursor) } else { query };
        query.send(&db).await.unwrap()
    });
    assert_eq!(paged.await.concat(), Reading::on(today).all_shards().items(&db).all().await.unwrap());
}

async fn events() -> (Client, Vec<Event>) {
    let db = end_to_end::samples::database(&[&tables::EVENTS]).await;
    // The days at the end of February, none on the 2nd of March.
    let moments = [
        "2024-02-27T08:00:00Z",
        "2024-02-28T23:59:59.999999Z",
        "2024-02-29T00:00:00Z",
        "2024-02-29T12:00:00Z",
        "2024-03-01T00:00:00Z",
        "2024-03-03T10:00:00Z",
    ];
    let mut events = Vec::new();
    for (number, moment) in (0..).zip(moments) {
        for id in 0..10 {
            events.push(Event { at: at(moment), id: number * 10 + id, weight: id % 3 });
        }
    }
    for event in &events {
        event.put().send(&db).await.unwrap();
    }
    (db, events)
}

#[tokio::test]
async fn buckets_follow_one_another_over_the_end_of_a_month() {
    let (db, events) = events().await;
    let range = || Event::query_days(day("2024-02-28")..=day("2024-03-03")).all_shards();
    let expected = &events[10..];
    let all = range().items(&db).all().await.unwrap();
    assert_eq!(all, expected);
    for limit in 1..=7 {
        let page = async |descending: bool, cursor: Option<Cursor>| {
            let query = range().limit(limit);
            let query = if descending { query.descending() } else { query };
            let query = if let Some(cursor) = cursor { query.start_at(cursor) } else { query };
            query.consistent().send(&db).await.unwrap()
        };
        assert_eq!(pages(async |cursor| page(false, cursor).await).await.concat(), expected);
        let mut down = pages(async |cursor| page(true, cursor).await).await.concat();
        down.reverse();
        assert_eq!(down, expected);
    }
    // Five days of four shards, since nothing was found on the way.
    let none = Event::query_days(day("2023-01-01")..=day("2023-01-05")).all_shards().send(&db).await.unwrap();
    assert!(none.items().is_empty() && none.cursor().is_none());
    assert_eq!(none.requests(), 20);
    assert_eq!(range().count(&db).await.unwrap(), 50);
    // Moments stand for their days, and a range that ends before it begins is empty.
    let (from, to) = (at("2024-02-29T18:00:00Z"), at("2024-03-01T00:00:00Z"));
    assert_eq!(Event::query_days(from..=to).all_shards().items(&db).all().await.unwrap(), events[20..50]);
    let page = Event::query_days(to..=from).all_shards().send(&db).await.unwrap();
    assert!(page.items().is_empty() && page.cursor().is_none() && page.requests() == 0);
    // A local index has its table's shards.
    let heavy = Event::by_weight(from).all_shards().weight().eq(2).items(&db).all().await.unwrap();
    assert_eq!(heavy.len(), 6);
    assert_eq!(Event::get(&events[3]).send(&db).await.unwrap().as_ref(), Some(&events[3]));
}

#[tokio::test]
async fn months_and_hours_are_buckets_too() {
    let db = end_to_end::samples::database(&[&tables::DEALS]).await;
    let deal = |id: u32, created_at: &str, sold_at: Option<&str>| Deal {
        shop: "a".to_owned(),
        created_at: at(created_at),
        id,
        price: 100 - id,
        sold_at: sold_at.map(at),
    };
    let deals = [
        deal(1, "2023-11-30T23:00:00Z", Some("2024-01-01T00:00:00Z")),
        deal(2, "2023-12-31T23:00:00Z", Some("2024-01-01T00:59:59Z")),
        deal(3, "2024-01-31T23:00:00Z", None),
        deal(4, "2024-01-01T00:00:00Z", Some("2024-01-01T02:00:00Z")),
    ];
    for deal in &deals {
        deal.put().send(&db).await.unwrap();
    }
    let ids = |found: Vec<Deal>| found.into_iter().map(|deal| deal.id).collect::<Vec<_>>();
    let months = Deal::on_months(day("2023-12-15")..=day("2024-01-01"));
    assert_eq!(ids(months.items(&db).all().await.unwrap()), [2, 4, 3]);
    let hours = || Deal::sold_in_hours(at("2024-01-01T00:30:00Z")..=at("2024-01-01T02:30:00Z"));
    assert_eq!(ids(hours().descending().items(&db).all().await.unwrap()), [4, 1, 2]);
    let all_day =
        Deal::sold_in_hours(day("2024-01-01")..=day("2024-01-01")).limit(25).send(&db).await.unwrap();
    assert_eq!(all_day.requests(), 24);
    assert_eq!(ids(all_day.into_items().unwrap()), [2, 1, 4]);
    let days = Deal::query_days("a", day("2023-12-31")..=day("2024-01-31"));
    assert_eq!(ids(days.items(&db).all().await.unwrap()), [2, 4, 3]);
}

#[tokio::test]
async fn a_cursor_of_other_partitions_is_refused() {
    let (db, _) = events().await;
    let range = |from: &str, to: &str| Event::query_days(day(from)..=day(to));
    let first = range("2024-02-28", "2024-03-03").all_shards().limit(3).send(&db).await.unwrap();
    let cursor = first.cursor().unwrap().clone();
    let others: [dynamorm::Query<Event, dynamorm::FromPartitions>; 4] = [
        range("2024-02-27", "2024-03-03").all_shards().into(),
        range("2024-02-28", "2024-03-02").all_shards().into(),
        range("2024-02-28", "2024-03-03").shard(0).into(),
        range("2024-02-28", "2024-03-03").all_shards().descending(),
    ];
    let (db, log) = db.with_request_log();
    for other in others {
        let error = other.start_at(cursor.clone()).send(&db).await.unwrap_err();
        assert!(error.is_invalid_cursor(), "{error}");
    }
    let one_day = Event::query(at("2024-02-28T00:00:00Z")).all_shards().start_at(cursor.clone());
    let error = one_day.items(&db).all().await.unwrap_err();
    assert!(error.is_invalid_cursor(), "{error}");
    let counted = range("2024-02-28", "2024-03-03").all_shards().start_at(cursor).count(&db).await;
    assert!(counted.unwrap_err().is_validation());
    log.assert_operations(&[]);
}

#[tokio::test]
async fn reads_of_no_partition_or_too_many_are_refused() {
    let (db, log) = end_to_end::samples::embedded(&[&tables::EVENTS]).await.with_request_log();
    let errors = [
        Event::query_days(day("1970-01-01")..=day("2024-01-01")).all_shards().send(&db).await.unwrap_err(),
        Event::query_days(day("2024-01-01")..=day("2024-01-01")).shard(4).send(&db).await.unwrap_err(),
        Event::query_days(day("2024-01-01")..=day("9999-12-31")).all_shards().send(&db).await.unwrap_err(),
        Event::query(at("2024-01-01T00:00:00Z")).all_shards().limit(0).send(&db).await.unwrap_err(),
    ];
    for error in errors {
        assert!(error.is_validation(), "{error}");
    }
    log.assert_operations(&[]);
}
