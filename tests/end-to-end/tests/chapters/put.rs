//! `PutItem`.

use end_to_end::models::{Parcel, tables};
use end_to_end::samples::{database, parcel};

#[tokio::test]
async fn a_put_item_is_read_back_as_it_was() {
    let db = database(&[&tables::PARCELS]).await;
    let parcel = parcel("Ulm", 1);

    parcel.put().send(&db).await.unwrap();

    assert_eq!(Parcel::get(&parcel).consistent().send(&db).await.unwrap(), Some(parcel));
}
