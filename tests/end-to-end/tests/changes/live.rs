//! The changes of a live table: shards in their order, checkpoints, and what is gone.

use std::time::Duration;

use dynamorm::changes::{Changes, ChangesError, Checkpoint, TableChange};
use dynamorm::{Client, Operations};

use crate::captured::{LAG, database, order};
use crate::fake_stream::{FakeStream, number};
use crate::models::{Order, ShopChange, tables};

const SHORT: Duration = Duration::from_millis(1);

/// The changes of the shop's stream, which ends where nothing is new.
async fn changes(stream: &FakeStream) -> Changes<ShopChange> {
    let db = stream.of(database(&[&tables::SHOP]).await);
    db.changes().pause(SHORT).until_idle(2)
}

/// The numbers of the orders up to the end.
async fn rest(changes: &mut Changes<ShopChange>) -> Vec<u32> {
    let mut numbers = Vec::new();
    while let Some(change) = changes.next().await {
        numbers.push(number_of(&change.expect("a change")));
    }
    numbers
}

fn number_of(change: &ShopChange) -> u32 {
    match change {
        ShopChange::Order(change) => change.key.number,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_engine_s_stream_is_read_and_resumed() {
    let db = database(&[&tables::SHOP]).await;
    for number in 1..=5 {
        order("ada", number).put().send(&db).await.expect("put");
    }
    let mut first = db.changes::<ShopChange>().pause(LAG).until_idle(3);
    assert!(first.checkpoint().is_none());
    for expected in 1..=3 {
        let change = first.next().await.expect("a record").expect("a change");
        assert_eq!(number_of(&change), expected);
    }
    let kept = first.checkpoint().expect("a checkpoint").to_string();
    drop(first);
    let checkpoint: Checkpoint = kept.parse().expect("a checkpoint");
    let mut second = db.changes::<ShopChange>().resume(checkpoint).pause(LAG).until_idle(3);
    assert_eq!(rest(&mut second).await, [4, 5]);
    // What is written later comes after the end of what there was.
    order("ada", 6).put().send(&db).await.expect("put");
    Order::delete(("ada", 6_u32)).send(&db).await.expect("deleted");
    assert_eq!(rest(&mut second).await, [6, 6]);
    assert_eq!(rest(&mut second).await, [0_u32; 0]);
}

#[tokio::test]
async fn children_come_after_their_parents() {
    let stream = FakeStream::default();
    {
        let mut shards = stream.shards();
        // Listed after what continues it.
        shards.shard("b", Some("a"));
        shards.shard("c", Some("a"));
        shards.shard("a", None);
        for (shard, order) in [("a", 1), ("a", 2), ("a", 3), ("b", 4), ("c", 5), ("b", 6)] {
            shards.write(shard, order);
        }
        shards.close("a");
    }
    let mut changes = changes(&stream).await;
    let mut numbers = rest(&mut changes).await;
    assert_eq!(numbers[..3], [1, 2, 3]);
    assert_eq!(numbers.iter().filter(|number| [4, 6].contains(number)).collect::<Vec<_>>(), [&4, &6]);
    numbers.sort_unstable();
    assert_eq!(numbers, [1, 2, 3, 4, 5, 6]);
    // A shard is split while it is read.
    {
        let mut shards = stream.shards();
        shards.write("b", 7);
        shards.close("b");
        shards.shard("d", Some("b"));
        shards.write("d", 8);
    }
    assert_eq!(rest(&mut changes).await, [7, 8]);
}

#[tokio::test]
async fn a_closed_stream_ends() {
    let stream = FakeStream::default();
    stream.shards().shard("a", None);
    stream.shards().write("a", 1);
    stream.shards().close("a");
    stream.shards().is_disabled = true;
    let db = stream.of(database(&[&tables::SHOP]).await);
    let mut changes = db.changes::<ShopChange>();
    assert_eq!(rest(&mut changes).await, [1]);
    assert!(changes.next().await.is_none());
}

#[tokio::test]
async fn a_resumption_reads_what_is_behind_the_checkpoint_of_each_shard() {
    let stream = FakeStream::default();
    {
        let mut shards = stream.shards();
        shards.shard("a", None);
        shards.shard("b", None);
        for (shard, order) in [("a", 1), ("a", 2), ("b", 11), ("b", 12), ("b", 13)] {
            shards.write(shard, order);
        }
    }
    // Wherever it is left and resumed, every record is read once.
    for left in 0..=5 {
        let mut first = changes(&stream).await;
        let mut numbers = Vec::new();
        for _ in 0..left {
            numbers.push(number_of(&first.next().await.expect("a record").expect("a change")));
        }
        let mut second = changes(&stream).await;
        if let Some(checkpoint) = first.checkpoint() {
            second = second.resume(checkpoint.to_string().parse().expect("a checkpoint"));
        }
        numbers.extend(rest(&mut second).await);
        numbers.sort_unstable();
        assert_eq!(numbers, [1, 2, 11, 12, 13], "left after {left}");
    }
}

#[tokio::test]
async fn what_is_gone_is_told() {
    let stream = FakeStream::default();
    stream.shards().shard("a", None);
    for order in 1..=6 {
        stream.shards().write("a", order);
    }
    let mut first = changes(&stream).await;
    first.next().await.expect("a record").expect("a change");
    let checkpoint = first.checkpoint().expect("a checkpoint");
    stream.shards().trim("a", 4);
    let mut second = changes(&stream).await.resume(checkpoint.clone());
    let error = second.next().await.expect("an error").expect_err("records are gone");
    assert!(matches!(&error, ChangesError::Trimmed { shard } if shard == "a"), "{error}");
    assert_eq!(rest(&mut second).await, [5, 6]);
    // The whole shard is gone.
    stream.shards().forget("a");
    stream.shards().shard("b", Some("a"));
    stream.shards().write("b", 7);
    let mut third = changes(&stream).await.resume(checkpoint);
    let error = third.next().await.expect("an error").expect_err("records are gone");
    assert!(matches!(error, ChangesError::Trimmed { .. }), "{error}");
    assert_eq!(rest(&mut third).await, [7]);
}

#[tokio::test]
async fn an_iterator_that_expires_is_replaced() {
    let stream = FakeStream::default();
    stream.shards().shard("a", None);
    for order in 1..=5 {
        stream.shards().write("a", order);
    }
    let mut changes = changes(&stream).await;
    stream.shards().expired = 1;
    assert_eq!(number_of(&changes.next().await.expect("a record").expect("a change")), 1);
    stream.shards().expired = 1;
    assert_eq!(rest(&mut changes).await, [2, 3, 4, 5]);
}

#[tokio::test]
async fn a_request_that_fails_is_told_and_sent_again() {
    let stream = FakeStream::default();
    stream.shards().shard("a", None);
    for order in 1..=3 {
        stream.shards().write("a", order);
    }
    let mut changes = changes(&stream).await;
    let (mut failures, mut numbers) = (0, Vec::new());
    stream.shards().failing = 1;
    while let Some(change) = changes.next().await {
        match change {
            Ok(change) => numbers.push(number_of(&change)),
            Err(ChangesError::Request(error)) => {
                assert!(error.is_service_error(), "{error}");
                failures += 1;
                stream.shards().failing = usize::from(failures < 4);
            }
            Err(error) => panic!("{error}"),
        }
    }
    assert_eq!((failures, numbers), (4, vec![1, 2, 3]));
}

#[tokio::test]
async fn a_record_that_cannot_be_read_is_passed() {
    let db = database(&[&tables::SHOP]).await;
    order("ada", 1).put().send(&db).await.expect("put");
    let mut item = order("ada", 2).to_item().expect("an item");
    item.remove("total");
    end_to_end::samples::put_raw(&db, "shop", item).await;
    order("ada", 3).put().send(&db).await.expect("put");
    let mut changes = db.changes::<ShopChange>().pause(LAG).until_idle(3);
    assert!(changes.next().await.expect("a record").is_ok());
    match changes.next().await.expect("a record") {
        Err(ChangesError::Record(error)) => assert_eq!(error.attribute(), Some("total")),
        other => panic!("{other:?}"),
    }
    assert_eq!(rest(&mut changes).await, [3]);
}

#[tokio::test]
async fn a_client_without_streams_and_a_table_without_one_are_told() {
    let config = database(&[&tables::SHOP]).await.sdk().config().clone();
    let db = Client::new(aws_sdk_dynamodb::Client::from_conf(config));
    let mut changes = db.changes::<ShopChange>();
    let error = changes.next().await.expect("an error").expect_err("there is no client for streams");
    assert!(matches!(&error, ChangesError::Request(error) if error.is_construction()), "{error}");
    assert!(error.to_string().contains("with_streams"), "{error}");

    // The live table has none: another name for the consumers' table, which is declared without.
    let db = database(&[&tables::CONSUMERS]).await.with_table_name(&tables::SHOP, "consumers");
    let error = db.changes::<ShopChange>().next().await.expect("an error").expect_err("there is no stream");
    assert!(matches!(&error, ChangesError::Request(error) if error.is_table_mismatch()), "{error}");
}

#[test]
fn what_is_no_checkpoint_is_refused() {
    let whole = format!(
        "{{\"stream\":\"arn\",\"shards\":{{\"a\":{{\"after\":\"{}\"}},\"b\":\"start\",\"c\":\"end\"}}}}",
        number(1)
    );
    let checkpoint: Checkpoint = whole.parse().expect("a checkpoint");
    assert_eq!((checkpoint.stream(), checkpoint.to_string()), ("arn", whole.clone()));
    for length in 0..whole.len() {
        assert!(whole[..length].parse::<Checkpoint>().is_err());
    }
    assert!("{\"stream\":\"arn\",\"shards\":{\"a\":\"middle\"}}".parse::<Checkpoint>().is_err());
}

/// A change can wait in a `select!` and be dropped.
#[tokio::test]
async fn nothing_is_lost_where_waiting_ends_early() {
    let stream = FakeStream::default();
    stream.shards().shard("a", None);
    let mut changes = changes(&stream).await.until_idle(u32::MAX).pause(Duration::from_millis(5));
    for order in 1..=4 {
        let waited = tokio::time::timeout(Duration::from_millis(20), changes.next()).await;
        assert!(waited.is_err());
        stream.shards().write("a", order);
        let change = changes.next().await.expect("a record").expect("a change");
        assert_eq!(
            (number_of(&change), change.record().event_id()),
            (order, format!("event-{order}").as_str())
        );
    }
}
