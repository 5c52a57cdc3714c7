//! Indexes of tables that have others beside them.

use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType,
    Projection as SdkProjection, ProjectionType, ScalarAttributeType,
};
use dynamorm::Client;
use dynamorm::table::{Index, KeyAttribute, Projection, Scalar, Table, TablePlan, TableStep, Throughput};
use test_support::client;

use crate::{ID, MADE_BY_A_TEMPLATE, local, songs};

const YEAR: KeyAttribute = KeyAttribute { name: "year", scalar: Scalar::Number };

/// The table of the songs, with an index by their year that keeps what is named.
async fn with_index(db: &Client, kind: ProjectionType, included: &[&str]) {
    let key = |name: &str, role: KeyType| {
        KeySchemaElement::builder().attribute_name(name).key_type(role).build().unwrap()
    };
    let attribute = |name: &str, kind: ScalarAttributeType| {
        AttributeDefinition::builder().attribute_name(name).attribute_type(kind).build().unwrap()
    };
    let included: Vec<_> = included.iter().map(ToString::to_string).collect();
    let projection = SdkProjection::builder().projection_type(kind);
    let projection = projection.set_non_key_attributes((!included.is_empty()).then_some(included)).build();
    let index = GlobalSecondaryIndex::builder()
        .index_name("by-year")
        .key_schema(key("year", KeyType::Hash))
        .projection(projection)
        .build()
        .unwrap();
    let request = db.sdk().create_table().table_name("songs").billing_mode(BillingMode::PayPerRequest);
    request
        .attribute_definitions(attribute("artist", ScalarAttributeType::S))
        .attribute_definitions(attribute("album", ScalarAttributeType::S))
        .attribute_definitions(attribute("year", ScalarAttributeType::N))
        .key_schema(key("artist", KeyType::Hash))
        .key_schema(key("album", KeyType::Range))
        .global_secondary_indexes(index)
        .send()
        .await
        .unwrap();
}

const fn by_year(projection: Projection) -> Index {
    Index { projection, ..Index::global("by-year", &[YEAR], &[]) }
}

#[tokio::test]
async fn a_projection_is_compared_by_what_it_keeps() {
    static NUMBER: Index = by_year(Projection::Include(&["number_of_songs"]));
    static WITH_KEYS: Index = by_year(Projection::Include(&["year", "number_of_songs", "artist"]));
    static SONGS: Table = songs(&[&NUMBER]);
    static SONGS_WITH_KEYS: Table = songs(&[&WITH_KEYS]);
    let db = client().await;
    with_index(&db, ProjectionType::Include, &["album", "number_of_songs"]).await;

    for table in [&SONGS, &SONGS_WITH_KEYS] {
        assert_eq!(db.update_table(table).await.unwrap(), TablePlan::default());
        assert_eq!(db.check_tables(&[table]).await.unwrap().to_string(), "");
    }
}

#[tokio::test]
async fn a_projection_that_includes_nothing_but_keys_keeps_keys_only() {
    static KEYS: Index = by_year(Projection::KeysOnly);
    static INCLUDED_KEYS: Index = by_year(Projection::Include(&["album"]));
    static SONGS: Table = songs(&[&KEYS]);
    static SONGS_WITH_KEYS: Table = songs(&[&INCLUDED_KEYS]);
    for (kind, included) in [(ProjectionType::Include, vec!["album"]), (ProjectionType::KeysOnly, vec![])] {
        let db = client().await;
        with_index(&db, kind, &included).await;

        for table in [&SONGS, &SONGS_WITH_KEYS] {
            assert_eq!(db.update_table(table).await.unwrap(), TablePlan::default());
        }
    }
}

#[tokio::test]
async fn a_projection_that_keeps_less_is_a_difference() {
    static NUMBER: Index = by_year(Projection::Include(&["number_of_songs", "label"]));
    static EVERYTHING: Index = by_year(Projection::All);
    static SONGS: Table = songs(&[&NUMBER]);
    static WHOLE_SONGS: Table = songs(&[&EVERYTHING]);
    let db = client().await;
    with_index(&db, ProjectionType::Include, &["album", "number_of_songs"]).await;

    for table in [&SONGS, &WHOLE_SONGS] {
        assert!(db.update_table(table).await.unwrap_err().is_deletion_not_allowed());
    }
}

