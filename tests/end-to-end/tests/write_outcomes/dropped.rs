//! Futures that are dropped before they are done.

use dynamorm::Operations;
use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use end_to_end::connector::{Step, disturbed};
use end_to_end::samples::database;

use crate::models::tables;
use crate::{order, read, stored};

/// Polls a future a few times, and drops it.
async fn begin(future: impl Future) {
    let mut future = pin!(future);
    for _ in 0..3 {
        poll_fn(|context| Poll::Ready(future.as_mut().poll(context).is_ready())).await;
    }
}

#[tokio::test]
async fn a_value_whose_write_was_dropped_is_as_it_was() {
    let engine = database(&[&tables::ORDERS]).await;
    let mut new = order();
    let first = stored(&engine).await;
    let (mut updated, mut saved) = (first.clone(), first.clone().tracked());
    saved.pieces = 9;
    let slow = || disturbed(&engine, vec![Step::Delay(Duration::from_secs(3600)); 9]).0;

    begin(new.put().send(&slow())).await;
    begin(updated.update_this().set(crate::models::Order::PIECES, 5).send(&slow())).await;
    begin(saved.save().send(&slow())).await;
    begin(dynamorm::transaction().put(new.put()).send(&slow())).await;

    assert_eq!((new.version, new.write_id), (0, None));
    assert_eq!((updated, saved.version), (first.clone(), 1));
    assert_eq!(read(&engine, first.id).await, first);
    // What was not saved will be by the next save.
    saved.save().send(&engine).await.unwrap();
    assert_eq!(read(&engine, first.id).await.pieces, 9);
}
