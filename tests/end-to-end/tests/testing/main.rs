//! The test kit for applications: faults, the log of requests, and the environment.

mod environment;
mod faults;
mod faults_by_chance;
mod request_log;

use dynamorm::{Client, Operations};
use end_to_end::operations::{Parcel, tables};
use end_to_end::samples;

/// A database with the parcels 1 to 3 of Ulm.
async fn three_parcels() -> Client {
    with_parcels(samples::database(&[&tables::PARCELS]).await).await
}

/// The same in this process: a server's answers take real time, for which a paused clock does not wait.
async fn three_parcels_in_process() -> Client {
    with_parcels(samples::embedded(&[&tables::PARCELS]).await).await
}

async fn with_parcels(db: Client) -> Client {
    samples::stored(&db, "Ulm", 3).await;
    db
}

/// The weight of a parcel, in truth.
async fn weight(db: &Client, number: u64) -> Option<u32> {
    let parcel = Parcel::get(("Ulm", number)).consistent().send(db).await.unwrap();
    parcel.map(|parcel| parcel.weight)
}
