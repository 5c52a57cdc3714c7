//! `Scan` of a table.

use end_to_end::operations::{Parcel, tables};
use end_to_end::samples::{database, stored};

#[tokio::test]
async fn a_scan_reads_every_item() {
    let db = database(&[&tables::PARCELS]).await;
    let mut expected = stored(&db, "Bonn", 2).await;
    expected.extend(stored(&db, "Ulm", 3).await);

    let mut found = Parcel::scan().items(&db).all().await.unwrap();

    found.sort_by(|left, right| (&left.depot, left.number).cmp(&(&right.depot, right.number)));
    assert_eq!(found, expected);
}

#[tokio::test]
async fn a_scan_of_an_empty_table_finds_nothing() {
    let db = database(&[&tables::PARCELS]).await;

    assert!(Parcel::scan().items(&db).all().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_filter_may_name_the_primary_key() {
    let db = database(&[&tables::PARCELS]).await;
    stored(&db, "Bonn", 2).await;
    stored(&db, "Ulm", 3).await;

    let found = Parcel::scan().filter(Parcel::DEPOT.eq("Ulm") & Parcel::NUMBER.ge(2)).consistent();

    assert_eq!(found.count(&db).await.unwrap(), 2);
}

#[tokio::test]
async fn the_segments_of_a_scan_make_up_the_whole() {
    let db = database(&[&tables::PARCELS]).await;
    let mut expected = 0;
    for depot in ["Bonn", "Ulm", "Kiel", "Jena", "Hof"] {
        expected += stored(&db, depot, 2).await.len();
    }

    let mut keys = std::collections::BTreeSet::new();
    for segment in 0..3 {
        for parcel in Parcel::scan().segment(segment, 3).items(&db).all().await.unwrap() {
            assert!(keys.insert((parcel.depot, parcel.number)), "an item is in two segments");
        }
    }

    assert_eq!(keys.len(), expected);
}

#[tokio::test]
async fn a_page_says_how_many_items_were_read_before_the_filter() {
    let db = database(&[&tables::PARCELS]).await;
    stored(&db, "Ulm", 5).await;

    let page = Parcel::scan().filter(Parcel::WEIGHT.eq(1)).send(&db).await.unwrap();

    assert_eq!((page.items().len(), page.scanned()), (1, 5));
}