#[tokio::test]
async fn an_index_is_created_beside_those_of_others() {
    static BY_OWNER: Index =
        Index::global("by-owner", &[KeyAttribute { name: "owner", scalar: Scalar::Text }], &[]);
    static WITH_OWNER: Table = Table { indexes: &[&BY_OWNER], ..Table::new("sessions", ID) };
    let db = client().await;
    db.create_table(&MADE_BY_A_TEMPLATE).await.unwrap();

    let update = db.update_table(&WITH_OWNER).await.unwrap();

    assert_eq!(update.steps, [TableStep::CreateIndex("by-owner")]);
    let table = db.describe_table(&WITH_OWNER).await.unwrap();
    let indexes = table.global_secondary_indexes();
    let mut capacity: Vec<_> = indexes
        .iter()
        .map(|index| {
            let units = index.provisioned_throughput().unwrap();
            (index.index_name().unwrap(), units.read_capacity_units(), units.write_capacity_units())
        })
        .collect();
    capacity.sort_unstable();
    // Nothing is declared of the capacity of the new one: it has its table's.
    assert_eq!(capacity, [("by-day", Some(2), Some(1)), ("by-owner", Some(5), Some(4))]);
}

#[tokio::test]
async fn the_capacity_of_an_index_is_changed_where_it_is_declared() {
    static BY_DAY: Index = Index {
        throughput: Some(Throughput { read: 7, write: 6 }),
        ..Index::global("by-day", &[crate::DAY], &[])
    };
    static MORE: Table =
        Table { billing: MADE_BY_A_TEMPLATE.billing, indexes: &[&BY_DAY], ..Table::new("sessions", ID) };
    let db = client().await;
    db.create_table(&MADE_BY_A_TEMPLATE).await.unwrap();

    let update = db.update_table(&MORE).await.unwrap();

    let throughput = Throughput { read: 7, write: 6 };
    assert_eq!(update.steps, [TableStep::IndexThroughput("by-day", throughput)]);
    assert_eq!(db.update_table(&MORE).await.unwrap().steps, []);
}

#[tokio::test]
async fn a_table_that_becomes_provisioned_says_so_of_the_indexes_of_others_too() {
    static ON_DEMAND: Table = Table { indexes: &[&BY_DAY], ..Table::new("sessions", ID) };
    static BY_DAY: Index = Index::global("by-day", &[crate::DAY], &[]);
    static PROVISIONED: Table = Table { billing: MADE_BY_A_TEMPLATE.billing, ..Table::new("sessions", ID) };
    let db = client().await;
    db.create_table(&ON_DEMAND).await.unwrap();

    db.update_table(&PROVISIONED).await.unwrap();

    let table = db.describe_table(&PROVISIONED).await.unwrap();
    let units = table.global_secondary_indexes()[0].provisioned_throughput().unwrap();
    assert_eq!((units.read_capacity_units(), units.write_capacity_units()), (Some(5), Some(4)));
}

#[tokio::test]
async fn a_local_index_of_others_is_in_nobodys_way() {
    static BY_YEAR: Index = local("by-year", Projection::All);
    static WITH_INDEX: Table = songs(&[&BY_YEAR]);
    static WITHOUT: Table = songs(&[]);
    let db = client().await;
    db.create_table(&WITH_INDEX).await.unwrap();

    for update in
        [db.update_table(&WITHOUT).await.unwrap(), db.update_table(&WITHOUT).allow_deletions().await.unwrap()]
    {
        assert_eq!(update, TablePlan::default());
    }
}

#[tokio::test]
async fn a_local_index_that_is_missing_cannot_be_added() {
    static BY_YEAR: Index = local("by-year", Projection::All);
    static WITH_INDEX: Table = songs(&[&BY_YEAR]);
    static WITHOUT: Table = songs(&[]);
    let db = client().await;
    db.create_table(&WITHOUT).await.unwrap();

    let error = db.update_table(&WITH_INDEX).allow_deletions().await.unwrap_err();

    assert!(error.is_table_mismatch(), "{error:?}");
    assert!(error.to_string().contains("the local index `by-year` is missing"), "{error}");
}
