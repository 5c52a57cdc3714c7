//! Batches of writes.

use dynamorm::BatchWrite;

use super::operation;
use crate::models::{Note, Parcel};
use crate::operation::{Call, Operation, Report};

async fn send(call: &Call, batch: BatchWrite) -> Report {
    let entries = super::identities(batch.clone());
    Report { entries, ..Report::of(batch.send(&call.db).await) }
}

fn note(call: &Call, id: &str) -> Note {
    Note { id: id.to_owned(), text: call.text(), count: call.number(), tag: None }
}

pub fn operations() -> Vec<Operation> {
    vec![
        operation!("batch: put two and delete one", Batch, [], call => {
            let (one, other) = (note(&call, call.key()), note(&call, call.other()));
            send(&call, dynamorm::batch_write().put(&one).put(&other).delete::<Note>("c")).await
        }),
        operation!("batch: two models", Batch, [], call => {
            let (id, city, state) = (call.key().to_owned(), call.text(), call.text());
            let parcel = Parcel { id, city, shelf: 7, state, note: None };
            let batch = dynamorm::batch_write().put(&parcel).delete::<Note>(call.key());
            send(&call, batch.delete::<Parcel>(call.other())).await
        }),
        operation!("batch: thirty", Batch, [], call => {
            let notes: Vec<_> = (0..30).map(|number| note(&call, &format!("many-{number}"))).collect();
            send(&call, dynamorm::batch_write().put_all(&notes)).await
        }),
    ]
}
